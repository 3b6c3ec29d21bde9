//! The `source` object of an update.

use std::borrow::Cow;

use crate::json;

/// More about a source than its reference: the `source` object, of which the server has made `$source`. All of it
/// may be missing; what is not of the type that it should be counts as missing.
///
/// ```
/// use signalk_plugin_sdk::delta::Delta;
///
/// let delta = Delta::parse(
///     r#"{"updates":[{"source":{"label":"ais","type":"NMEA0183","talker":"AI","sentence":"VDM"},"values":[]}]}"#,
/// )?;
/// let details = delta.updates[0].details();
/// assert_eq!(details.sentence.as_deref(), Some("VDM"));
/// assert_eq!(details.pgn, None);
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceDetails<'a> {
    /// The connection in the server's settings.
    pub label: Option<Cow<'a, str>>,
    /// `type`: `NMEA0183`, `NMEA2000` or another.
    pub kind: Option<Cow<'a, str>>,
    /// Of NMEA 0183, the sentence: `VDM`.
    pub sentence: Option<Cow<'a, str>>,
    /// Of NMEA 0183, the talker: `AI`.
    pub talker: Option<Cow<'a, str>>,
    /// Of NMEA 2000, the parameter group number: 129038.
    pub pgn: Option<u32>,
    /// Of NMEA 2000, the address of the device: `43`.
    pub src: Option<Cow<'a, str>>,
}

impl<'a> SourceDetails<'a> {
    /// Reads the JSON text of a `source`.
    pub(super) fn read(json: Option<&'a str>) -> Self {
        let mut details = Self::default();
        for (key, value) in json.and_then(|json| json::object(json).ok()).unwrap_or_default() {
            let text = || json::string(value).ok().filter(|text| !text.is_empty());
            match &*key {
                "label" => details.label = text(),
                "type" => details.kind = text(),
                "sentence" => details.sentence = text(),
                "talker" => details.talker = text(),
                "pgn" => details.pgn = json::from_str(value).ok(),
                // Some libraries write the address as a number.
                "src" => {
                    details.src = text().or_else(|| json::number(value).map(|_| value.into()));
                }
                _ => {}
            }
        }
        details
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_source_says_of_itself_is_read() {
        let read = SourceDetails::read(Some(
            r#"{"label":"can0","type":"NMEA2000","pgn":129038,"src":"43","instance":"0"}"#,
        ));
        assert_eq!(read.label.as_deref(), Some("can0"));
        assert_eq!(read.kind.as_deref(), Some("NMEA2000"));
        assert_eq!((read.pgn, read.src.as_deref()), (Some(129_038), Some("43")));
        assert_eq!((read.talker, read.sentence), (None, None));
        let read = SourceDetails::read(Some(r#"{"src":43}"#));
        assert_eq!(read.src.as_deref(), Some("43"));
    }

    #[test]
    fn what_is_odd_is_missing_and_the_rest_is_read() {
        for odd in [None, Some("null"), Some("5"), Some("[]"), Some(r#""can0""#), Some("{}")] {
            assert_eq!(SourceDetails::read(odd), SourceDetails::default(), "{odd:?}");
        }
        let odd = r#"{"label":5,"type":null,"pgn":"129038","src":{},"talker":[],"sentence":"VDM"}"#;
        let expected = SourceDetails { sentence: Some("VDM".into()), ..SourceDetails::default() };
        assert_eq!(SourceDetails::read(Some(odd)), expected);
    }
}
