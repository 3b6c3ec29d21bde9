//! Requests over HTTP, as bytes: the first byte says to which handler.

use serde_json::Value;
use signalk_plugin_contract::ANSWER_BUFFER;
use signalk_plugin_sdk::__private::{Plugin, http};
use signalk_plugin_sdk::testing::TestHost;

use super::answers;
use crate::host;
use crate::plugin::Everything;

pub(crate) fn run(bytes: &[u8]) {
    let Some((which, request)) = bytes.split_first() else {
        return;
    };
    let endpoints = Everything::HANDLERS.endpoints;
    let endpoint = &endpoints[usize::from(*which) % endpoints.len()];
    let _host = TestHost::<Everything>::start("{}");
    let text = host::ask_text(request, ANSWER_BUFFER, |request, len, out, max| {
        http::<Everything>(endpoint.export, request, len, out, max)
    });
    answers::check(&text);
    if endpoint.path == "/search" {
        nothing_is_a_tag(&text);
    }
}

/// Of a page, what came from outside is text and nothing else.
fn nothing_is_a_tag(text: &str) {
    let answer: Value = serde_json::from_str(text).unwrap_or_default();
    // An error is JSON, which may stand in a text, too.
    let is_page = answer["headers"]["Content-Type"] == "text/html; charset=utf-8";
    if let Some(page) = answer["body"].as_str().filter(|_| is_page) {
        let inside = page.strip_prefix("<p>").and_then(|page| page.strip_suffix("</p>")).unwrap();
        assert!(!inside.contains(['<', '>', '"', '\'']), "{page}");
    }
}
