//! Kith: one message, from the door it comes in by to the record that it went out.

pub mod journal;

pub mod store;

pub mod secrecy;

pub mod domain;

pub mod message;

pub mod problem;

pub mod json;

pub mod clock;

pub mod map;

pub mod record;

pub mod catalogue;
