//! What `#[signalk_plugin]` implements: a plugin as tables of handlers.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::thread::LocalKey;
use std::time::Duration;

use crate::config;
use crate::delta::{Delta, Origin, matches};
use crate::error::{ConfigError, Error, Result, StatusError, WrongValue, from_any};
use crate::http::{Request, Response};
use crate::json::{self, Raw};
use crate::resource::{self, Resource, ResourceProvider};
use crate::runtime::Runtime;
use crate::sources;
use crate::types::{NoPlace, no_place};

/// A plugin. Implemented by `#[signalk_plugin]`; not to be implemented by hand, for its items
/// change with the runtime.
pub trait Plugin: Sized + 'static {
    /// What `start` takes.
    type Config: DeserializeOwned + JsonSchema;

    /// The package's name.
    const ID: &'static str;
    /// The name that people see.
    const NAME: &'static str;
    /// The handlers.
    const HANDLERS: Handlers<Self>;
    /// Whether a start that failed is told to the server as failed, after which the server does
    /// not start the plugin again before it was disabled and enabled.
    const FAIL_ON_START_ERROR: bool = false;
    /// How many bytes an answer may have; 0 for what the server's buffer holds.
    const LARGE_RESPONSES: usize = 0;

    /// Whether there is a `migrate`: what saves is in the .wasm of no plugin without.
    const MIGRATES: bool = false;
    /// What limits the schema of the configuration states; settings outside of them are refused.
    const LIMITS: config::Limits = config::Limits::ANY;
    /// The paths that the SDK keeps for [`model`](crate::model).
    const MODEL: &'static [&'static str] = &[];

    /// Announces PUT handlers and providers, in a plugin that has some. A method, and not a loop over
    /// a list that may be empty, so that the import is in no .wasm that has no use for it.
    fn announce() {}
    /// Tells once more what was refused then.
    fn announce_again() {}
    /// The JSON Schema of the configuration.
    fn schema() -> Cow<'static, str>;
    /// What the author's `migrate` makes of what was saved, as JSON; `None` where it leaves it as it
    /// is.
    ///
    /// # Errors
    /// The author's own.
    fn migrated(_settings: &str) -> Result<Option<String>> {
        Ok(None)
    }
    /// The author's `start`.
    ///
    /// # Errors
    /// Whatever keeps the plugin from running.
    fn start(config: Self::Config) -> Result<Self>;
    /// The author's `stop`.
    ///
    /// # Errors
    /// Whatever the owner should know.
    fn stop(&mut self) -> Result<()> {
        Ok(())
    }
    /// Where the one instance lives.
    fn runtime() -> &'static LocalKey<Runtime<Self>>;
}

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
    pub context: Context,
    /// Whether it takes what the plugin itself has sent.
    pub echo: bool,
    /// Of which sources.
    pub source: Source<P>,
    /// What it takes.
    pub takes: Takes<P>,
}

/// Whose data a handler takes.
#[derive(Debug, Clone, Copy)]
pub enum Context {
    /// The own ship's.
    Own,
    /// That of every context that fits the pattern.
    Pattern(&'static str),
}

impl Context {
    pub(crate) fn accepts(self, context: &str, is_own: bool) -> bool {
        match self {
            Self::Own => is_own,
            Self::Pattern(pattern) => matches(pattern, context),
        }
    }
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

/// A handler marked `#[put("path")]`.
#[derive(Debug)]
pub struct PutHandler<P> {
    /// Whose path it is.
    pub context: &'static str,
    /// The path.
    pub path: &'static str,
    /// The name of the export that the server calls.
    pub export: &'static str,
    /// The function; it takes the value's JSON.
    pub call: fn(&mut P, &str) -> Result<()>,
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

/// A plugin with types of resources.
pub trait ServesResources: Plugin {
    /// One entry for each type.
    const RESOURCES: &'static [ResourceType<Self>];
}

/// One type of resources, and what the server asks of it.
#[derive(Debug)]
pub struct ResourceType<P> {
    /// `routes`, for example.
    pub kind: &'static str,
    /// The functions; each takes the request's JSON and gives the answer's.
    pub list: ProvideFn<P>,
    /// See `list`.
    pub get: ProvideFn<P>,
    /// See `list`.
    pub set: ProvideFn<P>,
    /// See `list`.
    pub delete: ProvideFn<P>,
}

impl<P> ResourceType<P> {
    /// The entry of a type.
    #[must_use]
    pub const fn of<R: Resource>() -> Self
    where
        P: ResourceProvider<R>,
    {
        Self {
            kind: R::TYPE,
            list: resource::list::<P, R>,
            get: resource::get::<P, R>,
            set: resource::set::<P, R>,
            delete: resource::delete::<P, R>,
        }
    }
}

/// Whether no two types have the same name; for a check when a plugin is compiled.
#[must_use]
pub const fn are_different<P>(types: &[ResourceType<P>]) -> bool {
    let mut first = 0;
    while first < types.len() {
        let mut second = first + 1;
        while second < types.len() {
            if is_same(types[first].kind.as_bytes(), types[second].kind.as_bytes()) {
                return false;
            }
            second += 1;
        }
        first += 1;
    }
    true
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// Answers a request of the server to a provider.
pub type ProvideFn<P> = fn(&mut P, &str) -> Result<String>;

/// What a provider does when the server calls it.
#[derive(Debug)]
pub struct Provided<P> {
    /// The name, for the line that tells of its failure.
    pub name: &'static str,
    /// The function.
    pub call: ProvideFn<P>,
    /// How the server is told that it failed.
    pub failed: fn(&Error) -> String,
    /// Whether the client learns why, so that its mistake need not stand in the plugin's status.
    pub is_told: bool,
    /// Whether it changes something, and the server tells its client that it was done in any case.
    pub is_change: bool,
}

/// Finds the type that a request is about, and answers it.
///
/// # Errors
/// The provider's own, and where the plugin has no such type.
pub fn for_resource<P: ServesResources>(
    plugin: &mut P,
    request: &str,
    function: impl FnOnce(&ResourceType<P>) -> ProvideFn<P>,
) -> Result<String> {
    let kind = resource::kind(request)?;
    match P::RESOURCES.iter().find(|resource| *resource.kind == *kind) {
        Some(resource) => function(resource)(plugin, request),
        None => Err(Error::msg(["the plugin has no resources of the type ", &*kind].concat())),
    }
}

/// Offers what was saved to the author's `migrate`, for [`Plugin::migrated`].
///
/// # Errors
/// The author's own.
pub fn migrated<C: Serialize>(
    settings: &str,
    migrate: impl FnOnce(&Raw) -> Result<Option<C>>,
) -> Result<Option<String>> {
    let saved = Raw::parse(settings)?;
    // Only another configuration can help, so it is not tried again before there is one.
    let wrong = |error: Error| match error.find::<json::Error>() {
        // With its place, by which it is known whether it quotes a secret.
        Some(error) => ConfigError::new(error.path(), error.problem()),
        None => ConfigError::new("", error.to_string()),
    };
    let migrated = migrate(&saved).map_err(wrong)?;
    Ok(migrated.as_ref().map(config::to_saved).transpose().map_err(ConfigError::from)?)
}

/// Reads the value of a PUT request.
///
/// # Errors
/// When it does not fit the type; it is answered with 400.
pub fn put_value<T: DeserializeOwned>(json: &str) -> Result<T> {
    json::from_str(json).map_err(|error| StatusError::new(400, error.to_string()).into())
}

/// What a handler may return: nothing, or a `Result` of nothing.
#[diagnostic::on_unimplemented(
    message = "a handler of a Signal K plugin returns nothing or `Result<()>`, not `{Self}`",
    label = "change this to `Result<()>`",
    note = "the error may be of any type that turns into a boxed `std::error::Error`"
)]
pub trait HandlerReturn {
    /// As a `Result`.
    ///
    /// # Errors
    /// The handler's own.
    fn into_result(self) -> Result<()>;
}

impl HandlerReturn for () {
    fn into_result(self) -> Result<()> {
        Ok(())
    }
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> HandlerReturn for Result<(), E> {
    fn into_result(self) -> Result<()> {
        self.map_err(from_any)
    }
}

/// What `start` may return: the plugin, or a `Result` of it.
#[diagnostic::on_unimplemented(
    message = "`start` returns `Result<Self>` or `Self`, not `{Self}`",
    label = "change this to `Result<Self>`"
)]
pub trait StartReturn<P> {
    /// As a `Result`.
    ///
    /// # Errors
    /// The author's own.
    fn into_result(self) -> Result<P>;
}

impl<P: Plugin> StartReturn<P> for P {
    fn into_result(self) -> Result<P> {
        Ok(self)
    }
}

impl<P: Plugin, E: Into<Box<dyn std::error::Error + Send + Sync>>> StartReturn<P> for Result<P, E> {
    fn into_result(self) -> Result<P> {
        self.map_err(from_any)
    }
}

/// What `migrate` may return.
#[diagnostic::on_unimplemented(
    message = "`migrate` returns `Result<Option<{C}>>`, not `{Self}`",
    label = "change this to `Result<Option<{C}>>`"
)]
pub trait MigrateReturn<C> {
    /// As a `Result`.
    ///
    /// # Errors
    /// The author's own.
    fn into_result(self) -> Result<Option<C>>;
}

impl<C, E: Into<Box<dyn std::error::Error + Send + Sync>>> MigrateReturn<C>
    for Result<Option<C>, E>
{
    fn into_result(self) -> Result<Option<C>> {
        self.map_err(from_any)
    }
}

/// A type without a value of it, so that an argument can carry the place of an error.
#[derive(Debug)]
pub struct Type<T>(std::marker::PhantomData<T>);

impl<T> Type<T> {
    /// That type.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}

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
