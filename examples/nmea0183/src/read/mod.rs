//! The values of sentences, by their Signal K paths and in SI units.
//!
//! The paths are those of the Signal K schema, the fields those of the NMEA 0183 standard as
//! <https://gpsd.gitlab.io/gpsd/NMEA.html> lists them.

mod environment;
mod fields;
mod navigation;

use signalk_plugin_sdk::prelude::*;

use crate::sentence::Sentence;

/// A path with its value; `None` if the instrument says that it has none now.
pub(crate) type Reading = (&'static str, Option<Value>);

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Value {
    Number(f64),
    Text(String),
    Position(Position),
    Attitude(Attitude),
}

/// The value of `navigation.attitude`, in rad: starboard down and bow up are positive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Attitude {
    roll: Option<f64>,
    pitch: Option<f64>,
    yaw: Option<f64>,
}

/// A sentence without readings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// Of a kind that is not read here.
    Unknown,
    /// With a field that is not of its form.
    Broken,
}

/// The readings of one sentence.
pub(crate) fn readings(sentence: &Sentence<'_>) -> Result<Vec<Reading>, Problem> {
    match sentence.kind() {
        "APB" => navigation::apb(sentence),
        "DBT" => environment::dbt(sentence),
        "DPT" => environment::dpt(sentence),
        "GGA" => navigation::gga(sentence),
        "GLL" => navigation::gll(sentence),
        "HDG" => navigation::hdg(sentence),
        "HDM" => navigation::hdm(sentence),
        "HDT" => navigation::hdt(sentence),
        "MTW" => environment::mtw(sentence),
        "MWD" => environment::mwd(sentence),
        "MWV" => environment::mwv(sentence),
        "RMC" => navigation::rmc(sentence),
        "ROT" => navigation::rot(sentence),
        "RSA" => navigation::rsa(sentence),
        "VHW" => navigation::vhw(sentence),
        "VLW" => navigation::vlw(sentence),
        "VTG" => navigation::vtg(sentence),
        "XDR" => environment::xdr(sentence),
        "ZDA" => navigation::zda(sentence),
        _ => Err(Problem::Unknown),
    }
}

/// A reading that is a number.
fn number(path: &'static str, value: Option<f64>) -> Reading {
    (path, value.map(Value::Number))
}

/// The same paths without values.
fn none_of(readings: Vec<Reading>) -> Vec<Reading> {
    readings.into_iter().map(|(path, _)| (path, None)).collect()
}
