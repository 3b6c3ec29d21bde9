//! Looking at a module before a server does.

mod compile;
mod exports;
mod imports;
mod package;
mod problem;
mod run;

use wasmi::Module as Compiled;

pub use problem::{Problem, Report, Severity};

use crate::ServerVersion;
use crate::module::Module;
use crate::package::Package;

/// Looks at a module and its package, and reports what the server would refuse, silently break on,
/// or do otherwise than its author expects.
///
/// The module is also run, as far as the server runs it before the plugin is started: `_initialize`
/// twice, `plugin_name`, `plugin_schema` and `http_endpoints`. That is left out where the module has
/// errors already.
///
/// ```
/// use signalk_plugin_host::{Package, ServerVersion, check};
///
/// let report = check(b"not wasm", &Package::new("my-plugin"), ServerVersion::V2_32);
/// assert!(report.has_errors());
/// println!("{report}");
/// ```
#[must_use]
pub fn check(wasm: &[u8], package: &Package, version: ServerVersion) -> Report {
    let (module, mut report) = compile(wasm, package.clone());
    report.extend(compile::features(wasm, version, &report));
    if let Some(module) = module
        && !report.has_errors()
    {
        report.extend(run::problems(&module, version));
    }
    report
}

/// Compiles, and applies the rules that need no run.
pub(crate) fn compile(wasm: &[u8], package: Package) -> (Option<Module>, Report) {
    if let Some(problem) = package::name(&package) {
        return (None, Report::from_iter([problem]));
    }
    let compiled = match compile::compiled(wasm) {
        Ok(compiled) => compiled,
        Err(problem) => return (None, Report::from_iter([problem])),
    };
    let report = STATIC_RULES.iter().flat_map(|rule| rule(&compiled, &package)).collect();
    (Some(Module::new(compiled, package)), report)
}

/// A rule that looks at the module without running it.
type StaticRule = fn(&Compiled, &Package) -> Vec<Problem>;

const STATIC_RULES: [StaticRule; 9] = [
    exports::not_a_command,
    exports::recognised,
    exports::mandatory_exports,
    exports::signatures,
    imports::known_modules,
    imports::offered_by_the_server,
    imports::signatures,
    package::capabilities,
    package::unscoped,
];
