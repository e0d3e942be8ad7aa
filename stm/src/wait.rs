//! `retry`: a thread sleeps until something that its attempt read has changed.
//!
//! Waiters stand in a table by address of the orec. To wait, a thread sets WAITERS in the header
//! under the table's lock, and only if the word is still the one it read; a commit whose claim
//! replaced a word with WAITERS wakes everybody at that address after it has published.
//!
//! Why no wake-up is lost: the claim is a compare-and-swap on the same word as the mark. Either it
//! comes first, then marking fails and the thread does not sleep; or it sees the mark, and then its
//! wake-up, which takes the table's lock, comes after the registration.
//!
//! - Holds: a word with WAITERS set has its waiters in the table (others may linger without a mark).
//! - Holds: an abort keeps the mark and wakes nobody, as contents have not changed.
//! - Edges: `claim`, and the table's locks.

use std::{collections::HashMap, time::Duration};

use crate::{
    cell::OrecPtr,
    domain::Domain,
    error::Abort,
    orec::{FLAGS, WAITERS},
    sync::{Arc, Condvar, MODELED, Mutex, lock, mutant, thread, wait},
    txn::Txn,
};

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Something that was read has (or may have) changed: run the transaction again.
    Changed,
    /// [`Interrupter::interrupt`] was called.
    Interrupted,
    /// The time was up.
    TimedOut,
    /// Nothing was read, so nothing could ever change.
    NothingRead,
}

#[derive(Debug, Default)]
struct Flags {
    changed: bool,
    interrupted: bool,
}

/// A sleeping thread.
#[derive(Debug)]
struct Sleeper {
    flags: Mutex<Flags>,
    woken: Condvar,
}

impl Sleeper {
    fn wake(&self) {
        lock(&self.flags).changed = true;
        self.woken.notify_one();
    }
}

/// Ends waits of one [`Txn`] from outside: a signal, a shutdown.
#[derive(Clone, Debug)]
pub struct Interrupter(Arc<Sleeper>);

impl Interrupter {
    /// Ends the present wait with [`Wake::Interrupted`], or else the next one.
    pub fn interrupt(&self) {
        lock(&self.0.flags).interrupted = true;
        self.0.woken.notify_one();
    }
}

/// What one handle waits for.
#[derive(Debug)]
pub(crate) struct WaitList {
    sleeper: Arc<Sleeper>,
    entries: Vec<WaitEntry>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct WaitEntry {
    pub(crate) orec: OrecPtr,
    word: u64,
}

impl WaitEntry {
    /// Is the object free and as it was?
    fn is_unchanged(self) -> bool {
        self.orec.sample() & !FLAGS == self.word
    }
}

impl WaitList {
    pub(crate) fn new() -> WaitList {
        let sleeper = Sleeper { flags: Mutex::new(Flags::default()), woken: Condvar::new() };
        WaitList { sleeper: Arc::new(sleeper), entries: Vec::new() }
    }

    pub(crate) fn entries(&self) -> &[WaitEntry] {
        &self.entries
    }
}

/// How often a thread lets others run before it sleeps: on the way into a sleep and out of it, the
/// kernel spends several times as long as on a thread that only waits for its turn.
const YIELDS: u32 = if MODELED { 1 } else { 8 };

const SHARDS: usize = if MODELED { 1 } else { 32 };

/// All waiters of a domain, by address of the orec they wait for.
pub(crate) struct Waiters {
    shards: [Mutex<HashMap<usize, Vec<Arc<Sleeper>>>>; SHARDS],
}

impl Waiters {
    pub(crate) fn new() -> Waiters {
        Waiters { shards: std::array::from_fn(|_| Mutex::new(HashMap::new())) }
    }

    fn shard(&self, addr: usize) -> &Mutex<HashMap<usize, Vec<Arc<Sleeper>>>> {
        &self.shards[(addr >> 4) % self.shards.len()]
    }

    /// Wakes everybody who waits for the orec at `addr`.
    pub(crate) fn wake(&self, addr: usize) {
        let sleepers = lock(self.shard(addr)).remove(&addr).unwrap_or_default();
        sleepers.iter().for_each(|sleeper| sleeper.wake());
    }

    /// Registers for a change of `entry`; false if it has changed already.
    fn register(&self, entry: WaitEntry, sleeper: &Arc<Sleeper>) -> bool {
        let mut shard = lock(self.shard(entry.orec.addr()));
        loop {
            let now = entry.orec.sample();
            if now & !FLAGS != entry.word && !mutant("sleep_without_check") {
                return false;
            }
            if now & WAITERS != 0
                || now & !FLAGS != entry.word
                || mutant("sleeper_unmarked")
                || entry.orec.exchange(now, now | WAITERS).is_ok()
            {
                break;
            }
        }
        shard.entry(entry.orec.addr()).or_default().push(sleeper.clone());
        true
    }

    fn unregister(&self, entry: WaitEntry, sleeper: &Arc<Sleeper>) {
        let addr = entry.orec.addr();
        let mut shard = lock(self.shard(addr));
        if let Some(sleepers) = shard.get_mut(&addr) {
            sleepers.retain(|other| !Arc::ptr_eq(other, sleeper));
            if sleepers.is_empty() {
                shard.remove(&addr);
            }
        }
    }
}

impl Txn {
    /// Rolls the running attempt back and sleeps until something that it read (or wrote) changes.
    ///
    /// The attempt is over when this returns. Returns at once if there has been a change already.
    pub fn wait_for_change(&mut self, timeout: Option<Duration>) -> Wake {
        self.give_up_for_change();
        self.run_actions(false);
        self.sleep_for_change(timeout)
    }

    /// Rolls the running attempt back and notes what [`Txn::sleep_for_change`] is to wait for.
    pub(crate) fn give_up_for_change(&mut self) {
        debug_assert!(self.is_active(), "wait_for_change without begin");
        self.waits.entries.clear();
        self.collect_waits();
        self.undo.restore(0);
        let mut waits = std::mem::take(&mut self.waits.entries);
        self.publish_abort(|orec, word| waits.push(WaitEntry { orec, word }));
        self.waits.entries = waits;
        self.finish_abort(Abort::Retry);
    }

    /// Sleeps until something noted changes; what was noted is still alive.
    pub(crate) fn sleep_for_change(&mut self, timeout: Option<Duration>) -> Wake {
        let wake = if self.changes_in_passing() {
            Wake::Changed
        } else {
            self.waits.sleep(&self.domain, timeout, |wait| self.block(wait))
        };
        self.waits.entries.clear();
        wake
    }

    /// Lets other threads run, and looks in between whether something noted has changed. Only a yes
    /// counts: who registers looks again.
    fn changes_in_passing(&self) -> bool {
        let mut changed = false;
        let mut look = || {
            for _ in 0..YIELDS {
                thread::yield_now();
                changed = self.waits.entries.iter().any(|entry| !entry.is_unchanged())
                    || mutant("passing_counts_as_change");
                if changed {
                    break;
                }
            }
        };
        self.block(&mut look);
        changed
    }

    /// What was only read; what is owned gets its words from the release.
    fn collect_waits(&mut self) {
        for entry in self.reads.entries() {
            if entry.orec.recheck() != self.owned_word {
                self.waits.entries.push(WaitEntry { orec: entry.orec, word: entry.word });
            }
        }
    }

    /// A handle with which other threads end this one's waits.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(self.waits.sleeper.clone())
    }
}

impl WaitList {
    fn sleep(
        &self,
        domain: &Domain,
        timeout: Option<Duration>,
        block: impl FnOnce(&mut dyn FnMut()),
    ) -> Wake {
        if self.entries.is_empty() {
            return Wake::NothingRead;
        }
        lock(&self.sleeper.flags).changed = false;
        let registered = self
            .entries
            .iter()
            .take_while(|&&entry| domain.waiters.register(entry, &self.sleeper))
            .count();
        if mutant("changed_reset_late") {
            lock(&self.sleeper.flags).changed = false;
        }
        let wake = if registered == self.entries.len() || mutant("sleep_though_changed") {
            self.park(timeout, block)
        } else {
            Wake::Changed
        };
        for &entry in &self.entries[..registered] {
            domain.waiters.unregister(entry, &self.sleeper);
        }
        wake
    }

    fn park(&self, timeout: Option<Duration>, block: impl FnOnce(&mut dyn FnMut())) -> Wake {
        let mut wake = Wake::Changed;
        block(&mut || {
            let deadline = timeout.map(|timeout| std::time::Instant::now() + timeout);
            let mut flags = lock(&self.sleeper.flags);
            loop {
                if std::mem::take(&mut flags.interrupted) {
                    wake = Wake::Interrupted;
                    return;
                }
                if flags.changed {
                    return;
                }
                let left =
                    deadline.map(|at| at.saturating_duration_since(std::time::Instant::now()));
                if left == Some(Duration::ZERO) {
                    wake = Wake::TimedOut;
                    return;
                }
                flags = wait(&self.sleeper.woken, flags, left).0;
            }
        });
        wake
    }
}
