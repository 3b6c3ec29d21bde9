//! The allocator of a plugin: TLSF, which takes the same short time whatever was allocated before, and a tenth
//! of the bytes of the C library's.
//!
//! The C library's own functions stand here as well. The standard library refers to them, were it only to look
//! for a variable of the environment when a panic is printed, and would have the other allocator linked.
#![allow(unsafe_code)]

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::ptr::{copy_nonoverlapping, null_mut};

#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// The bytes in front of what C gets, which hold its layout's size and alignment, and the least alignment.
const HEADER: usize = 16;

/// The layout of what C asks for with its header, which is as long as the alignment.
fn layout(align: usize, size: usize) -> Option<Layout> {
    let align = align.max(HEADER);
    Layout::from_size_align(size.checked_add(align)?, align).ok()
}

fn hand_out(layout: Option<Layout>, allocate: unsafe fn(Layout) -> *mut u8) -> *mut u8 {
    let Some(layout) = layout else {
        return null_mut();
    };
    // SAFETY: the size is at least that of the header. Where there is memory, the header fits, is aligned, and
    // what C gets lies behind it.
    unsafe {
        let start = allocate(layout);
        if start.is_null() {
            return start;
        }
        let handed_out = start.add(layout.align());
        let header = handed_out.sub(HEADER).cast::<usize>();
        header.write(layout.size());
        header.add(1).write(layout.align());
        handed_out
    }
}

/// The layout of what was handed out.
///
/// # Safety
/// It was, and is not freed.
unsafe fn layout_of(handed_out: *mut u8) -> Layout {
    // SAFETY: the header of a layout that was valid is in front of it.
    unsafe {
        let header = handed_out.sub(HEADER).cast::<usize>();
        Layout::from_size_align_unchecked(header.read(), header.add(1).read())
    }
}

// SAFETY of the names: these have the signatures and the meaning of the C library's functions of the same names.

#[unsafe(no_mangle)]
extern "C" fn malloc(size: usize) -> *mut u8 {
    hand_out(layout(HEADER, size), alloc)
}

#[unsafe(no_mangle)]
extern "C" fn calloc(count: usize, size: usize) -> *mut u8 {
    hand_out(count.checked_mul(size).and_then(|size| layout(HEADER, size)), alloc_zeroed)
}

#[unsafe(no_mangle)]
extern "C" fn aligned_alloc(align: usize, size: usize) -> *mut u8 {
    hand_out(layout(align, size), alloc)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn posix_memalign(out: *mut *mut u8, align: usize, size: usize) -> i32 {
    const NO_MEMORY: i32 = 48;
    let start = aligned_alloc(align, size);
    if start.is_null() {
        return NO_MEMORY;
    }
    // SAFETY: C gives a place for the pointer.
    unsafe { out.write(start) };
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn free(handed_out: *mut u8) {
    if handed_out.is_null() {
        return;
    }
    // SAFETY: C gives back what was handed out, once.
    unsafe {
        let layout = layout_of(handed_out);
        dealloc(handed_out.sub(layout.align()), layout);
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(handed_out: *mut u8, size: usize) -> *mut u8 {
    let new = malloc(size);
    if handed_out.is_null() || new.is_null() {
        return new;
    }
    // SAFETY: C gives what was handed out, which is apart from the new one, and both hold as many bytes.
    unsafe {
        let layout = layout_of(handed_out);
        let before = layout.size() - layout.align();
        copy_nonoverlapping(handed_out, new, before.min(size));
        free(handed_out);
    }
    new
}
