//! Rules about the crate.

mod agree;
mod dependencies;
mod instead;
mod library;
mod name;
pub(super) mod paths;

use crate::finding::Finding;
use crate::subject::{Crate, PackageFolder};

type Rule = fn(&Crate) -> Vec<Finding>;
type RuleWithPackage = fn(&Crate, &PackageFolder) -> Vec<Finding>;

pub(crate) const CRATE: &[Rule] = &[
    library::for_webassembly,
    name::fit_for_npm,
    dependencies::resolved,
    dependencies::able_to_work,
    paths::of_the_specification,
];

pub(crate) const CRATE_WITH_PACKAGE: &[RuleWithPackage] =
    &[agree::on_the_name, agree::on_the_version];
