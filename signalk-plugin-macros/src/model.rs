//! What an `impl` block says, once it has been understood.

use std::time::Duration;

use proc_macro2::TokenStream;
use syn::{Attribute, Expr, Ident, ItemImpl, LitStr, Type};

pub(crate) struct Model {
    /// The block without our attributes.
    pub(crate) block: ItemImpl,
    pub(crate) plugin: Type,
    pub(crate) name: Option<LitStr>,
    pub(crate) fail_on_start_error: bool,
    pub(crate) start: Start,
    /// The `#[cfg(…)]`s of `stop`, where there is one.
    pub(crate) stop: Option<Vec<Attribute>>,
    pub(crate) deltas: Vec<DeltaHandler>,
    pub(crate) timers: Vec<TimerHandler>,
}

pub(crate) struct Start {
    pub(crate) config: Option<Type>,
    /// The return type, where a wrong one is to be told.
    pub(crate) output: TokenStream,
}

pub(crate) struct Function {
    pub(crate) ident: Ident,
    /// `#[cfg(…)]`s, which the tables must follow.
    pub(crate) cfgs: Vec<Attribute>,
    /// The return type, where a wrong one is to be told.
    pub(crate) output: TokenStream,
}

pub(crate) struct DeltaHandler {
    pub(crate) function: Function,
    pub(crate) context: Option<LitStr>,
    pub(crate) echo: bool,
    pub(crate) takes: Takes,
}

pub(crate) enum Takes {
    Values { paths: Vec<LitStr>, value: Box<Type>, origin: bool },
    Delta,
    Text,
}

pub(crate) struct TimerHandler {
    pub(crate) function: Function,
    pub(crate) period: Period,
}

pub(crate) enum Period {
    Literal(Duration),
    /// An expression of `self`.
    Expression(Box<Expr>),
}
