//! Lines out of bytes that arrive in pieces: the first byte says how they are cut.

use signalk_plugin_sdk::net::Lines;

/// As `net::Lines` has it.
const LONGEST: usize = 65_536;

pub(crate) fn run(bytes: &[u8]) {
    let Some((how, bytes)) = bytes.split_first() else {
        return;
    };
    check(bytes, usize::from(*how).max(1));
    // Stretched, so that lines that are too long come too.
    if *how == u8::MAX && (8..24).contains(&bytes.len()) {
        let stretched: Vec<u8> = bytes
            .iter()
            .flat_map(|byte| std::iter::repeat_n(*byte, if *byte == b'x' { 9_000 } else { 1 }))
            .collect();
        check(&stretched, 25_000);
    }
}

fn check(bytes: &[u8], size: usize) {
    let mut lines = Lines::new();
    let (mut found, mut texts) = (Vec::new(), 0);
    for piece in bytes.chunks(size) {
        lines.push(piece);
        while let Some(line) = lines.next_line() {
            texts += line.text().len();
            found.push(line.as_bytes().to_vec());
        }
    }
    let whole = whole_lines(bytes);
    let expected: Vec<_> = whole.iter().filter(|line| line.len() <= LONGEST).cloned().collect();
    assert_eq!(found, expected);
    assert_eq!(lines.dropped(), (whole.len() - expected.len()) as u64);
    assert!(texts >= found.iter().map(Vec::len).sum());
}

/// A line ends with LF, with CR, or with both in this order.
fn whole_lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (mut lines, mut line, mut before) = (Vec::new(), Vec::new(), 0);
    for byte in bytes {
        match byte {
            b'\n' if before == b'\r' => {}
            b'\n' | b'\r' => lines.push(std::mem::take(&mut line)),
            _ => line.push(*byte),
        }
        before = *byte;
    }
    lines
}
