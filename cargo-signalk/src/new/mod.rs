//! A new plugin, made from a template.

mod manifest;
mod name;
mod readme;
mod sdk;
mod templates;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use signalk_plugin_build::command;

pub(crate) use name::Name;
pub(crate) use sdk::Sdk;
pub(crate) use templates::{Template, names as template_names, template};

/// Lints that name the way out.
const CLIPPY: &str = include_str!("../../assets/new/clippy.toml");
const GITIGNORE: &str = include_str!("../../assets/new/gitignore");
const CHANGELOG: &str = include_str!("../../assets/new/CHANGELOG.md");
const WORKFLOW: &str = include_str!("../../assets/new/ci.yml");

/// A plugin that is to be made.
pub(crate) struct NewPlugin<'a> {
    pub(crate) name: &'a Name,
    pub(crate) template: &'static Template,
    pub(crate) sdk: &'a Sdk,
    pub(crate) folder: &'a Path,
}

impl NewPlugin<'_> {
    /// Writes all its files. A folder that could not be written whole is removed again.
    pub(crate) fn write(&self) -> Result<()> {
        if self.folder.exists() {
            bail!(
                "{} is there already: choose another name, or remove it first",
                self.folder.display()
            );
        }
        let written = self.files().and_then(|files| {
            files.iter().try_for_each(|(name, text)| write(&self.folder.join(name), text))
        });
        if written.is_err() {
            // What was written is of no use without the rest.
            fs::remove_dir_all(self.folder).ok();
        }
        written
    }

    fn is_in_workspace(&self) -> bool {
        let parent = self.folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        let mut locate = signalk_plugin_build::cargo();
        locate
            .current_dir(parent.unwrap_or(Path::new(".")))
            .args(["locate-project", "--workspace"]);
        command::run_quietly(&mut locate).is_ok()
    }

    fn files(&self) -> Result<Vec<(String, String)>> {
        let mut files = vec![
            ("clippy.toml".to_owned(), CLIPPY.to_owned()),
            ("rustfmt.toml".to_owned(), templates::RUSTFMT.to_owned()),
            (".gitignore".to_owned(), GITIGNORE.to_owned()),
            ("CHANGELOG.md".to_owned(), CHANGELOG.to_owned()),
            ("LICENSE".to_owned(), templates::LICENCE.to_owned()),
            (
                ".github/workflows/ci.yml".to_owned(),
                WORKFLOW.replace("{{install}}", &self.sdk.install_arguments()),
            ),
        ];
        let template = self.template.identity()?;
        for (name, text) in self.template.files {
            let text = match *name {
                "Cargo.toml" => {
                    manifest::of_plugin(text, self.name, self.sdk, self.is_in_workspace())?
                }
                "README.md" => readme::of_plugin(text, self.name),
                _ => (*text).to_owned(),
            };
            files.push(((*name).to_owned(), template.renamed(&text, self.name)));
        }
        Ok(files)
    }
}

fn write(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} could not be made", folder.display()))?;
    }
    fs::write(file, text).with_context(|| format!("{} could not be written", file.display()))
}
