//! Several paths of one function, which is told which was asked.

use signalk_plugin_sdk::delta::Origin;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[put("propulsion.{port,starboard}.serviceDone", "propulsion.main.serviceDone")]
    fn done(&mut self, done: bool, origin: &Origin<'_>) -> Result<()> {
        ensure!(done, "it cannot be undone");
        assert!(origin.is_self);
        server::set_status(origin.path);
        Ok(())
    }
}

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    for engine in ["port", "starboard", "main"] {
        let path = format!("propulsion.{engine}.serviceDone");
        assert_eq!(host.put(&path, true).status_code, 200);
        assert_eq!(host.status().unwrap(), path);
        assert_eq!(host.put(&path, false).status_code, 500);
    }
}
