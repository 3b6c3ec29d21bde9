//! Standard input, line by line as it comes.

use std::io::{self, BufRead, Read};

use super::line::Line;
use super::sink::{Sink, Wish};

/// The longest line that is taken; a sentence has 82 bytes, a delta a few thousand.
const LONGEST: u64 = 1 << 20;

/// Ends with the input, or when nobody wants more.
pub(super) fn read(input: &mut impl BufRead, sink: &mut impl Sink) {
    let mut own_vessel = None;
    loop {
        let line = match next_line(input) {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(error) => {
                sink.hear(format!("standard input cannot be read: {error}"));
                return;
            }
        };
        match Line::parse(&line) {
            Line::Nothing => {}
            Line::OwnVessel(vessel) => own_vessel = Some(vessel),
            Line::Data(mut data) => {
                if let Some(vessel) = &own_vessel {
                    data.make_own(vessel);
                }
                if sink.take(data) == Wish::Nothing {
                    return;
                }
            }
            Line::Broken(reason) => {
                sink.hear(format!("left out: {reason}: {}", line.trim()));
            }
        }
    }
    sink.end();
}

fn next_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let read = Read::take(input, LONGEST).read_until(b'\n', &mut line)?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
}
