//! The transcript of calls.

use std::time::Duration;

use signalk_plugin_host::{CallTrace, Error, Host, Plugin};

use crate::fixture::{Wat, text_out};

fn traced(wat: &Wat) -> (Result<Plugin, Error>, CallTrace) {
    let trace = CallTrace::new();
    (Host::builder().trace(&trace).build().install(wat.module()), trace)
}

fn lines(trace: &CallTrace) -> Vec<String> {
    trace.take().iter().map(ToString::to_string).collect()
}

#[test]
fn a_call_is_traced_from_its_beginning_to_its_end_with_the_calls_inside_of_it() {
    let (plugin, trace) = traced(&Wat::new().start("{log:hi} (i32.const 3)"));
    plugin.unwrap().enable("{}").unwrap_err();
    let lines = lines(&trace);
    let start = lines.iter().position(|line| line.contains("> export plugin_start")).unwrap();
    let heard: Vec<&str> = lines[start..].iter().map(String::as_str).collect();
    assert!(heard[0].starts_with("2 > export plugin_start("), "{}", heard[0]);
    assert!(heard[0].ends_with(r#", 21) "{\"enableDebug\":false}""#), "{}", heard[0]);
    assert_eq!(heard[1], r#"2 > import sk_debug(1054, 2) "hi""#);
    assert_eq!(heard[2..4], ["2 < import sk_debug", "2 < export plugin_start = 3"]);
    assert!(heard[4].starts_with("2 > export deallocate("), "{}", heard[4]);
}

#[test]
fn a_trap_and_a_text_outside_the_memory_are_told() {
    let wat = Wat::new().poll("(call $debug (i32.const 0) (i32.const -1)) (unreachable)");
    let (plugin, trace) = traced(&wat);
    let mut plugin = plugin.unwrap();
    plugin.enable("{}").unwrap();
    trace.take();
    plugin.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(
        lines(&trace),
        [
            "2 > export poll()",
            "2 > import sk_debug(0, -1) outside",
            "2 < import sk_debug",
            "2 ! export poll: RuntimeError: unreachable",
        ]
    );
}

#[test]
fn the_calls_of_a_plugin_that_cannot_be_registered_are_there() {
    let (plugin, trace) =
        traced(&Wat::new().with("plugin_schema", text_out("plugin_schema", "oops")));
    assert!(matches!(plugin, Err(Error::Register { .. })));
    assert!(lines(&trace).contains(&r#"1 < export plugin_schema = 4 "oops""#.to_owned()));
}

#[test]
fn bytes_that_are_no_text_are_shown_in_hexadecimal_digits() {
    let wat = Wat::new()
        .and(r#"(data (i32.const 500) "\ff\00")"#)
        .start("(call $debug (i32.const 500) (i32.const 2)) (i32.const 0)");
    let (plugin, trace) = traced(&wat);
    plugin.unwrap().enable("{}").unwrap();
    assert!(lines(&trace).contains(&"2 > import sk_debug(500, 2) 0xff00".to_owned()));
}
