//! PUT and HTTP requests to a plugin: what the client gets, and what happens. The plugin is `signalk-test-requests`.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod addresses;
mod crashes;
mod native;

use serde_json::{Value, json};
use signalk_plugin_tests::boat::{Crewed, until, until_line, until_value};
use signalk_plugin_tests::{Answer, Way, cases};

use addresses::Outcome;

const PLUGIN: &str = "signalk-test-requests";

cases! {
    on_boat, [embedded server]
    a_put_is_carried_out_and_a_bad_one_is_answered_with_its_reason
    answers_arrive_as_they_were_meant
    bodies_reach_their_handlers
    addresses_and_bodies_are_handed_over_as_the_server_reads_them
    large_answers_arrive_whole
    a_stopped_plugin_answers_that_it_is_not_running
}

fn on_boat(way: Way, test: fn(&mut dyn Crewed)) {
    way.on_boat(PLUGIN, test);
}

fn get(boat: &mut dyn Crewed, path: &str) -> Answer {
    boat.ask("GET", path, None)
}

fn ask(boat: &mut dyn Crewed, method: &str, path: &str, body: &Value) -> Answer {
    boat.ask(method, path, Some(("application/json", &body.to_string())))
}

fn a_put_is_carried_out_and_a_bad_one_is_answered_with_its_reason(boat: &mut dyn Crewed) {
    boat.put("test.put.value", &json!(5));
    until_value(boat, "test.put.done", &json!(5));
    for (value, status, message) in [
        (json!(-1), 409, "-1 is taken"),
        (json!("x"), 400, "found the text \"x\", expected a whole number"),
    ] {
        let answer = boat.put_answer("test.put.value", &value);
        assert!(answer.0 == status && answer.1.contains(message), "{answer:?}");
        // By the API that tells nothing, too.
        boat.put("test.put.value", &value);
    }
    boat.put("test.put.value", &json!(6));
    until(boat, "the last", |boat| boat.sent("test.put.done").contains(&json!(6)));
    assert_eq!(boat.sent("test.put.done"), [5, 6], "nothing was done for -1 and for \"x\"");
}

fn answers_arrive_as_they_were_meant(boat: &mut dyn Crewed) {
    let json = "application/json; charset=utf-8";
    let search = get(boat, "/api/search?most=5&kind=a&kind=b");
    assert_eq!((search.status, &*search.media_type), (200, json));
    assert_eq!(search.body, r#"[5,["a","b"]]"#);
    let bad = get(boat, "/api/search?most=500");
    assert_eq!(bad.status, 400);
    assert!(bad.body.contains("the query: most: found 500"), "{}", bad.body);

    // A name may be whatever its owner has typed.
    let item = get(boat, "/api/items/%3Cb%3E");
    assert_eq!((item.status, &*item.media_type), (200, "text/html; charset=utf-8"));
    assert_eq!(item.body, "<p>&lt;b&gt; for a &lt;test&gt;</p>");

    // Each of these comes to grief when it is handed to the server in the plain way.
    for (kind, body) in [
        ("number", "42"),
        ("text", "\"hi\""),
        ("nothing", "null"),
        ("large", "[18446744073709551615]"),
    ] {
        let answer = get(boat, &format!("/api/scalar/{kind}"));
        assert_eq!((answer.status, &*answer.body), (200, body), "{kind}");
        assert_eq!(answer.media_type.to_ascii_lowercase(), json, "{kind}");
    }
    assert_eq!(get(boat, "/api/scalar/other").status, 404);
    let text = get(boat, "/api/text");
    assert_eq!((text.status, &*text.body), (200, "7"));
    assert_eq!(text.media_type, "text/plain; charset=utf-8");
}

fn bodies_reach_their_handlers(boat: &mut dyn Crewed) {
    let made = ask(boat, "POST", "/api/drop", &json!({ "maxRadius": 40 }));
    assert_eq!((made.status, &*made.body), (201, r#"{"maxRadius":40}"#));
    until_value(boat, "test.posted", &json!(40));
    let bad = ask(boat, "POST", "/api/drop", &json!({ "maxRadius": "far" }));
    assert_eq!(bad.status, 400);
    assert!(bad.body.contains("maxRadius: found the text \\\"far\\\""), "{}", bad.body);
    let replaced = ask(boat, "PUT", "/api/state", &json!({ "maxRadius": 7 }));
    assert_eq!((replaced.status, &*replaced.body), (204, ""));
    until_value(boat, "test.replaced", &json!(7));
    assert_eq!(boat.ask("DELETE", "/api/state", None).status, 204);
    until_value(boat, "test.deleted", &json!(true));
}

fn addresses_and_bodies_are_handed_over_as_the_server_reads_them(boat: &mut dyn Crewed) {
    for (address, outcome) in addresses::all() {
        let answer = get(boat, address);
        match outcome {
            Outcome::Refused(status) => {
                assert_eq!(answer.status, status, "{address} {}", answer.body);
            }
            Outcome::Echo(part, query) => {
                let path = addresses::path_of(address);
                let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
                assert_eq!(body, json!(["GET", path, part, query]), "{address} {answer:?}");
                let head = boat.ask("HEAD", address, None);
                assert_eq!((head.status, &*head.body), (200, ""), "{address}");
            }
        }
    }
    for (media_type, body, status, expected) in addresses::bodies() {
        let answer = boat.ask("POST", "/api/echo", Some((media_type, body)));
        assert_eq!(answer.status, status, "{media_type} {body} {}", answer.body);
        if let Some(expected) = expected {
            let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
            assert_eq!(body, expected, "{media_type} {answer:?}");
        }
    }
}

fn large_answers_arrive_whole(boat: &mut dyn Crewed) {
    for bytes in [65_000, 65_536, 2_000_000, 2_000_000, 2_000_000] {
        let answer = get(boat, &format!("/api/size/{bytes}"));
        assert_eq!((answer.status, answer.body.len()), (200, bytes));
        assert!(answer.body.bytes().all(|byte| byte == b'x'));
    }
    let answer = get(boat, "/api/size/5000000");
    assert_eq!(answer.status, 500);
    assert!(answer.body.contains("the server reads 4194304"), "{}", answer.body);
    assert_eq!(get(boat, "/api/size/10").body, "x".repeat(10));
}

fn a_stopped_plugin_answers_that_it_is_not_running(boat: &mut dyn Crewed) {
    boat.disable();
    let answer = get(boat, "/api/text");
    let refused = "{\"error\":\"the plugin is not running\"}";
    assert_eq!((answer.status, &*answer.body), (503, refused));
}
