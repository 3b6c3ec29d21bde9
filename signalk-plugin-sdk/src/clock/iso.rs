//! Times as text.

use std::time::{Duration, SystemTime};

/// Writes a time as Signal K does, RFC 3339 with milliseconds, in UTC: `2026-01-01T00:00:00.000Z`. A time before
/// 1970 becomes that year's beginning.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use signalk_plugin_sdk::clock;
///
/// let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_225_600_500);
/// assert_eq!(clock::format_rfc3339(time), "2026-01-01T00:00:00.500Z");
/// ```
#[must_use]
pub fn format_rfc3339(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let (seconds, millis) = (since.as_secs(), since.subsec_millis());
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    // Days since 1970 to a date, by the 400-year cycle of the Gregorian calendar counted from
    // March, so that the leap day is the last of its year.
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// Reads a time of RFC 3339, as `navigation.datetime` and the timestamps of deltas have it, in
/// UTC (`Z`) or with an offset (`+02:00`). `None` for anything else, and before 1970.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use signalk_plugin_sdk::clock;
///
/// let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_225_600_500);
/// assert_eq!(clock::parse_rfc3339("2026-01-01T00:00:00.5Z"), Some(time));
/// assert_eq!(clock::parse_rfc3339("2026-01-01T02:00:00.500+02:00"), Some(time));
/// assert_eq!(clock::parse_rfc3339("noon"), None);
/// ```
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<SystemTime> {
    let (date, time) = text.trim().split_once(['T', 't', ' '])?;
    let zone = time.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = time.split_at_checked(zone)?;
    let [year, month, day] = numbers(date, '-')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let [hour, minute, second] = numbers(time, ':')?;
    let is_possible = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    if !is_possible {
        return None;
    }
    let days = days_since_1970(year, month, day);
    let local = ((days * 24 + hour) * 60 + minute) * 60 + second;
    let utc = local.checked_add_signed(-seconds_of_zone(zone)?)?;
    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(utc) + fraction_of_second(fraction)?)
}

/// Three numbers of digits only.
fn numbers(text: &str, between: char) -> Option<[u64; 3]> {
    let mut parts = text.split(between).map(number);
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// Of digits behind the point, as many as count.
fn fraction_of_second(digits: &str) -> Option<Duration> {
    let mut nanos = 0;
    let mut place = 100_000_000;
    for byte in digits.bytes() {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        nanos += digit * place;
        place /= 10;
    }
    Some(Duration::from_nanos(nanos))
}

fn seconds_of_zone(zone: &str) -> Option<i64> {
    let (sign, offset) = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => return Some(0),
        ("+", offset) => (1, offset),
        ("-", offset) => (-1, offset),
        _ => return None,
    };
    let (hours, minutes) = match offset.split_once(':') {
        Some(parts) => parts,
        None if offset.len() == 2 => (offset, "00"),
        None => offset.split_at_checked(2)?,
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let seconds = i64::try_from(hours * 3_600 + minutes * 60).ok()?;
    (hours < 24 && minutes < 60).then_some(sign * seconds)
}

/// By the calendar of [`timestamp`].
fn days_since_1970(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year / 400, year % 400);
    let month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * month + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * 146_097 + of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_written_as_the_server_writes_them() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(format_rfc3339(at(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(format_rfc3339(at(951_782_400)), "2000-02-29T00:00:00.000Z");
        assert_eq!(format_rfc3339(at(1_767_225_599)), "2025-12-31T23:59:59.000Z");
        assert_eq!(format_rfc3339(at(4_107_542_400)), "2100-03-01T00:00:00.000Z");
    }

    #[test]
    fn what_is_written_is_read_again() {
        for day in 0..60_000_u64 {
            let time = SystemTime::UNIX_EPOCH + Duration::from_millis(day * 86_400_000 + day * 997);
            assert_eq!(parse_rfc3339(&format_rfc3339(time)), Some(time));
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-32T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:61Z",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+01:00",
            "99999-01-01T00:00:00Z",
            "+026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.x5Z",
            "2026-01-01T00:00:00+1",
            "2026-01-01T00:00:00+25:00",
            "2026-01-01T00:00:00é",
            "99999999999999999999-01-01T00:00:00Z",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
        for text in ["2026-01-01T01:00:00+0100", "2025-12-31 19:00:00-05", "2026-01-01t00:00:00z"] {
            assert_eq!(
                format_rfc3339(parse_rfc3339(text).unwrap()),
                "2026-01-01T00:00:00.000Z",
                "{text}"
            );
        }
    }
}
