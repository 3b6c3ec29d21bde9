//! Resource, weather and radar providers.

use serde_json::{Value, json};
use signalk_plugin_host::ServerVersion;

use super::{PROBE, Script, What};
use crate::side::{ProviderCall, Question};

/// Puts a program down for the next question.
fn arm(script: &mut Script, export: &str, program: Value) {
    script.run(format!("to be answered by {export}: {program}"), json!([["arm", export, program]]));
}

/// What a provider may answer that it should not.
fn odd_answers() -> Vec<Value> {
    vec![
        json!([["return", 0]]),
        json!([["return", -1]]),
        json!([["return", i32::MAX]]),
        json!([["fill", 70_000]]),
        json!([["text", "not json"]]),
        json!([["trap"]]),
        json!([["answer", null]]),
        json!([["answer", 7]]),
    ]
}

pub(super) fn resources(script: &mut Script) {
    script.chapter = "resources";
    let ask = |script: &mut Script, method, path, body, calls: Vec<ProviderCall>| {
        let question = Question { method, path, body, calls };
        script.add(format!("{method} {path}"), What::Ask(question));
    };
    let get = || vec![ProviderCall::GetResource("one", None)];
    ask(script, "GET", "/resources/probes", None, vec![ProviderCall::ListResources(json!({}))]);
    let query = json!({ "limit": 2, "name": "é" });
    ask(
        script,
        "GET",
        "/resources/probes?limit=2&name=%C3%A9",
        None,
        vec![ProviderCall::ListResources(query)],
    );
    arm(script, "resources_get_resource", json!([["answer", { "name": "one" }]]));
    ask(script, "GET", "/resources/probes/one", None, get());
    arm(script, "resources_get_resource", json!([["answer", { "value": 1 }]]));
    ask(
        script,
        "GET",
        "/resources/probes/one/some/property",
        None,
        vec![ProviderCall::GetResource("one", Some("some.property"))],
    );
    for program in odd_answers() {
        arm(script, "resources_get_resource", program.clone());
        ask(script, "GET", "/resources/probes/one", None, get());
        arm(script, "resources_list_resources", program);
        ask(script, "GET", "/resources/probes", None, vec![ProviderCall::ListResources(json!({}))]);
    }
    let value = json!({ "name": "é", "number": 1.5 });
    let told = |value: &Value| {
        ProviderCall::Delta(
            PROBE,
            json!({ "updates": [{ "values": [{ "path": "resources.probes.one", "value": value }] }] }),
        )
    };
    ask(
        script,
        "PUT",
        "/resources/probes/one",
        Some(value.clone()),
        vec![
            ProviderCall::GetResource("one", None),
            ProviderCall::SetResource("one", value.clone()),
            told(&value),
        ],
    );
    ask(
        script,
        "DELETE",
        "/resources/probes/one",
        None,
        vec![
            ProviderCall::GetResource("one", None),
            ProviderCall::DeleteResource("one"),
            told(&Value::Null),
        ],
    );
}

pub(super) fn weather(script: &mut Script) {
    script.chapter = "weather";
    let position = json!({ "latitude": 60.1, "longitude": -24.9 });
    let none = json!({ "custom": {} });
    let ask = |script: &mut Script, path, calls: Vec<ProviderCall>| {
        let question = Question { method: "GET", path, body: None, calls };
        script.add(path, What::Ask(question));
    };
    let observe = || vec![ProviderCall::Observations(position.clone(), none.clone())];
    ask(script, "/weather/observations?lat=60.1&lon=-24.9", observe());
    ask(
        script,
        "/weather/observations?lat=60.1&lon=-24.9&count=2&date=2026-01-02&more=a",
        vec![ProviderCall::Observations(
            position.clone(),
            json!({ "custom": { "more": "a" }, "maxCount": 2, "startDate": "2026-01-02" }),
        )],
    );
    ask(
        script,
        "/weather/forecasts/daily?lat=60.1&lon=-24.9",
        vec![ProviderCall::Forecasts(position.clone(), "daily", none.clone())],
    );
    ask(
        script,
        "/weather/forecasts/point?lat=60.1&lon=-24.9",
        vec![ProviderCall::Forecasts(position.clone(), "point", none.clone())],
    );
    ask(
        script,
        "/weather/warnings?lat=60.1&lon=-24.9",
        vec![ProviderCall::Warnings(position.clone())],
    );
    for program in odd_answers() {
        arm(script, "weather_get_observations", program);
        ask(script, "/weather/observations?lat=60.1&lon=-24.9", observe());
    }
}

pub(super) fn radar(script: &mut Script, version: ServerVersion) {
    script.chapter = "radar";
    let is_new = version >= ServerVersion::V2_32;
    let ask = |script: &mut Script,
               method,
               path: &'static str,
               body: Option<Value>,
               calls: Vec<ProviderCall>| {
        let question = Question { method, path, body, calls };
        script.add(format!("{method} {path}"), What::Ask(question));
    };
    let list = || ProviderCall::Radar("radar_get_radars", Value::Null);
    let call = |handler, request| vec![list(), ProviderCall::Radar(handler, request)];
    let front = || json!({ "radarId": "front" });
    let control =
        |id: &str, value: Value| json!({ "radarId": "front", "controlId": id, "value": value });
    let of = |member: &str, value: Value| json!({ "radarId": "front", member: value });
    ask(script, "GET", "/vessels/self/radars", None, call("radar_get_radar_info", front()));
    ask(script, "GET", "/vessels/self/radars/front", None, call("radar_get_radar_info", front()));
    for (path, handler) in [
        ("/vessels/self/radars/front/capabilities", "radar_get_capabilities"),
        ("/vessels/self/radars/front/state", "radar_get_state"),
        ("/vessels/self/radars/front/controls", "radar_get_state"),
        ("/vessels/self/radars/front/targets", "radar_get_targets"),
        ("/vessels/self/radars/front/arpa/settings", "radar_get_arpa_settings"),
    ] {
        ask(script, "GET", path, None, call(handler, front()));
    }
    ask(
        script,
        "GET",
        "/vessels/self/radars/front/controls/gain",
        None,
        call("radar_get_control", json!({ "radarId": "front", "controlId": "gain" })),
    );
    ask(
        script,
        "PUT",
        "/vessels/self/radars/front/controls/gain",
        Some(json!({ "value": 5 })),
        call("radar_set_control", control("gain", json!(5))),
    );
    let auto = json!({ "auto": true, "value": 3 });
    for (path, id, handler, member, value) in [
        ("/vessels/self/radars/front/power", "power", "radar_set_power", "state", json!("standby")),
        ("/vessels/self/radars/front/range", "range", "radar_set_range", "range", json!(1500.5)),
        ("/vessels/self/radars/front/gain", "gain", "radar_set_gain", "gain", auto.clone()),
        ("/vessels/self/radars/front/sea", "sea", "radar_set_sea", "sea", auto.clone()),
        ("/vessels/self/radars/front/rain", "rain", "radar_set_rain", "rain", auto),
    ] {
        let calls = if is_new {
            call("radar_set_control", control(id, value.clone()))
        } else {
            call(handler, of(member, value.clone()))
        };
        ask(script, "PUT", path, Some(json!({ "value": value })), calls);
    }
    let controls = json!({ "gain": 5 });
    ask(
        script,
        "PUT",
        "/vessels/self/radars/front",
        Some(controls.clone()),
        call("radar_set_controls", of("controls", controls)),
    );
    let bearing = if is_new { 1.5 } else { 90.0 };
    let target = json!({ "bearing": bearing, "distance": 100.0 });
    ask(
        script,
        "POST",
        "/vessels/self/radars/front/targets",
        Some(target),
        call(
            "radar_acquire_target",
            json!({ "radarId": "front", "bearing": bearing, "distance": 100.0 }),
        ),
    );
    ask(
        script,
        "DELETE",
        "/vessels/self/radars/front/targets/7",
        None,
        call("radar_cancel_target", of("targetId", json!(7))),
    );
    let settings = json!({ "enabled": true });
    ask(
        script,
        "PUT",
        "/vessels/self/radars/front/arpa/settings",
        Some(settings.clone()),
        call("radar_set_arpa_settings", of("settings", settings)),
    );
    for program in odd_answers() {
        arm(script, "radar_get_state", program);
        ask(
            script,
            "GET",
            "/vessels/self/radars/front/state",
            None,
            call("radar_get_state", front()),
        );
    }
    for program in [
        json!([["trap"]]),
        json!([["return", -1]]),
        json!([["text", "not json"]]),
        json!([["answer", []]]),
    ] {
        arm(script, "radar_get_radars", program);
        ask(script, "GET", "/vessels/self/radars/front/state", None, vec![list()]);
    }
}
