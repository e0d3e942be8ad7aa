//! Claim: a thread that waits for a change is woken by the commit that makes it.
//! Bound: 2 threads, 1 word, 2 preemptions (deep 3). A lost wake-up shows as a deadlock.
//! Kills: commit_without_wake, sleep_without_check, abort_drops_waiters, passing_counts_as_change.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world};
use taipan_stm::{Abort, Wake, words::Handle};

fn wait_until_set(tx: &mut Handle) -> usize {
    let mut sleeps = 0;
    loop {
        tx.begin();
        match tx.read(0) {
            Ok(0) => {
                assert_eq!(tx.wait_for_change(None), Wake::Changed);
                sleeps += 1;
            }
            Ok(_) => {
                tx.abort(Abort::User);
                return sleeps;
            }
            Err(cause) => tx.abort(cause),
        }
    }
}

#[test]
fn no_wake_up_is_lost() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world(1);
        let waiter = spawn(&words, wait_until_set);
        let setter = spawn(&words, |tx| tx.atomically(|tx| tx.write(0, 1)));
        setter.join();
        waiter.join()
    });
    assert_eq!(reached, [0, 1]);
}

#[test]
fn an_abort_between_keeps_the_sleeper_registered() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world(1);
        let waiter = spawn(&words, wait_until_set);
        let setter = spawn(&words, |tx| {
            tx.begin();
            let wrote = tx.write(0, 7);
            tx.abort(wrote.err().unwrap_or(Abort::User));
            tx.atomically(|tx| tx.write(0, 1));
        });
        setter.join();
        waiter.join() > 0
    });
    assert_eq!(reached, [false, true]);
}

#[test]
fn an_interrupt_ends_a_wait() {
    let reached = outcomes_bounded(2, 3, || {
        let words = world(1);
        let mut tx = Handle::new(&words).unwrap();
        let interrupter = tx.interrupter();
        let other = taipan_stm::sync::thread::spawn(move || interrupter.interrupt());
        tx.begin();
        tx.read(0).unwrap();
        let wake = tx.wait_for_change(None) == Wake::Interrupted;
        other.join().unwrap();
        wake
    });
    assert_eq!(reached, [true]);
}
