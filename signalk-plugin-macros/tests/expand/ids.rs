//! Parts of paths that vary, several paths of a PUT, what runs after the values, and the time given.
#![deny(warnings)]

use signalk_plugin_sdk::delta::{Delta, Origin};
use signalk_plugin_sdk::http::Path;
use signalk_plugin_sdk::prelude::*;

pub struct Plugin {
    seconds: f64,
}

#[signalk_plugin(name = "Engines")]
impl Plugin {
    fn start() -> Self {
        Self { seconds: 0.0 }
    }

    #[delta("propulsion.:id.revolutions")]
    fn turns(&mut self, Path(id): Path<String>, hertz: f64) -> Result<()> {
        ensure!(hertz >= 0.0, "{id} turns backwards");
        Ok(())
    }

    #[settled]
    fn judge(&mut self, _: &Delta<'_>) {}

    #[every("1s")]
    fn count(&mut self, elapsed: Duration) {
        self.seconds += elapsed.as_secs_f64();
    }

    #[put("propulsion.{port,main}.serviceDone")]
    fn done(&mut self, _done: bool, _origin: &Origin<'_>) {}
}

fn main() {}
