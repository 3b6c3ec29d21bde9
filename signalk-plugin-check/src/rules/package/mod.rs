//! Rules about package.json and the files beside it.

mod capabilities;
mod files;
mod json;
mod keys;
mod keywords;
mod main;
mod manifest;
mod name;
mod store;
mod version;
mod webapp;

use crate::finding::Finding;
use crate::subject::PackageFolder;
pub(super) use name::for_npm;

type Rule = fn(&PackageFolder) -> Vec<Finding>;

pub(crate) const PACKAGE: &[Rule] = &[
    json::an_object,
    json::no_byte_order_mark,
    json::no_key_twice,
    keys::spelt_right,
    name::fit_for_npm,
    name::without_scope,
    name::that_of_the_folder,
    version::one_that_npm_takes,
    keywords::a_list,
    keywords::found_by_the_server,
    keywords::found_by_the_store,
    keywords::spelt_right,
    keywords::known_categories,
    manifest::a_text,
    manifest::below_the_package,
    manifest::leads_to_a_file,
    files::a_list,
    files::the_module_is_packed,
    files::nothing_that_is_missing,
    capabilities::an_object,
    capabilities::known,
    capabilities::truths,
    main::there,
    main::javascript,
    webapp::has_pages,
    webapp::pages_are_served,
    store::pictures_are_packed,
    store::not_private,
    store::nothing_to_run,
    store::not_enabled_by_default,
];
