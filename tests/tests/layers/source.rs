//! Rust source as far as it tells what a file imports: words and signs, without comments, strings and
//! what is compiled for tests only.

use std::iter::Peekable;
use std::slice::Iter;

/// The contents of one file.
#[derive(Default)]
pub(super) struct Module {
    pub(super) tokens: Vec<String>,
    /// Its imports: the name by which each is known here, and whether others are to have it.
    pub(super) uses: Vec<Use>,
}

/// A name that a file imports.
pub(super) struct Use {
    pub(super) path: Vec<String>,
    pub(super) name: String,
    pub(super) is_public: bool,
}

impl Module {
    pub(super) fn read(text: &str) -> Self {
        let tokens = without_tests(tokens(text));
        let mut module = Self::default();
        let mut rest = &*tokens;
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            if first != "use" {
                module.tokens.push(first.clone());
                continue;
            }
            let end = after.iter().position(|token| token == ";").unwrap();
            let before = module.tokens.iter().rev();
            let mut before =
                before.skip_while(|it| matches!(&***it, ")" | "(" | "crate" | "super"));
            let is_public = before.next().is_some_and(|token| token == "pub");
            let mut uses = Vec::new();
            tree(&mut after[..end].iter().peekable(), &[], &mut uses);
            module.uses.extend(uses.into_iter().map(|(path, name)| Use { path, name, is_public }));
            rest = &after[end..];
        }
        module
    }

    pub(super) fn defines(&self, name: &str) -> bool {
        const KINDS: [&str; 8] =
            ["fn", "struct", "enum", "trait", "type", "const", "static", "union"];
        self.tokens.windows(2).any(|pair| KINDS.contains(&&*pair[0]) && pair[1] == name)
            || self.tokens.windows(3).any(|it| it[0] == "macro_rules" && it[2] == name)
    }

    /// Tells whether a name stands in its code, other than as that of a function or a method.
    pub(super) fn says(&self, name: &str) -> bool {
        let stands = |pair: &[String]| pair[1] == name && !matches!(&*pair[0], "fn" | "." | "mod");
        self.tokens.windows(2).any(stands)
    }

    pub(super) fn exports_macro(&self, name: &str) -> bool {
        self.tokens.windows(3).any(|it| it[0] == "macro_rules" && it[2] == name)
            && self.tokens.iter().any(|token| token == "macro_export")
    }
}

type Tokens<'t> = Peekable<Iter<'t, String>>;

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
pub(super) fn paths(tokens: &[String]) -> Vec<Vec<String>> {
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

/// Leaves out the items that are compiled for tests only.
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
