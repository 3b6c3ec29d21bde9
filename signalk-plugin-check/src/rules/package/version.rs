//! The version of the package.

use semver::Version;
use serde_json::Value;

use crate::finding::Finding;
use crate::fix::Fix;
use crate::subject::PackageFolder;

/// The rule that there is one by which npm and the App Store can compare.
pub(super) fn one_that_npm_takes(package: &PackageFolder) -> Vec<Finding> {
    let Some(object) = package.json.value.as_object() else { return Vec::new() };
    let found = match object.get("version") {
        Some(Value::String(version)) if Version::parse(version).is_ok() => return Vec::new(),
        None if package.is_source => return Vec::new(),
        found => found,
    };
    let message = match found {
        None => "package.json has no version, and npm installs no package without one: write \"version\": \
                 \"0.1.0\""
            .to_owned(),
        Some(found) => format!(
            "the version {found} is none of the kind 1.2.3, so the App Store leaves the plugin out: write three \
             numbers with dots"
        ),
    };
    let text = found.and_then(Value::as_str).unwrap_or("0.1.0");
    let fix = mended(text).map(|version| Fix::set(&package.json.file, &["version"], version));
    let place = package.json.place_of(&["version"]);
    vec![Finding::error("version", message).at(place).fixed_by(fix)]
}

/// The version that was meant, if there is no doubt: `v1.2` is 1.2.0.
fn mended(version: &str) -> Option<String> {
    let bare = version.trim().trim_start_matches(['v', 'V', '=']);
    let parts: Vec<u64> = bare.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let part = |index: usize| parts.get(index).copied().unwrap_or(0);
    (parts.len() <= 3).then(|| format!("{}.{}.{}", part(0), part(1), part(2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    #[test]
    fn a_version_that_is_none_is_mended_where_it_is_plain_what_was_meant() {
        for (version, meant) in [
            ("\"1.2\"", Some("1.2.0")),
            ("\"v1.2.3\"", Some("1.2.3")),
            ("\"01.2.3\"", Some("1.2.3")),
            ("\"1.2.3.4\"", None),
            ("\"latest\"", None),
            ("\"\"", None),
            ("1", Some("0.1.0")),
        ] {
            let package = PackageFolder::of(&format!("{{\n\"version\": {version}}}"), &[]);
            let found = one(&one_that_npm_takes(&package), "package.json:2", &[version, "1.2.3"]);
            assert_eq!(
                found.fix.map(|fix| fix.says()),
                meant.map(|it| format!("version = \"{it}\"")),
                "{version}"
            );
        }
        let none = one_that_npm_takes(&PackageFolder::of("{}", &[]));
        one(&none, "package.json", &["no version"]);
        for fine in ["1.2.3", "0.1.0-beta.1", "1.0.0+7"] {
            let package = PackageFolder::of(&format!("{{\"version\": \"{fine}\"}}"), &[]);
            assert_eq!(one_that_npm_takes(&package), [], "{fine}");
        }
    }
}
