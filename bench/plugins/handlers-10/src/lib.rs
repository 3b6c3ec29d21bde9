//! Ten handlers, to be measured: of the own ship's position, and of paths that nothing comes for.

#![forbid(unsafe_code)]
include!("../../../handlers.rs");

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
