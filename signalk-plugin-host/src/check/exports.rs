//! Rules about what a module exports.

use wasmi::{ExternType, Module};

use super::Problem;
use crate::contract::{self, FORBIDDEN_EXPORTS, MANDATORY_EXPORTS, RECOGNISED_BY};
use crate::package::Package;

pub(super) fn not_a_command(module: &Module, _: &Package) -> Vec<Problem> {
    FORBIDDEN_EXPORTS
        .into_iter()
        .filter(|name| module.get_export(name).is_some())
        .map(|name| Problem::Command { name: name.to_owned() })
        .collect()
}

pub(super) fn recognised(module: &Module, _: &Package) -> Vec<Problem> {
    let missing: Vec<_> = RECOGNISED_BY
        .into_iter()
        .filter(|name| module.get_export(name).is_none())
        .map(str::to_owned)
        .collect();
    if missing.is_empty() { Vec::new() } else { vec![Problem::NotRecognised { missing }] }
}

pub(super) fn mandatory_exports(module: &Module, _: &Package) -> Vec<Problem> {
    let functions = MANDATORY_EXPORTS
        .into_iter()
        .filter(|(name, _)| !RECOGNISED_BY.contains(name) && module.get_export(name).is_none())
        .map(|(name, signature)| Problem::MissingExport {
            name: name.to_owned(),
            expected: format!("a function {signature}"),
        });
    let memory = module.get_export("memory").is_none().then(|| Problem::MissingExport {
        name: "memory".to_owned(),
        expected: "the memory".to_owned(),
    });
    functions.chain(memory).collect()
}

pub(super) fn signatures(module: &Module, _: &Package) -> Vec<Problem> {
    let wrong = |export: wasmi::ExportType<'_>| {
        let name = export.name();
        let expected = match contract::expected(name) {
            Some(signature) => format!("a function {signature}"),
            None if name == "memory" => "a memory".to_owned(),
            None => return None,
        };
        let found = match (contract::expected(name), export.ty()) {
            (Some(signature), ExternType::Func(ty)) if signature.matches(ty) => return None,
            (None, ExternType::Memory(_)) => return None,
            (_, ty) => describe(ty),
        };
        Some(Problem::ExportSignature { name: name.to_owned(), found, expected })
    };
    module.exports().filter_map(wrong).collect()
}

pub(super) fn describe(ty: &ExternType) -> String {
    match ty {
        ExternType::Func(ty) => format!("a function {}", contract::describe(ty)),
        ExternType::Memory(_) => "a memory".to_owned(),
        ExternType::Table(_) => "a table".to_owned(),
        ExternType::Global(_) => "a global".to_owned(),
    }
}
