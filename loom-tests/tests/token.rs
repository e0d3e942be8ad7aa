//! Claim: at most one thread holds the token, and everyone who asks gets it.
//! Bound: 2 threads, 1 word, 3 preemptions (deep 5).
//! Kills: token_shared.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world};
use taipan_stm::{
    sync::{Arc, AtomicUsize, Ordering},
    words::Handle,
};

fn hold(holders: Arc<AtomicUsize>) -> impl FnOnce(&mut Handle) {
    move |tx| {
        tx.begin_irrevocable();
        assert!(tx.is_irrevocable());
        assert_eq!(holders.fetch_add(1, Ordering::Relaxed), 0, "two holders");
        let seen = tx.read(0).expect("an irrevocable read cannot fail");
        tx.write(0, seen + 1).expect("an irrevocable write cannot fail");
        holders.fetch_sub(1, Ordering::Relaxed);
        tx.commit().expect("an irrevocable commit cannot fail");
    }
}

#[test]
fn one_holder_at_a_time() {
    let reached = outcomes_bounded(3, 5, || {
        let words = world(1);
        let holders = Arc::new(AtomicUsize::new(0));
        let one = spawn(&words, hold(holders.clone()));
        let two = spawn(&words, hold(holders));
        one.join();
        two.join();
        words.snapshot()[0]
    });
    assert_eq!(reached, [2]);
}
