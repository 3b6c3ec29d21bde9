//! Pages of `html!` in a real browser, with what a stranger would like to have in them.
use serde_json::{Value, json};
use signalk_plugin_sdk::html;
use signalk_plugin_sdk::http::{Html, Json};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;
use signalk_plugin_tests::browser;
use signalk_plugin_tests::http_stub::{Answer, HttpStub};

/// Names of ships. Each tries to call `broken()`, which the page has.
const NAMES: [&str; 19] = [
    "<script>broken()</script>",
    "<img src=x onerror=broken()>",
    "<svg onload=broken()>",
    "\"><script>broken()</script>",
    "'><script>broken()</script>",
    "\" onmouseover=\"broken()\" autofocus onfocus=\"broken()",
    "' onmouseover='broken()' x='",
    "</title><script>broken()</script>",
    "</textarea><script>broken()</script>",
    "<!--><script>broken()</script>",
    "--><script>broken()</script><!--",
    "&lt;script&gt;broken()&lt;/script&gt;",
    "&#60;img src=x onerror=broken()&#62;",
    "+ADw-script+AD4-broken()+ADw-/script+AD4-",
    "\u{feff}<script>broken()</script>",
    "\0<script>broken()</script>",
    "<<script>script>broken()</script>",
    "`><script>broken()</script>",
    "\\\"><script>broken()</script>",
];

/// Addresses that a stranger would like to have followed.
const ADDRESSES: [&str; 10] = [
    "javascript:broken()",
    "JaVaScRiPt:broken()",
    " \u{1}javascript:broken()",
    "java\nscript:broken()",
    "j\ta\nv\ra\u{9}script:broken()",
    "javascript\t:broken()",
    "&#106;avascript:broken()",
    "data:text/html,<script>broken()</script>",
    "vbscript:broken()",
    "\" onclick=\"broken()",
];

const BEGIN: &str = "<!DOCTYPE html><script>
    let count = 0;
    function broken() { count += 1 }
</script>";

/// Does what a visitor might, and tells what the browser has made of the page.
const END: &str = "<pre id=told></pre><script>
    for (const element of document.querySelectorAll('[class], [class] *')) {
        for (const event of ['mouseover', 'focus', 'click', 'load', 'error']) {
            element.dispatchEvent(new Event(event));
        }
    }
    const all = name => [...document.querySelectorAll('.' + name)];
    setTimeout(() => {
        document.getElementById('told').textContent = encodeURIComponent(JSON.stringify({
            count,
            texts: all('text').map(it => it.textContent),
            titles: all('title').map(it => it.title),
            singles: all('single').map(it => it.title),
            areas: all('area').map(it => it.value),
            data: all('data').map(it => it.dataset.ship),
            links: all('link').map(it => it.protocol),
            attributes: [...new Set(all('title').flatMap(it => it.getAttributeNames()))],
        }));
    }, 1000);
</script>";

struct Pages;

#[signalk_plugin]
impl Pages {
    fn start() -> Self {
        Self
    }

    #[post("/safe")]
    fn safe(&self, Json(names): Json<Vec<String>>) -> Html {
        let mut page = Html::trusted(BEGIN);
        for name in &names {
            page.push(&html!("<p class=text>{}</p><p class=title title=\"{}\">x</p>", name, name));
            page.push(&html!(
                "<p class=single title='{}'>x</p><p>{:?} {:>90}</p>",
                name,
                name,
                name
            ));
            page.push(&html!("<textarea class=area>{}</textarea>", name));
            page.push(&html!("<p class=data data-ship=\"{}\">x</p>", name));
            page.push(&html!("<svg><title>{}</title></svg><table><tr><td>{}</table>", name, name));
        }
        for address in ADDRESSES {
            page.push(&html!("<a class=link href=\"{}\">x</a>", Html::href(address)));
        }
        page.push(&Html::trusted(END));
        page
    }

    /// A page that must not be: so the test is seen to notice it.
    #[post("/broken")]
    fn broken(&self, Json(names): Json<Vec<String>>) -> Html {
        let names = names.iter().map(|name| format!("<p class=text>{name}</p>"));
        Html::trusted([BEGIN.to_owned(), names.collect(), END.to_owned()].concat())
    }
}

/// The browser's report on a page.
fn told(path: &str, names: &[&str]) -> Value {
    let mut host = TestHost::<Pages>::start("{}");
    let answer = host.http("POST", path, &json!(names));
    let stub = HttpStub::plain().unwrap();
    let page = Answer::ok(answer.body.as_str().unwrap());
    stub.answer("/page", page.header("Content-Type", &answer.content_type));
    let dom = browser::page_after_scripts(&(stub.url() + "/page")).unwrap();
    let told = dom.rsplit_once("<pre id=\"told\">").unwrap().1;
    let told = told.split_once("</pre>").unwrap().0;
    serde_json::from_str(&decoded(told)).unwrap()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digits = [rest.clone().next(), rest.clone().nth(1)].map(Option::unwrap_or_default);
        if byte == b'%' {
            let digits = String::from_utf8(digits.to_vec()).unwrap();
            bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            rest.nth(1);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --only browser"]
fn a_strangers_name_is_text_to_a_browser_wherever_it_may_stand() {
    let told = told("/safe", &NAMES);
    assert_eq!(told["count"], 0, "{told}");
    // A browser leaves NUL out of text, and shows it elsewhere as what cannot be shown.
    let texts = NAMES.map(|name| name.replace('\0', ""));
    let elsewhere = NAMES.map(|name| name.replace('\0', "\u{fffd}"));
    assert_eq!(told["texts"], json!(texts));
    for place in ["titles", "singles", "areas", "data"] {
        assert_eq!(told[place], json!(elsewhere), "{place}");
    }
    assert_eq!(told["attributes"], json!(["class", "title"]));
    assert_eq!(told["links"], json!(vec!["http:"; ADDRESSES.len()]));
}

#[test]
#[ignore = "needs Chromium: cargo xtask test --only browser"]
fn without_html_the_same_names_are_scripts() {
    let told = told("/broken", &NAMES[..3]);
    assert!(told["count"].as_u64() >= Some(3), "{told}");
}
