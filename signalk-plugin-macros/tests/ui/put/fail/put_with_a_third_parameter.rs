use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[put("propulsion.{port,starboard}.serviceDone")]
    fn done(&mut self, _done: bool, _origin: &delta::Origin<'_>, _more: f64) {}
}

fn main() {}
