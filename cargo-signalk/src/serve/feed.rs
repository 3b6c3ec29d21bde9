//! Hands data to the server, by connections of the server's own.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::news::News;
use crate::feed::{Data, Language, Recording, Sink, Source, Wish};

/// The time between two looks for a connection of the server.
const LOOK: Duration = Duration::from_millis(50);

/// The connections by which a server gets its data. It connects again after each start.
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
    /// The client has heard nothing yet.
    is_new: Arc<AtomicBool>,
}

/// The way in which a recording is played.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The speed, as a multiple.
    pub(super) speed: f64,
    /// Begins again at the end.
    pub(super) again: bool,
}

impl Feed {
    /// Begins once the server has connected, and goes on until this program ends or nothing more comes.
    pub(super) fn start(source: Source, pace: Pace, news: Sender<News>) -> Result<Self> {
        match source {
            Source::Recording(recording) => {
                let is_there =
                    |it: &Language| recording.items.iter().any(|item| item.data.language() == *it);
                let languages = [Language::Nmea0183, Language::Deltas].into_iter().filter(is_there);
                let feed = Self { outlets: languages.map(Outlet::open).collect::<Result<_>>()? };
                for text in &recording.broken {
                    let _ = news.send(News::Data(format!("left out, {text}")));
                }
                let outlets = feed.outlets.clone();
                thread::Builder::new()
                    .name("replay".to_owned())
                    .spawn(move || play_all(&recording, pace, &outlets))?;
                Ok(feed)
            }
            Source::Stream(stream) => {
                let languages = stream.languages().iter().copied();
                let feed = Self { outlets: languages.map(Outlet::open).collect::<Result<_>>()? };
                let server = Server { outlets: feed.outlets.clone(), news };
                thread::Builder::new().name("stream".to_owned()).spawn(move || {
                    // What it knows already is not to be lost.
                    server.wait_until_connected();
                    stream.flow(server);
                })?;
                Ok(feed)
            }
        }
    }

    /// The entries in the server's `pipedProviders` that connect to this feed.
    pub(super) fn providers(&self) -> impl Iterator<Item = Value> {
        self.outlets.iter().map(Outlet::provider)
    }
}

/// The names of these entries.
pub(super) const PROVIDERS: [&str; 2] = ["replay", "replay-deltas"];

/// The server, for a stream.
struct Server {
    outlets: Vec<Outlet>,
    news: Sender<News>,
}

impl Server {
    /// Tells if it has connected since the last time.
    fn wait_until_connected(&self) -> bool {
        wait_for_all(&self.outlets);
        self.outlets.iter().filter(|outlet| outlet.becomes_known()).count() > 0
    }
}

impl Sink for Server {
    fn take(&mut self, data: Data) -> Wish {
        // One that has started anew knows nothing of what came before.
        let is_new = self.wait_until_connected();
        send(&self.outlets, &data);
        if is_new { Wish::All } else { Wish::More }
    }

    fn hear(&mut self, text: String) -> bool {
        self.news.send(News::Data(text)).is_ok()
    }

    fn end(&mut self) {
        self.hear("the recording has come to its end".to_owned());
    }
}

fn wait_for_all(outlets: &[Outlet]) {
    while !outlets.iter().all(Outlet::is_connected) {
        thread::sleep(LOOK);
    }
}

fn play_all(recording: &Recording, pace: Pace, outlets: &[Outlet]) {
    wait_for_all(outlets);
    loop {
        play(recording, pace.speed, outlets);
        if !pace.again {
            return;
        }
    }
}

fn play(recording: &Recording, speed: f64, outlets: &[Outlet]) {
    let began = Instant::now();
    let wait_until =
        |at: Duration| thread::sleep(at.div_f64(speed).saturating_sub(began.elapsed()));
    for item in &recording.items {
        wait_until(item.at);
        send(outlets, &item.data);
    }
    wait_until(recording.length());
}

fn send(outlets: &[Outlet], data: &Data) {
    for outlet in outlets.iter().filter(|outlet| outlet.language == data.language()) {
        outlet.send(&data.text());
    }
}

impl Outlet {
    fn open(language: Language) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .context("there is no free port to hand data to the server on")?;
        let port = listener.local_addr()?.port();
        let outlet = Self { language, port, client: Arc::default(), is_new: Arc::default() };
        let accepting = outlet.clone();
        thread::Builder::new().name("replay-port".to_owned()).spawn(move || {
            for connection in listener.incoming().flatten() {
                *accepting.client.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
                accepting.is_new.store(true, Ordering::SeqCst);
            }
        })?;
        Ok(outlet)
    }

    fn is_connected(&self) -> bool {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Tells if the client was new until now.
    fn becomes_known(&self) -> bool {
        self.is_new.swap(false, Ordering::SeqCst)
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
