//! The anchor watch on real Signal K servers, watched from outside: on the WebSocket, in the data
//! model, on the dashboard.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

mod embedded;
mod watch;

use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_tests::delta::{dashboard_line, notification_state, value};
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{Fix, NmeaFeeder, Received, Server, ServerBuilder, Stream, Way, cases};
use watch::{ANCHOR_WATCH, NOTIFICATION, SWINGS, config, track};

/// What takes a moment on an idle machine may take long on a busy one.
const PATIENCE: Duration = Duration::from_secs(60);

cases! {
    [server]
    a_first_install_that_is_enabled_on_its_page_watches
    a_plugin_that_is_enabled_at_the_start_watches
    a_boat_owner_is_told_what_is_wrong_with_a_configuration_and_can_mend_it
    a_bad_configuration_at_the_start_can_be_mended
    the_form_is_offered_on_the_servers_own_pages
}

/// A server with a GPS, and what comes from it.
struct Boat {
    // Before the server, so that it lets go of the connection first.
    stream: Stream,
    gps: NmeaFeeder,
    server: Server,
}

impl Boat {
    fn launch(builder: ServerBuilder) -> Self {
        let mut gps = NmeaFeeder::listen().unwrap();
        let server = builder.provider(gps.provider()).start().unwrap();
        let stream = server.stream().unwrap();
        gps.wait_for_client(PATIENCE).unwrap();
        Self { stream, gps, server }
    }

    fn sail(&mut self, fixes: &[Fix]) {
        self.gps.send(fixes.iter().flat_map(|fix| &fix.sentences)).unwrap();
    }

    fn save(&self, configuration: &Value) {
        self.server.rest().save_config(ANCHOR_WATCH, configuration).unwrap();
    }

    fn wait_after(&self, position: usize, what: &str, is_it: impl Fn(&Value) -> bool) -> Received {
        self.stream.wait_for_after(position, what, PATIENCE, is_it).unwrap()
    }

    fn wait_for_radius(&self, position: usize, metres: std::ops::Range<f64>) -> Received {
        self.wait_after(position, &format!("a distance of {metres:?} m"), |message| {
            value(message, "navigation.anchor.currentRadius")
                .and_then(Value::as_f64)
                .is_some_and(|radius| metres.contains(&radius))
        })
    }

    fn last_radius_before(&self, position: usize) -> f64 {
        let messages = self.stream.since(0);
        let radius = messages[..position]
            .iter()
            .rev()
            .find_map(|message| value(message, "navigation.anchor.currentRadius"));
        radius.and_then(Value::as_f64).unwrap()
    }

    fn wait_for_state(&self, position: usize, state: &str) -> Received {
        self.wait_after(position, &format!("the notification `{state}`"), |message| {
            notification_state(message, NOTIFICATION) == Some(state)
        })
    }

    fn wait_for_status(&self, position: usize, text: &str) -> Received {
        self.wait_after(position, &format!("the status `{text}`"), |message| {
            dashboard_line(message, ANCHOR_WATCH)
                .is_some_and(|line| !line.is_error && line.text.starts_with(text))
        })
    }

    /// The error that the dashboard shows, from a position on.
    fn wait_for_error(&self, position: usize, mentions: &str) -> String {
        let what = format!("an error that mentions {mentions}");
        let shown = self.wait_after(position, &what, |message| {
            dashboard_line(message, ANCHOR_WATCH)
                .is_some_and(|line| line.is_error && line.text.contains(mentions))
        });
        dashboard_line(&shown.message, ANCHOR_WATCH).unwrap().text.to_owned()
    }

    fn in_data_model(&self, path: &str) -> Value {
        let node = self.server.rest().own(path).unwrap();
        node.unwrap_or_else(|| panic!("the data model has no {path}"))["value"].clone()
    }

    /// The whole story: the boat swings, drags, and is anchored anew where it came to lie.
    fn swings_drags_and_is_anchored_anew(&mut self) {
        let track = track();
        let (swings, drags) = track.fixes().split_at(SWINGS);
        self.sail(swings);
        self.wait_for_radius(0, 25.0..36.0);
        self.wait_for_status(0, "Watching: ");
        assert_eq!(self.server.rest().own(NOTIFICATION).unwrap(), None, "it was never raised");
        assert_eq!(self.in_data_model("navigation.anchor.maxRadius"), 50.0);

        self.sail(drags);
        let alarm = self.wait_for_state(0, "alarm");
        let radius = self.last_radius_before(alarm.position);
        assert!(radius > 50.0, "an alarm at {radius} m");
        let far = self.wait_for_radius(alarm.position, 100.0..120.0);
        self.wait_for_status(alarm.position, "Anchor drags: ");
        assert_eq!(self.in_data_model(NOTIFICATION)["state"], "alarm");

        let last = drags.last().unwrap();
        self.save(&config(last.latitude, last.longitude));
        let clear = self.wait_for_state(far.position, "normal");
        self.sail(&drags[drags.len() - 1..]);
        self.wait_for_radius(clear.position, 0.0..1.0);
        self.wait_for_status(clear.position, "Watching: 0 m of 50 m");
        assert_eq!(self.in_data_model(NOTIFICATION)["state"], "normal");
        let anchor = self.in_data_model("navigation.anchor.position");
        assert_eq!(anchor, last.position());
    }
}

fn a_first_install_that_is_enabled_on_its_page_watches(way: Way) {
    let folder = plugin_folder(ANCHOR_WATCH).unwrap();
    let mut boat = Boat::launch(Server::builder(way.installed()).plugin(folder));
    assert_eq!(boat.server.rest().own("navigation.anchor").unwrap(), None);
    boat.save(&watch::where_it_was_dropped());
    boat.swings_drags_and_is_anchored_anew();
}

fn a_plugin_that_is_enabled_at_the_start_watches(way: Way) {
    let folder = plugin_folder(ANCHOR_WATCH).unwrap();
    let builder = Server::builder(way.installed());
    let mut boat = Boat::launch(builder.enabled_plugin(folder, &watch::where_it_was_dropped()));
    boat.swings_drags_and_is_anchored_anew();
}

fn a_boat_owner_is_told_what_is_wrong_with_a_configuration_and_can_mend_it(way: Way) {
    let folder = plugin_folder(ANCHOR_WATCH).unwrap();
    let mut boat = Boat::launch(Server::builder(way.installed()).plugin(folder));
    for (bad, field) in watch::bad_configurations() {
        let before = boat.stream.position();
        boat.save(&bad);
        let error = boat.wait_for_error(before, field);
        watch::assert_fit_for_a_boat_owner(&error);

        let before = boat.stream.position();
        boat.save(&watch::where_it_was_dropped());
        boat.sail(&track().fixes()[..1]);
        let radius = boat.wait_for_radius(before, 25.0..36.0);
        boat.wait_for_status(before, "Watching: ");
        assert!(radius.position >= before);
    }
}

fn a_bad_configuration_at_the_start_can_be_mended(way: Way) {
    let folder = plugin_folder(ANCHOR_WATCH).unwrap();
    let bad = json!({ "maxRadius": "far" });
    let mut boat = Boat::launch(Server::builder(way.installed()).enabled_plugin(folder, &bad));
    let error = boat.wait_for_error(0, "Alarm radius (m)");
    watch::assert_fit_for_a_boat_owner(&error);
    boat.save(&watch::where_it_was_dropped());
    boat.sail(&track().fixes()[..1]);
    boat.wait_for_radius(0, 25.0..36.0);
}

fn the_form_is_offered_on_the_servers_own_pages(way: Way) {
    let folder = plugin_folder(ANCHOR_WATCH).unwrap();
    let server = Server::builder(way.installed()).plugin(folder).start().unwrap();
    let page = server.rest().ask("GET", "/admin/", None).unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.media_type.starts_with("text/html") && page.body.contains("<script"));
    let entry = server.rest().plugin(ANCHOR_WATCH).unwrap();
    assert_eq!(entry["name"], "Anchor Watch");
    let properties = entry["schema"]["properties"].as_object().unwrap();
    let labels: Vec<_> = properties.values().map(|property| &property["title"]).collect();
    assert_eq!(
        labels,
        [
            "Anchor position",
            "Alarm radius (m)",
            "Warning radius (m)",
            "Hysteresis (m)",
            "Position lost after (s)",
            "Sound for warnings, too",
            "Drop the anchor by itself",
            "GPS antenna to bow (m)",
            "Rode (m)",
            "Height of the bow roller above the water (m)"
        ]
    );
}
