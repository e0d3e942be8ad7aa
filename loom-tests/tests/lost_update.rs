//! Claim: no update is lost.
//! Bound: 2 threads, 1 word, 3 preemptions (deep 4); both clocks.
//! Kills: claim_over_stale_read, failed_claim_owns.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, spawn, world_with};
use taipan_stm::{ClockKind, Config, words::Handle};

fn increment(tx: &mut Handle) -> bool {
    tx.attempt(|tx| {
        let seen = tx.read(0)?;
        tx.write(0, seen + 1)
    })
    .is_ok()
}

/// Tries a claim that failed once more, as code does that drops the first error.
fn insist(tx: &mut Handle) -> bool {
    tx.attempt(|tx| {
        let seen = tx.read(0)?;
        tx.write(0, seen + 1).or_else(|_| tx.write(0, seen + 1))
    })
    .is_ok()
}

fn sums(config: Config, body: fn(&mut Handle) -> bool) -> Vec<(u64, u64)> {
    outcomes(move || {
        let words = world_with(config, 1);
        let one = spawn(&words, body);
        let two = spawn(&words, body);
        let done = u64::from(one.join()) + u64::from(two.join());
        (done, words.snapshot()[0])
    })
}

#[test]
fn with_the_lazy_clock() {
    assert_eq!(sums(Config::default(), increment), [(1, 1), (2, 2)]);
}

#[test]
fn with_the_ticking_clock() {
    let config = Config { clock: ClockKind::Tick, ..Config::default() };
    assert_eq!(sums(config, increment), [(1, 1), (2, 2)]);
}

#[test]
fn when_a_failed_claim_is_repeated() {
    assert_eq!(sums(Config::default(), insist), [(1, 1), (2, 2)]);
}
