//! Values of other vessels.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use signalk_plugin_contract::SELF_CONTEXT;

use super::{Entry, root};
use crate::boundary::{entry, imports};
use crate::delta::{PathValue, Update, matches};
use crate::error::{Context as _, Error, Result};
use crate::handlers::ModelOf;
use crate::instance::state;
use crate::self_context;
use crate::{clock, json};

/// So many vessels are kept. Beyond that the one goes that was silent longest.
const MOST_VESSELS: usize = 1_000;

/// So many paths of each. Beyond that the one goes whose value is the oldest.
const MOST_PATHS: usize = 64;

/// A vessel that was silent for so long is forgotten. By AIS a moored one speaks every three minutes, and tells
/// its name every six.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(600);

/// A vessel whose values the SDK keeps, named in the attribute: `model(context = "vessels.*", …)`.
///
/// It is a name, and holds no values; they are looked up when they are asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vessel {
    context: Rc<str>,
}

/// The other vessels of whom something is kept, in the order of their contexts: without the own one, and without
/// those that nobody has heard of for ten minutes, which are forgotten. At most 1,000 are kept, the one that was
/// silent longest goes first, and of each at most 64 paths.
///
/// ```
/// use signalk_plugin_sdk::prelude::*;
/// use signalk_plugin_sdk::model;
///
/// struct Lookout;
///
/// #[signalk_plugin(name = "Lookout", model(context = "vessels.*", "navigation.*", ""))]
/// impl Lookout {
///     fn start() -> Self {
///         Self
///     }
///
///     #[every("10s")]
///     fn look(&mut self) -> Result<()> {
///         let Some(own) = model::position()? else { return Ok(()) };
///         let mut near = Vec::new();
///         for vessel in model::vessels() {
///             let position = vessel.get_within::<Position>("navigation.position", Duration::from_secs(180))?;
///             if position.is_some_and(|position| own.distance_to(position) < 500.0) {
///                 near.push(vessel.title());
///             }
///         }
///         server::set_status(&near.join(", "));
///         Ok(())
///     }
/// }
/// # fn main() {}
/// ```
pub fn vessels() -> impl Iterator<Item = Vessel> {
    forget_silent();
    let contexts = VESSELS.with_borrow(|vessels| vessels.keys().cloned().collect::<Vec<_>>());
    let others = contexts.into_iter().filter(|context| !self_context::is(context));
    others.map(|context| Vessel { context })
}

/// The vessel of a context, such as that of an [`Origin`](crate::delta::Origin); it need not be known.
#[must_use]
pub fn vessel(context: &str) -> Vessel {
    Vessel { context: context.into() }
}

/// The own vessel, for code that asks all vessels in one way.
#[must_use]
pub fn self_vessel() -> Vessel {
    vessel(SELF_CONTEXT)
}

impl Vessel {
    /// The context, `vessels.urn:mrn:imo:mmsi:244123456` for example; `vessels.self` of [`self_vessel`].
    #[must_use]
    pub fn context(&self) -> &str {
        &self.context
    }

    /// The MMSI, if the context has one.
    #[must_use]
    pub fn mmsi(&self) -> Option<&str> {
        self.context.split_once(":mmsi:").map(|(_, mmsi)| mmsi)
    }

    /// A name for people: the vessel's own, or the MMSI, or the context. It has no control characters, and at most
    /// 40 others, whatever is sent by radio.
    #[must_use]
    pub fn title(&self) -> String {
        let name = self.get::<String>("name").ok().flatten().unwrap_or_default();
        let seen = name.trim().chars().filter(|char| !char.is_control()).take(40);
        let name = seen.collect::<String>();
        match self.mmsi() {
            _ if !name.is_empty() => name,
            Some(mmsi) => mmsi.to_owned(),
            None => self.context.to_string(),
        }
    }

    /// How long ago something of it that is kept arrived; `None` where nothing is kept, and of the own vessel.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        let heard = VESSELS.with_borrow(|vessels| Some(vessels.get(&self.context)?.heard));
        Some(clock::monotonic().saturating_sub(heard?))
    }

    /// The latest value of a path, whatever its age. What came at the root (`""`) is found by its own path, `name`
    /// or `communication.callsignVhf`, as on the server; the root as a whole is `""`.
    ///
    /// # Errors
    /// Where the path is not named in the attribute's `model(context = …)`, and where the value does not fit `T`.
    pub fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>> {
        Ok(self.entry(path)?.map(|entry| entry.value))
    }

    /// As [`Self::get`], for a value that arrived no longer ago than `most`.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn get_within<T: DeserializeOwned>(&self, path: &str, most: Duration) -> Result<Option<T>> {
        let is_fresh = |entry: &Entry<T>| entry.age.is_some_and(|age| age <= most);
        Ok(self.entry(path)?.filter(is_fresh).map(|entry| entry.value))
    }

    /// The latest value of a path, with its source and time.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn entry<T: DeserializeOwned>(&self, path: &str) -> Result<Option<Entry<T>>> {
        if self_context::is(&self.context) {
            return super::entry(path);
        }
        if !is_kept(&self.context, path) {
            let kind = self.context.split('.').next().unwrap_or_default();
            return Err(Error::msg(format!(
                "\"{path}\" is not kept of {}: write \
                 #[signalk_plugin(model(context = \"{kind}.*\", \"{path}\"))]",
                self.context
            )));
        }
        VESSELS.with_borrow(|vessels| {
            let known = vessels.get(&self.context).filter(|known| !known.is_silent());
            known.and_then(|known| known.entry(path).transpose()).transpose()
        })
    }
}

/// Tells whether a path of a context is named in the attribute, itself or by the root that it is in.
fn is_kept(context: &str, path: &str) -> bool {
    let names = |pattern: &&str| pattern.is_empty() || matches(pattern, path);
    KEPT.get().iter().any(|kept| matches(kept.context, context) && kept.paths.iter().any(names))
}

struct Known {
    /// When something was last heard of it, on the monotonic clock.
    heard: Duration,
    values: Vec<Value>,
}

struct Value {
    path: Box<str>,
    /// The JSON. Written over when the next one comes, as the rest is.
    json: String,
    source: String,
    timestamp: String,
    arrived: Duration,
}

impl Known {
    fn is_silent(&self) -> bool {
        clock::monotonic().saturating_sub(self.heard) > FORGOTTEN_AFTER
    }

    fn value(&self, path: &str) -> Option<&Value> {
        self.values.iter().find(|value| *value.path == *path)
    }

    fn entry<T: DeserializeOwned>(&self, path: &str) -> Result<Option<Entry<T>>> {
        let whole = self.value(path).map(|value| (value, &*value.json));
        let found = whole.or_else(|| {
            let root = self.value("")?;
            Some((root, root::member(&root.json, path)?))
        });
        let Some((value, text)) = found else {
            return Ok(None);
        };
        Ok(Some(Entry {
            value: json::from_str(text).with_context(|| path.to_owned())?,
            source: value.source.clone(),
            timestamp: value.timestamp.clone(),
            age: Some(imports::monotonic().saturating_sub(value.arrived)),
            arrived: Some(value.arrived),
        }))
    }

    fn hear<'v>(
        &mut self,
        values: impl Iterator<Item = &'v PathValue<'v>>,
        update: &Update<'_>,
        now: Duration,
    ) {
        if self.is_silent() {
            self.values.clear();
        }
        self.heard = now;
        for value in values {
            let json = value.value.filter(|value| super::is_known(value));
            self.put(&value.path, json, update, now);
        }
    }

    fn put(&mut self, path: &str, json: Option<&str>, update: &Update<'_>, now: Duration) {
        let at = self.values.iter().position(|value| *value.path == *path);
        let Some(json) = json else {
            at.map(|at| self.values.swap_remove(at));
            return;
        };
        if let Some(value) = at.and_then(|at| self.values.get_mut(at)) {
            if path.is_empty() {
                value.json = root::merged(&value.json, json);
            } else {
                overwrite(&mut value.json, json);
            }
            overwrite(&mut value.source, &update.source);
            overwrite(&mut value.timestamp, &update.timestamp);
            value.arrived = now;
            return;
        }
        if self.values.len() >= MOST_PATHS {
            let ages = self.values.iter().enumerate();
            if let Some((oldest, _)) = ages.min_by_key(|(_, value)| value.arrived) {
                self.values.swap_remove(oldest);
            }
        }
        self.values.push(Value {
            path: path.into(),
            json: json.to_owned(),
            source: update.source.to_string(),
            timestamp: update.timestamp.to_string(),
            arrived: now,
        });
    }
}

fn overwrite(old: &mut String, new: &str) {
    old.clear();
    old.push_str(new);
}

state! {
    /// The part of the attribute that is about other vessels.
    module static KEPT: Cell<&'static [ModelOf]> = &[];
    module static VESSELS: RefCell<BTreeMap<Rc<str>, Known>> = BTreeMap::new();
}

/// Notes what the plugin named; to be called before anything is asked.
pub(crate) fn watch(kept: &'static [ModelOf]) {
    KEPT.set(kept);
}

/// Keeps what an update of another vessel brings. What the plugin itself says of one is no sign of life.
pub(crate) fn keep(kept: &[ModelOf], context: &str, update: &Update<'_>) {
    let is_named = |path: &str| {
        let mut kept = kept.iter().filter(|kept| matches(kept.context, context));
        kept.any(|kept| kept.paths.iter().any(|pattern| matches(pattern, path)))
    };
    if update.is_echo {
        return;
    }
    let values = update.values.iter().filter(|it| it.is_used && is_named(&it.path));
    let mut values = values.peekable();
    if values.peek().is_none() {
        return;
    }
    let now = entry::now();
    VESSELS.with_borrow_mut(|vessels| {
        if let Some(known) = vessels.get_mut(context) {
            return known.hear(values, update, now);
        }
        if vessels.len() >= MOST_VESSELS {
            drop_most_silent(vessels);
        }
        let mut known = Known { heard: now, values: Vec::new() };
        known.hear(values, update, now);
        vessels.insert(context.into(), known);
    });
}

fn drop_most_silent(vessels: &mut BTreeMap<Rc<str>, Known>) {
    let most_silent = vessels.iter().min_by_key(|(_, known)| known.heard);
    if let Some(context) = most_silent.map(|(context, _)| context.clone()) {
        vessels.remove(&context);
    }
}

fn forget_silent() {
    VESSELS.with_borrow_mut(|vessels| vessels.retain(|_, known| !known.is_silent()));
}
