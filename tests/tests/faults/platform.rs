//! Things that WebAssembly does not have, and the log.

use serde_json::json;

use super::*;

cases! {
    on_boat, [embedded server]
    the_log_reaches_the_console_once_with_name_and_level
    sockets_and_files_of_the_system_are_told_with_what_to_use
    a_thread_is_told_with_what_to_use
    an_exit_is_a_crash_that_says_what_it_was
}

fn the_log_reaches_the_console_once_with_name_and_level(boat: &mut dyn Faulty) {
    start_with(boat, 71.5, &json!({}));
    boat.put("test.log", &json!("over the log"));
    let line = |level: &str| format!("[{PLUGIN}] {level} over the log");
    until(boat, "the line", |boat| boat.everything_shown().contains(&line("INFO")));
    let shown = boat.everything_shown();
    for level in ["ERROR", "WARN", "INFO"] {
        assert_eq!(shown.matches(&line(level)).count(), 1, "{level}: {shown}");
    }
    assert!(!shown.contains(&line("DEBUG")), "{shown}");
}

fn sockets_and_files_of_the_system_are_told_with_what_to_use(boat: &mut dyn Faulty) {
    for (radius, (what, use_instead)) in
        [("socket", "`net`"), ("file", "`storage`")].iter().enumerate()
    {
        start_with(boat, 72.5 + radius as f64, &json!({}));
        boat.put("test.std", &json!(what));
        until_line(boat, "std_now: ");
        assert!(boat.line().contains(use_instead), "{what}: {}", boat.line());
    }
}

fn a_thread_is_told_with_what_to_use(boat: &mut dyn Faulty) {
    start_with(boat, 75.5, &json!({}));
    boat.put("test.std", &json!("thread"));
    until_line(boat, "failed to spawn thread");
    let shown = boat.everything_shown();
    let line = shown.lines().rev().find(|line| line.contains("failed to spawn thread")).unwrap();
    assert!(line.contains("task::spawn") && !line.contains("library/std"), "{line}");
    until_line(boat, "Started");
    assert_is_alive(boat);
}

fn an_exit_is_a_crash_that_says_what_it_was(boat: &mut dyn Faulty) {
    start_with(boat, 76.5, &json!({}));
    for _ in 0..2 {
        boat.put("test.std", &json!("exit"));
        until_line(boat, "process::exit");
        until_line(boat, "Started");
        assert_is_alive(boat);
    }
    assert!(!boat.everything_shown().contains("probably ran out"));
}
