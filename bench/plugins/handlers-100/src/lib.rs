//! A hundred handlers, to be measured: of the own ship's position, and of paths that nothing comes for.

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
    tank_10 "tanks.freshWater.10.currentLevel"
    tank_11 "tanks.freshWater.11.currentLevel"
    tank_12 "tanks.freshWater.12.currentLevel"
    tank_13 "tanks.freshWater.13.currentLevel"
    tank_14 "tanks.freshWater.14.currentLevel"
    tank_15 "tanks.freshWater.15.currentLevel"
    tank_16 "tanks.freshWater.16.currentLevel"
    tank_17 "tanks.freshWater.17.currentLevel"
    tank_18 "tanks.freshWater.18.currentLevel"
    tank_19 "tanks.freshWater.19.currentLevel"
    tank_20 "tanks.freshWater.20.currentLevel"
    tank_21 "tanks.freshWater.21.currentLevel"
    tank_22 "tanks.freshWater.22.currentLevel"
    tank_23 "tanks.freshWater.23.currentLevel"
    tank_24 "tanks.freshWater.24.currentLevel"
    tank_25 "tanks.freshWater.25.currentLevel"
    tank_26 "tanks.freshWater.26.currentLevel"
    tank_27 "tanks.freshWater.27.currentLevel"
    tank_28 "tanks.freshWater.28.currentLevel"
    tank_29 "tanks.freshWater.29.currentLevel"
    tank_30 "tanks.freshWater.30.currentLevel"
    tank_31 "tanks.freshWater.31.currentLevel"
    tank_32 "tanks.freshWater.32.currentLevel"
    tank_33 "tanks.freshWater.33.currentLevel"
    tank_34 "tanks.freshWater.34.currentLevel"
    tank_35 "tanks.freshWater.35.currentLevel"
    tank_36 "tanks.freshWater.36.currentLevel"
    tank_37 "tanks.freshWater.37.currentLevel"
    tank_38 "tanks.freshWater.38.currentLevel"
    tank_39 "tanks.freshWater.39.currentLevel"
    tank_40 "tanks.freshWater.40.currentLevel"
    tank_41 "tanks.freshWater.41.currentLevel"
    tank_42 "tanks.freshWater.42.currentLevel"
    tank_43 "tanks.freshWater.43.currentLevel"
    tank_44 "tanks.freshWater.44.currentLevel"
    tank_45 "tanks.freshWater.45.currentLevel"
    tank_46 "tanks.freshWater.46.currentLevel"
    tank_47 "tanks.freshWater.47.currentLevel"
    tank_48 "tanks.freshWater.48.currentLevel"
    tank_49 "tanks.freshWater.49.currentLevel"
    tank_50 "tanks.freshWater.50.currentLevel"
    tank_51 "tanks.freshWater.51.currentLevel"
    tank_52 "tanks.freshWater.52.currentLevel"
    tank_53 "tanks.freshWater.53.currentLevel"
    tank_54 "tanks.freshWater.54.currentLevel"
    tank_55 "tanks.freshWater.55.currentLevel"
    tank_56 "tanks.freshWater.56.currentLevel"
    tank_57 "tanks.freshWater.57.currentLevel"
    tank_58 "tanks.freshWater.58.currentLevel"
    tank_59 "tanks.freshWater.59.currentLevel"
    tank_60 "tanks.freshWater.60.currentLevel"
    tank_61 "tanks.freshWater.61.currentLevel"
    tank_62 "tanks.freshWater.62.currentLevel"
    tank_63 "tanks.freshWater.63.currentLevel"
    tank_64 "tanks.freshWater.64.currentLevel"
    tank_65 "tanks.freshWater.65.currentLevel"
    tank_66 "tanks.freshWater.66.currentLevel"
    tank_67 "tanks.freshWater.67.currentLevel"
    tank_68 "tanks.freshWater.68.currentLevel"
    tank_69 "tanks.freshWater.69.currentLevel"
    tank_70 "tanks.freshWater.70.currentLevel"
    tank_71 "tanks.freshWater.71.currentLevel"
    tank_72 "tanks.freshWater.72.currentLevel"
    tank_73 "tanks.freshWater.73.currentLevel"
    tank_74 "tanks.freshWater.74.currentLevel"
    tank_75 "tanks.freshWater.75.currentLevel"
    tank_76 "tanks.freshWater.76.currentLevel"
    tank_77 "tanks.freshWater.77.currentLevel"
    tank_78 "tanks.freshWater.78.currentLevel"
    tank_79 "tanks.freshWater.79.currentLevel"
    tank_80 "tanks.freshWater.80.currentLevel"
    tank_81 "tanks.freshWater.81.currentLevel"
    tank_82 "tanks.freshWater.82.currentLevel"
    tank_83 "tanks.freshWater.83.currentLevel"
    tank_84 "tanks.freshWater.84.currentLevel"
    tank_85 "tanks.freshWater.85.currentLevel"
    tank_86 "tanks.freshWater.86.currentLevel"
    tank_87 "tanks.freshWater.87.currentLevel"
    tank_88 "tanks.freshWater.88.currentLevel"
    tank_89 "tanks.freshWater.89.currentLevel"
    tank_90 "tanks.freshWater.90.currentLevel"
    tank_91 "tanks.freshWater.91.currentLevel"
    tank_92 "tanks.freshWater.92.currentLevel"
    tank_93 "tanks.freshWater.93.currentLevel"
    tank_94 "tanks.freshWater.94.currentLevel"
    tank_95 "tanks.freshWater.95.currentLevel"
    tank_96 "tanks.freshWater.96.currentLevel"
    tank_97 "tanks.freshWater.97.currentLevel"
    tank_98 "tanks.freshWater.98.currentLevel"
    tank_99 "tanks.freshWater.99.currentLevel"
}
