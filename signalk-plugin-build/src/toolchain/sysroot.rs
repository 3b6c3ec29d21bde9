//! The toolchain folder: Debian's compiler with a standard library for WebAssembly beside it.
//!
//! Debian ships the sources of std and a libc for WASI but no std built for it. It is built
//! once, and put where rustc looks for it, so that an ordinary `cargo build --target` works.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::foreign::native;
use super::rust::{WASI, holds_std, host_triple};
use crate::command;
use crate::progress::{self, Progress};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTLIB: &str = "/usr/lib/rustlib";
const WASI_LIBC: &str = "/usr/lib/wasm32-wasi";

/// What std asks of libc but Debian's wasi-libc lacks.
const MISSING_SYMBOLS: &str = include_str!("../../assets/wasi_libc_missing.rs");

/// To be raised with every change to how the folder is made.
const RECIPE_VERSION: u32 = 1;

/// File in the finished folder that says what it was made from.
const STAMP: &str = "made-from.txt";

/// What the folder is made from.
pub(super) struct Recipe {
    /// The archiver of Debian's LLVM.
    pub(super) llvm_ar: PathBuf,
    /// Names and versions of Debian's packages.
    pub(super) packages: String,
    /// Those of [`TARGETS`](super::TARGETS) that are wanted.
    pub(super) targets: Vec<String>,
}

impl Recipe {
    fn stamp(&self) -> String {
        let targets = self.targets.join(" ");
        format!("{targets}\nrecipe {RECIPE_VERSION}\n{}\n{MISSING_SYMBOLS}", self.packages)
    }

    /// Tells if a folder with this stamp will do: one with more targets does.
    fn is_met_by(&self, stamp: &str) -> bool {
        let own = self.stamp();
        let (Some((found, from)), Some((_, own_from))) =
            (stamp.split_once('\n'), own.split_once('\n'))
        else {
            return false;
        };
        from == own_from && self.targets.iter().all(|it| found.split(' ').any(|other| other == it))
    }
}

/// Makes the folder unless it is there and made from the same.
pub(super) fn keep_current(folder: &Path, recipe: &Recipe, progress: &dyn Progress) -> Result<()> {
    if fs::read_to_string(folder.join(STAMP)).is_ok_and(|stamp| recipe.is_met_by(&stamp)) {
        return Ok(());
    }
    let parent = folder.parent().context("the toolchain folder has no parent")?;
    fs::create_dir_all(parent)?;
    let building =
        tempfile::Builder::new().prefix("wasm-toolchain-building-").tempdir_in(parent)?;
    make(building.path(), recipe, progress)?;
    fs::write(building.path().join(STAMP), recipe.stamp())?;
    put_in_place(building, folder)
}

fn make(folder: &Path, recipe: &Recipe, progress: &dyn Progress) -> Result<()> {
    let lib = |target: &str| folder.join("lib/rustlib").join(target).join("lib");
    for target in &recipe.targets {
        let text = format!("building std for {target} with Debian's rustc (about a minute)");
        progress::step(progress, "setup", &text, || build_std(folder, target, &lib(target)))?;
    }
    link_the_rest(folder)?;
    write_wrappers(folder)?;
    if recipe.targets.iter().any(|target| target == WASI) {
        add_libc(folder, &lib(WASI), &recipe.llvm_ar)
            .context("wasi-libc could not be put into the toolchain folder")?;
    }
    for target in &recipe.targets {
        if !holds_std(&lib(target)) {
            bail!("the build of std for {target} left no libstd");
        }
    }
    Ok(())
}

/// Builds std from an empty crate that asks for nothing else, and keeps the rlibs.
fn build_std(folder: &Path, target: &str, lib: &Path) -> Result<()> {
    let work = tempfile::Builder::new().prefix("std-").tempdir_in(folder)?;
    let name = "empty_crate_that_needs_std";
    fs::create_dir(work.path().join("src"))?;
    fs::write(work.path().join("src/lib.rs"), "")?;
    fs::write(
        work.path().join("Cargo.toml"),
        format!("[package]\nname = \"{name}\"\nedition = \"2021\"\n\n[workspace]\n"),
    )?;
    let output = work.path().join("target");
    command::run_quietly(
        native(CARGO)
            .current_dir(work.path())
            .env("RUSTC", RUSTC)
            // -Z flags are closed to a released compiler without it.
            .env("RUSTC_BOOTSTRAP", "1")
            // Without bitcode in std a plugin cannot be linked with `lto = true`.
            .env("RUSTFLAGS", "-Cembed-bitcode=yes")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("__CARGO_DEFAULT_LIB_METADATA", "signalk-plugin-sdk")
            .args(["build", "--release", "-Zbuild-std=std,panic_abort,test"])
            .args(["--target", target, "--target-dir"])
            .arg(&output),
    )?;
    fs::create_dir_all(lib)?;
    for entry in output.join(target).join("release/deps").read_dir()? {
        let entry = entry?;
        let file = entry.file_name();
        let file = file.to_string_lossy();
        if file.ends_with(".rlib") && !file.starts_with(&format!("lib{name}-")) {
            fs::copy(entry.path(), lib.join(file.as_ref()))?;
        }
    }
    Ok(())
}

/// The parts that are the same as Debian's: the host's std, the sources, the debugger scripts.
fn link_the_rest(folder: &Path) -> Result<()> {
    let host = host_triple(&mut native(RUSTC))?;
    for name in [host.as_str(), "src", "etc"] {
        let original = Path::new(DEBIAN_RUSTLIB).join(name);
        if original.exists() {
            symlink(&original, folder.join("lib/rustlib").join(name))
                .with_context(|| format!("{} could not be linked", original.display()))?;
        }
    }
    Ok(())
}

/// Programs that call Debian's with this folder as their sysroot. They find the folder by their
/// own place, so that it can be moved.
fn write_wrappers(folder: &Path) -> Result<()> {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin)?;
    for program in ["rustc", "rustdoc", "clippy-driver"] {
        let wrapper = bin.join(program);
        fs::write(
            &wrapper,
            format!("#!/bin/sh\nexec /usr/bin/{program} --sysroot \"${{0%/*}}/..\" \"$@\"\n"),
        )?;
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

fn add_libc(folder: &Path, lib: &Path, llvm_ar: &Path) -> Result<()> {
    let self_contained = lib.join("self-contained");
    fs::create_dir_all(&self_contained)?;
    for file in ["crt1-command.o", "crt1-reactor.o", "libc.a"] {
        let original = Path::new(WASI_LIBC).join(file);
        fs::copy(&original, self_contained.join(file))
            .with_context(|| format!("{} could not be copied", original.display()))?;
    }
    let work = tempfile::Builder::new().prefix("libc-").tempdir_in(folder)?;
    let source = work.path().join("missing.rs");
    let object = work.path().join("missing.o");
    fs::write(&source, MISSING_SYMBOLS)?;
    command::run_quietly(
        native(folder.join("bin/rustc"))
            .args(["--edition", "2021", "--crate-type", "lib", "--emit", "obj"])
            .args(["--target", WASI, "-O", "-o"])
            .args([&object, &source]),
    )?;
    command::run_quietly(native(llvm_ar).arg("rcs").arg(self_contained.join("libc.a")).arg(&object))
}

/// Moves the finished folder to its place in one step, in place of an older one.
fn put_in_place(finished: TempDir, folder: &Path) -> Result<()> {
    let old = tempfile::Builder::new()
        .prefix("wasm-toolchain-old-")
        .tempdir_in(folder.parent().context("the toolchain folder has no parent")?)?;
    if folder.exists() {
        fs::rename(folder, old.path().join("old"))?;
    }
    fs::rename(finished.keep(), folder)
        .context("the toolchain folder could not be moved into place")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(packages: &str, targets: &[&str]) -> Recipe {
        let targets = targets.iter().map(|&target| target.to_owned()).collect();
        Recipe { llvm_ar: "llvm-ar".into(), packages: packages.to_owned(), targets }
    }

    #[test]
    fn a_folder_with_more_targets_will_do_and_one_of_other_packages_will_not() {
        let both = recipe("rustc 1", &["a", "b"]).stamp();
        assert!(recipe("rustc 1", &["a"]).is_met_by(&both));
        assert!(recipe("rustc 1", &["b", "a"]).is_met_by(&both));
        assert!(!recipe("rustc 1", &["c"]).is_met_by(&both));
        assert!(!recipe("rustc 2", &["a"]).is_met_by(&both));
        assert!(!recipe("rustc 1", &["a"]).is_met_by(""));
    }
}
