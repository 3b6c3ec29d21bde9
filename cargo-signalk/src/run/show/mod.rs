//! The output for the user of the terminal.

mod json;
mod terminal;

use super::news::News;
use crate::terminal::Terminal;

/// One of two ways to show the news.
pub(super) enum Show<'a> {
    Json,
    Terminal(terminal::Lines<'a>),
}

impl<'a> Show<'a> {
    pub(super) fn new(is_json: bool, terminal: &'a Terminal) -> Self {
        if is_json { Self::Json } else { Self::Terminal(terminal::Lines::new(terminal)) }
    }

    pub(super) fn tell(&mut self, news: &News) {
        match self {
            Self::Json => json::print(news),
            Self::Terminal(lines) => lines.print(news),
        }
    }
}
