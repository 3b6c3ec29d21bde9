//! Registration, start, stop and the poll timer.

use std::time::Duration;

use signalk_plugin_host::{ConfigStore, Error, Event, Host, Plugin, PluginState, RecordedEvent};

use crate::fixture::{Wat, log, text_out, traps};

/// Logs every call that the server makes.
fn talking() -> Wat {
    let named = |name: &str, text: &str| {
        text_out(name, text).replacen("(memory.copy", &format!("{{log:{name}}} (memory.copy"), 1)
    };
    Wat::new()
        .with("plugin_name", named("plugin_name", "Test Plugin"))
        .with("plugin_schema", named("plugin_schema", "{}"))
        .start("{log:plugin_start} (call $debug (local.get $ptr) (local.get $len)) (i32.const 0)")
        .stop("{log:plugin_stop} (i32.const 0)")
        .and(named("http_endpoints", "[]"))
        .and(r#"(func (export "_initialize") {log:_initialize})"#)
        .poll("{log:poll} (i32.const 0)")
}

fn calls_and_instances(plugin: &Plugin) -> Vec<String> {
    let shown = |event| match event {
        Event::Debug(text) => Some(text),
        Event::Instantiated { instance } => Some(format!("instance {instance}")),
        _ => None,
    };
    plugin.events().into_iter().filter_map(|recorded| shown(recorded.event)).collect()
}

#[test]
fn a_first_install_takes_two_instances() {
    let mut plugin = talking().installed();
    assert_eq!(
        calls_and_instances(&plugin),
        ["instance 1", "_initialize", "_initialize", "plugin_name", "plugin_schema"]
    );
    assert_eq!(
        (plugin.name(), plugin.schema(), plugin.state()),
        ("Test Plugin", "{}", PluginState::Stopped)
    );

    plugin.take_events();
    plugin.enable(r#"{ "radius": 50.0 }"#).unwrap();
    assert_eq!(
        calls_and_instances(&plugin),
        [
            "instance 2",
            "_initialize",
            "_initialize",
            "plugin_name",
            "plugin_schema",
            "http_endpoints",
            "plugin_start",
            r#"{"radius":50,"enableDebug":false}"#
        ]
    );
    assert_eq!(plugin.state(), PluginState::Running);
}

#[test]
fn a_plugin_enabled_at_server_start_has_one_instance() {
    let plugin = Host::new().install_enabled(talking().module(), r#"{"radius":50}"#).unwrap();
    assert_eq!(
        calls_and_instances(&plugin),
        [
            "instance 1",
            "_initialize",
            "_initialize",
            "plugin_name",
            "plugin_schema",
            "http_endpoints",
            "plugin_start",
            r#"{"radius":50,"enableDebug":false}"#
        ]
    );
    assert_eq!(plugin.state(), PluginState::Running);
}

#[test]
fn a_document_without_enabled_keeps_the_endpoints_without_a_start() {
    let store = ConfigStore::in_memory();
    store.write("test-plugin", r#"{"configuration":{}}"#).unwrap();
    let plugin = Host::builder().config_store(store).build().install(talking().module()).unwrap();
    assert_eq!(plugin.state(), PluginState::Stopped);
    assert_eq!(log(&plugin).last().unwrap(), "http_endpoints");
}

#[test]
fn a_document_that_cannot_be_read_counts_as_disabled() {
    let store = ConfigStore::in_memory();
    store.write("test-plugin", r#"{"enabled":true,"#).unwrap();
    let plugin = Host::builder().config_store(store).build().install(talking().module()).unwrap();
    assert_eq!((plugin.state(), plugin.is_enabled()), (PluginState::Stopped, false));
    assert_eq!(log(&plugin).last().unwrap(), "plugin_schema");
}

#[test]
fn a_plugin_that_cannot_be_registered_vanishes_with_a_reason() {
    let error = |wat: &Wat| match Host::new().install(wat.module()) {
        Err(error @ Error::Register { .. }) => error.to_string(),
        other => panic!("expected a refusal, found {other:?}"),
    };
    let schema = error(&Wat::new().with("plugin_schema", text_out("plugin_schema", "not json")));
    assert!(schema.contains("missing from the plugin list: plugin_schema"), "{schema}");
    let initialize = Wat::new().and(r#"(func (export "_initialize") unreachable)"#);
    assert!(error(&initialize).contains("_initialize: unreachable"));
    let unlinked = error(&Wat::new().env("sk_get_path", "(param i32 i32)"));
    assert!(unlinked.contains("instantiation") && unlinked.contains("sk_get_path"), "{unlinked}");
}

#[test]
fn a_module_that_is_no_rust_plugin_is_not_run() {
    let error = |wat: &Wat| Host::new().install(wat.module()).unwrap_err().to_string();
    assert!(
        error(&Wat::new().and(r#"(func (export "_start"))"#)).contains("_start makes it a command")
    );
    assert!(
        error(&Wat::new().without("plugin_id"))
            .contains("Unknown WASM plugin format for test-plugin")
    );
}

#[test]
fn a_plugin_can_be_moved_to_another_thread() {
    let mut plugin = talking().running();
    let moved =
        std::thread::spawn(move || plugin.advance(Duration::from_secs(1)).map(|()| plugin.state()));
    assert_eq!(moved.join().unwrap().unwrap(), PluginState::Running);
}

#[test]
fn a_nameless_plugin_has_its_package_name_until_it_is_enabled() {
    let wat = Wat::new().with("plugin_name", text_out("plugin_name", ""));
    let mut plugin = wat.installed();
    assert_eq!(plugin.name(), "test-plugin");
    plugin.enable("{}").unwrap();
    assert_eq!(plugin.name(), "");
}

#[test]
fn a_longer_name_than_the_buffer_is_read_all_the_same() {
    let name = r#"(func (export "plugin_name") (param $out i32) (param $max i32) (result i32)
        (memory.fill (local.get $out) (i32.const 0x61) (i32.const 10000)) (i32.const 10000))"#;
    assert_eq!(Wat::new().with("plugin_name", name).installed().name(), "a".repeat(10_000));
}

#[test]
fn poll_is_called_at_every_second_after_the_start() {
    let mut plugin = talking().installed();
    plugin.advance(Duration::from_millis(300)).unwrap();
    plugin.enable("{}").unwrap();
    plugin.take_events();
    plugin.advance(Duration::from_millis(999)).unwrap();
    assert_eq!(log(&plugin), [""; 0]);
    plugin.advance(Duration::from_millis(2_500)).unwrap();
    let times: Vec<_> = plugin.events().iter().map(|recorded| recorded.at.as_millis()).collect();
    assert_eq!(times, [1_300, 2_300, 3_300]);
    plugin.disable().unwrap();
    plugin.take_events();
    plugin.advance(Duration::from_secs(10)).unwrap();
    assert_eq!(log(&plugin), [""; 0]);
}

#[test]
fn a_poll_that_traps_goes_on_and_the_state_stays_running() {
    let mut plugin = Wat::new().poll("unreachable").running();
    plugin.advance(Duration::from_secs(2)).unwrap();
    let trap = ("poll".to_owned(), "unreachable".to_owned());
    assert_eq!(traps(&plugin), [trap.clone(), trap]);
    assert_eq!(plugin.state(), PluginState::Running);
}

#[test]
fn traps_have_the_words_of_node() {
    for (body, message) in [
        ("(drop (i32.div_u (i32.const 1) (i32.const 0)))", "divide by zero"),
        ("(drop (i32.load (i32.const -4)))", "memory access out of bounds"),
        ("(drop (i32.trunc_f64_s (f64.const nan)))", "float unrepresentable in integer range"),
        ("(call $deep)", "Maximum call stack size exceeded"),
    ] {
        let mut plugin = Wat::new()
            .and("(func $deep (call $deep))")
            .poll(&format!("{body} (i32.const 0)"))
            .running();
        plugin.advance(Duration::from_secs(1)).unwrap();
        assert_eq!(traps(&plugin), [("poll".to_owned(), message.to_owned())]);
    }
}

#[test]
fn what_poll_returns_is_recorded_unless_it_is_0() {
    let mut plugin = Wat::new().poll("(i32.const 7)").running();
    plugin.advance(Duration::from_secs(1)).unwrap();
    let last: RecordedEvent = plugin.events().pop().unwrap();
    assert_eq!(last.event, Event::Returned { handler: "poll".to_owned(), code: 7 });
}

#[test]
fn a_trap_in_start_frees_its_buffer_and_leaves_the_state_at_error() {
    let wat = Wat::new()
        .with("deallocate", r#"(func (export "deallocate") (param i32 i32) {log:deallocate})"#)
        .start("{log:start} unreachable");
    let mut plugin = wat.installed();
    plugin.take_events();
    let error = plugin.enable("{}").unwrap_err();
    assert!(matches!(&error, Error::Save { message } if message == "unreachable"), "{error:?}");
    assert_eq!(log(&plugin)[2..], ["start", "deallocate"]);
    assert_eq!((plugin.state(), plugin.error_message()), (PluginState::Error, Some("unreachable")));
}

#[test]
fn a_trap_in_stop_aborts_the_save_and_leaves_the_state_at_error() {
    let mut plugin = Wat::new().stop("unreachable").running();
    assert!(matches!(plugin.save_config(r#"{"a":1}"#), Err(Error::Save { .. })));
    assert_eq!(plugin.state(), PluginState::Error);
    let file = plugin.config_store().read("test-plugin").unwrap();
    assert!(file.contains(r#""a": 1"#), "the document is written before: {file}");
}

#[test]
fn a_server_that_a_program_stops_calls_stop_twice_and_on_a_loaded_plugin_once() {
    let mut plugin = talking().running();
    plugin.take_events();
    plugin.shut_down().unwrap();
    assert_eq!(log(&plugin), ["plugin_stop", "plugin_stop"]);

    let store = ConfigStore::in_memory();
    store.write("test-plugin", r#"{"configuration":{}}"#).unwrap();
    let mut loaded =
        Host::builder().config_store(store).build().install(talking().module()).unwrap();
    loaded.take_events();
    loaded.shut_down().unwrap();
    assert_eq!(log(&loaded), ["plugin_stop"]);
}

#[test]
fn a_restarted_server_starts_the_plugin_from_what_is_stored() {
    let mut plugin = talking().running();
    plugin.advance(Duration::from_secs(5)).unwrap();
    plugin.save_config(r#"{"radius":7}"#).unwrap();
    let before = plugin.wall_clock();
    let plugin = plugin.restart_server().unwrap();
    assert_eq!(plugin.state(), PluginState::Running);
    assert_eq!(plugin.wall_clock(), before);
    assert_eq!(log(&plugin).last().unwrap(), r#"{"radius":7,"enableDebug":false}"#);
    assert!(!log(&plugin).contains(&"plugin_stop".to_owned()));
}
