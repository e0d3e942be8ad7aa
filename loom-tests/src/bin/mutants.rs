//! Runs every planted bug against the model that is to kill it, two at a time; fails if one survives.
//!
//! Arguments name the mutants to run; without any, all run, after one clean run of all models.

use std::{
    collections::BTreeMap,
    env,
    process::{Command, ExitCode, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use taipan_loom_tests::{COUNTEREXAMPLES, MUTANTS, Mutant, SURVIVORS};

const WORKERS: usize = 2;
/// Preemptions with which most bugs show.
const FEW: &str = "2";

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
fn passes(mutant: &str, killer: &str, preemptions_max: Option<&str>) -> bool {
    let mut cargo = command(killer);
    cargo.env("TAIPAN_MUTANT", mutant);
    if let Some(most) = preemptions_max {
        cargo.env("TAIPAN_PREEMPTIONS_MAX", most);
    }
    cargo.status().is_ok_and(|status| status.success())
}

/// Does the killer pass with few preemptions when no bug is planted? Some models need more to reach
/// all their outcomes; with fewer they fail whatever is planted.
fn is_quick(killer: &'static str, known: &Mutex<BTreeMap<&'static str, bool>>) -> bool {
    let earlier = known.lock().unwrap_or_else(PoisonError::into_inner).get(killer).copied();
    earlier.unwrap_or_else(|| {
        let quick = passes("", killer, Some(FEW));
        known.lock().unwrap_or_else(PoisonError::into_inner).insert(killer, quick);
        quick
    })
}

/// Most bugs show with few preemptions; the others get the full bound. A committed counterexample
/// must fail as well.
fn is_killed(mutant: &Mutant, known: &Mutex<BTreeMap<&'static str, bool>>) -> bool {
    let fails = |killer: &str, most| !passes(mutant.name, killer, most);
    let script = format!("history scripts::counterexamples::{}", mutant.name);
    let is_model = !mutant.killer.contains(' ');
    let soon = is_model && is_quick(mutant.killer, known) && fails(mutant.killer, Some(FEW));
    (soon || fails(mutant.killer, None))
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
fn work(
    mutants: &[&Mutant],
    next: &AtomicUsize,
    known: &Mutex<BTreeMap<&'static str, bool>>,
    printing: &Mutex<()>,
) -> usize {
    let mut survivors = 0;
    // Relaxed: the number is all there is to it.
    while let Some(mutant) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) {
        let start = Instant::now();
        let killed = is_killed(mutant, known);
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
    let (next, known, printing) = (AtomicUsize::new(0), Mutex::default(), Mutex::new(()));
    let survivors: usize = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| scope.spawn(|| work(&mutants, &next, &known, &printing)))
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(1)).sum()
    });
    for (name, reason) in SURVIVORS.iter().filter(|_| wanted.is_empty()) {
        println!("known survivor: {name}: {reason}");
    }
    println!("{} planted bugs, {survivors} survived unexpectedly", mutants.len());
    if survivors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
