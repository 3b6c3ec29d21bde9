//! The crates that are compiled into a plugin, as cargo resolves them.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use signalk_plugin_host::contract::TARGET;

/// A crate that is compiled into the plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The features it is built with.
    pub features: Vec<String>,
    /// The crates that bring it, from the plugin's own dependency on; it comes last itself.
    pub path: Vec<String>,
}

/// All crates that are compiled into the plugin, in the order of `cargo tree`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dependencies(Vec<Dependency>);

impl Dependencies {
    /// Asks cargo: not the lock file alone, in which are those of tests, of other machines and of
    /// features that are off.
    pub(super) fn ask_cargo(manifest: &Path, arguments: &[&str]) -> Result<Self, String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let output = Command::new(cargo)
            .args(["tree", "--target", TARGET, "--edges", "normal,no-proc-macro"])
            .args(["--prefix", "depth", "--format", "\t{p}\t{f}", "--color", "never"])
            .arg("--manifest-path")
            .arg(manifest)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cargo cannot be started: {error}"))?;
        if output.status.success() {
            Ok(Self::parse(&String::from_utf8_lossy(&output.stdout)))
        } else {
            Err(words_of(&String::from_utf8_lossy(&output.stderr)))
        }
    }

    /// Reads lines of depth, package and features, divided by tabs.
    #[must_use]
    pub fn parse(tree: &str) -> Self {
        let mut path: Vec<String> = Vec::new();
        let mut all: Vec<Dependency> = Vec::new();
        for line in tree.lines() {
            let mut fields = line.split('\t');
            let (Some(depth), Some(package)) = (fields.next(), fields.next()) else { continue };
            let Ok(depth) = depth.parse::<usize>() else { continue };
            let features = fields.next().unwrap_or_default().trim_end_matches(" (*)");
            let mut words = package.split_whitespace();
            let (Some(name), Some(version)) = (words.next(), words.next()) else { continue };
            path.truncate(depth);
            path.push(name.to_owned());
            if depth == 0 {
                continue;
            }
            let version = version.trim_start_matches('v').to_owned();
            if all.iter().any(|known| known.name == name && known.version == version) {
                continue;
            }
            all.push(Dependency {
                name: name.to_owned(),
                version,
                features: features
                    .split(',')
                    .filter(|it| !it.is_empty())
                    .map(str::to_owned)
                    .collect(),
                path: path.get(1..).unwrap_or_default().to_vec(),
            });
        }
        Self(all)
    }

    /// Every one of them.
    pub fn iter(&self) -> impl Iterator<Item = &Dependency> {
        self.0.iter()
    }
}

/// The words of cargo about an error, on one line.
fn words_of(errors: &str) -> String {
    let lines: Vec<_> = errors.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let from = lines.iter().position(|line| line.starts_with("error")).unwrap_or(0);
    lines.get(from..).unwrap_or_default().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_tree_writes_is_read_with_features_and_with_the_way_to_each() {
        let tree = "0\tmy-plugin v0.1.0 (/a b)\t\n1\treqwest v0.12.1\tdefault,json\n2\thyper v1.0.0\t\n\
                    3\ttokio v1.40.0\tnet,rt\n1\ttokio v1.40.0\tnet,rt (*)\n";
        let found = Dependencies::parse(tree);
        let found: Vec<_> = found
            .iter()
            .map(|it| {
                format!(
                    "{} {} [{}] {}",
                    it.name,
                    it.version,
                    it.features.join(" "),
                    it.path.join(">")
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                "reqwest 0.12.1 [default json] reqwest",
                "hyper 1.0.0 [] reqwest>hyper",
                "tokio 1.40.0 [net rt] reqwest>hyper>tokio",
            ]
        );
    }
}
