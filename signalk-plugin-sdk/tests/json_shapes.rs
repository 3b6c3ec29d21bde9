//! All kinds of types as serde has them: written as `serde_json` writes them, and read back as what they were.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, LinkedList, VecDeque};
use std::ffi::CString;
use std::fmt::Debug;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroI8, NonZeroU64, NonZeroU128, Wrapping};
use std::ops::{Bound, Range, RangeInclusive};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use signalk_plugin_sdk::json;
use signalk_plugin_sdk::json::Raw;

/// Written and read by both, each reading what the other has written.
fn same<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    let ours = json::to_string(&value).unwrap_or_else(|error| panic!("{value:?}: {error}"));
    let theirs = serde_json::to_string(&value).unwrap();
    assert!(is_same(&ours, &theirs), "{ours} {theirs}");
    for text in [ours, theirs, serde_json::to_string_pretty(&value).unwrap()] {
        let read: T = json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(read, value, "{text}");
    }
}

/// Both write the shortest text of a number, and some in another notation.
fn is_same(ours: &str, theirs: &str) -> bool {
    ours == theirs
        || serde_json::from_str::<Value>(ours).unwrap()
            == serde_json::from_str::<Value>(theirs).unwrap()
}

/// As [`same`], for values that `serde_json` does not take.
fn ours<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T, text: &str) {
    assert_eq!(json::to_string(&value).unwrap(), text);
    assert_eq!(json::from_str::<T>(text).unwrap(), value);
}

fn refused<T: Serialize>(value: T) {
    let written = json::to_string(&value);
    assert!(written.is_err(), "{written:?}");
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct Unit;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct New<T>(T);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Pair(u8, String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Empty {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Named {
    first_one: i8,
    r#type: Option<char>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    list: Vec<New<f32>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Animal {
    Dog,
    Frog(String, Vec<isize>),
    Cat { age: usize, name: String },
    AntHive(Vec<String>),
    Nothing(()),
    Maybe(Option<u8>),
    Empty {},
    None(),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
enum Word {
    One,
    #[serde(rename = "t\"wo")]
    Two,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Inside {
    Unit,
    New(Named),
    Named { a: f64, texts: BTreeMap<String, u8> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
enum Beside {
    Unit,
    New(u8),
    Pair(u8, u8),
    Named { a: BTreeMap<u8, u8> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(i64),
    Text(String),
    Pair(f64, bool),
    Named { a: Option<u8> },
    Null,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Flat {
    id: u64,
    #[serde(flatten)]
    named: Named,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[test]
fn scalars() {
    same(true);
    same(());
    same(Unit);
    same(Empty {});
    for value in [0, 1, -1, i64::MAX, i64::MIN, i64::from(i32::MIN)] {
        same(value);
        same(New(value));
        same(Some(value));
    }
    same([u8::MAX as u64, u64::MAX]);
    same((i8::MIN, i16::MIN, i32::MIN, u8::MAX, u16::MAX, u32::MAX, isize::MIN, usize::MAX));
    for value in [i128::MIN, i128::MAX, 0, -1, i128::from(u64::MAX) + 1, i128::from(i64::MIN) - 1] {
        same(value);
        same(vec![Some(value)]);
    }
    same([0, 1, u128::MAX, u128::from(u64::MAX) + 1]);
    for value in [0.0, -0.0, 1.0, 3.1, 0.1, -1.5, 1e-7, 1e21, 5e-324, f64::MIN_POSITIVE, f64::MAX] {
        same(value);
        assert_eq!(
            json::from_str::<f64>(&json::to_string(&value).unwrap()).unwrap().to_bits(),
            value.to_bits()
        );
    }
    same([f32::MIN, f32::MAX, f32::EPSILON, 0.1, -16_777_217.0, f32::from_bits(1)]);
    for value in ['a', '"', '\\', '\u{0}', '\u{1f}', '\u{7f}', 'é', '\u{2028}', '😀', char::MAX]
    {
        same(value);
        same(value.to_string().repeat(3));
    }
    same(String::new());
    same((NonZeroU64::MAX, NonZeroI8::MIN, NonZeroU128::MAX, Wrapping(5_u8)));
    same(Cow::<str>::Borrowed("text"));
    same((Duration::new(1, 5), SystemTime::UNIX_EPOCH));
    same(("127.0.0.1".parse::<IpAddr>().unwrap(), "[::1]:80".parse::<SocketAddr>().unwrap()));
    same(PathBuf::from("/a b"));
    same(CString::new("bytes").unwrap());
    same(Box::new(5));
}

#[test]
fn lists_and_options() {
    same::<Vec<u8>>(vec![]);
    same(vec![vec![], vec![true], vec![true, false]]);
    same((1,));
    same((1, "a".to_owned(), Some(2.5), ((), [0; 3])));
    same([(); 0]);
    same(VecDeque::from([1, 2]));
    same(LinkedList::from([1, 2]));
    same(BTreeSet::from(['a', 'b']));
    same([None, Some("a".to_owned())]);
    same([Some(Some(5)), None]);
    same(Pair(1, "x".into()));
    same((Ok::<u8, String>(1), Err::<u8, String>("no".into())));
    same((
        Range { start: 1, end: 2 },
        RangeInclusive::new(1, 2),
        Bound::Included(3),
        Bound::<u8>::Unbounded,
    ));
}

#[test]
fn structs_and_enums() {
    let named = Named { first_one: -8, r#type: Some('"'), list: vec![New(0.1)] };
    same(named.clone());
    same(Named { first_one: 0, r#type: None, list: vec![] });
    for animal in [
        Animal::Dog,
        Animal::Frog("Henry".into(), vec![349, 102]),
        Animal::Frog(String::new(), vec![]),
        Animal::Cat { age: 5, name: "Kate".into() },
        Animal::AntHive(vec!["Bob".into()]),
        Animal::Nothing(()),
        Animal::Maybe(None),
        Animal::Maybe(Some(1)),
        Animal::Empty {},
        Animal::None(),
    ] {
        same(Some(animal.clone()));
        same(BTreeMap::from([("animal".to_owned(), animal)]));
    }
    same([Word::One, Word::Two]);
    let texts = BTreeMap::from([("7".to_owned(), 7)]);
    for inside in [Inside::Unit, Inside::New(named.clone()), Inside::Named { a: 1.5, texts }] {
        same(inside);
    }
    let a = BTreeMap::from([(7, 8)]);
    for beside in [Beside::Unit, Beside::New(1), Beside::Pair(1, 2), Beside::Named { a }] {
        same(beside);
    }
    for untagged in [
        Untagged::Number(-1),
        Untagged::Text("x".into()),
        Untagged::Pair(0.5, true),
        Untagged::Named { a: None },
        Untagged::Null,
    ] {
        same(untagged);
    }
    let rest = BTreeMap::from([("more".to_owned(), json!([1, {"a": 2.5}]))]);
    same(Flat { id: u64::MAX, named, rest });
}

fn keys<K: Serialize + DeserializeOwned + Ord + Debug>(keys: impl IntoIterator<Item = K>) {
    same(keys.into_iter().map(|key| (key, 1)).collect::<BTreeMap<_, _>>());
}

#[test]
fn every_key_that_is_written_can_be_read() {
    keys([String::new(), "a\"b".to_owned(), "7".to_owned()]);
    keys([true, false]);
    keys(['a', '"', 'é']);
    keys([i8::MIN, 0, 7]);
    keys([i64::MIN, i64::MAX]);
    keys([u64::MAX]);
    keys([i128::MIN, 0, i128::MAX]);
    keys([u128::MAX]);
    keys([New(true), New(false)]);
    keys([New("a".to_owned())]);
    keys([New(New(5))]);
    keys([Word::One, Word::Two]);
    keys([Some(5)]);
    keys([Cow::<str>::Borrowed("a")]);
    keys([NonZeroU64::MAX]);
    ours(HashMap::from([("x".to_owned(), 1)]), r#"{"x":1}"#);
    same(BTreeMap::from([(1, BTreeMap::from([(true, Word::One)]))]));
    // Numbers with a fraction have no order, so they come in lists that serialize as maps.
    let (text, map) = (r#"{"0.5":1,"-1e300":2}"#, [(0.5, 1), (-1e300, 2)]);
    struct Floats(Vec<(f64, u8)>);
    impl Serialize for Floats {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
        }
    }
    impl<'de> Deserialize<'de> for Floats {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct All;
            impl<'de> serde::de::Visitor<'de> for All {
                type Value = Floats;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("a map")
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<Floats, A::Error> {
                    let mut all = Vec::new();
                    while let Some(entry) = map.next_entry()? {
                        all.push(entry);
                    }
                    Ok(Floats(all))
                }
            }
            deserializer.deserialize_map(All)
        }
    }
    assert_eq!(json::to_string(&Floats(map.to_vec())).unwrap(), text);
    assert_eq!(json::from_str::<Floats>(text).unwrap().0, map);
    // Borrowed, where it holds no escapes.
    let map: BTreeMap<&str, &str> = json::from_str(r#"{"a":"b"}"#).unwrap();
    assert_eq!(map, BTreeMap::from([("a", "b")]));
    let escaped = json::from_str::<BTreeMap<&str, u8>>(r#"{"\u0061":1}"#).unwrap_err();
    assert!(escaped.to_string().contains("expected a borrowed string"), "{escaped}");
}

#[test]
fn a_key_that_cannot_be_read_is_not_written() {
    refused(BTreeMap::from([((), 1)]));
    refused(BTreeMap::from([(None::<u8>, 1)]));
    refused(BTreeMap::from([((1, 2), 1)]));
    refused(BTreeMap::from([(vec![1], 1)]));
    refused(BTreeMap::from([(Unit, 1)]));
    refused(BTreeMap::from([(BTreeMap::from([(1, 1)]), 1)]));
    refused(HashMap::from([(Ok::<u8, u8>(1), 1)]));
}

#[test]
fn wrong_keys_are_named() {
    for (error, message) in [
        (
            json::from_str::<BTreeMap<bool, u8>>(r#"{"yes":1}"#).map(drop),
            "found the key \"yes\", expected true or false",
        ),
        (
            json::from_str::<BTreeMap<u128, u8>>(r#"{"-1":1}"#).map(drop),
            "found the key \"-1\", expected u128",
        ),
        (
            json::from_str::<BTreeMap<i128, u8>>(r#"{"+1":1}"#).map(drop),
            "found the key \"+1\", expected i128",
        ),
        (
            json::from_str::<BTreeMap<u128, u8>>(r#"{" 1":1}"#).map(drop),
            "found the key \" 1\", expected u128",
        ),
    ] {
        assert_eq!(error.unwrap_err().to_string(), message);
    }
}

#[test]
fn untyped_values() {
    let mut map = Map::new();
    map.insert(
        "a".into(),
        json!([1, -2, 2.5, null, true, "x", {"b": {}}, u64::MAX, i64::MIN, 1e300]),
    );
    same(Value::Object(map.clone()));
    same(map);
    same(serde_json::Number::from(5));
    let raw: Raw = json::from_str(r#"{"b":[1,2.50],"a":"\u00e9"}"#).unwrap();
    assert_eq!(
        json::from_str::<Value>(&json::to_string(&raw).unwrap()).unwrap(),
        json!({"b": [1, 2.5], "a": "é"})
    );
}
