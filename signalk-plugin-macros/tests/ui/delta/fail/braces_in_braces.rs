use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[delta("propulsion.{port,{a,b}}.revolutions")]
    fn turns(&mut self, _hertz: f64) {}
}

fn main() {}
