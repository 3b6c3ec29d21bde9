//! The real Signal K servers, installed with npm.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Result, bail};

use crate::cache;
use crate::command;
use crate::node::{self, Node};
use crate::progress::{self, Progress};

/// One of the servers that plugins are tested with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// 2.32.0. It comes with the Node.js that it needs.
    #[default]
    Newest,
    /// 2.23.0, the oldest with WebAssembly plugins.
    Oldest,
}

impl Version {
    /// All of them, the newest first.
    pub const ALL: [Self; 2] = [Self::Newest, Self::Oldest];

    /// The number, as npm has it.
    #[must_use]
    pub fn number(self) -> &'static str {
        match self {
            Self::Newest => "2.32.0",
            Self::Oldest => "2.23.0",
        }
    }

    /// The package.json that asks for the server, and the lock that pins all that comes with it.
    fn manifests(self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::Newest => [
                (PACKAGE, include_str!("../assets/servers/2.32.0/package.json")),
                (LOCK, include_str!("../assets/servers/2.32.0/package-lock.json")),
            ],
            Self::Oldest => [
                (PACKAGE, include_str!("../assets/servers/2.23.0/package.json")),
                (LOCK, include_str!("../assets/servers/2.23.0/package-lock.json")),
            ],
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.number())
    }
}

impl FromStr for Version {
    type Err = anyhow::Error;

    fn from_str(number: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|version| version.number() == number);
        known.with_context(|| {
            let [newest, oldest] = Self::ALL;
            format!(
                "signalk-server {number} is not one that is known here: {newest} and {oldest} are"
            )
        })
    }
}

/// A server that is installed, and the Node.js to run it with.
#[derive(Debug, Clone)]
pub struct Installed {
    /// Folder whose `node_modules` has the package signalk-server.
    pub folder: PathBuf,
    /// The Node.js binary.
    pub node: PathBuf,
}

impl Installed {
    /// The script that is the server.
    #[must_use]
    pub fn script(&self) -> PathBuf {
        self.folder.join("node_modules/signalk-server/bin/signalk-server")
    }
}

/// A script to be loaded before a server (`--require`). Whatever the server listens on, it then listens
/// on the loopback interface alone. For the port of its settings, which [`SETTINGS_PORT`] repeats, it takes
/// the one in [`LISTEN_PORT`], else any that is free, and writes it into the file `port` beside the
/// script.
pub const LOOPBACK_ONLY: &str = include_str!("../assets/loopback.cjs");

/// The variable of the environment with the port of the settings.
pub const SETTINGS_PORT: &str = "SIGNALK_LOOPBACK_SETTINGS_PORT";

/// The variable of the environment with the port to listen on.
pub const LISTEN_PORT: &str = "SIGNALK_LOOPBACK_PORT";

const PACKAGE: &str = "package.json";

const LOCK: &str = "package-lock.json";

/// Written last, so that an installation that was cut off is not taken for a whole one.
const STAMP: &str = "installed-from.txt";

/// The folder of a user's servers.
///
/// # Errors
///
/// When the user has no home folder.
pub fn folder() -> Result<PathBuf> {
    Ok(cache::folder()?.join("servers"))
}

/// Installs a server below `servers`, unless it is there.
///
/// # Errors
///
/// When npm is not there or fails, or there is no Node.js for the server.
pub fn set_up(servers: &Path, version: Version, progress: &dyn Progress) -> Result<Installed> {
    match version {
        Version::Newest => set_up_newest(servers, progress),
        Version::Oldest => {
            let folder = install(servers, Version::Oldest, progress)?;
            let node = match Node::find().filter(Node::is_new_enough) {
                Some(node) => node.file,
                None => set_up_newest(servers, progress)?.node,
            };
            Ok(Installed { folder, node })
        }
    }
}

fn set_up_newest(servers: &Path, progress: &dyn Progress) -> Result<Installed> {
    let folder = install(servers, Version::Newest, progress)?;
    let node = folder.join("node_modules/.bin/node");
    if !node.exists() {
        bail!(
            "npm has no package with a Node.js for this kind of machine, and signalk-server {} needs \
             one: {} lists those it knows",
            Version::Newest,
            folder.join(PACKAGE).display()
        );
    }
    Ok(Installed { folder, node })
}

fn install(servers: &Path, version: Version, progress: &dyn Progress) -> Result<PathBuf> {
    let folder = servers.join(version.number());
    if is_installed(&folder, version) {
        return Ok(folder);
    }
    if !command::is_there("npm") {
        bail!(
            "npm is not installed here, and signalk-server {version} comes from npm: install Node.js \
             {} or newer with npm (on Debian the packages nodejs and npm)",
            node::OLDEST
        );
    }
    fs::create_dir_all(servers)
        .with_context(|| format!("the folder {} cannot be made", servers.display()))?;
    let text = format!("installing signalk-server {version} with npm (about half a minute)");
    progress::step(progress, "setup", &text, || {
        let work = tempfile::Builder::new().prefix("installing-").tempdir_in(servers)?;
        for (file, text) in version.manifests() {
            fs::write(work.path().join(file), text)?;
        }
        npm_install(work.path())?;
        link_admin_ui(work.path())?;
        fs::write(work.path().join(STAMP), stamp(version))?;
        // Somebody else may have been faster.
        if is_installed(&folder, version) {
            return Ok(());
        }
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::rename(work.keep(), &folder)
            .with_context(|| format!("{} cannot be put in place", folder.display()))
    })?;
    Ok(folder)
}

fn is_installed(folder: &Path, version: Version) -> bool {
    fs::read_to_string(folder.join(STAMP)).is_ok_and(|found| found == stamp(version))
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
    link_folder(Path::new("../../..").join(ADMIN_UI), &wanted)
        .with_context(|| format!("{} cannot be linked", wanted.display()))
}

#[cfg(windows)]
use std::os::windows::fs::symlink_dir as link_folder;

#[cfg(not(windows))]
use std::os::unix::fs::symlink as link_folder;

/// The text that tells the manifests and the manner of an installation; another one is made anew.
fn stamp(version: Version) -> String {
    let manifests = version.manifests().map(|(_, text)| text);
    ["with linked web pages\n", &manifests.concat()].concat()
}

/// `npm install` and not `npm ci`: a package that signalk-server takes as optional is not to be
/// had, which `npm ci` holds against the lock. What is in the lock is installed as it is there.
///
/// # Errors
///
/// When npm fails.
pub fn npm_install(folder: &Path) -> Result<()> {
    command::run_quietly(
        Command::new("npm")
            .current_dir(folder)
            // No script of any package is needed, and one of them reports its installation.
            .args(["install", "--ignore-scripts", "--no-audit", "--no-fund"])
            .args(["--omit-lockfile-registry-resolved", "--no-update-notifier"]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_its_number_and_another_number_by_those_there_are() {
        for version in Version::ALL {
            assert_eq!(version.to_string().parse::<Version>().unwrap(), version);
        }
        let error = "2.19.0".parse::<Version>().unwrap_err().to_string();
        assert!(error.contains("2.19.0") && error.contains("2.32.0 and 2.23.0"), "{error}");
    }
}
