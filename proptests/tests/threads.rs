//! Claim: histories of real threads are serializable in the order of real time, whatever the policy.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_proptests::graph::{Record, cycle};
use taipan_stm::{ClockKind, Config, Domain, Runner, TVar};

const VARS: usize = 6;

/// A small random number generator.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

/// Each thread runs transactions that read some variables and rewrite some of them.
fn records(config: Config, seed: u64, threads: u64, rounds: usize) -> Vec<Record> {
    let domain = Domain::new(config);
    let vars: Vec<TVar<u64>> = (0..VARS).map(|_| TVar::new(0)).collect();
    let (ticks, values) = (AtomicU64::new(1), AtomicU64::new(1));
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|id| {
                let (domain, vars, ticks, values) = (&domain, &vars, &ticks, &values);
                scope.spawn(move || {
                    let mut runner = Runner::new(domain).unwrap();
                    let mut random = seed * 1000 + id;
                    (0..rounds)
                        .map(|round| {
                            one(&mut runner, vars, ticks, values, next(&mut random), round)
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

fn one(
    runner: &mut Runner,
    vars: &[TVar<u64>],
    ticks: &AtomicU64,
    values: &AtomicU64,
    choice: usize,
    round: usize,
) -> Record {
    // SeqCst: the counter stands for real time.
    let begin = ticks.fetch_add(1, Ordering::SeqCst);
    let fresh = values.fetch_add(VARS as u64, Ordering::Relaxed);
    let wanted = |var: usize| choice >> (2 * var) & 3;
    let (reads, writes) = if round.is_multiple_of(37) {
        runner.irrevocably(|tx| {
            let mut writes = Vec::new();
            for var in (0..VARS).filter(|&var| wanted(var) == 2) {
                let old = tx.read(&vars[var]);
                tx.write(&vars[var], fresh + var as u64);
                writes.push((var, old, fresh + var as u64));
            }
            (Vec::new(), writes)
        })
    } else {
        runner.atomically(|tx| {
            let (mut reads, mut writes) = (Vec::new(), Vec::new());
            for (var, cell) in vars.iter().enumerate() {
                // Lets others in between, so that attempts overlap on few cores, too.
                if choice >> (20 + var) & 1 == 1 {
                    std::thread::yield_now();
                }
                match wanted(var) {
                    1 => reads.push((var, tx.read(cell)?)),
                    2 => {
                        let old = tx.read(cell)?;
                        tx.write(cell, fresh + var as u64)?;
                        writes.push((var, old, fresh + var as u64));
                    }
                    _ => {}
                }
            }
            Ok((reads, writes))
        })
    };
    Record { span: (begin, ticks.fetch_add(1, Ordering::SeqCst)), reads, writes }
}

fn check(config: Config) {
    for seed in 1..=8 {
        let records = records(config, seed, 3, 300);
        if let Some(culprit) = cycle(&records) {
            panic!("seed {seed}: a cycle through {:?}", records[culprit]);
        }
    }
}

#[test]
fn with_the_lazy_clock() {
    check(Config::default());
}

#[test]
fn with_the_ticking_clock() {
    check(Config { clock: ClockKind::Tick, ..Config::default() });
}

#[test]
fn with_early_escalation() {
    check(Config { token_after: 1, raise_after: 1, ..Config::default() });
}

#[test]
fn with_injected_aborts() {
    check(Config { shake_one_in: 20, ..Config::default() });
}
