//! A provider of weather and of waypoints.
#![deny(warnings)]

use std::collections::BTreeMap;

use sdk::prelude::*;
use sdk::resource::{ResourceProvider, ResourceQuery, Waypoint};
use sdk::weather::{ForecastRequest, ObservationRequest, WeatherData, WeatherProvider};
use signalk_plugin_sdk as sdk;

pub struct Plugin;

#[signalk_plugin(
    name = "Harbour",
    crate = "sdk",
    weather,
    resources(Waypoint),
    model("navigation.position")
)]
impl Plugin {
    fn start() -> Self {
        Self
    }
}

impl WeatherProvider for Plugin {
    fn observations(&mut self, _: &ObservationRequest) -> Result<Vec<WeatherData>> {
        Ok(Vec::new())
    }

    fn forecasts(&mut self, _: &ForecastRequest) -> Result<Vec<WeatherData>> {
        Ok(Vec::new())
    }
}

impl ResourceProvider<Waypoint> for Plugin {
    fn list(&mut self, _: &ResourceQuery<'_>) -> Result<BTreeMap<String, Waypoint>> {
        Ok(BTreeMap::new())
    }

    fn get(&mut self, _: &str) -> Result<Option<Waypoint>> {
        Ok(None)
    }
}

fn main() {}
