//! The raw imports. Here and in the modules below are the only `extern` blocks of the crate; no
//! other place knows `env`.
//!
//! An import that the server lacks fails the whole load, so each one here must exist on every
//! supported server. One that nothing calls is not linked into the .wasm at all.
#![allow(unsafe_code)]

#[cfg(target_os = "wasi")]
use std::cell::Cell;
#[cfg(target_os = "wasi")]
use std::rc::Rc;
use std::time::{Duration, SystemTime};

mod data;
mod sockets;

pub(super) use data::*;
pub(super) use sockets::*;

// What nothing calls is not linked.
#[allow(dead_code)]
mod raw {
    /// Declares a function for each line of the contract's table. An argument takes its parameters one
    /// after the other off the list in brackets.
    macro_rules! declare {
        ($(
            $(#[$doc:meta])*
            $constant:ident, $function:ident = $name:literal($($argument:ident),*) $(-> $result:ident)? $(, $capability:ident)?;
        )*) => {
            $(declare!(@ [$($argument)*] [] $function $name $($result)?);)*
        };
        (@ [Number $($rest:ident)*] [$($param:tt)*] $($end:tt)*) => {
            declare!(@ [$($rest)*] [$($param)* _: i32,] $($end)*);
        };
        (@ [Text $($rest:ident)*] [$($param:tt)*] $($end:tt)*) => {
            declare!(@ [$($rest)*] [$($param)* _: *const u8, _: usize,] $($end)*);
        };
        (@ [Out $($rest:ident)*] [$($param:tt)*] $($end:tt)*) => {
            declare!(@ [$($rest)*] [$($param)* _: *mut u8, _: usize,] $($end)*);
        };
        (@ [Address $($rest:ident)*] [$($param:tt)*] $($end:tt)*) => {
            declare!(@ [$($rest)*] [$($param)* _: *mut u8,] $($end)*);
        };
        (@ [Port $($rest:ident)*] [$($param:tt)*] $($end:tt)*) => {
            declare!(@ [$($rest)*] [$($param)* _: *mut u16,] $($end)*);
        };
        (@ [] [$($param:tt)*] $function:ident $name:literal) => {
            #[link(wasm_import_module = "env")]
            unsafe extern "C" {
                #[link_name = $name]
                pub(super) fn $function($($param)*);
            }
        };
        (@ [] [$($param:tt)*] $function:ident $name:literal I32) => {
            #[link(wasm_import_module = "env")]
            unsafe extern "C" {
                #[link_name = $name]
                pub(super) fn $function($($param)*) -> i32;
            }
        };
        (@ [] [$($param:tt)*] $function:ident $name:literal F64) => {
            #[link(wasm_import_module = "env")]
            unsafe extern "C" {
                #[link_name = $name]
                pub(super) fn $function($($param)*) -> f64;
            }
        };
    }

    signalk_plugin_contract::env_imports!(declare);

    #[cfg(target_os = "wasi")]
    unsafe extern "C" {
        pub(super) fn __wasm_call_ctors();
    }

    /// A part of what is to be written, as WASI has it.
    #[cfg(target_os = "wasi")]
    #[repr(C)]
    pub(super) struct Part {
        pub(super) start: *const u8,
        pub(super) len: usize,
    }

    #[cfg(target_os = "wasi")]
    #[link(wasm_import_module = "wasi_snapshot_preview1")]
    unsafe extern "C" {
        pub(super) fn clock_time_get(clock: u32, precision: u64, nanoseconds: *mut u64) -> i32;
        pub(super) fn environ_sizes_get(count: *mut usize, bytes: *mut usize) -> i32;
        pub(super) fn environ_get(entries: *mut usize, bytes: *mut u8) -> i32;
        pub(super) fn proc_exit(code: i32) -> !;
        pub(super) fn fd_write(
            file: u32,
            parts: *const Part,
            count: usize,
            written: *mut usize,
        ) -> i32;
    }
}

pub(super) fn debug(text: &str) {
    // SAFETY: pointer and length describe a live `&str`; the host only reads them, during the call.
    unsafe { raw::debug(text.as_ptr(), text.len()) }
}

/// Writes a line to standard error, which is the server's own. The standard library's way takes some
/// kilobytes.
#[cfg(target_os = "wasi")]
pub(super) fn log(line: &[u8]) {
    const STDERR: u32 = 2;
    let mut rest = line;
    while !rest.is_empty() {
        let part = raw::Part { start: rest.as_ptr(), len: rest.len() };
        let mut written = 0;
        // SAFETY: there is one part, which describes live bytes that the host only reads, and
        // `written` is alive and aligned; both during the call.
        let error = unsafe { raw::fd_write(STDERR, &raw const part, 1, &raw mut written) };
        // Nobody can be told of a log that cannot be written.
        match rest.get(written..) {
            Some(left) if error == 0 && written > 0 => rest = left,
            _ => return,
        }
    }
}

/// Logs nothing: there is no WASI.
#[cfg(not(target_os = "wasi"))]
pub(super) fn log(line: &[u8]) {
    debug(std::str::from_utf8(line).unwrap_or_default().trim_end());
}

#[cfg(target_os = "wasi")]
thread_local!(static TOLD_OF_EXIT: Cell<Option<fn()>> = const { Cell::new(None) });

#[cfg(target_os = "wasi")]
pub(super) fn at_exit(told: fn()) {
    TOLD_OF_EXIT.set(Some(told));
}

/// The last thing that the C library calls when a plugin exits. By this name it knows the host's function, which
/// is thereby ours to call. `atexit` would have the library's own allocator linked: ten kilobytes.
#[cfg(target_os = "wasi")]
// SAFETY: the symbol has the signature of the host's function, and does what that does.
#[unsafe(export_name = "__imported_wasi_snapshot_preview1_proc_exit")]
extern "C" fn proc_exit(code: i32) -> ! {
    if let Some(told) = TOLD_OF_EXIT.get() {
        told();
    }
    // SAFETY: a plain number goes to the host, which does not return.
    unsafe { raw::proc_exit(code) }
}

pub(super) fn set_status(text: &str) {
    // SAFETY: as in `debug`.
    unsafe { raw::set_status(text.as_ptr(), text.len()) }
}

pub(super) fn set_error(text: &str) {
    // SAFETY: as in `debug`.
    unsafe { raw::set_error(text.as_ptr(), text.len()) }
}

pub(super) fn handle_message(delta: &str, version: i32) {
    // SAFETY: as in `debug`. The host may call our exports before it returns: that is safe code on
    // the same thread, and all that lives across this call is the shared `&str`.
    unsafe { raw::handle_message(delta.as_ptr(), delta.len(), version) }
}

pub(super) fn publish_notification(path: &str, value: &str) -> i32 {
    // SAFETY: as in `handle_message`, for both strings.
    unsafe { raw::publish_notification(path.as_ptr(), path.len(), value.as_ptr(), value.len()) }
}

pub(super) fn register_put_handler(context: &str, path: &str) -> i32 {
    // SAFETY: as in `handle_message`, for both strings: the host announces the handler by a delta.
    unsafe { raw::register_put_handler(context.as_ptr(), context.len(), path.as_ptr(), path.len()) }
}

/// Reads a clock of WASI. The standard library's way can panic with the text of an I/O error, and
/// what prints that takes seven kilobytes.
#[cfg(target_os = "wasi")]
fn clock(id: u32) -> Duration {
    let mut nanoseconds = 0;
    // SAFETY: the host writes eight bytes to `nanoseconds`, which is alive and aligned, during the
    // call. On an error it writes nothing, and the time is the clock's zero.
    let _ = unsafe { raw::clock_time_get(id, 1_000_000, &raw mut nanoseconds) };
    Duration::from_nanos(nanoseconds)
}

#[cfg(target_os = "wasi")]
pub(super) fn monotonic() -> Duration {
    clock(1)
}

#[cfg(target_os = "wasi")]
pub(super) fn wall_clock() -> SystemTime {
    SystemTime::UNIX_EPOCH.checked_add(clock(0)).unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(target_os = "wasi")]
pub(super) fn plugin_id() -> Option<Rc<str>> {
    use std::cell::OnceCell;

    // It is asked for with every delta, and stays.
    thread_local!(static ID: OnceCell<Option<Rc<str>>> = const { OnceCell::new() });

    ID.with(|id| id.get_or_init(|| variable("PLUGIN_ID")).clone())
}

/// A variable of the environment. The standard library's way has the allocator of the C library linked.
#[cfg(target_os = "wasi")]
fn variable(name: &str) -> Option<Rc<str>> {
    let (mut count, mut len) = (0, 0);
    // SAFETY: the host writes a number to each of these, which are alive and aligned, during the call.
    let error = unsafe { raw::environ_sizes_get(&raw mut count, &raw mut len) };
    if error != 0 {
        return None;
    }
    let mut entries = vec![0; count];
    let mut bytes = vec![0; len];
    // SAFETY: the host writes as many pointers and bytes as it has just said, for which there is room. The
    // pointers are only numbers here.
    let error = unsafe { raw::environ_get(entries.as_mut_ptr(), bytes.as_mut_ptr()) };
    if error != 0 {
        return None;
    }
    let value = |entry: &[u8]| {
        let entry = std::str::from_utf8(entry).ok()?;
        entry.strip_prefix(name)?.strip_prefix('=').map(Rc::from)
    };
    bytes.split(|byte| *byte == 0).find_map(value)
}

#[cfg(target_os = "wasi")]
pub(super) fn initialize() {
    // SAFETY: the linker's own constructor function, called exactly once per instance and before
    // anything else of the module runs (the caller guards it). Referring to it also keeps wasm-ld
    // from wrapping every export in a call of constructors and destructors.
    unsafe { raw::__wasm_call_ctors() }
}

#[cfg(target_os = "wasi")]
pub(super) fn polled() {}

// wasm32-unknown-unknown has no clock and no environment. The SDK's boundary tests run there; a
// poll is then a second, which is what the server promises.
#[cfg(not(target_os = "wasi"))]
mod bare {
    use super::{Duration, SystemTime};
    use std::cell::Cell;

    thread_local!(static SECONDS: Cell<u64> = const { Cell::new(0) });

    pub(in super::super) fn monotonic() -> Duration {
        Duration::from_secs(SECONDS.get())
    }

    pub(in super::super) fn wall_clock() -> SystemTime {
        SystemTime::UNIX_EPOCH + monotonic()
    }

    pub(in super::super) fn plugin_id() -> Option<std::rc::Rc<str>> {
        None
    }

    pub(in super::super) fn initialize() {}

    pub(in super::super) fn polled() {
        SECONDS.set(SECONDS.get().saturating_add(1));
    }
}
#[cfg(not(target_os = "wasi"))]
pub(super) use bare::{initialize, monotonic, plugin_id, polled, wall_clock};
