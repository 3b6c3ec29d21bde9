//! All forms that the attribute has, in one plugin.
#![deny(warnings, missing_docs)]

use signalk_plugin_sdk::delta::{Delta, Origin};
use signalk_plugin_sdk::prelude::*;

/// The configuration.
#[derive(Deserialize, JsonSchema)]
pub struct Config {
    interval: u64,
}

/// The plugin.
pub struct Plugin {
    config: Config,
}

#[signalk_plugin(
    name = "Everything",
    on_start_error = "fail",
    model("environment.*", ""),
    model(context = "vessels.*", "navigation.*", ""),
    model(context = "aton.*", "")
)]
impl Plugin {
    fn start(config: Config) -> Result<Self> {
        Ok(Self { config })
    }

    fn stop(&mut self) {}

    #[delta("navigation.speedOverGround")]
    fn one(&self, _speed: f64) {}

    #[delta("navigation.*", "environment.wind.speedApparent")]
    fn several(&mut self, _value: signalk_plugin_sdk::serde_json::Value, origin: &Origin<'_>) -> Result<()> {
        ensure!(!origin.path.is_empty(), "no path");
        Ok(())
    }

    #[delta("", context = "vessels.*")]
    fn root(&mut self, _about: signalk_plugin_sdk::serde_json::Value, _origin: &Origin<'_>) {}

    #[delta("navigation.speedOverGround", context = "vessels.*", echo = true)]
    fn of_all_vessels(&mut self, _speed: Option<f64>) -> Result<(), std::num::ParseIntError> {
        "5".parse::<u8>().map(|_| ())
    }

    #[delta(context = "*")]
    fn whole(&mut self, _delta: &Delta<'_>) {}

    #[delta]
    fn text(&mut self, _delta: &str) {}

    #[every("1h 30m")]
    fn seldom(&self) {}

    #[every(Duration::from_secs(self.config.interval))]
    fn as_configured(&mut self) -> Result<()> {
        Ok(())
    }

    #[every("5m")]
    fn r#type(self: &mut Self) {}

    #[cfg(any())]
    #[every(self.there_is_no_such_method())]
    fn left_out(&mut self) {}

    #[cfg(any())]
    #[get("/api/either")]
    fn one_way(&mut self) {}

    #[cfg(not(any()))]
    #[get("/api/either")]
    fn other_way(&self) -> &'static str {
        "other"
    }

    #[put("/api/either")]
    fn endpoints(&mut self, request: &signalk_plugin_sdk::http::Request<'_>) -> String {
        request.path().to_owned()
    }

    #[put("navigation.state")]
    fn navigation(&mut self, _state: String) {}

    #[allow(dead_code)]
    fn of_my_own(&self) {}
}

// Names of the author's that are those of our bindings.
#[allow(non_upper_case_globals, dead_code)]
const plugin: u8 = 1;
#[allow(non_upper_case_globals, dead_code)]
const value: u8 = 2;
#[allow(non_upper_case_globals, dead_code)]
const raw: u8 = 4;
#[allow(non_upper_case_globals, dead_code)]
const delta: u8 = 6;
#[allow(non_upper_case_globals, dead_code)]
const made: u8 = 7;

fn main() {}
