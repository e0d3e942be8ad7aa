//! Claim: at most one thread holds the token, its commit does not fail, and nothing it has read is
//! overwritten before it ends, also while the token goes from hand to hand.
//! Bound: 3 threads, 2 words, 2 preemptions (deep 3); marks alone: 1 word, 3 preemptions,
//! also in the deep run, since one more takes some sixteen times as long as these 26 seconds.
//! Kills: token_before_marks.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world};
use taipan_stm::{
    sync::{Arc, AtomicUsize, Ordering},
    words::Handle,
};

/// Reads word 0 twice and adds one to word 1, with the token.
fn hold(holders: Arc<AtomicUsize>) -> impl FnOnce(&mut Handle) -> u64 {
    move |tx| {
        tx.begin_irrevocable();
        assert_eq!(holders.fetch_add(1, Ordering::Relaxed), 0, "two holders");
        let first = tx.read(0).expect("an irrevocable read cannot fail");
        let count = tx.read(1).expect("an irrevocable read cannot fail");
        tx.write(1, count + 1).expect("an irrevocable write cannot fail");
        assert_eq!(tx.read(0), Ok(first), "a marked object was overwritten");
        holders.fetch_sub(1, Ordering::Relaxed);
        tx.commit().expect("an irrevocable commit cannot fail");
        first
    }
}

#[test]
fn the_token_goes_from_hand_to_hand() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world(2);
        let holders = Arc::new(AtomicUsize::new(0));
        let one = spawn(&words, hold(holders.clone()));
        let two = spawn(&words, hold(holders));
        let writer = spawn(&words, |tx| tx.attempt(|tx| tx.write(0, 5)).is_ok());
        let result = (one.join(), two.join(), writer.join(), words.snapshot());
        assert!((0..2).all(|index| words.header(index) >> 60 == 0), "a mark or an owner is left");
        result
    });
    let all = [
        (0, 0, false, vec![0, 2]),
        (0, 0, true, vec![5, 2]),
        (0, 5, true, vec![5, 2]),
        (5, 0, true, vec![5, 2]),
        (5, 5, true, vec![5, 2]),
    ];
    assert_eq!(reached, all);
}

/// The next holder finds the last one's mark, which must not be taken away under it.
#[test]
fn a_mark_outlives_the_hand_over() {
    let reached = outcomes_bounded(3, 3, || {
        let words = world(1);
        let first = spawn(&words, |tx| {
            tx.begin_irrevocable();
            tx.read(0).unwrap();
            tx.commit().unwrap();
        });
        let second = spawn(&words, |tx| {
            tx.begin_irrevocable();
            let seen = (tx.read(0).unwrap(), tx.read(0).unwrap());
            tx.commit().unwrap();
            seen
        });
        let writer = spawn(&words, |tx| tx.attempt(|tx| tx.write(0, 5)).is_ok());
        first.join();
        (second.join(), writer.join())
    });
    assert_eq!(reached, [((0, 0), false), ((0, 0), true), ((5, 5), true)]);
}
