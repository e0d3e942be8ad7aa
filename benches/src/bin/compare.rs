//! `compare`: runs a set of programs under Taipan and other interpreters, interleaved.
//!
//! For each program the interpreters take turns (A B A B), so that a slow minute of the machine
//! hits all of them. Outputs must be equal, or the cell shows a fault and the exit status is 1.

use std::{env, fs, path::PathBuf, process::ExitCode};

use clap::Parser;
use serde_json::json;
use taipan_benches::{
    measure::{self, Cost, Interpreter},
    program::{Program, Set, programs},
    table::{self, Cell},
};

/// Compares Taipan with other interpreters, program by program.
#[derive(Parser)]
struct Options {
    /// The programs to run.
    #[arg(long, value_enum, default_value = "single")]
    set: Set,
    /// Only programs whose name contains this; may be repeated.
    #[arg(long)]
    only: Vec<String>,
    /// Another interpreter; `NAME=PATH`, or `NAME=PATH FLAGS...`; may be repeated.
    #[arg(long, value_name = "NAME=PATH")]
    interp: Vec<String>,
    /// Taipan's executable; the one beside this command unless given.
    #[arg(long)]
    taipan: Option<String>,
    /// Leave Taipan out.
    #[arg(long)]
    without_taipan: bool,
    /// Runs of each program under each interpreter.
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// Seconds after which a run is ended.
    #[arg(long, default_value_t = 120)]
    limit: u64,
    /// Write all figures to this file.
    #[arg(long)]
    json: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args().collect();
    if args.get(1).map(String::as_str) == Some(measure::CHILD_COMMAND) {
        return measure::child_main(&args[2..]);
    }
    match compare(&Options::parse()) {
        Ok(clean) => ExitCode::from(u8::from(!clean)),
        Err(message) => {
            eprintln!("compare: {message}");
            ExitCode::from(2)
        }
    }
}

fn compare(options: &Options) -> Result<bool, String> {
    let interpreters = interpreters(options)?;
    let names: Vec<String> = interpreters.iter().map(|each| each.name.clone()).collect();
    let programs = programs(options.set, &options.only)?;
    let startup = startup(&interpreters, options)?;
    let mut cells = Vec::new();
    for program in &programs {
        let threads = program.threads.map(|n| format!(" {n}")).unwrap_or_default();
        eprintln!("{}{threads}", program.name);
        cells.extend(row(program, &interpreters, options));
    }
    for (name, cost) in names.iter().zip(&startup) {
        println!(
            "start-up of {name}: {:.1} ms wall, {:.1} ms CPU, {:.1} MiB",
            cost.wall_s * 1e3,
            cost.cpu_s * 1e3,
            cost.peak_kib as f64 / 1024.0
        );
    }
    if cells.iter().any(|cell| cell.threads.is_none()) {
        println!("\n{}", table::single(&cells, &names, &startup));
    }
    if cells.iter().any(|cell| cell.threads.is_some()) {
        println!("\n{}", table::threaded(&cells, &names));
    }
    for cell in &cells {
        if let Some(fault) = &cell.fault {
            println!("{} under {}: {fault}", cell.program, cell.interpreter);
        }
    }
    if let Some(path) = &options.json {
        let all = json!({ "interpreters": names, "startup": startup, "cells": cells });
        fs::write(path, format!("{all:#}\n"))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(cells.iter().all(|cell| cell.fault.is_none()))
}

fn interpreters(options: &Options) -> Result<Vec<Interpreter>, String> {
    let mut found = Vec::new();
    if !options.without_taipan {
        let beside =
            env::current_exe().map_err(|error| error.to_string())?.with_file_name("taipan");
        let path = options.taipan.clone().unwrap_or_else(|| beside.display().to_string());
        if !PathBuf::from(&path).exists() {
            return Err(format!("no {path}: build it first, with `cargo build --release`"));
        }
        found.push(Interpreter { name: "taipan".into(), path, flags: Vec::new() });
    }
    for given in &options.interp {
        let (name, command) = given.split_once('=').ok_or("--interp takes NAME=PATH")?;
        let mut words = command.split_whitespace().map(str::to_owned);
        let path = words.next().ok_or("--interp takes NAME=PATH")?;
        found.push(Interpreter { name: name.into(), path, flags: words.collect() });
    }
    if options.interp.is_empty() {
        let path = "python3".to_owned();
        found.push(Interpreter { name: path.clone(), path, flags: Vec::new() });
    }
    Ok(found)
}

/// The least of several start-ups, `-c pass`, of each interpreter.
fn startup(interpreters: &[Interpreter], options: &Options) -> Result<Vec<Cost>, String> {
    let args = ["-c".to_owned(), "pass".to_owned()];
    let mut best = vec![None::<Cost>; interpreters.len()];
    for _ in 0..options.runs.max(3) {
        for (interpreter, best) in interpreters.iter().zip(&mut best) {
            let mut all = interpreter.flags.clone();
            all.extend(args.clone());
            let run = interpreter
                .run_args(&all, &[], options.limit)
                .map_err(|error| format!("{} -c pass: {error}", interpreter.name))?;
            let least = best.get_or_insert(run.cost);
            least.cpu_s = least.cpu_s.min(run.cost.cpu_s);
            least.wall_s = least.wall_s.min(run.cost.wall_s);
        }
    }
    Ok(best.into_iter().flatten().collect())
}

/// All runs of one program, the interpreters in turn.
fn row(program: &Program, interpreters: &[Interpreter], options: &Options) -> Vec<Cell> {
    let mut cells: Vec<Cell> = interpreters
        .iter()
        .map(|interpreter| Cell {
            program: program.name.clone(),
            interpreter: interpreter.name.clone(),
            threads: program.threads,
            runs: Vec::new(),
            fault: None,
        })
        .collect();
    let mut expected: Option<Vec<u8>> = None;
    for _ in 0..options.runs {
        // The last one given is the reference, so that Taipan is what is called different.
        for (interpreter, cell) in interpreters.iter().zip(&mut cells).rev() {
            if cell.fault.is_some() {
                continue;
            }
            match interpreter.run(program, options.limit) {
                Ok(run) if expected.get_or_insert_with(|| run.stdout.clone()) == &run.stdout => {
                    cell.runs.push(run.cost);
                }
                Ok(run) => {
                    let text = String::from_utf8_lossy(&run.stdout).into_owned();
                    let last = text.lines().last().unwrap_or_default();
                    cell.fault = Some(format!("prints otherwise: {last}"));
                }
                Err(message) => cell.fault = Some(message),
            }
        }
    }
    cells
}
