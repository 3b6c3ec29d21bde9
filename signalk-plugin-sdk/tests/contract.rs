//! The words of the SDK's types are those of the host contract.
#![cfg(not(target_family = "wasm"))]

use signalk_plugin_contract::alarm_state;
use signalk_plugin_sdk::notification::AlarmState;

#[test]
fn each_state_of_an_alarm_has_the_word_of_the_contract() {
    let states = [
        AlarmState::Nominal,
        AlarmState::Normal,
        AlarmState::Alert,
        AlarmState::Warn,
        AlarmState::Alarm,
        AlarmState::Emergency,
    ];
    let words = states.map(|state| serde_json::to_value(state).unwrap());
    assert_eq!(words.each_ref().map(|word| word.as_str().unwrap()), alarm_state::ALL);
    for word in words {
        let zone = serde_json::from_value::<AlarmState>(word.clone()).unwrap();
        assert_eq!(serde_json::to_value(zone).unwrap(), word);
    }
}
