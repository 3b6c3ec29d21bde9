//! A plugin's form in the server's own admin pages, in headless Chromium.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use anyhow::{Context, Result, bail};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use signalk_plugin_tests::Server;

/// Names the driver, where it is not `chromedriver`.
const DRIVER: &str = "SIGNALK_TEST_CHROMEDRIVER";

/// Names the browser, where it is not the one that the driver finds.
const BROWSER: &str = "SIGNALK_TEST_CHROMIUM";

/// No page of a server on this machine takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Control and A, then delete.
const CLEAR: &str = "\u{E009}a\u{E000}\u{E017}";

/// Reads the fields of the form, by their ids.
const CONTROLS: &str = r#"
    const found = {};
    const fields = '.plugin-config-card form [id^="root_configuration"]';
    for (const field of document.querySelectorAll(fields)) {
        if (!field.matches("input, select, textarea") || field.type === "hidden") continue;
        if (field.matches("select")) {
            found[field.id] = [...field.selectedOptions].map((option) => option.text).join(", ");
        } else {
            found[field.id] = field.type === "checkbox" ? String(field.checked) : field.value;
        }
    }
    return found;
"#;

/// Fills in what a key press cannot, for how a date is typed depends on the language.
const FILL: &str = r#"
    const [field, value] = [document.getElementById(arguments[0]), arguments[1]];
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
"#;

/// Finds what keeps the browser from saving, or has kept the page.
const COMPLAINTS: &str = r#"
    const complaints = [];
    for (const field of document.querySelectorAll(".plugin-config-card form :invalid")) {
        if (field.id) complaints.push(field.id + ": " + field.validationMessage);
    }
    for (const shown of document.querySelectorAll(".plugin-config-card .errors, .plugin-config-card .error-detail")) {
        complaints.push(shown.innerText);
    }
    return complaints;
"#;

/// Chromium without a window, and the process that drives it. Both end when this is dropped.
pub(crate) struct Browser {
    driver: Child,
    runtime: Runtime,
    client: Client,
    _profile: TempDir,
}

impl Browser {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// If Chromium or its driver is not installed.
    pub(crate) fn start() -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let profile = tempfile::Builder::new().prefix("chromium-").tempdir()?;
        let (driver, port) = start_driver()?;
        let mut driver = Ended(Some(driver));
        let mut options = json!({ "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // The whole of a long form, so that nothing lies over what is to be pressed.
            "--window-size=1500,9000",
            format!("--user-data-dir={}", profile.path().display()),
        ]});
        if let Ok(browser) = env::var(BROWSER) {
            options["binary"] = browser.into();
        }
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let client = runtime
            .block_on(
                ClientBuilder::new(HttpConnector::new())
                    .capabilities(capabilities)
                    .connect(&format!("http://127.0.0.1:{port}")),
            )
            .context("Chromium does not start")?;
        let driver = driver.0.take().context("the driver has ended")?;
        Ok(Self { driver, runtime, client, _profile: profile })
    }

    /// Opens a page.
    ///
    /// # Errors
    ///
    /// If it cannot be loaded.
    #[allow(dead_code, reason = "for pages that are no forms")]
    pub(crate) fn open(&self, url: &str) -> Result<()> {
        Ok(self.runtime.block_on(self.client.goto(url))?)
    }

    /// Runs a script in the page, and gives back what it returns.
    ///
    /// # Errors
    ///
    /// If the script throws.
    pub(crate) fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.runtime.block_on(self.client.execute(script, arguments))?)
    }

    /// Opens the form of a plugin, or opens it anew.
    ///
    /// # Errors
    ///
    /// If the page has no such form.
    pub(crate) fn form(&self, server: &Server, plugin: &str) -> Result<Form<'_>> {
        let page = format!("{}/admin/#/serverConfiguration/plugins/{plugin}", server.rest().base());
        self.runtime
            .block_on(async {
                // The same address with another anchor would be the same page.
                self.client.goto("about:blank").await?;
                self.client.goto(&page).await?;
                let form = Locator::Css(".plugin-config-card form button[type=submit]");
                self.client.wait().at_most(PATIENCE).for_element(form).await?;
                anyhow::Ok(())
            })
            .with_context(|| format!("{page} shows no form"))?;
        Ok(Form { browser: self })
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.runtime.block_on(self.client.clone().close());
        end(&mut self.driver);
    }
}

/// Ends a process that nobody has taken over.
struct Ended(Option<Child>);

impl Drop for Ended {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            end(child);
        }
    }
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// The driver and the port that it listens on.
fn start_driver() -> Result<(Child, u16)> {
    let name = env::var(DRIVER).unwrap_or_else(|_| "chromedriver".to_owned());
    let mut child = Command::new(&name)
        .arg("--port=0")
        // Dates and times of a form are those of the browser's place.
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| {
            format!("{name} cannot be started: install Debian's packages chromium and chromium-driver")
        })?;
    let output = child.stdout.take().context("the driver has no output")?;
    let mut lines = BufReader::new(output).lines();
    let port = lines.by_ref().map_while(|line| line.ok()).find_map(|line| {
        let (_, port) = line.rsplit_once("on port ")?;
        line.contains("started successfully").then(|| port.trim_end_matches('.').parse().ok())?
    });
    let Some(port) = port else {
        end(&mut child);
        bail!("{name} ended before it listened");
    };
    // It would stand still where nobody reads what it says.
    thread::spawn(move || lines.for_each(drop));
    Ok((child, port))
}

/// The form of one plugin, open in the browser. Fields are named by their ids, without what all begin
/// with: `engines_0_name`.
pub(crate) struct Form<'b> {
    browser: &'b Browser,
}

impl Form<'_> {
    fn client(&self) -> &Client {
        &self.browser.client
    }

    fn press(&self, locator: Locator<'_>, what: &str) -> Result<()> {
        self.browser
            .runtime
            .block_on(async { self.client().find(locator).await?.click().await })
            .with_context(|| format!("{what} cannot be pressed"))
    }

    fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.browser.run(script, arguments)
    }

    /// Types a text in place of what is there; an empty one clears the field.
    ///
    /// # Errors
    ///
    /// If there is no such field.
    pub(crate) fn fill(&self, field: &str, text: &str) -> Result<()> {
        let locator = format!("[id=\"{}\"]", id(field));
        let keys = [CLEAR, text].concat();
        self.browser
            .runtime
            .block_on(async {
                self.client().find(Locator::Css(&locator)).await?.send_keys(&keys).await
            })
            .with_context(|| format!("{field} cannot be filled in"))
    }

    /// Sets a date or time.
    ///
    /// # Errors
    ///
    /// If there is no such field.
    pub(crate) fn set(&self, field: &str, value: &str) -> Result<()> {
        self.run(FILL, vec![id(field).into(), value.into()])
            .with_context(|| format!("{field} cannot be set"))?;
        Ok(())
    }

    /// Chooses an entry of a list by what it says, or takes it back where several may be chosen.
    ///
    /// # Errors
    ///
    /// If there is no such list or entry.
    pub(crate) fn choose(&self, field: &str, entry: &str) -> Result<()> {
        let id = id(field);
        // A choice between groups has a list of its own.
        let path = format!(
            "//select[@id='{id}' or @id='{id}__anyof_select' or @id='{id}__oneof_select']\
             /option[.='{entry}']"
        );
        self.press(Locator::XPath(&path), &format!("{entry} of {field}"))
    }

    /// Ticks a box, or takes the tick away.
    ///
    /// # Errors
    ///
    /// If there is no such box.
    pub(crate) fn tick(&self, field: &str) -> Result<()> {
        self.press(Locator::Css(&format!("[id=\"{}\"]", id(field))), field)
    }

    /// Adds an entry to a list.
    ///
    /// # Errors
    ///
    /// If the list has no button for it.
    pub(crate) fn add(&self, list: &str) -> Result<()> {
        let button = format!("fieldset[id=\"{}\"] > .row .array-item-add button", id(list));
        self.press(Locator::Css(&button), &format!("the button to add to {list}"))
    }

    /// Takes an entry out of a list.
    ///
    /// # Errors
    ///
    /// If there is no such entry.
    pub(crate) fn remove(&self, list: &str, index: usize) -> Result<()> {
        let button = format!(
            "fieldset[id=\"{}\"] > .array-item-list > :nth-child({}) > .array-item-toolbox \
             .array-item-remove",
            id(list),
            index + 1
        );
        self.press(Locator::Css(&button), &format!("the button to remove {list}[{index}]"))
    }

    /// The text of each field.
    ///
    /// # Errors
    ///
    /// If the browser does not answer.
    pub(crate) fn shown(&self) -> Result<BTreeMap<String, String>> {
        Ok(serde_json::from_value(self.run(CONTROLS, Vec::new())?)?)
    }

    /// Presses the button that saves.
    ///
    /// # Errors
    ///
    /// If the browser or the page does not let the owner save.
    pub(crate) fn save(&self) -> Result<()> {
        let button = Locator::Css(".plugin-config-card form button[type=submit]");
        self.press(button, "the button that saves")?;
        let complaints = self.complaints()?;
        if !complaints.is_empty() {
            bail!("the form cannot be saved: {complaints:#?}");
        }
        Ok(())
    }

    /// What keeps the form from being saved, as far as it says so.
    ///
    /// # Errors
    ///
    /// Where the browser does not answer.
    pub(crate) fn complaints(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_value(self.run(COMPLAINTS, Vec::new())?)?)
    }

    /// Writes a picture of the form, as PNG.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub(crate) fn picture(&self, file: &Path) -> Result<()> {
        let card = Locator::Css(".plugin-config-card");
        let picture = self
            .browser
            .runtime
            .block_on(async { self.client().find(card).await?.screenshot().await })?;
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, picture)?;
        Ok(())
    }
}

fn id(field: &str) -> String {
    ["root_configuration_", field].concat()
}
