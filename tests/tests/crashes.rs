//! Thousands of crashes in one process of a real Signal K server: the plugins that crash, those that
//! do not, and the server itself.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_tests::delta::{dashboard_line, value};
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{BuiltPlugin, Server, Stream, Way, cases};

const PLUGIN: &str = "signalk-test-requests";
const PATIENCE: Duration = Duration::from_secs(60);
/// How many crashes there are to be; an instance gives up after about five hundred.
const CRASHES: usize = 2_000;

cases! {
    [server]
    crashes_of_a_package_with_a_scope_raise_its_notification
    a_stack_that_ran_over_and_a_handler_that_blocks_are_told
    two_thousand_crashes_do_no_harm
}

/// The server has neither storage nor settings for such a package, but the crew is told all the same.
fn crashes_of_a_package_with_a_scope_raise_its_notification(way: Way) {
    let folder = BuiltPlugin::of(PLUGIN).unwrap().renamed("@signalk-test/requests").copy().unwrap();
    let builder = Server::builder(way.installed()).enabled_plugin(folder.path(), &json!({}));
    let server = builder.start().unwrap();
    let stream = server.stream().unwrap();
    let is_told = |message: &Value| {
        value(message, "notifications.plugins._signalk-test_requests")
            .is_some_and(|notice| notice["state"] == "alarm")
    };
    // It is started again after each of the first two.
    let gives_up = (0..40).any(|_| {
        let panic = json!({ "value": "on purpose" });
        server.rest().ask("PUT", "/signalk/v1/api/vessels/self/test/panic", Some(&panic)).unwrap();
        std::thread::sleep(Duration::from_millis(500));
        stream.since(0).iter().any(is_told)
    });
    assert!(gives_up, "{}", server.log());
}

fn a_stack_that_ran_over_and_a_handler_that_blocks_are_told(way: Way) {
    let folder = plugin_folder(PLUGIN).unwrap();
    let server =
        Server::builder(way.installed()).enabled_plugin(folder, &json!({})).start().unwrap();
    let stream = server.stream().unwrap();
    let put = |path: &str, value: u64| {
        let path = format!("/signalk/v1/api/vessels/self/test/{path}");
        server.rest().ask("PUT", &path, Some(&json!({ "value": value }))).unwrap();
    };
    let wait_for = |from: usize, part: &str| {
        let is_it = |message: &Value| {
            dashboard_line(message, PLUGIN).is_some_and(|line| line.text.contains(part))
        };
        stream.wait_for_after(from, part, PATIENCE, is_it).unwrap();
    };
    put("busy", 1_300);
    wait_for(0, " ms, and the whole server stood still meanwhile");
    let before = stream.position();
    put("busy", 1);
    wait_for(before, "Started");
    put("recurse", 0);
    // The stack is gone as a whole, so nothing but a new instance helps, and that is what it says.
    wait_for(before, "restart the server to go on");
    let answer = server.rest().get(&format!("/plugins/{PLUGIN}/api/text")).unwrap();
    assert_eq!(answer.0, 500, "{answer:?}");
    assert_eq!(server.rest().get("/signalk").unwrap().0, 200);
}

fn two_thousand_crashes_do_no_harm(way: Way) {
    let names = ["signalk-crash-a", "signalk-crash-b", "signalk-crash-c", "signalk-crash-d"];
    let renamed = |name: &&str| BuiltPlugin::of(PLUGIN).unwrap().renamed(name).copy().unwrap();
    let folders: Vec<_> = names.iter().map(renamed).collect();
    let mut builder = Server::builder(way.installed())
        .debug("signalk:wasm:bindings")
        .enabled_plugin(plugin_folder(PLUGIN).unwrap(), &json!({}));
    for folder in &folders {
        builder = builder.enabled_plugin(folder.path(), &json!({}));
    }
    let server = builder.start().unwrap();
    let stream = server.stream().unwrap();
    let mut crashes = 0;
    for name in names {
        crashes += crash_until_it_gives_up(&server, &stream, name);
        println!("{name}: {crashes} crashes so far, {} kB resident", server.resident_kilobytes());
    }
    assert!(crashes >= CRASHES, "only {crashes} crashes");
    // The one that did not crash works, and so does the server.
    let path = format!("/plugins/{PLUGIN}/api/drop");
    let answer = server.rest().post(&path, &json!({ "maxRadius": 12 })).unwrap();
    assert_eq!(answer, (201, json!({ "maxRadius": 12 })));
    let is_it = |message: &Value| value(message, "test.posted") == Some(&json!(12));
    stream.wait_for("the delta of the plugin that did not crash", PATIENCE, is_it).unwrap();
}

/// What a crash may cost: the broken value and what its frames held are leaked, never touched again.
const LEAKED_BY_A_CRASH: u64 = 1_024;
const PAGE: u64 = 65_536;

/// Crashes a plugin and saves its configuration, which starts it afresh, until it says that this is
/// over. How often that was.
fn crash_until_it_gives_up(server: &Server, stream: &Stream, name: &str) -> usize {
    let rest = server.rest();
    let memory = || rest.get(&format!("/plugins/{name}/api/memory")).unwrap().1;
    let put = format!("/signalk/v1/api/vessels/self/test/panic?source={name}");
    let (mut crashes, mut first, mut last) = (0, None, 0);
    let before = stream.position();
    loop {
        let answer = memory();
        let Some(bytes) = answer.as_u64() else {
            // The reason is for the owner: only one is accepted on the dashboard, below.
            assert_eq!(answer["error"], "the plugin is not running", "{crashes}: {answer}");
            break;
        };
        last = bytes;
        first.get_or_insert(bytes);
        rest.ask("PUT", &put, Some(&json!({ "value": "x".repeat(100), "source": name }))).unwrap();
        crashes += 1;
        assert!(crashes < CRASHES, "{name} does not give up");
        rest.save_config(name, &json!({})).unwrap();
    }
    let first = first.unwrap_or_default();
    let most = first + crashes as u64 * LEAKED_BY_A_CRASH + PAGE;
    assert!(last <= most, "{crashes} crashes: from {first} to {last} bytes");
    let given_up = |message: &Value| {
        dashboard_line(message, name).is_some_and(|line| line.text.contains("restart the server"))
    };
    stream.wait_for_after(before, "what to do, on the dashboard", PATIENCE, given_up).unwrap();
    let path = format!("notifications.plugins.{name}");
    let notice =
        |message: &Value| value(message, &path).is_some_and(|notice| notice["state"] == "alarm");
    stream.wait_for_after(before, "the notification", PATIENCE, notice).unwrap();
    println!("{name}: {crashes} crashes, its memory went from {first} to {last} bytes");
    crashes
}
