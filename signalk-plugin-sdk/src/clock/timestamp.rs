//! Times as servers and their sources send them.

use std::time::{Duration, SystemTime};

use super::{now, parse_rfc3339};

/// The time at which a source says that it measured something: see
/// [`Update::measured`](crate::delta::Update::measured), [`Origin::measured`](crate::delta::Origin::measured) and
/// [`Entry::measured`](crate::model::Entry::measured).
///
/// Mostly it is the server's wall clock when the data came in, so it is as right as that. How long ago something
/// arrived is safer, and what [`model`](crate::model) goes by; this one tells what came late, from a service in the
/// internet for example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(SystemTime);

impl Timestamp {
    /// Reads a time as [`parse_rfc3339`] does, and also one without a zone, which is taken for UTC, as all times in
    /// Signal K are. `None` for anything else.
    ///
    /// ```
    /// use signalk_plugin_sdk::clock::Timestamp;
    ///
    /// let time = Timestamp::parse("2026-01-01T00:00:00.000Z");
    /// assert!(time.is_some());
    /// assert_eq!(Timestamp::parse("2026-01-01T02:00:00+02:00"), time);
    /// assert_eq!(Timestamp::parse("2026-01-01 00:00:00"), time);
    /// assert_eq!(Timestamp::parse("noon"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let time = parse_rfc3339(text);
        time.or_else(|| parse_rfc3339(&[text.trim_end(), "Z"].concat())).map(Self)
    }

    /// The time itself.
    #[must_use]
    pub fn time(self) -> SystemTime {
        self.0
    }

    /// How long ago that was, by the wall clock; zero where it lies ahead.
    #[must_use]
    pub fn age(self) -> Duration {
        now().duration_since(self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundary::imports::native;

    #[test]
    fn what_servers_send_is_read_and_what_is_no_time_is_none() {
        let expected = parse_rfc3339("2026-05-01T12:00:00Z").map(Timestamp);
        assert!(expected.is_some());
        for text in [
            "2026-05-01T12:00:00Z",
            "2026-05-01T12:00:00.000Z",
            "2026-05-01T12:00:00",
            "2026-05-01T12:00:00.0 ",
            "2026-05-01T14:00:00+02:00",
            "2026-05-01T10:30:00-0130",
        ] {
            assert_eq!(Timestamp::parse(text), expected, "{text}");
        }
        for text in ["", "Z", "0", "1777636800000", "2026-05-01", "2026-05-01T25:00:00Z", "né"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_age_goes_by_the_wall_clock_and_is_never_negative() {
        native::reset();
        let set = |text: &str| {
            native::with(|server| server.clock.set_wall(parse_rfc3339(text).unwrap()));
        };
        let time = Timestamp::parse("2026-05-01T12:00:00Z").unwrap();
        set("2026-05-01T12:00:07.500Z");
        assert_eq!(time.age(), Duration::from_millis(7_500));
        set("2026-05-01T11:00:00Z");
        assert_eq!(time.age(), Duration::ZERO);
        native::reset();
    }
}
