//! From the server's requests to the provider, and back.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use signalk_plugin_contract::providers::Reply;

use super::{ArpaChanges, Level, RadarProvider, RadarStatus};
use crate::clock;
use crate::error::{Context as _, Error, Result};
use crate::json::{self, ObjectWriter, Raw};

/// What every request has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Radar {
    radar_id: String,
}

/// A request with one more field, whatever it is called.
fn read<T: DeserializeOwned>(request: &str, key: &str) -> Result<(String, T)> {
    let radar = radar(request)?;
    let value = json::field(request, key)?.unwrap_or("null");
    Ok((radar, json::from_str(value).context(key).context("the server's request")?))
}

fn radar(request: &str) -> Result<String> {
    let Radar { radar_id } = json::from_str(request).context("the server's request")?;
    Ok(radar_id)
}

/// An object, with these fields in front of its own.
fn with(fields: &[(&str, &str)], object: &str) -> String {
    let with_field = |writer: ObjectWriter, (key, value): &(&str, &str)| writer.string(key, value);
    fields.iter().fold(ObjectWriter::new(), with_field).entries_of(object).end()
}

fn now() -> String {
    clock::now_rfc3339()
}

const NONE: &str = "null";
const DONE: &str = "true";
const SUCCESS: &str = "{\"success\":true}";

/// Returns what the server is to get for a request that failed: it counts as nothing where something was
/// asked for, as not done where `true` is waited for, and tells the reason where the server passes it on.
/// Where it passes on anything, an object would be taken for the radar's information.
pub(crate) fn failed(reply: Reply, error: &Error) -> String {
    if reply == Reply::Any {
        return NONE.into();
    }
    ObjectWriter::new().json("success", "false").string("error", &error.to_string()).end()
}

/// The functions by the names that the contract's table gives them. An error is the provider's, or says that
/// the request is not one of the server's.
macro_rules! adapters {
    ($($name:ident($plugin:ident, $request:ident) $body:block)*) => {$(
        pub(crate) fn $name<P: RadarProvider>($plugin: &mut P, $request: &str) -> Result<String> $body
    )*};
}

adapters! {
    get_radars(plugin, _request) {
        Ok(json::to_string(&plugin.radars()?)?)
    }

    get_radar_info(plugin, request) {
        let radar = radar(request)?;
        Ok(match plugin.info(&radar)? {
            Some(info) => with(&[("id", &radar)], &json::to_string(&info)?),
            None => NONE.into(),
        })
    }

    set_power(plugin, request) {
        let (radar, status): (_, RadarStatus) = read(request, "state")?;
        plugin.set_power(&radar, status)?;
        Ok(DONE.into())
    }

    set_range(plugin, request) {
        let (radar, metres) = read(request, "range")?;
        plugin.set_range(&radar, metres)?;
        Ok(DONE.into())
    }

    set_gain(plugin, request) {
        let (radar, gain): (_, Level) = read(request, "gain")?;
        plugin.set_gain(&radar, gain)?;
        Ok(DONE.into())
    }

    set_sea(plugin, request) {
        let (radar, sea): (_, Level) = read(request, "sea")?;
        plugin.set_sea(&radar, sea)?;
        Ok(DONE.into())
    }

    set_rain(plugin, request) {
        let (radar, rain): (_, Level) = read(request, "rain")?;
        plugin.set_rain(&radar, rain)?;
        Ok(DONE.into())
    }

    set_controls(plugin, request) {
        let (radar, controls): (_, BTreeMap<String, Raw>) = read(request, "controls")?;
        plugin.set_controls(&radar, &controls)?;
        Ok(DONE.into())
    }

    get_capabilities(plugin, request) {
        let capabilities = plugin.capabilities(&radar(request)?)?;
        Ok(capabilities.map_or(NONE.into(), |capabilities| capabilities.as_str().to_owned()))
    }

    get_state(plugin, request) {
        let radar = radar(request)?;
        let Some(mut state) = plugin.state(&radar)? else {
            return Ok(NONE.into());
        };
        state.timestamp.get_or_insert_with(now);
        Ok(with(&[("id", &radar)], &json::to_string(&state)?))
    }

    get_control(plugin, request) {
        let (radar, control): (_, String) = read(request, "controlId")?;
        let value = plugin.control(&radar, &control)?;
        Ok(value.map_or(NONE.into(), |value| value.as_str().to_owned()))
    }

    set_control(plugin, request) {
        let (radar, control): (_, String) = read(request, "controlId")?;
        let (_, value): (_, Raw) = read(request, "value")?;
        plugin.set_control(&radar, &control, &value)?;
        Ok(SUCCESS.into())
    }

    get_targets(plugin, request) {
        let radar = radar(request)?;
        let Some(targets) = plugin.targets(&radar)? else {
            return Ok(NONE.into());
        };
        let targets = ObjectWriter::new().json("targets", &json::to_string(&targets)?).end();
        Ok(with(&[("radarId", &radar), ("timestamp", &now())], &targets))
    }

    acquire_target(plugin, request) {
        let (radar, bearing) = read(request, "bearing")?;
        let (_, distance) = read(request, "distance")?;
        Ok(match plugin.acquire_target(&radar, bearing, distance)? {
            Some(id) => {
                let id = json::to_string(&id)?;
                ObjectWriter::new().json("success", "true").json("targetId", &id).end()
            }
            None => SUCCESS.into(),
        })
    }

    cancel_target(plugin, request) {
        let (radar, target) = read(request, "targetId")?;
        let was_there = plugin.cancel_target(&radar, target)?;
        Ok(if was_there { DONE } else { "false" }.into())
    }

    get_arpa_settings(plugin, request) {
        Ok(match plugin.arpa_settings(&radar(request)?)? {
            Some(settings) => json::to_string(&settings)?,
            None => NONE.into(),
        })
    }

    set_arpa_settings(plugin, request) {
        let (radar, changes): (_, ArpaChanges) = read(request, "settings")?;
        plugin.set_arpa_settings(&radar, &changes)?;
        Ok(SUCCESS.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::radar::{
        Acquisition, ArpaSettings, RadarInfo, RadarState, Target, TargetPosition, TargetStatus,
    };

    #[derive(Default)]
    struct Dome {
        state: RadarState,
        settings: Option<ArpaSettings>,
        bearing: f64,
    }

    impl RadarProvider for Dome {
        fn radars(&mut self) -> Result<Vec<String>> {
            Ok(vec!["dome".into()])
        }

        fn info(&mut self, radar: &str) -> Result<Option<RadarInfo>> {
            let name = "Dome \"A\"".into();
            let info = RadarInfo { name, brand: "Own".into(), ..RadarInfo::default() };
            Ok((radar == "dome").then_some(info))
        }

        fn state(&mut self, radar: &str) -> Result<Option<RadarState>> {
            Ok((radar == "dome").then(|| self.state.clone()))
        }

        fn set_control(&mut self, _: &str, control: &str, value: &Raw) -> Result<()> {
            crate::ensure!(control != "heat", "it has no \"{control}\"");
            self.state.controls.insert(control.to_owned(), value.clone());
            Ok(())
        }

        fn targets(&mut self, radar: &str) -> Result<Option<Vec<Target>>> {
            let position =
                TargetPosition { bearing: 0.5, distance: 1852.0, latitude: None, longitude: None };
            let target = Target {
                id: 7,
                status: TargetStatus::Tracking,
                position,
                motion: None,
                danger: None,
                acquisition: Acquisition::Manual,
                source_zone: None,
                first_seen: "2026-07-01T12:00:00.000Z".into(),
                last_seen: "2026-07-01T12:00:02.000Z".into(),
            };
            Ok((radar == "dome").then(|| vec![target]))
        }

        fn acquire_target(&mut self, _: &str, bearing: f64, _: f64) -> Result<Option<u32>> {
            self.bearing = bearing;
            Ok(Some(7))
        }

        fn cancel_target(&mut self, _: &str, target: u32) -> Result<bool> {
            Ok(target == 7)
        }

        fn arpa_settings(&mut self, _: &str) -> Result<Option<ArpaSettings>> {
            Ok(self.settings.clone())
        }

        fn set_arpa_settings(&mut self, _: &str, changes: &ArpaChanges) -> Result<()> {
            self.settings = self.settings.take().map(|settings| settings.changed(changes));
            Ok(())
        }
    }

    struct Least;

    impl RadarProvider for Least {
        fn radars(&mut self) -> Result<Vec<String>> {
            crate::bail!("no network")
        }

        fn info(&mut self, _: &str) -> Result<Option<RadarInfo>> {
            crate::bail!("no network")
        }
    }

    fn parsed(answer: &str) -> Value {
        serde_json::from_str(answer).unwrap()
    }

    type Adapter<P> = fn(&mut P, &str) -> Result<String>;

    #[test]
    fn radars_and_what_is_known_of_them_are_told_with_their_id() {
        let mut dome = Dome::default();
        assert_eq!(get_radars(&mut dome, "{}").unwrap(), r#"["dome"]"#);
        assert_eq!(
            parsed(&get_radar_info(&mut dome, r#"{"radarId":"dome"}"#).unwrap()),
            json!({"id": "dome", "name": "Dome \"A\"", "brand": "Own", "radarIpAddress": ""})
        );
        let state = parsed(&get_state(&mut dome, r#"{"radarId":"dome"}"#).unwrap());
        assert_eq!((&state["id"], &state["status"]), (&json!("dome"), &json!("off")));
        assert!(state["timestamp"].as_str().unwrap().ends_with('Z'));
        let targets = parsed(&get_targets(&mut dome, r#"{"radarId":"dome"}"#).unwrap());
        assert_eq!(targets["radarId"], "dome");
        assert_eq!(
            targets["targets"],
            json!([{"id": 7, "status": "tracking", "position": {"bearing": 0.5, "distance": 1852.0},
                "acquisition": "manual", "firstSeen": "2026-07-01T12:00:00.000Z",
                "lastSeen": "2026-07-01T12:00:02.000Z"}])
        );
    }

    #[test]
    fn what_is_not_there_is_null() {
        let request = r#"{"radarId":"other","controlId":"gain"}"#;
        let adapters: [Adapter<Dome>; 6] = [
            get_radar_info,
            get_capabilities,
            get_state,
            get_control,
            get_targets,
            get_arpa_settings,
        ];
        for adapter in adapters {
            assert_eq!(adapter(&mut Dome::default(), request).unwrap(), "null");
        }
    }

    #[test]
    fn every_way_to_set_something_ends_in_the_one_control() {
        let mut dome = Dome::default();
        // As 2.23 asks.
        let requests: [(Adapter<Dome>, &str); 6] = [
            (set_power, r#"{"radarId":"dome","state":"transmit"}"#),
            (set_range, r#"{"radarId":"dome","range":5556}"#),
            (set_gain, r#"{"radarId":"dome","gain":{"auto":true}}"#),
            (set_sea, r#"{"radarId":"dome","sea":{"auto":false,"value":50}}"#),
            (set_rain, r#"{"radarId":"dome","rain":{"auto":false,"value":2.5}}"#),
            (
                set_controls,
                r#"{"radarId":"dome","controls":{"zone":{"value":1,"enabled":true},"name":"A"}}"#,
            ),
        ];
        for (adapter, request) in requests {
            assert_eq!(adapter(&mut dome, request).unwrap(), "true", "{request}");
        }
        // As 2.32 asks.
        let request = r#"{"radarId":"dome","controlId":"mode","value":"bird"}"#;
        assert_eq!(set_control(&mut dome, request).unwrap(), r#"{"success":true}"#);
        let state = parsed(&get_state(&mut dome, r#"{"radarId":"dome"}"#).unwrap());
        assert_eq!(
            state["controls"],
            json!({"power": "transmit", "range": 5556.0, "gain": {"auto": true},
                "sea": {"auto": false, "value": 50.0}, "rain": {"auto": false, "value": 2.5},
                "zone": {"value": 1, "enabled": true}, "name": "A", "mode": "bird"})
        );
        let request = r#"{"radarId":"dome","controlId":"sea"}"#;
        assert_eq!(
            parsed(&get_control(&mut dome, request).unwrap()),
            json!({"auto": false, "value": 50.0})
        );
    }

    #[test]
    fn targets_are_chosen_and_let_go() {
        let mut dome = Dome::default();
        let request = r#"{"radarId":"dome","bearing":1.5,"distance":1000}"#;
        let answer = parsed(&acquire_target(&mut dome, request).unwrap());
        assert_eq!(answer, json!({"success": true, "targetId": 7}));
        assert_eq!(dome.bearing, 1.5);
        let cancel = |target: i32| format!(r#"{{"radarId":"dome","targetId":{target}}}"#);
        assert_eq!(cancel_target(&mut dome, &cancel(7)).unwrap(), "true");
        assert_eq!(cancel_target(&mut dome, &cancel(8)).unwrap(), "false");
        assert!(cancel_target(&mut dome, &cancel(-7)).is_err());
    }

    #[test]
    fn only_the_settings_that_a_client_names_change() {
        let settings = ArpaSettings {
            enabled: false,
            max_targets: 10,
            cpa_threshold: 500.0,
            tcpa_threshold: 600.0,
            lost_target_timeout: 30.0,
            auto_acquisition: 0,
            more: BTreeMap::from([("vendorFilter".into(), Raw::parse("[1, 2]").unwrap())]),
        };
        let mut dome = Dome { settings: Some(settings), ..Dome::default() };
        let request = r#"{"radarId":"dome","settings":{"enabled":true,"cpaThreshold":250,"wakeFilter":{"on":true}}}"#;
        assert_eq!(set_arpa_settings(&mut dome, request).unwrap(), r#"{"success":true}"#);
        assert_eq!(
            parsed(&get_arpa_settings(&mut dome, r#"{"radarId":"dome"}"#).unwrap()),
            json!({"enabled": true, "maxTargets": 10, "cpaThreshold": 250.0, "tcpaThreshold": 600.0,
                "lostTargetTimeout": 30.0, "autoAcquisition": 0, "vendorFilter": [1, 2],
                "wakeFilter": {"on": true}})
        );
    }

    #[test]
    fn what_a_radar_says_beside_the_rest_is_passed_on() {
        let text = r#"{"name":"Dome","brand":"Own","radarIpAddress":"","controlUrl":"http://dome","legend":{"a":1}}"#;
        let info: RadarInfo = json::from_str(text).unwrap();
        assert_eq!(info.more.keys().collect::<Vec<_>>(), ["controlUrl", "legend"]);
        assert_eq!(parsed(&json::to_string(&info).unwrap()), parsed(text));
        let state: RadarState = json::from_str(r#"{"status":"transmit","spokes":2048}"#).unwrap();
        assert_eq!(parsed(&json::to_string(&state).unwrap())["spokes"], 2048);
    }

    #[test]
    fn what_a_provider_cannot_do_is_an_error_and_never_done() {
        let request = r#"{"radarId":"a","state":"off","range":1,"gain":{"auto":true},"sea":{"auto":true},
            "rain":{"auto":true},"controls":{"x":1},"controlId":"x","value":1,"bearing":1,"distance":1,
            "targetId":1,"settings":{}}"#;
        let adapters: [Adapter<Least>; 10] = [
            set_power,
            set_range,
            set_gain,
            set_sea,
            set_rain,
            set_controls,
            set_control,
            acquire_target,
            cancel_target,
            set_arpa_settings,
        ];
        for adapter in adapters {
            let error = adapter(&mut Least, request).unwrap_err();
            assert!(error.to_string().starts_with("this radar cannot "), "{error}");
            let answer = parsed(&failed(Reply::Outcome, &error));
            assert_eq!(answer["success"], false);
            assert_eq!(answer["error"], error.to_string());
        }
        let error =
            set_control(&mut Dome::default(), r#"{"radarId":"dome","controlId":"heat","value":1}"#);
        assert_eq!(
            parsed(&failed(Reply::Outcome, &error.unwrap_err())),
            json!({"success": false, "error": "it has no \"heat\""})
        );
    }

    #[test]
    fn a_failure_is_no_information() {
        let error = get_radar_info(&mut Least, r#"{"radarId":"a"}"#).unwrap_err();
        assert_eq!(failed(Reply::Any, &error), "null");
        // Not a list, so the server leaves this provider out.
        assert!(
            parsed(&failed(Reply::List, &get_radars(&mut Least, "{}").unwrap_err())).is_object()
        );
    }

    #[test]
    fn a_request_that_is_none_is_an_error_that_names_the_field() {
        let mut dome = Dome::default();
        assert!(get_state(&mut dome, "").is_err());
        let error = get_state(&mut dome, "{}").unwrap_err().to_string();
        assert_eq!(error, "the server's request: radarId is missing");
        let error =
            set_power(&mut dome, r#"{"radarId":"a","state":"boil"}"#).unwrap_err().to_string();
        assert_eq!(
            error,
            "the server's request: state: found the text \"boil\", expected \"off\", \"standby\", \"transmit\" or \"warming\""
        );
        let error = set_range(&mut dome, r#"{"radarId":"a"}"#).unwrap_err().to_string();
        assert_eq!(error, "the server's request: range: found nothing, expected a number");
    }
}
