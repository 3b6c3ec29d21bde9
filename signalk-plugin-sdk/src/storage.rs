//! Small documents that outlast a restart of the server: an anchor's place, a list of routes, the
//! last forecast.
//!
//! ```
//! use signalk_plugin_sdk::prelude::*;
//! use signalk_plugin_sdk::storage;
//!
//! struct Anchor {
//!     place: Option<Position>,
//! }
//!
//! #[signalk_plugin]
//! impl Anchor {
//!     fn start() -> Result<Self> {
//!         Ok(Self { place: storage::load("anchor")? })
//!     }
//!
//!     #[put("navigation.anchor.position")]
//!     fn drop_anchor(&mut self, place: Position) -> Result<()> {
//!         storage::save("anchor", &place)?; // an error is the answer, and nothing is half done
//!         self.place = Some(place);
//!         Ok(())
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! # Where they are
//!
//! In the server's file of the plugin's configuration, under the key `signalk-plugin-sdk`: it is the
//! only thing that lasts. Files that a plugin writes are deleted when the server starts. The owner's
//! settings beside them are read afresh and written back as they are at each save, and nothing is
//! written where they could not be read.
//!
//! - A save is on the disk when [`save`] returns, so save when something changes; nothing is called
//!   when the server ends. A document that did not change is not written again.
//! - A form that was opened before a save posts the documents of then. What the plugin knows is
//!   newer, so it wins, and is written again, at the next start or when the form disables the plugin.
//!   One thing is lost: what was stored before a save without any configuration that also disables the
//!   plugin, once the server has ended. To be on the safe side, [`load`] what there is in `start`.
//! - Server 2.23 does not write the file atomically, and no version waits for the disk: a power cut in
//!   the very moment of a save may leave the file of before, or on 2.23 a torn one.
//! - Every save writes the whole file. [`MAX_BYTES`] is the limit of all documents together; data that
//!   is larger, or changes every second, does not belong here.
//! - What serde keeps before it knows the type, which are the fields of `#[serde(flatten)]` and of enums with
//!   `tag` or `untagged`, can hold no map whose keys are numbers or booleans: [`save`] writes it, and [`load`]
//!   is an error. Give such a map texts as keys, or the enum no `tag`.
//! - A package with a scope in its name (`@scope/name`) has no storage on today's servers: an error
//!   says so.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::boundary::imports;
use crate::config;
use crate::error::{Context as _, Error, Result};
use crate::hooks::{End, Hooks, hook_storage, nothing};
use crate::instance::state;
use crate::json;
use crate::report::{self, Source};

/// How many bytes all documents together may take, keys included.
pub const MAX_BYTES: usize = 1 << 20;

#[derive(Debug, Clone, Default, PartialEq)]
struct Documents {
    /// Counts the saves, so that the newer of two states is known.
    revision: u64,
    /// The JSON of each.
    documents: Vec<(String, String)>,
    /// What was there and could not be read; kept, for it may be somebody's routes.
    damaged: Option<String>,
}

state! {
    /// What was stored last, which outlives a stop: the form may post something older.
    module static LATEST: RefCell<Option<Documents>> = None;
    /// Whether what the server handed over at this start was looked at.
    module static IS_MERGED: Cell<bool> = false;
    /// Since when the newest state is not in the server's file, where it is not.
    module static UNWRITTEN: Cell<Option<Duration>> = None;
}

/// Reads a document; `None` where there is none under that key.
///
/// # Errors
/// Where the plugin is not started, and where the document does not fit `T`; then it stays as it is.
pub fn load<T: DeserializeOwned>(key: &str) -> Result<Option<T>> {
    // Out of the cell first: reading it runs the author's code.
    let text = with_current(|stored| stored.get(key).map(str::to_owned))?;
    let value = text.as_deref().map(json::from_str).transpose();
    value.with_context(|| ["the stored document \"", key, "\""].concat())
}

/// Stores a document in place of the last one under that key. It stands in the same file as the
/// configuration, so a [`Secret`](crate::config::Secret) in it stands there as it is.
///
/// # Errors
/// Where the plugin is not started, the document cannot be written as JSON or is too large, the
/// server's file cannot be read or written, or the package's name has a scope. A number that would not
/// come back as it is, for it is not finite, or a whole one beyond 2⁵³, which the server rounds, is an
/// error, too. Then all is as it was.
pub fn save<T: Serialize + ?Sized>(key: &str, document: &T) -> Result<()> {
    let text = config::with_secrets(|| json::to_kept_string(document));
    change(key, Some(text.with_context(|| ["the document \"", key, "\" was not stored"].concat())?))
}

/// Removes a document; one that is not there is no error.
///
/// # Errors
/// As [`save`].
pub fn remove(key: &str) -> Result<()> {
    change(key, None)
}

/// Returns the keys of all documents.
///
/// # Errors
/// Where the plugin is not started.
pub fn keys() -> Result<Vec<String>> {
    with_current(|stored| stored.documents.iter().map(|(key, _)| key.clone()).collect())
}

fn change(name: &str, text: Option<String>) -> Result<()> {
    let is_same = with_current(|stored| match (stored.get(name), text.as_deref()) {
        (Some(known), Some(text)) => json::is_same(known, text),
        (known, text) => known == text,
    })?;
    if is_same && UNWRITTEN.get().is_none() {
        return Ok(());
    }
    let mut next = with_current(Clone::clone)?;
    next.documents.retain(|(known, _)| known != name);
    next.documents.extend(text.map(|text| (name.to_owned(), text)));
    let size: usize = next.documents.iter().map(|(name, text)| name.len() + text.len()).sum();
    if size > MAX_BYTES {
        return Err(Error::msg(format!(
            "with the document \"{name}\" the storage would take {size} bytes, and it holds \
             {MAX_BYTES}: store less, or remove other documents"
        )));
    }
    next.revision = next.revision.saturating_add(1);
    write(&next).with_context(|| ["the document \"", name, "\" was not stored"].concat())?;
    LATEST.set(Some(next));
    Ok(())
}

fn write(documents: &Documents) -> Result<()> {
    let text = documents.written();
    config::change(|document| {
        document.stored = Some(text);
        Ok(())
    })?;
    UNWRITTEN.set(None);
    report::set_outcome(Source::Storage, Ok(()));
    Ok(())
}

/// Runs `f` on what is stored now. The first time after a start that is the newest of what the server
/// handed over and what this instance knows. `f` must be none of the author's code.
fn with_current<R>(f: impl FnOnce(&Documents) -> R) -> Result<R> {
    if config::known().is_none() {
        return Err(Error::msg("storage is there from `start` until `stop`"));
    }
    if !IS_MERGED.replace(true) {
        hook_storage(Hooks { start: started, poll: retried, turn: nothing, end: ended });
        started();
    }
    Ok(LATEST.with_borrow(|latest| match latest {
        Some(latest) => f(latest),
        None => f(&Documents::default()),
    }))
}

/// At every start of an instance that uses storage, the first time when it first does.
fn started() {
    let Some(known) = config::known() else {
        return;
    };
    let handed_over = taken_over(known.stored.as_deref());
    taken_over(known.earlier.as_deref());
    let is_written = LATEST
        .with_borrow(|latest| latest.as_ref().is_some_and(|latest| latest.is_same(&handed_over)));
    if is_written {
        UNWRITTEN.set(None);
    } else {
        // A form that was opened earlier has posted what was stored then, or nothing.
        write_again();
    }
}

/// Where what is newest is not in the server's file.
fn write_again() {
    let latest = LATEST.with_borrow(Clone::clone).unwrap_or_default();
    if let Err(error) = write(&latest) {
        UNWRITTEN.set(Some(imports::monotonic()));
        report::set_outcome(Source::Storage, Err(error));
    }
}

/// Tries again what could not be written.
fn retried() {
    const PERIOD: Duration = Duration::from_secs(30);
    let due =
        UNWRITTEN.get().is_some_and(|since| imports::monotonic() >= since.saturating_add(PERIOD));
    if due {
        write_again();
    }
}

/// A form that disables the plugin posts what it had when it was opened, and the server writes that
/// before it stops the plugin.
fn ended(end: End) {
    if end == End::NoStart {
        return;
    }
    let Ok(text) = config::stored_now() else {
        return;
    };
    let in_file = text.as_deref().and_then(|text| Documents::read(text).ok()).unwrap_or_default();
    let is_older = LATEST
        .with_borrow(|latest| latest.as_ref().is_some_and(|it| it.revision > in_file.revision));
    if is_older {
        write_again();
    }
}

/// Takes over what the server handed over, where it is newer than what is known; returns it.
fn taken_over(stored: Option<&str>) -> Documents {
    let read = stored.map_or(Ok(Documents::default()), Documents::read);
    let documents = read.unwrap_or_else(|error| {
        let text = "what was stored is damaged, and kept beside what is stored now: ".to_owned();
        report::set_transient(Source::Storage, Error::msg(text + &error.to_string()));
        Documents { damaged: stored.map(str::to_owned), ..Documents::default() }
    });
    LATEST.with_borrow_mut(|latest| match latest {
        Some(latest) if latest.revision >= documents.revision => {
            let damaged = documents.damaged.clone();
            latest.damaged = latest.damaged.take().or(damaged);
        }
        _ => *latest = Some(documents.clone()),
    });
    documents
}

impl Documents {
    fn get(&self, name: &str) -> Option<&str> {
        self.documents.iter().find(|(known, _)| known == name).map(|(_, text)| &**text)
    }

    /// Tells whether both say the same, however it is written.
    fn is_same(&self, other: &Self) -> bool {
        self == other || json::is_same(&self.written(), &other.written())
    }

    fn read(text: &str) -> Result<Self, json::Error> {
        let mut documents = Self::default();
        for (key, value) in json::object(text)? {
            match &*key {
                "revision" => documents.revision = json::from_str(value)?,
                "documents" => {
                    for (name, text) in json::object(value)? {
                        documents.documents.push((name.into_owned(), text.to_owned()));
                    }
                }
                "damaged" => documents.damaged = Some(value.to_owned()),
                _ => {}
            }
        }
        Ok(documents)
    }

    fn written(&self) -> String {
        let entries = self.documents.iter().map(|(name, text)| (name, &**text));
        let documents = json::object_of(entries);
        let revision = self.revision.to_string();
        let damaged = self.damaged.as_deref().map(|damaged| ("damaged", damaged));
        let entries = [("revision", &*revision), ("documents", &*documents)];
        json::object_of(entries.into_iter().chain(damaged))
    }
}
