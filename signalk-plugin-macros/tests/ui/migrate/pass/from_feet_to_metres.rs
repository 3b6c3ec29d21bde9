//! Settings of an older version, in feet.

use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Config {
    radius: f64,
}

#[derive(Deserialize)]
struct InFeet {
    feet: f64,
}

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn migrate(saved: &Raw) -> Result<Option<Config>> {
        let older = saved.deserialize::<InFeet>().ok();
        Ok(older.map(|older| Config { radius: older.feet * 0.3048 }))
    }

    fn start(config: Config) -> Result<Self> {
        server::set_status(&format!("{} m", config.radius));
        Ok(Self)
    }
}

fn main() {
    assert_eq!(TestHost::<Plugin>::start(r#"{"feet":100}"#).status().unwrap(), "30.48 m");
    assert_eq!(TestHost::<Plugin>::start(r#"{"radius":5}"#).status().unwrap(), "5 m");
}
