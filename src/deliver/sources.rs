//! Asks partners for what they hold about a child: a FHIR search with Kith's own token, within bounds of time, size and pages.

mod pace;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::future::join_all;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use reqwest::{StatusCode, Url};
use serde_json::Value;
use uuid::Uuid;

use super::token::PartnerTokens;
use crate::clock;
use crate::domain::{NHS_NUMBER_SYSTEM, NhsNumber};
use crate::json::{self, Limits};
use crate::pipeline::{Sources, Step, Unanswered};
use crate::route::Partner;
use crate::tls::read_bounded;
use pace::{Lately, Waits};

/// Largest page of a source that is read, in bytes.
const PAGE_MAX: usize = 4 * 1024 * 1024;
/// The most pages that are followed.
const PAGES_MAX: usize = 10;
/// The most resources that are taken.
const RESOURCES_MAX: usize = 1000;
/// How long a step takes of which nothing is known yet.
const FIRST_GUESS: Duration = Duration::from_millis(30);

/// Holds the HTTP client, the tokens for sources, and how long sources took of late.
pub struct PartnerSources {
    http: reqwest::Client,
    tokens: PartnerTokens,
    timeout: Duration,
    /// When the clock of `now` began.
    started: Instant,
    patients: Lately,
    records: Lately,
    /// Answers that told nothing because nothing may be told.
    refusals: Lately,
    waits: Waits,
}

impl PartnerSources {
    /// Asks with these tokens; a source has so long to answer in all.
    pub fn new(http: reqwest::Client, tokens: PartnerTokens, timeout: Duration) -> Self {
        let started = Instant::now();
        let (patients, records, refusals) = Default::default();
        Self { http, tokens, timeout, started, patients, records, refusals, waits: Waits::default() }
    }

    /// The tokens it asks with.
    pub fn tokens(&self) -> &PartnerTokens {
        &self.tokens
    }

    fn lately(&self, step: Step) -> &Lately {
        match step {
            Step::Patient => &self.patients,
            Step::Records => &self.records,
        }
    }

    /// What one source holds by any of these numbers, each resource once: it may know that they are one child's. One of several numbers it
    /// may not know at all, such as one that was superseded.
    async fn by_all(
        &self,
        source: &Partner,
        resource_type: &str,
        numbers: &[NhsNumber],
    ) -> Result<Vec<Value>, Unanswered> {
        let asked = join_all(numbers.iter().map(|number| self.of(source, resource_type, number))).await;
        let known: Vec<Vec<Value>> =
            asked.into_iter().filter_map(Result::transpose).collect::<Result<_, _>>()?;
        if known.is_empty() {
            return Err(unanswered("it answered 404 or 410, as if nothing were at its address"));
        }
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        for found in known {
            let is_new = |resource: &Value| match resource.get("id").and_then(Value::as_str) {
                Some(id) => seen.insert(id.to_owned()),
                None => true,
            };
            all.extend(found.into_iter().filter(is_new));
        }
        Ok(all)
    }

    /// What one source holds by one number; `None` where it says that there is no such thing.
    async fn of(
        &self,
        source: &Partner,
        resource_type: &str,
        child: &NhsNumber,
    ) -> Result<Option<Vec<Value>>, Unanswered> {
        let Some(known) = &source.source else { return Err(unanswered("it cannot be asked")) };
        let parameter = if resource_type == "Patient" { "identifier" } else { "patient:identifier" };
        let mut url = Url::parse(&format!("{}/{resource_type}", known.url))
            .map_err(|_| unanswered("its address cannot be read"))?;
        url.query_pairs_mut().append_pair(parameter, &format!("{NHS_NUMBER_SYSTEM}|{}", child.reveal()));
        let answered = tokio::time::timeout(self.timeout, self.pages(source, url, &known.url)).await;
        answered.unwrap_or_else(|_| Err(unanswered("it did not answer in time")))
    }

    async fn pages(
        &self,
        source: &Partner,
        first: Url,
        base: &str,
    ) -> Result<Option<Vec<Value>>, Unanswered> {
        let mut resources = Vec::new();
        let mut next = Some(first);
        for nth in 0..PAGES_MAX {
            let Some(url) = next.take() else { break };
            let page = match self.page(source, url).await? {
                Some(page) => page,
                None if nth == 0 => return Ok(None),
                None => return Err(unanswered("one of its pages is gone")),
            };
            let entries = page.get("entry").and_then(Value::as_array).into_iter().flatten();
            // What a source includes or remarks on its own is not what was asked for.
            let matches = entries.filter(|entry| {
                entry.pointer("/search/mode").and_then(Value::as_str).is_none_or(|mode| mode == "match")
            });
            resources.extend(matches.filter_map(|entry| entry.get("resource")).cloned());
            if resources.len() > RESOURCES_MAX {
                return Err(unanswered("it holds more than Kith passes on at once"));
            }
            next = following(&page, base)?;
        }
        Ok(Some(resources))
    }

    /// A page, or `None` where there is none at that address.
    async fn page(&self, source: &Partner, url: Url) -> Result<Option<Value>, Unanswered> {
        let mut answer = self.get(source, url.clone()).await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            // The token may have been revoked: once more with a new one.
            self.tokens.invalidate(&source.id);
            answer = self.get(source, url).await?;
        }
        if matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        if !answer.status().is_success() {
            return Err(Unanswered(format!("it answered {}", answer.status().as_u16())));
        }
        let bytes = read_bounded(answer, PAGE_MAX)
            .await
            .map_err(|_| unanswered("its answer broke off, or is too large"))?;
        let bundle =
            json::read(&bytes, Limits::default()).map_err(|_| unanswered("its answer is not JSON"))?;
        if bundle.get("resourceType").and_then(Value::as_str) != Some("Bundle") {
            return Err(unanswered("its answer is not a Bundle"));
        }
        Ok(Some(bundle))
    }

    async fn get(&self, source: &Partner, url: Url) -> Result<reqwest::Response, Unanswered> {
        let token = self.tokens.token(&source.id, clock::now()).await;
        let token = token.map_err(|_| unanswered("Kith got no token for it"))?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.reveal()))
            .map_err(|_| unanswered("its identity provider gave a token that cannot be sent"))?;
        bearer.set_sensitive(true);
        let request =
            self.http.get(url).header(AUTHORIZATION, bearer).header(ACCEPT, "application/fhir+json");
        let request = request.header("X-Request-ID", Uuid::new_v4().to_string());
        request.send().await.map_err(|_| unanswered("it cannot be reached"))
    }
}

fn unanswered(why: &str) -> Unanswered {
    Unanswered(why.to_owned())
}

/// The next page, which must lie where the first did: a source cannot send Kith elsewhere.
fn following(page: &Value, base: &str) -> Result<Option<Url>, Unanswered> {
    let links = page.get("link").and_then(Value::as_array).into_iter().flatten();
    let mut next = links.filter(|link| link.get("relation").and_then(Value::as_str) == Some("next"));
    let Some(url) = next.next().and_then(|link| link.get("url")).and_then(Value::as_str) else {
        return Ok(None);
    };
    let leads_away = || unanswered("its next page leads elsewhere");
    let base = Url::parse(&format!("{base}/")).map_err(|_| leads_away())?;
    let url = base.join(url).map_err(|_| leads_away())?;
    let same = url.origin() == base.origin() && url.path().starts_with(base.path());
    if same { Ok(Some(url)) } else { Err(leads_away()) }
}

#[async_trait]
impl Sources for PartnerSources {
    async fn ask(
        &self,
        sources: &[&Partner],
        resource_type: &str,
        numbers: &[NhsNumber],
    ) -> Vec<Result<Vec<Value>, Unanswered>> {
        if sources.is_empty() {
            return vec![];
        }
        let started = Instant::now();
        let all = join_all(sources.iter().map(|source| self.by_all(source, resource_type, numbers))).await;
        let step = if resource_type == "Patient" { Step::Patient } else { Step::Records };
        self.lately(step).took(started.elapsed());
        all
    }

    async fn as_long_as(&self, step: Step) {
        self.waits.wait(self.lately(step).drawn().unwrap_or(FIRST_GUESS)).await;
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    async fn as_a_refusal(&self, began: Duration, is_one: bool) {
        let took = self.now().saturating_sub(began);
        if is_one {
            self.refusals.took(took);
        } else if let Some(drawn) = self.refusals.drawn() {
            self.waits.wait(drawn.saturating_sub(took)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_next_page_must_lie_under_the_sources_own_address() {
        let page = |url: &str| json!({ "link": [{ "relation": "next", "url": url }] });
        let base = "https://source.test/fhir/R4";
        for good in ["https://source.test/fhir/R4/Flag?page=2", "Flag?page=2", "/fhir/R4/Flag?page=2"] {
            assert!(matches!(following(&page(good), base), Ok(Some(_))), "{good}");
        }
        for bad in [
            "https://elsewhere.test/fhir/R4/x",
            "http://source.test/fhir/R4/x",
            "/admin",
            "../../x",
            "https://source.test:8443/fhir/R4/x",
        ] {
            assert!(following(&page(bad), base).is_err(), "{bad}");
        }
        assert_eq!(following(&json!({}), base), Ok(None));
    }
}
