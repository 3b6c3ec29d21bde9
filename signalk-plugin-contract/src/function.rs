//! The shape of an export or import.

use core::fmt;

use crate::capability::Capability;

/// An export that the server calls, or an import that it offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// The name, in module [`env::MODULE`](crate::env::MODULE) for an import.
    pub name: &'static str,
    /// The arguments, each of which takes one or two parameters.
    pub arguments: &'static [Argument],
    /// The result, if any.
    pub result: Option<ValueType>,
    /// The entry of `wasmCapabilities` that a plugin with this function needs.
    pub capability: Option<Capability>,
}

impl Function {
    /// The signature in WebAssembly.
    #[must_use]
    pub const fn signature(&self) -> Signature {
        let mut params = 0;
        let mut at = 0;
        while at < self.arguments.len() {
            params += self.arguments[at].params();
            at += 1;
        }
        Signature { params, result: self.result }
    }
}

/// An argument of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// An integer: an id, a size, a port, a flag.
    Number,
    /// Pointer and length of bytes that the callee reads; UTF-8, but for the data of streams and sockets.
    Text,
    /// Pointer and size of a buffer for an answer. The result says how many bytes were written.
    Out,
    /// Pointer to a buffer for an address, which ends with a 0 byte. The size is not handed over.
    Address,
    /// Pointer to a `u16`, little-endian.
    Port,
}

impl Argument {
    /// The number of its parameters, all of them `i32`.
    #[must_use]
    pub const fn params(self) -> usize {
        match self {
            Self::Text | Self::Out => 2,
            Self::Number | Self::Address | Self::Port => 1,
        }
    }
}

/// A WebAssembly value type that occurs as a result.
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

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for param in 0..self.params {
            f.write_str(if param == 0 { "i32" } else { ", i32" })?;
        }
        f.write_str(")")?;
        match self.result {
            None => Ok(()),
            Some(ValueType::I32) => f.write_str(" -> i32"),
            Some(ValueType::F64) => f.write_str(" -> f64"),
        }
    }
}
