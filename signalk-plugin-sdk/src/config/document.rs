//! The server's file of the plugin's configuration: the owner's settings, and beside them what the
//! plugin stores, under one reserved key.
//!
//! It is changed by reading it afresh, replacing what is to be replaced, and writing it, in one call
//! of the host: nothing comes between, for the server has one thread.

use std::cell::{Cell, RefCell};
use std::mem;
use std::rc::Rc;

use super::received::{RESERVED, Received};
use crate::boundary::imports;
use crate::error::{Error, Result};
use crate::instance::state;
use crate::json;

/// What the server answers where it has no configuration, or cannot read it.
const NOTHING: &str = "{}";

/// What the file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Document {
    /// The owner's settings, a JSON object.
    pub(crate) settings: String,
    /// The value of the reserved key.
    pub(crate) stored: Option<String>,
    /// What it was before, where it is not there any more: a form may have left it out.
    pub(crate) earlier: Option<String>,
}

impl From<Received> for Document {
    fn from(received: Received) -> Self {
        Self { settings: received.settings, stored: received.stored, earlier: None }
    }
}

impl Document {
    fn written(&self) -> Result<String> {
        let mut entries = json::object(&self.settings)?;
        entries.extend(self.stored.as_deref().map(|stored| (RESERVED.into(), stored)));
        Ok(json::object_of(entries))
    }

    /// Puts other settings in place of the owner's, which are given back.
    pub(super) fn replace(&mut self, settings: &str) -> Result<String> {
        object_or_error(settings)?;
        // A setting of a name that the server or the SDK keeps for itself would be there twice.
        let settings = Received::parse(settings.as_bytes())?.settings;
        Ok(mem::replace(&mut self.settings, settings))
    }

    fn is_empty(&self) -> bool {
        matches!(&*self.settings, "" | "{}") && self.stored.is_none()
    }
}

pub(super) fn object_or_error(text: &str) -> Result<()> {
    if text.starts_with('{') {
        return Ok(());
    }
    Err(Error::msg("a configuration is a JSON object: save a struct or a map"))
}

state! {
    /// What the file is known to hold: from the last start, or the last change of our own.
    start static KNOWN: RefCell<Option<Rc<Document>>> = None;
    /// What was last stored under the reserved key, as far as a start has told.
    module static EARLIER: Cell<Option<String>> = None;
    /// Whether the file is torn by a change of our own, and holds nothing that is not known.
    start static TORN: Cell<bool> = false;
}

/// Takes what the server hands over at a start: its file holds that.
pub(crate) fn set_known(mut document: Document) {
    document.earlier = EARLIER.take();
    EARLIER.set(document.stored.clone().or(document.earlier.clone()));
    TORN.set(false);
    KNOWN.set(Some(Rc::new(document)));
}

/// Knows nothing of the file until a start tells.
pub(crate) fn renew() {
    KNOWN.renew();
    TORN.renew();
}

pub(crate) fn known() -> Option<Rc<Document>> {
    KNOWN.with_borrow(Clone::clone)
}

/// The file as it is now.
pub(super) fn read() -> Result<Received> {
    let known = known().ok_or_else(|| {
        Error::msg("the configuration is not known before `start` and after `stop`")
    })?;
    if let Some(id) = imports::plugin_id().filter(|id| id.starts_with('@')) {
        return Err(Error::msg(format!(
            "the server cannot read or write the configuration of a package with a scope: \
             publish \"{id}\" under a name without one"
        )));
    }
    let text = imports::read_config()
        .ok_or_else(|| Error::msg("the server could not read the plugin's configuration"))?;
    // It answers like this where it cannot read its file, too. What was there must not be written
    // over with nothing.
    if text == NOTHING && !known.is_empty() {
        if TORN.get() {
            let (settings, stored) = (known.settings.clone(), known.stored.clone());
            return Ok(Received { settings, enable_debug: false, stored });
        }
        return Err(Error::msg(
            "the server's file of the plugin's configuration is gone or damaged: save the \
             configuration once in the server's form",
        ));
    }
    Ok(Received::parse(text.as_bytes())?)
}

/// The value of the reserved key as it stands in the file now.
pub(crate) fn stored_now() -> Result<Option<String>> {
    Ok(read()?.stored)
}

/// Changes the file: all of it, or nothing where there is an error.
pub(crate) fn change(apply: impl FnOnce(&mut Document) -> Result<()>) -> Result<()> {
    let mut document = Document::from(read()?);
    let before = document.clone();
    apply(&mut document)?;
    if document == before && !TORN.get() {
        return Ok(());
    }
    if !imports::save_config(&document.written()?) {
        mend(&before)?;
        return Err(Error::msg(
            "the server could not save the plugin's configuration: its disk may be full or not \
             writable",
        ));
    }
    set_known(document);
    Ok(())
}

/// Servers up to 2.23 write in place, so what they could not write is half of a file. What was there
/// before fits, for it was there.
fn mend(before: &Document) -> Result<()> {
    let is_torn = !before.is_empty() && imports::read_config().is_some_and(|text| text == NOTHING);
    if is_torn && !imports::save_config(&before.written()?) {
        TORN.set(true);
    }
    Ok(())
}
