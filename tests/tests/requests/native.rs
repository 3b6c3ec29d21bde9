//! `TestHost` hands over what the server would.
use crate::addresses::{self, Outcome};
use serde_json::json;
use signalk_plugin_sdk::testing::{HttpRequest, TestHost};
use signalk_test_requests::Requests;

#[test]
fn addresses_are_read_as_the_server_reads_them() {
    let mut host = TestHost::<Requests>::start("{}");
    for (address, outcome) in addresses::all() {
        let answer = host.get(address);
        match outcome {
            Outcome::Refused(status) => assert_eq!(answer.status, status, "{address}"),
            Outcome::Echo(part, query) => {
                let path = addresses::path_of(address);
                let expected = json!(["GET", path, part, query]);
                assert_eq!((answer.status, answer.body), (200, expected), "{address}");
                let head = host.http("HEAD", address, &json!({}));
                assert_eq!((head.status, head.body), (200, json!("")), "{address}");
            }
        }
        assert_eq!(host.http("DELETE", address, &json!({})).status, 404, "{address}");
    }
}

#[test]
fn bodies_are_read_as_the_server_reads_them() {
    let mut host = TestHost::<Requests>::start("{}");
    for (media_type, body, status, expected) in addresses::bodies() {
        let request = HttpRequest::post("/api/echo").header("Content-Type", media_type).body(body);
        let answer = host.request(&request);
        assert_eq!(answer.status, status, "{media_type} {body}");
        if let Some(expected) = expected {
            assert_eq!(answer.body, expected, "{media_type} {body}");
        }
    }
    assert_eq!(host.http("POST", "/api/echo", &json!(5)).status, 400);
    assert_eq!(host.http("POST", "/api/echo", &json!([5])).body, json!([5]));
}

#[test]
fn what_no_client_sends_as_it_is_arrives_encoded() {
    let mut host = TestHost::<Requests>::start("{}");
    let answer = host.get("/api/echo/<b> ö?name=\"a b\"");
    let expected = json!(["GET", "/api/echo/%3Cb%3E%20%C3%B6", "<b> ö", {"name": "\"a b\""}]);
    assert_eq!((answer.status, answer.body), (200, expected));
}

#[test]
fn what_is_the_servers_own_does_not_reach_the_plugin() {
    let mut host = TestHost::<Requests>::start("{}");
    let about = host.get("/");
    assert_eq!((about.status, &about.body["enabled"]), (200, &json!(true)));
    let saved = host.http("POST", "/config", &json!({"enabled": true, "configuration": {"a": 1}}));
    assert_eq!(saved.status, 200);
    assert_eq!(host.get("/Config/").body["configuration"], json!({"a": 1}));
    assert_eq!(host.http("OPTIONS", "/api/text", &json!({})).status, 204);
}
