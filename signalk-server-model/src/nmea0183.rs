//! The deltas that a server makes of NMEA 0183 sentences: position, course and speed, heading, depth, wind and
//! water.

use std::time::{Duration, SystemTime};

use nmea::sentences::mwv::{MwvData, MwvReference, MwvWindSpeedUnits};
use nmea::sentences::rmc::{RmcData, RmcStatusOfFix};
use nmea::{ParseResult, SentenceType};
use serde_json::{Value, json};

const METRES_PER_SECOND_PER_KNOT: f64 = 1852.0 / 3600.0;
const METRES_PER_SECOND_PER_MILE_PER_HOUR: f64 = 0.44704;
const KELVIN_AT_0_CELSIUS: f64 = 273.15;

/// A sentence, as the server has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sentence {
    /// When it was sent, where it says date and time.
    pub(crate) at: Option<SystemTime>,
    /// The talker, such as `GP`.
    pub(crate) talker: String,
    /// Paths and values; empty where it says nothing that is known here.
    pub(crate) values: Vec<(&'static str, Value)>,
}

impl Sentence {
    /// Reads a sentence with its checksum.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        // AIS is not read.
        if text.starts_with('!') {
            return Ok(Self { at: None, talker: String::new(), values: Vec::new() });
        }
        let frame = nmea::parse_nmea_sentence(text).map_err(|error| error.to_string())?;
        if frame.checksum != frame.calc_checksum() {
            return Err(format!("the checksum is {:02X}", frame.calc_checksum()));
        }
        let talker = frame.talker_id.to_owned();
        if frame.message_id == SentenceType::DPT {
            return Ok(Self { at: None, talker, values: depths(frame.data) });
        }
        // One that is sound and says something odd is dropped by a server, too.
        let sentence = nmea::parse_str(text).ok();
        let at = match &sentence {
            Some(ParseResult::RMC(rmc)) => time_of(rmc),
            _ => None,
        };
        Ok(Self { at, talker, values: sentence.as_ref().map(values).unwrap_or_default() })
    }
}

/// So many milliseconds after 1970.
pub(crate) fn after_epoch(milliseconds: i64) -> Option<SystemTime> {
    let since = Duration::from_millis(u64::try_from(milliseconds).ok()?);
    SystemTime::UNIX_EPOCH.checked_add(since)
}

fn time_of(rmc: &RmcData) -> Option<SystemTime> {
    after_epoch(rmc.fix_date?.and_time(rmc.fix_time?).and_utc().timestamp_millis())
}

fn values(sentence: &ParseResult) -> Vec<(&'static str, Value)> {
    let values = match sentence {
        ParseResult::RMC(rmc) if rmc.status_of_fix != RmcStatusOfFix::Invalid => vec![
            position(rmc.lat, rmc.lon),
            speed_over_ground(rmc.speed_over_ground),
            course_over_ground(rmc.true_course),
        ],
        ParseResult::GGA(gga) => vec![position(gga.latitude, gga.longitude)],
        ParseResult::GLL(gll) if gll.valid => vec![position(gll.latitude, gll.longitude)],
        ParseResult::VTG(vtg) => {
            vec![course_over_ground(vtg.true_course), speed_over_ground(vtg.speed_over_ground)]
        }
        ParseResult::HDT(hdt) => {
            vec![heading("navigation.headingTrue", hdt.heading.map(f64::from))]
        }
        ParseResult::VHW(vhw) => vec![
            heading("navigation.headingTrue", vhw.heading_true),
            heading("navigation.headingMagnetic", vhw.heading_magnetic),
            vhw.relative_speed_knots.map(|knots| {
                ("navigation.speedThroughWater", json!(knots * METRES_PER_SECOND_PER_KNOT))
            }),
        ],
        ParseResult::MTW(mtw) => vec![mtw.temperature.map(|celsius| {
            ("environment.water.temperature", json!(celsius + KELVIN_AT_0_CELSIUS))
        })],
        ParseResult::MWV(mwv) if mwv.data_valid => wind(mwv),
        _ => Vec::new(),
    };
    values.into_iter().flatten().collect()
}

type Entry = Option<(&'static str, Value)>;

fn position(latitude: Option<f64>, longitude: Option<f64>) -> Entry {
    let value = json!({ "latitude": latitude?, "longitude": longitude? });
    Some(("navigation.position", value))
}

fn speed_over_ground(knots: Option<f32>) -> Entry {
    let speed = f64::from(knots?) * METRES_PER_SECOND_PER_KNOT;
    Some(("navigation.speedOverGround", json!(speed)))
}

fn course_over_ground(degrees: Option<f32>) -> Entry {
    Some(("navigation.courseOverGroundTrue", json!(f64::from(degrees?).to_radians())))
}

fn heading(path: &'static str, degrees: Option<f64>) -> Entry {
    Some((path, json!(degrees?.to_radians())))
}

/// The depth and an offset: of the water line above the transducer, or below 0 of the keel beneath it.
fn depths(data: &str) -> Vec<(&'static str, Value)> {
    let mut fields = data.split(',').map(|field| field.trim().parse::<f64>().ok());
    let Some(depth) = fields.next().flatten() else { return Vec::new() };
    let offset = fields.next().flatten().unwrap_or_default();
    let mut all = vec![("environment.depth.belowTransducer", depth)];
    if offset > 0.0 {
        all.push(("environment.depth.surfaceToTransducer", offset));
        all.push(("environment.depth.belowSurface", depth + offset));
    }
    if offset < 0.0 {
        all.push(("environment.depth.transducerToKeel", -offset));
        all.push(("environment.depth.belowKeel", depth + offset));
    }
    all.into_iter().map(|(path, metres)| (path, json!(metres))).collect()
}

fn wind(mwv: &MwvData) -> Vec<Entry> {
    let is_apparent = mwv.reference == Some(MwvReference::Relative);
    let (speed_path, angle_path) = if is_apparent {
        ("environment.wind.speedApparent", "environment.wind.angleApparent")
    } else {
        ("environment.wind.speedTrue", "environment.wind.angleTrueWater")
    };
    let unit = match mwv.wind_speed_units {
        Some(MwvWindSpeedUnits::KilometersPerHour) => 1.0 / 3.6,
        Some(MwvWindSpeedUnits::Knots) => METRES_PER_SECOND_PER_KNOT,
        Some(MwvWindSpeedUnits::MilesPerHour) => METRES_PER_SECOND_PER_MILE_PER_HOUR,
        Some(MwvWindSpeedUnits::MetersPerSecond) | None => 1.0,
    };
    let speed = mwv.wind_speed.map(|speed| (speed_path, json!(f64::from(speed) * unit)));
    // To port it is below 0.
    let angle = mwv.wind_direction.map(f64::from).map(|degrees| {
        let signed = if degrees > 180.0 { degrees - 360.0 } else { degrees };
        (angle_path, json!(signed.to_radians()))
    });
    vec![speed, angle]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sentence with its checksum.
    fn signed(content: &str) -> String {
        let sum = content.bytes().fold(0, |sum, byte| sum ^ byte);
        format!("${content}*{sum:02X}")
    }

    fn said(content: &str) -> String {
        let sentence = Sentence::read(&signed(content)).unwrap();
        let values = sentence.values.iter().map(|(path, value)| match value.as_f64() {
            Some(number) => format!("{path} {number:.3}"),
            None => format!("{path} {value}"),
        });
        values.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_instruments_say_comes_in_units_of_signal_k() {
        for (content, expected) in [
            (
                "GPRMC,021001.00,A,5030.000,N,00515.000,W,10.0,180.0,040726,,,A",
                "navigation.position {\"latitude\":50.5,\"longitude\":-5.25}, \
                 navigation.speedOverGround 5.144, navigation.courseOverGroundTrue 3.142",
            ),
            ("GPRMC,021001.00,V,5030.000,N,00515.000,W,10.0,180.0,040726,,,N", ""),
            ("HEHDT,90.0,T", "navigation.headingTrue 1.571"),
            (
                "SDDPT,5.0,-0.5,",
                "environment.depth.belowTransducer 5.000, \
                 environment.depth.transducerToKeel 0.500, environment.depth.belowKeel 4.500",
            ),
            (
                "WIMWV,270.0,R,10.0,N,A",
                "environment.wind.speedApparent 5.144, environment.wind.angleApparent -1.571",
            ),
            ("YXMTW,10.0,C", "environment.water.temperature 283.150"),
        ] {
            assert_eq!(said(content), expected, "{content}");
        }
    }

    #[test]
    fn a_wrong_checksum_is_an_error() {
        assert!(Sentence::read("$HEHDT,90.0,T*00").is_err());
    }
}
