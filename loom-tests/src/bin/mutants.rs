//! Runs every planted bug against the model that is to kill it; fails if one survives.
//!
//! Arguments name the mutants to run; without any, all run, after one clean run of all models.

use std::{
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use taipan_loom_tests::{MUTANTS, Mutant, SURVIVORS};

fn passes(mutant: &str, test: Option<&str>) -> bool {
    let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    cargo.arg("loom").env("TAIPAN_MUTANT", mutant);
    match test {
        Some(test) => cargo.args(["--test", test]),
        None => cargo.arg("--no-fail-fast"),
    };
    cargo.stdout(Stdio::null()).stderr(Stdio::null());
    cargo.status().is_ok_and(|status| status.success())
}

#[expect(clippy::print_stdout, reason = "the report is this program's result")]
fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted =
        |mutant: &&Mutant| wanted.is_empty() || wanted.iter().any(|name| name == mutant.name);
    if wanted.is_empty() && !passes("", None) {
        println!("the models fail without any mutant");
        return ExitCode::FAILURE;
    }
    let mut survivors = 0;
    for mutant in MUTANTS.iter().filter(is_wanted) {
        let start = Instant::now();
        let killed = !passes(mutant.name, Some(mutant.killer));
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
