//! Claim: an attempt never sees half of a commit, not even one that aborts afterwards.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 4); both clocks; plain reads and brackets.
//! Kills: no_recheck, no_rv_check, publish_relaxed, sample_relaxed, stamp_equals_clock.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, spawn, world_with};
use taipan_stm::{Abort, ClockKind, Config};

fn pairs(config: Config, bracket: bool) -> Vec<Option<(u64, u64)>> {
    outcomes(move || {
        let words = world_with(config, 2);
        let writer = spawn(&words, |tx| {
            // The second commit gives versions that the first one's readers may have moved to.
            tx.atomically(|tx| {
                tx.write(0, 1)?;
                tx.write(1, 1)
            });
        });
        let reader = spawn(&words, move |tx| {
            tx.begin();
            let read = |tx: &mut taipan_stm::words::Handle, index| {
                if bracket { tx.read_in_bracket(index) } else { tx.read(index) }
            };
            // What was seen counts even if the attempt could not commit any more.
            let pair = read(tx, 0).and_then(|x| Ok((x, read(tx, 1)?)));
            tx.abort(pair.err().unwrap_or(Abort::User));
            pair.ok()
        });
        writer.join();
        reader.join()
    })
}

const ALL: [Option<(u64, u64)>; 3] = [None, Some((0, 0)), Some((1, 1))];

#[test]
fn with_the_lazy_clock() {
    assert_eq!(pairs(Config::default(), false), ALL);
}

#[test]
fn with_the_lazy_clock_always_extending() {
    assert_eq!(pairs(Config { raise_after: 1, ..Config::default() }, false), ALL);
}

#[test]
fn with_the_ticking_clock() {
    assert_eq!(pairs(Config { clock: ClockKind::Tick, ..Config::default() }, false), ALL);
}

#[test]
fn in_brackets() {
    assert_eq!(pairs(Config::default(), true), ALL);
}
