//! The host's buffers: `allocate`, `deallocate`, and pointers and lengths of every kind.

use std::collections::BTreeMap;

use arbitrary::{Arbitrary, Unstructured};
use signalk_plugin_contract::ANSWER_BUFFER;
use signalk_plugin_sdk::__private::{
    Plugin, allocate, deallocate, delta_handler, http, http_endpoints, plugin_id, plugin_start,
    put, resources,
};
use signalk_plugin_sdk::testing::TestHost;

use crate::host;
use crate::plugin::Everything;

/// Larger ones would only cost time, but for the one size that is a special case of the SDK's.
const LARGEST: usize = 5_000;

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Step {
    Allocate(Size),
    Deallocate(Which),
    Fill { which: Which, byte: u8 },
    Id { out: Which, max: Size },
    Endpoints { out: Which, max: Size },
    Start { config: Which, len: Size },
    Delta { delta: Which, len: Size },
    Put { value: Which, len: Size, out: Which, max: Size },
    Http { request: Which, len: Size, out: Which, max: Size },
    Resource { request: Which, len: Size, out: Which, max: Size },
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Size {
    Small(u8),
    Any(u16),
    /// Of the buffer itself, where there is one.
    Just,
    OneMore,
    Response,
    Huge(u8),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Which {
    Live(u8),
    /// Behind the start of a live one.
    Inside(u8, u8),
    Freed(u8),
    Null,
    Stray(u16),
}

/// What the host knows of its buffers.
#[derive(Default)]
struct Buffers {
    live: BTreeMap<usize, (*mut u8, usize)>,
    freed: Vec<*mut u8>,
    made: usize,
}

impl Buffers {
    fn pick(&self, number: u8) -> Option<(*mut u8, usize)> {
        let index = usize::from(number) % self.live.len().max(1);
        self.live.values().nth(index).copied()
    }

    fn pointer(&self, which: Which) -> *mut u8 {
        match which {
            Which::Live(number) => self.pick(number).map_or(std::ptr::null_mut(), |live| live.0),
            Which::Inside(number, by) => self
                .pick(number)
                .map_or(std::ptr::null_mut(), |live| live.0.wrapping_add(usize::from(by))),
            Which::Freed(number) => {
                let index = usize::from(number) % self.freed.len().max(1);
                self.freed.get(index).copied().unwrap_or(std::ptr::null_mut())
            }
            Which::Null => std::ptr::null_mut(),
            Which::Stray(address) => std::ptr::without_provenance_mut(usize::from(address)),
        }
    }

    /// The length of the live buffer that starts at a pointer.
    fn size(&self, pointer: *mut u8) -> Option<usize> {
        self.live.values().find(|(start, _)| *start == pointer).map(|(_, size)| *size)
    }

    fn bytes(&self, size: Size, pointer: *mut u8) -> usize {
        match size {
            Size::Small(size) => usize::from(size),
            Size::Any(size) => usize::from(size),
            Size::Just => self.size(pointer).unwrap_or(0),
            Size::OneMore => self.size(pointer).unwrap_or(0) + 1,
            Size::Response => ANSWER_BUFFER,
            Size::Huge(shift) => usize::MAX >> (shift % 48),
        }
    }

    /// An answer fits into its buffer, and there is none where there is no buffer.
    fn check(&self, written: i32, out: *mut u8, max: usize) {
        let written = usize::try_from(written).expect("a length is never negative");
        let room = self.size(out).unwrap_or(0);
        assert!(written <= max.min(room), "{written} bytes in a buffer of {room}, of which {max}");
        if max > room {
            assert_eq!(written, 0, "a length beyond the buffer");
        }
        if written > 0 {
            // Reads what was written, so that a sanitizer sees where it went.
            assert_eq!(host::take(out, written).len(), written);
        }
    }
}

pub(crate) fn run(bytes: &[u8]) {
    let _host = TestHost::<Everything>::start("{}");
    let mut unread = Unstructured::new(bytes);
    let mut buffers = Buffers::default();
    for _ in 0..40 {
        if unread.is_empty() {
            break;
        }
        let Ok(step) = Step::arbitrary(&mut unread) else {
            break;
        };
        take(step, &mut buffers);
    }
    for (pointer, size) in buffers.live.into_values() {
        deallocate(pointer, size);
    }
}

fn take(step: Step, buffers: &mut Buffers) {
    let endpoint = Everything::HANDLERS.endpoints[0].export;
    let handler = Everything::HANDLERS.puts[0].export;
    match step {
        Step::Allocate(size) => {
            let size = buffers.bytes(size, std::ptr::null_mut());
            // A gigabyte for nothing is slow; what no address space holds is quick.
            let is_tried = size == ANSWER_BUFFER || size > usize::MAX >> 16;
            let size = if is_tried { size } else { size.min(LARGEST) };
            let pointer = allocate(size);
            if pointer.is_null() {
                assert!(size > ANSWER_BUFFER, "no buffer of {size} bytes");
                return;
            }
            assert_eq!(buffers.size(pointer), None, "a buffer that was given out twice");
            assert!(host::take(pointer, size.min(64)).iter().all(|byte| *byte == 0));
            buffers.made += 1;
            buffers.live.insert(buffers.made, (pointer, size));
            buffers.freed.retain(|freed| *freed != pointer);
        }
        Step::Deallocate(which) => {
            let pointer = buffers.pointer(which);
            deallocate(pointer, buffers.size(pointer).unwrap_or(7));
            if buffers.size(pointer).is_some() {
                buffers.live.retain(|_, (start, _)| *start != pointer);
                buffers.freed.push(pointer);
            }
        }
        Step::Fill { which, byte } => {
            let pointer = buffers.pointer(which);
            if let Some(size) = buffers.size(pointer) {
                host::fill(pointer, &vec![byte; size]);
            }
        }
        Step::Id { out, max } => {
            let out = buffers.pointer(out);
            let max = buffers.bytes(max, out);
            buffers.check(plugin_id::<Everything>(out, max), out, max);
        }
        Step::Endpoints { out, max } => {
            let out = buffers.pointer(out);
            let max = buffers.bytes(max, out);
            buffers.check(http_endpoints::<Everything>(out, max), out, max);
        }
        Step::Start { config, len } => {
            let config = buffers.pointer(config);
            let len = buffers.bytes(len, config);
            let is_bad = buffers.size(config).is_none_or(|size| len > size);
            assert_eq!(plugin_start::<Everything>(config, len), i32::from(is_bad));
        }
        Step::Delta { delta, len } => {
            let delta = buffers.pointer(delta);
            delta_handler::<Everything>(delta, buffers.bytes(len, delta));
        }
        Step::Put { value, len, out, max } => {
            ask(buffers, [value, out], [len, max], |value, len, out, max| {
                put::<Everything>(handler, value, len, out, max)
            });
        }
        Step::Http { request, len, out, max } => {
            ask(buffers, [request, out], [len, max], |request, len, out, max| {
                http::<Everything>(endpoint, request, len, out, max)
            });
        }
        Step::Resource { request, len, out, max } => {
            ask(buffers, [request, out], [len, max], resources::get::<Everything>);
        }
    }
}

fn ask(
    buffers: &Buffers,
    which: [Which; 2],
    sizes: [Size; 2],
    export: impl FnOnce(*const u8, usize, *mut u8, usize) -> i32,
) {
    let [request, out] = which.map(|which| buffers.pointer(which));
    let (len, max) = (buffers.bytes(sizes[0], request), buffers.bytes(sizes[1], out));
    buffers.check(export(request, len, out, max), out, max);
}
