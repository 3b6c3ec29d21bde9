//! Handlers with raw names, other attributes, and each way to write the receiver and the result.

use std::num::ParseIntError;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

struct Plugin {
    runs: Vec<&'static str>,
}

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self { runs: Vec::new() }
    }

    #[every("1s")]
    #[inline]
    fn r#type(self: &mut Self) -> Result<(), ParseIntError> {
        self.runs.push("type");
        "1".parse::<u8>().map(|_| ())
    }

    #[every("1s")]
    #[allow(clippy::unused_self)]
    fn plain(&self) {
        server::set_status(&self.runs.join(" "));
    }
}

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.advance(Duration::from_secs(1));
    assert_eq!(host.status().unwrap(), "type");
}
