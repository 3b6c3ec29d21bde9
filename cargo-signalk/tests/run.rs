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
mod peer;
mod place;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use signalk_plugin_tests::{ANCHOR_DROPPED_AT, Rest};

use browser::Browser;
use peer::Peer;
use place::{Place, tool, until};

const PLUGIN: &str = "signalk-test-run";
const ANCHOR_WATCH: &str = "signalk-test-anchor";

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
    /// Plays a depth again and again.
    fn start(place: &Place) -> Self {
        let recording = place.folder.join("recording.jsonl");
        fs::write(&recording, RECORDING).unwrap();
        Self::with(place, &["--loop", "--replay", recording.to_str().unwrap()])
    }

    fn with(place: &Place, arguments: &[&str]) -> Self {
        let mut command = tool();
        command.args(["run", "--no-wasm-opt", "--json"]).args(arguments);
        command.arg("--state").arg(place.state()).arg(place.plugin());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(place.remarks_file());
        let mut child = command.spawn().unwrap();
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

    fn has_heard(&self, data: &str) -> bool {
        let is_it = |news: &Value| news["text"].as_str().is_some_and(|text| text.contains(data));
        self.all().iter().any(|news| news["kind"] == "data" && is_it(news))
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
fn a_running_server_is_followed_and_again_once_it_is_back() {
    let place = Place::new(PLUGIN);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let run = Run::with(&place, &["--from", &format!("ws://{address}")]);
    let mut peer = Peer::accept(&listener);
    assert!(peer.say_depth("vessels.own", 5.0));
    until("the plugin's answer", || run.has_sent(4.0));
    assert!(peer.say_depth("vessels.other", 50.0));
    drop(peer);
    until("the break to be told", || run.has_heard("trying again in 1s"));

    let mut peer = Peer::accept(&listener);
    assert!(peer.say_depth("vessels.own", 9.0));
    until("the plugin's answer after the break", || run.has_sent(8.0));
    let of_the_other = run.all().into_iter().find(|news| news.to_string().contains("49"));
    assert_eq!(of_the_other, None);
}

#[test]
#[ignore = "needs the wasm target, run by `cargo xtask test`"]
fn standard_input_is_handed_on_as_it_comes_and_its_end_is_not_that_of_the_plugin() {
    let place = Place::new(PLUGIN);
    let mut run = Run::with(&place, &["--replay", "-"]);
    let mut input = run.child.stdin.take().unwrap();
    let mut say = |line: &str| writeln!(input, "{line}").and_then(|()| input.flush()).unwrap();
    say("$SDDPT,6.0,0.0*51");
    until("a sentence to be handled", || run.has_sent(5.0));
    say("hello");
    say("$GPGSV,1,1,00*79");
    // A plugin hears one source at a time.
    say(&RECORDING
        .replace("5.0", "3.0")
        .replace("{\"values\"", "{\"$source\":\"recording.SD\",\"values\""));
    until("a delta to be handled", || run.has_sent(2.0));
    assert!(run.has_heard("left out: not JSON"), "{:?}", run.all());
    assert!(run.has_heard("not read: sentences GPGSV"), "{:?}", run.all());
    drop(input);
    until("the end of the input", || run.find("replay-ended").is_some());
    run.act(&json!({ "do": "send", "path": "environment.depth.belowTransducer", "value": 9 }));
    until("the plugin to be at work still", || run.has_sent(8.0));
}

#[test]
#[ignore = "needs the wasm target, run by `cargo xtask test`"]
fn endpoints_and_pages_of_a_plugin_are_answered_and_its_alarm_is_told() {
    let place = Place::of_template(ANCHOR_WATCH, "anchor-watch");
    place.change(
        "Cargo.toml",
        "categories = [\"notifications\"]",
        "categories = [\"notifications\"]\nkeywords = [\"signalk-webapp\"]",
    );
    fs::create_dir_all(place.plugin().join("public")).unwrap();
    fs::write(place.plugin().join("public/index.html"), "<h1>At anchor</h1>").unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let track = root.join("tests/tracks/dragging-anchor.nmea");
    // The page has no clock of its own, and the boat drags after six minutes.
    let arguments = ["--speed", "60", "--loop", "--replay", track.to_str().unwrap()];
    let run = Run::with(&place, &arguments);

    let (latitude, longitude) = ANCHOR_DROPPED_AT;
    let anchor = json!({ "latitude": latitude, "longitude": longitude });
    run.rest.save_config(ANCHOR_WATCH, &json!({ "anchor": anchor, "maxRadius": 50 })).unwrap();
    let status = || run.rest.get(&format!("/plugins/{ANCHOR_WATCH}/api/status")).unwrap();
    until("the plugin to know where the boat is", || status().1["distance"].is_number());
    let (code, answer) = status();
    assert_eq!((code, &answer["maxRadius"]), (200, &json!(50.0)), "{answer}");
    let (code, _) = run
        .rest
        .post(&format!("/plugins/{ANCHOR_WATCH}/api/radius"), &json!({ "radius": 40 }))
        .unwrap();
    assert_eq!(code, 204);
    assert_eq!(status().1["maxRadius"], json!(40.0));
    let page = run.rest.ask("GET", &format!("/{ANCHOR_WATCH}/"), None).unwrap();
    assert_eq!((page.status, page.body.as_str()), (200, "<h1>At anchor</h1>"));
    let (code, _) = run.rest.get(&format!("/{ANCHOR_WATCH}/../Cargo.toml")).unwrap();
    assert_eq!(code, 404);

    let is_alarm = |news: &Value| {
        news["kind"] == "notification"
            && news["path"] == "notifications.navigation.anchor"
            && news["value"]["state"] == "alarm"
    };
    until("the alarm of a boat that drags", || run.all().iter().any(is_alarm));
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

/// Settings of which one is chosen, in every form that serde gives them.
const CHOICES: &str = include_str!("settings/choices.rs");

/// Finds the setting with a label: the whole of it, or its control.
const FIND: &str = "const labelled = (label) => [...document.querySelectorAll('#settings .field')]
        .find((it) => it.querySelector(':scope > label')?.innerText.trim() === label);
    const control = (label) => labelled(label).querySelector(':scope > input, :scope > select');
    const choose = (label, option) => {
        const select = control(label);
        select.value = [...select.options].find((it) => it.text === option).value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
    };
    const fill = (label, text) => { control(label).value = text };
    const shown = (label) => control(label).selectedOptions[0].text;
    const save = () => document.getElementById('settings').requestSubmit();";

#[test]
#[ignore = "needs Chromium, run by `cargo xtask test`"]
fn choices_are_made_in_the_form_of_the_page_and_what_it_does_not_show_is_kept() {
    let place = Place::new(PLUGIN);
    fs::write(place.plugin().join("src/lib.rs"), CHOICES).unwrap();
    let run = Run::start(&place);
    let address = format!("/plugins/{PLUGIN}/config");
    let saved = json!({
        "enabled": true,
        "enableDebug": true,
        "configuration": {
            "when": "Night",
            "connection": { "tcp": { "host": "boat", "port": 10110, "unknown": 1 } },
            "shape": { "kind": "Circle", "radius": 12.5 },
            "backup": null,
            "unknown": 7,
        },
    });
    assert_eq!(run.rest.post(&address, &saved).unwrap().0, 200);

    let browser = Browser::start().unwrap();
    browser.open(&format!("http://127.0.0.1:{}/", run.port)).unwrap();
    let script = |text: &str| browser.run(&format!("{FIND}{text}"), Vec::new());
    let settings = "document.getElementById('settings').innerText";
    let is_shown = |text: &str| {
        let shown = browser.run(&format!("return {settings}"), Vec::new()).unwrap();
        shown.as_str().unwrap().contains(text)
    };
    until("the form", || is_shown("Connection"));
    let shown = "return [shown('When'), shown('Connection'), shown('Shape'), shown('Backup'),
        control('Port').value, control('Radius (m)').value]";
    let expected = json!(["By night", "Over TCP", "Circle", "Not set", "10110", "12.5"]);
    assert_eq!(script(shown).unwrap(), expected);

    // Nothing was changed, and so nothing is.
    script("save()").unwrap();
    until("the save to be told", || is_shown("Saved configuration"));
    let document = || run.rest.get(&address).unwrap().1;
    assert_eq!(document(), saved);

    let change = "choose('When', 'By day'); choose('Connection', 'A frequency (Hz)');
        labelled('Connection').querySelector('.variant input').value = '50.5';
        choose('Shape', 'Box'); fill('Width (m)', '3');
        choose('Backup', 'Off'); save()";
    script(change).unwrap();
    let configuration = json!({
        "when": "Day",
        "connection": { "frequency": 50.5 },
        "shape": { "kind": "Box", "width": 3 },
        "backup": "off",
        "unknown": 7,
    });
    until("the changes to be saved", || document()["configuration"] == configuration);
    assert_eq!(document()["enableDebug"], true);
    // The plugin has read them, and says what it makes of them.
    until("the plugin to have them", || {
        run.find("status").unwrap()["text"] == "Day, Frequency(50.5), Box { width: 3.0 }, Some(Off)"
    });
}
