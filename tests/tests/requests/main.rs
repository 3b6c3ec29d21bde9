//! PUT and HTTP requests to a plugin on real Signal K servers: what the client gets, and what
//! happens.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod addresses;
mod embedded;
mod native;

use std::time::Duration;

use addresses::Outcome;
use serde_json::{Value, json};
use signalk_plugin_tests::delta::{dashboard_line, value};
use signalk_plugin_tests::env::{InstalledServer, plugin_folder};
use signalk_plugin_tests::{Answer, Server, Stream, Way, cases};

const PLUGIN: &str = "signalk-test-requests";
const PATIENCE: Duration = Duration::from_secs(60);

cases! {
    [server]
    requests_are_answered
}

fn requests_are_answered(way: Way) {
    Boat::launch(way.installed()).asks_everything();
}

struct Boat {
    stream: Stream,
    server: Server,
}

impl Boat {
    fn launch(installed: InstalledServer) -> Self {
        let folder = plugin_folder(PLUGIN).unwrap();
        let server = Server::builder(installed).enabled_plugin(folder, &json!({})).start().unwrap();
        let stream = server.stream().unwrap();
        Self { stream, server }
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.server.rest().ask(method, &format!("/plugins/{PLUGIN}{path}"), body).unwrap()
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    fn wait_for(&self, path: &str, expected: &Value) {
        let is_it = |message: &Value| value(message, path) == Some(expected);
        self.stream.wait_for_after(0, &format!("{path} {expected}"), PATIENCE, is_it).unwrap();
    }

    fn asks_everything(&self) {
        self.puts_reach_their_handler();
        self.answers_arrive_as_they_were_meant();
        self.bodies_reach_their_handlers();
        self.addresses_and_bodies_are_read_as_by_the_hosts_for_tests();
        self.large_answers_arrive_whole();
        self.a_crash_is_shown_and_the_plugin_starts_afresh();
    }

    fn puts_reach_their_handler(&self) {
        let path = "/signalk/v1/api/vessels/self/test/put/value";
        // The server answers 500 to any PUT of a WebAssembly plugin; what counts is what was done.
        self.server.rest().ask("PUT", path, Some(&json!({ "value": 5 }))).unwrap();
        self.wait_for("test.put.done", &json!(5));
        self.server.rest().ask("PUT", path, Some(&json!({ "value": -1 }))).unwrap();
        self.server.rest().ask("PUT", path, Some(&json!({ "value": "x" }))).unwrap();
        self.server.rest().ask("PUT", path, Some(&json!({ "value": 6 }))).unwrap();
        self.wait_for("test.put.done", &json!(6));
        let done: Vec<_> = self
            .stream
            .since(0)
            .iter()
            .filter_map(|message| value(message, "test.put.done").cloned())
            .collect();
        assert_eq!(done, [5, 6], "nothing was done for -1 and for \"x\"");
        assert_eq!(self.server.rest().own("test.put.done").unwrap().unwrap()["value"], 6);
    }

    fn wait_for_line(&self, position: usize, is_error: bool, text: &str) -> usize {
        let is_it = |message: &Value| {
            dashboard_line(message, PLUGIN)
                .is_some_and(|line| line.is_error == is_error && line.text.starts_with(text))
        };
        let shown = self.stream.wait_for_after(position, text, PATIENCE, is_it);
        shown.unwrap().position
    }

    fn a_crash_is_shown_and_the_plugin_starts_afresh(&self) {
        let path = "/signalk/v1/api/vessels/self/test";
        for crash in ["first", "second"] {
            let before = self.stream.position();
            let value = json!({ "value": crash });
            self.server.rest().ask("PUT", &format!("{path}/panic"), Some(&value)).unwrap();
            let shown = self.wait_for_line(before, true, &format!("Crashed: {crash} ("));
            self.wait_for_line(shown, false, "Started");
        }
        self.server
            .rest()
            .ask("PUT", &format!("{path}/put/value"), Some(&json!({ "value": 77 })))
            .unwrap();
        self.wait_for("test.put.done", &json!(77));

        let before = self.stream.position();
        let value = json!({ "value": "third" });
        self.server.rest().ask("PUT", &format!("{path}/panic"), Some(&value)).unwrap();
        let shown = self.wait_for_line(before, true, "Crashed: third (");
        // By the next poll it has given up, and says how to go on.
        let gives_up = |message: &Value| {
            dashboard_line(message, PLUGIN)
                .is_some_and(|line| line.text.contains("third crash in a row"))
        };
        self.stream.wait_for_after(shown, "that it gives up", PATIENCE, gives_up).unwrap();
        let answer = self.get("/api/text");
        let refused = "{\"error\":\"the plugin is not running\"}";
        assert_eq!((answer.status, &*answer.body), (503, refused));

        let before = self.stream.position();
        self.server.rest().save_config(PLUGIN, &json!({})).unwrap();
        self.wait_for_line(before, false, "Started");
        assert_eq!(self.get("/api/text").body, "7");
    }

    fn answers_arrive_as_they_were_meant(&self) {
        let json = "application/json; charset=utf-8";
        let search = self.get("/api/search?most=5&kind=a&kind=b");
        assert_eq!((search.status, &*search.media_type), (200, json));
        assert_eq!(search.body, r#"[5,["a","b"]]"#);
        let bad = self.get("/api/search?most=500");
        assert_eq!(bad.status, 400);
        assert!(bad.body.contains("the query: most: found 500"), "{}", bad.body);

        let item = self.get("/api/items/%3Cb%3E");
        assert_eq!((item.status, &*item.media_type), (200, "text/html; charset=utf-8"));
        assert_eq!(item.body, "<p>&lt;b&gt; for a &lt;test&gt;</p>");

        // Each of these comes to grief when it is handed to the server in the plain way.
        for (kind, body) in [
            ("number", "42"),
            ("text", "\"hi\""),
            ("nothing", "null"),
            ("large", "[18446744073709551615]"),
        ] {
            let answer = self.get(&format!("/api/scalar/{kind}"));
            assert_eq!((answer.status, &*answer.body), (200, body), "{kind}");
            assert_eq!(answer.media_type.to_ascii_lowercase(), json, "{kind}");
        }
        assert_eq!(self.get("/api/scalar/other").status, 404);
        let text = self.get("/api/text");
        assert_eq!((text.status, &*text.body), (200, "7"));
        assert_eq!(text.media_type, "text/plain; charset=utf-8");
    }

    fn bodies_reach_their_handlers(&self) {
        let made = self.ask("POST", "/api/drop", Some(&json!({ "maxRadius": 40 })));
        assert_eq!((made.status, &*made.body), (201, r#"{"maxRadius":40}"#));
        self.wait_for("test.posted", &json!(40));
        let bad = self.ask("POST", "/api/drop", Some(&json!({ "maxRadius": "far" })));
        assert_eq!(bad.status, 400);
        assert!(bad.body.contains("maxRadius: found the text \\\"far\\\""), "{}", bad.body);
        let replaced = self.ask("PUT", "/api/state", Some(&json!({ "maxRadius": 7 })));
        assert_eq!((replaced.status, &*replaced.body), (204, ""));
        self.wait_for("test.replaced", &json!(7));
        assert_eq!(self.ask("DELETE", "/api/state", None).status, 204);
        self.wait_for("test.deleted", &json!(true));
    }

    fn addresses_and_bodies_are_read_as_by_the_hosts_for_tests(&self) {
        for (address, outcome) in addresses::all() {
            let answer = self.get(address);
            match outcome {
                Outcome::Refused(status) => {
                    assert_eq!(answer.status, status, "{address} {}", answer.body);
                }
                Outcome::Echo(part, query) => {
                    let path = addresses::path_of(address);
                    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
                    assert_eq!(body, json!(["GET", path, part, query]), "{address} {answer:?}");
                    let head = self.ask("HEAD", address, None);
                    assert_eq!((head.status, &*head.body), (200, ""), "{address}");
                }
            }
        }
        for (media_type, body, status, expected) in addresses::bodies() {
            let path = format!("/plugins/{PLUGIN}/api/echo");
            let answer = self.server.rest().post_text(&path, media_type, body).unwrap();
            assert_eq!(answer.status, status, "{media_type} {body} {}", answer.body);
            if let Some(expected) = expected {
                let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
                assert_eq!(body, expected, "{media_type} {answer:?}");
            }
        }
    }

    fn large_answers_arrive_whole(&self) {
        for bytes in [65_000, 65_536, 2_000_000, 2_000_000] {
            let answer = self.get(&format!("/api/size/{bytes}"));
            assert_eq!((answer.status, answer.body.len()), (200, bytes));
            assert!(answer.body.bytes().all(|byte| byte == b'x'));
        }
        let answer = self.get("/api/size/5000000");
        assert_eq!(answer.status, 500);
        assert!(answer.body.contains("the server reads 4194304"), "{}", answer.body);
        assert_eq!(self.get("/api/size/10").body, "x".repeat(10));
    }
}
