//! Who runs the futures, and when.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use async_executor::LocalExecutor;

use super::{Task, wait};
use crate::report;
use crate::runtime::{End, Hooks, hook_tasks, nothing};
use crate::sys;

/// How many steps the tasks may take in one call of the host, so that one that always wants to go on
/// does not hold up the server. The rest goes on with the next call.
const STEPS: usize = 1000;

thread_local! {
    static EXECUTOR: RefCell<Option<Rc<LocalExecutor<'static>>>> = const { RefCell::new(None) };
}

pub(super) fn spawn(future: impl Future<Output = ()> + 'static) -> Task {
    hook_tasks(Hooks { start: nothing, poll: nothing, turn, end });
    let executor = EXECUTOR.with_borrow_mut(|executor| {
        executor.get_or_insert_with(|| Rc::new(LocalExecutor::new())).clone()
    });
    Task(executor.spawn(future))
}

/// Lets the tasks go on, once in each outermost call of the host. Nothing of this module is borrowed
/// meanwhile: a task may spawn others, and one that traps leaves nothing locked.
fn turn() {
    let Some(executor) = EXECUTOR.with_borrow(Clone::clone) else {
        return;
    };
    let began = sys::monotonic();
    wait::wake(began);
    let mut steps = 0;
    while steps < STEPS && executor.try_tick() {
        steps += 1;
    }
    report::took(TASKS, sys::monotonic().saturating_sub(began));
}

/// A name that no handler can have.
const TASKS: &str = "a task";

fn end(end: End) {
    wait::forget();
    let executor = EXECUTOR.with_borrow_mut(Option::take);
    // Of a crash nothing is touched again, and the futures belong to it.
    if end == End::Crash {
        std::mem::forget(executor);
    }
}
