//! What an attempt owns and the old words that an abort restores.
//!
//! - Holds: undo entries stand in the order of the writes; restoring goes backwards.
//! - Not here: objects born in the attempt (nobody sees them after an abort, so nothing is kept).

use std::collections::HashSet;

use crate::cell::{OrecPtr, SlotPtr};

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

/// The undo log.
pub(crate) struct UndoLog {
    entries: Vec<UndoEntry>,
    /// Entries below this index belong to an open savepoint and are never dropped.
    floor: usize,
    compact_at: usize,
    /// Has this attempt ever written in place? (Survives a partial roll-back.)
    wrote: bool,
}

impl UndoLog {
    pub(crate) fn new() -> UndoLog {
        UndoLog { entries: Vec::with_capacity(64), floor: 0, compact_at: 4096, wrote: false }
    }

    #[inline(always)]
    pub(crate) fn reset(&mut self) {
        self.entries.clear();
        self.floor = 0;
        self.wrote = false;
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, slot: SlotPtr, old: u64) {
        if self.entries.len() == self.entries.capacity() {
            self.grow();
        }
        self.wrote = true;
        self.entries.push(UndoEntry { slot, old });
    }

    /// Makes room; a long attempt that overwrites the same slots keeps one entry for each.
    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        if self.entries.len() >= self.compact_at {
            let mut seen = HashSet::new();
            let floor = self.floor;
            let mut index = 0;
            self.entries.retain(|entry| {
                index += 1;
                index <= floor || seen.insert(entry.slot.raw().addr())
            });
            self.compact_at = (self.entries.len() * 2).max(4096);
        }
        if self.entries.len() == self.entries.capacity() {
            self.entries.reserve(self.entries.len().max(64));
        }
    }

    pub(crate) fn wrote(&self) -> bool {
        self.wrote
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
        if crate::sync::mutant("abort_without_undo") {
            self.entries.truncate(len);
        }
        for entry in self.entries.drain(len..).rev() {
            entry.slot.store(entry.old);
        }
    }
}
