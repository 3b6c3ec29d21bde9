//! Deltas that the author has put together: what the server would drop of them without a word is refused.

use crate::error::{Error, Result};
use crate::json;
use crate::text;

/// Looks for what the server would drop.
pub(super) fn check(delta: &str) -> Result<(), json::Error> {
    let mut updates = None;
    for (key, value) in json::object(delta)? {
        match &*key {
            "context" if json::string(value)?.is_empty() => {
                return Err(json::Error::mismatch(value, EXPECTED_CONTEXT).in_key("context"));
            }
            "updates" => updates = Some(value),
            _ => {}
        }
    }
    let updates = json::elements(updates.unwrap_or("null")).map_err(|it| it.in_key("updates"))?;
    if updates.is_empty() {
        return Err(json::Error::mismatch("none", "at least one").in_key("updates"));
    }
    each("updates", &updates, check_update)
}

fn check_update(update: &str) -> Result<(), json::Error> {
    let mut says_something = false;
    for (key, value) in json::object(update)? {
        match &*key {
            "values" | "meta" => {
                says_something = true;
                let entries = list(value).map_err(|error| error.in_key(&key))?;
                each(&key, &entries, check_entry)?;
            }
            "$source" | "timestamp" => drop(text(value).map_err(|error| error.in_key(&key))?),
            "source" => drop(json::object(value).map_err(|error| error.in_key(&key))?),
            _ => {}
        }
    }
    match says_something {
        true => Ok(()),
        false => Err(json::Error::mismatch("neither", "\"values\" or \"meta\"")),
    }
}

fn check_entry(entry: &str) -> Result<(), json::Error> {
    let path = json::field(entry, "path")?.unwrap_or("null");
    text(path).map(drop).map_err(|error| error.in_key("path"))
}

fn each(
    key: &str,
    elements: &[&str],
    check: fn(&str) -> Result<(), json::Error>,
) -> Result<(), json::Error> {
    let mut elements = elements.iter().enumerate();
    elements.try_for_each(|(at, element)| {
        check(element).map_err(|error| error.in_index(at).in_key(key))
    })
}

fn list(value: &str) -> Result<Vec<&str>, json::Error> {
    match value {
        "null" => Err(json::Error::mismatch("nothing", "a list")),
        _ => json::elements(value),
    }
}

fn text(value: &str) -> Result<std::borrow::Cow<'_, str>, json::Error> {
    match value {
        "null" => Err(json::Error::mismatch("nothing", "a text")),
        _ => json::string(value),
    }
}

const EXPECTED_CONTEXT: &str =
    "one such as vessels.urn:mrn:imo:mmsi:244123456; leave it out for the own ship";

pub(super) fn check_context(context: &str) -> Result<()> {
    let is_odd = |byte| byte <= b' ' || matches!(byte, b'*' | b'/' | 0x7f);
    let has_parts = text::split(context, ".")
        .is_some_and(|(start, rest)| !start.is_empty() && !rest.is_empty());
    if has_parts && !context.bytes().any(is_odd) {
        return Ok(());
    }
    Err(Error::msg(["\"", context, "\" is not a context, expected ", EXPECTED_CONTEXT].concat()))
}

pub(super) fn check_timestamp(text: &str) -> Result<()> {
    let fits = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text.bytes().zip(pattern.bytes()).all(|(byte, pattern)| match pattern {
                b'0' => byte.is_ascii_digit(),
                _ => byte == pattern,
            })
    };
    const SECONDS: &str = "0000-00-00T00:00:00";
    let (start, rest) = text.split_at_checked(SECONDS.len()).unwrap_or((text, ""));
    let fraction = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let zone = rest.bytes().take_while(fraction).count();
    let zone = rest.get(zone..).unwrap_or_default();
    if fits(start, SECONDS) && (zone == "Z" || fits(zone, "+00:00") || fits(zone, "-00:00")) {
        return Ok(());
    }
    let expected = "\" is not a time, expected one such as 2026-05-01T12:00:00.000Z";
    Err(Error::msg(["\"", text, expected].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_would_drop_is_refused_with_its_place() {
        for (delta, problem) in [
            ("{\"updates\":[", "not JSON: the text ends early at byte 12"),
            ("5", "found 5, expected a group of values"),
            ("[]", "found a list, expected a group of values"),
            ("{}", "updates: found none, expected at least one"),
            (r#"{"updates":[]}"#, "updates: found none, expected at least one"),
            (r#"{"updates":5}"#, "updates: found 5, expected a list"),
            (r#"{"updates":[null]}"#, "updates[0]: found nothing, expected a group of values"),
            (r#"{"updates":[{}]}"#, "updates[0]: found neither, expected \"values\" or \"meta\""),
            (
                r#"{"updates":[{"values":{}}]}"#,
                "updates[0].values: found a group of values, expected a list",
            ),
            (
                r#"{"updates":[{"values":null}]}"#,
                "updates[0].values: found nothing, expected a list",
            ),
            (
                r#"{"updates":[{"values":[{"value":1}]}]}"#,
                "updates[0].values[0].path: found nothing, expected a text",
            ),
            (
                r#"{"updates":[{"meta":[{"path":5}]}]}"#,
                "updates[0].meta[0].path: found 5, expected a text",
            ),
            (
                r#"{"updates":[{"values":[],"timestamp":5}]}"#,
                "updates[0].timestamp: found 5, expected a text",
            ),
            (
                r#"{"updates":[{"values":[],"$source":null}]}"#,
                "updates[0].$source: found nothing, expected a text",
            ),
            (
                r#"{"updates":[{"values":[],"source":"x"}]}"#,
                "updates[0].source: found the text \"x\", expected a group of values",
            ),
            (
                r#"{"context":"","updates":[{"values":[]}]}"#,
                "context: found \"\", expected one such as",
            ),
            (r#"{"context":5,"updates":[{"values":[]}]}"#, "found 5, expected a text"),
        ] {
            let error = check(delta).unwrap_err().to_string();
            assert!(error.starts_with(problem), "{delta}: {error}");
        }
        for delta in [
            r#"{"updates":[{"values":[]}]}"#,
            r#"{"context":"vessels.self","updates":[{"meta":[{"path":"a","value":{}}]}]}"#,
            r#"{"updates":[{"source":{"label":"x"},"values":[{"path":"","value":{"name":"x"}}]}]}"#,
        ] {
            assert!(check(delta).is_ok(), "{delta}");
        }
    }
}
