use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::*;
use crate::config::limits::{Limits, schema_of};

/// Whatever a type states.
struct Any<C>(PhantomData<C>);

impl<C: DeserializeOwned> Limited for Any<C> {
    type Config = C;
    const LIMITS: Limits = Limits::ANY;
}

/// The outcome for settings that can be read, by what schemars writes of the type and by the form that
/// is made of it, which a plugin has in its .wasm.
fn outcome_of<C: DeserializeOwned + JsonSchema>(settings: &str) -> String {
    let read = json::from_str::<C>(settings).map(drop);
    assert!(read.is_ok(), "{settings} cannot be read: {read:?}");
    let outcome = |schema: &str| match check::<Any<C>>(schema, settings) {
        Ok(()) => "fine".into(),
        Err(error) => error.to_string(),
    };
    let written = schema_of::<C>();
    let expected: String = outcome(&written);
    let root = keywords::of(&written);
    let is_form = ["anyOf", "oneOf", "allOf", "additionalProperties", "patternProperties"]
        .iter()
        .all(|keyword| get(&root, keyword).is_empty());
    // The form of others is refused when the plugin is built.
    if is_form {
        let form = crate::schema::of::<C>();
        let found = outcome(&form);
        let what = |error: &str| error.split(", expected ").next().map(str::to_owned);
        assert_eq!(what(&found), what(&expected), "{settings} by the form: {found}");
    }
    expected
}

#[track_caller]
fn are_fine<C: DeserializeOwned + JsonSchema>(all: &[&str]) {
    for settings in all {
        assert_eq!(outcome_of::<C>(settings), "fine", "{settings}");
    }
}

#[track_caller]
fn are_wrong<C: DeserializeOwned + JsonSchema>(all: &[(&str, &str)]) {
    for (settings, expected) in all {
        assert_eq!(outcome_of::<C>(settings), *expected, "{settings}");
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
#[allow(dead_code)]
struct Plain {
    /// Alarm radius (m)
    #[schemars(range(min = 10.0, max = 1000.0))]
    max_radius: Option<f64>,
    #[schemars(range(min = 5))]
    least: Option<u32>,
    #[schemars(range(max = -1.5))]
    most: f64,
    place: Option<crate::Position>,
    /// Names
    #[schemars(length(min = 1, max = 2), inner(length(min = 2)))]
    names: Vec<String>,
    pair: Option<(u8, Side)>,
    by_name: BTreeMap<String, Side>,
    by_number: BTreeMap<i8, Side>,
    by_count: BTreeMap<u8, Vec<Side>>,
    by_end: BTreeMap<End, Side>,
    newtype: Option<Around>,
    #[schemars(extend("exclusiveMinimum" = 0, "multipleOf" = 0.1))]
    steps: Option<f64>,
    #[schemars(extend("exclusiveMaximum" = 9), range(min = 1))]
    below: Option<u8>,
    #[schemars(extend("minProperties" = 1, "maxProperties" = 2))]
    some: Option<BTreeMap<String, u8>>,
    #[schemars(extend("uniqueItems" = true))]
    different: Vec<String>,
    #[schemars(extend("enum" = ["a", "b"]))]
    choice: Option<String>,
    #[schemars(extend("const" = 7))]
    seven: Option<u8>,
    #[schemars(extend("not" = {"enum": ["no", "none"]}))]
    not: Option<String>,
    #[schemars(regex(pattern = r"^[A-Z]{2}\d+$"))]
    pattern: Option<String>,
    #[schemars(email)]
    mail: Option<String>,
    #[schemars(url)]
    address: Option<String>,
    #[schemars(extend("format" = "ipv4"))]
    host: Option<String>,
}

#[derive(Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Bow,
    #[serde(alias = "back")]
    Stern,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Around(#[schemars(range(min = 3))] i32);

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Side {
    /// Length (m)
    #[schemars(range(min = 1))]
    length: i8,
}

#[test]
fn what_is_within_the_limits_or_has_none_or_is_not_there_is_fine() {
    are_fine::<Plain>(&[
        "{}",
        r#"{"maxRadius":10,"least":5,"most":-1.5,"names":["ab"],"other":-1e9}"#,
        r#"{"maxRadius":1000.0,"least":null,"place":null,"names":["ab","éé"]}"#,
        r#"{"place":{"latitude":-90,"longitude":180,"altitude":null}}"#,
        r#"{"pair":[0,{"length":1}],"byName":{"a":{"length":1}},"byNumber":{"-3":{"length":1}}}"#,
        r#"{"steps":0.3,"below":8,"some":{"a":1},"different":["a","b"],"choice":"\u0061"}"#,
        r#"{"seven":7.0,"not":"yes","pattern":"AB12","mail":"a@b","address":"ftp://x"}"#,
        r#"{"host":"10.0.0.1","newtype":3,"byCount":{"3":[]}}"#,
    ]);
}

#[test]
fn what_is_outside_is_named_with_the_limits() {
    are_wrong::<Plain>(&[
        (r#"{"maxRadius":9.99}"#, "maxRadius: found 9.99, expected 10 to 1000"),
        (r#"{"maxRadius":1.001e3}"#, "maxRadius: found 1.001e3, expected 10 to 1000"),
        (r#"{"least":4}"#, "least: found 4, expected 5 or more"),
        (r#"{"most":-1}"#, "most: found -1, expected -1.5 or less"),
        (r#"{"names":[]}"#, "names: found 0, expected 1 to 2 entries"),
        (r#"{"names":["ab","é"]}"#, "names[1]: found 1, expected 2 or more characters"),
        (r#"{"pair":[1,{"length":0}]}"#, "pair[1].length: found 0, expected 1 to 127"),
        (r#"{"byName":{"a":{"length":0}}}"#, "byName.a.length: found 0, expected 1 to 127"),
        (r#"{"byNumber":{"-1":{"length":0}}}"#, "byNumber.-1.length: found 0, expected 1 to 127"),
        (r#"{"byCount":{"1":[{"length":0}]}}"#, "byCount.1[0].length: found 0, expected 1 to 127"),
        (r#"{"byEnd":{"Bow":{"length":0}}}"#, "byEnd.Bow.length: found 0, expected 1 to 127"),
        (r#"{"byEnd":{"back":{"length":0}}}"#, "byEnd.back.length: found 0, expected 1 to 127"),
        (r#"{"newtype":2}"#, "newtype: found 2, expected 3 or more"),
        (r#"{"steps":0}"#, "steps: found 0, expected more than 0, a multiple of 0.1"),
        (r#"{"steps":0.35}"#, "steps: found 0.35, expected more than 0, a multiple of 0.1"),
        (r#"{"below":9}"#, "below: found 9, expected 1 to 255, less than 9"),
        (r#"{"some":{}}"#, "some: found 0, expected 1 to 2 entries"),
        (
            r#"{"different":["a","b","a"]}"#,
            "different: found the text \"a\", expected no entry twice",
        ),
        (
            r#"{"choice":"c"}"#,
            r#"choice: found the text "c", expected the text "a" or the text "b""#,
        ),
        (r#"{"seven":8}"#, "seven: found 8, expected 7"),
        (r#"{"not":"no"}"#, "not: found the text \"no\", expected something else"),
        (
            r#"{"pattern":"ab1"}"#,
            r#"pattern: found the text "ab1", expected a text like ^[A-Z]{2}\d+$"#,
        ),
        (r#"{"mail":"a.b"}"#, "mail: found the text \"a.b\", expected an e-mail address"),
        (
            r#"{"address":"example.org"}"#,
            "address: found the text \"example.org\", expected an address with its scheme, https://… for example",
        ),
        (r#"{"host":"::1"}"#, "host: found the text \"::1\", expected an IPv4 address"),
    ]);
}

#[derive(Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[derive(Default)]
#[allow(dead_code)]
struct Renamed {
    #[serde(alias = "oldRadius", alias = "rad\"ius")]
    #[schemars(range(min = 10.0))]
    radius: f64,
    #[serde(alias = "zz")]
    zone: Option<Zone>,
    zones: Vec<Zone>,
    #[serde(alias = "b")]
    by_name: BTreeMap<String, Zone>,
}

#[derive(Default, Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Zone {
    #[serde(alias = "von")]
    #[schemars(range(max = 20))]
    from: u8,
    #[serde(default)]
    to: u8,
}

#[test]
fn a_setting_by_another_name_has_the_limits_of_its_own() {
    are_fine::<Renamed>(&[
        r#"{"oldRadius":10,"unknown":1}"#,
        r#"{"zz":{"von":20},"zones":[{"from":1},{"von":2}],"b":{"radius":{"von":3}}}"#,
    ]);
    are_wrong::<Renamed>(&[
        (r#"{"oldRadius":1}"#, "radius: found 1, expected 10 or more"),
        (r#"{"x":1,"oldRadius" : 1,"y":{}}"#, "radius: found 1, expected 10 or more"),
        (r#"{"rad\"ius":1}"#, "radius: found 1, expected 10 or more"),
        (r#"{"zz":{"from":21}}"#, "zone.from: found 21, expected 0 to 20"),
        (r#"{"zz":{"a":0,"von":21,"b":0}}"#, "zone.from: found 21, expected 0 to 20"),
        (r#"{"zones":[{"von":1},{"a":1,"von":21}]}"#, "zones[1].from: found 21, expected 0 to 20"),
        (r#"{"b":{"a":{"von":21}}}"#, "byName.a.from: found 21, expected 0 to 20"),
    ]);
    let many: Vec<_> = (0..300).map(|at| format!("\"k{at}\":{{\"a\":[{at}]}}")).collect();
    let many = many.join(",");
    let wrong = format!("{{{many},\"oldRadius\":1,{}}}", many.replace('k', "l"));
    are_wrong::<Renamed>(&[(&*wrong, "radius: found 1, expected 10 or more")]);
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[allow(dead_code)]
enum Tagged {
    #[serde(alias = "round")]
    Circle {
        #[schemars(range(min = 10.0))]
        #[serde(alias = "r")]
        radius: f64,
    },
    Box {
        #[schemars(range(max = 3.0))]
        width: f64,
    },
    Whole(Zone),
    Nothing,
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "with")]
#[allow(dead_code)]
enum Adjacent {
    #[serde(alias = "round")]
    Circle {
        #[schemars(range(min = 10.0))]
        #[serde(alias = "r")]
        radius: f64,
    },
    Box(#[schemars(range(max = 3.0))] f64),
    Nothing,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
enum External {
    #[serde(alias = "circle")]
    Circle(#[schemars(range(min = 10.0))] f64),
    #[serde(alias = "box")]
    Box(#[schemars(range(max = 3.0))] f64),
    #[serde(alias = "named")]
    Named {
        #[schemars(range(max = 4.0))]
        #[serde(alias = "W")]
        width: f64,
    },
    #[serde(alias = "nothing")]
    Nothing,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum Untagged {
    Small(#[schemars(range(max = 100))] u8),
    Large(#[schemars(range(max = 5000))] u16),
    Pair(#[schemars(range(min = 1))] f64, f64),
    Text(#[schemars(length(max = 3))] String),
    Zone(Zone),
    Other(serde_json::Value),
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Enums {
    tagged: Option<Tagged>,
    adjacent: Option<Adjacent>,
    external: Option<External>,
    untagged: Option<Untagged>,
    #[serde(default)]
    list: Vec<Tagged>,
}

#[test]
fn of_an_enum_the_variant_that_was_read_counts() {
    are_fine::<Enums>(&[
        r#"{"tagged":{"kind":"circle","radius":10},"external":{"Box":3},"untagged":"abc"}"#,
        r#"{"tagged":{"kind":"nothing","radius":1},"external":"Nothing","untagged":null}"#,
        r#"{"tagged":{"kind":"round","r":10},"adjacent":{"with":{"radius":10},"kind":"round"}}"#,
        r#"{"external":{"named":{"W":4}},"untagged":101.5}"#,
        r#"{"external":{"named":{"width":4}},"untagged":[1,2]}"#,
        r#"{"external":"nothing","untagged":{"von":1}}"#,
        r#"{"untagged":300}"#,
        r#"{"untagged":{"from":"x"}}"#,
        r#"{"untagged":[true,0]}"#,
    ]);
    are_wrong::<Enums>(&[
        (
            r#"{"tagged":{"kind":"circle","radius":-5}}"#,
            "tagged.radius: found -5, expected 10 or more",
        ),
        (r#"{"tagged":{"kind":"box","width":4}}"#, "tagged.width: found 4, expected 3 or less"),
        (r#"{"tagged":{"r":4,"kind":"circle"}}"#, "tagged.radius: found 4, expected 10 or more"),
        (
            r#"{"tagged":{"radius":4,"kind":"round"}}"#,
            "tagged.radius: found 4, expected 10 or more",
        ),
        (r#"{"tagged":{"kind":"round","r":4}}"#, "tagged.radius: found 4, expected 10 or more"),
        (r#"{"tagged":{"kind":"whole","von":40}}"#, "tagged.from: found 40, expected 0 to 20"),
        (r#"{"list":[{"kind":"round","r":4}]}"#, "list[0].radius: found 4, expected 10 or more"),
        (
            r#"{"adjacent":{"with":{"radius":1},"kind":"round"}}"#,
            "adjacent.with.radius: found 1, expected 10 or more",
        ),
        (
            r#"{"adjacent":{"with":{"r":1},"kind":"round"}}"#,
            "adjacent.with.radius: found 1, expected 10 or more",
        ),
        (r#"{"adjacent":{"kind":"Box","with":4}}"#, "adjacent.with: found 4, expected 3 or less"),
        (r#"{"external":{"Circle":9}}"#, "external.Circle: found 9, expected 10 or more"),
        (r#"{"external":{"named":{"W":5}}}"#, "external.named.width: found 5, expected 4 or less"),
        (r#"{"external":{"box":5}}"#, "external.box: found 5, expected 10 or more"),
        // Which of two it is cannot be told.
        (
            r#"{"external":{"circle":1}}"#,
            r#"external: found the text "circle", expected "Circle", "Box" or "Named""#,
        ),
        (r#"{"untagged":101}"#, "untagged: found 101, expected 0 to 100"),
        (r#"{"untagged":5001}"#, "untagged: found 5001, expected 0 to 5000"),
        (r#"{"untagged":[0.5,1]}"#, "untagged[0]: found 0.5, expected 1 or more"),
        (r#"{"untagged":"abcd"}"#, "untagged: found 4, expected 3 or less characters"),
        (r#"{"untagged":{"von":21}}"#, "untagged.from: found 21, expected 0 to 20"),
    ]);
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Flat {
    #[serde(default)]
    #[schemars(range(max = 5))]
    own: u8,
    #[serde(flatten)]
    tagged: Option<Tagged>,
    #[serde(flatten)]
    zone: Option<Zone>,
    #[serde(flatten)]
    more: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct FlatMap {
    #[serde(alias = "eigen", default)]
    #[schemars(range(max = 5))]
    own: u8,
    #[serde(flatten)]
    more: BTreeMap<String, Side>,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct FlatTwice {
    #[serde(flatten)]
    external: External,
    #[serde(flatten)]
    untagged: FlatUntagged,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum FlatUntagged {
    Zone(Zone),
    Side(Side),
    None {},
}

#[test]
fn what_is_flattened_has_its_limits() {
    are_fine::<Flat>(&[
        "{}",
        r#"{"kind":"circle","radius":10,"from":20,"x":1}"#,
        r#"{"kind":"circle","r":10,"von":20}"#,
        r#"{"kind":"none","radius":1,"own":5}"#,
        // Not read as a circle, for it has no kind.
        r#"{"radius":1}"#,
    ]);
    are_wrong::<Flat>(&[
        (r#"{"kind":"circle","radius":1}"#, "radius: found 1, expected 10 or more"),
        (r#"{"radius":1,"own":1,"kind":"circle"}"#, "radius: found 1, expected 10 or more"),
        (r#"{"kind":"circle","r":1}"#, "radius: found 1, expected 10 or more"),
        (r#"{"kind":"round","radius":1}"#, "radius: found 1, expected 10 or more"),
        (r#"{"from":21}"#, "from: found 21, expected 0 to 20"),
        (r#"{"von":21}"#, "from: found 21, expected 0 to 20"),
        (r#"{"own":6}"#, "own: found 6, expected 0 to 5"),
    ]);
    are_fine::<FlatMap>(&[r#"{"own":5,"x":{"length":1}}"#, r#"{"eigen":5,"x":{"length":1}}"#]);
    are_wrong::<FlatMap>(&[
        (r#"{"x":{"length":0}}"#, "x.length: found 0, expected 1 to 127"),
        (r#"{"x":{"length":1},"eigen":6}"#, "own: found 6, expected 0 to 5"),
    ]);
    are_fine::<FlatTwice>(&[r#"{"Circle":10,"from":1}"#, r#"{"Nothing":null,"length":1}"#]);
    are_wrong::<FlatTwice>(&[
        (r#"{"Circle":9,"from":1}"#, "Circle: found 9, expected 10 or more"),
        (r#"{"Circle":10,"from":21}"#, "from: found 21, expected 0 to 20"),
        (r#"{"Circle":10,"von":21}"#, "from: found 21, expected 0 to 20"),
        (r#"{"Circle":10,"length":0}"#, "length: found 0, expected 1 to 127"),
    ]);
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct FlatBeside {
    #[serde(default)]
    own: u8,
    #[serde(flatten)]
    untagged: Option<FlatOption>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum FlatOption {
    Zone(Zone),
    Side(Side),
}

#[test]
fn what_is_beside_something_flattened_is_none_of_it() {
    are_fine::<FlatBeside>(&[r#"{"own":25}"#, r#"{"unknown":25}"#, r#"{"own":25,"unknown":0}"#]);
    are_wrong::<FlatBeside>(&[
        (r#"{"own":25,"from":21}"#, "from: found 21, expected 0 to 20"),
        (r#"{"von":21,"own":25}"#, "from: found 21, expected 0 to 20"),
        (r#"{"length":0}"#, "length: found 0, expected 1 to 127"),
    ]);
}

/// Variants whose fields have the same names and not the same limits.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind")]
#[allow(dead_code)]
enum Alike {
    #[serde(alias = "round")]
    Circle {
        #[schemars(range(min = 10))]
        size: u32,
    },
    Box {
        size: u32,
    },
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "with")]
#[allow(dead_code)]
enum AlikeBeside {
    #[serde(alias = "round")]
    Circle(#[schemars(range(min = 10))] u32),
    Box(u32),
    Nothing,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum AlikeUntagged {
    First {
        #[schemars(range(min = 10))]
        size: u32,
        first: u32,
    },
    Second {
        size: u32,
        #[serde(alias = "other")]
        second: u32,
    },
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct AllAlike {
    tagged: Option<Alike>,
    beside: Option<AlikeBeside>,
    untagged: Option<AlikeUntagged>,
}

#[test]
fn a_variant_by_another_name_that_may_be_one_with_limits_is_refused() {
    are_fine::<AllAlike>(&[
        r#"{"tagged":{"kind":"Box","size":1},"beside":{"kind":"Box","with":1}}"#,
        r#"{"tagged":{"kind":"round","size":10},"beside":{"with":10,"kind":"round"}}"#,
        r#"{"untagged":{"size":1,"other":2}}"#,
    ]);
    let names = r#"found the text "round", expected "Circle" or "Box""#;
    let all = r#"found the text "round", expected "Circle", "Box" or "Nothing""#;
    are_wrong::<AllAlike>(&[
        (r#"{"tagged":{"kind":"round","size":1}}"#, &format!("tagged.kind: {names}")),
        (r#"{"tagged":{"size":1,"kind":"round"}}"#, &format!("tagged.kind: {names}")),
        (r#"{"beside":{"kind":"round","with":1}}"#, &format!("beside.kind: {all}")),
        (r#"{"beside":{"with":1,"kind":"round"}}"#, &format!("beside.kind: {all}")),
    ]);
}

/// A number out of a text, as older versions and other languages save them.
fn lenient<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(f64),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => text.trim().parse().map_err(serde::de::Error::custom),
    }
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Lenient {
    #[serde(deserialize_with = "lenient")]
    #[schemars(range(min = 10.0, max = 1000.0))]
    radius: f64,
}

#[test]
fn a_number_that_was_read_from_a_text_keeps_to_its_limits_too() {
    are_fine::<Lenient>(&[r#"{"radius":"20"}"#, r#"{"radius":"+2e1"}"#, r#"{"radius":20}"#]);
    let expected = "expected 10 to 1000";
    are_wrong::<Lenient>(&[
        (r#"{"radius":"1"}"#, &format!("radius: found the text \"1\", {expected}")),
        (r#"{"radius":"+1"}"#, &format!("radius: found the text \"+1\", {expected}")),
        (r#"{"radius":"-Inf"}"#, &format!("radius: found the text \"-Inf\", {expected}")),
        (r#"{"radius":"NaN"}"#, &format!("radius: found the text \"NaN\", {expected}")),
    ]);
}

/// A variant that stands for all that is not known.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind")]
#[allow(dead_code)]
enum Open {
    Circle {
        #[schemars(range(min = 10.0))]
        radius: f64,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
enum Mode {
    #[serde(alias = "tag")]
    Day,
    Night,
    #[serde(other)]
    Other,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
enum Closed {
    #[serde(alias = "tag")]
    Day,
    Night,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Others {
    open: Option<Open>,
    mode: Option<Mode>,
    closed: Option<Closed>,
    #[schemars(range(max = 1))]
    one: Option<u8>,
    set: Option<BTreeSet<u8>>,
}

#[test]
fn what_the_type_takes_by_other_names_is_no_mistake() {
    are_fine::<Others>(&[
        r#"{"open":{"kind":"Square","radius":1},"mode":"dusk","closed":"tag"}"#,
        r#"{"open":{"kind":"Other","radius":1},"mode":"tag","set":[1,2]}"#,
    ]);
    are_wrong::<Others>(&[(
        r#"{"open":{"kind":"Circle","radius":1}}"#,
        "open.radius: found 1, expected 10 or more",
    )]);
}

#[test]
fn a_whole_configuration_may_be_a_map_or_an_enum() {
    are_wrong::<BTreeMap<String, Side>>(&[(
        r#"{"a":{"length":0}}"#,
        "a.length: found 0, expected 1 to 127",
    )]);
    are_wrong::<Tagged>(&[(r#"{"kind":"circle","r":0}"#, "radius: found 0, expected 10 or more")]);
}

#[test]
fn a_schema_that_cannot_be_read_is_no_mistake_of_the_settings() {
    for schema in ["true", "", "{", r#"{"properties":3}"#, r#"{"anyOf":[3,{"type":7}]}"#] {
        let outcome = check::<Any<serde_json::Value>>(schema, r#"{"a":[1,"x",{}]}"#);
        assert!(outcome.is_ok(), "{schema}");
    }
}
