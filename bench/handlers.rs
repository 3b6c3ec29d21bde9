// A plugin with a handler of the own ship's position, and one for each path that it is given: a part of the
// plugins that differ in nothing but how many there are.

use signalk_plugin_sdk::prelude::*;

/// Counts positions, and sums up their latitudes in millionths of a degree.
#[derive(Default)]
pub struct Bench {
    positions: u64,
    sum: i64,
}

macro_rules! bench {
    ($($name:ident $path:literal)*) => {
        #[signalk_plugin]
        impl Bench {
            fn start() -> Self {
                Self::default()
            }

            $(
                #[delta($path)]
                fn $name(&mut self, value: f64) {
                    self.sum += value as i64;
                }
            )*

            #[delta("navigation.position")]
            fn moved(&mut self, position: Position) {
                self.positions += 1;
                self.sum += (position.latitude * 1e6) as i64;
            }

            fn stop(&mut self) {
                server::set_status(&format!("{} {}", self.positions, self.sum));
            }
        }
    };
}
