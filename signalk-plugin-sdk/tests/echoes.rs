//! Echoes of what a plugin has sent, and what others say meanwhile.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use signalk_plugin_sdk::delta::{Delta, DeltaVersion, Origin};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::serde_json::{Value, json};
use signalk_plugin_sdk::testing::{Event, OTHER_VESSEL, TestHost};

fn note(handler: &str, what: impl std::fmt::Display) {
    server::debug(&format!("{handler} {what}"));
}

/// Sends what it hears, by names of its own, and takes everything that others say.
struct Talker {
    is_quiet: bool,
}

#[signalk_plugin]
impl Talker {
    fn start() -> Self {
        Self { is_quiet: false }
    }

    #[delta("speed", context = "vessels.*")]
    fn speed(&mut self, value: i64) {
        note("speed", value);
    }

    #[delta("spam.*", context = "vessels.*")]
    fn spam(&mut self, value: i64) {
        note("spam", value);
    }

    #[every("1s")]
    fn chatter(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.is_quiet, true) {
            return Ok(());
        }
        (0..1200).try_for_each(|n| delta::set("spam.own", n))
    }

    #[delta("named.*", all_sources = true)]
    fn named(&mut self, value: i64, origin: &Origin<'_>) -> Result<()> {
        note("named", value);
        let update = |source: Value| {
            let mut update = json!({"values": [{"path": origin.path, "value": value + 1}]});
            update
                .as_object_mut()
                .into_iter()
                .for_each(|it| it.extend(source.as_object().cloned().unwrap_or_default()));
            json!({"updates": [update]})
        };
        match origin.path {
            "named.reference" => {
                delta::send(&update(json!({"$source": "plugin-under-test.GP"})), DeltaVersion::V1)
            }
            "named.other" => {
                delta::send_json(&update(json!({"$source": "mast"})).to_string(), DeltaVersion::V1)
            }
            _ => delta::send(
                &update(json!({"source": {"label": "mux", "talker": "GP"}})),
                DeltaVersion::V2,
            ),
        }
    }

    #[delta(context = "vessels.*")]
    fn whole(&mut self, delta: &Delta<'_>) -> Result<()> {
        let values = delta.updates.iter().flat_map(|update| &update.values);
        let paths: Vec<_> = values.map(|value| value.path.to_string()).collect();
        note("whole", paths.join(" "));
        if paths.iter().any(|path| path == "named.whole") {
            let update =
                json!({"$source": "mast", "values": [{"path": "named.whole2", "value": 1}]});
            delta::send(&json!({"updates": [update]}), DeltaVersion::V1)?;
        }
        Ok(())
    }

    #[delta("ping", all_sources = true)]
    fn ping(&mut self, value: i64) -> Result<()> {
        delta::set("pong", value)
    }
}

fn talker() -> TestHost<Talker> {
    let mut host = TestHost::start("{}");
    host.new_events();
    host
}

fn talks(host: &mut TestHost<Talker>) -> Vec<String> {
    let debug = host.new_events().into_iter().filter_map(|event| match event {
        Event::Debug(text) => Some(text),
        _ => None,
    });
    debug.collect()
}

fn from(source: &str, path: &str, value: i64) -> String {
    let values = json!([{"path": path, "value": value}]);
    json!({"context": "vessels.self", "updates": [{"$source": source, "values": values}]})
        .to_string()
}

#[test]
fn what_a_plugin_sends_takes_no_room_from_what_others_say() {
    let mut host = talker();
    host.answer_deltas(|delta| {
        let value = delta["updates"][0]["values"][0]["value"].as_i64().unwrap_or(1);
        let speed = (value % 120 == 0).then(|| from("log", "speed", value / 120));
        speed.into_iter().collect()
    });
    host.advance(Duration::from_secs(1));
    let speeds: Vec<_> =
        talks(&mut host).into_iter().filter(|it| it.starts_with("speed")).collect();
    assert_eq!(speeds, (0..10).map(|n| format!("speed {n}")).collect::<Vec<_>>());
    assert_eq!(host.error(), None);
}

#[test]
fn what_a_plugin_sends_by_another_source_does_not_come_back_either() {
    for path in ["named.reference", "named.other", "named.object"] {
        let mut host = talker();
        host.answer_deltas(|_| Vec::new());
        host.receive(path, 1);
        host.advance(Duration::from_millis(500));
        let notes = talks(&mut host);
        assert_eq!(notes, [format!("whole {path}"), "named 1".to_owned()], "{path}");
        // The source of that name may say something, too.
        host.receive_json(&from("mast", path, 7));
        assert!(talks(&mut host).contains(&"named 7".to_owned()), "{path}");
    }
    let mut host = talker();
    host.receive("named.whole", 1);
    let notes = talks(&mut host);
    assert_eq!(notes, ["whole named.whole", "named 1"]);
}

#[test]
fn what_another_plugin_answers_is_no_echo_whatever_it_is_about() {
    let mut host = talker();
    host.answer_deltas(|delta| {
        let path = delta["updates"][0]["values"][0]["path"].as_str().unwrap_or_default();
        let answer = (path == "pong").then(|| from("another", "speed", 5));
        answer.into_iter().collect()
    });
    host.receive("ping", 1);
    assert_eq!(talks(&mut host), ["whole ping", "whole speed", "speed 5"]);
}

#[test]
fn a_loop_through_another_plugin_ends_and_is_told() {
    let mut host = talker();
    host.answer_deltas(|delta| {
        let path = delta["updates"][0]["values"][0]["path"].as_str().unwrap_or_default();
        (path == "pong").then(|| from("another", "ping", 5)).into_iter().collect()
    });
    host.receive("ping", 1);
    let error = host.error().unwrap();
    assert!(error.starts_with("a loop: ping has come back to the plugin 100 times"), "{error}");
    talks(&mut host);
    host.receive("speed", 3);
    assert_eq!(talks(&mut host), ["whole speed", "speed 3"], "nothing of it is left");
    host.advance(Duration::from_secs(61));
    assert_eq!(host.error(), None);
}

#[test]
fn what_says_nothing_reaches_no_handler_of_whole_deltas() {
    let mut host = TestHost::<Talker>::start("{}");
    host.receive_json(r#"{"context":"vessels.self","updates":[]}"#);
    host.receive_json(&format!(r#"{{"context":"{OTHER_VESSEL}","updates":[]}}"#));
    assert_eq!(talks(&mut host), [] as [&str; 0]);
    host.receive("a", 1);
    assert_eq!(talks(&mut host), ["whole a"], "not the question for the own ship either");
}
