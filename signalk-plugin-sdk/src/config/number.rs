//! Limits of numbers, and of how many there are of something.

use super::keywords::get;
use crate::json::{self, Entry, Error};
use crate::text;

/// A limit that a number does not keep.
pub(super) fn check(keywords: &[Entry<'_>], found: &str) -> Result<(), Error> {
    if is_within(keywords, json::number(found).unwrap_or_default()) {
        return Ok(());
    }
    Err(Error::mismatch(found, &expected(keywords)))
}

/// As [`check`], for a text where there is to be a number: the type reads one out of it, by a function
/// of its author's.
pub(super) fn check_text(keywords: &[Entry<'_>], found: &str) -> Result<(), Error> {
    let kinds = get(keywords, "type");
    let is_kind = |kind| text::find(kinds, kind).is_some();
    if is_kind("\"string\"") || !(is_kind("\"number\"") || is_kind("\"integer\"")) {
        return Ok(());
    }
    let text = json::string(found).unwrap_or_default();
    let number = text.trim();
    let number = number.strip_prefix('+').unwrap_or(number);
    let is_word = |word: &&str| word.eq_ignore_ascii_case(number.trim_start_matches('-'));
    let number = match json::number(number) {
        Some(number) => number,
        // Numbers to Rust, of which no limit is kept.
        None if ["nan", "inf", "infinity"].iter().any(is_word) => f64::NAN,
        None => return Ok(()),
    };
    if is_within(keywords, number) {
        return Ok(());
    }
    Err(Error::mismatch(&json::the_text(&text), &expected(keywords)))
}

fn is_within(keywords: &[Entry<'_>], number: f64) -> bool {
    let limit = |name| json::number(get(keywords, name));
    limit("minimum").is_none_or(|least| number >= least)
        && limit("maximum").is_none_or(|most| number <= most)
        && limit("exclusiveMinimum").is_none_or(|below| number > below)
        && limit("exclusiveMaximum").is_none_or(|above| number < above)
        && limit("multipleOf").is_none_or(|step| is_multiple(number, step))
}

/// To eight digits, as the server's form has it: no multiple of 0.1 is one exactly.
fn is_multiple(number: f64, step: f64) -> bool {
    let times = number / step;
    (times - times.round_ties_even()).abs() <= 1e-8
}

/// `10 to 1000`, `more than 0, a multiple of 5`.
fn expected(keywords: &[Entry<'_>]) -> String {
    let limit = |name| plain(get(keywords, name));
    let range = range(limit("minimum"), limit("maximum"));
    let mut parts = vec![range];
    for (name, words) in [
        ("exclusiveMinimum", "more than "),
        ("exclusiveMaximum", "less than "),
        ("multipleOf", "a multiple of "),
    ] {
        let limit = limit(name);
        if !limit.is_empty() {
            parts.push([words, limit].concat());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn range(least: &str, most: &str) -> String {
    match (least, most) {
        ("", "") => String::new(),
        (least, "") => [least, " or more"].concat(),
        ("", most) => [most, " or less"].concat(),
        (least, most) if least == most => least.to_owned(),
        (least, most) => [least, " to ", most].concat(),
    }
}

/// As people write it.
fn plain(number: &str) -> &str {
    number.strip_suffix(".0").unwrap_or(number)
}

/// Holds a count against a least and a most.
#[inline(never)]
pub(super) fn count(
    found: usize,
    keywords: &[Entry<'_>],
    limits: [&str; 2],
    of: &str,
) -> Result<(), Error> {
    let [least, most] = limits.map(|name| plain(get(keywords, name)));
    let number = found as f64;
    if json::number(least).is_none_or(|least| number >= least)
        && json::number(most).is_none_or(|most| number <= most)
    {
        return Ok(());
    }
    Err(Error::mismatch(&found.to_string(), &[&*range(least, most), of].concat()))
}

/// Tells whether it is as long as it must be, where there is only one length.
pub(super) fn is_length(found: usize, keywords: &[Entry<'_>], limits: [&str; 2]) -> bool {
    let [least, most] = limits.map(|name| get(keywords, name));
    least != most || count(found, keywords, limits, "").is_ok()
}
