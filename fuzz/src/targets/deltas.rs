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
    let own = host.own_context();
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

/// What a delta says, as `serde_json` reads it; `None` where it is not shaped like one, or came from
/// the plugin itself.
fn values(delta: &Value) -> Option<Vec<Found>> {
    let delta = delta.as_object()?;
    let context = text(delta.get("context"))?;
    let mut found = Vec::new();
    for update in list(delta.get("updates"))? {
        let update = update.as_object()?;
        let (source, _) = (text(update.get("$source"))?, text(update.get("timestamp"))?);
        if source == "plugin-under-test" {
            return None;
        }
        for entry in list(update.get("meta"))? {
            text(entry.as_object()?.get("path"))?;
        }
        for entry in list(update.get("values"))? {
            let entry = entry.as_object()?;
            let value = entry.get("value").filter(|value| !value.is_null()).cloned();
            let path = text(entry.get("path"))?;
            found.push(Found { seen: (context.clone(), path, value) });
        }
    }
    Some(found)
}

fn text(value: Option<&Value>) -> Option<String> {
    match value {
        None | Some(Value::Null) => Some(String::new()),
        Some(value) => value.as_str().map(str::to_owned),
    }
}

fn list(value: Option<&Value>) -> Option<Vec<&Value>> {
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(value) => Some(value.as_array()?.iter().filter(|value| !value.is_null()).collect()),
    }
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
