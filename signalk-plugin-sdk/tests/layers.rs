//! The floors of the crate: no file imports from one that imports from it, on whatever way.
//!
//! Read are the files themselves: each `use`, and each path in the code that begins at the crate, at a
//! module around it or at a module below it. Of a re-export it is the file behind it that counts. So
//! `lib.rs`, which holds nothing but those, is the roof, and nobody imports from it.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A module of the crate by its path, `delta::incoming`; the crate itself is empty.
type Name = String;

#[derive(Default)]
struct Module {
    tokens: Vec<String>,
    /// What it imports: the name by which it is known here, and whether others are to have it.
    uses: Vec<Use>,
}

struct Use {
    path: Vec<String>,
    name: String,
    is_public: bool,
}

struct Crate(BTreeMap<Name, Module>);

impl Crate {
    /// Of files by the names of their modules.
    fn of<'t>(files: impl IntoIterator<Item = (Name, &'t str)>) -> Self {
        Self(files.into_iter().map(|(name, text)| (name, understood(text))).collect())
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
        home.is_some_and(|home| home.rsplit("::").next() == Some(name))
    }
}

impl Module {
    fn defines(&self, name: &str) -> bool {
        const KINDS: [&str; 8] =
            ["fn", "struct", "enum", "trait", "type", "const", "static", "union"];
        self.tokens.windows(2).any(|pair| KINDS.contains(&&*pair[0]) && pair[1] == name)
            || self.tokens.windows(3).any(|it| it[0] == "macro_rules" && it[2] == name)
    }

    /// Tells whether a name stands in its code, other than as that of a function or a method.
    fn says(&self, name: &str) -> bool {
        let stands = |pair: &[String]| pair[1] == name && !matches!(&*pair[0], "fn" | ".");
        self.tokens.windows(2).any(stands)
    }

    fn exports_macro(&self, name: &str) -> bool {
        self.tokens.windows(3).any(|it| it[0] == "macro_rules" && it[2] == name)
            && self.tokens.iter().any(|token| token == "macro_export")
    }
}

fn parent(name: &str) -> &str {
    name.rsplit_once("::").map_or("", |(parent, _)| parent)
}

fn below(module: &str, name: &str) -> Name {
    if module.is_empty() { name.to_owned() } else { [module, "::", name].concat() }
}

/// The files of a folder by the names of their modules. Those of tests alone are left out.
fn read(folder: &Path, module: &str, files: &mut Vec<(Name, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            read(&path, &below(module, &stem), files);
        } else if stem != "tests" {
            let is_folders_own = stem == "mod" || stem == "lib";
            let name = if is_folders_own { module.to_owned() } else { below(module, &stem) };
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn understood(text: &str) -> Module {
    let tokens = without_tests(tokens(text));
    let mut module = Module::default();
    let mut rest = &*tokens;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if first != "use" {
            module.tokens.push(first.clone());
            continue;
        }
        let end = after.iter().position(|token| token == ";").unwrap();
        let before = module.tokens.iter().rev();
        let mut before = before.skip_while(|it| matches!(&***it, ")" | "(" | "crate" | "super"));
        let is_public = before.next().is_some_and(|token| token == "pub");
        let mut uses = Vec::new();
        tree(&mut after[..end].iter().peekable(), &[], &mut uses);
        module.uses.extend(uses.into_iter().map(|(path, name)| Use { path, name, is_public }));
        rest = &after[end..];
    }
    module
}

type Tokens<'t> = std::iter::Peekable<std::slice::Iter<'t, String>>;

/// Takes a tree of imports apart.
fn tree(tokens: &mut Tokens<'_>, start: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let mut path = start.to_vec();
    while let Some(token) = tokens.next() {
        match &**token {
            "::" => {}
            "{" => {
                while tokens.peek().is_some_and(|it| *it != "}") {
                    tree(tokens, &path, found);
                    tokens.next_if(|it| *it == ",");
                }
                tokens.next();
                return;
            }
            "*" => {
                found.push((path, "*".into()));
                return;
            }
            "as" => {
                let name = tokens.next().unwrap().clone();
                found.push((path, name));
                return;
            }
            "self" if !path.is_empty() => {}
            part => path.push(part.to_owned()),
        }
        if tokens.peek().is_none_or(|it| *it == "," || *it == "}") {
            break;
        }
    }
    let name = path.last().unwrap().clone();
    found.push((path, name));
}

/// The paths of at least two parts.
fn paths(tokens: &[String]) -> Vec<Vec<String>> {
    let is_part = |token: &String| token.starts_with(|it: char| it.is_alphabetic() || it == '_');
    let mut found = Vec::new();
    let mut path = Vec::new();
    let mut before = "";
    for token in tokens {
        if before == "in" {
            // The reach of a `pub(in …)`.
            path.clear();
        } else if is_part(token) && (before == "::" || path.is_empty()) {
            path.push(token.clone());
        } else if token != "::" {
            if path.len() > 1 {
                found.push(std::mem::take(&mut path));
            }
            path.clear();
            if is_part(token) {
                path.push(token.clone());
            }
        }
        before = token;
    }
    found
}

/// Words and signs, without comments and texts.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |char: char| char.is_alphanumeric() || char == '_';
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(hashes) = raw_text(rest) {
            let end = ["\"", &"#".repeat(hashes)].concat();
            let start = 2 + hashes;
            start + rest[start..].find(&end).unwrap() + end.len()
        } else if first == '"' {
            quoted(rest, '"')
        } else if first == '\''
            && (rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\''))
        {
            quoted(rest, '\'')
        } else if is_word(first) {
            let len = rest.find(|char| !is_word(char)).unwrap_or(rest.len());
            tokens.push(rest[..len].to_owned());
            len
        } else if rest.starts_with("::") {
            tokens.push("::".into());
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(first.into());
            }
            first.len_utf8()
        };
        rest = &rest[len..];
    }
    tokens
}

/// The number of `#` of a raw text that begins here.
fn raw_text(text: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?.trim_start_matches('#');
    after.starts_with('"').then(|| text.len() - 1 - after.len())
}

fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, char)| {
        let is_end = *char == quote && !is_escaped;
        is_escaped = *char == '\\' && !is_escaped;
        is_end
    });
    end.unwrap().0 + 1
}

/// What is left without the items that are compiled for tests only.
fn without_tests(tokens: Vec<String>) -> Vec<String> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut left = Vec::new();
    let mut rest = &*tokens;
    while let Some((first, after)) = rest.split_first() {
        if !rest.iter().map(String::as_str).take(MARK.len()).eq(MARK) {
            left.push(first.clone());
            rest = after;
            continue;
        }
        let mut depth = 0;
        let end = rest.iter().skip(MARK.len()).position(|token| {
            match &**token {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            depth == 0 && (token == "}" || token == ";")
        });
        rest = &rest[MARK.len() + end.unwrap() + 1..];
    }
    left
}

type Imports = BTreeMap<Name, BTreeMap<Name, BTreeSet<String>>>;

/// The shortest way on which a module imports from itself, if there is one.
fn circle(imports: &Imports, start: &str) -> Option<Vec<Name>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in imports[way.last().unwrap()].keys() {
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
fn floors(imports: &Imports) -> Vec<Vec<Name>> {
    let mut left: BTreeSet<_> = imports.keys().cloned().collect();
    let mut floors = Vec::new();
    while !left.is_empty() {
        let stands = |it: &&Name| imports[*it].keys().all(|below| !left.contains(below));
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

/// The circles, and what is imported from the roof, in words; empty where there is nothing of it.
fn problems(read: &Crate, imports: &Imports) -> String {
    let mut text = String::new();
    let mut told = BTreeSet::new();
    for name in imports.keys() {
        let Some(circle) = circle(imports, name).filter(|_| !told.contains(name)) else {
            continue;
        };
        text.push_str("a circle:\n");
        for (at, from) in circle.iter().enumerate() {
            let to = &circle[(at + 1) % circle.len()];
            let what: Vec<_> = imports[from][to].iter().cloned().collect();
            writeln!(text, "  {from} has of {to}: {}", what.join(", ")).unwrap();
        }
        told.extend(circle);
    }
    for (name, module) in read.0.iter().filter(|(name, _)| !name.is_empty()) {
        for it in &module.uses {
            if let [first, item] = &*it.path
                && first == "crate"
                && !read.0.contains_key(item)
            {
                writeln!(text, "{name} imports {item} from the roof").unwrap();
            }
        }
    }
    text
}

fn imports(read: &Crate) -> Imports {
    let modules = read.0.keys().filter(|name| !name.is_empty());
    modules.map(|name| (name.clone(), read.imports(name))).collect()
}

#[test]
fn no_file_imports_from_one_that_imports_from_it() {
    let mut files = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    let read = Crate::of(files.iter().map(|(name, text)| (name.clone(), &**text)));
    let imports = imports(&read);
    let problems = problems(&read, &imports);
    let mut picture = String::new();
    for (floor, modules) in floors(&imports).iter().enumerate() {
        writeln!(picture, "floor {floor}: {}", modules.join(" ")).unwrap();
    }
    println!("{picture}");
    assert!(problems.is_empty(), "{problems}{picture}");
}

#[test]
fn a_circle_is_found_on_whatever_way_it_goes() {
    let problems_of = |a: &str, b: &str| {
        let files =
            [("", "mod a;\nmod b;\npub use a::Roof;"), ("a", a), ("b", "mod c;\npub use c::C;")];
        let files = files.into_iter().chain([("b::c", b)]);
        let read = Crate::of(files.map(|(name, text)| (name.to_owned(), text)));
        problems(&read, &imports(&read))
    };
    let a = "use crate::b::C;\npub struct A(C);\npub struct Roof;";
    for back in [
        "use crate::a::A;",
        "use super::super::a::{self as other, A};",
        "use crate::a;\nfn f() { a::f(); }",
        "fn f() -> crate::a::A { 'x'; \"\\\"\"; r#\"\"\"#; todo() }",
        "pub use crate::a::A;\npub struct C(A);",
        "use crate::{b, a::*};",
    ] {
        let found = problems_of(a, &[back, "pub struct C;"].concat());
        assert!(found.starts_with("a circle:\n  a has of b::c: crate::b::C\n"), "{back}: {found}");
    }
    for fine in [
        "pub use crate::a::A;",
        "// use crate::a::A;",
        "fn f() { \"crate::a::A\"; r#\"\" crate::a::A\"#; }",
        "#[cfg(test)]\nmod tests { use crate::a::A; fn f() { A {} } }",
        "use a::A;",
        "use crate::b;",
        "pub(in crate::a) struct D;",
    ] {
        assert_eq!(problems_of(a, &[fine, "pub struct C;"].concat()), "", "{fine}");
    }
    let of_roof = problems_of("", "use crate::Roof;\npub struct C;");
    assert_eq!(of_roof, "b::c imports Roof from the roof\n");
}
