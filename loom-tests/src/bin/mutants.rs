//! Runs every planted bug against the model that is to kill it, two at a time; fails if one survives.
//!
//! Arguments name the mutants to run; without any, all run, after one clean run of all models.

use std::{
    env,
    process::{Command, ExitCode, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use taipan_loom_tests::{COUNTEREXAMPLES, MUTANTS, Mutant, SURVIVORS};

const WORKERS: usize = 2;

/// A checked build of the random histories and of the library's own tests.
const HISTORIES: &[&str] = &[
    "test",
    "--config",
    "build.rustflags=['--cfg=taipan_mutant=\"on\"']",
    "--target-dir",
    "target/mutants",
];

/// What runs a killer: after the word `history` it is a test of the random histories, after `unit`
/// one of the library's own tests, else a model.
fn command(killer: &str) -> Command {
    let mut cargo = Command::new(env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    let (kind, target) = killer.split_once(' ').unwrap_or(("model", killer));
    match kind {
        "history" => cargo.args(HISTORIES).args(["-p", "taipan-proptests"]),
        "unit" => cargo.args(HISTORIES).args(["-p", "taipan-stm"]),
        _ => cargo.arg("loom"),
    };
    let (file, test) = target.split_once("::").unwrap_or((target, ""));
    if file == "lib" {
        cargo.arg("--lib")
    } else {
        cargo.args(["--test", file])
    };
    cargo.args(["--", test]);
    cargo.stdout(Stdio::null()).stderr(Stdio::null());
    cargo
}

/// Does the killer pass with this bug planted?
fn passes(mutant: &str, killer: &str, preemptions: Option<&str>) -> bool {
    let mut cargo = command(killer);
    cargo.env("TAIPAN_MUTANT", mutant);
    if let Some(preemptions) = preemptions {
        cargo.env("TAIPAN_PREEMPTIONS", preemptions);
    }
    cargo.status().is_ok_and(|status| status.success())
}

/// Most bugs show with two preemptions; the others get the full bound. A committed counterexample
/// must fail as well.
fn is_killed(mutant: &Mutant) -> bool {
    let fails = |killer: &str, preemptions| !passes(mutant.name, killer, preemptions);
    let script = format!("history scripts::counterexamples::{}", mutant.name);
    (fails(mutant.killer, Some("2")) || fails(mutant.killer, None))
        && (!COUNTEREXAMPLES.contains(&mutant.name) || fails(&script, None))
}

/// Without a bug, all models pass and every other killer does. Builds everything, too.
fn all_pass() -> bool {
    let mut cargo = Command::new(env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    cargo.args(["loom", "--no-fail-fast"]).env_remove("TAIPAN_MUTANT");
    cargo.stdout(Stdio::null()).stderr(Stdio::null());
    cargo.status().is_ok_and(|status| status.success())
        && MUTANTS
            .iter()
            .filter(|mutant| mutant.killer.contains(' '))
            .all(|mutant| passes("", mutant.killer, None))
}

/// Runs mutants until none is left; the number of those that survived.
#[expect(clippy::print_stdout, reason = "the report is this program's result")]
fn work(mutants: &[&Mutant], next: &AtomicUsize, printing: &Mutex<()>) -> usize {
    let mut survivors = 0;
    // Relaxed: the number is all there is to it.
    while let Some(mutant) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) {
        let start = Instant::now();
        let killed = is_killed(mutant);
        survivors += usize::from(!killed);
        let verdict = if killed { "killed" } else { "SURVIVED" };
        let seconds = start.elapsed().as_secs_f64();
        let _one_at_a_time = printing.lock();
        println!(
            "{verdict:9} {seconds:6.1} s  {:28} by {:12} {}",
            mutant.name, mutant.killer, mutant.what
        );
    }
    survivors
}

#[expect(clippy::print_stdout, reason = "the report is this program's result")]
fn main() -> ExitCode {
    let wanted: Vec<String> = env::args().skip(1).collect();
    let is_wanted =
        |mutant: &&Mutant| wanted.is_empty() || wanted.iter().any(|name| name == mutant.name);
    if wanted.is_empty() && !all_pass() {
        println!("the tests fail without any mutant");
        return ExitCode::FAILURE;
    }
    let mutants: Vec<&Mutant> = MUTANTS.iter().filter(is_wanted).collect();
    let (next, printing) = (AtomicUsize::new(0), Mutex::new(()));
    let survivors: usize = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..WORKERS).map(|_| scope.spawn(|| work(&mutants, &next, &printing))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(1)).sum()
    });
    for (name, reason) in SURVIVORS.iter().filter(|_| wanted.is_empty()) {
        println!("known survivor: {name}: {reason}");
    }
    println!("{} planted bugs, {survivors} survived unexpectedly", mutants.len());
    if survivors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
