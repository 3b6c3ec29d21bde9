//! Paths with parts that vary, `propulsion.:id.revolutions`: whether a path fits, and what its parts are.
//!
//! The runtime itself compares with a star in place of each `:name`, so a plugin without them has nothing of
//! this in its .wasm.

use crate::delta::matches;
use crate::json::ObjectWriter;

/// Tells whether a path fits a pattern, in which `:name` stands for one part that is not empty. Beside it a `*`
/// stands at the end, for the rest of the path.
fn fits(pattern: &str, path: &str) -> bool {
    if names(pattern).next().is_none() {
        return matches(pattern, path);
    }
    let mut parts = path.split('.');
    for expected in pattern.split('.') {
        let Some(part) = parts.next() else {
            return false;
        };
        if expected == "*" {
            return true;
        }
        let is_right = if expected.starts_with(':') { !part.is_empty() } else { part == expected };
        if !is_right {
            return false;
        }
    }
    parts.next().is_none()
}

/// The parts that vary, each with its name and its place.
fn names(pattern: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts = pattern.split('.').enumerate();
    parts.filter_map(|(at, part)| Some((at, part.strip_prefix(':')?)))
}

/// Tells whether a path fits one of the patterns of a handler.
#[must_use]
pub fn fits_one_of(patterns: &[&str], path: &str) -> bool {
    patterns.iter().any(|pattern| fits(pattern, path))
}

/// The parts of a path that vary, as a JSON object of strings; `{}` if it fits none of the patterns.
pub(crate) fn parts_of(patterns: &[&str], path: &str) -> String {
    let pattern = patterns.iter().find(|pattern| fits(pattern, path)).copied();
    let mut writer = ObjectWriter::new();
    for (at, name) in names(pattern.unwrap_or_default()) {
        writer = writer.string(name, path.split('.').nth(at).unwrap_or_default());
    }
    writer.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_one_part_and_a_star_at_the_end_for_the_rest() {
        let pattern = "propulsion.:id.revolutions";
        assert!(fits(pattern, "propulsion.port.revolutions"));
        for other in [
            "propulsion.revolutions",
            "propulsion..revolutions",
            "propulsion.port.oil.revolutions",
            "propulsion.port.revolutions.max",
            "propulsion.port",
            "propulsion.port.revolution",
            "",
        ] {
            assert!(!fits(pattern, other), "{other}");
        }
        assert!(fits("electrical.:kind.*", "electrical.batteries.1.voltage"));
        assert!(!fits("electrical.:kind.*", "electrical.batteries"));
        assert!(fits("tanks.*.level", "tanks.fuel.0.level"), "without a name, as everywhere");
    }

    #[test]
    fn the_parts_have_their_names() {
        let patterns = ["propulsion.:id.revolutions", "electrical.:kind.:id.voltage"];
        let parts = |path: &str| parts_of(&patterns, path);
        assert_eq!(parts("propulsion.port.revolutions"), r#"{"id":"port"}"#);
        assert_eq!(
            parts("electrical.batteries.house \"1\".voltage"),
            r#"{"kind":"batteries","id":"house \"1\""}"#
        );
        assert_eq!(parts("navigation.position"), "{}");
    }
}
