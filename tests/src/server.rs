//! A real signalk-server, started for one test and ended with it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::env::InstalledServer;
use crate::{Rest, Socket, Stream, copy_folder};

/// A server takes about 5 s to listen; a busy machine takes longer.
const START_PATIENCE: Duration = Duration::from_secs(90);

/// Which port the settings name. The server listens on another, see `loopback.cjs`.
const PORT_OF_SETTINGS: u16 = 3000;

/// Has the server end with this process, though nobody drops it.
const ENDS_WITH_ITS_TEST: &str = include_str!("../assets/ends-with-its-test.cjs");

const LOOPBACK_ONLY: &str = include_str!("../../signalk-plugin-build/assets/loopback.cjs");

/// Says what a server is to start with.
pub struct ServerBuilder {
    installed: InstalledServer,
    plugins: Vec<(PathBuf, Option<Value>)>,
    providers: Vec<Value>,
    debug: Option<String>,
    preloads: Vec<PathBuf>,
    environment: Vec<(String, OsString)>,
}

impl ServerBuilder {
    /// Puts a plugin in, neither enabled nor configured: a first install.
    #[must_use]
    pub fn plugin(mut self, folder: impl Into<PathBuf>) -> Self {
        self.plugins.push((folder.into(), None));
        self
    }

    /// Puts a plugin in that a user has enabled and configured before the server starts.
    #[must_use]
    pub fn enabled_plugin(mut self, folder: impl Into<PathBuf>, configuration: &Value) -> Self {
        let document = json!({ "enabled": true, "configuration": configuration });
        self.plugins.push((folder.into(), Some(document)));
        self
    }

    /// Puts a plugin in whose document in `plugin-config-data` is given as a whole.
    #[must_use]
    pub fn plugin_with_document(mut self, folder: impl Into<PathBuf>, document: Value) -> Self {
        self.plugins.push((folder.into(), Some(document)));
        self
    }

    /// Lets Node.js load a script before the server (`--require`).
    #[must_use]
    pub fn preload(mut self, script: impl Into<PathBuf>) -> Self {
        self.preloads.push(script.into());
        self
    }

    /// Sets a variable of the server's environment.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Adds an entry to `pipedProviders`, see [`NmeaFeeder::provider`](crate::NmeaFeeder::provider).
    #[must_use]
    pub fn provider(mut self, provider: Value) -> Self {
        self.providers.push(provider);
        self
    }

    /// What the server writes to its log beside errors, e.g. `signalk:wasm:*`.
    #[must_use]
    pub fn debug(mut self, names: impl Into<String>) -> Self {
        self.debug = Some(names.into());
        self
    }

    /// Starts the server and waits until it answers.
    ///
    /// # Errors
    ///
    /// Where it ends or does not listen in time; the error shows its log.
    pub fn start(self) -> Result<Server> {
        let folder = tempfile::Builder::new().prefix("signalk-server-").tempdir()?;
        self.write_config(folder.path())?;
        let log = folder.path().join("server.log");
        fs::write(folder.path().join("loopback.cjs"), LOOPBACK_ONLY)?;
        fs::write(folder.path().join("ends-with-its-test.cjs"), ENDS_WITH_ITS_TEST)?;
        let child = self.spawn(folder.path(), &log)?;
        let (port, rest) = (0, Rest::new(0));
        let mut server = Server { child, port, rest, folder, log, builder: self };
        server.wait_until_it_answers()?;
        Ok(server)
    }

    fn spawn(&self, folder: &Path, log: &Path) -> Result<Child> {
        let preloads = [folder.join("loopback.cjs"), folder.join("ends-with-its-test.cjs")];
        let output = File::options().create(true).append(true).open(log)?;
        let mut command = Command::new(&self.installed.node);
        command
            .args(preloads.iter().chain(&self.preloads).flat_map(|script| {
                [OsStr::new("--require"), script.as_os_str()]
            }))
            .arg(self.installed.folder.join("node_modules/signalk-server/bin/signalk-server"))
            .arg("-c")
            .arg(folder)
            .current_dir(folder)
            // The server's own settings would be overruled by these.
            .env_remove("PORT")
            .env_remove("NODE_OPTIONS")
            .env_remove("SIGNALK_NODE_CONFIG_DIR")
            .env_remove("DEBUG")
            // Else it asks the registry for a newer version of itself.
            .env("SIGNALK_DISABLE_SERVER_UPDATES", "true")
            .env("SIGNALK_LOOPBACK_SETTINGS_PORT", PORT_OF_SETTINGS.to_string())
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output);
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        if let Some(names) = &self.debug {
            command.env("DEBUG", names);
        }
        command
            .spawn()
            .with_context(|| format!("{} cannot be started", self.installed.node.display()))
    }

    fn write_config(&self, folder: &Path) -> Result<()> {
        let settings = json!({
            "interfaces": { "appstore": false, "tcp": false, "nmea-tcp": false },
            "mdns": false,
            "ssl": false,
            "port": PORT_OF_SETTINGS,
            "pipedProviders": self.providers,
        });
        fs::write(folder.join("settings.json"), settings.to_string())?;
        fs::write(folder.join("package.json"), "{}")?;
        let configurations = folder.join("plugin-config-data");
        fs::create_dir_all(&configurations)?;
        for (plugin, document) in &self.plugins {
            let name = copy_plugin(plugin, folder)?;
            if let Some(document) = document {
                let file = configurations.join(name.replace(['@', '/'], "_") + ".json");
                fs::write(file, document.to_string())?;
            }
        }
        Ok(())
    }
}

/// A running server. It is killed when this is dropped; where a test fails, its log is shown.
pub struct Server {
    child: Child,
    port: u16,
    rest: Rest,
    folder: TempDir,
    log: PathBuf,
    builder: ServerBuilder,
}

impl Server {
    /// A server to be started.
    #[must_use]
    pub fn builder(installed: InstalledServer) -> ServerBuilder {
        ServerBuilder {
            installed,
            plugins: Vec::new(),
            providers: Vec::new(),
            debug: None,
            preloads: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// Its HTTP interfaces.
    #[must_use]
    pub fn rest(&self) -> &Rest {
        &self.rest
    }

    /// Turns its security on, lets nobody read who has not logged in, restarts it, and logs in as its
    /// administrator, who asks everything from now on.
    ///
    /// # Errors
    ///
    /// If the server does not do it.
    pub fn secure(&mut self) -> Result<()> {
        self.rest.make_admin()?;
        let file = self.folder.path().join("security.json");
        let mut security: Value = serde_json::from_slice(&fs::read(&file)?)?;
        // As 2.32 has it; 2.23 lets everybody read.
        security["allow_readonly"] = json!(false);
        fs::write(file, security.to_string())?;
        self.restart()?;
        self.rest.log_in()
    }

    /// The loopback port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its configuration folder.
    #[must_use]
    pub fn config_folder(&self) -> &Path {
        self.folder.path()
    }

    /// Kills it, as a power cut does, and starts it anew with what it finds in its folder. Streams
    /// that were open end, and it listens on another port.
    ///
    /// # Errors
    ///
    /// As [`ServerBuilder::start`].
    pub fn restart(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        match fs::remove_file(self.port_file()) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        self.child = self.builder.spawn(self.folder.path(), &self.log)?;
        self.wait_until_it_answers()
    }

    /// Opens a WebSocket that hears of nothing: to send deltas by, and to put values.
    ///
    /// # Errors
    ///
    /// Where the server does not take the connection.
    pub fn client(&self) -> Result<Socket> {
        Socket::connect(self.port, "/signalk/v1/stream?subscribe=none")
    }

    /// Opens a WebSocket stream of everything.
    ///
    /// # Errors
    ///
    /// Where the server does not take the connection.
    pub fn stream(&self) -> Result<Stream> {
        Stream::connect(self.port)
    }

    /// How much memory its process holds, in kB; 0 where the system does not tell.
    #[must_use]
    pub fn resident_kilobytes(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    }

    /// What the server wrote to standard output and error so far.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Why the server's process has ended, where it has.
    ///
    /// # Errors
    ///
    /// Where the system cannot tell.
    pub fn ended(&mut self) -> Result<Option<String>> {
        Ok(self.child.try_wait()?.map(|status| status.to_string()))
    }

    fn wait_until_it_answers(&mut self) -> Result<()> {
        let deadline = Instant::now() + START_PATIENCE;
        loop {
            if let Some(status) = self.ended()? {
                bail!("the server ended ({status}) before it listened:\n{}", self.log());
            }
            if let Some(port) = self.port_file_says() {
                (self.port, self.rest) = (port, Rest::new(port));
                if matches!(self.rest.get("/signalk"), Ok((200, _))) {
                    return Ok(());
                }
            }
            if Instant::now() > deadline {
                bail!("the server did not answer in {START_PATIENCE:?}:\n{}", self.log());
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn port_file(&self) -> PathBuf {
        self.folder.path().join("port")
    }

    /// The port that the server listens on, once it does.
    fn port_file_says(&self) -> Option<u16> {
        fs::read_to_string(self.port_file()).ok()?.strip_suffix('\n')?.parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("--- log of the server\n{}---", self.log());
        }
    }
}

/// Copies a built plugin into `node_modules` and gives back its package name.
fn copy_plugin(plugin: &Path, folder: &Path) -> Result<String> {
    let manifest = plugin.join("package.json");
    let text = fs::read_to_string(&manifest).map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!(
            "there is no built plugin in {}: run `cargo signalk build`",
            plugin.display()
        ),
        _ => error.into(),
    })?;
    let json: Value = serde_json::from_str(&text)
        .with_context(|| format!("{} is not JSON", manifest.display()))?;
    let name =
        json["name"].as_str().with_context(|| format!("{} has no name", manifest.display()))?;
    copy_folder(plugin, &folder.join("node_modules").join(name))?;
    Ok(name.to_owned())
}
