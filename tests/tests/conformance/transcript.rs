//! Transcripts: what stays of them, and how two are compared.

use std::fmt::Write;

use signalk_plugin_host::{CallSide, CallStep, TracedCall};

/// Only timestamps, ids and ports may differ from run to run.
pub(crate) fn masked(line: &str, ports: &[u16]) -> String {
    let line = mask(line, TIME, "<time>");
    let line = mask(&line, ID, "<id>");
    ports.iter().fold(line, |line, port| mask(&line, &port.to_string(), "<port>"))
}

/// `d` stands for a decimal digit, `h` for a hexadecimal one.
const TIME: &str = "dddd-dd-ddTdd:dd:dd.dddZ";
const ID: &str = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";

fn mask(line: &str, pattern: &str, with: &str) -> String {
    let (line, pattern) = (line.as_bytes(), pattern.as_bytes());
    let is_digit = |place: usize| line.get(place).is_some_and(u8::is_ascii_digit);
    let mut result = Vec::with_capacity(line.len());
    let mut place = 0;
    while let Some(byte) = line.get(place) {
        let end = place + pattern.len();
        let fits = line.get(place..end).is_some_and(|window| {
            window.iter().zip(pattern).all(|(found, wanted)| match wanted {
                b'd' => found.is_ascii_digit(),
                b'h' => found.is_ascii_hexdigit(),
                wanted => found == wanted,
            })
        });
        // A port is no part of a longer number.
        if fits && !(place > 0 && is_digit(place - 1)) && !is_digit(end) {
            result.extend_from_slice(with.as_bytes());
            place = end;
        } else {
            result.push(*byte);
            place += 1;
        }
    }
    String::from_utf8(result).unwrap()
}

/// Words in which only people are told of an error, by what stands before them.
const TOLD: [&str; 3] = ["{\\\"error\\\":\\\"", "SyntaxError: ", "400 "];

/// The kinds of such errors, by the words of a Node.js and those of the embedded host.
const KINDS: [(&str, &[&str]); 2] =
    [("<no JSON>", &["JSON"]), ("<no list>", &["filter", "expected a list"])];

/// A line in which the words of an error are nothing but its kind: Node.js has others in each version.
pub(crate) fn by_kind(line: &str) -> String {
    let words = TOLD.iter().find_map(|before| line.split_once(before));
    let Some((_, words)) = words else { return line.to_owned() };
    let is_told = |kind: &&(&str, &[&str])| kind.1.iter().any(|word| words.contains(word));
    match KINDS.iter().find(is_told) {
        Some((kind, _)) => line.replace(words, kind),
        None => line.to_owned(),
    }
}

/// The lines of calls, without idle polls.
///
/// A real server polls by a timer that nobody outside can see, so how many polls fall between two
/// events is chance. A poll that calls nothing and returns 0 is dropped; the script asks for the
/// others one by one.
pub(crate) fn lines(calls: Vec<TracedCall>, ports: &[u16]) -> Vec<String> {
    let calls = without_idle_polls(calls);
    calls
        .into_iter()
        .map(|call| masked(&with_masked_port(call, ports).to_string(), ports))
        .collect()
}

/// See [`lines`].
pub(crate) fn without_idle_polls(calls: Vec<TracedCall>) -> Vec<TracedCall> {
    let mut kept: Vec<TracedCall> = Vec::new();
    for call in calls {
        let ends_idle_poll = is_poll(&call)
            && matches!(call.step, CallStep::Return { result: Some(0), .. })
            && kept.last().is_some_and(|last| is_poll(last) && is_begin(last));
        if ends_idle_poll {
            kept.pop();
        } else {
            kept.push(call);
        }
    }
    kept
}

/// The beginning of a poll.
pub(crate) fn is_poll(call: &TracedCall) -> bool {
    call.side == CallSide::Export && call.name == "poll"
}

fn is_begin(call: &TracedCall) -> bool {
    matches!(call.step, CallStep::Call { .. })
}

/// The two bytes that `sk_udp_recv` writes, where they are a known port.
fn with_masked_port(mut call: TracedCall, ports: &[u16]) -> TracedCall {
    if call.name == "sk_udp_recv"
        && let CallStep::Return { texts, .. } = &mut call.step
        && let Some(Some(port)) = texts.get_mut(2)
        && ports.iter().any(|known| known.to_le_bytes() == port.as_slice())
    {
        *port = b"<port>".to_vec();
    }
    call
}

/// What came of one event.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The event.
    pub(crate) name: String,
    /// What was called, and what was seen from outside.
    pub(crate) lines: Vec<String>,
}

/// Long enough to see where two long lines part.
const SHOWN: usize = 400;

/// The events whose lines differ; empty where none do.
pub(crate) fn differences(embedded: &[Entry], real: &[Entry]) -> String {
    let mut report = String::new();
    for (embedded, real) in embedded.iter().zip(real) {
        if embedded == real {
            continue;
        }
        writeln!(report, "\n{}", real.name).unwrap();
        for (mark, line) in diff(&embedded.lines, &real.lines) {
            writeln!(report, "  {mark} {line}").unwrap();
        }
    }
    if embedded.len() != real.len() {
        writeln!(report, "{} events here, {} there", embedded.len(), real.len()).unwrap();
    }
    report
}

/// `-` is the embedded host's alone, `+` the real server's alone. Around them are two lines that
/// both have.
fn diff(left: &[String], right: &[String]) -> Vec<(char, String)> {
    let (rows, columns) = (left.len(), right.len());
    // Lengths of the longest common rests.
    let mut common = vec![vec![0_usize; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            common[row][column] = if left[row] == right[column] {
                common[row + 1][column + 1] + 1
            } else {
                common[row + 1][column].max(common[row][column + 1])
            };
        }
    }
    let (mut row, mut column, mut all) = (0, 0, Vec::new());
    while row < rows || column < columns {
        if row < rows && column < columns && left[row] == right[column] {
            all.push((' ', &left[row]));
            (row, column) = (row + 1, column + 1);
        } else if column == columns
            || (row < rows && common[row + 1][column] >= common[row][column + 1])
        {
            all.push(('-', &left[row]));
            row += 1;
        } else {
            all.push(('+', &right[column]));
            column += 1;
        }
    }
    let near = |place: usize| {
        let from = place.saturating_sub(2);
        all.iter().skip(from).take(place + 3 - from).any(|(mark, _)| *mark != ' ')
    };
    let shown = all.iter().enumerate().filter(|(place, _)| near(*place));
    shown.map(|(_, (mark, line))| (*mark, shortened(line))).collect()
}

/// A long line without its middle.
fn shortened(line: &str) -> String {
    let count = line.chars().count();
    if count <= SHOWN {
        return line.to_owned();
    }
    let begin: String = line.chars().take(SHOWN / 2).collect();
    let end: String = line.chars().skip(count - SHOWN / 2).collect();
    format!("{begin} …{} characters… {end}", count - SHOWN)
}

#[test]
fn timestamps_ids_and_ports_are_masked_and_nothing_else() {
    let line =
        "at 2026-01-02T03:04:05.678Z b7590868-1d62-47d9-989c-32321b349fb9 port 12345 not 123456";
    assert_eq!(masked(line, &[12_345]), "at <time> <id> port <port> not 123456");
}

#[test]
fn a_difference_is_shown_with_what_is_around_it() {
    let entry = |lines: [&str; 4]| Entry {
        name: "event".to_owned(),
        lines: lines.map(str::to_owned).to_vec(),
    };
    let report = differences(&[entry(["a", "b", "c", "d"])], &[entry(["a", "b", "x", "d"])]);
    assert_eq!(report, "\nevent\n    a\n    b\n  - c\n  + x\n    d\n");
}
