//! Requests, handlers and tasks that ask for too much.

use serde_json::json;

use super::*;

cases! {
    on_boat, [embedded server]
    a_value_that_nests_too_deeply_is_refused
    a_task_that_never_rests_stops_nobody
    a_handler_that_blocks_is_told
}

fn a_value_that_nests_too_deeply_is_refused(boat: &mut dyn Faulty) {
    let nested = |levels| (0..levels).fold(json!([]), |inner, _| json!([inner]));
    assert_eq!(boat.put_status("test.tree", &nested(100)), 200);
    assert_eq!(boat.put_status("test.tree", &nested(1_500)), 400);
    assert_is_alive(boat);
}

fn a_task_that_never_rests_stops_nobody(boat: &mut dyn Faulty) {
    start_with(boat, 36.5, &json!({}));
    boat.put("test.restless", &json!(true));
    until(boat, "the task", |boat| boat.value("test.steps").as_u64() > Some(400));
    let ticks = boat.sent("test.tick").len();
    until(boat, "two more ticks", |boat| boat.sent("test.tick").len() > ticks + 2);
    assert_is_alive(boat);
    // A crash ends it with the plugin.
    boat.put("test.panic", &json!("with a task"));
    until_line(boat, "Crashed: with a task (");
    until_line(boat, "Started");
    let steps = boat.sent("test.steps").len();
    wait_a_little(boat);
    assert_eq!(boat.sent("test.steps").len(), steps);
}

fn a_handler_that_blocks_is_told(boat: &mut dyn Faulty) {
    boat.put("test.nap", &json!(1_300));
    until_line(boat, " ms, and the whole server stood still meanwhile");
    assert!(boat.line().starts_with("test.nap took "), "{}", boat.line());
    boat.put("test.nap", &json!(1));
    until_line(boat, "Started");
}
