//! The program that cargo calls instead of rustc where a plugin is built: it keeps the folders of
//! packages that are neither in this workspace nor cargo's own out of the .wasm.
//!
//! As a flag for all crates it would have cargo build everything anew for each plugin.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

/// Set where xtask is called as a wrapper: the folder of this workspace.
const WORKSPACE: &str = "SIGNALK_RUSTC_WRAPPER_WORKSPACE";

/// The wrapper that somebody else has asked for, which is called in turn.
const INNER: &str = "SIGNALK_RUSTC_WRAPPER_INNER";

/// Has a cargo call rustc by way of this program.
pub(crate) fn hide_folders(cargo: &mut Command, workspace: &Path) -> Result<()> {
    let xtask = std::env::current_exe().context("xtask does not know where it is")?;
    let is_removed = |name: &str| cargo.get_envs().any(|(key, to)| key == name && to.is_none());
    if let Some(inner) = std::env::var_os("RUSTC_WRAPPER").filter(|inner| !inner.is_empty())
        && !is_removed("RUSTC_WRAPPER")
    {
        cargo.env(INNER, inner);
    }
    cargo.env("RUSTC_WRAPPER", xtask).env(WORKSPACE, workspace);
    Ok(())
}

/// Calls rustc where cargo has called this program for it, with rustc and its arguments.
pub(crate) fn run_if_called() -> Option<ExitCode> {
    let workspace = PathBuf::from(std::env::var_os(WORKSPACE)?);
    let mut arguments = std::env::args_os().skip(1);
    let rustc = arguments.next()?;
    let mut command = match std::env::var_os(INNER) {
        Some(inner) => {
            let mut command = Command::new(inner);
            command.arg(rustc);
            command
        }
        None => Command::new(rustc),
    };
    command.args(arguments);
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let is_main = std::env::var_os("CARGO_PRIMARY_PACKAGE").is_some();
    let name = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let known = [Some(workspace), cargo_home()];
    command.args(package.and_then(|package| remapped(&package, &known, is_main, &name)));
    match command.status() {
        Ok(status) if status.success() => Some(ExitCode::SUCCESS),
        Ok(status) => Some(
            status
                .code()
                .and_then(|code| u8::try_from(code).ok())
                .map_or(ExitCode::FAILURE, ExitCode::from),
        ),
        Err(error) => {
            eprintln!("error: rustc cannot be started: {error}");
            Some(ExitCode::FAILURE)
        }
    }
}

/// The flag that hides the folder of a package that the flags for all crates do not.
fn remapped(
    package: &Path,
    known: &[Option<PathBuf>],
    is_main: bool,
    name: &str,
) -> Option<OsString> {
    if known.iter().flatten().any(|folder| package.starts_with(folder)) {
        return None;
    }
    let mut flag = OsString::from("--remap-path-prefix=");
    flag.push(package);
    flag.push("=/");
    flag.push(if is_main { "plugin" } else { name });
    Some(flag)
}

/// The folder in which cargo keeps the sources of registries.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_package_elsewhere_is_hidden_and_no_other() {
        let known = [Some(PathBuf::from("/sdk")), None, Some(PathBuf::from("/home/me/.cargo"))];
        let of = |package: &str, is_main| remapped(Path::new(package), &known, is_main, "common");
        assert_eq!(of("/sdk/examples/hello", true), None);
        assert_eq!(of("/home/me/.cargo/registry/src/x/serde-1.0.0", false), None);
        assert_eq!(
            of("/sdk-plugins/a", true).unwrap(),
            "--remap-path-prefix=/sdk-plugins/a=/plugin"
        );
        assert_eq!(of("/home/me/c", false).unwrap(), "--remap-path-prefix=/home/me/c=/common");
    }
}
