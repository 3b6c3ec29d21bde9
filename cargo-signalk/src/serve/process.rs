//! The process of a server.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use signalk_plugin_build::servers::{self, Installed};

use super::folder::{Folder, SETTINGS_PORT};
use super::news::News;

/// A server takes about 5 s to listen; a busy machine takes longer.
const PATIENCE: Duration = Duration::from_secs(90);

/// A server that has heard that it is to end does so within milliseconds.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The time between two looks at a server that starts or ends.
const LOOK: Duration = Duration::from_millis(20);

/// Ends the server with whoever has started it, however that came to its end.
const LIFELINE: &str = include_str!("../../assets/lifeline.cjs");

/// The server's log beside errors: all that plugins do, and what becomes of them.
const DEBUG: &str = "signalk:wasm:bindings,signalk:wasm:loader";

/// Fails if somebody listens on that port, for a server would wait for it without a word.
pub(super) fn be_free(port: u16) -> Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).with_context(|| {
        format!(
            "port {port} is not to be had: give another with --port, or none for any that is free"
        )
    })
}

/// The surroundings of a server.
pub(super) struct Setup {
    pub(super) installed: Installed,
    pub(super) folder: Folder,
    /// To whom its log goes.
    pub(super) news: Sender<News>,
}

/// A running server. It ends when this is dropped.
pub(super) struct Process {
    child: Child,
    port: u16,
}

impl Process {
    /// Starts a server and waits until it listens: on that port, or on any that is free.
    pub(super) fn start(
        setup: &Setup,
        port: Option<u16>,
        interrupted: &AtomicBool,
    ) -> Result<Self> {
        let port_file = setup.folder.path().join("port");
        match fs::remove_file(&port_file) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut child = spawn(setup, port)?;
        for pipe in [pipe(child.stdout.take()), pipe(child.stderr.take())].into_iter().flatten() {
            read_lines(pipe, setup.news.clone())?;
        }
        let mut process = Self { child, port: 0 };
        let deadline = Instant::now() + PATIENCE;
        while !process.listens(&port_file) {
            if let Some(status) = process.ended()? {
                bail!("the server ended ({status}) before it listened");
            }
            if interrupted.load(Ordering::SeqCst) {
                bail!("interrupted");
            }
            if Instant::now() > deadline {
                bail!("the server did not listen within {} s", PATIENCE.as_secs());
            }
            thread::sleep(LOOK);
        }
        Ok(process)
    }

    /// The loopback port that it listens on.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The address for a browser.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Tells how it has ended, if it has.
    pub(super) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Ends it, and what it has started.
    pub(super) fn end(mut self) -> Result<()> {
        self.finish()
    }

    fn listens(&mut self, port_file: &PathBuf) -> bool {
        let told = fs::read_to_string(port_file).ok();
        // Without the line's end it is half written.
        let port = told.and_then(|text| text.strip_suffix('\n')?.parse().ok());
        self.port = port.unwrap_or(0);
        self.port != 0
    }

    fn finish(&mut self) -> Result<()> {
        // The lifeline.
        drop(self.child.stdin.take());
        let deadline = Instant::now() + LAST_WORDS;
        while self.child.try_wait()?.is_none() && Instant::now() < deadline {
            thread::sleep(LOOK);
        }
        kill_group(&self.child);
        // An error means that it has ended already.
        let _ = self.child.kill();
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.finish();
    }
}

fn spawn(setup: &Setup, port: Option<u16>) -> Result<Child> {
    let folder = setup.folder.path();
    let mut command = Command::new(&setup.installed.node);
    for (name, script) in [("loopback.cjs", servers::LOOPBACK_ONLY), ("lifeline.cjs", LIFELINE)] {
        let file = folder.join(name);
        fs::write(&file, script)
            .with_context(|| format!("{} cannot be written", file.display()))?;
        command.arg("--require").arg(file);
    }
    command
        .arg(setup.installed.script())
        .args([OsStr::new("-c"), folder.as_os_str()])
        .current_dir(folder)
        // The server's own settings would be overruled by these.
        .env_remove("PORT")
        .env_remove("NODE_OPTIONS")
        .env_remove("SIGNALK_NODE_CONFIG_DIR")
        // So that the server's scripts are not compiled anew at each start. Node.js before 22.1 does not know it.
        .env("NODE_COMPILE_CACHE", setup.installed.folder.join("compile-cache"))
        // Else it asks the registry for a newer version of itself.
        .env("SIGNALK_DISABLE_SERVER_UPDATES", "true")
        .env(servers::SETTINGS_PORT, SETTINGS_PORT.to_string())
        .env(servers::LISTEN_PORT, port.unwrap_or(0).to_string())
        .env("DEBUG", DEBUG)
        // Else a terminal's colours are in its log.
        .env("DEBUG_COLORS", "no")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    in_a_group_of_its_own(&mut command);
    command.spawn().with_context(|| format!("{} cannot be started", setup.installed.node.display()))
}

fn pipe(stream: Option<impl Read + Send + 'static>) -> Option<Box<dyn Read + Send>> {
    stream.map(|stream| Box::new(stream) as Box<dyn Read + Send>)
}

fn read_lines(stream: Box<dyn Read + Send>, news: Sender<News>) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let read = move || {
        let mut line = Vec::new();
        while stream.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            if news.send(News::Line(text)).is_err() {
                return;
            }
            line.clear();
        }
    };
    thread::Builder::new().name("log".to_owned()).spawn(read)?;
    Ok(())
}

/// So that Ctrl-C comes to this program alone, which then ends the server.
#[cfg(unix)]
fn in_a_group_of_its_own(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;

    command.process_group(0);
}

#[cfg(unix)]
fn kill_group(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process_group};

    if let Ok(id) = i32::try_from(child.id())
        && let Some(group) = Pid::from_raw(id)
    {
        // An error means that nobody is left of it.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn in_a_group_of_its_own(_: &mut Command) {}

#[cfg(not(unix))]
fn kill_group(_: &Child) {}
