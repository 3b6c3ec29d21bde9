//! A plugin that asks for a failed start to be told to the server.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

#[derive(Deserialize, JsonSchema)]
struct Config {
    fail: bool,
}

struct Plugin;

#[signalk_plugin(on_start_error = "fail")]
impl Plugin {
    fn start(config: Config) -> Result<Self> {
        ensure!(!config.fail, "as configured");
        Ok(Self)
    }

    #[delta("in")]
    fn take(&mut self, value: u8) -> Result<()> {
        delta::set("out", value)
    }

    #[cfg(any())]
    fn stop(&mut self) {}
}

#[test]
fn the_server_is_told_and_nothing_is_tried_again() {
    let mut host = TestHost::<Plugin>::new();
    assert_eq!(host.configure(r#"{"fail":true}"#), 1);
    assert_eq!(host.error().unwrap(), "as configured");
    host.advance(Duration::from_secs(60));
    host.receive("in", 1);
    assert_eq!(host.value("out"), None);
    assert_eq!(host.configure("{}"), 1);
    assert_eq!(host.error().unwrap(), "Configuration: fail is missing");
    assert_eq!(host.configure(r#"{"fail":false}"#), 0);
    host.receive("in", 2);
    assert_eq!(host.value("out").unwrap(), 2);
    // Its `stop` is not there in this build.
    host.stop();
    assert_eq!(host.status().unwrap(), "Stopped");
}
