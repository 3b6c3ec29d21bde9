//! Futures beside the handlers.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::task::{self, Task, sleep, timeout};
use signalk_plugin_sdk::testing::TestHost;

thread_local!(static DROPPED: Cell<u32> = const { Cell::new(0) });

/// Counts how often a future was ended before its end.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        DROPPED.set(DROPPED.get() + 1);
    }
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(default)]
struct Config {
    fails: bool,
}

#[derive(Default)]
struct Waits {
    task: Option<Task>,
    count: u32,
}

#[signalk_plugin]
impl Waits {
    fn start(config: Config) -> Result<Self> {
        task::spawn("started", async {
            let _guard = Guard;
            sleep(Duration::from_secs(2)).await;
            delta::set("test.started", true)
        })
        .detach();
        ensure!(!config.fails, "as it is set");
        Ok(Self::default())
    }

    #[put("test.sleep")]
    fn sleep(&mut self, seconds: u64) {
        let wait = sleep(Duration::from_secs(seconds));
        self.task = Some(task::spawn_then("sleep", wait, Self::slept));
    }

    fn slept(&mut self, (): ()) -> Result<()> {
        self.count += 1;
        delta::set("test.slept", self.count)
    }

    #[put("test.cancel")]
    fn cancel(&mut self, _: bool) {
        self.task = None;
    }

    #[put("test.fail")]
    fn fail(&mut self, fails: bool) {
        let future = async move {
            sleep(Duration::from_secs(1)).await;
            ensure!(!fails, "nobody answers");
            Ok(())
        };
        self.task = Some(task::spawn("fetch", future));
    }

    #[put("test.then_fail")]
    fn then_fail(&mut self, fails: bool) {
        let then = move |_: &mut Self, (): ()| -> Result<()> {
            ensure!(!fails, "it makes no sense");
            Ok(())
        };
        self.task = Some(task::spawn_then("answer", async {}, then));
    }

    #[put("test.nested")]
    fn nested(&mut self, _: bool) {
        let outer = async {
            for name in ["a", "b"] {
                let inner = async move {
                    let outcome = timeout(Duration::from_secs(3), async {
                        let _guard = Guard;
                        sleep(Duration::from_secs(if name == "a" { 2 } else { 9 })).await;
                    });
                    let text = match outcome.await {
                        Ok(()) => name.to_owned(),
                        Err(error) => format!("{name}: {error}"),
                    };
                    delta::set("test.nested", text)
                };
                task::spawn("inner", inner).detach();
            }
            Ok(())
        };
        task::spawn("outer", outer).detach();
    }

    #[put("test.greedy")]
    fn greedy(&mut self, _: bool) {
        let steps = Rc::new(Cell::new(0u64));
        let greedy = std::future::poll_fn(move |context| {
            steps.set(steps.get() + 1);
            let _ = delta::set("test.steps", steps.get());
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        });
        self.task = Some(task::spawn("greedy", greedy));
    }

    /// What is on while a task runs, and off when it ends in whatever way.
    #[put("test.horn")]
    fn horn(&mut self, _: bool) -> Result<()> {
        struct Horn;
        impl Drop for Horn {
            fn drop(&mut self) {
                let _ = delta::set("test.horn_is_on", false);
                let phoenix = async { delta::set("test.phoenix", true) };
                task::spawn("phoenix", phoenix).detach();
            }
        }
        delta::set("test.horn_is_on", true)?;
        task::spawn("horn", async {
            let _horn = Horn;
            sleep(Duration::from_secs(60)).await;
            Ok(())
        })
        .detach();
        Ok(())
    }

    #[put("test.restless")]
    fn restless(&mut self, _: bool) {
        let restless = async {
            for round in 0u64.. {
                delta::set("test.rounds", round)?;
                sleep(Duration::ZERO).await;
            }
            Ok(())
        };
        self.task = Some(task::spawn("restless", restless));
    }

    /// Waits for calls of the host beside something that wakes it all the time.
    #[put("test.calls")]
    fn calls(&mut self, _: bool) {
        let calls = async {
            let mut restless = std::pin::pin!(async {
                loop {
                    sleep(Duration::ZERO).await;
                }
            });
            for call in 0u64.. {
                delta::set("test.calls", call)?;
                let mut next = std::pin::pin!(task::next_call());
                std::future::poll_fn(|context| {
                    let _: std::task::Poll<()> = restless.as_mut().poll(context);
                    next.as_mut().poll(context)
                })
                .await;
            }
            Ok(())
        };
        self.task = Some(task::spawn("calls", calls));
    }

    #[delta("test.poke")]
    fn poke(&mut self, _: f64) {}
}

type Host = TestHost<Waits>;

fn seconds(host: &mut Host, seconds: u64) {
    host.advance(Duration::from_secs(seconds));
}

#[test]
fn a_task_of_start_goes_on_while_the_plugin_runs() {
    let mut host = Host::start("{}");
    seconds(&mut host, 1);
    assert_eq!(host.value("test.started"), None);
    seconds(&mut host, 1);
    assert_eq!(host.value("test.started").unwrap(), true);
}

#[test]
fn what_a_task_found_is_handed_to_the_plugin() {
    let mut host = Host::start("{}");
    for expected in 1..=2 {
        host.put("test.sleep", 3);
        seconds(&mut host, 2);
        assert_ne!(host.value("test.slept"), Some(expected.into()));
        seconds(&mut host, 1);
        assert_eq!(host.value("test.slept").unwrap(), expected);
    }
}

#[test]
fn any_call_of_the_server_lets_a_task_go_on() {
    let mut host = Host::start("{}");
    host.put("test.sleep", 0);
    // The request that spawned it was such a call.
    assert_eq!(host.value("test.slept").unwrap(), 1);
    host.put("test.fail", false);
    host.advance(Duration::from_millis(999));
    host.put("test.sleep", 1);
    host.advance(Duration::from_millis(1));
    host.advance(Duration::from_millis(999));
    assert_eq!(host.value("test.slept").unwrap(), 1);
    host.receive("test.poke", 1.0);
    assert_eq!(host.value("test.slept").unwrap(), 2);
}

#[test]
fn a_task_that_is_dropped_does_not_go_on() {
    let mut host = Host::start("{}");
    host.put("test.sleep", 2);
    host.put("test.cancel", true);
    seconds(&mut host, 5);
    assert_eq!(host.value("test.slept"), None);
}

#[test]
fn a_stop_ends_every_task_and_the_next_start_has_none_of_them() {
    let mut host = Host::start("{}");
    host.put("test.sleep", 2);
    DROPPED.set(0);
    host.stop();
    assert_eq!(DROPPED.get(), 1);
    seconds(&mut host, 5);
    assert_eq!(host.value("test.started"), None);
    host.configure("{}");
    seconds(&mut host, 5);
    assert_eq!(host.value("test.started").unwrap(), true);
    assert_eq!(host.value("test.slept"), None);
}

#[test]
fn a_start_that_fails_leaves_no_task_behind() {
    DROPPED.set(0);
    let mut host = Host::start(r#"{"fails":true}"#);
    assert_eq!(DROPPED.get(), 0, "it had not begun");
    assert_eq!(host.error().unwrap(), "as it is set");
    // It is tried again after 1 s, 3 s and 7 s; none of the tasks from before comes to its end.
    seconds(&mut host, 6);
    assert_eq!(host.value("test.started"), None);
}

#[test]
fn the_error_of_a_task_is_shown_until_one_of_its_name_succeeds() {
    let mut host = Host::start("{}");
    host.put("test.fail", true);
    seconds(&mut host, 1);
    assert_eq!(host.error().unwrap(), "nobody answers");
    host.put("test.then_fail", true);
    assert_eq!(host.error().unwrap(), "it makes no sense");
    host.put("test.then_fail", false);
    assert_eq!(host.error().unwrap(), "nobody answers");
    host.put("test.fail", false);
    seconds(&mut host, 1);
    assert_eq!(host.error(), None);
}

#[test]
fn a_task_may_spawn_others_and_give_up_on_them() {
    let mut host = Host::start("{}");
    seconds(&mut host, 2);
    DROPPED.set(0);
    host.put("test.nested", true);
    seconds(&mut host, 2);
    assert_eq!(host.value("test.nested").unwrap(), "a");
    seconds(&mut host, 1);
    assert_eq!(host.value("test.nested").unwrap(), "b: it did not end within 3 s");
    assert_eq!(DROPPED.get(), 2);
}

#[test]
fn a_task_that_always_wants_to_go_on_does_not_hold_up_the_server() {
    let mut host = Host::start("{}");
    host.put("test.greedy", true);
    let first = host.value("test.steps").unwrap().as_u64().unwrap();
    assert!((100..10_000).contains(&first), "{first}");
    seconds(&mut host, 1);
    assert!(host.value("test.steps").unwrap().as_u64().unwrap() > first);
    host.put("test.cancel", true);
}

#[test]
fn a_sleep_of_no_time_lets_the_server_go_on() {
    let mut host = Host::start("{}");
    host.put("test.restless", true);
    let first = host.value("test.rounds").unwrap().as_u64().unwrap();
    assert!((10..10_000).contains(&first), "{first}");
    seconds(&mut host, 1);
    assert!(host.value("test.rounds").unwrap().as_u64().unwrap() > first);
}

#[test]
fn the_next_call_is_one_of_the_host_whatever_wakes_the_task() {
    let mut host = Host::start("{}");
    host.put("test.calls", true);
    let first = host.value("test.calls").unwrap().as_u64().unwrap();
    for call in 1..=5 {
        host.receive("test.poke", 1.0);
        assert_eq!(host.value("test.calls").unwrap(), first + call);
    }
    assert_eq!(first, 0);
}

#[test]
fn what_a_task_sends_when_it_is_ended_goes_out_and_what_it_spawns_does_not_run() {
    let mut host = Host::start("{}");
    host.put("test.horn", true);
    assert_eq!(host.value("test.horn_is_on").unwrap(), true);
    host.stop();
    assert_eq!(host.value("test.horn_is_on").unwrap(), false);
    host.configure("{}");
    seconds(&mut host, 3);
    assert_eq!(host.value("test.phoenix"), None);
}

#[test]
fn a_sleep_begins_when_it_is_made() {
    let mut host = Host::start("{}");
    let nap = sleep(Duration::from_secs(3));
    seconds(&mut host, 3);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut nap = std::pin::pin!(nap);
    // Once, to let others go on.
    assert!(nap.as_mut().poll(&mut context).is_pending());
    assert!(nap.as_mut().poll(&mut context).is_ready());
}
