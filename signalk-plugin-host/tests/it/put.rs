//! PUT handlers.

use signalk_plugin_host::{Capability, Event, Host, Plugin, PluginState, Registration};

use crate::fixture::{Wat, log, traps};

fn registering() -> Wat {
    Wat::new().env("sk_register_put_handler", "(param i32 i32 i32 i32) (result i32)").start(
        "(if (call $sk_register_put_handler {text:vessels.self} {text:a.b-c.0})
                (then {log:registered}) (else {log:refused})) (i32.const 0)",
    )
}

const EXPORT: &str = "handle_put_vessels_self_a_b-c_0";

fn put(plugin: &mut Plugin) -> Vec<(String, i64, String)> {
    let outcome = plugin.put("vessels.self", "a.b-c.0", r#"{ "on": true }"#).unwrap();
    assert_eq!(outcome.handler, EXPORT);
    outcome
        .replies
        .into_iter()
        .map(|it| (it.state, it.status_code, it.message.unwrap_or_default()))
        .collect()
}

fn reply(state: &str, code: i64, message: &str) -> (String, i64, String) {
    (state.to_owned(), code, message.to_owned())
}

#[test]
fn the_handler_gets_the_value_alone_and_its_answer_is_followed_by_a_500() {
    let wat = registering().exchange(
        EXPORT,
        r#"(call $debug (local.get $ptr) (local.get $len))
           (memory.copy (local.get $out) {text:{"state":"COMPLETED","statusCode":200,"message":"done"}})
           {len:{"state":"COMPLETED","statusCode":200,"message":"done"}}"#,
    );
    let mut plugin = wat.running();
    let second = reply("COMPLETED", 500, "Cannot read properties of undefined (reading 'state')");
    assert_eq!(put(&mut plugin), [reply("COMPLETED", 200, "done"), second]);
    assert_eq!(log(&plugin), ["registered", r#"{"on":true}"#]);
    let outcome = plugin.put("vessels.self", "a.b-c.0", "1").unwrap();
    assert_eq!(
        (outcome.reply().unwrap().status_code, outcome.http_reply().unwrap().status_code),
        (200, 500)
    );
}

#[test]
fn a_pending_answer_is_kept_for_the_first_reply() {
    let mut plugin = registering().answers(EXPORT, r#"{"state":"PENDING"}"#).running();
    assert_eq!(put(&mut plugin)[0], reply("PENDING", 202, ""));
}

#[test]
fn a_trap_or_rubbish_reads_as_a_500() {
    let mut plugin = registering().exchange(EXPORT, "unreachable").running();
    assert_eq!(
        put(&mut plugin)[0],
        reply("COMPLETED", 500, "Handler error: RuntimeError: unreachable")
    );
    assert_eq!(traps(&plugin), [(EXPORT.to_owned(), "unreachable".to_owned())]);
    assert_eq!(plugin.state(), PluginState::Running);

    let mut plugin = registering().answers(EXPORT, "oops").running();
    assert!(put(&mut plugin)[0].2.starts_with("Handler error: SyntaxError: "));
    let mut plugin = registering().exchange(EXPORT, "(i32.const -1)").running();
    assert_eq!(put(&mut plugin)[0].2, "Handler error: RangeError: Invalid typed array length: -1");
}

#[test]
fn a_handler_that_is_not_exported_is_not_implemented() {
    assert_eq!(
        put(&mut registering().running())[0],
        reply("COMPLETED", 501, "Handler not implemented")
    );
}

#[test]
fn a_path_nobody_registered_is_not_supported() {
    let mut plugin = registering().answers(EXPORT, "{}").running();
    let outcome = plugin.put(&plugin.self_context(), "a.b-c.0", "1").unwrap();
    assert_eq!(outcome.replies.len(), 1);
    assert_eq!(outcome.replies[0].status_code, 405);
}

#[test]
fn registering_announces_the_path_and_outlives_a_stop() {
    let mut plugin =
        registering().answers(EXPORT, r#"{"state":"COMPLETED","statusCode":200}"#).running();
    let registration =
        Registration::Put { context: "vessels.self".to_owned(), path: "a.b-c.0".to_owned() };
    assert!(plugin.events().iter().any(|it| it.event == Event::Registered(registration.clone())));
    plugin.disable().unwrap();
    assert_eq!(plugin.registrations(), [registration]);
    assert_eq!(put(&mut plugin)[0].1, 200);
}

#[test]
fn without_the_capability_registering_answers_0() {
    let mut plugin =
        Host::new().install(registering().module_with(&[Capability::RawSockets])).unwrap();
    plugin.enable("{}").unwrap();
    assert_eq!(log(&plugin), ["refused"]);
    let reason = plugin.events().into_iter().find_map(|it| match it.event {
        Event::RegistrationRefused { reason, .. } => Some(reason),
        _ => None,
    });
    assert!(reason.unwrap().contains("\"putHandlers\": true"));
}
