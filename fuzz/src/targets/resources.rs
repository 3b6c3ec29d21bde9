//! The server's requests to a provider of resources, one a line; the first letter says which.

use serde_json::Value;
use signalk_plugin_contract::ANSWER_BUFFER;
use signalk_plugin_sdk::__private::resources;
use signalk_plugin_sdk::testing::TestHost;

use crate::host::ask_text;
use crate::plain;
use crate::plugin::Everything;

pub(crate) fn run(bytes: &[u8]) {
    let _host = TestHost::<Everything>::start("{}");
    for step in bytes.split(|byte| *byte == b'\n').take(12) {
        let Some((what, request)) = step.split_first() else {
            continue;
        };
        match what {
            b'l' => {
                let answer = ask_text(request, ANSWER_BUFFER, resources::list::<Everything>);
                object_or_failure(&answer);
            }
            b'g' => {
                let answer = ask_text(request, ANSWER_BUFFER, resources::get::<Everything>);
                object_or_failure(&answer);
            }
            b's' => set(request),
            b'd' => drop(ask_text(request, ANSWER_BUFFER, resources::delete::<Everything>)),
            _ => {}
        }
    }
}

/// An object was found; whatever else is JSON the server would take for a resource, too.
fn object_or_failure(answer: &str) -> Option<Value> {
    match serde_json::from_str::<Value>(answer) {
        Ok(value) => {
            assert!(value.is_object(), "the server would take {answer} for a resource");
            Some(value)
        }
        Err(_) => {
            assert!(answer.starts_with("Error: "), "{answer}");
            None
        }
    }
}

/// What was stored can be read back, and has all that was in it.
fn set(request: &[u8]) {
    let answer = ask_text(request, ANSWER_BUFFER, resources::set::<Everything>);
    let Some(Value::Object(asked)) = plain::parse(request) else {
        return;
    };
    if answer != "true" {
        assert!(answer.starts_with("Error: "), "{answer}");
        return;
    }
    let get = serde_json::json!({"id": asked["id"], "resourceType": asked["resourceType"]});
    let answer = ask_text(get.to_string().as_bytes(), ANSWER_BUFFER, resources::get::<Everything>);
    let Some(found) = object_or_failure(&answer) else {
        assert!(answer.contains("takes") && answer.contains("bytes"), "{answer} to {get}");
        return;
    };
    assert_eq!(found["$source"], "plugin-under-test");
    assert!(found["timestamp"].is_string(), "{found}");
    for (key, value) in asked["value"].as_object().expect("a resource is an object") {
        let own = matches!(key.as_str(), "$source" | "timestamp");
        // Typed fields come back in their own words: 1 as 1.0, null not at all.
        if !own && !value.is_null() {
            assert!(found.get(key).is_some(), "{key} of {asked:?} is not in {found}");
        }
    }
}
