//! The Python threads of a world: how many there are, and whether they need transactions.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use taipan_stm::Stats;

use parking_lot::Mutex;

/// Book-keeping of Python threads.
#[derive(Debug, Default)]
pub struct Threads {
    /// Python threads other than the main one that have not ended.
    running: AtomicUsize,
    /// Raised from a signal handler's side: somebody should look at `pending_signals`.
    attention: AtomicBool,
    totals: Mutex<Stats>,
}

impl Threads {
    /// Number of threads besides the main one.
    pub fn others(&self) -> usize {
        // Acquire: pairs with the Release in `ended`; a thread that sees the last other one gone sees what it wrote.
        self.running.load(Ordering::Acquire)
    }

    /// A thread is about to start.
    pub fn starting(&self) {
        self.running.fetch_add(1, Ordering::AcqRel);
    }

    /// A thread has ended.
    pub fn ended(&self) {
        self.running.fetch_sub(1, Ordering::Release);
    }

    /// Asks the main thread to look at its signals.
    pub fn raise_attention(&self) {
        self.attention.store(true, Ordering::Release);
    }

    /// Whether somebody asked; clears the flag.
    pub fn take_attention(&self) -> bool {
        // Relaxed first: the flag is polled often and rarely set.
        self.attention.load(Ordering::Relaxed) && self.attention.swap(false, Ordering::AcqRel)
    }

    /// Counters of threads that ended, for `-X stm-stats`.
    pub fn totals(&self) -> &Mutex<Stats> {
        &self.totals
    }
}
