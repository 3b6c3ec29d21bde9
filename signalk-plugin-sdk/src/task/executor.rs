//! Who runs the futures, and when.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use async_executor::LocalExecutor;

use super::wait;
use crate::boundary::{entry, imports};
use crate::hooks::{End, Hooks, hook_tasks, nothing};
use crate::instance::state;
use crate::outbox;
use crate::report::{self, Who};

/// How many steps the tasks may take in one call of the host, and how long they may take for it, so
/// that some that always want to go on do not hold up the server. The rest goes on with the next call.
const STEPS: usize = 200;
const BUDGET: Duration = Duration::from_millis(50);

/// How often tasks may spawn others while they are ended.
const ENDINGS: usize = 100;

/// A future that was spawned. Dropped, it is cancelled.
#[must_use = "a task that is dropped is cancelled: keep it in the plugin, or `detach` it"]
pub struct Task(async_executor::Task<()>);

impl Task {
    /// Lets it run until it ends or the plugin does.
    pub fn detach(self) {
        self.0.detach();
    }

    /// Whether it has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("is_finished", &self.is_finished()).finish()
    }
}

type Executor = Rc<LocalExecutor<'static>>;

state! {
    run static EXECUTOR: Cell<Option<Executor>> = None;
}

/// The executor, which stays where it is. Nothing is borrowed if memory runs out meanwhile.
fn current() -> Option<Executor> {
    let executor = EXECUTOR.take();
    EXECUTOR.set(executor.clone());
    executor
}

pub(super) fn spawn(future: impl Future<Output = ()> + 'static) -> Task {
    hook_tasks(Hooks { start: nothing, poll: nothing, turn, end });
    let executor = current().unwrap_or_else(|| {
        let executor = Rc::new(LocalExecutor::new());
        EXECUTOR.set(Some(executor.clone()));
        executor
    });
    Task(executor.spawn(future))
}

/// Lets the tasks go on, once in each outermost call of the host. Nothing of this module is borrowed
/// meanwhile: a task may spawn others, and one that traps leaves nothing locked.
fn turn() {
    let Some(executor) = current() else {
        return;
    };
    let began = imports::monotonic();
    let time = || imports::monotonic().saturating_sub(began);
    wait::wake(began);
    let mut steps = 0;
    while steps < STEPS && time() < BUDGET && executor.try_tick() {
        steps += 1;
    }
    entry::forget_time();
    report::took(Who::Tasks, time());
}

fn end(end: End) {
    if end == End::Crash {
        // Nothing is touched again, and the futures belong to it.
        std::mem::forget(EXECUTOR.renew());
        wait::forget(end);
        return;
    }
    // A future that is dropped may spawn another.
    for _ in 0..ENDINGS {
        let Some(executor) = EXECUTOR.take() else {
            break;
        };
        drop(executor);
    }
    std::mem::forget(EXECUTOR.renew());
    wait::forget(end);
    outbox::flush();
}
