//! Making an import of a function of the server.

use wasmi::{AsContextMut, Caller, Linker};

use crate::error::Thrown;
use crate::guest::{Guest, GuestState, Traced};
use crate::trace::CallSide;

pub(super) type Link = Linker<GuestState>;
pub(super) type Linked = Result<(), wasmi::Error>;

/// Runs the body of the import `name`, which answers `failed` where JavaScript throws inside of it.
pub(super) fn answer<T: ImportResult>(
    mut caller: Caller<'_, GuestState>,
    (name, arguments): (&str, &[i32]),
    failed: T,
    body: impl FnOnce(&mut Guest<'_>) -> Result<T, Thrown>,
) -> Result<T, wasmi::Error> {
    let mut guest = caller.as_context_mut();
    let traced = Traced::begin(&guest, CallSide::Import, name, arguments);
    let result = match body(&mut guest) {
        Ok(value) => value,
        Err(thrown) if thrown.out_of_fuel => {
            traced.threw(&thrown);
            return Err(wasmi::Error::from(wasmi::TrapCode::OutOfFuel));
        }
        Err(_) => failed,
    };
    traced.returned(&guest, result.number());
    Ok(result)
}

/// A value that an import gives back.
pub(super) trait ImportResult {
    /// As a number, where there is one.
    fn number(&self) -> Option<i32>;
}

impl ImportResult for i32 {
    fn number(&self) -> Option<i32> {
        Some(*self)
    }
}

impl ImportResult for () {
    fn number(&self) -> Option<i32> {
        None
    }
}
