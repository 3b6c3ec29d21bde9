use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[put("propulsion.port.serviceDone", "/api/done")]
    fn done(&mut self, _done: bool) {}
}

fn main() {}
