//! HTTP below `/plugins/<id>`, as Express serves it.

mod query;
mod request;
mod respond;
mod route;

pub use request::{Answer, Request};
pub(crate) use respond::{failure, respond};
pub(crate) use route::{Found, Router};
