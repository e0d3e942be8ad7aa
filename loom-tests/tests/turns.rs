//! Claim: any number of threads may ask for the stopped world at once: each gets it alone, while all
//! others stand still, and then everybody goes on.
//! Bound: 3 threads, 2 preemptions (deep 3).
//! Kills: turn_shared, stop_without_notice, resume_without_notice.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, worker};
use taipan_stm::{
    Config, Domain, Thread,
    sync::{Arc, AtomicUsize, Ordering, thread},
};

#[test]
fn two_requests_and_a_worker() {
    let reached = outcomes_bounded(2, 3, || {
        let domain = Domain::new(Config { threads_max: 1, ..Config::default() });
        let inside = Arc::new(AtomicUsize::new(0));
        let stopped = Arc::new(AtomicUsize::new(0));
        let ask = |inside: &Arc<AtomicUsize>, stopped: &Arc<AtomicUsize>| {
            let me = Thread::register(&domain);
            let (inside, stopped) = (inside.clone(), stopped.clone());
            move || {
                me.stop_the_world(|| {
                    // Relaxed: the stopped world orders it.
                    stopped.store(stopped.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
                    inside.load(Ordering::Relaxed)
                })
            }
        };
        let work = thread::spawn(worker(Thread::register(&domain), &inside));
        let one = thread::spawn(ask(&inside, &stopped));
        let two = thread::spawn(ask(&inside, &stopped));
        let seen = (one.join().unwrap(), two.join().unwrap());
        work.join().unwrap();
        (seen, stopped.load(Ordering::Relaxed), domain.safepoints().running())
    });
    assert_eq!(reached, [((0, 0), 2, 0)]);
}
