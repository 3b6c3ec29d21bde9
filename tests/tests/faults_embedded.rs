//! Whatever may go wrong with a plugin, in the embedded host, as either version of the server has it.

use signalk_plugin_tests::VERSIONS;
use signalk_plugin_tests::boat::Embedded;
use signalk_plugin_tests::faults::{self, PLUGIN};

fn on_both_versions(everything: fn(&mut Embedded)) {
    for version in VERSIONS {
        everything(&mut Embedded::launch(PLUGIN, version));
    }
}

macro_rules! topics {
    ($($topic:ident)*) => {$(
        #[test]
        #[ignore = "needs built plugins: cargo xtask test --only embedded"]
        fn $topic() {
            on_both_versions(faults::$topic::everything);
        }
    )*};
}

topics!(crashes deltas disk network platform requests settings starts);
