//! Requests to the plugin under test, as the server hands them over.

use std::convert::Infallible;

use serde::Serialize;
use serde_json::Value;
use signalk_plugin_contract::{ANSWER_BUFFER, SELF_CONTEXT, TEXT_BUFFER, capability};
use signalk_server_model::http::{self, Asked, HttpRequest, Page, Router, failure, pages};
use signalk_server_model::{PutReply, js};

use super::{TestHost, is_running, json_of};
use crate::boundary::exports;
use crate::boundary::imports::native;
use crate::runtime::Installed;

/// A plugin's answer to an HTTP request, as a client gets it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TestResponse {
    /// The status, 200 for example.
    pub status: u16,
    /// The media type, with the character set that the server adds.
    pub content_type: String,
    /// The headers that the plugin set, and `Content-Type`.
    pub headers: Vec<(String, String)>,
    /// The body: JSON where the media type says so, else a text.
    pub body: Value,
}

impl<P: Installed> TestHost<P> {
    /// What package.json does not grant: the server then refuses what needs it. To be called
    /// before the plugin is started.
    ///
    /// # Panics
    /// When there is no such capability.
    pub fn deny_capability(&mut self, key: &str) {
        let known = capability::ALL.iter().map(|capability| capability.key);
        let known: Vec<_> = known.collect();
        assert!(known.contains(&key), "no capability is called {key:?}, only {}", known.join(", "));
        native::with(|server| server.granted.retain(|capability| capability.key != key));
    }

    /// Puts a value to a path of the own ship, and gives back the first reply that a client gets over a
    /// WebSocket: status 405 where the plugin has registered no handler for the path.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    pub fn put<T: Serialize>(&mut self, path: &str, value: T) -> PutReply {
        self.put_to(SELF_CONTEXT, path, value)
    }

    /// As [`Self::put`], for another context.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    pub fn put_to<T: Serialize>(&mut self, context: &str, path: &str, value: T) -> PutReply {
        let value = js::stringify(&json_of(&value));
        let call = |export: &str| -> Result<_, Infallible> {
            if !P::HANDLERS.puts.iter().any(|put| put.export == export) {
                return Ok(None);
            }
            let answer = ask::<P>(value.as_bytes(), TEXT_BUFFER, |value, len, out, max| {
                exports::put::<P>(export, value, len, out, max)
            });
            Ok(Some(PutReply::read(&answer).map_err(|error| error.to_string())))
        };
        let Ok(mut outcome) = signalk_server_model::put(&native::server(), context, path, call);
        outcome.replies.swap_remove(0)
    }

    /// Sends `GET` to a path of the plugin, `/api/lines?most=10` for example, as a browser does: blanks
    /// and the like are percent-encoded.
    pub fn get(&mut self, path: &str) -> TestResponse {
        self.request(&HttpRequest::get(path).encoded())
    }

    /// Sends `POST` with a JSON body to a path of the plugin, as a page in a browser does.
    ///
    /// # Panics
    /// When the body cannot be written as JSON.
    pub fn post<T: Serialize>(&mut self, path: &str, body: &T) -> TestResponse {
        self.request(&HttpRequest::post(path).encoded().json(js::stringify(&json_of(body))))
    }

    /// Sends a request with a JSON body, or with none where it is `{}`; 404 where the plugin has no
    /// endpoint for it.
    pub fn http(&mut self, method: &str, path: &str, body: &Value) -> TestResponse {
        let request = HttpRequest::new(method, path).encoded();
        self.request(&match body {
            Value::Object(members) if members.is_empty() => request,
            body => request.json(js::stringify(body)),
        })
    }

    /// Sends a request of any kind.
    ///
    /// Path, query and body are read as the server reads them, and the answer is what a client gets
    /// from it: percent-encoding is undone, `a=1&a=2` and `a[]=1` are lists, letter case and a slash at
    /// the end of a path make no difference, `HEAD` runs the handlers of `GET`. `GET /`, `GET /config`
    /// and `POST /config` are the server's own.
    pub fn request(&mut self, request: &HttpRequest) -> TestResponse {
        let version = native::with(|server| server.version());
        match router::<P>().ask(request, P::ID, version) {
            Asked::Handler { handler, context } => {
                let answer =
                    ask::<P>(context.as_bytes(), ANSWER_BUFFER, |context, len, out, max| {
                        exports::http::<P>(&handler, context, len, out, max)
                    });
                request.answered(&answer, version).into()
            }
            Asked::Own(page, body) => request.as_sent(self.own_page(page, &body)).into(),
            Asked::Answered(answer) => answer.into(),
            _ => failure("this host does not know what the server does then").into(),
        }
    }

    fn own_page(&mut self, page: Page, body: &Value) -> http::HttpResponse {
        let enabled = Value::Bool(is_running());
        match page {
            Page::About => pages::about(&enabled, P::ID, P::NAME, None),
            Page::Config => {
                let file = native::with(|server| server.store.read(&server.package));
                pages::config(&enabled, &Value::Bool(false), None, file.as_deref())
            }
            Page::SaveConfig => {
                let form = body.get("configuration").map_or("{}".to_owned(), Value::to_string);
                if body["enabled"] == false {
                    self.disable(&form);
                } else {
                    self.configure(&form);
                }
                pages::saved(P::ID)
            }
            _ => failure("this host does not have that page"),
        }
    }
}

/// The endpoints as the server has them: one that Express does not take stops those behind it.
fn router<P: Installed>() -> Router {
    let mut router = Router::default();
    for endpoint in P::HANDLERS.endpoints {
        if router.add(endpoint.method, endpoint.path, endpoint.export).is_err() {
            break;
        }
    }
    router
}

impl From<http::HttpResponse> for TestResponse {
    fn from(answer: http::HttpResponse) -> Self {
        let content_type = answer.header("Content-Type").unwrap_or_default().to_owned();
        let is_json = content_type.to_ascii_lowercase().contains("application/json");
        let json = if is_json { answer.json().ok() } else { None };
        let body = json.unwrap_or_else(|| Value::String(answer.text()));
        Self { status: answer.status, content_type, headers: answer.headers, body }
    }
}

/// Calls a handler as the server does: a buffer for the request, one for the answer.
pub(super) fn ask<P: Installed>(
    request: &[u8],
    max: usize,
    call: impl FnOnce(*const u8, usize, *mut u8, usize) -> i32,
) -> String {
    super::with_buffer(request, |request, len| {
        // Only a plugin with large responses gives the server more than it asked for.
        let out = exports::allocate_large::<P>(max);
        let written = call(request, len, out, max);
        let written = usize::try_from(written).unwrap_or(0);
        let answer = crate::boundary::memory::read(out, written).map(|answer| answer.to_vec());
        exports::deallocate(out, max);
        String::from_utf8(answer.unwrap_or_default()).unwrap_or_default()
    })
}
