//! What a task can wait for: time, and the next call of the host.

use std::cell::Cell;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::boundary::imports;
use crate::hooks::End;
use crate::instance::state;

struct Waiting {
    id: u64,
    /// On the monotonic clock; without one, the next call.
    due: Option<Duration>,
    waker: Waker,
}

state! {
    run static WAITING: Cell<Vec<Waiting>> = Vec::new();
    module static LAST_ID: Cell<u64> = 0;
    /// Which call of the host it is.
    module static CALL: Cell<u64> = 0;
}

fn new_id() -> u64 {
    LAST_ID.set(LAST_ID.get().wrapping_add(1));
    LAST_ID.get()
}

/// Changes the list, which is out of its cell meanwhile: if memory runs out, nothing stays borrowed.
/// `None` where the thread itself ends, and the list has gone before.
fn with<R>(f: impl FnOnce(&mut Vec<Waiting>) -> R) -> Option<R> {
    let change = |cell: &Cell<Vec<Waiting>>| {
        let mut waiting = cell.take();
        let result = f(&mut waiting);
        cell.set(waiting);
        result
    };
    WAITING.try_with(change).ok()
}

/// Wakes who waits for this call, or for a time that has come.
pub(super) fn wake(now: Duration) {
    CALL.set(CALL.get().wrapping_add(1));
    let due = with(|waiting| {
        let is_due = |it: &mut Waiting| it.due.is_none_or(|due| due <= now);
        waiting.extract_if(.., is_due).collect::<Vec<_>>()
    });
    // Not meanwhile: what wakes may run anything.
    due.into_iter().flatten().for_each(|it| it.waker.wake());
}

/// At the end of an instance.
pub(super) fn forget(end: End) {
    let waiting = WAITING.renew();
    if end == End::Crash {
        std::mem::forget(waiting);
    }
}

/// Puts a future on the list, or what wakes it in its place there.
fn wait(id: u64, due: Option<Duration>, waker: &Waker) {
    with(|waiting| match waiting.iter_mut().find(|it| it.id == id) {
        Some(known) => known.waker.clone_from(waker),
        None => waiting.push(Waiting { id, due, waker: waker.clone() }),
    });
}

/// Lets other tasks go on, and what gives this one its time look at the clock.
pub(crate) async fn yield_now() {
    let mut has_waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Waits until the server calls the plugin again, which it does at least once a second: to look at
/// what does not wake anybody, a [`UdpSocket`](crate::net::UdpSocket) for example. Whatever else goes on
/// in the task meanwhile, it is not over before.
pub async fn next_call() {
    let (id, call) = (new_id(), CALL.get());
    poll_fn(|context| {
        if CALL.get() != call {
            return Poll::Ready(());
        }
        wait(id, None, context.waker());
        Poll::Pending
    })
    .await;
}

/// Waits for so long from now on, and up to a second more. The clock is the monotonic one; in tests it
/// is [`TestHost::advance`](crate::testing::TestHost::advance) that lets it pass.
pub fn sleep(time: Duration) -> Sleep {
    Sleep { until: imports::monotonic().saturating_add(time), id: None, has_yielded: false }
}

/// What [`sleep`] returns.
#[derive(Debug)]
#[must_use = "nobody sleeps who is not awaited"]
pub struct Sleep {
    until: Duration,
    /// Under which it is on the list.
    id: Option<u64>,
    has_yielded: bool,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if imports::monotonic() >= self.until {
            // A loop with a sleep of no time is to let others go on, too.
            if self.id.is_some() || std::mem::replace(&mut self.has_yielded, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let id = *self.id.get_or_insert_with(new_id);
        wait(id, Some(self.until), context.waker());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            // Dropped when the list is back in its place: a waker may run anything.
            drop(with(|waiting| {
                let at = waiting.iter().position(|it| it.id == id)?;
                Some(waiting.swap_remove(at))
            }));
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
        write!(f, "it did not end within {}", Span(self.limit))
    }
}

/// A time as one says it.
pub(crate) struct Span(pub(crate) Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.subsec_millis() {
            0 => write!(f, "{} s", self.0.as_secs()),
            _ => write!(f, "{} ms", self.0.as_millis()),
        }
    }
}

impl fmt::Debug for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Elapsed {}

/// Gives a future so much time from now on, after which it is dropped.
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
pub fn timeout<F: Future>(
    limit: Duration,
    future: F,
) -> impl Future<Output = Result<F::Output, Elapsed>> {
    let sleep = sleep(limit);
    async move {
        let mut future = pin!(future);
        let mut sleep = pin!(sleep);
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            sleep.as_mut().poll(context).map(|()| Err(Elapsed { limit }))
        })
        .await
    }
}
