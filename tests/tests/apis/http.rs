//! What clients get over HTTP, and streams of bytes.

use super::*;

cases! {
    on_server, [server]
    curl_gets_what_it_asks_for
    bytes_reach_those_who_follow_a_stream
}

/// A client that is not ours, byte by byte.
fn curl_gets_what_it_asks_for(boat: &mut Boat<'_>) {
    let url = format!("{}/plugins/{PLUGIN}/api/settings", boat.server().rest().base());
    let curl = |arguments: &[&str]| {
        let mut curl = std::process::Command::new("curl");
        curl.args(["--silent", "--show-error", "--noproxy", "*", "--include"]);
        let output = curl.args(arguments).arg(&url).output();
        let output = output.expect("curl is needed for this test and could not be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let answer = curl(&[]);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let media_type = "content-type: application/json; charset=utf-8";
    assert!(head.to_ascii_lowercase().contains(media_type), "{head}");
    assert_eq!(serde_json::from_str::<Value>(body).unwrap()["label"], "kept");
    let json = ["--header", "Content-Type: application/json", "--data", "{\"radius\":\"wide\"}"];
    let answer = curl(&json);
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert!(answer.contains("radius: found the text \\\"wide\\\", expected a number"), "{answer}");
}

fn bytes_reach_those_who_follow_a_stream(boat: &mut Boat<'_>) {
    let base = "/signalk/v2/api/";
    for (follow, push) in [
        (format!("streams/plugins/{PLUGIN}/spectrum"), "stream/spectrum"),
        ("streams/radars/dome".to_owned(), "spokes/dome"),
    ] {
        let path = format!("{base}{follow}");
        let mut follower = Socket::connect(boat.server().port(), &path).unwrap();
        boat.tell(push, &json!([0, 127, 128, 255]));
        assert_eq!(follower.bytes().unwrap(), [0, 127, 128, 255], "{follow}");
    }
    let path = format!("/plugins/{PLUGIN}/api/stream/no%20name");
    let refused = boat.ask("POST", &path, Some(&json!([1])));
    assert_eq!(refused.status, 500);
    assert!(refused.body.contains("is no name for a stream"), "{}", refused.body);
}
