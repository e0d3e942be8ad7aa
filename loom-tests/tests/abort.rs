//! Claim: what an aborting attempt wrote is never accepted by anybody, and an abort that wrote
//! publishes a new version.
//! Bound: 2 threads, 1 word, 3 preemptions (deep 4).
//! Kills: abort_restores_word, abort_without_undo, slot_load_relaxed, slot_store_relaxed.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, spawn, world};
use taipan_stm::Abort;

#[test]
fn a_dirty_value_is_never_accepted() {
    let reached = outcomes(|| {
        let words = world(1);
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

#[test]
fn a_value_is_old_or_committed_never_from_the_future() {
    let reached = outcomes(|| {
        let words = world(1);
        let writer = spawn(&words, |tx| tx.attempt(|tx| tx.write(0, 9)).is_ok());
        let reader = spawn(&words, |tx| tx.attempt(|tx| Ok((tx.read(0)?, tx.read(0)?))).ok());
        assert!(writer.join());
        reader.join()
    });
    assert_eq!(reached, [None, Some((0, 0)), Some((9, 9))]);
}
