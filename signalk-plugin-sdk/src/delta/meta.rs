//! What a path means: unit, names, and the zones in which a value is good or bad.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::alarm_state::{AlarmMethod, AlarmState};

/// Metadata of a path, to send with [`DeltaBuilder::meta`](super::DeltaBuilder::meta).
///
/// ```
/// use signalk_plugin_sdk::delta::{AlarmState, DeltaBuilder, Meta, Zone};
///
/// let meta = Meta::new("K", "Temperature of the exhaust").display_name("Exhaust").zones(vec![
///     Zone::above(360.0, AlarmState::Alarm, "Exhaust too hot"),
///     Zone::between(340.0, 360.0, AlarmState::Warn, "Exhaust is getting hot"),
/// ]);
/// DeltaBuilder::new().meta("propulsion.port.exhaustTemperature", meta).send()?;
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
///
/// When it is read, what it does not have is left out (`displayUnits`, `supportsPut` and the like), and what
/// is null is as if it were not there.
///
/// Format: <https://signalk.org/specification/1.7.0/doc/data_model_metadata.html>.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta {
    /// The SI unit, as the Signal K schema writes it: `m`, `m/s`, `rad`, `K`, `Pa`, `ratio`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<String>,
    /// What the value is, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A name for gauges and lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// A shorter one, for where room is scarce.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// The time for which a value is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Timeout>,
    /// Ranges of the value, and how bad each is. The server raises and clears the notification of
    /// the path by itself as the value moves; a value in none of them is normal.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "or_nothing")]
    pub zones: Vec<Zone>,
    /// How the crew is told in a zone of [`Alert`](AlarmState::Alert), where not in the server's way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_method: Option<Vec<AlarmMethod>>,
    /// The same for [`Warn`](AlarmState::Warn).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_method: Option<Vec<AlarmMethod>>,
    /// The same for [`Alarm`](AlarmState::Alarm).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarm_method: Option<Vec<AlarmMethod>>,
    /// The same for [`Emergency`](AlarmState::Emergency).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emergency_method: Option<Vec<AlarmMethod>>,
}

/// Reads a value that is empty where null stands in its place.
fn or_nothing<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// The time for which a value is good.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(from = "TimeoutAsSent", into = "TimeoutAsSent")]
pub enum Timeout {
    /// So many seconds.
    Seconds(f64),
    /// For ever.
    Never,
    /// As long as the server finds from how often it comes.
    Auto,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum TimeoutAsSent {
    Seconds(f64),
    Word(std::borrow::Cow<'static, str>),
}

impl From<TimeoutAsSent> for Timeout {
    fn from(sent: TimeoutAsSent) -> Self {
        match sent {
            TimeoutAsSent::Seconds(seconds) if seconds > 0.0 => Self::Seconds(seconds),
            TimeoutAsSent::Seconds(_) => Self::Never,
            // There is one word, and it leaves it to the server; so does one that is not known yet.
            TimeoutAsSent::Word(_) => Self::Auto,
        }
    }
}

impl From<Timeout> for TimeoutAsSent {
    fn from(timeout: Timeout) -> Self {
        match timeout {
            Timeout::Seconds(seconds) => Self::Seconds(seconds),
            Timeout::Never => Self::Seconds(0.0),
            Timeout::Auto => Self::Word("auto".into()),
        }
    }
}

impl Meta {
    /// Metadata that says the unit and what the value is.
    #[must_use]
    pub fn new(units: &str, description: &str) -> Self {
        Self {
            units: Some(units.to_owned()),
            description: Some(description.to_owned()),
            ..Self::default()
        }
    }

    /// The same with this unit.
    #[must_use]
    pub fn units(mut self, units: &str) -> Self {
        self.units = Some(units.to_owned());
        self
    }

    /// The same with this description; for a value without a unit, `Meta::default().description("…")`.
    #[must_use]
    pub fn description(mut self, description: &str) -> Self {
        self.description = Some(description.to_owned());
        self
    }

    /// The same with a name for gauges and lists.
    #[must_use]
    pub fn display_name(mut self, name: &str) -> Self {
        self.display_name = Some(name.to_owned());
        self
    }

    /// The same with a name for where room is scarce.
    #[must_use]
    pub fn short_name(mut self, name: &str) -> Self {
        self.short_name = Some(name.to_owned());
        self
    }

    /// The same with the time for which a value is good.
    #[must_use]
    pub fn timeout(mut self, timeout: Timeout) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The same with these zones.
    #[must_use]
    pub fn zones(mut self, zones: Vec<Zone>) -> Self {
        self.zones = zones;
        self
    }

    /// The same with ways in which the crew is told in zones of a state, one of `Alert`, `Warn`, `Alarm` and
    /// `Emergency`: of the others nobody is told.
    #[must_use]
    pub fn methods(mut self, state: AlarmState, methods: &[AlarmMethod]) -> Self {
        let methods = Some(methods.to_vec());
        match state {
            AlarmState::Alert => self.alert_method = methods,
            AlarmState::Warn => self.warn_method = methods,
            AlarmState::Alarm => self.alarm_method = methods,
            AlarmState::Emergency => self.emergency_method = methods,
            AlarmState::Nominal | AlarmState::Normal | AlarmState::Unknown => {}
        }
        self
    }
}

/// A range of a value, and how bad it is there. Both ends belong to it.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Zone {
    /// Its lower end, in the unit of the path; open where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower: Option<f64>,
    /// Its upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// How bad it is.
    #[serde(serialize_with = "known")]
    pub state: AlarmState,
    /// What the crew is told.
    #[serde(default, skip_serializing_if = "String::is_empty", deserialize_with = "or_nothing")]
    pub message: String,
}

impl Zone {
    /// Everything from `lower` upwards.
    #[must_use]
    pub fn above(lower: f64, state: AlarmState, message: &str) -> Self {
        Self { lower: Some(lower), upper: None, state, message: message.to_owned() }
    }

    /// Everything from `upper` downwards.
    #[must_use]
    pub fn below(upper: f64, state: AlarmState, message: &str) -> Self {
        Self { lower: None, upper: Some(upper), state, message: message.to_owned() }
    }

    /// Everything from `lower` to `upper`.
    #[must_use]
    pub fn between(lower: f64, upper: f64, state: AlarmState, message: &str) -> Self {
        Self { lower: Some(lower), upper: Some(upper), state, message: message.to_owned() }
    }
}

/// A zone of a state that is not known is one to know of.
fn known<S: Serializer>(state: &AlarmState, serializer: S) -> Result<S::Ok, S::Error> {
    match state {
        AlarmState::Unknown => AlarmState::Alert,
        state => *state,
    }
    .serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_and_others_send_is_read() {
        let read = |text: &str| crate::json::from_str::<Meta>(text).unwrap();
        for (text, timeout) in [
            ("1.5", Timeout::Seconds(1.5)),
            ("0", Timeout::Never),
            ("-1", Timeout::Never),
            ("\"auto\"", Timeout::Auto),
        ] {
            let meta = read(&format!(r#"{{"timeout":{text}}}"#));
            assert_eq!(meta.timeout, Some(timeout));
            let written = crate::json::to_string(&meta).unwrap();
            assert_eq!(read(&written), meta, "{written}");
        }
        let all = read(
            r#"{"units":"m","displayName":null,"timeout":null,"zones":null,"alarmMethod":null,
            "displayUnits":{"category":"depth","targetUnit":"ft"},"displayScale":{"lower":0,"type":"linear"},
            "supportsPut":true,"updateContract":5,"x":[]}"#,
        );
        assert_eq!(all, Meta { units: Some("m".into()), ..Meta::default() });
        let zones =
            read(r#"{"zones":[{"upper":2,"lower":null,"state":"warn","message":null}]}"#).zones;
        assert_eq!(zones, [Zone::below(2.0, AlarmState::Warn, "")]);
    }

    #[test]
    fn all_of_it_can_be_said_in_one_expression() {
        let built = Meta::default()
            .units("K")
            .description("Exhaust")
            .display_name("Exhaust gas")
            .short_name("Exh")
            .timeout(Timeout::Seconds(5.0))
            .methods(AlarmState::Alert, &[])
            .methods(AlarmState::Warn, &[AlarmMethod::Visual])
            .methods(AlarmState::Alarm, &[AlarmMethod::Sound])
            .methods(AlarmState::Emergency, &[AlarmMethod::Visual, AlarmMethod::Sound])
            .methods(AlarmState::Normal, &[AlarmMethod::Sound]);
        let text = crate::json::to_string(&built).unwrap();
        assert_eq!(
            text,
            concat!(
                r#"{"units":"K","description":"Exhaust","displayName":"Exhaust gas","shortName":"Exh","#,
                r#""timeout":5.0,"alertMethod":[],"warnMethod":["visual"],"alarmMethod":["sound"],"#,
                r#""emergencyMethod":["visual","sound"]}"#
            )
        );
    }

    #[test]
    fn a_zone_of_a_newer_state_is_read_and_not_sent_on_as_a_word_of_our_own() {
        let zone: Zone = crate::json::from_str(r#"{"upper":2,"state":"caution"}"#).unwrap();
        assert_eq!(zone, Zone::below(2.0, AlarmState::Unknown, ""));
        let text = crate::json::to_string(&zone).unwrap();
        assert_eq!(text, r#"{"upper":2.0,"state":"alert"}"#);
    }

    #[test]
    fn zones_and_methods_are_written_as_the_schema_has_them() {
        let mut meta = Meta::new("m", "Depth").zones(vec![
            Zone::below(2.0, AlarmState::Alarm, "Shallow"),
            Zone::between(2.0, 4.0, AlarmState::Nominal, ""),
            Zone::above(100.0, AlarmState::Alert, "Deep"),
        ]);
        meta.alarm_method = Some(vec![AlarmMethod::Sound]);
        let text = crate::json::to_string(&meta).unwrap();
        assert_eq!(
            text,
            concat!(
                r#"{"units":"m","description":"Depth","zones":["#,
                r#"{"upper":2.0,"state":"alarm","message":"Shallow"},"#,
                r#"{"lower":2.0,"upper":4.0,"state":"nominal"},"#,
                r#"{"lower":100.0,"state":"alert","message":"Deep"}],"alarmMethod":["sound"]}"#
            )
        );
        assert_eq!(crate::json::from_str::<Meta>(&text).unwrap(), meta);
    }
}
