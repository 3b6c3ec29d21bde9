//! Whether the published crates make packages that build by themselves.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::workspace::Workspace;

/// `cargo package` for all published crates in one run: they need each other and are not on the
/// registry yet, and cargo lets the packages of one run find each other.
pub(super) fn command<'a>(cargo: &'a mut Command, workspace: &Workspace) -> &'a mut Command {
    let names: Vec<_> =
        workspace.published().iter().map(|package| package.name.to_string()).collect();
    if let Some(home) = cargo_home() {
        forget_earlier(&home.join("registry/src"), &names);
    }
    cargo.args(["package", "--allow-dirty"]);
    for name in &names {
        cargo.args(["--package", name]);
    }
    cargo
}

fn cargo_home() -> Option<PathBuf> {
    let home = || Some(env::home_dir()?.join(".cargo"));
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home)
}

/// Removes what an earlier run has unpacked of these crates: cargo takes a package of the same version for
/// the same, and would build one crate against another as it was then. The packages of a run are in a registry
/// without a host, whose folder is named by a hash alone; in those of real registries nothing is touched.
fn forget_earlier(unpacked: &Path, names: &[String]) {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    let name_of = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let registries = entries(unpacked).filter(|registry| name_of(registry).starts_with('-'));
    for package in registries.flat_map(|registry| entries(&registry.path())) {
        let name = name_of(&package);
        if names.iter().any(|ours| name.starts_with(&[ours, "-"].concat())) {
            // What cannot be removed is at worst as old as it was.
            let _ = fs::remove_dir_all(package.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_crates_of_registries_without_a_host_are_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in ["-0123/ours-0.1.0", "-0123/theirs-0.1.0", "index.example-0123/ours-0.1.0"] {
            fs::create_dir_all(folder.path().join(path)).expect("a folder within");
        }
        forget_earlier(folder.path(), &["ours".into()]);
        let is_there = |path: &str| folder.path().join(path).is_dir();
        assert!(!is_there("-0123/ours-0.1.0"));
        assert!(is_there("-0123/theirs-0.1.0") && is_there("index.example-0123/ours-0.1.0"));
    }
}
