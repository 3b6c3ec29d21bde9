//! What the fuzzer begins with, and what it once found, as ordinary tests.
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use std::fs;
use std::path::{Path, PathBuf};

use signalk_plugin_fuzz::{TARGETS, grown, target};

/// The files of a folder, in the order of their names; none where there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}

fn folder(kind: &str, target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(kind).join(target)
}

/// The file or line that panics is the last thing that is printed.
fn replay(name: &str) {
    let run = target(name).unwrap().run;
    let corpus = files(&folder("corpus", name));
    assert!(!corpus.is_empty(), "{name} has no corpus");
    run(b"");
    for file in corpus.into_iter().chain(files(&folder("crashes", name))) {
        println!("{}", file.display());
        run(&fs::read(&file).unwrap());
    }
    let grown = Path::new(env!("CARGO_MANIFEST_DIR")).join("grown").join(format!("{name}.txt"));
    for line in fs::read_to_string(grown).unwrap_or_default().lines() {
        println!("{line}");
        run(&grown::input(line).unwrap());
    }
}

macro_rules! replays {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            replay(stringify!($name));
        })*

        #[test]
        fn every_target_is_replayed() {
            let replayed = [$(stringify!($name)),*];
            assert_eq!(TARGETS.map(|target| target.name), replayed);
        }
    };
}

replays! { config deltas http put resources weather lines buffers json answers fetch }
