//! A package.json from what Cargo.toml says.

use anyhow::{Result, bail};
use cargo_metadata::Package as CargoPackage;
use serde_json::{Map, Value, json};
use signalk_plugin_contract::package as keys;

use super::metadata::Metadata;
use crate::node;

/// All of it but what depends on the .wasm and on the files.
pub(super) fn json(
    plugin: &CargoPackage,
    metadata: Option<&Metadata>,
) -> Result<Map<String, Value>> {
    let name = plugin.name.as_str();
    if let Some(problem) = keys::why_npm_refuses(name) {
        bail!(
            "{} has the name {name}, which {problem}: npm does not take it, so write another",
            plugin.manifest_path
        );
    }
    let none = Metadata::default();
    let metadata = metadata.unwrap_or(&none);
    let mut json = Map::new();
    json.insert("name".into(), name.into());
    json.insert("version".into(), plugin.version.to_string().into());
    let texts = [
        ("description", &plugin.description),
        ("license", &plugin.license),
        ("homepage", &plugin.homepage),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            json.insert(key.into(), text.as_str().into());
        }
    }
    people(&mut json, &plugin.authors);
    if let Some(repository) = &plugin.repository {
        json.insert("repository".into(), json!({ "type": "git", "url": git_url(repository) }));
    }
    json.insert("keywords".into(), keywords(plugin, metadata).into());
    let signalk = signalk(metadata);
    if !signalk.is_empty() {
        json.insert("signalk".into(), signalk.into());
    }
    let mut engines = metadata.engines.clone();
    engines.entry("node").or_insert_with(|| format!(">={}", node::OLDEST).into());
    json.insert("engines".into(), engines.into());
    // Replaced by what is in the package, once it is there.
    if !metadata.files.is_empty() {
        json.insert("files".into(), metadata.files.clone().into());
    }
    Ok(json)
}

/// npm has one author, and contributors.
fn people(json: &mut Map<String, Value>, authors: &[String]) {
    if let Some((first, others)) = authors.split_first() {
        json.insert("author".into(), first.as_str().into());
        if !others.is_empty() {
            json.insert("contributors".into(), others.into());
        }
    }
}

/// As npm writes the address of a repository.
fn git_url(repository: &str) -> String {
    let bare = repository.trim_end_matches('/');
    if bare.starts_with("git") {
        return bare.to_owned();
    }
    let bare = bare.strip_suffix(".git").unwrap_or(bare);
    format!("git+{bare}.git")
}

/// Those without which no server finds the plugin come first.
fn keywords(plugin: &CargoPackage, metadata: &Metadata) -> Vec<String> {
    let mut keywords = vec![keys::APP_STORE_KEYWORD.to_owned(), keys::KEYWORD.to_owned()];
    let category = |name: &String| [keys::CATEGORY_PREFIX, name.as_str()].concat();
    keywords.extend(metadata.categories.iter().map(category));
    for keyword in metadata.keywords.iter().chain(&plugin.keywords) {
        if !keywords.contains(keyword) {
            keywords.push(keyword.clone());
        }
    }
    keywords
}

/// The keys for the App Store to show.
fn signalk(metadata: &Metadata) -> Map<String, Value> {
    let mut signalk = Map::new();
    let texts = [("displayName", &metadata.display_name), ("appIcon", &metadata.app_icon)];
    for (key, text) in texts {
        if let Some(text) = text {
            signalk.insert(key.into(), text.as_str().into());
        }
    }
    let lists = [
        ("screenshots", &metadata.screenshots),
        ("requires", &metadata.requires),
        ("recommends", &metadata.recommends),
    ];
    for (key, list) in lists {
        if !list.is_empty() {
            signalk.insert(key.into(), list.clone().into());
        }
    }
    signalk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_repository_is_written_as_npm_writes_it() {
        let git = "git+https://example.org/me/plugin.git";
        for address in [
            "https://example.org/me/plugin",
            "https://example.org/me/plugin/",
            "https://example.org/me/plugin.git",
            git,
        ] {
            assert_eq!(git_url(address), git);
        }
        assert_eq!(git_url("git@example.org:me/plugin.git"), "git@example.org:me/plugin.git");
    }
}
