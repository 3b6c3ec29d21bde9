//! Whatever may go wrong with a plugin, on real Signal K servers.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use signalk_plugin_tests::boat::Real;
use signalk_plugin_tests::env::InstalledServer;
use signalk_plugin_tests::faults::{self, PLUGIN};

macro_rules! topics {
    ($($topic:ident)*) => {$(
        mod $topic {
            use super::*;
            use signalk_plugin_tests::on_both_servers;

            on_both_servers!(everything: on_2_32, on_2_23);

            fn everything(installed: InstalledServer) {
                faults::$topic::everything(&mut Real::launch(PLUGIN, installed));
            }
        }
    )*};
}

topics!(crashes deltas disk network platform requests settings starts);
