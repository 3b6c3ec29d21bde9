//! For scripts: an object a line.

use std::io::{self, Write};

use crate::run::news::News;

/// A reader that has gone is no reason to end: the plugin goes on until it is told to stop.
pub(super) fn print(news: &News) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{}", news.to_json()).and_then(|()| out.flush());
}
