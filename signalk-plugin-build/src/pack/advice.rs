//! Advice: things that the App Store and the plugin registry would miss in a package. One rule, one function.

use std::fs;
use std::path::Path;

use serde_json::Value;
use signalk_plugin_contract::package as keys;

/// A README from which the App Store calls a plugin well documented.
const GOOD_README: usize = 2000;

/// A package that is looked at.
struct Package<'a> {
    json: &'a Value,
    folder: &'a Path,
}

/// The sentence of each rule that is not kept.
pub(super) fn of(package_json: &Value, folder: &Path) -> Vec<String> {
    let package = Package { json: package_json, folder };
    let rules = [
        readme,
        changelog,
        licence,
        licence_name,
        description,
        author,
        repository,
        category,
        display_name,
        icon,
        screenshots,
    ];
    rules.iter().filter_map(|rule| rule(&package)).collect()
}

fn readme(package: &Package) -> Option<String> {
    let Some(text) = package.file("README") else {
        return Some(
            "there is no README.md, which the App Store shows as the page of the plugin".into(),
        );
    };
    let characters = text.trim().chars().count();
    (characters < GOOD_README).then(|| {
        format!(
            "README.md has {characters} characters; the App Store calls a plugin well documented from \
             {GOOD_README} on: say what it takes and sends, its settings, and what it cannot do"
        )
    })
}

fn changelog(package: &Package) -> Option<String> {
    package.file("CHANGELOG").is_none().then(|| {
        "there is no CHANGELOG.md, which the App Store shows beside the README: an owner looks there \
         before an update"
            .into()
    })
}

fn licence(package: &Package) -> Option<String> {
    let is_there = package.file("LICEN").is_some();
    (!is_there).then(|| "there is no LICENSE, which says what others may do with the plugin".into())
}

fn licence_name(package: &Package) -> Option<String> {
    package.lacks("license").then(|| "Cargo.toml has no `license`: license = \"Apache-2.0\"".into())
}

fn description(package: &Package) -> Option<String> {
    package.lacks("description").then(|| {
        "Cargo.toml has no `description`, the line that the App Store lists the plugin with".into()
    })
}

fn author(package: &Package) -> Option<String> {
    package.lacks("author").then(|| {
        "Cargo.toml has no `authors`, of whom the App Store names the first: authors = [\"Your Name\"]"
            .into()
    })
}

fn repository(package: &Package) -> Option<String> {
    package.lacks("repository").then(|| {
        "Cargo.toml has no `repository`: the App Store links its issues, and the plugin registry tests \
         what is there"
            .into()
    })
}

fn category(package: &Package) -> Option<String> {
    let keywords = package.json["keywords"].as_array().into_iter().flatten();
    let mut keywords = keywords.filter_map(Value::as_str);
    let has_one = keywords.any(|keyword| keyword.starts_with(keys::CATEGORY_PREFIX));
    (!has_one).then(|| {
        format!(
            "the plugin is in no category of the App Store: categories = [\"utility\"] in \
             [package.metadata.signalk]; there are {}",
            keys::CATEGORIES.join(", ")
        )
    })
}

fn display_name(package: &Package) -> Option<String> {
    package.lacks_shown("displayName").then(|| {
        "the App Store has no name to show but the package's: display-name = \"Shallow Water\" in \
         [package.metadata.signalk]"
            .into()
    })
}

fn icon(package: &Package) -> Option<String> {
    package.lacks_shown("appIcon").then(|| {
        "there is no icon: app-icon = \"assets/icon.png\" in [package.metadata.signalk], and the file \
         there"
            .into()
    })
}

fn screenshots(package: &Package) -> Option<String> {
    package.lacks_shown("screenshots").then(|| {
        format!(
            "there are no screenshots, of which the App Store shows {}: screenshots = \
             [\"assets/form.png\"] in [package.metadata.signalk], and the files there",
            keys::MOST_SCREENSHOTS
        )
    })
}

impl Package<'_> {
    /// The text of a file whose name begins like that, in whatever case.
    fn file(&self, beginning: &str) -> Option<String> {
        let mut entries = self.folder.read_dir().ok()?.flatten();
        let found = entries.find(|entry| {
            entry.file_name().to_string_lossy().to_uppercase().starts_with(beginning)
        })?;
        Some(String::from_utf8_lossy(&fs::read(found.path()).ok()?).into_owned())
    }

    fn lacks(&self, key: &str) -> bool {
        is_empty(&self.json[key])
    }

    fn lacks_shown(&self, key: &str) -> bool {
        is_empty(&self.json["signalk"][key])
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    #[test]
    fn each_rule_speaks_of_what_is_missing_and_is_silent_where_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let missing = of(&json!({}), folder.path());
        for part in [
            "no README.md",
            "no CHANGELOG.md",
            "no LICENSE,",
            "no `license`",
            "no `description`",
            "no `authors`",
            "no `repository`",
            "no category",
            "display-name",
            "no icon",
            "no screenshots",
        ] {
            let found = missing.iter().filter(|line| line.contains(part)).count();
            assert_eq!(found, 1, "{part}: {missing:#?}");
        }
        assert_eq!(missing.len(), 11);

        for (file, text) in [
            ("readme.md", "x".repeat(GOOD_README)),
            ("CHANGELOG.md", "x".into()),
            ("Licence", "x".into()),
        ] {
            fs::write(folder.path().join(file), text).unwrap();
        }
        let whole = json!({
            "license": "MIT", "description": "x", "author": "x", "repository": { "url": "x" },
            "keywords": ["signalk-category-ais"],
            "signalk": { "displayName": "x", "appIcon": "a.png", "screenshots": ["b.png"] },
        });
        assert_eq!(of(&whole, folder.path()), Vec::<String>::new());
        fs::write(folder.path().join("readme.md"), "short").unwrap();
        let short = of(&whole, folder.path());
        assert!(short.len() == 1 && short[0].contains("README.md has 5 characters"), "{short:?}");
    }
}
