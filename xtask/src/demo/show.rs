//! What a server would show of the anchor watch, line by line.

use std::time::Duration;

/// How often the status and the distance are shown while nothing else happens.
const EVERY: Duration = Duration::from_secs(30);

/// Prints what is new.
#[derive(Debug, Default)]
pub(super) struct Show {
    at: Duration,
    next: Duration,
    status: String,
    radius_m: Option<f64>,
    notification: String,
}

impl Show {
    /// Sets the time that the next lines carry: that of the track.
    pub(super) fn set_time(&mut self, at: Duration) {
        self.at = at;
    }

    /// The plugin's line on the dashboard.
    pub(super) fn status(&mut self, text: &str, is_error: bool) {
        // The status changes with every fix; what it tells beside the distance changes seldom.
        if kind(text) != kind(&self.status) {
            self.line("status", &format!("{}{text}", if is_error { "ERROR: " } else { "" }));
        }
        text.clone_into(&mut self.status);
    }

    /// The distance to the anchor.
    pub(super) fn radius(&mut self, metres: f64) {
        self.radius_m = Some(metres);
    }

    /// The notification that makes chart plotters sound.
    pub(super) fn notification(&mut self, state: &str, message: &str) {
        if state == self.notification {
            return;
        }
        state.clone_into(&mut self.notification);
        let mark = if state == "alarm" { "*** " } else { "" };
        self.line("alarm", &format!("{mark}{}: {message}", state.to_uppercase()));
    }

    /// Something that a person does.
    pub(super) fn crew(&self, what: &str) {
        self.line("crew", what);
    }

    /// Shows status and distance if that was some time ago.
    pub(super) fn now_and_then(&mut self) {
        let Some(metres) = self.radius_m else {
            return;
        };
        if self.at >= self.next && !self.status.is_empty() {
            self.next = self.at + EVERY;
            self.line("status", &self.status);
            self.line("distance", &format!("{metres:.1} m"));
        }
    }

    fn line(&self, subject: &str, text: &str) {
        let seconds = self.at.as_secs();
        println!("{:02}:{:02}  {subject:<9} {text}", seconds / 60, seconds % 60);
    }
}

/// What a status is about: the part before the numbers.
fn kind(status: &str) -> &str {
    status.split(|c: char| c.is_ascii_digit()).next().unwrap_or(status)
}
