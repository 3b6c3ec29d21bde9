//! The life of a plugin: started, waiting, crashed, stopped, and what each call of the host does.

mod announce;
mod ask;
mod crashes;
mod deltas;
mod echo;
mod elapsed;
mod http;
mod inbox;
mod notice;
mod providers;
mod put;
mod renewal;
mod routes;
mod timers;

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::thread::LocalKey;
use std::time::Duration;

use crate::backoff::wait_after;
use crate::boundary::entry::{self, Entry};
use crate::boundary::imports;
use crate::config::{self, Document, Received};
use crate::error::{ConfigError, Error, Result};
use crate::hooks::{self, End};
use crate::plugin::Plugin;
use crate::report::{self, Source, Who};
use crate::{logging, model, outbox, self_vessel, server};

pub use announce::{announce_puts, announce_resources, announce_weather, report_refusals};
pub use elapsed::elapsed;

#[cfg(feature = "unstable-radar")]
pub use announce::announce_radar;

use routes::Routes;
use timers::Timers;

/// How many starts may fail before the crew is told.
const QUIET_ATTEMPTS: u32 = 3;
/// How long a plugin must run for an earlier crash to be forgotten.
const SOUND: Duration = Duration::from_secs(60);

/// The one instance of a plugin and all that the host's calls need.
///
/// The plugin is taken out of its cell while a handler runs. So a call that comes from inside
/// another finds none and cannot borrow it twice, and a panic, which unwinds nothing on wasm,
/// takes the broken instance with it.
pub struct Runtime<P: Plugin> {
    plugin: Cell<Option<Box<P>>>,
    state: Cell<State>,
    timers: RefCell<Timers>,
    routes: OnceCell<Routes>,
    crashes: Cell<u32>,
    started: Cell<Duration>,
    /// Tells whether it ran since the server has loaded it.
    has_run: Cell<bool>,
    /// Tells whether a notification says that it does not run.
    is_told: Cell<bool>,
}

/// A plugin with the place of its one instance. Implemented by `#[signalk_plugin]`.
pub trait Installed: Plugin {
    /// Where the one instance lives.
    fn runtime() -> &'static LocalKey<Runtime<Self>>;
}

struct LimitsOf<P>(PhantomData<P>);

impl<P: Plugin> config::Limited for LimitsOf<P> {
    type Config = P::Config;
    const LIMITS: config::Limits = P::LIMITS;
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    /// Not started, or stopped: nothing reaches the plugin.
    Stopped,
    /// Called by the server to start or to stop. One that traps there is given up by the server.
    Changing,
    Running,
    /// `start` failed; tried again at that time, or only after the configuration was changed.
    Waiting {
        again: Option<Duration>,
        attempt: u32,
    },
    /// Panicked too often.
    Disabled,
}

impl<P: Plugin> fmt::Debug for Runtime<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime")
            .field("id", &P::ID)
            .field("state", &self.state.get())
            .finish_non_exhaustive()
    }
}

impl<P: Installed> Default for Runtime<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Installed> Runtime<P> {
    /// A plugin that was not started.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            plugin: Cell::new(None),
            state: Cell::new(State::Stopped),
            timers: RefCell::new(Timers::new()),
            routes: OnceCell::new(),
            crashes: Cell::new(0),
            started: Cell::new(Duration::ZERO),
            has_run: Cell::new(false),
            is_told: Cell::new(false),
        }
    }

    /// Whether it matters to the plugin which vessel is its own.
    const WANTS_SELF: bool = !P::HANDLERS.deltas.is_empty() || !P::MODEL.is_empty();

    /// The door for every call: `None` for one that comes from inside another.
    fn enter(&self) -> Option<Entry> {
        let trap = entry::take_trap();
        let entry = entry::begin()?;
        if let Some(text) = trap {
            self.crashed(text);
        }
        Some(entry)
    }

    /// `plugin_start`: 0 is success.
    pub(crate) fn start(&self, config: &[u8]) -> i32 {
        // How the last start ended is nobody's matter any more.
        let is_broken = entry::take_trap().is_some();
        let Some(_entry) = entry::begin() else {
            return 1;
        };
        if is_broken {
            self.leave_broken();
        }
        // A host that starts twice without a stop gets what it would get with one.
        let outcome = self.end();
        self.crashes.set(0);
        renewal::begin_start();
        if !P::MODEL.is_empty() {
            model::watch(P::MODEL);
        }
        if !P::MODEL_OF_OTHERS.is_empty() {
            model::watch_others(P::MODEL_OF_OTHERS);
        }
        // A provider whose plugin then fails, and is told to have, would answer everything with
        // nothing.
        if !P::FAIL_ON_START_ERROR {
            P::announce();
        }
        if let Err(error) = outcome {
            imports::debug(&("stop: ".to_owned() + &error.to_string()));
        }
        match Received::parse(config) {
            Ok(received) => {
                logging::set_debug(received.enable_debug);
                config::set_known(Document::from(received));
                config::check_by(Self::would_start, P::schema);
                hooks::started();
                self.state.set(State::Changing);
                entry::in_last_call(Self::alarm_of_a_trap, || self.launch(0));
            }
            Err(error) => self.wait(error.into(), 0),
        }
        self.settle();
        if P::FAIL_ON_START_ERROR {
            if self.state.get() != State::Running {
                let _ = self.end();
                return 1;
            }
            P::announce();
        }
        0
    }

    /// `plugin_stop`: always 0, and harmless when nothing runs.
    pub(crate) fn stop(&self) -> i32 {
        let Some(_entry) = self.enter() else {
            return 0;
        };
        if self.state.get() == State::Stopped {
            return 0;
        }
        let outcome = self.end();
        report::renew();
        match outcome {
            // What the server itself writes for a JavaScript plugin; without it the last status
            // would stay.
            Ok(()) => server::set_status("Stopped"),
            // It stays, for there is no handler that could succeed again.
            Err(error) => report::set_outcome(Source::Outcome(Who::Stop), Err(error)),
        }
        0
    }

    /// `poll`, once a second.
    pub(crate) fn poll(&self) -> i32 {
        let Some(_entry) = self.enter() else {
            return 0;
        };
        imports::polled();
        report::expire(imports::monotonic());
        if self.state.get() != State::Stopped {
            hooks::polled();
            entry::forget_time();
        }
        match self.state.get() {
            State::Stopped => return 0,
            State::Disabled | State::Changing => {}
            State::Waiting { again, attempt } => {
                if again.is_some_and(|again| again <= imports::monotonic()) {
                    self.launch(attempt);
                }
            }
            State::Running => {
                if self.crashes.get() > 0
                    && imports::monotonic() >= self.started.get().saturating_add(SOUND)
                {
                    self.crashes.set(0);
                }
                if Self::WANTS_SELF {
                    self_vessel::ask();
                }
                self.run_timers();
            }
        }
        self.settle();
        0
    }

    /// Calls the author's `start` with the configuration of the last `plugin_start`.
    fn launch(&self, attempt: u32) {
        if entry::is_exhausted() {
            return self.give_up_worn_out();
        }
        let Some(known) = config::known() else {
            return;
        };
        let config = Self::read(&known.settings).map(|(config, migrated)| {
            if P::MIGRATES
                && let Some(settings) = migrated
            {
                config::save_migrated(&settings);
            }
            config
        });
        match config.and_then(|config| report::timed(Who::Start, || P::start(config))) {
            Ok(plugin) => self.run(plugin),
            Err(error) => self.wait(error, attempt),
        }
    }

    /// What `start` is to get, and the settings that `migrate` made it from.
    fn read(settings: &str) -> Result<(P::Config, Option<String>)> {
        let migrated =
            if P::MIGRATES { report::timed(Who::Migrate, || P::migrated(settings))? } else { None };
        let settings = migrated.as_deref().unwrap_or(settings);
        let config = config::deserialize(settings)?;
        if !P::LIMITS.is_empty() {
            let schema = if P::LIMITS.is_unknown() {
                config::schema_of::<P::Config>().into()
            } else {
                P::schema()
            };
            config::check_limits::<LimitsOf<P>>(&schema, settings).map_err(ConfigError::from)?;
        }
        Ok((config, migrated))
    }

    /// Whether `start` would get settings that the plugin is about to save.
    fn would_start(settings: &str) -> Result<()> {
        Self::read(settings).map(drop).map_err(|error| config::for_owner(error, &P::schema()))
    }

    fn run(&self, plugin: P) {
        let now = imports::monotonic();
        *self.timers.borrow_mut() = Timers::starting(now, P::HANDLERS.timers, &plugin);
        self.plugin.set(Some(Box::new(plugin)));
        self.started.set(now);
        self.state.set(State::Running);
        self.has_run.set(true);
        if !report::has_status() {
            server::set_status("Started");
        }
        report::set_outcome(Source::Crash, Ok(()));
        report::set_outcome(Source::Outcome(Who::Start), Ok(()));
        self.tell_of_running();
    }

    /// After a failed start: dormant, with the error shown. Telling the server of the failure
    /// would leave the plugin dead until somebody disabled and enabled it.
    fn wait(&self, error: Error, attempt: u32) {
        hooks::ended(End::NoStart);
        let attempt = attempt.saturating_add(1);
        let is_config = error.downcast_ref::<ConfigError>().is_some();
        let again = if is_config {
            None
        } else {
            Some(imports::monotonic().saturating_add(wait_after(attempt)))
        };
        self.state.set(State::Waiting { again, attempt });
        let error = config::for_owner(error, &P::schema());
        report::set_outcome(Source::Outcome(Who::Start), Err(error));
        if is_config {
            self.tell_of_the_end("its settings are wrong");
        } else if attempt >= QUIET_ATTEMPTS {
            self.tell_of_the_end("it cannot start");
        }
    }

    /// Runs a handler on the plugin, turns its outcome into what the owner sees, and lets out what
    /// it sent. Nothing is borrowed when the host is called.
    pub(crate) fn call(&self, who: Who, f: impl FnOnce(&mut P) -> Result<()>) {
        self.call_if(who, |plugin| Some(f(plugin)));
    }

    /// As [`Self::call`], for a handler that may find that there is nothing for it.
    fn call_if(&self, who: Who, f: impl FnOnce(&mut P) -> Option<Result<()>>) {
        let Some(mut plugin) = self.plugin.take() else {
            return;
        };
        let outcome = report::timed(who, || f(&mut plugin));
        self.plugin.set(Some(plugin));
        if let Some(outcome) = outcome {
            report::set_outcome(Source::Outcome(who), outcome);
        }
        outbox::flush();
    }

    fn run_timers(&self) {
        for (index, timer) in P::HANDLERS.timers.iter().enumerate() {
            let now = imports::monotonic();
            if !self.timers.borrow().is_due(index, now) {
                continue;
            }
            let mut period = Duration::ZERO;
            self.call(Who::Handler(timer.name), |plugin| {
                let outcome = (timer.call)(plugin);
                period = (timer.period)(plugin);
                outcome
            });
            self.timers.borrow_mut().ran(index, now, period);
        }
    }

    /// Sends what is left and handles what came back meanwhile, up to a bound; what is over it
    /// waits for the next call, so that the host never waits for a storm to end.
    fn settle(&self) {
        hooks::turned();
        outbox::flush();
        for _ in 0..inbox::PER_CALL {
            let Some(waiting) = inbox::pop() else {
                break;
            };
            if self.state.get() == State::Running {
                self.hand_out_waiting(&waiting);
            }
            outbox::flush();
        }
        inbox::end_of_rounds();
        match inbox::take_lost() {
            0 if inbox::is_empty() => report::set_outcome(Source::LostDeltas, Ok(())),
            0 => {}
            lost => report::set_error(
                Source::LostDeltas,
                lost.to_string()
                    + " deltas that came while the plugin was sending were dropped, for more came \
                       than it handled",
            ),
        }
    }

    /// Ends the running instance, if there is one; the outcome is that of the author's `stop`.
    fn end(&self) -> Result<()> {
        let mut outcome = Ok(());
        if let Some(mut plugin) = self.plugin.take() {
            self.state.set(State::Changing);
            outcome = entry::in_last_call(Self::alarm_of_a_trap, || {
                report::timed(Who::Stop, || plugin.stop())
            });
            drop(plugin);
            // What `stop` sent, and what was sent when the parts of the plugin were dropped.
            outbox::flush();
        }
        // Before: a trap in what is dropped now is no reason to start it again.
        self.state.set(State::Stopped);
        *self.timers.borrow_mut() = Timers::new();
        renewal::end_run(End::Stop);
        config::renew();
        outcome
    }

    /// As a new instance of the module would be.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn forget(&self) {
        drop(self.plugin.take());
        hooks::ended(End::Stop);
        // All of them by name, so that none can be forgotten.
        // What the routes say is written in the plugin.
        let Self { plugin, state, timers, routes: _, crashes, started, has_run, is_told } =
            Self::new();
        self.plugin.swap(&plugin);
        self.state.swap(&state);
        self.timers.swap(&timers);
        self.crashes.swap(&crashes);
        self.started.swap(&started);
        self.has_run.swap(&has_run);
        self.is_told.swap(&is_told);
    }
}
