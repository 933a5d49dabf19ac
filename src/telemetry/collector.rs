//! Sends spans to a collector by OTLP over HTTP (<https://opentelemetry.io/docs/specs/otlp/>), in batches and beside the work.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::config::Telemetry;
use crate::tls::read_bounded;
use crate::trace::Ids;

/// A collector that does not answer within this time gets no more of the batch.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest answer of a collector that is read, in bytes.
const ANSWER_MAX: usize = 64 * 1024;

/// Where traces go.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// To the collector of the settings; `None` when there is none. To be called within the runtime that runs Kith.
    ///
    /// # Errors
    /// The address is none.
    pub fn to_collector(settings: &Telemetry, http: reqwest::Client) -> Result<Option<Self>, String> {
        if settings.otlp_endpoint.is_empty() {
            return Ok(None);
        }
        let sends = Sends { http, runtime: Handle::current(), is_away: AtomicBool::new(false) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(format!("{}/v1/traces", settings.otlp_endpoint.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .with_http_client(sends)
            .build()
            .map_err(|error| format!("telemetry.otlp_endpoint: {error}"))?;
        let by_chance = Sampler::TraceIdRatioBased(settings.sampled);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_id_generator(Ids::default())
            .with_sampler(Sampler::ParentBased(Box::new(by_chance)))
            .with_resource(Resource::builder().with_service_name(settings.service.clone()).build())
            .build();
        Ok(Some(Self(provider)))
    }

    /// What is done in Kith itself, not in its libraries.
    pub(super) fn layer<S: Subscriber + for<'s> LookupSpan<'s>>(&self) -> impl Layer<S> + use<S> {
        let kith = Targets::new().with_target("kith", tracing::Level::INFO);
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("kith"))
            .with_location(false)
            .with_filter(kith)
    }

    /// Sends what was not sent yet, as far as the collector takes it.
    pub async fn end(self) {
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(PATIENCE)).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::warn!("the last traces were not sent");
        }
    }
}

/// Kith's own client, with the authorities it trusts. The exporter's thread is none of the runtime's, so the call is made there.
#[derive(Debug)]
struct Sends {
    http: reqwest::Client,
    runtime: Handle,
    is_away: AtomicBool,
}

#[async_trait]
impl HttpClient for Sends {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let http = self.http.clone();
        let sent = self.runtime.spawn(async move {
            let (parts, body) = request.into_parts();
            let call = http.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
            let answer = call.timeout(PATIENCE).send().await.map_err(|error| error.to_string())?;
            let status = answer.status();
            let bytes = read_bounded(answer, ANSWER_MAX).await.map_err(|error| error.to_string())?;
            let answer = Response::builder().status(status).body(Bytes::from(bytes));
            answer.map_err(|error| error.to_string())
        });
        let answer = sent.await.map_err(|error| error.to_string()).and_then(|answer| answer);
        self.note(&answer);
        Ok(answer?)
    }
}

impl Sends {
    /// Says once that the collector is away, and once that it is back.
    fn note(&self, answer: &Result<Response<Bytes>, String>) {
        let failed = answer.as_ref().map_or(true, |answer| !answer.status().is_success());
        if self.is_away.swap(failed, Ordering::Relaxed) == failed {
            return;
        }
        match answer {
            Ok(answer) if failed => {
                tracing::warn!(status = answer.status().as_u16(), "the collector does not take traces");
            }
            Ok(_) => tracing::info!("the collector takes traces again"),
            Err(cause) => tracing::warn!(%cause, "the collector of traces cannot be reached"),
        }
    }
}
