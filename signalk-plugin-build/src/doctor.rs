//! The needs of a build, looked for on a machine without installing anything.

use anyhow::Result;

use crate::command;
use crate::module::{WASM_OPT, WasmOpt};
use crate::node::Node;
use crate::toolchain::{self, WASI};

/// One thing that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its name.
    pub what: String,
    /// The reason for which it is needed.
    pub purpose: &'static str,
    /// The command that brings it, where it is missing.
    pub remedy: Option<String>,
    /// Tells if every plugin needs it.
    pub is_required: bool,
}

/// The ways by which programs come onto a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Apt,
    Homebrew,
    Winget,
    Unknown,
}

impl Source {
    fn of_this_machine() -> Self {
        if cfg!(windows) {
            Self::Winget
        } else if command::is_there("apt-get") {
            Self::Apt
        } else if command::is_there("brew") {
            Self::Homebrew
        } else {
            Self::Unknown
        }
    }

    /// The command, for what the package is called at each.
    fn install(self, package: &Package) -> String {
        match self {
            Self::Apt => format!("sudo apt-get install {}", package.debian),
            Self::Homebrew => format!("brew install {}", package.homebrew),
            Self::Winget => package.windows.to_owned(),
            Self::Unknown => {
                format!("install {} with the package manager of this system", package.name)
            }
        }
    }
}

/// The names of a program at each source.
struct Package {
    name: &'static str,
    debian: &'static str,
    homebrew: &'static str,
    windows: &'static str,
}

const BINARYEN: Package = Package {
    name: "binaryen",
    debian: "binaryen",
    homebrew: "binaryen",
    windows: "npm install --global binaryen",
};

const LLVM: Package = Package {
    name: "LLVM with clang and llvm-ar",
    debian: "clang-19 llvm-19",
    homebrew: "llvm && export CC_wasm32_wasip1=$(brew --prefix llvm)/bin/clang AR_wasm32_wasip1=$(brew --prefix llvm)/bin/llvm-ar",
    windows: "winget install LLVM.LLVM",
};

const NODE: Package = Package {
    name: "Node.js 20 or newer with npm",
    debian: "nodejs npm",
    homebrew: "node",
    windows: "winget install OpenJS.NodeJS.LTS",
};

/// Looks for everything.
///
/// # Errors
///
/// When the user has no home folder.
pub fn examine() -> Result<Vec<Finding>> {
    let source = Source::of_this_machine();
    let clang = toolchain::has_c_compiler();
    let wasm_opt = WasmOpt::find();
    Ok(vec![
        target(source)?,
        Finding {
            what: wasm_opt.as_ref().map_or(WASM_OPT, WasmOpt::version).to_owned(),
            purpose: "for a .wasm that is a sixth smaller",
            remedy: wasm_opt.is_none().then(|| source.install(&BINARYEN)),
            is_required: false,
        },
        Finding {
            what: "a clang that builds for WebAssembly, and llvm-ar".to_owned(),
            purpose: "for plugins that speak HTTPS (the feature `tls`)",
            remedy: (!clang).then(|| source.install(&LLVM)),
            is_required: false,
        },
        node(source),
    ])
}

fn target(source: Source) -> Result<Finding> {
    let is_there = toolchain::is_ready(&toolchain::folder()?, WASI);
    let may_download = command::is_there("rustup") && !toolchain::only_registries();
    let remedy = match source {
        _ if may_download => format!("rustup target add {WASI}"),
        Source::Apt => format!(
            "sudo apt-get install --no-install-recommends {} (`cargo signalk build` makes the target of \
             them)",
            toolchain::DEBIAN_PACKAGES.join(" ")
        ),
        _ => format!("install rustup, then: rustup target add {WASI}"),
    };
    Ok(Finding {
        what: format!("Rust's target {WASI}"),
        purpose: "to build plugins",
        remedy: (!is_there).then_some(remedy),
        is_required: true,
    })
}

fn node(source: Source) -> Finding {
    let node = Node::find();
    let is_new_enough = node.as_ref().is_some_and(Node::is_new_enough);
    let has_npm = command::find_in_path(if cfg!(windows) { "npm.cmd" } else { "npm" }).is_some();
    Finding {
        what: node.map_or_else(|| "Node.js".to_owned(), |it| format!("Node.js {}", it.version)),
        purpose: "with npm, to publish a plugin and to run a real server",
        remedy: (!is_new_enough || !has_npm).then(|| source.install(&NODE)),
        is_required: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_that_of_the_system() {
        assert_eq!(Source::Apt.install(&BINARYEN), "sudo apt-get install binaryen");
        assert_eq!(Source::Homebrew.install(&BINARYEN), "brew install binaryen");
        assert_eq!(Source::Winget.install(&LLVM), "winget install LLVM.LLVM");
        assert!(Source::Unknown.install(&NODE).contains("Node.js 20 or newer"));
    }
}
