//! What pages answer: statuses, headers, and refusals that people can read.

use std::collections::BTreeSet;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response};

use crate::world::caller::HTTP;
use crate::world::{self, World};

const FORM: &str = "application/x-www-form-urlencoded";
/// What Chromium sends.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn asks(
    world: &World,
    method: Method,
    path: &str,
    accept: &str,
    body: Option<(&str, String)>,
) -> Response {
    let mut call = HTTP.request(method, format!("{}{path}", world.base())).header(ACCEPT, accept);
    if let Some((media_type, body)) = body {
        call = call.header(CONTENT_TYPE, media_type).body(body);
    }
    call.send().await.expect("an answer")
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A page of this status that no browser keeps, and that runs nothing but Kith's own script.
async fn is_page(answer: Response, status: u16, words: &str) {
    assert_eq!(answer.status().as_u16(), status);
    assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(header(&answer, "referrer-policy"), "no-referrer");
    assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    assert_eq!(
        header(&answer, "content-security-policy"),
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    assert!(answer.headers().get("set-cookie").is_none());
    let html = answer.text().await.expect("a text");
    assert!(html.contains(words), "{words:?} is not in {html}");
    for inline in ["<script>", "<style", " style=", " onclick=", "http://", "https://fonts"] {
        let head = html.split("<main").next().unwrap_or_default().replace("http://www.w3.org/2000/svg", "");
        assert!(!head.contains(inline), "{inline} in {head}");
    }
}

/// Where a page leads within Kith.
fn leads(html: &str) -> impl Iterator<Item = String> {
    let links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links
        .filter(|link| link.starts_with('/'))
        .map(|link| link.split('#').next().unwrap_or_default().to_owned())
}

#[test]
fn every_definition_has_its_page_and_no_link_of_it_leads_nowhere() {
    world::run(async {
        let world = World::start().await;
        let (mut waiting, mut seen) = (vec!["/developers".to_owned()], BTreeSet::new());
        while let Some(path) = waiting.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let answer = asks(&world, Method::GET, &path, BROWSER, None).await;
            assert_eq!(answer.status(), 200, "{path}");
            if path.starts_with("/developers") {
                let html = answer.text().await.expect("a page");
                assert!(!html.contains('`') && html.contains("<h1>"), "{path}");
                // Where people have to sign in is for others to try.
                let open = ["/developers", "/fhir", "/maps", "/package", "/openapi", "/workbench"];
                waiting.extend(leads(&html).filter(|link| open.iter().any(|open| link.starts_with(open))));
            }
        }
        let below = |part: &str| seen.iter().filter(|path| path.starts_with(part)).count();
        let house = world.house();
        assert_eq!(below("/developers/forms/"), house.catalogue.kinds().count());
        let all = house.conformance.publications();
        let of = |name: &'static str| all.of_type(name);
        let profiles = of("StructureDefinition").filter(|one| one.text("kind") != Some("logical")).count();
        assert_eq!(below("/developers/profiles/"), profiles);
        let lists = of("CodeSystem").count() + of("ValueSet").count() + of("ConceptMap").count();
        assert_eq!(below("/developers/codes/"), lists);
        for path in ["forms/nothing", "profiles/nothing", "codes/CodeSystem/nothing", "codes/Patient/x"] {
            let path = format!("/developers/{path}");
            is_page(asks(&world, Method::GET, &path, BROWSER, None).await, 404, "no such definition").await;
        }
    });
}

#[test]
fn pages_say_what_browsers_may_do_with_them() {
    world::run(async {
        let world = World::start().await;
        let get = |path: &'static str, accept: &'static str| asks(&world, Method::GET, path, accept, None);
        is_page(get("/", BROWSER).await, 200, "<h1>The people around").await;
        is_page(get("/workbench", "text/html").await, 200, "<h1>Workbench</h1>").await;
        is_page(get("/workbench?example=Patient/nobody", BROWSER).await, 404, "no such example").await;
        is_page(get("/workbench?colour=red", BROWSER).await, 400, "no such search parameter").await;
        is_page(get("/nowhere", BROWSER).await, 404, "There is no page").await;
        is_page(get("/assets/kith-0.css", "text/css,*/*;q=0.1").await, 404, "no such file").await;
        let answer = asks(&world, Method::DELETE, "/workbench", "*/*", None).await;
        assert_eq!(header(&answer, "allow"), "GET, HEAD, POST");
        is_page(answer, 405, "does not take this method").await;
        // Systems get what systems read.
        let answer = get("/nowhere", "*/*").await;
        assert_eq!(header(&answer, "content-type"), "application/fhir+json; charset=utf-8");
    });
}

#[test]
fn style_and_script_may_be_kept_for_good() {
    world::run(async {
        let world = World::start().await;
        let html = asks(&world, Method::GET, "/", BROWSER, None).await.text().await.expect("a page");
        for (start, media_type) in [("href=\"", "text/css"), ("src=\"", "text/javascript")] {
            let mark = format!("{start}/assets/");
            let path = html.split(&mark).nth(1).and_then(|rest| rest.split('"').next()).expect("an address");
            let answer = asks(&world, Method::GET, &format!("/assets/{path}"), "text/css", None).await;
            assert_eq!(answer.status().as_u16(), 200);
            assert_eq!(header(&answer, "content-type"), format!("{media_type}; charset=utf-8"));
            assert_eq!(header(&answer, "cache-control"), "public, max-age=31536000, immutable");
        }
    });
}

#[test]
fn a_form_that_cannot_be_taken_is_refused_on_a_page() {
    world::run(async {
        let world = World::start().await;
        let send = |media_type: &'static str, body: String| {
            asks(&world, Method::POST, "/workbench", BROWSER, Some((media_type, body)))
        };
        is_page(send(FORM, "resource=&profile=".to_owned()).await, 422, "Paste a resource").await;
        is_page(send(FORM, "resource=%7B%7D&profile=x".to_owned()).await, 422, "does not know this profile")
            .await;
        is_page(send("application/json", "{}".to_owned()).await, 415, "what its own form sends").await;
        let large = format!("resource={}", "x".repeat(2_097_153));
        is_page(send(FORM, large).await, 413, "The resource is too large").await;
        let largest = format!("resource={}", "x".repeat(2_097_152));
        is_page(send(FORM, largest).await, 200, "cannot be read as JSON").await;
        // A correction that the validator does not suggest is not applied, whoever asks.
        let foreign = "resource=%7B%7D&fix=%5B%7B%22op%22%3A%22remove%22%2C%22path%22%3A%22%2Fa%22%7D%5D";
        is_page(send(FORM, foreign.to_owned()).await, 200, "Nothing was changed").await;
    });
}
