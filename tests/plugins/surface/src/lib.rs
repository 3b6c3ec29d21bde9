//! A plugin that does what it is told over HTTP, with everything that the host offers.

mod providers;

use std::collections::BTreeMap;

use signalk_plugin_sdk::delta::{DeltaVersion, Origin};
use signalk_plugin_sdk::http::{Json, Path, StatusError};
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::net::{LineClient, UdpSocket};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::radar::{ArpaSettings, RadarState};
use signalk_plugin_sdk::resource::{Route, Waypoint};
use signalk_plugin_sdk::server::Capability;
use signalk_plugin_sdk::{config, model, notification, storage, stream};

use delta::{AlarmState, DeltaBuilder, Meta, Zone};
use providers::Thing;

/// What the tests set.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Config {
    /// The name of the TCP peer.
    tcp_host: String,
    /// The port of the TCP peer; 0 for none.
    tcp_port: u16,
    /// A setting to be changed.
    radius: f64,
    /// Another one.
    label: String,
}

impl Default for Config {
    fn default() -> Self {
        Self { tcp_host: "127.0.0.1".into(), tcp_port: 0, radius: 50.0, label: String::new() }
    }
}

/// What a version before this one saved.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Old {
    radius_in_feet: f64,
}

/// The plugin.
pub struct Surface {
    lines: Option<LineClient>,
    udp: UdpSocket,
    things: BTreeMap<String, Thing>,
    routes: BTreeMap<String, Route>,
    waypoints: BTreeMap<String, Waypoint>,
    radar: RadarState,
    arpa: ArpaSettings,
    /// By the id in the path, of the delta that is being handed out.
    amounts: BTreeMap<String, f64>,
    label: String,
}

#[derive(Deserialize)]
struct Datagram {
    #[serde(default)]
    host: Option<String>,
    port: u16,
    text: String,
}

#[derive(Serialize)]
struct Known {
    value: Raw,
    source: String,
    timestamp: String,
}

#[derive(Deserialize)]
struct Notice {
    state: notification::AlarmState,
    message: String,
}

#[signalk_plugin(
    name = "Surface",
    model("test.model", "environment.*"),
    resources(Thing, Route, Waypoint),
    weather,
    radar
)]
impl Surface {
    fn migrate(saved: &Raw) -> Result<Option<Config>> {
        let old = saved.deserialize::<Old>().ok();
        Ok(old.map(|old| Config { radius: old.radius_in_feet * 0.3048, ..Config::default() }))
    }

    fn start(config: Config) -> Result<Self> {
        let udp = UdpSocket::bind(0)?;
        udp.set_broadcast(true)?;
        udp.set_multicast_ttl(1)?;
        udp.set_multicast_loopback(true)?;
        let meta = Meta::new("K", "A temperature that the tests set").zones(vec![
            Zone::between(280.0, 300.0, AlarmState::Nominal, ""),
            Zone::above(360.0, AlarmState::Alarm, "Too hot"),
        ]);
        DeltaBuilder::new().meta("test.temperature", meta).send()?;
        server::set_status(&format!("radius {}", config.radius));
        Ok(Self {
            lines: (config.tcp_port > 0)
                .then(|| LineClient::new(&config.tcp_host, config.tcp_port)),
            udp,
            things: BTreeMap::new(),
            routes: BTreeMap::new(),
            waypoints: BTreeMap::new(),
            label: config.label,
            radar: RadarState::default(),
            amounts: BTreeMap::new(),
            arpa: ArpaSettings {
                enabled: false,
                max_targets: 10,
                cpa_threshold: 500.0,
                tcpa_threshold: 600.0,
                lost_target_timeout: 60.0,
                auto_acquisition: 0,
                more: BTreeMap::new(),
            },
        })
    }

    #[allow(clippy::panic)]
    fn stop(&mut self) -> Result<()> {
        assert!(self.label != "panics in stop", "in stop, on purpose");
        ensure!(self.label != "fails in stop", "in stop, and told");
        Ok(())
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
        while let Some(datagram) = self.udp.receive()? {
            let text = String::from_utf8_lossy(&datagram.data);
            delta::set(
                "test.datagram",
                format!("{text} from {}:{}", datagram.host, datagram.port),
            )?;
        }
        Ok(())
    }

    #[post("/api/datagram")]
    fn datagram(&mut self, Json(datagram): Json<Datagram>) -> Result<()> {
        let host = datagram.host.as_deref().unwrap_or("127.0.0.1");
        Ok(self.udp.send_to(datagram.text.as_bytes(), host, datagram.port)?)
    }

    #[post("/api/multicast/:group")]
    fn multicast(&mut self, Path(group): Path<String>) -> Result<()> {
        self.udp.join_multicast(&group, Some("127.0.0.1"))?;
        Ok(self.udp.leave_multicast(&group, Some("127.0.0.1"))?)
    }

    #[post("/api/line")]
    fn line(&mut self, Json(lines): Json<Vec<String>>) -> Result<()> {
        let client = self.lines.as_mut().context("no TCP port is set")?;
        lines.iter().try_for_each(|line| client.send(line))
    }

    #[delta("test.parts.:id.amount")]
    fn amount(&mut self, Path(id): Path<String>, amount: f64) {
        self.amounts.insert(id, amount);
    }

    /// Sends all amounts of a delta at once.
    #[settled]
    fn settled(&mut self) -> Result<()> {
        if self.amounts.is_empty() {
            return Ok(());
        }
        delta::set("test.amounts", std::mem::take(&mut self.amounts))
    }

    #[put("test.stored")]
    fn store(&mut self, documents: BTreeMap<String, Raw>) -> Result<()> {
        documents.iter().try_for_each(|(name, document)| storage::save(name, document))
    }

    #[put("test.{port,starboard}.serviceDone", "test.main.serviceDone")]
    fn service_done(&mut self, by: String, origin: &Origin<'_>) -> Result<()> {
        delta::set(&[origin.path, "By"].concat(), by)
    }

    #[get("/api/stored/:name")]
    fn stored(&self, Path(name): Path<String>) -> Result<Json<Raw>> {
        let missing = || StatusError::new(404, format!("there is no {name}"));
        Ok(Json(storage::load(&name)?.ok_or_else(missing)?))
    }

    #[delete("/api/stored/:name")]
    fn remove(&mut self, Path(name): Path<String>) -> Result<()> {
        storage::remove(&name)
    }

    #[post("/api/settings")]
    fn save(&mut self, Json(config): Json<Config>) -> Result<()> {
        config::save(&config)
    }

    #[post("/api/merge")]
    fn merge(&mut self, Json(changes): Json<Raw>) -> Result<()> {
        config::merge(&changes)
    }

    #[get("/api/settings")]
    fn config(&self) -> Result<Json<Config>> {
        Ok(Json(config::read()?))
    }

    #[get("/api/model/:path")]
    fn known(&self, Path(path): Path<String>) -> Result<Json<Vec<Known>>> {
        let known = model::sources::<Raw>(&path)?.into_iter().map(|entry| Known {
            value: entry.value,
            source: entry.source,
            timestamp: entry.timestamp,
        });
        Ok(Json(known.collect()))
    }

    #[post("/api/stream/:name")]
    fn push(&mut self, Path(name): Path<String>, Json(bytes): Json<Vec<u8>>) -> Result<()> {
        stream::send(&name, &bytes)
    }

    #[post("/api/spokes/:radar")]
    fn spokes(&mut self, Path(radar): Path<String>, Json(bytes): Json<Vec<u8>>) -> Result<()> {
        stream::send_spokes(&radar, &bytes)
    }

    #[post("/api/notification/:path")]
    fn notify(&mut self, Path(path): Path<String>, Json(notice): Json<Notice>) -> Result<()> {
        match notice.state {
            notification::AlarmState::Normal => notification::clear(&path, &notice.message),
            state => notification::raise(&path, state, &notice.message),
        }
    }

    #[post("/api/set/:path")]
    fn set(
        &mut self,
        Path(path): Path<String>,
        Json(value): Json<BTreeMap<String, Raw>>,
    ) -> Result<()> {
        delta::set(&path, value.get("value"))
    }

    #[post("/api/v2/:path")]
    fn set_v2(
        &mut self,
        Path(path): Path<String>,
        Json(value): Json<BTreeMap<String, Raw>>,
    ) -> Result<()> {
        DeltaBuilder::new().version(DeltaVersion::V2).value(&path, value.get("value")).send()
    }

    #[get("/api/capabilities")]
    fn capabilities(&self) -> Json<[bool; 2]> {
        Json([
            server::has_capability(Capability::RawSockets),
            server::has_capability(Capability::Network),
        ])
    }

    #[put("test.panic")]
    #[allow(clippy::panic)]
    fn panic(&mut self, text: String) {
        panic!("{text}");
    }
}
