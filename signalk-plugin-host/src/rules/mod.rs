//! Rules about a module that need not run it.

mod exports;
mod features;
mod imports;
mod package;

use wasmi::Module as Compiled;

pub(crate) use features::features;
pub(crate) use package::name;

use crate::package::Package;
use crate::problem::Problem;

/// The rules that the module and its package break, in their order.
pub(crate) fn problems(compiled: &Compiled, package: &Package) -> Vec<Problem> {
    STATIC_RULES.iter().flat_map(|rule| rule(compiled, package)).collect()
}

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
