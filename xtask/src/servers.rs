//! The real Signal K servers that the tests and the demo run, installed with npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use signalk_plugin_build::command;
use signalk_plugin_tests::env::InstalledServer;

use crate::progress;
use crate::workspace::Workspace;

/// One of the servers that are tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// It comes with the Node.js that it needs.
    Newest,
    /// The oldest with WebAssembly plugins that is tested.
    Oldest,
}

impl FromStr for Version {
    type Err = anyhow::Error;

    fn from_str(version: &str) -> Result<Self> {
        match version {
            NEWEST => Ok(Self::Newest),
            OLDEST => Ok(Self::Oldest),
            other => bail!("signalk-server {other} is not tested: {NEWEST} and {OLDEST} are"),
        }
    }
}

pub(crate) const NEWEST: &str = "2.32.0";

pub(crate) const OLDEST: &str = "2.23.0";

/// What the oldest server needs at least.
const OLDEST_NODE_MAJOR: u32 = 20;

/// Written last, so that an installation that was cut off is not taken for a whole one.
const STAMP: &str = "installed-from.txt";

/// Both servers.
pub(crate) struct Servers {
    pub(crate) newest: InstalledServer,
    pub(crate) oldest: InstalledServer,
}

/// Installs both servers, where they are not there yet.
pub(crate) fn set_up_both(workspace: &Workspace) -> Result<Servers> {
    Ok(Servers {
        newest: set_up(workspace, Version::Newest)?,
        oldest: set_up(workspace, Version::Oldest)?,
    })
}

/// Installs a server, where it is not there yet.
pub(crate) fn set_up(workspace: &Workspace, version: Version) -> Result<InstalledServer> {
    match version {
        Version::Newest => set_up_newest(workspace),
        Version::Oldest => {
            let folder = install(workspace, OLDEST)?;
            let node = match node_of_the_machine() {
                Some((node, major)) if major >= OLDEST_NODE_MAJOR => node,
                _ => set_up_newest(workspace)?.node,
            };
            Ok(InstalledServer { folder, node })
        }
    }
}

fn set_up_newest(workspace: &Workspace) -> Result<InstalledServer> {
    let folder = install(workspace, NEWEST)?;
    let node = folder.join("node_modules/.bin/node");
    if !node.exists() {
        bail!(
            "npm has no package with a Node.js for this kind of machine, and signalk-server {NEWEST} \
             needs one: {} lists those it knows",
            manifests(workspace, NEWEST).join("package.json").display()
        );
    }
    Ok(InstalledServer { folder, node })
}

/// The package.json that asks for a server, and the lock that pins all that comes with it.
fn manifests(workspace: &Workspace, version: &str) -> PathBuf {
    workspace.root().join("tests/servers").join(version)
}

fn install(workspace: &Workspace, version: &str) -> Result<PathBuf> {
    let manifests = manifests(workspace, version);
    let parent = workspace.target().join("servers");
    let folder = parent.join(version);
    let stamp = stamp(&manifests)?;
    if fs::read_to_string(folder.join(STAMP)).is_ok_and(|found| found == stamp) {
        return Ok(folder);
    }
    if !command::is_there("npm") {
        bail!(
            "npm is not installed here, and signalk-server {version} comes from npm: install Node.js \
             {OLDEST_NODE_MAJOR} or newer with npm (on Debian the packages nodejs and npm)"
        );
    }
    fs::create_dir_all(&parent)?;
    let text = format!("installing signalk-server {version} with npm (about half a minute)");
    progress::step("setup", &text, || {
        let work = tempfile::Builder::new().prefix("installing-").tempdir_in(&parent)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(manifests.join(file), work.path().join(file))?;
        }
        npm_install(work.path())?;
        link_admin_ui(work.path())?;
        fs::write(work.path().join(STAMP), &stamp)?;
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::rename(work.keep(), &folder)?;
        Ok(())
    })?;
    Ok(folder)
}

/// The server looks for its web pages below its own folder only, where npm puts them when the server
/// is installed globally; here they are beside it.
fn link_admin_ui(folder: &Path) -> Result<()> {
    const ADMIN_UI: &str = "@signalk/server-admin-ui";
    let modules = folder.join("node_modules");
    let wanted = modules.join("signalk-server/node_modules").join(ADMIN_UI);
    if wanted.exists() {
        return Ok(());
    }
    if !modules.join(ADMIN_UI).exists() {
        bail!("npm installed no {ADMIN_UI}, so the server would have no web pages");
    }
    fs::create_dir_all(wanted.parent().unwrap_or(folder))?;
    std::os::unix::fs::symlink(Path::new("../../..").join(ADMIN_UI), &wanted)
        .with_context(|| format!("{} cannot be linked", wanted.display()))
}

/// What an installation was made from, and how; another one is made anew.
fn stamp(manifests: &Path) -> Result<String> {
    let mut stamp = String::from("with linked web pages\n");
    for file in ["package.json", "package-lock.json"] {
        let path = manifests.join(file);
        stamp += &fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
    }
    Ok(stamp)
}

/// `npm install` and not `npm ci`: a package that signalk-server takes as optional is not to be
/// had, which `npm ci` holds against the lock. What is in the lock is installed as it is there.
pub(crate) fn npm_install(folder: &Path) -> Result<()> {
    command::run_quietly(
        Command::new("npm")
            .current_dir(folder)
            // No script of any package is needed, and one of them reports its installation.
            .args(["install", "--ignore-scripts", "--no-audit", "--no-fund"])
            .args(["--omit-lockfile-registry-resolved", "--no-update-notifier"]),
    )
}

fn node_of_the_machine() -> Option<(PathBuf, u32)> {
    let node = command::find_in_path("node")?;
    let version = command::capture(Command::new(&node).arg("--version")).ok()?;
    Some((node, major(&version)?))
}

/// The first number of `v20.1.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("20"), None);
        assert_eq!(major("unknown"), None);
    }
}
