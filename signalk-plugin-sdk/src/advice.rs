//! Advice on what a plugin cannot do as another program does, by what the platform says to it.
//!
//! Threads, sockets and processes compile for WebAssembly and fail when they run, and a file is there
//! and gone after the server's next start. The platform's words for that help nobody.

use crate::text;

/// The advice for a text that is one of the platform's own for what it does not have.
pub(crate) fn for_text(text: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 8] = [
        ("failed to spawn thread", ONE_THREAD),
        ("condvar wait not supported", ONE_THREAD),
        ("park is not supported", ONE_THREAD),
        ("operation not supported on this platform", NO_SYSTEM),
        ("kind: Unsupported", NO_SYSTEM),
        ("pre-opened file descriptor", NO_FILES),
        ("(os error ", NO_FILES),
        ("Os { code: ", NO_FILES),
    ];
    let is_in = |(words, _): &&(&str, _)| text::find(text, words).is_some();
    KNOWN.iter().find(is_in).map(|(_, advice)| *advice)
}

const ONE_THREAD: &str = "a plugin has one thread: use task::spawn for what has to wait";
const NO_SYSTEM: &str =
    "a plugin has no sockets, processes or threads of the system: use `net`, `fetch` or `task`";
const NO_FILES: &str =
    "a plugin has no files that last, and none of the system: keep data in `storage`";

/// The text with the advice behind it, where there is one.
pub(crate) fn with_advice(text: String) -> String {
    // Natively these are errors of a test's own.
    if !cfg!(target_family = "wasm") {
        return text;
    }
    match for_text(&text) {
        Some(advice) => [&*text, " (", advice, ")"].concat(),
        None => text,
    }
}

/// Told where the plugin ended itself.
#[cfg_attr(not(target_os = "wasi"), allow(dead_code))]
pub(crate) const EXIT: &str =
    "Crashed: process::exit ends a plugin as a panic does: return an error instead";

/// Tells whether a place is in the standard library, where an author finds nothing to mend.
#[cfg_attr(not(target_family = "wasm"), allow(dead_code))]
pub(crate) fn is_in_std(file: &str) -> bool {
    ["library/std/", "library/core/", "library/alloc/"]
        .iter()
        .any(|folder| text::find(file, folder).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_own_words_are_known() {
        for (text, part) in [
            (
                "failed to spawn thread: Error { kind: Unsupported, message: \"operation not supported \
                 on this platform\" }",
                "task::spawn",
            ),
            ("connecting: operation not supported on this platform", "`net`"),
            (
                "called `Result::unwrap()` on an `Err` value: Error { kind: Unsupported, message: \"\" }",
                "`net`",
            ),
            ("condvar wait not supported", "task::spawn"),
            ("No such file or directory (os error 44)", "`storage`"),
            (
                "called `Result::unwrap()` on an `Err` value: Os { code: 44, kind: NotFound, message: \
                 \"No such file or directory\" }",
                "`storage`",
            ),
            (
                "failed to find a pre-opened file descriptor through which \"/x\" could be opened",
                "`storage`",
            ),
        ] {
            let advice = for_text(text).unwrap();
            assert!(advice.contains(part), "{text}: {advice}");
        }
        for text in
            ["no bottom found", "Unsupported sentence $GPXYZ", "the server does not support it", ""]
        {
            assert_eq!(for_text(text), None, "{text}");
        }
    }

    #[test]
    fn places_in_the_standard_library_are_none_of_the_authors() {
        for file in [
            "/rustc/ac68faa20c58cbccd01ee7208bf3b6e93a7d7f96/library/std/src/thread/mod.rs",
            "/usr/src/rustc-1.85.0/library/core/src/option.rs",
        ] {
            assert!(is_in_std(file), "{file}");
        }
        assert!(!is_in_std("src/lib.rs"));
    }
}
