//! Claim: a round of shared work ends for all members, when all work is done and not before, and what
//! each member did is seen by whoever learns that the round is over, also if one joins too late.
//! Bound: 2 threads, 3 preemptions (deep 5). A lost wake-up shows as a deadlock.
//! Kills: end_unnoticed, over_at_once.
#![cfg(loom)]

use taipan_loom_tests::outcomes_bounded;
use taipan_stm::{
    WorkPool,
    sync::{Arc, AtomicUsize, Ordering, thread},
};

/// Works until the round is over: 2 makes two of 1, and 1 makes nothing. Shares whenever it is asked to.
fn work(pool: &WorkPool<u32>, mut list: Vec<u32>, done: &AtomicUsize) {
    loop {
        while let Some(n) = list.pop() {
            if n == 2 {
                list.extend([1, 1]);
            }
            if pool.is_wanted() && list.len() > 1 {
                pool.put(list.drain(..1).collect());
            }
            // Not a read-modify-write: each member has a counter of its own.
            done.store(done.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        }
        match pool.take() {
            Some(chunk) => list = chunk,
            None => return,
        }
    }
}

/// How many of the three numbers the first member did, and how many it sees as done by the second, which joins in advance
/// or when it gets to it.
fn round(in_advance: bool) -> (usize, usize) {
    let pool = Arc::new(WorkPool::new());
    let counts = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
    let joined = in_advance && pool.join();
    let other = thread::spawn({
        let (pool, counts) = (pool.clone(), counts.clone());
        move || {
            if joined || pool.join() {
                work(&pool, Vec::new(), &counts[1]);
            }
        }
    });
    work(&pool, vec![2], &counts[0]);
    let seen = (counts[0].load(Ordering::Relaxed), counts[1].load(Ordering::Relaxed));
    other.join().unwrap();
    seen
}

#[test]
fn a_round_ends_when_all_is_done() {
    let reached = outcomes_bounded(3, 5, || round(true));
    // The second member was given one and came back with it done.
    assert!(reached.contains(&(2, 1)), "{reached:?}");
    assert!(reached.iter().all(|(mine, others)| mine + others == 3), "{reached:?}");
}

#[test]
fn a_round_does_not_wait_for_who_may_join() {
    let reached = outcomes_bounded(3, 5, || round(false));
    assert!(reached.contains(&(3, 0)));
    assert!(reached.iter().all(|(mine, others)| mine + others == 3), "{reached:?}");
}
