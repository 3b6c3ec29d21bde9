//! Handlers of passing time.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::{Event, TestHost, take_time};

#[derive(Deserialize, JsonSchema)]
struct Config {
    interval: u64,
}

struct Plugin {
    interval: u64,
    runs: [u32; 2],
}

#[signalk_plugin]
impl Plugin {
    fn start(config: Config) -> Result<Self> {
        Ok(Self { interval: config.interval, runs: [0; 2] })
    }

    #[every("10s")]
    fn fixed(&mut self) -> Result<()> {
        self.runs[0] += 1;
        delta::set("fixed", self.runs[0])
    }

    #[every(Duration::from_secs(self.interval))]
    fn as_the_form_says(&mut self) -> Result<()> {
        self.runs[1] += 1;
        delta::set("fromTheForm", self.runs[1])
    }

    #[every("5s")]
    fn timed(&mut self, elapsed: Duration) -> Result<()> {
        delta::set("elapsed", elapsed.as_secs_f64())
    }

    #[delta("interval")]
    fn change(&mut self, seconds: u64) {
        self.interval = seconds;
    }

    #[delta("fail")]
    fn fail(&mut self, _value: bool) -> Result<()> {
        bail!("no good")
    }
}

#[test]
fn a_timer_runs_first_one_period_after_the_start_and_then_each_period() {
    let mut host = TestHost::<Plugin>::start(r#"{"interval":3}"#);
    host.advance(Duration::from_secs(9));
    assert_eq!(host.value("fixed"), None);
    assert_eq!(host.value("fromTheForm").unwrap(), 3);
    host.advance(Duration::from_secs(21));
    assert_eq!(host.value("fixed").unwrap(), 3);
    assert_eq!(host.value("fromTheForm").unwrap(), 10);
}

#[test]
fn a_period_that_changes_counts_from_the_next_run() {
    let mut host = TestHost::<Plugin>::start(r#"{"interval":5}"#);
    host.receive("interval", 1);
    host.advance(Duration::from_secs(4));
    assert_eq!(host.value("fromTheForm"), None);
    host.advance(Duration::from_secs(3));
    assert_eq!(host.value("fromTheForm").unwrap(), 3);
}

#[test]
fn a_period_of_nothing_is_a_second() {
    let mut host = TestHost::<Plugin>::start(r#"{"interval":0}"#);
    host.advance(Duration::from_secs(5));
    assert_eq!(host.value("fromTheForm").unwrap(), 5);
}

/// What `timed` was given at each of its runs, until now.
fn elapsed(host: &mut TestHost<Plugin>) -> Vec<f64> {
    let events = host.new_events().into_iter();
    let values = events.filter_map(|event| match event {
        Event::Delta { delta, .. } => {
            let value = &delta["updates"][0]["values"][0];
            value["value"].as_f64().filter(|_| value["path"] == "elapsed")
        }
        _ => None,
    });
    values.collect()
}

#[test]
fn the_time_given_is_since_the_last_run_and_first_since_the_start() {
    let mut host = TestHost::<Plugin>::start(r#"{"interval":60}"#);
    host.advance(Duration::from_secs(15));
    assert_eq!(elapsed(&mut host), [5.0, 5.0, 5.0]);
}

#[test]
fn the_time_given_is_right_when_a_poll_comes_late() {
    let mut host = TestHost::<Plugin>::start(r#"{"interval":60}"#);
    host.advance(Duration::from_secs(5));
    take_time(Duration::from_millis(40_250));
    host.advance(Duration::from_secs(10));
    let times = elapsed(&mut host);
    assert_eq!(times, [5.0, 41.25, 5.0]);
}

#[test]
fn the_time_given_does_not_follow_the_wall_clock() {
    let mut host = TestHost::<Plugin>::start(r#"{"interval":60}"#);
    host.advance(Duration::from_secs(7));
    host.jump_wall_clock(1_000_000);
    host.advance(Duration::from_secs(5));
    host.jump_wall_clock(-2_000_000);
    host.advance(Duration::from_secs(5));
    assert_eq!(elapsed(&mut host), [5.0, 5.0, 5.0]);
}

#[test]
fn the_time_given_does_not_count_while_the_plugin_was_off() {
    let mut host = TestHost::<Plugin>::start(r#"{"interval":60}"#);
    host.advance(Duration::from_secs(5));
    host.stop();
    host.advance(Duration::from_secs(100));
    host.configure(r#"{"interval":60}"#);
    host.advance(Duration::from_secs(5));
    host.restart_server();
    host.advance(Duration::from_secs(5));
    assert_eq!(elapsed(&mut host), [5.0, 5.0, 5.0]);
}
