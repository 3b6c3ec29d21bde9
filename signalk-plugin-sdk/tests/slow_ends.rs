//! Functions that the server calls itself, and that take too long.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::{TestHost, take_time};

#[derive(Deserialize, Serialize, JsonSchema, Default)]
#[serde(default)]
struct Config {
    start: u64,
    stop: u64,
    migrate: u64,
}

struct Ends {
    stop: u64,
}

#[signalk_plugin]
impl Ends {
    fn migrate(saved: &Raw) -> Result<Option<Config>> {
        take_time(Duration::from_millis(saved.deserialize::<Config>()?.migrate));
        Ok(None)
    }

    fn start(config: Config) -> Self {
        take_time(Duration::from_millis(config.start));
        Self { stop: config.stop }
    }

    fn stop(&mut self) {
        take_time(Duration::from_millis(self.stop));
    }
}

fn told(name: &str, millis: u64) -> Option<String> {
    Some(format!("{name} took {millis} ms, and the whole server stood still meanwhile"))
}

#[test]
fn a_slow_start_and_a_slow_migrate_are_told_until_they_are_quick() {
    for name in ["start", "migrate"] {
        let mut host = TestHost::<Ends>::start(&format!("{{\"{name}\":10000}}"));
        assert_eq!(host.error(), told(name, 10_000));
        host.configure("{}");
        assert_eq!(host.error(), None);
    }
}

#[test]
fn a_slow_stop_is_told_for_a_minute_after_the_start_that_follows() {
    let mut host = TestHost::<Ends>::start(r#"{"stop":3000}"#);
    host.configure("{}");
    assert_eq!(host.error(), told("stop", 3_000));
    host.advance(Duration::from_secs(61));
    assert_eq!(host.status().unwrap(), "Started");
    host.configure(r#"{"stop":1500}"#);
    host.stop();
    assert_eq!(host.error(), told("stop", 1_500));
}
