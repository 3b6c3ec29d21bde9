//! Unpacking what came as gzip (RFC 1952). The frame is read here, for the crates that read it bring
//! 35 kB with it; what is in it by `miniz_oxide`.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::Reason;

const NAME: u8 = 8;
const COMMENT: u8 = 16;
const EXTRA: u8 = 4;
const HEADER_CHECK: u8 = 2;

/// At most `limit` bytes, of all members.
pub(super) fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, Reason> {
    const DAMAGED: Reason = Reason::Malformed("what is packed in it is cut or damaged");
    let (mut all, mut rest) = (Vec::new(), packed);
    loop {
        let deflated = behind_head(rest).ok_or(DAMAGED)?;
        let room = limit.saturating_sub(all.len());
        let (bytes, taken) = inflate(deflated, room).map_err(|status| match status {
            TINFLStatus::HasMoreOutput => Reason::TooLarge { limit },
            _ => DAMAGED,
        })?;
        let end = deflated.get(taken..).and_then(<[u8]>::split_first_chunk::<8>);
        let ([a, b, c, d, length @ ..], behind) = end.ok_or(DAMAGED)?;
        // The length is that of its lower 32 bits.
        let is_whole = bytes.len() as u32 == u32::from_le_bytes(*length)
            && crc32(&bytes) == u32::from_le_bytes([*a, *b, *c, *d]);
        if !is_whole {
            return Err(DAMAGED);
        }
        if all.is_empty() {
            all = bytes;
        } else {
            all.extend_from_slice(&bytes);
        }
        if behind.is_empty() {
            return Ok(all);
        }
        rest = behind;
    }
}

/// What is inflated, and how many bytes that took.
fn inflate(deflated: &[u8], limit: usize) -> Result<(Vec<u8>, usize), TINFLStatus> {
    let mut state = Box::<DecompressorOxide>::default();
    let mut bytes = vec![0; deflated.len().saturating_mul(2).clamp(256, limit.max(256))];
    let (mut taken, mut made) = (0, 0);
    loop {
        let rest = deflated.get(taken..).unwrap_or_default();
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, came, written) = decompress(&mut state, rest, &mut bytes, made, flags);
        taken += came;
        made += written;
        match status {
            TINFLStatus::Done if made <= limit => {
                bytes.truncate(made);
                return Ok((bytes, taken));
            }
            TINFLStatus::HasMoreOutput if made < limit => {
                let room = bytes.len().saturating_mul(2).min(limit);
                bytes.resize(room.max(made + 1), 0);
            }
            TINFLStatus::Done => return Err(TINFLStatus::HasMoreOutput),
            status => return Err(status),
        }
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
mod tests {
    use super::*;

    /// By Python's gzip module: "hello gzip".
    const HELLO: [u8; 30] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0x48, 0xaf, 0xca,
        0x2c, 0, 0, 0x19, 0x6a, 0xd2, 0xdf, 10, 0, 0, 0,
    ];

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
