//! The memory that the server is given.

use std::alloc::{Layout, alloc, dealloc};
use std::{ptr, slice};

fn layout(size: usize) -> Option<Layout> {
    Layout::array::<u8>(size.max(1)).ok()
}

/// A buffer for the server; null where there is no memory.
#[must_use]
pub fn allocated(size: usize) -> *mut u8 {
    // SAFETY: the size is not zero.
    layout(size).map_or(ptr::null_mut(), |layout| unsafe { alloc(layout) })
}

/// Takes a buffer back.
///
/// # Safety
/// It is one of [`allocated`], with this size, and is used no more.
pub unsafe fn deallocated(pointer: *mut u8, size: usize) {
    if let Some(layout) = layout(size) {
        // SAFETY: as the caller promises.
        unsafe { dealloc(pointer, layout) }
    }
}

/// A text that the server hands over.
///
/// # Safety
/// So many bytes are there, and stay as they are while they are read.
#[must_use]
pub unsafe fn handed_over<'a>(pointer: *const u8, length: usize) -> &'a [u8] {
    // SAFETY: as the caller promises.
    unsafe { slice::from_raw_parts(pointer, length) }
}

/// Writes an answer into the server's buffer, and tells its length.
///
/// # Safety
/// There is room for it.
pub unsafe fn written(out: *mut u8, text: &str) -> usize {
    // SAFETY: as the caller promises.
    unsafe { ptr::copy_nonoverlapping(text.as_ptr(), out, text.len()) };
    text.len()
}
