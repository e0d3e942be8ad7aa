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

/// A pointer to slots that stand in a row, all guarded by one orec; valid until the attempt has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowPtr(*const [AtomicU64]);

impl RowPtr {
    /// # Safety
    /// `slots` is valid until the attempt that logs it has ended.
    #[inline]
    pub(crate) unsafe fn new(slots: *const [AtomicU64]) -> RowPtr {
        RowPtr(slots)
    }

    fn get(&self) -> &[AtomicU64] {
        // SAFETY: as for `SlotPtr::get`.
        unsafe { &*self.0 }
    }

    /// The first slot; there must be one.
    pub(crate) fn first(self) -> SlotPtr {
        SlotPtr(self.0.cast())
    }

    pub(crate) fn len(self) -> usize {
        self.0.len()
    }

    /// Turns the words round, by `left` places towards the first; the caller owns or created the object.
    pub(crate) fn rotate(self, left: usize) {
        let (slots, count) = (self.get(), self.len());
        let left = left.checked_rem(count).unwrap_or(0);
        let slot = |i: usize| SlotPtr(&raw const slots[i]);
        let shift = |to: usize, from: usize| slot(to).store(slot(from).load_own());
        if left <= count / 2 {
            let first: Vec<u64> = (0..left).map(|i| slot(i).load_own()).collect();
            (0..count - left).for_each(|i| shift(i, i + left));
            first.iter().enumerate().for_each(|(i, &w)| slot(count - left + i).store(w));
        } else {
            let right = count - left;
            let last: Vec<u64> = (left..count).map(|i| slot(i).load_own()).collect();
            (0..left).rev().for_each(|i| shift(i + right, i));
            last.iter().enumerate().for_each(|(i, &w)| slot(i).store(w));
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{AtomicU64, RowPtr};
    use crate::sync::Ordering;

    #[test]
    fn a_row_is_turned_round_as_a_slice_is() {
        for count in 0..9_u64 {
            for left in 0..=count {
                let mut plain: Vec<u64> = (0..count).collect();
                plain.rotate_left(left as usize);
                let slots: Vec<AtomicU64> = (0..count).map(AtomicU64::new).collect();
                // SAFETY: the slots outlive the pointer.
                let row = unsafe { RowPtr::new(&raw const slots[..]) };
                row.rotate(left as usize);
                let turned: Vec<u64> = slots.iter().map(|s| s.load(Ordering::Relaxed)).collect();
                assert_eq!(turned, plain);
            }
        }
    }
}
