//! HTTP below `/plugins/<id>`, as Express serves it.

mod answer;
mod ask;
mod query;
mod request;
mod respond;
mod route;

pub use answer::{Answer, NotJson};
pub use ask::{Asked, Page};
pub use request::Request;
pub use respond::failure;
pub use route::{Route, Router};
