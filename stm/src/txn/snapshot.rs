//! What an attempt's snapshot admits, and how it moves forward; the rules stand in `txn.rs`.
//!
//! - Holds: after a validation the snapshot time is that of the validation.
//! - Edges: `clock`.

use crate::{
    cell::OrecPtr,
    clock::Clock,
    error::Abort,
    orec::{self, OWN_MASK, slot_of, stamp_of},
    sync::mutant,
    txn::{Flags, Txn},
};

impl Txn {
    /// Lets the fast paths admit what the snapshot holds: rules 1 and 2.
    pub(super) fn open_fast_paths(&mut self) {
        if self.flags.any(Flags::IRREVOCABLE.union(Flags::COLD)) {
            self.close_fast_paths();
        } else {
            self.rv_bound = orec::bound(self.rv);
        }
    }

    /// Sends every access to the cold path: each must be marked, may be shaken, or is watched.
    pub(crate) fn close_fast_paths(&mut self) {
        self.rv_bound = 0;
        self.unread_bound = 0;
    }

    /// Makes the handle what most attempts begin with; see `unread_bound`.
    pub(crate) fn reopen_unread(&mut self) {
        self.unread_bound = orec::ANY_FREE;
    }

    /// Is a word certainly of the snapshot?
    #[inline(always)]
    pub(super) fn is_admitted(&self, word: u64) -> bool {
        if mutant("closed_admits_zero") && word == 0 {
            return true;
        }
        word < self.rv_bound || (word & OWN_MASK == self.slot && self.rv_bound != 0)
    }

    /// Sees to it that an object under the free `word` belongs to the snapshot (rules 1 to 3).
    pub(super) fn admit(&mut self, orec: OrecPtr, word: u64) -> Result<(), Abort> {
        let version = stamp_of(word);
        if version <= self.rv || self.admitted == (orec.addr(), word) {
            return Ok(());
        }
        if mutant("no_rv_check") {
            return Ok(());
        }
        if slot_of(word) == self.slot || mutant("any_slot_is_mine") {
            return Ok(());
        }
        self.raise_credit = self.raise_credit.saturating_sub(1);
        if self.raise_credit == 0 || self.reads.len() > self.domain.config.validate_max {
            self.raise_credit = self.domain.config.raise_after;
            self.extend(version)?;
        } else {
            self.validate()?;
        }
        self.admitted = (orec.addr(), word);
        Ok(())
    }

    /// Moves the snapshot forward so that it admits `version`, moving the clock if need be.
    ///
    /// Cost: one load per read-set entry; a store to the clock's line if it lags.
    ///
    /// # Source
    /// Snapshot extension: Riegel, Felber and Fetzer, DISC 2006.
    #[cold]
    fn extend(&mut self, version: u64) -> Result<(), Abort> {
        if mutant("extend_validates_early") {
            self.validate()?;
        }
        let mut now = self.domain.clock.now();
        if mutant("extend_without_raise") {
            now = now.max(version);
        }
        if now < version {
            self.domain.clock.raise(version);
            self.stats.clock_raises += 1;
            now = self.domain.clock.now();
        }
        self.stats.extensions += 1;
        if !mutant("extend_validates_early") {
            self.validate()?;
        }
        self.rv = now;
        self.open_fast_paths();
        Ok(())
    }

    /// Checks that everything read is unchanged; the snapshot time is now the time of this call.
    pub(crate) fn validate(&mut self) -> Result<(), Abort> {
        if !mutant("admitted_kept") {
            self.admitted.0 = 0;
        }
        match self.reads.first_stale(self.owned_word) {
            Some(orec) if !mutant("no_extension_validation") => Err(self.lost_to_change(orec)),
            _ => Ok(()),
        }
    }

    /// The attempt has read what has changed since.
    #[cold]
    pub(crate) fn lost_to_change(&mut self, orec: OrecPtr) -> Abort {
        self.book_conflict(orec);
        Abort::Stale
    }
}
