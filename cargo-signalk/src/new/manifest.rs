//! The Cargo.toml of a new plugin, from that of the example.

use anyhow::{Context, Result};
use signalk_plugin_build::release_profile;
use toml_edit::{DocumentMut, Item, Table, value};

use super::name::Name;
use super::sdk::{SDK, Sdk};

/// The manifest with what the example inherits from this repository written out. Cargo takes a profile of
/// the workspace alone, where there is one.
pub(super) fn of_plugin(
    example: &str,
    name: &Name,
    sdk: &Sdk,
    is_in_workspace: bool,
) -> Result<String> {
    let mut manifest: DocumentMut = example.parse().context("the template's Cargo.toml")?;
    let package = table(&mut manifest, "package")?;
    package["name"] = value(name.as_str());
    for (key, text) in [
        ("version", "0.1.0"),
        ("edition", "2024"),
        ("rust-version", env!("CARGO_PKG_RUST_VERSION")),
        ("license", "Apache-2.0"),
    ] {
        package.remove(key);
        package.insert(key, value(text));
    }
    // Whoever makes the plugin is no author of the example.
    package.remove("authors");
    // To npm it goes by `cargo signalk pack`.
    package["publish"] = value(false);
    let signalk = package["metadata"]["signalk"].as_table_like_mut();
    let signalk = signalk.context("the template has no [package.metadata.signalk]")?;
    signalk.insert("display-name", value(name.title()));
    let dependencies = table(&mut manifest, "dependencies")?;
    let features = dependencies.get(SDK).and_then(|sdk| sdk.get("features"));
    let features = features.and_then(Item::as_value).cloned();
    dependencies[SDK] = value(sdk.dependency(features.as_ref()));
    manifest.remove("lints");
    let mut text = manifest.to_string().trim_end().to_owned() + "\n";
    if !is_in_workspace {
        text += "\n";
        text += &release_profile();
    }
    Ok(text)
}

fn table<'a>(manifest: &'a mut DocumentMut, key: &str) -> Result<&'a mut Table> {
    let table = manifest.get_mut(key).and_then(Item::as_table_mut);
    table.with_context(|| format!("the template's Cargo.toml has no [{key}]"))
}
