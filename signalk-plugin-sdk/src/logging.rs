//! The `log` crate's records, as debug lines of the server.

use log::{LevelFilter, Log, Metadata, Record};

use crate::sys;

struct ServerLog;

impl Log for ServerLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            sys::debug(&format!("{} {}", record.level(), record.args()));
        }
    }

    fn flush(&self) {}
}

pub(crate) fn install() {
    // It fails where a native program has a logger of its own, which then is the one to use.
    if log::set_logger(&ServerLog).is_ok() {
        set_debug(false);
    }
}

/// The server's switch "Enable debug log" of this plugin.
pub(crate) fn set_debug(on: bool) {
    log::set_max_level(if on { LevelFilter::Debug } else { LevelFilter::Info });
}
