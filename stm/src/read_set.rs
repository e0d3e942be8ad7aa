//! What an attempt has read: pairs of orec and the free word seen, and their validation.
//!
//! - Holds: an orec's entry names the word under which everything read from it was read.
//! - Holds: an entry whose orec the attempt owns was checked against the claimed word at the claim,
//!   so validation takes "owned by me" as unchanged.
//! - Not here: when validation is due (`txn.rs`, `commit.rs`).

use crate::{cell::OrecPtr, log::Log, orec::FLAGS, sync::MODELED};

/// Models keep handles on small stacks, and read less than the filter begins with.
const FILTER_LEN: usize = if MODELED { 16 } else { 256 };
/// Shorter logs do without the filter: logging an object twice is cheaper than looking.
const FILTER_FROM: usize = 16;
const SALT_STEP: u64 = 1 << 48;
/// Logs shorter than this are not searched for duplicates, unless the attempt may have no more.
pub(crate) const COMPACT_MIN: usize = 4096;

#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadEntry {
    pub(crate) orec: OrecPtr,
    pub(crate) word: u64,
}

/// The read set with its filter against logging an object twice.
///
/// The filter is direct-mapped by address; an entry holds the address and 16 bits of the attempt's
/// number, so the end of an attempt clears nothing (except every 65 535th time that the filter was used).
pub(crate) struct ReadSet {
    salt: u64,
    filter: [u64; FILTER_LEN],
    /// Does the filter know anything of this attempt?
    filtered: bool,
    entries: Log<ReadEntry>,
    compact_at: usize,
    /// How many entries an attempt may have.
    limit: usize,
}

/// Makes room for another entry, in steps that end at `limit`, so that the log grows just when an
/// attempt becomes too large.
pub(crate) fn make_room<E>(entries: &mut Vec<E>, limit: usize) {
    if entries.len() == entries.capacity() {
        let step = entries.len().max(64);
        let left = limit.saturating_sub(entries.len());
        entries.reserve_exact(if left == 0 { step } else { step.min(left) });
    }
}

impl ReadSet {
    pub(crate) fn new(limit: usize) -> ReadSet {
        ReadSet {
            salt: SALT_STEP,
            filter: [0; FILTER_LEN],
            filtered: false,
            entries: Log::with_capacity(limit.min(64)),
            compact_at: limit.min(COMPACT_MIN),
            limit,
        }
    }

    /// Forgets everything.
    #[inline(always)]
    pub(crate) fn reset(&mut self) {
        self.entries.clear();
        if self.filtered && !crate::sync::mutant("filter_kept") {
            self.renew_filter();
        }
    }

    #[inline(never)]
    fn renew_filter(&mut self) {
        self.filtered = false;
        self.salt = self.salt.wrapping_add(SALT_STEP);
        if self.salt == 0 {
            self.filter = [0; FILTER_LEN];
            self.salt = SALT_STEP;
        }
    }

    #[inline(always)]
    fn place(&self, orec: OrecPtr) -> (usize, u64) {
        let addr = orec.addr() as u64;
        ((((addr >> 4) ^ (addr >> 12)) as usize) % FILTER_LEN, addr ^ self.salt)
    }

    /// Logs the object unless the filter knows it; true if the log has grown.
    #[inline(always)]
    pub(crate) fn log(&mut self, orec: OrecPtr, word: u64) -> bool {
        if self.entries.len() >= FILTER_FROM {
            let (index, key) = self.place(orec);
            if self.filter[index] == key {
                return false;
            }
            // Addresses of user space fit 48 bits here; one that did not would simply be logged
            // each time.
            if key ^ self.salt < SALT_STEP {
                self.filter[index] = key;
                self.filtered = true;
            }
        }
        self.push(orec, word)
    }

    /// Logs the object whatever the filter says; true if the log has grown.
    #[inline(always)]
    pub(crate) fn push(&mut self, orec: OrecPtr, word: u64) -> bool {
        if crate::sync::mutant("read_not_logged") {
            return false;
        }
        if self.entries.is_full() {
            self.push_to_full(ReadEntry { orec, word });
            return true;
        }
        self.entries.push(ReadEntry { orec, word });
        false
    }

    #[cold]
    #[inline(never)]
    fn push_to_full(&mut self, entry: ReadEntry) {
        self.grow();
        self.entries.push(entry);
    }

    fn grow(&mut self) {
        if self.entries.len() >= self.compact_at {
            self.entries.edit(|entries| {
                entries.sort_unstable_by_key(|entry| (entry.orec, entry.word));
                entries.dedup_by_key(|entry| (entry.orec, entry.word));
            });
            self.compact_at = (self.entries.len() * 2).max(COMPACT_MIN).min(self.limit);
        }
        let limit = self.limit;
        self.entries.edit(|entries| make_room(entries, limit));
    }

    /// Has the attempt read more than it may? Exact only after growth, which is when it matters.
    pub(crate) fn is_too_large(&self) -> bool {
        self.entries.len() > self.limit
    }

    /// Gives memory back after an attempt that was too large.
    pub(crate) fn shrink(&mut self) {
        self.entries.edit(|entries| entries.shrink_to(64));
    }

    pub(crate) fn entries(&self) -> &[ReadEntry] {
        &self.entries
    }

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The first object that is neither as it was read nor owned by the attempt whose word is `mine`.
    #[inline]
    pub(crate) fn first_stale(&self, mine: u64) -> Option<OrecPtr> {
        let is_stale = |entry: &&ReadEntry| {
            let now = entry.orec.sample() & !FLAGS;
            now != entry.word && now != mine
        };
        self.entries.iter().find(is_stale).map(|entry| entry.orec)
    }

    /// Has `orec` been read?
    pub(crate) fn has(&self, orec: OrecPtr) -> bool {
        self.entries.iter().any(|entry| entry.orec == orec)
    }

    /// Was `orec`, just claimed, only ever read under `word`?
    pub(crate) fn agrees(&self, orec: OrecPtr, word: u64) -> bool {
        self.entries.iter().all(|entry| entry.orec != orec || entry.word == word)
    }
}
