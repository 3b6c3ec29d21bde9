//! The values that the plugin has sent, and the line that it shows.

use serde_json::Value;
use signalk_plugin_contract::SELF_CONTEXT;
use signalk_server_model::{ProviderStatus, StatusKind};

use super::{Event, Sent, TestHost};
use crate::boundary::imports::native;
use crate::notification::Notification;
use crate::runtime::Installed;

impl<P: Installed> TestHost<P> {
    /// All that the plugin did so far, in order. The empty deltas are not in it by which the SDK asks for the
    /// own ship.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        let events = native::with(|server| server.log.snapshot()).into_iter().map(|it| it.event);
        events.filter(|event| !is_question(event)).collect()
    }

    /// Returns the events since this was last called.
    pub fn new_events(&mut self) -> Vec<Event> {
        let events = self.events();
        let new = events.get(self.seen..).unwrap_or_default().to_vec();
        self.seen = events.len();
        new
    }

    /// The value that the plugin last sent for a path of the own ship, notifications included;
    /// null where it cleared the path.
    #[must_use]
    pub fn value(&self, path: &str) -> Option<Value> {
        self.sent().value(path)
    }

    /// The number that the plugin last sent for a path of the own ship.
    ///
    /// # Panics
    /// When it sent none; it then says what was sent instead.
    #[must_use]
    #[track_caller]
    pub fn number(&self, path: &str) -> f64 {
        self.sent().number(path)
    }

    /// The text that the plugin last sent for a path of the own ship.
    ///
    /// # Panics
    /// When it sent none; it then says what was sent instead.
    #[must_use]
    #[track_caller]
    pub fn text(&self, path: &str) -> String {
        self.sent().text(path)
    }

    /// The notification that the plugin last sent for a path, `navigation.anchor` for example: with its
    /// state, method and message.
    ///
    /// ```
    /// use signalk_plugin_sdk::notification::{self, AlarmMethod, AlarmState};
    /// use signalk_plugin_sdk::prelude::*;
    /// use signalk_plugin_sdk::testing::TestHost;
    ///
    /// struct Shallow;
    ///
    /// #[signalk_plugin]
    /// impl Shallow {
    ///     fn start() -> Result<Self> {
    ///         Ok(Self)
    ///     }
    ///
    ///     #[delta("environment.depth.belowKeel")]
    ///     fn depth(&mut self, metres: Option<f64>) -> Result<()> {
    ///         if metres.is_some_and(|metres| metres < 1.0) {
    ///             notification::raise("environment.depth", AlarmState::Alarm, "Shallow water")?;
    ///         }
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let mut host = TestHost::<Shallow>::start_default();
    /// host.receive("environment.depth.belowKeel", 0.5);
    /// let alarm = host.notification("environment.depth");
    /// assert_eq!(alarm.state, AlarmState::Alarm);
    /// assert_eq!(alarm.message, "Shallow water");
    /// assert!(alarm.method.contains(&AlarmMethod::Sound));
    /// ```
    ///
    /// # Panics
    /// When it sent none; it then says what was sent instead.
    #[must_use]
    #[track_caller]
    pub fn notification(&self, path: &str) -> Notification {
        self.sent().notification(path)
    }

    /// The state of the notification of a path, `navigation.anchor` for example.
    #[must_use]
    pub fn notification_state(&self, path: &str) -> Option<String> {
        self.sent().notification_state(path)
    }

    /// The status on the dashboard; `None` where an error stands there, or nothing.
    #[must_use]
    pub fn status(&self) -> Option<String> {
        shown(StatusKind::Status)
    }

    /// The error on the dashboard; `None` where a status stands there, or nothing.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        shown(StatusKind::Error)
    }

    /// What the plugin sent for a context, such as another vessel's: values, and notifications there.
    ///
    /// ```
    /// use signalk_plugin_sdk::delta::DeltaBuilder;
    /// use signalk_plugin_sdk::prelude::*;
    /// use signalk_plugin_sdk::testing::{OTHER_VESSEL, TestHost};
    ///
    /// struct Slow;
    ///
    /// #[signalk_plugin]
    /// impl Slow {
    ///     fn start() -> Self {
    ///         Self
    ///     }
    ///
    ///     #[delta("navigation.speedOverGround", context = "vessels.*")]
    ///     fn speed(&mut self, speed: f64, origin: &delta::Origin<'_>) -> Result<()> {
    ///         DeltaBuilder::new().context(origin.context).value("test.isSlow", speed < 1.0).send()
    ///     }
    /// }
    ///
    /// let mut host = TestHost::<Slow>::start_default();
    /// host.receive_other(OTHER_VESSEL, "navigation.speedOverGround", 0.5);
    /// assert_eq!(host.sent_for(OTHER_VESSEL).value("test.isSlow"), Some(true.into()));
    /// ```
    #[must_use]
    pub fn sent_for(&self, context: &str) -> Sent {
        let own = self.self_context();
        let is_own = context == SELF_CONTEXT || context == own;
        let of_event = |event| match event {
            Event::Delta { delta, .. } if is_about(&delta, context) => values(&delta),
            Event::Delta { delta, .. } if is_own && self::is_own(&delta, &own) => values(&delta),
            Event::Notification { path, value } if is_own => vec![(path, value)],
            _ => Vec::new(),
        };
        Sent::new(context, self.events().into_iter().flat_map(of_event).collect())
    }

    /// The same for the own ship.
    fn sent(&self) -> Sent {
        self.sent_for(SELF_CONTEXT)
    }
}

fn shown(kind: StatusKind) -> Option<String> {
    let shown: ProviderStatus = native::with(|server| server.status.shown().cloned())?;
    (shown.kind == kind).then_some(shown.message)
}

fn is_question(event: &Event) -> bool {
    let Event::Delta { delta, .. } = event else { return false };
    let says = |update: &Value| {
        let lists = ["values", "meta"].into_iter().filter_map(|key| update[key].as_array());
        lists.into_iter().any(|list| !list.is_empty())
    };
    !delta["updates"].as_array().is_some_and(|updates| updates.iter().any(says))
}

fn is_about(delta: &Value, context: &str) -> bool {
    delta.get("context").and_then(Value::as_str) == Some(context)
}

fn is_own(delta: &Value, own: &str) -> bool {
    let context = delta.get("context").and_then(Value::as_str);
    context.is_none_or(|context| context == SELF_CONTEXT || context == own)
}

fn values(delta: &Value) -> Vec<(String, Value)> {
    let updates = delta["updates"].as_array().into_iter().flatten();
    let values = updates.filter_map(|update| update["values"].as_array()).flatten();
    let pair = |entry: &Value| Some((entry["path"].as_str()?.to_owned(), entry["value"].clone()));
    values.filter_map(pair).collect()
}
