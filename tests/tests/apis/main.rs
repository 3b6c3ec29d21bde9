//! Everything that the host offers, used by a plugin on real Signal K servers, and what of it is
//! seen outside: on WebSockets, in files, at peers, in what the server's APIs answer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects"
)]

mod embedded;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use signalk_plugin_tests::delta::{dashboard_line, value};
use signalk_plugin_tests::env::{InstalledServer, plugin_folder};
use signalk_plugin_tests::{
    Answer, BuiltPlugin, Server, ServerVersion, Socket, Stream, Way, cases, later,
};

const PLUGIN: &str = "signalk-test-surface";
const PATIENCE: Duration = Duration::from_secs(60);

cases! {
    [server]
    everything_works
}

fn everything_works(way: Way) {
    uses_everything(&way.installed(), way.version() != ServerVersion::V2_23);
}

fn uses_everything(installed: &InstalledServer, is_2_32: bool) {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = json!({ "tcpPort": tcp.local_addr().unwrap().port(), "label": "kept" });
    let mut boat = Boat::launch(installed, &config, is_2_32);
    boat.datagrams_go_out_and_come_in();
    // A peer that drops the connection a second time is told of for a minute.
    let _peer = boat.lines_go_out_and_come_in_and_a_lost_connection_is_made_again(&tcp);
    boat.the_copy_of_the_data_model_has_every_source();
    boat.notifications_are_raised_updated_and_cleared();
    boat.zones_of_metadata_raise_the_alarm();
    boat.what_is_for_the_v2_data_model_stays_out_of_v1();
    boat.curl_gets_what_it_asks_for();
    boat.bytes_reach_those_who_follow_a_stream();
    boat.resources_are_served_where_the_server_serves_its_own();
    boat.a_kind_of_resources_of_its_own_is_served_too();
    boat.weather_is_served();
    boat.a_radar_is_served();
    boat.capabilities_are_known();
    boat.a_put_is_answered_on_the_websocket();
    boat.settings_are_saved_and_merged();
    boat.what_is_stored_outlasts_old_forms_and_power_cuts();
    boat.a_crash_closes_the_sockets(&tcp);
    drop(boat);
    an_old_configuration_is_migrated(installed, is_2_32);
    what_was_stored_outlasts_a_form_also_before_the_first_look(installed, is_2_32);
    a_start_that_is_told_as_failed_provides_nothing_until_it_succeeds(installed, is_2_32);
    a_name_that_does_not_exist_and_a_stop_that_panics_are_told(installed, is_2_32);
    a_missing_capability_is_named_on_the_dashboard(installed, is_2_32);
}

struct Boat {
    stream: Stream,
    server: Server,
    is_2_32: bool,
}

impl Boat {
    fn launch(installed: &InstalledServer, config: &Value, is_2_32: bool) -> Self {
        let folder = plugin_folder(PLUGIN).unwrap();
        let builder = Server::builder(installed.clone());
        let server = builder.enabled_plugin(folder, config).start().unwrap();
        let stream = server.stream().unwrap();
        Self { stream, server, is_2_32 }
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.server.rest().ask(method, path, body).unwrap()
    }

    /// Tells the plugin to do something.
    fn tell(&self, path: &str, body: &Value) {
        let answer = self.ask("POST", &format!("/plugins/{PLUGIN}/api/{path}"), Some(body));
        assert_eq!((answer.status, &*answer.body), (204, ""), "{path} {body}");
    }

    fn get(&self, path: &str) -> (u16, Value) {
        self.server.rest().get(path).unwrap()
    }

    fn wait_for(&self, from: usize, path: &str, expected: impl Fn(&Value) -> bool) -> Value {
        let is_it = |message: &Value| value(message, path).is_some_and(&expected);
        let found = self.stream.wait_for_after(from, path, PATIENCE, is_it).unwrap();
        value(&found.message, path).unwrap().clone()
    }

    fn wait_for_line(&self, from: usize, is_error: bool, part: &str) {
        let is_it = |message: &Value| {
            dashboard_line(message, PLUGIN)
                .is_some_and(|line| line.is_error == is_error && line.text.contains(part))
        };
        self.stream.wait_for_after(from, part, PATIENCE, is_it).unwrap();
    }

    /// What the server's file holds.
    fn saved(&self) -> Value {
        let folder = self.server.config_folder().join("plugin-config-data");
        let text = fs::read_to_string(folder.join(format!("{PLUGIN}.json"))).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["configuration"].clone()
    }

    fn datagrams_go_out_and_come_in(&self) {
        let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
        peer.set_read_timeout(Some(PATIENCE)).unwrap();
        let address = peer.local_addr().unwrap();
        let ask = json!({ "port": address.port(), "text": "ahoy ⚓" });
        self.tell("datagram", &ask);
        let mut bytes = [0; 64];
        let (len, from) = peer.recv_from(&mut bytes).unwrap();
        assert_eq!(&bytes[..len], "ahoy ⚓".as_bytes());
        let to = ("127.0.0.1", from.port());
        peer.send_to("aye\u{0} ⚓".as_bytes(), to).unwrap();
        let expected = format!("aye\u{0} ⚓ from {address}");
        self.wait_for(0, "test.datagram", |value| *value == expected.as_str());
        peer.send_to(b"", to).unwrap();
        let expected = format!(" from {address}");
        self.wait_for(0, "test.datagram", |value| *value == expected.as_str());
        self.tell("multicast/239.2.1.1", &json!({}));
        // The system refuses a broadcast of a socket that may not.
        let everybody = UdpSocket::bind("0.0.0.0:0").unwrap();
        everybody.set_read_timeout(Some(PATIENCE)).unwrap();
        let port = everybody.local_addr().unwrap().port();
        let broadcast = json!({ "host": "127.255.255.255", "port": port, "text": "all" });
        self.tell("datagram", &broadcast);
        let (len, _) = everybody.recv_from(&mut bytes).unwrap();
        assert_eq!(&bytes[..len], b"all");
    }

    fn lines_go_out_and_come_in_and_a_lost_connection_is_made_again(
        &self,
        tcp: &TcpListener,
    ) -> TcpStream {
        let mut peer = accept(tcp);
        peer.write_all("$GPRMC,1\r\n\r\n$GPGGA,é".as_bytes()).unwrap();
        self.wait_for(0, "test.line", |line| *line == "$GPRMC,1");
        self.wait_for(0, "test.line", |line| *line == "");
        peer.write_all(b"\n").unwrap();
        self.wait_for(0, "test.line", |line| *line == "$GPGGA,é");
        self.tell("line", &json!(["$PING", "$PONG"]));
        let mut sent = [0; 14];
        peer.read_exact(&mut sent).unwrap();
        assert_eq!(&sent, b"$PING\r\n$PONG\r\n");

        let before = self.stream.position();
        drop(peer);
        let address = tcp.local_addr().unwrap();
        self.wait_for_line(before, true, &format!("{address}: the connection has ended"));
        let mut peer = accept(tcp);
        peer.write_all(b"again\n").unwrap();
        self.wait_for(before, "test.line", |line| *line == "again");
        self.wait_for_line(before, false, "radius 50");
        peer
    }

    fn the_copy_of_the_data_model_has_every_source(&self) {
        let path = "environment.outside.temperature";
        let mut client = self.server.client().unwrap();
        for (source, kelvin) in [("mast", 281.5), ("hull", 279.5)] {
            client
                .send(&json!({
                    "context": "vessels.self",
                    "updates": [{
                        "$source": source,
                        "timestamp": "2026-01-01T00:00:00.000Z",
                        "values": [{ "path": path, "value": kelvin }],
                    }],
                }))
                .unwrap();
            self.wait_for(0, path, |value| *value == kelvin);
        }
        self.tell(&format!("set/{path}"), &json!({ "value": 280.25 }));
        self.wait_for(0, path, |value| *value == 280.25);
        let (status, known) = self.get(&format!("/plugins/{PLUGIN}/api/model/{path}"));
        assert_eq!(status, 200, "{known}");
        let values: Vec<_> = known.as_array().unwrap().iter().map(|it| &it["value"]).collect();
        assert_eq!(values, [&json!(280.25), &json!(279.5), &json!(281.5)]);
        assert_eq!(known[0]["source"], PLUGIN);
        assert_eq!(known[2]["timestamp"], "2026-01-01T00:00:00.000Z");
        let (status, error) = self.get(&format!("/plugins/{PLUGIN}/api/model/navigation.state"));
        assert_eq!(status, 500);
        assert!(error["error"].as_str().unwrap().contains("is not kept"), "{error}");
    }

    fn notifications_are_raised_updated_and_cleared(&self) {
        for (state, message) in [
            ("alert", "something"),
            ("emergency", "much worse"),
            ("warn", "better"),
            ("normal", "well again"),
        ] {
            let before = self.stream.position();
            self.tell("notification/test.notice", &json!({ "state": state, "message": message }));
            let notice =
                self.wait_for(before, "notifications.test.notice", |value| value["state"] == state);
            assert_eq!(notice["message"], message);
        }
        let node = self.server.rest().own("notifications.test.notice").unwrap().unwrap();
        assert_eq!(node["value"]["state"], "normal");
    }

    fn zones_of_metadata_raise_the_alarm(&self) {
        let path = "notifications.test.temperature";
        for (kelvin, state) in [(370.0, "alarm"), (290.0, "nominal"), (365.0, "alarm")] {
            let before = self.stream.position();
            self.tell("set/test.temperature", &json!({ "value": kelvin }));
            let notice = self.wait_for(before, path, |value| value["state"] == state);
            if state == "alarm" {
                assert_eq!(notice["message"], "Too hot");
            }
        }
        let meta = self.server.rest().own("test.temperature").unwrap().unwrap();
        assert_eq!(meta["meta"]["units"], "K");
    }

    fn what_is_for_the_v2_data_model_stays_out_of_v1(&self) {
        let before = self.stream.position();
        self.tell("v2/test.second", &json!({ "value": 2.5 }));
        self.wait_for(before, "test.second", |value| *value == 2.5);
        assert_eq!(self.server.rest().own("test.second").unwrap(), None);
    }

    /// A client that is not ours, byte by byte.
    fn curl_gets_what_it_asks_for(&self) {
        let url = format!("{}/plugins/{PLUGIN}/api/settings", self.server.rest().base());
        let curl = |arguments: &[&str]| {
            let mut curl = std::process::Command::new("curl");
            curl.args(["--silent", "--show-error", "--noproxy", "*", "--include"]);
            let output = curl.args(arguments).arg(&url).output();
            let output = output.expect("curl is needed for this test and could not be started");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let answer = curl(&[]);
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let media_type = "content-type: application/json; charset=utf-8";
        assert!(head.to_ascii_lowercase().contains(media_type), "{head}");
        assert_eq!(serde_json::from_str::<Value>(body).unwrap()["label"], "kept");
        let json =
            ["--header", "Content-Type: application/json", "--data", "{\"radius\":\"wide\"}"];
        let answer = curl(&json);
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
        assert!(
            answer.contains("radius: found the text \\\"wide\\\", expected a number"),
            "{answer}"
        );
    }

    fn bytes_reach_those_who_follow_a_stream(&self) {
        let base = "/signalk/v2/api/";
        for (follow, push) in [
            (format!("streams/plugins/{PLUGIN}/spectrum"), "stream/spectrum"),
            ("streams/radars/dome".to_owned(), "spokes/dome"),
        ] {
            let path = format!("{base}{follow}");
            let mut follower = Socket::connect(self.server.port(), &path).unwrap();
            self.tell(push, &json!([0, 127, 128, 255]));
            assert_eq!(follower.bytes().unwrap(), [0, 127, 128, 255], "{follow}");
        }
        let path = format!("/plugins/{PLUGIN}/api/stream/no%20name");
        let refused = self.ask("POST", &path, Some(&json!([1])));
        assert_eq!(refused.status, 500);
        assert!(refused.body.contains("is no name for a stream"), "{}", refused.body);
    }

    fn resources_are_served_where_the_server_serves_its_own(&self) {
        let waypoints = "/signalk/v2/api/resources/waypoints";
        let id = "ad825f6c-1ae9-4f76-abc4-df2866b14b78";
        let waypoint = json!({
            "name": "Buoy",
            "timestamp": "1999-01-01T00:00:00.000Z",
            "feature": {
                "type": "Feature",
                "geometry": { "type": "Point", "coordinates": [5.25, 52.5] },
                "properties": { "colour": { "top": "red" } },
                "id": "f1",
            },
        });
        let before = self.stream.position();
        let put = format!("{waypoints}/{id}?provider={PLUGIN}");
        assert_eq!(self.ask("PUT", &put, Some(&waypoint)).status, 200);
        self.wait_for(before, "test.kept", |value| *value == id);
        let (status, kept) = self.get(&format!("{waypoints}/{id}"));
        assert_eq!((status, &kept["name"]), (200, &json!("Buoy")), "{kept}");
        assert_eq!(kept["feature"], waypoint["feature"], "nothing is lost");
        assert_eq!(kept["$source"], PLUGIN);
        let changed = kept["timestamp"].as_str().unwrap_or_default();
        assert!(changed > "2000", "the time of the change: {kept}");
        let (_, list) = self.get(waypoints);
        assert_eq!(list[id]["feature"]["geometry"]["coordinates"], json!([5.25, 52.5]), "{list}");
        let (status, name) = self.get(&format!("{waypoints}/{id}/name"));
        assert_eq!((status, &name["value"]), (200, &json!("Buoy")), "{name}");
        let (_, colour) = self.get(&format!("{waypoints}/{id}/feature/properties/colour/top"));
        assert_eq!(colour["value"], "red", "{colour}");
        let before = self.stream.position();
        assert_eq!(self.ask("DELETE", &format!("{waypoints}/{id}"), None).status, 200);
        self.wait_for(before, "test.deleted", |value| *value == id);
        let (status, gone) = self.get(&format!("{waypoints}/{id}"));
        // 2.23 answers that it found an empty object.
        let expected = if self.is_2_32 { (404, true) } else { (200, true) };
        assert_eq!((status, gone["name"].is_null()), expected, "{gone}");
        let (_, list) = self.get(&format!("{waypoints}?provider={PLUGIN}"));
        assert_eq!(list, json!({}));
    }

    fn a_kind_of_resources_of_its_own_is_served_too(&self) {
        let things = "/signalk/v2/api/resources/things";
        let before = self.stream.position();
        let thing = json!({ "name": "Bell", "size": 2.5 });
        assert_eq!(self.ask("PUT", &format!("{things}/bell"), Some(&thing)).status, 200);
        self.wait_for(before, "test.kept", |value| *value == "bell");
        let (_, list) = self.get(things);
        assert_eq!(list["bell"]["size"], 2.5, "{list}");
        let (_, size) = self.get(&format!("{things}/bell/size"));
        assert_eq!(size["value"], 2.5, "{size}");
        // The server says 200 whatever the plugin says; the owner sees why it is not there.
        let before = self.stream.position();
        let refused = self.ask("PUT", &format!("{things}/refused?provider={PLUGIN}"), Some(&thing));
        assert_eq!(refused.status, 200);
        self.wait_for_line(
            before,
            true,
            "storing a resource: things/refused: refused is not taken",
        );
        let (_, list) = self.get(things);
        assert!(list["refused"].is_null(), "{list}");
        let wrong = self.ask(
            "PUT",
            &format!("{things}/wrong?provider={PLUGIN}"),
            Some(&json!({ "name": 1 })),
        );
        assert_eq!(wrong.status, 200);
        self.wait_for_line(before, true, "name: found 1, expected a text");
        let before = self.stream.position();
        assert_eq!(self.ask("PUT", &format!("{things}/bell"), Some(&thing)).status, 200);
        self.wait_for_line(before, false, "radius");
    }

    fn weather_is_served(&self) {
        let base = "/signalk/v2/api/weather";
        let (_, providers) = self.get(&format!("{base}/_providers"));
        assert_eq!(providers[PLUGIN]["name"], "Surface", "{providers}");
        let (status, seen) = self.get(&format!("{base}/observations?lat=10.5&lon=20"));
        assert_eq!(status, 200, "{seen}");
        assert_eq!(seen[0]["outside"]["temperature"], 290.5, "{seen}");
        assert_eq!(seen[0]["type"], "observation");
        for (kind, kelvin) in [("daily", 270.25), ("point", 290.25)] {
            let url = format!("{base}/forecasts/{kind}?lat=10&lon=20&count=2");
            let (status, forecast) = self.get(&url);
            assert_eq!(status, 200, "{forecast}");
            assert_eq!(forecast.as_array().unwrap().len(), 2, "{forecast}");
            assert_eq!(forecast[1]["outside"]["temperature"], kelvin);
            assert_eq!(forecast[1]["type"], kind);
        }
        let (status, warnings) = self.get(&format!("{base}/warnings?lat=10&lon=20"));
        assert_eq!((status, &warnings[0]["details"]), (200, &json!("Gale")), "{warnings}");
        let before = self.stream.position();
        let (_, failed) = self.get(&format!("{base}/observations?lat=90&lon=0"));
        assert!(failed.to_string().contains("there is no weather at the pole"), "{failed}");
        self.wait_for_line(before, true, "weather observations: there is no weather at the pole");
        let before = self.stream.position();
        self.get(&format!("{base}/observations?lat=10&lon=20"));
        self.wait_for_line(before, false, "radius");
    }

    fn a_radar_is_served(&self) {
        let base = "/signalk/v2/api/vessels/self/radars";
        let (status, list) = self.get(base);
        assert_eq!(status, 200, "{list}");
        assert!(list.to_string().contains("Dome"), "{list}");
        let (_, known) = self.get(&format!("{base}/dome/capabilities"));
        assert_eq!(known["maxRange"], 1_852, "{known}");
        let before = self.stream.position();
        let gain = json!({ "auto": false, "value": 50.5 });
        let set = match self.is_2_32 {
            true => self.ask(
                "PUT",
                &format!("{base}/dome/controls/gain"),
                Some(&json!({ "value": gain })),
            ),
            false => self.ask("PUT", &format!("{base}/dome/gain"), Some(&gain)),
        };
        assert_eq!(set.status, 200, "{}", set.body);
        self.wait_for(before, "test.radar.gain", |value| *value == gain);
        let (status, state) = self.get(&format!("{base}/dome/state"));
        assert_eq!((status, &state["controls"]["gain"]), (200, &gain), "{state}");
        let target = json!({ "bearing": 1.5, "distance": 900.5 });
        let acquired = self.ask("POST", &format!("{base}/dome/targets"), Some(&target));
        assert!(acquired.status < 300 && acquired.body.contains('7'), "{}", acquired.body);
        self.wait_for(before, "test.radar.target", |value| *value == json!([1.5, 900.5]));
        let cancelled = self.ask("DELETE", &format!("{base}/dome/targets/7"), None);
        assert!(cancelled.status < 300, "{}", cancelled.body);
        self.wait_for(before, "test.radar.cancelled", |value| *value == 7);
        let arpa = json!({ "enabled": true });
        let changed = self.ask("PUT", &format!("{base}/dome/arpa/settings"), Some(&arpa));
        assert!(changed.status < 300, "{}", changed.body);
        self.wait_for(before, "test.radar.arpa", |value| value["enabled"] == true);
        assert_eq!(self.get(&format!("{base}/other/state")).0, 404);
    }

    fn capabilities_are_known(&self) {
        let (_, known) = self.get(&format!("/plugins/{PLUGIN}/api/capabilities"));
        assert_eq!(known, json!([true, false]));
    }

    fn a_put_is_answered_on_the_websocket(&self) {
        let mut client = self.server.client().unwrap();
        let done = client.put("test.stored", &json!({ "note": [1, 2] })).unwrap();
        assert_eq!(
            (&done["state"], &done["statusCode"]),
            (&json!("COMPLETED"), &json!(200)),
            "{done}"
        );
        let refused = client.put("test.stored", &json!("no map")).unwrap();
        assert_eq!(refused["statusCode"], 400, "{refused}");
        assert!(
            refused["message"].as_str().unwrap().contains("found the text \"no map\""),
            "{refused}"
        );
    }

    fn settings_are_saved_and_merged(&self) {
        let port = self.saved()["tcpPort"].clone();
        let whole =
            json!({ "tcpHost": "127.0.0.1", "tcpPort": port, "radius": 60.5, "label": "whole" });
        self.tell("settings", &whole);
        let saved = self.saved();
        assert_eq!((&saved["radius"], &saved["label"]), (&json!(60.5), &json!("whole")), "{saved}");
        assert_eq!(saved["signalk-plugin-sdk"]["documents"]["note"], json!([1, 2]));
        self.tell("merge", &json!({ "radius": 65.5, "label": null }));
        let saved = self.saved();
        assert_eq!((&saved["radius"], saved.get("label")), (&json!(65.5), None), "{saved}");
        let (_, read) = self.get(&format!("/plugins/{PLUGIN}/api/settings"));
        assert_eq!(
            (&read["tcpPort"], &read["radius"], &read["label"]),
            (&port, &json!(65.5), &json!(""))
        );
        for wrong in [json!([]), json!({ "tcpPort": 65_536 })] {
            let answer = self.ask("POST", &format!("/plugins/{PLUGIN}/api/merge"), Some(&wrong));
            assert_eq!(answer.status, 500, "{}", answer.body);
        }
        assert_eq!(self.saved()["tcpPort"], port);
    }

    fn what_is_stored_outlasts_old_forms_and_power_cuts(&mut self) {
        let old_form = self.saved();
        let mut client = self.server.client().unwrap();
        let anchor = json!({ "anchor": { "latitude": 52.5, "longitude": 5.25 } });
        assert_eq!(client.put("test.stored", &anchor).unwrap()["statusCode"], 200);
        assert_eq!(self.saved()["signalk-plugin-sdk"]["documents"]["anchor"], anchor["anchor"]);

        // A form that was opened before posts what it had, and the plugin starts anew.
        let before = self.stream.position();
        self.server.rest().save_config(PLUGIN, &old_form).unwrap();
        self.wait_for_line(before, false, "radius 65.5");
        assert_eq!(self.saved()["signalk-plugin-sdk"]["documents"]["anchor"], anchor["anchor"]);
        let stored = format!("/plugins/{PLUGIN}/api/stored/anchor");
        assert_eq!(self.get(&stored), (200, anchor["anchor"].clone()));

        // Nor does one lose it that disables the plugin, which is not started again before the end.
        let off = json!({ "enabled": false, "configuration": old_form });
        let config = format!("/plugins/{PLUGIN}/config");
        assert_eq!(self.server.rest().post(&config, &off).unwrap().0, 200);
        assert_eq!(self.saved()["signalk-plugin-sdk"]["documents"]["anchor"], anchor["anchor"]);
        // The form that enables it again is as old, and no stop comes between the post and the start.
        let before = self.stream.position();
        self.server.rest().save_config(PLUGIN, &old_form).unwrap();
        self.wait_for_line(before, false, "radius 65.5");
        assert_eq!(self.saved()["signalk-plugin-sdk"]["documents"]["anchor"], anchor["anchor"]);
        self.server.rest().post(&config, &off).unwrap();
        // A newer build of the plugin finds it too: other bytes, the same package.
        let wasm =
            self.server.config_folder().join("node_modules").join(PLUGIN).join("plugin.wasm");
        fs::write(&wasm, later(&fs::read(&wasm).unwrap())).unwrap();
        self.server.restart().unwrap();
        self.server.rest().save_config(PLUGIN, &self.saved()).unwrap();
        self.stream = self.server.stream().unwrap();
        self.wait_for_line(0, false, "radius 65.5");
        assert_eq!(self.get(&stored), (200, anchor["anchor"].clone()));
        self.a_torn_file_is_not_written_over();
        assert_eq!(self.ask("DELETE", &stored, None).status, 204);
        assert_eq!(self.get(&stored).0, 404);
        let documents = self.saved()["signalk-plugin-sdk"]["documents"].clone();
        assert_eq!(documents, json!({ "note": [1, 2] }));
    }

    fn a_torn_file_is_not_written_over(&self) {
        let folder = self.server.config_folder().join("plugin-config-data");
        let file = folder.join(format!("{PLUGIN}.json"));
        let whole = fs::read(&file).unwrap();
        let torn = &whole[..whole.len() / 2];
        fs::write(&file, torn).unwrap();
        let mut client = self.server.client().unwrap();
        let answer = client.put("test.stored", &json!({ "lost": 1 })).unwrap();
        let message = answer["message"].as_str().unwrap_or_default();
        assert!(message.contains("gone or damaged"), "{answer}");
        assert_eq!(fs::read(&file).unwrap(), torn);
        fs::write(&file, whole).unwrap();
    }

    fn a_crash_closes_the_sockets(&self, tcp: &TcpListener) {
        // Those of before the restart are in the queue, and at their end.
        let mut peer = accept(tcp);
        while peer.peek(&mut [0]).is_ok_and(|len| len == 0) {
            peer = accept(tcp);
        }
        let mut client = self.server.client().unwrap();
        client.put("test.panic", &json!("on purpose")).unwrap();
        assert_eq!(peer.read(&mut [0; 8]).unwrap(), 0, "closed by the poll after the crash");
        let mut peer = accept(tcp);
        let before = self.stream.position();
        peer.write_all(b"afresh\n").unwrap();
        self.wait_for(before, "test.line", |line| *line == "afresh");
    }
}

/// Waits for the plugin, as long as it takes.
fn accept(listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).unwrap();
    let deadline = Instant::now() + PATIENCE;
    loop {
        match listener.accept() {
            Ok((peer, _)) => {
                peer.set_nonblocking(false).unwrap();
                peer.set_read_timeout(Some(PATIENCE)).unwrap();
                return peer;
            }
            Err(error) => assert!(Instant::now() < deadline, "nobody connected: {error}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn an_old_configuration_is_migrated(installed: &InstalledServer, is_2_32: bool) {
    let boat = Boat::launch(installed, &json!({ "radiusInFeet": 100 }), is_2_32);
    boat.wait_for_line(0, false, "radius 30.48");
    let saved = boat.saved();
    assert_eq!((&saved["radius"], saved.get("radiusInFeet")), (&json!(30.48), None), "{saved}");
}

fn what_was_stored_outlasts_a_form_also_before_the_first_look(
    installed: &InstalledServer,
    is_2_32: bool,
) {
    let stored = json!({ "revision": 1, "documents": { "note": [1, 2] } });
    let config = json!({ "radius": 51.5, "signalk-plugin-sdk": stored });
    let boat = Boat::launch(installed, &config, is_2_32);
    boat.wait_for_line(0, false, "radius 51.5");
    let before = boat.stream.position();
    boat.server.rest().save_config(PLUGIN, &json!({ "radius": 52.5 })).unwrap();
    boat.wait_for_line(before, false, "radius 52.5");
    let note = format!("/plugins/{PLUGIN}/api/stored/note");
    assert_eq!(boat.get(&note), (200, json!([1, 2])));
}

fn a_name_that_does_not_exist_and_a_stop_that_panics_are_told(
    installed: &InstalledServer,
    is_2_32: bool,
) {
    let config =
        json!({ "tcpHost": "nobody.invalid", "tcpPort": 10110, "label": "panics in stop" });
    let boat = Boat::launch(installed, &config, is_2_32);
    boat.wait_for_line(0, true, "nobody.invalid:10110: no connection: check that the address");
    let before = boat.stream.position();
    let body = json!({ "enabled": true, "configuration": { "radius": 60.5 } });
    let save = format!("/plugins/{PLUGIN}/config");
    assert_eq!(boat.server.rest().post(&save, &body).unwrap().0, 500);
    boat.wait_for_line(before, true, "Crashed: in stop, on purpose (");
    // The server does not start it by a save any more; disabled and enabled, it runs.
    let before = boat.stream.position();
    boat.server.rest().post(&save, &json!({ "enabled": false, "configuration": {} })).unwrap();
    boat.server.rest().save_config(PLUGIN, &json!({ "radius": 61.5 })).unwrap();
    boat.wait_for_line(before, false, "radius 61.5");
    let failing = json!({ "radius": 62.5, "label": "fails in stop" });
    boat.server.rest().save_config(PLUGIN, &failing).unwrap();
    boat.wait_for_line(before, false, "radius 62.5");
    let before = boat.stream.position();
    boat.server.rest().post(&save, &json!({ "enabled": false, "configuration": {} })).unwrap();
    boat.wait_for_line(before, true, "in stop, and told");
}

fn a_start_that_is_told_as_failed_provides_nothing_until_it_succeeds(
    installed: &InstalledServer,
    is_2_32: bool,
) {
    let strict = "signalk-test-strict";
    let folder = plugin_folder(strict).unwrap();
    let builder = Server::builder(installed.clone());
    let server = builder.enabled_plugin(folder, &json!({})).start().unwrap();
    let stream = server.stream().unwrap();
    let is_it = |message: &Value| {
        dashboard_line(message, strict).is_some_and(|line| line.text == "not ready")
    };
    stream.wait_for("why it does not start", PATIENCE, is_it).unwrap();
    let gadgets = "/signalk/v2/api/resources/gadgets";
    let bell = format!("{gadgets}/bell");
    let nobody = || {
        // Where nobody provides them, both servers say so.
        let (status, answer) = server.rest().get(&bell).unwrap();
        assert!(status >= 400, "{is_2_32} {status} {answer}");
        let (status, answer) = server.rest().get(gadgets).unwrap();
        assert!(status >= 400, "{is_2_32} {status} {answer}");
    };
    nobody();
    // A save does not start it any more.
    let config = format!("/plugins/{strict}/config");
    let right = json!({ "enabled": true, "configuration": { "ready": true } });
    server.rest().post(&config, &right).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    nobody();
    let off = json!({ "enabled": false, "configuration": {} });
    server.rest().post(&config, &off).unwrap();
    server.rest().save_config(strict, &json!({ "ready": true })).unwrap();
    let (status, answer) = server.rest().get(&bell).unwrap();
    assert_eq!((status, &answer["name"]), (200, &json!("Bell")), "{answer}");
}

fn a_missing_capability_is_named_on_the_dashboard(installed: &InstalledServer, is_2_32: bool) {
    let providers = ["putHandlers", "resourceProvider", "weatherProvider", "radarProvider"];
    let needs_providers = "test.stored cannot be served: package.json needs \"putHandlers\": true in \
         wasmCapabilities, and \"resourceProvider\": true, and \"weatherProvider\": true, and \
         \"radarProvider\": true";
    let needs_sockets =
        "sockets are not allowed: package.json needs \"rawSockets\": true in wasmCapabilities";
    for (missing, line) in [(&providers[..], needs_providers), (&["rawSockets"], needs_sockets)] {
        let folder = BuiltPlugin::of(PLUGIN).unwrap().without(missing).unwrap().copy().unwrap();
        let builder = Server::builder(installed.clone());
        let server = builder.enabled_plugin(folder.path(), &json!({})).start().unwrap();
        let stream = server.stream().unwrap();
        Boat { stream, server, is_2_32 }.wait_for_line(0, true, line);
    }
}
