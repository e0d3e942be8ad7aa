//! Claim: a domain that has used up its versions loses nothing: versions never repeat, and whoever
//! writes goes on with the token.
//! Bound: 2 threads, 2 words, one version, which is used up before they start; 1 preemption,
//! also in the deep run: two did not end in 330 seconds.
//! Kills: version_wraps.
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world_with};
use taipan_stm::{
    Abort, Config,
    sync::{Arc, thread},
    words::{Handle, Idle, Words},
};

/// Two words at the last version, and the handle that wrote them (boxed: stacks are small here).
#[inline(never)]
fn used_up() -> (Arc<Words>, Box<Idle>) {
    let words = world_with(Config { version_max: 1, ..Config::default() }, 2);
    let mut tx = Handle::new(&words).unwrap();
    set(&mut tx, 1);
    (words, Box::new(tx.idle()))
}

fn set(tx: &mut Handle, n: u64) {
    tx.atomically(|tx| {
        tx.write(0, n)?;
        tx.write(1, n)
    });
}

#[test]
fn no_snapshot_is_torn_by_versions_that_come_back() {
    let reached = outcomes_bounded(1, 1, || {
        let (words, idle) = used_up();
        let writer = thread::spawn(move || {
            let mut tx = idle.into_handle();
            set(&mut tx, 2);
            set(&mut tx, 3);
            assert_eq!(tx.stats().tokens, 2, "committed beyond the last version");
            Box::new(tx.idle())
        });
        let reader = spawn(&words, |tx| {
            tx.begin();
            let pair = tx.read(0).and_then(|x| Ok((x, tx.read(1)?)));
            tx.abort(pair.err().unwrap_or(Abort::User));
            pair.ok()
        });
        let _writer = writer.join().unwrap();
        reader.join()
    });
    assert_eq!(reached, [None, Some((1, 1)), Some((2, 2)), Some((3, 3))]);
}
