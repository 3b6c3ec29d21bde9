//! Counts of a plugin.

use std::fmt;

/// The values that were read, and the sum of them, which nobody has who has not read them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    values: u64,
    sum: i64,
}

impl Count {
    /// Counts a position, by its latitude in millionths of a degree.
    #[expect(clippy::cast_possible_truncation, reason = "no latitude is that large")]
    pub fn position(&mut self, latitude: f64) {
        self.add((latitude * 1e6) as i64);
    }

    /// Counts something with a number.
    pub fn add(&mut self, number: i64) {
        self.values += 1;
        self.sum += number;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.values, self.sum)
    }
}
