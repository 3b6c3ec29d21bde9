//! The examples on real Signal K servers: what of them is seen outside, on the WebSocket, at a UDP
//! peer, in what the server's APIs answer and in its files, and again after the server was killed
//! and started anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

mod anchor;
mod embedded;

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use signalk_plugin_tests::delta::{dashboard_line, notification_state, value};
use signalk_plugin_tests::env::{InstalledServer, plugin_folder};
use signalk_plugin_tests::{Server, Socket, Stream, Way, cases};

const DEPTH: &str = "environment.depth.belowTransducer";

const PATIENCE: Duration = Duration::from_secs(90);

cases! {
    [server]
    hello_tells_the_depth_below_the_keel
    derived_data_is_there_while_its_inputs_are
    routes_and_waypoints_outlast_a_restart
    nmea_0183_goes_out_and_comes_in
    nmea_0183_of_a_gateway_on_tcp_comes_in_and_is_cleared
    weather_is_observed_forecast_and_warned_of
}

/// A server with one example, and an instrument that tells it values.
struct Boat {
    example: &'static str,
    instrument: Socket,
    stream: Stream,
    server: Server,
}

impl Boat {
    fn launch(installed: InstalledServer, example: &'static str, config: &Value) -> Self {
        let folder = plugin_folder(example).unwrap();
        let server = Server::builder(installed).enabled_plugin(folder, config).start().unwrap();
        let (instrument, stream) = (server.client().unwrap(), server.stream().unwrap());
        Self { example, instrument, stream, server }
    }

    /// Kills the server, and starts it with what is on the disk.
    fn restart(&mut self) {
        self.server.restart().unwrap();
        self.instrument = self.server.client().unwrap();
        self.stream = self.server.stream().unwrap();
    }

    fn tell(&mut self, values: &[(&str, Value)]) {
        self.instrument.tell("test.instrument", values).unwrap();
    }

    /// Waits for a value that the example publishes, after a position of the stream.
    fn wait_for(&self, after: usize, path: &str, is_it: impl Fn(&Value) -> bool) {
        let is_message = |message: &Value| {
            message["updates"][0]["$source"] == self.example
                && value(message, path).is_some_and(&is_it)
        };
        self.stream.wait_for_after(after, path, PATIENCE, is_message).unwrap();
    }

    fn wait_for_number(&self, after: usize, path: &str, expected: f64) {
        self.wait_for(after, path, |value| {
            value.as_f64().is_some_and(|value| (value - expected).abs() < 1e-6)
        });
    }

    fn wait_for_line(&self, after: usize, part: &str) {
        let is_it = |message: &Value| {
            dashboard_line(message, self.example).is_some_and(|line| line.text.contains(part))
        };
        self.stream.wait_for_after(after, part, PATIENCE, is_it).unwrap();
    }

    fn get(&self, path: &str) -> Value {
        let (status, body) = self.server.rest().get(path).unwrap();
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// What the server's file has in the plugin's configuration.
    fn file(&self) -> Value {
        let folder = self.server.config_folder().join("plugin-config-data");
        let text = fs::read_to_string(folder.join(format!("{}.json", self.example))).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["configuration"].clone()
    }

    fn documents(&self) -> Value {
        self.file()["signalk-plugin-sdk"]["documents"].clone()
    }
}

fn hello_tells_the_depth_below_the_keel(way: Way) {
    const IN: &str = "environment.depth.belowTransducer";
    const OUT: &str = "environment.depth.belowKeel";
    let mut boat =
        Boat::launch(way.installed(), "signalk-hello", &json!({ "transducerToKeel": 1.5 }));
    boat.wait_for_line(0, "Waiting for a depth");
    boat.tell(&[(IN, json!(4.0))]);
    boat.wait_for_number(0, OUT, 2.5);
    boat.wait_for_line(0, "250 cm below the keel");
    assert_eq!(boat.server.rest().own(OUT).unwrap().unwrap()["value"], 2.5);

    // The number of a sounder without a bottom is no depth.
    let before = boat.stream.position();
    boat.tell(&[(IN, json!(42_949_672.92))]);
    boat.wait_for(before, OUT, Value::is_null);
    boat.wait_for_line(before, "Waiting for a depth");
    // Of two sounders one is used.
    let before = boat.stream.position();
    for _ in 0..2 {
        boat.tell(&[(IN, json!(7.0))]);
        boat.instrument.tell("sounder.stern", &[(IN, json!(9.0))]).unwrap();
    }
    boat.tell(&[("test.last", json!(1))]);
    let is_last = |message: &Value| value(message, "test.last").is_some();
    boat.stream.wait_for_after(before, "the last", PATIENCE, is_last).unwrap();
    boat.wait_for_number(before, OUT, 5.5);
    let sent = boat.stream.since(before);
    let depths: Vec<_> = sent.iter().filter_map(|message| value(message, OUT)).collect();
    assert!(depths.iter().all(|depth| **depth == 5.5), "{depths:?}");

    // What the owner saves in the form counts at once, is on the disk, and counts after a restart.
    let config = json!({ "transducerToKeel": 0.5 });
    let before = boat.stream.position();
    boat.server.rest().save_config(boat.example, &config).unwrap();
    boat.wait_for_line(before, "Waiting for a depth");
    boat.tell(&[(IN, json!(4.0))]);
    boat.wait_for_number(before, OUT, 3.5);
    assert_eq!(boat.file(), config);
    boat.restart();
    boat.wait_for_line(0, "Waiting for a depth");
    boat.tell(&[(IN, json!(5.0))]);
    boat.wait_for_number(0, OUT, 4.5);
}

fn derived_data_is_there_while_its_inputs_are(way: Way) {
    const SPEED_TRUE: &str = "environment.wind.speedTrue";
    // The triangle of 3, 4 and 5: at 4 m/s in a true wind of 3 m/s abeam.
    let beam_reach = [
        ("environment.wind.speedApparent", json!(5.0)),
        ("environment.wind.angleApparent", json!(3f64.atan2(4.0))),
        ("navigation.speedThroughWater", json!(4.0)),
    ];
    let mut boat =
        Boat::launch(way.installed(), "signalk-derived-data", &json!({ "staleAfter": 3 }));
    for _ in 0..2 {
        boat.wait_for_line(0, "values have their inputs");
        boat.tell(&beam_reach);
        boat.wait_for_number(0, SPEED_TRUE, 3.0);
        boat.wait_for_number(0, "environment.wind.angleTrueWater", std::f64::consts::FRAC_PI_2);
        // The instruments fall silent.
        boat.wait_for(0, SPEED_TRUE, Value::is_null);
        boat.wait_for_line(0, "0 of 5 values have their inputs");
        boat.restart();
    }
    boat.wait_for_line(0, "values have their inputs");
    // The variation is told once, and the wind stays there for longer than the rest is good for.
    const DIRECTION: &str = "environment.wind.directionTrue";
    boat.tell(&[("navigation.magneticVariation", json!(0.06))]);
    let before = boat.stream.position();
    for _ in 0..8 {
        boat.tell(&[("navigation.headingMagnetic", json!(1.0))]);
        boat.tell(&beam_reach);
        std::thread::sleep(Duration::from_secs(1));
    }
    let sent = boat.stream.since(before);
    let directions: Vec<_> = sent.iter().filter_map(|message| value(message, DIRECTION)).collect();
    let all = directions.iter().all(|direction| direction.is_number());
    assert!(directions.len() > 4 && all, "{directions:?}");
    boat.tell(&[
        ("environment.outside.temperature", json!(293.15)),
        ("environment.outside.relativeHumidity", json!(0.5)),
        ("navigation.headingTrue", json!(0.0)),
        ("navigation.speedThroughWater", json!(3.0)),
        ("navigation.courseOverGroundTrue", json!(4f64.atan2(3.0))),
        ("navigation.speedOverGround", json!(5.0)),
    ]);
    boat.wait_for(0, "environment.outside.dewPointTemperature", |dew| {
        dew.as_f64().is_some_and(|kelvin| (kelvin - 282.41).abs() < 0.01)
    });
    boat.wait_for(0, "environment.current", |current| {
        current["drift"].as_f64().is_some_and(|drift| (drift - 4.0).abs() < 1e-6)
    });
    let node = boat.server.rest().own("environment.outside.dewPointTemperature").unwrap().unwrap();
    assert_eq!(node["meta"]["units"], "K");
}

fn routes_and_waypoints_outlast_a_restart(way: Way) {
    const API: &str = "/signalk/v2/api/resources";
    let ids = ["ac3a3b2d-07e8-4f25-92bc-98e7c92f7f1a", "bc3a3b2d-07e8-4f25-92bc-98e7c92f7f1a"];
    let feature = |kind: &str, coordinates: Value| {
        json!({
            "type": "Feature",
            "geometry": { "type": kind, "coordinates": coordinates },
            "properties": {},
        })
    };
    let waypoint = json!({ "name": "Reef", "feature": feature("Point", json!([24.5, 60.25])) });
    let line_string = feature("LineString", json!([[24.5, 60.25], [25.5, 60.5]]));
    let route = json!({ "name": "Home", "feature": line_string });
    let mut boat = Boat::launch(way.installed(), "signalk-routes-waypoints", &json!({}));
    boat.wait_for_line(0, "Routes: 0, waypoints: 0");
    let put = |boat: &Boat, path: &str, body: &Value| {
        let answer = boat.server.rest().ask("PUT", &format!("{API}/{path}"), Some(body)).unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    };

    // A new one goes to the default provider, the server's own, which this server does not have; the
    // client has to say that it is for this one.
    let unsaid = format!("{API}/waypoints/{}", ids[1]);
    boat.server.rest().ask("PUT", &unsaid, Some(&waypoint)).unwrap();
    assert!(boat.documents()[format!("waypoints/{}", ids[1])].is_null());
    put(&boat, &format!("waypoints/{}?provider={}", ids[0], boat.example), &waypoint);
    assert_eq!(boat.documents()[format!("waypoints/{}", ids[0])]["name"], "Reef");
    let default = format!("{API}/routes/_providers/_default/{}", boat.example);
    let (status, answer) = boat.server.rest().post(&default, &json!({})).unwrap();
    assert_eq!(status, 201, "{answer}");
    put(&boat, &format!("routes/{}", ids[0]), &route);
    assert_eq!(boat.documents()[format!("routes/{}", ids[0])]["name"], "Home");

    // The server writes its settings a moment later.
    let settings = boat.server.config_folder().join("settings.json");
    let until = Instant::now() + PATIENCE;
    while !fs::read_to_string(&settings).unwrap().contains(boat.example) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }

    boat.restart();
    boat.wait_for_line(0, "Routes: 1, waypoints: 1");
    let found = boat.get(&format!("{API}/waypoints/{}", ids[0]));
    assert_eq!(
        (&found["$source"], &found["feature"]),
        (&json!(boat.example), &waypoint["feature"])
    );
    for kind in ["waypoints", "routes"] {
        for (query, count) in [
            ("bbox=[24,60,25,61]", 1),
            ("bbox=[0,0,1,1]", 0),
            ("position=[24.5,60.26]&distance=2000", 1),
            ("position=[24.5,60.4]&distance=2000", 0),
            ("limit=1", 1),
        ] {
            let list = boat.get(&format!("{API}/{kind}?provider={}&{query}", boat.example));
            assert_eq!(list.as_object().unwrap().len(), count, "{kind} {query}: {list}");
        }
    }

    // The default provider is remembered; what cannot be stored any more is told.
    put(&boat, &format!("routes/{}", ids[1]), &route);
    assert_eq!(boat.documents()[format!("routes/{}", ids[1])]["name"], "Home");
    let before = boat.stream.position();
    let huge = json!({ "name": "x".repeat(1 << 20), "feature": route["feature"] });
    put(&boat, &format!("routes/{}", ids[1]), &huge);
    boat.wait_for_line(before, "the storage would take");
    assert_eq!(boat.get(&format!("{API}/routes/{}", ids[1]))["name"], "Home");
    let deleted = boat.server.rest().ask("DELETE", &format!("{API}/routes/{}", ids[1]), None);
    assert_eq!(deleted.unwrap().status, 200);
    assert!(boat.documents()[format!("routes/{}", ids[1])].is_null());
}

fn nmea_0183_goes_out_and_comes_in(way: Way) {
    let peer = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    // A port that was free a moment ago.
    let free = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let connection = json!({
        "type": "udp",
        "receivePort": port,
        "sendHost": "127.0.0.1",
        "sendPort": peer.local_addr().unwrap().port(),
    });
    let config = json!({ "connection": connection });
    let mut boat = Boat::launch(way.installed(), "signalk-nmea0183", &config);
    for metres in ["11.1", "12.5"] {
        boat.wait_for_line(0, "0 sent; 0 received");
        boat.tell(&[("navigation.headingTrue", json!(std::f64::consts::FRAC_PI_2))]);
        let mut buffer = [0; 100];
        let length = peer.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"$IIHDT,90.0,T*1B\r\n");

        let body = format!("SDDBT,,f,{metres},M,,F");
        let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
        let lines = format!("${body}*{sum:02X}\r\n${body}*{:02X}\r\n", sum ^ 1);
        peer.send_to(lines.as_bytes(), (Ipv4Addr::LOCALHOST, port)).unwrap();
        boat.wait_for_number(0, DEPTH, metres.parse().unwrap());
        boat.wait_for_line(0, "1 sent; 1 received, 0 unknown, 1 broken");
        boat.restart();
    }
    // What came in did not go out again.
    boat.tell(&[("navigation.headingTrue", json!(0.0))]);
    let mut buffer = [0; 100];
    let length = peer.recv(&mut buffer).unwrap();
    assert_eq!(&buffer[..length], b"$IIHDT,0.0,T*22\r\n");
}

/// A gateway's values arrive over TCP, and go when an instrument says that it has none.
fn nmea_0183_of_a_gateway_on_tcp_comes_in_and_is_cleared(way: Way) {
    let gateway = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = gateway.local_addr().unwrap().port();
    let connection = json!({ "type": "tcp", "host": "127.0.0.1", "port": port });
    let config = json!({ "connection": connection, "withoutChecksum": true });
    let boat = Boat::launch(way.installed(), "signalk-nmea0183", &config);
    let (mut peer, _) = gateway.accept().unwrap();
    let mut seen = 0;
    for (lines, path, expected) in [
        ("\\c:1*52\\$SDDBT,36.4,f,11.1,M,6.0,F*00\r\n", DEPTH, json!(11.1)),
        ("$SDDBT,,f,,M,,F*28\r\n", DEPTH, Value::Null),
        ("$SDDBT,36.4,f,11.1,M,6.0,F*00\r\n", DEPTH, json!(11.1)),
        ("$SDDBT,,f,42949672.9,M,,F\r\n", DEPTH, Value::Null),
        ("$HEHDT,0.0,T\r\n", "navigation.headingTrue", json!(0)),
        ("$IIHDT,,T*0C\r\n$VWVLW,1.0,N,0.0,N\r\n", "navigation.log", json!(1852)),
    ] {
        peer.write_all(lines.as_bytes()).unwrap();
        boat.wait_for(seen, path, |found| {
            *found == expected || found.as_f64() == expected.as_f64()
        });
        seen = boat.stream.position();
    }
    // The heading is another instrument's, so it stands.
    let heading = boat.get("/signalk/v1/api/vessels/self/navigation/headingTrue/value");
    assert_eq!(heading, json!(0));
}

fn weather_is_observed_forecast_and_warned_of(way: Way) {
    const API: &str = "/signalk/v2/api/weather";
    const PRESSURE: &str = "environment.outside.pressure";
    // Three hours of readings that an earlier run of the server has left, the last of them due to be
    // followed by a new one.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let reading = |half_hours: u64| {
        let pressure = 100_000.0 + 70.0 * f64::from(u32::try_from(half_hours).unwrap());
        let data =
            json!({ "date": "2026-01-01T00:00:00.000Z", "outside": { "pressure": pressure } });
        json!({ "time": now - half_hours * 1800, "pressure": pressure, "data": data })
    };
    let readings: Vec<_> = (1..=7).map(reading).collect();
    let stored = json!({ "revision": 1, "documents": { "readings": readings } });
    let config = json!({ "signalk-plugin-sdk": stored });
    let mut boat = Boat::launch(way.installed(), "signalk-weather-provider", &config);
    let tell = |boat: &mut Boat| {
        boat.tell(&[
            ("navigation.position", json!({ "latitude": 54.5, "longitude": 10.2 })),
            (PRESSURE, json!(99_900.0)),
            ("environment.outside.temperature", json!(288.15)),
            ("environment.wind.speedTrue", json!(7.5)),
        ]);
    };
    let here = format!("lat=54.5&lon=10.2&provider={}", boat.example);
    // The plugin looks a minute after its start.
    tell(&mut boat);
    boat.wait_for_line(0, "Pressure falling quickly");
    let is_raised = |message: &Value| {
        notification_state(message, &format!("notifications.{PRESSURE}")) == Some("warn")
    };
    boat.stream.wait_for("the warning", PATIENCE, is_raised).unwrap();
    assert_eq!(boat.documents()["readings"][0]["pressure"], 99_900.0);
    for _ in 0..2 {
        let observed = boat.get(&format!("{API}/observations?{here}"));
        assert_eq!(observed[0]["outside"]["pressure"], 99_900.0, "{observed}");
        assert_eq!(observed[0]["outside"]["temperature"], 288.15);
        assert_eq!(observed[0]["wind"]["speedTrue"], 7.5);
        let one = boat.get(&format!("{API}/observations?{here}&count=1"));
        assert_eq!(one.as_array().unwrap().len(), 1);
        let forecast = boat.get(&format!("{API}/forecasts/point?{here}"));
        assert_eq!(forecast.as_array().unwrap().len(), 3, "{forecast}");
        assert!(forecast[2]["outside"]["pressure"].as_f64().unwrap() < 99_900.0, "{forecast}");
        let daily = boat.get(&format!("{API}/forecasts/daily?{here}"));
        assert_eq!(daily, json!([]));
        let warnings = boat.get(&format!("{API}/warnings?{here}"));
        let details = warnings[0]["details"].as_str().unwrap();
        assert!(details.starts_with("Pressure falling quickly"), "{warnings}");
        boat.restart();
        tell(&mut boat);
        boat.wait_for_line(0, "Pressure falling quickly");
    }
}
