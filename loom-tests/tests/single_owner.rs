//! Claim: an object has one owner at a time, ownership always ends, and an owner sees what the
//! last one published.
//! Bound: 2 threads, 1 word, 3 preemptions (deep 5).
//! Kills: claim_blind.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world};
use taipan_stm::words::Handle;

fn add(n: u64) -> impl FnOnce(&mut Handle) -> bool {
    move |tx| {
        tx.attempt(|tx| {
            tx.claim(0)?;
            let seen = tx.read(0)?;
            tx.write(0, seen + n)?;
            assert_eq!(tx.read(0)?, seen + n, "two owners at once");
            Ok(())
        })
        .is_ok()
    }
}

#[test]
fn one_owner_at_a_time() {
    let reached = outcomes_bounded(3, 5, || {
        let words = world(1);
        let one = spawn(&words, add(1));
        let two = spawn(&words, add(2));
        let done = (one.join(), two.join());
        assert_eq!(words.header(0) >> 62, 0, "ownership was not given up");
        (done, words.snapshot()[0])
    });
    assert_eq!(reached, [((false, true), 2), ((true, false), 1), ((true, true), 3)]);
}
