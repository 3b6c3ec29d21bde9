//! `sk_read_config`, `sk_save_config` and `sk_has_capability`.

use std::time::Duration;

use signalk_plugin_host::{
    Capability, ConfigStore, Event, Host, HttpRequest, Module, Package, Plugin,
};

use crate::fixture::{Wat, log};

/// Saves at the first poll, reads at the second, into a buffer of `max` bytes.
fn saving(text: &str, max: i32) -> Wat {
    Wat::new()
        .env("sk_save_config", "(param i32 i32) (result i32)")
        .env("sk_read_config", "(param i32 i32) (result i32)")
        .and("(global $polls (mut i32) (i32.const 0))")
        .start("(call $debug (local.get $ptr) (local.get $len)) (i32.const 0)")
        .poll(&format!(
            "(global.set $polls (i32.add (global.get $polls) (i32.const 1)))
             (if (result i32) (i32.eq (global.get $polls) (i32.const 1))
               (then (call $sk_save_config {{text:{text}}}))
               (else
                 (call $debug (i32.const 40000) (call $sk_read_config (i32.const 40000) (i32.const {max})))
                 (i32.const 0)))"
        ))
}

fn second(plugin: &mut Plugin) {
    plugin.advance(Duration::from_secs(1)).unwrap();
}

#[test]
fn a_saved_configuration_is_read_back_but_not_started_with() {
    let mut plugin = saving(r#"{ "anchor": 1.0 }"#, 1000).installed();
    plugin.enable(r#"{"radius":5}"#).unwrap();
    second(&mut plugin);
    assert_eq!(
        plugin.events().last().unwrap().event,
        Event::ConfigSaved(r#"{"anchor":1}"#.to_owned())
    );
    second(&mut plugin);
    assert_eq!(log(&plugin).last().unwrap(), r#"{"anchor":1}"#);

    let configuration = plugin.configuration().unwrap().to_owned();
    assert_eq!(configuration, r#"{"radius":5}"#);
    plugin.disable().unwrap();
    plugin.enable(&configuration).unwrap();
    assert_eq!(log(&plugin).last().unwrap(), r#"{"radius":5,"enableDebug":false}"#);
}

#[test]
fn a_saved_configuration_lasts_over_a_server_restart() {
    let mut plugin = saving(r#"{"anchor":1}"#, 1000).running();
    second(&mut plugin);
    let plugin = plugin.restart_server().unwrap();
    assert_eq!(log(&plugin).last().unwrap(), r#"{"anchor":1,"enableDebug":false}"#);
}

#[test]
fn saving_keeps_the_rest_of_the_document() {
    let mut plugin = saving("[1]", 1000).running();
    second(&mut plugin);
    let file = plugin.config_store().read("test-plugin").unwrap();
    assert_eq!(
        file,
        "{\n  \"configuration\": [\n    1\n  ],\n  \"enabled\": true,\n  \"enableDebug\": false\n}"
    );
}

#[test]
fn a_buffer_that_is_too_small_reads_as_nothing() {
    let mut plugin = saving(r#"{"anchor":1}"#, 11).running();
    second(&mut plugin);
    second(&mut plugin);
    assert_eq!(log(&plugin).last().unwrap(), "");
}

#[test]
fn what_is_not_json_is_not_saved() {
    let mut plugin = saving("nothing", 1000).running();
    second(&mut plugin);
    let events = plugin.take_events();
    assert!(events.iter().any(
        |it| matches!(&it.event, Event::ConfigSaveFailed { reason } if reason.contains("JSON"))
    ));
    assert_eq!(
        events.last().unwrap().event,
        Event::Returned { handler: "poll".to_owned(), code: -1 }
    );
}

#[test]
fn a_scoped_package_can_neither_read_nor_save() {
    let directory = tempfile::tempdir().unwrap();
    for store in [ConfigStore::in_memory(), ConfigStore::directory(directory.path())] {
        let module =
            Module::load_unchecked(saving("{}", 1000).wasm(), Package::new("@me/plugin")).unwrap();
        let mut plugin = Host::builder().config_store(store).build().install(module).unwrap();
        plugin.enable(r#"{"radius":5}"#).unwrap();
        second(&mut plugin);
        let failed = |event: &Event| matches!(event, Event::ConfigSaveFailed { .. });
        assert!(plugin.events().iter().any(|recorded| failed(&recorded.event)));
        second(&mut plugin);
        assert_eq!(log(&plugin).last().unwrap(), "{}");
    }
}

#[test]
fn a_directory_holds_the_document_where_the_server_has_it() {
    let directory = tempfile::tempdir().unwrap();
    let host = Host::builder().config_store(ConfigStore::directory(directory.path())).build();
    let mut plugin = host.install(saving(r#"{"anchor":1}"#, 1000).module()).unwrap();
    plugin.enable("{}").unwrap();
    second(&mut plugin);
    let file =
        std::fs::read_to_string(directory.path().join("plugin-config-data/test-plugin.json"))
            .unwrap();
    assert!(file.contains(r#""anchor": 1"#), "{file}");
}

#[test]
fn only_two_capabilities_are_known_and_only_if_granted() {
    let asking = |name: &str| {
        let ask = format!(
            "(if (call $sk_has_capability {{text:{name}}}) (then {{log:yes}}) (else {{log:no}})) (i32.const 0)"
        );
        Wat::new().env("sk_has_capability", "(param i32 i32) (result i32)").start(&ask)
    };
    let answer = |name: &str, granted: &[Capability]| {
        let mut plugin = Host::new().install(asking(name).module_with(granted)).unwrap();
        plugin.enable("{}").unwrap();
        log(&plugin).pop().unwrap()
    };
    assert_eq!(answer("network", &[Capability::Network]), "yes");
    assert_eq!(answer("rawSockets", &[Capability::RawSockets]), "yes");
    assert_eq!(answer("rawSockets", &[]), "no");
    assert_eq!(answer("putHandlers", &[Capability::PutHandlers]), "no");
}

#[test]
fn what_counts_as_true_in_the_document_is_passed_on_as_it_is() {
    let store = ConfigStore::in_memory();
    let document = r#"{"enabled":"yes","enableDebug":1,"configuration":{}}"#;
    store.write("test-plugin", document).unwrap();
    let wat = Wat::new().start("(call $debug (local.get $ptr) (local.get $len)) (i32.const 0)");
    let host = Host::builder().config_store(store).build();
    let mut plugin = host.install(wat.module()).unwrap();
    assert_eq!(log(&plugin), [r#"{"enableDebug":1}"#]);
    assert!(plugin.is_enabled());
    let page = plugin.http(&HttpRequest::get("/")).unwrap().json().unwrap();
    assert_eq!(page["enabled"], "yes");
}
