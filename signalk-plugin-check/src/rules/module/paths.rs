//! The paths that a plugin uses when it runs.

use std::collections::BTreeSet;
use std::time::Duration;

use signalk_plugin_host::contract::env;
use signalk_plugin_host::{Capability, Host, Module, Package, Registration};

use super::names::imports;
use crate::finding::{Finding, Place};
use crate::rules::cargo::paths::{RULE, misspelt};
use crate::subject::ModuleFile;

/// Enough for any start, and over within a second where a plugin loops.
const FUEL: u64 = 50_000_000;

/// As long as a plugin takes that sends what it knows by itself.
const LOOK: Duration = Duration::from_secs(3);

/// The rule that what is nearly a path of the specification is one: of the values that the plugin sends by itself,
/// and of those that it takes. A plugin that needs settings or data to do so tells nothing here.
pub(super) fn of_the_specification(module: &ModuleFile) -> Vec<Finding> {
    let messages: BTreeSet<_> = used(module).iter().filter_map(|path| misspelt(path)).collect();
    let finding = |message| Finding::warning(RULE, message).at(Place::file(&module.file));
    messages.into_iter().map(finding).collect()
}

fn used(module: &ModuleFile) -> Vec<String> {
    const WITH_PATHS: [&str; 2] = [env::HANDLE_MESSAGE.name, env::REGISTER_PUT_HANDLER.name];
    if !WITH_PATHS.iter().any(|import| imports(&module.wasm, import)) {
        return Vec::new();
    }
    // It is to reach nobody: sockets are refused to it.
    let package = Package::new(module.package.name()).capability(Capability::PutHandlers);
    let Ok(loaded) = Module::load(&module.wasm, package) else { return Vec::new() };
    let host = Host::builder().fuel(Some(FUEL)).build();
    let Ok(mut plugin) = host.install_enabled(loaded, "{}") else { return Vec::new() };
    // What goes wrong is told by other rules, or a matter of the settings.
    let _ = plugin.advance(LOOK);
    let registered = plugin.registrations().into_iter().filter_map(|it| match it {
        Registration::Put { path, .. } => Some(path),
        _ => None,
    });
    registered.chain(plugin.values().into_iter().map(|(path, _)| path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::module::testing::plugin;
    use crate::rules::testing::one;

    /// Sends a value of this path with each poll.
    fn sends(path: &str) -> ModuleFile {
        let delta = format!(r#"{{"updates":[{{"values":[{{"path":"{path}","value":1}}]}}]}}"#);
        let (text, length) = (delta.replace('"', "\\22"), delta.len());
        plugin(
            r#"{"type":"object"}"#,
            &format!(
                r#"(import "env" "sk_handle_message" (func $send (param i32 i32 i32)))
                (data (i32.const 4096) "{text}")
                (func (export "poll") (result i32)
                    (call $send (i32.const 4096) (i32.const {length}) (i32.const 1)) i32.const 0)"#
            ),
        )
    }

    #[test]
    fn a_path_that_is_sent_with_a_letter_wrong_is_told() {
        let found = of_the_specification(&sends("environment.depth.belowKeal"));
        one(&found, "plugin.wasm", &["did you mean environment.depth.belowKeel?"]);
        assert_eq!(of_the_specification(&sends("environment.depth.belowKeel")), []);
    }
}
