//! Claim: an exclusive section runs beside no attempt: it meets no uncommitted write, and its raw
//! changes tear nobody's snapshot. A secluded attempt's raw changes and what it then writes are one.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 5).
//! Kills: exclusive_beside_attempts, gate_ignored, seclusion_leaves_gate.
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

/// Reads what the secluded attempt changes raw, then what it writes under the protocol.
fn look(words: &Arc<Words>, raw: &AtomicUsize) -> Option<(usize, u64)> {
    let mut tx = Handle::new(words).unwrap();
    tx.begin();
    let plain = raw.load(Ordering::Relaxed);
    with_thread(Thread::poll);
    let word = if tx.is_doomed() { Err(Abort::Killed) } else { tx.read(0) };
    match word {
        Ok(word) => tx.commit().ok().map(|()| (plain, word)),
        Err(cause) => {
            tx.abort(cause);
            None
        }
    }
}

#[test]
fn a_secluded_attempt_is_seen_whole_or_not_at_all() {
    let reached = outcomes_bounded(3, 4, || {
        let config = Config { threads_max: 2, on_block: stopped_meanwhile, ..Config::default() };
        let domain = Domain::new(config);
        let words = Words::new(&domain, &[0]);
        let raw = Arc::new(AtomicUsize::new(0));
        let registration = Thread::register(&domain);
        let reader = thread::spawn({
            let (words, raw) = (words.clone(), raw.clone());
            move || registered(registration, || look(&words, &raw))
        });
        let mut tx = Handle::new(&words).unwrap();
        let thread = Thread::register(&domain);
        tx.begin_irrevocable();
        tx.seclude(&thread, || raw.store(1, Ordering::Relaxed));
        tx.write(0, 1).unwrap();
        tx.commit().unwrap();
        drop(thread);
        reader.join().unwrap()
    });
    assert_eq!(reached, [None, Some((0, 0)), Some((1, 1))]);
}
