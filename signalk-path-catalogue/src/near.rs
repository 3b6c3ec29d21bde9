//! The path that was probably meant.

use strsim::damerau_levenshtein;

use crate::find::find;
use crate::paths::ALL;

/// The most letters that may be wrong in a path.
const MOST: usize = 3;

/// The path of the specification that somebody probably meant who has written this one; with the names
/// that the boat gives, where the specification leaves them open.
///
/// `None` for a path of the specification, for the beginning of some, and for one that resembles none: a
/// plugin may well have paths of its own.
#[must_use]
pub fn nearest(path: &str) -> Option<String> {
    let parts: Vec<_> = path.split('.').collect();
    if parts.len() < 2 || find(path).is_some() || is_beginning(&parts) {
        return None;
    }
    misspelt(&parts).or_else(|| in_another_group(&parts))
}

fn is_beginning(parts: &[&str]) -> bool {
    ALL.iter().any(|known| {
        let mut known = known.name.split('.');
        parts.iter().all(|part| known.next().is_some_and(|known| known == "*" || known == *part))
    })
}

fn misspelt(parts: &[&str]) -> Option<String> {
    let wrong = |known: &'static str| Some((letters_wrong(known, parts)?, known));
    let (_, known) = ALL.iter().filter_map(|known| wrong(known.name)).min()?;
    Some(with_names(known, parts))
}

/// The number of letters that are wrong, if they are few.
fn letters_wrong(known: &str, parts: &[&str]) -> Option<usize> {
    if known.split('.').count() != parts.len() {
        return None;
    }
    let mut all = 0;
    for (known, part) in known.split('.').zip(parts) {
        if known != "*" && known != *part {
            all += letters(known, part)?;
        }
    }
    (all <= MOST).then_some(all)
}

fn letters(known: &str, part: &str) -> Option<usize> {
    // A second one beside that of the specification.
    let is_numbered = part.trim_end_matches(|char: char| char.is_ascii_digit()) == known;
    if is_numbered {
        return None;
    }
    if known.eq_ignore_ascii_case(part) || is_singular_of(known, part) {
        return Some(1);
    }
    let wrong = damerau_levenshtein(known, part);
    (wrong <= (known.len() / 6).clamp(1, 2)).then_some(wrong)
}

fn is_singular_of(plural: &str, word: &str) -> bool {
    plural.strip_suffix("ies").is_some_and(|stem| word.strip_suffix('y') == Some(stem))
        || plural.strip_suffix('s') == Some(word)
}

/// The only path that ends like this one, as `environment.depth.belowKeel` for
/// `navigation.depth.belowKeel`.
fn in_another_group(parts: &[&str]) -> Option<String> {
    let end = parts.get(parts.len().checked_sub(2)?..)?;
    let mut found = ALL.iter().filter(|known| {
        let known: Vec<_> = known.name.split('.').collect();
        known.len() == parts.len() && !known.contains(&"*") && known.ends_with(end)
    });
    let first = found.next()?;
    found.next().is_none().then(|| first.name.to_owned())
}

fn with_names(known: &str, parts: &[&str]) -> String {
    let named = known.split('.').zip(parts).map(|(known, part)| match known {
        "*" => part,
        known => known,
    });
    named.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_letter_wrong_is_told_as_it_should_be() {
        for (path, meant) in [
            ("navigation.positon", "navigation.position"),
            ("navigaton.position", "navigation.position"),
            ("navigation.speedoverground", "navigation.speedOverGround"),
            ("enviroment.wind.angleAparent", "environment.wind.angleApparent"),
            ("propulsion.port.revolution", "propulsion.port.revolutions"),
            ("electrical.battery.house.voltage", "electrical.batteries.house.voltage"),
            ("navigation.depth.belowKeel", "environment.depth.belowKeel"),
        ] {
            assert_eq!(nearest(path).as_deref(), Some(meant), "{path}");
        }
    }

    #[test]
    fn a_path_of_ones_own_is_left_alone() {
        for path in [
            "navigation.position",
            "navigation",
            "navigation.gnss",
            "environment.depth.belowKeel2",
            "electrical.inverters.main.colour",
            "plugins.signalk-shallow.state",
            "navigation.magneticDeviation",
            "a.b",
            "",
            "..",
        ] {
            assert_eq!(nearest(path), None, "{path}");
        }
    }
}
