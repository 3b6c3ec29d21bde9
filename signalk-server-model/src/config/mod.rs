//! `plugin-config-data`: one JSON document a plugin.

pub mod text;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use signalk_plugin_contract::ENABLE_DEBUG;
use signalk_plugin_contract::package::problem_with_name;

use crate::js;
use crate::version::ServerVersion;

/// Where the server keeps `plugin-config-data`. Clones share what is in it, so that a store can be
/// looked at while a plugin runs, and handed to the next host to play a server restart.
///
/// ```
/// use signalk_server_model::ConfigStore;
///
/// let store = ConfigStore::in_memory();
/// store.write("my-plugin", r#"{ "enabled": true, "configuration": { "radius": 50 } }"#)?;
/// assert!(store.read("my-plugin").is_some_and(|text| text.contains("radius")));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ConfigStore {
    place: Place,
    disk_is_full: Arc<AtomicBool>,
}

#[derive(Debug, Clone)]
enum Place {
    Memory(Arc<Mutex<HashMap<String, String>>>),
    Directory(PathBuf),
}

/// The file that the server keeps for a plugin.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Document {
    /// Whatever is there.
    pub enabled: Option<Value>,
    /// Whatever is there, if it counts as true.
    pub enable_debug: Option<Value>,
    /// JSON.
    pub configuration: Option<String>,
}

impl ConfigStore {
    fn at(place: Place) -> Self {
        Self { place, disk_is_full: Arc::default() }
    }

    /// From now on nothing can be written, or it can again: the disk of a boat's computer is small,
    /// and a plugin whose storage fails has to say so. It is so for all clones. A version that
    /// writes in place then leaves a torn file.
    ///
    /// ```
    /// use signalk_server_model::ConfigStore;
    ///
    /// let store = ConfigStore::in_memory();
    /// store.fill_disk(true);
    /// assert!(store.write("my-plugin", "{}").is_err());
    /// store.fill_disk(false);
    /// assert!(store.write("my-plugin", "{}").is_ok());
    /// ```
    pub fn fill_disk(&self, full: bool) {
        self.disk_is_full.store(full, Ordering::Relaxed);
    }

    /// Kept in memory, gone with the last clone.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::at(Place::Memory(Arc::default()))
    }

    /// Kept in `<directory>/plugin-config-data`, as the server does in its configuration directory.
    #[must_use]
    pub fn directory(directory: impl Into<PathBuf>) -> Self {
        Self::at(Place::Directory(directory.into().join("plugin-config-data")))
    }

    /// The text of `<name>.json`, or `None` where there is no such file.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<String> {
        if problem_with_name(name).is_some() {
            return None;
        }
        match &self.place {
            Place::Memory(files) => {
                files.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
            }
            Place::Directory(directory) => fs::read(directory.join(format!("{name}.json")))
                .ok()
                .map(|bytes| js::decode(&bytes)),
        }
    }

    /// Writes `<name>.json`.
    ///
    /// # Errors
    ///
    /// What the file system says. A name with a `/`, as the unmapped name of a scoped package has
    /// it, lies in a directory that does not exist and fails with [`io::ErrorKind::NotFound`]; one
    /// that no package can have (`../settings`) fails with [`io::ErrorKind::InvalidInput`].
    /// [`io::ErrorKind::StorageFull`] after [`fill_disk`](Self::fill_disk).
    pub fn write(&self, name: &str, text: &str) -> io::Result<()> {
        if self.disk_is_full() {
            return Err(no_space());
        }
        self.put(name, text)
    }

    /// Tells if [`fill_disk`](Self::fill_disk) has left no room.
    #[must_use]
    pub fn disk_is_full(&self) -> bool {
        self.disk_is_full.load(Ordering::Relaxed)
    }

    /// Writes as a version of the server does. One that writes in place has as much room on a full disk as
    /// the file had, and leaves a torn one where that is too little.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_as(&self, version: ServerVersion, name: &str, text: &str) -> io::Result<()> {
        if !self.disk_is_full() || !version.ways().writes_files_in_place {
            return self.write(name, text);
        }
        let room = self.read(name).map_or(0, |there| there.len());
        if text.len() <= room {
            return self.put(name, text);
        }
        self.put(name, &cut(text, room))?;
        Err(no_space())
    }

    /// Leaves half of `<name>.json`, as a power cut in the middle of a write does.
    ///
    /// # Errors
    ///
    /// The error of the file system.
    pub fn tear(&self, name: &str) -> io::Result<()> {
        match self.read(name) {
            Some(text) => self.put(name, &cut(&text, text.len() / 2)),
            None => Ok(()),
        }
    }

    fn put(&self, name: &str, text: &str) -> io::Result<()> {
        if let Some(problem) = problem_with_name(name) {
            let message = format!("{name:?} cannot be the name of a package, for {problem}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        match &self.place {
            Place::Memory(files) => {
                if name.contains('/') {
                    return Err(io::Error::new(
                        io::ErrorKind::NotFound,
                        format!("no such directory for plugin-config-data/{name}.json"),
                    ));
                }
                files
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(name.to_owned(), text.to_owned());
                Ok(())
            }
            Place::Directory(directory) => {
                fs::create_dir_all(directory)?;
                write_atomically(&directory.join(format!("{name}.json")), text)
            }
        }
    }

    /// The directory `plugin-config-data`, where there is one.
    #[must_use]
    pub fn directory_path(&self) -> Option<&Path> {
        match &self.place {
            Place::Memory(_) => None,
            Place::Directory(directory) => Some(directory),
        }
    }

    /// The document as the server reads it at its start: whatever cannot be read counts as disabled.
    #[must_use]
    pub fn document(&self, id: &str) -> Document {
        let disabled = Document { enabled: Some(Value::Bool(false)), ..Document::default() };
        let Some(members) = self.read(id).and_then(|file| text::members(&file)) else {
            return disabled;
        };
        let member = |key: &str| members.iter().find(|(name, _)| name == key).map(|(_, text)| text);
        let value = |key: &str| member(key).and_then(|text| js::parse(text).ok());
        Document {
            enabled: value("enabled"),
            enable_debug: value(ENABLE_DEBUG).filter(js::truthy),
            configuration: member("configuration").cloned(),
        }
    }

    /// The answer of `sk_read_config`: the configuration alone, `{}` where there is none to be read.
    #[must_use]
    pub fn configuration_text(&self, name: &str) -> String {
        self.read(name)
            .and_then(|file| text::members(&file))
            .and_then(|members| members.into_iter().find(|(key, _)| key == "configuration"))
            .map(|(_, text)| text)
            .filter(|text| !["null", "false", "0", "\"\""].contains(&text.as_str()))
            .unwrap_or_else(|| "{}".to_owned())
    }

    /// Replaces the configuration and keeps the rest of the document, as `sk_save_config` does.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the text or the file.
    pub fn replace_configuration(
        &self,
        version: ServerVersion,
        name: &str,
        configuration: &str,
    ) -> Result<String, String> {
        let configuration =
            text::compact(configuration).map_err(|error| format!("the text is {error}"))?;
        let existing = self.read(name);
        if existing.as_deref().map(str::trim) == Some("null") {
            return Err(
                "the configuration file holds null, which nothing can be put into".to_owned()
            );
        }
        let mut members = existing
            .and_then(|file| text::members(&file))
            .unwrap_or_else(|| vec![("enabled".to_owned(), "true".to_owned())]);
        match members.iter_mut().find(|(key, _)| key == "configuration") {
            Some((_, old)) => old.clone_from(&configuration),
            None => members.push(("configuration".to_owned(), configuration.clone())),
        }
        self.write_as(version, name, &text::pretty_object(&members))
            .map_err(|error| error.to_string())?;
        Ok(configuration)
    }
}

/// As many bytes of a text as there is room for.
fn cut(text: &str, room: usize) -> String {
    String::from_utf8_lossy(text.as_bytes().get(..room).unwrap_or_default()).into_owned()
}

fn no_space() -> io::Error {
    io::Error::new(io::ErrorKind::StorageFull, "no space left on the disk")
}

fn write_atomically(path: &Path, text: &str) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
