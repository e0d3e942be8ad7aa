//! Claim: a version never repeats on an object, whatever the clock does, so equal words mean equal
//! contents.
//! Bound: 2 threads, 1 word, 3 preemptions (deep 4).
//! Kills: stamp_without_floor.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world};
use taipan_stm::Abort;

/// The writer commits, then writes again and aborts. A reader may take the committed word without
/// moving the clock; the abort must not bring that very word back after a dirty value was there.
#[test]
fn a_word_never_comes_back() {
    let reached = outcomes_bounded(3, 4, || {
        let words = world(1);
        let writer = spawn(&words, |tx| {
            tx.atomically(|tx| tx.write(0, 1));
            tx.begin();
            if tx.write(0, 9).is_ok() {
                tx.abort(Abort::User);
            }
        });
        let reader = spawn(&words, |tx| tx.attempt(|tx| tx.read(0)).ok());
        writer.join();
        reader.join()
    });
    assert_eq!(reached, [None, Some(0), Some(1)]);
}
