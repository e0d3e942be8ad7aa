//! Claim: whoever waits while it owns something looks whether it is itself to end, so waits form no
//! circle, not even when an owner takes the token while an older attempt waits for it.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 4). A circle shows as one.
//! Kills: waits_though_killed.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, spawn, world};
use taipan_stm::Abort;

#[test]
fn the_waiting_one_ends_for_the_token() {
    let reached = outcomes(|| {
        let words = world(2);
        let entrant = spawn(&words, |tx| {
            tx.attempt(|tx| {
                tx.write(0, 1)?;
                tx.become_irrevocable()?;
                tx.write(1, 1)
            })
            .err()
        });
        let older = spawn(&words, |tx| {
            // Draws an age ticket, so it may wait for the other to end.
            tx.begin();
            tx.abort(Abort::Shake);
            tx.attempt(|tx| {
                tx.write(1, 2)?;
                tx.write(0, 2)
            })
            .err()
        });
        (entrant.join(), older.join(), words.snapshot())
    });
    let all = [
        (None, None, vec![1, 1]),
        (None, None, vec![2, 2]),
        (None, Some(Abort::Owned), vec![1, 1]),
        (None, Some(Abort::Killed), vec![1, 1]),
        (Some(Abort::Owned), None, vec![2, 2]),
        (Some(Abort::Killed), None, vec![2, 2]),
    ];
    assert_eq!(reached, all);
}
