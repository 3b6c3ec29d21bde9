//! The rules of the embedded host: things that servers refuse or break on.

use signalk_plugin_host::{Problem, ServerVersion, check};

use crate::finding::{Finding, Place};
use crate::subject::ModuleFile;

/// The versions that a plugin has to run on, and which are tested.
const SERVERS: [ServerVersion; 2] = [ServerVersion::V2_32, ServerVersion::V2_23];

/// All that a server does with a module before the plugin is started, on each version.
pub(super) fn what_servers_refuse(module: &ModuleFile) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for version in SERVERS {
        for problem in check(&module.wasm, &module.package, version).problems() {
            // Of these there are rules that know package.json, and can mend it.
            let is_of_the_package = matches!(
                problem,
                Problem::MissingCapability { .. }
                    | Problem::ScopedName { .. }
                    | Problem::BadName { .. }
            );
            let finding = Finding::new(name_of(problem), problem.severity(), problem.to_string())
                .at(Place::file(&module.file));
            // Most are the same on all versions.
            if !is_of_the_package && !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    findings
}

fn name_of(problem: &Problem) -> &'static str {
    match problem {
        Problem::NotWasm { .. } | Problem::Invalid { .. } => "module",
        Problem::Feature { .. } => "module-feature",
        Problem::Command { .. } => "module-command",
        Problem::NotRecognised { .. } | Problem::MissingExport { .. } => "export-missing",
        Problem::ExportSignature { .. } => "export-signature",
        Problem::ForeignImport { .. } | Problem::UnknownImport { .. } => "import-unknown",
        Problem::ImportSignature { .. } => "import-signature",
        Problem::Instantiation { .. } | Problem::InitializeTwice { .. } | Problem::Traps { .. } => {
            "module-start"
        }
        Problem::NoName => "plugin-name",
        Problem::SchemaTooLong { .. }
        | Problem::SchemaNotJson { .. }
        | Problem::NoSchema
        | Problem::SchemaReference { .. } => "schema",
        Problem::Endpoints { .. } | Problem::Endpoint { .. } => "endpoints",
        _ => "server",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::module::testing::{of, plugin};
    use crate::rules::testing::one;

    const FORM: &str = r#"{"type":"object","properties":{}}"#;

    #[test]
    fn a_sound_module_is_refused_by_no_server() {
        assert_eq!(what_servers_refuse(&plugin(FORM, "")), []);
    }

    #[test]
    fn what_all_servers_refuse_is_told_once() {
        let command = plugin(FORM, r#"(func (export "_start"))"#);
        one(&what_servers_refuse(&command), "plugin.wasm", &["_start", "cdylib"]);
    }

    #[test]
    fn what_one_server_refuses_is_told_with_its_version() {
        let module = plugin(FORM, "(memory 1)");
        let found = one(&what_servers_refuse(&module), "plugin.wasm", &["server 2.23.0"]);
        assert_eq!(found.rule, "module-feature");
    }

    #[test]
    fn a_module_that_is_no_plugin_is_told_what_it_lacks() {
        let found = what_servers_refuse(&of("(module)"));
        assert!(found.iter().any(|it| it.message.contains("plugin_id")), "{found:?}");
    }
}
