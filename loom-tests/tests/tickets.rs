//! Claim: of two transactions that have lost before, the older one gets what both want to write.
//! Bound: 2 threads, 1 word, 3 preemptions (deep 5); crossing: 2 words, 2 preemptions (deep 3).
//! Kills: younger_wins.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, world};
use taipan_stm::{
    Abort,
    sync::{Arc, thread},
    words::{Handle, Words},
};

/// Draws an age ticket.
fn lose(words: &Arc<Words>) -> Handle {
    let mut tx = Handle::new(words).unwrap();
    tx.begin();
    tx.abort(Abort::Shake);
    tx
}

#[test]
fn the_older_one_commits() {
    let reached = outcomes_bounded(3, 5, || {
        let words = world(1);
        let (older, younger) = (lose(&words).idle(), lose(&words).idle());
        let write = |tx: &mut Handle, value| tx.attempt(|tx| tx.write(0, value)).is_ok();
        let one = thread::spawn(move || {
            let mut tx = older.into_handle();
            (write(&mut tx, 1), tx.idle())
        });
        let two = thread::spawn(move || {
            let mut tx = younger.into_handle();
            (write(&mut tx, 2), tx.idle())
        });
        let (older, younger) = (one.join().unwrap().0, two.join().unwrap().0);
        (older, younger, words.snapshot()[0])
    });
    assert_eq!(reached, [(true, false, 1), (true, true, 1), (true, true, 2)]);
}

#[test]
fn the_older_one_commits_when_both_hold_what_the_other_wants() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world(2);
        let (older, younger) = (lose(&words).idle(), lose(&words).idle());
        let write = |tx: &mut Handle, first: usize, value| {
            tx.attempt(|tx| {
                tx.write(first, value)?;
                tx.write(1 - first, value)
            })
            .is_ok()
        };
        let one = thread::spawn(move || {
            let mut tx = older.into_handle();
            (write(&mut tx, 0, 1), tx.idle())
        });
        let two = thread::spawn(move || {
            let mut tx = younger.into_handle();
            (write(&mut tx, 1, 2), tx.idle())
        });
        let (older, younger) = (one.join().unwrap().0, two.join().unwrap().0);
        (older, younger, words.snapshot())
    });
    let all = [(true, false, vec![1, 1]), (true, true, vec![1, 1]), (true, true, vec![2, 2])];
    assert_eq!(reached, all);
}
