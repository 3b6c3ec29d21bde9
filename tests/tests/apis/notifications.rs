//! Notifications, metadata and the data model of version 2.

use super::*;

cases! {
    on_boat, [embedded server]
    notifications_are_raised_updated_and_cleared
}

cases! {
    on_server, [server]
    zones_of_metadata_raise_the_alarm
    what_is_for_the_v2_data_model_stays_out_of_v1
}

fn notifications_are_raised_updated_and_cleared(boat: &mut dyn Crewed) {
    for (state, message) in [
        ("alert", "something"),
        ("emergency", "much worse"),
        ("warn", "better"),
        ("normal", "well again"),
    ] {
        boat.post("notification/test.notice", &json!({ "state": state, "message": message }));
        until(boat, state, |boat| boat.value("notifications.test.notice")["state"] == state);
        assert_eq!(boat.value("notifications.test.notice")["message"], message);
        until(boat, message, |boat| {
            let sent = boat.sent("notifications.test.notice");
            sent.last().is_some_and(|notice| notice["message"] == message)
        });
    }
}

fn zones_of_metadata_raise_the_alarm(boat: &mut Boat<'_>) {
    let path = "notifications.test.temperature";
    for (kelvin, state) in [(370.0, "alarm"), (290.0, "nominal"), (365.0, "alarm")] {
        let before = boat.stream().position();
        boat.tell("set/test.temperature", &json!({ "value": kelvin }));
        let notice = boat.wait_for(before, path, |value| value["state"] == state);
        if state == "alarm" {
            assert_eq!(notice["message"], "Too hot");
        }
    }
    let meta = boat.server().rest().own("test.temperature").unwrap().unwrap();
    assert_eq!(meta["meta"]["units"], "K");
}

fn what_is_for_the_v2_data_model_stays_out_of_v1(boat: &mut Boat<'_>) {
    let before = boat.stream().position();
    boat.tell("v2/test.second", &json!({ "value": 2.5 }));
    boat.wait_for(before, "test.second", |value| *value == 2.5);
    assert_eq!(boat.server().rest().own("test.second").unwrap(), None);
}
