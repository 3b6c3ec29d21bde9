//! Parts of a path that are not one text: `:name`, which is any one part, and `{a,b}`, which is each of these.

/// The place where a path is written, for the advice to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Delta,
    Put,
    Model,
}

/// The paths that braces make of one.
pub(crate) fn alternatives(path: &str) -> Result<Vec<String>, String> {
    let Some((before, rest)) = path.split_once('{') else {
        return match path.contains('}') {
            true => {
                Err("a brace is closed that was not opened; write \"tanks.{a,b}.level\"".into())
            }
            false => Ok(vec![path.to_owned()]),
        };
    };
    let (inside, after) = match rest.split_once('}') {
        Some((inside, after)) if !inside.contains('{') => (inside, after),
        Some(_) => {
            return Err("braces do not stand in braces; write all names in one pair of them".into());
        }
        None => {
            let (names, after) = match rest.split_once('.') {
                Some((names, after)) => (names, [".", after].concat()),
                None => (rest, String::new()),
            };
            return Err(format!("a brace is not closed; write \"{before}{{{names}}}{after}\""));
        }
    };
    let names: Vec<_> = inside.split(',').map(str::trim).collect();
    let given: Vec<_> = names.iter().copied().filter(|name| !name.is_empty()).collect();
    if given.len() != names.len() {
        let given = match given.as_slice() {
            [] => "port,starboard".to_owned(),
            given => given.join(","),
        };
        return Err(format!(
            "a name between the braces is empty; write \"{before}{{{given}}}{after}\""
        ));
    }
    let rests = alternatives(after)?;
    let with_rests = |name: &&str| {
        let start = [before, *name].concat();
        rests.iter().map(|rest| [&*start, &**rest].concat()).collect::<Vec<_>>()
    };
    Ok(given.iter().flat_map(with_rests).collect())
}

/// The names of the parts that are any one part, in their order.
pub(crate) fn names(path: &str) -> Vec<&str> {
    path.split('.').filter_map(|part| part.strip_prefix(':')).collect()
}

/// The path with stars in place of names: what it fits, fits this, too.
pub(crate) fn with_stars(path: &str) -> String {
    let star = |part| if str::starts_with(part, ":") { "*" } else { part };
    path.split('.').map(star).collect::<Vec<_>>().join(".")
}

/// Finds what is wrong with the names in a path.
pub(crate) fn problem(path: &str, usage: Use) -> Option<String> {
    let names = names(path);
    if usage == Use::Model
        && let Ok(paths) = alternatives(path)
        && paths.len() > 1
    {
        let paths = paths.join("\", \"");
        return Some(format!("the model takes each path for itself; write \"{paths}\""));
    }
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    let first = names.first()?;
    if usage == Use::Model {
        let starred = with_stars(path);
        return Some(format!(
            "`:{first}` gives a handler a part of the path, and the model has no handler; write \"{starred}\""
        ));
    }
    if let Some(wrong) = names.iter().find(|name| !is_name(name)) {
        let right: String =
            wrong.chars().filter(|it| is_name(it.encode_utf8(&mut [0; 4]))).collect();
        let right = if right.is_empty() { "id" } else { &*right };
        let part = |part| {
            if part == [":", wrong].concat() { [":", right].concat() } else { str::to_owned(part) }
        };
        let right = path.split('.').map(part).collect::<Vec<_>>().join(".");
        return Some(format!(
            "`:` begins the name of a part that varies, of letters, digits and `_`; write \"{right}\""
        ));
    }
    let mut sorted = names.clone();
    sorted.sort_unstable();
    if let Some([twice, _]) = sorted.windows(2).find(|pair| pair.first() == pair.last()) {
        return Some(format!("two parts are called `:{twice}`; give each its own name"));
    }
    let stem = path.strip_suffix(".*").unwrap_or(path);
    stem.contains('*').then(|| {
        let part = |(at, part): (usize, &str)| match part.contains('*') {
            true => format!(":part{at}"),
            false => part.to_owned(),
        };
        let named = path.split('.').enumerate().map(part).collect::<Vec<_>>().join(".");
        format!(
            "beside `:{first}` a star stands only at the end, for the rest of the path; write \"{named}\""
        )
    })
}

/// The ways to take a PUT for an id that is not known when the plugin is compiled: the host calls a handler by an
/// export of its path's name, so there is one for each path.
pub(crate) fn advice_for_put(path: &str) -> String {
    let is_open = |part: &str| part.starts_with(':') || part.contains('*');
    let name = names(path).first().copied().unwrap_or("id");
    let with = |instead: &str, separator: &str| {
        let part = |part| if is_open(part) { instead.to_owned() } else { str::to_owned(part) };
        path.split('.').map(part).collect::<Vec<_>>().join(separator)
    };
    let (listed, http) = (with("{port,starboard}", "."), with(&[":", name].concat(), "/"));
    let fixed: Vec<_> = path.split('.').filter(|part| !is_open(part)).collect();
    let one = fixed.join(".");
    format!(
        "a PUT path is known when the plugin is compiled: name each, as in \"{listed}\"; for a name \
         that only the owner knows, write `#[put(\"{one}\")]` and take it in the value, or \
         `#[put(\"/api/{http}\")]`, which is HTTP, or provide a resource"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_stand_for_each_of_their_names_in_their_order() {
        let paths = |path: &str| alternatives(path).unwrap();
        assert_eq!(paths("a.b"), ["a.b"]);
        assert_eq!(paths("a.{b,c}.d"), ["a.b.d", "a.c.d"]);
        assert_eq!(paths("{a,b}.{c,d}"), ["a.c", "a.d", "b.c", "b.d"]);
        assert_eq!(paths("a.{b, c}"), ["a.b", "a.c"]);
        for wrong in ["a.{b", "a.b}", "a.{b,}", "a.{}", "a.{b,{c,d}}"] {
            assert!(alternatives(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_a_star_for_whoever_compares_paths_first() {
        assert_eq!(with_stars("propulsion.:id.revolutions"), "propulsion.*.revolutions");
        assert_eq!(names("electrical.:kind.:id.*"), ["kind", "id"]);
    }
}
