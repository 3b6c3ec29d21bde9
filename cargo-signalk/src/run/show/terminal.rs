//! For people: a line for all that happens, and below them how the plugin is now.

use std::time::SystemTime;

use anstyle::{AnsiColor, Style};
use signalk_plugin_host::{Event, PluginState};

use crate::run::news::{News, What, values_line};
use crate::terminal::Terminal;

const TIME: Style = Style::new().dimmed();
const QUIET: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const DATA: Style = AnsiColor::Cyan.on_default();
const LOUD: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const PLAIN: Style = Style::new();

pub(crate) struct Lines<'a> {
    terminal: &'a Terminal,
    /// The dashboard's line, with whether it is an error.
    dashboard: (String, bool),
    state: String,
    is_building: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(terminal: &'a Terminal) -> Self {
        let dashboard = (String::new(), false);
        Self { terminal, dashboard, state: String::new(), is_building: false }
    }

    pub(super) fn print(&mut self, news: &News) {
        self.note(&news.what);
        if let Some((word, style, text)) = line_of(&news.what) {
            let time = time_of_day(news.at);
            let text = text.trim_end().replace('\n', "\n                       ");
            self.terminal
                .result(format!("{TIME}{time}{TIME:#} {style}{word:>12}{style:#}  {text}"));
        }
        match &news.what {
            What::Ended => self.terminal.end_the_line_below(),
            _ => self.terminal.line_below(&self.line_below()),
        }
    }

    fn note(&mut self, what: &What) {
        match what {
            What::Plugin(Event::Status(text)) => self.dashboard = (text.clone(), false),
            What::Plugin(Event::Error(text)) => self.dashboard = (text.clone(), true),
            What::Plugin(Event::State(state)) => self.state = state.to_string(),
            What::BuildBegun(_) => self.is_building = true,
            What::Built { .. } | What::BuildFailed(_) => self.is_building = false,
            _ => {}
        }
    }

    fn line_below(&self) -> String {
        let (text, is_error) = &self.dashboard;
        let style = if *is_error { BAD } else { GOOD };
        let building = if self.is_building { " · building" } else { "" };
        format!("{style}{}{style:#}{building}  {}", self.state, text.replace('\n', " "))
    }
}

/// A word for the kind of it, and what there is to be said; nothing for what others say already.
fn line_of(what: &What) -> Option<(&'static str, Style, String)> {
    let line = match what {
        What::Plugin(event) => return event_line(event),
        What::Loaded { name, version, because } => {
            ("loaded", GOOD, format!("{name} {version}: {because}"))
        }
        What::Problem(text) => ("problem", BAD, text.clone()),
        What::BuildBegun(files) => ("changed", PLAIN, files.join(", ")),
        What::Built { bytes, took } => {
            ("built", GOOD, format!("{bytes} bytes in {:.1} s", took.as_secs_f64()))
        }
        What::Check(text) => ("check", LOUD, text.clone()),
        What::BuildFailed(text) => {
            ("failed", BAD, format!("{text}\nThe plugin as it was goes on."))
        }
        What::Data(text) => ("data", PLAIN, text.clone()),
        What::ReplayEnded => ("data", PLAIN, "the recording has come to its end".to_owned()),
        What::Page(address) => ("page", GOOD, address.clone()),
        What::Interrupted => ("ending", PLAIN, "the plugin is stopped".to_owned()),
        What::LeftOut(_) | What::Ended => return None,
    };
    Some(line)
}

fn event_line(event: &Event) -> Option<(&'static str, Style, String)> {
    let line = match event {
        Event::Instantiated { .. } => return None,
        Event::State(PluginState::Error) => ("state", BAD, "error".to_owned()),
        Event::State(state) => ("state", QUIET, state.to_string()),
        Event::Status(text) => ("status", GOOD, text.clone()),
        Event::Error(text) => ("error", BAD, text.clone()),
        Event::Debug(text) | Event::Stdout(text) => ("log", QUIET, text.clone()),
        Event::Stderr(text) => ("log", LOUD, text.clone()),
        // Such are asked with, and say nothing.
        Event::Delta { delta, .. } if values_line(delta).is_empty() => return None,
        Event::Delta { delta, .. } => ("delta", DATA, values_line(delta)),
        Event::Notification { path, value } => ("notification", LOUD, format!("{path} {value}")),
        Event::Registered(registration) => ("registered", QUIET, registration.to_string()),
        Event::ConfigSaved(configuration) => ("saved", PLAIN, configuration.clone()),
        Event::Binary { stream, data } => {
            ("binary", DATA, format!("{} bytes on {stream}", data.len()))
        }
        Event::Trap { handler, message } => ("crash", BAD, format!("{handler}: {message}")),
        Event::Returned { handler, code } => ("returned", LOUD, format!("{handler}: {code}")),
        other => ("refused", BAD, other.to_string()),
    };
    Some(line)
}

/// In UTC, as Signal K has it.
fn time_of_day(time: SystemTime) -> String {
    let whole = humantime::format_rfc3339_seconds(time).to_string();
    whole.get(11..19).unwrap_or_default().to_owned()
}
