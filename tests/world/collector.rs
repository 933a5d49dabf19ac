//! A collector of traces: it takes OTLP over HTTP, and keeps every span.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

#[derive(Default)]
struct Kept {
    spans: Vec<Span>,
    bytes: Vec<u8>,
}

/// The collector.
pub struct Collector {
    kept: Arc<Mutex<Kept>>,
    port: u16,
}

impl Collector {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let kept = Arc::new(Mutex::new(Kept::default()));
        let data = Data::from(Arc::clone(&kept));
        let server = HttpServer::new(move || {
            App::new().app_data(data.clone()).route("/v1/traces", web::post().to(takes))
        });
        let server = server.workers(1).shutdown_timeout(1).disable_signals();
        tokio::spawn(server.listen(listener).expect("a server").run());
        Self { kept, port }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The spans of a trace, by its id in hexadecimal.
    pub fn of_trace(&self, trace: &str) -> Vec<Span> {
        let id: Vec<u8> = (0..trace.len() / 2)
            .map(|at| u8::from_str_radix(&trace[2 * at..2 * at + 2], 16).expect("hexadecimal"))
            .collect();
        let kept = self.kept.lock().expect("a lock");
        kept.spans.iter().filter(|span| span.trace_id == id).cloned().collect()
    }

    /// Everything that was ever sent, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.kept.lock().expect("a lock").bytes).into_owned()
    }
}

/// What a span says of something.
pub fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

async fn takes(kept: Data<Mutex<Kept>>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let kind = request.headers().get("content-type").and_then(|value| value.to_str().ok());
    assert_eq!(kind, Some("application/x-protobuf"));
    let said = ExportTraceServiceRequest::decode(body.clone()).expect("OTLP");
    let mut kept = kept.lock().expect("a lock");
    kept.bytes.extend_from_slice(&body);
    let scopes = said.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
    kept.spans.extend(scopes.flat_map(|scope| scope.spans));
    HttpResponse::Ok().content_type("application/x-protobuf").body(Vec::new())
}
