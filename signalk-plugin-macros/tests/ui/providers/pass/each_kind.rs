//! A provider of every kind.

use std::collections::BTreeMap;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::radar::{RadarInfo, RadarProvider};
use signalk_plugin_sdk::resource::{Note, ResourceProvider, ResourceQuery, Waypoint};
use signalk_plugin_sdk::serde_json::json;
use signalk_plugin_sdk::testing::TestHost;
use signalk_plugin_sdk::weather::{
    ForecastRequest, ObservationRequest, WeatherData, WeatherProvider,
};

struct Plugin;

#[signalk_plugin(resources(Waypoint, Note), weather, radar)]
impl Plugin {
    fn start() -> Self {
        Self
    }
}

macro_rules! provides_no {
    ($kind:ty) => {
        impl ResourceProvider<$kind> for Plugin {
            fn list(&mut self, _: &ResourceQuery<'_>) -> Result<BTreeMap<String, $kind>> {
                Ok(BTreeMap::new())
            }

            fn get(&mut self, _: &str) -> Result<Option<$kind>> {
                Ok(None)
            }
        }
    };
}

provides_no!(Waypoint);
provides_no!(Note);

impl WeatherProvider for Plugin {
    fn observations(&mut self, _: &ObservationRequest) -> Result<Vec<WeatherData>> {
        Ok(Vec::new())
    }

    fn forecasts(&mut self, _: &ForecastRequest) -> Result<Vec<WeatherData>> {
        Ok(Vec::new())
    }
}

impl RadarProvider for Plugin {
    fn radars(&mut self) -> Result<Vec<String>> {
        Ok(vec!["dome".to_owned()])
    }

    fn info(&mut self, _: &str) -> Result<Option<RadarInfo>> {
        Ok(None)
    }
}

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    assert_eq!(host.list_resources("notes", json!({})).unwrap(), json!({}));
    let request = json!({"position": {"latitude": 60.0, "longitude": 24.0}, "options": {"custom": {}}});
    assert_eq!(host.weather_observations(&request).unwrap(), json!([]));
    assert_eq!(host.radar("radar_get_radars", &json!(null)).unwrap(), json!(["dome"]));
}
