//! Keeps the folders of this machine out of a .wasm that others run, and its bytes the same wherever it
//! is built.

use std::path::{Path, PathBuf};

use crate::project::Project;

/// The flags of rustc for this project: the same for all plugins of it, for with other flags cargo would
/// build everything anew.
pub(crate) fn flags(project: &Project, target: &Path) -> Vec<String> {
    // The last one that fits counts.
    let mut hidden = vec![(project.root().to_path_buf(), "/plugin".to_owned())];
    for (name, folder) in project.folders_elsewhere() {
        hidden.push((folder.to_path_buf(), format!("/{name}")));
    }
    hidden.extend(cargo_home().map(|home| (home, "/cargo".to_owned())));
    hidden.push((target.to_path_buf(), "/target".to_owned()));
    let flag =
        |(from, to): &(PathBuf, String)| format!("--remap-path-prefix={}={to}", from.display());
    hidden.iter().map(flag).collect()
}

/// The folder in which cargo keeps the sources of registries.
fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}
