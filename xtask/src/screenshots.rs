//! `cargo xtask screenshots`: the page of `cargo signalk run`, as the documents show it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use signalk_plugin_build::cache;
use signalk_plugin_tests::{ANCHOR_DROPPED_AT, Rest};

use crate::chromium;
use crate::progress;
use crate::workspace::Workspace;

/// A picture of the page.
struct Picture {
    file: &'static str,
    /// In pixels.
    width: u32,
    is_dark: bool,
}

const PICTURES: [Picture; 2] = [
    Picture { file: "run.png", width: 1280, is_dark: false },
    Picture { file: "run-at-night.png", width: 390, is_dark: true },
];

/// The plugin in them.
const PLUGIN: &str = "signalk-anchor-watch";

/// A build may come first.
const PATIENCE: Duration = Duration::from_secs(600);

/// The time between two looks at the page.
const LOOK: Duration = Duration::from_millis(200);

/// Runs the anchor watch on the recorded track, and takes the pictures once its alarm is there.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let browser = chromium::set_up()?;
    let folder = workspace.root().join("docs/screenshots");
    fs::create_dir_all(&folder)?;
    let page = Page::start(workspace)?;
    page.drop_the_anchor()?;
    page.wait_for("notification", |news| news["value"]["state"] == "alarm")?;
    let driver = Driver::start(&browser)?;
    for picture in PICTURES {
        let file = folder.join(picture.file);
        fs::write(&file, driver.take(&picture, &page.address)?)?;
        progress::say("screenshots", &format!("{} is written", file.display()));
    }
    Ok(())
}

/// A process that ends when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program, and hands over what it prints line by line.
fn start(command: &mut Command) -> Result<(Running, Receiver<String>)> {
    let name = command.get_program().to_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let child = command.spawn().with_context(|| format!("{} cannot be started", name.display()))?;
    let mut running = Running(child);
    let output = running.0.stdout.take().context("it has no output")?;
    let (lines, printed) = mpsc::channel();
    thread::spawn(move || {
        // Read to its end, for a full pipe would stop the program.
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let _ = lines.send(line);
        }
    });
    Ok((running, printed))
}

/// Waits for a line of which something can be made.
fn next<T>(printed: &Receiver<String>, what: &str, of: impl Fn(&str) -> Option<T>) -> Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let line = printed.recv_timeout(left).with_context(|| format!("there was no {what}"))?;
        if let Some(found) = of(&line) {
            return Ok(found);
        }
    }
}

/// `cargo signalk run` at work.
struct Page {
    address: String,
    port: u16,
    news: Receiver<String>,
    state: tempfile::TempDir,
    _running: Running,
}

impl Page {
    fn start(workspace: &Workspace) -> Result<Self> {
        let state = tempfile::tempdir()?;
        let mut tool = signalk_plugin_build::cargo();
        tool.current_dir(workspace.root())
            .args(["run", "--quiet", "--package", "cargo-signalk", "--", "run"])
            .args(["--json", "--loop", "--speed", "20", "--replay"])
            .arg("tests/tracks/dragging-anchor.nmea")
            .arg("--state")
            .arg(state.path())
            .arg("examples/anchor-watch")
            .env(cache::VARIABLE, workspace.target());
        let (running, news) = start(&mut tool)?;
        let mut page = Self { address: String::new(), port: 0, news, state, _running: running };
        let told = page.wait_for("page", |_| true)?;
        page.address = told["address"].as_str().unwrap_or_default().to_owned();
        let port = page.address.trim_end_matches('/').rsplit(':').next();
        page.port = port.and_then(|port| port.parse().ok()).context("the page has no port")?;
        Ok(page)
    }

    /// Waits for news of a kind.
    fn wait_for(&self, kind: &str, is_it: impl Fn(&Value) -> bool) -> Result<Value> {
        next(&self.news, kind, |line| {
            let news: Value = serde_json::from_str(line).ok()?;
            (news["kind"] == kind && is_it(&news)).then_some(news)
        })
    }

    fn drop_the_anchor(&self) -> Result<()> {
        let (latitude, longitude) = ANCHOR_DROPPED_AT;
        let anchor = json!({ "latitude": latitude, "longitude": longitude });
        let settings = json!({ "anchor": anchor, "maxRadius": 50 });
        Rest::new(self.port)
            .save_config(PLUGIN, &settings)
            .with_context(|| format!("{} was not configured", self.state.path().display()))
    }
}

/// Chromium without a window. It and its driver end when this is dropped.
struct Driver {
    rest: Rest,
    session: String,
    _profile: tempfile::TempDir,
    _running: Running,
}

impl Driver {
    fn start(browser: &Path) -> Result<Self> {
        let mut driver = Command::new(chromium::DRIVER);
        let (running, printed) = start(driver.arg("--port=0").stderr(Stdio::null()))?;
        let port = next(&printed, "port of the driver", |line| {
            let (_, port) = line.rsplit_once("on port ")?;
            // Before it has started, it says that it does so on port 0.
            port.trim_end_matches('.').parse().ok().filter(|port| *port != 0)
        })?;
        let profile = tempfile::tempdir()?;
        let options = json!({ "binary": browser, "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-proxy-server",
            "--hide-scrollbars",
            format!("--user-data-dir={}", profile.path().display()),
        ]});
        let capabilities = json!({ "alwaysMatch": { "goog:chromeOptions": options } });
        let rest = Rest::new(port);
        let (_, answer) = rest.post("/session", &json!({ "capabilities": capabilities }))?;
        let session = answer["value"]["sessionId"].as_str();
        let session = session.with_context(|| format!("no browser was started: {answer}"))?;
        let session = format!("/session/{session}");
        Ok(Self { rest, session, _profile: profile, _running: running })
    }

    fn take(&self, picture: &Picture, address: &str) -> Result<Vec<u8>> {
        let &Picture { width, is_dark, .. } = picture;
        let metrics =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.control("Emulation.setDeviceMetricsOverride", &metrics)?;
        let scheme = if is_dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.control("Emulation.setEmulatedMedia", &json!({ "features": features }))?;
        self.ask("/url", &json!({ "url": address }))?;
        self.wait_until("return document.querySelectorAll('#notifications .alarm').length > 0")?;
        // The whole of the page, as high as it is.
        let height = self.script("return document.documentElement.scrollHeight")?;
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let wish = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let answer = self.control("Page.captureScreenshot", &wish)?;
        let data = answer["data"].as_str().context("the browser has taken no picture")?;
        Ok(BASE64_STANDARD.decode(data)?)
    }

    fn wait_until(&self, script: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.script(script)? != true {
            if Instant::now() > deadline {
                bail!("waited in vain for the page: {script}");
            }
            thread::sleep(LOOK);
        }
        Ok(())
    }

    fn script(&self, script: &str) -> Result<Value> {
        self.ask("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Calls a function of Chromium's own protocol.
    fn control(&self, command: &str, parameters: &Value) -> Result<Value> {
        self.ask("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    fn ask(&self, path: &str, body: &Value) -> Result<Value> {
        let (status, mut answer) = self.rest.post(&format!("{}{path}", self.session), body)?;
        ensure!(status == 200, "the browser refuses {path}: {answer}");
        Ok(answer["value"].take())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Else the browser outlives its driver.
        let _ = self.rest.ask("DELETE", &self.session, None);
    }
}
