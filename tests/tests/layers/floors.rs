//! The floors of a crate: which file imports from which.
//!
//! Read are the files themselves: each `use`, and each path in the code that begins at the crate, at a
//! module around it or at a module below it. Of a re-export it is the file behind it that counts. So
//! `lib.rs`, which holds nothing but those, is the roof, and nobody imports from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::source::{Module, paths};

/// A module of the crate by its path, `delta::incoming`; the crate itself is empty.
type Name = String;

/// A crate by its modules.
pub(crate) struct Crate(BTreeMap<Name, Module>);

impl Crate {
    /// Reads all files below `src` but those of tests alone.
    pub(crate) fn read(src: &Path) -> Self {
        let mut modules = BTreeMap::new();
        read(src, "", &mut modules);
        Self(modules)
    }

    /// Makes a crate of source text by the names of the modules.
    pub(crate) fn of<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        let modules = files.into_iter();
        Self(modules.map(|(name, text)| (name.to_owned(), Module::read(text))).collect())
    }

    /// Looks at what every module imports.
    pub(crate) fn layers(&self) -> Layers<'_> {
        let modules = self.0.keys().filter(|name| !name.is_empty());
        let imports = modules.map(|name| (name.clone(), self.imports(name))).collect();
        Layers { read: self, imports }
    }

    /// The module that holds what `path` names in `from`; `None` if it is of another crate.
    fn home(&self, from: &str, path: &[String], depth: u8) -> Option<Name> {
        let (first, rest) = path.split_first()?;
        let first_module = match &**first {
            "crate" => String::new(),
            "self" => from.to_owned(),
            "super" => parent(from).to_owned(),
            name => {
                let child = below(from, name);
                if self.0.contains_key(&child) {
                    child
                } else {
                    let known = self.0.get(from)?.uses.iter().find(|it| it.name == *name)?;
                    let is_itself = known.path.first() == Some(first);
                    let module = (depth > 0 && !is_itself)
                        .then(|| self.home(from, &known.path, depth - 1))??;
                    // An item, not a module: a type with its variants, for example.
                    if known.path.last() != module.rsplit("::").next().map(str::to_owned).as_ref() {
                        return Some(module);
                    }
                    module
                }
            }
        };
        self.home_below(first_module, rest, depth)
    }

    fn home_below(&self, mut module: Name, path: &[String], depth: u8) -> Option<Name> {
        for (at, part) in path.iter().enumerate() {
            if part == "super" {
                module = parent(&module).to_owned();
                continue;
            }
            let child = below(&module, part);
            if self.0.contains_key(&child) {
                module = child;
                continue;
            }
            let here = &self.0[&module];
            let is_here = here.defines(part);
            let passed_on = here.uses.iter().filter(|it| it.is_public && !is_here);
            for it in passed_on.filter(|it| it.name == *part || it.name == "*") {
                let target = self.home(&module, &it.path, depth.checked_sub(1)?);
                if it.name == *part {
                    return match target {
                        Some(target) => self.home_below(target, &path[at + 1..], depth - 1),
                        None => None,
                    };
                }
                if let Some(target) = target.filter(|target| self.0[target].defines(part)) {
                    return Some(target);
                }
            }
            if module.is_empty() && !is_here {
                let is_exported = |it: &&Name| self.0[*it].exports_macro(part);
                return self.0.keys().find(is_exported).cloned();
            }
            return Some(module);
        }
        Some(module)
    }

    /// The modules from which `from` has something, each with what it has.
    fn imports(&self, from: &str) -> BTreeMap<Name, BTreeSet<String>> {
        let module = &self.0[from];
        let mut found = BTreeMap::<Name, BTreeSet<String>>::new();
        let used = module.uses.iter().filter(|it| match &*it.name {
            "*" => !it.is_public,
            // What is only passed on is no import, and of a module it is its items that count.
            name => (!it.is_public || module.says(name)) && !self.is_module(from, &it.path),
        });
        let inline = paths(&module.tokens);
        for path in used.map(|it| &it.path).chain(&inline) {
            if let Some(home) = self.home(from, path, 8).filter(|home| home != from) {
                found.entry(home).or_default().insert(path.join("::"));
            }
        }
        found.remove("");
        found
    }

    fn is_module(&self, from: &str, path: &[String]) -> bool {
        let name = path.last().map_or("", String::as_str);
        let home = self.home(from, path, 8);
        let is_called_so = |home: &Name| home.rsplit("::").next() == Some(name);
        home.filter(is_called_so).is_some_and(|home| !self.0[&home].defines(name))
    }
}

/// The files of a folder by the names of their modules. Those of tests alone are left out.
fn read(folder: &Path, module: &str, modules: &mut BTreeMap<Name, Module>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            read(&path, &below(module, &stem), modules);
        } else if stem != "tests" && path.extension().is_some_and(|it| it == "rs") {
            let is_folders_own = stem == "mod" || stem == "lib";
            let name = if is_folders_own { module.to_owned() } else { below(module, &stem) };
            modules.insert(name, Module::read(&fs::read_to_string(&path).unwrap()));
        }
    }
}

fn parent(name: &str) -> &str {
    name.rsplit_once("::").map_or("", |(parent, _)| parent)
}

fn below(module: &str, name: &str) -> Name {
    if module.is_empty() { name.to_owned() } else { [module, "::", name].concat() }
}

/// For each module those that it imports from, each with what it has of it.
type Imports = BTreeMap<Name, BTreeMap<Name, BTreeSet<String>>>;

/// The imports between the modules of a crate.
pub(crate) struct Layers<'c> {
    read: &'c Crate,
    imports: Imports,
}

impl Layers<'_> {
    /// The circles, and what is imported from the roof, in words; empty if there is nothing of it.
    pub(crate) fn problems(&self) -> String {
        let mut text = String::new();
        let mut told = BTreeSet::new();
        for name in self.imports.keys() {
            let Some(circle) = self.circle(name).filter(|_| !told.contains(name)) else {
                continue;
            };
            text.push_str("a circle:\n");
            for (at, from) in circle.iter().enumerate() {
                let to = &circle[(at + 1) % circle.len()];
                let what: Vec<_> = self.imports[from][to].iter().cloned().collect();
                text.push_str(&format!("  {from} has of {to}: {}\n", what.join(", ")));
            }
            told.extend(circle);
        }
        for (name, module) in self.read.0.iter().filter(|(name, _)| !name.is_empty()) {
            for it in &module.uses {
                if let [first, item] = &*it.path
                    && first == "crate"
                    && !self.read.0.contains_key(item)
                {
                    text.push_str(&format!("{name} imports {item} from the roof\n"));
                }
            }
        }
        text
    }

    /// The floors in words, from the ground up.
    pub(crate) fn picture(&self) -> String {
        let floors = self.floors().into_iter().enumerate();
        floors.map(|(floor, modules)| format!("floor {floor}: {}\n", modules.join(" "))).collect()
    }

    /// The shortest way on which a module imports from itself, if there is one.
    fn circle(&self, start: &str) -> Option<Vec<Name>> {
        let mut ways = vec![vec![start.to_owned()]];
        let mut seen = BTreeSet::new();
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in ways {
                for next in self.imports[way.last().unwrap()].keys() {
                    if next == start {
                        return Some(way);
                    }
                    if seen.insert(next.clone()) {
                        longer.push([&*way, std::slice::from_ref(next)].concat());
                    }
                }
            }
            ways = longer;
        }
        None
    }

    /// The modules by how many floors are below each, from the ground up; in the last those of a circle.
    fn floors(&self) -> Vec<Vec<Name>> {
        let mut left: BTreeSet<_> = self.imports.keys().cloned().collect();
        let mut floors = Vec::new();
        while !left.is_empty() {
            let stands = |it: &&Name| self.imports[*it].keys().all(|below| !left.contains(below));
            let floor: Vec<_> = left.iter().filter(stands).cloned().collect();
            if floor.is_empty() {
                floors.push(left.into_iter().collect());
                break;
            }
            left.retain(|it| !floor.contains(it));
            floors.push(floor);
        }
        floors
    }
}
