//! The capabilities of package.json against what the module uses.

use serde_json::Value;
use signalk_plugin_host::contract::{capability, package as keys};
use signalk_plugin_host::required_capabilities;

use crate::finding::Finding;
use crate::fix::Fix;
use crate::subject::{ModuleFile, PackageFolder};

/// Tells if a value grants a capability, as JavaScript has it.
fn grants(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => true,
    }
}

/// The rule that package.json grants what the module needs.
pub(super) fn granted_what_is_used(module: &ModuleFile, package: &PackageFolder) -> Vec<Finding> {
    if package.is_source && package.json.value.get(keys::CAPABILITIES).is_none() {
        // The build fills them in.
        return Vec::new();
    }
    let granted = package.granted();
    let lacks = |key: &str| !granted.and_then(|it| it.get(key)).is_some_and(grants);
    let missing = required_capabilities(&module.wasm).into_iter().filter(|(key, _)| lacks(key));
    let told = missing.map(|(key, value)| {
        let is_checked = capability::ALL.iter().any(|it| it.key == key && it.is_checked);
        let refused = if is_checked { ", and which the server refuses without it" } else { "" };
        let message = format!(
            "{} lacks \"{key}\": {value}, which the module makes use of{refused}: add it",
            keys::CAPABILITIES
        );
        let fix = Fix::set(&package.json.file, &[keys::CAPABILITIES, &key], value);
        let place = package.json.place_of(&[keys::CAPABILITIES]);
        Finding::warning("capability-missing", message).at(place).fixed_by(fix)
    });
    told.collect()
}

/// The rule that package.json grants nothing else.
pub(super) fn used_what_is_granted(module: &ModuleFile, package: &PackageFolder) -> Vec<Finding> {
    let needed = required_capabilities(&module.wasm);
    let is_known = |key: &str| capability::ALL.iter().any(|it| it.key == key);
    let idle = package.granted().into_iter().flatten().filter(|(key, value)| {
        is_known(key) && grants(value) && !needed.contains_key(key.as_str())
    });
    let told = idle.map(|(key, _)| {
        let why = if key == capability::NETWORK.key {
            "which is of use to AssemblyScript only (sockets and fetch of the SDK are rawSockets)"
        } else {
            "and the module uses nothing of it"
        };
        let message = format!(
            "{} grants \"{key}\", {why}: leave it out, so that users see what the plugin does",
            keys::CAPABILITIES
        );
        let path = [keys::CAPABILITIES, key];
        let fix = Fix::remove(&package.json.file, &path);
        Finding::warning("capability-unused", message)
            .at(package.json.place_of(&path))
            .fixed_by(fix)
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::module::testing::of;
    use crate::rules::testing::one;

    const SOCKETS: &str = r#"(module (import "env" "sk_tcp_create" (func (result i32))))"#;

    fn package(capabilities: &str) -> PackageFolder {
        PackageFolder::of(
            &format!("{{\"name\": \"a\",\n\"wasmCapabilities\": {{\n{capabilities}}}}}"),
            &[],
        )
    }

    #[test]
    fn a_capability_that_is_used_and_not_granted_is_added() {
        for without in ["", "\"rawSockets\": false", "\"network\": true"] {
            let found = granted_what_is_used(&of(SOCKETS), &package(without));
            let found = one(&found, "package.json:2", &["\"rawSockets\": true", "refuses"]);
            assert_eq!(found.fix.unwrap().says(), "wasmCapabilities.rawSockets = true");
        }
        assert_eq!(granted_what_is_used(&of(SOCKETS), &package("\"rawSockets\": true")), []);
    }

    #[test]
    fn a_capability_that_is_granted_and_not_used_is_removed() {
        let found = used_what_is_granted(&of("(module)"), &package("\"rawSockets\": true"));
        let found = one(&found, "package.json:3", &["grants \"rawSockets\"", "leave it out"]);
        assert_eq!(found.fix.unwrap().says(), "wasmCapabilities.rawSockets removed");
        let network = used_what_is_granted(&of("(module)"), &package("\"network\": true"));
        one(&network, "package.json:3", &["AssemblyScript only"]);
        assert_eq!(used_what_is_granted(&of(SOCKETS), &package("\"rawSockets\": true")), []);
    }
}
