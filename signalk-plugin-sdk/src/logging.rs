//! The `log` crate's records, as debug lines of the server.

use std::cell::Cell;

use log::{LevelFilter, Log, Metadata, Record};

use crate::instance::state;
use crate::sys;

// Natively each thread has a plugin of its own, and so a level of its own.
state! {
    static LEVEL: Cell<LevelFilter> = LevelFilter::Info;
}

struct ServerLog;

impl Log for ServerLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= LEVEL.get()
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            sys::debug(&format!("{} {}", record.level(), record.args()));
        }
    }

    fn flush(&self) {}
}

pub(crate) fn install() {
    // It fails where a native program has a logger of its own, which then is the one to use, with
    // its own level.
    if log::set_logger(&ServerLog).is_ok() {
        log::set_max_level(LevelFilter::Debug);
    }
}

/// The server's switch "Enable debug log" of this plugin.
pub(crate) fn set_debug(on: bool) {
    LEVEL.set(if on { LevelFilter::Debug } else { LevelFilter::Info });
}
