//! The plugin's copy of the vessel's data.

use super::*;

cases! {
    on_boat, [embedded server]
    the_copy_of_the_data_model_has_every_source
}

fn the_copy_of_the_data_model_has_every_source(boat: &mut dyn Crewed) {
    let path = "environment.outside.temperature";
    // By then it knows its own vessel.
    boat.pass(Duration::from_secs(1));
    for (source, kelvin) in [("mast", 281.5), ("hull", 279.5)] {
        boat.receive_delta(&json!({
            "context": "vessels.self",
            "updates": [{
                "$source": source,
                "timestamp": "2026-01-01T00:00:00.000Z",
                "values": [{ "path": path, "value": kelvin }],
            }],
        }));
        until_value(boat, path, &json!(kelvin));
    }
    boat.post(&format!("set/{path}"), &json!({ "value": 280.25 }));
    until_value(boat, path, &json!(280.25));
    let (status, known) = boat.get(&format!("/api/model/{path}"));
    assert_eq!(status, 200, "{known}");
    let known: Value = serde_json::from_str(&known).unwrap();
    let values: Vec<_> = known.as_array().unwrap().iter().map(|it| &it["value"]).collect();
    assert_eq!(values, [&json!(280.25), &json!(279.5), &json!(281.5)], "{known}");
    assert_eq!((&known[0]["source"], &known[1]["source"]), (&json!(PLUGIN), &json!("hull")));
    assert_eq!(known[2]["timestamp"], "2026-01-01T00:00:00.000Z");
    let (status, error) = boat.get("/api/model/navigation.state");
    assert_eq!(status, 500);
    assert!(error.contains("is not kept"), "{error}");
}
