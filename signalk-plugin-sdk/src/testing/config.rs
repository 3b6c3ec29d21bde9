//! The server's file of the plugin's configuration, and what can go wrong with it.

use serde::Serialize;
use serde_json::Value;

use super::{TestHost, forget_instance};
use crate::boundary::imports::native::{self, sockets};
use crate::runtime::Installed;

impl<P: Installed> TestHost<P> {
    /// What the server's file holds, what the plugin stores included.
    #[must_use]
    pub fn saved_config(&self) -> Option<Value> {
        let text = native::with(|recorder| recorder.config.clone())?;
        serde_json::from_str(&text).ok()
    }

    /// Ends the server without a word to the plugin, as a power cut does, and starts it again: a new
    /// instance gets what the file holds.
    pub fn restart_server(&mut self) {
        native::with(|recorder| recorder.listener = None);
        forget_instance::<P>();
        sockets::reset();
        let config = native::with(|recorder| recorder.config.clone());
        self.configure(config.as_deref().unwrap_or("{}"));
    }

    /// Makes the file unreadable, as a power cut in the middle of a write does; the next save of the
    /// owner mends it.
    pub fn corrupt_config_file(&mut self) {
        native::with(|recorder| recorder.is_config_torn = true);
    }

    /// Lets every write of the file fail, or none again.
    pub fn fill_disk(&mut self, is_full: bool) {
        native::with(|recorder| recorder.is_disk_full = is_full);
    }

    /// Loads the plugin from now on under another package name.
    pub fn rename_package(&mut self, name: &str) {
        native::with(|recorder| name.clone_into(&mut recorder.plugin_id));
    }

    /// Makes the server answer for a path of the own ship, which no server that is known to us does:
    /// `node` is the whole node, with `value`, `$source` and `timestamp`.
    ///
    /// # Panics
    /// When the node cannot be written as JSON.
    #[allow(clippy::expect_used)]
    pub fn answer_self_path<T: Serialize>(&mut self, path: &str, node: T) {
        let text = serde_json::to_string(&node).expect("a node that can be written as JSON");
        native::with(|recorder| recorder.self_paths.insert(path.to_owned(), text));
    }

    /// Takes over what has arrived at the plugin's sockets, as the server does at any time. A plugin
    /// that looks does it by itself.
    pub fn poll_sockets(&self) {
        sockets::fill();
    }

    /// Lets no multicast group be joined, as before the network is up, or any again.
    pub fn refuse_multicast(&mut self, refuse: bool) {
        sockets::refuse_multicast(refuse);
    }

    /// Has a name stand for an address, in TCP connections: that of a peer which the test plays, for
    /// example. It does until the server starts again.
    ///
    /// # Panics
    /// When the address is none.
    #[allow(clippy::expect_used)]
    pub fn resolve(&mut self, name: &str, address: &str) {
        sockets::resolve(name, address.parse().expect("an address, such as 127.0.0.1"));
    }

    /// How many sockets the plugin has open. They are real ones.
    #[must_use]
    pub fn open_sockets(&self) -> usize {
        sockets::open()
    }
}
