//! Ten handlers, to be measured: of the own ship's position, and of paths that nothing comes for.

#![forbid(unsafe_code)]
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

bench! {
    tank_1 "tanks.freshWater.1.currentLevel"
    tank_2 "tanks.freshWater.2.currentLevel"
    tank_3 "tanks.freshWater.3.currentLevel"
    tank_4 "tanks.freshWater.4.currentLevel"
    tank_5 "tanks.freshWater.5.currentLevel"
    tank_6 "tanks.freshWater.6.currentLevel"
    tank_7 "tanks.freshWater.7.currentLevel"
    tank_8 "tanks.freshWater.8.currentLevel"
    tank_9 "tanks.freshWater.9.currentLevel"
}
