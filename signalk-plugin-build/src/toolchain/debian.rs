//! A toolchain from Debian's packages, for machines on which rustup may not download.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::apt::{FOR_WASM, install, versions};
use super::foreign::FOREIGN_ENV;
use super::packages::DEBIAN_PACKAGES;
use super::rust::Toolchain;
use super::sysroot;
use crate::progress::Progress;

const CARGO: &str = "/usr/bin/cargo";
const CARGO_CLIPPY: &str = "/usr/bin/cargo-clippy";

/// Debian's rustc calls the linker by this link; where it leads tells the version of LLVM.
const LINKER_LINK: &str = "/usr/bin/rust-lld";

/// Installs what is missing and keeps the toolchain folder in step with Debian's packages.
pub(super) fn set_up(
    folder: &Path,
    targets: &[&str],
    progress: &dyn Progress,
) -> Result<Toolchain> {
    let llvm = install_packages(progress)?;
    let recipe = sysroot::Recipe {
        llvm_ar: format!("/usr/bin/llvm-ar-{llvm}").into(),
        targets: targets.iter().map(|&target| target.to_owned()).collect(),
        packages: versions(&[DEBIAN_PACKAGES.as_slice(), &[&format!("lld-{llvm}")]].concat())?,
    };
    sysroot::keep_current(folder, &recipe, progress)?;
    let bin = folder.join("bin");
    Ok(Toolchain {
        cargo: CARGO.into(),
        cargo_clippy: Some(CARGO_CLIPPY.into()),
        env: vec![
            ("CARGO", CARGO.into()),
            ("RUSTC", bin.join("rustc").into()),
            ("RUSTDOC", bin.join("rustdoc").into()),
            // clippy-driver takes its sysroot from here.
            ("SYSROOT", folder.into()),
        ],
        without_env: FOREIGN_ENV,
    })
}

/// Installs the packages that are missing, and gives back the version of LLVM that they use.
fn install_packages(progress: &dyn Progress) -> Result<String> {
    install(&DEBIAN_PACKAGES, FOR_WASM, progress)?;
    let llvm = linker_version()?;
    install(&[&format!("lld-{llvm}")], FOR_WASM, progress)?;
    Ok(llvm)
}

fn linker_version() -> Result<String> {
    let leads_to = fs::read_link(LINKER_LINK).with_context(|| {
        format!("{LINKER_LINK}, which rust-web-llvm should bring, is not there")
    })?;
    let text = leads_to.to_string_lossy();
    let Some(version) = version_in(&text) else {
        bail!("{LINKER_LINK} leads to {text}, which names no version of LLVM");
    };
    Ok(version.to_owned())
}

/// The number behind the first `lld-` or `llvm-` of a path.
fn version_in(path: &str) -> Option<&str> {
    let behind = path.split_once("lld-").or_else(|| path.split_once("llvm-"))?.1;
    let digits = behind.find(|c: char| !c.is_ascii_digit());
    let version = digits.map_or(behind, |end| &behind[..end]);
    (!version.is_empty()).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_llvm_is_read_from_where_the_linker_link_leads() {
        assert_eq!(version_in("lld-22"), Some("22"));
        assert_eq!(version_in("../lib/llvm-19/bin/lld"), Some("19"));
        assert_eq!(version_in("/usr/bin/lld"), None);
        assert_eq!(version_in("lld-"), None);
    }
}
