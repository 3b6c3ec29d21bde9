//! Embeds the templates of `cargo signalk new`: they are the examples of the repository, so they cannot rot.
//!
//! In a package of this crate they are copies in `templates`, made of the links that are there in the
//! repository. Where links are not to be had (git on Windows writes text files), the examples themselves are
//! taken.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The name of each template, and of the example that it is.
const TEMPLATES: [(&str, &str); 7] = [
    ("hello", "hello"),
    ("anchor-watch", "anchor-watch"),
    ("ais", "ais-watch"),
    ("resource-provider", "routes-waypoints"),
    ("weather", "weather"),
    ("nmea0183", "nmea0183"),
    ("derived-data", "derived-data"),
];

/// The parts of an example that belong to a plugin. A Cargo.toml by its own name would keep its folder out of a
/// package.
const PARTS: [(&str, &str); 4] = [
    ("Cargo.toml", "Cargo.toml.in"),
    ("README.md", "README.md"),
    ("src", "src"),
    ("recorded", "recorded"),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let repository = here.join("..");
    let is_in_repository = repository.join("examples/hello/Cargo.toml").is_file();
    let mut code = String::from("pub(crate) static TEMPLATES: &[Template] = &[\n");
    for (name, example) in TEMPLATES {
        writeln!(code, "    Template {{ name: {name:?}, files: &[")?;
        for (part, packaged) in PARTS {
            let source = if is_in_repository {
                repository.join("examples").join(example).join(part)
            } else {
                here.join("templates").join(name).join(packaged)
            };
            embed(&source, part, &mut code)?;
        }
        writeln!(code, "    ] }},")?;
    }
    code.push_str("];\n");
    let shared = if is_in_repository { repository } else { here.join("templates") };
    for (name, file) in [("RUSTFMT", "rustfmt.toml"), ("LICENCE", "LICENSE")] {
        let file = shared.join(file).canonicalize()?;
        watch(&file);
        writeln!(code, "pub(crate) const {name}: &str = include_str!({file:?});")?;
    }
    if is_in_repository {
        println!(
            "cargo::rustc-env=SIGNALK_SDK_CLONE={}",
            here.join("..").canonicalize()?.display()
        );
    }
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("templates.rs"), code)?;
    Ok(())
}

/// Adds a file, or all files of a folder, where it is there.
fn embed(source: &Path, name: &str, code: &mut String) -> Result<(), Box<dyn Error>> {
    if source.is_dir() {
        watch(source);
        let mut names: Vec<_> = source
            .read_dir()?
            .map(|entry| entry.map(|it| it.file_name()))
            .collect::<Result<_, _>>()?;
        names.sort();
        for file in names {
            let file = file.to_string_lossy();
            embed(&source.join(&*file), &format!("{name}/{file}"), code)?;
        }
    } else if source.is_file() {
        let source = source.canonicalize()?;
        watch(&source);
        writeln!(code, "        ({name:?}, include_str!({source:?})),")?;
    }
    Ok(())
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}
