//! Crashes on purpose.

use std::time::Duration;

use signalk_plugin_host::{Event, Host, PluginState};

use crate::fixture::{Wat, log};

#[test]
fn the_next_call_of_the_server_ends_in_a_trap_and_no_other() {
    let wat = Wat::new().poll("{log:before} {log:after} (i32.const 0)");
    let mut plugin = Host::new().install(wat.module()).unwrap();
    plugin.enable("{}").unwrap();
    plugin.crash_at_next_import();
    assert!(plugin.crashes_at_next_import());

    plugin.advance(Duration::from_secs(1)).unwrap();
    let trap = Event::Trap { handler: "poll".into(), message: "unreachable".into() };
    assert!(plugin.events().iter().any(|it| it.event == trap), "{:?}", plugin.events());
    assert_eq!(log(&plugin), [""; 0]);
    assert_eq!(plugin.state(), PluginState::Running);
    assert!(!plugin.crashes_at_next_import());

    plugin.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(log(&plugin), ["before", "after"]);
}
