//! Plays a recording to the server, by connections of the server's own.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::recording::{Language, Recording};

/// The time between two looks for a connection of the server.
const LOOK: Duration = Duration::from_millis(50);

/// The connections by which a server gets a recording. It connects again after each start.
#[derive(Debug)]
pub(super) struct Feed {
    outlets: Vec<Outlet>,
}

/// A port on which lines of one language come.
#[derive(Debug, Clone)]
struct Outlet {
    language: Language,
    port: u16,
    client: Arc<Mutex<Option<TcpStream>>>,
}

impl Feed {
    /// Begins to play once the server has connected, and does so until this program ends: again and again if
    /// that is asked for.
    pub(super) fn start(recording: Recording, speed: f64, again: bool) -> Result<Self> {
        let languages = [Language::Nmea0183, Language::Deltas].into_iter();
        let outlets = languages.filter(|it| recording.has(*it)).map(Outlet::open);
        let outlets: Vec<_> = outlets.collect::<Result<_>>()?;
        let players = outlets.clone();
        thread::Builder::new().name("replay".to_owned()).spawn(move || {
            while !players.iter().all(Outlet::is_connected) {
                thread::sleep(LOOK);
            }
            loop {
                play(&recording, speed, &players);
                if !again {
                    return;
                }
            }
        })?;
        Ok(Self { outlets })
    }

    /// The entries in the server's `pipedProviders` that connect to this feed.
    pub(super) fn providers(&self) -> impl Iterator<Item = Value> {
        self.outlets.iter().map(Outlet::provider)
    }
}

/// The names of these entries.
pub(super) const PROVIDERS: [&str; 2] = ["replay", "replay-deltas"];

fn play(recording: &Recording, speed: f64, outlets: &[Outlet]) {
    let began = Instant::now();
    let wait_until =
        |at: Duration| thread::sleep(at.div_f64(speed).saturating_sub(began.elapsed()));
    for line in &recording.lines {
        wait_until(line.at);
        for outlet in outlets.iter().filter(|outlet| outlet.language == line.language) {
            outlet.send(&line.text);
        }
    }
    wait_until(recording.length());
}

impl Outlet {
    fn open(language: Language) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .context("there is no free port to play the recording on")?;
        let port = listener.local_addr()?.port();
        let client = Arc::new(Mutex::new(None));
        let newest = Arc::clone(&client);
        thread::Builder::new().name("replay-port".to_owned()).spawn(move || {
            for connection in listener.incoming().flatten() {
                *newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
            }
        })?;
        Ok(Self { language, port, client })
    }

    fn is_connected(&self) -> bool {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Sends a line. While the server starts anew it is lost, as on a boat.
    fn send(&self, line: &str) {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = client.as_mut().map(|client| client.write_all(format!("{line}\r\n").as_bytes()));
        if matches!(sent, Some(Err(_))) {
            *client = None;
        }
    }

    fn provider(&self) -> Value {
        let [sentences, deltas] = PROVIDERS;
        let (id, language) = match self.language {
            Language::Nmea0183 => (sentences, "NMEA0183"),
            Language::Deltas => (deltas, "SignalK"),
        };
        let connection = json!({ "type": "tcp", "host": "127.0.0.1", "port": self.port });
        let options = json!({ "type": language, "logging": false, "subOptions": connection });
        json!({
            "id": id,
            "enabled": true,
            "pipeElements": [{ "type": "providers/simple", "options": options }],
        })
    }
}
