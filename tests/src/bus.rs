//! A busy bus: what a boat with instruments, engines and an AIS receiver in a crowded roadstead hears
//! on NMEA 2000, as deltas. Made up, the same in every run.

use serde_json::{Value, json};

/// Deltas in a second.
pub const RATE: u64 = 1_000;

/// How many vessels there are, the own ship among them.
pub const VESSELS: u64 = 100;

/// Each delta carries its number at this path, so that the plugin sees what it missed.
const NUMBER: &str = "test.sequence";

/// The deltas, without end.
#[derive(Debug, Clone)]
pub struct Bus {
    number: u64,
    random: u64,
}

impl Default for Bus {
    fn default() -> Self {
        Self { number: 0, random: 20_260_101 }
    }
}

impl Iterator for Bus {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        // Every other one is the own ship's.
        let delta = if self.number.is_multiple_of(2) { self.own() } else { self.ais() };
        self.number += 1;
        Some(delta)
    }
}

impl Bus {
    /// How many deltas there were so far.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.number
    }

    /// From 0 up to 1 (SplitMix64).
    #[allow(clippy::cast_precision_loss)]
    fn random(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn around(&mut self, middle: f64, spread: f64) -> f64 {
        middle + spread * (self.random() - 0.5)
    }

    /// In seconds since the bus began.
    #[allow(clippy::cast_precision_loss)]
    fn seconds(&self) -> f64 {
        self.number as f64 / RATE as f64
    }

    fn delta(&self, context: &str, source: &str, values: Vec<(&str, Value)>) -> Value {
        let values = values.into_iter().chain([(NUMBER, json!(self.number))]);
        let values: Vec<_> =
            values.map(|(path, value)| json!({ "path": path, "value": value })).collect();
        json!({ "context": context, "updates": [{ "$source": source, "values": values }] })
    }

    fn own(&mut self) -> Value {
        let seconds = self.seconds();
        let (source, values) = match (self.number / 2) % 10 {
            0 | 5 => {
                let position = json!({
                    "latitude": 60.1 + seconds * 3e-5 + self.around(0.0, 1e-6),
                    "longitude": 24.9 + self.around(0.0, 1e-6),
                });
                ("can0.3", vec![("navigation.position", position)])
            }
            1 | 6 => {
                let (speed, course) = (self.around(3.3, 0.2), self.around(0.02, 0.04));
                let values = vec![
                    ("navigation.speedOverGround", json!(speed)),
                    ("navigation.courseOverGroundTrue", json!(course.abs())),
                ];
                ("can0.3", values)
            }
            2 | 7 => {
                let (heading, turn) = (self.around(0.05, 0.05), self.around(0.0, 0.01));
                let values = vec![
                    ("navigation.headingMagnetic", json!(heading)),
                    ("navigation.rateOfTurn", json!(turn)),
                ];
                ("can0.204", values)
            }
            3 => {
                let (speed, angle) = (self.around(7.7, 2.0), self.around(0.7, 0.3));
                let values = vec![
                    ("environment.wind.speedApparent", json!(speed)),
                    ("environment.wind.angleApparent", json!(angle)),
                ];
                ("can0.105", values)
            }
            4 => {
                let values = vec![
                    ("environment.depth.belowTransducer", json!(self.around(12.0, 1.0))),
                    ("environment.depth.transducerToKeel", json!(-0.4)),
                ];
                ("can0.35", values)
            }
            8 => {
                let engine = if self.random() < 0.5 { "port" } else { "starboard" };
                let revolutions = format!("propulsion.{engine}.revolutions");
                let temperature = format!("propulsion.{engine}.temperature");
                let (hertz, kelvin) = (self.around(31.0, 0.5), self.around(355.0, 1.0));
                let values = vec![(&*revolutions, json!(hertz)), (&*temperature, json!(kelvin))];
                return self.delta("vessels.self", "can0.17", values);
            }
            _ => {
                let (volts, amperes) = (self.around(12.7, 0.1), self.around(-8.0, 2.0));
                let attitude = json!({ "roll": self.around(0.0, 0.2), "pitch": 0.01, "yaw": null });
                let values = vec![
                    ("electrical.batteries.0.voltage", json!(volts)),
                    ("electrical.batteries.0.current", json!(amperes)),
                    ("navigation.attitude", attitude),
                ];
                ("can0.22", values)
            }
        };
        self.delta("vessels.self", source, values)
    }

    #[allow(clippy::cast_precision_loss)]
    fn ais(&mut self) -> Value {
        let reports = self.number / 2;
        let ship = reports % (VESSELS - 1);
        let mmsi = 244_000_100 + ship;
        let context = format!("vessels.urn:mrn:imo:mmsi:{mmsi}");
        // Every tenth message of a ship is the one that says what she is.
        if (reports / (VESSELS - 1)) % 10 == 9 {
            let name = json!({ "name": format!("TEST SHIP {ship}"), "mmsi": mmsi.to_string() });
            let values = vec![
                ("", name),
                ("design.aisShipType", json!({ "id": 70, "name": "Cargo ship" })),
                ("navigation.destination.commonName", json!("HELSINKI")),
            ];
            return self.delta(&context, "can0.43", values);
        }
        let position = json!({
            "latitude": 60.0 + ship as f64 * 1e-3 + self.seconds() * 1e-5,
            "longitude": 24.8 + self.around(0.0, 1e-5),
        });
        let values = vec![
            ("navigation.position", position),
            ("navigation.courseOverGroundTrue", json!(self.around(1.0, 0.1))),
            ("navigation.speedOverGround", json!(self.around(5.0, 0.3))),
            ("sensors.ais.class", json!("A")),
        ];
        self.delta(&context, "can0.43", values)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn it_is_the_same_every_time_and_has_all_vessels_in_a_second() {
        let second = || Bus::default().take(1_000).collect::<Vec<_>>();
        assert_eq!(second(), second());
        let contexts: BTreeSet<_> =
            second().iter().map(|delta| delta["context"].to_string()).collect();
        assert_eq!(contexts.len() as u64, VESSELS);
        let numbered = second().into_iter().enumerate().all(|(number, delta)| {
            let values = delta["updates"][0]["values"].as_array().cloned().unwrap_or_default();
            values.last().is_some_and(|last| last["value"] == number)
        });
        assert!(numbered);
    }
}
