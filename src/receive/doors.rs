//! The doors as they are now: they can be changed while requests are answered, and each request ends as it began.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::access::Door;
use super::outcome::Refused;
use crate::problem::Problem;

/// What requests are answered by from now on, and why it is not what the files say, if it is not.
pub struct Doors {
    now: RwLock<Arc<Door>>,
    fault: RwLock<Option<String>>,
}

impl Doors {
    /// These are open.
    pub fn new(door: Arc<Door>) -> Self {
        Self { now: RwLock::new(door), fault: RwLock::default() }
    }

    /// What a request that comes now is answered by.
    pub fn now(&self) -> Arc<Door> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Others take their place: requests under way end by those that are there.
    pub fn replace(&self, door: Arc<Door>) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = door;
        self.say(None);
    }

    /// The newest files are broken: what is there stays, and says so.
    pub fn stay(&self, fault: String) {
        self.say(Some(fault));
    }

    /// What is wrong with the newest files, when older ones count because of it.
    pub fn fault(&self) -> Option<String> {
        self.fault.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn say(&self, fault: Option<String>) {
        *self.fault.write().unwrap_or_else(PoisonError::into_inner) = fault;
    }
}

/// The door through which a request came: the same for all that is done about it.
#[derive(Clone)]
pub struct AtDoor(Arc<Door>);

impl AtDoor {
    /// The door of this request; at the first call the one that is there now.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        if let Some(known) = request.extensions().get::<Self>() {
            return Some(known.clone());
        }
        let door = Self(request.app_data::<Data<Doors>>()?.now());
        request.extensions_mut().insert(door.clone());
        Some(door)
    }
}

impl Deref for AtDoor {
    type Target = Door;

    fn deref(&self) -> &Door {
        &self.0
    }
}

impl FromRequest for AtDoor {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let door = Self::of(request);
        ready(door.ok_or_else(|| Problem::internal("find its own parts", &"no door").into()))
    }
}
