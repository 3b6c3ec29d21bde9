//! The guide's table of faults names tests that there are, and the page of all tests is up to date.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::fs;
use std::path::{Path, PathBuf};

use signalk_plugin_tests::topics::{self, Topic};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn each_fault_names_tests_that_are_there_for_the_embedded_host_and_for_real_servers() {
    let (topics, natively) = topics::all(&root()).unwrap();
    let all: Vec<_> = topics.iter().chain(&natively).collect();
    let faults = topics::faults(&root()).unwrap();
    assert!(faults.len() > 30, "{}", faults.len());
    for fault in faults {
        for (topic, test) in &fault.tests {
            let is_there = |it: &&Topic| it.name == *topic && it.test(test).is_some();
            assert!(all.iter().any(is_there), "{}: there is no {topic}::{test}", fault.fault);
        }
        let ways = topics::ways_of(all.iter().copied(), &fault.tests);
        for way in ["embedded", "server"] {
            let is_shown = ways.iter().any(|it| it == way);
            assert!(is_shown || fault.limit.is_some(), "{}: no test of the way {way}", fault.fault);
        }
    }
}

#[test]
fn the_page_of_all_tests_is_up_to_date() {
    let page = fs::read_to_string(root().join("tests/TESTED.md")).unwrap();
    assert!(page == topics::page(&root()).unwrap(), "write it anew: cargo xtask tables");
}
