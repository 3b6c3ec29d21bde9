//! The buffers through which the host hands text over and takes answers back.
//!
//! The host asks `allocate` for a buffer before each call, writes into it or has the plugin write
//! into it, and gives it back with `deallocate`. Every live buffer is kept in a table, so a pointer
//! that comes from outside is only ever used after it was found there: a wrong pointer, a wrong
//! length or a second `deallocate` is an error that can be told, never memory that is damaged.
#![allow(unsafe_code)]

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Deref;
use std::ptr::NonNull;
use std::rc::Rc;

use signalk_plugin_contract::ANSWER_BUFFER;

use crate::instance::state;

/// A buffer that the host owns for the time of one call.
struct Buffer {
    start: NonNull<u8>,
    layout: Layout,
    /// What the host asked for; the layout has at least one byte, since a null pointer fails the call.
    size: usize,
    use_for: Use,
}

/// The buffers of which one is kept for the next call, for it is like the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Of a delta, for example.
    Request,
    /// An answer, with more room than the host asked for.
    LargeAnswer,
    /// None is kept.
    Other,
}

/// The bytes of a buffer that is kept for requests: most deltas fit. A crash leaks one.
const REQUEST: usize = 512;

impl Buffer {
    fn new(size: usize) -> Option<Self> {
        let layout = Layout::from_size_align(size.max(1), 1).ok()?;
        // SAFETY: the layout's size is at least 1. Zeroed, so that reading what the host did not
        // fill is reading zeros.
        let start = NonNull::new(unsafe { alloc_zeroed(layout) })?;
        Some(Self { start, layout, size, use_for: Use::Other })
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: `start` came from `alloc_zeroed` with this very layout, and is freed only here.
        unsafe { dealloc(self.start.as_ptr(), self.layout) }
    }
}

state! {
    module static BUFFERS: RefCell<Vec<Rc<Buffer>>> = Vec::new();
    /// A buffer for requests, and a large one for answers, that are not in use.
    module static SPARE_REQUEST: Cell<Option<Rc<Buffer>>> = None;
    module static SPARE_LARGE: Cell<Option<Rc<Buffer>>> = None;
}

/// What the host wrote into a buffer, read in place.
///
/// It keeps the buffer alive: a host that frees it in the middle of the call takes nothing away.
pub(crate) struct Input {
    buffer: Rc<Buffer>,
    len: usize,
}

impl Deref for Input {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: `read` checked `len` against the buffer, which `self` keeps alive and which was
        // initialized at birth. Nothing writes to it meanwhile: `write` refuses a buffer that an
        // `Input` holds, and the host writes only before it calls us.
        unsafe { std::slice::from_raw_parts(self.buffer.start.as_ptr(), self.len) }
    }
}

/// Why a pair of pointer and length from the host was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadBuffer {
    /// No live buffer starts there.
    Unknown,
    /// A buffer starts there, but it is shorter than the length says.
    TooShort { asked: usize, size: usize },
    /// The buffer for the answer is the one that holds the request.
    InUse,
}

impl fmt::Display for BadBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => {
                f.write_str("the server passed a pointer that `allocate` never gave out")
            }
            Self::TooShort { asked, size } => write!(
                f,
                "the server passed a length of {asked} bytes for a buffer of {size} bytes"
            ),
            Self::InUse => f.write_str("the server passed the same buffer for request and answer"),
        }
    }
}

impl std::error::Error for BadBuffer {}

/// The pages of memory up to which an address is a positive number to the host, which takes it for
/// one with a sign: 2 GB.
#[cfg(target_family = "wasm")]
const REACH: usize = 32_768;

/// Whether the instance has memory with which the host can do nothing. It never gives any back, so
/// what is allocated from now on may lie there.
pub(crate) fn is_out_of_reach() -> bool {
    #[cfg(target_family = "wasm")]
    return core::arch::wasm32::memory_size(0) > REACH;
    #[cfg(not(target_family = "wasm"))]
    false
}

/// The export `allocate`; null when there is no memory.
pub(crate) fn allocate(size: usize) -> *mut u8 {
    if size <= REQUEST
        && let Some(buffer) = kept(Use::Request, REQUEST, size)
    {
        // SAFETY: the buffer has room for `size` bytes, and nobody else has it.
        unsafe { std::ptr::write_bytes(buffer.start.as_ptr(), 0, size) };
        return hand_over(buffer);
    }
    match Buffer::new(size) {
        Some(buffer) => hand_over(Rc::new(buffer)),
        None => std::ptr::null_mut(),
    }
}

/// As [`allocate`], with room for `room` bytes where the host asks for `ANSWER_BUFFER` of them. The
/// host does not look at how much of its buffer an answer takes, so a longer one arrives whole.
///
/// Memory of wasm never shrinks, and such a buffer is asked for at each request: one is kept.
pub(crate) fn allocate_large(size: usize, room: usize) -> *mut u8 {
    if size != ANSWER_BUFFER || room <= ANSWER_BUFFER {
        return allocate(size);
    }
    match kept(Use::LargeAnswer, room, room) {
        Some(buffer) => hand_over(buffer),
        // Most answers are small.
        None => allocate(size),
    }
}

/// The buffer that is kept for a use, or a new one with this much room; the host has asked for `size` bytes.
fn kept(use_for: Use, room: usize, size: usize) -> Option<Rc<Buffer>> {
    if let Some(mut kept) = take_spare(use_for)
        && let Some(buffer) = Rc::get_mut(&mut kept)
        && buffer.layout.size() >= room
    {
        buffer.size = size;
        return Some(kept);
    }
    let mut buffer = Buffer::new(room)?;
    // Changed in place: struct update syntax would copy the pointer and drop what it was of.
    buffer.size = size;
    buffer.use_for = use_for;
    Some(Rc::new(buffer))
}

fn take_spare(use_for: Use) -> Option<Rc<Buffer>> {
    match use_for {
        Use::Request => SPARE_REQUEST.take(),
        Use::LargeAnswer => SPARE_LARGE.take(),
        Use::Other => None,
    }
}

fn hand_over(buffer: Rc<Buffer>) -> *mut u8 {
    let start = buffer.start.as_ptr();
    BUFFERS.with_borrow_mut(|buffers| buffers.push(buffer));
    start
}

/// The export `deallocate`: a pointer that is not live is ignored and told apart by `false`.
pub(crate) fn deallocate(pointer: *mut u8) -> bool {
    let buffer = BUFFERS.with_borrow_mut(|buffers| {
        let at = buffers.iter().rposition(|b| b.start.as_ptr() == pointer)?;
        Some(buffers.swap_remove(at))
    });
    let Some(buffer) = buffer else {
        return false;
    };
    match buffer.use_for {
        Use::Request => SPARE_REQUEST.set(Some(buffer)),
        Use::LargeAnswer => SPARE_LARGE.set(Some(buffer)),
        Use::Other => {}
    }
    true
}

/// How many bytes an answer at `pointer` may have: `max`, or more where the buffer has more room.
pub(crate) fn room(pointer: *const u8, max: usize) -> usize {
    BUFFERS.with_borrow(|buffers| match find(buffers, pointer, max) {
        Ok(buffer) if buffer.use_for == Use::LargeAnswer => buffer.size.max(max),
        _ => max,
    })
}

/// What the host wrote at `pointer`, `len` bytes of it.
pub(crate) fn read(pointer: *const u8, len: usize) -> Result<Input, BadBuffer> {
    BUFFERS.with_borrow(|buffers| {
        let buffer = Rc::clone(find(buffers, pointer, len)?);
        Ok(Input { buffer, len })
    })
}

/// Copies an answer into the host's buffer: all of it, or nothing.
pub(crate) fn write(pointer: *mut u8, max: usize, answer: &[u8]) -> Result<usize, BadBuffer> {
    BUFFERS.with_borrow(|buffers| {
        let buffer = find(buffers, pointer, max)?;
        if answer.len() > max {
            return Err(BadBuffer::TooShort { asked: answer.len(), size: max });
        }
        if Rc::strong_count(buffer) > 1 {
            return Err(BadBuffer::InUse);
        }
        // SAFETY: the buffer is live and at least `max >= answer.len()` bytes long; no `Input`
        // refers to it (checked above), and `answer` is a Rust slice, so the two do not overlap.
        unsafe {
            std::ptr::copy_nonoverlapping(answer.as_ptr(), buffer.start.as_ptr(), answer.len());
        }
        Ok(answer.len())
    })
}

fn find(buffers: &[Rc<Buffer>], pointer: *const u8, len: usize) -> Result<&Rc<Buffer>, BadBuffer> {
    // Calls nest, so the newest buffer is nearly always the one.
    let buffer = buffers
        .iter()
        .rfind(|b| b.start.as_ptr().cast_const() == pointer)
        .ok_or(BadBuffer::Unknown)?;
    if len > buffer.size {
        return Err(BadBuffer::TooShort { asked: len, size: buffer.size });
    }
    Ok(buffer)
}

/// Frees what a call that trapped has left. The host gives back the buffers of some calls all the same, and
/// never those of requests.
pub(crate) fn sweep() {
    BUFFERS.with_borrow_mut(Vec::clear);
}

/// How many buffers the host holds now.
#[cfg(test)]
pub(crate) fn live() -> usize {
    BUFFERS.with_borrow(Vec::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let pointer = allocate(5);
        assert_eq!(write(pointer, 5, b"abc"), Ok(3));
        assert_eq!(&*read(pointer, 5).unwrap(), b"abc\0\0");
        assert!(deallocate(pointer));
    }

    #[test]
    fn a_buffer_of_no_bytes_has_a_pointer_and_can_be_freed() {
        let pointer = allocate(0);
        assert!(!pointer.is_null());
        assert_eq!(&*read(pointer, 0).unwrap(), b"");
        assert!(deallocate(pointer));
        assert_eq!(live(), 0);
    }

    #[test]
    fn a_length_beyond_the_buffer_is_refused() {
        let pointer = allocate(4);
        assert_eq!(read(pointer, 5).err(), Some(BadBuffer::TooShort { asked: 5, size: 4 }));
        assert_eq!(
            write(pointer, usize::MAX, b"x"),
            Err(BadBuffer::TooShort { asked: usize::MAX, size: 4 })
        );
        deallocate(pointer);
    }

    #[test]
    fn an_answer_that_does_not_fit_writes_nothing() {
        let pointer = allocate(3);
        assert!(write(pointer, 3, b"four").is_err());
        assert_eq!(&*read(pointer, 3).unwrap(), [0, 0, 0]);
        deallocate(pointer);
    }

    #[test]
    fn what_is_being_read_outlives_its_buffer_and_is_not_written_to() {
        let pointer = allocate(3);
        write(pointer, 3, b"abc").unwrap();
        let input = read(pointer, 3).unwrap();
        assert_eq!(write(pointer, 3, b"xyz"), Err(BadBuffer::InUse));
        deallocate(pointer);
        assert_eq!(&*input, b"abc");
    }

    #[test]
    fn freeing_twice_or_freeing_a_stranger_is_ignored() {
        let pointer = allocate(8);
        assert!(deallocate(pointer));
        assert!(!deallocate(pointer));
        assert!(!deallocate(std::ptr::null_mut()));
    }

    #[test]
    fn sweeping_frees_what_is_left_and_what_is_being_read_stays() {
        let pointer = allocate(3);
        let input = read(pointer, 3).unwrap();
        sweep();
        assert_eq!(live(), 0);
        assert_eq!(&*input, [0, 0, 0]);
        assert!(!deallocate(pointer));
    }

    #[test]
    fn a_roomy_buffer_holds_more_than_the_host_asked_for_and_is_used_again() {
        const ROOM: usize = 1 << 20;
        let long = vec![b'x'; ROOM];
        let first = allocate_large(ANSWER_BUFFER, ROOM);
        assert_eq!(room(first, ANSWER_BUFFER), ROOM);
        assert_eq!(write(first, ROOM, &long), Ok(ROOM));
        assert_eq!(&*read(first, ROOM).unwrap(), long);
        // While one is in use there is another.
        let second = allocate_large(ANSWER_BUFFER, ROOM);
        assert_ne!(first, second);
        assert_eq!(write(second, ROOM, &long), Ok(ROOM));
        assert!(deallocate(first));
        assert_eq!(allocate_large(ANSWER_BUFFER, ROOM), first);
        assert!(deallocate(first) && deallocate(second) && !deallocate(second));
        // Only what the host asks for an answer is roomy.
        let small = allocate_large(100, ROOM);
        assert_eq!(room(small, 100), 100);
        assert!(deallocate(small));
    }

    #[test]
    fn what_a_trapped_call_still_reads_is_not_handed_out_again() {
        let trapped = allocate(3);
        std::mem::forget(read(trapped, 3).unwrap());
        // The host gives it back all the same.
        assert!(deallocate(trapped));
        let next = allocate(3);
        assert_ne!(next, trapped);
        sweep();
        let behind = allocate(3);
        assert!(!deallocate(next) && deallocate(behind));
    }

    #[test]
    fn a_kept_buffer_is_handed_over_empty() {
        let first = allocate(5);
        assert_eq!(write(first, 5, b"abcde"), Ok(5));
        assert!(deallocate(first));
        let second = allocate(3);
        assert_eq!(second, first);
        assert_eq!(&*read(second, 3).unwrap(), [0, 0, 0]);
        assert!(deallocate(second));
    }

    #[test]
    fn an_impossible_size_gives_a_null_pointer() {
        assert!(allocate(usize::MAX).is_null());
        assert!(allocate(isize::MAX as usize).is_null());
    }
}
