//! What the exports of a plugin do. Each export that `#[signalk_plugin]` writes is one line that
//! calls one of these.

mod providers;

use std::borrow::Cow;

#[cfg(not(target_family = "wasm"))]
use signalk_plugin_contract::TEXT_BUFFER;

use crate::boundary::memory::{self, BadBuffer};
use crate::boundary::{entry, imports};
#[cfg(not(target_family = "wasm"))]
use crate::config;
use crate::plugin::Plugin;
use crate::runtime::{Installed, Runtime};
use crate::schema;

pub use providers::*;

/// `allocate`: a buffer for the host.
///
/// Where there is no memory, or none that the host can reach, it traps on wasm, which ends the host's
/// call: the host does not look at the pointer before it writes, and would write to address 0.
#[must_use]
pub fn allocate(size: usize) -> *mut u8 {
    allocated(|| memory::allocate(size))
}

/// `allocate` of a plugin with large responses.
#[must_use]
pub fn allocate_large<P: Plugin>(size: usize) -> *mut u8 {
    allocated(|| memory::allocate_large(size, P::LARGE_RESPONSES))
}

fn allocated(allocate: impl FnOnce() -> *mut u8) -> *mut u8 {
    entry::open();
    if entry::has_stale_buffers() {
        memory::sweep();
    }
    let pointer = allocate();
    #[cfg(target_family = "wasm")]
    if pointer.is_null() || pointer.addr() > i32::MAX as usize {
        if memory::is_out_of_reach() {
            entry::note_trap();
        }
        std::process::abort();
    }
    pointer
}

/// `deallocate`.
pub fn deallocate(pointer: *mut u8, _size: usize) {
    entry::open();
    if !memory::deallocate(pointer) {
        imports::debug("the server gave back a buffer that it did not have");
    }
}

/// `plugin_id`.
pub fn plugin_id<P: Plugin>(out: *mut u8, max: usize) -> i32 {
    answer(out, max, P::ID)
}

/// `plugin_name`.
pub fn plugin_name<P: Plugin>(out: *mut u8, max: usize) -> i32 {
    answer(out, max, P::NAME)
}

/// `plugin_schema`.
pub fn plugin_schema<P: Plugin>(out: *mut u8, max: usize) -> i32 {
    entry::open();
    answer(out, max, &P::schema())
}

/// `plugin_start`.
pub fn plugin_start<P: Installed>(config: *const u8, len: usize) -> i32 {
    let Some(config) = input(config, len) else {
        return 1;
    };
    P::runtime().with(|runtime| runtime.start(&config))
}

/// `plugin_stop`.
pub fn plugin_stop<P: Installed>() -> i32 {
    P::runtime().with(Runtime::stop)
}

/// `poll`.
pub fn poll<P: Installed>() -> i32 {
    entry::report_silent_trap();
    P::runtime().with(Runtime::poll)
}

/// `delta_handler`.
pub fn delta_handler<P: Installed>(delta: *const u8, len: usize) {
    if let Some(delta) = input(delta, len) {
        P::runtime().with(|runtime| runtime.delta(&delta));
    }
}

/// The export of a PUT handler.
pub fn put<P: Installed>(
    export: &str,
    value: *const u8,
    len: usize,
    out: *mut u8,
    max: usize,
) -> i32 {
    let Some(value) = input(value, len) else {
        return 0;
    };
    let answer_text = P::runtime().with(|runtime| runtime.put(export, &value));
    answer(out, max, &answer_text)
}

/// The export of an HTTP handler.
pub fn http<P: Installed>(
    export: &str,
    request: *const u8,
    len: usize,
    out: *mut u8,
    max: usize,
) -> i32 {
    let Some(request) = input(request, len) else {
        return 0;
    };
    let room = memory::room(out, max);
    let answer_text = P::runtime().with(|runtime| runtime.http(export, &request, room));
    answer(out, room, &answer_text)
}

/// `http_endpoints`.
pub fn http_endpoints<P: Installed>(out: *mut u8, max: usize) -> i32 {
    entry::open();
    answer(out, max, &Runtime::<P>::endpoints())
}

fn input(pointer: *const u8, len: usize) -> Option<memory::Input> {
    entry::open();
    memory::read(pointer, len).map_err(complain).ok()
}

/// Writes an answer; 0, which the host reads as an empty one, where it does not fit.
fn answer(out: *mut u8, max: usize, text: &str) -> i32 {
    entry::open();
    let written = memory::write(out, max, text.as_bytes()).map_err(complain);
    written.map_or(0, |len| i32::try_from(len).unwrap_or(0))
}

fn complain(bad: BadBuffer) {
    imports::debug(&bad.to_string());
}

/// The schema that goes with a plugin without embedded bytes. The build tool checks those that it
/// embeds; this one is checked here, for a bad one would make the plugin vanish from the server.
#[must_use]
pub fn schema_of<P: Plugin>() -> Cow<'static, str> {
    schema::or_excuse::<P::Config>().into()
}

/// The body of the test that `#[signalk_plugin]` adds to a plugin's crate.
///
/// # Panics
/// If the server could not use the schema, or its form could not show a setting.
#[cfg(not(target_family = "wasm"))]
#[allow(clippy::panic)]
pub fn assert_schema_fits<P: Installed>() {
    let endpoints = Runtime::<P>::endpoints().len();
    if endpoints > TEXT_BUFFER {
        panic!(
            "the list of HTTP endpoints takes {endpoints} bytes and the server reads {}: shorten \
             paths and the names of their functions",
            TEXT_BUFFER
        );
    }
    if let Some(problem) = schema::problem::<P::Config>() {
        panic!("{problem}");
    }
    if let Some(problem) = config::problem::<P::Config>() {
        panic!("{problem}");
    }
}
