//! Deltas, one a line.

use serde_json::Value;
use signalk_plugin_sdk::__private::delta_handler;
use signalk_plugin_sdk::testing::TestHost;

use crate::host;
use crate::plain;
use crate::plugin::{DELTAS, Everything, VALUES};

/// Stands for the own ship's context, which a made-up delta could not know.
const OWN: &str = "vessels.own";

pub(crate) fn run(bytes: &[u8]) {
    let mut host = TestHost::<Everything>::start("{}");
    let own = host.self_context();
    // From here on the plugin knows its own ship.
    host.receive("x", 0);
    for line in bytes.split(|byte| *byte == b'\n').take(12) {
        DELTAS.take();
        VALUES.take();
        let Ok(text) = std::str::from_utf8(line) else {
            host::with_buffer(line, delta_handler::<Everything>);
            continue;
        };
        let text = text.replace(OWN, &own);
        host.receive_json(&text);
        if let Some(expected) = plain::parse(text.as_bytes()).as_ref().and_then(values) {
            let all: Vec<_> = expected.iter().map(|value| value.seen.clone()).collect();
            compare(&DELTAS.take(), &all, &text);
            let is_own = |context: &str| context == own || context == "vessels.self";
            let wild = expected.into_iter().map(|value| value.seen);
            let wild = wild.filter(|(context, path, _)| is_own(context) && path.starts_with("a."));
            let wild: Vec<_> = wild.collect();
            compare(&VALUES.take(), &wild, &text);
        }
    }
    host.advance(std::time::Duration::from_secs(1));
    let debts = host.error();
    assert!(debts.as_deref().is_none_or(|error| error.chars().count() < 1_000), "{debts:?}");
}

type Expected = (String, String, Option<Value>);

struct Found {
    seen: Expected,
}

/// Values that can be read of a delta, as `serde_json` reads it; `None` where it is no object, or came from
/// the plugin itself.
fn values(delta: &Value) -> Option<Vec<Found>> {
    let delta = delta.as_object()?;
    let context = text(delta.get("context"));
    let mut found = Vec::new();
    for update in list(delta.get("updates")).iter().filter_map(Value::as_object) {
        if text(update.get("$source")) == "plugin-under-test" {
            return None;
        }
        for entry in list(update.get("values")).iter().filter_map(Value::as_object) {
            let Some(path) = entry.get("path").and_then(Value::as_str) else {
                continue;
            };
            let value = entry.get("value").filter(|value| !value.is_null()).cloned();
            found.push(Found { seen: (context.clone(), path.to_owned(), value) });
        }
    }
    Some(found)
}

/// A field of another type is empty.
fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn compare(seen: &[crate::plugin::Seen], expected: &[Expected], text: &str) {
    // What the plugin sent meanwhile came back to it, and was left out.
    assert_eq!(seen.len(), expected.len(), "{seen:?}, expected {expected:?} of {text}");
    for (seen, expected) in seen.iter().zip(expected) {
        assert_eq!((&seen.0, &seen.1), (&expected.0, &expected.1), "{text}");
        let value = seen.2.as_deref().map(|value| serde_json::from_str(value).unwrap());
        match (&value, &expected.2) {
            (Some(a), Some(b)) => assert!(plain::alike(a, b), "{a} and {b} from {text}"),
            (a, b) => assert_eq!(a, b, "{text}"),
        }
    }
}
