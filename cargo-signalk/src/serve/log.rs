//! The server's log, of which the plugin's author wants little.

use clap::ValueEnum;

use crate::terminal::Terminal;

/// Which lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shown {
    /// The lines of the plugin, and about its life
    Plugin,
    /// All of them
    All,
}

/// A log of which some lines are shown.
pub(super) struct Log {
    /// The beginning of the server's lines about the plugin, after the name of the part that writes them.
    mark: String,
    plugin: String,
    shown: Shown,
}

/// A line that the author wants.
#[derive(Debug, PartialEq, Eq)]
struct Said<'l> {
    kind: &'static str,
    text: &'l str,
}

impl Log {
    pub(super) fn new(plugin: &str, shown: Shown) -> Self {
        Self { mark: format!("[{plugin}] "), plugin: plugin.to_owned(), shown }
    }

    pub(super) fn tell(&self, line: &str, terminal: &Terminal) {
        match self.shown {
            Shown::All => self.tell_all(line, terminal),
            Shown::Plugin => {
                if let Some(Said { kind, text }) = self.said(line) {
                    terminal.result(format!("{kind:>12} {text}"));
                }
            }
        }
    }

    pub(super) fn tell_all(&self, line: &str, terminal: &Terminal) {
        terminal.result(format!("{:>12} {line}", "server"));
    }

    /// Finds the plugin's part of a line.
    fn said<'l>(&self, line: &'l str) -> Option<Said<'l>> {
        let of_the_server = |text| Said { kind: "server", text };
        let Some((part, text)) = debugged(line) else {
            // The plugin's standard output and error, or the server's own.
            return (!is_usual(line)).then_some(Said { kind: "output", text: line });
        };
        match part {
            "signalk:wasm:bindings" => {
                let text = text.strip_prefix(&self.mark)?;
                if let Some(status) = text.strip_prefix("Status: ") {
                    return Some(Said { kind: "status", text: status });
                }
                if let Some(error) = text.strip_prefix("Error: ") {
                    return Some(Said { kind: "error", text: error });
                }
                (!OF_THE_BINDINGS.iter().any(|begin| text.starts_with(begin)))
                    .then_some(Said { kind: "log", text })
            }
            "signalk:wasm:loader" => {
                let failed = ["rror", "Failed", "crashed", "disabled after"];
                let is_bad = failed.iter().any(|word| text.contains(word));
                (is_bad && text.contains(&self.plugin)).then(|| of_the_server(text))
            }
            _ => None,
        }
    }
}

/// The beginnings of lines in which the server tells of a plugin's calls, and not of its words.
const OF_THE_BINDINGS: [&str; 10] = [
    "Emitting delta",
    "Delta processed",
    "Publishing notification",
    "Notification published",
    "Reading config",
    "Saving config",
    "Config saved",
    "getSelfPath",
    "app.getSelfPath",
    "Checking capability",
];

/// The part of the server that writes a line, and its text: `2026-12-01T01:02:03.004Z signalk:wasm:loader
/// text`, by the package `debug`.
fn debugged(line: &str) -> Option<(&str, &str)> {
    let (_time, rest) = line.split_once("Z ")?;
    let (part, text) = rest.split_once(' ')?;
    part.starts_with("signalk").then_some((part, text))
}

/// Tells if a server says that at each of its starts, or at each request.
fn is_usual(line: &str) -> bool {
    const USUAL: [&str; 7] = [
        "Using sourcePriorities",
        "signalk-server running at",
        "The installed version of node",
        "ExperimentalWarning: WASI",
        "(Use `node --trace-warnings",
        "Authentication is disabled",
        "Could not find defaults",
    ];
    const REQUESTS: [&str; 6] = ["GET /", "HEAD /", "POST /", "PUT /", "DELETE /", "OPTIONS /"];
    let line = line.trim();
    line.is_empty()
        || USUAL.iter().any(|usual| line.contains(usual))
        || REQUESTS.iter().any(|request| line.starts_with(request))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Option<(&'static str, String)> {
        let log = Log::new("signalk-a", Shown::Plugin);
        log.said(line).map(|said| (said.kind, said.text.to_owned()))
    }

    #[test]
    fn what_the_plugin_says_is_told_by_its_kind() {
        for (text, kind, told) in [
            ("bindings [signalk-a] Status: 340 cm", "status", "340 cm"),
            ("bindings [signalk-a] Error: no depth", "error", "no depth"),
            ("bindings [signalk-a] a line of its own", "log", "a line of its own"),
            (
                "loader [signalk-a] poll() error: unreachable",
                "server",
                "[signalk-a] poll() error: unreachable",
            ),
        ] {
            let line = format!("2026-12-01T01:02:03.004Z signalk:wasm:{text}");
            assert_eq!(said(&line), Some((kind, told.to_owned())), "{line}");
        }
        assert_eq!(
            said("thread panicked at src/lib.rs:5:9"),
            Some(("output", "thread panicked at src/lib.rs:5:9".to_owned()))
        );
    }

    #[test]
    fn what_is_of_others_and_what_every_delta_brings_is_not() {
        for text in [
            "bindings [signalk-b] Status: 340 cm",
            "bindings [signalk-a] Emitting delta (v1): {}...",
            "bindings [signalk-a] Delta processed by server (v1)",
            "loader Registering WASM plugin: signalk-a from /x",
            "loader Failed to start WASM plugin signalk-b: no",
        ] {
            assert_eq!(
                said(&format!("2026-12-01T01:02:03.004Z signalk:wasm:{text}")),
                None,
                "{text}"
            );
        }
        for line in [
            "signalk-server running at 0.0.0.0:3000",
            "(node:5) ExperimentalWarning: WASI is an experimental feature",
            "GET /skServer/plugins 200 27.278 ms - 656",
            "",
        ] {
            assert_eq!(said(line), None, "{line}");
        }
    }
}
