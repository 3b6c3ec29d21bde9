//! The release profile: small, unless Cargo.toml says otherwise.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use toml::{Table, Value};

/// The release profile of a plugin, by the keys of Cargo.toml. "s" is the best trade of size and time: see
/// `docs/speed.md` of the repository.
const SMALL: [(&str, &str); 5] = [
    ("opt-level", "s"),
    ("lto", "true"),
    ("codegen-units", "1"),
    ("panic", "abort"),
    ("strip", "true"),
];

/// The section of a Cargo.toml that says what is built anyway, for builds by cargo alone.
#[must_use]
pub fn release_profile() -> String {
    let is_text = |value: &str| value.parse::<bool>().is_err() && value.parse::<u32>().is_err();
    let line = |(key, value): (&str, &str)| {
        if is_text(value) { format!("{key} = {value:?}\n") } else { format!("{key} = {value}\n") }
    };
    ["[profile.release]\n".to_owned(), SMALL.into_iter().map(line).collect()].concat()
}

/// The release profile as far as the Cargo.toml of a workspace leaves it open, as cargo's variables have it.
pub(crate) fn small_unless_said(workspace: &Path) -> Result<Vec<(String, String)>> {
    let file = workspace.join("Cargo.toml");
    let text =
        fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let manifest: Table = text.parse().with_context(|| format!("{} is no TOML", file.display()))?;
    let release = manifest.get("profile").and_then(|profile| profile.get("release"));
    let is_open =
        |key: &str| release.and_then(Value::as_table).is_none_or(|it| !it.contains_key(key));
    let open = SMALL.into_iter().filter(|(key, _)| is_open(key));
    Ok(open.map(|(key, value)| (variable(key), value.to_owned())).collect())
}

/// The variable by which cargo takes a key of the profile.
pub(crate) fn variable(key: &str) -> String {
    format!("CARGO_PROFILE_RELEASE_{}", key.to_uppercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(manifest: &str) -> Vec<(String, String)> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        small_unless_said(folder.path()).unwrap()
    }

    #[test]
    fn the_section_says_the_same_in_toml() {
        let section: Table = release_profile().parse().unwrap();
        let profile = &section["profile"]["release"];
        assert_eq!(profile["opt-level"].as_str(), Some("s"));
        assert_eq!(profile["lto"].as_bool(), Some(true));
        assert_eq!(profile["codegen-units"].as_integer(), Some(1));
        assert_eq!(profile.as_table().map(Table::len), Some(SMALL.len()));
        assert_eq!(of(&release_profile()), []);
    }

    #[test]
    fn what_the_author_says_of_the_profile_stands() {
        let all = of("[package]\nname = \"a\"\n");
        assert_eq!(all[0], ("CARGO_PROFILE_RELEASE_OPT_LEVEL".into(), "s".into()));
        assert_eq!(all.len(), SMALL.len());
        let rest = of("[profile.release]\nopt-level = 3\nstrip = false\n");
        let names: Vec<_> = rest.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "CARGO_PROFILE_RELEASE_LTO",
                "CARGO_PROFILE_RELEASE_CODEGEN_UNITS",
                "CARGO_PROFILE_RELEASE_PANIC"
            ]
        );
    }
}
