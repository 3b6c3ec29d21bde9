//! What a handler answers.

use std::borrow::Cow;

use serde::Serialize;

use super::{Html, Json};
use crate::error::{Error, Result, status_of};
use crate::json::{self, ObjectWriter};
use crate::text::{self, is_token};

/// An answer: status, headers and a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    status: u16,
    headers: Vec<(Cow<'static, str>, String)>,
    body: Body,
}

#[derive(Debug, Clone, PartialEq)]
enum Body {
    Text(String),
    Json(String),
}

impl Response {
    /// Text with its media type, `text/csv; charset=utf-8` for example. Bytes that are no text
    /// cannot be sent: the server takes them for text.
    #[must_use]
    pub fn text(media_type: &str, body: impl Into<String>) -> Self {
        let media_type = (Cow::Borrowed("Content-Type"), media_type.to_owned());
        Self { status: 200, headers: vec![media_type], body: Body::Text(body.into()) }
    }

    /// JSON text that you have already.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn json(body: impl Into<String>) -> Result<Self> {
        let body = body.into();
        json::check(&body)?;
        Ok(Self { status: 200, headers: Vec::new(), body: Body::Json(body) })
    }

    /// Another status than 200, from 200 to 599; any other becomes an error.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn status_code(&self) -> u16 {
        self.status
    }

    /// Adds a header; one of a name that is there already is sent beside it. `Content-Type` is the
    /// exception: the one that is there is replaced.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if name.eq_ignore_ascii_case("Content-Type") {
            self.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Content-Type"));
        }
        self.headers.push((Cow::Borrowed(name), value.into()));
        self
    }

    /// What the server gets: a JSON object, made so that Express sends the body as it is. An answer
    /// on which Express would choke, so that the client gets none, becomes an error that says why.
    pub(crate) fn into_json(self) -> String {
        match self.problem() {
            None => self.written(),
            Some(problem) => Self::from(&Error::msg(problem)).written(),
        }
    }

    fn problem(&self) -> Option<String> {
        if !(200..600).contains(&self.status) {
            return Some(format!(
                "the plugin answered with the status {}, which is none",
                self.status
            ));
        }
        for (name, value) in &self.headers {
            let is_fine = match name.eq_ignore_ascii_case("Content-Type") {
                true => is_media_type(value),
                false => is_token(name),
            };
            if !is_fine {
                return Some(format!(
                    "the plugin answered with the header {name}: {value}, which is none"
                ));
            }
        }
        None
    }

    fn written(self) -> String {
        let mut headers = self.headers;
        let own_type =
            headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("Content-Type"));
        let is_typed = own_type.is_some();
        if let Some((_, media_type)) = own_type
            && let Some((before, after)) = text::split(media_type, "application/json")
        {
            *media_type = [before, VERBATIM_JSON, after].concat();
        }
        let body = match self.body {
            Body::Text(text) => json::quoted(&text),
            Body::Json(json) => {
                let verbatim = is_typed || !is_safe(&json);
                if !is_typed {
                    let media_type = if verbatim { VERBATIM_JSON } else { "application/json" };
                    let media_type = media_type.to_owned() + "; charset=utf-8";
                    headers.push((Cow::Borrowed("Content-Type"), media_type));
                }
                if verbatim { json::quoted(&json) } else { json }
            }
        };
        let mut written = ObjectWriter::new();
        for (index, (name, value)) in headers.iter().enumerate() {
            let is_name = |(other, _): &&(Cow<'_, str>, String)| other.eq_ignore_ascii_case(name);
            if headers.iter().take(index).any(|header| is_name(&header)) {
                continue;
            }
            let values = headers.iter().filter(is_name).map(|(_, value)| header_value(value));
            let values: Vec<_> = values.collect();
            // Node sends a list as several headers of one name.
            let value = match values.as_slice() {
                [_] => json::quoted(&header_value(value)),
                values => json::to_string(values).unwrap_or_default(),
            };
            written.add(name, &value);
        }
        let answer = ObjectWriter::new().json("statusCode", &self.status.to_string());
        answer.json("headers", &written.end()).json("body", &body).end()
    }
}

/// The server parses and writes a JSON body anew, which loses the quotes of a text, takes a number
/// for the status and rounds large numbers. It knows such a body by the letters of
/// `application/json`; media types are the same in any case.
const VERBATIM_JSON: &str = "application/JSON";

/// What Node takes in a header; it answers with an error instead where there is anything else.
fn header_value(value: &str) -> String {
    let fit = |char: char| match char {
        ' '..='~' | '\u{a0}'..='\u{ff}' => char,
        _ => '?',
    };
    // A line break would end the header, and begin what the author did not mean.
    value.chars().filter(|char| !matches!(char, '\r' | '\n' | '\0')).map(fit).collect()
}

/// `type/subtype`, with or without `; name=value`. Of white space Express takes no other here than
/// the space itself, and fails.
fn is_media_type(text: &str) -> bool {
    let mut parts = text.split(';').map(|part| part.trim_matches(' '));
    let kind = parts.next().and_then(|kind| kind.split_once('/'));
    let is_parameter = |part: &str| {
        part.split_once('=').is_some_and(|(name, value)| {
            let value =
                value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
            is_token(name) && is_token(value)
        })
    };
    kind.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
        && parts.all(is_parameter)
}

/// Whether the server may parse this JSON and write it anew: an object or a list, not nested too
/// deeply, and no number of so many digits that a double would round it. It may still write a number
/// in another way (`1.0` as `1`), and keys that are whole numbers first.
fn is_safe(json: &str) -> bool {
    let (mut digits, mut depth) = (0u32, 0u32);
    let spoilt = json.bytes().any(|byte| {
        digits = if byte.is_ascii_digit() || byte == b'.' { digits + 1 } else { 0 };
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        digits > 15 || depth > 100
    });
    !spoilt && matches!(json.trim_start().as_bytes().first(), Some(b'{' | b'['))
}

/// Something that a handler can return.
#[diagnostic::on_unimplemented(
    message = "a handler of HTTP cannot return `{Self}`",
    label = "return `Json<{Self}>`, a `String`, `Html`, a `Response`, `(u16, …)` or a `Result` of these"
)]
pub trait IntoResponse {
    /// The answer.
    ///
    /// # Errors
    /// The handler's own, or one of writing JSON; it becomes an answer with its message.
    fn into_response(self) -> Result<Response>;
}

impl IntoResponse for Response {
    fn into_response(self) -> Result<Response> {
        Ok(self)
    }
}

impl IntoResponse for () {
    fn into_response(self) -> Result<Response> {
        Ok(Response::text("text/plain; charset=utf-8", "").status(204))
    }
}

impl IntoResponse for String {
    fn into_response(self) -> Result<Response> {
        Ok(Response::text("text/plain; charset=utf-8", self))
    }
}

impl IntoResponse for &str {
    fn into_response(self) -> Result<Response> {
        self.to_owned().into_response()
    }
}

impl IntoResponse for Html {
    fn into_response(self) -> Result<Response> {
        Ok(Response::text("text/html; charset=utf-8", self.into_string()))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Result<Response> {
        let body = Body::Json(json::to_string(&self.0)?);
        Ok(Response { status: 200, headers: Vec::new(), body })
    }
}

impl<T: IntoResponse> IntoResponse for (u16, T) {
    fn into_response(self) -> Result<Response> {
        let (status, answer) = self;
        Ok(answer.into_response()?.status(status))
    }
}

impl<T: IntoResponse, E: Into<Box<dyn std::error::Error + Send + Sync>>> IntoResponse
    for Result<T, E>
{
    fn into_response(self) -> Result<Response> {
        self.map_err(crate::error::from_any)?.into_response()
    }
}

/// The answer to a request whose handler failed: `{"error": "…"}`.
impl From<&Error> for Response {
    fn from(error: &Error) -> Self {
        let body = ObjectWriter::new().string("error", &error.to_string()).end();
        Self { status: status_of(error), headers: Vec::new(), body: Body::Json(body) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::StatusError;

    fn json_of(answer: impl IntoResponse) -> serde_json::Value {
        serde_json::from_str(&answer.into_response().unwrap().into_json()).unwrap()
    }

    #[test]
    fn an_object_goes_as_an_object_and_a_scalar_as_its_own_text() {
        let answer = json_of(Json(serde_json::json!({"a": [1, 2.5]})));
        assert_eq!(answer["body"], serde_json::json!({"a": [1, 2.5]}));
        assert_eq!(answer["headers"]["Content-Type"], "application/json; charset=utf-8");
        for (scalar, text) in [
            (serde_json::json!(42), "42"),
            (serde_json::json!("hi"), "\"hi\""),
            (serde_json::json!(null), "null"),
        ] {
            let answer = json_of(Json(scalar));
            assert_eq!(answer["body"], text);
            assert!(
                !answer["headers"]["Content-Type"].as_str().unwrap().contains("application/json")
            );
        }
    }

    #[test]
    fn a_number_that_javascript_would_round_goes_as_text() {
        assert_eq!(json_of(Json([u64::MAX]))["body"], "[18446744073709551615]");
    }

    #[test]
    fn text_and_html_say_their_type_and_nothing_has_no_body() {
        assert_eq!(json_of("hi")["headers"]["Content-Type"], "text/plain; charset=utf-8");
        assert_eq!(
            json_of(Html::trusted("<b>"))["headers"]["Content-Type"],
            "text/html; charset=utf-8"
        );
        assert_eq!(json_of(())["statusCode"], 204);
        assert_eq!(json_of((201, "x"))["statusCode"], 201);
    }

    #[test]
    fn what_express_would_choke_on_is_an_error_that_says_so() {
        for (answer, mentions) in [
            (Response::text("csv", "a"), "Content-Type: csv"),
            (Response::text("", "<b>"), "Content-Type: "),
            (Response::text("text/csv; charset", "a"), "text/csv; charset"),
            (Response::text("\ttext/csv", "a"), "text/csv"),
            (Response::text("text/csv;\u{3000}a=b", "a"), "text/csv"),
            (Response::text("text/csv", "a").header("X A", "b"), "X A: b"),
            (Response::text("text/csv", "a").status(100), "the status 100"),
            (Response::text("text/csv", "a").status(0), "the status 0"),
            (Response::text("text/csv", "a").status(600), "the status 600"),
        ] {
            let answer = json_of(answer);
            assert_eq!(answer["statusCode"], 500);
            assert!(answer["body"]["error"].as_str().unwrap().contains(mentions), "{answer}");
        }
        let fine = json_of(Response::text("text/html; charset=\"utf-8\"", ""));
        assert_eq!(fine["statusCode"], 200);
    }

    #[test]
    fn json_of_the_authors_own_type_or_as_text_is_not_parsed_by_the_server() {
        let text = json_of(Response::text("application/json", "42"));
        assert_eq!(
            (&text["body"], &text["headers"]["Content-Type"]),
            (&"42".into(), &"application/JSON".into())
        );
        let geo = Response::json("{}").unwrap().header("content-type", "application/geo+json");
        let geo = json_of(geo);
        assert_eq!(
            (&geo["body"], &geo["headers"]["content-type"]),
            (&"{}".into(), &"application/geo+json".into())
        );
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(json_of(Response::json(deep.clone()).unwrap())["body"], deep);
    }

    #[test]
    fn headers_of_one_name_are_all_sent_and_odd_characters_do_not_spoil_the_answer() {
        let answer = Response::text("text/plain", "")
            .header("Set-Cookie", "a=1")
            .header("X-Range", "5 – 6 °")
            .header("Set-Cookie", "b=2");
        let headers = json_of(answer)["headers"].clone();
        assert_eq!(headers["Set-Cookie"], serde_json::json!(["a=1", "b=2"]));
        assert_eq!(headers["X-Range"], "5 ? 6 °");
    }

    #[test]
    fn a_header_cannot_be_split() {
        let answer = json_of(Response::text("text/plain", "").header("X-A", "a\r\nX-B: b"));
        assert_eq!(answer["headers"]["X-A"], "aX-B: b");
    }

    #[test]
    fn an_error_is_answered_with_its_status() {
        let failed: Result<(), StatusError> = Err(StatusError::new(404, "no \"x\""));
        let error = failed.into_response().unwrap_err();
        let answer: serde_json::Value =
            serde_json::from_str(&Response::from(&error).into_json()).unwrap();
        assert_eq!(answer["statusCode"], 404);
        assert_eq!(answer["body"]["error"], "no \"x\"");
        assert_eq!(StatusError::new(200, "").status(), 500);
    }

    #[test]
    fn what_comes_from_outside_can_be_escaped() {
        assert_eq!(Html::escape("<a href='x'>&\""), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
    }
}
