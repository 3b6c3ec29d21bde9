#![allow(clippy::disallowed_methods, reason = "tests run on the machine itself, beside the plugin")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use signalk_plugin_sdk::testing::{Event, TestHost};

use super::Weather;

type Host = TestHost<Weather>;

const RECORDED: &str = include_str!("../recorded/forecast.json");
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const KEY: &str = "k3y/with&signs";

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// What a peer does with a connection: this is sent, and it is held or closed.
#[derive(Clone)]
struct Reply(String, bool);

/// A web service on loopback that answers as it is told, and keeps what it was asked.
#[derive(Clone)]
struct Service {
    url: String,
    reply: Arc<Mutex<Reply>>,
    asked: Arc<Mutex<Vec<String>>>,
    /// How many answers were sent, each as far as it goes.
    answered: Arc<AtomicUsize>,
}

impl Service {
    fn new(body: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let reply = Arc::new(Mutex::new(Reply(ok(body), true)));
        let service = Self { url, reply, asked: Arc::default(), answered: Arc::default() };
        let served = service.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let served = served.clone();
                thread::spawn(move || served.serve(stream.unwrap()));
            }
        });
        service
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut request = Vec::new();
        let mut some = [0; 4096];
        while !request.ends_with(b"\r\n\r\n") {
            match stream.read(&mut some) {
                Ok(count) if count > 0 => request.extend_from_slice(&some[..count]),
                _ => return,
            }
        }
        self.asked.lock().unwrap().push(String::from_utf8(request).unwrap());
        let Reply(text, holds) = self.reply.lock().unwrap().clone();
        let _ = stream.write_all(text.as_bytes());
        self.answered.fetch_add(1, Ordering::SeqCst);
        // Until the plugin closes it.
        while holds && stream.read(&mut some).is_ok_and(|count| count > 0) {}
    }

    fn reply(&self, text: String) {
        *self.reply.lock().unwrap() = Reply(text, true);
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn config(&self) -> String {
        self.config_with(KEY)
    }

    fn config_with(&self, key: &str) -> String {
        json!({ "baseUrl": self.url, "apiKey": key }).to_string()
    }
}

/// Where nobody listens. A port that was free a moment ago may be that of another test by now.
fn nobody() -> String {
    "http://127.0.0.1:1".into()
}

fn place(latitude: f64) -> Value {
    json!({ "latitude": latitude, "longitude": 10.2 })
}

/// Has the plugin called, without any time passing for it, until it holds. Sockets are real ones and
/// take real time.
fn until(host: &mut Host, what: &str, holds: impl Fn(&Host) -> bool) {
    let began = Instant::now();
    while !holds(host) {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}: {:?}", host.status());
        host.receive("test.poke", 1.0);
        thread::sleep(Duration::from_millis(1));
    }
}

fn status(host: &Host) -> String {
    host.status().unwrap_or_else(|| panic!("{:?}", host.error()))
}

/// Lets the plugin ask, and waits for what comes of it.
fn asked(host: &mut Host, status_begins: &str) {
    host.advance(Duration::from_secs(10));
    until(host, status_begins, |host| status(host).starts_with(status_begins));
}

/// A boat in the Bay of Kiel that has got the recorded forecast.
fn informed(service: &Service) -> Host {
    informed_with(service, KEY)
}

fn informed_with(service: &Service, key: &str) -> Host {
    let mut host = Host::start(&service.config_with(key));
    host.receive("navigation.position", place(54.5));
    asked(&mut host, "The forecast is 0 min old");
    host
}

/// Whether a request is under way. What was begun in the last call connects in the next one.
fn is_asking(host: &mut Host) -> bool {
    host.receive("test.poke", 1.0);
    host.open_sockets() > 0
}

fn list(answer: Result<Value, String>) -> Vec<Value> {
    answer.unwrap().as_array().unwrap().clone()
}

fn observations(host: &mut Host, latitude: f64) -> Vec<Value> {
    list(host.weather_observations(&json!({ "position": place(latitude), "options": {} })))
}

fn forecasts(host: &mut Host, kind: &str, options: Value) -> Vec<Value> {
    let request = json!({ "position": place(54.5), "type": kind, "options": options });
    list(host.weather_forecasts(&request))
}

fn recorded() -> Value {
    serde_json::from_str(RECORDED).unwrap()
}

#[test]
fn the_request_names_the_place_to_a_kilometre_and_all_that_is_read() {
    let service = Service::new(RECORDED);
    let mut host = Host::start(&service.config());
    host.receive("navigation.position", json!({ "latitude": 54.49831, "longitude": -10.20449 }));
    asked(&mut host, "The forecast is 0 min old");
    let request = service.asked.lock().unwrap().remove(0);
    let target = request.split(' ').nth(1).unwrap();
    assert!(target.starts_with("/v1/forecast?"), "{target}");
    let query: Vec<_> = target.split(['?', '&']).skip(1).collect();
    for part in [
        "latitude=54.5",
        "longitude=-10.2",
        "wind_speed_unit=ms",
        "timeformat=unixtime",
        "timezone=auto",
    ] {
        assert!(query.contains(&part), "{part} in {target}");
    }
    assert!(query.contains(&"apikey=k3y%2Fwith%26signs"), "{target}");
    // Whatever the document has was asked for.
    let document = recorded();
    for (table, separator) in [("current", "%2C"), ("hourly", "%2C"), ("daily", ",")] {
        let names = query.iter().find_map(|it| it.strip_prefix(&format!("{table}="))).unwrap();
        let mut names: Vec<_> = names.split(separator).collect();
        let columns = document[table].as_object().unwrap().keys();
        let mut columns: Vec<_> = columns.filter(|it| *it != "time" && *it != "interval").collect();
        names.sort_unstable();
        columns.sort_unstable();
        assert_eq!(names, columns);
    }
}

#[test]
fn what_is_answered_is_the_document_in_si_units() {
    let mut document = recorded();
    for table in ["current", "hourly"] {
        let fill = |value: f64| match table {
            "current" => json!(value),
            _ => json!(vec![value; 168]),
        };
        for (name, value) in [
            ("temperature_2m", 14.3),
            ("relative_humidity_2m", 57.0),
            ("dew_point_2m", -5.5),
            ("apparent_temperature", 12.1),
            ("pressure_msl", 1013.7),
            ("cloud_cover", 29.0),
            ("visibility", 24_140.0),
            ("wind_speed_10m", 7.53),
            ("wind_direction_10m", 270.0),
            ("wind_gusts_10m", 11.9),
            ("precipitation", 0.3),
            ("weather_code", 63.0),
            ("uv_index", 1.25),
        ] {
            document[table][name] = fill(value);
        }
    }
    let service = Service::new(&document.to_string());
    let mut host = informed(&service);
    let expected = json!({
        "date": "2026-01-01T00:00:00.000Z",
        "description": "Rain",
        "outside": {
            "temperature": 287.45,
            "relativeHumidity": 0.57,
            "dewPointTemperature": 267.65,
            "feelsLikeTemperature": 285.25,
            "pressure": 101_370.0,
            "cloudCover": 0.29,
            "horizontalVisibility": 24_140.0,
            "precipitationVolume": 0.0003,
            "precipitationType": "rain",
            "uvIndex": 1.25,
        },
        "wind": { "speedTrue": 7.53, "directionTrue": 4.71239, "gust": 11.9 },
    });
    let mut observed = observations(&mut host, 54.5);
    assert_eq!(observed.len(), 1);
    assert_eq!(observed[0].as_object_mut().unwrap().remove("type").unwrap(), "observation");
    assert_eq!(observed[0], expected);
    let mut hours = forecasts(&mut host, "point", json!({}));
    // It is 00:00:10.
    assert_eq!(hours[0]["date"], "2026-01-01T01:00:00.000Z");
    assert_eq!(hours[0].as_object_mut().unwrap().remove("type").unwrap(), "point");
    hours[0]["date"] = expected["date"].clone();
    assert_eq!(hours[0], expected);

    for (path, value) in [
        ("outside.temperature", json!(287.45)),
        ("outside.dewPointTemperature", json!(267.65)),
        ("outside.pressure", json!(101_370)),
        ("outside.relativeHumidity", json!(0.57)),
        ("forecast.temperature", json!(287.45)),
        ("forecast.pressure", json!(101_370)),
        ("forecast.windSpeed", json!(7.53)),
        ("forecast.windGust", json!(11.9)),
        ("forecast.windDirection", json!(4.71239)),
        ("forecast.time", json!("2026-01-01T04:00:00.000Z")),
    ] {
        assert_eq!(host.value(&format!("environment.{path}")), Some(value), "{path}");
    }
    let units = |event: &Event| format!("{event:?}").contains("\"m/s\"");
    assert!(host.events().iter().any(units));
    assert_eq!(host.value("environment.wind.speedTrue"), None);
}

#[test]
fn days_have_their_own_values_and_the_sun() {
    let service = Service::new(RECORDED);
    let mut host = informed(&service);
    let days = forecasts(&mut host, "daily", json!({}));
    assert_eq!(days.len(), 7);
    let day = &days[1];
    assert_eq!(day["date"], "2026-01-01T23:00:00.000Z", "midnight in the Bay of Kiel");
    assert_eq!(day["type"], "daily");
    // 8.5 and 2.8 °C, 26.95 mm, 16.58 and 24.87 m/s from 188°, sun from 07:43 to 15:02.
    assert_eq!(day["description"], "Rain");
    assert_eq!(
        day["outside"],
        json!({
            "maxTemperature": 281.65,
            "minTemperature": 275.95,
            "precipitationVolume": 0.02695,
            "precipitationType": "rain",
            "uvIndex": 0.4,
        })
    );
    assert_eq!(day["wind"], json!({ "speedTrue": 16.58, "gust": 24.87, "directionTrue": 3.28122 }));
    assert_eq!(
        day["sun"],
        json!({ "sunrise": "2026-01-02T07:43:00.000Z", "sunset": "2026-01-02T15:02:00.000Z" })
    );
}

/// The recorded week, asked for so many minutes after it began.
fn later(minutes: i64) -> String {
    let time = |minutes: i64| format!("\"time\":{},\"interval\"", 1_767_225_600 + 60 * minutes);
    let text = RECORDED.replace(&time(0), &time(minutes));
    assert!(minutes == 0 || text != RECORDED);
    text
}

/// A failure with its own text, so that one can be told from the next.
fn failure(text: &str) -> String {
    format!("HTTP/1.1 500 X\r\nContent-Length: {}\r\n\r\n{text}", text.len())
}

#[test]
fn every_failure_keeps_the_last_good_forecast_and_says_why() {
    let body = RECORDED.len();
    let half = format!("HTTP/1.1 200 OK\r\nContent-Length: {body}\r\n\r\n{}", &RECORDED[..9000]);
    let cut = &RECORDED[..9000];
    let past = later(-3 * 60);
    let expected = "the answer is not what was expected: ";
    // What is told to those who need a key, too, and what to the others: the service may repeat it.
    let replies = [
        (Reply(String::new(), true), "no answer within 30 s: waiting for an answer", ""),
        (
            Reply(half.clone(), true),
            "no answer within 30 s: waiting for the rest of the answer",
            "",
        ),
        (Reply(half, false), "the connection ended before the answer did", ""),
        (
            Reply(failure("{\"reason\":\"tired\"}"), true),
            "answered 500",
            ": {\"reason\":\"tired\"}",
        ),
        (Reply(failure(&format!("no key {KEY} here")), true), "answered 500", ": no key "),
        (Reply(ok("<html>log in first</html>"), true), expected, "not JSON"),
        (Reply(ok(cut), true), expected, "hourly.wind_speed_10m: not JSON"),
        (Reply(ok(r#"{"error":true}"#), true), expected, "current is missing"),
        (Reply(ok(&format!(r#"{{"current":"wrong: {KEY}"}}"#)), true), expected, "current: found"),
        (
            Reply(ok(&RECORDED.replace("[1016.8,", "[\"high\",")), true),
            expected,
            "hourly.pressure_msl[0]: ",
        ),
        (Reply(ok(&"x".repeat(100_001)), true), "more than the 100000 bytes that it may have", ""),
        (
            Reply(ok(&past), true),
            "the answer, or the clock of this computer, is of another time",
            "",
        ),
    ];
    let with_key = replies.iter().map(|(reply, reason, _)| (reply, KEY, (*reason).to_owned()));
    let without = replies.iter().filter(|(_, _, more)| !more.is_empty());
    let without = without.map(|(reply, reason, more)| (reply, "", [*reason, *more].concat()));
    for (reply, key, reason) in with_key.chain(without) {
        let reason = &*reason;
        let service = Service::new(RECORDED);
        let mut host = informed_with(&service, key);
        let before = forecasts(&mut host, "daily", json!({}));
        *service.reply.lock().unwrap() = reply.clone();
        // An hour after it came.
        host.advance(HOUR);
        until(&mut host, "the request", |_| service.asked() == 2);
        if reason.contains("within 30 s") {
            let is_there = |_: &Host| service.answered.load(Ordering::SeqCst) == 2;
            until(&mut host, "what there is of the answer", is_there);
            host.receive("test.poke", 1.0);
            host.advance(Duration::from_secs(30));
        }
        until(&mut host, reason, |host| status(host).contains(reason));
        let status = status(&host);
        let begin = format!("Offline: the forecast is 60 min old ({}/v1/forecast: ", service.url);
        let is_ours = reason.starts_with("the answer, or");
        assert!(status.starts_with(&begin) || is_ours, "{status}");
        assert_eq!(forecasts(&mut host, "daily", json!({})), before, "{reason}");
        // In a minute it asks again, and all is well.
        service.reply(ok(&later(61)));
        host.advance(MINUTE);
        until(&mut host, "again", |host| host.status().unwrap() == "The forecast is 0 min old");
        assert_eq!(service.asked(), 3, "{reason}");
        assert_eq!(host.error(), None);
        assert_eq!(host.open_sockets(), 0);
        if !key.is_empty() {
            key_is_not_told(&host);
        }
    }
}

fn key_is_not_told(host: &Host) {
    for event in host.events() {
        let is_file = matches!(event, Event::ConfigSaved(_));
        assert!(is_file || !format!("{event:?}").contains("k3y"), "{event:?}");
    }
}

#[test]
fn nobody_there_is_told_and_asked_at_longer_and_longer_intervals() {
    let mut host = Host::start(&json!({ "baseUrl": nobody(), "apiKey": KEY }).to_string());
    host.receive("navigation.position", place(54.5));
    asked(&mut host, "Offline: the forecast is not there yet (http://127.0.0.1:");
    assert!(status(&host).ends_with("or there is no network)"), "{}", status(&host));
    assert!(forecasts(&mut host, "point", json!({})).is_empty());
    assert!(observations(&mut host, 54.5).is_empty());
    key_is_not_told(&host);

    let service = Service::new("");
    service.reply(failure("try 0."));
    host.configure(&service.config_with(""));
    asked(&mut host, "Offline: the forecast is not there yet");
    for (minutes, attempt) in [1, 2, 4, 8, 16, 32, 60, 60].into_iter().zip(1..) {
        service.reply(failure(&format!("try {attempt}.")));
        host.advance(minutes * MINUTE - Duration::from_secs(10));
        assert!(!is_asking(&mut host), "within {minutes} min");
        assert_eq!(service.asked(), attempt);
        host.advance(Duration::from_secs(10));
        let text = format!("try {attempt}.)");
        until(&mut host, &text, |host| status(host).ends_with(&text));
    }
    // Once it has answered, the next failure counts as the first.
    service.reply(ok(&later(4 * 60)));
    host.advance(HOUR);
    until(&mut host, "the answer", |host| status(host) == "The forecast is 0 min old");
    service.reply(failure("try 9."));
    host.advance(HOUR);
    until(&mut host, "a failure", |host| status(host).ends_with("try 9.)"));
    service.reply(ok(&later(5 * 60)));
    host.advance(MINUTE);
    until(&mut host, "the answer", |host| status(host) == "The forecast is 0 min old");
}

#[test]
fn boats_whose_clocks_differ_do_not_come_back_at_once() {
    let service = Service::new("");
    service.reply(failure("no"));
    let mut host = Host::start(&service.config());
    host.receive("navigation.position", place(54.5));
    // Nothing is answered while it is held.
    let held = service.reply.lock().unwrap();
    host.advance(Duration::from_secs(10));
    until(&mut host, "the request", |_| service.asked() == 1);
    host.advance(Duration::from_millis(999));
    drop(held);
    until(&mut host, "the failure", |host| status(host).starts_with("Offline"));
    // That was at 11 s. A minute and a quarter of it later is 86 s, and it looks each 10 s.
    host.advance(Duration::from_millis(69_001));
    assert!(!is_asking(&mut host) && service.asked() == 1);
    host.advance(Duration::from_secs(10));
    until(&mut host, "the second request", |_| service.asked() == 2);
}

#[test]
fn without_a_position_nothing_is_asked() {
    let service = Service::new(RECORDED);
    let mut host = Host::start(&service.config());
    host.advance(HOUR);
    assert_eq!(status(&host), "Position unknown: the forecast is not there yet");
    host.receive("navigation.position", Value::Null);
    host.advance(MINUTE);
    assert_eq!(status(&host), "Position unknown: the forecast is not there yet");
    host.receive("navigation.position", json!({ "latitude": 154.5, "longitude": 10.2 }));
    host.advance(MINUTE);
    let error = host.error().unwrap();
    assert!(error.contains("latitude: found 154.5, expected -90 to 90 degrees"), "{error}");
    assert_eq!((service.asked(), host.open_sockets()), (0, 0));
    assert_eq!(host.value("environment.forecast.time"), None);
}

#[test]
fn a_boat_that_has_moved_far_asks_before_the_hour_is_over() {
    let service = Service::new(RECORDED);
    let mut host = informed(&service);
    host.receive("navigation.position", place(54.6));
    host.advance(10 * MINUTE);
    assert!(!is_asking(&mut host), "11 km are near");
    assert_eq!(service.asked(), 1);
    assert_eq!(status(&host), "The forecast is 10 min old");
    host.receive("navigation.position", place(54.7));
    asked(&mut host, "The forecast is 0 min old");
    assert!(service.asked.lock().unwrap()[1].contains("latitude=54.7&"));
    // Where the next forecast is not to be had, that of far away is not the weather here.
    service.reply(failure("no"));
    host.receive("navigation.position", place(56.0));
    asked(&mut host, "Offline: ");
    assert_eq!(host.value("environment.outside.temperature").unwrap(), Value::Null);
    assert_eq!(host.value("environment.forecast.time").unwrap(), Value::Null);
    assert!(observations(&mut host, 56.0).is_empty());
    assert!(!forecasts(&mut host, "point", json!({})).is_empty(), "that of 54.5 is still one");
}

#[test]
fn a_position_that_cannot_be_costs_nothing() {
    let service = Service::new(RECORDED);
    let mut host = informed(&service);
    host.advance(10 * MINUTE);
    host.receive("navigation.position", json!({ "latitude": 0.0, "longitude": 0.0 }));
    host.advance(10 * MINUTE);
    assert!(!is_asking(&mut host));
    assert_eq!(service.asked(), 1);
    assert_eq!(status(&host), "The forecast is 20 min old");
    assert_eq!(host.number("environment.outside.temperature"), 273.55);
    host.receive("navigation.position", json!({ "latitude": 214.7, "longitude": 214.7 }));
    host.advance(MINUTE);
    assert!(host.error().unwrap().contains("latitude: found 214.7"));
    assert_eq!(host.number("environment.outside.temperature"), 273.55);
    host.receive("navigation.position", place(54.5));
    host.advance(MINUTE);
    assert_eq!(status(&host), "The forecast is 22 min old");
    assert_eq!(service.asked(), 1);
}

#[test]
fn a_wrong_position_that_was_asked_for_leaves_the_forecast_for_here() {
    let service = Service::new(RECORDED);
    let mut host = informed(&service);
    host.receive("navigation.position", place(20.0));
    host.advance(Duration::from_secs(10));
    until(&mut host, "the second request", |_| service.asked() == 2);
    until(&mut host, "its answer", |host| status(host) == "The forecast is 0 min old");
    // And the network is gone.
    service.reply(failure("no"));
    host.receive("navigation.position", place(54.5));
    host.advance(10 * MINUTE);
    assert_eq!(service.asked(), 2);
    assert_eq!(host.number("environment.outside.temperature"), 273.55);
    assert_eq!(forecasts(&mut host, "daily", json!({})).len(), 7);
    host.restart_server();
    // Where the boat is nobody knows yet; a client knows which place it asks for.
    assert_eq!(forecasts(&mut host, "daily", json!({})).len(), 7);
    host.receive("navigation.position", place(54.5));
    host.advance(Duration::from_secs(10));
    assert_eq!(host.number("environment.outside.temperature"), 273.55);
}

#[test]
fn a_clock_that_jumps_costs_no_forecast() {
    let service = Service::new(RECORDED);
    let mut host = informed(&service);
    let right = signalk_plugin_sdk::clock::now();
    host.set_wall_clock(right - 7000 * 24 * HOUR);
    host.advance(5 * MINUTE);
    assert_eq!(status(&host), "The forecast is 5 min old");
    assert_eq!(host.number("environment.outside.temperature"), 273.55);
    assert_eq!(forecasts(&mut host, "point", json!({}))[0]["date"], "2026-01-01T01:00:00.000Z");
    assert_eq!(service.asked(), 1);
}

#[test]
fn days_are_those_of_the_place() {
    // Midnight in New Zealand is 11:00 of the day before in Greenwich, in Hawaii it is 10:00 of that day.
    for (offset, first, second) in [
        (13, "2025-12-31T11:00:00.000Z", "2026-01-01T11:00:00.000Z"),
        (-10, "2025-12-31T10:00:00.000Z", "2026-01-01T10:00:00.000Z"),
        (0, "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"),
    ] {
        let mut document = recorded();
        document["utc_offset_seconds"] = json!(offset * 3600);
        // Of the days that the service has there, the first is today.
        let day_two = if offset < 0 { "2026-01-01" } else { "2026-01-02" };
        let today = if offset < 0 { 1_767_139_200 } else { 1_767_225_600 };
        let days = (0..7).map(|day| json!(today + day * 24 * 3600 - offset * 3600));
        document["daily"]["time"] = days.collect();
        let service = Service::new(&document.to_string());
        let mut host = informed(&service);
        assert_eq!(forecasts(&mut host, "daily", json!({}))[0]["date"], first);
        let from_the_second = forecasts(&mut host, "daily", json!({ "startDate": day_two }));
        assert_eq!(from_the_second[0]["date"], second);
        // The day changes at midnight there.
        let of_the_day = (u64::try_from((24 - offset) % 24).unwrap() + 23) % 24;
        host.configure(&json!({ "baseUrl": nobody() }).to_string());
        host.advance(Duration::from_secs(of_the_day * 3600 + 3500));
        assert_eq!(forecasts(&mut host, "daily", json!({}))[0]["date"], first, "{offset}");
        host.advance(2 * MINUTE);
        assert_eq!(forecasts(&mut host, "daily", json!({}))[0]["date"], second, "{offset}");
    }
}

#[test]
fn a_restart_without_a_network_serves_what_was_stored() {
    let service = Service::new(RECORDED);
    let mut host = informed(&service);
    let days = forecasts(&mut host, "daily", json!({}));
    host.advance(20 * MINUTE);
    let hours = forecasts(&mut host, "point", json!({}));
    // The owner's settings are in the same file: nobody listens there after the restart.
    host.configure(&json!({ "baseUrl": nobody() }).to_string());
    host.restart_server();
    assert_eq!(forecasts(&mut host, "daily", json!({})), days);
    assert_eq!(forecasts(&mut host, "point", json!({})), hours);
    host.advance(Duration::from_secs(10));
    assert_eq!(status(&host), "Position unknown: the forecast is 20 min old");
    assert_eq!(observations(&mut host, 54.5).len(), 1);
    // Nobody knows yet whether it is for here.
    assert!(host.value("environment.outside.temperature").is_none_or(|it| it.is_null()));
    host.receive("navigation.position", place(54.5));
    host.advance(Duration::from_secs(10));
    assert_eq!(host.number("environment.outside.temperature"), 273.55);
    host.advance(40 * MINUTE);
    until(&mut host, "the failure", |host| status(host).starts_with("Offline: "));
    assert!(status(&host).starts_with("Offline: the forecast is 60 min old (http://127.0.0.1:"));
}

#[test]
fn what_is_stored_is_small() {
    let service = Service::new(RECORDED);
    let host = informed(&service);
    let stored = host.saved_config().unwrap().to_string().len();
    assert!((10_000..20_000).contains(&stored), "{stored}");
}

#[test]
fn old_weather_is_not_that_of_now_and_hours_that_have_passed_are_gone() {
    let service = Service::new(RECORDED);
    let mut host = informed(&service);
    service.reply(failure("no"));
    host.configure(&json!({ "baseUrl": nobody(), "hoursAhead": 6 }).to_string());
    host.advance(Duration::from_secs(10));
    assert_eq!(host.number("environment.outside.temperature"), 273.55);
    assert_eq!(host.value("environment.forecast.time").unwrap(), "2026-01-01T07:00:00.000Z");
    host.advance(3 * HOUR);
    assert!(status(&host).starts_with("Offline: the forecast is 3 h old ("), "{}", status(&host));
    assert_eq!(host.value("environment.outside.temperature").unwrap(), Value::Null);
    assert_eq!(host.value("environment.forecast.time").unwrap(), "2026-01-01T10:00:00.000Z");
    assert!(observations(&mut host, 54.5).is_empty());
    assert_eq!(forecasts(&mut host, "point", json!({}))[0]["date"], "2026-01-01T04:00:00.000Z");
    host.advance(24 * HOUR);
    assert_eq!(forecasts(&mut host, "daily", json!({}))[0]["date"], "2026-01-01T23:00:00.000Z");
    host.advance(7 * 24 * HOUR);
    assert!(forecasts(&mut host, "daily", json!({})).is_empty());
    assert!(forecasts(&mut host, "point", json!({})).is_empty());
    assert_eq!(host.value("environment.forecast.windSpeed").unwrap(), Value::Null);
}

#[test]
fn count_and_date_are_kept_to_and_all_fits_into_the_answer() {
    let service = Service::new(RECORDED);
    let mut host = informed(&service);
    let hours = forecasts(&mut host, "point", json!({}));
    assert_eq!(hours.len(), 144);
    assert_eq!(host.error(), None);
    assert_eq!(forecasts(&mut host, "point", json!({ "maxCount": 5 })).len(), 5);
    let last = forecasts(&mut host, "point", json!({ "startDate": "2026-01-07" }));
    assert_eq!((last.len(), &last[0]["date"]), (23, &json!("2026-01-07T00:00:00.000Z")));
    assert_eq!(forecasts(&mut host, "daily", json!({ "startDate": "2026-01-05" })).len(), 3);
    let request = json!({ "position": place(54.5), "options": { "startDate": "2026-01-02" } });
    assert!(list(host.weather_observations(&request)).is_empty());
    let warnings = host.weather_warnings(&json!({ "position": place(54.5) }));
    assert!(list(warnings).is_empty());
}

#[test]
fn only_places_near_that_of_the_forecast_are_answered_for() {
    let service = Service::new(RECORDED);
    let mut host = informed(&service);
    assert_eq!(observations(&mut host, 54.9).len(), 1);
    for far in [55.0, 0.0] {
        assert!(observations(&mut host, far).is_empty());
        let request = json!({ "position": place(far), "type": "daily", "options": {} });
        assert!(list(host.weather_forecasts(&request)).is_empty());
    }
    let nowhere = json!({ "position": place(999.0), "options": {} });
    let refused = host.weather_observations(&nowhere).unwrap();
    assert_eq!((&refused["state"], &refused["statusCode"]), (&json!("FAILED"), &json!(400)));
}

#[test]
fn what_is_null_or_missing_is_left_out() {
    let mut document = recorded();
    document["current"]["temperature_2m"] = Value::Null;
    document["current"]["weather_code"] = json!(42);
    document["hourly"]["wind_gusts_10m"] = json!(vec![Value::Null; 168]);
    document["hourly"]["cloud_cover"] = json!([5]);
    document["hourly"].as_object_mut().unwrap().remove("uv_index");
    document["daily"]["sunrise"][0] = Value::Null;
    let service = Service::new(&document.to_string());
    let mut host = informed(&service);
    let observed = &observations(&mut host, 54.5)[0];
    assert_eq!(
        (&observed["outside"]["temperature"], &observed["description"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(observed["outside"]["pressure"], 101_630.0);
    assert_eq!(host.value("environment.outside.temperature").unwrap(), Value::Null);
    assert_eq!(host.number("environment.outside.pressure"), 101_630.0);
    assert_eq!(host.value("environment.forecast.windGust").unwrap(), Value::Null);
    let hours = forecasts(&mut host, "point", json!({ "startDate": "2026-01-07T12" }));
    assert_eq!(hours[0]["wind"].get("gust"), None);
    for name in ["cloudCover", "uvIndex", "horizontalVisibility"] {
        assert_eq!(hours[0]["outside"].get(name), None, "{name}");
    }
    assert_eq!(forecasts(&mut host, "daily", json!({}))[0].get("sun"), None);
    assert_eq!(host.error(), None);
}

#[test]
fn a_stop_clears_the_values_and_the_request_under_way() {
    let service = Service::new(RECORDED);
    let mut host = informed(&service);
    service.reply(String::new());
    host.advance(HOUR);
    until(&mut host, "the request", |_| service.asked() == 2);
    host.stop();
    assert_eq!(host.open_sockets(), 0);
    assert_eq!(host.value("environment.outside.temperature").unwrap(), Value::Null);
    assert_eq!(host.value("environment.forecast.time").unwrap(), Value::Null);
    // It was not forgotten.
    service.reply(failure("no"));
    host.configure(&service.config());
    assert_eq!(forecasts(&mut host, "daily", json!({})).len(), 7);
}

#[test]
fn a_full_disk_is_told_and_the_forecast_serves() {
    let service = Service::new(RECORDED);
    let mut host = Host::start(&service.config());
    host.receive("navigation.position", place(54.5));
    host.fill_disk(true);
    host.advance(Duration::from_secs(10));
    until(&mut host, "the error", |host| host.error().is_some());
    let error = host.error().unwrap();
    assert!(error.starts_with("the document \"forecast\" was not stored"), "{error}");
    assert_eq!(forecasts(&mut host, "daily", json!({})).len(), 7);
    host.fill_disk(false);
    host.advance(HOUR);
    until(&mut host, "the next one", |host| host.error().is_none());
}

#[test]
fn what_another_version_has_stored_is_as_good_as_none() {
    let stored =
        json!({ "signalk-plugin-sdk": { "revision": 1, "documents": { "forecast": [7] } } });
    let mut host = Host::start(&stored.to_string());
    host.advance(MINUTE);
    assert_eq!(status(&host), "Position unknown: the forecast is not there yet");
}

#[test]
fn the_settings_have_limits() {
    for (config, expected) in [
        (json!({ "refreshInterval": 1 }), "Refresh interval (min): "),
        (json!({ "refreshDistance": 0 }), "Refresh distance (m): "),
        (json!({ "hoursAhead": 1000 }), "Published forecast ahead (h): "),
        (json!({ "apiKey": 73_193 }), "API key: "),
    ] {
        let error = Host::start(&config.to_string()).error().unwrap();
        assert!(error.contains(expected) && !error.contains("73193"), "{error}");
    }
}
