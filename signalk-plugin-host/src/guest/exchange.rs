//! The four ways in which the server moves text into and out of a plugin.

use signalk_server_model::js;

use super::{Guest, call, read, write};
use crate::contract::{TEXT_BUFFER, exports};
use crate::error::Thrown;

/// Calls `(out, max) -> written`, as for `plugin_name` and `plugin_schema`. An answer of 0 or less
/// reads as the empty text; one beyond the buffer is read all the same.
pub(crate) fn text_out(guest: &mut Guest<'_>, name: &str) -> Result<String, Thrown> {
    if !has(guest, name) {
        return Ok(String::new());
    }
    if !has(guest, exports::ALLOCATE.name) {
        return Err(Thrown::new("Error", "Rust plugin missing allocate export"));
    }
    let max = length(TEXT_BUFFER)?;
    let out = allocate(guest, max)?;
    if out == 0 {
        return Err(Thrown::new(
            "Error",
            format!("Failed to allocate {TEXT_BUFFER} bytes for {name}"),
        ));
    }
    let text = call(guest, name, &[out, max]).and_then(|written| match written.unwrap_or(0) {
        ..=0 => Ok(String::new()),
        written => read(guest, out, written).map(|bytes| js::decode(&bytes)),
    });
    finally_deallocate(guest, out, max, text)
}

/// `http_endpoints`, whose buffer is freed only where all went well, and whose answer is read
/// whatever its length.
pub(crate) fn http_endpoints(guest: &mut Guest<'_>) -> Result<String, Thrown> {
    let max = length(TEXT_BUFFER)?;
    let out = allocate(guest, max)?;
    let written = call(guest, exports::HTTP_ENDPOINTS.name, &[out, max])?.unwrap_or(0);
    let text = js::decode(&read(guest, out, written)?);
    deallocate(guest, out, max)?;
    Ok(text)
}

/// Calls `(ptr, len)` or `(ptr, len) -> i32` with a text, as for `plugin_start` and
/// `delta_handler`. The buffer is freed even where the call traps.
pub(crate) fn deliver_text(
    guest: &mut Guest<'_>,
    name: &str,
    text: &str,
) -> Result<Option<i32>, Thrown> {
    let len = length(text.len())?;
    let ptr = allocate(guest, len)?;
    write(guest, ptr, text.as_bytes())?;
    let outcome = call(guest, name, &[ptr, len]);
    finally_deallocate(guest, ptr, len, outcome)
}

/// Calls `(ptr, len, out, max) -> written`, as for HTTP, PUT, resources and weather. The buffers of
/// a call that traps, or whose answer lies outside the memory, are never freed.
pub(crate) fn exchange(
    guest: &mut Guest<'_>,
    name: &str,
    request: &str,
    max: usize,
) -> Result<String, Thrown> {
    let (len, max) = (length(request.len())?, length(max)?);
    let ptr = allocate(guest, len)?;
    let out = allocate(guest, max)?;
    write(guest, ptr, request.as_bytes())?;
    let written = call(guest, name, &[ptr, len, out, max])?.unwrap_or(0);
    let answer = js::decode(&read(guest, out, written)?);
    deallocate(guest, ptr, len)?;
    deallocate(guest, out, max)?;
    Ok(answer)
}

/// The same for radars, where the buffer for the answer is got first, and the request is freed
/// before the answer is read. Without a request it calls `(out, max) -> written`.
pub(crate) fn radar_exchange(
    guest: &mut Guest<'_>,
    name: &str,
    request: Option<&str>,
    max: usize,
) -> Result<String, Thrown> {
    let max = length(max)?;
    let out = allocate(guest, max)?;
    let written = match request {
        None => call(guest, name, &[out, max])?,
        Some(request) => {
            let len = length(request.len())?;
            let ptr = allocate(guest, len)?;
            write(guest, ptr, request.as_bytes())?;
            let written = call(guest, name, &[ptr, len, out, max])?;
            deallocate(guest, ptr, len)?;
            written
        }
    };
    let answer = js::decode(&read(guest, out, written.unwrap_or(0))?);
    deallocate(guest, out, max)?;
    Ok(answer)
}

fn has(guest: &Guest<'_>, name: &str) -> bool {
    guest.data().instance.is_some_and(|instance| instance.get_func(guest, name).is_some())
}

fn allocate(guest: &mut Guest<'_>, size: i32) -> Result<i32, Thrown> {
    Ok(call(guest, exports::ALLOCATE.name, &[size])?.unwrap_or(0))
}

fn deallocate(guest: &mut Guest<'_>, ptr: i32, size: i32) -> Result<(), Thrown> {
    if has(guest, exports::DEALLOCATE.name) {
        call(guest, exports::DEALLOCATE.name, &[ptr, size])?;
    }
    Ok(())
}

fn finally_deallocate<T>(
    guest: &mut Guest<'_>,
    ptr: i32,
    size: i32,
    outcome: Result<T, Thrown>,
) -> Result<T, Thrown> {
    match outcome {
        // Nothing more can run.
        Err(thrown) if thrown.out_of_fuel => Err(thrown),
        outcome => deallocate(guest, ptr, size).and(outcome),
    }
}

fn length(bytes: usize) -> Result<i32, Thrown> {
    i32::try_from(bytes).map_err(|_| Thrown::range_error("Array buffer allocation failed"))
}
