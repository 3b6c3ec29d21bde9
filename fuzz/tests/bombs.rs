//! What no fuzzer finds, for it is large: depth without end, texts without end, numbers of any length.
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use signalk_plugin_fuzz::{TARGETS, target};

/// By what a target tells its handlers and steps apart; the others take it for a byte of the text.
const FIRST: [&[u8]; 9] = [b"", b"\0", b"\x01", b"\x04", b"c", b"b", b"s", b"o", b"f"];

fn bombs(size: usize) -> Vec<Vec<u8>> {
    let unit = |text: &str| text.repeat(size / text.len()).into_bytes();
    let around = |before: &str, text: &str, after: &str| {
        let text = text.repeat(size / text.len());
        [before, &text, after].concat().into_bytes()
    };
    vec![
        unit("["),
        unit("{\"a\":"),
        unit("\0"),
        unit(" "),
        vec![0xff; size],
        around("\"", "x", "\""),
        around("{\"radius\":\"", "\\u0000", "\"}"),
        around("{\"radius\":1", "0", "}"),
        around("[0.", "0", "1]"),
        around("{\"query\":", "[", ""),
        around("[", "null,", "null]"),
        around("{", "\"a\":1,", "\"a\":1}"),
        around("{\"updates\":[", "{\"values\":[{\"path\":\"a.b\",\"value\":1}]},", "{}]}"),
        around("{\"updates\":[{\"values\":[{\"path\":\"a.number\",\"value\":", "[", ""),
    ]
}

#[test]
fn what_is_deep_or_long_ends_every_target_in_good_order() {
    for target in TARGETS {
        for bomb in bombs(50_000) {
            for first in FIRST {
                (target.run)(&[first, &bomb].concat());
            }
        }
    }
}

#[test]
fn a_text_of_64_megabytes_is_told_and_not_fatal() {
    let long = "x".repeat(64 << 20);
    // The handler of a number, and the whole configuration.
    (target("put").unwrap().run)(format!("\0\"{long}\"").as_bytes());
    (target("config").unwrap().run)(format!("b{{\"radius\":\"{long}\"}}").as_bytes());
}
