//! Rules about the package.

use wasmi::Module;

use super::Problem;
use crate::package::{Capability, Package, problem_with_name};

/// The name makes paths, so nothing is done for a package with a bad one.
pub(super) fn name(package: &Package) -> Option<Problem> {
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
                import.module() == "env" && needed_by(import.name()) == Some(capability)
            })?;
            Some(Problem::MissingCapability {
                import: import.name().to_owned(),
                capability: capability.key().to_owned(),
            })
        })
        .collect()
}

fn needed_by(import: &str) -> Option<Capability> {
    match import {
        "sk_register_put_handler" => Some(Capability::PutHandlers),
        "sk_register_resource_provider" => Some(Capability::ResourceProvider),
        "sk_register_weather_provider" => Some(Capability::WeatherProvider),
        "sk_register_radar_provider" | "sk_radar_emit_spokes" => Some(Capability::RadarProvider),
        _ if import.starts_with("sk_udp_") || import.starts_with("sk_tcp_") => {
            Some(Capability::RawSockets)
        }
        _ => None,
    }
}
