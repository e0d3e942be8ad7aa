//! Claim: words that an attempt turns round in place are seen as they were or as a commit left them, never in
//! between, and an abort turns them back.
//! Bound: 2 threads, 1 row of 2 words, 2 preemptions (deep 3).
//! Kills: rotation_stays.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn};
use taipan_stm::{Abort, Config, Domain, words::Words};

fn outcomes_beside_a_reader(commits: bool) -> Vec<Option<Vec<u64>>> {
    outcomes_bounded(2, 3, move || {
        let words = Words::row(&Domain::new(Config::default()), &[1, 2]);
        let writer = spawn(&words, move |tx| {
            tx.begin();
            if tx.rotate_row(1).is_ok() {
                if commits {
                    tx.commit().unwrap();
                } else {
                    tx.abort(Abort::User);
                }
            }
        });
        let reader = spawn(&words, |tx| tx.attempt(|tx| tx.read_row()).ok());
        writer.join();
        reader.join()
    })
}

#[test]
fn an_abort_turns_back() {
    let reached = outcomes_beside_a_reader(false);
    assert_eq!(reached, [None, Some(vec![1, 2])]);
}

#[test]
fn a_commit_turns_all_at_once() {
    let reached = outcomes_beside_a_reader(true);
    assert_eq!(reached, [None, Some(vec![1, 2]), Some(vec![2, 1])]);
}
