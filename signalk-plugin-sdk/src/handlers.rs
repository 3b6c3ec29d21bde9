//! The tables of a plugin's handlers, and how a handler of values is called.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::delta::{Delta, Origin, matches};
use crate::error::{Result, WrongValue};
use crate::http::{Request, Response};
use crate::json;
use crate::put::PutHandler;
use crate::sources;
use crate::types::{NoPlace, no_place};

/// All handlers of a plugin.
#[derive(Debug)]
pub struct Handlers<P: 'static> {
    /// Handlers of what comes in.
    pub deltas: &'static [DeltaHandler<P>],
    /// Handlers of passing time.
    pub timers: &'static [TimerHandler<P>],
    /// Handlers of PUT requests to the data model.
    pub puts: &'static [PutHandler<P>],
    /// Handlers of HTTP requests.
    pub endpoints: &'static [Endpoint<P>],
}

/// A handler marked `#[delta]`.
#[derive(Debug)]
pub struct DeltaHandler<P> {
    /// The function's name.
    pub name: &'static str,
    /// Whose data it takes.
    pub context: ContextFilter,
    /// Whether it takes what the plugin itself has sent.
    pub echo: bool,
    /// Of which sources.
    pub source: Source<P>,
    /// What it takes.
    pub takes: Takes<P>,
}

/// Whose data a handler takes.
#[derive(Debug, Clone, Copy)]
pub enum ContextFilter {
    /// The own ship's.
    Own,
    /// That of every context that fits the pattern.
    Pattern(&'static str),
}

impl ContextFilter {
    pub(crate) fn accepts(self, context: &str, is_own: bool) -> bool {
        match self {
            Self::Own => is_own,
            Self::Pattern(pattern) => matches(pattern, context),
        }
    }
}

/// The paths that the SDK keeps of the contexts that fit a pattern, for [`model`](crate::model).
#[derive(Debug, Clone, Copy)]
pub struct ModelOf {
    /// The pattern of contexts.
    pub context: &'static str,
    /// The patterns of paths.
    pub paths: &'static [&'static str],
}

/// Of which sources a handler takes values.
#[derive(Debug)]
pub enum Source<P> {
    /// Of one at a time.
    Used,
    /// Of all.
    All,
    /// Of the one that this names; of one at a time where that is empty.
    Named(fn(&P) -> &str),
}

/// A function that takes one value, with where it came from; `None` where it was not called.
pub type ValueFn<P> = fn(&mut P, Option<&str>, &Origin<'_>) -> Option<Result<()>>;

/// What a handler of deltas takes.
#[derive(Debug)]
pub enum Takes<P> {
    /// Single values of paths that fit a pattern.
    Values(&'static [&'static str], ValueFn<P>),
    /// Whole deltas.
    Delta(fn(&mut P, &Delta<'_>) -> Result<()>),
    /// The JSON text of whole deltas.
    Text(fn(&mut P, &str) -> Result<()>),
}

impl<P> Takes<P> {
    /// The patterns of the paths whose values it takes.
    pub(crate) fn patterns(&self) -> &'static [&'static str] {
        match self {
            Self::Values(patterns, _) => patterns,
            Self::Delta(_) | Self::Text(_) => &[],
        }
    }

    /// Tells whether it takes whole deltas.
    pub(crate) fn is_whole(&self) -> bool {
        !matches!(self, Self::Values(..))
    }
}

/// A function marked `#[settled]`.
#[derive(Debug)]
pub struct SettledHandler<P> {
    /// The function's name.
    pub name: &'static str,
    /// The function.
    pub call: fn(&mut P, &Delta<'_>) -> Result<()>,
}

/// A handler marked `#[every]`.
#[derive(Debug)]
pub struct TimerHandler<P> {
    /// The function's name.
    pub name: &'static str,
    /// The time between two runs, asked again after each.
    pub period: fn(&P) -> Duration,
    /// The function.
    pub call: fn(&mut P) -> Result<()>,
}

/// A handler marked `#[get("/…")]`, `#[post]`, `#[put("/…")]` or `#[delete]`.
#[derive(Debug)]
pub struct Endpoint<P> {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// The path below the plugin's own, with `:name` for the parts that vary.
    pub path: &'static str,
    /// The name of the export that the server calls.
    pub export: &'static str,
    /// The function.
    pub call: fn(&mut P, &Request<'_>) -> Result<Response>,
}

/// Answers a request of the server to a provider.
pub type ProvideFn<P> = fn(&mut P, &str) -> Result<String>;

/// Reads the value that a handler takes and calls it. Where the value is null and the handler's type
/// has no place for that, it is not called, and the answer is `None`. A position without a fix is as good
/// as null.
pub fn with_value<T: DeserializeOwned>(
    raw: Option<&str>,
    path: &str,
    call: impl FnOnce(T) -> Result<()>,
) -> Option<Result<()>> {
    let error = match json::from_str(raw.unwrap_or("null")) {
        Ok(value) => return Some(call(value)),
        Err(error) => error,
    };
    // What nobody can read is no value: another source may have one.
    sources::said_nothing();
    let no_place = no_place(raw?);
    if no_place.is_some()
        && let Ok(nothing) = json::from_str("null")
    {
        return Some(call(nothing));
    }
    match no_place {
        Some(NoPlace::Unknown) => None,
        _ => Some(Err(WrongValue(error.in_key(path)).into())),
    }
}
