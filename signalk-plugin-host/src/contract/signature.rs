//! Signatures as the server's code uses them.

use std::fmt;

/// A WebAssembly value type that occurs in the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueType {
    /// A 32-bit integer: every pointer, length, id and return code.
    I32,
    /// A 64-bit float.
    F64,
}

/// The parameter and result types of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The parameters, all of them `i32`.
    pub params: usize,
    /// The result, if any.
    pub result: Option<ValueType>,
}

impl Signature {
    /// `params` parameters of type `i32`, no result.
    #[must_use]
    pub const fn new(params: usize) -> Self {
        Self { params, result: None }
    }

    /// The same with an `i32` result.
    #[must_use]
    pub const fn returning(self) -> Self {
        Self { params: self.params, result: Some(ValueType::I32) }
    }

    pub(crate) fn matches(self, found: &wasmi::FuncType) -> bool {
        let result = match self.result {
            None => &[][..],
            Some(ValueType::I32) => &[wasmi::ValType::I32][..],
            Some(ValueType::F64) => &[wasmi::ValType::F64][..],
        };
        found.params().len() == self.params
            && found.params().iter().all(|ty| *ty == wasmi::ValType::I32)
            && found.results() == result
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", vec!["i32"; self.params].join(", "))?;
        match self.result {
            None => Ok(()),
            Some(ValueType::I32) => f.write_str(" -> i32"),
            Some(ValueType::F64) => f.write_str(" -> f64"),
        }
    }
}

/// A found signature in the notation of [`Signature`].
pub(crate) fn describe(found: &wasmi::FuncType) -> String {
    let names = |types: &[wasmi::ValType]| {
        types.iter().map(|ty| type_name(*ty)).collect::<Vec<_>>().join(", ")
    };
    match found.results() {
        [] => format!("({})", names(found.params())),
        results => format!("({}) -> {}", names(found.params()), names(results)),
    }
}

fn type_name(ty: wasmi::ValType) -> &'static str {
    match ty {
        wasmi::ValType::I32 => "i32",
        wasmi::ValType::I64 => "i64",
        wasmi::ValType::F32 => "f32",
        wasmi::ValType::F64 => "f64",
        wasmi::ValType::V128 => "v128",
        wasmi::ValType::FuncRef => "funcref",
        wasmi::ValType::ExternRef => "externref",
    }
}
