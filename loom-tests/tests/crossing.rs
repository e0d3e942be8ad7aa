//! Claim: two writers that take the same words in opposite order both commit: neither waits for
//! ever for what the other holds.
//! Bound: 2 threads, 2 words, 1 preemption (deep 2). A deadlock shows as one.
//! Kills: nothing of its own: whoever waits while it owns something gives up after a bounded time,
//! which has no check to leave out.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world};
use taipan_stm::words::Handle;

fn write_both(first: usize, value: u64) -> impl FnOnce(&mut Handle) {
    move |tx| {
        tx.atomically(|tx| {
            tx.write(first, value)?;
            tx.write(1 - first, value)
        });
    }
}

#[test]
fn both_commit() {
    let reached = outcomes_bounded(1, 2, || {
        let words = world(2);
        let one = spawn(&words, write_both(0, 1));
        let two = spawn(&words, write_both(1, 2));
        one.join();
        two.join();
        assert!((0..2).all(|index| words.header(index) >> 62 == 0), "an owner is left");
        words.snapshot()
    });
    assert_eq!(reached, [[1, 1], [2, 2]]);
}
