//! Cargo.toml and a package.json beside it.

use serde_json::Value;
use toml_edit::Item;

use crate::finding::Finding;
use crate::fix::Fix;
use crate::subject::{Crate, PackageFolder, get};

/// The two values of a key, if they differ.
fn difference(krate: &Crate, package: &PackageFolder, key: &str) -> Option<(String, String)> {
    let document = krate.document()?;
    // What stands in the workspace's Cargo.toml, cargo and the build know.
    let cargo = get(document.as_table(), &["package", key]).and_then(Item::as_str)?;
    let npm = package.json.value.get(key).and_then(Value::as_str)?;
    (cargo != npm).then(|| (cargo.to_owned(), npm.to_owned()))
}

/// The rule that both have the same name.
pub(super) fn on_the_name(krate: &Crate, package: &PackageFolder) -> Vec<Finding> {
    let Some((cargo, npm)) = difference(krate, package, "name") else { return Vec::new() };
    let message = format!(
        "package.json has the name {npm} and Cargo.toml {cargo}: write the one into both by which the settings of \
         users are kept"
    );
    vec![Finding::error("name-differs", message).at(package.json.place_of(&["name"]))]
}

/// The rule that both have the same version.
pub(super) fn on_the_version(krate: &Crate, package: &PackageFolder) -> Vec<Finding> {
    let Some((cargo, npm)) = difference(krate, package, "version") else { return Vec::new() };
    let message = format!(
        "package.json has the version {npm} and Cargo.toml {cargo}: write {cargo} into both"
    );
    let fix = Fix::set(&package.json.file, &["version"], cargo);
    let place = package.json.place_of(&["version"]);
    vec![Finding::error("version-differs", message).at(place).fixed_by(fix)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    #[test]
    fn a_name_and_a_version_that_differ_are_told_with_both() {
        let krate = Crate::of("[package]\nname = \"depth\"\nversion = \"0.2.0\"\n", "");
        let of = |json: &str| PackageFolder::of(json, &[]);
        let other = of("{\"name\": \"deep\",\n\"version\": \"0.1.0\"}");
        one(&on_the_name(&krate, &other), "package.json:1", &["deep", "Cargo.toml depth"]);
        let found = one(&on_the_version(&krate, &other), "package.json:2", &["0.1.0", "0.2.0"]);
        assert_eq!(found.fix.unwrap().says(), "version = \"0.2.0\"");
        let same = of("{\"name\": \"depth\", \"version\": \"0.2.0\"}");
        assert_eq!((on_the_name(&krate, &same), on_the_version(&krate, &same)), (vec![], vec![]));
        assert_eq!(on_the_version(&krate, &of("{}")), []);
    }
}
