//! Rules about the package.

use wasmi::Module;

use crate::contract::env;
use crate::contract::package::problem_with_name;
use crate::package::{Capability, Package};
use crate::problem::Problem;

/// The name makes paths, so nothing is done for a package with a bad one.
pub(crate) fn name(package: &Package) -> Option<Problem> {
    let problem = problem_with_name(package.name())?;
    Some(Problem::BadName { name: package.name().to_owned(), problem })
}

pub(super) fn unscoped(_: &Module, package: &Package) -> Vec<Problem> {
    if package.is_scoped() {
        vec![Problem::ScopedName { name: package.name().to_owned() }]
    } else {
        Vec::new()
    }
}

/// One warning a capability, naming the first import that needs it.
pub(super) fn capabilities(module: &Module, package: &Package) -> Vec<Problem> {
    Capability::ALL
        .into_iter()
        .filter(|capability| !package.has(*capability))
        .filter_map(|capability| {
            let import = module.imports().find(|import| {
                import.module() == env::MODULE
                    && env::find(import.name()).and_then(|it| it.capability)
                        == Some(capability.entry())
            })?;
            Some(Problem::MissingCapability {
                import: import.name().to_owned(),
                capability: capability.key().to_owned(),
            })
        })
        .collect()
}
