//! The table of a plugin's types of resources.

use super::{Resource, ResourceProvider, adapter};
use crate::error::{Error, Result};
use crate::handlers::ProvideFn;
use crate::plugin::Plugin;

/// A plugin with types of resources.
pub trait ServesResources: Plugin {
    /// One entry for each type.
    const RESOURCES: &'static [ResourceType<Self>];
}

/// One type of resources, and what the server asks of it.
#[derive(Debug)]
pub struct ResourceType<P> {
    /// `routes`, for example.
    pub resource_type: &'static str,
    /// The functions; each takes the request's JSON and gives the answer's.
    pub list: ProvideFn<P>,
    /// See `list`.
    pub get: ProvideFn<P>,
    /// See `list`.
    pub set: ProvideFn<P>,
    /// See `list`.
    pub delete: ProvideFn<P>,
}

impl<P> ResourceType<P> {
    /// The entry of a type.
    #[must_use]
    pub const fn of<R: Resource>() -> Self
    where
        P: ResourceProvider<R>,
    {
        Self {
            resource_type: R::TYPE,
            list: adapter::list::<P, R>,
            get: adapter::get::<P, R>,
            set: adapter::set::<P, R>,
            delete: adapter::delete::<P, R>,
        }
    }
}

/// Whether no two types have the same name; for a check when a plugin is compiled.
#[must_use]
pub const fn are_different<P>(types: &[ResourceType<P>]) -> bool {
    let mut first = 0;
    while first < types.len() {
        let mut second = first + 1;
        while second < types.len() {
            if is_same(
                types[first].resource_type.as_bytes(),
                types[second].resource_type.as_bytes(),
            ) {
                return false;
            }
            second += 1;
        }
        first += 1;
    }
    true
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// Finds the type that a request is about, and answers it.
pub(crate) fn for_resource<P: ServesResources>(
    plugin: &mut P,
    request: &str,
    function: impl FnOnce(&ResourceType<P>) -> ProvideFn<P>,
) -> Result<String> {
    let resource_type = adapter::resource_type(request)?;
    match P::RESOURCES.iter().find(|resource| *resource.resource_type == *resource_type) {
        Some(resource) => function(resource)(plugin, request),
        None => {
            Err(Error::msg(["the plugin has no resources of the type ", &*resource_type].concat()))
        }
    }
}
