//! PUT and HTTP requests, natively.
#![cfg(not(target_family = "wasm"))]

use signalk_plugin_sdk::html;
use signalk_plugin_sdk::http::{Html, Json, Path, Query, Request, Response, StatusError};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::serde_json::{Value, json};
use signalk_plugin_sdk::testing::{Event, Registration, TestHost};

#[derive(Deserialize, JsonSchema)]
struct Config {
    #[serde(default)]
    fail: bool,
}

struct Plugin {
    anchor: Option<Position>,
}

#[derive(Deserialize)]
struct Search {
    most: Option<u8>,
    #[serde(default)]
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Parts {
    name: Option<String>,
    #[serde(flatten)]
    part: Part,
}

#[derive(Deserialize)]
struct Part {
    #[serde(deserialize_with = "signalk_plugin_sdk::http::from_text")]
    first: u8,
    #[serde(default, deserialize_with = "signalk_plugin_sdk::http::from_text")]
    most: Option<u8>,
}

#[derive(Deserialize)]
struct Place {
    ship: String,
    number: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Drop {
    max_radius: f64,
}

#[signalk_plugin(response_buffer = "1 MiB")]
impl Plugin {
    fn start(config: Config) -> Result<Self> {
        ensure!(!config.fail, "as configured");
        Ok(Self { anchor: None })
    }

    #[put("navigation.anchor.position")]
    fn drop_anchor(&mut self, position: Position) -> Result<()> {
        if self.anchor.is_some() {
            return Err(StatusError::new(409, "the anchor is down already").into());
        }
        self.anchor = Some(position);
        delta::set("navigation.anchor.position", position)
    }

    #[put("electrical.switches.bank-1.state", context = "vessels.urn:mrn:imo:mmsi:244000009")]
    fn switch(&mut self, on: bool) -> Result<()> {
        ensure!(on, "the switch is stuck");
        Ok(())
    }

    #[get("/api/anchor")]
    fn anchor(&self) -> Json<Option<Position>> {
        Json(self.anchor)
    }

    #[get("/api/search")]
    fn search(&self, Query(search): Query<Search>) -> String {
        format!("{:?} {:?}", search.most, search.kind)
    }

    #[get("/api/parts")]
    fn parts(&self, Query(parts): Query<Parts>) -> String {
        format!("{:?} {:?} {:?}", parts.name, parts.part.first, parts.part.most)
    }

    #[get("/api/ships/:ship/places/:number")]
    fn place(&self, Path(place): Path<Place>, request: &Request<'_>) -> Result<Html> {
        let host = request.header("Host").context("no host")?;
        Ok(html!("{} {} {}", place.ship, place.number, host))
    }

    #[get("/api/numbers/:number")]
    fn number(&self, Path(number): Path<i64>) -> Json<i64> {
        Json(number)
    }

    #[post("/api/drop")]
    fn drop_here(&mut self, Json(body): Json<Drop>) -> Result<(u16, Json<Drop>)> {
        delta::set("navigation.anchor.maxRadius", body.max_radius)?;
        Ok((201, Json(body)))
    }

    #[put("/api/anchor")]
    fn replace(&mut self, Json(position): Json<Position>) {
        self.anchor = Some(position);
    }

    #[delete("/api/anchor")]
    fn raise(&mut self) -> Result<(), StatusError> {
        self.anchor.take().map(drop).ok_or_else(|| StatusError::new(404, "the anchor is up"))
    }

    #[get("/api/large/:size")]
    fn large(&self, Path(size): Path<usize>) -> String {
        "x".repeat(size)
    }

    #[get("/api/fails/:size")]
    fn fails(&self, Path(size): Path<usize>) -> Result<(), StatusError> {
        Err(StatusError::new(409, "\"\u{1}ö".repeat(size)))
    }

    #[get("/api/page/:size")]
    fn page(&self, Path(size): Path<usize>) -> (u16, String) {
        (404, "x".repeat(size))
    }

    #[put("test.fails")]
    fn fails_at_length(&mut self, size: usize) -> Result<(), StatusError> {
        Err(StatusError::new(409, "\"\u{1}ö".repeat(size)))
    }

    #[get("/api/csv")]
    fn csv(&self) -> Response {
        Response::text("text/csv", "a,b").header("X-Rows", "1")
    }
}

fn host() -> TestHost<Plugin> {
    TestHost::start("{}")
}

const PLACE: Position = Position::new(54.5, 10.25);

#[test]
fn a_put_reaches_its_handler_and_is_answered() {
    let mut host = host();
    assert_eq!(host.put("navigation.anchor.position", PLACE).to_string(), "COMPLETED 200");
    assert_eq!(host.value("navigation.anchor.position").unwrap()["longitude"], 10.25);
    let again = host.put("navigation.anchor.position", PLACE);
    assert_eq!(again.to_string(), "COMPLETED 409: the anchor is down already");
    assert_eq!(host.error(), None, "whoever asked was told");
}

#[test]
fn a_value_that_does_not_fit_is_answered_with_400_and_the_field() {
    let answer = host().put("navigation.anchor.position", json!({"latitude": "north"}));
    assert_eq!(answer.status_code, 400);
    assert_eq!(
        answer.message.as_deref(),
        Some("latitude: found the text \"north\", expected a number")
    );
}

#[test]
fn an_error_without_a_status_is_500_and_another_context_is_its_own_handler() {
    let mut host = host();
    let ship = "vessels.urn:mrn:imo:mmsi:244000009";
    let path = "electrical.switches.bank-1.state";
    assert_eq!(host.put_to(ship, path, true).status_code, 200);
    let stuck = host.put_to(ship, path, false);
    assert_eq!(stuck.to_string(), "COMPLETED 500: the switch is stuck");
    assert_eq!(host.put(path, true).status_code, 405, "nobody has registered for the own ship");
}

#[test]
fn put_handlers_are_announced_at_each_start_also_at_one_that_fails() {
    let mut host = TestHost::<Plugin>::start(r#"{"fail":true}"#);
    let announced = |host: &mut TestHost<Plugin>| {
        let is_one = |event: &Event| matches!(event, Event::Registered(Registration::Put { .. }));
        host.new_events().iter().filter(|event| is_one(event)).count()
    };
    assert_eq!(announced(&mut host), 3);
    let answer = host.put("navigation.anchor.position", PLACE);
    assert_eq!(answer.status_code, 503);
    assert_eq!(
        answer.message.as_deref(),
        Some("the plugin is not running"),
        "the rest is for its owner"
    );
    let page = host.get("/api/anchor");
    assert_eq!((page.status, page.body), (503, json!({"error": "the plugin is not running"})));
    assert_eq!(host.error().unwrap(), "as configured");
    host.configure("{}");
    assert_eq!(announced(&mut host), 3);
    assert_eq!(host.put("navigation.anchor.position", PLACE).status_code, 200);
    host.stop();
    assert_eq!(host.put("navigation.anchor.position", PLACE).status_code, 503);
    assert_eq!(host.get("/api/anchor").status, 503);
}

#[test]
fn a_missing_capability_is_told_with_the_line_that_package_json_needs() {
    let mut host = TestHost::<Plugin>::new();
    host.deny_capability("putHandlers");
    host.configure("{}");
    let error = host.error().unwrap();
    assert!(error.contains("\"putHandlers\": true in wasmCapabilities"), "{error}");
}

#[test]
fn a_get_is_answered_with_what_the_handler_returns() {
    let mut host = host();
    let none = host.get("/api/anchor");
    assert_eq!((none.status, &none.body), (200, &Value::Null));
    host.put("navigation.anchor.position", PLACE);
    assert_eq!(host.get("/api/anchor").body, json!({"latitude": 54.5, "longitude": 10.25}));
    let csv = host.get("/api/csv");
    assert_eq!((csv.content_type.as_str(), csv.body), ("text/csv; charset=utf-8", json!("a,b")));
    assert_eq!(host.get("/api/nothing").status, 404);
}

#[test]
fn query_and_path_are_read_as_types() {
    let mut host = host();
    assert_eq!(host.get("/api/search").body, "None []");
    assert_eq!(host.get("/api/search?most=5&kind=a&kind=b").body, "Some(5) [\"a\", \"b\"]");
    assert_eq!(host.get("/api/search?kind=a").body, "None [\"a\"]");
    let bad = host.get("/api/search?most=500");
    assert_eq!(bad.status, 400);
    assert_eq!(
        bad.body["error"],
        "the query: most: found 500, expected a whole number from 0 to 255"
    );
    assert_eq!(host.get("/api/search?most=&kind=").body, "None [\"\"]");
    let bad = host.get("/api/search?most=&most=");
    assert_eq!(bad.status, 400, "two empty ones are a list");
    assert_eq!(host.get("/api/parts?first=3&name=7").body, "Some(\"7\") 3 None");
    assert_eq!(host.get("/api/parts?first=3&most=9&name=").body, "Some(\"\") 3 Some(9)");
    assert_eq!(host.get("/api/parts?first=3&most=").body, "None 3 None");
    assert_eq!(host.get("/api/parts?first=").status, 400);
    assert_eq!(host.get("/api/parts?first=x").status, 400);
    let place = host.get("/api/ships/<b>/places/7");
    assert_eq!((place.status, place.body), (200, json!("&lt;b&gt; 7 localhost:3000")));
    assert_eq!(host.get("/api/numbers/-3").body, -3);
    let bad = host.get("/api/numbers/x");
    assert_eq!(bad.status, 400);
    assert_eq!(bad.body["error"], "the path: found the text \"x\", expected a whole number");
}

#[test]
fn a_body_is_read_as_a_type_and_a_wrong_one_names_the_field() {
    let mut host = host();
    let made = host.http("POST", "/api/drop", &json!({"maxRadius": 40}));
    assert_eq!((made.status, made.body), (201, json!({"maxRadius": 40})));
    assert_eq!(host.value("navigation.anchor.maxRadius").unwrap(), 40.0);
    let bad = host.http("POST", "/api/drop", &json!({}));
    assert_eq!((bad.status, &bad.body["error"]), (400, &json!("the body: maxRadius is missing")));
    assert_eq!(host.http("PUT", "/api/anchor", &json!(PLACE)).status, 204);
    assert_eq!(host.http("DELETE", "/api/anchor", &json!({})).status, 204);
    let gone = host.http("DELETE", "/api/anchor", &json!({}));
    assert_eq!((gone.status, &gone.body["error"]), (404, &json!("the anchor is up")));
}

#[test]
fn a_large_answer_passes_where_the_plugin_asked_for_it_and_one_too_large_says_so() {
    let mut host = host();
    for _ in 0..3 {
        let answer = host.get("/api/large/900000");
        assert_eq!(answer.body.as_str().unwrap().len(), 900_000);
    }
    let answer = host.get("/api/large/2000000");
    assert_eq!(answer.status, 500);
    let error = answer.body["error"].as_str().unwrap();
    assert!(error.starts_with("the answer takes 2000"), "{error}");
    assert!(error.contains("the server reads 1048576"), "{error}");
}

#[test]
fn an_error_keeps_its_status_however_long_its_text_is() {
    let mut host = host();
    let short = host.get("/api/fails/2");
    assert_eq!((short.status, &short.body["error"]), (409, &json!("\"\u{1}ö\"\u{1}ö")));
    // 1 MiB is what this plugin's answers may have.
    for size in [300_000, 3_000_000] {
        let long = host.get(&format!("/api/fails/{size}"));
        assert_eq!(long.status, 409);
        let error = long.body["error"].as_str().unwrap();
        assert!(error.starts_with('"') && error.ends_with('…'), "{}", error.len());
    }
    let page = host.get("/api/page/2000000");
    assert_eq!(page.status, 404);
    assert!(page.body["error"].as_str().unwrap().starts_with("the answer takes"), "{page:?}");
    let answer = host.put("test.fails", 100_000);
    assert_eq!(answer.status_code, 409);
    assert!(answer.message.as_deref().unwrap().ends_with('…'), "{answer}");
}
