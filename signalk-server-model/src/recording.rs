//! Recordings of what came to a server: deltas and NMEA 0183 sentences, one a line.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::js;
use crate::nmea0183::{Sentence, after_epoch};

/// The source of a line that names none.
const SOURCE: &str = "recording";

/// One line of a recording.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Line {
    /// When it came, where the line tells. One that does not came with the line before.
    pub at: Option<SystemTime>,
    /// As which provider or talker.
    pub source: String,
    /// The delta, or the one that the server makes of a sentence.
    pub delta: Value,
}

/// A line that is neither a delta nor a sound sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {number} is {found:?}, expected a delta such as {{\"updates\":[…]}} or a sentence such as $GPRMC,…*4F: {problem}"
)]
pub struct BadLine {
    /// The number of the line, from 1.
    pub number: usize,
    found: String,
    problem: String,
}

/// Reads a recording. A line is the JSON of a delta, a sentence of NMEA 0183, or one of them as the server's own
/// log has it, behind a time in milliseconds and a letter: `1700000000000;N;$GPRMC,…`. Blank lines, those
/// that begin with `#`, and sentences that say nothing that is known are left out.
///
/// # Errors
///
/// If a line is something else.
pub fn read(text: &str) -> Result<Vec<Line>, BadLine> {
    let mut lines = Vec::new();
    for (number, found) in (1..).zip(text.lines()) {
        let found = found.trim();
        if found.is_empty() || found.starts_with('#') {
            continue;
        }
        let line = line(found);
        let bad = |problem| BadLine { number, found: found.to_owned(), problem };
        lines.extend(line.map_err(bad)?);
    }
    Ok(lines)
}

/// Reads one line that is not blank; `None` if it says nothing that is known.
///
/// # Errors
///
/// The reason if it is neither a delta nor a sound sentence.
pub fn line(text: &str) -> Result<Option<Line>, String> {
    let (logged, content) = logged(text);
    let mut line = if content.starts_with(['$', '!']) {
        let Some(line) = sentence(content)? else { return Ok(None) };
        line
    } else {
        delta(content)?
    };
    line.at = logged.or(line.at);
    Ok(Some(line))
}

fn sentence(text: &str) -> Result<Option<Line>, String> {
    let Sentence { at, talker, values } = Sentence::read(text)?;
    if values.is_empty() {
        return Ok(None);
    }
    let entry = |(path, value)| json!({ "path": path, "value": value });
    let values: Vec<_> = values.into_iter().map(entry).collect();
    let delta = json!({ "updates": [{ "values": values }] });
    Ok(Some(Line { at, source: format!("{SOURCE}.{talker}"), delta }))
}

/// Splits off the time and the letter of the server's own log, if the line is of one.
#[must_use]
pub fn logged(text: &str) -> (Option<SystemTime>, &str) {
    let mut parts = text.splitn(3, ';');
    let time = parts.next().and_then(|time| time.parse().ok());
    match (time, parts.next(), parts.next()) {
        (Some(time), Some(_), Some(content)) => (after_epoch(time), content),
        _ => (None, text),
    }
}

fn delta(text: &str) -> Result<Line, String> {
    let mut delta = js::parse(text).map_err(|error| error.to_string())?;
    let updates = delta.get_mut("updates").and_then(Value::as_array_mut);
    let updates = updates.ok_or("there is no list \"updates\"")?;
    let mut at = None;
    let mut source = None;
    for update in updates.iter_mut().filter_map(Value::as_object_mut) {
        // It comes now, and so has the time of now.
        let time = update.shift_remove("timestamp");
        let time = time.as_ref().and_then(Value::as_str);
        at = at.or(time.and_then(|time| humantime::parse_rfc3339(time).ok()));
        source = source.or_else(|| update.get("$source")?.as_str().map(str::to_owned));
    }
    Ok(Line { at, source: source.unwrap_or_else(|| SOURCE.to_owned()), delta })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deltas_and_sentences_are_read_with_the_time_at_which_they_came() {
        let lines = read(
            "# a recording\n\
             {\"updates\":[{\"$source\":\"gps\",\"timestamp\":\"2026-07-04T02:10:00.500Z\",\"values\":[{\"path\":\"a\",\"value\":1}]}]}\n\
             \n\
             $GPRMC,021001.00,A,5010.00000,N,00502.40000,W,1.0,180.0,040726,,,A*46\n\
             1783131002000;N;$HCHDT,90.0,T*10\n",
        );
        let lines = lines.unwrap();
        let time = |line: &Line| humantime::format_rfc3339_millis(line.at.unwrap()).to_string();
        assert_eq!(time(&lines[0]), "2026-07-04T02:10:00.500Z");
        assert_eq!(
            lines[0].delta.to_string(),
            r#"{"updates":[{"$source":"gps","values":[{"path":"a","value":1}]}]}"#
        );
        assert_eq!(time(&lines[1]), "2026-07-04T02:10:01.000Z");
        let values = &lines[1].delta["updates"][0]["values"];
        assert_eq!(values[0]["path"], "navigation.position");
        let longitude = values[0]["value"]["longitude"].as_f64().unwrap();
        assert!((longitude + 5.04).abs() < 1e-9, "{longitude}");
        assert_eq!(
            (lines[1].source.as_str(), lines[2].source.as_str()),
            ("recording.GP", "recording.HC")
        );
        assert_eq!(time(&lines[2]), "2026-07-04T02:10:02.000Z");
    }

    #[test]
    fn a_line_that_is_neither_is_an_error_with_its_number() {
        for (text, part) in [
            ("\n{\"updates\":[", "line 2 is \"{\\\"updates\\\":[\""),
            ("{}", "no list \"updates\""),
            ("$GPRMC,021001.00,A,5010.00000,N*00", "line 1"),
            ("hello", "line 1 is \"hello\""),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
