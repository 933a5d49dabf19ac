//! The doors of FHIR once more, within a worker: what is asked of them is answered as if it had come from outside.

use std::cell::OnceCell;
use std::pin::Pin;
use std::rc::Rc;

use actix_http::Request;
use actix_service::{IntoServiceFactory as _, Service as _, ServiceFactory as _};
use actix_web::dev::AppConfig;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse};

use super::answered::Answered;
use super::entry::Entry;
use crate::problem::Problem;
use crate::receive::doors::Doors;
use crate::receive::{envelope, fhir, outcome};

type Asked = Box<dyn Fn(Request) -> Pin<Box<dyn Future<Output = HttpResponse>>>>;

/// The doors of one worker; made when the first batch comes.
#[derive(Clone, Default)]
pub struct Within(Rc<OnceCell<Asked>>);

impl Within {
    /// Those of the worker that has this request.
    pub(super) async fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let own = || Problem::internal("find its own parts", &"no doors for a batch");
        let within = request.app_data::<Self>().ok_or_else(own)?.clone();
        if within.0.get().is_none() {
            let doors = request.app_data::<Data<Doors>>().ok_or_else(own)?;
            let made = make(doors.clone()).await.ok_or_else(own)?;
            // Two first batches may meet here: either's doors are as good.
            let _ = within.0.set(made);
        }
        Ok(within)
    }

    /// Answers a request.
    pub(super) async fn answer(&self, request: Request, entry: &Entry<'_>) -> Answered {
        match self.0.get() {
            Some(ask) => Answered::of(ask(request).await, entry).await,
            None => Answered::refused(Problem::internal("find its own parts", &"no doors for a batch")),
        }
    }
}

async fn make(doors: Data<Doors>) -> Option<Asked> {
    let app = App::new()
        .app_data(doors)
        .wrap(from_fn(envelope))
        .service(web::scope("/fhir").configure(fhir))
        .default_service(web::to(outcome::not_offered));
    let service = Rc::new(app.into_factory().new_service(AppConfig::default()).await.ok()?);
    Some(Box::new(move |request| {
        let service = Rc::clone(&service);
        Box::pin(async move {
            match service.call(request).await {
                Ok(answer) => answer.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            }
        })
    }))
}
