//! Resources, weather and radar, as the tests ask for them.

use std::collections::BTreeMap;

use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::radar::{
    ArpaChanges, ArpaSettings, RadarInfo, RadarProvider, RadarState, Target,
};
use signalk_plugin_sdk::resource::{Resource, ResourceProvider, ResourceQuery, Route, Waypoint};
use signalk_plugin_sdk::weather::{
    ForecastRequest, ForecastType, ObservationRequest, Outside, WarningRequest, WeatherData,
    WeatherProvider, WeatherWarning,
};

use crate::Surface;

/// A resource of a kind that the server does not know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Thing {
    name: String,
    #[serde(default)]
    size: Option<f64>,
}

impl Resource for Thing {
    const TYPE: &'static str = "things";
}

/// A provider that keeps what it is given.
macro_rules! keeps {
    ($type:ty, $field:ident) => {
        impl ResourceProvider<$type> for Surface {
            fn list(&mut self, _: &ResourceQuery<'_>) -> Result<BTreeMap<String, $type>> {
                Ok(self.$field.clone())
            }

            fn get(&mut self, id: &str) -> Result<Option<$type>> {
                Ok(self.$field.get(id).cloned())
            }

            fn set(&mut self, id: &str, resource: $type) -> Result<()> {
                ensure!(id != "refused", "{id} is not taken");
                delta::set("test.kept", id)?;
                self.$field.insert(id.to_owned(), resource);
                Ok(())
            }

            fn delete(&mut self, id: &str) -> Result<bool> {
                delta::set("test.deleted", id)?;
                Ok(self.$field.remove(id).is_some())
            }
        }
    };
}

keeps!(Thing, things);
keeps!(Route, routes);
keeps!(Waypoint, waypoints);

fn weather(date: &str, kelvin: f64) -> WeatherData {
    WeatherData {
        date: date.to_owned(),
        outside: Some(Outside { temperature: Some(kelvin), ..Outside::default() }),
        ..WeatherData::default()
    }
}

impl WeatherProvider for Surface {
    fn observations(&mut self, request: &ObservationRequest) -> Result<Vec<WeatherData>> {
        let position = request.position;
        ensure!(position.latitude < 89.0, "there is no weather at the pole");
        Ok(vec![weather("2026-01-01T00:00:00.000Z", 280.0 + position.latitude)])
    }

    fn forecasts(&mut self, request: &ForecastRequest) -> Result<Vec<WeatherData>> {
        let kelvin = match request.kind {
            ForecastType::Daily => 270.25,
            ForecastType::Point => 290.25,
        };
        let days =
            ["2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z", "2026-01-04T00:00:00.000Z"];
        Ok(days.iter().map(|day| weather(day, kelvin)).collect())
    }

    fn warnings(&mut self, request: &WarningRequest) -> Result<Vec<WeatherWarning>> {
        let _ = request;
        Ok(vec![WeatherWarning {
            start_time: "2026-01-02T00:00:00.000Z".into(),
            end_time: "2026-01-03T00:00:00.000Z".into(),
            details: "Gale".into(),
            source: "test".into(),
            kind: "wind".into(),
        }])
    }
}

/// The one radar.
const RADAR: &str = "dome";

impl Surface {
    fn state_of(&self, radar: &str) -> Option<RadarState> {
        (radar == RADAR).then(|| self.radar.clone())
    }
}

impl RadarProvider for Surface {
    fn radars(&mut self) -> Result<Vec<String>> {
        Ok(vec![RADAR.into()])
    }

    fn info(&mut self, radar: &str) -> Result<Option<RadarInfo>> {
        Ok((radar == RADAR).then(|| RadarInfo {
            name: "Dome".into(),
            brand: "Test".into(),
            radar_ip_address: "127.0.0.1".into(),
            ..RadarInfo::default()
        }))
    }

    fn capabilities(&mut self, radar: &str) -> Result<Option<Raw>> {
        let known =
            (radar == RADAR).then(|| Raw::from_value(&BTreeMap::from([("maxRange", 1_852)])));
        Ok(known.transpose()?)
    }

    fn state(&mut self, radar: &str) -> Result<Option<RadarState>> {
        Ok(self.state_of(radar))
    }

    fn set_control(&mut self, _: &str, control: &str, value: &Raw) -> Result<()> {
        ensure!(control != "fuel", "there is no control {control}");
        delta::set(&format!("test.radar.{control}"), value)?;
        self.radar.controls.insert(control.to_owned(), value.clone());
        Ok(())
    }

    fn targets(&mut self, _: &str) -> Result<Option<Vec<Target>>> {
        Ok(Some(Vec::new()))
    }

    fn acquire_target(&mut self, _: &str, bearing: f64, distance: f64) -> Result<Option<u32>> {
        delta::set("test.radar.target", [bearing, distance])?;
        Ok(Some(7))
    }

    fn cancel_target(&mut self, _: &str, target: u32) -> Result<bool> {
        delta::set("test.radar.cancelled", target)?;
        Ok(target == 7)
    }

    fn arpa_settings(&mut self, _: &str) -> Result<Option<ArpaSettings>> {
        Ok(Some(self.arpa.clone()))
    }

    fn set_arpa_settings(&mut self, _: &str, changes: &ArpaChanges) -> Result<()> {
        self.arpa = self.arpa.clone().changed(changes);
        delta::set("test.radar.arpa", &self.arpa)
    }
}
