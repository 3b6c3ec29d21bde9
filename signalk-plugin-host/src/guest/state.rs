//! The parts of a running instance of the plugin.

use signalk_server_model::Shared;
use wasmi::{StoreContextMut, StoreLimits};
use wasmi_wasi::WasiCtx;

use crate::trace::CallTrace;

/// The state that the imports can reach.
pub(crate) struct GuestState {
    pub(crate) wasi: WasiCtx,
    pub(crate) shared: Shared,
    /// Set right after instantiation; a start function runs before and has no memory for the host.
    pub(crate) instance: Option<wasmi::Instance>,
    /// The number of calls into the plugin that are on the stack.
    pub(crate) depth: usize,
    /// Which instance of the plugin it is, from 1.
    pub(crate) number: u32,
    /// The place for calls that are written down, if they are.
    pub(crate) trace: Option<CallTrace>,
    pub(crate) limits: StoreLimits,
    /// Tells if the next call is to end in a trap.
    pub(crate) crashes: bool,
}

/// A context in which the plugin can be called: between calls, or inside one of its imports.
pub(crate) type Guest<'a> = StoreContextMut<'a, GuestState>;
