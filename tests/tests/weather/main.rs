//! The weather example on real Signal K servers, with a web service on loopback that has a week of
//! weather, and fails in every way.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod embedded;

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use signalk_plugin_tests::delta::{dashboard_line, value};
use signalk_plugin_tests::env::{InstalledServer, plugin_folder};
use signalk_plugin_tests::http_stub::{self, Certificates, HttpStub};
use signalk_plugin_tests::recorded::Recorded;
use signalk_plugin_tests::{Server, Socket, Stream, Way, cases};

const PLUGIN: &str = "signalk-weather";
const FORECAST: &str = "/v1/forecast";
/// It looks for itself each 10 s, and gives a service 30 s.
const PATIENCE: Duration = Duration::from_secs(90);

cases! {
    [server]
    the_weather_is_fetched_served_and_kept
}

struct Boat {
    stub: HttpStub,
    config: Value,
    gps: Socket,
    stream: Stream,
    server: Server,
}

fn the_weather_is_fetched_served_and_kept(way: Way) {
    let mut boat = Boat::launch(way.installed());
    boat.without_a_position_nobody_is_asked();
    let recorded = boat.the_forecast_is_served_and_published();
    boat.whatever_the_service_does_the_last_forecast_is_served(&recorded);
    boat.a_boat_that_has_moved_far_gets_another_forecast();
    boat.a_restart_without_a_network_serves_the_last_forecast();
}

impl Boat {
    fn launch(installed: InstalledServer) -> Self {
        let certificates = Certificates::new().unwrap();
        let stub = HttpStub::tls(&certificates.good().unwrap()).unwrap();
        // As a form has it, whose fields have one line.
        let certificate = certificates.ca_pem().replace('\n', " ");
        let config = json!({ "baseUrl": stub.url(), "certificate": certificate });
        let folder = plugin_folder(PLUGIN).unwrap();
        let server = Server::builder(installed).enabled_plugin(folder, &config).start().unwrap();
        let (gps, stream) = (server.client().unwrap(), server.stream().unwrap());
        Self { stub, config, gps, stream, server }
    }

    fn is_at(&mut self, latitude: f64) {
        let position = json!({ "latitude": latitude, "longitude": 10.2 });
        // A new one each time: the server ends one on which it hears nothing for a while.
        self.gps = self.server.client().unwrap();
        self.gps.tell("test.gps", &[("navigation.position", position)]).unwrap();
    }

    /// Saves the configuration again, with which everything begins anew but what is stored.
    fn start_anew(&self) -> usize {
        let from = self.stream.position();
        self.server.rest().save_config(PLUGIN, &self.config).unwrap();
        from
    }

    fn wait_for_line(&self, from: usize, parts: &[&str]) {
        let is_it = |message: &Value| {
            dashboard_line(message, PLUGIN)
                .is_some_and(|line| parts.iter().all(|part| line.text.contains(part)))
        };
        self.stream.wait_for_after(from, &format!("{parts:?}"), PATIENCE, is_it).unwrap();
    }

    /// What the server's weather API answers for a place of that latitude.
    fn weather(&self, kind: &str, latitude: f64) -> Value {
        let path = format!("/signalk/v2/api/weather/{kind}?lat={latitude}&lon=10.2");
        let (status, body) = self.server.rest().get(&path).unwrap();
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn is_served(&self, recorded: &Recorded) {
        // Of the hour in which it was asked for, or of the next, where that has just begun.
        let before = SystemTime::now();
        let hours = self.weather("forecasts/point", 54.5);
        recorded
            .check_hours(&hours, before)
            .or_else(|_| recorded.check_hours(&hours, SystemTime::now()))
            .unwrap();
        recorded.check_days(&self.weather("forecasts/daily", 54.5)).unwrap();
    }

    fn without_a_position_nobody_is_asked(&self) {
        self.wait_for_line(0, &["Position unknown: the forecast is not there yet"]);
        assert_eq!(self.stub.connections(), 0);
        assert_eq!(self.weather("forecasts/point", 54.5), json!([]));
    }

    fn the_forecast_is_served_and_published(&mut self) -> Recorded {
        let recorded = Recorded::beginning_on_the_day_of(SystemTime::now()).unwrap();
        self.stub.answer(FORECAST, http_stub::Answer::new(200).gzip(recorded.text()));
        self.is_at(54.5);
        self.wait_for_line(0, &["The forecast is 0 min old"]);
        let asked = self.stub.wait_for_request(0, PATIENCE).unwrap();
        assert!(asked.path.contains("latitude=54.5&longitude=10.2"), "{}", asked.path);
        self.is_served(&recorded);
        let observations = self.weather("observations", 54.5);
        recorded.check_current(&observations[0]).unwrap();
        assert_eq!(self.weather("forecasts/point", 52.0), json!([]), "a place far away");
        let path = "environment.outside.temperature";
        let published = |message: &Value| value(message, path).is_some();
        let found = self.stream.wait_for_after(0, path, PATIENCE, published).unwrap();
        let kelvins = value(&found.message, path).and_then(Value::as_f64).unwrap();
        assert!((kelvins - recorded.temperature()).abs() < 1e-4, "{kelvins}");
        let node = self.server.rest().own("environment.forecast.windSpeed").unwrap().unwrap();
        assert_eq!(node["meta"]["units"], "m/s", "{node}");
        // A plotter that was switched off.
        let nowhere = json!({ "latitude": 0.0, "longitude": 0.0 });
        self.gps.tell("test.gps", &[("navigation.position", nowhere)]).unwrap();
        let asked = self.stub.connections();
        thread::sleep(Duration::from_secs(12));
        let found = self.server.rest().own(path).unwrap().unwrap()["value"].clone();
        assert_eq!(found.as_f64(), Some(kelvins));
        assert_eq!(self.stub.connections(), asked, "nobody asks for there");
        self.is_at(54.5);
        recorded
    }

    fn whatever_the_service_does_the_last_forecast_is_served(&mut self, recorded: &Recorded) {
        use http_stub::Answer;

        let half = Answer::ok(recorded.text()).half_body();
        for (answer, reason) in [
            (Answer::close(), "the connection ended before the answer did"),
            (half, "the connection ended before the answer did"),
            (Answer::new(500).body("{\"reason\":\"out of order\"}"), "answered 500: "),
            (Answer::ok(vec![b' '; 2_000_000]), "more than the 100000 bytes"),
            (Answer::ok("{\"current\":[]}"), "the answer is not what was expected: current"),
            (Answer::ok("<html>"), "not JSON"),
            (Answer::hang(), "no answer within 30 s"),
        ] {
            self.stub.answer(FORECAST, answer);
            // Far enough to be asked for anew, and near enough for what is there to be served.
            let from = self.start_anew();
            self.is_at(54.8);
            self.wait_for_line(from, &["Offline: the forecast is ", reason]);
            self.is_served(recorded);
        }
        self.stub.refuse().unwrap();
        let from = self.start_anew();
        self.is_at(54.8);
        self.wait_for_line(from, &["Offline: the forecast is ", "no connection"]);
        self.is_served(recorded);
        self.stub.listen_again().unwrap();
    }

    fn a_boat_that_has_moved_far_gets_another_forecast(&mut self) {
        let recorded = Recorded::beginning_on_the_day_of(SystemTime::now()).unwrap();
        self.stub.answer(FORECAST, http_stub::Answer::ok(recorded.text()));
        let from = self.start_anew();
        self.is_at(56.0);
        self.wait_for_line(from, &["The forecast is 0 min old"]);
        recorded.check_days(&self.weather("forecasts/daily", 56.0)).unwrap();
        assert_eq!(self.weather("forecasts/daily", 54.5), json!([]));
        // And back.
        self.is_at(54.5);
        let began = Instant::now();
        while self.weather("forecasts/daily", 54.5) == json!([]) {
            assert!(began.elapsed() < PATIENCE, "it was not asked for anew");
            thread::sleep(Duration::from_millis(200));
        }
        self.is_served(&recorded);
    }

    fn a_restart_without_a_network_serves_the_last_forecast(mut self) {
        let recorded = Recorded::beginning_on_the_day_of(SystemTime::now()).unwrap();
        self.stub.refuse().unwrap();
        self.server.restart().unwrap();
        self.stream = self.server.stream().unwrap();
        self.wait_for_line(0, &["Position unknown: the forecast is 0 min old"]);
        self.is_served(&recorded);
        self.is_at(54.8);
        self.wait_for_line(0, &["Offline: the forecast is ", "no connection"]);
        self.is_served(&recorded);
    }
}
