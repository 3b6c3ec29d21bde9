//! `cargo signalk serve` as a process, on real servers.
//!
//! `cargo xtask test --only server` runs this: without what it prepares, the tool installs servers from
//! npm into the user's folder.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

mod peer;
mod place;

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use signalk_plugin_tests::{Rest, Socket};

use peer::Peer;
use place::{Place, tool, until};

const PLUGIN: &str = "signalk-test-serve";

impl Place {
    fn serve(&self, version: &str) -> Served {
        self.serve_with(version, "")
    }

    /// Serves, and plays this recording again and again if there is any of it.
    fn serve_with(&self, version: &str, recording: &str) -> Served {
        let file = self.folder.join("recording.txt");
        fs::write(&file, recording).unwrap();
        let arguments = ["--loop", "--replay", file.to_str().unwrap()];
        self.serve_by(version, if recording.is_empty() { &[] } else { &arguments })
    }

    fn serve_by(&self, version: &str, arguments: &[&str]) -> Served {
        let mut command = tool();
        command.args(["serve", "--no-wasm-opt", "--server", version]).args(arguments);
        let remarks = self.remarks_file();
        command
            .arg("--state")
            .arg(self.state())
            .arg(self.plugin())
            .stdout(Stdio::piped())
            .stderr(remarks);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap_or_else(|| panic!("it ended: {}", self.remarks())).unwrap();
        let port = first.split("127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next());
        let port = port.unwrap_or_else(|| panic!("no address in {first:?}")).parse().unwrap();
        Served { child, port, rest: Rest::new(port), lines: Box::new(lines.map(Result::unwrap)) }
    }
}

/// The tool at work. It is killed when this is dropped, and the server with it.
struct Served {
    child: Child,
    port: u16,
    rest: Rest,
    lines: Box<dyn Iterator<Item = String>>,
}

impl Served {
    /// The plugin's entry in the server's list.
    fn listed(&self) -> Value {
        self.rest.plugin(PLUGIN).unwrap_or_default()
    }

    fn wait_until_it_is_called(&self, name: &str) {
        until(&format!("the plugin to be {name:?}"), || self.listed()["name"] == name);
    }

    /// Sends a depth to the server, and waits for what the plugin makes of it.
    fn wait_for_depth(&self, told: f64, below_keel: f64) {
        let path = "environment.depth.belowTransducer";
        let mut socket = Socket::connect(self.port, "/signalk/v1/stream?subscribe=none").unwrap();
        until(&format!("a depth of {below_keel} m below the keel"), || {
            socket.tell("sounder", &[(path, json!(told))]).unwrap();
            self.below_keel() == Some(below_keel)
        });
    }

    fn below_keel(&self) -> Option<f64> {
        self.rest.own("environment/depth/belowKeel").ok()??["value"].as_f64()
    }

    fn wait_for_line(&mut self, part: &str) {
        let mut seen = Vec::new();
        for line in &mut self.lines {
            if line.contains(part) {
                return;
            }
            seen.push(line);
        }
        panic!("no line has {part:?}: {seen:#?}");
    }

    fn send(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    fn wait_until_nobody_listens(&self) {
        until("the server to be gone", || TcpStream::connect(("127.0.0.1", self.port)).is_err());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves, saves settings, changes the source, and looks at what the server's clients see of it.
fn a_change_is_served_and_everything_kept(place: &Place, version: &str) -> Served {
    let mut served = place.serve(version);
    served.wait_until_it_is_called("Test Serve");
    assert_eq!(served.listed()["version"], "0.1.0");
    served.wait_for_line("status Waiting for a depth");
    served.wait_for_depth(5.0, 4.0);
    served.rest.save_config(PLUGIN, &json!({ "transducerToKeel": 2.0 })).unwrap();
    served.wait_for_depth(5.0, 3.0);

    place.change("src/lib.rs", "name = \"Test Serve\"", "name = \"Deep\"");
    served.wait_until_it_is_called("Deep");
    served.wait_for_depth(6.0, 4.0);
    served
}

#[test]
#[ignore = "needs servers, run by `cargo xtask test`"]
fn a_change_is_served_on_2_32_and_ctrl_c_ends_the_server() {
    let place = Place::new(PLUGIN);
    let mut served = a_change_is_served_and_everything_kept(&place, "2.32.0");
    served.send(Signal::INT);
    assert!(served.child.wait().unwrap().success());
    served.wait_until_nobody_listens();

    // The settings are there the next time.
    let sentence = "$SDDBT,29.5,f,9.0,M,4.9,F*3C\n";
    let again = place.serve_with("2.32.0", sentence);
    until("a sentence to be played", || again.below_keel() == Some(7.0));
    assert_eq!(again.listed()["name"], "Deep");
}

#[test]
#[ignore = "needs servers, run by `cargo xtask test`"]
fn a_change_is_served_on_2_23_and_the_server_goes_with_a_tool_that_was_killed() {
    let place = Place::new(PLUGIN);
    let served = a_change_is_served_and_everything_kept(&place, "2.23.0");
    place.change("src/lib.rs", "name = \"Deep\"", "name = Deep");
    until("the build to fail", || place.remarks().contains("goes on with the plugin as it was"));
    served.wait_for_depth(7.0, 5.0);
    assert_eq!(served.listed()["name"], "Deep");
    served.send(Signal::KILL);
    served.wait_until_nobody_listens();

    place.change("src/lib.rs", "name = Deep", "name = \"Deep\"");
    let values = r#"[{"path":"environment.depth.belowTransducer","value":8.0}]"#;
    let delta =
        format!(r#"{{"updates":[{{"timestamp":"2020-01-01T00:00:00Z","values":{values}}}]}}"#);
    let again = place.serve_with("2.23.0", &delta);
    until("a delta to be played", || again.below_keel() == Some(6.0));
}

#[test]
#[ignore = "needs servers, run by `cargo xtask test`"]
fn a_running_server_is_followed_and_asked_for_all_once_the_plugin_was_changed() {
    let place = Place::new(PLUGIN);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("ws://{}", listener.local_addr().unwrap());
    // Another depth for each connection, which ends when the tool wants to hear all anew.
    thread::spawn(move || {
        for depth in [5.0, 6.0] {
            let mut peer = Peer::accept(&listener);
            while peer.say_depth("vessels.own", depth) {
                thread::sleep(Duration::from_millis(100));
            }
        }
    });
    let served = place.serve_by("2.32.0", &["--from", &address]);
    until("the depth of the other server", || served.below_keel() == Some(4.0));
    place.change("src/lib.rs", "name = \"Test Serve\"", "name = \"Deep\"");
    until("the depth that it says anew", || served.below_keel() == Some(5.0));
    assert_eq!(served.listed()["name"], "Deep");
}

#[test]
fn a_port_that_is_taken_is_told_before_anything_is_built() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = tool().args(["serve", "--port", &port]).arg(folder).output().unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains(&format!("port {port} is not to be had")), "{told}");
}

#[test]
fn a_recording_that_cannot_be_played_is_told_before_anything_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("track.txt");
    fs::write(&file, "hello\n").unwrap();
    let output = tool().args(["serve", "--replay"]).arg(&file).arg(folder.path()).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("track.txt cannot be played: no line of it can be used; line 1: "),
        "{told}"
    );
}
