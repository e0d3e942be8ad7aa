//! Claim: a thread that takes its own newer words without moving the clock still sees every commit
//! that comes before its own.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 4).
//! Kills: nothing of its own; it guards rule 2 of `txn.rs`, which has no check to leave out.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, spawn, world};

/// `other` reads x and writes z; this thread writes x, then reads x and z. If `other` has seen the
/// old x, it comes before the write of x, so the later attempt must see its z or meet its claim.
#[test]
fn what_came_before_my_commit_is_seen_after_it() {
    let reached = outcomes(|| {
        let words = world(2);
        let other = spawn(&words, |tx| {
            tx.attempt(|tx| {
                let seen = tx.read(0)?;
                tx.write(1, 1)?;
                Ok(seen)
            })
            .ok()
        });
        let me = spawn(&words, |tx| {
            tx.atomically(|tx| tx.write(0, 1));
            tx.attempt(|tx| Ok((tx.read(0)?, tx.read(1)?))).ok()
        });
        (other.join(), me.join())
    });
    assert!(!reached.contains(&(Some(0), Some((1, 0)))), "a commit in the past is missing");
    let seen = [
        (None, None),
        (None, Some((1, 0))),
        (Some(0), None),
        (Some(0), Some((1, 1))),
        (Some(1), None),
        (Some(1), Some((1, 0))),
        (Some(1), Some((1, 1))),
    ];
    assert_eq!(reached, seen);
}
