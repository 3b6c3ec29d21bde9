//! Plugins that do not come back, or want too much.

use std::time::Duration;

use signalk_plugin_host::{Error, Host, HttpRequest, Plugin, PluginState};

use crate::fixture::{Wat, log, text_out};

const ENDLESS: &str = "(loop (br 0)) (i32.const 0)";

fn installed(wat: &Wat) -> Plugin {
    Host::builder().fuel(Some(1_000_000)).build().install(wat.module()).unwrap()
}

#[track_caller]
fn assert_out_of_fuel<T: std::fmt::Debug>(outcome: Result<T, Error>, name: &str) {
    match outcome {
        Err(Error::OutOfFuel { call, fuel }) => {
            assert_eq!((call.as_str(), fuel), (name, 1_000_000))
        }
        other => panic!("expected an end for want of fuel, found {other:?}"),
    }
}

#[test]
fn a_poll_that_loops_ends_in_an_error_that_says_so() {
    let mut plugin = installed(&Wat::new().poll(ENDLESS));
    plugin.enable("{}").unwrap();
    let outcome = plugin.advance(Duration::from_secs(5));
    let text = outcome.as_ref().unwrap_err().to_string();
    assert!(text.contains("poll did not return within 1000000 units"), "{text}");
    assert_out_of_fuel(outcome, "poll");
    assert_eq!(plugin.elapsed(), Duration::from_secs(1));
}

#[test]
fn every_call_can_be_ended() {
    let mut plugin = installed(&Wat::new().start(ENDLESS));
    assert_out_of_fuel(plugin.enable("{}"), "plugin_start");
    assert_eq!(plugin.state(), PluginState::Error);

    let wat = Wat::new()
        .delta_handler("(loop (br 0))")
        .and(text_out("http_endpoints", r#"[{"method":"GET","path":"/a","handler":"it"}]"#))
        .exchange("it", ENDLESS)
        .stop(ENDLESS);
    let mut plugin = installed(&wat);
    plugin.enable("{}").unwrap();
    assert_out_of_fuel(plugin.deliver_delta(r#"{"updates":[{"values":[]}]}"#), "delta_handler");
    assert_out_of_fuel(plugin.http(&HttpRequest::get("/a")), "it");
    assert_out_of_fuel(plugin.disable(), "plugin_stop");

    let name = format!(r#"(func (export "plugin_name") (param i32 i32) (result i32) {ENDLESS})"#);
    let host = Host::builder().fuel(Some(1_000_000)).build();
    assert_out_of_fuel(host.install(Wat::new().with("plugin_name", name).module()), "plugin_name");
}

#[test]
fn a_loop_in_a_reentrant_call_is_not_swallowed() {
    let wat = Wat::new()
        .env("sk_handle_message", "(param i32 i32 i32)")
        .poll(r#"(call $sk_handle_message {text:{"updates":[{"values":[]}]}} (i32.const 1)) {log:after} (i32.const 0)"#)
        .delta_handler("(loop (br 0))");
    let mut plugin = installed(&wat);
    plugin.enable("{}").unwrap();
    assert_out_of_fuel(plugin.advance(Duration::from_secs(1)), "poll");
    assert_eq!(log(&plugin), [""; 0]);
}

#[test]
fn every_call_has_its_own_fuel() {
    let count = "(local $n i32) (loop (br_if 0 (i32.lt_u
        (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100000)))) (i32.const 0)";
    let mut plugin = installed(&Wat::new().poll(count));
    plugin.enable("{}").unwrap();
    plugin.advance(Duration::from_secs(60)).unwrap();
}

#[test]
fn growing_beyond_the_memory_limit_fails_in_the_plugin() {
    let grow = "(if (i32.eq (memory.grow (i32.const 100)) (i32.const -1)) (then {log:full})) (i32.const 0)";
    let host = Host::builder().memory_limit(Some(8 << 20)).build();
    let mut plugin = host.install(Wat::new().start(grow).module()).unwrap();
    plugin.enable("{}").unwrap();
    assert_eq!(log(&plugin), ["full"]);
    assert_eq!(log(&Wat::new().start(grow).running()), [""; 0]);
}

#[test]
fn a_plugin_that_answers_its_own_notifications_ends() {
    let wat = Wat::new()
        .env("sk_publish_notification", "(param i32 i32 i32 i32) (result i32)")
        .delta_handler(r#"(drop (call $sk_publish_notification {text:notifications.a} {text:{"state":"warn"}}))"#);
    let mut plugin = installed(&wat);
    plugin.enable("{}").unwrap();
    assert_out_of_fuel(plugin.deliver_delta(r#"{"updates":[{"values":[]}]}"#), "delta_handler");
}
