//! A person at a browser without a screen, who signs in at the real OpenID provider.

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Response};

use super::load::free_port;
use super::{Tweaks, World};

/// A world whose pages people reach on loopback.
pub async fn start() -> World {
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}");
    World::start_with(&Tweaks { bind: format!("127.0.0.1:{port}"), public_url: base, ..Tweaks::default() })
        .await
}

/// A browser without a screen: it keeps cookies by host and follows where it is sent, one step at a time.
pub struct Browser<'w> {
    world: &'w World,
    http: Client,
    pub cookies: Vec<(String, String, String)>,
}

impl<'w> Browser<'w> {
    pub fn new(world: &'w World) -> Self {
        let http = kith::tls::http_client(None, None, true).unwrap();
        Self { world, http, cookies: vec![] }
    }

    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.world.base()) }
    }

    pub async fn goes(&mut self, url: &str, form: Option<&[(&str, &str)]>) -> Response {
        let url = reqwest::Url::parse(&self.url(url)).unwrap();
        let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let held = self.cookies.iter().filter(|(of, _, _)| *of == host);
        let cookie: Vec<String> = held.map(|(_, name, value)| format!("{name}={value}")).collect();
        let request = match form {
            Some(form) => self.http.post(url).form(form),
            None => self.http.get(url),
        };
        let answer =
            request.header(COOKIE, cookie.join("; ")).header("accept", "text/html").send().await.unwrap();
        for set in answer.headers().get_all(SET_COOKIE) {
            let set = set.to_str().unwrap();
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(of, known, _)| !(*of == host && known == name));
            if !value.is_empty() {
                self.cookies.push((host.clone(), name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    /// Follows until somewhere answers; at the provider it says who it is.
    pub async fn ends(&mut self, url: &str, who: &str) -> Response {
        let mut url = url.to_owned();
        for _ in 0..12 {
            let answer = self.goes(&url, None).await;
            let Some(next) = answer.headers().get(LOCATION) else { return answer };
            let next = answer.url().join(next.to_str().unwrap()).unwrap();
            url = if next.path().starts_with("/interaction/") {
                format!("{next}?as={who}")
            } else {
                next.to_string()
            };
        }
        panic!("it goes round in circles");
    }
}

/// The token that the page's forms bring along.
pub fn token(html: &str) -> String {
    html.split("name=\"token\" value=\"")
        .nth(1)
        .unwrap_or_else(|| panic!("{html}"))
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}
