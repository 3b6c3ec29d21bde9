//! Answering HTTP requests, below `/plugins/<package>/` on the server.
//!
//! A handler takes what it needs ([`Json`], [`Query`], [`Path`], `&`[`Request`]) and returns
//! anything that turns into a [`Response`]:
//!
//! ```
//! use signalk_plugin_sdk::http::{self, Json, Path, Query};
//! use signalk_plugin_sdk::prelude::*;
//!
//! #[derive(Default)]
//! struct Log(Vec<String>);
//!
//! #[derive(Deserialize)]
//! struct Range {
//!     most: Option<usize>,
//! }
//!
//! #[signalk_plugin]
//! impl Log {
//!     fn start() -> Self {
//!         Self::default()
//!     }
//!
//!     #[get("/api/lines")] // ?most=10
//!     fn lines(&self, Query(range): Query<Range>) -> Json<Vec<String>> {
//!         let most = range.most.unwrap_or(usize::MAX);
//!         Json(self.0.iter().take(most).cloned().collect())
//!     }
//!
//!     #[get("/api/lines/:number")]
//!     fn line(&self, Path(number): Path<usize>) -> Result<String> {
//!         let line = self.0.get(number);
//!         line.cloned().ok_or_else(|| http::not_found(format!("there is no line {number}")))
//!     }
//!
//!     #[post("/api/lines")]
//!     fn add(&mut self, Json(line): Json<String>) -> (u16, Json<usize>) {
//!         self.0.push(line);
//!         (201, Json(self.0.len() - 1))
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! An error is answered with 500, or with a status of its own: [`bail!(409, "…")`](crate::bail), [`not_found`],
//! [`StatusError`].
//!
//! What the server makes of it, and no plugin can change:
//!
//! - Once the server's security is on, only administrators reach these endpoints. A page for others
//!   must use PUT over the WebSocket.
//! - A body is a JSON object or array of up to 10 MB; anything else arrives as `{}`.
//! - All headers arrive, cookies and tokens too: they belong in no log.
//! - `GET /`, `GET /config` and `POST /config` are the server's own.
//! - While a handler runs, the whole server stands still. It is to answer from what is there.
//! - An answer, JSON around it included, fits into 65,536 bytes; more takes
//!   `#[signalk_plugin(response_buffer = "8 MiB")]`.

mod extract;
mod html;
mod request;
mod response;
mod texts;

#[doc(hidden)]
pub use extract::FromPath;
pub use extract::{FromRequest, Json, Path, Query, from_text};
pub use html::Html;
#[doc(hidden)]
pub use html::{Escaped, Switch};
pub use request::Request;
pub use response::{IntoResponse, Response};

pub use crate::error::{StatusError, not_found};
