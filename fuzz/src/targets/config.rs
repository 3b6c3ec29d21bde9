//! Configurations: what the owner saves, what the plugin changes and stores in it, and what a file
//! may look like after a power cut. Each line is a step; its first letter says which.

use serde_json::{Map, Value};
use signalk_plugin_contract::{ENABLE_DEBUG, TEXT_BUFFER};
use signalk_plugin_sdk::__private::{Plugin, put};
use signalk_plugin_sdk::testing::TestHost;

use crate::host;
use crate::plain;
use crate::plugin::{Config, Everything, STARTED};

const RESERVED: &str = "signalk-plugin-sdk";

/// The longest line that the dashboard is to show.
const LONGEST_LINE: usize = 1_000;

pub(crate) fn run(bytes: &[u8]) {
    let mut host = TestHost::<Everything>::new();
    STARTED.set(None);
    // Whether the plugin was started with what the file holds.
    let mut is_as_filed = true;
    let mut is_full = false;
    for step in bytes.split(|byte| *byte == b'\n').take(12) {
        let Some((what, rest)) = step.split_first() else {
            continue;
        };
        match what {
            b'c' if is_full && is_object(rest) => {
                let form = std::str::from_utf8(rest).unwrap_or("{}");
                assert_eq!(host.configure(form), -1, "the server cannot write its file");
            }
            b'c' => is_as_filed = configure(&mut host, rest),
            b'b' => {
                assert_eq!(host.configure_bytes(rest), 0, "the server would give up");
                is_as_filed = false;
            }
            b'm' if is_as_filed => merge(&mut host, rest),
            b'm' => drop(ask("put.merge", rest)),
            b's' if is_as_filed => store(&host, rest),
            b's' => drop(ask("put.store", rest)),
            b'r' => {
                host.restart_server();
                is_as_filed = true;
            }
            b't' => host.corrupt_config_file(),
            b'f' => {
                is_full = rest.is_empty();
                host.fill_disk(is_full);
            }
            b'p' => host.advance(std::time::Duration::from_secs(1)),
            b'x' => host.stop(),
            _ => {}
        }
        let line = host.error().or_else(|| host.status()).unwrap_or_default();
        assert!(line.chars().count() <= LONGEST_LINE, "{line}");
        if let Some(saved) = host.saved_config() {
            assert!(saved.is_object(), "{saved}");
        }
    }
}

fn is_object(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Map<String, Value>>(bytes).is_ok()
}

/// A start with what `serde_json` takes for the configuration gives the plugin just that, and one
/// with what it does not take is told. The result is whether it was an object.
fn configure(host: &mut TestHost<Everything>, bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    STARTED.set(None);
    assert_eq!(host.configure(text), 0, "the server would give up");
    let started = STARTED.take();
    let is_object = is_object(bytes);
    let Some(Value::Object(mut object)) = plain::parse(bytes) else {
        return is_object;
    };
    object.remove(ENABLE_DEBUG);
    object.remove(RESERVED);
    match (started, serde_json::from_value::<Config>(Value::Object(object))) {
        (Some(ours), Ok(theirs)) => {
            let (ours, theirs) = (serde_json::to_value(ours), serde_json::to_value(theirs));
            let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
            assert!(plain::alike(&ours, &theirs), "{ours} and {theirs}");
        }
        (None, Err(_)) => assert!(host.error().is_some(), "a failed start that nobody sees"),
        (ours, theirs) => panic!("{ours:?} and {theirs:?} from {text}"),
    }
    is_object
}

fn ask(path: &str, value: &[u8]) -> bool {
    let handlers = Everything::HANDLERS.puts;
    let handler = handlers.iter().find(|handler| handler.path == path).unwrap();
    let answer = host::ask_text(value, TEXT_BUFFER, |value, len, out, max| {
        put::<Everything>(handler.export, value, len, out, max)
    });
    serde_json::from_str::<Value>(&answer).expect("an answer")["statusCode"] == 200
}

fn merge(host: &mut TestHost<Everything>, patch: &[u8]) {
    let before = host.saved_config();
    if !ask("put.merge", patch) {
        assert_eq!(host.saved_config(), before, "half a change");
        return;
    }
    STARTED.set(None);
    host.restart_server();
    assert!(STARTED.take().is_some(), "saved, and refused: {:?}", host.error());
    let (Some(patch), Some(before)) = (plain::parse(patch), before) else {
        return;
    };
    let saved = host.saved_config().expect("what was saved");
    // What the SDK keeps there itself is no setting.
    assert_eq!(saved.get(RESERVED), before.get(RESERVED), "what was stored");
    let (mut settings, mut saved) = (before, saved);
    reference_merge(&mut settings, &patch);
    assert_same_settings(&mut saved, &mut settings);
}

/// RFC 7396.
fn reference_merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let object = target.as_object_mut().unwrap();
    for (key, value) in patch {
        if value.is_null() {
            object.remove(key);
        } else {
            reference_merge(object.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

/// What was stored is there, and the settings stay as they are.
fn store(host: &TestHost<Everything>, documents: &[u8]) {
    let before = host.saved_config();
    if !ask("put.store", documents) {
        return;
    }
    let (Some(Value::Object(documents)), Some(mut before)) = (plain::parse(documents), before)
    else {
        return;
    };
    let mut saved = host.saved_config().expect("what was saved");
    for (name, document) in &documents {
        let kept = &saved[RESERVED]["documents"][name];
        assert!(plain::alike(kept, document), "{kept}, expected {document}");
    }
    assert_same_settings(&mut saved, &mut before);
}

/// But for what is no setting: what the SDK keeps there itself, and the server's own switch.
fn assert_same_settings(saved: &mut Value, expected: &mut Value) {
    for object in [&mut *saved, &mut *expected] {
        let object = object.as_object_mut().unwrap();
        object.remove(RESERVED);
        object.remove(ENABLE_DEBUG);
    }
    assert!(plain::alike(saved, expected), "{saved}, expected {expected}");
}
