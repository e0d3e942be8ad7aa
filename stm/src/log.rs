//! A list of plain entries that an attempt fills: reads, old words, owned objects.
//!
//! A [`Vec`] keeps a length, so each push computes an address from it; a log keeps the address. Pushes
//! are most of what a short transaction does.
//!
//! - Holds: `base <= next <= end`, all in or one past the end of one allocation of `end - base` entries,
//!   which belonged to a `Vec`; those before `next` are initialized.

use std::{mem::ManuallyDrop, ops::Deref};

/// See the module's text.
pub(crate) struct Log<E: Copy> {
    next: *mut E,
    end: *mut E,
    base: *mut E,
}

impl<E: Copy> Log<E> {
    pub(crate) fn with_capacity(capacity: usize) -> Log<E> {
        Log::from_vec(Vec::with_capacity(capacity))
    }

    fn from_vec(entries: Vec<E>) -> Log<E> {
        let mut entries = ManuallyDrop::new(entries);
        let base = entries.as_mut_ptr();
        // SAFETY: both are offsets within the allocation of the vector.
        let (next, end) = unsafe { (base.add(entries.len()), base.add(entries.capacity())) };
        Log { next, end, base }
    }

    /// The entries as a vector.
    ///
    /// # Safety
    /// The log is not used again, nor dropped.
    unsafe fn take_vec(&mut self) -> Vec<E> {
        // SAFETY: as the type holds; the allocation has no other owner from here on.
        unsafe {
            let capacity = self.end.offset_from_unsigned(self.base);
            Vec::from_raw_parts(self.base, self.len(), capacity)
        }
    }

    /// Changes the entries by the means of a vector.
    #[cold]
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Vec<E>)) {
        let mut old = ManuallyDrop::new(std::mem::replace(self, Log::with_capacity(0)));
        // SAFETY: it ends here without being dropped.
        let mut entries = unsafe { old.take_vec() };
        change(&mut entries);
        *self = Log::from_vec(entries);
    }

    /// Is there no room for another entry?
    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.next == self.end
    }

    /// Adds an entry.
    #[inline(always)]
    pub(crate) fn push(&mut self, entry: E) {
        if self.is_full() {
            return self.push_to_full(entry);
        }
        let place = self.next;
        // SAFETY: `next` lies before `end`.
        unsafe {
            place.write(entry);
            self.next = place.add(1);
        }
    }

    /// Has the whole push, so that the straight one need not go on behind it.
    #[cold]
    #[inline(never)]
    fn push_to_full(&mut self, entry: E) {
        self.edit(|entries| {
            entries.reserve(64);
            entries.push(entry);
        });
    }

    pub(crate) fn pop(&mut self) -> Option<E> {
        let last = self.last().copied()?;
        self.truncate(self.len() - 1);
        Some(last)
    }

    /// Forgets the entries from `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        if len < self.len() {
            // SAFETY: fewer than there are.
            self.next = unsafe { self.base.add(len) };
        }
    }

    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        self.next = self.base;
    }

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.next == self.base
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        // SAFETY: both point into one allocation, and `next` is not the lower.
        unsafe { self.next.offset_from_unsigned(self.base) }
    }
}

impl<E: Copy> Deref for Log<E> {
    type Target = [E];

    #[inline(always)]
    fn deref(&self) -> &[E] {
        // SAFETY: the entries before `next` are initialized, and `&self` keeps them as they are.
        unsafe { std::slice::from_raw_parts(self.base, self.len()) }
    }
}

impl<E: Copy> Drop for Log<E> {
    fn drop(&mut self) {
        // SAFETY: nothing comes after this.
        drop(unsafe { self.take_vec() });
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::Log;

    #[test]
    fn a_log_behaves_like_a_vector() {
        let mut log = Log::with_capacity(2);
        assert!(log.is_empty() && !log.is_full());
        for n in 0..100_u64 {
            log.push(n);
        }
        assert_eq!(log.len(), 100);
        assert_eq!(log.pop(), Some(99));
        log.edit(|entries| entries.retain(|n| n % 2 == 0));
        assert_eq!(&log[..3], [0, 2, 4]);
        log.truncate(2);
        log.truncate(7);
        assert_eq!(&*log, [0, 2]);
        log.clear();
        assert_eq!(log.pop(), None);
        log.edit(|entries| entries.shrink_to(0));
        log.push(5);
        assert_eq!(&*log, [5]);
    }
}
