//! Reads the tree and holds it to its own rules; ARCHITECTURE.md says why each one exists.
//!
//! - In `stm`, only `sync.rs` names `std::sync`, `std::thread` or `loom`. In `objects` and `interp`
//!   atomics and `Arc` are free, threads and std's locks are for the files listed here.
//! - The files that contain `unsafe` are exactly those that ARCHITECTURE.md lists.
//! - Every named edge has both sides, a row in `docs/memory-model.md`, and a model or a reason.
//! - Every source file starts with `//!`, holds no loose ends, and stays below 800 lines.
//! - Nothing names a path of the machine it was written on.
//! - Every Python test has its expectation, every expectation its test.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Files of `objects` and `interp` that may use threads or std's locks, with the reason.
const THREADS_ALLOWED: &[(&str, &str)] = &[
    ("interp/src/txn/threads.rs", "starts the program's threads"),
    ("interp/src/txn/driver/waiting.rs", "sleeps between attempts"),
    ("interp/src/modules/_thread/mod.rs", "waits for threads at exit, outside any transaction"),
    ("objects/src/types/shared_tests.rs", "a test: containers under two threads"),
    ("objects/src/types/dict/split_tests.rs", "a test: one attempt around another thread's"),
    ("objects/src/heap/helper.rs", "the collector's helper, which runs with the world stopped"),
    ("interp/src/modules/posix/process.rs", "counts the processors"),
    ("interp/src/modules/time.rs", "sleeps outside any transaction"),
];

/// Files allowed to be longer than [`LINES_MAX`], with the reason.
const LONG_ALLOWED: &[(&str, &str)] =
    &[("interp/src/vm/dispatch.rs", "one arm per opcode; the loop is one function on purpose")];

const LINES_MAX: usize = 800;

#[test]
fn only_the_door_names_std_sync() {
    let mut found = Vec::new();
    for file in sources(&["stm/src"]) {
        if file.name.ends_with("/sync.rs") {
            continue;
        }
        for (number, line) in file.code_lines() {
            if ["std::sync", "std::thread", "core::sync", "loom::"].iter().any(|w| line.contains(w))
            {
                found.push(format!("{}:{number}: {}", file.name, line.trim()));
            }
        }
    }
    for file in sources(&["objects/src", "interp/src"]) {
        if THREADS_ALLOWED.iter().any(|(name, _)| file.name.starts_with(name)) {
            continue;
        }
        for (number, line) in file.code_lines() {
            let locks =
                ["std::thread", "sync::Mutex", "sync::RwLock", "sync::Condvar", "sync::mpsc"];
            if locks.iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{number}: {}", file.name, line.trim()));
            }
        }
    }
    report(&found, "names threads or locks outside the door");
}

#[test]
fn unsafe_code_is_where_the_map_says() {
    let map = read("ARCHITECTURE.md");
    let listed: BTreeSet<String> = map
        .split_once("<!-- unsafe rooms -->")
        .and_then(|(_, rest)| rest.split_once("<!-- end -->"))
        .map(|(list, _)| {
            list.lines().filter_map(|line| line.strip_prefix("- `")).collect::<Vec<_>>()
        })
        .unwrap_or_default()
        .iter()
        .filter_map(|line| line.split_once('`').map(|(name, _)| name.to_owned()))
        .collect();
    let roots = ["stm/src", "objects/src", "interp/src", "benches/src", "proptests", "loom-tests"];
    let used: BTreeSet<String> = sources(&roots)
        .into_iter()
        .filter(|file| file.code_lines().any(|(_, line)| has_word(line, "unsafe")))
        .map(|file| file.name)
        .collect();
    let extra: Vec<_> = used.difference(&listed).map(|n| format!("{n}: not in the list")).collect();
    let gone: Vec<_> = listed.difference(&used).map(|n| format!("{n}: has no unsafe")).collect();
    report(&[extra, gone].concat(), "unsafe rooms and ARCHITECTURE.md disagree");
}

#[test]
fn every_edge_has_both_sides_and_a_row() {
    let mut sides: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for file in sources(&["stm/src", "objects/src", "interp/src"]) {
        for line in file.text.lines() {
            let Some((_, rest)) = line.split_once("EDGE(") else { continue };
            let Some((name, rest)) = rest.split_once(')') else { continue };
            let known = sides.entry(name.to_owned()).or_default();
            for side in ["release side", "acquire side"] {
                if rest.trim_start_matches([',', ' ']).starts_with(side) {
                    known.insert(side);
                }
            }
        }
    }
    let table = read("docs/memory-model.md");
    let mut faults = Vec::new();
    for (name, known) in &sides {
        if known.len() < 2 {
            faults.push(format!("EDGE({name}): only {known:?}"));
        }
        let Some(row) = table.lines().find(|line| line.starts_with(&format!("| `{name}` |")))
        else {
            faults.push(format!("EDGE({name}): no row in docs/memory-model.md"));
            continue;
        };
        let model = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default().trim();
        let named: Vec<&str> = model.split('`').skip(1).step_by(2).collect();
        let missing =
            named.iter().find(|model| !root().join("loom-tests/tests").join(model).exists());
        if let Some(missing) = missing {
            faults.push(format!("EDGE({name}): no model {missing}"));
        } else if named.is_empty() && !model.starts_with("none:") {
            faults.push(format!("EDGE({name}): neither a model nor `none: reason`"));
        }
    }
    for row in table.lines().filter_map(|line| line.strip_prefix("| `")) {
        let name = row.split('`').next().unwrap_or_default();
        if !sides.contains_key(name) {
            faults.push(format!("docs/memory-model.md: no EDGE({name}) in the sources"));
        }
    }
    report(&faults, "edges are not complete");
}

#[test]
fn every_source_file_is_headed_and_finished() {
    // Put together here, so that this file does not contain them.
    let loose = [["FIX", "ME"], ["TO", "DO"], ["to", "do!("], ["unimple", "mented!("]];
    let loose: Vec<String> = loose.iter().map(|parts| parts.concat()).collect();
    let mut faults = Vec::new();
    // What others have written keeps its form.
    let own = |file: &Source| file.name.ends_with(".rs") && !file.name.starts_with("third-party/");
    for file in tracked().into_iter().filter(own) {
        if !file.text.starts_with("//!") {
            faults.push(format!("{}: no //! header", file.name));
        }
        for (number, line) in file.text.lines().enumerate() {
            if loose.iter().any(|word| has_word(line, word)) {
                faults.push(format!("{}:{}: {}", file.name, number + 1, line.trim()));
            }
        }
        let lines = file.text.lines().count();
        if lines > LINES_MAX && !LONG_ALLOWED.iter().any(|(name, _)| *name == file.name) {
            faults.push(format!("{}: {lines} lines", file.name));
        }
    }
    report(&faults, "source files against the rules");
}

#[test]
fn nothing_names_a_private_path() {
    let paths: Vec<String> = ["root/", "work/", "home/"].iter().map(|p| format!("/{p}")).collect();
    let mut faults = Vec::new();
    for file in tracked() {
        for (number, line) in file.text.lines().enumerate() {
            let named = |path: &String| {
                line.match_indices(path.as_str()).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_.-~*$}<>".contains(c))
                })
            };
            if paths.iter().any(named) {
                faults.push(format!("{}:{}: {}", file.name, number + 1, line.trim()));
            }
        }
    }
    report(&faults, "files name paths of one machine");
}

#[test]
fn every_python_test_has_its_expectation() {
    let names = |extension: &str| -> BTreeSet<String> {
        fs::read_dir(root().join("interp/tests/py"))
            .expect("tests/py is readable")
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|found| found == extension))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect()
    };
    let programs = names("py");
    let mut faults: Vec<String> =
        programs.difference(&names("out")).map(|name| format!("{name}.py has no .out")).collect();
    for extension in ["out", "err", "in"] {
        let orphans = names(extension);
        faults.extend(
            orphans.difference(&programs).map(|name| format!("{name}.{extension}: no .py")),
        );
    }
    report(&faults, "Python tests and expectations do not pair");
}

/// One text file of the tree.
struct Source {
    /// Its path from the root, with `/`.
    name: String,
    text: String,
}

impl Source {
    /// Numbered lines of code: no comments, nothing after `#[cfg(test)]`, no string contents.
    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .take_while(|line| !line.starts_with("#[cfg(test)]"))
            .enumerate()
            .map(|(index, line)| (index + 1, line.split("//").next().unwrap_or_default()))
            .filter(|(_, line)| !line.contains("unsafe_code"))
    }
}

fn sources(roots: &[&str]) -> Vec<Source> {
    let mut all = tracked();
    all.retain(|file| {
        file.name.ends_with(".rs") && roots.iter().any(|root| file.name.starts_with(root))
    });
    all
}

/// Every text file that git knows; without git, every file below the crates' folders.
fn tracked() -> Vec<Source> {
    let listing = Command::new("git").arg("ls-files").current_dir(root()).output();
    let names: Vec<String> = match listing {
        Ok(done) if done.status.success() => {
            String::from_utf8_lossy(&done.stdout).lines().map(str::to_owned).collect()
        }
        _ => {
            let mut names = Vec::new();
            for folder in ["stm", "objects", "interp", "loom-tests", "proptests", "benches", "docs"]
            {
                walk(&root().join(folder), &mut names);
            }
            names
        }
    };
    names
        .into_iter()
        .filter_map(|name| {
            Some(Source { text: fs::read_to_string(root().join(&name)).ok()?, name })
        })
        .collect()
}

fn walk(folder: &Path, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, names);
        } else if let Ok(name) = path.strip_prefix(root()) {
            names.push(name.display().to_string());
        }
    }
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace's root").to_owned()
}

/// Whether `line` holds `word` and not as a part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(part)
            && (word.ends_with('(') || !line[at + word.len()..].starts_with(part))
    })
}

fn report(faults: &[String], what: &str) {
    assert!(faults.is_empty(), "{what}:\n{}", faults.join("\n"));
}
