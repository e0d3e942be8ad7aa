//! Claim: nothing that the irrevocable attempt has read changes before it ends, its commit does not
//! fail, and a rival in its way neither deadlocks nor loses its update for good.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 4).
//! Kills: irrevocable_read_unmarked, mark_ignored, mark_without_check, marks_stay, abort_keeps_mark,
//! failed_entry_keeps_marks, closed_admits_zero.
#![cfg(loom)]

use taipan_loom_tests::{outcomes, spawn, world};
use taipan_stm::{Abort, Config, Domain, sync::Arc, words::Words};

#[test]
fn what_it_read_stays() {
    what_was_read_stays(|| world(2));
}

#[test]
fn what_it_read_under_a_zeroed_header_stays() {
    what_was_read_stays(|| Words::zeroed(&Domain::new(Config::default()), &[0, 0]));
}

fn what_was_read_stays(make: fn() -> Arc<Words>) {
    let reached = outcomes(move || {
        let words = make();
        let holder = spawn(&words, |tx| {
            tx.begin_irrevocable();
            let first = tx.read(0).unwrap();
            tx.write(1, first + 1).unwrap();
            assert_eq!(tx.read(0), Ok(first), "a marked object was overwritten");
            tx.commit().unwrap();
            first
        });
        let rival = spawn(&words, |tx| tx.attempt(|tx| tx.write(0, 5)).is_ok());
        let result = (holder.join(), rival.join(), words.snapshot());
        assert_eq!(words.header(0) >> 60, 0, "a mark or an owner is left");
        result
    });
    let all = [(0, false, vec![0, 1]), (0, true, vec![5, 1]), (5, true, vec![5, 6])];
    assert_eq!(reached, all);
}

#[test]
fn becoming_irrevocable_keeps_the_snapshot_or_starts_again() {
    let reached = outcomes(|| {
        let words = world(2);
        let holder = spawn(&words, |tx| {
            tx.atomically(|tx| {
                let first = tx.read(0)?;
                tx.become_irrevocable()?;
                let again = tx.read(0).unwrap();
                assert_eq!(first, again);
                tx.write(1, again + 1).unwrap();
                Ok(first)
            })
        });
        let rival = spawn(&words, |tx| tx.attempt(|tx| tx.write(0, 5)).is_ok());
        (holder.join(), rival.join(), words.snapshot())
    });
    let all = [(0, false, vec![0, 1]), (0, true, vec![5, 1]), (5, true, vec![5, 6])];
    assert_eq!(reached, all);
}

#[test]
fn crossing_accesses_do_not_deadlock() {
    let reached = outcomes(|| {
        let words = world(2);
        let holder = spawn(&words, |tx| {
            tx.begin_irrevocable();
            let seen = tx.read(0).unwrap();
            tx.write(1, seen + 1).unwrap();
            tx.commit().unwrap();
        });
        let rival = spawn(&words, |tx| {
            tx.attempt(|tx| {
                let seen = tx.read(1)?;
                tx.write(1, seen + 10)?;
                tx.write(0, 5)
            })
            .is_ok()
        });
        holder.join();
        (rival.join(), words.snapshot())
    });
    let all = [(false, vec![0, 1]), (true, vec![5, 6]), (true, vec![5, 11])];
    assert_eq!(reached, all);
}

/// A program may give an irrevocable attempt up; a claim over its own mark must not bring that back.
#[test]
fn giving_up_leaves_no_mark() {
    let reached = outcomes(|| {
        let words = world(1);
        let holder = spawn(&words, |tx| {
            tx.begin_irrevocable();
            tx.read(0).unwrap();
            tx.claim(0).unwrap();
            tx.abort(Abort::User);
        });
        let rival = spawn(&words, |tx| tx.attempt(|tx| tx.write(0, 5)).is_ok());
        holder.join();
        let result = (rival.join(), words.snapshot());
        assert_eq!(words.header(0) >> 60, 0, "a mark or an owner is left");
        result
    });
    assert_eq!(reached, [(false, vec![0]), (true, vec![5])]);
}

/// Turning irrevocable marks word 0 and then finds that word 1 has changed.
#[test]
fn an_entry_that_fails_leaves_no_mark() {
    let reached = outcomes(|| {
        let words = world(2);
        let entrant = spawn(&words, |tx| {
            let mut turns = 0;
            let seen = tx.atomically(|tx| {
                turns += 1;
                let seen = (tx.read(0)?, tx.read(1)?);
                tx.become_irrevocable()?;
                Ok(seen)
            });
            (turns, seen)
        });
        let rival = spawn(&words, |tx| tx.attempt(|tx| tx.write(1, 5)).is_ok());
        let result = (entrant.join(), rival.join());
        assert!((0..2).all(|index| words.header(index) >> 60 == 0), "a mark or an owner is left");
        result
    });
    let all = [
        ((1, (0, 0)), false),
        ((1, (0, 0)), true),
        ((1, (0, 5)), true),
        ((2, (0, 0)), false),
        ((2, (0, 5)), true),
    ];
    assert_eq!(reached, all);
}
