//! Claim: a snapshot moves forward only if nothing read so far has changed.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 4); validation alone and with the clock moved.
//! Kills: any_slot_is_mine, no_extension_validation.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, spawn, world_with};
use taipan_stm::Config;

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
            tx.abort(taipan_stm::Abort::User);
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
