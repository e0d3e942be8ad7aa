//! pyperformance's programs: fetched from the package registry into a cache, never kept here.
//!
//! They run unmodified with `python/pyperf_stub` in place of `pyperf`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const VERSION: &str = "1.14.0";

/// Programs with the number of loops that takes CPython 3.13 about 0.4 s.
pub const PROGRAMS: &[(&str, u32)] = &[
    ("richards", 8),
    ("deltablue", 100),
    ("nbody", 5),
    ("fannkuch", 1),
    ("chaos", 6),
    ("float", 5),
    ("go", 3),
    ("hexiom", 60),
    ("raytrace", 2),
    ("spectral_norm", 4),
    ("pidigits", 2),
    ("nqueens", 4),
    ("unpack_sequence", 25_000),
    ("generators", 8),
    ("comprehensions", 20_000),
    ("meteor_contest", 4),
    ("scimark", 1),
    ("pyflate", 1),
    ("deepcopy", 1_000),
    ("coroutines", 15),
];

/// The folder of pyperformance's benchmarks, downloaded with `pip` the first time.
///
/// # Errors
/// A message that says which step failed.
pub fn fetch() -> Result<PathBuf, String> {
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join(".cache");
    let folder = cache.join(format!("pyperformance-{VERSION}"));
    let sources = folder.join("pyperformance/data-files/benchmarks");
    if sources.is_dir() {
        return Ok(sources);
    }
    fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let package = format!("pyperformance=={VERSION}");
    python(&folder, &["-m", "pip", "download", "-q", "--no-deps", "-d", ".", &package])?;
    let wheel = fs::read_dir(&folder)
        .map_err(|error| error.to_string())?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or("pip left no wheel of pyperformance")?;
    let wheel = wheel.to_str().ok_or("the cache's path is not UTF-8")?;
    python(&folder, &["-m", "zipfile", "-e", wheel, "."])?;
    Ok(sources)
}

fn python(folder: &Path, args: &[&str]) -> Result<(), String> {
    let status = Command::new("python3").args(args).current_dir(folder).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("python3 {} failed: {status}", args.join(" "))),
        Err(error) => Err(format!("cannot run python3: {error}")),
    }
}
