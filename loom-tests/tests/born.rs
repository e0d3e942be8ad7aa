//! Claim: an object created by an attempt needs no publication step: whoever finds it through a
//! committed pointer sees it initialized, and from then on it is guarded like any other.
//! Bound: 2 threads, a pointer and an object of two words, 3 preemptions (deep 4); a new
//! object: 3, also in the deep run, since one more takes some fifteen times as long as these 31 seconds;
//! next tenant: 2 (deep 3).
//! Kills: born_is_raw, serials_restart.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, outcomes_bounded, spawn, world};
use taipan_stm::words::Handle;

/// Word 0 points to the object: 0 is null, else the index of its first word.
fn follow(tx: &mut Handle) -> Option<(u64, u64)> {
    tx.attempt(|tx| {
        let at = tx.read(0)? as usize;
        if at == 0 { Ok((0, 0)) } else { Ok((tx.read(at)?, tx.read(at + 1)?)) }
    })
    .ok()
}

#[test]
fn a_new_object_is_seen_whole_and_guarded() {
    let reached = outcomes_bounded(3, 3, || {
        let words = world(3);
        let maker = spawn(&words, |tx| {
            tx.atomically(|tx| {
                tx.create(1, 1);
                tx.create(2, 1);
                tx.write(0, 1)
            });
            // The maker's next attempt is a stranger to the object.
            tx.attempt(|tx| {
                tx.write(1, 2)?;
                tx.write(2, 2)
            })
            .unwrap();
        });
        let reader = spawn(&words, follow);
        maker.join();
        reader.join()
    });
    assert_eq!(reached, [None, Some((0, 0)), Some((1, 1)), Some((2, 2))]);
}

#[test]
fn racing_adopters_elect_one_owner() {
    let reached = outcomes(|| {
        let words = world(2);
        let mut maker = Handle::new(&words).unwrap();
        maker.atomically(|tx| {
            tx.create(1, 1);
            tx.write(0, 1)
        });
        drop(maker);
        let add = |n: u64| {
            move |tx: &mut Handle| {
                tx.attempt(|tx| {
                    let seen = tx.read(1)?;
                    tx.write(1, seen + n)
                })
                .is_ok()
            }
        };
        let one = spawn(&words, add(1));
        let two = spawn(&words, add(2));
        let done = (one.join(), two.join());
        (done, words.snapshot()[1])
    });
    assert_eq!(reached, [((false, true), 3), ((true, false), 2), ((true, true), 4)]);
}

/// A thread that gets the slot of one that has ended is a stranger to what that one created.
#[test]
fn the_next_tenant_of_a_slot_is_a_stranger() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world(3);
        let mut maker = Handle::new(&words).unwrap();
        maker.atomically(|tx| {
            tx.create(1, 1);
            tx.create(2, 1);
            tx.write(0, 1)
        });
        drop(maker);
        let tenant = spawn(&words, |tx| {
            tx.attempt(|tx| {
                tx.write(1, 2)?;
                tx.write(2, 2)
            })
            .unwrap();
        });
        let reader = spawn(&words, follow);
        tenant.join();
        reader.join()
    });
    assert_eq!(reached, [None, Some((1, 1)), Some((2, 2))]);
}
