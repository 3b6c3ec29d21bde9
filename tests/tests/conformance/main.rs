//! Conformance: the same script of events happens to the same plugin in the embedded host and on the
//! real servers, and the transcripts of all calls between host and plugin are compared, byte by byte.
//! A difference is a bug of the embedded host.
//!
//! The plugin is `tests/plugins/probe`, which does what it is told. On a real server the transcript
//! comes from `tests/conformance/preload.cjs`, in the embedded host from its `CallTrace`.

// Clippy's leave for tests does not reach the functions that tests share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod embedded;
mod peers;
mod real;
mod script;
mod side;
mod transcript;

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use signalk_plugin_host::ServerVersion;
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{Way, cases};

use embedded::Embedded;
use peers::Peers;
use real::Real;
use script::{PROBE, Setup, What};
use side::Side;
use transcript::{Entry, by_kind, differences, lines, masked};

cases! {
    [server]
    the_embedded_host_does_as_the_server_does
}

fn the_embedded_host_does_as_the_server_does(way: Way) {
    let (version, installed) = (way.version(), way.installed());
    let built = plugin_folder(PROBE).unwrap();
    let setups = script::setups();
    let embedded = play(&mut Embedded::start(&built, version, &setups), version, &setups);
    let real = play(&mut Real::start(&built, installed, &setups), version, &setups);
    keep(version, "embedded", &embedded);
    keep(version, "real", &real);
    let report = differences(&embedded, &real);
    assert!(
        report.is_empty(),
        "the embedded host (-) differs from signalk-server {version} (+):\n{report}"
    );
}

/// Leaves a transcript where it can be looked at.
fn keep(version: ServerVersion, side: &str, entries: &[Entry]) {
    let file =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("conformance-{version}-{side}.txt"));
    let text = |entry: &Entry| format!("# {}\n{}\n", entry.name, entry.lines.join("\n"));
    fs::write(file, entries.iter().map(text).collect::<String>()).unwrap();
}

/// Plays the script and gives back what came of each event.
fn play(side: &mut impl Side, version: ServerVersion, setups: &[Setup]) -> Vec<Entry> {
    let mut peers = Peers::new();
    let ports = peers.ports();
    let mut entries =
        vec![Entry { name: "the server starts".to_owned(), lines: calls(side, setups, &ports) }];
    for event in script::script(version, &peers) {
        let named = NamedOnPanic(&event.name);
        let seen = happen(side, &mut peers, &event.what);
        drop(named);
        let mut all = calls(side, setups, &ports);
        all.extend(seen.iter().map(|line| format!("= {}", masked(&by_kind(line), &ports))));
        entries.push(Entry { name: masked(&event.name, &ports), lines: all });
    }
    entries
}

/// Says which event it was that did not go well.
struct NamedOnPanic<'a>(&'a str);

impl Drop for NamedOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the event was {}", self.0);
        }
    }
}

/// Lets an event happen and gives back what is seen from outside.
fn happen(side: &mut impl Side, peers: &mut Peers, what: &What) -> Vec<String> {
    match what {
        What::Http { plugin, request } => vec![side.http(plugin, request)],
        What::Refused(request) => {
            let answer = side.http(PROBE, request);
            vec![answer.split(" \"").next().unwrap_or_default().to_owned()]
        }
        What::Until { request, seen } => {
            let deadline = Instant::now() + Duration::from_secs(10);
            loop {
                let answer = side.http(PROBE, request);
                if answer.contains(seen) {
                    return vec![answer];
                }
                assert!(Instant::now() < deadline, "still not {seen}: {answer}");
                drop(side.calls(PROBE));
                thread::sleep(Duration::from_millis(5));
            }
        }
        What::Put { path, value } => {
            vec![side.put(path, value), side.put_by_socket(path, value)]
        }
        What::Delta(delta) => {
            side.delta(delta);
            Vec::new()
        }
        What::Value(path) => vec![side.value(path)],
        What::Notification(action, path) => vec![side.notification(action, *path)],
        What::Ask(question) => {
            side.ask(question);
            Vec::new()
        }
        What::Poll(request) => {
            let answer = side.http(PROBE, request);
            side.poll();
            vec![answer]
        }
        What::Restart => {
            side.restart();
            Vec::new()
        }
        What::List => side.list(),
        What::Peer(event) => vec![peers.act(event)],
    }
}

/// The calls of all plugins since the last time, those of one plugin after those of another: the
/// server registers them all at once.
fn calls(side: &mut impl Side, setups: &[Setup], ports: &[u16]) -> Vec<String> {
    let of_one = |setup: &Setup| {
        let lines = lines(side.calls(&setup.id()), ports);
        lines.into_iter().map(|line| format!("{}{line}", setup.mark())).collect::<Vec<_>>()
    };
    setups.iter().flat_map(of_one).collect()
}
