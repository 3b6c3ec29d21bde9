//! The functions of module `env`.

mod config;
mod delta;
mod link;
mod log;
mod provider;
mod put;
mod stream;
mod tcp;
mod udp;

use wasmi_wasi::wasi_common::snapshots::preview_1::wasi_snapshot_preview1::WasiSnapshotPreview1;

use crate::guest::GuestState;
use link::{Link, Linked};

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
