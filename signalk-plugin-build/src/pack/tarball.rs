//! A .tgz as npm writes it, with nothing in it that differs from one machine or day to another.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use ignore::WalkBuilder;
use tar::{Builder, Header};

/// The folder in a package that npm takes away.
const ROOT: &str = "package";

/// The time that npm gives all files: 26 October 1985, 8:15.
const TIME: u64 = 499_162_500;

/// A file that everybody may read.
const MODE: u32 = 0o644;

/// A name in the package, and a size.
type File = (String, u64);

/// The bytes, and the files that are in them.
pub(super) fn of(folder: &Path) -> Result<(Vec<u8>, Vec<File>)> {
    let gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let mut tar = Builder::new(gzip);
    let mut files = Vec::new();
    for name in names(folder)? {
        let bytes = fs::read(folder.join(&name))?;
        let mut header = Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(MODE);
        header.set_mtime(TIME);
        header.set_uid(0);
        header.set_gid(0);
        tar.append_data(&mut header, format!("{ROOT}/{name}"), &*bytes)?;
        files.push((name, bytes.len() as u64));
    }
    Ok((tar.into_inner()?.finish()?, files))
}

/// All files below a folder, with slashes on every system, in the same order everywhere.
fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in WalkBuilder::new(folder).standard_filters(false).build() {
        let entry = entry?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            let name = entry.path().strip_prefix(folder)?;
            let name = name.to_str().with_context(|| format!("{} is not UTF-8", name.display()))?;
            names.push(name.replace('\\', "/"));
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::io::Read;

    use flate2::read::GzDecoder;

    fn package(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, name).unwrap();
        }
        folder
    }

    #[test]
    fn the_same_files_are_the_same_bytes_whenever_and_in_whatever_order_they_were_written() {
        let long = format!("assets/{}.png", "a".repeat(120));
        let names = ["package.json", "plugin.wasm", &long];
        let (one, other) = (package(&names), package(&[&long, "plugin.wasm", "package.json"]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let private = fs::Permissions::from_mode(0o600);
            fs::set_permissions(other.path().join("plugin.wasm"), private).unwrap();
        }
        let (tarball, files) = of(one.path()).unwrap();
        assert_eq!(tarball, of(other.path()).unwrap().0);
        assert_eq!(files[1], ("package.json".to_owned(), 12));
        assert_ne!(tarball, of(package(&["package.json"]).path()).unwrap().0);

        let mut archive = tar::Archive::new(GzDecoder::new(&*tarball));
        let mut read = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().to_str().unwrap().to_owned();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            assert_eq!(path, format!("package/{text}"));
            assert_eq!(entry.header().mtime().unwrap(), TIME);
            assert_eq!(entry.header().mode().unwrap(), MODE);
            read.push(text);
        }
        assert_eq!(read, [&long, "package.json", "plugin.wasm"]);
    }
}
