//! Pages, into which nothing from outside gets unescaped.

use std::cell::Cell;
use std::fmt::{self, Write as _};

/// HTML, made by [`html!`](crate::html): what is put into it is escaped.
///
/// ```
/// use signalk_plugin_sdk::html;
/// use signalk_plugin_sdk::http::Html;
///
/// let ship = "<script>Jolly</script> & \"Roger\"";
/// let page: Html = html!("<p title=\"{}\">{:.1} m</p>", ship, 12.3456);
/// assert_eq!(
///     page.as_str(),
///     "<p title=\"&lt;script&gt;Jolly&lt;/script&gt; &amp; &quot;Roger&quot;\">12.3 m</p>",
/// );
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// HTML as it is, for a page that is all the plugin's own. Nothing in it may come from outside:
    /// a ship's name is what its owner has put into its transponder.
    #[must_use]
    pub fn trusted(html: impl Into<String>) -> Self {
        Self(html.into())
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds a part of a page at its end.
    pub fn push(&mut self, part: &Self) {
        self.0.push_str(&part.0);
    }

    /// Text that stands for itself, between tags and within quoted attributes. It is of no help
    /// [elsewhere](crate::html#where-escaping-does-not-help).
    #[must_use]
    pub fn escape(text: &str) -> String {
        let mut escaped = String::with_capacity(text.len());
        push_escaped(&mut escaped, text);
        escaped
    }

    /// An address from outside, for a quoted `href` or `src`: itself where it is relative, or begins
    /// with `http:`, `https:`, `mailto:`, `tel:` or `geo:`; else `#`, which leads nowhere.
    /// `javascript:` and `data:` would run as a script, and need no character that is escaped for it.
    ///
    /// ```
    /// use signalk_plugin_sdk::html;
    /// use signalk_plugin_sdk::http::Html;
    ///
    /// let link = |to| html!("<a href=\"{}\">home page</a>", Html::href(to));
    /// assert_eq!(link("https://h.fi/?a&b").as_str(), "<a href=\"https://h.fi/?a&amp;b\">home page</a>");
    /// assert_eq!(link("JavaScript:alert(1)").as_str(), "<a href=\"#\">home page</a>");
    /// ```
    #[must_use]
    pub fn href(address: &str) -> &str {
        const HARMLESS: [&str; 5] = ["http", "https", "mailto", "tel", "geo"];
        // Browsers leave these out wherever they are, and others at the beginning.
        let seen = address.chars().filter(|char| !matches!(char, '\t' | '\n' | '\r'));
        let seen = seen.skip_while(|char| *char <= ' ');
        let mut scheme = String::new();
        for char in seen {
            match char {
                ':' => {
                    let is_harmless = HARMLESS.iter().any(|it| it.eq_ignore_ascii_case(&scheme));
                    return if is_harmless { address } else { "#" };
                }
                '/' | '\\' | '?' | '#' => return address,
                _ => scheme.push(char),
            }
        }
        address
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }

    /// For `html!`: writes a format whose arguments are [`Escaped`] by this switch.
    #[doc(hidden)]
    #[must_use]
    pub fn formatted(switch: &Switch, arguments: fmt::Arguments<'_>) -> Self {
        let mut page = Page { html: String::new(), switch };
        // A `Display` that fails leaves what it wrote until then.
        let _ = page.write_fmt(arguments);
        Self(page.html)
    }
}

fn push_escaped(html: &mut String, text: &str) {
    for char in text.chars() {
        match char {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(char),
        }
    }
}

/// For `html!`: whether what is being written is an argument's.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Switch(Cell<bool>);

/// Takes the plugin's own text as it is, and escapes the arguments.
struct Page<'s> {
    html: String,
    switch: &'s Switch,
}

impl fmt::Write for Page<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.switch.0.get() {
            push_escaped(&mut self.html, text);
        } else {
            self.html.push_str(text);
        }
        Ok(())
    }
}

/// For `html!`: a value as it stands in a page. It is written by its own formatter, so that width,
/// precision and all else are what they are in `format!`.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "its Debug is for pages")]
pub struct Escaped<'a, T: ?Sized>(pub &'a T, pub &'a Switch);

macro_rules! escaped {
    ($($format:ident)*) => {$(
        impl<T: fmt::$format + ?Sized> fmt::$format for Escaped<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.1.0.set(true);
                let written = self.0.fmt(f);
                self.1.0.set(false);
                written
            }
        }
    )*};
}

escaped!(Display Debug LowerHex UpperHex Octal Binary LowerExp UpperExp);

/// Makes a page, or a part of one: as `format!`, with every argument escaped. The text itself, which is
/// the plugin's own, is taken as HTML. Parts are put together with [`Html::push`](crate::http::Html::push).
///
/// Each `{}` takes an argument, with width, precision and the like as in `format!`, and `{:?}` too. A
/// variable's name in the braces does not compile, for it would not be escaped.
///
/// ```compile_fail
/// let ship = "<script>";
/// signalk_plugin_sdk::html!("<b>{ship}</b>");
/// ```
///
/// ```
/// use signalk_plugin_sdk::html;
///
/// assert_eq!(html!("<b>{}</b>", "a < b").as_str(), "<b>a &lt; b</b>");
/// assert_eq!(html!("<b>{:?}</b>", Some("<b>")).as_str(), "<b>Some(&quot;&lt;b&gt;&quot;)</b>");
/// assert_eq!(html!("<b>{:>6.1} m</b>", 12.3456).as_str(), "<b>  12.3 m</b>");
/// ```
///
/// # Where escaping does not help
///
/// Escaped text stands for itself **between tags** and **within quoted attributes**
/// (`title="{}"`). In these places it does not, and nothing from outside belongs there:
///
/// | place | what goes wrong | instead |
/// |---|---|---|
/// | an attribute without quotes, `<td title={}>` | a space ends it, and `onmouseover=…` begins another | quotes: `title="{}"` |
/// | names of tags and attributes, `<{}>`, `<p {}>` | they need no character that is escaped | names of your own |
/// | `href="{}"`, `src="{}"`, `action`, `formaction` | `javascript:…` is a script, `data:…` a page | [`Html::href`](crate::http::Html::href) |
/// | `<script>` | the text is a program, in which quotes are ended by `\` and escaping is not undone | `data-ship="{}"`, and `element.dataset.ship` in the script |
/// | `onclick="{}"` and its like | a program, after the escaping was undone | the same |
/// | `<style>`, `style="{}"` | it can cover the page, and ask other servers | a `class` of your own choice |
/// | `srcdoc="{}"` | a page, after the escaping was undone | a part of your page |
/// | comments, `<!-- {} -->` | `--` and `>` in places that are hard to tell | leave it out |
#[macro_export]
macro_rules! html {
    ($format:literal $(, $argument:expr)* $(,)?) => {{
        let switch = $crate::http::Switch::default();
        let page = $crate::http::Html::formatted(&switch, ::core::format_args!(
            // Through `concat!` it cannot capture variables, which would not be escaped.
            ::core::concat!($format) $(, $crate::http::Escaped(&$argument, &switch))*
        ));
        page
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_format_an_argument_is_escaped() {
        let name = "<img src=x onerror=alert(1)>";
        let escaped = "&lt;img src=x onerror=alert(1)&gt;";
        assert_eq!(crate::html!("<p>{}</p>", name).as_str(), format!("<p>{escaped}</p>"));
        let quoted = format!("<p>&quot;{escaped}&quot;</p>");
        assert_eq!(crate::html!("<p>{:?}</p>", name).as_str(), quoted);
        let list = format!("<p>[\n    &quot;{escaped}&quot;,\n]</p>");
        assert_eq!(crate::html!("<p>{:#?}</p>", [name]).as_str(), list);
        assert_eq!(
            crate::html!("{0}<b>{0:.4}</b>", name).as_str(),
            format!("{escaped}<b>&lt;img</b>")
        );
        assert_eq!(crate::html!("{:<<3}", 1).as_str(), "1&lt;&lt;");
    }

    #[test]
    fn width_precision_sign_and_fill_are_those_of_format() {
        let page = crate::html!(
            "{:.1}|{:>6}|{:<3}|{:^5}|{:04}|{:+}|{:*^7.2}|{:#x}|{:e}|{:.2}|{:>4}",
            12.3456,
            "a",
            'b',
            "c",
            7,
            5,
            1.0,
            255,
            1500.0,
            "über",
            "&"
        );
        assert_eq!(page.as_str(), "12.3|     a|b  |  c  |0007|+5|*1.00**|0xff|1.5e3|üb|   &amp;");
    }

    #[test]
    fn a_page_within_the_display_of_an_argument_is_escaped_once_more_and_ends_nothing() {
        struct Inner;
        impl fmt::Display for Inner {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(crate::html!("<i>{}</i>", "<").as_str())?;
                f.write_str("<")
            }
        }
        let page = crate::html!("<p>{}</p>", Inner);
        assert_eq!(page.as_str(), "<p>&lt;i&gt;&amp;lt;&lt;/i&gt;&lt;</p>");
    }

    #[test]
    fn an_address_that_would_be_a_script_leads_nowhere() {
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " \u{1}javascript:alert(1)",
            "java\nscript\t:alert(1)",
            "\u{0}javascript:x",
            "vbscript:x",
            "data:text/html,<script>alert(1)</script>",
            "blob:x",
            "javascript\u{0}:x",
            "\u{a0}javascript:x",
            ":",
        ] {
            assert_eq!(Html::href(address), "#", "{address:?}");
        }
        for address in [
            "https://signalk.org/?a=b:c",
            "HTTP://10.0.0.1:3000",
            "mailto:a@b.example",
            "/ships/1:2",
            "ships/1",
            "?q=a:b",
            "#a:b",
            "//other.example/javascript:x",
            "",
        ] {
            assert_eq!(Html::href(address), address);
        }
    }
}
