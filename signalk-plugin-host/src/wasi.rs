//! WASI preview 1 as the server sets it up, on the driven clock.

use std::io::{self, Write};
use std::path::Path;
use std::time::Instant as StdInstant;

use cap_std::time::{Duration, Instant, SystemTime};
use signalk_server_model::{Clock, Event, EventLog, Server};
use wasmi_wasi::WasiCtx;
use wasmi_wasi::wasi_common::clocks::{
    WasiClocks, WasiMonotonicClock, WasiMonotonicOffsetClock, WasiSystemClock,
};
use wasmi_wasi::wasi_common::pipe::WritePipe;
use wasmi_wasi::wasi_common::sched::{Poll, RwEventFlags, Subscription, WasiSched};
use wasmi_wasi::wasi_common::sync::random_ctx;
use wasmi_wasi::wasi_common::{Error, Table};

use crate::vfs::Preopened;

/// A context with `PLUGIN_ID`, the directory `root` behind `/`, random numbers, the driven clock,
/// and output that becomes events.
pub(crate) fn context(server: &Server, pass_on: bool, root: &Path) -> Result<WasiCtx, String> {
    let clock = &server.clock;
    let monotonic = Driven::new(clock);
    let clocks = WasiClocks {
        system: Some(Box::new(Driven::new(clock))),
        monotonic: Some(WasiMonotonicOffsetClock {
            creation_time: Instant::from_std(monotonic.origin),
            abs_clock: Box::new(monotonic),
        }),
    };
    let mut wasi = WasiCtx::new(random_ctx(), clocks, Box::new(Driven::new(clock)), Table::new());
    wasi.push_env("PLUGIN_ID", &server.package).map_err(|error| error.to_string())?;
    wasi.set_stdout(Box::new(WritePipe::new(Lines::new(
        &server.log,
        Event::Stdout,
        pass_on.then(|| Box::new(io::stdout()) as _),
    ))));
    wasi.set_stderr(Box::new(WritePipe::new(Lines::new(
        &server.log,
        Event::Stderr,
        pass_on.then(|| Box::new(io::stderr()) as _),
    ))));
    wasi.push_preopened_dir(Box::new(Preopened::new(root)), "/")
        .map_err(|error| error.to_string())?;
    Ok(wasi)
}

struct Driven {
    clock: Clock,
    origin: StdInstant,
}

impl Driven {
    fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), origin: StdInstant::now() }
    }
}

const RESOLUTION: Duration = Duration::from_nanos(1);

/// A real machine has been up for a while, and a plugin may reckon back from now.
const UPTIME_AT_START: Duration = Duration::from_secs(3600);

impl WasiSystemClock for Driven {
    fn resolution(&self) -> Duration {
        RESOLUTION
    }

    fn now(&self, _: Duration) -> SystemTime {
        SystemTime::from_std(self.clock.wall())
    }
}

impl WasiMonotonicClock for Driven {
    fn resolution(&self) -> Duration {
        RESOLUTION
    }

    fn now(&self, _: Duration) -> Instant {
        let uptime = UPTIME_AT_START + self.clock.elapsed();
        Instant::from_std(self.origin.checked_add(uptime).unwrap_or(self.origin))
    }
}

/// A plugin that sleeps moves the clock instead of the server standing still.
#[async_trait::async_trait]
impl WasiSched for Driven {
    async fn poll_oneoff<'a>(&self, poll: &mut Poll<'a>) -> Result<(), Error> {
        let mut ready = false;
        for subscription in poll.rw_subscriptions() {
            if let Subscription::Read(end) | Subscription::Write(end) = subscription {
                end.complete(0, RwEventFlags::empty());
                ready = true;
            }
        }
        if !ready && let Some(timer) = poll.earliest_clock_deadline() {
            let now = WasiMonotonicClock::now(self, RESOLUTION);
            self.clock.move_by(timer.deadline.checked_duration_since(now).unwrap_or_default());
        }
        Ok(())
    }

    async fn sched_yield(&self) -> Result<(), Error> {
        Ok(())
    }

    async fn sleep(&self, duration: Duration) -> Result<(), Error> {
        self.clock.move_by(duration);
        Ok(())
    }
}

/// Turns a stream of bytes into one event a line.
struct Lines {
    log: EventLog,
    event: fn(String) -> Event,
    begun: Vec<u8>,
    pass_on: Option<Box<dyn Write + Send + Sync>>,
}

impl Lines {
    fn new(
        log: &EventLog,
        event: fn(String) -> Event,
        pass_on: Option<Box<dyn Write + Send + Sync>>,
    ) -> Self {
        Self { log: log.clone(), event, begun: Vec::new(), pass_on }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.begun);
        self.log.push((self.event)(String::from_utf8_lossy(&line).into_owned()));
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(pass_on) = &mut self.pass_on {
            pass_on.write_all(bytes)?;
        }
        for byte in bytes {
            match byte {
                b'\n' => self.end_line(),
                byte => self.begun.push(*byte),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        if !self.begun.is_empty() {
            self.end_line();
        }
    }
}
