//! The targets under libFuzzer: the variable `FUZZ_TARGET` names one.
#![no_main]
// libFuzzer's entry points are functions of C.
#![allow(unsafe_code, missing_docs, unreachable_pub, clippy::panic)]

use std::sync::OnceLock;

use signalk_plugin_fuzz::{Target, target};

static TARGET: OnceLock<Target> = OnceLock::new();

fn named() -> Target {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    target(&name).unwrap_or_else(|| panic!("FUZZ_TARGET names no target: {name:?}"))
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    (TARGET.get_or_init(named).run)(bytes);
});
