//! The door by which every call of the host comes in, and how a call that trapped is noticed.
//!
//! On wasm a panic is a trap: nothing is unwound, and the host goes on calling the same instance. A
//! stack that ran over or memory that ran out traps without a panic. Both are noticed by what they
//! leave behind: a call that began, did not end, and is not waiting for the host either.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use crate::boundary::{imports, memory};
use crate::config;
use crate::instance::state;

state! {
    module static OPENED: Cell<bool> = false;
    call static INSIDE: Cell<bool> = false;
    call static PANIC: RefCell<Option<String>> = None;
    call static LAST_CALL: Cell<Option<LastCall>> = None;
    call static SWEPT: Cell<bool> = false;
    /// The time that was read last in this call of the host.
    call static NOW: Cell<Option<Duration>> = None;
    call static CRIED: Cell<bool> = false;
    /// Where the stack stood at the first call, and at the last outermost one.
    module static STACK: Cell<(usize, usize)> = (0, 0);
}

/// The last call, when one traps after which the server gives up on the plugin.
pub(crate) type LastCall = fn();

/// Advice on how to go on after a trap in `plugin_start` or `plugin_stop`.
pub(crate) const GIVEN_UP: &str =
    ". Disable and enable the plugin to go on: the server does not start it again by itself";

/// Runs what the server must not see trap, for it gives up on the plugin then.
pub(crate) fn in_last_call<R>(when_trapped: LastCall, f: impl FnOnce() -> R) -> R {
    LAST_CALL.set(Some(when_trapped));
    let result = f();
    LAST_CALL.set(None);
    result
}

/// What rustc gives a wasm module for its stack, which grows towards address 0.
const STACK_BYTES: usize = 1 << 20;

/// What is shown after a trap without a panic.
const NO_MESSAGE: &str = "Crashed: no message, so the memory or the stack probably ran out; if the \
    plugin does not start again, restart the server to go on";

/// Alive while a call of the host is being answered.
#[must_use]
pub(crate) struct Entry(());

impl Drop for Entry {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

/// Does what must happen before anything else of the instance runs, once.
pub(crate) fn open() {
    if OPENED.replace(true) {
        return;
    }
    imports::initialize();
    crate::logging::install();
    // Natively a panic belongs to the test that caused it.
    #[cfg(target_family = "wasm")]
    std::panic::set_hook(Box::new(|panic| trapped(panic_text(panic))));
    #[cfg(target_os = "wasi")]
    imports::at_exit(exited);
}

/// The host goes on calling.
#[cfg(target_os = "wasi")]
fn exited() {
    trapped(crate::advice::EXIT.to_owned());
}

/// Tells of a trap that is about to be, at once, in case that nothing calls again.
#[cfg(target_family = "wasm")]
fn trapped(mut text: String) {
    let last = LAST_CALL.take();
    if last.is_some() {
        text.push_str(GIVEN_UP);
    }
    imports::set_error(&text);
    crate::logging::line("ERROR", &text);
    PANIC.set(Some(text));
    if let Some(told) = last {
        told();
    }
}

/// The outermost call of the host; `None` for one that comes from inside another, which must not
/// touch the plugin.
pub(crate) fn begin() -> Option<Entry> {
    open();
    if INSIDE.get() && !has_trapped() {
        return None;
    }
    INSIDE.set(true);
    NOW.set(None);
    config::hide_secrets();
    record_stack_use();
    Some(Entry(()))
}

/// The monotonic clock as it was read last in this call of the host. Reading it takes the host an eighth of a
/// microsecond, several times for each delta.
pub(crate) fn now() -> Duration {
    match NOW.get() {
        Some(now) if INSIDE.get() => now,
        _ => read_clock(),
    }
}

/// Has the clock read anew when it is asked for next: the host has had its time meanwhile.
pub(crate) fn forget_time() {
    NOW.set(None);
}

/// The monotonic clock, read anew.
pub(crate) fn read_clock() -> Duration {
    let now = imports::monotonic();
    NOW.set(Some(now));
    now
}

/// Looks how far down the stack stands. A trap unwinds nothing, so each leaves it lower by the frames
/// of its call, for the life of the instance.
fn record_stack_use() {
    let here = 0u8;
    let now = std::ptr::from_ref(std::hint::black_box(&here)).addr();
    let (first, _) = STACK.get();
    STACK.set((first.max(now), now));
}

/// How many bytes of the stack traps have eaten.
pub(crate) fn leaked_stack_bytes() -> usize {
    let (first, now) = STACK.get();
    first.saturating_sub(now)
}

/// Whether half of the stack is gone, or memory is where the host cannot reach it. What is left of the
/// stack must do for calls that nest deeply, and one that runs over it destroys what lies beyond, or
/// traps for ever.
pub(crate) fn is_exhausted() -> bool {
    let (first, _) = STACK.get();
    // Natively there are no traps, and each thread has its own.
    cfg!(target_family = "wasm")
        && (leaked_stack_bytes() > first.min(STACK_BYTES) / 2 || memory::is_out_of_reach())
}

/// Whether a call of the host is being answered now.
pub(crate) fn is_inside() -> bool {
    INSIDE.get()
}

/// Says that a call ended without a word, before anything else is done: where the stack has run over,
/// nothing else can be, for every call traps from then on, for want of a stack. This needs none.
pub(crate) fn report_silent_trap() {
    let is_silent =
        INSIDE.get() && !imports::is_in_host_call() && PANIC.with_borrow(Option::is_none);
    if is_silent && !CRIED.replace(true) {
        imports::set_error(NO_MESSAGE);
    }
}

/// Whether the last call ended in a trap that was not dealt with yet.
fn has_trapped() -> bool {
    PANIC.with_borrow(Option::is_some) || (INSIDE.get() && !imports::is_in_host_call())
}

/// Before a trap outside of a call that [`begin`] knows of.
#[cfg(target_family = "wasm")]
pub(crate) fn note_trap() {
    INSIDE.set(true);
}

/// What the last call trapped with, where it did; asking forgets it. To be asked before [`begin`].
pub(crate) fn take_trap() -> Option<String> {
    if !has_trapped() {
        return None;
    }
    INSIDE.set(false);
    // Calls without a request come without an `allocate` that would have done it.
    if !SWEPT.replace(false) {
        memory::sweep();
    }
    let text = PANIC.take();
    CRIED.set(false);
    let last = LAST_CALL.take();
    Some(text.unwrap_or_else(|| {
        let given_up = if last.is_some() { GIVEN_UP } else { "" };
        [NO_MESSAGE, given_up].concat()
    }))
}

/// Whether the buffers that are live belong to a call that trapped, and which the host therefore
/// never gives back; true once for each trap.
pub(crate) fn has_stale_buffers() -> bool {
    has_trapped() && !SWEPT.replace(true)
}

#[cfg(target_family = "wasm")]
fn panic_text(panic: &std::panic::PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let message = match payload.downcast_ref::<&str>() {
        Some(text) => text,
        None => payload.downcast_ref::<String>().map_or("no message", String::as_str),
    };
    let text = crate::advice::with_advice(["Crashed: ", message].concat());
    match panic.location() {
        Some(place) if !crate::advice::is_in_std(place.file()) => {
            let line = place.line().to_string();
            [&*text, " (", place.file(), ":", &*line, ")"].concat()
        }
        _ => text,
    }
}
