//! The tables, in Markdown.

use signalk_plugin_build::grouped;

use super::builds::Level;
use super::candidates::{
    ALL, Candidate, EMPTY, EVERY_DELTA, EVERY_TEXT, EVERY_TYPED, FLEET, HAND_FLEET, HUNDRED, JSON,
    NODE, ONE, SCAN, TEN, TYPED, VALUE,
};
use super::figures::{BUS, DELTAS, Figures, Kind, Measured};
use super::hour::Hour;
use super::start::Start;

/// Rows of deltas, columns of plugins.
const BY_DELTA: [(&str, &[(&str, &str)]); 4] = [
    (
        "One `#[delta(\"navigation.position\")]`",
        &[
            (VALUE, "by hand, `serde_json::Value`"),
            (TYPED, "by hand, byte scan, then types"),
            (ONE, "this SDK"),
            (SCAN, "AssemblyScript, as documented"),
            (JSON, "AssemblyScript, its SDK's JSON"),
            (NODE, "Node.js, the callback alone"),
        ],
    ),
    ("Handlers of different paths", &[(ONE, "1"), (TEN, "10"), (HUNDRED, "100")]),
    (
        "Every delta of every vessel",
        &[(EVERY_TYPED, "by hand, types"), (EVERY_DELTA, "`&Delta`"), (EVERY_TEXT, "`&str`")],
    ),
    (
        "Positions and speeds of all vessels, kept",
        &[(HAND_FLEET, "by hand, types in a map"), (FLEET, "`model(context = \"vessels.*\", …)`")],
    ),
];

/// Rows of plugins.
const NAMES: [(&str, &str); 15] = [
    (EMPTY, "the host alone: an empty handler by hand"),
    (VALUE, "by hand, `serde_json::Value`"),
    (TYPED, "by hand, byte scan, then types"),
    (ONE, "this SDK, one handler"),
    (TEN, "this SDK, 10 handlers"),
    (HUNDRED, "this SDK, 100 handlers"),
    (EVERY_TYPED, "every delta by hand, types"),
    (EVERY_DELTA, "this SDK, every `&Delta`"),
    (EVERY_TEXT, "this SDK, every delta as `&str`"),
    (HAND_FLEET, "all vessels by hand, types in a map"),
    (FLEET, "this SDK, the model of all vessels"),
    (ALL, "this SDK, model, positions of all, every delta"),
    (SCAN, "AssemblyScript, as documented"),
    (JSON, "AssemblyScript, its SDK's JSON"),
    (NODE, "Node.js, the callback alone"),
];

/// The columns of a plugin, a kind of delta, and its title, by which levels of optimisation are compared.
const TRADE: [(&str, &str, &str); 6] = [
    (ONE, "own", "wanted"),
    (TYPED, "own", "the same by hand, types"),
    (ONE, "two", "unwanted, two values"),
    (TYPED, "two", "the same by hand, byte scan"),
    (EVERY_DELTA, "own", "every `&Delta`"),
    (EVERY_TYPED, "own", "the same by hand, types"),
];

/// Milliseconds of a second.
const MILLISECONDS: f64 = 1_000.0;

/// The name of a plugin in a row of its own.
pub(super) fn name_of(id: &str) -> &str {
    NAMES.iter().find(|(found, _)| *found == id).map_or(id, |(_, name)| name)
}

/// Prints what a delta costs, and what the plugins weigh.
pub(super) fn print_deltas(candidates: &[Candidate], figures: &Figures) {
    let sheet = Sheet { candidates, figures };
    println!("Node.js {}. `opt-level = \"s\"`, in brackets 3.", figures.node);
    for (title, columns) in BY_DELTA {
        println!("\n{title}, as multiples of what the host alone takes:\n");
        sheet.print(columns, "", |it| format!("{:.2}", it.ratio));
    }
    println!("\nThe host alone, and the first table, in µs:\n");
    let columns: Vec<_> = [(EMPTY, "host")].iter().chain(BY_DELTA[0].1).copied().collect();
    sheet.print(&columns, "µs", |it| format!("{:.2}", it.microseconds));
    sheet.print_bus();
    println!("\nSizes in bytes, as built, with the schema embedded:\n\n| | bytes |\n|---|---:|");
    for (id, name) in NAMES {
        if let Some(bytes) = sheet.cell(id, |candidate| candidate.bytes.map(grouped)) {
            println!("| {name} | {bytes} |");
        }
    }
}

/// Prints what the levels of optimisation cost and give.
pub(super) fn print_trade(candidates: &[Candidate], figures: &Figures) {
    println!("\n`opt-level`, as multiples of what the host alone takes:\n");
    println!("| `opt-level` | bytes of one handler | {} |", TRADE.map(|it| it.2).join(" | "));
    println!("|---|---:|{}", "---:|".repeat(TRADE.len()));
    for level in [Level::Size, Level::Profile, Level::Speed] {
        let of_level = |id| candidates.iter().find(|it| it.id == id && it.level == Some(level));
        let bytes = of_level(ONE).and_then(|it| it.bytes).map(grouped).unwrap_or_default();
        let cells = TRADE.map(|(id, kind, _)| {
            let kind = figures.kinds.iter().find(|it| it.name == kind);
            let measured =
                kind.zip(of_level(id)).and_then(|(kind, it)| kind.of_candidate(&it.name()));
            measured.map(|it| format!("{:.2}", it.ratio)).unwrap_or_default()
        });
        println!("| `{:?}` | {bytes} | {} |", level.name(), cells.join(" | "));
    }
}

/// Prints how much memory instances have.
pub(super) fn print_hour(hours: &[(&str, Hour)]) {
    println!("\nMemory of an instance, in bytes, on that bus:\n");
    println!("| | started | after a minute | after an hour |\n|---|---:|---:|---:|");
    for (id, Hour { started, minute, hour }) in hours {
        let cells = [started, minute, hour].map(|bytes| grouped(*bytes));
        println!("| {} | {} |", name_of(id), cells.join(" | "));
    }
}

/// Prints how long starts take.
pub(super) fn print_starts(starts: &[Start]) {
    println!(
        "\nFrom enabling a plugin on signalk-server 2.32.0 to the answer that it runs, in ms:\n"
    );
    println!("| | ms |\n|---|---:|");
    for Start { name, took } in starts {
        println!("| {name} | {:.1} |", took.as_secs_f64() * MILLISECONDS);
    }
}

struct Sheet<'a> {
    candidates: &'a [Candidate],
    figures: &'a Figures,
}

impl Sheet<'_> {
    /// A table with a row for each kind of delta.
    fn print(&self, columns: &[(&str, &str)], unit: &str, show: impl Fn(Measured) -> String) {
        let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        let titles: Vec<_> = columns.iter().map(|(_, title)| *title).collect();
        println!("| delta{unit} | {} |", titles.join(" | "));
        println!("|---|{}", "---:|".repeat(columns.len()));
        for kind in self.figures.kinds.iter().filter(|kind| kind.name != BUS) {
            let cell = |(id, _): &(&str, &str)| self.measured(kind, id, &show);
            let cells: Vec<_> = columns.iter().map(cell).collect();
            println!("| {} | {} |", title(kind), cells.join(" | "));
        }
    }

    fn print_bus(&self) {
        let Some(bus) = self.figures.kinds.iter().find(|kind| kind.name == BUS) else {
            return;
        };
        println!(
            "\nA busy bus of 1,000 deltas/s from 100 vessels ({} bytes in the middle), the host's \
             part included:\n",
            grouped(bus.bytes)
        );
        println!("| | multiple | µs a delta | of a core |\n|---|---:|---:|---:|");
        for (id, name) in NAMES {
            let ratio = self.measured(bus, id, |it| format!("{:.2}", it.ratio));
            let time = self.measured(bus, id, |it| format!("{:.2}", it.microseconds));
            // So many thousandths of a second in each second, with a thousand deltas in it.
            let share = self.measured(bus, id, |it| format!("{:.2} %", it.microseconds / 10.0));
            println!("| {name} | {ratio} | {time} | {share} |");
        }
    }

    fn measured(&self, kind: &Kind, id: &str, show: impl Fn(Measured) -> String) -> String {
        let of = |candidate: &Candidate| kind.of_candidate(&candidate.name()).map(&show);
        self.cell(id, of).unwrap_or_default()
    }

    /// The text of a cell, in brackets for the plugin as it is built for speed.
    fn cell(&self, id: &str, of: impl Fn(&Candidate) -> Option<String>) -> Option<String> {
        let of_level = |is_of: fn(Option<Level>) -> bool| {
            let mut found = self.candidates.iter().filter(|it| it.id == id && is_of(it.level));
            found.next().and_then(&of)
        };
        let main = of_level(|level| matches!(level, None | Some(Level::Profile)))?;
        Some(
            of_level(|level| level == Some(Level::Speed))
                .map_or_else(|| main.clone(), |fast| format!("{main} ({fast})")),
        )
    }
}

fn title(kind: &Kind) -> String {
    let label = DELTAS.iter().find(|(name, _)| *name == kind.name).map_or("", |(_, label)| label);
    format!("{label}, {} bytes", grouped(kind.bytes))
}
