//! The trace of a message has the message's id: whoever knows a request's id finds all that was done about it, attempts to deliver days
//! later too. Nothing of it goes along to recipients: two of them could see by it that they were told of the same event.

use std::cell::Cell;

use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{SpanId, TraceContextExt as _, TraceId};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use uuid::Uuid;

thread_local! {
    /// The trace that the next span without a parent begins.
    static NEXT: Cell<Option<Uuid>> = const { Cell::new(None) };
}

/// Gives ids: to a message's trace that of the message, to all else ids by chance.
#[derive(Debug, Default)]
pub struct Ids(RandomIdGenerator);

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        match NEXT.get() {
            Some(message) if !message.is_nil() => TraceId::from(message.as_u128()),
            _ => self.0.new_trace_id(),
        }
    }

    fn new_span_id(&self) -> SpanId {
        self.0.new_span_id()
    }
}

/// A span in the trace of this message. `make` makes one without a parent.
pub fn of_message(message: Uuid, make: impl FnOnce() -> Span) -> Span {
    NEXT.set(Some(message));
    let span = make();
    // Only now it gets its ids.
    let _ = span.context();
    NEXT.set(None);
    span
}

/// The same, but in the trace of a caller that sent one along (`traceparent`, <https://www.w3.org/TR/trace-context/>); what cannot be read
/// counts as none.
pub fn of_request(message: Uuid, traceparent: Option<&str>, make: impl FnOnce() -> Span) -> Span {
    let sent = traceparent.map(|header| TraceContextPropagator::new().extract(&Header(header)));
    let Some(context) = sent.filter(|context| context.span().span_context().is_valid()) else {
        return of_message(message, make);
    };
    let span = make();
    // Without anybody who collects traces there is nothing to be continued.
    let _ = span.set_parent(context);
    span
}

/// Gives a span its name, when what it is about is known in the end only.
pub fn name(span: &Span, name: String) {
    span.context().span().update_name(name);
}

struct Header<'a>(&'a str);

impl Extractor for Header<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}
