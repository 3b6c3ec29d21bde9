//! What a task can wait for: time, and the next call of the host.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::sys;

struct Waiting {
    id: u64,
    /// On the monotonic clock; without one, the next call.
    due: Option<Duration>,
    waker: Waker,
}

thread_local! {
    static WAITING: RefCell<Vec<Waiting>> = const { RefCell::new(Vec::new()) };
    static LAST_ID: Cell<u64> = const { Cell::new(0) };
}

/// Wakes who waits for this call, or for a time that has come.
pub(super) fn wake(now: Duration) {
    let due = WAITING.with_borrow_mut(|waiting| {
        let is_due = |it: &mut Waiting| it.due.is_none_or(|due| due <= now);
        waiting.extract_if(.., is_due).collect::<Vec<_>>()
    });
    // Not while it is borrowed: what wakes may run anything.
    due.into_iter().for_each(|it| it.waker.wake());
}

/// At the end of an instance.
pub(super) fn forget() {
    drop(WAITING.take());
}

/// Waits until the host calls again, which it does at least once a second.
pub(crate) async fn next_call() {
    let mut has_waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_waited, true) {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        WAITING.with_borrow_mut(|waiting| waiting.push(Waiting { id: 0, due: None, waker }));
        Poll::Pending
    })
    .await;
}

/// Waits for so long, and up to a second more. The clock is the monotonic one; in tests it is
/// [`TestHost::advance`](crate::testing::TestHost::advance) that lets it pass.
pub async fn sleep(time: Duration) {
    Sleep { until: sys::monotonic().saturating_add(time), id: None }.await;
}

struct Sleep {
    until: Duration,
    /// Under which it is on the list.
    id: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if sys::monotonic() >= self.until {
            return Poll::Ready(());
        }
        let id = *self.id.get_or_insert_with(|| {
            LAST_ID.set(LAST_ID.get() + 1);
            LAST_ID.get()
        });
        let due = Some(self.until);
        WAITING.with_borrow_mut(|waiting| match waiting.iter_mut().find(|it| it.id == id) {
            Some(known) => known.waker.clone_from(context.waker()),
            None => waiting.push(Waiting { id, due, waker: context.waker().clone() }),
        });
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            // Where the thread itself ends, the list may be gone before.
            let _ = WAITING.try_with(|waiting| {
                let mut waiting = waiting.borrow_mut();
                let at = waiting.iter().position(|it| it.id == id);
                at.map(|at| waiting.swap_remove(at))
            });
        }
    }
}

/// What took longer than it was given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Elapsed {
    /// What it was given.
    pub limit: Duration,
}

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it did not end within {} s", self.limit.as_secs())
    }
}

impl fmt::Debug for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Elapsed {}

/// Gives a future so much time, after which it is dropped.
///
/// ```
/// use std::time::Duration;
/// use signalk_plugin_sdk::task::{Elapsed, sleep, timeout};
///
/// async fn answer() -> Result<u8, Elapsed> {
///     timeout(Duration::from_secs(10), async {
///         sleep(Duration::from_secs(3)).await;
///         42
///     })
///     .await
/// }
/// ```
///
/// # Errors
/// Where the time is over.
pub async fn timeout<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    let mut future = pin!(future);
    let mut sleep = pin!(sleep(limit));
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        sleep.as_mut().poll(context).map(|()| Err(Elapsed { limit }))
    })
    .await
}
