//! The keys that the server reads.

use signalk_plugin_host::contract::package as known;
use signalk_plugin_host::contract::spelling::nearest;

use crate::finding::Finding;
use crate::subject::PackageFolder;

/// Those that are misspelt in a way that nothing tells of.
const KEYS: [&str; 7] =
    [known::MANIFEST, known::CAPABILITIES, "keywords", "version", "signalk", "files", "engines"];

/// The rule that a key which is nearly one of those is one of those.
pub(super) fn spelt_right(package: &PackageFolder) -> Vec<Finding> {
    let Some(object) = package.json.value.as_object() else { return Vec::new() };
    let unknown = object.keys().filter(|key| !KEYS.contains(&key.as_str()));
    let told = unknown.filter_map(|key| {
        let meant = nearest(key, KEYS).filter(|meant| !object.contains_key(*meant))?;
        let message = format!(
            "package.json has the key \"{key}\", which nobody reads: did you mean \"{meant}\"?"
        );
        Some(Finding::error("key-unknown", message).at(package.json.place_of(&[key])))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    #[test]
    fn a_misspelt_key_is_told_with_the_one_that_was_meant() {
        let of = |json: &str| spelt_right(&PackageFolder::of(json, &[]));
        for key in ["wasmmanifest", "wasm-manifest", "wasmManifst"] {
            let found = of(&format!("{{\"name\": \"a\",\n\"{key}\": \"plugin.wasm\"}}"));
            one(&found, "package.json:2", &[key, "did you mean \"wasmManifest\"?"]);
        }
        one(&of("{\"keyword\": []}"), "package.json:1", &["\"keywords\""]);
        assert_eq!(
            of(r#"{"name": "a", "description": "b", "homepage": "c", "file": 1, "files": 2}"#),
            []
        );
    }
}
