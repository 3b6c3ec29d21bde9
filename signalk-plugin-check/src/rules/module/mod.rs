//! Rules about the .wasm.

mod capabilities;
mod debug;
mod names;
mod paths;
mod puts;
mod schema;
mod server;

use crate::finding::Finding;
use crate::subject::{ModuleFile, PackageFolder};

type Rule = fn(&ModuleFile) -> Vec<Finding>;
type RuleInPackage = fn(&ModuleFile, &PackageFolder) -> Vec<Finding>;

pub(crate) const MODULE: &[Rule] = &[
    server::what_servers_refuse,
    schema::form_is_an_object,
    schema::choices_at_the_root,
    schema::reserved_settings,
    schema::settings_without_a_type,
    schema::lists_without_items,
    puts::registered,
    puts::own_vessel,
    puts::without_dots,
    debug::stripped,
    paths::of_the_specification,
];

pub(crate) const MODULE_IN_PACKAGE: &[RuleInPackage] =
    &[capabilities::granted_what_is_used, capabilities::used_what_is_granted];

#[cfg(test)]
mod testing {
    //! Modules for the tests.

    use std::path::Path;

    use crate::subject::ModuleFile;

    /// A plugin that does nothing, with this schema and with more in it.
    pub(super) fn plugin(schema: &str, more: &str) -> ModuleFile {
        let (bytes, length) = (schema.replace('"', "\\22"), schema.len());
        of(&format!(
            r#"(module
                {imports}
                (memory (export "memory") 4)
                (data (i32.const 1024) "{bytes}")
                (global $next (mut i32) (i32.const 65536))
                (func (export "allocate") (param i32) (result i32)
                    global.get $next (global.set $next (i32.add (global.get $next) (local.get 0))))
                (func (export "deallocate") (param i32 i32))
                (func (export "plugin_id") (param i32 i32) (result i32) i32.const 0)
                (func (export "plugin_name") (param i32 i32) (result i32)
                    (i32.store8 (local.get 0) (i32.const 65)) i32.const 1)
                (func (export "plugin_schema") (param i32 i32) (result i32)
                    (memory.copy (local.get 0) (i32.const 1024) (i32.const {length})) i32.const {length})
                (func (export "plugin_start") (param i32 i32) (result i32) i32.const 0)
                (func (export "plugin_stop") (result i32) i32.const 0)
                {more})"#,
            imports = imports_of(more),
            more = without_imports(more),
        ))
    }

    /// Imports have to come first.
    fn imports_of(more: &str) -> String {
        more.lines().filter(|line| line.trim().starts_with("(import")).collect()
    }

    fn without_imports(more: &str) -> String {
        more.lines().filter(|line| !line.trim().starts_with("(import")).collect()
    }

    /// Any module at all.
    pub(super) fn of(wat: &str) -> ModuleFile {
        let wasm = wat::parse_str(wat).unwrap_or_else(|error| panic!("{error}\n{wat}"));
        ModuleFile::new(Path::new("plugin.wasm"), wasm, None)
    }
}
