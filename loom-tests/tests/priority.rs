//! Claim: a prioritized attempt counts among the oldest until its transaction ends: no transaction
//! that has merely lost before takes an object from it, of equals exactly one wins, and all commit.
//! Bound: 2 threads, 1 or 2 words, 3 preemptions (deep 4); both until they commit: 1, also
//! in the deep run (two did not end in 330 seconds).
//! Kills: prioritize_ignored, equals_win, equals_give_way, ticket_kept.
#![cfg(loom)]

use taipan_loom_tests::{Party, outcomes, outcomes_bounded, spawn, world, world_with};
use taipan_stm::{
    Abort, Config,
    sync::{Arc, thread},
    words::{Handle, Words},
};

/// How attempts end: `None` is a commit.
type End = Option<Abort>;

/// A handle that has lost an attempt, and so has a ticket; the first one drawn is number 1.
fn lose(words: &Arc<Words>) -> Handle {
    let mut tx = Handle::new(words).unwrap();
    tx.begin();
    tx.abort(Abort::Shake);
    tx
}

/// One attempt that writes `word`, by a handle with ticket `ticket` (1 or 2).
fn rival(words: &Arc<Words>, ticket: u64, word: usize) -> thread::JoinHandle<End> {
    let first = lose(words);
    let idle = if ticket == 1 { first.idle() } else { lose(words).idle() };
    thread::spawn(move || idle.into_handle().attempt(|tx| tx.write(word, 2)).err())
}

fn prioritized(tx: &mut Handle, word: usize) -> End {
    tx.attempt(|tx| {
        tx.prioritize();
        tx.write(word, 1)
    })
    .err()
}

#[test]
fn it_gets_what_a_younger_one_wants() {
    let reached = outcomes(|| {
        let words = world(1);
        let rival = rival(&words, 2, 0);
        let owner = spawn(&words, |tx| prioritized(tx, 0));
        (owner.join(), rival.join().unwrap())
    });
    let all = [(None, None), (None, Some(Abort::Owned)), (None, Some(Abort::Killed))];
    assert_eq!(reached, all);
}

/// The lower slot counts as older: here that of the rival.
#[test]
fn of_equals_one_ends_the_other() {
    let reached = outcomes(|| {
        let words = world(1);
        let rival = rival(&words, 1, 0);
        let owner = spawn(&words, |tx| prioritized(tx, 0));
        (owner.join(), rival.join().unwrap(), words.snapshot()[0])
    });
    let all = [
        (None, None, 1),
        (None, None, 2),
        (Some(Abort::Owned), None, 2),
        (Some(Abort::Killed), None, 2),
    ];
    assert_eq!(reached, all);
}

/// Both hold what the other wants, and nobody takes the token.
#[test]
fn of_two_of_them_one_wins() {
    let reached = outcomes(|| {
        let words = world(2);
        let write = |first: usize, value| {
            spawn(&words, move |tx| {
                tx.attempt(|tx| {
                    tx.prioritize();
                    tx.write(first, value)?;
                    tx.write(1 - first, value)
                })
                .err()
            })
        };
        let (one, two) = (write(0, 1), write(1, 2));
        (one.join(), two.join(), words.snapshot())
    });
    let all = [
        (None, None, vec![1, 1]),
        (None, None, vec![2, 2]),
        (None, Some(Abort::Owned), vec![1, 1]),
        (None, Some(Abort::Killed), vec![1, 1]),
    ];
    assert_eq!(reached, all);
}

#[test]
fn it_ends_with_the_transaction() {
    let reached = outcomes(|| {
        let words = world(2);
        let rival = rival(&words, 2, 0);
        let owner = spawn(&words, |tx| {
            assert_eq!(prioritized(tx, 1), None);
            tx.attempt(|tx| tx.write(0, 1)).err()
        });
        (owner.join(), rival.join().unwrap())
    });
    let all = [(None, None), (Some(Abort::Owned), None), (Some(Abort::Killed), None)];
    assert_eq!(reached, all);
}

/// Each adds one to both words, in opposite order.
#[test]
fn two_of_them_both_commit() {
    let reached = outcomes_bounded(1, 1, || {
        let words = world_with(Config { token_after: 2, ..Config::default() }, 2);
        let add = |first: usize| -> Party<()> {
            spawn(&words, move |tx| {
                tx.atomically(|tx| {
                    tx.prioritize();
                    for word in [first, 1 - first] {
                        let seen = tx.read(word)?;
                        tx.write(word, seen + 1)?;
                    }
                    Ok(())
                });
            })
        };
        let (one, two) = (add(0), add(1));
        one.join();
        two.join();
        assert!((0..2).all(|index| words.header(index) >> 60 == 0), "an owner is left");
        words.snapshot()
    });
    assert_eq!(reached, [[2, 2]]);
}
