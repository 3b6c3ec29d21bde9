//! The server's requests to a provider of weather: the first letter says which.

use serde_json::Value;
use signalk_plugin_contract::ANSWER_BUFFER;
use signalk_plugin_sdk::__private::weather;
use signalk_plugin_sdk::testing::TestHost;

use crate::host::ask_text;
use crate::plugin::Everything;

pub(crate) fn run(bytes: &[u8]) {
    let Some((what, request)) = bytes.split_first() else {
        return;
    };
    let _host = TestHost::<Everything>::start("{}");
    let (export, kind): (fn(_, _, _, _) -> _, _) = match what {
        b'o' => (weather::get_observations::<Everything>, Some("observation")),
        b'f' => (weather::get_forecasts::<Everything>, None),
        _ => (weather::get_warnings::<Everything>, None),
    };
    let answer = ask_text(request, ANSWER_BUFFER, export);
    let value: Value =
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"));
    match value {
        Value::Array(entries) => {
            assert!(entries.len() <= 3, "{answer}");
            for entry in entries {
                let own = entry["type"].as_str().expect("a type");
                assert!(kind.is_none_or(|kind| kind == own), "{answer}");
            }
        }
        failed => assert_eq!(failed["state"], "FAILED", "{answer}"),
    }
}
