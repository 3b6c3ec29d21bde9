//! HTTP below `/plugins/<id>`, as Express serves it.

mod answer;
mod ask;
pub mod pages;
mod query;
mod request;
mod respond;
mod route;

pub use answer::{HttpResponse, NotJson};
pub use ask::{Asked, Page};
pub use request::HttpRequest;
pub use respond::failure;
pub use route::{Route, Router};
