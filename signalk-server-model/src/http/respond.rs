//! What Express makes of a handler's answer.

use serde_json::{Value, json};

use super::HttpResponse;
use crate::js::{self, truthy};
use crate::version::ServerVersion;

/// The 500 that every error in a handler becomes.
#[must_use]
pub fn failure(message: &str) -> HttpResponse {
    HttpResponse::from_json(500, &json!({ "error": message }))
}

/// A handler's answer `{statusCode, headers, body}` on its way to the client.
pub(super) fn respond(answer: &str, version: ServerVersion) -> HttpResponse {
    let response = match js::parse(answer) {
        Ok(Value::Null) => return failure("Cannot read properties of null (reading 'statusCode')"),
        Ok(response) => response,
        Err(error) => return failure(&error.to_string()),
    };
    let mut headers = Vec::new();
    match send(&response, version, &mut headers) {
        Ok((status, body)) => HttpResponse { status, headers, body },
        Err(message) => {
            let error = failure(&message);
            set_default(&mut headers, "application/json");
            add_charset(&response, &mut headers);
            HttpResponse { headers, ..error }
        }
    }
}

type Headers = Vec<(String, String)>;

fn send(
    response: &Value,
    version: ServerVersion,
    headers: &mut Headers,
) -> Result<(u16, Vec<u8>), String> {
    let mut status =
        response.get("statusCode").filter(|status| truthy(status)).cloned().unwrap_or(json!(200));
    set_headers(response, headers)?;

    let mut body = response.get("body").cloned();
    if let Some(Value::String(text)) = &body
        && declares_json(response, headers, version)?
    {
        body = js::parse(text).ok().or(body);
    }
    let text = match body {
        None => None,
        // A lone number is a status code to Express, its name the text.
        Some(Value::Number(number)) => {
            set_default(headers, "text/plain; charset=utf-8");
            status = Value::Number(number);
            number_of(&status).and_then(reason).map(str::to_owned)
        }
        Some(Value::Null) => Some(String::new()),
        Some(Value::String(text)) => {
            set_default(headers, "text/html; charset=utf-8");
            Some(text)
        }
        Some(value) => {
            set_default(headers, "application/json; charset=utf-8");
            Some(js::stringify(&value))
        }
    };
    let is_number = status.is_number();
    let status =
        number_of(&status).ok_or_else(|| format!("Invalid status code: {}", text_of(&status)))?;
    if text.is_some() {
        add_charset(response, headers);
    }
    let mut bytes = text.unwrap_or_default().into_bytes();
    // Express compares strictly, so "204" as a text keeps the header.
    if is_number && matches!(status, 204 | 304) {
        headers.retain(|(name, _)| !is_content_type(name));
    }
    if matches!(status, 204 | 205 | 304) {
        bytes.clear();
    }
    Ok((status, bytes))
}

fn set_headers(response: &Value, headers: &mut Headers) -> Result<(), String> {
    for (name, value) in response.get("headers").and_then(Value::as_object).into_iter().flatten() {
        let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(token) {
            return Err(format!("Header name must be a valid HTTP token [\"{name}\"]"));
        }
        headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        let values = match value {
            Value::Array(values) => values.iter().map(text_of).collect(),
            value => vec![text_of(value)],
        };
        for value in values {
            // One byte a character is what goes over the wire.
            if value
                .chars()
                .any(|c| (u32::from(c) < 32 && c != '\t') || c == '\x7f' || u32::from(c) > 255)
            {
                return Err(format!("Invalid character in header content [\"{name}\"]"));
            }
            headers.push((name.clone(), value));
        }
    }
    Ok(())
}

/// Tells whether a text body is parsed once more. Older versions look for the very spelling `Content-Type`.
fn declares_json(
    response: &Value,
    headers: &Headers,
    version: ServerVersion,
) -> Result<bool, String> {
    const JSON: &str = "application/json";
    if version.ways().knows_json_by_any_spelling {
        let declared = content_type(headers).filter(|_| !has_odd_type(response));
        return Ok(declared.is_some_and(|declared| declared.contains(JSON)));
    }
    match response.get("headers").and_then(|headers| headers.get("Content-Type")) {
        Some(Value::String(declared)) => Ok(declared.contains(JSON)),
        Some(Value::Array(declared)) => Ok(declared.iter().any(|declared| declared == JSON)),
        Some(odd) if truthy(odd) => Err("contentType.includes is not a function".to_owned()),
        _ => Ok(false),
    }
}

fn content_type(headers: &Headers) -> Option<&str> {
    headers.iter().find(|(name, _)| is_content_type(name)).map(|(_, value)| value.as_str())
}

fn is_content_type(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-type")
}

fn set_default(headers: &mut Headers, content_type_text: &str) {
    if content_type(headers).is_none_or(|given| ["", "null", "false", "0"].contains(&given)) {
        // What is nothing to JavaScript is no type to Express.
        headers.retain(|(name, _)| !is_content_type(name));
        headers.push(("Content-Type".to_owned(), content_type_text.to_owned()));
    }
}

/// Whether the handler gave a type that is no text, which Express leaves alone.
fn has_odd_type(response: &Value) -> bool {
    let mut given = response.get("headers").and_then(Value::as_object).into_iter().flatten();
    given.any(|(name, value)| is_content_type(name) && !value.is_string() && truthy(value))
}

fn add_charset(response: &Value, headers: &mut Headers) {
    if has_odd_type(response) {
        return;
    }
    for (name, value) in headers.iter_mut() {
        if is_content_type(name) {
            let kind = value.split(';').next().unwrap_or_default().trim().to_owned();
            *value = format!("{kind}; charset=utf-8");
        }
    }
}

/// Node's `statusCode | 0`, as far as it is a status.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn number_of(status: &Value) -> Option<u16> {
    let number = match status {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    (100.0..1000.0).contains(&number).then_some(number as u16)
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => "[object Object]".to_owned(),
        other => js::stringify(other),
    }
}

fn reason(status: u16) -> Option<&'static str> {
    Some(match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(json: &str) -> HttpResponse {
        respond(json, ServerVersion::V2_32)
    }

    #[test]
    fn an_object_is_json_and_a_text_is_html_unless_typed() {
        let object = answer(r#"{"body":{"a":1}}"#);
        assert_eq!((object.status, object.text().as_str()), (200, r#"{"a":1}"#));
        assert_eq!(object.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(
            answer(r#"{"body":"hi"}"#).header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let typed =
            answer(r#"{"statusCode":201,"headers":{"content-type":"text/plain"},"body":"hi"}"#);
        assert_eq!(
            (typed.status, typed.header("Content-Type")),
            (201, Some("text/plain; charset=utf-8"))
        );
    }

    #[test]
    fn a_number_is_taken_for_the_status() {
        assert_eq!(
            answer(r#"{"body":42}"#).json().unwrap(),
            json!({"error": "Invalid status code: 42"})
        );
        let not_found = answer(r#"{"body":404}"#);
        assert_eq!((not_found.status, not_found.text().as_str()), (404, "Not Found"));
    }

    #[test]
    fn a_text_declared_as_json_is_parsed_again() {
        let quoted = r#"{"headers":{"Content-Type":"application/json"},"body":"\"hi\""}"#;
        assert_eq!(answer(quoted).text(), "hi");
        let number = r#"{"headers":{"Content-Type":"application/json"},"body":"7"}"#;
        assert_eq!(answer(number).status, 500);
        let lower = r#"{"headers":{"content-type":"application/json"},"body":"\"hi\""}"#;
        assert_eq!(answer(lower).text(), "hi");
        assert_eq!(respond(lower, ServerVersion::V2_23).text(), "\"hi\"");
    }

    #[test]
    fn null_sends_nothing_and_a_missing_body_too() {
        assert_eq!(answer(r#"{"body":null}"#).body, b"");
        assert_eq!(answer("{}").body, b"");
        assert_eq!(answer(r#"{"statusCode":204,"body":"x"}"#).body, b"");
    }

    #[test]
    fn what_cannot_be_sent_becomes_500() {
        for broken in [
            "",
            "null",
            r#"{"statusCode":7}"#,
            r#"{"headers":{"a b":"c"}}"#,
            r#"{"headers":{"a":"\n"}}"#,
        ] {
            assert_eq!(answer(broken).status, 500, "{broken}");
        }
    }
}
