//! A package.json that somebody wrote.

use std::fs;

use anyhow::{Context, Result, bail};
use cargo_metadata::Package as CargoPackage;
use serde_json::{Map, Value};

/// That beside Cargo.toml, if there is one. It has to agree with Cargo.toml on name and version.
pub(super) fn read(
    plugin: &CargoPackage,
    has_metadata: bool,
) -> Result<Option<Map<String, Value>>> {
    let file = plugin.manifest_path.with_file_name("package.json");
    if !file.exists() {
        return Ok(None);
    }
    if has_metadata {
        bail!(
            "there is both a {file} and a [package.metadata.signalk] in Cargo.toml, which may say \
             different things: keep one of them"
        );
    }
    let text = fs::read_to_string(&file).with_context(|| format!("{file} cannot be read"))?;
    let json: Value = serde_json::from_str(&text).with_context(|| format!("{file} is not JSON"))?;
    let Value::Object(mut json) = json else {
        bail!("{file} is not a JSON object");
    };
    // The server knows a plugin, and its configuration, by the name.
    agree(&mut json, "name", plugin.name.as_str())?;
    agree(&mut json, "version", &plugin.version.to_string())?;
    Ok(Some(json))
}

/// Fills in what package.json leaves to Cargo.toml, and refuses what it says otherwise.
fn agree(package_json: &mut Map<String, Value>, key: &str, cargo: &str) -> Result<()> {
    match package_json.get(key) {
        None => {
            package_json.insert(key.to_owned(), cargo.into());
        }
        Some(found) if found == cargo => {}
        Some(found) => bail!(
            "package.json has the {key} {found} and Cargo.toml \"{cargo}\": write the same {key} \
             into both (by the name, the server finds the configuration that the plugin's owner has \
             saved)"
        ),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    #[test]
    fn a_package_json_that_says_otherwise_than_cargo_toml_is_refused_with_both() {
        let mut json = Map::new();
        agree(&mut json, "name", "signalk-shallow").unwrap();
        assert_eq!(json["name"], "signalk-shallow");
        agree(&mut json, "name", "signalk-shallow").unwrap();
        for other in [json!("signalk-deep"), json!("@me/signalk-shallow"), json!(5), json!(null)] {
            json.insert("name".into(), other.clone());
            let error = agree(&mut json, "name", "signalk-shallow").unwrap_err().to_string();
            assert!(error.contains(&other.to_string()), "{error}");
            assert!(error.contains("Cargo.toml \"signalk-shallow\""), "{error}");
            assert_eq!(json["name"], other);
        }
        json.insert("version".into(), "0.2.0".into());
        assert!(agree(&mut json, "version", "0.1.0").is_err());
    }
}
