//! Names of the language that the author's module has for something else.
#![deny(warnings)]

use signalk_plugin_sdk::testing::TestHost;
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::{Result, signalk_plugin};

#[allow(non_camel_case_types, dead_code)]
mod names {
    pub struct str;
    pub struct bool;
    pub struct u8;
    pub struct u64;
    pub struct usize;
    pub struct i32;
    pub struct Option;
    pub struct String;
    pub struct Vec;
    pub struct Some;
    pub struct Ok;
    pub struct Box;
    pub mod std {}
    pub mod alloc {}
}
#[allow(unused_imports)]
use names::*;

mod config {
    use signalk_plugin_sdk::prelude::*;

    #[derive(Deserialize, Serialize, JsonSchema)]
    pub struct Config {}
}
use config::Config;

struct Plugin;

#[signalk_plugin(name = "Names", model("a.b"), response_buffer = "1 MiB")]
impl Plugin {
    fn migrate(_saved: &Raw) -> Result<::std::option::Option<Config>> {
        Result::Ok(::std::option::Option::None)
    }

    fn start(_config: Config) -> Result<Self> {
        Result::Ok(Self)
    }

    fn stop(&mut self) {}

    #[delta("a.b")]
    fn take(&mut self, _value: f64) {}

    #[every("1s")]
    fn tick(&mut self) {}

    #[every(self.period())]
    fn as_set(&mut self) {}

    #[put("a.c")]
    fn put(&mut self, _value: f64) {}

    #[get("/a")]
    fn get(&self) -> &'static ::core::primitive::str {
        "a"
    }
}

impl Plugin {
    fn period(&self) -> ::std::time::Duration {
        ::std::time::Duration::from_secs(1)
    }
}

fn main() {
    let host = TestHost::<Plugin>::start("{}");
    assert_eq!(host.status().unwrap(), "Started");
}
