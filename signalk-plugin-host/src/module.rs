//! A compiled plugin.

use crate::error::LoadError;
use crate::package::Package;
use crate::problem::Severity;
use crate::report::Report;
use crate::{rules, wasm};

/// A plugin's module, compiled, with the package that it belongs to.
#[derive(Debug, Clone)]
pub struct Module {
    compiled: wasmi::Module,
    package: Package,
    warnings: Report,
}

impl Module {
    /// Compiles a module and refuses what the server would refuse or silently break on, as far as
    /// it can be seen without running the module; [`check`](crate::check()) sees more.
    ///
    /// # Errors
    ///
    /// [`LoadError::Refused`] with one sentence for each problem.
    pub fn load(wasm: impl AsRef<[u8]>, package: Package) -> Result<Self, LoadError> {
        let (module, report) = Self::compile(wasm.as_ref(), package);
        match module {
            Some(module) if !report.has_errors() => {
                Ok(Self { warnings: report.only(Severity::Warning), ..module })
            }
            _ => Err(LoadError::Refused(report)),
        }
    }

    /// Compiles a module and leaves everything else to be found out by running it, as the server
    /// does: its problems show up in [`Host::install`](crate::Host::install) and later.
    ///
    /// # Errors
    ///
    /// [`LoadError::Refused`] where the bytes are not a valid module.
    pub fn load_unchecked(wasm: impl AsRef<[u8]>, package: Package) -> Result<Self, LoadError> {
        match Self::compile(wasm.as_ref(), package) {
            (Some(module), _) => Ok(module),
            (None, report) => Err(LoadError::Refused(report)),
        }
    }

    /// Compiles a module, and applies the rules that need no run.
    pub(crate) fn compile(wasm: &[u8], package: Package) -> (Option<Self>, Report) {
        if let Some(problem) = rules::name(&package) {
            return (None, Report::from_iter([problem]));
        }
        let compiled = match wasm::compile(wasm) {
            Ok(compiled) => compiled,
            Err(problem) => return (None, Report::from_iter([problem])),
        };
        let report = rules::problems(&compiled, &package).into_iter().collect();
        (Some(Self { compiled, package, warnings: Report::default() }), report)
    }

    /// What [`Module::load`] found that does not keep the plugin from running.
    #[must_use]
    pub fn warnings(&self) -> &Report {
        &self.warnings
    }

    /// The package that the module belongs to.
    #[must_use]
    pub fn package(&self) -> &Package {
        &self.package
    }

    /// The contents of the first custom section called `name`, see [`custom_section`](crate::custom_section).
    #[must_use]
    pub fn custom_section(&self, name: &str) -> Option<&[u8]> {
        self.compiled
            .custom_sections()
            .find(|section| section.name() == name)
            .map(|section| section.data())
    }

    pub(crate) fn compiled(&self) -> &wasmi::Module {
        &self.compiled
    }
}
