//! What a plugin asks of the server, as real wasm in Node.js against the `env` of
//! `tests/node/env/index.js`: configuration, data model, sockets, streams, providers.
//!
//! Run by `cargo xtask test --only node`.
#![cfg(all(target_family = "wasm", target_os = "unknown"))]

use std::collections::BTreeMap;

use signalk_plugin_contract::{ANSWER_BUFFER, SOCKET_CHUNK, TEXT_BUFFER};
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::net::{TcpStream, UdpSocket};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::radar::{RadarInfo, RadarProvider};
use signalk_plugin_sdk::resource::{Resource, ResourceProvider, ResourceQuery};
use signalk_plugin_sdk::server::Capability;
use signalk_plugin_sdk::weather::{
    ForecastRequest, ObservationRequest, WeatherData, WeatherProvider,
};
use signalk_plugin_sdk::{model, storage, stream};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[derive(Clone, Serialize, Deserialize)]
struct Thing {
    name: String,
}

impl Resource for Thing {
    const TYPE: &'static str = "things";
}

struct Plugin {
    udp: UdpSocket,
    tcp: TcpStream,
}

#[signalk_plugin(name = "Asker ⚓", model("a.path"), resources(Thing), weather, radar)]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self { udp: UdpSocket::bind(2000)?, tcp: TcpStream::open("böot.local", 10110)? })
    }

    #[put("test.store")]
    fn store(&mut self, text: String) -> Result<()> {
        storage::save("text", &text)
    }

    #[put("test.model")]
    fn look(&mut self, _: bool) -> Result<()> {
        let entry = model::entry::<Raw>("a.path")?.context("nothing")?;
        server::debug(&[entry.value.as_str(), &*entry.source].join(" "));
        Ok(())
    }

    #[put("test.udp")]
    fn datagrams(&mut self, text: String) -> Result<()> {
        self.udp.set_broadcast(true)?;
        self.udp.set_multicast_ttl(200)?;
        self.udp.set_multicast_loopback(false)?;
        self.udp.join_multicast("239.2.1.1", None)?;
        self.udp.join_multicast("239.2.1.1", Some("10.0.0.1"))?;
        self.udp.leave_multicast("239.2.1.1", Some("10.0.0.1"))?;
        self.udp.send_to(text.as_bytes(), "böot.local", 65535)?;
        while let Some(datagram) = self.udp.receive()? {
            let size = datagram.data.len().to_string();
            server::debug(&[&*size, &*datagram.host, &*datagram.port.to_string()].join(" "));
        }
        Ok(())
    }

    #[put("test.tcp")]
    fn bytes(&mut self, text: String) -> Result<()> {
        self.tcp.send(text.as_bytes())?;
        let mut bytes = Vec::new();
        while self.tcp.receive(&mut bytes)? > 0 {}
        let sum: u64 = bytes.iter().map(|byte| u64::from(*byte)).sum();
        server::debug(&[bytes.len().to_string(), sum.to_string()].join(" "));
        Ok(())
    }

    #[put("test.stream")]
    fn push(&mut self, name: String) -> Result<()> {
        stream::send_spokes(&name, &[1, 255])?;
        ensure!(server::has_capability(Capability::RawSockets), "not granted");
        ensure!(!server::has_capability(Capability::Network), "granted");
        // Without a WASI there is no name of the package, so the server takes it for nobody's.
        stream::send(&name, &[0, 254])
    }
}

impl ResourceProvider<Thing> for Plugin {
    fn list(&mut self, _: &ResourceQuery<'_>) -> Result<BTreeMap<String, Thing>> {
        Ok(BTreeMap::from([("bell".to_owned(), Thing { name: "Glocke ⚓".into() })]))
    }

    fn get(&mut self, id: &str) -> Result<Option<Thing>> {
        Ok((id == "bell").then(|| Thing { name: "Glocke ⚓".into() }))
    }
}

impl WeatherProvider for Plugin {
    fn observations(&mut self, _: &ObservationRequest) -> Result<Vec<WeatherData>> {
        bail!("no bårometer")
    }

    fn forecasts(&mut self, _: &ForecastRequest) -> Result<Vec<WeatherData>> {
        Ok(Vec::new())
    }
}

impl RadarProvider for Plugin {
    fn radars(&mut self) -> Result<Vec<String>> {
        Ok(vec!["dome".into()])
    }

    fn info(&mut self, _: &str) -> Result<Option<RadarInfo>> {
        Ok(None)
    }
}

fn get(host: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(host, &name.into()).unwrap()
}

fn set(host: &JsValue, name: &str, value: &JsValue) {
    js_sys::Reflect::set(host, &name.into(), value).unwrap();
}

fn call(host: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let method: js_sys::Function = get(host, method).unchecked_into();
    method.apply(host, &arguments.iter().collect()).unwrap()
}

fn exchange(host: &JsValue, export: &str, request: &str, max: usize) -> String {
    call(host, "exchange", &[export.into(), request.into(), (max as u32).into()])
        .as_string()
        .unwrap()
}

fn put(host: &JsValue, name: &str, value: &str) -> String {
    exchange(host, &format!("handle_put_vessels_self_test_{name}"), value, TEXT_BUFFER)
}

const DONE: &str = r#"{"state":"COMPLETED","statusCode":200}"#;

fn calls(host: &JsValue) -> String {
    let calls = get(host, "calls");
    set(host, "calls", &js_sys::Array::new());
    js_sys::JSON::stringify(&calls).unwrap().into()
}

fn started(config: &str) -> JsValue {
    let host = get(&js_sys::global(), "signalkHost");
    set(&host, "exports", &wasm_bindgen::exports());
    call(&get(&host, "exports"), "plugin_stop", &[]);
    set(&host, "calls", &js_sys::Array::new());
    set(&host, "config", &config.into());
    assert_eq!(call(&host, "sendText", &["plugin_start".into(), config.into()]), 0);
    host
}

#[wasm_bindgen_test]
fn sockets_are_bound_and_set_to_raw_before_they_connect_and_closed_at_the_end() {
    let host = started("{}");
    let told = calls(&host);
    assert!(
        told.contains(r#"["resource","things"],["weather","Asker ⚓"],["radar","Asker ⚓"]"#),
        "{told}"
    );
    assert!(
        told.contains(r#"["bind",10,2000],["lines",20,0],["connect",20,"böot.local",10110]"#),
        "{told}"
    );
    call(&get(&host, "exports"), "plugin_stop", &[]);
    let told = calls(&host);
    assert!(told.contains(r#"["close",10]"#) && told.contains(r#"["close",20]"#), "{told}");
}

#[wasm_bindgen_test]
fn a_configuration_of_any_size_is_read_whole_and_written_back() {
    for size in [10usize, 8_000, 9_000, 300_000] {
        let config = format!(r#"{{"öwner":"{}"}}"#, "x".repeat(size));
        let host = started(&config);
        calls(&host);
        assert_eq!(put(&host, "store", "\"⚓\""), DONE);
        let asked = calls(&host).matches("asked").count();
        assert_eq!(asked, 1 + usize::from(size > 8_100) + usize::from(size > 262_144), "{size}");
        let saved = get(&host, "config").as_string().unwrap();
        let stored = r#","signalk-plugin-sdk":{"revision":"#;
        assert!(saved.starts_with(config.trim_end_matches('}')), "{}", &saved[..60]);
        assert!(saved.contains(stored) && saved.ends_with(r#""documents":{"text":"⚓"}}}"#));
        // Another text, so that it is written the next time too.
        put(&host, "store", &format!("\"{size}\""));
    }
}

#[wasm_bindgen_test]
fn a_node_of_the_data_model_is_read_whole() {
    let host = started("{}");
    assert!(put(&host, "model", "true").contains("nothing"));
    let value = "y".repeat(16_000);
    let node = format!(r#"{{"value":"{value}","$source":"möst","timestamp":"t"}}"#);
    set(&get(&host, "selfPaths"), "a.path", &node.into());
    calls(&host);
    assert_eq!(put(&host, "model", "true"), DONE);
    let told = calls(&host);
    assert!(told.contains(&format!("\\\"{value}\\\" möst")), "{}", &told[..100]);
}

#[wasm_bindgen_test]
fn datagrams_go_out_and_come_in_with_the_longest_addresses() {
    let host = started("{}");
    calls(&host);
    let datagrams = js_sys::JSON::parse(
        r#"[{"data":[1,2,3],"address":"10.0.0.7","port":513},
            {"data":[],"address":"fe80:1234:5678:9abc:def0:1234:255.255.255.255%verylongname0","port":65535}]"#,
    );
    set(&host, "datagrams", &datagrams.unwrap());
    assert_eq!(put(&host, "udp", "\"ß\""), DONE);
    assert_eq!(
        calls(&host),
        concat!(
            r#"[["broadcast",10,1],["ttl",10,200],["loopback",10,0],["join",10,"239.2.1.1",""],"#,
            r#"["join",10,"239.2.1.1","10.0.0.1"],["leave",10,"239.2.1.1","10.0.0.1"],["datagram",10,"böot.local",65535,[195,159]],"#,
            r#"["debug","3 10.0.0.7 513"],"#,
            r#"["debug","0 fe80:1234:5678:9abc:def0:1234:255.255.255.255%verylongname0 65535"]]"#
        )
    );
}

#[wasm_bindgen_test]
fn a_stream_is_read_in_chunks_of_the_largest_size() {
    let host = started("{}");
    calls(&host);
    let chunks = js_sys::Array::new();
    for fill in [1u8, 2, 255] {
        let chunk = js_sys::Array::new_with_length(SOCKET_CHUNK as u32);
        chunk.fill(&fill.into(), 0, SOCKET_CHUNK as u32);
        chunks.push(&chunk);
    }
    set(&host, "chunks", &chunks);
    assert_eq!(put(&host, "tcp", "\"ß\""), DONE);
    let sum = SOCKET_CHUNK as u64 * 258;
    let expected = format!(r#"[["sent",20,[195,159]],["debug","196608 {sum}"]]"#);
    assert_eq!(calls(&host), expected);
}

#[wasm_bindgen_test]
fn bytes_reach_a_stream_as_they_are() {
    let host = started("{}");
    calls(&host);
    assert_eq!(put(&host, "stream", "\"dome\""), DONE);
    assert_eq!(calls(&host), r#"[["spokes","dome",[1,255]],["stream","plugins//dome",[0,254]]]"#);
}

#[wasm_bindgen_test]
fn providers_answer_through_the_hosts_buffer() {
    let host = started("{}");
    let get_bell = r#"{"id":"bell","property":"name","resourceType":"things"}"#;
    let bell = exchange(&host, "resources_get_resource", get_bell, ANSWER_BUFFER);
    assert!(bell.starts_with(r#"{"value":"Glocke ⚓","timestamp":""#), "{bell}");
    let list =
        exchange(&host, "resources_list_resources", r#"{"resourceType":"things"}"#, ANSWER_BUFFER);
    assert!(list.starts_with(r#"{"bell":{"#), "{list}");
    let missing = r#"{"id":"x","resourceType":"things"}"#;
    assert_eq!(
        exchange(&host, "resources_get_resource", missing, ANSWER_BUFFER),
        "Error: not found"
    );
    let request = r#"{"position":{"latitude":1,"longitude":2},"options":{}}"#;
    let failed = exchange(&host, "weather_get_observations", request, ANSWER_BUFFER);
    assert_eq!(failed, r#"{"state":"FAILED","statusCode":500,"message":"no bårometer"}"#);
    let radars = call(&host, "ask", &["radar_get_radars".into(), (ANSWER_BUFFER as u32).into()]);
    assert_eq!(radars, r#"["dome"]"#);
    let info = exchange(&host, "radar_get_radar_info", r#"{"radarId":"dome"}"#, ANSWER_BUFFER);
    assert_eq!(info, "null");
    // Whatever the server sends is answered, and with nothing where there is no room.
    for export in ["resources_get_resource", "weather_get_forecasts", "radar_set_power"] {
        assert_ne!(exchange(&host, export, "[", ANSWER_BUFFER), "");
        assert_eq!(exchange(&host, export, "[", 3), "");
    }
}
