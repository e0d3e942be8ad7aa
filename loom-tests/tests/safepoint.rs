//! Claim: while the world is stopped no other registered thread runs, and any number of threads may
//! ask at once.
//! Bound: 2 threads, 3 preemptions (deep 5).
//! Kills: resume_without_fence, stop_without_fence, request_without_fence, stop_unreleased,
//! stop_unacquired, resume_unreleased, resume_unacquired.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, worker};
use taipan_stm::{
    Config, Domain, Thread,
    sync::{Arc, AtomicUsize, Ordering, thread},
};

fn domain() -> Arc<Domain> {
    Domain::new(Config { threads_max: 1, ..Config::default() })
}

#[test]
fn a_stopped_world_stands_still() {
    let reached = outcomes_bounded(3, 5, || {
        let domain = domain();
        let inside = Arc::new(AtomicUsize::new(0));
        let other = thread::spawn(worker(Thread::register(&domain), &inside));
        let me = Thread::register(&domain);
        let seen = me.stop_the_world(|| inside.load(Ordering::Relaxed));
        drop(me);
        other.join().unwrap();
        seen
    });
    assert_eq!(reached, [0]);
}

#[test]
fn two_requests_at_once_do_not_deadlock() {
    let reached = outcomes_bounded(3, 5, || {
        let domain = domain();
        let count = Arc::new(AtomicUsize::new(0));
        let stop = |thread: Thread, count: Arc<AtomicUsize>| {
            move || {
                thread.stop_the_world(|| {
                    let seen = count.load(Ordering::Relaxed);
                    count.store(seen + 1, Ordering::Relaxed);
                });
            }
        };
        let other = thread::spawn(stop(Thread::register(&domain), count.clone()));
        stop(Thread::register(&domain), count.clone())();
        other.join().unwrap();
        (count.load(Ordering::Relaxed), domain.safepoints().running())
    });
    assert_eq!(reached, [(2, 0)]);
}

/// What the stopped world changed is seen as a whole by a thread that runs again, also if it came
/// back so late that it did not have to wait.
#[test]
fn a_stopped_world_changes_at_once() {
    let reached = outcomes_bounded(3, 5, || {
        let domain = domain();
        let pair = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
        let worker = Thread::register(&domain);
        let other = thread::spawn({
            let pair = pair.clone();
            move || {
                worker.enter_blocking();
                worker.leave_blocking();
                let second = pair[1].load(Ordering::Relaxed);
                (pair[0].load(Ordering::Relaxed), second)
            }
        });
        let me = Thread::register(&domain);
        me.stop_the_world(|| pair.iter().for_each(|cell| cell.store(1, Ordering::Relaxed)));
        drop(me);
        other.join().unwrap()
    });
    assert_eq!(reached, [(0, 0), (1, 1)]);
}
