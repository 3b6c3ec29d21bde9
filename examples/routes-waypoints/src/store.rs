//! Resources of one kind, in memory and in the plugin's storage.

use std::collections::BTreeMap;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::resource::Resource;
use signalk_plugin_sdk::storage;

pub(crate) struct Store<R> {
    /// By id.
    pub(crate) all: BTreeMap<String, R>,
    /// How many documents could not be read. They stay where they are.
    pub(crate) damaged: usize,
}

impl<R: Resource> Store<R> {
    pub(crate) fn load() -> Result<Self> {
        let (mut all, mut damaged) = (BTreeMap::new(), 0);
        for name in storage::keys()? {
            let Some(id) = name.strip_prefix(R::TYPE).and_then(|rest| rest.strip_prefix('/'))
            else {
                continue;
            };
            match storage::load(&name) {
                Ok(Some(resource)) => drop(all.insert(id.to_owned(), resource)),
                Ok(None) => {}
                Err(problem) => {
                    damaged += 1;
                    error!("{problem}");
                }
            }
        }
        Ok(Self { all, damaged })
    }

    // The storage first: what could not be stored must not look as if it were there to stay.

    pub(crate) fn set(&mut self, id: &str, resource: R) -> Result<()> {
        storage::save(&document(R::TYPE, id), &resource)?;
        self.all.insert(id.to_owned(), resource);
        Ok(())
    }

    pub(crate) fn delete(&mut self, id: &str) -> Result<bool> {
        storage::remove(&document(R::TYPE, id))?;
        Ok(self.all.remove(id).is_some())
    }
}

/// `routes/<id>`: a document for each resource, so that one that is damaged spoils no other.
fn document(kind: &str, id: &str) -> String {
    [kind, "/", id].concat()
}
