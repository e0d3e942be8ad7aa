//! Claim: an exclusive section runs beside no attempt of any other thread, whoever else asks for one.
//! Bound: 3 threads, 1 word, 1 preemption (deep 2). Two workers beside one section are beyond the
//! checker.
//! Kills: exclusive_beside_attempts, gate_ignored (also killed elsewhere).
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, registered, stopped_meanwhile, with_thread};
use taipan_stm::{
    Abort, Config, Domain, Thread,
    sync::{Arc, thread},
    words::{Handle, Words},
};

/// Runs `body` on a registered thread of its own.
fn party<T: 'static>(
    words: &Arc<Words>,
    domain: &Arc<Domain>,
    body: impl FnOnce(&mut Handle) -> T + 'static,
) -> thread::JoinHandle<T> {
    let (idle, registration) = (Handle::new(words).unwrap().idle(), Thread::register(domain));
    thread::spawn(move || registered(registration, || body(&mut idle.into_handle())))
}

/// Writes the word twice with a safepoint between; true if that was committed.
fn work(tx: &mut Handle) -> bool {
    tx.begin();
    let wrote = tx.write(0, 8).and_then(|()| {
        with_thread(Thread::poll);
        if tx.is_doomed() { Err(Abort::Killed) } else { tx.write(0, 9) }
    });
    match wrote {
        Ok(()) => tx.commit().is_ok(),
        Err(cause) => {
            tx.abort(cause);
            false
        }
    }
}

/// What an exclusive section finds.
fn look(words: &Arc<Words>) -> impl FnOnce(&mut Handle) -> u64 + 'static {
    let words = words.clone();
    move |tx| with_thread(|thread| tx.exclusive(thread, || words.snapshot()[0]))
}

fn world() -> (Arc<Words>, Arc<Domain>) {
    let domain =
        Domain::new(Config { threads_max: 3, on_block: stopped_meanwhile, ..Config::default() });
    (Words::new(&domain, &[0]), domain)
}

#[test]
fn two_sections_and_a_worker() {
    let reached = outcomes_bounded(1, 2, || {
        let (words, domain) = world();
        let worker = party(&words, &domain, work);
        let one = party(&words, &domain, look(&words));
        let two = party(&words, &domain, look(&words));
        (one.join().unwrap(), two.join().unwrap(), worker.join().unwrap())
    });
    let all = [(0, 0, false), (0, 0, true), (0, 9, true), (9, 0, true), (9, 9, true)];
    assert_eq!(reached, all);
}
