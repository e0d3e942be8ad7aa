//! The threads of a domain and how one of them stops all others.
//!
//! A registered thread either runs or is stopped. It stops at a [`poll`](Thread::poll) when asked,
//! and counts as stopped between [`enter_blocking`](Thread::enter_blocking) and
//! [`leave_blocking`](Thread::leave_blocking). A thread that wants to stop the world counts as
//! stopped while it waits for its turn, so any number of them may ask at once.
//!
//! - Holds: while a world is stopped, every other registered thread is stopped and stays so.
//! - Edges: `safepoint`.
//! - Not here: what the stopped world is used for; how native stacks are scanned.

use crate::{
    domain::{Apart, Domain},
    sync::{
        Arc, AtomicBool, AtomicU64, AtomicUsize, Condvar, Mutex, Ordering, fence, lock, mutant,
        order, wait,
    },
};

const STOPPED: u64 = 0;
const RUNNING: u64 = 1;

#[derive(Debug)]
#[repr(align(128))]
struct Record {
    state: AtomicU64,
}

/// All registered threads of a domain.
#[derive(Debug)]
pub struct Safepoints {
    requested: AtomicBool,
    /// Written at every blocking call, unlike the flag that every poll reads.
    running: Apart<AtomicUsize>,
    threads: Mutex<Vec<Arc<Record>>>,
    stopped: Condvar,
    resumed: Condvar,
    turn: Mutex<()>,
}

impl Safepoints {
    pub(crate) fn new() -> Safepoints {
        Safepoints {
            requested: AtomicBool::new(false),
            running: Apart(AtomicUsize::new(0)),
            threads: Mutex::new(Vec::new()),
            stopped: Condvar::new(),
            resumed: Condvar::new(),
            turn: Mutex::new(()),
        }
    }

    /// How many registered threads are not stopped or blocking.
    pub fn running(&self) -> usize {
        // Relaxed: a momentary answer; whoever acts on it stops the world first.
        self.running.load(Ordering::Relaxed)
    }

    /// How many threads are registered.
    pub fn registered(&self) -> usize {
        lock(&self.threads).len()
    }

    /// The flag that polls look at: true while somebody wants the world stopped.
    #[inline(always)]
    pub fn requested(&self) -> &AtomicBool {
        &self.requested
    }
}

/// Asks for the world on creation, gives it back on drop (also in a panic).
struct Request<'a>(&'a Safepoints);

impl Drop for Request<'_> {
    fn drop(&mut self) {
        // EDGE(safepoint), release side: what was done in the stopped world is visible to whoever
        // sees the flag cleared.
        self.0.requested.store(false, order("resume_unreleased", Ordering::Release));
        if !mutant("resume_without_notice") {
            self.0.resumed.notify_all();
        }
    }
}

/// A thread's registration with the safepoints of a domain; dropped when the thread ends.
#[derive(Debug)]
pub struct Thread {
    domain: Arc<Domain>,
    record: Arc<Record>,
}

impl Thread {
    /// Registers the calling thread as running; waits while the world is stopped.
    #[must_use]
    pub fn register(domain: &Arc<Domain>) -> Thread {
        let record = Arc::new(Record { state: AtomicU64::new(STOPPED) });
        lock(&domain.safepoints().threads).push(record.clone());
        let thread = Thread { domain: domain.clone(), record };
        thread.leave_blocking();
        thread
    }

    /// Stops here if somebody has asked for it. Cost: one relaxed load.
    #[inline(always)]
    pub fn poll(&self) {
        if self.is_requested() {
            self.stop();
        }
    }

    /// Has somebody asked this thread to stop?
    #[inline(always)]
    pub fn is_requested(&self) -> bool {
        // Relaxed: `stop` synchronizes.
        self.domain.safepoints().requested.load(Ordering::Relaxed)
    }

    /// Counts as stopped until the world goes on.
    #[cold]
    #[inline(never)]
    pub fn stop(&self) {
        self.enter_blocking();
        self.leave_blocking();
    }

    /// From here on this thread counts as stopped: it touches nothing that a stopped world may
    /// change or look at.
    pub fn enter_blocking(&self) {
        let safepoints = self.domain.safepoints();
        // Relaxed: see `running`.
        safepoints.running.fetch_sub(1, Ordering::Relaxed);
        self.set_stopped(safepoints);
    }

    fn set_stopped(&self, safepoints: &Safepoints) {
        // EDGE(safepoint), release side: all this thread did is visible to the thread that finds
        // it stopped.
        self.record.state.store(STOPPED, order("stop_unreleased", Ordering::Release));
        // The fence orders the state before the flag; the requester has the mirror image.
        if !mutant("stop_without_fence") {
            fence(Ordering::SeqCst);
        }
        if safepoints.requested.load(Ordering::Relaxed) {
            let _threads = lock(&safepoints.threads);
            if !mutant("stop_without_notice") {
                safepoints.stopped.notify_all();
            }
        }
    }

    /// This thread runs again; waits while the world is stopped.
    pub fn leave_blocking(&self) {
        let safepoints = self.domain.safepoints();
        loop {
            // Relaxed: the fence orders it before the flag; the requester has the mirror image.
            self.record.state.store(RUNNING, Ordering::Relaxed);
            if !mutant("resume_without_fence") {
                fence(Ordering::SeqCst);
            }
            // EDGE(safepoint), acquire side: pairs with the Release in `Request::drop`.
            if !safepoints.requested.load(order("resume_unacquired", Ordering::Acquire)) {
                break;
            }
            self.set_stopped(safepoints);
            let mut threads = lock(&safepoints.threads);
            while safepoints.requested.load(order("wait_unacquired", Ordering::Acquire)) {
                threads = wait(&safepoints.resumed, threads, None).0;
            }
        }
        // Relaxed: see `running`.
        safepoints.running.fetch_add(1, Ordering::Relaxed);
    }

    /// Runs `body` while every other registered thread is stopped.
    ///
    /// The caller may be in the middle of an attempt, and so may the others. `body` must neither
    /// register a thread nor stop the world again.
    pub fn stop_the_world<R>(&self, body: impl FnOnce() -> R) -> R {
        let safepoints = self.domain.safepoints();
        self.enter_blocking();
        let turn = (!mutant("turn_shared")).then(|| lock(&safepoints.turn));
        // Relaxed: the fence orders the flag before the states; stopping threads have the mirror
        // image.
        safepoints.requested.store(true, Ordering::Relaxed);
        if !mutant("request_without_fence") {
            fence(Ordering::SeqCst);
        }
        let mut threads = lock(&safepoints.threads);
        let request = Request(safepoints);
        while threads.iter().any(|thread| {
            // EDGE(safepoint), acquire side: pairs with the Release in `set_stopped`.
            thread.state.load(order("stop_unacquired", Ordering::Acquire)) == RUNNING
        }) {
            threads = wait(&safepoints.stopped, threads, None).0;
        }
        let result = body();
        drop(request);
        drop(threads);
        drop(turn);
        self.leave_blocking();
        result
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.enter_blocking();
        lock(&self.domain.safepoints().threads).retain(|other| !Arc::ptr_eq(other, &self.record));
    }
}
