//! The kind of crate.

use toml_edit::Item;

use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::subject::{Crate, get};

/// The rule that it becomes a .wasm that servers load.
pub(super) fn for_webassembly(krate: &Crate) -> Vec<Finding> {
    let Some(document) = krate.document() else { return Vec::new() };
    if document.get("package").is_none() {
        // A workspace, whose members are looked at one by one.
        return Vec::new();
    }
    let types = get(document.as_table(), &["lib", "crate-type"]).and_then(Item::as_array);
    if types.is_some_and(|types| types.iter().any(|it| it.as_str() == Some("cdylib"))) {
        return Vec::new();
    }
    let fix = Fix { file: krate.file.clone(), edit: Edit::CrateType };
    let place = krate.place_of(&["lib", "crate-type"]);
    if krate.has_lib {
        let message = "the crate builds no .wasm that a server loads: write crate-type = [\"cdylib\"] into [lib]";
        return vec![Finding::error("crate-type", message).at(place).fixed_by(fix)];
    }
    let message = "the crate is a program and no library, and a server would run it once, as a command: move \
                   src/main.rs to src/lib.rs, and write crate-type = [\"cdylib\"] into [lib]";
    vec![Finding::error("crate-type", message).at(place)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    #[test]
    fn a_crate_that_becomes_no_wasm_is_told_at_the_line() {
        let of = |text: &str| for_webassembly(&Crate::of(text, ""));
        let found = of("[package]\nname = \"a\"\n[lib]\ncrate-type = [\"rlib\"]\n");
        assert!(one(&found, "Cargo.toml:4", &["cdylib"]).fix.is_some());
        one(&of("[package]\nname = \"a\"\n"), "Cargo.toml", &["cdylib"]);
        assert_eq!(of("[package]\n[lib]\ncrate-type = [\"rlib\", \"cdylib\"]\n"), []);
        assert_eq!(of("[workspace]\n"), []);
    }

    #[test]
    fn a_program_is_told_to_become_a_library() {
        let program = Crate { has_lib: false, ..Crate::of("[package]\nname = \"a\"\n", "") };
        let found = one(&for_webassembly(&program), "Cargo.toml", &["program", "src/lib.rs"]);
        assert_eq!(found.fix, None);
    }
}
