//! The Node.js of the machine.

use std::path::PathBuf;
use std::process::Command;

use crate::command;

/// The major version that the oldest server with WebAssembly plugins needs at least.
pub(crate) const OLDEST: u32 = 20;

/// A Node.js that is installed.
pub(crate) struct Node {
    pub(crate) file: PathBuf,
    /// As it says: `v20.1.2`.
    pub(crate) version: String,
}

impl Node {
    /// Finds it; `None` where there is none.
    pub(crate) fn find() -> Option<Self> {
        let file = command::find_in_path(if cfg!(windows) { "node.exe" } else { "node" })?;
        let version = command::capture(Command::new(&file).arg("--version")).ok()?;
        Some(Self { file, version: version.trim().to_owned() })
    }

    /// Tells if the oldest server runs with it.
    pub(crate) fn is_new_enough(&self) -> bool {
        major(&self.version).is_some_and(|major| major >= OLDEST)
    }
}

/// The first number of `v20.1.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("20"), None);
        assert_eq!(major("unknown"), None);
    }
}
