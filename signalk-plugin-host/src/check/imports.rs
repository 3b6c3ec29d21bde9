//! Rules about what a module imports.

use wasmi::{ExternType, Module};

use super::Problem;
use super::exports::describe;
use crate::contract::{self, ENV_IMPORTS, IMPORT_HINTS, IMPORT_MODULES, WASI_IMPORTS};
use crate::package::Package;

pub(super) fn known_modules(module: &Module, _: &Package) -> Vec<Problem> {
    module
        .imports()
        .filter(|import| !IMPORT_MODULES.contains(&import.module()))
        .map(|import| Problem::ForeignImport {
            module: import.module().to_owned(),
            name: import.name().to_owned(),
        })
        .collect()
}

pub(super) fn offered_by_the_server(module: &Module, _: &Package) -> Vec<Problem> {
    module
        .imports()
        .filter(|import| match import.module() {
            "env" => contract::env_import(import.name()).is_none(),
            "wasi_snapshot_preview1" => !WASI_IMPORTS.contains(&import.name()),
            _ => false,
        })
        .map(|import| Problem::UnknownImport {
            module: import.module().to_owned(),
            name: import.name().to_owned(),
            hint: hint(import.module(), import.name()),
        })
        .collect()
}

fn hint(module: &str, name: &str) -> Option<String> {
    if module != "env" {
        return None;
    }
    if let Some((_, hint)) = IMPORT_HINTS.iter().find(|(wrong, _)| *wrong == name) {
        return Some((*hint).to_owned());
    }
    let (distance, nearest) =
        ENV_IMPORTS.iter().map(|(known, _)| (strsim::levenshtein(name, known), *known)).min()?;
    (distance <= 3).then(|| format!("did you mean {nearest}?"))
}

pub(super) fn signatures(module: &Module, _: &Package) -> Vec<Problem> {
    let wrong = |import: wasmi::ImportType<'_>| {
        let expected = contract::env_import(import.name()).filter(|_| import.module() == "env")?;
        match import.ty() {
            ExternType::Func(ty) if expected.matches(ty) => None,
            // The server fills in version 1 for a third argument that is not there.
            ExternType::Func(ty)
                if import.name() == "sk_handle_message"
                    && contract::Signature::new(2).matches(ty) =>
            {
                None
            }
            ty => Some(Problem::ImportSignature {
                name: import.name().to_owned(),
                found: describe(ty),
                expected: format!("a function {expected}"),
            }),
        }
    };
    module.imports().filter_map(wrong).collect()
}
