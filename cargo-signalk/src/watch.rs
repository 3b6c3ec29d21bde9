//! Looks out for changes of a plugin's files.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use signalk_plugin_build::cargo_metadata::Package;
use signalk_plugin_build::folder;

/// An editor may write a file in several steps, and several files one after the other.
const CALM: Duration = Duration::from_millis(120);

/// Written by builds, or of no use to them.
const NOT_SOURCES: [&str; 3] = ["target", "node_modules", "Cargo.lock"];

/// The watched folders of a plugin.
pub(crate) struct Watch {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
}

impl Watch {
    /// Watches until this is dropped, and hands over the names of the files that have changed, below `root`
    /// where they are there. `changed` tells if it wants to hear of more.
    pub(crate) fn new(
        root: PathBuf,
        changed: impl Fn(Vec<String>) -> bool + Send + 'static,
    ) -> Result<Self> {
        let (events, changes) = mpsc::channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            // Cargo reads them all, again and again.
            if !matches!(event.kind, EventKind::Access(_)) {
                for path in event.paths {
                    let _ = events.send(path);
                }
            }
        })?;
        let tell = move || {
            while let Some(files) = next_changes(&changes, &root) {
                if !changed(files) {
                    return;
                }
            }
        };
        thread::Builder::new().name("watch".to_owned()).spawn(tell)?;
        Ok(Self { watcher, watched: BTreeSet::new() })
    }

    /// Watches the plugin's own folder, and those of the crates beside it that it depends on.
    pub(crate) fn follow(&mut self, plugin: &Package) -> Result<()> {
        let own = folder(plugin).to_owned();
        let beside = plugin.dependencies.iter().filter_map(|it| it.path.as_deref());
        for folder in std::iter::once(own).chain(beside.map(|path| path.as_std_path().to_owned())) {
            self.add(&folder, RecursiveMode::NonRecursive)?;
            for entry in std::fs::read_dir(&folder)?.flatten() {
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder && is_source(Path::new(&entry.file_name())) {
                    self.add(&entry.path(), RecursiveMode::Recursive)?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, folder: &Path, mode: RecursiveMode) -> Result<()> {
        if self.watched.insert(folder.to_owned()) {
            self.watcher
                .watch(folder, mode)
                .with_context(|| format!("{} cannot be watched", folder.display()))?;
        }
        Ok(())
    }
}

/// Waits for some, and then until there are no more. `None` when there is no watcher any more.
fn next_changes(changes: &Receiver<PathBuf>, root: &Path) -> Option<Vec<String>> {
    let mut files = BTreeSet::new();
    let mut note = |path: PathBuf| {
        let outside = || path.file_name().map_or(path.as_path(), Path::new);
        let inside = path.strip_prefix(root).unwrap_or_else(|_| outside());
        if is_source(inside) {
            files.insert(inside.display().to_string());
        }
        files.len()
    };
    while note(changes.recv().ok()?) == 0 {}
    while let Ok(path) = changes.recv_timeout(CALM) {
        note(path);
    }
    Some(files.into_iter().collect())
}

/// Leaves out what is hidden, what editors leave behind, and what builds write.
fn is_source(path: &Path) -> bool {
    path.components().all(|part| {
        let Component::Normal(name) = part else { return true };
        let name = name.to_string_lossy();
        let is_temporary = name.ends_with('~') || name.ends_with(".swp") || name == "4913";
        !name.starts_with('.') && !is_temporary && !NOT_SOURCES.contains(&&*name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_builds_and_editors_write_is_no_source() {
        for source in ["src/lib.rs", "Cargo.toml", "package.json", "public/index.html"] {
            assert!(is_source(Path::new(source)), "{source}");
        }
        for other in
            ["target/debug/x", "Cargo.lock", ".git/index", "src/.lib.rs.swp", "src/lib.rs~"]
        {
            assert!(!is_source(Path::new(other)), "{other}");
        }
    }
}
