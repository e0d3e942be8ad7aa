//! Claim: an object that was claimed at a version beyond the snapshot is read only if everything
//! read before is unchanged, and what was admitted once is looked at again when the snapshot moves.
//! Bound: 2 threads, 3 words, 3 preemptions (deep 4); an admitted word: 2, also in the deep
//! run (three did not end in 320 CPU seconds).
//! Kills: claim_without_validation, claim_forgets_reads.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, outcomes_bounded, spawn, world};
use taipan_stm::{Abort, words::Handle};

fn set_both(tx: &mut Handle, n: u64) {
    tx.atomically(|tx| {
        tx.write(0, n)?;
        tx.write(1, n)
    });
}

#[test]
fn what_is_read_under_a_claim_belongs_to_the_snapshot() {
    let reached = outcomes(|| {
        let words = world(2);
        let writer = spawn(&words, |tx| set_both(tx, 1));
        let claimer = spawn(&words, |tx| {
            tx.begin();
            let pair = tx.read(0).and_then(|x| {
                tx.claim(1)?;
                Ok((x, tx.read(1)?))
            });
            tx.abort(pair.err().unwrap_or(Abort::User));
            pair.ok()
        });
        writer.join();
        claimer.join()
    });
    assert_eq!(reached, [None, Some((0, 0)), Some((1, 1))]);
}

/// The first claim comes before any read and may move the snapshot; what follows belongs to it.
#[test]
fn a_claim_before_any_read_begins_the_snapshot() {
    let reached = outcomes(|| {
        let words = world(2);
        let writer = spawn(&words, |tx| set_both(tx, 1));
        let claimer = spawn(&words, |tx| {
            tx.begin();
            let pair = tx.claim(1).and_then(|()| Ok((tx.read(0)?, tx.read(1)?)));
            tx.abort(pair.err().unwrap_or(Abort::User));
            pair.ok()
        });
        writer.join();
        claimer.join()
    });
    assert_eq!(reached, [None, Some((0, 0)), Some((1, 1))]);
}

/// The reader admits word 1 beyond its snapshot, then word 2 (which validates anew), then word 1
/// again, and at last word 0.
#[test]
fn an_admitted_word_is_checked_again_after_the_snapshot_moved() {
    let reached = outcomes_bounded(2, 2, || {
        let words = world(3);
        let writer = spawn(&words, |tx| {
            set_both(tx, 1);
            tx.atomically(|tx| tx.write(2, 1));
            set_both(tx, 2);
        });
        let reader = spawn(&words, |tx| {
            tx.begin();
            let seen = tx
                .read(1)
                .and_then(|y| Ok((y, tx.read(2)?)))
                .and_then(|(y, _)| Ok((y, tx.read(1)?, tx.read(0)?)));
            tx.abort(seen.err().unwrap_or(Abort::User));
            seen.ok()
        });
        writer.join();
        reader.join()
    });
    assert_eq!(reached, [None, Some((0, 0, 0)), Some((1, 1, 1)), Some((2, 2, 2))]);
}
