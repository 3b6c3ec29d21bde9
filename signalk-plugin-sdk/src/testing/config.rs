//! The server's file of the plugin's configuration, and what can go wrong with it.

use serde::Serialize;
use serde_json::{Value, json};
use signalk_plugin_contract::ENABLE_DEBUG;
use signalk_server_model::config::text;

use super::{TestHost, forget_instance, handler, is_running, json_of, with_buffer};
use crate::boundary::exports;
use crate::boundary::imports::native;
use crate::runtime::Installed;

impl<P: Installed> TestHost<P> {
    /// Starts the plugin, or saves another configuration: stop and start of the same instance. The
    /// result is what `plugin_start` answered; 0 is success. -1 says that the server could not write its
    /// file, and then leaves the plugin as it is.
    ///
    /// The `enableDebug` of a JSON object is the server's switch for debug lines, off unless it is there; any
    /// other text is handed over as it is.
    pub fn configure(&mut self, config: &str) -> i32 {
        let Ok(Value::Object(mut members)) = serde_json::from_str(config) else {
            return self.configure_bytes(config.as_bytes());
        };
        let enable_debug = members.shift_remove(ENABLE_DEBUG).unwrap_or(Value::Bool(false));
        let configuration = Value::Object(members).to_string();
        // The server writes its file first.
        if !write_file(&configuration, true, &enable_debug) {
            return -1;
        }
        self.start_plugin(&configuration, &enable_debug)
    }

    fn start_plugin(&mut self, configuration: &str, enable_debug: &Value) -> i32 {
        let config = text::for_start(Some(configuration), enable_debug);
        self.configure_bytes(config.as_bytes())
    }

    /// As [`Self::configure`], with the bytes just as they are handed over.
    pub fn configure_bytes(&mut self, config: &[u8]) -> i32 {
        if is_running() {
            self.stop();
        }
        let result = with_buffer(config, exports::plugin_start::<P>);
        if result == 0 {
            native::with(|server| server.registry.connect());
            // The server subscribes the plugin once `plugin_start` has returned.
            native::subscribe(handler::<P>);
        }
        result
    }

    /// Disables the plugin by a form that holds this configuration, a JSON object. The server writes
    /// its file before it stops the plugin.
    pub fn disable(&mut self, form: &str) {
        if write_file(form, false, &Value::Bool(false)) {
            self.stop();
        }
    }

    /// Puts a configuration, a JSON object, into the server's file without a word to the plugin: one that an
    /// earlier version of it has left. [`Self::restart_server`] starts the plugin with it.
    pub fn set_saved_config(&mut self, config: &str) {
        write_file(config, true, &Value::Bool(false));
    }

    /// Returns the contents of the server's file, the plugin's stored documents included; `None` if it cannot be read.
    #[must_use]
    pub fn saved_config(&self) -> Option<Value> {
        let document = native::with(|server| server.store.document(&server.package));
        serde_json::from_str(&document.configuration?).ok()
    }

    /// Ends the server without a word to the plugin, as a power cut does. Time goes on; nothing reaches the
    /// plugin until [`Self::restart_server`].
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use signalk_plugin_sdk::prelude::*;
    /// # use signalk_plugin_sdk::testing::TestHost;
    /// # struct Doubler;
    /// # #[signalk_plugin]
    /// # impl Doubler {
    /// #     fn start() -> Result<Self> {
    /// #         Ok(Self)
    /// #     }
    /// #     #[delta("environment.depth.belowKeel")]
    /// #     fn depth(&mut self, metres: Option<f64>) -> Result<()> {
    /// #         delta::set("environment.depth.doubled", metres.map(|metres| metres * 2.0))
    /// #     }
    /// # }
    /// # let mut host = TestHost::<Doubler>::start_default();
    /// host.kill_server();
    /// host.advance(Duration::from_secs(600));
    /// host.receive("environment.depth.belowKeel", 2.5);
    /// assert_eq!(host.value("environment.depth.doubled"), None);
    ///
    /// host.restart_server();
    /// host.receive("environment.depth.belowKeel", 2.5);
    /// assert_eq!(host.number("environment.depth.doubled"), 5.0);
    /// ```
    pub fn kill_server(&mut self) {
        native::unsubscribe();
        forget_instance::<P>();
        native::with(|server| server.restart());
    }

    /// Ends the server without a word to the plugin, and starts it again: a new instance gets what the file
    /// holds. A plugin that the file does not enable, and one whose file cannot be read, is not started.
    pub fn restart_server(&mut self) {
        self.kill_server();
        let document = native::with(|server| server.store.document(&server.package));
        if document.enabled == Some(Value::Bool(true)) {
            let enable_debug = document.enable_debug.unwrap_or(Value::Bool(false));
            self.start_plugin(document.configuration.as_deref().unwrap_or("{}"), &enable_debug);
        }
    }

    /// Leaves half of the file, as a power cut in the middle of a write does; the next save mends it.
    ///
    /// # Panics
    /// When there is no such file.
    #[allow(clippy::expect_used, reason = "an assertion of a test")]
    pub fn corrupt_config_file(&mut self) {
        native::with(|server| server.store.tear(&server.package)).expect("a file to be torn");
    }

    /// Lets every write of the file fail, or none again.
    pub fn fill_disk(&mut self, is_full: bool) {
        native::with(|server| server.store.fill_disk(is_full));
    }

    /// Loads the plugin from now on under another package name.
    pub fn rename_package(&mut self, name: &str) {
        native::with(|server| name.clone_into(&mut server.package));
    }

    /// Makes the server answer for a path of the own ship, which no server that is known to us does:
    /// `node` is the whole node, with `value`, `$source` and `timestamp`.
    ///
    /// # Panics
    /// When the node cannot be written as JSON.
    pub fn answer_self_path<T: Serialize>(&mut self, path: &str, node: T) {
        let node = json_of(&node);
        let update = json!({
            "$source": node["$source"],
            "timestamp": node["timestamp"],
            "values": [{ "path": path, "value": node["value"] }],
        });
        native::with(|server| {
            server.setup.answers_self_path = true;
            let context = server.self_context();
            server.data.add(&json!({ "context": context, "updates": [update] }));
        });
    }

    /// Takes over what has arrived at the plugin's sockets, as the server does at any time. A plugin
    /// that looks does it by itself.
    pub fn poll_sockets(&self) {
        native::with(|server| server.sockets.turn());
    }

    /// Lets no multicast group be joined, as before the network is up, or any again.
    pub fn refuse_multicast(&mut self, refuse: bool) {
        native::with(|server| server.sockets.udp.refuse_groups(refuse));
    }

    /// Has a name stand for an address, in TCP connections: that of a peer which the test plays, for
    /// example. It does until the server starts again.
    ///
    /// # Panics
    /// When the address is none.
    #[allow(clippy::expect_used)]
    pub fn resolve(&mut self, name: &str, address: &str) {
        let address = address.parse().expect("an address, such as 127.0.0.1");
        native::with(|server| server.sockets.tcp.resolve(name, address));
    }

    /// How many sockets the plugin has open. They are real ones.
    #[must_use]
    pub fn open_sockets(&self) -> usize {
        native::with(|server| server.sockets.open())
    }
}

/// Writes the server's file, as a save by the owner does; `false` if it cannot.
fn write_file(configuration: &str, enabled: bool, enable_debug: &Value) -> bool {
    let document = text::document(Some(configuration), &enabled.into(), enable_debug);
    native::with(|server| {
        server.store.write_as(server.version(), &server.package, &document).is_ok()
    })
}
