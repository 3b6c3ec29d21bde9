//! The tables, in Markdown.

use super::builds::Level;
use super::candidates::Candidate;
use super::figures::{DELTAS, Figures, Kind, Measured};

/// Prints what was measured.
pub(super) fn print(candidates: &[Candidate], figures: &Figures) {
    println!("Node.js {}; `opt-level = \"z\"`, in brackets 3.\n", figures.node);
    let rows = rows(candidates);
    println!("As multiples of what the host itself spends on the delta:\n");
    print_table(&rows, figures, |it| format!("{:.2}", it.ratio));
    println!("\nIn µs:\n");
    print_table(&rows, figures, |it| format!("{:.2}", it.microseconds));
    println!("\nSizes in bytes, with the schema embedded:\n\n| | z (3) |\n|---|---:|");
    for row in &rows {
        let size = |candidate: &Candidate| candidate.bytes.map(grouped);
        if let Some(sizes) = row.cell(size) {
            println!("| {} | {sizes} |", row.label);
        }
    }
}

/// A line of a table: the same plugin in its builds.
struct Row<'a> {
    label: &'a str,
    main: &'a Candidate,
    fast: Option<&'a Candidate>,
}

fn rows(candidates: &[Candidate]) -> Vec<Row<'_>> {
    let main = candidates.iter().filter(|candidate| candidate.level != Some(Level::Speed));
    let is_fast = |candidate: &&Candidate| candidate.level == Some(Level::Speed);
    main.map(|main| Row {
        label: main.label,
        main,
        fast: candidates.iter().filter(is_fast).find(|fast| fast.label == main.label),
    })
    .collect()
}

impl Row<'_> {
    fn cell(&self, of: impl Fn(&Candidate) -> Option<String>) -> Option<String> {
        let main = of(self.main)?;
        let fast = self.fast.and_then(of);
        Some(fast.map_or_else(|| main.clone(), |fast| format!("{main} ({fast})")))
    }
}

fn print_table(rows: &[Row<'_>], figures: &Figures, show: impl Fn(Measured) -> String) {
    let titles = figures.kinds.iter().map(title);
    println!("| | {} |", titles.collect::<Vec<_>>().join(" | "));
    println!("|---|{}", "---:|".repeat(figures.kinds.len()));
    for row in rows {
        let cell = |kind: &Kind| {
            let of = |candidate: &Candidate| kind.of_candidate(candidate.name()).map(&show);
            row.cell(of).unwrap_or_default()
        };
        let cells = figures.kinds.iter().map(cell).collect::<Vec<_>>();
        println!("| {} | {} |", row.label, cells.join(" | "));
    }
}

fn title(kind: &Kind) -> String {
    let label = DELTAS.iter().find(|(name, _)| *name == kind.name).map_or("", |(_, label)| label);
    format!("{label}, {} bytes", grouped(kind.bytes))
}

/// As people read it: 131,162.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_threes() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(313), "313");
        assert_eq!(grouped(2_048), "2,048");
        assert_eq!(grouped(1_131_162), "1,131,162");
    }
}
