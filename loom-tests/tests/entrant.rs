//! Claim: two writers that take the same words in opposite order and a thread that takes the token
//! half-way all commit: no three of them wait in a circle.
//! Bound: 3 threads, 2 words, 1 preemption, also in the deep run: two did not end in 330 seconds.
//! A deadlock shows as one.
//! Kills: token_without_notice (also killed elsewhere).
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world_with};
use taipan_stm::{Config, words::Handle};

fn write_both(first: usize, value: u64) -> impl FnOnce(&mut Handle) {
    move |tx| {
        tx.atomically(|tx| {
            tx.write(first, value)?;
            tx.write(1 - first, value)
        });
    }
}

/// Reads both words, then turns irrevocable and reads them again.
fn look(tx: &mut Handle) -> (u64, u64) {
    tx.atomically(|tx| {
        let seen = (tx.read(0)?, tx.read(1)?);
        tx.become_irrevocable()?;
        assert_eq!((tx.read(0), tx.read(1)), (Ok(seen.0), Ok(seen.1)));
        Ok(seen)
    })
}

#[test]
fn all_commit() {
    let reached = outcomes_bounded(1, 1, || {
        let words = world_with(Config { token_after: 1, ..Config::default() }, 2);
        let one = spawn(&words, write_both(0, 1));
        let two = spawn(&words, write_both(1, 2));
        let entrant = spawn(&words, look);
        one.join();
        two.join();
        let seen = entrant.join();
        assert!((0..2).all(|index| words.header(index) >> 60 == 0), "a mark or an owner is left");
        (seen, words.snapshot())
    });
    let mut all = Vec::new();
    for seen in [(0, 0), (1, 1), (2, 2)] {
        all.extend([(seen, vec![1, 1]), (seen, vec![2, 2])]);
    }
    assert_eq!(reached, all);
}
