//! A real server as a side.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use signalk_plugin_host::{CallSide, CallStep, TracedCall};
use signalk_plugin_tests::env::InstalledServer;
use signalk_plugin_tests::{Server, ServerBuilder};
use tempfile::TempDir;

use crate::peers::DeltaFeeder;
use crate::script::{PROBE, PROVIDER, Setup};
use crate::side::{HttpRequest, MARKER, Question, Side, marker};
use crate::transcript::{is_poll, without_idle_polls};

const PATIENCE: Duration = Duration::from_secs(10);

/// A running server whose calls are written down.
pub(crate) struct Real {
    server: Server,
    feeder: DeltaFeeder,
    trace: File,
    /// What was read of a line that is not yet whole.
    begun: Vec<u8>,
    calls: BTreeMap<String, Vec<TracedCall>>,
    deltas: u32,
    /// Holds the packages and the trace.
    _folder: TempDir,
}

impl Real {
    pub(crate) fn start(built: &Path, installed: InstalledServer, setups: &[Setup]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let trace = folder.path().join("trace.jsonl");
        File::create(&trace).unwrap();
        let feeder = DeltaFeeder::new();
        let preload = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/preload.cjs");
        let manifest = fs::read_to_string(built.join("package.json")).unwrap();
        for setup in setups {
            let package = folder.path().join(setup.id());
            fs::create_dir(&package).unwrap();
            fs::write(package.join("package.json"), setup.manifest(&manifest)).unwrap();
            fs::copy(built.join("plugin.wasm"), package.join("plugin.wasm")).unwrap();
        }
        let start = || {
            let builder = Server::builder(installed.clone())
                .preload(&preload)
                .variable("SIGNALK_TEST_TRACE", &trace)
                .provider(feeder.provider(PROVIDER));
            let with_one = |builder: ServerBuilder, setup: &Setup| {
                let package = folder.path().join(setup.id());
                match &setup.document {
                    None => builder.plugin(package),
                    Some(document) => builder.plugin_with_document(package, document.clone()),
                }
            };
            setups.iter().fold(builder, with_one).start()
        };
        let server = despite_faults(start);
        Self {
            server,
            feeder,
            trace: File::open(trace).unwrap(),
            begun: Vec::new(),
            calls: BTreeMap::new(),
            deltas: 0,
            _folder: folder,
        }
    }

    fn request(&self, path: &str, request: &HttpRequest) -> (u16, String, String) {
        let HttpRequest { method, headers, body, .. } = request;
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let mut connection = TcpStream::connect(("127.0.0.1", self.server.port())).unwrap();
        connection.set_read_timeout(Some(PATIENCE)).unwrap();
        connection.write_all(&[head.as_bytes(), b"\r\n", body].concat()).unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|it| it == b"\r\n\r\n").expect("an HTTP answer");
        // A header may hold any byte.
        let head = String::from_utf8_lossy(&answer[..end]);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        let mut headers = head.lines().filter_map(|line| line.split_once(": "));
        let media_type = headers
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            .map(|(_, value)| value.to_owned());
        let body = &answer[end + 4..];
        let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        let body = if is_chunked { without_chunks(body) } else { body.to_vec() };
        (status, media_type.unwrap_or_default(), String::from_utf8_lossy(&body).into_owned())
    }

    /// Reads what the server has written meanwhile.
    fn read(&mut self) {
        self.trace.read_to_end(&mut self.begun).unwrap();
        let Some(end) = self.begun.iter().rposition(|byte| *byte == b'\n') else { return };
        let rest = self.begun.split_off(end + 1);
        for line in std::mem::replace(&mut self.begun, rest).split(|byte| *byte == b'\n') {
            if !line.is_empty() {
                let line: Value = serde_json::from_slice(line).unwrap();
                if !line["process"].is_null() {
                    // What was under way in the one before will never end.
                    self.calls.clear();
                    continue;
                }
                // The trace has the name of the package.
                let plugin = line["plugin"].as_str().unwrap().replace(['@', '/'], "_");
                self.calls.entry(plugin).or_default().push(call(&line));
            }
        }
    }
}

impl Side for Real {
    fn http(&mut self, plugin: &str, request: &HttpRequest) -> String {
        let path = format!("/plugins/{plugin}{}", request.target);
        let (status, media_type, body) = self.request(&path, request);
        format!("{status} {media_type} {body:?}")
    }

    fn put(&mut self, path: &str, value: &Value) -> String {
        let path = format!("/signalk/v1/api/vessels/self/{}", path.replace('.', "/"));
        let body = json!({ "value": value });
        let answer = self.server.rest().ask("PUT", &path, Some(&body)).unwrap();
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", answer.status, text("state"), text("message"))
    }

    fn put_by_socket(&mut self, path: &str, value: &Value) -> String {
        let mut socket = self.server.client().unwrap();
        let reply = socket.put(path, value).unwrap();
        let text = |key: &str| reply[key].as_str().unwrap_or_default();
        format!("{} {} {}", reply["statusCode"], text("state"), text("message"))
    }

    fn delta(&mut self, delta: &str) {
        self.feeder.send(delta);
        self.deltas += 1;
        self.feeder.send(&marker(self.deltas));
        let deadline = Instant::now() + PATIENCE;
        while self.server.rest().get(MARKER).unwrap().1 != json!(self.deltas) {
            assert!(Instant::now() < deadline, "a delta did not come through");
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn value(&mut self, path: &str) -> String {
        let node = self.server.rest().own(path).unwrap();
        node.map_or_else(|| "none".to_owned(), |node| node["value"].to_string())
    }

    fn notification(&mut self, action: &str, path: Option<&str>) -> String {
        const API: &str = "/signalk/v2/api/notifications";
        let rest = self.server.rest();
        let (method, address) = match path {
            None => ("POST", format!("{API}/{action}All")),
            Some(path) => {
                // The id that the data model has: there may be several, of other sources.
                let shown = rest.own(path).unwrap().unwrap();
                let id = shown["value"]["id"].as_str().unwrap();
                match action {
                    "clear" => ("DELETE", format!("{API}/{id}")),
                    action => ("POST", format!("{API}/{id}/{action}")),
                }
            }
        };
        let answer = rest.ask(method, &address, Some(&json!({}))).unwrap();
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        match answer.status {
            200 => "200".to_owned(),
            status => format!("{status} {}", body["message"].as_str().unwrap_or_default()),
        }
    }

    fn ask(&mut self, question: &Question) {
        let path = format!("/signalk/v2/api{}", question.path);
        self.server.rest().ask(question.method, &path, question.body.as_ref()).unwrap();
    }

    fn poll(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.read();
            let calls = self.calls.get(PROBE).cloned().unwrap_or_default();
            let mut polls = without_idle_polls(calls).into_iter().filter(is_poll);
            // Its beginning and its end.
            if polls.next().is_some() && polls.next().is_some() {
                return;
            }
            assert!(Instant::now() < deadline, "no poll did anything");
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn restart(&mut self) {
        despite_faults(|| self.server.restart());
        self.feeder.forget_client();
    }

    fn list(&mut self) -> Vec<String> {
        let (_, list) = self.server.rest().get("/skServer/plugins").unwrap();
        let mut lines: Vec<String> = list
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|entry| {
                let id = entry["id"].as_str().filter(|id| id.contains(PROBE))?;
                let state = entry["state"].as_str().unwrap_or_default();
                Some(format!("{id} {:?} {state} {}", entry["name"].as_str()?, entry["schema"]))
            })
            .collect();
        lines.sort();
        lines
    }

    fn calls(&mut self, plugin: &str) -> Vec<TracedCall> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.read();
            // A poll may be under way just now.
            if self.calls.get(plugin).is_none_or(|calls| is_at_rest(calls)) {
                return self.calls.remove(plugin).unwrap_or_default();
            }
            assert!(Instant::now() < deadline, "a call of {plugin} does not end");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Node.js itself dies of a segmentation fault now and then, about once in fifty starts of a server
/// with so many plugins. That says nothing about a host, so such a start is tried again.
fn despite_faults<T>(mut start: impl FnMut() -> anyhow::Result<T>) -> T {
    for _ in 0..2 {
        match start() {
            Err(error) if error.to_string().contains("(signal: 11") => {
                eprintln!("Node.js died of a segmentation fault; it is started again");
            }
            outcome => return outcome.unwrap(),
        }
    }
    start().unwrap()
}

/// Whether every call has ended.
fn is_at_rest(calls: &[TracedCall]) -> bool {
    let begun = calls.iter().filter(|call| matches!(call.step, CallStep::Call { .. })).count();
    2 * begun == calls.len()
}

fn call(line: &Value) -> TracedCall {
    let texts = || {
        let texts = line["texts"].as_array().unwrap().iter();
        texts.map(|text| text.as_str().map(from_hexadecimal)).collect()
    };
    let number = |value: &Value| i32::try_from(value.as_i64().unwrap()).unwrap();
    let step = match line["step"].as_str().unwrap() {
        "call" => CallStep::Call {
            arguments: line["args"].as_array().unwrap().iter().map(number).collect(),
            texts: texts(),
        },
        "return" => CallStep::Return {
            result: Some(&line["result"]).filter(|it| !it.is_null()).map(number),
            texts: texts(),
        },
        _ => CallStep::Throw { error: line["error"].as_str().unwrap().to_owned() },
    };
    let side = match line["side"].as_str().unwrap() {
        "export" => CallSide::Export,
        _ => CallSide::Import,
    };
    let instance = u32::try_from(line["instance"].as_u64().unwrap()).unwrap();
    TracedCall { instance, side, name: line["name"].as_str().unwrap().to_owned(), step }
}

/// A body that came in chunks, each behind a line with its length.
fn without_chunks(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|it| it == b"\r\n") {
        let length = std::str::from_utf8(&body[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            break;
        }
        whole.extend_from_slice(&body[end + 2..end + 2 + length]);
        body = &body[end + 4 + length..];
    }
    whole
}

fn from_hexadecimal(digits: &str) -> Vec<u8> {
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
    digits.as_bytes().chunks(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1])).collect()
}
