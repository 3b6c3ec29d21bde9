//! Headers of requests and answers.

/// What a value of a header may hold.
pub(super) fn is_text(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'\t' || (b' '..0x7f).contains(&byte) || byte >= 0x80)
}

/// The values of all headers of a name, which may be lists.
pub(super) fn values<'h>(
    headers: &'h [(String, String)],
    name: &'h str,
) -> impl Iterator<Item = &'h str> {
    let known = move |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
    headers.iter().filter(known).flat_map(|(_, value)| value.split(',')).map(str::trim)
}

/// Tells whether headers announce a body.
pub(super) fn has_body(headers: &[(String, String)]) -> bool {
    values(headers, "content-length").any(|length| length != "0")
        || values(headers, "transfer-encoding").next().is_some()
}
