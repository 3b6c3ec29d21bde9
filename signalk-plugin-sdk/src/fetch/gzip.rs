//! Unpacking what came as gzip (RFC 1952). The frame is read here, for the crates that read it bring
//! 35 kB with it; what is in it by `miniz_oxide`.

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use super::Reason;

const NAME: u8 = 8;
const COMMENT: u8 = 16;
const EXTRA: u8 = 4;
const HEADER_CHECK: u8 = 2;

/// At most `limit` bytes.
pub(super) fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, Reason> {
    let cut = Reason::Malformed("what is packed in it is cut or damaged");
    let Some((deflated, check, length)) = frame(packed) else {
        return Err(cut);
    };
    let bytes =
        decompress_to_vec_with_limit(deflated, limit).map_err(|error| match error.status {
            TINFLStatus::HasMoreOutput => Reason::TooLarge { limit },
            _ => Reason::Malformed("what is packed in it is cut or damaged"),
        })?;
    // The length is that of its lower 32 bits.
    if bytes.len() as u32 != length || crc32(&bytes) != check {
        return Err(cut);
    }
    Ok(bytes)
}

/// What is deflated, and the checksum and the length of what it was.
fn frame(packed: &[u8]) -> Option<(&[u8], u32, u32)> {
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
    let (rest, length) = rest.split_last_chunk()?;
    let (deflated, check) = rest.split_last_chunk()?;
    Some((deflated, u32::from_le_bytes(*check), u32::from_le_bytes(*length)))
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
