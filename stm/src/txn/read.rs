//! The read barrier: one slot at once, or a bracket around several loads from one object.
//!
//! - Holds: nothing read is given out before the header was seen unchanged after it.
//! - Edges: `publish`, `slot`.
//! - Not here: which words the snapshot admits (`snapshot.rs`).

use crate::{
    cell::{OrecPtr, SlotPtr},
    error::Abort,
    orec::{BORN, FLAGS, FREE_0, IRR_READ, OWNED, Orec},
    sync::{AtomicU64, mutant},
    txn::{Flags, Txn},
};

impl Txn {
    /// Reads one slot.
    ///
    /// Cost: three loads, three compares; the first read of an object also logs it.
    ///
    /// # Errors
    /// The attempt cannot go on and must be [aborted](Txn::abort) with this cause.
    ///
    /// # Safety
    /// An attempt is running; `orec` guards `slot`; both stay valid until the attempt has ended.
    #[inline(always)]
    pub unsafe fn read(&mut self, orec: *const Orec, slot: *const AtomicU64) -> Result<u64, Abort> {
        // SAFETY: the caller's promise is the constructors' condition.
        let (orec, slot) = unsafe { (OrecPtr::new(orec), SlotPtr::new(slot)) };
        debug_assert!(self.is_active(), "read without begin");
        let word = orec.sample();
        if self.is_admitted(word) {
            let value = slot.load();
            if mutant("no_recheck") || orec.recheck() == word {
                if self.reads.log(orec, word) {
                    self.grew()?;
                }
                return Ok(value);
            }
        } else if word == self.owned_word || word == self.born_word {
            return Ok(slot.load_own());
        }
        self.read_slow(orec, slot)
    }

    #[cold]
    #[inline(never)]
    fn read_slow(&mut self, orec: OrecPtr, slot: SlotPtr) -> Result<u64, Abort> {
        loop {
            let token = self.open_slow(orec)?;
            let value = slot.load();
            if self.close(orec, token)? {
                return Ok(value);
            }
        }
    }

    /// A log has grown: may it?
    #[cold]
    #[inline(never)]
    pub(super) fn grew(&mut self) -> Result<(), Abort> {
        if self.is_irrevocable() || !(self.reads.is_too_large() || self.undo.is_too_large()) {
            return Ok(());
        }
        self.flags.set(Flags::TOO_LARGE);
        self.close_fast_paths();
        Err(Abort::TooLarge)
    }

    /// What every cold path begins with.
    pub(super) fn check_cold(&mut self) -> Result<(), Abort> {
        if self.flags.any(Flags::TOO_LARGE) && !self.is_irrevocable() {
            return Err(Abort::TooLarge);
        }
        self.shake()
    }

    /// Starts a bracket in which the caller loads slots of one object (with `Acquire`) and may
    /// follow pointers to buffers that are immutable or belong to the object.
    ///
    /// # Errors
    /// As for [`Txn::read`].
    ///
    /// # Safety
    /// An attempt is running; `orec` stays valid until the attempt has ended. Nothing loaded in the
    /// bracket may be acted on before [`Txn::close_read`] has said `true`.
    #[inline(always)]
    pub unsafe fn open_read(&mut self, orec: *const Orec) -> Result<u64, Abort> {
        // SAFETY: the caller's promise is the constructor's condition.
        let orec = unsafe { OrecPtr::new(orec) };
        let word = orec.sample();
        if self.is_admitted(word) || word == self.owned_word || word == self.born_word {
            return Ok(word);
        }
        self.open_slow(orec)
    }

    /// Ends a bracket: true if everything loaded in it is consistent (the object is then logged),
    /// false if the object changed and the bracket must run again from [`Txn::open_read`].
    ///
    /// # Errors
    /// As for [`Txn::read`].
    ///
    /// # Safety
    /// `token` came from `open_read` of the same orec in the same attempt.
    #[inline(always)]
    pub unsafe fn close_read(&mut self, orec: *const Orec, token: u64) -> Result<bool, Abort> {
        // SAFETY: the caller's promise is the constructor's condition.
        let orec = unsafe { OrecPtr::new(orec) };
        self.close(orec, token)
    }

    #[inline(always)]
    fn close(&mut self, orec: OrecPtr, token: u64) -> Result<bool, Abort> {
        if orec.recheck() != token && !mutant("no_bracket_recheck") {
            return Ok(false);
        }
        let grown = if self.is_admitted(token) {
            self.reads.log(orec, token)
        } else {
            self.log_slow(orec, token)
        };
        if grown {
            self.grew()?;
        }
        Ok(true)
    }

    /// Logs what only the cold path admits; own objects need no entry, marked ones have theirs.
    #[cold]
    fn log_slow(&mut self, orec: OrecPtr, token: u64) -> bool {
        token & (OWNED | BORN) == 0
            && !self.is_irrevocable()
            && self.reads.log(orec, token & !FLAGS)
    }

    /// The header word under which the object may be read, after whatever it takes to get one.
    #[cold]
    #[inline(never)]
    fn open_slow(&mut self, orec: OrecPtr) -> Result<u64, Abort> {
        self.show_access(orec, false);
        self.check_cold()?;
        loop {
            let word = orec.sample();
            if word == self.owned_word || word == self.born_word {
                return Ok(word);
            }
            if word & OWNED != 0 {
                self.conflict(orec, word)?;
            } else if word & BORN != 0 {
                if mutant("born_is_raw") {
                    return Ok(word);
                }
                self.adopt(orec, word);
            } else if self.is_irrevocable() {
                if word & IRR_READ != 0 {
                    return Ok(word);
                }
                if self.mark_read(orec, word) {
                    return Ok(word | IRR_READ);
                }
            } else {
                self.admit(orec, word & !FLAGS)?;
                return Ok(word);
            }
        }
    }

    /// Makes a born object of another attempt an ordinary one at version 0.
    #[inline(never)]
    pub(super) fn adopt(&mut self, orec: OrecPtr, word: u64) {
        // A failure means that somebody else did it.
        let _ = orec.exchange(word, FREE_0);
    }
}
