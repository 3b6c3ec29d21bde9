//! Binary streams and radar spokes.

use signalk_plugin_host::{Capability, Event, Host, Plugin};

use crate::fixture::{Wat, log};

fn sending(id: &str) -> Plugin {
    let send = format!(
        "(if (call $sk_emit_binary_stream {{text:{id}}} {{text:data}}) (then {{log:yes}}) (else {{log:no}})) (i32.const 0)"
    );
    Wat::new()
        .env("sk_emit_binary_stream", "(param i32 i32 i32 i32) (result i32)")
        .start(&send)
        .running()
}

#[test]
fn own_streams_and_radar_streams_are_recorded() {
    for id in ["plugins/test-plugin/scan", "plugins/test-plugin/", "radars/front_1-A"] {
        let plugin = sending(id);
        let frame = Event::Binary { stream: id.to_owned(), data: b"data".to_vec() };
        assert!(plugin.events().iter().any(|it| it.event == frame), "{id}");
        assert_eq!(log(&plugin), ["yes"]);
    }
}

#[test]
fn other_streams_are_refused_with_what_is_expected() {
    for id in ["plugins/other/scan", "radars/", "radars/a/b", "scan"] {
        let plugin = sending(id);
        assert_eq!(log(&plugin), ["no"], "{id}");
        let reason = plugin.events().into_iter().find_map(|it| match it.event {
            Event::BinaryRefused { reason, .. } => Some(reason),
            _ => None,
        });
        assert!(reason.unwrap().contains("plugins/test-plugin/<name>"));
    }
}

#[test]
fn spokes_pass_once_the_provider_is_connected() {
    let send = "(if (call $sk_radar_emit_spokes {text:front} {text:data}) (then {log:yes}) (else {log:no}))";
    let wat = Wat::new()
        .env("sk_radar_emit_spokes", "(param i32 i32 i32 i32) (result i32)")
        .env("sk_register_radar_provider", "(param i32 i32) (result i32)")
        .start(&format!(
            "{send} (drop (call $sk_register_radar_provider {{text:Radar}})) {send} (i32.const 0)"
        ))
        .poll(&format!("{send} (i32.const 0)"));
    let mut plugin = wat.running();
    plugin.advance(std::time::Duration::from_secs(1)).unwrap();
    assert_eq!(log(&plugin), ["no", "no", "yes"]);
    let frame = Event::Binary { stream: "radars/front".to_owned(), data: b"data".to_vec() };
    assert!(plugin.events().iter().any(|it| it.event == frame));

    let mut refused = Host::new().install(wat.module_with(&[Capability::Network])).unwrap();
    refused.enable("{}").unwrap();
    assert_eq!(log(&refused), ["no", "no"]);
}
