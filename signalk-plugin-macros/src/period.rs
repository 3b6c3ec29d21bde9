//! The periods of `#[every("…")]`.

use std::time::Duration;

use signalk_plugin_contract::POLL_INTERVAL;
use syn::LitStr;

use crate::mistakes::Mistakes;

/// Reads `"10s"`, `"5m"`, `"1h 30m"`.
pub(crate) fn parse(literal: &LitStr, mistakes: &mut Mistakes) -> Option<Duration> {
    let text = literal.value();
    let Ok(period) = humantime::parse_duration(&text) else {
        let hint = match text.trim().parse::<f64>() {
            Ok(_) => format!("add a unit, as in \"{}s\"", text.trim()),
            Err(_) => "write a number and a unit, as in \"10s\", \"5m\" or \"1h 30m\"".to_owned(),
        };
        mistakes.at(literal, format!("\"{text}\" is not a period: {hint}"));
        return None;
    };
    if period < POLL_INTERVAL {
        mistakes.at(
            literal,
            format!("the server polls a plugin once a second, so \"{text}\" is too short: write \"1s\" or more"),
        );
        return None;
    }
    if period.subsec_nanos() != 0 {
        let rounded = period.as_secs();
        mistakes.at(
            literal,
            format!("the server polls a plugin once a second, so \"{text}\" cannot be kept: write \"{rounded}s\" or \"{}s\"", rounded + 1),
        );
        return None;
    }
    Some(period)
}
