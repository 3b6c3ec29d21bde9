//! The demo on a real Signal K server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use signalk_plugin_tests::delta::{dashboard_line, value};
use signalk_plugin_tests::{NmeaFeeder, Server, Stream};

use super::show::Show;
use super::story::{self, AlarmWatch};
use crate::plugins::{self, ANCHOR_WATCH};
use crate::progress;
use crate::servers::{self, Version};
use crate::toolchain::{self, WASI};
use crate::workspace::Workspace;

/// How often the position is sent once the track has ended.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// How long the server may take to connect to the track, and to show the end of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// How the track is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Playback {
    /// At ten times its pace, and the server stays until Ctrl-C.
    ToBeWatched,
    /// Fast, and the server ends with it.
    ToBeTested,
}

impl Playback {
    /// How long a second of the track takes.
    fn pace(self) -> Duration {
        match self {
            Self::ToBeWatched => Duration::from_millis(100),
            Self::ToBeTested => Duration::from_millis(10),
        }
    }
}

/// Installs and starts a server with the anchor watch and plays the track to it.
pub(crate) fn run(workspace: &Workspace, playback: Playback) -> Result<()> {
    let interrupted = Arc::new(AtomicBool::new(false));
    if playback == Playback::ToBeWatched {
        let interrupted = Arc::clone(&interrupted);
        ctrlc::set_handler(move || interrupted.store(true, Ordering::SeqCst))
            .context("Ctrl-C cannot be watched for")?;
    }
    let played = play(workspace, playback, &interrupted);
    if interrupted.load(Ordering::SeqCst) {
        // Ctrl-C reaches the server too, and cargo and npm: what fails then is no news.
        println!("\nEnded by Ctrl-C.");
        return Ok(());
    }
    played
}

fn play(workspace: &Workspace, playback: Playback, interrupted: &AtomicBool) -> Result<()> {
    let toolchain = toolchain::set_up(workspace, &[WASI])?;
    let built = plugins::build(workspace, &toolchain, &[ANCHOR_WATCH.to_owned()])?;
    let built = built.first().context("nothing was built")?;
    let installed = servers::set_up(workspace, Version::Newest)?;
    let track = story::track(workspace)?;
    let mut gps = NmeaFeeder::listen()?;
    let builder = Server::builder(installed).plugin(&built.folder).provider(gps.provider());
    let mut server = progress::step("demo", "starting the server", || builder.start())?;
    let mut screen = Screen::new(server.stream()?);
    gps.wait_for_client(PATIENCE)?;

    introduce(&server);
    screen.show.crew("drops the anchor and enables the anchor watch, alarm radius 50 m");
    let rest = server.rest().clone();
    rest.save_config(ANCHOR_WATCH, &story::first_configuration())?;
    for fix in track.fixes() {
        screen.show.set_time(fix.at);
        gps.send(&fix.sentences)?;
        if let Some(configuration) = story::new_configuration(fix) {
            screen.show.crew("sees that the anchor holds again, and sets it to where the boat is");
            rest.save_config(ANCHOR_WATCH, &configuration)?;
        }
        thread::sleep(playback.pace());
        screen.refresh();
        if interrupted.load(Ordering::SeqCst) {
            return Ok(());
        }
        still_running(&mut server)?;
    }
    screen.wait_for_the_end()?;
    println!("\nThe alarm came when the anchor dragged, and went when it was set anew.");
    if playback == Playback::ToBeWatched {
        println!("The boat stays where it is. Ctrl-C ends the server.");
        while !interrupted.load(Ordering::SeqCst) {
            gps.send(track.fixes().iter().rev().take(1).flat_map(|fix| &fix.sentences))?;
            thread::sleep(AFTERWARDS);
            screen.refresh();
            still_running(&mut server)?;
        }
    }
    Ok(())
}

fn introduce(server: &Server) {
    let base = server.rest().base();
    println!("\nA Signal K server with the anchor watch runs at  {base}/admin/");
    println!(
        "The anchor watch's page there:  {base}/admin/#/serverConfiguration/plugins/{ANCHOR_WATCH}"
    );
    println!("It gets a recorded track faster than it happened. Ctrl-C ends it.\n");
}

fn still_running(server: &mut Server) -> Result<()> {
    match server.ended()? {
        None => Ok(()),
        Some(status) => bail!("the server ended by itself ({status}):\n{}", server.log()),
    }
}

/// What the server's stream has told.
struct Screen {
    stream: Stream,
    /// How many messages were read.
    read: usize,
    show: Show,
    alarm: AlarmWatch,
}

impl Screen {
    fn new(stream: Stream) -> Self {
        Self { stream, read: 0, show: Show::default(), alarm: AlarmWatch::default() }
    }

    /// What was played is on its way through the server for a moment.
    fn wait_for_the_end(&mut self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.refresh();
            let verdict = self.alarm.verdict();
            if verdict.is_ok() || Instant::now() > deadline {
                return verdict;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn refresh(&mut self) {
        let news = self.stream.since(self.read);
        self.read += news.len();
        for message in &news {
            if let Some(line) = dashboard_line(message, ANCHOR_WATCH) {
                self.show.status(line.text, line.is_error);
            }
            if let Some(metres) =
                value(message, "navigation.anchor.currentRadius").and_then(Value::as_f64)
            {
                self.show.radius(metres);
            }
            if let Some(notification) = value(message, "notifications.navigation.anchor") {
                let text = |key: &str| notification[key].as_str().unwrap_or_default();
                self.show.notification(text("state"), text("message"));
                self.alarm.see(text("state"));
            }
        }
        self.show.now_and_then();
    }
}
