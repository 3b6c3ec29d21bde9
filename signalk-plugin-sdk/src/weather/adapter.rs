//! From the server's requests to the provider, and back.

use signalk_plugin_contract::providers::Reply;

use super::{ForecastRequest, ObservationRequest, WarningRequest, WeatherData, WeatherProvider};
use crate::error::{Context as _, Error, Result, clients_mistake, ensure, status_of};
use crate::json::{self, ListWriter, ObjectWriter};

pub(crate) fn get_observations<P: WeatherProvider>(
    plugin: &mut P,
    request: &str,
) -> Result<String> {
    let request = understood(ObservationRequest::parse(request))?;
    let entries = plugin.observations(&request)?;
    written(&entries, "observation", request.max_count)
}

pub(crate) fn get_forecasts<P: WeatherProvider>(plugin: &mut P, request: &str) -> Result<String> {
    let request = understood(ForecastRequest::parse(request))?;
    let entries = plugin.forecasts(&request)?;
    written(&entries, request.kind.as_str(), request.max_count)
}

pub(crate) fn get_warnings<P: WeatherProvider>(plugin: &mut P, request: &str) -> Result<String> {
    let request = understood(WarningRequest::parse(request))?;
    let warnings = plugin.warnings(&request)?;
    for warning in &warnings {
        let has_times = !warning.start_time.is_empty() && !warning.end_time.is_empty();
        ensure!(has_times, "a warning has no start_time or no end_time");
    }
    Ok(json::to_string(&warnings)?)
}

/// A request that cannot be read is the mistake of the client that made it.
fn understood<T>(request: Result<T>) -> Result<T> {
    request.map_err(|error| clients_mistake(&error)).context("the server's request")
}

/// What the server is to get for a request that failed: an object, and not the list it waits for.
///
/// It makes the server answer 400 to a request for forecasts, though with words of its own ("r.filter
/// is not a function"). Observations and warnings it passes on with 200 whatever they are; the object
/// has the shape of its own errors, so that a client finds the reason, and none takes it for fair
/// weather.
pub(crate) fn failed(_: Reply, error: &Error) -> String {
    let status = status_of(error).to_string();
    let answer = ObjectWriter::new().string("state", "FAILED").json("statusCode", &status);
    answer.string("message", &error.to_string()).end()
}

/// The entries as JSON, each with its type: the server drops forecasts of another than was asked for.
fn written(entries: &[WeatherData], kind: &str, max_count: Option<usize>) -> Result<String> {
    let mut answer = ListWriter::new();
    for (index, entry) in entries.iter().take(max_count.unwrap_or(usize::MAX)).enumerate() {
        ensure!(!entry.date.is_empty(), "entry {index} has no date");
        let entry = json::to_string(entry)?;
        answer.push(&ObjectWriter::new().string("type", kind).entries_of(&entry).end());
    }
    Ok(answer.end())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::Position;
    use crate::weather::{
        ForecastType, Outside, Precipitation, Sun, Tendency, Water, WeatherWarning, Wind,
    };

    #[derive(Default)]
    struct Mast {
        observed: Option<ObservationRequest>,
        forecast: Option<ForecastRequest>,
        warned: Option<WarningRequest>,
        entries: Vec<WeatherData>,
        warnings: Vec<WeatherWarning>,
    }

    impl WeatherProvider for Mast {
        fn observations(&mut self, request: &ObservationRequest) -> Result<Vec<WeatherData>> {
            self.observed = Some(request.clone());
            Ok(self.entries.clone())
        }

        fn forecasts(&mut self, request: &ForecastRequest) -> Result<Vec<WeatherData>> {
            self.forecast = Some(request.clone());
            Ok(self.entries.clone())
        }

        fn warnings(&mut self, request: &WarningRequest) -> Result<Vec<WeatherWarning>> {
            self.warned = Some(request.clone());
            Ok(self.warnings.clone())
        }
    }

    struct Broken;

    impl WeatherProvider for Broken {
        fn observations(&mut self, _: &ObservationRequest) -> Result<Vec<WeatherData>> {
            crate::bail!("no \"mast\"")
        }

        fn forecasts(&mut self, _: &ForecastRequest) -> Result<Vec<WeatherData>> {
            crate::bail!("no mast")
        }
    }

    fn mast(dates: &[&str]) -> Mast {
        let entry = |date: &&str| WeatherData { date: (*date).into(), ..WeatherData::default() };
        Mast { entries: dates.iter().map(entry).collect(), ..Mast::default() }
    }

    fn parsed(answer: Result<String>) -> Value {
        serde_json::from_str(&answer.unwrap()).unwrap()
    }

    // What the server writes for ?lat=60.1&lon=24.9&count=2&date=2026-07-01&model=fine.
    const OPTIONS: &str =
        r#""options":{"custom":{"model":"fine"},"maxCount":2,"startDate":"2026-07-01"}"#;
    const POSITION: &str = r#""position":{"latitude":60.1,"longitude":24.9}"#;

    #[test]
    fn observations_get_their_type_and_are_cut_to_what_was_asked_for() {
        let mut mast =
            mast(&["2026-07-01T12:00:00Z", "2026-07-01T11:00:00Z", "2026-07-01T10:00:00Z"]);
        let answer = parsed(get_observations(&mut mast, &format!("{{{POSITION},{OPTIONS}}}")));
        assert_eq!(
            answer,
            json!([
                {"type": "observation", "date": "2026-07-01T12:00:00Z"},
                {"type": "observation", "date": "2026-07-01T11:00:00Z"},
            ])
        );
        let request = mast.observed.unwrap();
        assert_eq!(request.position, Position::new(60.1, 24.9));
        assert_eq!(request.max_count, Some(2));
        assert_eq!(request.start_date.as_deref(), Some("2026-07-01"));
        assert_eq!(request.custom["model"].deserialize::<String>().unwrap(), "fine");
    }

    #[test]
    fn forecasts_get_the_type_that_was_asked_for() {
        for (kind, word) in [(ForecastType::Daily, "daily"), (ForecastType::Point, "point")] {
            let mut mast = mast(&["2026-07-01T12:00:00Z"]);
            let request = format!(r#"{{{POSITION},"type":"{word}","options":{{"custom":{{}}}}}}"#);
            let answer = parsed(get_forecasts(&mut mast, &request));
            assert_eq!(answer, json!([{"type": word, "date": "2026-07-01T12:00:00Z"}]));
            let request = mast.forecast.unwrap();
            assert_eq!(request, ForecastRequest::new(kind, Position::new(60.1, 24.9)));
        }
    }

    #[test]
    fn everything_has_the_servers_names() {
        let mut mast = mast(&["2026-07-01T12:00:00Z"]);
        let entry = &mut mast.entries[0];
        entry.outside = Some(Outside {
            dew_point_temperature: Some(280.5),
            uv_index: Some(3.5),
            pressure_tendency: Some(Tendency::Increasing),
            precipitation_type: Some(Precipitation::Mixed),
            ..Outside::default()
        });
        entry.water =
            Some(Water { surface_current_speed: Some(0.5), ice: Some(false), ..Water::default() });
        entry.wind = Some(Wind { direction_true: Some(1.5), gust: Some(9.5), ..Wind::default() });
        entry.sun = Some(Sun { sunrise: Some("2026-07-01T01:00:00Z".into()), sunset: None });
        let answer = parsed(get_observations(
            &mut mast,
            &format!("{{{POSITION},\"options\":{{\"custom\":{{}}}}}}"),
        ));
        assert_eq!(
            answer[0],
            json!({
                "type": "observation",
                "date": "2026-07-01T12:00:00Z",
                "outside": {"dewPointTemperature": 280.5, "uvIndex": 3.5,
                    "pressureTendency": "increasing", "precipitationType": "mixed/ice"},
                "water": {"surfaceCurrentSpeed": 0.5, "ice": false},
                "wind": {"directionTrue": 1.5, "gust": 9.5},
                "sun": {"sunrise": "2026-07-01T01:00:00Z"},
            })
        );
        let again: WeatherData = serde_json::from_value(answer[0].clone()).unwrap();
        assert_eq!(again, mast.entries[0]);
    }

    #[test]
    fn warnings_are_none_unless_there_are_some() {
        let request = format!("{{{POSITION}}}");
        assert_eq!(get_warnings(&mut Broken, &request).unwrap(), "[]");
        let warning = WeatherWarning {
            start_time: "2026-07-01T12:00:00Z".into(),
            end_time: "2026-07-01T18:00:00Z".into(),
            details: "Gale".into(),
            source: "Institute".into(),
            kind: "Wind".into(),
        };
        let mut mast = Mast { warnings: vec![warning], ..Mast::default() };
        assert_eq!(
            parsed(get_warnings(&mut mast, &request)),
            json!([{"startTime": "2026-07-01T12:00:00Z", "endTime": "2026-07-01T18:00:00Z",
                "details": "Gale", "source": "Institute", "type": "Wind"}])
        );
        assert_eq!(mast.warned.unwrap(), WarningRequest::new(Position::new(60.1, 24.9)));
    }

    #[test]
    fn what_another_plugin_asks_for_is_found_where_the_server_puts_it() {
        let request = r#"{"position":{"latitude":0,"longitude":0},"type":"point","options":{"custom":
            {"position":{"latitude":60.1,"longitude":24.9},"options":{"maxCount":1,"custom":{"model":"fine"}}}}}"#;
        let mut mast = mast(&["2026-07-01T12:00:00Z", "2026-07-01T13:00:00Z"]);
        let answer = parsed(get_forecasts(&mut mast, request));
        assert_eq!(answer.as_array().unwrap().len(), 1);
        let request = mast.forecast.unwrap();
        assert_eq!(request.position, Position::new(60.1, 24.9));
        assert_eq!(request.custom.keys().collect::<Vec<_>>(), ["model"]);
    }

    #[test]
    fn an_odd_count_is_no_count() {
        for count in ["0", "-3", "null", "0.5"] {
            let request = format!(
                r#"{{{POSITION},"options":{{"custom":{{"position":"x"}},"maxCount":{count}}}}}"#
            );
            let mut mast = mast(&["2026-07-01T12:00:00Z", "2026-07-01T11:00:00Z"]);
            let answer = parsed(get_observations(&mut mast, &request));
            assert_eq!(answer.as_array().unwrap().len(), 2, "{count}");
        }
    }

    #[test]
    fn a_failure_is_no_list_and_says_why() {
        let request = format!("{{{POSITION},{OPTIONS}}}");
        let error = get_observations(&mut Broken, &request).unwrap_err();
        assert_eq!(error.to_string(), "no \"mast\"");
        let answer: Value = serde_json::from_str(&failed(Reply::List, &error)).unwrap();
        assert_eq!(answer, json!({"state": "FAILED", "statusCode": 500, "message": "no \"mast\""}));
    }

    #[test]
    fn what_lacks_its_time_is_an_error() {
        let request = format!("{{{POSITION},{OPTIONS}}}");
        let error = get_observations(&mut mast(&[""]), &request).unwrap_err().to_string();
        assert_eq!(error, "entry 0 has no date");
        let mut mast = Mast { warnings: vec![WeatherWarning::default()], ..Mast::default() };
        let error = get_warnings(&mut mast, &request).unwrap_err().to_string();
        assert_eq!(error, "a warning has no start_time or no end_time");
    }

    #[test]
    fn a_request_that_is_none_is_an_error_that_names_the_field() {
        let mut mast = mast(&[]);
        assert!(get_observations(&mut mast, "").is_err());
        assert!(get_warnings(&mut mast, "[]").is_err());
        // Number("Infinity") comes as null.
        let text = r#"{"position":{"latitude":null,"longitude":1},"options":{"custom":{}}}"#;
        let error = get_observations(&mut mast, text).unwrap_err().to_string();
        assert_eq!(
            error,
            "the server's request: position.latitude: found nothing, expected a number"
        );
        let text = format!(r#"{{{POSITION},"type":"weekly","options":{{"custom":{{}}}}}}"#);
        let error = get_forecasts(&mut mast, &text).unwrap_err().to_string();
        assert_eq!(
            error,
            "the server's request: type: found the text \"weekly\", expected \"daily\" or \"point\""
        );
    }
}
