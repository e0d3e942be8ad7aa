//! Raw pointers to orecs and slots: the one place that dereferences them.
//!
//! The attempt's logs outlive the borrows of the code that fills them, so they hold pointers. The
//! caller of a barrier promises (`# Safety` in `txn.rs`) that orec and slot stay allocated until
//! the attempt has ended; a tracing collector keeps that promise by treating logs as roots.
//!
//! - Holds: pointers are made only from barrier arguments and dropped when the attempt ends.
//! - Edges: `slot`.

use crate::{
    orec::Orec,
    sync::{AtomicU64, Ordering, model_step, order},
};

/// A pointer to an orec that stays valid until the attempt has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OrecPtr(*const Orec);

impl OrecPtr {
    /// # Safety
    /// `orec` is valid until the attempt that logs it has ended.
    #[inline(always)]
    pub(crate) unsafe fn new(orec: *const Orec) -> OrecPtr {
        OrecPtr(orec)
    }

    #[inline(always)]
    fn get(&self) -> &Orec {
        // SAFETY: `new`'s caller promises that the orec outlives the attempt, and the attempt drops
        // its pointers when it ends. Orecs are atomics, so shared access is all anyone takes.
        unsafe { &*self.0 }
    }

    #[inline(always)]
    pub(crate) fn addr(self) -> usize {
        self.0.addr()
    }

    #[inline(always)]
    pub(crate) fn raw(self) -> *const Orec {
        self.0
    }

    #[inline(always)]
    pub(crate) fn sample(self) -> u64 {
        self.get().sample()
    }

    #[inline(always)]
    pub(crate) fn recheck(self) -> u64 {
        self.get().recheck()
    }

    /// Says that the orec is about to be claimed, so that its cache line comes once, to be written,
    /// and not first to be read and then again.
    #[cfg(not(loom))]
    #[inline(always)]
    pub(crate) fn prepare_claim(self) {
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        // SAFETY: a hint that changes neither memory nor flags; processors without it do nothing.
        unsafe {
            std::arch::asm!(
                "prefetchw [{}]",
                in(reg) self.0,
                options(nostack, preserves_flags, readonly)
            );
        }
    }

    #[inline(always)]
    pub(crate) fn exchange(self, seen: u64, new: u64) -> Result<(), u64> {
        self.get().exchange(seen, new)
    }

    #[inline(always)]
    pub(crate) fn publish(self, word: u64) {
        self.get().publish(word);
    }

    pub(crate) fn clear_irrevocable_read(self) {
        self.get().clear_irrevocable_read();
    }
}

/// A pointer to a slot guarded by some orec, valid until the attempt has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SlotPtr(*const AtomicU64);

impl SlotPtr {
    /// # Safety
    /// `slot` is valid until the attempt that logs it has ended.
    #[inline(always)]
    pub(crate) unsafe fn new(slot: *const AtomicU64) -> SlotPtr {
        SlotPtr(slot)
    }

    #[inline(always)]
    fn get(&self) -> &AtomicU64 {
        // SAFETY: as for `OrecPtr::get`; slots are atomics too.
        unsafe { &*self.0 }
    }

    #[inline(always)]
    pub(crate) fn raw(self) -> *const AtomicU64 {
        self.0
    }

    /// The slot's word, with the header re-check to follow.
    #[inline(always)]
    pub(crate) fn load(self) -> u64 {
        model_step();
        // EDGE(slot), acquire side: pairs with the Release in `store`. Seeing a value written in
        // place means that the re-check which follows sees the claim before it, or a later word.
        self.get().load(order("slot_load_relaxed", Ordering::Acquire))
    }

    /// The slot's word, read by the attempt that owns or created the object.
    #[inline(always)]
    pub(crate) fn load_own(self) -> u64 {
        // Relaxed: only this attempt writes the slot now.
        self.get().load(Ordering::Relaxed)
    }

    /// Writes in place; the caller owns or created the object.
    #[inline(always)]
    pub(crate) fn store(self, value: u64) {
        model_step();
        // EDGE(slot), release side: pairs with the Acquire in `load`. The claim is ordered before
        // the value, so nobody takes the value and misses the claim. It also hands over what the
        // value points to (a fresh buffer) in an initialized state.
        self.get().store(value, order("slot_store_relaxed", Ordering::Release));
    }
}
