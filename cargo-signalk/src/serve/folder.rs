//! The folder that a server keeps everything in.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use signalk_plugin_build::BuiltPlugin;

use super::feed::{self, Feed};

/// The port of the settings. The server listens on another: its own word for that is overruled.
pub(super) const SETTINGS_PORT: u16 = 3000;

/// Settings, plugins and their configurations, as the server finds them.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder where there is none. Settings that are there are kept, but for those without which
    /// nobody would reach the server, or everybody.
    pub(super) fn prepare(path: PathBuf, feed: Option<&Feed>) -> Result<Self> {
        let folder = Self(path);
        fs::create_dir_all(folder.configurations())
            .with_context(|| format!("the folder {} cannot be made", folder.0.display()))?;
        fs::create_dir_all(folder.plugins())?;
        let settings = folder.0.join("settings.json");
        let mut all = read_object(&settings)?.unwrap_or_else(first_settings);
        for (key, value) in
            [("mdns", json!(false)), ("ssl", json!(false)), ("port", json!(SETTINGS_PORT))]
        {
            all.insert(key.to_owned(), value);
        }
        let providers = all.entry("pipedProviders").or_insert_with(|| json!([]));
        if let Value::Array(providers) = providers {
            // Those of an earlier run lead nowhere now.
            providers.retain(|it| !feed::PROVIDERS.iter().any(|id| it["id"] == *id));
            providers.extend(feed.into_iter().flat_map(Feed::providers));
        }
        write(&settings, &serde_json::to_string_pretty(&all)?)?;
        let package = folder.0.join("package.json");
        if !package.exists() {
            write(&package, "{}\n")?;
        }
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Puts a plugin in, in place of the one that is there, and enables it if it is new here.
    pub(super) fn install(&self, built: &BuiltPlugin) -> Result<()> {
        let place = self.plugins().join(&built.name);
        if place.exists() {
            fs::remove_dir_all(&place)
                .with_context(|| format!("{} cannot be emptied", place.display()))?;
        }
        copy(&built.folder, &place).with_context(|| {
            format!("{} cannot be copied to {}", built.folder.display(), place.display())
        })?;
        let document = self.document(&built.name);
        if !document.exists() {
            write(&document, r#"{"enabled":true,"configuration":{}}"#)?;
        }
        Ok(())
    }

    /// Tells if the plugin starts with the server.
    pub(super) fn is_enabled(&self, plugin: &str) -> bool {
        let document = read_object(&self.document(plugin));
        document.ok().flatten().is_some_and(|document| document["enabled"] == true)
    }

    fn plugins(&self) -> PathBuf {
        self.0.join("node_modules")
    }

    fn configurations(&self) -> PathBuf {
        self.0.join("plugin-config-data")
    }

    fn document(&self, plugin: &str) -> PathBuf {
        self.configurations().join(format!("{plugin}.json"))
    }
}

/// Without what would ask the registry, or listen on ports that a server of the user's own may have.
fn first_settings() -> Map<String, Value> {
    let mut settings = Map::new();
    let interfaces = json!({ "appstore": false, "tcp": false, "nmea-tcp": false });
    settings.insert("interfaces".to_owned(), interfaces);
    settings
}

fn read_object(file: &Path) -> Result<Option<Map<String, Value>>> {
    if !file.exists() {
        return Ok(None);
    }
    let text =
        fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(object)) => Ok(Some(object)),
        Ok(_) => bail!("{} is no JSON object: mend it, or remove it", file.display()),
        Err(error) => {
            bail!("{} is not JSON ({error}): mend it, or remove it", file.display())
        }
    }
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_are_there_are_kept_but_for_those_of_the_port() {
        let place = tempfile::tempdir().unwrap();
        let settings = place.path().join("settings.json");
        fs::write(&settings, r#"{"port":80,"ssl":true,"mmsi":"230099999"}"#).unwrap();
        Folder::prepare(place.path().to_owned(), None).unwrap();
        let found = read_object(&settings).unwrap().unwrap();
        assert_eq!(found["mmsi"], "230099999");
        assert_eq!((&found["port"], &found["ssl"]), (&json!(SETTINGS_PORT), &json!(false)));
    }

    #[test]
    fn settings_that_are_damaged_are_told_with_their_file_and_left_as_they_are() {
        let place = tempfile::tempdir().unwrap();
        let settings = place.path().join("settings.json");
        for text in ["{", "[]"] {
            fs::write(&settings, text).unwrap();
            let error = Folder::prepare(place.path().to_owned(), None).unwrap_err().to_string();
            assert!(error.contains("settings.json") && error.contains("remove it"), "{error}");
            assert_eq!(fs::read_to_string(&settings).unwrap(), text);
        }
    }

    #[test]
    fn a_plugin_that_was_disabled_stays_so() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::prepare(place.path().to_owned(), None).unwrap();
        assert!(!folder.is_enabled("signalk-a"));
        fs::write(folder.document("signalk-a"), r#"{"enabled":true}"#).unwrap();
        assert!(folder.is_enabled("signalk-a"));
        fs::write(folder.document("signalk-a"), r#"{"enabled":false}"#).unwrap();
        assert!(!folder.is_enabled("signalk-a"));
    }
}
