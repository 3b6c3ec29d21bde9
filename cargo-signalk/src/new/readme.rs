//! The README of a new plugin, from that of the example.

use super::name::Name;

/// The section on installing the plugin and working on it.
const DEVELOP: &str = include_str!("../../assets/new/develop.md");

/// Sections that are about the repository of the example.
const OF_THE_EXAMPLE: [&str; 3] =
    ["## Build and install", "## Without the service", "## A plugin of your own"];

/// The text with a title, and with sections of its own in place of those about the example.
pub(super) fn of_plugin(example: &str, name: &Name) -> String {
    let mut text = format!("# {}\n", name.title());
    let mut is_kept = true;
    for line in example.lines().skip_while(|line| line.starts_with("# ")) {
        if line.starts_with("## ") {
            is_kept = !OF_THE_EXAMPLE.contains(&line);
        }
        if is_kept {
            text += line;
            text.push('\n');
        }
    }
    let develop = DEVELOP
        .replace("{{name}}", name.as_str())
        .replace("{{title}}", &name.title())
        .replace("{{folder}}", "/path/to/this/plugin");
    text.trim_end().to_owned() + "\n\n" + &develop
}
