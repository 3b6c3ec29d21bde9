//! A crate of the author's that is called `core`, as a dependency in Cargo.toml may be.
#![deny(warnings)]

extern crate serde as core;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    fn stop(&mut self) {}

    #[delta("a.b")]
    fn take(&mut self, _value: f64) {}

    #[every(self.period())]
    fn as_set(&mut self) {}

    #[put("a.c")]
    fn put(&mut self, _value: f64) {}

    #[get("/a")]
    fn get(&self) -> String {
        "a".to_owned()
    }
}

impl Plugin {
    fn period(&self) -> Duration {
        Duration::from_secs(1)
    }
}

fn main() {
    let host = TestHost::<Plugin>::start("{}");
    assert_eq!(host.status().unwrap(), "Started");
}
