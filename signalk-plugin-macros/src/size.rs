//! Sizes such as `"8 MiB"`.

use signalk_plugin_contract::ANSWER_BUFFER;
use syn::LitStr;

use crate::mistakes::Mistakes;

/// More would take a large part of the memory that wasm has.
const MOST: usize = 64 << 20;

/// Reads a number of bytes.
pub(crate) fn parse(literal: &LitStr, mistakes: &mut Mistakes) -> Option<usize> {
    let text = literal.value();
    let (number, unit) =
        text.split_at(text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len()));
    let unit = match unit.trim() {
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "kB" => 1_000,
        "MB" => 1_000_000,
        _ => 0,
    };
    let size = number.parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
    match size {
        Some(size) if size > MOST => {
            mistakes.at(literal, format!("\"{text}\" is too much: write \"64 MiB\" or less"));
            None
        }
        Some(size) if size <= ANSWER_BUFFER && size > 0 => {
            mistakes.at(
                literal,
                format!(
                    "the server's buffer holds {ANSWER_BUFFER} bytes without it: write more, or remove it"
                ),
            );
            None
        }
        Some(size) if size > 0 => Some(size),
        _ => {
            mistakes.at(
                literal,
                format!("\"{text}\" is no size: write a number and a unit, as in \"8 MiB\""),
            );
            None
        }
    }
}
