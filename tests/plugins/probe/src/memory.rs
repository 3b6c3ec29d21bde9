//! The memory that the host is given, and the raw access to it.
//!
//! Buffers come in slots of one size, the first free one first. So a pointer says which calls came
//! before it, and not how long their texts were, which ports and the like would change.
#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Twice the largest buffer that a host asks for, so that an answer can be longer than its buffer
/// without touching another.
const SLOT: usize = 2 * signalk_plugin_contract::ANSWER_BUFFER;
const SLOTS: usize = 160;
/// For the texts that go to imports.
const TEXTS: usize = 1024 * 1024;

#[repr(align(65536))]
struct Space<const SIZE: usize>(UnsafeCell<[u8; SIZE]>);

// SAFETY: WebAssembly without threads has nobody to share it with.
unsafe impl<const SIZE: usize> Sync for Space<SIZE> {}

static BUFFERS: Space<{ SLOT * SLOTS }> = Space(UnsafeCell::new([0; SLOT * SLOTS]));
static TAKEN: [AtomicBool; SLOTS] = [const { AtomicBool::new(false) }; SLOTS];
static TEXT: Space<TEXTS> = Space(UnsafeCell::new([0; TEXTS]));
static TEXT_TOP: AtomicUsize = AtomicUsize::new(0);

fn slots(size: i32) -> usize {
    usize::try_from(size).unwrap_or(0).div_ceil(SLOT).max(1)
}

/// Zeroed memory, so that what lies behind an answer is known; 0 where there is none left.
pub(crate) fn allocate(size: i32) -> i32 {
    let wanted = slots(size);
    let free = (0..=SLOTS - wanted.min(SLOTS)).find(|first| {
        wanted <= SLOTS
            && TAKEN[*first..first + wanted].iter().all(|slot| !slot.load(Ordering::Relaxed))
    });
    let Some(first) = free else { return 0 };
    TAKEN[first..first + wanted].iter().for_each(|slot| slot.store(true, Ordering::Relaxed));
    let start = BUFFERS.0.get().cast::<u8>().wrapping_add(first * SLOT);
    // SAFETY: the slots lie within BUFFERS, and no reference to any part of it exists.
    unsafe { start.write_bytes(0, wanted * SLOT) };
    address(start)
}

pub(crate) fn deallocate(ptr: i32, size: i32) {
    let begin = address(BUFFERS.0.get().cast());
    let Ok(offset) = usize::try_from(ptr - begin) else { return };
    for slot in TAKEN.iter().skip(offset / SLOT).take(slots(size)) {
        slot.store(false, Ordering::Relaxed);
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "wasm32")]
fn address(pointer: *const u8) -> i32 {
    pointer as usize as i32
}

#[expect(clippy::cast_sign_loss, reason = "an address is unsigned")]
fn pointer(address: i32) -> *mut u8 {
    address as u32 as usize as *mut u8
}

/// A copy of what the host wrote.
pub(crate) fn read(ptr: i32, len: i32) -> Vec<u8> {
    let length = usize::try_from(len).unwrap_or(0);
    // SAFETY: the callers pass what the host has filled, or what `write` and `text` gave out.
    unsafe { std::slice::from_raw_parts(pointer(ptr), length) }.to_vec()
}

/// Writes an answer; the callers keep it within two slots.
pub(crate) fn write(ptr: i32, bytes: &[u8]) {
    // SAFETY: the host passes a buffer that `allocate` gave out; what is longer than the host's idea
    // of it is meant to be, and stays within BUFFERS.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), pointer(ptr), bytes.len()) };
}

/// Reads where no memory is.
pub(crate) fn read_outside() -> u8 {
    // SAFETY: none; this is the trap that is asked for.
    unsafe { pointer(-16).read_volatile() }
}

/// How much of the space for texts is in use.
pub(crate) fn texts() -> usize {
    TEXT_TOP.load(Ordering::Relaxed)
}

/// Gives back what was taken since [`texts`] was asked.
pub(crate) fn forget_texts(top: usize) {
    TEXT_TOP.store(top, Ordering::Relaxed);
}

/// Puts bytes where an import can be pointed to, always at the same place for the same program.
pub(crate) fn text(bytes: &[u8]) -> i32 {
    let top = texts();
    let ptr = address(TEXT.0.get().cast::<u8>().wrapping_add(top));
    if top + bytes.len() <= TEXTS {
        write(ptr, bytes);
        TEXT_TOP.store(top + bytes.len(), Ordering::Relaxed);
    }
    ptr
}
