//! What happens in the demo, whatever runs the plugin.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Value, json};
use signalk_plugin_tests::{ANCHOR_DROPPED_AT, Fix, Track};

use crate::workspace::Workspace;

/// The track: a boat that swings at anchor, drags from 6:00 to 9:00, and lies still again.
pub(super) fn track(workspace: &Workspace) -> Result<Track> {
    Track::load(&workspace.root().join("tests/tracks/dragging-anchor.nmea"))
}

/// When the crew has seen the anchor hold again and sets it anew, by the time of the track.
const ANCHORED_ANEW_AT: Duration = Duration::from_secs(600);

/// The configuration that the crew begins with.
pub(super) fn first_configuration() -> Value {
    configuration(ANCHOR_DROPPED_AT.0, ANCHOR_DROPPED_AT.1)
}

/// The configuration that the crew saves at this fix, where it saves one.
pub(super) fn new_configuration(fix: &Fix) -> Option<Value> {
    (fix.at == ANCHORED_ANEW_AT).then(|| configuration(fix.latitude, fix.longitude))
}

fn configuration(latitude: f64, longitude: f64) -> Value {
    json!({
        "anchor": { "latitude": latitude, "longitude": longitude },
        "maxRadius": 50,
    })
}

/// Whether the alarm came and went.
#[derive(Debug, Default)]
pub(super) struct AlarmWatch {
    came: bool,
    went: bool,
}

impl AlarmWatch {
    /// Takes note of the state of the notification.
    pub(super) fn see(&mut self, state: &str) {
        match state {
            "alarm" | "emergency" => *self = Self { came: true, went: false },
            "normal" | "nominal" if self.came => self.went = true,
            _ => {}
        }
    }

    /// An error unless the demo showed what it is for.
    pub(super) fn verdict(&self) -> Result<()> {
        if !self.came {
            bail!("the alarm did not come, though the boat dragged its anchor");
        }
        if !self.went {
            bail!("the alarm did not go when the anchor was set anew");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(states: &[&str]) -> Result<()> {
        let mut watch = AlarmWatch::default();
        states.iter().for_each(|state| watch.see(state));
        watch.verdict()
    }

    #[test]
    fn the_demo_succeeds_only_if_the_alarm_came_and_went() {
        assert!(verdict(&["normal", "warn", "alarm", "normal"]).is_ok());
        assert!(verdict(&["normal", "warn", "normal"]).is_err());
        assert!(verdict(&["normal", "alarm", "warn"]).is_err());
        assert!(verdict(&["alarm", "normal", "alarm"]).is_err());
    }
}
