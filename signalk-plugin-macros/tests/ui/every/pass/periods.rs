//! A period as a text, and one that is asked of the plugin.

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

struct Plugin {
    runs: [u32; 2],
}

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self { runs: [0; 2] }
    }

    #[every("5s")]
    fn fixed(&mut self) {
        self.runs[0] += 1;
    }

    #[every(Duration::from_secs(2))]
    fn asked(&mut self) -> Result<()> {
        self.runs[1] += 1;
        server::set_status(&format!("{:?}", self.runs));
        Ok(())
    }

    #[every("4s")]
    fn timed(&mut self, elapsed: Duration) {
        assert_eq!(elapsed.as_secs(), 4);
    }
}

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.advance(Duration::from_secs(10));
    assert_eq!(host.status().unwrap(), "[2, 5]");
}
