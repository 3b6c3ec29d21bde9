//! The name of the crate, which becomes that of the package.

use signalk_plugin_host::contract::package::why_npm_refuses;
use toml_edit::Item;

use crate::finding::Finding;
use crate::rules::package::for_npm;
use crate::subject::{Crate, get};

/// The rule that npm takes it.
pub(super) fn fit_for_npm(krate: &Crate) -> Vec<Finding> {
    let Some(document) = krate.document() else { return Vec::new() };
    let Some(name) = get(document.as_table(), &["package", "name"]).and_then(Item::as_str) else {
        return Vec::new();
    };
    let Some(problem) = why_npm_refuses(name) else { return Vec::new() };
    let message = format!(
        "the crate's name {name} {problem}, which npm does not take: call it {}",
        for_npm(name)
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
