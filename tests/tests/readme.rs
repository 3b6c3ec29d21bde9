//! The plugin that a reader of the README has at the end of it, on real Signal K servers.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_tests::delta::{dashboard_line, notification_state, value};
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{NmeaFeeder, Server, Way, cases};

const PLUGIN: &str = "signalk-shallow";
const NOTIFICATION: &str = "notifications.environment.depth.belowKeel";
const PATIENCE: Duration = Duration::from_secs(60);

cases! {
    [server]
    it_warns_of_shallow_water
}

fn it_warns_of_shallow_water(way: Way) {
    let mut sounder = NmeaFeeder::listen().unwrap();
    let folder = plugin_folder(PLUGIN).unwrap();
    let server = Server::builder(way.installed())
        .plugin(folder)
        .provider(sounder.provider())
        .start()
        .unwrap();
    let stream = server.stream().unwrap();
    sounder.wait_for_client(PATIENCE).unwrap();

    // The switch of the list of plugins: no form was ever saved.
    let switch = json!({ "enabled": true });
    let (status, answer) =
        server.rest().post(&format!("/plugins/{PLUGIN}/config"), &switch).unwrap();
    assert_eq!(status, 200, "{answer}");
    let started = stream.wait_for_after(0, "the start", PATIENCE, |message| {
        dashboard_line(message, PLUGIN).is_some_and(|line| {
            assert!(!line.is_error, "{}", line.text);
            line.text == "Started"
        })
    });
    let started = started.unwrap().position;

    // The transducer is 1 m above the keel: 2.5 m below the one are 1.5 m below the other.
    sounder.send(["$SDDPT,2.5,-1.0*7C"]).unwrap();
    let alarm = stream.wait_for_after(started, "the alarm", PATIENCE, |message| {
        notification_state(message, NOTIFICATION) == Some("alarm")
    });
    let alarm = alarm.unwrap().position;
    stream
        .wait_for_after(started, "the depth as status", PATIENCE, |message| {
            dashboard_line(message, PLUGIN).is_some_and(|line| line.text == "1.5 m below the keel")
        })
        .unwrap();

    // Neither a little less water nor a wave that is 0.1 m over the limit tells it anew.
    sounder.send(["$SDDPT,2.4,-1.0*7D", "$SDDPT,3.1,-1.0*79"]).unwrap();
    stream
        .wait_for_after(alarm, "the wave as status", PATIENCE, |message| {
            dashboard_line(message, PLUGIN).is_some_and(|line| line.text == "2.1 m below the keel")
        })
        .unwrap();
    for message in stream.since(started) {
        let told = value(&message, NOTIFICATION).unwrap_or(&Value::Null);
        assert!(told.is_null() || told["message"] == "1.5 m below the keel", "{told}");
    }

    sounder.send(["$SDDPT,9.0,-1.0*72"]).unwrap();
    stream
        .wait_for_after(alarm, "the end of the alarm", PATIENCE, |message| {
            notification_state(message, NOTIFICATION) == Some("normal")
        })
        .unwrap();
}
