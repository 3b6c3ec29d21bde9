//! A plugin that the tests ask things: PUT, and every kind of HTTP request and answer.

use signalk_plugin_sdk::clock;
use signalk_plugin_sdk::html;
use signalk_plugin_sdk::http::{Html, Json, Path, Query, Request, Response, StatusError};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::serde_json::Value;

/// The plugin.
#[derive(Debug)]
pub struct Requests;

#[derive(Deserialize)]
struct Search {
    most: Option<u8>,
    #[serde(default)]
    kind: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Drop {
    max_radius: f64,
}

#[signalk_plugin(response_buffer = "4 MiB")]
impl Requests {
    fn start() -> Self {
        Self
    }

    #[put("test.put.value")]
    fn put_value(&mut self, value: i64) -> Result<()> {
        if value < 0 {
            return Err(StatusError::new(409, format!("{value} is taken")).into());
        }
        delta::set("test.put.done", value)
    }

    #[put("test.panic")]
    #[allow(clippy::panic)]
    fn panic(&mut self, text: String) {
        panic!("{text}");
    }

    /// Calls itself until the stack has run over.
    #[put("test.recurse")]
    fn recurse(&mut self, depth: u64) -> Result<()> {
        delta::set("test.depth", deeper(depth))
    }

    /// Takes memory until there is no more.
    #[put("test.hoard")]
    fn hoard(&mut self, bytes: usize) -> Result<()> {
        let mut all: Vec<Vec<u8>> = Vec::new();
        loop {
            all.push(vec![1; bytes]);
            server::debug(&all.len().to_string());
        }
    }

    /// Keeps the server waiting.
    #[put("test.busy")]
    fn busy(&mut self, millis: u64) {
        let began = clock::monotonic();
        while clock::monotonic().saturating_sub(began) < Duration::from_millis(millis) {}
    }

    #[get("/api/search")]
    fn search(&self, Query(search): Query<Search>) -> Json<(Option<u8>, Vec<String>)> {
        Json((search.most, search.kind))
    }

    /// Answers with what was asked: method, path, the part of the path, and the query.
    #[get("/api/echo/:part")]
    fn echo(
        &self,
        Path(part): Path<String>,
        Query(query): Query<Value>,
        request: &Request<'_>,
    ) -> Json<(String, String, String, Value)> {
        Json((request.method().to_owned(), request.path().to_owned(), part, query))
    }

    /// The body it was sent, as it arrived.
    #[post("/api/echo")]
    fn echo_body(&self, request: &Request<'_>) -> Result<Response> {
        Response::json(request.body())
    }

    #[get("/api/items/:id")]
    fn item(&self, Path(id): Path<String>, request: &Request<'_>) -> Html {
        let agent = request.header("X-Asked-By").unwrap_or_default();
        html!("<p>{} for {}</p>", id, agent)
    }

    #[get("/api/scalar/:kind")]
    fn scalar(&self, Path(kind): Path<String>) -> Result<Response> {
        Response::json(match &*kind {
            "number" => "42",
            "text" => "\"hi\"",
            "nothing" => "null",
            "large" => "[18446744073709551615]",
            _ => return Err(StatusError::new(404, format!("there is no {kind}")).into()),
        })
    }

    #[get("/api/text")]
    fn text(&self) -> &'static str {
        "7"
    }

    /// How many bytes of memory the instance has.
    #[get("/api/memory")]
    fn memory(&self) -> Json<usize> {
        #[cfg(target_family = "wasm")]
        let pages = core::arch::wasm32::memory_size(0);
        #[cfg(not(target_family = "wasm"))]
        let pages = 0;
        Json(pages * 65_536)
    }

    #[get("/api/size/:bytes")]
    fn sized(&self, Path(bytes): Path<usize>) -> String {
        "x".repeat(bytes)
    }

    #[post("/api/drop")]
    fn dropped(&mut self, Json(body): Json<Drop>) -> Result<(u16, Json<Drop>)> {
        delta::set("test.posted", body.max_radius)?;
        Ok((201, Json(body)))
    }

    #[put("/api/state")]
    fn replace(&mut self, Json(body): Json<Drop>) -> Result<()> {
        delta::set("test.replaced", body.max_radius)
    }

    #[delete("/api/state")]
    fn delete(&mut self) -> Result<()> {
        delta::set("test.deleted", true)
    }
}

#[allow(unconditional_recursion, reason = "that is what it is for")]
fn deeper(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    deeper(depth + 1) + frame.iter().sum::<u64>()
}
