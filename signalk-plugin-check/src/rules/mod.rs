//! The rules: one function each, with its test beside it.

mod cargo;
mod module;
mod package;

pub(crate) use cargo::{CRATE, CRATE_WITH_PACKAGE};
pub(crate) use module::{MODULE, MODULE_IN_PACKAGE};
pub(crate) use package::PACKAGE;

#[cfg(test)]
pub(crate) mod testing {
    //! Assertions for the tests of the rules.

    use crate::finding::Finding;

    /// The one finding, which has to say all this and to stand at that place.
    #[track_caller]
    pub(crate) fn one(findings: &[Finding], place: &str, says: &[&str]) -> Finding {
        let [finding] = findings else { panic!("not one finding: {findings:#?}") };
        for part in says {
            assert!(finding.message.contains(part), "{part:?} in {}", finding.message);
        }
        let found = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
        assert_eq!(found, place, "{}", finding.message);
        finding.clone()
    }
}
