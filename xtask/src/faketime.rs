//! The library by which the tests set the wall clock of a server.

use std::path::PathBuf;

use anyhow::{Result, bail};
use signalk_plugin_build::command;

use crate::toolchain;

const PACKAGE: &str = "libfaketime";
const LIBRARY: &str = "faketime/libfaketime.so.1";

/// The library. It is installed where that is allowed and it is not there.
pub(crate) fn set_up() -> Result<PathBuf> {
    if let Some(library) = find() {
        return Ok(library);
    }
    if command::is_there("apt-get") {
        toolchain::install_debian_packages(&[PACKAGE], "to set the clock of a server")?;
        if let Some(library) = find() {
            return Ok(library);
        }
    }
    bail!(
        "the tests of clocks that jump need {PACKAGE}, as {LIBRARY} in a folder for libraries of \
         the system: install it (on most systems it is a package of this name)"
    )
}

/// Debian has a folder for each kind of machine, others have one or two.
fn find() -> Option<PathBuf> {
    let folders = ["/usr/lib", "/usr/lib64", "/usr/local/lib"].map(PathBuf::from);
    let debian = PathBuf::from("/usr/lib").read_dir().into_iter().flatten().flatten();
    let folders = folders.into_iter().chain(debian.map(|entry| entry.path()));
    folders.map(|folder| folder.join(LIBRARY)).find(|library| library.is_file())
}
