//! Requests to the plugin under test, as the server hands them over.

use serde::Serialize;
use serde_json::{Value, json};
use signalk_plugin_contract::exports::PutHandler;
use signalk_plugin_contract::{ANSWER_BUFFER, SELF_CONTEXT, TEXT_BUFFER};
use signalk_server_model::http::{self, Asked, HttpRequest, Page, Router, failure};
use signalk_server_model::{ServerVersion, js};

use super::TestHost;
use crate::boundary::exports;
use crate::boundary::imports::native;
use crate::runtime::Installed;

/// The server that is played.
const VERSION: ServerVersion = ServerVersion::V2_32;

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
    pub fn deny_capability(&mut self, capability: &str) {
        native::with(|recorder| recorder.withheld.push(capability.to_owned()));
    }

    /// Puts a value to a path of the own ship; the answer is `{"state","statusCode","message"}`,
    /// null where the plugin has no handler for the path.
    pub fn put<T: Serialize>(&mut self, path: &str, value: T) -> Value {
        self.put_to(SELF_CONTEXT, path, value)
    }

    /// As [`Self::put`], for another context.
    ///
    /// # Panics
    /// When the value cannot be written as JSON, or the answer is not JSON.
    #[allow(clippy::expect_used)]
    pub fn put_to<T: Serialize>(&mut self, context: &str, path: &str, value: T) -> Value {
        let export = PutHandler { context, path }.to_string();
        if !P::HANDLERS.puts.iter().any(|put| put.export == export) {
            return Value::Null;
        }
        let value = serde_json::to_value(&value).expect("a value that can be written as JSON");
        let value = js::stringify(&value);
        let answer = ask::<P>(value.as_bytes(), TEXT_BUFFER, |value, len, out, max| {
            exports::put::<P>(&export, value, len, out, max)
        });
        serde_json::from_str(&answer).expect("an answer that is JSON")
    }

    /// Sends `GET` to a path of the plugin, `/api/lines?most=10` for example, as a browser does: blanks
    /// and the like are percent-encoded.
    pub fn get(&mut self, path: &str) -> TestResponse {
        self.request(&HttpRequest::get(path).encoded())
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
        match router::<P>().ask(request, P::ID, VERSION) {
            Asked::Handler { handler, context } => {
                let answer =
                    ask::<P>(context.as_bytes(), ANSWER_BUFFER, |context, len, out, max| {
                        exports::http::<P>(&handler, context, len, out, max)
                    });
                request.answered(&answer, VERSION).into()
            }
            Asked::Own(page, body) => request.as_sent(self.own_page(page, &body)).into(),
            Asked::Answered(answer) => answer.into(),
            _ => failure("this host does not know what the server does then").into(),
        }
    }

    fn own_page(&mut self, page: Page, body: &Value) -> http::HttpResponse {
        let enabled = native::with(|recorder| recorder.listener.is_some());
        let saved = native::with(|recorder| recorder.config.clone());
        match page {
            Page::About => {
                let page = json!({
                    "enabled": enabled,
                    "enabledByDefault": false,
                    "id": P::ID,
                    "name": P::NAME,
                });
                http::HttpResponse::from_json(200, &page)
            }
            Page::Config => {
                let configuration: Value =
                    saved.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(json!({}));
                let page = json!({"enabled": enabled, "configuration": configuration});
                http::HttpResponse::from_json(200, &page)
            }
            Page::SaveConfig => {
                let form = body.get("configuration").unwrap_or(&json!({})).to_string();
                if body["enabled"] == false {
                    self.disable(&form);
                } else {
                    self.configure(&form);
                }
                let text = ["Saved configuration for plugin ", P::ID].concat();
                http::HttpResponse::from_json(200, &text.into())
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
