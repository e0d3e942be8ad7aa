//! The write barrier: owning an object, then writing it in place.
//!
//! - Holds: a word is replaced by `owned_word` in one step, and the old one is noted before anything else.
//! - Holds: a claim that fails owns nothing (`disown`).
//! - Edges: `claim`, `slot`.
//! - Not here: what the snapshot admits (`txn.rs`), who gives way (`contention.rs`).

use crate::{
    cell::{OrecPtr, RowPtr, SlotPtr},
    error::Abort,
    orec::{BORN, FLAGS, IRR_READ, OWNED, Orec, slot_of, stamp_of},
    sync::{AtomicU64, mutant},
    txn::{Flags, Txn},
    undo::OwnedEntry,
};

impl Txn {
    /// Owns the object for writing; nothing happens if it is owned already or was born just now.
    ///
    /// Cost: one compare-and-swap per object and attempt.
    ///
    /// # Errors
    /// As for [`Txn::read`]. A claim that failed owns nothing, so it fails again when it is repeated.
    ///
    /// # Safety
    /// An attempt is running; `orec` stays valid until the attempt has ended.
    #[inline(always)]
    pub unsafe fn claim(&mut self, orec: *const Orec) -> Result<(), Abort> {
        // SAFETY: the caller's promise is the constructor's condition.
        let orec = unsafe { OrecPtr::new(orec) };
        debug_assert!(self.is_active(), "claim without begin");
        let word = orec.recheck();
        if word == self.owned_word || word == self.born_word {
            return Ok(());
        }
        if self.claim_free(orec, word) { Ok(()) } else { self.claim_slow(orec) }
    }

    /// As [`Txn::claim`], for an object that was not born in this attempt and is rarely owned already.
    /// (Typed variables; models use words.)
    ///
    /// # Errors
    /// As there.
    ///
    /// # Safety
    /// As there.
    #[cfg(not(loom))]
    #[inline(always)]
    pub(crate) unsafe fn claim_first(&mut self, orec: *const Orec) -> Result<(), Abort> {
        // SAFETY: the caller's promise is the constructor's condition.
        let orec = unsafe { OrecPtr::new(orec) };
        let word = orec.recheck();
        if self.claim_free(orec, word) { Ok(()) } else { self.claim_other(orec, word) }
    }

    #[cfg(not(loom))]
    #[cold]
    #[inline(never)]
    fn claim_other(&mut self, orec: OrecPtr, word: u64) -> Result<(), Abort> {
        if word == self.owned_word { Ok(()) } else { self.claim_slow(orec) }
    }

    /// Owns an object whose `word` says that it is free and of the snapshot; false if it is not.
    #[inline(always)]
    fn claim_free(&mut self, orec: OrecPtr, word: u64) -> bool {
        if !self.is_claimable(word) || orec.exchange(word, self.owned_word).is_err() {
            return false;
        }
        self.note_owned(orec, word, 0);
        true
    }

    /// Does a claim that replaces `word` need nothing more?
    #[inline(always)]
    fn is_claimable(&self, word: u64) -> bool {
        // While nothing has been read, a claim may move the snapshot to now: any free word is of it.
        // (No look at who committed it: that would be a branch on a line that is still on its way.)
        if self.reads.is_empty() || mutant("claim_forgets_reads") {
            return word < self.unread_bound;
        }
        self.is_admitted(word)
    }

    #[inline(always)]
    fn note_owned(&mut self, orec: OrecPtr, old: u64, flags: u64) {
        self.newest_owned = self.newest_owned.max(old);
        self.owned.push(OwnedEntry { orec, old: old | flags });
    }

    #[cold]
    #[inline(never)]
    fn claim_slow(&mut self, orec: OrecPtr) -> Result<(), Abort> {
        self.show_access(orec, true);
        self.check_cold()?;
        loop {
            let word = orec.sample();
            if word == self.owned_word || word == self.born_word {
                return Ok(());
            }
            let marked = word & IRR_READ != 0 && !mutant("mark_ignored");
            if word & OWNED != 0 || (marked && !self.is_irrevocable()) {
                self.conflict(orec, word)?;
            } else if word & BORN != 0 {
                self.adopt(orec, word);
            } else if orec.exchange(word, self.owned_word).is_ok() {
                self.note_owned(orec, word & !FLAGS, word & FLAGS);
                return self.admit_claimed(orec, word & !FLAGS).inspect_err(|_| self.disown());
            }
        }
    }

    /// A claimed object may be read from now on, so its old word must belong to the snapshot.
    fn admit_claimed(&mut self, orec: OrecPtr, word: u64) -> Result<(), Abort> {
        if self.is_irrevocable() || stamp_of(word) <= self.rv {
            return Ok(());
        }
        if !self.reads.agrees(orec, word) && !mutant("claim_over_stale_read") {
            return Err(self.lost_to_writer(orec));
        }
        if slot_of(word) == self.slot || mutant("claim_without_validation") {
            Ok(())
        } else {
            self.validate()
        }
    }

    /// Gives up the last claim, under which nothing has been written: the old word may come back.
    fn disown(&mut self) {
        if mutant("failed_claim_owns") {
            return;
        }
        if let Some(entry) = self.owned.pop() {
            entry.orec.publish(entry.old);
        }
    }

    /// Writes one slot in place.
    ///
    /// # Safety
    /// An attempt is running and [`Txn::claim`] of `orec` succeeded in it; `orec` guards `slot`;
    /// both stay valid until the attempt has ended. What `new` points to is initialized. (An
    /// irrevocable attempt may write what it has not claimed.)
    #[inline(always)]
    pub unsafe fn write(&mut self, orec: *const Orec, slot: *const AtomicU64, new: u64) {
        // SAFETY: the caller's promise is the constructor's condition.
        let own = unsafe { OrecPtr::new(orec) };
        let word = own.recheck();
        if word == self.born_word {
            // SAFETY: the caller's promise is the constructor's condition.
            unsafe { SlotPtr::new(slot) }.store(new);
        } else {
            if word != self.owned_word {
                self.claim_late(own);
            }
            // SAFETY: the caller's promise covers this.
            unsafe { self.write_owned(orec, slot, |_| (new, ())) };
        }
    }

    /// Turns the words of `slots` round in place, by `left` places towards the first. An abort turns them back:
    /// unlike [`Txn::write`] of each, this keeps one old word.
    ///
    /// # Safety
    /// As for [`Txn::write`] of each of the slots.
    pub unsafe fn rotate(&mut self, orec: *const Orec, slots: *const [AtomicU64], left: usize) {
        if slots.is_empty() {
            return;
        }
        // SAFETY: the caller's promise is the constructors' condition.
        let (own, row) = unsafe { (OrecPtr::new(orec), RowPtr::new(slots)) };
        let word = own.recheck();
        if word != self.born_word && word != self.owned_word {
            self.claim_late(own);
        }
        self.flags.set(Flags::UNDO);
        row.rotate(left);
        if word != self.born_word && self.undo.push_rotation(row, left) {
            // As in `write_owned`.
            let _ = self.grew();
        }
    }

    /// The object was born in an earlier attempt of this thread, which a blocking call has ended in the middle of what it did.
    #[cold]
    #[inline(never)]
    fn claim_late(&mut self, orec: OrecPtr) {
        let claimed = self.claim_slow(orec);
        debug_assert!(self.is_irrevocable() && claimed.is_ok(), "write without claim");
    }

    /// Replaces the word of one slot of an owned object by what `change` makes of it; gives the other
    /// thing that `change` gives.
    ///
    /// # Safety
    /// As for [`Txn::write`], and the object was not born in the attempt.
    #[inline(always)]
    pub(crate) unsafe fn write_owned<R>(
        &mut self,
        orec: *const Orec,
        slot: *const AtomicU64,
        change: impl FnOnce(u64) -> (u64, R),
    ) -> R {
        // SAFETY: the caller's promise is the constructors' condition.
        let (orec, slot) = unsafe { (OrecPtr::new(orec), SlotPtr::new(slot)) };
        debug_assert_eq!(orec.recheck(), self.owned_word, "write without claim");
        let old = slot.load_own();
        let (new, result) = change(old);
        if self.undo.push(slot, old) {
            // Writing cannot fail; the next claim, or the commit, does.
            let _ = self.grew();
        }
        slot.store(new);
        result
    }
}
