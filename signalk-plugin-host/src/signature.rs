//! Signatures as a module has them, beside those of the contract.

use wasmi::{FuncType, ValType};

use crate::contract::{Signature, ValueType, exports, providers};

/// The signature that the server expects of the export `name`; `None` if the name means nothing to it.
pub(crate) fn expected(name: &str) -> Option<Signature> {
    let fixed = exports::ALL.iter().find(|export| export.name == name);
    let export = fixed.or_else(|| providers::find(name).map(|call| &call.export));
    match export {
        Some(export) => Some(export.signature()),
        None => name.starts_with(exports::PutHandler::PREFIX).then_some(exports::EXCHANGE),
    }
}

pub(crate) fn matches(expected: Signature, found: &FuncType) -> bool {
    let result = match expected.result {
        None => &[][..],
        Some(ValueType::F64) => &[ValType::F64][..],
        Some(_) => &[ValType::I32][..],
    };
    found.params().len() == expected.params
        && found.params().iter().all(|ty| *ty == ValType::I32)
        && found.results() == result
}

/// A found signature in the notation of [`Signature`].
pub(crate) fn describe(found: &FuncType) -> String {
    let names =
        |types: &[ValType]| types.iter().map(|ty| type_name(*ty)).collect::<Vec<_>>().join(", ");
    match found.results() {
        [] => format!("({})", names(found.params())),
        results => format!("({}) -> {}", names(found.params()), names(results)),
    }
}

fn type_name(ty: ValType) -> &'static str {
    match ty {
        ValType::I32 => "i32",
        ValType::I64 => "i64",
        ValType::F32 => "f32",
        ValType::F64 => "f64",
        ValType::V128 => "v128",
        ValType::FuncRef => "funcref",
        ValType::ExternRef => "externref",
    }
}
