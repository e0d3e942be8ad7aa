//! Claim: an attempt never sees half of a commit, not even one that aborts afterwards.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 4); while the clock moves 2 (deep 3);
//! both clocks; plain reads and brackets.
//! Kills: no_recheck, no_rv_check, publish_relaxed, sample_relaxed, stamp_equals_clock,
//! begin_without_edge.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, outcomes_bounded, spawn, world_with};
use taipan_stm::{Abort, ClockKind, Config, words::Handle};

fn pairs(config: Config, bracket: bool) -> Vec<Option<(u64, u64)>> {
    outcomes(move || {
        let words = world_with(config, 2);
        let writer = spawn(&words, |tx| {
            // The second commit gives versions that the first one's readers may have moved to.
            tx.atomically(|tx| {
                tx.write(0, 1)?;
                tx.write(1, 1)
            });
        });
        let reader = spawn(&words, move |tx| {
            tx.begin();
            let read = |tx: &mut Handle, index| {
                if bracket { tx.read_in_bracket(index) } else { tx.read(index) }
            };
            // What was seen counts even if the attempt could not commit any more.
            let pair = read(tx, 0).and_then(|x| Ok((x, read(tx, 1)?)));
            tx.abort(pair.err().unwrap_or(Abort::User));
            pair.ok()
        });
        writer.join();
        reader.join()
    })
}

const ALL: [Option<(u64, u64)>; 3] = [None, Some((0, 0)), Some((1, 1))];

#[test]
fn with_the_lazy_clock() {
    assert_eq!(pairs(Config::default(), false), ALL);
}

#[test]
fn with_the_lazy_clock_always_extending() {
    assert_eq!(pairs(Config { raise_after: 1, ..Config::default() }, false), ALL);
}

#[test]
fn with_the_ticking_clock() {
    assert_eq!(pairs(Config { clock: ClockKind::Tick, ..Config::default() }, false), ALL);
}

#[test]
fn in_brackets() {
    assert_eq!(pairs(Config::default(), true), ALL);
}

/// The reader moves the clock to the very stamp that the writer takes.
#[test]
fn while_the_clock_moves() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world_with(Config { raise_after: 1, ..Config::default() }, 3);
        let mut earlier = Handle::new(&words).unwrap();
        earlier.attempt(|tx| tx.write(2, 1)).unwrap();
        let writer = spawn(&words, |tx| {
            tx.atomically(|tx| {
                tx.write(0, 1)?;
                tx.write(1, 1)
            });
        });
        let reader = spawn(&words, |tx| {
            tx.begin();
            let pair = tx.read(2).and_then(|_| Ok((tx.read(0)?, tx.read(1)?)));
            tx.abort(pair.err().unwrap_or(Abort::User));
            pair.ok()
        });
        writer.join();
        reader.join()
    });
    assert_eq!(reached, ALL);
}
