//! One line of a recording or of a stream.

use std::time::SystemTime;

use serde_json::Value;
use signalk_server_model::recording;

/// The meaning of a line.
#[derive(Debug, PartialEq)]
pub(super) enum Line {
    /// Empty, or a remark.
    Nothing,
    Delta(Recorded),
    /// The first message of a server, which names its own vessel.
    OwnVessel(String),
    /// Sound, but of a kind that no value is made of here.
    Unread(String),
    /// With the reason.
    Broken(String),
}

/// A delta, as one of now.
#[derive(Debug, PartialEq)]
pub(super) struct Recorded {
    /// The source to be named, if the delta does not say.
    pub(super) source: String,
    pub(super) delta: Value,
    /// When it was recorded.
    pub(super) at: Option<SystemTime>,
}

impl Line {
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            return Self::Nothing;
        }
        if let Some(vessel) = own_vessel(text) {
            return Self::OwnVessel(vessel);
        }
        match recording::line(text) {
            Ok(Some(recording::Line { source, delta, at, .. })) => {
                Self::Delta(Recorded { source, delta, at })
            }
            Ok(None) => Self::Unread(kind_of(text)),
            Err(reason) => Self::Broken(format!(
                "{reason}; expected a sentence such as $GPRMC,…*4F or a delta such as \
                 {{\"updates\":[…]}}"
            )),
        }
    }
}

fn own_vessel(text: &str) -> Option<String> {
    // Deltas are read once only.
    if !text.starts_with('{') || text.contains("\"updates\"") {
        return None;
    }
    let hello: Value = serde_json::from_str(text).ok()?;
    hello["self"].as_str().map(str::to_owned)
}

/// As in "sentences GPGSV".
fn kind_of(text: &str) -> String {
    let sentence = text.rsplit(';').next().unwrap_or(text);
    let name = sentence.trim_start_matches(['$', '!']).split(',').next().unwrap_or_default();
    format!("sentences {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::recording::make_own;

    #[test]
    fn the_first_message_of_a_server_names_the_own_vessel_whose_deltas_become_own_ones() {
        let hello = r#"{"name":"x","version":"2.32.0","self":"vessels.urn:mrn:imo:mmsi:230"}"#;
        assert_eq!(Line::parse(hello), Line::OwnVessel("vessels.urn:mrn:imo:mmsi:230".to_owned()));
        let line = r#"{"context":"vessels.a","updates":[{"timestamp":"2026-01-01T00:00:00.5Z"}]}"#;
        let Line::Delta(mut recorded) = Line::parse(line) else { panic!("{line}") };
        assert!(recorded.at.is_some());
        make_own(&mut recorded.delta, "vessels.b");
        assert_eq!(recorded.delta["context"], "vessels.a");
        make_own(&mut recorded.delta, "vessels.a");
        assert_eq!(recorded.delta.to_string(), r#"{"updates":[{}]}"#);
    }

    #[test]
    fn a_sentence_has_its_talker_its_values_and_its_time() {
        let line = "$GPRMC,021000.00,A,5010.01144,N,00502.28219,W,1.0,106.2,040726,,,A*4F";
        let Line::Delta(recorded) = Line::parse(line) else { panic!("{line}") };
        assert!(recorded.source.ends_with(".GP"), "{}", recorded.source);
        assert_eq!(recorded.at, humantime::parse_rfc3339("2026-07-04T02:10:00Z").ok());
        let position = &recorded.delta["updates"][0]["values"][0];
        assert_eq!(position["path"], "navigation.position");
        assert!(matches!(Line::parse(&line.replace("106.2", "107.2")), Line::Broken(_)));
    }

    #[test]
    fn what_is_neither_a_sentence_nor_a_delta_is_told_with_what_was_expected() {
        let Line::Broken(reason) = Line::parse("hello") else { panic!("it was taken") };
        assert!(reason.contains("$GPRMC"), "{reason}");
        assert_eq!(Line::parse("  "), Line::Nothing);
        assert_eq!(Line::parse("# Falmouth"), Line::Nothing);
    }
}
