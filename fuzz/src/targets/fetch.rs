//! What a web server answers: however it comes in pieces, the same is read.

use signalk_plugin_sdk::__private::read_recorded;

const LIMIT: usize = 3_000;

const METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// The first byte says how it is asked and how the rest is cut.
pub(crate) fn run(bytes: &[u8]) {
    let Some((how, bytes)) = bytes.split_first() else {
        return;
    };
    let method = METHODS[usize::from(*how) % METHODS.len()];
    let read = |size: usize| {
        let pieces = bytes.chunks(size.max(1)).map(<[u8]>::to_vec).collect();
        let (answer, rest) = read_recorded(method, pieces, LIMIT);
        let answer = answer.map(|answer| {
            assert!(answer.bytes().len() <= LIMIT);
            assert!(method != "HEAD" || answer.bytes().is_empty());
            for (name, value) in answer.headers() {
                assert!(!name.is_empty() && !value.contains(['\r', '\n']), "{name}: {value}");
            }
            let headers = answer.headers().map(|(name, value)| format!("{name}: {value}"));
            let error = answer.clone().error_for_status().err().map(|error| error.to_string());
            (answer.status(), headers.collect::<Vec<_>>(), error, answer.into_bytes())
        });
        (answer, rest)
    };
    let (whole, rest) = read(bytes.len());
    let (cut, rest_of_cut) = read(usize::from(*how) / METHODS.len());
    assert_eq!(whole, cut);
    // What is behind an answer is never taken for a part of it. Of what came in pieces the end may
    // not have been looked at.
    if whole.is_ok() {
        assert!(rest.starts_with(&rest_of_cut));
    }
}
