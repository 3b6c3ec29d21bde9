//! Control and C, and the signal by which scripts end a program.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use anyhow::{Context, Result};

use super::news::{News, What};

/// The exit code of a program that SIGINT has ended.
const INTERRUPTED: i32 = 130;

/// Tells of the first one, so that the plugin is stopped as it should be. The second ends everything at
/// once, should the plugin not come back.
pub(crate) fn watch(news: Sender<News>) -> Result<()> {
    let was_told = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if was_told.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
        let _ = news.send(News::now(What::Interrupted));
    })
    .context("Ctrl-C cannot be waited for")
}
