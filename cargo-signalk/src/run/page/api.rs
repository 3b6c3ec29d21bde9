//! The posts of the page's buttons: an object whose member `do` names the action.

use std::time::Duration;

use serde_json::Value;

use crate::run::action::Action;

/// An hour of polls takes the plugin a moment; a year would take it a day.
const LONGEST_JUMP: Duration = Duration::from_secs(24 * 3600);

pub(super) fn action(body: &[u8]) -> Result<Action, String> {
    let body: Value = serde_json::from_slice(body)
        .map_err(|error| format!("expected an object of JSON: {error}"))?;
    let text = |key: &str| {
        let text = body[key].as_str().filter(|text| !text.trim().is_empty());
        text.map(|text| text.trim().to_owned()).ok_or(format!("{key} is missing"))
    };
    let value = || body.get("value").cloned().ok_or("value is missing".to_owned());
    let action = match text("do")?.as_str() {
        "start" => Action::Start,
        "stop" => Action::Stop,
        "restart" => Action::Restart,
        "kill" => Action::KillPower,
        "crash" => Action::Crash,
        "pass" => Action::Pass(duration(&body["seconds"])?),
        "clock" => {
            let seconds = body["seconds"].as_i64();
            Action::SetClockBy(seconds.ok_or("seconds must be a whole number")?)
        }
        "disk" => {
            let full = body["full"].as_bool();
            Action::FillDisk(full.ok_or("full must be true or false")?)
        }
        "send" => Action::Send { path: text("path")?, value: value()? },
        "put" => Action::Put { context: text("context")?, path: text("path")?, value: value()? },
        "acknowledge" => Action::Acknowledge(text("path")?),
        "silence" => Action::Silence(text("path")?),
        other => return Err(format!("there is no action {other}")),
    };
    Ok(action)
}

fn duration(seconds: &Value) -> Result<Duration, String> {
    let expected = || format!("seconds must be from 1 to {}", LONGEST_JUMP.as_secs());
    let duration = Duration::from_secs(seconds.as_u64().ok_or_else(expected)?);
    if duration.is_zero() || duration > LONGEST_JUMP { Err(expected()) } else { Ok(duration) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_has_what_it_needs_or_says_what_is_missing() {
        let of = |body: &str| action(body.as_bytes());
        let send = Action::Send { path: "a.b".to_owned(), value: 1.into() };
        assert_eq!(of(r#"{"do":"send","path":" a.b ","value":1}"#), Ok(send));
        assert_eq!(of(r#"{"do":"clock","seconds":-60}"#), Ok(Action::SetClockBy(-60)));
        for (body, reason) in [
            ("", "expected an object"),
            ("[]", "do is missing"),
            (r#"{"do":"dance"}"#, "no action dance"),
            (r#"{"do":"send","path":"a"}"#, "value is missing"),
            (r#"{"do":"pass","seconds":-1}"#, "from 1 to 86400"),
        ] {
            let error = of(body).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
