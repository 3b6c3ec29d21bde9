//! The functions of module `env`.

mod config;
mod delta;
mod log;
mod provider;
mod put;
mod stream;
mod tcp;
mod udp;

use wasmi::{Caller, Linker};
use wasmi_wasi::wasi_common::snapshots::preview_1::wasi_snapshot_preview1::WasiSnapshotPreview1;

use crate::error::Thrown;
use crate::guest::{Guest, GuestState, Traced};
use crate::trace::CallSide;

type Link = Linker<GuestState>;
type Linked = Result<(), wasmi::Error>;

/// The linker for a module: what the server offers, nothing else.
pub(crate) fn linker(module: &wasmi::Module) -> Result<Link, wasmi::Error> {
    let mut linker = Link::new(module.engine());
    add_wasi(&mut linker, |state| &mut state.wasi)?;
    log::add(&mut linker)?;
    delta::add(&mut linker, module)?;
    config::add(&mut linker)?;
    put::add(&mut linker)?;
    provider::add(&mut linker)?;
    stream::add(&mut linker)?;
    udp::add(&mut linker)?;
    tcp::add(&mut linker)?;
    Ok(linker)
}

fn add_wasi<U: WasiSnapshotPreview1 + 'static>(
    linker: &mut Link,
    wasi: impl Fn(&mut GuestState) -> &mut U + Send + Sync + Copy + 'static,
) -> Linked {
    wasmi_wasi::add_to_linker(linker, wasi).map_err(|error| wasmi::Error::new(error.to_string()))
}

/// Runs the body of the import `name`, which answers `failed` where JavaScript throws inside of it.
fn answer<T: ImportResult>(
    mut caller: Caller<'_, GuestState>,
    (name, arguments): (&str, &[i32]),
    failed: T,
    body: impl FnOnce(&mut Guest<'_>) -> Result<T, Thrown>,
) -> Result<T, wasmi::Error> {
    let mut guest = wasmi::AsContextMut::as_context_mut(&mut caller);
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

/// What an import gives back.
trait ImportResult {
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
