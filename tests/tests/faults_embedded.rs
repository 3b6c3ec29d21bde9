//! Whatever may go wrong with a plugin, in the embedded host, as either version of the server has it.

use signalk_plugin_tests::VERSIONS;
use signalk_plugin_tests::boat::Embedded;
use signalk_plugin_tests::faults::{PLUGIN, everything};

#[test]
#[ignore = "needs built plugins: cargo xtask test --only embedded"]
fn nothing_takes_the_plugin_down() {
    for version in VERSIONS {
        everything(&mut Embedded::launch(PLUGIN, version));
    }
}
