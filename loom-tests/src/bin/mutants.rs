//! Runs every planted bug against the model that is to kill it; fails if one survives.
//!
//! Arguments name the mutants to run; without any, all run, after one clean run of all models.

use std::{
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use taipan_loom_tests::{MUTANTS, Mutant, SURVIVORS};

/// A checked build of the random histories.
const HISTORIES: &[&str] = &[
    "test",
    "--config",
    "build.rustflags=['--cfg=taipan_mutant=\"on\"']",
    "--target-dir",
    "target/mutants",
    "-p",
    "taipan-proptests",
];

/// Do the models of `killer` (all models for `None`) pass with this bug planted? A killer after the
/// word `history` is a test of the random histories.
fn passes(mutant: &str, killer: Option<&str>, preemptions: Option<&str>) -> bool {
    let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    cargo.env("TAIPAN_MUTANT", mutant);
    let history = killer.and_then(|killer| killer.strip_prefix("history "));
    cargo.args(if history.is_some() { HISTORIES } else { &["loom"] });
    match history.or(killer).map(|killer| killer.split_once("::").unwrap_or((killer, ""))) {
        Some((file, test)) => cargo.args(["--test", file, "--", test]),
        None => cargo.arg("--no-fail-fast"),
    };
    if let Some(preemptions) = preemptions {
        cargo.env("TAIPAN_PREEMPTIONS", preemptions);
    }
    cargo.stdout(Stdio::null()).stderr(Stdio::null());
    cargo.status().is_ok_and(|status| status.success())
}

/// Most bugs show with two preemptions; the others get the full bound.
fn is_killed(mutant: &Mutant) -> bool {
    !passes(mutant.name, Some(mutant.killer), Some("2"))
        || !passes(mutant.name, Some(mutant.killer), None)
}

#[expect(clippy::print_stdout, reason = "the report is this program's result")]
fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted =
        |mutant: &&Mutant| wanted.is_empty() || wanted.iter().any(|name| name == mutant.name);
    if wanted.is_empty() && !passes("", None, None) {
        println!("the models fail without any mutant");
        return ExitCode::FAILURE;
    }
    let mut survivors = 0;
    for mutant in MUTANTS.iter().filter(is_wanted) {
        let start = Instant::now();
        let killed = is_killed(mutant);
        survivors += usize::from(!killed);
        let verdict = if killed { "killed" } else { "SURVIVED" };
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{verdict:9} {seconds:6.1} s  {:28} by {:12} {}",
            mutant.name, mutant.killer, mutant.what
        );
    }
    for (name, reason) in SURVIVORS.iter().filter(|_| wanted.is_empty()) {
        println!("known survivor: {name}: {reason}");
    }
    if survivors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
