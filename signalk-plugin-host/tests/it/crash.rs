//! Crashes on purpose.

use std::time::Duration;

use signalk_plugin_host::{Event, Host, PluginState};

use crate::fixture::{Wat, log};

/// Takes its time, once.
const LOOP: &str = "(loop $again
    (i32.store (i32.const 60000) (i32.add (i32.load (i32.const 60000)) (i32.const 1)))
    (br_if $again (i32.lt_u (i32.load (i32.const 60000)) (i32.const 5000))))";

#[test]
fn a_call_ends_in_a_trap_in_its_middle_and_the_next_one_does_not() {
    let wat = Wat::new().poll(&format!("{{log:before}} {LOOP} {{log:after}} (i32.const 0)"));
    let mut plugin = Host::new().install(wat.module()).unwrap();
    plugin.enable("{}").unwrap();
    plugin.crash();
    assert!(plugin.will_crash());

    plugin.advance(Duration::from_secs(1)).unwrap();
    let trap = Event::Trap { handler: "poll".into(), message: "unreachable".into() };
    assert!(plugin.events().iter().any(|it| it.event == trap), "{:?}", plugin.events());
    assert_eq!(log(&plugin), ["before"]);
    assert_eq!(plugin.state(), PluginState::Running);
    assert!(!plugin.will_crash());

    plugin.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(log(&plugin), ["before", "before", "after"]);
}
