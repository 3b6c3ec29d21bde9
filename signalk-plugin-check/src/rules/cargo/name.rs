//! The name of the crate, which becomes that of the package.

use toml_edit::Item;

use crate::finding::Finding;
use crate::subject::{Crate, get};

/// The rule that npm takes it.
pub(super) fn fit_for_npm(krate: &Crate) -> Vec<Finding> {
    let Some(document) = krate.document() else { return Vec::new() };
    let Some(name) = get(document.as_table(), &["package", "name"]).and_then(Item::as_str) else {
        return Vec::new();
    };
    let problem = if name.chars().any(char::is_uppercase) {
        "capital letters"
    } else if name.starts_with('_') {
        "an underscore at its beginning"
    } else {
        return Vec::new();
    };
    let message = format!(
        "the crate's name {name} has {problem}, which npm does not take: call it {}",
        name.trim_start_matches('_').to_lowercase()
    );
    vec![Finding::error("name", message).at(krate.place_of(&["package", "name"]))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    #[test]
    fn a_name_that_npm_does_not_take_is_told_at_its_line() {
        let of =
            |name: &str| fit_for_npm(&Crate::of(&format!("[package]\nname = \"{name}\"\n"), ""));
        one(&of("Depth"), "Cargo.toml:2", &["call it depth"]);
        one(&of("_depth"), "Cargo.toml:2", &["call it depth"]);
        assert_eq!(of("signalk-depth"), []);
    }
}
