//! Start, stop, waiting and the status line, natively.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use signalk_plugin_sdk::clock;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::{Event, TestHost};

#[derive(Deserialize, JsonSchema, Default)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Config {
    /// How many starts fail before one succeeds.
    failures: u32,
    bad_setting: bool,
    emit_in_start: bool,
    fail_in_stop: bool,
    status: Option<String>,
}

thread_local!(static ATTEMPTS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });

struct Plugin {
    config: Config,
}

#[signalk_plugin(name = "Lifecycle")]
impl Plugin {
    fn start(config: Config) -> Result<Self> {
        ATTEMPTS.set(ATTEMPTS.get() + 1);
        if config.bad_setting {
            return Err(ConfigError::expected("badSetting", &true, "false").into());
        }
        ensure!(ATTEMPTS.get() > config.failures, "attempt {} failed", ATTEMPTS.get());
        if config.emit_in_start {
            delta::set("test.inStart", 1)?;
        }
        if let Some(status) = &config.status {
            server::set_status(status);
        }
        Ok(Self { config })
    }

    fn stop(&mut self) -> Result<()> {
        delta::set("test.stopped", true)?;
        ensure!(!self.config.fail_in_stop, "cannot let go");
        Ok(())
    }

    #[delta("test.in")]
    fn take(&mut self, value: Option<i64>) -> Result<()> {
        match value {
            Some(value) if value < 0 => bail!("{value} is negative"),
            Some(value) => delta::set("test.out", value),
            None => delta::clear("test.out"),
        }
    }

    #[delta("test.status")]
    fn say(&mut self, text: String) {
        debug!("saying");
        server::set_status(&text);
        info!("said");
    }

    #[delta("test.log")]
    fn log(&mut self, text: String) {
        warn!("{text}");
    }

    #[every("2s")]
    fn tick(&mut self) -> Result<()> {
        delta::set("test.tick", clock::monotonic().as_secs())
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        let _ = delta::set("test.dropped", true);
    }
}

fn host(config: &str) -> TestHost<Plugin> {
    ATTEMPTS.set(0);
    TestHost::start(config)
}

#[test]
fn a_plugin_that_sets_no_status_shows_that_it_has_started() {
    assert_eq!(host("{}").status().unwrap(), "Started");
    assert_eq!(host(r#"{"status":"Ready"}"#).status().unwrap(), "Ready");
}

#[test]
fn what_is_sent_in_start_goes_out() {
    let host = host(r#"{"emitInStart":true}"#);
    assert_eq!(host.value("test.inStart").unwrap(), 1);
}

#[test]
fn the_servers_own_setting_never_reaches_a_type_that_forbids_unknown_ones() {
    let mut host = host(r#"{"enableDebug":true,"failures":0}"#);
    assert_eq!(host.error(), None);
    host.configure(r#"{"enabledebug":true}"#);
    assert!(host.error().unwrap().contains("\"enabledebug\" is not known here"));
}

#[test]
fn a_start_that_fails_is_tried_again_after_one_two_and_four_seconds() {
    let mut host = host(r#"{"failures":3}"#);
    assert_eq!(host.error().unwrap(), "attempt 1 failed");
    host.advance(Duration::from_secs(1));
    assert_eq!(host.error().unwrap(), "attempt 2 failed");
    host.advance(Duration::from_secs(1));
    assert_eq!(host.error().unwrap(), "attempt 2 failed");
    host.advance(Duration::from_secs(1));
    assert_eq!(host.error().unwrap(), "attempt 3 failed");
    host.advance(Duration::from_secs(3));
    assert_eq!(host.error().unwrap(), "attempt 3 failed");
    host.advance(Duration::from_secs(1));
    assert_eq!(host.status().unwrap(), "Started");
    host.receive("test.in", 5);
    assert_eq!(host.value("test.out").unwrap(), 5);
}

#[test]
fn the_wait_between_two_starts_never_grows_beyond_a_minute() {
    let mut host = host(r#"{"failures":1000000}"#);
    host.advance(Duration::from_secs(3600));
    let before = ATTEMPTS.get();
    host.advance(Duration::from_secs(600));
    assert_eq!(ATTEMPTS.get() - before, 10);
}

#[test]
fn a_wrong_setting_is_not_tried_again_before_it_was_changed() {
    let mut host = host(r#"{"badSetting":true}"#);
    let error = "Configuration: badSetting: found true, expected false";
    assert_eq!(host.error().unwrap(), error);
    host.advance(Duration::from_secs(600));
    assert_eq!(ATTEMPTS.get(), 1);
    assert_eq!(host.configure("{}"), 0);
    assert_eq!(host.status().unwrap(), "Started");
}

#[test]
fn a_waiting_plugin_reports_success_so_that_the_server_starts_it_again() {
    let mut host = TestHost::<Plugin>::new();
    assert_eq!(host.configure(r#"{"failures":"many"}"#), 0);
    assert_eq!(
        host.error().unwrap(),
        "Configuration: How many starts fail before one succeeds: found the text \"many\", expected a whole number, not negative"
    );
}

#[test]
fn bytes_that_are_no_object_or_no_text_are_told_and_a_mended_configuration_starts() {
    let mut host = TestHost::<Plugin>::new();
    for (bytes, error) in [
        (&b"[]"[..], "Configuration: found a list, expected a group of settings"),
        (b"\xff\xfe", "Configuration: not UTF-8 text: byte 0 is wrong"),
        (b"", "Configuration: not JSON: the text ends early at byte 0"),
        (b"{\"failures\":", "Configuration: not JSON: the text ends early at byte 12"),
    ] {
        assert_eq!(host.configure_bytes(bytes), 0);
        assert_eq!(host.error().unwrap(), error);
    }
    host.configure("{}");
    assert_eq!(host.status().unwrap(), "Started");
}

#[test]
fn a_stopped_plugin_gets_nothing_and_says_so() {
    let mut host = host("{}");
    host.receive("test.in", 1);
    host.stop();
    assert_eq!(host.value("test.stopped").unwrap(), true);
    assert_eq!(host.status().unwrap(), "Stopped");
    host.new_events();
    host.receive("test.in", 2);
    host.advance(Duration::from_secs(10));
    assert_eq!(host.new_events(), []);
}

#[test]
fn stopping_twice_and_stopping_what_never_ran_is_harmless() {
    let mut never = TestHost::<Plugin>::new();
    never.stop();
    never.stop();
    assert_eq!(never.events(), []);
    let mut host = host("{}");
    host.stop();
    host.new_events();
    host.stop();
    assert_eq!(host.new_events(), []);
}

#[test]
fn a_stop_that_fails_still_stops_and_the_error_stays_on_the_dashboard() {
    let mut host = host(r#"{"failInStop":true}"#);
    host.stop();
    assert_eq!(host.error().unwrap(), "cannot let go");
    host.new_events();
    host.receive("test.in", 1);
    assert_eq!(host.new_events(), []);
    host.configure("{}");
    assert_eq!(host.status().unwrap(), "Started");
}

#[test]
fn starting_shows_one_line() {
    let lines = |host: &TestHost<Plugin>| {
        let is_line = |event: &Event| matches!(event, Event::Status(_) | Event::Error(_));
        host.events().into_iter().filter(is_line).count()
    };
    assert_eq!(lines(&host("{}")), 1);
    assert_eq!(lines(&host(r#"{"status":"Ready"}"#)), 1);
}

#[test]
fn what_a_plugin_sends_while_it_is_dropped_goes_out() {
    let mut host = host("{}");
    host.stop();
    assert_eq!(host.value("test.dropped").unwrap(), true);
    let mut next = TestHost::<Plugin>::start("{}");
    drop(host);
    next = {
        drop(next);
        TestHost::<Plugin>::start("{}")
    };
    assert_eq!(next.value("test.dropped"), None, "the record is the new host's own");
}

#[test]
fn parts_of_a_second_add_up() {
    let mut host = host("{}");
    for _ in 0..8 {
        host.advance(Duration::from_millis(500));
    }
    assert_eq!(host.value("test.tick").unwrap(), 4);
}

#[test]
fn the_servers_switch_for_debug_lines_opens_the_log_of_this_plugin() {
    let lines = |config: &str| {
        let mut host = host(config);
        host.receive("test.status", "x");
        let events = host.events().into_iter();
        let lines = events.filter_map(|event| match event {
            Event::Stderr(line) => Some(line),
            // Else it would stand there twice.
            Event::Debug(line) => Some(["debug: ", &*line].concat()),
            _ => None,
        });
        lines.collect::<Vec<_>>()
    };
    assert_eq!(lines("{}"), ["[plugin-under-test] INFO said"]);
    assert_eq!(
        lines(r#"{"enableDebug":true}"#),
        ["[plugin-under-test] DEBUG saying", "[plugin-under-test] INFO said"]
    );
}

#[test]
fn a_line_of_the_log_is_one_line_whatever_is_in_it() {
    let mut host = host("{}");
    host.new_events();
    host.receive("test.log", "Anna é\n[another] INFO \u{1b}[2J\u{9b}2J");
    let logged = host.new_events();
    assert!(
        logged.contains(&Event::Stderr(
            "[plugin-under-test] WARN Anna é [another] INFO  [2J\u{a0}2J".into()
        )),
        "{logged:?}"
    );
}

#[test]
fn a_plugin_that_ran_and_cannot_start_any_more_tells_the_crew_until_it_does() {
    let state = |host: &TestHost<Plugin>| host.notification_state("plugins.plugin-under-test");
    // One that has never run is being set up.
    let mut host = host(r#"{"badSetting":true}"#);
    assert_eq!(state(&host), None);
    host.configure("{}");
    assert_eq!(state(&host), None);
    host.configure(r#"{"badSetting":true}"#);
    assert_eq!(state(&host).unwrap(), "alarm");
    let notice = host.value("notifications.plugins.plugin-under-test").unwrap();
    // Every client reads it, so it has nothing of the settings.
    assert_eq!(
        notice["message"],
        "Lifecycle is not running: its settings are wrong; the server's dashboard says why"
    );
    host.configure(r#"{"failures":"many"}"#);
    host.configure("{}");
    assert_eq!(state(&host).unwrap(), "normal");
}

#[test]
fn a_plugin_whose_start_fails_three_times_tells_the_crew_where_it_ran_before() {
    let state = |host: &TestHost<Plugin>| host.notification_state("plugins.plugin-under-test");
    let mut host = host("{}");
    ATTEMPTS.set(0);
    host.configure(r#"{"failures":3}"#);
    host.advance(Duration::from_secs(1));
    assert_eq!(state(&host), None, "after two");
    host.advance(Duration::from_secs(2));
    assert_eq!(state(&host).unwrap(), "alarm");
    host.advance(Duration::from_secs(4));
    assert_eq!(state(&host).unwrap(), "normal");
}

#[test]
fn what_is_stored_says_that_a_plugin_ran_before_the_server_was_started() {
    let host = host(r#"{"badSetting":true,"signalk-plugin-sdk":{"revision":1,"documents":{}}}"#);
    assert_eq!(host.notification_state("plugins.plugin-under-test").unwrap(), "alarm");
}

#[test]
fn a_new_start_has_nothing_of_the_old_one() {
    let mut host = host("{}");
    host.receive("test.in", -1);
    assert_eq!(host.error().unwrap(), "-1 is negative");
    host.advance(Duration::from_secs(1));
    host.configure("{}");
    assert_eq!(host.error(), None);
    // The timer starts anew too: two seconds from now, not one.
    host.advance(Duration::from_secs(1));
    assert_eq!(host.value("test.tick"), None);
    host.advance(Duration::from_secs(1));
    assert_eq!(host.value("test.tick").unwrap(), 3);
}

#[test]
fn an_error_stays_until_the_same_handler_succeeds_and_then_the_last_status_comes_back() {
    let mut host = host("{}");
    host.receive("test.status", "first");
    host.receive("test.in", -1);
    assert_eq!(host.error().unwrap(), "-1 is negative");
    host.advance(Duration::from_secs(2));
    assert_eq!(host.error().unwrap(), "-1 is negative", "another handler's success");
    host.receive("test.status", "second");
    assert_eq!(host.error().unwrap(), "-1 is negative", "a status meanwhile");
    host.receive("test.in", 1);
    assert_eq!(host.status().unwrap(), "second");
}

#[test]
fn a_value_of_another_type_is_an_error_that_names_path_and_types() {
    let mut host = host("{}");
    host.receive("test.in", "five");
    assert_eq!(host.error().unwrap(), "test.in: found the text \"five\", expected a whole number");
}

#[test]
fn the_same_status_is_sent_once() {
    let mut host = host("{}");
    host.new_events();
    for _ in 0..3 {
        host.receive("test.status", "same");
    }
    let sent = host.new_events();
    let status = sent.iter().filter(|event| matches!(event, Event::Status(_)));
    assert_eq!(status.collect::<Vec<_>>(), [&Event::Status("same".into())]);
}
