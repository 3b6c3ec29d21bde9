//! Wrong crates and packages: each is refused or warned of by `cargo signalk check` with what stands beside it in
//! `expected.txt`. With `SIGNALK_OVERWRITE=1` these files are written; read them before they are kept.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn refused(case: &str) {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/negative");
    let work = tempfile::tempdir().unwrap();
    copy(&all.join("stubs"), &work.path().join("stubs"));
    let folder = work.path().join("plugin");
    copy(&all.join(case), &folder);
    if folder.join("package.json").exists() && !folder.join("Cargo.toml").exists() {
        put_module(&folder, &all);
    }
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-signalk"))
        .args(["signalk", "check"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let told = told.replace(&*work.path().canonicalize().unwrap().to_string_lossy(), "…");
    let beside = all.join(case).join("expected.txt");
    if std::env::var_os("SIGNALK_OVERWRITE").is_some() {
        fs::write(&beside, &told).unwrap();
    }
    let expected = fs::read_to_string(&beside).unwrap_or_default();
    assert!(
        !expected.is_empty(),
        "nothing is expected in {}, and told is:\n{told}",
        beside.display()
    );
    assert_eq!(told, expected, "{}", beside.display());
    let has_errors = expected.lines().any(|line| line.starts_with("error"));
    assert_eq!(output.status.code(), Some(i32::from(has_errors)));
}

/// The module of the case, or one that is sound.
fn put_module(folder: &Path, all: &Path) {
    let own = folder.join("plugin.wat");
    let source = if own.exists() { own.clone() } else { all.join("sound.wat") };
    fs::write(folder.join("plugin.wasm"), wat::parse_file(source).unwrap()).unwrap();
    if own.exists() {
        fs::remove_file(own).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name): (PathBuf, _) = entry.map(|it| (it.path(), it.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else if name != "expected.txt" {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// A test a case.
macro_rules! cases {
    ($($case:ident,)*) => {
        $(
            #[test]
            fn $case() {
                refused(stringify!($case));
            }
        )*

        #[test]
        fn each_folder_is_a_case() {
            let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/negative");
            let entries = fs::read_dir(all).unwrap().map(|entry| entry.unwrap());
            let folders = entries.filter(|entry| entry.path().is_dir());
            let mut folders: Vec<_> = folders.map(|it| it.file_name().into_string().unwrap()).collect();
            folders.retain(|it| it != "stubs");
            folders.sort();
            let mut cases = vec![$(stringify!($case)),*];
            cases.sort_unstable();
            assert_eq!(folders, cases);
        }
    };
}

cases! {
    package_json_with_a_comma_too_many,
    key_given_twice,
    key_misspelt,
    name_with_capitals,
    name_with_a_scope,
    version_of_two_numbers,
    no_version,
    keywords_missing,
    keywords_as_one_text,
    keyword_of_the_store_missing,
    keyword_misspelt,
    category_unknown,
    manifest_missing,
    manifest_leads_nowhere,
    manifest_in_another_case,
    manifest_leads_out,
    files_without_the_module,
    module_that_npm_ignores,
    file_named_and_missing,
    icon_left_out,
    main_missing,
    webapp_without_pages,
    pages_that_nobody_serves,
    script_on_install,
    capability_misspelt,
    capability_false_as_text,
    capability_missing,
    capability_unused,
    command_in_place_of_a_plugin,
    import_of_wasm_bindgen,
    import_that_no_server_has,
    export_of_another_shape,
    schema_that_is_no_json,
    schema_with_a_reserved_setting,
    schema_of_a_list,
    put_handler_that_is_not_registered,
    crate_without_a_cdylib,
    crate_that_is_a_program,
    crate_name_with_capitals,
    tokio_in_full,
    reqwest_for_http,
    ureq_for_http,
    mio_for_sockets,
    openssl_for_https,
    rusqlite_for_storage,
    wasm_bindgen_by_another_crate,
    package_json_of_another_version,
    dependency_that_is_not_there,
    metadata_with_an_unknown_key,
    path_misspelt,
    path_misspelt_in_a_module,
}
