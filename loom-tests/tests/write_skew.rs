//! Claim: of two attempts that each read what the other writes, one sees the other.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 4); both clocks.
//! Kills: no_commit_validation, validate_before_stamp, read_not_logged, stamp_without_edge.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, spawn, world_with};
use taipan_stm::{ClockKind, Config, words::Handle};

fn copy_plus_one(from: usize, to: usize) -> impl FnOnce(&mut Handle) -> bool {
    move |tx| {
        tx.attempt(|tx| {
            let seen = tx.read(from)?;
            tx.write(to, seen + 1)
        })
        .is_ok()
    }
}

fn ends(config: Config) -> Vec<(bool, bool, [u64; 2])> {
    outcomes(move || {
        let words = world_with(config, 2);
        let one = spawn(&words, copy_plus_one(0, 1));
        let two = spawn(&words, copy_plus_one(1, 0));
        (one.join(), two.join(), words.snapshot().try_into().unwrap())
    })
}

/// The two ways in which both commit, and those in which one loses.
const ALONE_OR_IN_ORDER: [(bool, bool, [u64; 2]); 4] =
    [(false, true, [1, 0]), (true, false, [0, 1]), (true, true, [1, 2]), (true, true, [2, 1])];

#[test]
fn with_the_lazy_clock() {
    let mut all = vec![(false, false, [0, 0])];
    all.extend(ALONE_OR_IN_ORDER);
    assert_eq!(ends(Config::default()), all);
}

#[test]
fn with_the_ticking_clock() {
    // Whoever ticks first after the snapshot knows that it is alone and does not validate, so the
    // two never both lose.
    let config = Config { clock: ClockKind::Tick, ..Config::default() };
    assert_eq!(ends(config), ALONE_OR_IN_ORDER);
}
