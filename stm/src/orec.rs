//! Ownership records: one word that says "free at version v", "owned by attempt n of slot s" or
//! "born in attempt n of slot s".
//!
//! | word | 63 | 62 | 61 | 60 | 59..11 | 10..0 |
//! |---|---|---|---|---|---|---|
//! | free | 0 | 0 | WAITERS | IRR_READ | version | slot that committed it |
//! | owned | 1 | 0 | 0 | 0 | serial of the owning attempt | slot |
//! | born | 0 | 1 | 0 | 0 | serial of the creating attempt | slot |
//!
//! The flags make a free word larger than every snapshot's, so the reader's one compare
//! `word < rv_bound` sends flagged, owned, born and too new words alike to the cold path.
//!
//! - Holds: an orec's version strictly increases with every publication (commit or abort), so a
//!   free word never comes back once it has been replaced.
//! - Holds: zeroed memory is a free word at version 0, committed by nobody, as [`FREE_0`] is (no slot has number 0). Bounds are
//!   exclusive, so that 0 admits nothing, not even that.
//! - Edges: `claim`, `publish`, `slot` (docs/memory-model.md).
//! - Not here: which orec guards which slots (the caller's business), the order of commit
//!   (`commit.rs`), raw pointers to orecs (`cell.rs`).

use crate::sync::{AtomicU64, Ordering, model_step, order};

/// Bits of a word that hold the slot.
pub(crate) const SLOT_BITS: u32 = 11;
/// The largest slot number; as the slot of a free word it means "nobody".
pub(crate) const SLOT_MASK: u64 = (1 << SLOT_BITS) - 1;
/// The largest version and the largest serial.
pub(crate) const VERSION_MAX: u64 = (1 << 49) - 1;
/// An attempt owns the object for writing.
pub(crate) const OWNED: u64 = 1 << 63;
/// Created by an attempt and never claimed or read by any other.
pub(crate) const BORN: u64 = 1 << 62;
/// Somebody waits for this object to change.
pub(crate) const WAITERS: u64 = 1 << 61;
/// The irrevocable attempt has read this object.
pub(crate) const IRR_READ: u64 = 1 << 60;
/// Words below this one are free and not marked (nor waited for).
pub(crate) const ANY_FREE: u64 = IRR_READ;
/// What a reader ignores in a free word.
pub(crate) const FLAGS: u64 = WAITERS | IRR_READ;
/// What tells a free, unmarked word of a given slot from all others.
pub(crate) const OWN_MASK: u64 = OWNED | BORN | FLAGS | SLOT_MASK;
/// Free at version 0, committed by nobody.
pub(crate) const FREE_0: u64 = SLOT_MASK;

/// The word of an object that `slot` published at `version`.
#[inline(always)]
pub(crate) const fn free(version: u64, slot: u64) -> u64 {
    (version << SLOT_BITS) | slot
}

/// The word of an object that attempt `serial` of `slot` created.
#[inline(always)]
pub(crate) const fn born(serial: u64, slot: u64) -> u64 {
    BORN | (serial << SLOT_BITS) | slot
}

/// The word under which the attempt that creates objects as `born_word` owns others.
#[inline(always)]
pub(crate) const fn owned_of(born_word: u64) -> u64 {
    born_word ^ (BORN | OWNED)
}

/// The born word of the next serial; it has `IRR_READ` set when there are no more.
#[inline(always)]
pub(crate) const fn next_serial(born_word: u64) -> u64 {
    born_word + (1 << SLOT_BITS)
}

/// Above all free words that a snapshot at `rv` admits.
#[inline(always)]
pub(crate) const fn bound(rv: u64) -> u64 {
    (rv + 1) << SLOT_BITS
}

/// The version of a free word, or the serial of an owned or born one.
#[inline(always)]
pub(crate) const fn stamp_of(word: u64) -> u64 {
    (word >> SLOT_BITS) & VERSION_MAX
}

/// The version of a free word without flags.
#[inline(always)]
pub(crate) const fn version_of(word: u64) -> u64 {
    word >> SLOT_BITS
}

/// The slot of any word.
#[inline(always)]
pub(crate) const fn slot_of(word: u64) -> u64 {
    word & SLOT_MASK
}

/// The ownership word of one object, to be embedded in it.
///
/// Only a [`Txn`](crate::Txn) changes it. A word is made by [`Orec::new`] or from
/// [`Txn::born_word`](crate::Txn::born_word); zeroed memory holds one, too, as of [`Orec::new`].
#[derive(Debug)]
#[repr(transparent)]
pub struct Orec(AtomicU64);

impl Orec {
    /// A free word at version 0: for objects that no running attempt creates.
    #[cfg(not(loom))]
    #[must_use]
    pub const fn new() -> Orec {
        Orec(AtomicU64::new(FREE_0))
    }

    /// A free word at version 0: for objects that no running attempt creates.
    #[cfg(loom)]
    #[must_use]
    pub fn new() -> Orec {
        Orec(AtomicU64::new(FREE_0))
    }

    /// The word of an object that the attempt whose `born_word` this is creates right now.
    #[must_use]
    pub fn born(born_word: u64) -> Orec {
        Orec(AtomicU64::new(born_word))
    }

    /// What lies in zeroed memory: free at version 0, committed by nobody.
    pub(crate) fn zeroed() -> Orec {
        Orec(AtomicU64::new(0))
    }

    /// Makes an unpublished object one that the attempt of `born_word` creates.
    pub(crate) fn rebirth(&self, born_word: u64) {
        // Relaxed: whoever reaches the object later does so over a published pointer.
        self.0.store(born_word, Ordering::Relaxed);
    }

    /// The raw word, for diagnostics and for objects allocated by copying a template.
    pub fn word(&self) -> u64 {
        // Relaxed: nothing is concluded from it.
        self.0.load(Ordering::Relaxed)
    }

    /// The word, ordered after the clock reading of the snapshot it is compared with.
    #[inline(always)]
    pub(crate) fn sample(&self) -> u64 {
        model_step();
        // EDGE(publish), acquire side: pairs with the Release in `publish`. Seeing version v means
        // the values stored under v are visible to the slot loads that follow.
        // EDGE(claim), acquire side: SeqCst orders this load after the SeqCst clock reading of the
        // snapshot; an attempt that took its stamp before that reading is then seen as the owner.
        self.0.load(order("sample_relaxed", Ordering::SeqCst))
    }

    /// The word again, after slot loads that were `Acquire`.
    #[inline(always)]
    pub(crate) fn recheck(&self) -> u64 {
        model_step();
        // Relaxed: only compared with an earlier sample; the Acquire loads of the slots in between
        // keep it after them (EDGE(slot)).
        self.0.load(Ordering::Relaxed)
    }

    /// Replaces `seen` by `new` in one step. The only way a word leaves the free or born state.
    #[inline(always)]
    pub(crate) fn exchange(&self, seen: u64, new: u64) -> Result<(), u64> {
        // EDGE(claim), release side: SeqCst puts the claim before the owner's later clock reading
        // and before its validation. Acquire: the owner reads what the last publisher wrote.
        model_step();
        if crate::sync::mutant("claim_blind") {
            self.0.store(new, Ordering::SeqCst);
            return Ok(());
        }
        self.0
            .compare_exchange(
                seen,
                new,
                order("claim_relaxed", Ordering::SeqCst),
                Ordering::Relaxed, // A failure is only looked at and tried again.
            )
            .map(drop)
    }

    /// Gives an owned word up as `word`. Only the owner calls it, so a plain store is enough.
    #[inline(always)]
    pub(crate) fn publish(&self, word: u64) {
        model_step();
        // EDGE(publish), release side: pairs with `sample`. Every slot store of the owner (or its
        // write-back after an abort) is visible to whoever sees this word.
        self.0.store(word, order("publish_relaxed", Ordering::Release));
    }

    /// Clears the mark of the irrevocable reader; others may set WAITERS at the same time.
    pub(crate) fn clear_irrevocable_read(&self) {
        loop {
            // Relaxed: the exchange decides. Nobody else sets or clears the mark.
            let word = self.0.load(Ordering::Relaxed);
            if word & OWNED != 0 || word & IRR_READ == 0 {
                return;
            }
            // Release (in `exchange`): what the irrevocable attempt has read stays before the next
            // claim of the object.
            if self.exchange(word, word & !IRR_READ).is_ok() {
                return;
            }
        }
    }
}

impl Default for Orec {
    fn default() -> Self {
        Orec::new()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{
        BORN, FLAGS, FREE_0, OWNED, VERSION_MAX, born, bound, free, owned_of, slot_of, stamp_of,
    };

    #[test]
    fn fields_do_not_overlap() {
        for (word, tag) in [
            (free(VERSION_MAX, 2047), 0),
            (owned_of(born(VERSION_MAX, 2047)), OWNED),
            (born(VERSION_MAX, 2047), BORN),
        ] {
            assert_eq!(word & (OWNED | BORN | FLAGS), tag);
            assert_eq!(stamp_of(word), VERSION_MAX);
            assert_eq!(slot_of(word), 2047);
        }
    }

    #[test]
    fn one_compare_admits_exactly_old_enough_free_words() {
        let rv = bound(7);
        assert!(FREE_0 < rv && free(7, 2047) < rv && free(7, 0) < rv);
        assert!(free(8, 0) >= rv && owned_of(born(1, 1)) > rv && born(1, 1) > rv);
        assert!(free(1, 1) | super::WAITERS > bound(VERSION_MAX));
        assert!(free(1, 1) | super::IRR_READ > bound(VERSION_MAX));
    }
}
