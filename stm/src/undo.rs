//! What an attempt owns and the old words that an abort restores.
//!
//! - Holds: undo entries stand in the order of the writes; restoring goes backwards.
//! - Holds: each rotation has an entry of its own, which is never dropped before it, nor an older one.
//! - Not here: objects born in the attempt (nobody sees them after an abort, so nothing is kept).

use std::{
    collections::HashSet,
    hash::{BuildHasherDefault, Hasher},
};

use crate::{
    cell::{OrecPtr, RowPtr, SlotPtr},
    log::Log,
    read_set::{COMPACT_MIN, make_room},
};

#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnedEntry {
    pub(crate) orec: OrecPtr,
    /// The free word that the claim replaced, with its flags.
    pub(crate) old: u64,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct UndoEntry {
    pub(crate) slot: SlotPtr,
    pub(crate) old: u64,
}

/// Words that were turned round in place: undone by turning them back, so that none of them is kept.
#[derive(Clone, Copy, Debug)]
struct Rotation {
    /// The index of its entry.
    at: usize,
    row: RowPtr,
    /// By how many places towards the first one they went.
    left: usize,
}

/// Spreads addresses of words: what SipHash does against chosen keys costs most of a compaction.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_usize(byte.into()));
    }

    fn write_usize(&mut self, address: usize) {
        // Fibonacci hashing, folded: the table takes its place from the low bits and its tag from the high ones.
        let product = (self.0 ^ address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ (product >> 32);
    }
}

/// The undo log.
pub(crate) struct UndoLog {
    entries: Log<UndoEntry>,
    rotations: Vec<Rotation>,
    /// Entries below this index belong to an open savepoint and are never dropped.
    floor: usize,
    compact_at: usize,
    /// Has this attempt taken writes back?
    restored: bool,
    /// How many entries an attempt may have.
    limit: usize,
}

impl UndoLog {
    pub(crate) fn new(limit: usize) -> UndoLog {
        let entries = Log::with_capacity(limit.min(64));
        UndoLog {
            entries,
            rotations: Vec::new(),
            floor: 0,
            compact_at: limit.min(COMPACT_MIN),
            restored: false,
            limit,
        }
    }

    /// Forgets what an attempt without savepoints and rotations has noted.
    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(crate) fn reset(&mut self) {
        self.clear();
        self.rotations.clear();
        self.floor = 0;
        self.restored = false;
    }

    /// Notes what an abort restores; true if the log has grown.
    #[inline(always)]
    pub(crate) fn push(&mut self, slot: SlotPtr, old: u64) -> bool {
        if self.entries.is_full() {
            self.push_to_full(UndoEntry { slot, old });
            return true;
        }
        self.entries.push(UndoEntry { slot, old });
        false
    }

    #[cold]
    #[inline(never)]
    fn push_to_full(&mut self, entry: UndoEntry) {
        self.grow();
        self.entries.push(entry);
    }

    /// Notes that the words of `row`, which is not empty, were turned round by `left` places; true if the log has grown.
    pub(crate) fn push_rotation(&mut self, row: RowPtr, left: usize) -> bool {
        let grown = self.push(row.first(), row.first().load_own());
        self.rotations.push(Rotation { at: self.entries.len() - 1, row, left });
        grown
    }

    /// Makes room; a long attempt that overwrites the same slots keeps one entry for each.
    fn grow(&mut self) {
        if self.entries.len() >= self.compact_at {
            let mut seen: HashSet<usize, BuildHasherDefault<AddressHasher>> = HashSet::default();
            let floor = self.rotations.last().map_or(self.floor, |r| self.floor.max(r.at + 1));
            let mut index = 0;
            self.entries.edit(|entries| {
                entries.retain(|entry| {
                    index += 1;
                    index <= floor || seen.insert(entry.slot.raw().addr())
                });
            });
            self.compact_at = (self.entries.len() * 2).max(COMPACT_MIN).min(self.limit);
        }
        let limit = self.limit;
        self.entries.edit(|entries| make_room(entries, limit));
    }

    /// Has the attempt overwritten more than it may? Exact only after growth, as for reads.
    pub(crate) fn is_too_large(&self) -> bool {
        self.entries.len() > self.limit
    }

    /// Gives memory back after an attempt that was too large.
    pub(crate) fn shrink(&mut self) {
        self.entries.edit(|entries| entries.shrink_to(64));
    }

    /// Has this attempt ever written in place? (Survives a roll-back.)
    pub(crate) fn wrote(&self) -> bool {
        self.restored || !self.entries.is_empty()
    }

    pub(crate) fn entries(&self) -> &[UndoEntry] {
        &self.entries
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Protects all present entries until `unmark` with the returned floor.
    pub(crate) fn mark(&mut self) -> usize {
        std::mem::replace(&mut self.floor, self.entries.len())
    }

    pub(crate) fn unmark(&mut self, floor: usize) {
        self.floor = floor;
    }

    /// Restores the words of all entries from index `len` on, newest first, and drops them.
    pub(crate) fn restore(&mut self, len: usize) {
        self.restored |= len < self.entries.len();
        if crate::sync::mutant("abort_without_undo") {
            self.entries.truncate(len);
        }
        for (i, entry) in self.entries.iter().enumerate().skip(len).rev() {
            entry.slot.store(entry.old);
            if let Some(r) = self.rotations.pop_if(|r| r.at == i)
                && !crate::sync::mutant("rotation_stays")
            {
                r.row.rotate(r.row.len() - r.left % r.row.len());
            }
        }
        self.entries.truncate(len);
    }
}
