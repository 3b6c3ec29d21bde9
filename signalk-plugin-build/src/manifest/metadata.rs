//! `[package.metadata.signalk]` of a Cargo.toml: what npm and the App Store want beyond what cargo knows.

use anyhow::{Context, Result, bail};
use cargo_metadata::Package as CargoPackage;
use serde_json::{Map, Value};
use signalk_plugin_contract::spelling::nearest;
use signalk_plugin_contract::{capability, package as keys};

/// Its keys, each as written and as an example.
const KEYS: [(&str, &str); 10] = [
    ("display-name", "\"Shallow Water\""),
    ("categories", "[\"instruments\"]"),
    ("keywords", "[\"depth\"]"),
    ("app-icon", "\"assets/icon.png\""),
    ("screenshots", "[\"assets/form.png\"]"),
    ("files", "[\"data\"]"),
    ("engines", "{ node = \">=20\" }"),
    ("requires", "[\"signalk-another-plugin\"]"),
    ("recommends", "[\"signalk-another-plugin\"]"),
    ("wasm-capabilities", "{ network = true }"),
];

/// The contents of the section.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Metadata {
    pub(super) display_name: Option<String>,
    pub(super) categories: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) app_icon: Option<String>,
    pub(super) screenshots: Vec<String>,
    pub(super) files: Vec<String>,
    pub(super) engines: Map<String, Value>,
    pub(super) requires: Vec<String>,
    pub(super) recommends: Vec<String>,
    pub(super) wasm_capabilities: Map<String, Value>,
}

impl Metadata {
    /// That of a package, if it has one.
    pub(super) fn of(plugin: &CargoPackage) -> Result<Option<Self>> {
        let Some(section) = plugin.metadata.get("signalk") else { return Ok(None) };
        let metadata = Self::read(section).with_context(|| {
            format!("[package.metadata.signalk] in {} will not do", plugin.manifest_path)
        })?;
        Ok(Some(metadata))
    }

    fn read(section: &Value) -> Result<Self> {
        let Value::Object(section) = section else {
            bail!(
                "found {section}, expected a table of keys such as display-name = \"Shallow Water\""
            );
        };
        let mut metadata = Self::default();
        for (key, value) in section {
            let example = example_of(key)?;
            let entry = Entry { key, value, example };
            match key.as_str() {
                "display-name" => metadata.display_name = Some(entry.text()?),
                "categories" => metadata.categories = categories(&entry)?,
                "keywords" => metadata.keywords = entry.list()?,
                "app-icon" => metadata.app_icon = Some(entry.text()?),
                "screenshots" => metadata.screenshots = entry.list()?,
                "files" => metadata.files = entry.list()?,
                "engines" => metadata.engines = entry.table()?,
                "requires" => metadata.requires = entry.list()?,
                "recommends" => metadata.recommends = entry.list()?,
                _ => metadata.wasm_capabilities = capabilities(&entry)?,
            }
        }
        if metadata.screenshots.len() > keys::MOST_SCREENSHOTS {
            bail!(
                "screenshots has {} entries, and the App Store shows {}: leave the others out",
                metadata.screenshots.len(),
                keys::MOST_SCREENSHOTS
            );
        }
        Ok(metadata)
    }
}

/// The example for a key; of an unknown one, the key that was probably meant.
fn example_of(key: &str) -> Result<&'static str> {
    if let Some((_, example)) = KEYS.iter().find(|(known, _)| *known == key) {
        return Ok(example);
    }
    let known = KEYS.map(|(known, _)| known);
    match nearest(key, known) {
        Some(meant) => bail!("there is no key `{key}`: did you mean `{meant}`?"),
        None => bail!("there is no key `{key}`; the keys are {}", known.join(", ")),
    }
}

fn categories(entry: &Entry) -> Result<Vec<String>> {
    let categories = entry.list()?;
    for category in &categories {
        let name = category.strip_prefix(keys::CATEGORY_PREFIX).unwrap_or(category);
        if keys::CATEGORIES.contains(&name) {
            continue;
        }
        let all = keys::CATEGORIES.join(", ");
        match nearest(name, keys::CATEGORIES.iter().copied()) {
            Some(meant) => bail!(
                "the App Store has no category \"{category}\": did you mean \"{meant}\"? (all: {all})"
            ),
            None => bail!("the App Store has no category \"{category}\"; those it has are {all}"),
        }
    }
    let bare = |it: &String| it.strip_prefix(keys::CATEGORY_PREFIX).unwrap_or(it).to_owned();
    Ok(categories.iter().map(bare).collect())
}

fn capabilities(entry: &Entry) -> Result<Map<String, Value>> {
    let table = entry.table()?;
    let known: Vec<_> = capability::ALL.iter().map(|it| it.key).collect();
    for key in table.keys() {
        if known.contains(&key.as_str()) {
            continue;
        }
        match nearest(key, known.iter().copied()) {
            Some(meant) => bail!("no server knows the capability `{key}`: did you mean `{meant}`?"),
            None => bail!(
                "no server knows the capability `{key}`; those known are {}",
                known.join(", ")
            ),
        }
    }
    Ok(table)
}

/// A key with its value.
struct Entry<'a> {
    key: &'a str,
    value: &'a Value,
    example: &'static str,
}

impl Entry<'_> {
    fn text(&self) -> Result<String> {
        let text = self.value.as_str().filter(|text| !text.trim().is_empty());
        text.map(str::to_owned).with_context(|| self.otherwise("a text"))
    }

    fn list(&self) -> Result<Vec<String>> {
        let list = self.value.as_array().with_context(|| self.otherwise("a list of texts"))?;
        let texts = list.iter().map(|it| it.as_str().map(str::to_owned));
        texts.collect::<Option<_>>().with_context(|| self.otherwise("a list of texts"))
    }

    fn table(&self) -> Result<Map<String, Value>> {
        self.value.as_object().cloned().with_context(|| self.otherwise("a table"))
    }

    fn otherwise(&self, expected: &str) -> String {
        let Self { key, value, example } = self;
        format!("{key} is {value}, expected {expected}: {key} = {example}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    fn error(section: &Value) -> String {
        format!("{:#}", Metadata::read(section).unwrap_err())
    }

    #[test]
    fn a_key_that_is_not_there_is_refused_with_the_one_that_was_meant() {
        for (key, meant) in [
            ("displayName", "display-name"),
            ("display_name", "display-name"),
            ("appIcon", "app-icon"),
            ("screenshot", "screenshots"),
            ("category", "categories"),
            ("wasmCapabilities", "wasm-capabilities"),
        ] {
            let error = error(&json!({ key: "x" }));
            assert!(error.contains(&format!("did you mean `{meant}`")), "{key}: {error}");
        }
        let error = error(&json!({ "colour": "red" }));
        assert!(error.contains("no key `colour`; the keys are display-name"), "{error}");
    }

    #[test]
    fn a_value_of_another_kind_is_refused_with_an_example() {
        let found = error(&json!({ "display-name": 5 }));
        assert_eq!(found, "display-name is 5, expected a text: display-name = \"Shallow Water\"");
        let found = error(&json!({ "screenshots": "a.png" }));
        assert!(
            found.contains("expected a list of texts: screenshots = [\"assets/form.png\"]"),
            "{found}"
        );
        assert!(error(&json!({ "files": ["a", 5] })).contains("files is [\"a\",5]"));
        assert!(error(&json!({ "engines": [] })).contains("expected a table"));
        assert!(error(&json!("x")).contains("expected a table of keys"));
        assert!(error(&json!({ "screenshots": vec!["a.png"; 7] })).contains("shows 6"));
    }

    #[test]
    fn categories_and_capabilities_are_those_that_the_server_knows() {
        let both = json!({ "categories": ["signalk-category-ais", "weather"] });
        assert_eq!(Metadata::read(&both).unwrap().categories, ["ais", "weather"]);
        let found = error(&json!({ "categories": ["instrument"] }));
        assert!(found.contains("did you mean \"instruments\"?"), "{found}");
        let found = error(&json!({ "wasm-capabilities": { "rawSocket": true } }));
        assert!(found.contains("did you mean `rawSockets`?"), "{found}");
    }
}
