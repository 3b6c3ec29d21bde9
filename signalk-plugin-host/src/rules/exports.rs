//! Rules about what a module exports.

use wasmi::{ExternType, Module};

use crate::contract::exports::{COMMAND, MANDATORY, MEMORY, RECOGNISED_BY};
use crate::package::Package;
use crate::problem::Problem;
use crate::signature;

pub(super) fn not_a_command(module: &Module, _: &Package) -> Vec<Problem> {
    let command = module.get_export(COMMAND).map(|_| Problem::Command { name: COMMAND.to_owned() });
    command.into_iter().collect()
}

pub(super) fn recognised(module: &Module, _: &Package) -> Vec<Problem> {
    let missing: Vec<_> = RECOGNISED_BY
        .into_iter()
        .filter(|export| module.get_export(export.name).is_none())
        .map(|export| export.name.to_owned())
        .collect();
    if missing.is_empty() { Vec::new() } else { vec![Problem::NotRecognised { missing }] }
}

pub(super) fn mandatory_exports(module: &Module, _: &Package) -> Vec<Problem> {
    let functions = MANDATORY
        .into_iter()
        .filter(|export| {
            !RECOGNISED_BY.contains(export) && module.get_export(export.name).is_none()
        })
        .map(|export| Problem::MissingExport {
            name: export.name.to_owned(),
            expected: format!("a function {}", export.signature()),
        });
    let memory = module.get_export(MEMORY).is_none().then(|| Problem::MissingExport {
        name: MEMORY.to_owned(),
        expected: "the memory".to_owned(),
    });
    functions.chain(memory).collect()
}

pub(super) fn signatures(module: &Module, _: &Package) -> Vec<Problem> {
    let wrong = |export: wasmi::ExportType<'_>| {
        let name = export.name();
        let expected = match signature::expected(name) {
            Some(signature) => format!("a function {signature}"),
            None if name == MEMORY => "a memory".to_owned(),
            None => return None,
        };
        let found = match (signature::expected(name), export.ty()) {
            (Some(expected), ExternType::Func(ty)) if signature::matches(expected, ty) => {
                return None;
            }
            (None, ExternType::Memory(_)) => return None,
            (_, ty) => describe(ty),
        };
        Some(Problem::ExportSignature { name: name.to_owned(), found, expected })
    };
    module.exports().filter_map(wrong).collect()
}

pub(super) fn describe(ty: &ExternType) -> String {
    match ty {
        ExternType::Func(ty) => format!("a function {}", signature::describe(ty)),
        ExternType::Memory(_) => "a memory".to_owned(),
        ExternType::Table(_) => "a table".to_owned(),
        ExternType::Global(_) => "a global".to_owned(),
    }
}
