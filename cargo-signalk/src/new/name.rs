//! The name of a plugin, which is its id on a server, its package on npm, and its crate.

use std::fmt;

use anyhow::{Result, bail};
use signalk_plugin_host::contract::package::LONGEST_NAME;

use crate::words::capitalized;

/// Words that Rust or cargo keeps for itself.
const RESERVED: [&str; 49] = [
    "abstract", "alloc", "as", "async", "await", "become", "box", "break", "const", "continue",
    "core", "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen",
    "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
    "pub", "ref", "return", "self", "static", "std", "struct", "super", "test", "trait", "true",
    "type", "unsafe", "use", "where",
];

/// Names that npm does not give away.
const NOT_OF_NPM: [&str; 2] = ["node_modules", "favicon.ico"];

/// A name that npm, cargo and the server take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    /// Checks a name.
    ///
    /// # Errors
    ///
    /// When one of them would not take it, with what to write instead.
    pub(crate) fn parse(name: &str) -> Result<Self> {
        if name.contains(['@', '/']) {
            bail!(
                "`{name}` has a scope, and the server mixes up the settings of plugins with one: write \
                 `{}`",
                slug(name.rsplit('/').next().unwrap_or(name))
            );
        }
        if name.is_empty() {
            bail!("a plugin needs a name: signalk-shallow, for example");
        }
        let is_fit = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
        if !name.chars().all(|char| is_fit(char) || char == '_') {
            bail!(
                "`{name}` cannot be the name of an npm package and of a crate, which have small letters, \
                 digits, - and _: write `{}`",
                slug(name)
            );
        }
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
            bail!("`{name}` begins with no letter, as crates have to: write `{}`", slug(name));
        }
        if name.len() > LONGEST_NAME {
            bail!(
                "the name has {} bytes, and npm takes {LONGEST_NAME}: choose a shorter one",
                name.len()
            );
        }
        if RESERVED.contains(&name) || NOT_OF_NPM.contains(&name) {
            bail!(
                "`{name}` is a word that Rust, cargo or npm keeps for itself: write `signalk-{name}`"
            );
        }
        Ok(Self(name.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As owners read it: `signalk-shallow-water` is "Shallow Water".
    pub(crate) fn title(&self) -> String {
        let bare = self.0.strip_prefix("signalk-").unwrap_or(&self.0);
        let words = bare.split(['-', '_']).filter(|word| !word.is_empty());
        words.map(capitalized).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A name near the one that will not do.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for char in name.chars().flat_map(char::to_lowercase) {
        if char.is_ascii_alphanumeric() {
            slug.push(char);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.starts_with(|first: char| first.is_ascii_lowercase()) && !RESERVED.contains(&slug) {
        slug.to_owned()
    } else {
        format!("signalk-{slug}").trim_end_matches('-').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_npm_cargo_or_the_server_would_not_take_is_refused_with_one_that_they_do() {
        for (name, part, better) in [
            ("@me/signalk-depth", "has a scope", "`signalk-depth`"),
            ("me/depth", "has a scope", "`depth`"),
            ("Signalk-Depth", "small letters", "`signalk-depth`"),
            ("signalk depth", "small letters", "`signalk-depth`"),
            ("signalk.depth", "small letters", "`signalk-depth`"),
            ("tiefe-über", "small letters", "`tiefe-ber`"),
            ("2depth", "begins with no letter", "`signalk-2depth`"),
            ("_depth", "begins with no letter", "`depth`"),
            ("match", "keeps for itself", "`signalk-match`"),
            ("test", "keeps for itself", "`signalk-test`"),
            ("node_modules", "keeps for itself", "`signalk-node_modules`"),
            ("", "needs a name", "signalk-shallow"),
        ] {
            let error = Name::parse(name).unwrap_err().to_string();
            assert!(error.contains(part) && error.contains(better), "{name}: {error}");
        }
        assert!(Name::parse(&"a".repeat(215)).is_err());
        for name in ["signalk-depth", "depth_2", &"a".repeat(214)] {
            assert_eq!(Name::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn a_title_is_made_of_the_name() {
        assert_eq!(Name::parse("signalk-shallow-water").unwrap().title(), "Shallow Water");
        assert_eq!(Name::parse("depth").unwrap().title(), "Depth");
    }
}
