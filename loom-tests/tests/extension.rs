//! Claim: a snapshot moves forward only if nothing read so far has changed.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 4); validation alone and with the clock moved; with
//! a third word that makes the snapshot move, 2 preemptions (deep 3).
//! Kills: any_slot_is_mine, no_extension_validation, extend_validates_early, extend_without_raise.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, outcomes_bounded, spawn, world_with};
use taipan_stm::{Abort, Config, words::Handle};

fn pairs(config: Config) -> Vec<Option<(u64, u64)>> {
    outcomes(move || {
        let words = world_with(config, 2);
        let writer = spawn(&words, |tx| {
            tx.atomically(|tx| tx.write(1, 1));
            tx.atomically(|tx| {
                tx.write(0, 2)?;
                tx.write(1, 2)
            });
        });
        let reader = spawn(&words, |tx| {
            tx.begin();
            let pair = tx.read(0).and_then(|x| Ok((x, tx.read(1)?)));
            tx.abort(Abort::User);
            pair.ok()
        });
        writer.join();
        reader.join()
    })
}

const ALL: [Option<(u64, u64)>; 4] = [None, Some((0, 0)), Some((0, 1)), Some((2, 2))];

#[test]
fn by_validation() {
    assert_eq!(pairs(Config::default()), ALL);
}

#[test]
fn by_moving_the_clock() {
    assert_eq!(pairs(Config { raise_after: 1, ..Config::default() }), ALL);
}

/// Word 2 is newer than the snapshot, so reading it moves the snapshot, while the writer may be
/// anywhere in its commit of the other two.
#[test]
fn a_commit_during_the_move_is_met() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world_with(Config { raise_after: 1, ..Config::default() }, 3);
        let mut earlier = Handle::new(&words).unwrap();
        earlier.attempt(|tx| tx.write(2, 1)).unwrap();
        let writer = spawn(&words, |tx| {
            tx.atomically(|tx| {
                tx.write(0, 1)?;
                tx.write(1, 1)
            });
        });
        let reader = spawn(&words, |tx| {
            tx.begin();
            let pair = tx.read(0).and_then(|x| tx.read(2).and_then(|_| Ok((x, tx.read(1)?))));
            tx.abort(pair.err().unwrap_or(Abort::User));
            pair.ok()
        });
        writer.join();
        reader.join()
    });
    assert_eq!(reached, [None, Some((0, 0)), Some((1, 1))]);
}
