#![allow(clippy::disallowed_methods, reason = "tests run on the machine itself, beside the plugin")]

use std::f64::consts::PI;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_sdk::testing::{Event, OTHER_VESSEL, TestHost};

use super::{Nmea0183, sentence};

/// A chart plotter on this machine: what it hears is what the plugin sends.
struct Boat {
    host: TestHost<Nmea0183>,
    plotter: UdpSocket,
    /// The port on which the plugin receives.
    port: u16,
}

impl Boat {
    fn new() -> Self {
        let plotter = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        plotter.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        // A port that was free a moment ago.
        let port =
            UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap().local_addr().unwrap().port();
        let send_port = plotter.local_addr().unwrap().port();
        let connection = json!({
            "type": "udp",
            "receivePort": port,
            "sendHost": "127.0.0.1",
            "sendPort": send_port,
        });
        let host = TestHost::start(&json!({ "connection": connection }).to_string());
        Self { host, plotter, port }
    }

    fn heard(&self) -> String {
        let mut buffer = [0; 1024];
        let length = self.plotter.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    }

    /// Sends a datagram, and lets the plugin look until its status has changed.
    fn tell(&mut self, datagram: impl AsRef<[u8]>) {
        let before = self.host.status();
        self.plotter.send_to(datagram.as_ref(), (Ipv4Addr::LOCALHOST, self.port)).unwrap();
        for _ in 0..100 {
            std::thread::sleep(Duration::from_millis(10));
            self.host.advance(Duration::from_secs(1));
            if self.host.status() != before {
                return;
            }
        }
        panic!("nothing arrived: {:?}, {:?}", self.host.status(), self.host.error());
    }

    fn number(&self, path: &str) -> f64 {
        self.host.value(path).as_ref().and_then(Value::as_f64).unwrap_or(f64::NAN)
    }

    /// Tells sentences, from what is between `$` and `*` of each.
    fn say(&mut self, bodies: &[&str]) {
        self.tell(bodies.iter().map(|body| line(body)).collect::<String>());
    }

    #[track_caller]
    fn assert_number(&self, path: &str, expected: f64) {
        let found = self.number(path);
        assert!((found - expected).abs() < 1e-9, "{path}: {found} is not {expected}");
    }

    #[track_caller]
    fn assert_position(&self, latitude: f64, longitude: f64) {
        let position = self.host.value("navigation.position").unwrap();
        let is_near = |key, expected: f64| {
            position[key].as_f64().is_some_and(|found| (found - expected).abs() < 1e-9)
        };
        assert!(is_near("latitude", latitude) && is_near("longitude", longitude), "{position}");
    }

    #[track_caller]
    fn assert_cleared(&self, path: &str) {
        assert_eq!(self.host.value(path), Some(Value::Null), "{path}");
    }

    fn status(&self) -> String {
        self.host.status().unwrap()
    }
}

const DEPTH: &str = "environment.depth.belowTransducer";

/// A sentence with its checksum and its end, from what is between `$` and `*`.
fn line(body: &str) -> String {
    sentence::line(&[body]) + "\r\n"
}

#[test]
fn what_other_sources_tell_goes_out_as_sentences() {
    let mut boat = Boat::new();
    boat.host.receive("navigation.headingTrue", PI / 2.0);
    // The checksums are worked out by another program.
    assert_eq!(boat.heard(), "$IIHDT,90.0,T*1B\r\n");
    boat.host.receive("environment.depth.belowTransducer", 12.34);
    assert_eq!(boat.heard(), "$IIDBT,,f,12.3,M,,F*21\r\n");
    boat.host.receive("environment.wind.speedApparent", 7.25);
    boat.host.receive("environment.wind.angleApparent", -PI / 4.0);
    assert_eq!(boat.heard(), "$IIMWV,315.0,R,7.3,M,A*3D\r\n");
    boat.host.advance(Duration::from_secs(1));
    assert_eq!(boat.status(), "3 sent; 0 received, 0 unknown, 0 broken");
}

#[test]
fn an_angle_is_never_a_full_turn() {
    for (radians, text) in [
        (0.0, "0.0"),
        (-1e-9, "0.0"),
        (359.96f64.to_radians(), "0.0"),
        (-0.1f64.to_radians(), "359.9"),
    ] {
        assert_eq!(sentence::degrees(radians), text, "{radians}");
    }
    assert_eq!(sentence::tenths(-0.26), "-0.3");
}

#[test]
fn an_angle_of_the_wind_waits_for_a_speed_that_belongs_to_it() {
    let mut boat = Boat::new();
    boat.host.receive("environment.wind.angleApparent", 1.0);
    boat.host.receive("environment.wind.speedApparent", 5.0);
    boat.host.advance(Duration::from_secs(6));
    boat.host.receive("environment.wind.angleApparent", 1.0);
    boat.host.receive("navigation.headingTrue", 0.0);
    assert_eq!(boat.heard(), "$IIHDT,0.0,T*22\r\n", "no wind before it");
}

#[test]
fn values_that_are_cleared_or_of_other_vessels_are_not_sent() {
    let mut boat = Boat::new();
    boat.host.receive("navigation.headingTrue", None::<f64>);
    boat.host.receive_other(OTHER_VESSEL, "navigation.headingTrue", 2.0);
    boat.host.receive("navigation.headingTrue", "north");
    assert!(boat.host.error().unwrap().contains("found the text \"north\", expected a number"));
    boat.host.receive("navigation.headingTrue", 0.0);
    assert_eq!(boat.heard(), "$IIHDT,0.0,T*22\r\n");
}

#[test]
fn depth_wind_and_heading_become_deltas_in_si_units() {
    let mut boat = Boat::new();
    // Several in a datagram, with either end.
    boat.tell("$SDDBT,36.4,f,11.1,M,6.0,F*00\r\n$HEHDT,274.07,T*19\n$WIMWV,214.8,R,10.0,N,A*1D");
    boat.assert_number(DEPTH, 11.1);
    boat.assert_number("navigation.headingTrue", 274.07f64.to_radians());
    boat.assert_number("environment.wind.angleApparent", (-145.2f64).to_radians());
    boat.assert_number("environment.wind.speedApparent", 10.0 * 1852.0 / 3600.0);
    assert_eq!(boat.status(), "0 sent; 3 received, 0 unknown, 0 broken");

    boat.say(&[
        "SDDPT,2.5,0.5,100",
        "HCHDM,360.0,M",
        "WIMWV,090,T,36.0,K,A",
        "WIMWD,90,T,,M,,N,5,M",
    ]);
    boat.assert_number(DEPTH, 2.5);
    boat.assert_number("environment.depth.belowSurface", 3.0);
    boat.assert_number("navigation.headingMagnetic", 0.0);
    boat.assert_number("environment.wind.angleTrueWater", PI / 2.0);
    boat.assert_number("environment.wind.speedTrue", 10.0);
    boat.assert_number("environment.wind.directionTrue", PI / 2.0);
    boat.assert_number("environment.wind.speedOverGround", 5.0);

    boat.say(&["SDDPT,2.5,-0.5", "SDDBT,10.0,f,,M,,F"]);
    boat.assert_number("environment.depth.belowKeel", 2.0);
    boat.assert_number("environment.depth.transducerToKeel", 0.5);
    boat.assert_number(DEPTH, 3.048);
}

#[test]
fn receivers_tell_position_course_speed_and_time() {
    let mut boat = Boat::new();
    boat.say(&[
        "GPRMC,123000.50,A,5430.60,N,01012.00,W,10.0,090.0,310126,2.5,W,A",
        "GPGGA,123000,5430.60,N,01012.00,W,2,9,0.9,12.5,M,45.0,M,,",
        "GPVTG,90.0,T,92.5,M,,N,36.0,K,A",
    ]);
    boat.assert_position(54.51, -10.2);
    boat.assert_number("navigation.speedOverGround", 10.0);
    boat.assert_number("navigation.courseOverGroundTrue", PI / 2.0);
    boat.assert_number("navigation.courseOverGroundMagnetic", 92.5f64.to_radians());
    boat.assert_number("navigation.magneticVariation", -2.5f64.to_radians());
    boat.assert_number("navigation.gnss.satellites", 9.0);
    boat.assert_number("navigation.gnss.antennaAltitude", 12.5);
    let text = |boat: &Boat, path| boat.host.value(path).unwrap();
    assert_eq!(text(&boat, "navigation.datetime"), "2026-01-31T12:30:00.50Z");
    assert_eq!(text(&boat, "navigation.gnss.methodQuality"), "DGNSS fix");

    boat.say(&["GPGLL,0000.60,S,17959.40,E,123001,A", "GPZDA,235960,31,12,2026,00,00"]);
    boat.assert_position(-0.01, 179.99);
    assert_eq!(text(&boat, "navigation.datetime"), "2026-12-31T23:59:60Z");
}

#[test]
fn compass_log_rudder_and_autopilot_are_read() {
    let mut boat = Boat::new();
    boat.say(&[
        "HCHDG,359.0,2.0,E,3.0,W",
        "VWVHW,10.0,T,13.0,M,5.0,N,9.3,K",
        "VWVLW,1000.0,N,12.5,N",
        "TIROT,-60.0,A",
        "IIRSA,-5.0,A,,V",
        "GPAPB,A,A,0.10,R,N,V,V,011,M,DEST,012,M,013,M",
    ]);
    boat.assert_number("navigation.headingCompass", 359f64.to_radians());
    boat.assert_number("navigation.magneticDeviation", 2f64.to_radians());
    boat.assert_number("navigation.magneticVariation", -3f64.to_radians());
    // Of the log, which came later.
    boat.assert_number("navigation.headingMagnetic", 13f64.to_radians());
    boat.assert_number("navigation.headingTrue", 10f64.to_radians());
    boat.assert_number("navigation.speedThroughWater", 5.0 * 1852.0 / 3600.0);
    boat.assert_number("navigation.log", 1_852_000.0);
    boat.assert_number("navigation.trip.log", 12.5 * 1852.0);
    boat.assert_number("navigation.rateOfTurn", -PI / 180.0);
    boat.assert_number("steering.rudderAngle", -5f64.to_radians());
    // To steer to the right is to be on the left.
    boat.assert_number("navigation.courseRhumbline.crossTrackError", -185.2);
    boat.assert_number("navigation.courseRhumbline.bearingTrackMagnetic", 11f64.to_radians());
    boat.assert_number("steering.autopilot.target.headingMagnetic", 13f64.to_radians());
    boat.say(&["HCHDG,359.0,2.0,E,,"]);
    boat.assert_number("navigation.headingMagnetic", 1f64.to_radians());
}

#[test]
fn transducers_are_known_by_their_names() {
    let mut boat = Boat::new();
    boat.say(&[
        "IIXDR,C,19.5,C,TempAir,P,1.0132,B,Barometer,H,60,P,Air",
        "IIXDR,A,-3.0,D,PTCH,A,10.0,D,ROLL",
        "WIMTW,18.5,C",
        "IIXDR,U,12.6,V,BATT",
    ]);
    boat.assert_number("environment.outside.temperature", 292.65);
    boat.assert_number("environment.outside.pressure", 101_320.0);
    boat.assert_number("environment.outside.relativeHumidity", 0.6);
    boat.assert_number("environment.water.temperature", 291.65);
    let attitude = boat.host.value("navigation.attitude").unwrap();
    let (roll, pitch) = (10f64.to_radians(), -3f64.to_radians());
    assert_eq!(attitude, json!({ "roll": roll, "pitch": pitch, "yaw": null }));
    assert_eq!(boat.status(), "0 sent; 3 received, 1 unknown, 0 broken");
}

#[test]
fn an_instrument_that_has_no_value_any_more_clears_what_it_told_once() {
    let mut boat = Boat::new();
    let cleared = |boat: &Boat| {
        let is_clearing = |event: &&Event| match event {
            Event::Delta { delta, .. } => delta.to_string().contains("null"),
            _ => false,
        };
        boat.host.events().iter().filter(is_clearing).count()
    };
    boat.tell("$SDDBT,12.0,f,3.6,M,2.0,F*32\r\n$IIHDT,123.4,T*26\r\n$WIMWV,45.0,R,5.0,M,A*14");
    boat.assert_number(DEPTH, 3.6);
    assert_eq!(cleared(&boat), 0);
    boat.tell("$SDDBT,,f,,M,,F*28\r\n$IIHDT,,T*0C\r\n$WIMWV,,R,,M,V*37");
    for path in [
        DEPTH,
        "navigation.headingTrue",
        "environment.wind.angleApparent",
        "environment.wind.speedApparent",
    ] {
        boat.assert_cleared(path);
    }
    assert_eq!(cleared(&boat), 3, "one delta for each sentence");
    boat.tell("$SDDBT,,f,,M,,F*28\r\n$IIHDT,,T*0C\r\n$WIMWV,,R,,M,V*37");
    assert_eq!(cleared(&boat), 3);
    // It finds the bottom again, and loses it with a number that no sea has.
    boat.say(&["SDDBT,,f,4.5,M,,F"]);
    boat.assert_number(DEPTH, 4.5);
    boat.say(&["SDDBT,,f,42949672.9,M,,F"]);
    boat.assert_cleared(DEPTH);
}

#[test]
fn a_receiver_without_a_fix_clears_the_position_and_all_that_goes_with_it() {
    let mut boat = Boat::new();
    for lost in [
        "GPRMC,123001,V,5430.60,N,01012.00,E,10.0,090.0,310126,,",
        "GPRMC,123001,V,,,,,,,310126,,",
        "GPRMC,123001,A,0000.00,N,00000.00,E,,,310126,,",
    ] {
        boat.say(&["GPRMC,123000,A,5430.60,N,01012.00,E,10.0,090.0,310126,,"]);
        assert!(boat.host.value("navigation.position").unwrap().is_object());
        boat.say(&[lost]);
        boat.assert_cleared("navigation.position");
        boat.assert_cleared("navigation.speedOverGround");
    }
}

#[test]
fn empty_fields_do_not_clear_what_another_sentence_tells() {
    let mut boat = Boat::new();
    boat.say(&["HEHDT,90.0,T", "VWVHW,,T,,M,5.0,N,9.3,K"]);
    boat.assert_number("navigation.headingTrue", PI / 2.0);
    boat.assert_number("navigation.speedThroughWater", 5.0 * 1852.0 / 3600.0);
}

#[test]
fn what_multiplexers_put_in_front_is_passed_over() {
    let mut boat = Boat::new();
    boat.tell(
        "\\c:1754242770*5A\\$WIMWV,45.0,R,5.0,M,A*14\r\n\\g:1-2-3*00\\\\s:x*00\\$IIHDT,90.0,T*1B",
    );
    boat.assert_number("environment.wind.angleApparent", PI / 4.0);
    boat.assert_number("navigation.headingTrue", PI / 2.0);
    boat.tell("\\c:1754242770*5A$IIHDT,91.0,T*1A");
    assert_eq!(boat.status(), "0 sent; 2 received, 0 unknown, 1 broken");
}

#[test]
fn an_angle_below_zero_is_to_port() {
    let mut boat = Boat::new();
    boat.tell("$WIMWV,-45.0,R,5.0,M,A*39");
    boat.assert_number("environment.wind.angleApparent", -PI / 4.0);
}

#[test]
fn sentences_without_a_checksum_are_taken_if_the_owner_says_so() {
    let mut boat = Boat::new();
    boat.tell("$WIMWV,45.0,R,5.0,M,A\r\n");
    assert_eq!(boat.status(), "0 sent; 0 received, 0 unknown, 1 broken");
    let connection = json!({ "type": "udp", "receivePort": boat.port });
    let config = json!({ "connection": connection, "withoutChecksum": true });
    boat.host.configure(&config.to_string());
    boat.tell("$WIMWV,45.0,R,5.0,M,A\r\n");
    boat.assert_number("environment.wind.angleApparent", PI / 4.0);
    // One that is there has to be right.
    boat.tell("$WIMWV,46.0,R,5.0,M,A*00\r\n");
    assert_eq!(boat.status(), "0 sent; 1 received, 0 unknown, 1 broken");
}

#[test]
fn what_is_unknown_or_broken_is_counted_and_publishes_nothing() {
    let mut boat = Boat::new();
    boat.tell("!AIVDM,1,1,,A,14eG;o@034o8sd<L9i:a;WF>062D,0*7D\r\n".to_owned() + &line("PAMWV,x"));
    assert_eq!(boat.status(), "0 sent; 0 received, 2 unknown, 0 broken");

    let broken = [
        "$SDDBT,36.4,f,11.1,M,6.0,F*01".to_owned(), // a wrong checksum
        "$SDDBT,36.4,f,11.1,M,6.0,F".to_owned(),
        "$SDDBT,36.4,f,11.1,M,6.0,F*".to_owned(),
        "SDDBT,36.4,f,11.1,M,6.0,F*00".to_owned(),
        "$".to_owned(),
        "*".to_owned(),
        "\\".to_owned(),
        line("SDDBT,,f,nan,M,,F"),
        line("SDDBT,,f,1e3,M,,F"),
        line("SDDBT,,f,.,M,,F"),
        line("SDDBT,,f,1.2.3,M,,F"),
        line("SDDBT,,f,99999999999999999999999,M,,F"),
        line("WIMWV,10.0,X,1.0,N,A"),
        line("WIMWV,10.0,R,1.0,Q,A"),
        line("GPGLL,5460.00,N,01012.00,E,1,A"),
        line("GPGLL,5430.00,X,01012.00,E,1,A"),
        line("GPZDA,12x000,31,12,2026,,"),
    ];
    boat.tell(broken.join("\n"));
    assert_eq!(boat.status(), format!("0 sent; 0 received, 2 unknown, {} broken", broken.len()));
    boat.tell([b'$', 0xff, 0xfe, b'*', b'0', b'0']);
    boat.tell("x".repeat(60_000));
    assert!(boat.status().ends_with(&format!("{} broken", broken.len() + 2)), "{}", boat.status());
    assert_eq!(boat.host.value(DEPTH), None);
    assert_eq!(boat.host.error(), None);
}

#[test]
fn numbers_that_cannot_be_are_no_values() {
    let mut boat = Boat::new();
    boat.say(&[
        "SDDBT,,f,-2.0,M,,F",
        "HEHDT,360.1,T",
        "WIMWV,10,R,999.9,N,A",
        "WIMTW,999.9,C",
        "GPGLL,9130.00,N,01012.00,E,1,A",
        "GPZDA,126000,31,12,2026,,",
        "GPZDA,120000,31,12,1970,,",
    ]);
    assert_eq!(boat.status(), "0 sent; 7 received, 0 unknown, 0 broken");
    boat.assert_number("environment.wind.angleApparent", 10f64.to_radians());
    for path in [DEPTH, "navigation.headingTrue", "navigation.position", "navigation.datetime"] {
        assert_eq!(boat.host.value(path), None, "{path}");
    }
}

#[test]
fn a_gateway_on_tcp_is_read_and_written_to() {
    let gateway = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = gateway.local_addr().unwrap().port();
    let connection = json!({ "type": "tcp", "host": "127.0.0.1", "port": port, "sends": true });
    let config = json!({ "connection": connection });
    let mut host = TestHost::<Nmea0183>::start(&config.to_string());
    host.advance(Duration::from_secs(1));
    let (mut peer, _) = gateway.accept().unwrap();
    peer.write_all(b"$SDDBT,36.4,f,11.1,M,6.0,F*00\r\n$IIHDT,12").unwrap();
    until(&mut host, |host| host.value(DEPTH) == Some(json!(11.1)));
    // The rest of a sentence comes later.
    peer.write_all(b"3.4,T*26\r\n").unwrap();
    until(&mut host, |host| host.value("navigation.headingTrue").is_some());
    host.receive("environment.depth.belowTransducer", 12.34);
    assert_eq!(next_line(&mut peer), "$IIDBT,,f,12.3,M,,F*21\r\n");
}

#[track_caller]
fn until(host: &mut TestHost<Nmea0183>, holds: impl Fn(&TestHost<Nmea0183>) -> bool) {
    for _ in 0..100 {
        if holds(host) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
        host.advance(Duration::from_secs(1));
    }
    panic!("{:?}, {:?}", host.status(), host.error());
}

fn next_line(peer: &mut TcpStream) -> String {
    peer.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut line = Vec::new();
    while line.last() != Some(&b'\n') {
        let mut byte = [0];
        peer.read_exact(&mut byte).unwrap();
        line.push(byte[0]);
    }
    String::from_utf8(line).unwrap()
}

#[test]
fn what_came_from_the_network_does_not_go_back_there() {
    let mut boat = Boat::new();
    boat.tell(line("HEHDT,10.0,T"));
    assert!(boat.number("navigation.headingTrue").is_finite());
    boat.host.receive("environment.depth.belowTransducer", 1.0);
    assert!(boat.heard().starts_with("$IIDBT"), "no heading before it");
}

#[test]
fn a_stop_closes_the_socket_and_a_restart_opens_it_again() {
    let mut boat = Boat::new();
    boat.host.stop();
    assert_eq!(boat.host.open_sockets(), 0);
    boat.host.restart_server();
    assert_eq!(boat.host.open_sockets(), 1);
    boat.tell(line("HEHDT,10.0,T"));
    assert_eq!(boat.status(), "0 sent; 1 received, 0 unknown, 0 broken");
}

#[test]
fn without_settings_nothing_is_sent_and_a_missing_port_is_named() {
    let mut host = TestHost::<Nmea0183>::start_default();
    host.receive("navigation.headingTrue", 1.0);
    host.advance(Duration::from_secs(1));
    assert_eq!(host.status().unwrap(), "0 sent; 0 received, 0 unknown, 0 broken");
    host.configure(r#"{"connection":{"type":"udp","sendHost":"127.0.0.1"}}"#);
    let error = host.error().unwrap();
    assert!(error.ends_with("found 0, expected 1 to 65535"), "{error}");
}

#[test]
fn without_the_capability_the_status_says_which_one() {
    let mut host = TestHost::<Nmea0183>::new();
    host.deny_capability("rawSockets");
    host.configure("{}");
    assert!(host.error().unwrap().contains("rawSockets"), "{:?}", host.error());
}
