//! The templates, embedded when this program was built.

use anyhow::{Context, Result, bail};
use toml_edit::DocumentMut;

use super::name::Name;

include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// A plugin to begin with.
pub(crate) struct Template {
    pub(crate) name: &'static str,
    /// Paths and texts.
    pub(super) files: &'static [(&'static str, &'static str)],
}

/// The names of a template.
pub(super) struct Identity {
    package: String,
    title: String,
}

/// Their names.
pub(crate) fn names() -> Vec<&'static str> {
    TEMPLATES.iter().map(|template| template.name).collect()
}

/// The template of that name.
pub(crate) fn template(name: &str) -> Result<&'static Template> {
    match TEMPLATES.iter().find(|template| template.name == name) {
        Some(template) => Ok(template),
        None => bail!("there is no template `{name}`; those there are: {}", names().join(", ")),
    }
}

impl Template {
    pub(super) fn identity(&self) -> Result<Identity> {
        let manifest = self.files.iter().find(|(name, _)| *name == "Cargo.toml");
        let (_, manifest) = manifest.context("the template has no Cargo.toml")?;
        let manifest: DocumentMut = manifest.parse().context("the template's Cargo.toml")?;
        let package = manifest["package"]["name"].as_str().context("the template has no name")?;
        let title = manifest["package"]["metadata"]["signalk"]["display-name"].as_str();
        Ok(Identity {
            package: package.to_owned(),
            title: title.context("the template has no title")?.to_owned(),
        })
    }
}

impl Identity {
    /// A text of the template with the names of the plugin that is made from it.
    pub(super) fn renamed(&self, text: &str, name: &Name) -> String {
        let attribute = |title: &str| format!("name = {title:?}");
        text.replace(&self.package, name.as_str())
            .replace(&self.package.replace('-', "_"), &name.as_str().replace('-', "_"))
            .replace(&attribute(&self.title), &attribute(&name.title()))
            // Where the form and the page are named.
            .replace(&format!("→ {}", self.title), &format!("→ {}", name.title()))
    }
}
