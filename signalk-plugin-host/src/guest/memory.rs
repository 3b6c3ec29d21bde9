//! The plugin's memory as JavaScript sees it: pointers are signed, and typed arrays check bounds.

use wasmi::{AsContext, AsContextMut, Memory};

use super::Guest;
use crate::contract::exports;
use crate::error::Thrown;

fn memory(guest: &Guest<'_>) -> Result<Memory, Thrown> {
    guest
        .data()
        .instance
        .and_then(|instance| instance.get_memory(guest.as_context(), exports::MEMORY))
        .ok_or_else(|| Thrown::type_error("Cannot read properties of undefined (reading 'buffer')"))
}

/// `new Uint8Array(memory.buffer, ptr, len)`, copied.
pub(crate) fn read(guest: &Guest<'_>, ptr: i32, len: i32) -> Result<Vec<u8>, Thrown> {
    let memory = memory(guest)?;
    let bytes = memory.data(guest.as_context());
    let start =
        usize::try_from(ptr).ok().filter(|start| *start <= bytes.len()).ok_or_else(|| {
            Thrown::range_error(format!("Start offset {ptr} is outside the bounds of the buffer"))
        })?;
    usize::try_from(len)
        .ok()
        .and_then(|len| bytes.get(start..start.checked_add(len)?))
        .map(<[u8]>::to_vec)
        .ok_or_else(|| Thrown::range_error(format!("Invalid typed array length: {len}")))
}

/// `new Uint8Array(memory.buffer).set(bytes, ptr)`.
pub(crate) fn write(guest: &mut Guest<'_>, ptr: i32, bytes: &[u8]) -> Result<(), Thrown> {
    let memory = memory(guest)?;
    let target = memory.data_mut(guest.as_context_mut());
    usize::try_from(ptr)
        .ok()
        .and_then(|start| target.get_mut(start..start.checked_add(bytes.len())?))
        .ok_or_else(|| Thrown::range_error("offset is out of bounds"))?
        .copy_from_slice(bytes);
    Ok(())
}
