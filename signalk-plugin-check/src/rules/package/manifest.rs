//! `wasmManifest`, the path of the .wasm.

use serde_json::Value;
use signalk_plugin_host::contract::package as keys;
use signalk_plugin_host::{Package, PackageError};

use crate::finding::Finding;
use crate::fix::Fix;
use crate::subject::{PackageFolder, bare};

/// The rule that there is one.
pub(super) fn a_text(package: &PackageFolder) -> Vec<Finding> {
    if package.is_source || !package.json.value.is_object() {
        return Vec::new();
    }
    let message = match package.json.value.get(keys::MANIFEST) {
        Some(Value::String(path)) if !path.is_empty() => return Vec::new(),
        None => format!(
            "package.json has no {0}, so the server takes the package for a plugin in JavaScript: write \"{0}\": \
             \"plugin.wasm\"",
            keys::MANIFEST
        ),
        Some(found) => {
            format!(
                "{0} is {found}, expected the path of the .wasm: write \"plugin.wasm\"",
                keys::MANIFEST
            )
        }
    };
    let fix =
        package.only_module().map(|only| Fix::set(&package.json.file, &[keys::MANIFEST], only));
    let place = package.json.place_of(&[keys::MANIFEST]);
    vec![Finding::error("manifest", message).at(place).fixed_by(fix)]
}

/// The rule that it does not lead elsewhere.
pub(super) fn below_the_package(package: &PackageFolder) -> Vec<Finding> {
    match Package::from_json(&package.json.text) {
        Err(error @ PackageError::BadManifest { .. }) => {
            let place = package.json.place_of(&[keys::MANIFEST]);
            vec![Finding::error("manifest", error.to_string()).at(place)]
        }
        _ => Vec::new(),
    }
}

/// The rule that the file is there.
pub(super) fn leads_to_a_file(package: &PackageFolder) -> Vec<Finding> {
    let Some(path) = package.manifest().filter(|path| !path.is_empty()) else { return Vec::new() };
    if package.is_source || path.contains("..") || package.has_file(path) {
        return Vec::new();
    }
    let flat = bare(path).to_lowercase();
    let mut files = package.files.iter().map(String::as_str);
    let same_in_another_case = files.find(|file| file.to_lowercase() == flat);
    let meant = same_in_another_case.or_else(|| package.only_module());
    let way_out = match meant {
        Some(meant) if same_in_another_case.is_some() => {
            format!("which is not found where capitals count: write {meant}")
        }
        Some(meant) => format!("where nothing is: did you mean {meant}?"),
        None => "where nothing is: build the package, or correct the path".to_owned(),
    };
    let message = format!("{} leads to {path}, {way_out}", keys::MANIFEST);
    let fix = meant.map(|meant| Fix::set(&package.json.file, &[keys::MANIFEST], meant));
    let place = package.json.place_of(&[keys::MANIFEST]);
    vec![Finding::error("manifest-file", message).at(place).fixed_by(fix)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    fn leading_to(path: &str) -> PackageFolder {
        PackageFolder::of(&format!("{{\"name\": \"a\",\n\"wasmManifest\": {path}}}"), &[])
    }

    #[test]
    fn a_package_without_one_is_told_what_the_server_takes_it_for() {
        let found = a_text(&PackageFolder::of("{}", &[]));
        let found = one(&found, "package.json", &["plugin in JavaScript"]);
        assert_eq!(found.fix.unwrap().says(), "wasmManifest = \"plugin.wasm\"");
        one(&a_text(&leading_to("5")), "package.json:2", &["is 5, expected the path"]);
        one(&a_text(&leading_to("\"\"")), "package.json:2", &["expected the path"]);
        assert_eq!(a_text(&leading_to("\"plugin.wasm\"")), []);
    }

    #[test]
    fn one_that_leads_out_of_the_package_is_told() {
        one(&below_the_package(&leading_to("\"../a.wasm\"")), "package.json:2", &["../a.wasm"]);
        assert_eq!(below_the_package(&leading_to("\"plugin.wasm\"")), []);
    }

    #[test]
    fn one_that_leads_nowhere_is_told_with_what_is_there() {
        let found = leads_to_a_file(&leading_to("\"dist/plugin.wasm\""));
        let found = one(&found, "package.json:2", &["did you mean plugin.wasm?"]);
        assert_eq!(found.fix.unwrap().says(), "wasmManifest = \"plugin.wasm\"");
        let found = leads_to_a_file(&leading_to("\"Plugin.wasm\""));
        one(&found, "package.json:2", &["capitals count", "plugin.wasm"]);
        assert_eq!(leads_to_a_file(&leading_to("\"./plugin.wasm\"")), []);
    }
}
