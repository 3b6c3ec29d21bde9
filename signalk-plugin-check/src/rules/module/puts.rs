//! The names of the exports that handle PUT requests.

use signalk_plugin_host::contract::exports::PutHandler;
use signalk_plugin_host::contract::{SELF_CONTEXT, env};

use super::names::{exported_functions, imports};
use crate::finding::{Finding, Place};
use crate::subject::ModuleFile;

/// The exports that the server would call: everything behind the prefix is context and path.
fn handlers(module: &ModuleFile) -> impl Iterator<Item = (&str, &str)> {
    exported_functions(&module.wasm)
        .into_iter()
        .filter_map(|name| Some((name, name.strip_prefix(PutHandler::PREFIX)?)))
}

/// The rule that a module with handlers can register them.
pub(super) fn registered(module: &ModuleFile) -> Vec<Finding> {
    let register = env::REGISTER_PUT_HANDLER.name;
    let Some((name, _)) = handlers(module).next() else { return Vec::new() };
    if imports(&module.wasm, register) {
        return Vec::new();
    }
    let message = format!(
        "the export {name} is never called, for the module does not import {register}: register the path in \
         plugin_start, which #[put] does by itself"
    );
    vec![finding(Finding::error("put-registered", message), module)]
}

/// The rule that handlers are for the own vessel.
pub(super) fn own_vessel(module: &ModuleFile) -> Vec<Finding> {
    let own = SELF_CONTEXT.replace('.', "_") + "_";
    let of_others = handlers(module).filter(|(_, rest)| !rest.starts_with(&own));
    let told = of_others.map(|(name, rest)| {
        let message = format!(
            "the export {name} is not for the own vessel, whose requests are the only ones that a server hands to \
             a plugin: call it {}{own}{rest}, and register the context {SELF_CONTEXT}",
            PutHandler::PREFIX
        );
        finding(Finding::warning("put-context", message), module)
    });
    told.collect()
}

/// The rule that the path is written with underscores.
pub(super) fn without_dots(module: &ModuleFile) -> Vec<Finding> {
    let dotted = handlers(module).filter(|(_, rest)| rest.contains('.'));
    let told = dotted.map(|(name, rest)| {
        let message = format!(
            "the export {name} has dots in its name and is never called, for the server asks for the path with \
             underscores: call it {}{}",
            PutHandler::PREFIX,
            rest.replace('.', "_")
        );
        finding(Finding::error("put-name", message), module)
    });
    told.collect()
}

fn finding(finding: Finding, module: &ModuleFile) -> Finding {
    finding.at(Place::file(&module.file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::module::testing::of;
    use crate::rules::testing::one;

    fn handler(name: &str, import: &str) -> ModuleFile {
        of(&format!(
            r#"(module {import} (func (export "{name}") (param i32 i32 i32 i32) (result i32) i32.const 0))"#
        ))
    }

    const REGISTER: &str =
        r#"(import "env" "sk_register_put_handler" (func (param i32 i32 i32 i32) (result i32)))"#;

    #[test]
    fn a_handler_in_a_module_that_registers_none_is_an_error() {
        let name = "handle_put_vessels_self_a";
        one(&registered(&handler(name, "")), "plugin.wasm", &[name, "sk_register_put_handler"]);
        assert_eq!(registered(&handler(name, REGISTER)), []);
        assert_eq!(registered(&handler("other", "")), []);
    }

    #[test]
    fn a_handler_without_the_own_vessel_is_told_its_name() {
        let found = own_vessel(&handler("handle_put_electrical_switches_1_state", REGISTER));
        one(&found, "plugin.wasm", &["handle_put_vessels_self_electrical_switches_1_state"]);
        assert_eq!(own_vessel(&handler("handle_put_vessels_self_a", REGISTER)), []);
    }

    #[test]
    fn a_handler_with_dots_is_told_its_name() {
        let found = without_dots(&handler("handle_put_vessels_self_a.b", REGISTER));
        one(&found, "plugin.wasm", &["call it handle_put_vessels_self_a_b"]);
        assert_eq!(without_dots(&handler("handle_put_vessels_self_a_b-1", REGISTER)), []);
    }
}
