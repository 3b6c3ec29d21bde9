//! Pages, into which nothing from outside gets unescaped.

use std::fmt::{self, Display, Write as _};

/// HTML, made by [`html!`](crate::html): what is put into it is escaped.
///
/// ```
/// use signalk_plugin_sdk::html;
/// use signalk_plugin_sdk::http::Html;
///
/// let ship = "<script>Jolly</script> & \"Roger\"";
/// let page: Html = html!("<p title=\"{}\">{} m</p>", ship, 12);
/// assert_eq!(
///     page.as_str(),
///     "<p title=\"&lt;script&gt;Jolly&lt;/script&gt; &amp; &quot;Roger&quot;\">12 m</p>",
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

    /// Text that stands for itself, between tags and within quoted attributes.
    #[must_use]
    pub fn escape(text: &str) -> String {
        let mut escaped = String::with_capacity(text.len());
        for char in text.chars() {
            match char {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&#39;"),
                _ => escaped.push(char),
            }
        }
        escaped
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }

    /// For `html!`: writes a format whose parts have been escaped.
    #[doc(hidden)]
    #[must_use]
    pub fn formatted(arguments: fmt::Arguments<'_>) -> Self {
        let mut page = String::new();
        // A `Display` that fails leaves what it wrote until then.
        let _ = page.write_fmt(arguments);
        Self(page)
    }
}

/// For `html!`: a value as it stands in a page.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Escaped<T>(pub T);

impl<T: Display> Display for Escaped<&T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Html::escape(&self.0.to_string()))
    }
}

/// Makes a page, or a part of one: as `format!`, with every argument escaped. The text itself, which is
/// the plugin's own, is taken as HTML. Parts are put together with [`Html::push`](crate::http::Html::push).
///
/// Each `{}` takes an argument; a variable's name in the braces does not compile, for it would not be
/// escaped.
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
/// ```
#[macro_export]
macro_rules! html {
    ($format:literal $(, $argument:expr)* $(,)?) => {
        $crate::http::Html::formatted(::core::format_args!(
            // Through `concat!` it cannot capture variables, which would not be escaped.
            ::core::concat!($format) $(, $crate::http::Escaped(&$argument))*
        ))
    };
}
