//! Claim: with the ticking clock, too, no attempt sees half of a commit, an abort leaves no trace and
//! a snapshot moves forward only over unchanged reads; the ticks alone order what they order.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 4); while the clock moves 2 (deep 3).
//! Kills: tick_now_relaxed, tick_stamp_relaxed.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, outcomes_bounded, spawn, world_with};
use taipan_stm::{Abort, ClockKind, Config};

fn ticking() -> Config {
    Config { clock: ClockKind::Tick, ..Config::default() }
}

#[test]
fn a_snapshot_moves_over_unchanged_reads_only() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world_with(Config { raise_after: 1, ..ticking() }, 2);
        let writer = spawn(&words, |tx| {
            tx.atomically(|tx| tx.write(1, 1));
            tx.atomically(|tx| {
                tx.write(0, 2)?;
                tx.write(1, 2)
            });
        });
        let reader = spawn(&words, |tx| {
            tx.begin();
            let pair = tx.read(0).and_then(|x| Ok((x, tx.read(1)?)));
            tx.abort(Abort::User);
            pair.ok()
        });
        writer.join();
        reader.join()
    });
    assert_eq!(reached, [None, Some((0, 0)), Some((0, 1)), Some((2, 2))]);
}

#[test]
fn a_dirty_value_is_never_accepted() {
    let reached = outcomes(|| {
        let words = world_with(ticking(), 1);
        let writer = spawn(&words, |tx| {
            tx.begin();
            if tx.write(0, 9).is_ok() {
                tx.abort(Abort::User);
            }
        });
        let reader = spawn(&words, |tx| tx.attempt(|tx| tx.read(0)).ok());
        writer.join();
        reader.join()
    });
    assert_eq!(reached, [None, Some(0)]);
}

/// The reader's snapshot is at least the tick that it reads; it must then meet the claims before it.
#[test]
fn a_tick_brings_the_claims_before_it() {
    let reached = outcomes(|| {
        let words = world_with(ticking(), 2);
        let writer = spawn(&words, |tx| {
            tx.attempt(|tx| {
                tx.write(0, 1)?;
                tx.write(1, 1)
            })
            .is_ok()
        });
        let reader = spawn(&words, |tx| tx.attempt(|tx| Ok((tx.read(1)?, tx.read(0)?))).ok());
        assert!(writer.join());
        reader.join()
    });
    assert_eq!(reached, [None, Some((0, 0)), Some((1, 1))]);
}
