//! Limits of texts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use regex_lite::Regex;

use super::keywords::get;
use super::limits::{Limited, Limits};
use super::number;
use crate::json::{self, Entry, Error};

const LENGTH: [&str; 2] = ["minLength", "maxLength"];

pub(super) fn check<L: Limited>(keywords: &[Entry<'_>], value: &str) -> Result<(), Error> {
    let text = json::string(value).unwrap_or_default();
    if L::LIMITS.has(Limits::LENGTHS) {
        number::count(text.chars().count(), keywords, LENGTH, " characters")?;
    }
    if L::LIMITS.has(Limits::FORMATS)
        && let Err(expected) = has_format(get(keywords, "format"), &text)
    {
        return Err(Error::mismatch(&json::the_text(&text), expected));
    }
    if L::LIMITS.has(Limits::PATTERNS) {
        let pattern = json::string(get(keywords, "pattern")).unwrap_or_default();
        if !matches(&pattern, &text) {
            let expected = ["a text like ", &*pattern].concat();
            return Err(Error::mismatch(&json::the_text(&text), &expected));
        }
    }
    Ok(())
}

/// Tells whether a schema may be for a text, which another could be for where it is not.
pub(super) fn is_for<L: Limited>(keywords: &[Entry<'_>], value: &str) -> bool {
    let text = json::string(value).unwrap_or_default();
    let is_long = !L::LIMITS.has(Limits::LENGTHS)
        || number::is_length(text.chars().count(), keywords, LENGTH);
    is_long
        && (!L::LIMITS.has(Limits::FORMATS) || has_format(get(keywords, "format"), &text).is_ok())
}

/// Tells whether a key is like a pattern of keys. The two are those of keys that are numbers, for which no
/// plugin is to carry what matches patterns.
pub(super) fn is_like<L: Limited>(pattern: &str, key: &str) -> bool {
    let digits = match pattern {
        r"^-?\d+$" => key.strip_prefix('-').unwrap_or(key),
        r"^\d+$" => key,
        _ => return L::LIMITS.has(Limits::PATTERNS) && matches(pattern, key),
    };
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A pattern that cannot be understood here is refused in the plugin's test.
fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).map_or(true, |regex| regex.is_match(text))
}

/// The formats that a type need not keep to: `#[schemars(email)]`, `#[schemars(url)]` and the like on a
/// text. The others go with types that read nothing else.
fn has_format(format: &str, text: &str) -> Result<(), &'static str> {
    let (is_right, expected) = match format {
        "\"email\"" => (is_email(text), "an e-mail address"),
        "\"uri\"" => (is_address(text), "an address with its scheme, https://… for example"),
        "\"ip\"" => (text.parse::<IpAddr>().is_ok(), "an IP address"),
        "\"ipv4\"" => (text.parse::<Ipv4Addr>().is_ok(), "an IPv4 address"),
        "\"ipv6\"" => (text.parse::<Ipv6Addr>().is_ok(), "an IPv6 address"),
        _ => return Ok(()),
    };
    if is_right { Ok(()) } else { Err(expected) }
}

fn is_email(text: &str) -> bool {
    let is_plain = !text.contains(|char: char| char.is_whitespace() || char.is_control());
    is_plain
        && text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

fn is_address(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme =
        scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme
        && scheme.starts_with(|char: char| char.is_ascii_alphabetic())
        && !text.contains(|char: char| char.is_whitespace() || char.is_control())
}
