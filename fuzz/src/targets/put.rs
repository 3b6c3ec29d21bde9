//! Values that clients PUT, as bytes: the first byte says to which handler.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;
use signalk_plugin_contract::TEXT_BUFFER;
use signalk_plugin_sdk::__private::{Plugin, put};
use signalk_plugin_sdk::testing::TestHost;

use crate::host;
use crate::plugin::{Config, Everything, Mode};

pub(crate) fn run(bytes: &[u8]) {
    let Some((which, value)) = bytes.split_first() else {
        return;
    };
    let handlers = Everything::HANDLERS.puts;
    let handler = &handlers[usize::from(*which) % handlers.len()];
    let host = TestHost::<Everything>::start("{}");
    let text = host::ask_text(value, TEXT_BUFFER, |value, len, out, max| {
        put::<Everything>(handler.export, value, len, out, max)
    });
    let answer: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(answer["state"], "COMPLETED");
    let status = answer["statusCode"].as_u64().expect("a status");
    assert!(status == 200 || (400..600).contains(&status), "{text}");
    assert_eq!(answer["message"].is_string(), status != 200, "{text}");
    let agrees = match handler.path {
        "put.number" => takes::<f64>(value),
        "put.modes" => takes::<BTreeMap<u16, Mode>>(value),
        "put.tuple" => takes::<(i8, Option<char>, [u32; 2])>(value),
        "put.config" => takes::<Config>(value),
        _ => true,
    };
    // serde_json takes less only where characters are cut in half, and more for numbers near the end
    // of the doubles and structs in lists.
    assert!(status != 200 || agrees || has_escape(value), "{text}");
    if let Some(saved) = host.saved_config() {
        assert!(saved.is_object(), "{saved}");
    }
}

fn takes<T: DeserializeOwned>(value: &[u8]) -> bool {
    serde_json::from_slice::<T>(value).is_ok()
}

fn has_escape(value: &[u8]) -> bool {
    value.windows(2).any(|pair| pair == b"\\u")
}
