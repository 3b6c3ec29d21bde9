use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    fn channel(&self) -> u32 {
        10
    }

    #[delta("navigation.speedOverGround", source = self.channel())]
    fn moved(&mut self, _value: Option<f64>) {}
}

fn main() {}
