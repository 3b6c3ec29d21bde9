//! The `log` crate's records, as lines of the server's console.

use std::cell::Cell;

use log::{LevelFilter, Log, Metadata, Record};

use crate::boundary::imports;
use crate::instance::state;

// Natively each thread has a plugin of its own, and so a level of its own.
state! {
    start static LEVEL: Cell<LevelFilter> = LevelFilter::Info;
}

struct ServerLog;

impl Log for ServerLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= LEVEL.get()
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            line(record.level().as_str(), &record.args().to_string());
        }
    }

    fn flush(&self) {}
}

/// Writes one line: who says it, how bad it is, and what it is. What would begin another line, or do
/// something to the terminal, is a space; it may be a stranger's.
pub(crate) fn line(level: &str, text: &str) {
    let id = imports::plugin_id();
    let line = ["[", id.as_deref().unwrap_or("plugin"), "] ", level, " ", text].concat();
    let mut line = line.into_bytes();
    let mut before = 0;
    // By bytes, for that takes less code than by characters.
    for byte in &mut line {
        match (before, *byte) {
            (_, ..0x20 | 0x7f) => *byte = b' ',
            // Those of Latin-1, which some terminals obey. A space that does not break is U+00A0.
            (0xc2, 0x80..0xa0) => *byte = 0xa0,
            _ => {}
        }
        before = *byte;
    }
    line.push(b'\n');
    imports::log(&line);
}

pub(crate) fn install() {
    // It fails where a native program has a logger of its own, which then is the one to use, with
    // its own level.
    if log::set_logger(&ServerLog).is_ok() {
        log::set_max_level(LevelFilter::Debug);
    }
}

/// The level of a plugin whose server was not heard yet.
pub(crate) fn renew() {
    LEVEL.renew();
}

/// The server's switch "Enable debug log" of this plugin.
pub(crate) fn set_debug(on: bool) {
    LEVEL.set(if on { LevelFilter::Debug } else { LevelFilter::Info });
}
