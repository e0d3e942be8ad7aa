//! `stress`: repeats the threaded programs under many window lengths and random forced aborts.
//!
//! Each program checks its own invariants and prints a result that does not depend on scheduling.
//! Any difference from what it prints with one thread, any crash and any hang is reported, with
//! the command that showed it; the exit status is then 1.

use std::{
    env,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use taipan_benches::{
    measure::{self, Interpreter},
    program::{Program, Set, programs},
};

/// Window lengths in bytecodes: each is a different place to cut a program into transactions.
const WINDOWS: &[u32] = &[1, 20, 200, 2000];

/// Arguments after the number of threads that keep one run short.
const SIZES: &[(&str, &str)] = &[
    ("t_countdown", "100000"),
    ("t_gilectomy", "15 16"),
    ("t_private", "24000"),
    ("t_readdict", "40000 100"),
    ("t_dict_disjoint", "40000"),
    ("t_dict_hot", "40000"),
    ("t_counter_lock", "20000"),
    ("t_list_append", "40000"),
    ("t_bank_global", "20000 100"),
    ("t_bank_fine", "20000 20"),
    ("t_queue", "4000"),
    ("t_methods", "40000"),
];

/// Runs the threaded programs again and again and compares what they print.
#[derive(Parser)]
struct Options {
    /// How long to go on.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only programs whose name contains this; may be repeated.
    #[arg(long)]
    only: Vec<String>,
    /// Taipan's executable; the one beside this command unless given.
    #[arg(long)]
    taipan: Option<String>,
    /// Seconds after which a run counts as hanging.
    #[arg(long, default_value_t = 120)]
    limit: u64,
    /// Seed of the forced aborts; each run adds one.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args().collect();
    if args.get(1).map(String::as_str) == Some(measure::CHILD_COMMAND) {
        return measure::child_main(&args[2..]);
    }
    match stress(&Options::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("stress: {message}");
            ExitCode::from(2)
        }
    }
}

/// The number of runs that went wrong.
fn stress(options: &Options) -> Result<usize, String> {
    let beside = env::current_exe().map_err(|error| error.to_string())?.with_file_name("taipan");
    let taipan = options.taipan.clone().unwrap_or_else(|| beside.display().to_string());
    let mut cases: Vec<(Program, Vec<u8>)> = Vec::new();
    for mut program in programs(Set::Threaded, &options.only)? {
        let size = SIZES.iter().find(|(name, _)| *name == program.name).map(|(_, size)| *size);
        program.args.extend(size.unwrap_or_default().split_whitespace().map(str::to_owned));
        let expected = if program.threads == Some(1) {
            let plain = interpreter(&taipan, &[]);
            plain.run(&program, options.limit).map_err(|e| format!("{}: {e}", program.name))?.stdout
        } else {
            // The run with one thread came first.
            cases
                .iter()
                .find(|(earlier, _)| earlier.name == program.name)
                .map(|(_, stdout)| stdout.clone())
                .ok_or("no run with one thread")?
        };
        cases.push((program, expected));
    }
    let deadline = Instant::now() + Duration::from_secs(options.seconds);
    let (mut runs, mut faults) = (0_u64, 0);
    'time: loop {
        for (program, expected) in &cases {
            for &window in WINDOWS {
                for shake in [false, true] {
                    if Instant::now() >= deadline {
                        break 'time;
                    }
                    runs += 1;
                    let seed = options.seed + runs;
                    faults += usize::from(!one(
                        &taipan,
                        program,
                        expected,
                        window,
                        shake,
                        seed,
                        options.limit,
                    ));
                }
            }
        }
        println!("{runs} runs, {faults} faults");
    }
    println!("{runs} runs, {faults} faults in {} s", options.seconds);
    Ok(faults)
}

/// One run; true if it printed what was expected.
fn one(
    taipan: &str,
    program: &Program,
    expected: &[u8],
    window: u32,
    shake: bool,
    seed: u64,
    limit: u64,
) -> bool {
    let mut flags = vec!["stm=on".to_owned(), format!("stm-window={window}")];
    if shake {
        flags.push(format!("stm-shake={seed}"));
    }
    let fault = match interpreter(taipan, &flags).run(program, limit) {
        Ok(run) if run.stdout == expected => return true,
        Ok(run) => format!("prints {:?}", String::from_utf8_lossy(&run.stdout)),
        Err(message) => message,
    };
    let flags: Vec<String> = flags.iter().map(|flag| format!("-X {flag}")).collect();
    println!("{} {} {}: {fault}", flags.join(" "), program.name, program.args.join(" "));
    false
}

fn interpreter(path: &str, options: &[String]) -> Interpreter {
    let flags = options.iter().flat_map(|option| ["-X".to_owned(), option.clone()]).collect();
    Interpreter { name: "taipan".into(), path: path.into(), flags }
}
