//! The plugin in its host, on a thread of its own. Everyone else sends commands and hears news.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use signalk_plugin_host::{
    ConfigStore, Error, Host, HttpRequest, HttpResponse, Module, Package, Plugin,
};

use super::action::Action;
use super::news::{News, What};
use super::replay::Replay;
use super::time::Time;

/// The time between two steps of the plugin's clock while nothing else happens.
const TICK: Duration = Duration::from_millis(20);

/// So many commands may wait for the plugin; then those wait that send them.
const WAITING: usize = 1_000;

/// A wish of others.
pub(crate) enum Command {
    /// Plays these from now on.
    Play(Replay),
    /// Hands a delta to the plugin as one from this source.
    Deliver { source: String, delta: String },
    /// Asks one of its endpoints.
    Http(HttpRequest, Sender<HttpResponse>),
    /// Does what a button of the page says.
    Act(Action, Sender<Result<Value, String>>),
    /// Looks at all there is to be seen.
    Look(Sender<Value>),
    /// Loads what has been built into this folder.
    Reload(PathBuf),
    /// Stops the plugin.
    End,
}

/// The choices for a session.
pub(crate) struct Setup {
    /// The folder of settings and files.
    pub(crate) state: PathBuf,
    /// The speed of time, as a multiple.
    pub(crate) speed: f64,
}

/// The thread with the plugin.
pub(crate) struct Session {
    commands: SyncSender<Command>,
    thread: JoinHandle<()>,
}

impl Session {
    pub(crate) fn commands(&self) -> SyncSender<Command> {
        self.commands.clone()
    }

    /// Stops the plugin, and waits for that.
    pub(crate) fn end(self) {
        let _ = self.commands.send(Command::End);
        let _ = self.thread.join();
    }
}

/// Loads a package, and starts the plugin in it unless it was disabled last time.
pub(crate) fn start(package: &Path, setup: Setup, news: Sender<News>) -> Result<Session> {
    let module = load(package)?;
    std::fs::create_dir_all(&setup.state)
        .with_context(|| format!("the folder {} cannot be made", setup.state.display()))?;
    let (commands, received) = mpsc::sync_channel(WAITING);
    let (outcome, first) = mpsc::channel();
    let thread = thread::Builder::new().name("plugin".to_owned()).spawn(move || {
        let mut worker = match Worker::new(module, &setup, news) {
            Ok(worker) => worker,
            Err(error) => {
                let _ = outcome.send(Err(error));
                return;
            }
        };
        let _ = outcome.send(Ok(()));
        worker.work(&received);
    })?;
    first.recv().context("the thread of the plugin has ended")??;
    Ok(Session { commands, thread })
}

fn load(folder: &Path) -> Result<Module> {
    let file = folder.join("package.json");
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let package = Package::from_json(&text)?;
    let Some(wasm) = package.manifest().map(|manifest| folder.join(manifest)) else {
        bail!("{} names no .wasm", file.display());
    };
    let bytes =
        std::fs::read(&wasm).with_context(|| format!("{} cannot be read", wasm.display()))?;
    Ok(Module::load(bytes, package)?)
}

/// All that the thread has.
pub(super) struct Worker {
    pub(super) plugin: Plugin,
    pub(super) store: ConfigStore,
    module: Module,
    pub(super) time: Time,
    replay: Option<Replay>,
    /// The time at which the plugin's own clock was 0.
    installed_at: Duration,
    /// It has not come back from a call, and is not called any more.
    pub(super) is_hung: bool,
    news: Sender<News>,
}

impl Worker {
    fn new(module: Module, setup: &Setup, news: Sender<News>) -> Result<Self> {
        let store = ConfigStore::directory(&setup.state);
        if store.read(&module.package().id()).is_none() {
            // Whoever runs a plugin for the first time wants to see it run.
            store
                .write(&module.package().id(), r#"{"configuration":{},"enabled":true}"#)
                .with_context(|| format!("{} cannot be written to", setup.state.display()))?;
        }
        let plugin = install(module.clone(), &store, SystemTime::now())?;
        let mut worker = Self {
            plugin,
            store,
            module,
            time: Time::starting_now(setup.speed),
            replay: None,
            installed_at: Duration::ZERO,
            is_hung: false,
            news,
        };
        worker.tell_loaded("it was started");
        Ok(worker)
    }

    fn work(&mut self, commands: &Receiver<Command>) {
        loop {
            match commands.recv_timeout(TICK) {
                Ok(Command::End) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
                // Not before the plugin's clock says the same as that of the sender.
                Ok(command) => {
                    self.let_time_pass();
                    self.obey(command);
                }
            }
            self.let_time_pass();
            self.tell_events();
        }
        if !self.is_hung {
            let outcome = self.plugin.shut_down();
            self.checked(outcome);
        }
        self.tell_events();
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Play(mut replay) => {
                replay.begin(self.time.reached());
                self.replay = Some(replay);
            }
            Command::Deliver { source, delta } => self.deliver(&source, &delta),
            Command::Http(request, reply) => {
                let outcome = self.plugin.http(&request);
                // Without an answer the client is told that the plugin hangs.
                if let Some(response) = self.checked(outcome) {
                    let _ = reply.send(response);
                }
            }
            Command::Act(action, reply) => {
                let outcome = self.act(action);
                let _ = reply.send(outcome);
            }
            Command::Look(reply) => {
                let _ = reply.send(self.snapshot());
            }
            Command::Reload(folder) => self.reload(&folder),
            Command::End => {}
        }
    }

    /// Plays what is due, each at its moment, with the plugin's polls in between.
    pub(super) fn let_time_pass(&mut self) {
        let until = self.time.next_stretch();
        while let Some(delivery) = self.replay.as_mut().and_then(|replay| replay.due(until)) {
            self.advance_to(delivery.at);
            self.deliver(&delivery.source, &delivery.delta);
        }
        self.advance_to(until);
        if self.replay.as_ref().is_some_and(Replay::is_over) {
            self.replay = None;
            self.tell_events();
            self.tell(What::ReplayEnded);
        }
    }

    fn advance_to(&mut self, until: Duration) {
        self.time.reach(until);
        if self.is_hung {
            return;
        }
        // A plugin that has slept is ahead; it waits until time has come there.
        let due = until.saturating_sub(self.installed_at);
        let outcome = self.plugin.advance(due.saturating_sub(self.plugin.elapsed()));
        self.checked(outcome);
        self.plugin.poll_sockets();
    }

    pub(super) fn deliver(&mut self, source: &str, delta: &str) {
        if !self.is_hung {
            let outcome = self.plugin.deliver_delta_from(source, delta, 1);
            self.checked(outcome);
        }
    }

    /// The old one goes on if the new one cannot be had.
    fn reload(&mut self, folder: &Path) {
        let module = match load(folder) {
            Ok(module) => module,
            Err(error) => return self.tell(What::Problem(format!("{error:#}"))),
        };
        if !self.is_hung {
            let outcome = self.plugin.shut_down();
            self.checked(outcome);
            self.tell_events();
        }
        match install(module.clone(), &self.store, self.plugin.wall_clock()) {
            Ok(plugin) => {
                self.module = module;
                self.replace(plugin, "it was built anew");
            }
            Err(error) => {
                self.tell(What::Problem(error.to_string()));
                self.begin_again("the new one cannot be registered");
            }
        }
    }

    /// Loads the same plugin again, without a word to the one that is there.
    pub(super) fn begin_again(&mut self, because: &'static str) {
        match install(self.module.clone(), &self.store, self.plugin.wall_clock()) {
            Ok(plugin) => self.replace(plugin, because),
            Err(error) => self.tell(What::Problem(error.to_string())),
        }
    }

    fn replace(&mut self, plugin: Plugin, because: &'static str) {
        self.plugin = plugin;
        self.installed_at = self.time.reached();
        self.is_hung = false;
        self.tell_loaded(because);
    }

    fn tell_loaded(&mut self, because: &'static str) {
        self.tell(What::Loaded {
            name: self.plugin.name().to_owned(),
            version: self.plugin.package().version_text().to_owned(),
            because,
        });
        self.tell_events();
    }

    /// Tells of what went wrong. A plugin that hangs is left alone from then on.
    pub(super) fn checked<T>(&mut self, outcome: Result<T, Error>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                self.is_hung |= matches!(error, Error::OutOfFuel { .. });
                self.tell_events();
                self.tell(What::Problem(error.to_string()));
                None
            }
        }
    }

    pub(super) fn tell(&self, what: What) {
        let _ = self.news.send(News::now(what));
    }

    /// Passes on what the plugin did since the last time.
    pub(super) fn tell_events(&mut self) {
        let (now, elapsed) = (self.plugin.wall_clock(), self.plugin.elapsed());
        for recorded in self.plugin.take_events() {
            let ago = elapsed.saturating_sub(recorded.at);
            let at = now.checked_sub(ago).unwrap_or(now);
            let _ = self.news.send(News { at, what: What::Plugin(recorded.event) });
        }
    }
}

fn install(module: Module, store: &ConfigStore, now: SystemTime) -> Result<Plugin, Error> {
    Host::builder().config_store(store.clone()).wall_clock(now).build().install(module)
}
