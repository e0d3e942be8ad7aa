//! Medians, ratios and the printed tables.
//!
//! A single-thread figure is the minimum of the runs in CPU seconds less the interpreter's own
//! start-up; a threaded one is the minimum wall time, with CPU time beside it.

use std::fmt::Write;

use serde::Serialize;

use crate::{measure::Cost, program::THREADS};

/// All runs of one program under one interpreter.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// The program's name.
    pub program: String,
    /// The interpreter's name.
    pub interpreter: String,
    /// The number of threads, for a threaded program.
    pub threads: Option<u32>,
    /// What each run cost, in order.
    pub runs: Vec<Cost>,
    /// Why the cell is not to be used: a failed run, or output unlike the first interpreter's.
    pub fault: Option<String>,
}

impl Cell {
    /// The least CPU seconds of all runs.
    #[must_use]
    pub fn cpu_min(&self) -> f64 {
        minimum(self.runs.iter().map(|cost| cost.cpu_s))
    }

    /// The least wall seconds of all runs.
    #[must_use]
    pub fn wall_min(&self) -> f64 {
        minimum(self.runs.iter().map(|cost| cost.wall_s))
    }

    /// The median of the runs' CPU seconds.
    #[must_use]
    pub fn cpu_median(&self) -> f64 {
        median(self.runs.iter().map(|cost| cost.cpu_s).collect())
    }

    /// The largest peak memory of all runs, in MiB.
    #[must_use]
    pub fn peak_mib(&self) -> f64 {
        self.runs.iter().map(|cost| cost.peak_kib).max().unwrap_or(0) as f64 / 1024.0
    }
}

/// The least of some numbers.
pub fn minimum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}

/// The middle one of some numbers, or the mean of the two in the middle.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}

/// The geometric mean; not a number if there are no values.
#[must_use]
pub fn geometric_mean(values: &[f64]) -> f64 {
    (values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp()
}

/// The table for one thread: seconds of the first interpreter given in `names[1..]`, and how many
/// times faster the first one is, program by program, with the geometric mean below.
#[must_use]
pub fn single(cells: &[Cell], names: &[String], startup: &[Cost]) -> String {
    let mut out = String::new();
    let mut speedups: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    let _ = write!(out, "{:24}", "CPU s less start-up, min");
    for name in names {
        let _ = write!(out, " {name:>10} {:>7}", "MiB");
    }
    for name in names.iter().skip(1) {
        let _ = write!(out, " {:>14}", format!("x {name}"));
    }
    out.push('\n');
    for row in cells.chunk_by(|a, b| a.program == b.program && a.threads == b.threads) {
        if row[0].threads.is_some() {
            continue;
        }
        let _ = write!(out, "{:24}", row[0].program);
        let mut net = vec![None; names.len()];
        for (index, cell) in row.iter().enumerate() {
            if let Some(fault) = &cell.fault {
                let _ = write!(out, " {:>18}", clip(fault, 18));
                continue;
            }
            let seconds = (cell.cpu_min() - startup[index].cpu_s).max(1e-4);
            net[index] = Some(seconds);
            let _ = write!(out, " {seconds:>10.3} {:>7.1}", cell.peak_mib());
        }
        for index in 1..names.len() {
            match (net[0], net[index]) {
                (Some(ours), Some(theirs)) => {
                    speedups[index].push(theirs / ours);
                    let _ = write!(out, " {:>14.2}", theirs / ours);
                }
                _ => {
                    let _ = write!(out, " {:>14}", "-");
                }
            }
        }
        out.push('\n');
    }
    let _ = write!(out, "{:24}", "geometric mean");
    let _ = write!(out, "{:width$}", "", width = 19 * names.len());
    for values in speedups.iter().skip(1) {
        let _ = write!(out, " {:>14.2}", geometric_mean(values));
    }
    out.push('\n');
    out
}

/// The table of threaded programs: per interpreter the wall time on one thread, the speed-up at
/// each further thread count, and CPU time at two threads over CPU time at one.
#[must_use]
pub fn threaded(cells: &[Cell], names: &[String]) -> String {
    let mut out = String::new();
    let _ = write!(out, "{:16}", "wall s, min");
    for name in names {
        let _ = write!(out, " |{name:>9} {:>6} {:>6} {:>8}", "x at 2", "x at 4", "CPU 2/1");
    }
    out.push('\n');
    let mut programs: Vec<&str> = Vec::new();
    for cell in cells.iter().filter(|cell| cell.threads.is_some()) {
        if !programs.contains(&cell.program.as_str()) {
            programs.push(&cell.program);
        }
    }
    for program in programs {
        let _ = write!(out, "{program:16}");
        for name in names {
            let at = |threads: u32| {
                cells.iter().find(|cell| {
                    cell.program == program
                        && cell.interpreter == *name
                        && cell.threads == Some(threads)
                })
            };
            let found: Vec<&Cell> = THREADS.iter().filter_map(|&threads| at(threads)).collect();
            if let Some(fault) = found.iter().find_map(|cell| cell.fault.as_deref()) {
                let _ = write!(out, " |{:>32}", clip(fault, 32));
                continue;
            }
            let [one, two, four] = found[..] else { continue };
            let _ = write!(
                out,
                " |{:>9.3} {:>6.2} {:>6.2} {:>8.2}",
                one.wall_min(),
                one.wall_min() / two.wall_min(),
                one.wall_min() / four.wall_min(),
                two.cpu_min() / one.cpu_min(),
            );
        }
        out.push('\n');
    }
    out
}

fn clip(text: &str, width: usize) -> String {
    text.chars().take(width).collect()
}
