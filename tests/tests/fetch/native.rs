//! The plugin on `TestHost`.

use std::time::Duration;

use serde_json::Value;
use signalk_plugin_sdk::testing::TestHost;
use signalk_plugin_tests::boat::Boat;
use signalk_test_fetch::Fetches;

pub(crate) struct Native(TestHost<Fetches>);

impl Native {
    pub(crate) fn launch() -> Self {
        Self(TestHost::start("{}"))
    }
}

impl Boat for Native {
    fn configure(&mut self, config: &Value) {
        self.0.configure(&config.to_string());
    }

    fn post(&mut self, path: &str, body: &Value) {
        let answer = self.0.http("POST", &format!("/api/{path}"), body);
        assert_eq!(answer.status, 204, "{path} {body}: {:?}", answer.body);
    }

    fn value(&mut self, path: &str) -> Value {
        self.0.value(path).unwrap_or_default()
    }

    fn line(&mut self) -> String {
        self.0.error().or_else(|| self.0.status()).unwrap_or_default()
    }

    fn step(&mut self) {
        std::thread::sleep(Duration::from_millis(1));
        self.0.receive("test.poke", 1);
    }

    fn pass(&mut self, time: Duration) {
        self.0.advance(time);
    }
}
