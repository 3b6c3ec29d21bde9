//! The one who takes what a stream brings.

use super::line::Data;

/// The one to whom a stream flows.
pub(crate) trait Sink {
    /// Takes what has come.
    fn take(&mut self, data: Data) -> Wish;

    /// Hears about the stream itself. Tells if there is anyone who wants to.
    fn hear(&mut self, text: String) -> bool;

    /// Hears that nothing more will come.
    fn end(&mut self);
}

/// The wish of a [`Sink`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    More,
    /// All that the source knows already, and more: what was told before is lost.
    All,
    Nothing,
}
