//! Query strings and urlencoded bodies as Express reads them, by the package qs.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// How many brackets behind a name are understood; what is behind them is one name.
const MOST_LEVELS: usize = 5;

/// The largest index that makes an array; a larger one makes an object.
const LARGEST_INDEX: usize = 20;

/// How many pairs are read.
const MOST_PAIRS: usize = 1000;

/// A repeated key is an array, `a[]=1` and `a[0]=1` too, and `a[b]=1` an object.
pub(super) fn parse(query: &str) -> Value {
    let mut root = Members::new();
    for (key, value) in pairs(query) {
        if let Node::Object(members) = nested(&key, value) {
            root = merge_members(root, members);
        }
    }
    compact(Node::Object(root))
}

/// A value on its way, whose arrays may have holes.
#[derive(Debug, Clone)]
enum Node {
    Text(String),
    Array(Vec<Option<Node>>),
    Object(Members),
}

type Members = Vec<(String, Node)>;

/// Key and value of every pair, values of the same key put together.
fn pairs(query: &str) -> Members {
    let mut all = Members::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()).take(MOST_PAIRS) {
        let end = pair.find("]=").map(|end| end + 1).or_else(|| pair.find('='));
        let (key, value) = match end {
            Some(end) => (&pair[..end], &pair[end + 1..]),
            None => (pair, ""),
        };
        let value = Node::Text(decode(value));
        insert(&mut all, decode(key), value, |before, value| {
            let mut items = match before {
                Node::Array(items) => items,
                other => vec![Some(other)],
            };
            items.push(Some(value));
            Node::Array(items)
        });
    }
    all
}

/// Puts a value under a key; `join` says what becomes of it and the one that is there.
fn insert(members: &mut Members, key: String, value: Node, join: impl Fn(Node, Node) -> Node) {
    match members.iter_mut().find(|(known, _)| *known == key) {
        Some((_, before)) => {
            let old = std::mem::replace(before, Node::Array(Vec::new()));
            *before = join(old, value);
        }
        None => members.push((key, value)),
    }
}

/// The value of one key, within what the brackets of the key say.
fn nested(key: &str, value: Node) -> Node {
    if key.is_empty() {
        return Node::Object(Members::new());
    }
    let begin = bracket(key).map_or(key.len(), |(begin, _)| begin);
    let (name, mut rest) = key.split_at(begin);
    let mut parts: Vec<&str> = Some(name).filter(|name| !name.is_empty()).into_iter().collect();
    let mut levels = 0;
    while let Some((begin, end)) = bracket(rest) {
        if levels == MOST_LEVELS {
            break;
        }
        parts.push(&rest[begin..end]);
        rest = &rest[end..];
        levels += 1;
    }
    let deep = bracket(rest).map(|(begin, _)| format!("[{}]", &rest[begin..]));
    parts.extend(deep.as_deref());
    parts.into_iter().rev().fold(value, |leaf, part| within(part, leaf))
}

/// Where the first pair of brackets begins and ends that has none inside.
fn bracket(text: &str) -> Option<(usize, usize)> {
    let mut begin = None;
    for (place, character) in text.char_indices() {
        match (character, begin) {
            ('[', _) => begin = Some(place),
            (']', Some(begin)) => return Some((begin, place + 1)),
            _ => {}
        }
    }
    None
}

fn within(part: &str, leaf: Node) -> Node {
    if part == "[]" {
        return match leaf {
            Node::Array(items) => Node::Array(items),
            other => Node::Array(vec![Some(other)]),
        };
    }
    let clean = part.strip_prefix('[').and_then(|part| part.strip_suffix(']'));
    let name = clean.unwrap_or(part);
    let index = name
        .parse::<usize>()
        .ok()
        .filter(|index| clean.is_some() && index.to_string() == name && *index <= LARGEST_INDEX);
    if let Some(index) = index {
        let mut items = vec![None; index];
        items.push(Some(leaf));
        return Node::Array(items);
    }
    match name {
        "__proto__" => Node::Object(Members::new()),
        name => Node::Object(vec![(name.to_owned(), leaf)]),
    }
}

fn merge(target: Node, source: Node) -> Node {
    match (target, source) {
        (Node::Array(target), Node::Array(source)) => Node::Array(merge_items(target, source)),
        (Node::Array(mut target), source @ Node::Text(_)) => {
            target.push(Some(source));
            Node::Array(target)
        }
        (Node::Array(target), Node::Object(source)) => {
            let numbered = target.into_iter().enumerate();
            let target = numbered.filter_map(|(index, item)| Some((index.to_string(), item?)));
            Node::Object(merge_members(target.collect(), source))
        }
        (Node::Object(target), Node::Object(source)) => Node::Object(merge_members(target, source)),
        (Node::Object(target), Node::Array(source)) => {
            let numbered = source.into_iter().enumerate();
            let source = numbered.filter_map(|(index, item)| Some((index.to_string(), item?)));
            Node::Object(merge_members(target, source.collect()))
        }
        (Node::Object(mut target), Node::Text(source)) => {
            insert(&mut target, source, Node::Text("true".to_owned()), |_, new| new);
            Node::Object(target)
        }
        (target @ Node::Text(_), Node::Array(source)) => {
            Node::Array([Some(target)].into_iter().chain(source).collect())
        }
        (target @ Node::Text(_), source) => Node::Array(vec![Some(target), Some(source)]),
    }
}

fn merge_items(mut target: Vec<Option<Node>>, source: Vec<Option<Node>>) -> Vec<Option<Node>> {
    for (index, item) in source.into_iter().enumerate() {
        let Some(item) = item else { continue };
        match target.get_mut(index) {
            Some(Some(before)) if is_nested(before) && is_nested(&item) => {
                let old = std::mem::replace(before, Node::Array(Vec::new()));
                *before = merge(old, item);
            }
            Some(Some(_)) => target.push(Some(item)),
            Some(hole) => *hole = Some(item),
            None => {
                target.resize(index, None);
                target.push(Some(item));
            }
        }
    }
    target
}

fn is_nested(node: &Node) -> bool {
    !matches!(node, Node::Text(_))
}

fn merge_members(mut target: Members, source: Members) -> Members {
    for (key, value) in source {
        insert(&mut target, key, value, merge);
    }
    target
}

/// Without holes.
fn compact(node: Node) -> Value {
    match node {
        Node::Text(text) => Value::from(text),
        Node::Array(items) => Value::Array(items.into_iter().flatten().map(compact).collect()),
        Node::Object(members) => {
            let members = members.into_iter().map(|(key, node)| (key, compact(node)));
            Value::Object(crate::js::in_order(members.collect::<Map<_, _>>()))
        }
    }
}

fn decode(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_decode(&text).unwrap_or(text)
}

/// `decodeURIComponent`; `None` where it would throw.
pub(super) fn percent_decode(text: &str) -> Option<String> {
    // Without two digits behind it, a `%` stands for itself elsewhere.
    let is_escape = |behind: &str| {
        let digits = behind.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if !text.split('%').skip(1).all(is_escape) {
        return None;
    }
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_repeated_key_is_an_array() {
        assert_eq!(parse("a=1&b=x+y&a=2&c"), json!({"a": ["1", "2"], "b": "x y", "c": ""}));
    }

    #[test]
    fn brackets_make_arrays_and_objects() {
        assert_eq!(parse("a[]=1&b[c]=2&b[d]=3"), json!({"a": ["1"], "b": {"c": "2", "d": "3"}}));
        assert_eq!(parse("a[]=1&a[]=2"), json!({"a": ["1", "2"]}));
    }

    #[test]
    fn an_index_is_a_place_in_an_array_unless_it_is_large() {
        assert_eq!(parse("a[0]=x&a[2]=y&a[1]=z"), json!({"a": ["x", "z", "y"]}));
        assert_eq!(parse("a[3]=x"), json!({"a": ["x"]}));
        assert_eq!(parse("a[21]=x"), json!({"a": {"21": "x"}}));
        assert_eq!(parse("a[0]=x&a[b]=y"), json!({"a": {"0": "x", "b": "y"}}));
    }

    #[test]
    fn a_text_and_an_object_of_one_name_are_an_array() {
        assert_eq!(parse("a=1&a[b]=2"), json!({"a": ["1", {"b": "2"}]}));
    }

    #[test]
    fn what_is_nested_too_deep_is_one_name() {
        assert_eq!(
            parse("a[b][c][d][e][f][g][h]=1"),
            json!({"a": {"b": {"c": {"d": {"e": {"f": {"[g][h]": "1"}}}}}}})
        );
    }

    #[test]
    fn a_prototype_and_an_empty_name_are_ignored() {
        assert_eq!(parse("__proto__=1&toString=2&=3&&x"), json!({"toString": "2", "x": ""}));
    }

    #[test]
    fn percent_signs_are_decoded_or_left() {
        assert_eq!(parse("a=%C3%A9&b=%"), json!({"a": "é", "b": "%"}));
        assert_eq!(parse("a=%4&b=%+4&c=%zz%41"), json!({"a": "%4", "b": "% 4", "c": "%zz%41"}));
        for text in ["%ff", "%", "%4", "%é1", "%4g", "a%%41"] {
            assert_eq!(percent_decode(text), None, "{text}");
        }
        assert_eq!(percent_decode("%e2%82%AC%25").as_deref(), Some("€%"));
    }
}
