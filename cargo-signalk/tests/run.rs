//! `cargo signalk run` as a process: what it tells scripts, what it serves, and its page in a browser.
//!
//! `cargo xtask test --only browser` runs this, for it needs the wasm target and Chromium.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

#[path = "../../tests/tests/common/browser.rs"]
#[allow(dead_code, reason = "the page is no form of a server")]
mod browser;
mod place;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use signalk_plugin_tests::Rest;

use browser::Browser;
use place::{Place, tool, until};

const PLUGIN: &str = "signalk-test-run";

/// A depth, and nothing after it.
const RECORDING: &str =
    r#"{"updates":[{"values":[{"path":"environment.depth.belowTransducer","value":5.0}]}]}"#;

/// The tool at work, and all that it has told. It is killed when this is dropped.
struct Run {
    child: Child,
    port: u16,
    rest: Rest,
    news: Arc<Mutex<Vec<Value>>>,
}

impl Run {
    fn start(place: &Place) -> Self {
        let recording = place.folder.join("recording.jsonl");
        fs::write(&recording, RECORDING).unwrap();
        let mut command = tool();
        command.args(["run", "--no-wasm-opt", "--json", "--loop", "--replay"]).arg(recording);
        command.arg("--state").arg(place.state()).arg(place.plugin());
        let mut child =
            command.stdout(Stdio::piped()).stderr(place.remarks_file()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let news = Arc::new(Mutex::new(Vec::new()));
        let told = news.clone();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                told.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        let mut run = Self { child, port: 0, rest: Rest::new(0), news };
        until("its address", || {
            run.find("page").is_some() || run.child.try_wait().unwrap().is_some()
        });
        let page = run.find("page").unwrap_or_else(|| panic!("it ended: {}", place.remarks()));
        let address = page["address"].as_str().unwrap();
        run.port = address.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        run.rest = Rest::new(run.port);
        run
    }

    fn all(&self) -> Vec<Value> {
        self.news.lock().unwrap().clone()
    }

    /// The last of a kind.
    fn find(&self, kind: &str) -> Option<Value> {
        self.all().into_iter().rfind(|news| news["kind"] == kind)
    }

    fn has_sent(&self, below_keel: f64) -> bool {
        let sent = self.find("delta").unwrap_or_default();
        sent["delta"]["updates"][0]["values"][0]["value"].as_f64() == Some(below_keel)
    }

    fn act(&self, what: &Value) -> (u16, Value) {
        self.rest.post("/-/do", what).unwrap()
    }

    /// The first line of the answer to a request as it stands here.
    fn answer_to(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.take(4_000).read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap_or_default().to_owned()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "needs the wasm target, run by `cargo xtask test`"]
fn a_change_is_loaded_with_its_settings_kept_and_a_broken_one_leaves_the_plugin_at_work() {
    let place = Place::new(PLUGIN);
    let mut run = Run::start(&place);
    until("the recording to be played", || run.has_sent(4.0));
    run.rest.save_config(PLUGIN, &json!({ "transducerToKeel": 2.0 })).unwrap();
    until("the settings to be those of the form", || run.has_sent(3.0));

    place.change("src/lib.rs", "name = \"Test Run\"", "name = \"Deep\"");
    until("the plugin to be loaded anew", || run.find("loaded").unwrap()["name"] == "Deep");
    until("it to go on with its settings", || run.has_sent(3.0));

    place.change("src/lib.rs", "name = \"Deep\"", "name = Deep");
    until("the build to fail", || run.find("build-failed").is_some());
    assert!(run.find("build-failed").unwrap()["text"].as_str().unwrap().contains("lib.rs"));
    let (status, sent) =
        run.act(&json!({ "do": "send", "path": "environment.depth.belowTransducer", "value": 9 }));
    assert_eq!((status, sent), (200, json!({ "answer": null })));
    until("the old one to handle it", || run.has_sent(7.0));

    let id = i32::try_from(run.child.id()).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), Signal::INT).unwrap();
    assert!(run.child.wait().unwrap().success());
    until("the end to be told", || run.find("ended").is_some());
    assert_eq!(run.find("status").unwrap()["text"], "Stopped");

    // What was saved is there the next time.
    place.change("src/lib.rs", "name = Deep", "name = \"Deep\"");
    let run = Run::start(&place);
    until("the settings of before", || run.has_sent(3.0));
}

#[test]
#[ignore = "needs the wasm target, run by `cargo xtask test`"]
fn a_crash_and_a_power_cut_are_told_and_the_plugin_goes_on() {
    let place = Place::new(PLUGIN);
    let run = Run::start(&place);
    until("the recording to be played", || run.has_sent(4.0));
    assert_eq!(run.act(&json!({ "do": "crash" })).0, 200);
    until("the crash", || run.find("trap").is_some());
    let crashed_at = run.all().len();
    let goes_on = |from: usize| run.all()[from..].iter().any(|news| news["kind"] == "delta");
    until("the plugin to be started by itself", || goes_on(crashed_at));

    assert_eq!(run.act(&json!({ "do": "kill" })).0, 200);
    until("the power to come back", || {
        run.find("loaded").unwrap()["because"] == "the power came back"
    });
    let cut_at = run.all().len();
    until("the plugin to be at work", || goes_on(cut_at));
    let (status, answer) = run.act(&json!({ "do": "dance" }));
    assert_eq!(status, 400, "{answer}");
}

#[test]
#[ignore = "needs the wasm target, run by `cargo xtask test`"]
fn pages_of_strangers_are_not_answered() {
    let place = Place::new(PLUGIN);
    let run = Run::start(&place);
    let ask = |headers: &str| run.answer_to(&format!("GET / HTTP/1.0\r\n{headers}\r\n"));
    assert!(ask("Host: 127.0.0.1\r\n").contains("200"));
    assert!(ask("Host: evil.example\r\n").contains("403"));
    assert!(ask("Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n").contains("403"));
    let post = "POST /-/do HTTP/1.0\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: cross-site\r\n\
                Content-Length: 13\r\n\r\n{\"do\":\"stop\"}";
    assert!(run.answer_to(post).contains("403"));
}

#[test]
#[ignore = "needs Chromium, run by `cargo xtask test`"]
fn the_page_shows_the_plugin_and_its_buttons_work() {
    let place = Place::new(PLUGIN);
    let run = Run::start(&place);
    let browser = Browser::start().unwrap();
    browser.open(&format!("http://127.0.0.1:{}/", run.port)).unwrap();
    let text = |id: &str| {
        let script = "return document.getElementById(arguments[0]).innerText";
        browser.run(script, vec![json!(id)]).unwrap().as_str().unwrap().to_owned()
    };
    until("the dashboard's line", || text("dashboard") == "400 cm below the keel");
    assert_eq!(text("name"), "Test Run");
    until("the values", || text("values").contains("environment.depth.belowKeel"));
    assert!(text("log").contains("loaded"), "{}", text("log"));

    let save = "const field = document.querySelector('#settings input[type=number]');
        field.value = 2.5; field.dispatchEvent(new Event('input', { bubbles: true }));
        document.getElementById('settings').requestSubmit();";
    browser.run(save, Vec::new()).unwrap();
    until("the new settings", || text("dashboard") == "250 cm below the keel");

    browser.run("document.querySelector('[data-do=stop]').click()", Vec::new()).unwrap();
    until("the plugin to be stopped", || text("state") == "stopped");
    browser.run("document.querySelector('[data-do=start]').click()", Vec::new()).unwrap();
    until("the plugin to be at work", || text("state") == "running");

    let send = "document.getElementById('send-path').value = 'environment.depth.belowTransducer';
        document.getElementById('send-value').value = '8';
        document.getElementById('send').requestSubmit();";
    browser.run(send, Vec::new()).unwrap();
    until("the plugin's answer to the page's value", || run.has_sent(5.5));
}
