//! Looking at a module before a server does.

mod run;

use signalk_server_model::ServerVersion;

use crate::module::Module;
use crate::package::Package;
use crate::report::Report;
use crate::rules;

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
    let (module, mut report) = Module::compile(wasm, package.clone());
    let Some(module) = module else { return report };
    report.extend(rules::features(wasm, version));
    if !report.has_errors() {
        report.extend(run::problems(&module, version));
    }
    report
}
