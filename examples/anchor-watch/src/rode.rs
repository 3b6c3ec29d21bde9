//! The rode, and how much of it there is for the depth.

/// Chain and rope that are out (m), and how high above the water they come aboard (m).
pub(crate) struct Rode {
    pub(crate) length: f64,
    pub(crate) bow_height: f64,
}

impl Rode {
    /// The length of the rode by the height of the bow above the ground.
    pub(crate) fn scope(&self, depth: f64) -> Option<f64> {
        let height = depth + self.bow_height;
        (height > 0.0).then(|| self.length / height)
    }

    /// The most distance from the bow to the anchor (m), with the rode pulled straight.
    pub(crate) fn reach(&self, depth: f64) -> f64 {
        let height = depth + self.bow_height;
        (self.length * self.length - height * height).max(0.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_and_the_reach_are_those_of_the_triangle() {
        let rode = Rode { length: 25.0, bow_height: 1.0 };
        assert_eq!(rode.scope(4.0), Some(5.0));
        assert_eq!(rode.reach(6.0), 24.0);
        assert_eq!(rode.reach(30.0), 0.0);
        assert_eq!(Rode { length: 25.0, bow_height: 0.0 }.scope(0.0), None);
    }
}
