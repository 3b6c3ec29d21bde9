//! The AIS watch: what clients see of other vessels, on the WebSocket and in what the server's API answers.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod embedded;

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use signalk_plugin_tests::delta::{dashboard_line, value};
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{Server, Socket, Stream, Way, cases};

const PLUGIN: &str = "signalk-ais-watch";
const ANNA: &str = "vessels.urn:mrn:imo:mmsi:244999001";
const BLUE_NOTE: &str = "vessels.urn:mrn:imo:mmsi:211999002";
const PATIENCE: Duration = Duration::from_secs(60);

cases! {
    [server]
    who_comes_close_is_told
}

struct Boat {
    instrument: Socket,
    stream: Stream,
    server: Server,
    /// Metres a second.
    speed: f64,
}

/// Each of the others: how many metres it is to the north and to the east, and its speed to the south.
type Others = [(&'static str, &'static str, f64, f64, f64)];

fn who_comes_close_is_told(way: Way) {
    let folder = plugin_folder(PLUGIN).unwrap();
    let server =
        Server::builder(way.installed()).enabled_plugin(folder, &json!({})).start().unwrap();
    let (instrument, stream) = (server.client().unwrap(), server.stream().unwrap());
    let mut boat = Boat { instrument, stream, server, speed: 4.0 };
    let far = [(ANNA, "ANNA", 5_000.0, 50.0, 6.0), (BLUE_NOTE, "BLUE NOTE", 5_000.0, 3_000.0, 6.0)];

    boat.until(&far, "a warning", |message| {
        is_told(message, "warn", |text| {
            text.starts_with("ANNA passes at ") && text.ends_with(" in 8 min")
        })
    });
    boat.until(&far, "the closest on the dashboard", |message| {
        dashboard_line(message, PLUGIN)
            .is_some_and(|line| line.text.starts_with("2 vessels; ANNA "))
    });
    // The other one is safe: it has no alarm, and a closest approach of its own.
    let (status, closest) =
        boat.api("vessels/urn:mrn:imo:mmsi:211999002/navigation/closestApproach");
    assert_eq!(status, 200);
    let distance = closest["value"]["distance"].as_f64().unwrap();
    assert!((distance - 3_000.0).abs() < 100.0, "{closest}");
    let (status, _) = boat.api("vessels/self/notifications/navigation/closestApproach/211999002");
    assert_eq!(status, 404);

    let near = [(ANNA, "ANNA", 300.0, 50.0, 6.0)];
    boat.until(&near, "an alarm", |message| is_told(message, "alarm", |_| true));
    let past = [(ANNA, "ANNA", -3_000.0, 50.0, 6.0)];
    boat.until(&past, "the end of it", |message| is_told(message, "normal", |_| true));

    boat.until(&near, "another", |message| is_told(message, "alarm", |_| true));
    boat.speed = 0.2;
    boat.until(&near, "none at anchor", |message| {
        is_told(message, "normal", |text| text == "No watch at this speed")
    });
}

/// Tells whether a message has the notification about Anna.
fn is_told(message: &Value, state: &str, is_it: impl Fn(&str) -> bool) -> bool {
    let path = "notifications.navigation.closestApproach.244999001";
    value(message, path).is_some_and(|notification| {
        notification["state"] == state && notification["message"].as_str().is_some_and(&is_it)
    })
}

impl Boat {
    /// Lets the own vessel and the others tell where they are, until a message comes.
    fn until(&mut self, others: &Others, what: &str, is_it: impl Fn(&Value) -> bool) {
        let before = self.stream.position();
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            self.tell("vessels.self", "gps", self.speed, 0.0, &place(0.0, 0.0));
            for (context, name, north, east, speed) in others {
                let root = json!({ "path": "", "value": { "name": name } });
                self.send(context, "ais", &json!([root]));
                self.tell(context, "ais", *speed, std::f64::consts::PI, &place(*north, *east));
            }
            thread::sleep(Duration::from_millis(500));
            if self.stream.since(before).iter().any(&is_it) {
                return;
            }
        }
        self.stream.wait_for_after(before, what, Duration::ZERO, is_it).unwrap();
    }

    fn tell(&mut self, context: &str, source: &str, speed: f64, course: f64, position: &Value) {
        let values = json!([
            { "path": "navigation.position", "value": position },
            { "path": "navigation.courseOverGroundTrue", "value": course },
            { "path": "navigation.speedOverGround", "value": speed },
        ]);
        self.send(context, source, &values);
    }

    fn send(&mut self, context: &str, source: &str, values: &Value) {
        let updates = json!([{ "$source": source, "values": values }]);
        self.instrument.send(&json!({ "context": context, "updates": updates })).unwrap();
    }

    fn api(&self, path: &str) -> (u16, Value) {
        self.server.rest().get(&format!("/signalk/v1/api/{path}")).unwrap()
    }
}

/// A place so many metres to the north and the east of the own vessel.
fn place(north: f64, east: f64) -> Value {
    let latitude = 54.5 + north / 111_300.0;
    json!({ "latitude": latitude, "longitude": 10.2 + east / 64_800.0 })
}
