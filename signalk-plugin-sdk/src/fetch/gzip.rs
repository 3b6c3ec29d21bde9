//! Unpacking what came as gzip (RFC 1952). The frame is read here, for the crates that read it bring
//! 35 kB with it; what is in it by `miniz_oxide`.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::Reason;
use super::work::count;
use crate::task::yield_now;

/// The most members of which it may be made. Practically everybody sends one.
const MOST_MEMBERS: usize = 1_000;
/// The most that is unpacked at once, in bytes that are read and in bytes that are made, before others have
/// their turn.
const STEP: usize = 32 * 1024;

const NAME: u8 = 8;
const COMMENT: u8 = 16;
const EXTRA: u8 = 4;
const HEADER_CHECK: u8 = 2;

const DAMAGED: Reason = Reason::Malformed("what is packed in it is cut or damaged");

/// At most `limit` bytes, of all members.
pub(super) async fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, Reason> {
    unpack_in_steps(packed, limit, STEP).await
}

async fn unpack_in_steps(packed: &[u8], limit: usize, step: usize) -> Result<Vec<u8>, Reason> {
    let mut all = Vec::new();
    let mut state = Box::<DecompressorOxide>::default();
    let mut rest = packed;
    for _ in 0..MOST_MEMBERS {
        let deflated = behind_head(rest).ok_or(DAMAGED)?;
        count(rest.len() - deflated.len());
        let start = all.len();
        state.init();
        let taken = inflate(&mut state, deflated, &mut all, limit, step).await?;
        let end = deflated.get(taken..).and_then(<[u8]>::split_first_chunk::<8>);
        let ([a, b, c, d, length @ ..], behind) = end.ok_or(DAMAGED)?;
        let bytes = all.get(start..).unwrap_or_default();
        // The length is that of its lower 32 bits.
        let is_whole = bytes.len() as u32 == u32::from_le_bytes(*length)
            && crc32(bytes) == u32::from_le_bytes([*a, *b, *c, *d]);
        if !is_whole {
            return Err(DAMAGED);
        }
        if behind.is_empty() {
            return Ok(all);
        }
        rest = behind;
    }
    Err(Reason::Malformed("it is packed in too many parts"))
}

/// Appends what is inflated to `all`, which then has at most `limit` bytes, and tells how many bytes
/// that took.
async fn inflate(
    state: &mut DecompressorOxide,
    deflated: &[u8],
    all: &mut Vec<u8>,
    limit: usize,
    step: usize,
) -> Result<usize, Reason> {
    let start = all.len();
    let (mut taken, mut made) = (0, 0);
    loop {
        let rest = deflated.get(taken..).unwrap_or_default();
        let input = rest.get(..step).unwrap_or(rest);
        // One byte more than it may have, so that more is seen. What there is already is not moved
        // but where it doubles.
        let most = limit.saturating_sub(start + made).saturating_add(1).min(step);
        let room = most.min(made.max(2_048));
        all.resize(start + made + room, 0);
        let more = if input.len() < rest.len() { TINFL_FLAG_HAS_MORE_INPUT } else { 0 };
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF | more;
        // A member knows nothing of those before it.
        let out = all.get_mut(start..).unwrap_or_default();
        let (status, came, written) = decompress(state, input, out, made, flags);
        count(came + written + room);
        taken += came;
        made += written;
        all.truncate(start + made);
        if all.len() > limit {
            return Err(Reason::TooLarge { limit });
        }
        match status {
            TINFLStatus::Done => return Ok(taken),
            TINFLStatus::HasMoreOutput => {}
            TINFLStatus::NeedsMoreInput if more != 0 => {}
            _ => return Err(DAMAGED),
        }
        yield_now().await;
    }
}

/// What stands behind the head of a member.
fn behind_head(packed: &[u8]) -> Option<&[u8]> {
    let (head, mut rest) = packed.split_at_checked(10)?;
    let [0x1f, 0x8b, 8, flags, ..] = *head else {
        return None;
    };
    if flags & EXTRA != 0 {
        let (length, behind) = rest.split_first_chunk()?;
        rest = behind.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & HEADER_CHECK != 0 {
        rest = rest.get(2..)?;
    }
    Some(rest)
}

/// The checksum of RFC 1952, section 8, bit by bit: a table would be larger than all the rest.
fn crc32(bytes: &[u8]) -> u32 {
    count(bytes.len());
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

#[cfg(test)]
#[allow(clippy::panic, reason = "a test says what it expects")]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::super::work::counted;
    use super::*;

    /// By Python's gzip module: "hello gzip".
    const HELLO: [u8; 30] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0x48, 0xaf, 0xca,
        0x2c, 0, 0, 0x19, 0x6a, 0xd2, 0xdf, 10, 0, 0, 0,
    ];

    fn unpack_in(packed: &[u8], limit: usize, step: usize) -> Result<Vec<u8>, Reason> {
        let mut context = Context::from_waker(Waker::noop());
        let mut unpacked = pin!(unpack_in_steps(packed, limit, step));
        loop {
            if let Poll::Ready(bytes) = unpacked.as_mut().poll(&mut context) {
                return bytes;
            }
        }
    }

    fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, Reason> {
        unpack_in(packed, limit, STEP)
    }

    /// As others pack it.
    fn packed(bytes: &[u8]) -> Vec<u8> {
        let deflated = miniz_oxide::deflate::compress_to_vec(bytes, 6);
        let (crc, length) = (crc32(bytes).to_le_bytes(), (bytes.len() as u32).to_le_bytes());
        [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], &*deflated, &crc, &length].concat()
    }

    #[test]
    fn what_is_unpacked_is_the_same_in_steps_of_any_size() {
        let bytes: Vec<u8> = (0..3_000u32).map(|it| (it * it / 7) as u8).collect();
        let both = [&*packed(&bytes), &HELLO, &*packed(b""), &*packed(&bytes)].concat();
        let expected = [&*bytes, b"hello gzip", &bytes].concat();
        for step in (1..40).chain([100, 1_000, 10_000]) {
            assert_eq!(unpack_in(&both, expected.len(), step).unwrap(), expected, "{step}");
            let less = unpack_in(&both, expected.len() - 1, step);
            assert!(matches!(less, Err(Reason::TooLarge { .. })), "{step}");
        }
    }

    #[test]
    fn a_member_does_not_know_what_was_in_the_one_before() {
        // A match that reaches back over the start.
        let (head, far) = ([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], [3, 2, 0]);
        let far = [&head[..], &far, &crc32(b"ppp").to_le_bytes(), &[3, 0, 0, 0]].concat();
        assert!(unpack(&[&HELLO[..], &far].concat(), 100).is_err());
    }

    #[test]
    fn the_work_grows_as_the_bytes_do_and_members_have_a_bound() {
        // Stored blocks and dynamic ones of nothing, members of nothing, much from little.
        let blocks = |block: &[u8], count: usize| {
            let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
            [&head[..], &block.repeat(count), &[3, 0], &[0; 8]].concat()
        };
        for (name, made) in [
            ("members", packed(b"").repeat(900)),
            ("stored blocks", blocks(&[0, 0, 0, 0xff, 0xff], 100_000)),
            ("much from little", packed(&[b'a'; 1_000_000])),
            (
                "little from much",
                packed(
                    &(0..500_000u32).map(|it| (it.wrapping_mul(it) >> 9) as u8).collect::<Vec<_>>(),
                ),
            ),
            ("members of a little", packed(b"little").repeat(900)),
        ] {
            count_from_zero();
            let bytes = unpack(&made, 2_000_000).unwrap_or_else(|error| panic!("{name}: {error}"));
            let (work, expected) = (counted(), made.len() + bytes.len());
            // However little there is in a member, it is given a little room.
            let members = if name.starts_with("members") { 900 } else { 1 };
            assert!(work <= 5 * expected + members * 3_000, "{name}: {work} {expected}");
        }
        let members = packed(b"").repeat(50_000);
        count_from_zero();
        let error = unpack(&members, 1 << 20).unwrap_err().to_string();
        assert!(error.ends_with("it is packed in too many parts"), "{error}");
        assert!(counted() <= MOST_MEMBERS * 3_000);
    }

    fn count_from_zero() {
        counted();
    }

    #[test]
    fn all_members_count_and_so_does_the_limit_for_all_of_them() {
        assert_eq!(unpack(&HELLO, 10).unwrap(), b"hello gzip");
        assert!(matches!(unpack(&HELLO, 9), Err(Reason::TooLarge { limit: 9 })));
        let two = [HELLO, HELLO].concat();
        assert_eq!(unpack(&two, 20).unwrap(), b"hello gziphello gzip");
        assert!(matches!(unpack(&two, 19), Err(Reason::TooLarge { limit: 19 })));
        let rubbish = [&HELLO[..], b"rubbish"].concat();
        assert!(matches!(unpack(&rubbish, 100), Err(Reason::Malformed(_))));
    }

    #[test]
    fn every_part_of_a_head_is_passed_over() {
        let mut packed = HELLO.to_vec();
        packed[3] = EXTRA | NAME | COMMENT | HEADER_CHECK;
        packed.splice(10..10, *b"\x03\0abcname\0comment\0cc");
        assert_eq!(unpack(&packed, 100).unwrap(), b"hello gzip");
        for cut in 0..packed.len() {
            assert!(unpack(&packed[..cut], 100).is_err(), "{cut}");
        }
    }

    #[test]
    fn what_was_changed_on_its_way_is_told() {
        // The last bits before the checksum say nothing.
        for at in (10..HELLO.len()).filter(|at| *at != 21) {
            let mut changed = HELLO;
            changed[at] ^= 0x40;
            assert!(unpack(&changed, 100).is_err(), "{at}");
        }
    }
}
