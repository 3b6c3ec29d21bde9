//! Functions that are there in some builds only, and what the attribute makes of them.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;
// A name that the test which the attribute writes must not be taken for.
#[allow(unused_imports)]
use signalk_plugin_sdk::signalk_plugin as test;
use signalk_plugin_sdk::testing::TestHost;

#[derive(Deserialize, Serialize, JsonSchema)]
struct Config {
    radius: f64,
}

struct Plugin;

/// `not(any())` holds in every build, `any()` in none: two versions of a function, as two features
/// have them.
#[signalk_plugin]
impl Plugin {
    fn start(config: Config) -> Result<Self> {
        delta::set("test.radius", config.radius)?;
        Ok(Self)
    }

    #[cfg(not(any()))]
    fn stop(&mut self) -> Result<()> {
        delta::set("test.stopped", true)
    }

    #[cfg(any())]
    fn stop(&mut self) {}

    #[cfg(not(any()))]
    fn migrate(saved: &Raw) -> Result<Option<Config>> {
        let old: Option<f64> =
            saved.deserialize::<std::collections::BTreeMap<String, f64>>()?.remove("old");
        Ok(old.map(|radius| Config { radius }))
    }

    #[cfg_attr(all(), cfg(any()))]
    fn migrate(_: &Raw) -> Result<Option<Config>> {
        Ok(None)
    }

    #[cfg_attr(all(), cfg(any()), inline)]
    #[delta("test.in")]
    fn left_out(&mut self, value: f64) -> Result<()> {
        there_is_no_such_function(value)
    }

    #[cfg_attr(any(), cfg(any()))]
    #[delta("test.in")]
    fn r#taken(&mut self, value: f64) -> Result<()> {
        delta::set("test.out", value)
    }
}

#[core::prelude::v1::test]
fn of_two_versions_of_a_function_the_one_that_is_there_is_called() {
    let mut host = TestHost::<Plugin>::start(r#"{"old": 30}"#);
    assert_eq!(host.value("test.radius").unwrap(), 30.0);
    host.stop();
    assert_eq!(host.value("test.stopped").unwrap(), true);
}

#[core::prelude::v1::test]
fn a_cfg_inside_of_a_cfg_attr_leaves_a_handler_out_or_in() {
    let mut host = TestHost::<Plugin>::start(r#"{"radius": 30}"#);
    host.receive("test.in", 2.5);
    assert_eq!(host.value("test.out").unwrap(), 2.5);
}
