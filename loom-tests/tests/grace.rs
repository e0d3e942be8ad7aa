//! Claim: an older attempt first lets the owner in its way end by itself and asks it to end only
//! then; either way it gets the object, unless it has read it before and is lost itself: then it asks
//! for nothing. No update is lost.
//! Bound: 2 threads, 1 word, 3 preemptions (deep 4); the grace is one look.
//! Kills: grace_never_ends, commit_though_killed, kills_in_vain.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, spawn, world};
use taipan_stm::{Abort, words::Handle};

fn increment(tx: &mut Handle) -> Option<Abort> {
    tx.attempt(|tx| {
        let seen = tx.read(0)?;
        tx.write(0, seen + 1)
    })
    .err()
}

#[test]
fn the_owner_ends_by_itself_or_is_ended() {
    let reached = outcomes(|| {
        let words = world(1);
        let older = spawn(&words, |tx| {
            // Draws an age ticket.
            tx.begin();
            tx.abort(Abort::Shake);
            (increment(tx), tx.stats().kills)
        });
        let younger = spawn(&words, increment);
        let ((older, kills), younger) = (older.join(), younger.join());
        let commits = u64::from(older.is_none()) + u64::from(younger.is_none());
        assert_eq!(words.snapshot()[0], commits, "an update was lost or is half there");
        (older, younger, kills)
    });
    let all = [
        (None, None, 0),
        (None, None, 1),
        (None, Some(Abort::Stale), 0),
        (None, Some(Abort::Owned), 0),
        (None, Some(Abort::Killed), 1),
        (Some(Abort::Stale), None, 0),
    ];
    assert_eq!(reached, all);
}
