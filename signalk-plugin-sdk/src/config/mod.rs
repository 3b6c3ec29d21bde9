//! The plugin's configuration: what the owner sets in the server's form.
//!
//! `start` gets it. These functions are for a plugin that changes its own settings, or wants to see
//! them as they stand in the server's file now. What belongs to the plugin and not to its owner, an
//! anchor's place or the last forecast, belongs in [`storage`](crate::storage).
//!
//! What to know of the server:
//!
//! - A save by the form stops and starts the plugin; one by these functions does not.
//! - A form that was opened before the plugin's save still shows the settings of then, and posts
//!   them when the owner saves it: the owner wins.
//! - It reads and writes the file as JavaScript does: whole numbers beyond 2^53 do not last to their
//!   last digit.
//! - A package with a scope in its name (`@scope/name`) cannot save. [`read`] and all that saves
//!   are an error there.
//!
//! A password or a token is a [`Secret`], which stands in no log and no error.
//!
//! The limits that a type states are kept to: least and most of numbers, texts and lists, patterns,
//! addresses (`#[schemars(range(min = 1.0, max = 10.0))]`, `length(max = 20)`, `regex(pattern = "…")`,
//! `email`, `url`), and what `extend` adds of JSON Schema's other limits of single values. The form
//! refuses what is outside of them, `start` does not get it from a file that was written by hand
//! either, and [`save`] and [`merge`] are an error. What counts is what was read: a setting by another
//! name (`#[serde(alias = "…")]`) has the limits of its own, and so has a number that a function of
//! yours (`deserialize_with`) reads out of a text. A limit that only the form could keep to fails the
//! test that the attribute adds to a plugin. Defaults, and what `#[schemars(skip)]` leaves out of the
//! form, are not held against limits: `start` sees to those. The form alone sees to other formats of
//! texts. If an enum's variant goes by another name, and it cannot be told which of several with limits
//! it is, the setting is refused with the names that are known.
//!
//! The owner reads errors by the labels of the form, `Engines, 4th: Id` for `engines[3].id`.
//!
//! Settings that depend on one another are for `start` to check, [`ConfigError::ensure`], and for the
//! plugin before it saves them.
//!
//! # From an older version, or from a plugin in JavaScript
//!
//! A function `migrate` in the plugin's `impl` block is offered what was saved, before it is read as
//! the type that `start` takes. Where it returns `Some`, that is what `start` gets, and it is saved
//! in place of the old, so that the form shows it:
//!
//! ```
//! use signalk_plugin_sdk::json::Raw;
//! use signalk_plugin_sdk::prelude::*;
//!
//! /// Warns of shallow water.
//! #[derive(Deserialize, Serialize, JsonSchema)]
//! #[serde(rename_all = "camelCase")]
//! pub struct Config {
//!     /// Least depth below the keel (m)
//!     least_depth: f64,
//! }
//!
//! /// What version 1 saved: feet, as text.
//! #[derive(Deserialize)]
//! struct Version1 {
//!     depth: String,
//! }
//!
//! struct Shallow;
//!
//! #[signalk_plugin]
//! impl Shallow {
//!     fn migrate(saved: &Raw) -> Result<Option<Config>> {
//!         let Ok(old) = saved.deserialize::<Version1>() else {
//!             return Ok(None);
//!         };
//!         let feet: f64 = old.depth.parse()?;
//!         Ok(Some(Config { least_depth: feet * 0.3048 }))
//!     }
//!
//!     fn start(config: Config) -> Result<Self> {
//!         server::set_status(&format!("Warning below {} m", config.least_depth));
//!         Ok(Self)
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! A plugin in JavaScript of the same package name left its configuration in the same file. Its
//! other files, below `plugin-config-data`, are out of reach for a WebAssembly plugin.

mod check;
mod document;
mod keywords;
mod label;
mod limits;
mod merge;
pub(crate) mod migrate;
mod number;
mod received;
#[cfg(not(target_family = "wasm"))]
mod reserved;
mod secret;
mod text;
mod told;
#[cfg(not(target_family = "wasm"))]
mod vocabulary;

use std::borrow::Cow;
use std::cell::Cell;

#[cfg(not(target_family = "wasm"))]
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::boundary::imports;
use crate::error::{ConfigError, Error, Result};
use crate::instance::state;

pub(crate) use check::check as check_limits;
pub(crate) use document::{Document, change, known, renew, set_known, stored_now};
pub use limits::Limits;
pub(crate) use limits::{Limited, schema_of};
pub use received::NoConfig;
pub(crate) use received::{RESERVED, Received, deserialize};
pub use secret::Secret;
pub(crate) use secret::{hide_secrets, to_saved, with_secrets};
pub(crate) use told::for_owner;

/// Tells what is wrong with the type of a configuration, in a sentence that says what to write instead.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn problem<C: DeserializeOwned + JsonSchema>() -> Option<String> {
    let schema = schema_of::<C>();
    reserved::reserved_setting::<C>(&schema).or_else(|| vocabulary::unchecked(&schema))
}

/// The configuration as it stands in the server's file now. It differs from what `start` got only
/// by what the plugin saved itself.
///
/// # Errors
/// Where the plugin is not started, where the server cannot read its file, and where the
/// configuration does not fit `C`.
pub fn read<C: DeserializeOwned>() -> Result<C> {
    let settings = document::read()?.settings;
    deserialize(&settings).map_err(|error| match CHECK.get() {
        Some((_, schema)) => for_owner(error.into(), &schema()),
        None => error.into(),
    })
}

/// Saves a whole configuration in place of the last one. `start` gets it the next time.
///
/// # Errors
/// Where `config` is not written as a JSON object, where it fits neither the type that `start` takes
/// nor what `migrate` knows, or is outside of the limits, and where the server does not save it; then
/// all stays as it was. What `start` itself checks is not asked.
pub fn save<C: Serialize + ?Sized>(config: &C) -> Result<()> {
    let text = to_saved(config)?;
    document::change(|document| {
        document.replace(&text)?;
        checked(&document.settings)
    })
}

/// Saves what `migrate` made, which a start has checked. It goes on without, too, for the next one
/// migrates again.
pub(crate) fn save_migrated(settings: &str) {
    let outcome = document::change(|document| document.replace(settings).map(drop));
    if let Err(error) = outcome {
        imports::debug(
            &["the migrated configuration was not saved: ", &*error.to_string()].concat(),
        );
    }
}

/// Changes single settings and leaves the rest as it is: `changes` is written as JSON and merged as
/// RFC 7396 says, so `null` removes a setting, and objects are merged key by key.
///
/// ```
/// use std::collections::BTreeMap;
/// use signalk_plugin_sdk::{Result, config};
///
/// fn widen(metres: f64) -> Result<()> {
///     config::merge(&BTreeMap::from([("maxRadius", metres)]))
/// }
/// ```
///
/// # Errors
/// As [`save`]. Where the file is wrong already, by another hand, the changes are saved: they make
/// nothing worse.
pub fn merge<C: Serialize + ?Sized>(changes: &C) -> Result<()> {
    let changes = to_saved(changes)?;
    document::object_or_error(&changes)?;
    document::change(|document| {
        let merged = merge::merge(&document.settings, &changes).map_err(ConfigError::from)?;
        let before = document.replace(&merged)?;
        match checked(&document.settings) {
            Err(_) if checked(&before).is_err() => Ok(()),
            outcome => outcome,
        }
    })
}

/// What a start holds settings against before the plugin gets them.
pub(crate) type Check = fn(&str) -> Result<()>;

/// The schema by which settings have labels.
pub(crate) type Labels = fn() -> Cow<'static, str>;

state! {
    /// That of the plugin, from its first start on. These functions do not know its type.
    module static CHECK: Cell<Option<(Check, Labels)>> = None;
}

pub(crate) fn check_by(check: Check, labels: Labels) {
    CHECK.set(Some((check, labels)));
}

/// A plugin that saved what its next start refuses would be gone after the next power cut.
fn checked(settings: &str) -> Result<()> {
    let outcome = CHECK.get().map_or(Ok(()), |(check, _)| check(settings));
    // For the owner it is no mistake in the form, and `start` may be what saves it.
    outcome.map_err(|error| {
        Error::msg(format!("not saved, for the next start would refuse it: {error}"))
    })
}
