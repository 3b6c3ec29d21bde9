use std::f64::consts::PI;
use std::net::{Ipv4Addr, UdpSocket};
use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_sdk::testing::{OTHER_VESSEL, TestHost};

use super::{Nmea0183, sentence};

/// A chart plotter on this machine: what it hears is what the plugin sends.
struct Boat {
    host: TestHost<Nmea0183>,
    plotter: UdpSocket,
    /// Where the plugin receives.
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
        let config = json!({ "receivePort": port, "sendHost": "127.0.0.1", "sendPort": send_port });
        let host = TestHost::start(&config.to_string());
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

    fn status(&self) -> String {
        self.host.status().unwrap()
    }
}

/// A sentence with its checksum, from what is between `$` and `*`.
fn line(body: &str) -> String {
    sentence::line(&[body])
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
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
    boat.host.receive_from(OTHER_VESSEL, "navigation.headingTrue", 2.0);
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
    assert_near(boat.number("environment.depth.belowTransducer"), 11.1);
    assert_near(boat.number("navigation.headingTrue"), 274.07f64.to_radians());
    assert_near(boat.number("environment.wind.angleApparent"), (-145.2f64).to_radians());
    assert_near(boat.number("environment.wind.speedApparent"), 10.0 * 1852.0 / 3600.0);
    assert_eq!(boat.status(), "0 sent; 3 received, 0 unknown, 0 broken");

    boat.tell(line("SDDPT,2.5,0.5,100") + &line("HCHDM,360.0,M") + &line("WIMWV,090,T,36.0,K,A"));
    assert_near(boat.number("environment.depth.belowTransducer"), 2.5);
    assert_near(boat.number("navigation.headingMagnetic"), 0.0);
    assert_near(boat.number("environment.wind.angleTrueWater"), PI / 2.0);
    assert_near(boat.number("environment.wind.speedTrue"), 10.0);
}

#[test]
fn an_instrument_without_a_value_makes_none() {
    let mut boat = Boat::new();
    boat.tell(line("SDDBT,,f,,M,,F") + &line("WIMWV,,R,,,V") + &line("HEHDT,,T"));
    assert_eq!(boat.status(), "0 sent; 3 received, 0 unknown, 0 broken");
    assert!(boat.number("environment.depth.belowTransducer").is_nan());
    assert!(boat.number("environment.wind.speedApparent").is_nan());
}

#[test]
fn what_is_unknown_or_broken_is_counted_and_publishes_nothing() {
    let mut boat = Boat::new();
    boat.tell("!AIVDM,1,1,,A,14eG;o@034o8sd<L9i:a;WF>062D,0*7D\r\n".to_owned() + &line("GPZDA,x"));
    assert_eq!(boat.status(), "0 sent; 0 received, 2 unknown, 0 broken");

    let broken = [
        "$SDDBT,36.4,f,11.1,M,6.0,F*01".to_owned(), // a wrong checksum
        "$SDDBT,36.4,f,11.1,M,6.0,F".to_owned(),
        "$SDDBT,36.4,f,11.1,M,6.0,F*".to_owned(),
        "SDDBT,36.4,f,11.1,M,6.0,F*00".to_owned(),
        "$".to_owned(),
        "*".to_owned(),
        line("SDDBT,,f,nan,M,,F"),
        line("SDDBT,,f,-2.0,M,,F"),
        line("SDDBT,,f,1e3,M,,F"),
        line("SDDBT,,f,.,M,,F"),
        line("SDDBT,,f,1.2.3,M,,F"),
        line("SDDBT,,f,99999999999999999999,M,,F"),
        line("HEHDT,360.1,T"),
        line("WIMWV,10.0,X,1.0,N,A"),
        line("WIMWV,10.0,R,1.0,Q,A"),
    ];
    boat.tell(broken.join("\n"));
    assert_eq!(boat.status(), format!("0 sent; 0 received, 2 unknown, {} broken", broken.len()));
    boat.tell([b'$', 0xff, 0xfe, b'*', b'0', b'0']);
    boat.tell("x".repeat(60_000));
    assert!(boat.status().ends_with("17 broken"), "{}", boat.status());
    assert!(boat.number("environment.depth.belowTransducer").is_nan());
    assert_eq!(boat.host.error(), None);
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
    let mut host = TestHost::<Nmea0183>::start("{}");
    host.receive("navigation.headingTrue", 1.0);
    host.advance(Duration::from_secs(1));
    assert_eq!(host.status().unwrap(), "0 sent; 0 received, 0 unknown, 0 broken");
    host.configure(r#"{"sendHost":"127.0.0.1"}"#);
    assert_eq!(host.error().unwrap(), "Configuration: sendPort: found 0, expected 1 to 65535");
}

#[test]
fn without_the_capability_the_status_says_which_one() {
    let mut host = TestHost::<Nmea0183>::new();
    host.withhold("rawSockets");
    host.configure("{}");
    assert!(host.error().unwrap().contains("rawSockets"), "{:?}", host.error());
}
