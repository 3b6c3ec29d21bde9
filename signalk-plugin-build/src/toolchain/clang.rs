//! A C compiler for WebAssembly, which the cryptography of the feature `tls` is built with.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Result, bail};

#[cfg(unix)]
use super::apt;
use crate::command;
use crate::progress::Progress;

/// The version that is installed where there is none: the newest that all of Debian's releases
/// since 12 have.
#[cfg(unix)]
const DEBIAN: &str = "19";

/// Where the crate `cc` looks for them.
const COMPILER: &str = "CC_wasm32_wasip1";
const ARCHIVER: &str = "AR_wasm32_wasip1";

/// The environment in which cargo can build C for WebAssembly, installing a compiler where that is
/// allowed.
///
/// # Errors
///
/// When there is none and none can be had, with what to do.
#[cfg_attr(not(unix), expect(unused_variables, reason = "nothing is installed there"))]
pub fn set_up(progress: &dyn Progress) -> Result<Vec<(&'static str, OsString)>> {
    // The owner's own choice.
    if std::env::var_os(COMPILER).is_some() {
        return Ok(Vec::new());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    #[cfg(unix)]
    if command::is_there("apt-get") {
        let packages = [&*format!("clang-{DEBIAN}"), &format!("llvm-{DEBIAN}")];
        apt::install(&packages, apt::FOR_WASM, progress)?;
        if let Some(found) = find() {
            return Ok(found);
        }
    }
    bail!(
        "https in a plugin (the feature `tls`) needs a clang that can build for WebAssembly, and an \
         llvm-ar: install LLVM, or name them in {COMPILER} and {ARCHIVER}"
    )
}

/// Tells if there is one already, or the owner has named one.
#[must_use]
pub fn is_there() -> bool {
    std::env::var_os(COMPILER).is_some() || find().is_some()
}

/// The newest clang that knows the target, with an archiver of any version: what they write is the
/// same.
fn find() -> Option<Vec<(&'static str, OsString)>> {
    let versions =
        || std::iter::once(String::new()).chain((14..40).rev().map(|it| format!("-{it}")));
    let compiler = versions().map(|it| format!("clang{it}")).find(|it| knows_wasm(it))?;
    let archiver = versions().map(|it| format!("llvm-ar{it}")).find(|it| command::is_there(it))?;
    Some(vec![(COMPILER, compiler.into()), (ARCHIVER, archiver.into())])
}

/// Apple's does not.
fn knows_wasm(compiler: &str) -> bool {
    command::is_there(compiler)
        && command::capture(Command::new(compiler).arg("--print-targets"))
            .is_ok_and(|targets| targets.contains("wasm32"))
}
