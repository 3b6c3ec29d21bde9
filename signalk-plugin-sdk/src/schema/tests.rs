//! The shapes that serde and schemars know, as the form gets them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;
use crate::config::{NoConfig, Secret};

/// The schema of the setting `it` of a type.
fn of_setting<C: JsonSchema>() -> Value {
    assert_eq!(problem::<C>(), None);
    let schema: Value = serde_json::from_str(&of::<C>()).unwrap();
    schema["properties"]["it"].clone()
}

fn why_not<C: JsonSchema>() -> String {
    problem::<C>().unwrap()
}

macro_rules! setting {
    ($name:ident: $ty:ty) => {
        #[derive(Deserialize, JsonSchema)]
        #[allow(dead_code)]
        struct $name {
            it: $ty,
        }
    };
    ($name:ident: $ty:ty = $default:expr) => {
        #[derive(Serialize, Deserialize, JsonSchema)]
        #[serde(default)]
        struct $name {
            it: $ty,
        }
        impl Default for $name {
            fn default() -> Self {
                Self { it: $default }
            }
        }
    };
}

/// Where the boat may swing.
#[derive(Deserialize, Serialize, JsonSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    /// Alarm radius (m).
    ///
    /// The distance from the anchor
    /// at which the alarm goes on.
    #[schemars(range(min = 10.0, max = 1000.0))]
    max_radius: f64,
    count: Option<u8>,
    mode: Mode,
}

#[derive(Deserialize, Serialize, JsonSchema, Default)]
enum Mode {
    #[default]
    /// By day.
    Day,
    /// By night.
    Night,
}

#[derive(Deserialize, Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
enum Plain {
    Day,
    Night,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Renamed {
    NorthEast,
    South,
}

#[test]
fn labels_and_help_come_from_doc_comments_in_the_order_of_the_fields() {
    assert_eq!(
        of::<Config>(),
        concat!(
            r#"{"type":"object","properties":{"#,
            r#""maxRadius":{"type":"number","minimum":10.0,"maximum":1000.0,"default":0.0,"title":"Alarm radius (m)","#,
            r#""description":"The distance from the anchor at which the alarm goes on."},"#,
            r#""count":{"type":["integer","null"],"minimum":0,"maximum":255},"#,
            r#""mode":{"default":"Day","type":"string","oneOf":[{"const":"Day","title":"By day"},"#,
            r#"{"const":"Night","title":"By night"}]}},"#,
            r#""description":"Where the boat may swing."}"#
        )
    );
}

#[test]
fn no_configuration_is_an_object_without_properties() {
    assert!(of::<NoConfig>().contains(r#""properties":{}"#));
}

#[test]
fn an_enum_of_units_is_one_list_whether_documented_or_not() {
    setting!(Documented: Mode);
    setting!(Undocumented: Plain);
    setting!(Named: Renamed);
    assert_eq!(
        of_setting::<Documented>(),
        json!({"type": "string", "oneOf": [
            {"const": "Day", "title": "By day"},
            {"const": "Night", "title": "By night"},
        ]})
    );
    assert_eq!(of_setting::<Undocumented>(), json!({"type": "string", "enum": ["Day", "Night"]}));
    assert_eq!(
        of_setting::<Named>(),
        json!({"type": "string", "oneOf": [
            {"const": "north_east", "title": "North east"},
            {"const": "south", "title": "South"},
        ]})
    );
}

#[test]
fn an_enum_of_units_that_may_be_left_out_begins_with_not_set() {
    setting!(Documented: Option<Mode>);
    setting!(Undocumented: Option<Plain> = None);
    let documented = of_setting::<Documented>();
    assert_eq!(documented["type"], json!(["string", "null"]));
    assert_eq!(documented["oneOf"][0], json!({"const": null, "title": "Not set"}));
    assert_eq!(documented["oneOf"][2], json!({"const": "Night", "title": "By night"}));
    assert_eq!(
        of_setting::<Undocumented>(),
        json!({"default": null, "type": ["string", "null"], "oneOf": [
            {"const": null, "title": "Not set"},
            {"const": "Day", "title": "Day"},
            {"const": "Night", "title": "Night"},
        ]})
    );
}

#[test]
fn a_tick_that_may_be_left_out_is_a_list_of_three() {
    setting!(Tick: Option<bool>);
    assert_eq!(
        of_setting::<Tick>(),
        // By the first type the form chooses to draw a list.
        json!({"type": ["string", "boolean", "null"], "oneOf": [
            {"const": null, "title": "Not set"},
            {"const": true, "title": "Yes"},
            {"const": false, "title": "No"},
        ]})
    );
}

#[test]
fn a_tick_that_was_never_ticked_is_posted_as_such() {
    setting!(Tick: bool);
    assert_eq!(of_setting::<Tick>(), json!({"type": "boolean", "default": false}));
}

#[test]
fn a_group_or_a_list_that_may_be_left_out_is_a_choice() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Inner {
        depth: f64,
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Group {
        /// Anchor.
        ///
        /// Where it lies.
        it: Option<Inner>,
    }
    setting!(List: Option<Vec<f64>>);
    let not_set = json!({"title": "Not set", "type": "null", "const": null});
    let set = json!({
        "title": "Set",
        "type": "object",
        "properties": {"depth": {"type": "number"}},
        "required": ["depth"],
    });
    assert_eq!(
        of_setting::<Group>(),
        json!({"title": "Anchor", "description": "Where it lies.", "anyOf": [not_set, set]})
    );
    assert_eq!(
        of_setting::<List>(),
        json!({"anyOf": [not_set, {"title": "Set", "type": "array", "items": {"type": "number", "title": " "}}]})
    );
}

#[test]
fn what_is_set_unless_the_owner_says_no_is_a_choice() {
    setting!(Number: Option<f64> = Some(5.0));
    setting!(Text: Option<String> = None);
    assert_eq!(
        of_setting::<Number>(),
        json!({"default": 5.0, "anyOf": [
            {"title": "Not set", "type": ["null"], "const": null},
            {"title": "Set", "type": "number", "default": 5.0},
        ]})
    );
    assert_eq!(of_setting::<Text>(), json!({"type": ["string", "null"]}));
}

#[test]
fn variants_with_data_have_titles_and_forbid_no_other_keys() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    enum Connection {
        Off,
        /// Over TCP.
        Tcp {
            host: String,
        },
        FixedPort(u16),
    }
    setting!(Plainly: Connection);
    setting!(Optional: Option<Connection>);
    let off = json!({"title": "Off", "type": "string", "format": "hidden", "const": "off"});
    let tcp = json!({
        "title": "Over TCP",
        "type": "object",
        "properties": {"tcp": {
            "title": " ",
            "type": "object",
            "properties": {"host": {"type": "string"}},
            "required": ["host"],
        }},
        "required": ["tcp"],
    });
    let fixed = json!({
        "title": "Fixed port",
        "type": "object",
        "properties": {"fixedPort": {
            "title": "Fixed port",
            "type": "integer",
            "minimum": 0,
            "maximum": 65535,
        }},
        "required": ["fixedPort"],
    });
    // Not a text first, whose letters the form would mix into what does not fit yet.
    assert_eq!(of_setting::<Plainly>(), json!({"default": "off", "anyOf": [fixed, off, tcp]}));
    let not_set = json!({"title": "Not set", "type": "null", "const": null});
    assert_eq!(of_setting::<Optional>(), json!({"anyOf": [not_set, fixed, off, tcp]}));
}

#[test]
fn the_tag_of_a_variant_is_hidden_and_tells_the_form_which_it_is() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind", content = "with", rename_all = "snake_case")]
    #[allow(dead_code)]
    enum Adjacent {
        OnTime(u8),
        Later(u16),
        Never,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind", deny_unknown_fields)]
    #[allow(dead_code)]
    enum Internal {
        Circle { radius: f64 },
        Nothing,
    }
    setting!(One: Internal);
    setting!(Other: Option<Adjacent>);
    let one = of_setting::<One>();
    assert_eq!(one["discriminator"], json!({"propertyName": "kind"}));
    let tag = json!({
        "title": " ",
        "type": "string",
        "format": "hidden",
        "enum": ["Circle"],
        "default": "Circle",
    });
    assert_eq!(
        one["anyOf"][0],
        json!({
            "title": "Circle",
            "type": "object",
            "properties": {"kind": tag, "radius": {"type": "number"}},
            // Else the form would mark it as to be filled in.
            "required": ["radius"],
        })
    );
    assert_eq!(one["anyOf"][1].get("additionalProperties"), None);
    let other = of_setting::<Other>();
    assert_eq!(other["discriminator"], json!({"propertyName": "kind"}));
    let titles: Vec<_> = other["anyOf"].as_array().unwrap().iter().map(|it| &it["title"]).collect();
    assert_eq!(titles, ["Not set", "On time", "Later", "Never"]);
    // The key's name says nothing.
    assert_eq!(other["anyOf"][1]["properties"]["with"]["title"], "On time");
}

#[test]
fn options_without_a_name_are_told_apart_by_what_is_in_them() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    #[allow(dead_code)]
    enum Untagged {
        Number(f64),
        Text(String),
        Another(String),
        Place {
            latitude: f64,
            longitude: f64,
        },
        /// By its name.
        Named {
            name: String,
        },
    }
    setting!(It: Untagged);
    let schema = of_setting::<It>();
    let titles: Vec<_> =
        schema["anyOf"].as_array().unwrap().iter().map(|it| &it["title"]).collect();
    assert_eq!(titles, ["Number", "Text", "Text (2)", "Latitude, Longitude", "By its name"]);
}

#[test]
fn whole_numbers_end_where_the_server_would_round_them() {
    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Widths {
        unsigned: u64,
        signed: i64,
        size: usize,
        #[schemars(range(max = 100))]
        narrow: u64,
        small: i8,
    }
    let schema: Value = serde_json::from_str(&of::<Widths>()).unwrap();
    let bounds = |name: &str| {
        let setting = &schema["properties"][name];
        assert_eq!(setting.get("format"), None);
        [&setting["minimum"], &setting["maximum"]].map(|it| it.as_f64().unwrap())
    };
    assert_eq!(bounds("unsigned"), [0.0, 9_007_199_254_740_991.0]);
    assert_eq!(bounds("signed"), [-9_007_199_254_740_991.0, 9_007_199_254_740_991.0]);
    assert_eq!(bounds("size"), [0.0, f64::from(u32::MAX)]);
    assert_eq!(bounds("narrow"), [0.0, 100.0]);
    assert_eq!(bounds("small"), [-128.0, 127.0]);
}

#[test]
fn formats_that_the_form_does_not_know_are_left_out() {
    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Formats {
        letter: char,
        address: std::net::IpAddr,
        #[schemars(extend("format" = "time"))]
        time: String,
        #[schemars(extend("format" = "date"))]
        date: String,
        secret: Secret,
    }
    let schema: Value = serde_json::from_str(&of::<Formats>()).unwrap();
    let format = |name: &str| schema["properties"][name].get("format").cloned();
    for name in ["letter", "address", "time"] {
        assert_eq!(format(name), None, "{name}");
    }
    assert_eq!(format("date"), Some("date".into()));
    assert_eq!(format("secret"), Some("password".into()));
}

#[test]
fn nothing_in_a_schema_forbids_the_keys_that_the_sdk_and_the_form_add() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Strict {
        inner: Inner,
        optional: Option<Inner>,
        list: Vec<Inner>,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        a: f64,
    }
    assert!(!of::<Strict>().contains("additionalProperties"));
    assert_eq!(problem::<Strict>(), None);
}

#[test]
fn a_map_is_refused_with_what_to_write_instead_and_its_form_can_be_saved() {
    setting!(Named: BTreeMap<String, f64>);
    setting!(Numbered: BTreeMap<u16, f64>);
    setting!(Optional: Option<HashMap<String, f64>>);
    setting!(Within: Vec<BTreeMap<String, bool>>);
    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Flat {
        a: f64,
        #[serde(flatten)]
        rest: BTreeMap<String, f64>,
    }
    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct FlatWithin {
        it: Flat,
    }
    for problem in
        [why_not::<Named>(), why_not::<Numbered>(), why_not::<Optional>(), why_not::<FlatWithin>()]
    {
        assert!(problem.starts_with("the setting `it` is a map"), "{problem}");
        assert!(problem.contains("a list of structs"), "{problem}");
    }
    assert!(why_not::<Within>().starts_with("the setting `it[]` is a map"));
    assert!(why_not::<Flat>().starts_with("the configuration is a map"));
    assert!(why_not::<BTreeMap<String, f64>>().starts_with("the configuration is a map"));
    for schema in [
        or_excuse::<Flat>(),
        or_excuse::<BTreeMap<u16, f64>>(),
        of::<Flat>(),
        of::<BTreeMap<u16, f64>>(),
    ] {
        for keyword in
            ["additionalProperties", "patternProperties", "minProperties", "maxProperties"]
        {
            assert!(!schema.contains(keyword), "{schema}");
        }
    }
}

#[test]
fn what_no_form_can_show_is_a_problem() {
    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Loop {
        inner: Vec<Loop>,
    }
    setting!(Anything: Value);
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    #[allow(dead_code)]
    enum Kind {
        A { a: f64 },
        B { b: f64 },
    }
    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Flat {
        #[serde(flatten)]
        kind: Kind,
    }
    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct FlatOptional {
        it: FlatInner,
    }
    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct FlatInner {
        a: f64,
        #[serde(flatten)]
        kind: Option<Kind>,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    struct Reserved {
        enable_debug: bool,
    }
    assert!(why_not::<Loop>().contains("contains itself"));
    assert!(why_not::<Anything>().starts_with("the setting `it` takes any value"));
    assert!(why_not::<Kind>().contains("the configuration is no struct"));
    assert!(why_not::<Vec<f64>>().contains("the configuration is no struct"));
    assert!(why_not::<Flat>().contains("flattened into it"));
    assert!(why_not::<FlatOptional>().starts_with("the setting `it` takes any value"));
    assert!(why_not::<Reserved>().contains("`enableDebug`"));
    assert_eq!(problem::<Config>(), None);
}

#[test]
fn a_set_of_an_enum_is_a_list_to_tick() {
    setting!(Set: BTreeSet<Plain>);
    assert_eq!(
        of_setting::<Set>(),
        json!({"type": "array", "uniqueItems": true, "items": {"type": "string", "enum": ["Day", "Night"]}})
    );
}

#[test]
fn a_schema_that_the_server_would_cut_becomes_a_form_that_says_so() {
    let problem = too_long(&"x".repeat(9012)).unwrap();
    let schema = excuse(&problem);
    assert!(schema.len() < MAX_BYTES);
    let value: Value = serde_json::from_str(&schema).unwrap();
    assert!(value["description"].as_str().unwrap().contains("9012 bytes"));
    // What the build looks for.
    assert_eq!(value["$comment"], "no form");
    assert_eq!(too_long(&"x".repeat(MAX_BYTES)), None);
}

#[test]
fn the_default_of_a_group_is_that_of_the_settings_in_it() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Engine {
        #[serde(default)]
        running: bool,
        hours: Option<f64>,
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum Source {
        Nothing,
        Engine { port: u8, engine: Engine },
    }
    let engine = || Engine { running: true, hours: Some(3.0) };
    setting!(Group: Engine = Engine { running: true, hours: Some(3.0) });
    setting!(Optional: Option<Engine> = Some(Engine { running: true, hours: None }));
    setting!(Tagged: Option<Source> = Some(Source::Engine {
        port: 7,
        engine: Engine { running: true, hours: Some(3.0) },
    }));
    let group = of_setting::<Group>();
    assert_eq!(group.get("default"), None);
    assert_eq!(group["properties"]["running"]["default"], true);
    assert_eq!(group["properties"]["hours"]["default"], 3.0);
    let optional = of_setting::<Optional>();
    assert_eq!(optional["default"]["running"], true);
    assert_eq!(optional["anyOf"][1]["properties"]["running"]["default"], true);
    let tagged = of_setting::<Tagged>();
    assert_eq!(tagged["default"], json!({"kind": "Engine", "port": 7, "engine": engine()}));
    let option = &tagged["anyOf"][2]["properties"];
    assert_eq!(option["port"]["default"], 7);
    assert_eq!(option["engine"]["properties"]["running"]["default"], true);
    assert_eq!(option["kind"]["default"], "Engine");
    let _ = Source::Nothing;
}

#[test]
fn the_help_of_a_list_is_part_of_its_label_for_the_form_shows_it_twice() {
    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Lists {
        /// Names.
        ///
        /// One for each.
        names: Vec<String>,
        /// A pair.
        ///
        /// Of two.
        pair: (f64, String),
        /// Without help.
        plain: Vec<f64>,
        /// A set.
        ///
        /// Drawn as one field.
        set: BTreeSet<Plain>,
    }
    let schema: Value = serde_json::from_str(&of::<Lists>()).unwrap();
    let list = |name: &str| schema["properties"][name].clone();
    assert_eq!(list("names")["title"], "Names: One for each.");
    assert_eq!(list("names").get("description"), None);
    assert_eq!(list("names")["items"]["title"], "Names");
    assert_eq!(list("pair")["title"], "A pair: Of two.");
    assert_eq!(list("pair")["items"][1]["title"], "A pair 2");
    assert_eq!(list("plain")["items"].get("title"), None);
    assert_eq!(list("set")["description"], "Drawn as one field.");
}
