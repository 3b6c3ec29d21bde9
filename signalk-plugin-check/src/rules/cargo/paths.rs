//! The paths in the source code.

use std::collections::BTreeSet;

use signalk_path_catalogue::nearest;
use signalk_plugin_host::contract::SELF_CONTEXT;

use crate::finding::Finding;
use crate::subject::Crate;

/// The name of the rule.
pub(in crate::rules) const RULE: &str = "path";

/// The rule that what is nearly a path of the specification is one. Each is told once.
pub(super) fn of_the_specification(krate: &Crate) -> Vec<Finding> {
    let mut told = BTreeSet::new();
    let found = krate.texts.iter().filter_map(|text| {
        let message = misspelt(&text.text)?;
        told.insert(message.clone()).then(|| Finding::warning(RULE, message).at(text.place.clone()))
    });
    found.collect()
}

/// The sentence, if a path of the specification was probably meant.
pub(in crate::rules) fn misspelt(text: &str) -> Option<String> {
    let path = text.strip_prefix(SELF_CONTEXT).and_then(|it| it.strip_prefix('.')).unwrap_or(text);
    if !is_a_path(path) {
        return None;
    }
    let meant = nearest(path)?;
    Some(format!(
        "{path} is no path of the Signal K specification, so nobody else sends it or listens to it: did you mean \
         {meant}?"
    ))
}

fn is_a_path(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.chars().all(|char| char.is_ascii_alphanumeric() || "-_".contains(char))
    };
    text.contains('.') && text.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;
    use crate::subject::Text;

    fn found(texts: &[&str]) -> Vec<Finding> {
        let mut krate = Crate::of("[package]\nname = \"a\"\n", "");
        let text = |text: &&str| Text { text: (*text).to_owned(), place: krate.place() };
        krate.texts = texts.iter().map(text).collect();
        of_the_specification(&krate)
    }

    #[test]
    fn a_path_with_a_letter_wrong_is_told_once_with_what_was_meant() {
        let found =
            found(&["navigation.positon", "vessels.self.navigation.positon", "navigation.positon"]);
        one(
            &found,
            "Cargo.toml",
            &["navigation.positon is no path", "did you mean navigation.position?"],
        );
    }

    #[test]
    fn paths_of_ones_own_and_other_strings_are_left_alone() {
        let texts = [
            "navigation.position",
            "plugin.wasm",
            "navigaton.*",
            "no path. At all",
            "environment.mine.x",
            "1.5",
        ];
        assert_eq!(found(&texts), []);
    }
}
