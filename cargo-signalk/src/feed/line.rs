//! One line of a recording or of a stream.

use std::time::{Duration, SystemTime};

use serde_json::Value;
use signalk_server_model::recording;

/// The meaning of a line.
#[derive(Debug, PartialEq)]
pub(super) enum Line {
    /// Empty, or a remark.
    Nothing,
    Data(Data),
    /// The first message of a server, which names its own vessel.
    OwnVessel(String),
    /// Neither a sentence nor a delta, with the reason.
    Broken(String),
}

/// A sentence or a delta, as one of now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Data {
    /// The source to be named, if the delta does not say.
    source: String,
    content: Content,
    /// When it was recorded.
    pub(super) time: Option<Time>,
}

#[derive(Debug, Clone, PartialEq)]
enum Content {
    /// As it stands in the recording, and the delta that is made of it without a server.
    Sentence(String, Result<Value, NoDelta>),
    Delta(Value),
}

/// The time of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Time {
    Date(SystemTime),
    /// The time since midnight in UTC.
    OfDay(Duration),
}

/// The reason why no delta is made of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NoDelta {
    /// It is sound, but of a kind that only a server reads: `sentences GPGSV`.
    Unread(String),
    /// It is damaged.
    Broken(String),
}

/// The languages of data, each of which a server reads by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// Sentences of NMEA 0183.
    Nmea0183,
    /// Signal K's own.
    Deltas,
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
        let (logged_at, content) = recording::logged(text);
        if content.starts_with(['$', '!', '\\']) {
            return Self::Data(sentence(content, logged_at));
        }
        match recording::line(text) {
            // Only a sentence can be sound and say nothing.
            Ok(None) => Self::Nothing,
            Ok(Some(recording::Line { source, delta, at, .. })) => {
                let time = at.map(Time::Date);
                Self::Data(Data { source, content: Content::Delta(delta), time })
            }
            Err(reason) => Self::Broken(format!(
                "{reason}; expected a sentence such as $GPRMC,…*4F or a delta such as \
                 {{\"updates\":[…]}}"
            )),
        }
    }
}

impl Data {
    pub(crate) fn language(&self) -> Language {
        match self.content {
            Content::Sentence(..) => Language::Nmea0183,
            Content::Delta(_) => Language::Deltas,
        }
    }

    /// The source to be named, if the delta does not say.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The line for a server, in its language.
    pub(crate) fn text(&self) -> String {
        match &self.content {
            Content::Sentence(text, _) => text.clone(),
            Content::Delta(delta) => delta.to_string(),
        }
    }

    /// The delta for a plugin that runs without a server.
    pub(crate) fn delta(&self) -> Result<String, NoDelta> {
        match &self.content {
            Content::Sentence(_, made) => {
                made.as_ref().map(Value::to_string).map_err(NoDelta::clone)
            }
            Content::Delta(delta) => Ok(delta.to_string()),
        }
    }

    /// The vessel that it names.
    pub(super) fn vessel(&self) -> Option<&str> {
        match &self.content {
            Content::Sentence(..) => None,
            Content::Delta(delta) => delta["context"].as_str(),
        }
    }

    /// Makes a delta about that vessel one about the own.
    pub(super) fn make_own(&mut self, vessel: &str) {
        if let Content::Delta(Value::Object(delta)) = &mut self.content
            && delta.get("context").is_some_and(|context| context == vessel)
        {
            delta.shift_remove("context");
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

fn sentence(text: &str, logged_at: Option<SystemTime>) -> Data {
    let bare = without_tags(text);
    let read = recording::line(bare);
    let date = read.as_ref().ok().and_then(|line| line.as_ref()?.at);
    let date = logged_at.or(date).map(Time::Date);
    let time = date.or_else(|| time_of_day(bare).map(Time::OfDay));
    let (source, made) = match read {
        Ok(Some(line)) => (line.source, Ok(line.delta)),
        Ok(None) => (String::new(), Err(NoDelta::Unread(kind_of(bare)))),
        Err(reason) => (String::new(), Err(NoDelta::Broken(reason))),
    };
    Data { source, content: Content::Sentence(text.to_owned(), made), time }
}

/// Leaves out a block such as `\s:gps,c:1700000000*5A\` before a sentence.
fn without_tags(text: &str) -> &str {
    let sentence = text.strip_prefix('\\').and_then(|tags| tags.split_once('\\'));
    sentence.map_or(text, |(_, sentence)| sentence)
}

/// The time of day in a sentence that has one.
fn time_of_day(sentence: &str) -> Option<Duration> {
    let mut fields = sentence.get(1..)?.split([',', '*']);
    let field = match fields.next()?.get(2..)? {
        "RMC" | "GGA" | "ZDA" | "GNS" | "GBS" => 0,
        "GLL" => 4,
        _ => return None,
    };
    let text = fields.nth(field)?;
    let two = |at: usize| text.get(at..at + 2)?.parse::<u32>().ok();
    let seconds: f64 = text.get(4..)?.parse().ok()?;
    let whole = Duration::from_secs((two(0)? * 3600 + two(2)? * 60).into());
    Some(whole + Duration::try_from_secs_f64(seconds).ok()?)
}

/// As in "sentences GPGSV".
fn kind_of(sentence: &str) -> String {
    let name = sentence.trim_start_matches(['$', '!']).split(',').next().unwrap_or_default();
    format!("sentences {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(line: &str) -> Data {
        let Line::Data(data) = Line::parse(line) else { panic!("{line}") };
        data
    }

    #[test]
    fn the_first_message_of_a_server_names_the_own_vessel_whose_deltas_become_own_ones() {
        let hello = r#"{"name":"x","version":"2.32.0","self":"vessels.urn:mrn:imo:mmsi:230"}"#;
        assert_eq!(Line::parse(hello), Line::OwnVessel("vessels.urn:mrn:imo:mmsi:230".to_owned()));
        let line = r#"{"context":"vessels.a","updates":[{"timestamp":"2026-01-01T00:00:00.5Z"}]}"#;
        let mut delta = data(line);
        assert!(delta.time.is_some());
        delta.make_own("vessels.b");
        assert_eq!(delta.vessel(), Some("vessels.a"));
        delta.make_own("vessels.a");
        assert_eq!(delta.text(), r#"{"updates":[{}]}"#);
        assert_eq!(delta.delta().unwrap(), delta.text());
    }

    #[test]
    fn a_sentence_has_its_talker_its_values_and_its_time() {
        let line = "$GPRMC,021000.00,A,5010.01144,N,00502.28219,W,1.0,106.2,040726,,,A*4F";
        let sentence = data(line);
        assert!(sentence.source().ends_with(".GP"), "{}", sentence.source());
        let time = humantime::parse_rfc3339("2026-07-04T02:10:00Z").unwrap();
        assert_eq!(sentence.time, Some(Time::Date(time)));
        assert!(sentence.delta().unwrap().contains("navigation.position"));
        assert_eq!(sentence.text(), line);
        let broken = data(&line.replace("106.2", "107.2"));
        assert!(matches!(broken.delta(), Err(NoDelta::Broken(_))));
    }

    #[test]
    fn a_sentence_that_only_a_server_reads_is_kept_for_it_with_its_time() {
        let line = "$GPZDA,120000.50,04,07,2026,00,00*65";
        let sentence = data(line);
        assert_eq!(sentence.delta(), Err(NoDelta::Unread("sentences GPZDA".to_owned())));
        assert_eq!(sentence.time, Some(Time::OfDay(Duration::from_millis(12 * 3_600_000 + 500))));
        assert_eq!(sentence.text(), line);
    }

    #[test]
    fn a_servers_own_log_and_blocks_of_tags_are_read() {
        let logged = data("1783131002000;N;$HCHDT,90.0,T*10");
        assert_eq!(logged.text(), "$HCHDT,90.0,T*10");
        assert!(matches!(logged.time, Some(Time::Date(_))));
        let tagged = data(r"\s:compass,c:1783131002*5A\$HCHDT,90.0,T*10");
        assert!(tagged.delta().unwrap().contains("navigation.headingTrue"));
        assert!(tagged.text().starts_with('\\'));
    }

    #[test]
    fn what_is_neither_a_sentence_nor_a_delta_is_told_with_what_was_expected() {
        let Line::Broken(reason) = Line::parse("hello") else { panic!("it was taken") };
        assert!(reason.contains("$GPRMC"), "{reason}");
        assert_eq!(Line::parse("  "), Line::Nothing);
        assert_eq!(Line::parse("# Falmouth"), Line::Nothing);
    }
}
