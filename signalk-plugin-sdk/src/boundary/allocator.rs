//! The allocator of a plugin: TLSF, which takes the same short time whatever was allocated before, and a tenth
//! of the bytes of the C library's.
//!
//! The C library's own functions stand here as well. The standard library refers to them, were it only to look
//! for a variable of the environment when a panic is printed, and would have the other allocator linked.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, alloc, alloc_zeroed, dealloc};
use std::arch::wasm32::{memory_grow, memory_size};
use std::cell::UnsafeCell;
use std::ptr::{NonNull, copy_nonoverlapping, null_mut, slice_from_raw_parts_mut};

use rlsf::{FlexSource, FlexTlsf};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator(UnsafeCell::new(FlexTlsf::new(Memory)));

struct Allocator(UnsafeCell<FlexTlsf<Memory, u32, u32, 32, 32>>);

// SAFETY: a plugin has one thread.
unsafe impl Sync for Allocator {}

// SAFETY: `FlexTlsf` is an allocator. Each call has it alone: there is one thread, and none of them calls
// anything that allocates.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: see above.
        let start = unsafe { (*self.0.get()).allocate(layout) };
        start.map_or(null_mut(), NonNull::as_ptr)
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        let Some(start) = NonNull::new(start) else {
            return;
        };
        // SAFETY: see above; the caller has `start` from `alloc` with this layout.
        unsafe { (*self.0.get()).deallocate(start, layout.align()) }
    }
}

/// The memory of the instance, all of it behind what is there at first.
struct Memory;

const PAGE: usize = 65_536;

impl Memory {
    /// Adds pages for so many bytes; how many there were before and how many bytes came. For something large it
    /// is a quarter of what is there at least: texts that grow step by step would otherwise leave a trail of
    /// pieces that are all too small for the next one.
    fn grow(bytes: usize) -> Option<(usize, usize)> {
        /// So many pages are nothing large.
        const FEW: usize = 4;
        let needed = bytes.div_ceil(PAGE);
        let add = |pages: usize| {
            let before = memory_grow::<0>(pages);
            (before != usize::MAX).then_some((before, pages * PAGE))
        };
        let reserve = if needed > FEW { memory_size::<0>() / 4 } else { 0 };
        add(needed.max(reserve)).or_else(|| add(needed))
    }
}

// SAFETY: pages that were added are nobody else's, and never taken back.
unsafe impl FlexSource for Memory {
    unsafe fn alloc(&mut self, least: usize) -> Option<NonNull<[u8]>> {
        let (before, bytes) = Self::grow(least)?;
        NonNull::new(slice_from_raw_parts_mut((before * PAGE) as *mut u8, bytes))
    }

    unsafe fn realloc_inplace_grow(&mut self, piece: NonNull<[u8]>, least: usize) -> Option<usize> {
        let end = piece.cast::<u8>().addr().get() + piece.len();
        // Somebody else may have added pages behind it.
        if end != memory_size::<0>() * PAGE {
            return None;
        }
        let (_, bytes) = Self::grow(least.saturating_sub(piece.len()))?;
        Some(piece.len() + bytes)
    }

    fn supports_realloc_inplace_grow(&self) -> bool {
        true
    }

    fn min_align(&self) -> usize {
        PAGE
    }
}

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
    const INVALID: i32 = 28;
    const NO_MEMORY: i32 = 48;
    if !align.is_power_of_two() {
        return INVALID;
    }
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

/// The bytes that what was handed out has.
#[unsafe(no_mangle)]
unsafe extern "C" fn malloc_usable_size(handed_out: *mut u8) -> usize {
    if handed_out.is_null() {
        return 0;
    }
    // SAFETY: C asks about what was handed out.
    let layout = unsafe { layout_of(handed_out) };
    layout.size() - layout.align()
}

// The same by the names that the C library has for itself. All that its allocator defines has to be here, for
// what refers to one name more would have it linked, and each of the others would be there twice.

#[unsafe(no_mangle)]
extern "C" fn __libc_malloc(size: usize) -> *mut u8 {
    malloc(size)
}

#[unsafe(no_mangle)]
extern "C" fn __libc_calloc(count: usize, size: usize) -> *mut u8 {
    calloc(count, size)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn __libc_free(handed_out: *mut u8) {
    // SAFETY: as in `free`.
    unsafe { free(handed_out) }
}
