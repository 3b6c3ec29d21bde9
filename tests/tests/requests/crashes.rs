//! Handlers that panic.

use std::time::Duration;

use signalk_plugin_host::{Host, HttpRequest, Module, Plugin};
use signalk_plugin_tests::BuiltPlugin;

use super::*;

cases! {
    [embedded server]
    a_crash_is_shown_and_the_plugin_starts_afresh
}

cases! {
    [embedded]
    crashes_eat_the_stack_and_at_half_of_it_the_plugin_gives_up
    a_stack_that_ran_over_and_memory_that_ran_out_are_crashes_without_a_message
}

fn a_crash_is_shown_and_the_plugin_starts_afresh(way: Way) {
    way.on_boat(PLUGIN, |boat| {
        let refused = "{\"error\":\"the plugin is not running\"}";
        for crash in ["first", "second"] {
            boat.put("test.panic", &json!(crash));
            until_line(boat, &format!("Crashed: {crash} ("));
            // On a server the second until the next start has begun already.
            if matches!(way, Way::Embedded(_)) {
                assert_eq!(get(boat, "/api/text").status, 503);
            }
            until_line(boat, "Started");
            assert_eq!(get(boat, "/api/text").body, "7");
        }
        boat.put("test.put.value", &json!(77));
        until_value(boat, "test.put.done", &json!(77));

        boat.put("test.panic", &json!("third"));
        until_line(boat, "Crashed: third (");
        // By the next poll it has given up, and says how to go on.
        until_line(boat, "third crash in a row");
        let answer = get(boat, "/api/text");
        assert_eq!((answer.status, &*answer.body), (503, refused));

        boat.configure(&json!({}));
        until_line(boat, "Started");
        assert_eq!(get(boat, "/api/text").body, "7");
    });
}

fn started(way: Way) -> Plugin {
    Host::builder().version(way.version()).build().install_enabled(module(), "{}").unwrap()
}

fn module() -> Module {
    BuiltPlugin::of(PLUGIN).unwrap().module().unwrap()
}

/// The status and the body of the answer to a GET.
fn get_from(plugin: &mut Plugin, path: &str) -> (u16, String) {
    let answer = plugin.http(&HttpRequest::get(path)).unwrap();
    (answer.status, String::from_utf8(answer.body).unwrap())
}

fn crashes_eat_the_stack_and_at_half_of_it_the_plugin_gives_up(way: Way) {
    let mut plugin = started(way);
    let memory = |plugin: &mut Plugin| get_from(plugin, "/api/memory").1.parse::<u64>();
    let (mut crashes, first, mut last) = (0, memory(&mut plugin).unwrap(), 0);
    loop {
        plugin.put("vessels.self", "test.panic", "\"on purpose\"").unwrap();
        crashes += 1;
        // A save starts it afresh, however often it has crashed.
        plugin.save_config("{}").unwrap();
        let line = plugin.status().unwrap().message;
        if line.contains("Half of its stack") {
            assert!(line.ends_with("restart the server to go on"), "{line}");
            break;
        }
        assert_eq!(line, "Started");
        last = memory(&mut plugin).unwrap();
        assert!(crashes < 2_000, "it does not give up");
    }
    // As much as on the servers.
    assert!(last <= first + crashes * 1_024 + 65_536, "{crashes} crashes: {first} to {last}");
    assert!(crashes > 100, "a crash has eaten more than was measured once: {crashes}");
    assert_eq!(get_from(&mut plugin, "/api/text").0, 503);
    let notice = plugin.value("notifications.plugins.signalk-test-requests").unwrap();
    assert_eq!(notice["state"], "alarm");
}

fn a_stack_that_ran_over_and_memory_that_ran_out_are_crashes_without_a_message(way: Way) {
    let host = Host::builder().version(way.version()).memory_limit(Some(32 << 20)).build();
    for (path, value) in [("test.hoard", "1000000"), ("test.recurse", "0")] {
        let mut plugin = host.install_enabled(module(), "{}").unwrap();
        plugin.put("vessels.self", path, value).unwrap();
        plugin.advance(Duration::from_secs(1)).unwrap();
        let line = plugin.status().unwrap().message;
        assert!(line.starts_with("Crashed: no message"), "{path}: {line}");
        // Without a stack every call traps, and nothing but a new instance helps.
        plugin.advance(Duration::from_secs(2)).unwrap();
        let line = plugin.status().unwrap().message;
        let goes_on = line == "Started";
        assert!(goes_on || line.contains("restart the server to go on"), "{path}: {line}");
        assert_eq!(goes_on, path == "test.hoard", "{path}: {line}");
    }
}
