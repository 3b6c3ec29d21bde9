//! WASI: environment, clocks, output, files.

use std::time::{Duration, SystemTime};

use signalk_plugin_host::{ConfigStore, Event, Files, Host, Plugin, ServerVersion};

use crate::fixture::{Wat, log};

fn wasi(wat: Wat, name: &str, ty: &str) -> Wat {
    wat.import(&format!(r#"(import "wasi_snapshot_preview1" "{name}" (func ${name} {ty}))"#))
}

#[test]
fn the_environment_holds_the_package_name() {
    let wat = wasi(Wat::new(), "environ_get", "(param i32 i32) (result i32)");
    let plugin = wat
        .start(
            "(drop (call $environ_get (i32.const 40000) (i32.const 40100)))
        (call $debug (i32.const 40100) (i32.const 21)) (i32.const 0)",
        )
        .running();
    assert_eq!(log(&plugin), ["PLUGIN_ID=test-plugin"]);
}

#[test]
fn output_is_recorded_line_by_line_in_the_order_of_things() {
    let print = |fd: i32, text: &str| {
        format!("(i32.store (i32.const 40000) (local.tee $at {{at:{text}}})) (i32.store (i32.const 40004) {{len:{text}}})
            (drop (call $fd_write (i32.const {fd}) (i32.const 40000) (i32.const 1) (i32.const 40008)))")
    };
    let body = format!(
        "(local $at i32) {} {{log:between}} {} {}",
        print(1, "one\ntw"),
        print(1, "o\n"),
        print(2, "oops\n")
    )
    .replace("{at:one\ntw}", "(i32.const 41000)")
    .replace("{at:o\n}", "(i32.const 41006)")
    .replace("{at:oops\n}", "(i32.const 41008)");
    let wat = wasi(Wat::new(), "fd_write", "(param i32 i32 i32 i32) (result i32)")
        .and(r#"(data (i32.const 41000) "one\ntwo\noops\n")"#)
        .start(&format!("{body} (i32.const 0)"));
    let output: Vec<_> = wat
        .running()
        .take_events()
        .into_iter()
        .map(|recorded| recorded.event)
        .filter(|event| matches!(event, Event::Stdout(_) | Event::Stderr(_) | Event::Debug(_)))
        .collect();
    assert_eq!(
        output,
        [
            Event::Stdout("one".to_owned()),
            Event::Debug("between".to_owned()),
            Event::Stdout("two".to_owned()),
            Event::Stderr("oops".to_owned())
        ]
    );
}

/// Returns the seconds of a WASI clock from every poll.
fn clock_at_poll(id: i32) -> Wat {
    wasi(Wat::new(), "clock_time_get", "(param i32 i64 i32) (result i32)").poll(&format!(
        "(drop (call $clock_time_get (i32.const {id}) (i64.const 1) (i32.const 40000)))
             (i32.wrap_i64 (i64.div_u (i64.load (i32.const 40000)) (i64.const 1000000000)))"
    ))
}

fn seconds_at_polls(mut plugin: Plugin) -> Vec<i32> {
    plugin.enable("{}").unwrap();
    plugin.advance(Duration::from_secs(2)).unwrap();
    let code = |event| match event {
        Event::Returned { code, .. } => Some(code),
        _ => None,
    };
    plugin.take_events().into_iter().filter_map(|recorded| code(recorded.event)).collect()
}

#[test]
fn the_wall_clock_starts_where_it_was_set_and_moves_with_the_driven_clock() {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let host = Host::builder().wall_clock(start).build();
    let plugin = host.install(clock_at_poll(0).module()).unwrap();
    assert_eq!(seconds_at_polls(plugin), [1_700_000_001, 1_700_000_002]);
}

#[test]
fn the_monotonic_clock_moves_with_the_driven_clock_and_does_not_begin_at_0() {
    assert_eq!(seconds_at_polls(clock_at_poll(1).installed()), [3601, 3602]);
}

#[test]
fn a_sleep_moves_the_clock_and_polls_missed_meanwhile_come_once() {
    // A subscription to a relative timer of 2.5 s on the monotonic clock.
    let wat = wasi(Wat::new(), "poll_oneoff", "(param i32 i32 i32 i32) (result i32)").poll(
        "(i32.store8 (i32.const 40008) (i32.const 0)) (i32.store (i32.const 40016) (i32.const 1))
         (i64.store (i32.const 40024) (i64.const 2500000000))
         {log:poll}
         (drop (call $poll_oneoff (i32.const 40000) (i32.const 40104) (i32.const 1) (i32.const 40200))) (i32.const 0)",
    );
    let mut plugin = wat.running();
    plugin.take_events();
    plugin.advance(Duration::from_secs(5)).unwrap();
    let times: Vec<_> = plugin.events().iter().map(|recorded| recorded.at.as_millis()).collect();
    assert_eq!(times, [1_000, 3_500]);
    assert_eq!(plugin.elapsed(), Duration::from_secs(6));
}

#[test]
fn random_numbers_differ() {
    let wat = wasi(Wat::new(), "random_get", "(param i32 i32) (result i32)").start(
        "(drop (call $random_get (i32.const 40000) (i32.const 8))) (drop (call $random_get (i32.const 40008) (i32.const 8)))
         (if (i64.ne (i64.load (i32.const 40000)) (i64.load (i32.const 40008))) (then {log:differ})) (i32.const 0)",
    );
    assert_eq!(log(&wat.running()), ["differ"]);
}

#[test]
fn an_exit_ends_the_call_by_what_node_js_throws() {
    let wat = wasi(Wat::new(), "proc_exit", "(param i32)")
        .poll("(call $proc_exit (i32.const 3)) (i32.const 0)");
    let mut plugin = wat.running();
    plugin.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(crate::fixture::traps(&plugin)[0].1, "Symbol(kExitCode)");
}

/// Creates the file `a` behind `/` at every poll, after creating `/` itself if asked to, and returns
/// the error number.
fn creating_a_file(root_first: bool) -> Wat {
    let wat =
        wasi(Wat::new(), "path_open", "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)");
    let wat = wasi(wat, "path_create_directory", "(param i32 i32 i32) (result i32)");
    let root =
        if root_first { "(drop (call $path_create_directory (i32.const 3) {text:.}))" } else { "" };
    // Flag 1 creates; right 6 bits: read, seek, ..., write.
    wat.poll(&format!(
        "{root} (call $path_open (i32.const 3) (i32.const 0) {{text:a}} (i32.const 1) (i64.const 64) (i64.const 0)
            (i32.const 0) (i32.const 40000)) {{log:polled}}"
    ))
}

const NOT_FOUND: i32 = 44;

fn error_number(plugin: &mut Plugin) -> i32 {
    plugin.take_events();
    plugin.advance(Duration::from_secs(1)).unwrap();
    let code = |event| match event {
        Event::Returned { code, .. } => Some(code),
        _ => None,
    };
    plugin.take_events().into_iter().find_map(|recorded| code(recorded.event)).unwrap_or(0)
}

fn started(files: Files, enabled_at_start: bool, wat: &Wat) -> Plugin {
    let host = Host::builder().files(files).version(ServerVersion::V2_32).build();
    if enabled_at_start {
        return host.install_enabled(wat.module(), "{}").unwrap();
    }
    let mut plugin = host.install(wat.module()).unwrap();
    plugin.enable("{}").unwrap();
    plugin
}

#[test]
fn an_instance_made_by_enabling_has_files_and_one_from_server_start_has_none() {
    let wat = creating_a_file(false);
    let mut enabled = started(Files::AsServer, false, &wat);
    assert_eq!(error_number(&mut enabled), 0);
    assert!(enabled.files_directory().join("a").exists());
    assert_eq!(error_number(&mut started(Files::AsServer, true, &wat)), NOT_FOUND);
}

#[test]
fn the_host_can_be_told_whether_there_are_files() {
    let wat = creating_a_file(false);
    assert_eq!(error_number(&mut started(Files::Present, true, &wat)), 0);
    assert_eq!(error_number(&mut started(Files::Absent, false, &wat)), NOT_FOUND);
}

#[test]
fn creating_the_root_brings_the_files_back_until_the_next_server_start() {
    let store = tempfile::tempdir().unwrap();
    let host = Host::builder().config_store(ConfigStore::directory(store.path())).build();
    let mut plugin = host.install_enabled(creating_a_file(true).module(), "{}").unwrap();
    assert_eq!(error_number(&mut plugin), 0);
    let root = store.path().join("plugin-config-data/.temp-test-plugin");
    assert!(root.join("a").exists());
    let plugin = plugin.restart_server().unwrap();
    assert!(!root.exists());
    drop(plugin);
    assert!(store.path().join("plugin-config-data/test-plugin/vfs/data").exists());
}

#[test]
fn a_path_that_leads_above_the_root_ends_in_it() {
    let escaping = wasi(Wat::new(), "path_open", "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)").poll(
        "(call $path_open (i32.const 3) (i32.const 0) {text:../escaped} (i32.const 1) (i64.const 64) (i64.const 0)
            (i32.const 0) (i32.const 40000))",
    );
    let mut plugin = started(Files::AsServer, false, &escaping);
    assert_eq!(error_number(&mut plugin), 0);
    assert!(plugin.files_directory().join("escaped").exists());
    assert!(!plugin.files_directory().join("../escaped").exists());
}
