//! Values of the own ship, and of other vessels, that the plugin did not ask to be called for.
//!
//! The plugin names the paths, and the SDK keeps what the server's deltas bring for them: the latest
//! value of each source, with its time.
//!
//! ```
//! use signalk_plugin_sdk::prelude::*;
//! use signalk_plugin_sdk::model;
//!
//! struct Gusts;
//!
//! #[signalk_plugin(name = "Gusts", model("environment.wind.*", "navigation.position"))]
//! impl Gusts {
//!     fn start() -> Self {
//!         Self
//!     }
//!
//!     #[every("1m")]
//!     fn look(&mut self) -> Result<()> {
//!         // m/s, if there is one and it is not older than 30 s
//!         let speed = model::get_within::<f64>("environment.wind.speedTrue", Duration::from_secs(30))?;
//!         match speed {
//!             Some(speed) => server::set_status(&format!("Wind: {} m/s", speed.round())),
//!             None => server::set_status("No wind instrument"),
//!         }
//!         Ok(())
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! Of several sources that tell the same value one counts, by the rule of the
//! [attribute](macro@crate::signalk_plugin#deltas): the first that was heard, until it falls silent
//! or has no value any more. What the plugin itself sends counts where no other source speaks.
//! [`sources`] has the values of all.
//!
//! # Other vessels
//!
//! `model(context = "vessels.*", "navigation.*", "")` keeps these paths of all vessels, the own one among them;
//! [`vessels`] has the others. `model(…)` may stand there several times, for several contexts. The path `""` is the
//! root of a vessel: what is no measurement, such as name, mmsi and communication, comes there as an object, a piece
//! at a time, and is put together. So `get("name")` and `get("communication.callsignVhf")` find what the server has
//! there. Of another vessel's value that of the source that counts is kept, and what the plugin itself says is not.
//!
//! # What is not there
//!
//! Only what changed since the plugin was started is known, for the server has no way to ask what it
//! knows already. `sk_get_self_path`, which should be one, is asked for paths that no delta has
//! brought; no server that is known to us answers it.

mod root;
mod vessels;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::boundary::{entry, imports};
use crate::clock::Timestamp;
use crate::delta::{Update, matches};
use crate::error::{Context as _, Error, Result};
use crate::instance::state;
use crate::json;
use crate::plausible::{Plausible, Quantity};
use crate::types::{NoPlace, Position, no_place};

pub use vessels::{Vessel, self_vessel, vessel, vessels};
pub(crate) use vessels::{keep as keep_of_other, watch as watch_others};

/// A value with where it came from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Entry<T> {
    /// The value, in the units of the Signal K schema.
    pub value: T,
    /// The source's reference (`$source`).
    pub source: String,
    /// When it was measured, ISO 8601 in UTC, as the source or the server says; empty where neither
    /// did.
    pub timestamp: String,
    /// How long ago it arrived here, by a clock that never jumps; `None` where it did not, and the
    /// server was asked.
    pub age: Option<Duration>,
    /// When it arrived here, by [`clock::monotonic`](crate::clock::monotonic); `None` as above.
    pub arrived: Option<Duration>,
}

impl<T> Entry<T> {
    /// When it was measured, as a time; `None` where neither the source nor the server gave one that can be read.
    #[must_use]
    pub fn measured(&self) -> Option<Timestamp> {
        Timestamp::parse(&self.timestamp)
    }
}

/// The latest value of a path, whatever its age, from the source that counts; `None` where there is
/// none, or every source has cleared its own.
///
/// # Errors
/// Where the path is not named in the attribute's `model(…)`, and where the value does not fit `T`.
pub fn get<T: DeserializeOwned>(path: &str) -> Result<Option<T>> {
    Ok(entry(path)?.map(|entry| entry.value))
}

/// The own ship's position, from `navigation.position`; `None` where there is none.
///
/// # Errors
/// As [`get`], and where it is no place on earth.
pub fn position() -> Result<Option<Position>> {
    get::<Position>("navigation.position")?.map(Position::check).transpose()
}

/// As [`get`], for a value that arrived no longer ago than `most`: an instrument that fell silent
/// says nothing any more. A value that the server was asked for has no age, and is left out.
///
/// # Errors
/// As [`get`].
pub fn get_within<T: DeserializeOwned>(path: &str, most: Duration) -> Result<Option<T>> {
    let is_fresh = |entry: &Entry<T>| entry.age.is_some_and(|age| age <= most);
    Ok(entry(path)?.filter(is_fresh).map(|entry| entry.value))
}

/// The latest value of a path, where a [`Plausible`] believes it. Where the source that counts tells
/// what cannot be, the value of another takes its place.
///
/// To be called again and again, as each value that is judged speaks for or against the next one;
/// [`Plausible::last`] has what was believed last.
///
/// # Errors
/// As [`get`].
///
/// ```
/// use signalk_plugin_sdk::model;
/// use signalk_plugin_sdk::plausible::Plausible;
/// use signalk_plugin_sdk::prelude::*;
///
/// struct Where {
///     plausible: Plausible<Position>,
/// }
///
/// #[signalk_plugin(name = "Where", model("navigation.position"))]
/// impl Where {
///     fn start() -> Self {
///         Self { plausible: Plausible::position() }
///     }
///
///     #[every("1s")]
///     fn look(&mut self) -> Result<()> {
///         model::believe("navigation.position", &mut self.plausible)?;
///         match self.plausible.last() {
///             Some(_) => server::set_status("Position known"),
///             None => server::set_status("Position unknown"),
///         }
///         Ok(())
///     }
/// }
/// # fn main() {}
/// ```
pub fn believe<T: Quantity + DeserializeOwned>(
    path: &str,
    plausible: &mut Plausible<T>,
) -> Result<Option<T>> {
    let mut outcome = Ok(None);
    for kept in ranked(path)? {
        match kept.read::<T>(path) {
            Ok(Some(Entry { value, arrived: Some(arrived), .. }))
                if plausible.is_possible(&value) =>
            {
                return Ok(plausible.believe_at(value, arrived));
            }
            Err(error) if outcome.is_ok() => outcome = Err(error),
            _ => {}
        }
    }
    outcome
}

/// The latest value of a path, with its source and time. Where the source that counts tells what cannot be
/// read as `T`, that of another takes its place.
///
/// # Errors
/// As [`get`].
pub fn entry<T: DeserializeOwned>(path: &str) -> Result<Option<Entry<T>>> {
    let sources = ranked(path)?;
    if sources.is_empty() {
        return asked(path);
    }
    let mut outcome = Ok(None);
    for kept in sources {
        match kept.read(path) {
            Ok(None) => {}
            Err(error) if outcome.is_ok() => outcome = Err(error),
            Err(_) => {}
            found => return found,
        }
    }
    outcome
}

/// The latest value of each source of a path, the newest first. A source whose value was cleared is
/// left out.
///
/// # Errors
/// As [`get`].
pub fn sources<T: DeserializeOwned>(path: &str) -> Result<Vec<Entry<T>>> {
    kept(path)?.into_iter().filter_map(|kept| kept.read(path).transpose()).collect()
}

/// How many paths and how many sources of each are kept; beyond that those that were silent longest
/// go. A wildcard over names that somebody makes up must not fill the memory.
const MOST_PATHS: usize = 2_000;
const MOST_SOURCES: usize = 16;

#[derive(Clone)]
struct Kept {
    source: String,
    timestamp: String,
    /// The value's JSON; `None` where it was cleared.
    value: Option<Box<str>>,
    /// On the monotonic clock; `None` where the server was asked.
    arrived: Option<Duration>,
    /// Tells whether this is the one source whose values count.
    is_used: bool,
}

impl Kept {
    fn read<T: DeserializeOwned>(self, path: &str) -> Result<Option<Entry<T>>> {
        let Some(text) = self.value else {
            return Ok(None);
        };
        let value = json::from_str(&text).with_context(|| path.to_owned())?;
        let age = self.arrived.map(|arrived| imports::monotonic().saturating_sub(arrived));
        let Self { source, timestamp, arrived, .. } = self;
        Ok(Some(Entry { value, source, timestamp, age, arrived }))
    }
}

impl Kept {
    /// Of a node of the server's tree; what is no node is the value itself.
    fn of_node(node: &str) -> Result<Self> {
        let mut kept = Self {
            source: String::new(),
            timestamp: String::new(),
            value: None,
            arrived: None,
            is_used: true,
        };
        if !node.starts_with('{') {
            kept.value = Some(node).filter(|node| *node != "null").map(Into::into);
            return Ok(kept);
        }
        for (key, value) in json::object(node)? {
            match &*key {
                "value" if value != "null" => kept.value = Some(value.into()),
                "$source" => kept.source = json::string(value)?.into_owned(),
                "timestamp" => kept.timestamp = json::string(value)?.into_owned(),
                _ => {}
            }
        }
        Ok(kept)
    }
}

struct Model {
    patterns: &'static [&'static str],
    /// Of each path its sources, the one that spoke last at the end.
    paths: BTreeMap<String, Vec<Kept>>,
}

state! {
    module static MODEL: RefCell<Model> = Model { patterns: &[], paths: BTreeMap::new() };
}

/// What the plugin named; to be told before anything is asked.
pub(crate) fn watch(patterns: &'static [&'static str]) {
    MODEL.with_borrow_mut(|model| model.patterns = patterns);
}

/// Keeps what an update of the own ship brings.
pub(crate) fn keep(update: &Update<'_>) {
    let now = entry::now();
    MODEL.with_borrow_mut(|model| {
        let Model { patterns, paths } = model;
        for value in &update.values {
            if !patterns.iter().any(|pattern| matches(pattern, &value.path)) {
                continue;
            }
            if !paths.contains_key(&*value.path) && paths.len() >= MOST_PATHS {
                drop_oldest(paths);
            }
            let sources = paths.entry(value.path.clone().into_owned()).or_default();
            if value.path.is_empty() {
                keep_root(sources, update, value.value, now);
                continue;
            }
            sources.retain(|kept| kept.source != *update.source);
            if value.is_used {
                sources.iter_mut().for_each(|kept| kept.is_used = false);
            }
            if sources.len() >= MOST_SOURCES {
                sources.remove(0);
            }
            sources.push(Kept {
                source: update.source.clone().into_owned(),
                timestamp: update.timestamp.clone().into_owned(),
                value: value.value.filter(|value| is_known(value)).map(Into::into),
                arrived: Some(now),
                is_used: value.is_used,
            });
        }
    });
}

/// Puts what any source says of the root together.
fn keep_root(root: &mut Vec<Kept>, update: &Update<'_>, value: Option<&str>, now: Duration) {
    let Some(value) = value else {
        return;
    };
    let known = root.pop().and_then(|kept| kept.value);
    let value = known.map_or_else(|| value.to_owned(), |known| root::merged(&known, value));
    root.push(Kept {
        source: update.source.clone().into_owned(),
        timestamp: update.timestamp.clone().into_owned(),
        value: Some(value.into()),
        arrived: Some(now),
        is_used: true,
    });
}

/// The member of the root that a path names.
fn of_root(paths: &BTreeMap<String, Vec<Kept>>, path: &str) -> Option<Kept> {
    let root = paths.get("")?.last()?;
    let value = root::member(root.value.as_deref()?, path)?;
    Some(Kept { value: Some(value.into()), ..root.clone() })
}

/// Tells whether a value is more than a position without a fix.
fn is_known(value: &str) -> bool {
    no_place(value) != Some(NoPlace::Unknown)
}

fn drop_oldest(paths: &mut BTreeMap<String, Vec<Kept>>) {
    let newest = |sources: &[Kept]| sources.last().and_then(|kept| kept.arrived);
    let oldest = paths.iter().min_by_key(|(_, sources)| newest(sources));
    let Some(oldest) = oldest.map(|(path, _)| path.clone()) else {
        return;
    };
    paths.remove(&oldest);
}

/// What is kept of a path, the newest first.
fn kept(path: &str) -> Result<Vec<Kept>> {
    MODEL.with_borrow(|model| {
        let names = |pattern: &&str| pattern.is_empty() || matches(pattern, path);
        if !model.patterns.iter().any(names) {
            return Err(Error::msg(format!(
                "\"{path}\" is not kept: write #[signalk_plugin(model(\"{path}\"))]"
            )));
        }
        let sources: Vec<_> = model.paths.get(path).into_iter().flatten().rev().cloned().collect();
        if sources.is_empty() {
            return Ok(of_root(&model.paths, path).into_iter().collect());
        }
        Ok(sources)
    })
}

/// The values that are kept of a path: first that of the source that is used, then the newest.
fn ranked(path: &str) -> Result<Vec<Kept>> {
    let mut sources = kept(path)?;
    sources.sort_by_key(|kept| !kept.is_used);
    Ok(sources)
}

/// What the server answers, the whole node of the path.
fn asked<T: DeserializeOwned>(path: &str) -> Result<Option<Entry<T>>> {
    match imports::get_self_path(path) {
        Some(node) => read_node(&node, path),
        None => Ok(None),
    }
}

/// Reads a node of the server's tree.
pub(crate) fn read_node<T: DeserializeOwned>(node: &str, path: &str) -> Result<Option<Entry<T>>> {
    Kept::of_node(node)?.read(path)
}

/// Keeps a node of the server's tree, if its path is to be kept and no delta has brought a value yet.
#[cfg(feature = "fetch")]
pub(crate) fn keep_known(path: &str, node: &str) -> Result<()> {
    MODEL.with_borrow_mut(|model| {
        let is_wanted = model.patterns.iter().any(|pattern| matches(pattern, path));
        if !is_wanted || model.paths.contains_key(path) || model.paths.len() >= MOST_PATHS {
            return Ok(());
        }
        let kept = Kept::of_node(node)?;
        if kept.value.as_deref().is_some_and(is_known) {
            model.paths.insert(path.to_owned(), vec![kept]);
        }
        Ok(())
    })
}

/// They turned out to be another vessel's.
pub(crate) fn forget_values() {
    MODEL.with_borrow_mut(|model| model.paths.clear());
}
