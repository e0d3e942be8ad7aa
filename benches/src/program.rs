//! The named sets of programs: our own in `benches/python`, and pyperformance's pure-Python ones.
//!
//! Sizes are the programs' own defaults, chosen for 0.3 to 0.6 s under CPython 3.13.

use std::path::{Path, PathBuf};

use crate::pyperf;

/// Our programs for one thread.
const SINGLE: &[&str] = &[
    "fib",
    "intloop",
    "sieve",
    "nbody",
    "fannkuch",
    "spectral_norm",
    "richards",
    "deltablue",
    "binary_trees",
    "nqueens",
    "mandelbrot",
    "wordcount",
    "strings",
    "sortkey",
    "genpipe",
    "exceptions",
];

/// Our threaded programs; the first argument is the number of threads.
const THREADED: &[&str] = &[
    "t_countdown",
    "t_gilectomy",
    "t_private",
    "t_readdict",
    "t_dict_disjoint",
    "t_dict_hot",
    "t_counter_lock",
    "t_list_append",
    "t_bank_global",
    "t_bank_fine",
    "t_queue",
    "t_methods",
];

/// The thread counts of a threaded program's runs.
pub const THREADS: &[u32] = &[1, 2, 4];

/// A set that the command line can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Set {
    /// Our programs for one thread.
    Single,
    /// Our threaded programs at 1, 2 and 4 threads.
    Threaded,
    /// pyperformance's pure-Python programs, fetched when needed.
    Pyperf,
    /// All of them.
    All,
}

/// One program with its arguments.
#[derive(Clone, Debug)]
pub struct Program {
    /// The name in tables.
    pub name: String,
    /// The source file.
    pub path: PathBuf,
    /// Arguments after the file's name.
    pub args: Vec<String>,
    /// Environment variables set for the run.
    pub env: Vec<(String, String)>,
    /// The number of threads, for a threaded program.
    pub threads: Option<u32>,
}

/// Where our own programs are.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python")
}

/// The programs of a set, those whose name contains one of `only` (all of them if it is empty).
///
/// # Errors
/// A message if pyperformance has to be fetched and cannot be.
pub fn programs(set: Set, only: &[String]) -> Result<Vec<Program>, String> {
    let wanted = |name: &str| only.is_empty() || only.iter().any(|part| name.contains(part));
    let mut found = Vec::new();
    if matches!(set, Set::Single | Set::All) {
        found.extend(SINGLE.iter().filter(|name| wanted(name)).map(|name| own(name, None)));
    }
    if matches!(set, Set::Threaded | Set::All) {
        for name in THREADED.iter().filter(|name| wanted(name)) {
            found.extend(THREADS.iter().map(|&threads| own(name, Some(threads))));
        }
    }
    if matches!(set, Set::Pyperf | Set::All) {
        let chosen: Vec<_> =
            pyperf::PROGRAMS.iter().filter(|(name, _)| wanted(&format!("pyperf_{name}"))).collect();
        if !chosen.is_empty() {
            let sources = pyperf::fetch()?;
            found.extend(chosen.iter().map(|(name, loops)| borrowed(&sources, name, *loops)));
        }
    }
    Ok(found)
}

fn own(name: &str, threads: Option<u32>) -> Program {
    Program {
        name: name.to_owned(),
        path: folder().join(format!("{name}.py")),
        args: threads.iter().map(u32::to_string).collect(),
        env: Vec::new(),
        threads,
    }
}

fn borrowed(sources: &Path, name: &str, loops: u32) -> Program {
    let stub = folder().join("pyperf_stub");
    Program {
        name: format!("pyperf_{name}"),
        path: sources.join(format!("bm_{name}")).join("run_benchmark.py"),
        args: Vec::new(),
        env: vec![
            ("PYPERF_STUB_LOOPS".into(), loops.to_string()),
            ("PYTHONPATH".into(), stub.display().to_string()),
        ],
        threads: None,
    }
}
