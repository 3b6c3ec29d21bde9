//! A check is all the rules.

use crate::finding::Finding;
use crate::rules::{CRATE, CRATE_WITH_PACKAGE, MODULE, MODULE_IN_PACKAGE, PACKAGE};
use crate::subject::Subject;

/// Applies every rule to what there is of a plugin. Errors come first.
#[must_use]
pub fn check(subject: &Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(krate) = &subject.krate {
        findings.extend(CRATE.iter().flat_map(|rule| rule(krate)));
    }
    if let (Some(krate), Some(package)) = (&subject.krate, &subject.package) {
        findings.extend(CRATE_WITH_PACKAGE.iter().flat_map(|rule| rule(krate, package)));
    }
    if let Some(package) = &subject.package {
        findings.extend(PACKAGE.iter().flat_map(|rule| rule(package)));
    }
    if let Some(module) = &subject.module {
        findings.extend(MODULE.iter().flat_map(|rule| rule(module)));
        if let Some(package) = &subject.package {
            findings.extend(MODULE_IN_PACKAGE.iter().flat_map(|rule| rule(module, package)));
        }
    }
    // Stable: within a severity the order of the rules stays.
    findings.sort_by_key(|finding| !finding.is_error());
    findings
}
