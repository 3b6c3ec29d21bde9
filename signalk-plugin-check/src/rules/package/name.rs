//! The name of the package, which is the plugin's id.

use signalk_plugin_host::Package;
use signalk_plugin_host::contract::{env, package as keys};

use crate::finding::Finding;
use crate::subject::PackageFolder;

fn name(package: &PackageFolder) -> Option<&str> {
    package.json.value.get("name")?.as_str().filter(|name| !name.is_empty())
}

/// The rule that there is one that npm takes.
pub(super) fn fit_for_npm(package: &PackageFolder) -> Vec<Finding> {
    if !package.json.value.is_object() {
        return Vec::new();
    }
    let problem = match name(package) {
        // The build takes that of Cargo.toml.
        None if package.is_source && package.json.value.get("name").is_none() => None,
        None => Some(
            "package.json has no name, by which the server finds the plugin and its settings: write \"name\": \
             \"signalk-…\""
                .to_owned(),
        ),
        Some(name) => what_is_wrong_with(name),
    };
    let told = problem.map(|it| Finding::error("name", it).at(package.json.place_of(&["name"])));
    told.into_iter().collect()
}

fn what_is_wrong_with(name: &str) -> Option<String> {
    // The rule of the host, for the server makes paths of the name.
    let json = serde_json::json!({ "name": name, (keys::MANIFEST): "plugin.wasm" });
    if let Err(error) = Package::from_json(&json.to_string()) {
        return Some(error.to_string());
    }
    let problem = keys::why_npm_refuses(name)?;
    Some(format!("the name {name} {problem}, which npm does not take: call it {}", for_npm(name)))
}

/// A name near one that npm refuses, which it takes.
pub(in crate::rules) fn for_npm(name: &str) -> String {
    let small = name.trim_start_matches('_').to_lowercase();
    let is_fit = |char: char| char.is_ascii_alphanumeric() || "-._~@/".contains(char);
    small.chars().map(|char| if is_fit(char) { char } else { '-' }).collect()
}

/// The rule that the settings can be read and saved.
pub(super) fn without_scope(package: &PackageFolder) -> Vec<Finding> {
    let Some(scoped) = name(package).filter(|name| name.starts_with('@')) else {
        return Vec::new();
    };
    let bare = scoped.rsplit('/').next().unwrap_or_default();
    let message = format!(
        "the name {scoped} has a scope, with which {} answers {{}}, {} fails and sockets stay open after a stop: \
         call it {bare}",
        env::READ_CONFIG.name,
        env::SAVE_CONFIG.name
    );
    vec![Finding::warning("name-scope", message).at(package.json.place_of(&["name"]))]
}

/// The rule that an installed package is in the folder of its name, where the server looks for it.
pub(super) fn that_of_the_folder(package: &PackageFolder) -> Vec<Finding> {
    let Some(name) = name(package) else { return Vec::new() };
    let folder = package.json.folder().to_string_lossy().replace('\\', "/");
    let Some((_, installed)) = folder.rsplit_once("node_modules/") else { return Vec::new() };
    let installed = installed.trim_end_matches('/');
    if installed == name {
        return Vec::new();
    }
    let message = format!(
        "the package {name} is installed as {installed}, and the server looks for its files in \
         node_modules/{name}: rename the folder"
    );
    vec![Finding::error("name-folder", message).at(package.json.place_of(&["name"]))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;
    use crate::subject::JsonText;

    fn named(name: &str) -> PackageFolder {
        PackageFolder::of(&format!("{{\"version\": \"1.0.0\",\n\"name\": \"{name}\"}}"), &[])
    }

    #[test]
    fn a_name_that_npm_does_not_take_is_told_with_a_way_out() {
        for (name, says) in [
            ("Signalk-Depth", "call it signalk-depth"),
            ("", "has no name"),
            ("a b", "cannot be the name"),
            ("../a", "cannot be the name"),
            ("_a", "begins with an underscore, which npm does not take: call it a"),
            ("tide-höhe", "call it tide-h-he"),
        ] {
            one(&fit_for_npm(&named(name)), "package.json:2", &[says]);
        }
        one(&fit_for_npm(&PackageFolder::of("{}", &[])), "package.json", &["has no name"]);
        assert_eq!(fit_for_npm(&named("signalk-depth")), []);
        let source = PackageFolder { is_source: true, ..PackageFolder::of("{}", &[]) };
        assert_eq!(fit_for_npm(&source), []);
    }

    #[test]
    fn a_scope_is_told_with_the_name_without_it() {
        let found = one(&without_scope(&named("@me/depth")), "package.json:2", &["call it depth"]);
        assert!(!found.is_error());
        assert_eq!(without_scope(&named("depth")), []);
    }

    #[test]
    fn a_package_in_the_folder_of_another_name_is_told() {
        let installed = |folder: &str, name: &str| {
            let json = JsonText::new(
                format!("{folder}/package.json"),
                format!("{{\"name\": \"{name}\"}}"),
            );
            that_of_the_folder(&PackageFolder { json, ..named(name) })
        };
        let found = installed("a/node_modules/signalk-deep", "signalk-depth");
        one(&found, "a/node_modules/signalk-deep/package.json:1", &["installed as signalk-deep"]);
        assert_eq!(installed("a/node_modules/@me/depth", "@me/depth"), []);
        assert_eq!(installed("a/anywhere", "signalk-depth"), []);
    }
}
