//! Claim: the older of two transactions gets the object, and a request to end hits only the attempt
//! it names.
//! Bound: 2 threads, 1 word, 3 preemptions (deep 5).
//! Kills: kill_any.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world};
use taipan_stm::Abort;

#[test]
fn a_kill_hits_one_attempt() {
    let reached = outcomes_bounded(3, 5, || {
        let words = world(2);
        let older = spawn(&words, |tx| {
            // Draws an age ticket, so it may ask the other to end.
            tx.begin();
            tx.abort(Abort::Shake);
            tx.attempt(|tx| tx.write(0, 1)).is_ok()
        });
        let younger = spawn(&words, |tx| {
            let first = tx.attempt(|tx| tx.write(0, 2));
            // Touches nothing the older one wants.
            let second = tx.attempt(|tx| tx.write(1, 2));
            (first.is_ok(), second)
        });
        (older.join(), younger.join())
    });
    assert!(reached.iter().all(|(older, (_, second))| *older && second.is_ok()), "{reached:?}");
    assert_eq!(reached.len(), 2, "the first attempt is killed or not: {reached:?}");
}
