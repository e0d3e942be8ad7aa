//! Compiled code of the embedded library, kept on disk between runs.
//!
//! One file per module below `$XDG_CACHE_HOME/taipan/` (or `~/.cache/taipan/`), in a folder named after
//! everything the code depends on: bytecode, library and the library's shown path. So nothing in it
//! is ever out of date, and old folders can be deleted at any time. Failing to read or write is no error:
//! the module is compiled instead.
//!
//! - Not here: `.pyc` files of a user's own modules, which `importlib` reads and writes.

use std::{
    ffi::OsString,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    path::{Path, PathBuf},
    process,
};

use crate::{
    code::{CodeUnit, serial},
    stdlib,
};

/// Where compiled library modules are kept.
#[derive(Clone, Debug, Default)]
pub struct CodeCache {
    folder: Option<PathBuf>,
    may_write: bool,
}

impl CodeCache {
    /// A cache that never has anything.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The user's cache for a library that shows as `root`.
    ///
    /// - `var`: reads an environment variable; `may_write`: false under `-B`.
    #[must_use]
    pub fn open(root: &Path, var: &dyn Fn(&str) -> Option<OsString>, may_write: bool) -> Self {
        let set = |name: &str| var(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let base = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")));
        let mut hasher = DefaultHasher::new();
        (serial::FINGERPRINT, stdlib::fingerprint(), root, build()).hash(&mut hasher);
        let name = format!("{:016x}", hasher.finish());
        let folder =
            base.filter(|base| base.is_absolute()).map(|base| base.join("taipan").join(name));
        Self { folder, may_write }
    }

    /// Removes the folders of other builds that were not written to for a month.
    fn forget_others(folder: &Path) {
        let (Some(base), Some(own)) = (folder.parent(), folder.file_name()) else { return };
        let limit = std::time::Duration::from_secs(30 * 24 * 3600);
        for entry in fs::read_dir(base).into_iter().flatten().flatten() {
            let age = entry.metadata().and_then(|m| m.modified()).map(|t| t.elapsed());
            if entry.file_name() != own && matches!(age, Ok(Ok(age)) if age > limit) {
                // A folder that cannot be removed costs its space only.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    fn file(&self, path: &str, optimize: u8) -> Option<PathBuf> {
        let level = if optimize == 0 { String::new() } else { format!(".opt-{optimize}") };
        let name = path.strip_suffix(".py").unwrap_or(path).replace('/', ".");
        Some(self.folder.as_ref()?.join(format!("{name}{level}.tpc")))
    }

    /// The code of the library file `path` as kept, if it is.
    #[must_use]
    pub fn get(&self, path: &str, optimize: u8) -> Option<CodeUnit> {
        let bytes = fs::read(self.file(path, optimize)?).ok()?;
        serial::decode(&bytes).ok()
    }

    /// Keeps `unit` as the code of the library file `path`.
    pub fn put(&self, path: &str, optimize: u8, unit: &CodeUnit) {
        if !self.may_write {
            return;
        }
        let (Some(folder), Some(file)) = (&self.folder, self.file(path, optimize)) else { return };
        if !folder.is_dir() {
            if fs::create_dir_all(folder).is_err() {
                return;
            }
            Self::forget_others(folder);
        }
        // Another process may do the same just now: write aside, then move into place.
        let aside = file.with_extension(format!("{}.tmp", process::id()));
        let written = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&aside)
            .and_then(|mut out| out.write_all(&serial::encode(unit)));
        if written.and_then(|()| fs::rename(&aside, &file)).is_err() {
            // Nothing to do if even this fails: the leftover is never read.
            let _ = fs::remove_file(&aside);
        }
    }
}

/// Tells builds of the executable apart: code of another compiler must not be run.
fn build() -> Option<(PathBuf, u64, std::time::SystemTime)> {
    let exe = std::env::current_exe().ok()?;
    let about = fs::metadata(&exe).ok()?;
    Some((exe, about.len(), about.modified().ok()?))
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsString, fs, path::Path};

    use super::CodeCache;
    use crate::{
        code::CodeUnit,
        compile::{Mode, Options, compile_module},
    };

    fn unit() -> CodeUnit {
        let text = "x = 1\n";
        let parsed = ruff_python_parser::parse_module(text).unwrap();
        let module = ruff_python_ast::Mod::Module(parsed.into_syntax());
        compile_module(&module, text, "x.py", Mode::Exec, Options::default()).unwrap()
    }

    #[test]
    fn kept_code_comes_back() {
        let base = std::env::temp_dir().join(format!("taipan-cache-{}", std::process::id()));
        let var = |name: &str| (name == "XDG_CACHE_HOME").then(|| OsString::from(&base));
        let cache = CodeCache::open(Path::new("/lib"), &var, true);
        assert!(cache.get("a/b.py", 0).is_none());
        cache.put("a/b.py", 0, &unit());
        assert_eq!(cache.get("a/b.py", 0), Some(unit()));
        assert!(cache.get("a/b.py", 2).is_none());
        assert!(CodeCache::open(Path::new("/other"), &var, true).get("a/b.py", 0).is_none());
        fs::remove_dir_all(&base).unwrap();
    }

    #[test]
    fn without_a_home_nothing_is_kept() {
        let cache = CodeCache::open(Path::new("/lib"), &|_| None, true);
        cache.put("a.py", 0, &unit());
        assert!(cache.get("a.py", 0).is_none());
        assert!(CodeCache::none().get("a.py", 0).is_none());
    }
}
