//! What handlers of HTTP answer, whatever is in it, and what the server makes of it.

use arbitrary::{Arbitrary, Unstructured};
use serde_json::Value;
use signalk_plugin_contract::ANSWER_BUFFER;
use signalk_plugin_sdk::__private::{Plugin, http};
use signalk_plugin_sdk::http::{IntoResponse, Json, Response, StatusError};
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::testing::TestHost;
use signalk_plugin_sdk::{Error, html};

use crate::host;
use crate::plugin::{ANSWER, Everything};

const NAMES: [&str; 10] = [
    "Content-Type",
    "content-type",
    "X-Test",
    "x-test",
    "Set-Cookie",
    "",
    "Bad Name",
    "Bad:Name",
    "Naïve",
    "Cache-Control",
];

pub(crate) fn run(bytes: &[u8]) {
    let mut bytes = Unstructured::new(bytes);
    let Ok(answer) = answer(&mut bytes) else {
        return;
    };
    let _host = TestHost::<Everything>::start("{}");
    ANSWER.set(Some(answer));
    let endpoints = Everything::HANDLERS.endpoints;
    let endpoint = endpoints.iter().find(|it| it.path == "/answer").unwrap();
    let request = br#"{"method":"GET","path":"/answer","query":{},"params":{},"body":{}}"#;
    let text = host::ask_text(request, ANSWER_BUFFER, |request, len, out, max| {
        http::<Everything>(endpoint.export, request, len, out, max)
    });
    check(&text);
}

fn answer(bytes: &mut Unstructured<'_>) -> arbitrary::Result<signalk_plugin_sdk::Result<Response>> {
    let kind = u8::arbitrary(bytes)?;
    let (status, has_status) = <(u16, bool)>::arbitrary(bytes)?;
    let mut headers = Vec::new();
    for _ in 0..bytes.int_in_range(0..=3)? {
        headers.push((*bytes.choose(&NAMES)?, String::arbitrary(bytes)?));
    }
    let media_type = String::arbitrary(bytes)?;
    let rest = String::from_utf8_lossy(bytes.take_rest_as_bytes()).into_owned();
    let response = match kind % 10 {
        0 => rest.into_response(),
        1 => html!("<b>{}</b>", rest).into_response(),
        2 => Response::json(rest),
        3 => Raw::parse(&rest).map_err(Error::from).and_then(|raw| Json(raw).into_response()),
        4 => Json(rest).into_response(),
        5 => Err(StatusError::new(status, rest).into()),
        6 => Err(Error::msg(rest)),
        7 => ().into_response(),
        _ => Ok(Response::text(&media_type, rest)),
    };
    Ok(response.map(|mut response| {
        if has_status {
            response = response.status(status);
        }
        headers.into_iter().fold(response, |response, (name, value)| response.header(name, value))
    }))
}

trait Rest {
    fn take_rest_as_bytes(&mut self) -> &[u8];
}

impl Rest for Unstructured<'_> {
    fn take_rest_as_bytes(&mut self) -> &[u8] {
        self.bytes(self.len()).unwrap_or_default()
    }
}

/// Whether the server sends this as it is: host-contract 19, and what Node.js and Express refuse.
pub(crate) fn check(text: &str) {
    let answer: Value = match serde_json::from_str(text) {
        Ok(answer) => answer,
        // Half a character, which the server takes: JavaScript makes them.
        Err(error) if is_half_a_character(&error) => return,
        Err(error) => panic!("{error}: {text}"),
    };
    let answer = answer.as_object().expect("an object");
    let keys: Vec<_> = answer.keys().map(String::as_str).collect();
    assert!(
        keys.len() == 3 && keys.iter().all(|key| matches!(*key, "statusCode" | "headers" | "body"))
    );
    let status = answer["statusCode"].as_u64().expect("a status");
    assert!((200..600).contains(&status), "{status}");
    let mut media_type = None;
    for (name, value) in answer["headers"].as_object().expect("headers") {
        assert!(!name.is_empty() && name.bytes().all(is_token), "the name {name:?}");
        let values = match value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        for value in values {
            let value = value.as_str().expect("a header's text");
            let is_fine = |char| matches!(char, '\t' | ' '..='~' | '\u{80}'..='\u{ff}');
            assert!(value.chars().all(is_fine), "the header {name}: {value:?}");
        }
        if name.eq_ignore_ascii_case("Content-Type") {
            assert_eq!(media_type.replace(value.as_str().expect("one type")), None, "two types");
        }
    }
    let media_type = media_type.expect("a type, else Express takes a text for HTML");
    assert!(is_media_type(media_type), "Express fails on the type {media_type:?}");
    match &answer["body"] {
        Value::String(_) => {
            assert!(!media_type.contains("application/json"), "it would be parsed: {text}");
        }
        Value::Object(_) | Value::Array(_) => {
            let (_, body) = text.split_once("\"body\":").unwrap();
            let digits = body.split(|char: char| !char.is_ascii_digit()).map(str::len);
            assert!(digits.max().unwrap_or(0) <= 15, "it would be rounded: {text}");
        }
        other => panic!("Express would take {other} for something else"),
    }
}

/// The one thing that `serde_json` refuses and JavaScript does not.
pub(crate) fn is_half_a_character(error: &serde_json::Error) -> bool {
    let problem = error.to_string();
    problem.contains("surrogate") || problem.contains("unexpected end of hex escape")
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What the package content-type, by which Express adds the charset, reads without an error.
fn is_media_type(text: &str) -> bool {
    let (kind, mut rest) = match text.find(';') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let kind = kind.trim_matches(|char: char| char.is_whitespace() || char == '\u{feff}');
    let is_token_text = |text: &str| !text.is_empty() && text.bytes().all(is_token);
    let is_kind = kind
        .split_once('/')
        .is_some_and(|(kind, subtype)| is_token_text(kind) && is_token_text(subtype));
    if !is_kind {
        return false;
    }
    while !rest.is_empty() {
        let Some(parameter) = rest.strip_prefix(';') else { return false };
        let parameter = parameter.trim_start_matches(' ');
        let name = parameter.bytes().take_while(|byte| is_token(*byte)).count();
        let Some(value) = parameter[name..].trim_start_matches(' ').strip_prefix('=') else {
            return false;
        };
        let value = value.trim_start_matches(' ');
        let len = match value.strip_prefix('"') {
            Some(quoted) => {
                let mut chars = quoted.char_indices();
                loop {
                    match chars.next() {
                        Some((at, '"')) => break at + 2,
                        Some((_, '\\')) if chars.next().is_some() => {}
                        Some((_, '\\')) | None => return false,
                        Some(_) => {}
                    }
                }
            }
            None => value.bytes().take_while(|byte| is_token(*byte)).count(),
        };
        if name == 0 || len == 0 {
            return false;
        }
        rest = value[len..].trim_start_matches(' ');
    }
    true
}
