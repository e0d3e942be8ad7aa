//! Claim: the shapes that containers are made of hold under two threads: a key that was missed is
//! inserted once, two appends land in two places, a check of the length holds when it commits.
//! Bound: 2 threads, a bucket, or a length and two places; 3 preemptions (deep 4); two
//! appends: 2 (deep 3).
//! Kills: claim_over_stale_read, no_commit_validation (also killed elsewhere).
#![cfg(loom)]

use taipan_loom_tests::{outcomes, outcomes_bounded, spawn, world};
use taipan_stm::{Abort, words::Handle};

/// Word 0 is a bucket: 0 for "no such key". True if this attempt inserted.
fn insert_if_missing(value: u64) -> impl FnOnce(&mut Handle) -> bool {
    move |tx| {
        tx.atomically(|tx| {
            if tx.read(0)? != 0 {
                return Ok(false);
            }
            tx.write(0, value)?;
            Ok(true)
        })
    }
}

#[test]
fn a_missing_key_is_inserted_once() {
    let reached = outcomes(|| {
        let words = world(1);
        let one = spawn(&words, insert_if_missing(1));
        let two = spawn(&words, insert_if_missing(2));
        (one.join(), two.join(), words.snapshot()[0])
    });
    assert_eq!(reached, [(false, true, 2), (true, false, 1)]);
}

/// Word 0 is the length, words 1 and 2 are places.
fn append(tx: &mut Handle, value: u64) -> Result<(), Abort> {
    let len = tx.read(0)?;
    tx.write(1 + len as usize, value)?;
    tx.write(0, len + 1)
}

#[test]
fn both_appends_survive() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world(3);
        let one = spawn(&words, |tx| tx.atomically(|tx| append(tx, 7)));
        let two = spawn(&words, |tx| tx.atomically(|tx| append(tx, 8)));
        one.join();
        two.join();
        words.snapshot()
    });
    assert_eq!(reached, [[2, 7, 8], [2, 8, 7]]);
}

/// One appends; the other notes in word 2 that the list is empty, if it is.
#[test]
fn a_check_of_the_length_holds_at_the_commit() {
    let reached = outcomes(|| {
        let words = world(3);
        let one = spawn(&words, |tx| {
            tx.attempt(|tx| {
                let noted = tx.read(2)?;
                append(tx, 7)?;
                Ok(noted)
            })
            .ok()
        });
        let two = spawn(&words, |tx| {
            tx.attempt(|tx| if tx.read(0)? == 0 { tx.write(2, 1) } else { Ok(()) }).is_ok()
        });
        (one.join(), two.join(), words.snapshot())
    });
    let all = [
        (None, false, vec![0, 0, 0]),
        (None, true, vec![0, 0, 1]),
        (Some(0), false, vec![1, 7, 0]),
        (Some(0), true, vec![1, 7, 0]),
        (Some(1), true, vec![1, 7, 1]),
    ];
    assert_eq!(reached, all);
}
