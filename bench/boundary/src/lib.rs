//! The boundary to the server as somebody writes it by hand, for the plugins that the SDK is measured
//! against: no more than these need, and no checks.
//!
//! A plugin names its type: `signalk_bench_boundary::plugin!(Typed)`.
#![allow(unsafe_code)]

mod count;
mod delta;
mod memory;
mod self_vessel;
mod server;

pub use count::Count;
pub use delta::{Delta, PathValue, Update};
#[doc(hidden)]
pub use {memory::*, self_vessel::*, server::*};

/// A plugin by hand.
pub trait ByHand: Default {
    /// Tells whether it has to know which vessel is the own one.
    const KNOWS_SELF: bool;

    /// Takes a delta of the server. `own` is the own ship's context.
    fn delta(&mut self, json: &[u8], own: &str);

    /// Tells what was counted, by which the runner sees that the work was done.
    fn counted(&self) -> Count;
}

/// The exports of a plugin.
#[macro_export]
macro_rules! plugin {
    ($plugin:ty) => {
        thread_local! {
            static PLUGIN: ::std::cell::RefCell<$plugin> =
                ::std::cell::RefCell::new(<$plugin>::default());
        }

        #[unsafe(no_mangle)]
        extern "C" fn allocate(size: usize) -> *mut u8 {
            $crate::allocated(size)
        }

        #[unsafe(no_mangle)]
        extern "C" fn deallocate(pointer: *mut u8, size: usize) {
            // SAFETY: the server gives back what it got from `allocate`, with the same size.
            unsafe { $crate::deallocated(pointer, size) }
        }

        #[unsafe(no_mangle)]
        extern "C" fn plugin_id(out: *mut u8, _max: usize) -> usize {
            // SAFETY: the server's buffer has 8192 bytes.
            unsafe { $crate::written(out, env!("CARGO_PKG_NAME")) }
        }

        #[unsafe(no_mangle)]
        extern "C" fn plugin_name(out: *mut u8, _max: usize) -> usize {
            // SAFETY: the server's buffer has 8192 bytes.
            unsafe { $crate::written(out, env!("CARGO_PKG_NAME")) }
        }

        #[unsafe(no_mangle)]
        extern "C" fn plugin_schema(out: *mut u8, _max: usize) -> usize {
            // SAFETY: the server's buffer has 8192 bytes.
            unsafe { $crate::written(out, r#"{"type":"object","properties":{}}"#) }
        }

        #[unsafe(no_mangle)]
        extern "C" fn plugin_start(_config: *const u8, _length: usize) -> i32 {
            0
        }

        #[unsafe(no_mangle)]
        extern "C" fn plugin_stop() -> i32 {
            $crate::set_status(&PLUGIN.with_borrow($crate::ByHand::counted).to_string());
            0
        }

        #[unsafe(no_mangle)]
        extern "C" fn delta_handler(pointer: *const u8, length: usize) {
            // SAFETY: the server has written so many bytes there, and keeps them until this returns.
            let json = unsafe { $crate::handed_over(pointer, length) };
            if !<$plugin as $crate::ByHand>::KNOWS_SELF {
                PLUGIN.with_borrow_mut(|plugin| $crate::ByHand::delta(plugin, json, ""));
            } else if let Some(own) = $crate::self_vessel(json) {
                PLUGIN.with_borrow_mut(|plugin| $crate::ByHand::delta(plugin, json, own));
            }
        }
    };
}
