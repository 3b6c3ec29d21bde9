//! The output for the user.

use std::cell::RefCell;
use std::fmt::Display;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use signalk_plugin_build::progress::Progress;

use crate::words::capitalized;

const SUBJECT: Style = AnsiColor::Green.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Results go to standard output, all else to standard error: colours only where there is a terminal and
/// `NO_COLOR` is not set.
pub(crate) struct Terminal {
    is_quiet: bool,
    /// Of the step that is under way.
    spinner: RefCell<Option<ProgressBar>>,
}

impl Terminal {
    pub(crate) fn new(is_quiet: bool, color: Color) -> Self {
        match color {
            // anstream asks the terminal and the environment.
            Color::Auto => {}
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
        }
        Self { is_quiet, spinner: RefCell::new(None) }
    }

    /// One that says nothing but errors, for work beside what is shown.
    pub(crate) fn silent() -> Self {
        Self { is_quiet: true, spinner: RefCell::new(None) }
    }

    /// Tells if only errors and results are wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// Prints what the command was asked for.
    pub(crate) fn result(&self, text: impl Display) {
        self.above_the_spinner(|| anstream::println!("{text}"));
    }

    /// Shows what is wrong with a plugin.
    pub(crate) fn finding(&self, text: impl Display) {
        self.above_the_spinner(|| anstream::eprintln!("{text}"));
    }

    /// Says something that the user should mend, though the command goes on.
    pub(crate) fn warn(&self, text: impl Display) {
        self.above_the_spinner(|| anstream::eprintln!("{WARNING}warning{WARNING:#}: {text}"));
    }

    /// Tells why the command ends here.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        self.above_the_spinner(|| anstream::eprintln!("{ERROR}error{ERROR:#}: {error:#}"));
    }

    /// Shows a line below all others, in place of the one that was there; only on a terminal.
    pub(crate) fn line_below(&self, text: &str) {
        if self.is_quiet {
            return;
        }
        let mut below = self.spinner.borrow_mut();
        let line = below.get_or_insert_with(|| {
            let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{wide_msg}") {
                line.set_style(style);
            }
            line
        });
        // The bar writes past anstream.
        match anstream::AutoStream::choice(&std::io::stderr()) {
            anstream::ColorChoice::Never => {
                line.set_message(anstream::adapter::strip_str(text).to_string());
            }
            _ => line.set_message(text.to_owned()),
        }
        line.tick();
    }

    /// Takes that line away.
    pub(crate) fn end_the_line_below(&self) {
        self.end_the_spinner();
    }

    fn above_the_spinner(&self, print: impl FnOnce()) {
        match &*self.spinner.borrow() {
            Some(spinner) => spinner.suspend(print),
            None => print(),
        }
    }

    fn end_the_spinner(&self) {
        if let Some(spinner) = self.spinner.take() {
            spinner.finish_and_clear();
        }
    }
}

/// As cargo has it: the subject at the right of a column, in green.
impl Progress for Terminal {
    fn say(&self, subject: &str, text: &str) {
        if !self.is_quiet {
            let subject = capitalized(subject);
            self.above_the_spinner(|| {
                anstream::eprintln!("{SUBJECT}{subject:>12}{SUBJECT:#} {text}")
            });
        }
    }

    fn begun(&self, subject: &str, text: &str) {
        self.end_the_spinner();
        if self.is_quiet {
            return;
        }
        // Draws nothing where standard error is no terminal: there the line stands for it.
        let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if spinner.is_hidden() {
            self.say(subject, &format!("{text}…"));
            return;
        }
        let subject = format!("{:>12}", capitalized(subject));
        if let Ok(style) =
            ProgressStyle::with_template("{prefix:.bold.green} {msg} {spinner} {elapsed}")
        {
            spinner.set_style(style);
        }
        spinner.set_prefix(subject);
        spinner.set_message(text.to_owned());
        spinner.enable_steady_tick(Duration::from_millis(100));
        *self.spinner.borrow_mut() = Some(spinner);
    }

    fn done(&self, subject: &str, text: &str, took: Duration) {
        self.end_the_spinner();
        self.say(subject, &format!("{text}: done in {:.1} s", took.as_secs_f64()));
    }

    fn failed(&self) {
        self.end_the_spinner();
    }
}
