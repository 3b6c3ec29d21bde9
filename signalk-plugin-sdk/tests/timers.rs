//! Handlers of passing time.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

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
