//! Two functions `stop`, of which a build has one.

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[cfg(any())]
    fn stop(&mut self) {
        there_is_no_such_function();
    }

    #[cfg(not(any()))]
    fn stop(&mut self) -> Result<()> {
        server::set_status("Stopped by hand");
        Ok(())
    }
}

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.stop();
    let told = format!("{:?}", host.events());
    assert!(told.contains("Stopped by hand"), "{told}");
}
