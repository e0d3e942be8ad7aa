//! The Python part of the standard library, embedded in the binary.
//!
//! The archive (packed by `build.rs`) is searched in place; a file is unpacked when it is read, so
//! start-up pays for what it imports only.
//!
//! Embedded files have paths as if they were installed: `<prefix>/lib/taipan3.14t/os.py`, where
//! `<prefix>` is the parent of the folder the `taipan` binary is in ([`root_for`]). So
//! `os.path.dirname(os.__file__)` is what `sysconfig` calls `stdlib`, tracebacks show such paths, and
//! where they look up source lines they use [`read`]; Python code gets lines from the loader's
//! `get_source`. If a real folder stands at that path, it is used instead of the archive, which
//! lets packagers and debuggers lay the library out on disk.
//!
//! - Paths given to this file are relative to that root and use `/`.

use std::{
    borrow::Cow,
    cmp::Ordering,
    collections::BTreeSet,
    path::{Path, PathBuf},
};

static ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/stdlib.bin"));
const ENTRY_LEN: usize = 20;

/// The folder of the library below a prefix.
pub const LIB_FOLDER: &str = "lib/taipan3.14t";

/// Where a module of the library is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Path relative to the library's root, such as `json/__init__.py`.
    pub path: String,
    /// Whether it is a package.
    pub is_package: bool,
}

/// The library's root for a binary at `exe`.
#[must_use]
pub fn root_for(exe: &Path) -> PathBuf {
    let bin = exe.parent().unwrap_or(Path::new("/"));
    bin.parent().unwrap_or(bin).join(LIB_FOLDER)
}

/// The library's root for the running binary.
#[must_use]
pub fn root() -> PathBuf {
    root_for(&std::env::current_exe().unwrap_or_default())
}

/// Finds the module with the dotted name `module`.
#[must_use]
pub fn find(module: &str) -> Option<Found> {
    let base = module.replace('.', "/");
    let package = format!("{base}/__init__.py");
    if contains(&package) {
        return Some(Found { path: package, is_package: true });
    }
    let file = format!("{base}.py");
    contains(&file).then_some(Found { path: file, is_package: false })
}

/// Whether there is a file `path`.
#[must_use]
pub fn contains(path: &str) -> bool {
    entry(path).is_some()
}

/// Whether there is a folder `path` (the root is `""`).
#[must_use]
pub fn is_dir(path: &str) -> bool {
    let prefix = folder_prefix(path);
    let first = partition(&prefix);
    name_at(first).is_some_and(|name| name.starts_with(prefix.as_str()))
}

/// The content of the file `path`.
#[must_use]
pub fn read(path: &str) -> Option<Cow<'static, [u8]>> {
    let [_, _, data_at, packed_len, plain_len] = entry(path)?;
    let packed = ARCHIVE.get(data_at..data_at.checked_add(packed_len)?)?;
    lz4_flex::block::decompress(packed, plain_len).ok().map(Cow::Owned)
}

/// The length of the file `path` in bytes, without unpacking it.
#[must_use]
pub fn file_len(path: &str) -> Option<usize> {
    entry(path).map(|[.., plain_len]| plain_len)
}

/// Names directly in the folder `path` (the root is `""`), sorted; folders end in `/`.
#[must_use]
pub fn list_dir(path: &str) -> Vec<String> {
    let prefix = folder_prefix(path);
    let mut names = BTreeSet::new();
    for index in partition(&prefix)..count() {
        let Some(rest) = name_at(index).and_then(|name| name.strip_prefix(prefix.as_str())) else {
            break;
        };
        names.insert(match rest.find('/') {
            Some(slash) => rest.get(..=slash).unwrap_or(rest).to_owned(),
            None => rest.to_owned(),
        });
    }
    names.into_iter().collect()
}

/// A number that differs between builds with a different library; part of the key of code caches.
#[must_use]
pub fn fingerprint() -> u64 {
    // The index holds every length and path offset; FNV-1a over it, one pass of some 14 kB.
    let index = ARCHIVE.get(..4 + count() * ENTRY_LEN).unwrap_or_default();
    index.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn folder_prefix(path: &str) -> String {
    let path = path.trim_matches('/');
    if path.is_empty() { String::new() } else { format!("{path}/") }
}

fn number(at: usize) -> Option<usize> {
    let bytes = ARCHIVE.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
}

fn count() -> usize {
    number(0).unwrap_or(0)
}

fn fields(index: usize) -> Option<[usize; 5]> {
    let at = 4 + index * ENTRY_LEN;
    Some([number(at)?, number(at + 4)?, number(at + 8)?, number(at + 12)?, number(at + 16)?])
}

fn name_at(index: usize) -> Option<&'static str> {
    if index >= count() {
        return None;
    }
    let [name_at, name_len, ..] = fields(index)?;
    std::str::from_utf8(ARCHIVE.get(name_at..name_at.checked_add(name_len)?)?).ok()
}

/// The first index whose path is not below `path`.
fn partition(path: &str) -> usize {
    let (mut low, mut high) = (0, count());
    while low < high {
        let middle = usize::midpoint(low, high);
        if name_at(middle).is_some_and(|name| name.cmp(path) == Ordering::Less) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn entry(path: &str) -> Option<[usize; 5]> {
    let index = partition(path);
    name_at(index).filter(|name| *name == path).and_then(|_| fields(index))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{contains, file_len, find, is_dir, list_dir, read, root_for};

    #[test]
    fn modules_and_packages_are_found() {
        let os = find("os").unwrap();
        assert_eq!((os.path.as_str(), os.is_package), ("os.py", false));
        let json = find("json").unwrap();
        assert_eq!((json.path.as_str(), json.is_package), ("json/__init__.py", true));
        assert_eq!(find("json.decoder").unwrap().path, "json/decoder.py");
        assert!(find("no_such_module").is_none());
        assert!(!contains("json"));
    }

    #[test]
    fn files_unpack_to_their_text() {
        let text = String::from_utf8(read("this.py").unwrap().into_owned()).unwrap();
        assert!(text.contains("Gur Mra bs Clguba"));
        assert_eq!(file_len("this.py"), Some(text.len()));
        assert!(read("nope.py").is_none());
    }

    #[test]
    fn every_entry_unpacks() {
        fn walk(folder: &str) -> usize {
            let names = list_dir(folder);
            let path = |name: &str| {
                if folder.is_empty() { name.to_owned() } else { format!("{folder}{name}") }
            };
            names
                .iter()
                .map(|name| {
                    if name.ends_with('/') {
                        walk(&path(name))
                    } else {
                        let path = path(name);
                        assert_eq!(read(&path).map(|data| data.len()), file_len(&path), "{path}");
                        1
                    }
                })
                .sum()
        }
        assert!(walk("") > 500);
    }

    #[test]
    fn folders_list_their_names() {
        assert!(
            is_dir("") && is_dir("json") && is_dir("/json/") && !is_dir("os.py") && !is_dir("jso")
        );
        let names = list_dir("json");
        assert!(names.contains(&"decoder.py".to_owned()), "{names:?}");
        assert!(list_dir("").contains(&"asyncio/".to_owned()));
    }

    #[test]
    fn the_root_stands_beside_the_binary_folder() {
        assert_eq!(root_for(Path::new("/usr/bin/taipan")), Path::new("/usr/lib/taipan3.14t"));
    }
}
