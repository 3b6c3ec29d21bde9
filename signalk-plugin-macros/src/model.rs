//! What an `impl` block says, once it has been understood.

use std::time::Duration;

use proc_macro2::TokenStream;
use signalk_plugin_contract::exports;
use syn::{Attribute, Expr, Ident, ItemImpl, LitStr, Path, Type};

pub(crate) struct Model {
    /// The block without our attributes.
    pub(crate) block: ItemImpl,
    pub(crate) plugin: Type,
    /// The path of the SDK, where the author gives one.
    pub(crate) krate: Option<Path>,
    pub(crate) name: Option<LitStr>,
    pub(crate) fail_on_start_error: bool,
    pub(crate) start: Start,
    /// None, one, or one for each of several builds.
    pub(crate) stops: Vec<Function>,
    pub(crate) deltas: Vec<DeltaHandler>,
    pub(crate) timers: Vec<TimerHandler>,
    pub(crate) puts: Vec<PutHandler>,
    pub(crate) endpoints: Vec<Endpoint>,
    /// How many bytes an answer may have, where that is more than the host's buffer holds.
    pub(crate) large_responses: Option<usize>,
    /// None, one, or one for each of several builds.
    pub(crate) migrates: Vec<Function>,
    /// The types of resources that the plugin provides.
    pub(crate) resources: Vec<Type>,
    /// The word itself, for its span.
    pub(crate) weather: Option<Expr>,
    /// The word itself, for its span.
    pub(crate) radar: Option<Expr>,
    /// The paths that the SDK keeps.
    pub(crate) kept: Vec<LitStr>,
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
    pub(crate) source: Source,
    pub(crate) takes: Takes,
}

/// Of which sources values are taken.
pub(crate) enum Source {
    /// Of one at a time.
    Used,
    All,
    /// A text, or an expression of `self` that gives one.
    Named(Box<Expr>),
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

pub(crate) struct PutHandler {
    pub(crate) function: Function,
    pub(crate) context: String,
    pub(crate) path: LitStr,
    pub(crate) value: Box<Type>,
}

impl PutHandler {
    /// The export that the server looks for.
    pub(crate) fn export(&self) -> String {
        exports::PutHandler { context: &self.context, path: &self.path.value() }.to_string()
    }
}

pub(crate) struct Endpoint {
    pub(crate) function: Function,
    pub(crate) method: &'static str,
    pub(crate) path: LitStr,
    pub(crate) parameters: Vec<Parameter>,
}

pub(crate) enum Parameter {
    /// `&Request`.
    Request,
    /// A type that takes itself out of the request.
    Extracted(Box<Type>),
}
