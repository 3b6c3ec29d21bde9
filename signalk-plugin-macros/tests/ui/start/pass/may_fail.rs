//! A plugin that may fail to start.

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

#[derive(Deserialize, JsonSchema)]
pub struct Config {
    #[serde(default)]
    fails: bool,
}

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start(config: Config) -> Result<Self> {
        ensure!(!config.fails, "on purpose");
        Ok(Self)
    }
}

fn main() {
    assert_eq!(TestHost::<Plugin>::start("{}").error(), None);
    let host = TestHost::<Plugin>::start(r#"{"fails":true}"#);
    assert!(host.error().unwrap().contains("on purpose"));
}
