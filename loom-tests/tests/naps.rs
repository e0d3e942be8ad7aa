//! Claim: whoever naps in a crowd or waits at a hot spot holds nothing that others wait for, neither an
//! object nor the token, and counts as stopped meanwhile; nothing is lost by it.
//! Bound: 2 threads, 2 words, 3 preemptions (deep 4; with the token 4, deep 5). Every
//! meeting makes a crowd, and every object is a
//! hot spot.
//! Kills: naps_while_owning, naps_with_the_token, hot_wait_while_owning, hot_wait_with_the_token.
#![cfg(loom)]

use std::cell::RefCell;

use taipan_loom_tests::{outcomes, outcomes_bounded, registered, spawn, stopped_meanwhile};
use taipan_stm::{
    Abort, Config, Domain, Thread,
    sync::{Arc, thread},
    words::{Handle, Words},
};

/// How attempts end: `None` is a commit.
type End = Option<Abort>;

loom::thread_local! {
    /// The words and the slot of this thread while an attempt of its own runs that must not sleep
    /// with something in hand; and does it hold the token?
    static RUNNING: RefCell<Option<(Arc<Words>, u64, bool)>> = RefCell::new(None);
}

/// Around each wait inside the protocol.
fn holding_nothing(wait: &mut dyn FnMut()) {
    RUNNING.with(|running| {
        if let Some((words, slot, irrevocable)) = &*running.borrow() {
            assert!(!irrevocable, "sleeps with the token");
            let is_mine = |word: u64| word >> 63 == 1 && word & 2047 == *slot;
            assert!((0..2).all(|index| !is_mine(words.header(index))), "sleeps while it owns");
        }
    });
    wait();
}

fn world(on_block: fn(&mut dyn FnMut())) -> (Arc<Words>, Arc<Domain>) {
    let config = Config { threads_max: 3, nap_after: 1, on_block, ..Config::default() };
    let domain = Domain::new(config);
    (Words::new(&domain, &[0, 0]), domain)
}

/// One attempt, begun by `begin`, that runs `body`.
fn attempt(
    words: &Arc<Words>,
    tx: &mut Handle,
    begin: fn(&mut Handle),
    body: impl FnOnce(&mut Handle) -> Result<(), Abort>,
) -> End {
    tx.assume_hot_spots();
    begin(tx);
    let me = (words.clone(), u64::from(tx.slot_number()), tx.is_irrevocable());
    RUNNING.with(|running| *running.borrow_mut() = Some(me));
    let result = body(tx);
    RUNNING.with(|running| *running.borrow_mut() = None);
    match result {
        Ok(()) => tx.commit().err(),
        Err(cause) => {
            tx.abort(cause);
            Some(cause)
        }
    }
}

#[test]
fn nobody_sleeps_while_it_owns() {
    let reached = outcomes(|| {
        let (words, _) = world(holding_nothing);
        let write = |first: usize, value| {
            let own = words.clone();
            spawn(&words, move |tx| {
                attempt(&own, tx, Handle::begin, |tx| {
                    tx.write(first, value)?;
                    tx.write(1 - first, value)
                })
            })
        };
        let (one, two) = (write(0, 1), write(1, 2));
        (one.join(), two.join(), words.snapshot())
    });
    let all = [
        (None, None, vec![1, 1]),
        (None, None, vec![2, 2]),
        (None, Some(Abort::Owned), vec![1, 1]),
        (Some(Abort::Owned), None, vec![2, 2]),
        (Some(Abort::Owned), Some(Abort::Owned), vec![0, 0]),
    ];
    assert_eq!(reached, all);
}

#[test]
fn nobody_sleeps_with_the_token() {
    let reached = outcomes_bounded(4, 5, || {
        let (words, _) = world(holding_nothing);
        let own = words.clone();
        let holder = spawn(&words, move |tx| {
            attempt(&own, tx, Handle::begin_irrevocable, |tx| tx.write(0, 1))
        });
        let own = words.clone();
        let rival = spawn(&words, move |tx| attempt(&own, tx, Handle::begin, |tx| tx.write(0, 2)));
        (holder.join(), rival.join(), words.snapshot()[0])
    });
    let all = [
        (None, None, 1),
        (None, None, 2),
        (None, Some(Abort::Owned), 1),
        (None, Some(Abort::Killed), 1),
    ];
    assert_eq!(reached, all);
}

/// A nap counts as stopped, so the section need not wait for its end; the attempt around it is over
/// before the section begins.
#[test]
fn an_exclusive_section_beside_a_nap() {
    let reached = outcomes(|| {
        let (words, domain) = world(stopped_meanwhile);
        let mut owner = Handle::new(&words).unwrap();
        owner.begin();
        owner.write(0, 1).unwrap();
        let (idle, own) = (Handle::new(&words).unwrap().idle(), words.clone());
        let registration = Thread::register(&domain);
        let napper = thread::spawn(move || {
            let mut tx = idle.into_handle();
            registered(registration, || attempt(&own, &mut tx, Handle::begin, |tx| tx.write(0, 2)))
        });
        owner.commit().unwrap();
        let me = Thread::register(&domain);
        let found = owner.exclusive(&me, || {
            assert_eq!(words.header(0) >> 62, 0, "an owner is left");
            words.snapshot()[0]
        });
        drop(me);
        (napper.join().unwrap(), found)
    });
    assert_eq!(reached, [(None, 1), (None, 2), (Some(Abort::Killed), 1)]);
}
