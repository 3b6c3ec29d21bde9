//! Prints the files of a folder as lines for `grown/<target>.txt`: see CONTRIBUTING.

use std::collections::BTreeSet;
use std::{env, fs, io};

use signalk_plugin_fuzz::grown;

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).unwrap_or_else(|| ".".into());
    let mut lines = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        lines.insert(grown::line(&fs::read(entry?.path())?));
    }
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}
