//! The collector's helper: one thread for each heap that marks along when there is much to mark.
//!
//! It starts with the first round that it is to take part in, and sleeps between rounds. It is no thread of the program: it
//! is not registered with the domain, it catches no signals, and nobody waits for it, neither a round (see `WorkPool`) nor
//! the end of the process. A forked child, which has only the thread that forked, must not collect; ours execute another
//! program at once.
//!
//! - Holds: the helper keeps the heap alive only while a round waits for it or it takes part in one.
//! - Not here: what it does in a round, and why that is safe (`mark.rs`).

use std::{
    mem::MaybeUninit,
    ptr,
    sync::{Arc, OnceLock, mpsc},
    thread,
};

use taipan_stm::WorkPool;

use super::{Heap, header::Obj, mark::Marker};

/// How a heap marks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marking {
    /// 1: by the thread that collects; 2: with a helper; 0: with one if there is a processor for it.
    pub markers: usize,
    /// For tests: the work is shared from the first object on, as often as possible.
    pub eager: bool,
}

/// When work is shared, in objects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Traced before help is called: below about a millisecond of marking it gains nothing.
    pub(super) alone: usize,
    /// Traced between two looks at whether the other has run out of work.
    pub(super) between: usize,
    /// The shortest stack of which a half is given away.
    pub(super) least: usize,
}

const PACE: Pace = Pace { alone: 1 << 17, between: 1 << 12, least: 8 };
const EAGER: Pace = Pace { alone: 0, between: 4, least: 2 };

/// Enough for a thread whose work list is on the heap.
const STACK_BYTES: usize = 256 << 10;

/// What both markers of a round have.
pub(super) struct Round {
    heap: Arc<Heap>,
    pool: WorkPool<Obj>,
}

impl Round {
    pub(super) fn pool(&self) -> &WorkPool<Obj> {
        &self.pool
    }
}

/// A heap's helper, started or not.
pub(super) struct Helper {
    marking: Marking,
    /// Where the thread waits for rounds; `None` if there is to be none. It ends when this goes.
    rounds: OnceLock<Option<mpsc::Sender<Arc<Round>>>>,
}

impl Helper {
    pub(super) fn new(marking: Marking) -> Self {
        Self { marking, rounds: OnceLock::new() }
    }

    pub(super) fn pace(&self) -> Pace {
        if self.marking.eager { EAGER } else { PACE }
    }

    /// Calls the helper to a round; `None` if there is no helper.
    pub(super) fn begin(&self, heap: &Arc<Heap>) -> Option<Arc<Round>> {
        let rounds = self.rounds.get_or_init(|| start(self.marking.markers)).as_ref()?;
        let round = Arc::new(Round { heap: heap.clone(), pool: WorkPool::new() });
        // A helper that ended does not join, and the round goes on without it.
        let _ = rounds.send(round.clone());
        Some(round)
    }
}

fn start(markers: usize) -> Option<mpsc::Sender<Arc<Round>>> {
    let is_wanted = match markers {
        0 => thread::available_parallelism().is_ok_and(|n| n.get() > 1),
        n => n > 1,
    };
    if !is_wanted {
        return None;
    }
    let (sender, receiver) = mpsc::channel();
    let builder = thread::Builder::new().name("gc-mark".into()).stack_size(STACK_BYTES);
    // The system may refuse: then the collector does without.
    let started = without_signals(|| builder.spawn(move || help(&receiver)));
    started.is_ok().then_some(sender)
}

fn help(rounds: &mpsc::Receiver<Arc<Round>>) {
    let _guard = AbortOnPanic;
    for round in rounds {
        Marker::help(&round.heap, &round.pool);
    }
}

/// A helper that dies in a round would leave the other marker waiting for ever, and objects unmarked.
struct AbortOnPanic;

impl Drop for AbortOnPanic {
    fn drop(&mut self) {
        if thread::panicking() {
            std::process::abort();
        }
    }
}

/// Runs `f` with all signals blocked, for threads started in it to inherit: a signal that came to the helper would not
/// interrupt what a thread of the program waits for.
fn without_signals<R>(f: impl FnOnce() -> R) -> R {
    let mut all = MaybeUninit::<libc::sigset_t>::uninit();
    let mut old = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: `sigfillset` initialises the set.
    unsafe { libc::sigfillset(all.as_mut_ptr()) };
    // SAFETY: the first set is initialised, the second is written.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), old.as_mut_ptr()) };
    let result = f();
    // SAFETY: the call above has written `old`; it fails only for a wrong first argument.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, old.as_ptr(), ptr::null_mut()) };
    result
}
