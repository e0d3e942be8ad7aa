//! Claim: a box that was replaced, or that an aborted attempt had written, is freed only when no
//! attempt can look at it any more, and once.
//! Bound: 2 threads, 1 word that names a box, 3 preemptions (deep 5). The reclaimer is a stub with
//! one pin: a fence after pinning, a fence before looking for pins, as crossbeam-epoch has them.
//! Kills: no_recheck, abort_without_undo (also killed elsewhere).
#![cfg(loom)]

use taipan_loom_tests::{outcomes_bounded, spawn, world};
use taipan_stm::{
    Abort,
    sync::{Arc, AtomicUsize, Ordering, fence},
    words::Handle,
};

/// Boxes 0 (the first one) and 1, each with the number of times that it was freed.
struct Heap {
    freed: [AtomicUsize; 2],
    pinned: AtomicUsize,
}

impl Heap {
    fn new() -> Arc<Heap> {
        let freed = [AtomicUsize::new(0), AtomicUsize::new(0)];
        Arc::new(Heap { freed, pinned: AtomicUsize::new(0) })
    }

    /// Frees the box, or leaves it as garbage if a reader is pinned.
    fn retire(&self, index: usize) {
        // The box left the word before this fence; a reader that pins after it cannot find it.
        fence(Ordering::SeqCst);
        if self.pinned.load(Ordering::Acquire) == 0 {
            self.freed[index].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Looks at what the word names; is it in use?
    fn look(&self, tx: &mut Handle) -> Option<(usize, bool)> {
        self.pinned.store(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        let seen = tx.attempt(|tx| {
            let index = tx.read(0)? as usize;
            Ok((index, self.freed[index].load(Ordering::Relaxed) == 0))
        });
        self.pinned.store(0, Ordering::Release);
        seen.ok()
    }
}

/// What the reader saw, and how often each box was freed.
type End = (Option<(usize, bool)>, [usize; 2]);

fn ends(commit: bool) -> Vec<End> {
    outcomes_bounded(3, 5, move || {
        let (words, heap) = (world(1), Heap::new());
        let reader = spawn(&words, {
            let heap = heap.clone();
            move |tx| heap.look(tx)
        });
        let writer = spawn(&words, {
            let heap = heap.clone();
            move |tx| {
                tx.begin();
                let wrote = tx.write(0, 1).is_ok();
                if wrote && commit && tx.commit().is_ok() {
                    heap.retire(0);
                } else if tx.is_active() {
                    tx.abort(Abort::User);
                    heap.retire(1);
                }
            }
        });
        let seen = reader.join();
        writer.join();
        (seen, std::array::from_fn(|index| heap.freed[index].load(Ordering::Relaxed)))
    })
}

#[test]
fn a_replaced_box_outlives_its_readers() {
    let all = [
        (None, [0, 0]),
        (None, [1, 0]),
        (Some((0, true)), [0, 0]),
        (Some((0, true)), [1, 0]),
        (Some((1, true)), [0, 0]),
        (Some((1, true)), [1, 0]),
    ];
    assert_eq!(ends(true), all);
}

#[test]
fn a_box_that_never_was_committed_is_never_looked_at() {
    let all =
        [(None, [0, 0]), (None, [0, 1]), (Some((0, true)), [0, 0]), (Some((0, true)), [0, 1])];
    assert_eq!(ends(false), all);
}
