//! Rules for the App Store, and for installing from it.

use serde_json::Value;
use signalk_server_model::app_store::{Picture, pictures};

use super::files::is_packed;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::subject::{PackageFolder, bare};

/// The rule that icon and screenshots are in what npm publishes.
pub(super) fn pictures_are_packed(package: &PackageFolder) -> Vec<Finding> {
    let mut told = Vec::new();
    for Picture { key, path: picture } in pictures(&package.json.value) {
        let what = if !package.has_file(picture) {
            "which is not there: put it there, or leave it out"
        } else if package.is_source || is_packed(package, bare(picture)) {
            continue;
        } else {
            "which npm leaves out of the package: add it to \"files\""
        };
        let message = format!("the App Store is to show {picture}, {what}");
        told.push(
            Finding::warning("pictures", message).at(package.json.place_of(&["signalk", key])),
        );
    }
    told
}

/// The rule that npm publishes it.
pub(super) fn not_private(package: &PackageFolder) -> Vec<Finding> {
    if package.json.value.get("private") != Some(&Value::Bool(true)) {
        return Vec::new();
    }
    let message =
        "package.json has \"private\": true, with which npm publishes nothing: leave it out";
    let fix = Fix::remove(&package.json.file, &["private"]);
    vec![Finding::warning("private", message).at(package.json.place_of(&["private"])).fixed_by(fix)]
}

/// Scripts that npm would run where the package is installed.
const ON_INSTALL: [&str; 3] = ["preinstall", "install", "postinstall"];

/// The rule that nothing waits for a script, for servers install without them.
pub(super) fn nothing_to_run(package: &PackageFolder) -> Vec<Finding> {
    let scripts = &package.json.value["scripts"];
    let found = ON_INSTALL.into_iter().filter(|it| scripts.get(it).is_some());
    let told = found.map(|script| {
        let message = format!(
            "the script \"{script}\" is never run, for servers install plugins with --ignore-scripts: put what it \
             makes into the package"
        );
        Finding::warning("scripts", message).at(package.json.place_of(&["scripts", script]))
    });
    told.collect()
}

/// The rule that nobody counts on a key that is for plugins in JavaScript.
pub(super) fn not_enabled_by_default(package: &PackageFolder) -> Vec<Finding> {
    const KEY: &str = "signalk-plugin-enabled-by-default";
    if package.json.value.get(KEY).is_none() {
        return Vec::new();
    }
    let message = format!(
        "\"{KEY}\" is for plugins in JavaScript, and servers start no WebAssembly plugin by it: leave it out, and say \
         in the README that the plugin is to be enabled"
    );
    let fix = Fix::remove(&package.json.file, &[KEY]);
    vec![
        Finding::warning("enabled-by-default", message)
            .at(package.json.place_of(&[KEY]))
            .fixed_by(fix),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    fn of(rule: fn(&PackageFolder) -> Vec<Finding>, json: &str) -> Vec<Finding> {
        rule(&PackageFolder::of(json, &["assets/icon.png"]))
    }

    #[test]
    fn a_picture_that_the_store_cannot_show_is_told() {
        let json = |icon: &str, files: &str| {
            format!("{{\"files\": {files},\n\"signalk\": {{\"appIcon\": \"{icon}\"}}}}")
        };
        let found = of(pictures_are_packed, &json("assets/ikon.png", "[\"assets\"]"));
        one(&found, "package.json:2", &["assets/ikon.png", "not there"]);
        let found = of(pictures_are_packed, &json("assets/icon.png", "[\"plugin.wasm\"]"));
        one(&found, "package.json:2", &["leaves out"]);
        assert_eq!(of(pictures_are_packed, &json("./assets/icon.png", "[\"assets\"]")), []);
        assert_eq!(of(pictures_are_packed, &json("https://a/b.png", "[]")), []);
    }

    #[test]
    fn a_private_package_is_told() {
        one(&of(not_private, "{\"private\": true}"), "package.json:1", &["publishes nothing"]);
        assert_eq!(of(not_private, "{\"private\": false}"), []);
    }

    #[test]
    fn a_script_that_no_server_runs_is_told() {
        let found =
            of(nothing_to_run, "{\"scripts\": {\n\"postinstall\": \"make\", \"test\": \"x\"}}");
        one(&found, "package.json:2", &["\"postinstall\"", "--ignore-scripts"]);
        assert_eq!(of(nothing_to_run, "{\"scripts\": {\"prepare\": \"x\"}}"), []);
    }

    #[test]
    fn a_key_for_plugins_in_javascript_is_told() {
        let found = of(not_enabled_by_default, "{\"signalk-plugin-enabled-by-default\": true}");
        one(&found, "package.json:1", &["JavaScript"]);
        assert_eq!(of(not_enabled_by_default, "{}"), []);
    }
}
