//! A plugin that the tool has made, in a folder that lasts from one run of the tests to the next.
#![allow(dead_code, reason = "each file of tests uses its part")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// For a build without anything that is there already, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(400);

/// A plugin that was made by the tool, and what is kept of it.
///
/// It is in the same folder each time, and so is what cargo makes of it: in another, all that it depends on
/// would be built again. So there is one at a time.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    name: &'static str,
    _only_one: MutexGuard<'static, ()>,
}

static ONLY_ONE: Mutex<()> = Mutex::new(());

impl Place {
    pub(crate) fn new(name: &'static str) -> Self {
        Self::of_template(name, "hello")
    }

    pub(crate) fn of_template(name: &'static str, template: &str) -> Self {
        let only_one = ONLY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("made");
        let place = Self { folder, name, _only_one: only_one };
        for remains in [place.plugin(), place.state()] {
            let _ = fs::remove_dir_all(remains);
        }
        fs::create_dir_all(&place.folder).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut new = tool();
        new.args(["new", "--template", template, "--sdk"]).arg(root).arg(place.plugin());
        let made = new.output().unwrap();
        assert!(made.status.success(), "{made:?}");
        // It is no member of the workspace that its folder is in.
        let mut manifest = fs::File::options().append(true).open(place.plugin().join("Cargo.toml"));
        manifest.as_mut().unwrap().write_all(b"\n[workspace]\n").unwrap();
        // So that no registry is asked for newer versions.
        fs::copy(root.join("Cargo.lock"), place.plugin().join("Cargo.lock")).unwrap();
        place
    }

    pub(crate) fn plugin(&self) -> PathBuf {
        self.folder.join(self.name)
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// A file for what the tool says beside its results.
    pub(crate) fn remarks_file(&self) -> fs::File {
        fs::File::create(self.folder.join("remarks.txt")).unwrap()
    }

    /// The tool's words beside its results.
    pub(crate) fn remarks(&self) -> String {
        fs::read_to_string(self.folder.join("remarks.txt")).unwrap()
    }

    pub(crate) fn change(&self, file: &str, from: &str, to: &str) {
        let file = self.plugin().join(file);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(file, text.replace(from, to)).unwrap();
    }
}

/// With one target folder for all of these tests, from one run to the next.
pub(crate) fn tool() -> Command {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_cargo-signalk"));
    tool.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("made/target"));
    tool
}

#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(100));
    }
}
