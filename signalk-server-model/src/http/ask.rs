//! A request on its way to a plugin's handler, and the answer on its way back.

use serde_json::Value;
use signalk_plugin_contract::endpoint;

use super::respond::respond;
use super::route::Found;
use super::{HttpRequest, HttpResponse, Router};
use crate::version::ServerVersion;

/// The words with which a client is refused whose path cannot be decoded.
const BAD_PARAMETER: &str = "URI malformed";

/// The server's way with a request.
#[derive(Debug)]
#[non_exhaustive]
pub enum Asked {
    /// It answers without asking the plugin.
    Answered(HttpResponse),
    /// It answers with a page of its own.
    Own(Page, Value),
    /// It calls an export of the plugin with this JSON.
    Handler {
        /// The export.
        handler: String,
        /// `{method, path, query, params, body, headers}`.
        context: String,
    },
}

/// A page that the server keeps for itself at a path below `/plugins/<id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Page {
    /// `GET /`: name, version and whether it is enabled.
    About,
    /// `GET /config`: the configuration.
    Config,
    /// `POST /config`: saves what was sent with it.
    SaveConfig,
}

impl Router {
    /// Takes a request to the plugin of that id.
    #[must_use]
    pub fn ask(&self, request: &HttpRequest, id: &str, version: ServerVersion) -> Asked {
        let body = match request.parsed_body(version) {
            Ok(body) => body,
            Err(answer) => return Asked::Answered(answer),
        };
        if request.method() == "OPTIONS" {
            // The server answers for all pages what browsers ask before they ask.
            return Asked::Answered(HttpResponse::empty(204));
        }
        if let Some(page) = own_page(request) {
            return Asked::Own(page, body);
        }
        match self.find(request.method(), request.path()) {
            Found::Handler { handler, params } => {
                Asked::Handler { handler, context: request.context(params, body) }
            }
            Found::BadParameter => Asked::Answered(HttpResponse::html(400, BAD_PARAMETER)),
            Found::Nothing => {
                let path = format!("/plugins/{id}{}", request.whole_path());
                Asked::Answered(HttpResponse::not_found(request.method(), &path))
            }
        }
    }
}

fn own_page(request: &HttpRequest) -> Option<Page> {
    match endpoint::reserved(request.method(), request.path())? {
        endpoint::ABOUT => Some(Page::About),
        endpoint::CONFIG => Some(Page::Config),
        endpoint::SAVE_CONFIG => Some(Page::SaveConfig),
        _ => None,
    }
}

impl HttpRequest {
    /// Makes the client's answer of that of the plugin's handler.
    #[must_use]
    pub fn answered(&self, answer: &str, version: ServerVersion) -> HttpResponse {
        self.as_sent(respond(answer, version))
    }

    /// An answer as it is sent for this request: without its body for HEAD.
    #[must_use]
    pub fn as_sent(&self, mut answer: HttpResponse) -> HttpResponse {
        if self.method() == "HEAD" {
            answer.body.clear();
        }
        answer
    }
}
