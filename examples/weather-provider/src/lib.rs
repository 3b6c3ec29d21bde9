//! Weather from the boat's own instruments, without a network: what they observed in the last 24 h,
//! what comes of it if it goes on like that for 3 h, and a warning when the pressure falls fast.

#![forbid(unsafe_code)]
mod reading;

use signalk_plugin_sdk::clock::{self, WallClock};
use signalk_plugin_sdk::notification::{Alarm, AlarmState};
use signalk_plugin_sdk::plausible::Plausible;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::resource::Bounds;
use signalk_plugin_sdk::weather::{
    ForecastRequest, ForecastType, ObservationRequest, WarningRequest, WeatherData,
    WeatherProvider, WeatherWarning,
};
use signalk_plugin_sdk::{model, storage};

use reading::{Reading, Tendency, date};

/// The plugin.
pub struct Weather {
    /// Goes on evenly, whatever happens to the clock of the computer.
    clock: WallClock,
    /// The newest first. Those of earlier runs are kept also where they seem to be of the future or too
    /// old, for it may be the clock that is wrong.
    readings: Vec<Reading>,
    /// Tells whether there is one that is not stored yet.
    is_to_store: bool,
    started: Duration,
    pressures: Plausible<f64>,
    places: Plausible<Position>,
    alarm: Alarm,
}

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const READINGS: &str = "readings";
/// The most readings of earlier runs that are kept: two days of them.
const MOST_KEPT: usize = 96;

#[signalk_plugin(name = "Weather", weather, model("environment.*", "navigation.position"))]
impl Weather {
    fn start() -> Result<Self> {
        // A tendency needs 3 h, which must not begin anew with the server.
        let mut readings: Vec<Reading> = storage::load(READINGS)?.unwrap_or_default();
        readings.truncate(MOST_KEPT);
        Ok(Self {
            clock: WallClock::new(),
            readings,
            is_to_store: false,
            started: clock::monotonic(),
            // A storm makes 10 hPa in an hour, and the barometer in a gust 1 hPa more or less (Pa).
            pressures: Plausible::within(85_000.0..=110_000.0).rate(1.0).scatter(100.0),
            places: Plausible::position(),
            alarm: Alarm::new("environment.outside.pressure"),
        })
    }

    /// GNSS time, the only evidence against a wrong clock that there is on board.
    #[delta("navigation.datetime")]
    fn heard(&mut self, datetime: String) {
        self.clock.observe(&datetime);
    }

    #[every("1m")]
    fn observe(&mut self) -> Result<()> {
        self.keep_time();
        self.take_reading();
        let known = self.known().map(|(_, tendency)| tendency.judged());
        let told = match known {
            Some((state, text)) => {
                server::set_status(&text);
                self.alarm.update(state, "", &text)
            }
            // Not to know is no reason to say that all is well.
            None => {
                server::set_status("No tendency before 3 hours of pressure");
                Ok(())
            }
        };
        self.store()?;
        told
    }

    /// Follows the clock, and sets right what was taken by a wrong one.
    fn keep_time(&mut self) {
        let set_by = self.clock.update();
        let now = self.clock.unix_seconds();
        let is_new_run = clock::monotonic().saturating_sub(self.started).as_secs() < DAY;
        for reading in self.readings.iter_mut().filter(|reading| reading.is_of_this_run) {
            reading.set_by(set_by);
        }
        self.readings.retain(|reading| {
            if reading.is_of_this_run { reading.is_within_a_day(now) } else { is_new_run }
        });
        self.readings.sort_by_key(|reading| std::cmp::Reverse(reading.time));
    }

    /// Each half hour, if there is a barometer.
    fn take_reading(&mut self) {
        let now = self.clock.unix_seconds();
        let pressure = reading::latest("environment.outside.pressure", &mut self.pressures);
        let is_due = self.latest().is_none_or(|latest| now.abs_diff(latest.time) >= HOUR / 2);
        let Some(pressure) = pressure.filter(|_| is_due) else {
            return;
        };
        self.readings.insert(0, Reading::take(now, pressure));
        self.readings.sort_by_key(|reading| std::cmp::Reverse(reading.time));
        self.is_to_store = true;
    }

    /// Stores what is new. With a wrong time nobody could make anything of it later, so it waits until
    /// the clock can be believed.
    fn store(&mut self) -> Result<()> {
        if !self.is_to_store || !self.clock.is_reliable() {
            return Ok(());
        }
        storage::save(READINGS, &self.readings)?;
        self.is_to_store = false;
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        // Nobody would end it afterwards.
        self.alarm.clear("The pressure is not watched any more")
    }

    /// The readings of the last 24 h, the newest first.
    fn of_the_day(&self) -> impl Iterator<Item = &Reading> {
        let now = self.clock.unix_seconds();
        self.readings.iter().filter(move |reading| reading.is_within_a_day(now))
    }

    fn latest(&self) -> Option<&Reading> {
        self.of_the_day().next()
    }

    /// The latest reading, unless the barometer fell silent since, and the tendency.
    fn known(&self) -> Option<(&Reading, Tendency)> {
        let latest = self.latest()?;
        if self.clock.unix_seconds().abs_diff(latest.time) > HOUR {
            return None;
        }
        let tendency = Tendency::of(latest, self.of_the_day().skip(1))?;
        Some((latest, tendency))
    }

    /// Whether the boat is near enough to speak for a place: within 50 km.
    fn is_near(&mut self, place: Position) -> Result<bool> {
        model::believe("navigation.position", &mut self.places)?;
        let own = self.places.last().context("where the boat is is not known")?;
        Ok(Bounds::around(own, 50_000.0).contains(place))
    }
}

impl WeatherProvider for Weather {
    fn observations(&mut self, request: &ObservationRequest) -> Result<Vec<WeatherData>> {
        if !self.is_near(request.position)? {
            return Ok(Vec::new());
        }
        let first_day = request.start_date.as_deref().unwrap_or_default();
        let all = self.of_the_day().map(|reading| &reading.data);
        Ok(all.filter(|data| *data.date >= *first_day).cloned().collect())
    }

    fn forecasts(&mut self, request: &ForecastRequest) -> Result<Vec<WeatherData>> {
        // What a boat sees says nothing about the days to come.
        if request.kind != ForecastType::Point || !self.is_near(request.position)? {
            return Ok(Vec::new());
        }
        let Some((latest, tendency)) = self.known() else {
            return Ok(Vec::new());
        };
        Ok([1, 2, 3].map(|hours| later(latest, tendency, hours)).into())
    }

    fn warnings(&mut self, request: &WarningRequest) -> Result<Vec<WeatherWarning>> {
        if !self.is_near(request.position)? {
            return Ok(Vec::new());
        }
        let Some((latest, tendency)) = self.known() else {
            return Ok(Vec::new());
        };
        let (state, details) = tendency.judged();
        if state == AlarmState::Normal {
            return Ok(Vec::new());
        }
        Ok(vec![WeatherWarning {
            start_time: date(latest.time),
            end_time: date(latest.time + 3 * HOUR),
            details,
            source: "Barometer on board".into(),
            kind: "Pressure".into(),
        }])
    }
}

/// Persistence: the weather stays as it is, and the pressure goes on as it did.
fn later(latest: &Reading, tendency: Tendency, hours: u32) -> WeatherData {
    let mut data = latest.data.clone();
    data.date = date(latest.time + u64::from(hours) * HOUR);
    data.description = Some(tendency.judged().1);
    if let Some(outside) = &mut data.outside {
        outside.pressure = Some(latest.pressure + tendency.pascals() / 3.0 * f64::from(hours));
    }
    data
}

#[cfg(test)]
mod tests;
