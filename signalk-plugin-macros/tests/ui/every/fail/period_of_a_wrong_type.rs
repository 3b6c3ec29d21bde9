use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    fn period(&self) -> u32 {
        10
    }

    #[every(self.period())]
    fn check(&mut self) {}
}

fn main() {}
