//! Claim: a transaction that has lost as often as the policy allows takes the token and commits.
//! Bound: 2 threads, 1 word, one loss allowed, 2 preemptions (deep 3).
//! Kills: never_escalates.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world_with};
use taipan_stm::{Config, words::Handle};

fn increment(tx: &mut Handle) -> u32 {
    let mut attempts = 0;
    tx.atomically(|tx| {
        attempts += 1;
        let seen = tx.read(0)?;
        tx.write(0, seen + 1)
    });
    attempts
}

#[test]
fn the_second_attempt_is_the_last() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world_with(Config { token_after: 1, ..Config::default() }, 1);
        let one = spawn(&words, increment);
        let two = spawn(&words, |tx| (increment(tx), increment(tx)));
        let (one, two) = (one.join(), two.join());
        (one, two.0.max(two.1), words.snapshot()[0])
    });
    assert_eq!(reached, [(1, 1, 3), (1, 2, 3), (2, 1, 3), (2, 2, 3)]);
}
