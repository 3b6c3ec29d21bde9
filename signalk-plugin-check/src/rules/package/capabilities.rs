//! `wasmCapabilities`, as far as package.json alone tells.

use serde_json::{Map, Value};
use signalk_plugin_host::contract::spelling::nearest;
use signalk_plugin_host::contract::{capability, package as keys};

use crate::finding::Finding;
use crate::fix::Fix;
use crate::subject::PackageFolder;

/// The rule that they are an object.
pub(super) fn an_object(package: &PackageFolder) -> Vec<Finding> {
    let found = package.json.value.get(keys::CAPABILITIES);
    let Some(found) = found.filter(|it| !it.is_object()) else { return Vec::new() };
    let message = format!(
        "{} is {found}, of which the server reads nothing: write an object such as {{\"rawSockets\": true}}",
        keys::CAPABILITIES
    );
    vec![Finding::error("capabilities", message).at(package.json.place_of(&[keys::CAPABILITIES]))]
}

/// The rule that a server knows each.
pub(super) fn known(package: &PackageFolder) -> Vec<Finding> {
    let known: Vec<_> = capability::ALL.iter().map(|it| it.key).collect();
    let unknown = package.granted().into_iter().flat_map(Map::keys);
    let unknown = unknown.filter(|key| !known.contains(&key.as_str()));
    let told = unknown.map(|key| {
        let way_out = match nearest(key, known.iter().copied()) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => format!("those there are: {}", known.join(", ")),
        };
        let message = format!("no server knows the capability \"{key}\": {way_out}");
        let place = package.json.place_of(&[keys::CAPABILITIES, key]);
        Finding::warning("capability-unknown", message).at(place)
    });
    told.collect()
}

/// The rule that each is granted, or not, as it looks.
pub(super) fn truths(package: &PackageFolder) -> Vec<Finding> {
    let looks_otherwise =
        |value: &Value| matches!(value.as_str(), Some("false" | "no" | "off" | "none"));
    let odd = package.granted().into_iter().flatten().filter(|(_, value)| looks_otherwise(value));
    let told = odd.map(|(key, value)| {
        let message = format!(
            "the capability \"{key}\" is {value}, a text, by which the server grants it: write false, or leave it out"
        );
        let path = [keys::CAPABILITIES, key];
        let fix = Fix::set(&package.json.file, &path, false);
        Finding::warning("capability-value", message).at(package.json.place_of(&path)).fixed_by(fix)
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    fn package(capabilities: &str) -> PackageFolder {
        PackageFolder::of(&format!("{{\n\"wasmCapabilities\":\n{capabilities}}}"), &[])
    }

    #[test]
    fn capabilities_that_are_no_object_are_an_error() {
        one(&an_object(&package("[\"rawSockets\"]")), "package.json:2", &["write an object"]);
        assert_eq!(an_object(&package("{}")), []);
    }

    #[test]
    fn a_capability_that_no_server_knows_is_told_with_the_nearest() {
        let found = known(&package("{\"rawsockets\": true}"));
        one(&found, "package.json:3", &["did you mean \"rawSockets\"?"]);
        one(&known(&package("{\"gpio\": true}")), "package.json:3", &["putHandlers"]);
        assert_eq!(known(&package("{\"rawSockets\": true}")), []);
    }

    #[test]
    fn a_text_that_looks_like_no_is_told_to_be_a_yes() {
        let found = truths(&package("{\"rawSockets\": \"false\"}"));
        let found = one(&found, "package.json:3", &["\"false\", a text"]);
        assert_eq!(found.fix.unwrap().says(), "wasmCapabilities.rawSockets = false");
        assert_eq!(truths(&package("{\"storage\": \"vfs-only\", \"network\": false}")), []);
    }
}
