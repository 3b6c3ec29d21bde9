//! Settings that are wrong, and secrets.

use serde_json::json;

use super::*;

cases! {
    on_boat, [embedded server]
    a_setting_outside_of_its_limits_is_told_and_waited_for
    a_password_is_shown_nowhere
    what_its_next_start_would_refuse_is_not_saved
}

fn a_setting_outside_of_its_limits_is_told_and_waited_for(boat: &mut dyn Faulty) {
    start_with(boat, 12.5, &json!({}));
    boat.configure(&json!({ "radius": 0.5 }));
    until_line(boat, "Configuration: Radius (m): found 0.5, expected 1 or more");
    wait_a_little(boat);
    assert_eq!(boat.value("test.radius"), json!(12.5), "it has not started with it");
    let refused = "{\"error\":\"the plugin is not running\"}";
    assert_eq!(boat.get("/alive"), (503, refused.to_owned()), "the setting is for its owner");
    // By a name that is not in the schema, and by one that serde looks for at another time.
    boat.configure(&json!({ "oldRadius": 0.25 }));
    until_line(boat, "Configuration: Radius (m): found 0.25, expected 1 or more");
    boat.configure(&json!({ "attempts": 4 }));
    until_line(boat, "Configuration: Tries: found 4, expected 0 to 3");
    start_with(boat, 13.5, &json!({}));
}

fn a_password_is_shown_nowhere(boat: &mut dyn Faulty) {
    let secret = "918273645";
    boat.configure(&json!({ "password": secret.parse::<u32>().unwrap() }));
    until_line(boat, "Configuration: Password: ");
    boat.configure(&json!({ "pin": secret.parse::<u32>().unwrap() }));
    until_line(boat, "Configuration: found something else (not shown");
    start_with(boat, 15.5, &json!({ "password": secret, "pin": secret }));
    boat.put("test.tellPassword", &json!(true));
    until_value(boat, "test.password", &json!(["***", "***"]));
    boat.put("test.panicWithPassword", &json!(true));
    until_line(boat, "Crashed: with *** and a 9");
    assert!(!boat.everything_shown().contains(secret), "{}", boat.everything_shown());
    start_with(boat, 16.5, &json!({}));
}

fn what_its_next_start_would_refuse_is_not_saved(boat: &mut dyn Faulty) {
    start_with(boat, 23.5, &json!({}));
    assert_eq!(boat.put_status("test.setting", &json!(0.25)), 500);
    assert!(!boat.file().contains("0.25"), "{}", boat.file());
    boat.put("test.setting", &json!(23.75));
    until(boat, "the saved setting", |boat| boat.file().contains("23.75"));
    boat.kill();
    until_value(boat, "test.radius", &json!(23.75));
}
