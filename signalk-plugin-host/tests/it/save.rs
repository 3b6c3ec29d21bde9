//! Saving configurations, enabling and disabling.

use signalk_plugin_host::{ConfigStore, Error, Host, Module, Package, PluginState, SaveRequest};

use crate::fixture::{Wat, log};

/// Counts in a global how often it was started, logs its configuration, and fails while the
/// configuration is longer than 40 bytes.
fn counting() -> Wat {
    Wat::new()
        .and("(global $starts (mut i32) (i32.const 0))")
        .start(
            "(global.set $starts (i32.add (global.get $starts) (i32.const 1)))
             (call $debug (local.get $ptr) (local.get $len))
             (if (i32.gt_u (global.get $starts) (i32.const 1)) (then {log:same instance}))
             (i32.gt_u (local.get $len) (i32.const 40))",
        )
        .stop("{log:stop} (i32.const 0)")
}

const WRONG: &str = r#"{"radius":"something that is not a number"}"#;

#[test]
fn a_save_stops_and_starts_the_same_instance() {
    let mut plugin = counting().running();
    plugin.take_events();
    plugin.save_config(r#"{"a":1}"#).unwrap();
    assert_eq!(log(&plugin), ["stop", r#"{"a":1,"enableDebug":false}"#, "same instance"]);
}

#[test]
fn a_failed_start_sticks_until_the_plugin_is_disabled_and_enabled() {
    let mut plugin = counting().installed();
    let error = plugin.enable(WRONG).unwrap_err();
    assert!(
        matches!(&error, Error::Save { message } if message == "Plugin start() returned error code: 1")
    );
    assert_eq!((plugin.state(), plugin.is_enabled()), (PluginState::Error, true));

    plugin.take_events();
    plugin.save_config("{}").unwrap();
    assert_eq!(plugin.state(), PluginState::Error);
    assert_eq!(log(&plugin), [""; 0]);

    plugin.disable().unwrap();
    assert_eq!(log(&plugin), [""; 0], "a plugin that does not run is not stopped");
    plugin.enable("{}").unwrap();
    assert_eq!(plugin.state(), PluginState::Running);
}

#[test]
fn a_start_that_fails_at_server_start_leaves_the_plugin_listed() {
    let plugin = Host::new().install_enabled(counting().module(), WRONG).unwrap();
    assert_eq!(plugin.state(), PluginState::Error);
    assert_eq!(plugin.error_message(), Some("Plugin start() returned error code: 1"));
}

#[test]
fn disabling_stops_and_enabling_again_starts_the_same_instance() {
    let mut plugin = counting().running();
    plugin.disable().unwrap();
    assert_eq!((plugin.state(), plugin.is_enabled()), (PluginState::Stopped, false));
    plugin.enable("{}").unwrap();
    assert_eq!(
        log(&plugin),
        [r#"{"enableDebug":false}"#, "stop", r#"{"enableDebug":false}"#, "same instance"]
    );
}

#[test]
fn the_debug_switch_arrives_in_the_configuration() {
    let mut plugin = counting().running();
    plugin.take_events();
    plugin.save(&SaveRequest::new().enable_debug(true).configuration(r#"{"a":1}"#)).unwrap();
    assert_eq!(log(&plugin)[1], r#"{"a":1,"enableDebug":true}"#);
}

#[test]
fn a_save_without_configuration_wipes_it() {
    let mut plugin = counting().installed();
    plugin.enable(r#"{"a":1}"#).unwrap();
    plugin.save(&SaveRequest::new()).unwrap();
    assert_eq!(plugin.configuration(), None);
    let file = plugin.config_store().read("test-plugin").unwrap();
    assert_eq!(
        file,
        "{\n  \"configuration\": {},\n  \"enabled\": true,\n  \"enableDebug\": false\n}"
    );
}

#[test]
fn what_is_not_json_is_refused_and_changes_nothing() {
    let mut plugin = counting().running();
    let error = plugin.save_config("{radius: 50}").unwrap_err();
    assert!(matches!(error, Error::Input { .. }));
    assert_eq!(plugin.configuration(), Some("{}"));
}

#[test]
fn a_deeply_nested_configuration_reaches_the_plugin_as_it_is() {
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(5000), "]".repeat(5000));
    let mut plugin = counting().installed();
    assert!(plugin.enable(&deep).is_err(), "the fixture refuses long configurations");
    assert_eq!(log(&plugin)[0], format!("{},\"enableDebug\":false}}", &deep[..deep.len() - 1]));
    assert_eq!(plugin.restart_server().unwrap().state(), PluginState::Error);
}

#[test]
fn a_name_that_leads_out_of_the_folder_is_refused_wherever_it_enters() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("server");
    let store = ConfigStore::directory(&inside);
    for name in ["../settings", "../../settings", "/tmp/settings", "a\0b", "..", "a\\..\\b"] {
        let error = store.write(name, "{}").unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{name:?}");
        assert_eq!(store.read(name), None, "{name:?}");
        let memory = ConfigStore::in_memory();
        assert!(memory.write(name, "{}").is_err());
        let package = || Package::new(name);
        for refused in [
            Module::load(b"\0asm\x01\0\0\0", package()).unwrap_err(),
            Module::load_unchecked(b"\0asm\x01\0\0\0", package()).unwrap_err(),
        ] {
            let text = refused.to_string();
            assert!(text.contains("cannot be the name of a package"), "{text}");
        }
    }
    assert!(!folder.path().join("settings.json").exists());
    store.write("scope_plugin", "{}").unwrap();
    assert!(inside.join("plugin-config-data/scope_plugin.json").exists());
}
