//! One address of the URL table: the methods that it takes, and 405 with `Allow` for all others
//! (<https://www.rfc-editor.org/rfc/rfc9110#status.405>).

use std::collections::BTreeSet;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::{FromRequest, Handler, HttpRequest, Resource, Responder, Route, guard, web};

use super::outcome::other_method;

/// An address, and who answers each of its methods.
pub struct Address {
    path: String,
    methods: BTreeSet<&'static str>,
    routes: Vec<Route>,
}

/// An address that takes nothing yet; parts in braces stand for any text without a slash.
pub fn at(path: impl Into<String>) -> Address {
    Address { path: path.into(), methods: BTreeSet::new(), routes: Vec::new() }
}

impl Address {
    /// Answers GET by this; and HEAD, of which the same is done and the body left out.
    pub fn get<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output: Responder + 'static>,
        Args: FromRequest + 'static,
    {
        let route = web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler);
        self.takes(&["GET", "HEAD"], route)
    }

    /// Answers POST by this.
    pub fn post<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output: Responder + 'static>,
        Args: FromRequest + 'static,
    {
        self.takes(&["POST"], web::post().to(handler))
    }

    /// Answers PUT by this.
    pub fn put<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output: Responder + 'static>,
        Args: FromRequest + 'static,
    {
        self.takes(&["PUT"], web::put().to(handler))
    }

    /// Answers DELETE by this.
    pub fn delete<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output: Responder + 'static>,
        Args: FromRequest + 'static,
    {
        self.takes(&["DELETE"], web::delete().to(handler))
    }

    fn takes(mut self, methods: &[&'static str], route: Route) -> Self {
        self.methods.extend(methods);
        self.routes.push(route);
        self
    }
}

impl HttpServiceFactory for Address {
    fn register(self, config: &mut AppService) {
        let allow = self.methods.into_iter().collect::<Vec<_>>().join(", ");
        let others = move |request: HttpRequest| std::future::ready(other_method(&request, &allow));
        let resource = self.routes.into_iter().fold(Resource::new(self.path), Resource::route);
        resource.default_service(web::to(others)).register(config);
    }
}

#[cfg(test)]
impl Address {
    /// Its path as the table says it, and what it takes.
    pub fn parts(&self) -> (&str, impl Iterator<Item = &'static str>) {
        (&self.path, self.methods.iter().copied())
    }
}

/// The type of resource that an address of FHIR names: `/fhir/TYPE…`.
pub fn resource_type(request: &HttpRequest) -> &str {
    request.path().split('/').nth(2).unwrap_or_default()
}
