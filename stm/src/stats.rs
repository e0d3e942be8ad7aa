//! Counters of one transaction handle; a domain sums up those of dropped handles.
//!
//! - Holds: plain numbers owned by one thread, so counting costs no shared store.

use crate::error::Abort;

/// What the attempts of one [`Txn`](crate::Txn) did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Attempts that committed.
    pub commits: u64,
    /// Attempts that ended without committing, by cause in the order of [`Abort::ALL`].
    pub aborts: [u64; Abort::ALL.len()],
    /// Times a snapshot was moved forward by validating the read set.
    pub extensions: u64,
    /// Times the shared clock was moved.
    pub clock_raises: u64,
    /// Times the token was taken.
    pub tokens: u64,
    /// Nanoseconds during which the token was held.
    pub irrevocable_ns: u64,
    /// Attempts of rivals that this handle asked to end.
    pub kills: u64,
    /// Work units in aborted attempts, as reported to [`Txn::add_wasted`](crate::Txn::add_wasted).
    pub wasted_units: u64,
}

impl Stats {
    /// Attempts that ended for `cause`.
    pub fn aborts_for(&self, cause: Abort) -> u64 {
        self.aborts[cause as usize]
    }

    /// Attempts that ended without committing.
    pub fn aborts_total(&self) -> u64 {
        self.aborts.iter().sum()
    }

    pub(crate) fn add(&mut self, other: &Stats) {
        self.commits += other.commits;
        for (sum, n) in self.aborts.iter_mut().zip(other.aborts) {
            *sum += n;
        }
        self.extensions += other.extensions;
        self.clock_raises += other.clock_raises;
        self.tokens += other.tokens;
        self.irrevocable_ns += other.irrevocable_ns;
        self.kills += other.kills;
        self.wasted_units += other.wasted_units;
    }
}
