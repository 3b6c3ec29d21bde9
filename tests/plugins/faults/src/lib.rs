//! A plugin to which everything happens that may happen to one.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::task::Poll;

use signalk_plugin_sdk::config::Secret;
use signalk_plugin_sdk::delta::{Delta, DeltaVersion, Meta, Origin};
use signalk_plugin_sdk::json::{self, Raw};
use signalk_plugin_sdk::net::{LineClient, UdpSocket};
use signalk_plugin_sdk::notification::Notification;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::resource::{Resource, ResourceProvider, ResourceQuery};
use signalk_plugin_sdk::serde_json::json;
use signalk_plugin_sdk::task::{self, Task, sleep};
use signalk_plugin_sdk::{config, storage};

/// What the tests set.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Radius (m)
    #[schemars(range(min = 1.0))]
    #[serde(alias = "oldRadius")]
    radius: f64,
    /// Password
    password: Secret,
    #[serde(flatten)]
    login: Login,
    /// The port of the TCP peer; 0 for none
    tcp_port: u16,
    /// For how long nothing may come from the TCP peer (s); 0 for ever
    silence: u64,
    /// The port to listen on for datagrams; 0 for none
    udp_port: u16,
    /// The multicast group to join; empty for none
    group: String,
    /// The interface on which it is to be joined
    interface: String,
    /// How many starts in a row are to fail
    fail_starts: u32,
    /// Whether the start panics
    panic_in_start: bool,
    /// Fails the start for a setting that is wrong
    wrong: bool,
}

/// Beside the other settings in the form, and read by serde from a copy of its own.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Login {
    /// PIN
    pin: Secret,
    /// Tries
    #[schemars(range(max = 3))]
    #[serde(alias = "attempts")]
    tries: u8,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            radius: 50.0,
            password: Secret::default(),
            login: Login::default(),
            tcp_port: 0,
            silence: 0,
            udp_port: 0,
            group: String::new(),
            interface: String::new(),
            fail_starts: 0,
            panic_in_start: false,
            wrong: false,
        }
    }
}

thread_local! {
    /// These outlast the plugin's value, as statics of an author's would.
    static FAILED: Cell<u32> = const { Cell::new(0) };
    static STARTED: Cell<u32> = const { Cell::new(0) };
}

/// The plugin.
#[derive(Debug)]
pub struct Faults {
    password: Secret,
    pin: Secret,
    lines: Option<LineClient>,
    udp: Option<UdpSocket>,
    /// Whether datagrams are left where they are.
    looks_away: bool,
    /// The number that have come.
    datagrams: u32,
    /// Which start it is of.
    start: u32,
    ticks: u32,
    flooded: u32,
    is_calm: bool,
    task: Option<Task>,
    to_store: BTreeMap<String, Raw>,
    to_try: Option<String>,
}

/// Lists in lists.
#[derive(Deserialize)]
struct Tree(Vec<Tree>);

/// The one resource that it provides.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Buoy {
    name: String,
}

impl Resource for Buoy {
    const TYPE: &'static str = "buoys";
}

impl ResourceProvider<Buoy> for Faults {
    fn list(&mut self, _: &ResourceQuery<'_>) -> Result<BTreeMap<String, Buoy>> {
        Ok(BTreeMap::from([("bell".to_owned(), Buoy { name: "Bell".into() })]))
    }

    fn get(&mut self, id: &str) -> Result<Option<Buoy>> {
        Ok((id == "bell").then(|| Buoy { name: "Bell".into() }))
    }
}

#[signalk_plugin(resources(Buoy))]
impl Faults {
    #[allow(clippy::panic)]
    fn start(config: Config) -> Result<Self> {
        assert!(!config.panic_in_start, "in start, on purpose");
        if config.wrong {
            return Err(ConfigError::expected("wrong", &true, "false").into());
        }
        let failed = FAILED.get();
        if failed < config.fail_starts {
            FAILED.set(failed + 1);
            bail!("failure {} of {}", failed + 1, config.fail_starts);
        }
        FAILED.set(0);
        STARTED.set(STARTED.get() + 1);
        delta::set("test.radius", config.radius)?;
        let tcp = (config.tcp_port > 0).then(|| LineClient::new("127.0.0.1", config.tcp_port));
        let udp = (config.udp_port > 0).then(|| UdpSocket::bind(config.udp_port)).transpose()?;
        if let Some(udp) = udp.as_ref().filter(|_| !config.group.is_empty()) {
            udp.join_multicast(&config.group, Some(&config.interface))?;
        }
        Ok(Self {
            password: config.password,
            pin: config.login.pin,
            lines: tcp.map(|tcp| match config.silence {
                0 => tcp,
                seconds => tcp.read_timeout(Duration::from_secs(seconds)),
            }),
            udp,
            looks_away: false,
            datagrams: 0,
            start: STARTED.get(),
            ticks: 0,
            flooded: 0,
            is_calm: false,
            task: None,
            to_store: BTreeMap::new(),
            to_try: None,
        })
    }

    fn stop(&mut self) -> Result<()> {
        delta::set("test.stopped", self.start)
    }

    #[every("1s")]
    fn tick(&mut self) -> Result<()> {
        self.ticks += 1;
        delta::set("test.tick", (self.start, self.ticks))
    }

    #[put("test.setting")]
    fn setting(&mut self, radius: f64) -> Result<()> {
        config::merge(&BTreeMap::from([("radius", radius)]))
    }

    #[every("1s")]
    fn lines(&mut self) -> Result<()> {
        let Some(lines) = &mut self.lines else {
            return Ok(());
        };
        for line in lines.receive()? {
            delta::set("test.line", line.text())?;
        }
        Ok(())
    }

    #[every("1s")]
    fn datagrams(&mut self) -> Result<()> {
        let Some(udp) = self.udp.as_mut().filter(|_| !self.looks_away) else {
            return Ok(());
        };
        while let Some(datagram) = udp.receive()? {
            self.datagrams += 1;
            delta::set("test.datagram", String::from_utf8_lossy(&datagram.data))?;
        }
        Ok(())
    }

    #[put("test.sendDatagram")]
    fn send_datagram(&mut self, port: u16) -> Result<()> {
        let udp = self.udp.as_ref().context("no UDP port is set")?;
        Ok(udp.send_to(b"ahoy", "127.0.0.1", port)?)
    }

    #[put("test.lookAway")]
    fn look_away(&mut self, looks_away: bool) -> Result<()> {
        self.looks_away = looks_away;
        delta::set("test.datagrams", self.datagrams)?;
        delta::set("test.looksAway", looks_away)
    }

    /// Sends what it would get again, for ever, were its own to come back.
    #[delta("test.loop")]
    fn once(&mut self, count: f64) -> Result<()> {
        delta::set("test.loop", count + 1.0)
    }

    /// As [`Self::once`], by a source of another name, as a multiplexer of talkers does.
    #[delta("test.named")]
    fn named(&mut self, count: f64) -> Result<()> {
        let values = json!([{ "path": "test.named", "value": count + 1.0 }]);
        delta::send(
            &json!({ "updates": [{ "$source": "mux.GP", "values": values }] }),
            DeltaVersion::V1,
        )
    }

    /// Asks for its own, and answers each.
    #[delta("test.round", echo = true)]
    fn round(&mut self, count: f64) -> Result<()> {
        delta::set("test.round", count + 1.0)
    }

    /// Sends more than may wait, of what it takes from everybody.
    #[put("test.spam")]
    fn spam(&mut self, count: u32) -> Result<()> {
        (0..count).try_for_each(|at| delta::set("test.spammed", at))
    }

    #[delta("test.spammed", context = "vessels.*")]
    fn spammed(&mut self, at: u32) -> Result<()> {
        delta::set("test.heard", at)
    }

    /// Tells what came of a delta with an odd field.
    #[delta("test.odd", all_sources = true)]
    fn odd(&mut self, value: u32, origin: &Origin<'_>) -> Result<()> {
        let seen = json!([value, origin.source, origin.timestamp, origin.is_self]);
        delta::set("test.oddSeen", seen)
    }

    /// From one source at a time.
    #[delta("test.turn")]
    fn turn(&mut self, value: Option<f64>) -> Result<()> {
        delta::set("test.turnUsed", value.unwrap_or(-0.5))
    }

    #[delta("test.turn", all_sources = true)]
    fn turn_of_all(&mut self, value: Option<f64>) -> Result<()> {
        delta::set("test.turnAll", value.unwrap_or(-0.5))
    }

    #[delta("test.turn", source = "antenna.B")]
    fn turn_of_b(&mut self, value: Option<f64>) -> Result<()> {
        delta::set("test.turnB", value.unwrap_or(-0.5))
    }

    /// What others raise, in whatever words.
    #[delta("notifications.test.others")]
    fn others(&mut self, notification: Notification) -> Result<()> {
        delta::set("test.othersState", format!("{:?}", notification.state))
    }

    /// The timeouts that metadata names.
    #[delta]
    fn metadata(&mut self, delta: &Delta<'_>) -> Result<()> {
        for meta in delta.updates.iter().flat_map(|update| &update.meta) {
            if meta.path != "test.metered" {
                continue;
            }
            let meta: Meta = json::from_str(meta.value.unwrap_or_default())?;
            delta::set("test.timeout", format!("{:?}", meta.timeout))?;
        }
        Ok(())
    }

    /// Asks for its own, and sends two for each that comes.
    #[delta("test.flood", echo = true)]
    fn flood(&mut self, count: f64) -> Result<()> {
        self.flooded += 1;
        if self.is_calm {
            return Ok(());
        }
        delta::set("test.flood", count + 1.0)?;
        delta::set("test.flood", count + 2.0)
    }

    #[put("test.calm")]
    fn calm(&mut self, _: bool) -> Result<()> {
        self.is_calm = true;
        delta::set("test.flooded", self.flooded)
    }

    /// Sends many values while it is called by others of them.
    #[put("test.burst")]
    fn burst(&mut self, count: u32) -> Result<()> {
        (0..count).try_for_each(|at| delta::set("test.burst", at))
    }

    #[delta("test.burst", echo = true)]
    fn burst_echo(&mut self, at: u32) -> Result<()> {
        delta::set("test.burstEcho", at)
    }

    #[put("test.panic")]
    #[allow(clippy::panic)]
    fn panic(&mut self, text: String) {
        panic!("{text}");
    }

    #[put("test.panicWithPassword")]
    #[allow(clippy::panic)]
    fn panic_with_password(&mut self, _: bool) {
        panic!("with {:?} and a {}", self.password, self.password.reveal().len());
    }

    #[put("test.tellPassword")]
    fn tell_password(&mut self, _: bool) -> Result<()> {
        delta::set("test.password", (&self.password, &self.pin))?;
        bail!("with {:?} and {}", self.password, Raw::from_value(&self.pin)?);
    }

    /// Takes memory until there is no more, without touching it.
    #[put("test.hoard")]
    fn hoard(&mut self, bytes: usize) {
        let mut all: Vec<Vec<u8>> = Vec::new();
        loop {
            all.push(Vec::with_capacity(bytes));
            server::debug(&all.len().to_string());
        }
    }

    /// Goes as deep as its value does.
    #[put("test.tree")]
    fn tree(&mut self, tree: Tree) -> Result<()> {
        delta::set("test.branches", tree.0.len())
    }

    /// Takes so much memory, and goes on.
    #[put("test.leak")]
    fn leak(&mut self, bytes: usize) {
        std::mem::forget(std::hint::black_box(Vec::<u8>::with_capacity(bytes)));
    }

    /// Keeps the server waiting.
    #[put("test.nap")]
    fn nap(&mut self, millis: u64) {
        std::thread::sleep(Duration::from_millis(millis));
    }

    /// A task that always wants to go on.
    #[put("test.restless")]
    fn restless(&mut self, _: bool) -> Result<()> {
        self.task = Some(task::spawn("restless", async {
            let mut steps = 0u64;
            std::future::poll_fn(|context| {
                steps += 1;
                if steps.is_multiple_of(100) {
                    let _ = delta::set("test.steps", steps);
                }
                context.waker().wake_by_ref();
                Poll::Pending
            })
            .await
        }));
        Ok(())
    }

    #[put("test.panicInTask")]
    #[allow(clippy::panic, unreachable_code)]
    fn panic_in_task(&mut self, _: bool) {
        self.task = Some(task::spawn("panicking", async {
            sleep(Duration::from_millis(1)).await;
            panic!("in a task");
            Ok(())
        }));
    }

    /// Does what only the programs of an operating system can, with the next tick.
    #[put("test.std")]
    fn try_std(&mut self, what: String) {
        self.to_try = Some(what);
    }

    #[every("1s")]
    #[allow(clippy::exit)]
    fn std_now(&mut self) -> Result<()> {
        match self.to_try.take().as_deref() {
            Some("socket") => drop(std::net::TcpStream::connect("127.0.0.1:10110")?),
            Some("file") => drop(std::fs::read("/etc/passwd")?),
            Some("thread") => drop(std::thread::spawn(|| ())),
            Some("exit") => std::process::exit(1),
            _ => {}
        }
        Ok(())
    }

    #[put("test.log")]
    fn log(&mut self, text: String) {
        error!("{text}");
        warn!("{text}");
        debug!("{text}");
        info!("{text}");
    }

    #[put("test.store")]
    fn store(&mut self, documents: BTreeMap<String, Raw>) {
        self.to_store.extend(documents);
    }

    #[every("1s")]
    fn store_now(&mut self) -> Result<()> {
        while let Some((name, document)) = self.to_store.first_key_value() {
            storage::save(name, document)?;
            // From here on it is on the disk.
            delta::set("test.stored", name)?;
            self.to_store.pop_first();
        }
        Ok(())
    }

    #[get("/alive")]
    fn alive(&self) -> String {
        format!("{}", self.start)
    }
}
