//! Claim: an exclusive section runs beside no attempt: it meets no uncommitted write, and its raw
//! changes tear nobody's snapshot.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 5).
//! Kills: exclusive_beside_attempts, gate_ignored.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, registered, stopped_meanwhile, with_thread};
use taipan_stm::{
    Abort, Config, Domain, Thread,
    sync::{Arc, AtomicUsize, Ordering, thread},
    words::{Handle, Words},
};

fn work(words: &Arc<Words>, raw: &AtomicUsize) -> Option<bool> {
    let mut tx = Handle::new(words).unwrap();
    tx.begin();
    if let Err(cause) = tx.write(0, 9) {
        tx.abort(cause);
        return None;
    }
    let before = raw.load(Ordering::Relaxed);
    with_thread(Thread::poll);
    if tx.is_doomed() {
        tx.abort(Abort::Killed);
        return None;
    }
    let after = raw.load(Ordering::Relaxed);
    tx.commit().ok()?;
    Some(before == after)
}

#[test]
fn no_attempt_spans_an_exclusive_section() {
    let reached = outcomes_bounded(3, 5, || {
        let config = Config { threads_max: 2, on_block: stopped_meanwhile, ..Config::default() };
        let domain = Domain::new(config);
        let words = Words::new(&domain, &[0]);
        let raw = Arc::new(AtomicUsize::new(0));
        let registration = Thread::register(&domain);
        let worker = thread::spawn({
            let (words, raw) = (words.clone(), raw.clone());
            move || registered(registration, || work(&words, &raw))
        });
        let mut tx = Handle::new(&words).unwrap();
        let thread = Thread::register(&domain);
        let found = tx.exclusive(&thread, || {
            raw.store(1, Ordering::Relaxed);
            words.snapshot()[0]
        });
        drop(thread);
        (worker.join().unwrap(), found)
    });
    assert_eq!(reached, [(None, 0), (Some(true), 0), (Some(true), 9)]);
}
