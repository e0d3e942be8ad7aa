//! `TVar<T>`: one typed value under the protocol.
//!
//! A variable is three words (orec, slot, and the domain it belongs to) and one of padding. Numbers,
//! `bool` and `char` lie in the slot itself; any other value lies in an immutable box that the slot
//! points to. A replaced box is handed to crossbeam-epoch; readers pin only while they clone or look
//! at it.
//!
//! - Holds: a boxed slot always holds a pointer from `Box::into_raw::<T>`.
//! - Holds: an attempt refers only to variables that outlive it (the lifetime `'s` of
//!   [`Tx`](crate::Tx)), so dropping a variable finds no attempt that knows it.
//! - Edges: `slot`, `publish` (the box is written before the slot, read after the re-check).

use std::{
    any::TypeId,
    fmt,
    marker::PhantomData,
    num::{NonZeroI32, NonZeroI64, NonZeroU32, NonZeroU64, NonZeroUsize},
};

use crossbeam_epoch::{self as epoch, Guard};

use crate::{
    Abort, Orec, Txn,
    cell::OrecPtr,
    sync::{AtomicU64, Ordering},
};

/// A value that transactions read and write.
///
/// Cost: 32 bytes, of one cache line; types of one word without padding (integers, floats, `bool`, `char`, `NonZero*`)
/// need nothing else, other types one allocation per write.
///
/// A variable belongs to the domain that first uses it. Dropping it needs no transaction.
///
/// ```
/// use taipan_stm::{TVar, atomically};
///
/// let greeting = TVar::new(String::from("hello"));
/// let length = atomically(|tx| {
///     tx.modify(&greeting, |text| text.push_str(", world"))?;
///     tx.with(&greeting, String::len)
/// });
/// assert_eq!(length, 12);
/// assert_eq!(greeting.into_inner(), "hello, world");
/// ```
// Aligned, so that no variable lies on two cache lines: threads fetch those one by one.
#[repr(align(32))]
pub struct TVar<T: 'static> {
    orec: Orec,
    slot: AtomicU64,
    /// The address of the domain, or 0 before the first use.
    home: AtomicU64,
    value: PhantomData<T>,
}

// SAFETY: threads take clones of the value (`Send`) and look at it at the same time (`Sync`).
unsafe impl<T: Send + Sync> Sync for TVar<T> {}
// SAFETY: as above; the variable owns its value.
unsafe impl<T: Send> Send for TVar<T> {}

/// Does a `T` lie in the slot? All types named here are plain words without padding.
#[inline(always)]
fn is_inline<T: 'static>() -> bool {
    macro_rules! one_of {
        ($($word:ty),*) => { $(TypeId::of::<T>() == TypeId::of::<$word>())||* };
    }
    one_of!(
        u8,
        u16,
        u32,
        u64,
        usize,
        i8,
        i16,
        i32,
        i64,
        isize,
        f32,
        f64,
        bool,
        char,
        NonZeroU32,
        NonZeroU64,
        NonZeroUsize,
        NonZeroI32,
        NonZeroI64,
        Option<NonZeroU32>,
        Option<NonZeroU64>,
        Option<NonZeroUsize>
    )
}

/// The slot's word for a value: its bits, or a pointer to a fresh box.
#[inline(always)]
fn encode<T: 'static>(value: T) -> u64 {
    if is_inline::<T>() {
        let mut word = 0_u64;
        // SAFETY: `is_inline` types have at most 8 bytes, all initialized, and no drop glue; the
        // target is a local of 8 bytes.
        unsafe { (&raw mut word).cast::<T>().write_unaligned(value) };
        word
    } else {
        Box::into_raw(Box::new(value)).expose_provenance() as u64
    }
}

/// The boxed value behind a slot's word.
fn pointer<T>(word: u64) -> *mut T {
    std::ptr::with_exposed_provenance_mut(word as usize)
}

/// The value whose bits an inline slot holds.
#[inline(always)]
fn decode<T: 'static>(word: u64) -> T {
    debug_assert!(is_inline::<T>());
    // SAFETY: the caller checked `is_inline`; the word came from `encode::<T>`, and such types may
    // be copied bit by bit.
    unsafe { (&raw const word).cast::<T>().read_unaligned() }
}

/// Frees the box behind `word`.
///
/// # Safety
/// The word came from `encode::<T>` for a boxed type, and nobody uses the box any more.
unsafe fn free<T>(word: u64) {
    // SAFETY: `encode` made the box; the caller says that this is its last use.
    drop(unsafe { Box::from_raw(pointer::<T>(word)) });
}

/// Two boxes of which one is garbage once the attempt has ended.
pub(crate) struct Replaced {
    old: u64,
    new: u64,
    free: unsafe fn(u64),
}

impl Replaced {
    /// Frees the old box after all present readers; for writes that committed.
    pub(crate) fn committed(self, guard: &Guard) {
        Self::retire(self.old, self.free, guard);
    }

    /// Frees the new box after all present readers; for writes that were undone.
    pub(crate) fn undone(self, guard: &Guard) {
        Self::retire(self.new, self.free, guard);
    }

    fn retire(word: u64, free: unsafe fn(u64), guard: &Guard) {
        // SAFETY: the box is in no slot any more, so only threads pinned now may still look at it;
        // each replaced box is retired once, as `Replaced` is consumed. Its type is `Send`.
        unsafe { guard.defer_unchecked(move || free(word)) };
    }
}

impl<T: 'static> TVar<T> {
    /// A variable with this value.
    #[must_use]
    pub fn new(value: T) -> TVar<T> {
        TVar {
            orec: Orec::new(),
            slot: AtomicU64::new(encode(value)),
            home: AtomicU64::new(0),
            value: PhantomData,
        }
    }

    /// The value, out of the variable.
    #[must_use]
    pub fn into_inner(self) -> T {
        let this = std::mem::ManuallyDrop::new(self);
        // Relaxed: owning the variable orders this after all attempts that used it.
        let word = this.slot.load(Ordering::Relaxed);
        if is_inline::<T>() {
            decode(word)
        } else {
            // SAFETY: the slot's box has no other user, and `this` is not dropped.
            *unsafe { Box::from_raw(pointer::<T>(word)) }
        }
    }

    /// Fetches the variable's cache line, to be written, while the program goes on. A hint that changes
    /// nothing but time.
    ///
    /// For the variables that a transaction is known to write, before it writes the first of them: a
    /// processor fetches nothing for a second variable while it waits for the claim of the first. Where
    /// other threads have just written both, a transfer between two variables takes a fifth less time.
    #[inline(always)]
    pub fn prefetch_write(&self) {
        // SAFETY: the orec lives as long as `self`.
        unsafe { OrecPtr::new(&raw const self.orec) }.prepare_claim();
    }

    /// Checks that the variable belongs to the domain of `txn`, or makes it so.
    ///
    /// # Panics
    /// If it belongs to another domain.
    #[inline(always)]
    fn settle(&self, txn: &Txn) {
        // Relaxed: the number is all there is to it.
        if self.home.load(Ordering::Relaxed) != txn.home {
            self.settle_slow(txn);
        }
    }

    #[cold]
    #[inline(never)]
    fn settle_slow(&self, txn: &Txn) {
        let domain = txn.home;
        // Relaxed: as in `settle`.
        let other =
            self.home.compare_exchange(0, domain, Ordering::Relaxed, Ordering::Relaxed).err();
        assert!(
            other.is_none_or(|other| other == domain),
            "a TVar of one domain was used in a transaction of another domain"
        );
    }

    #[inline(always)]
    fn read_word(&self, txn: &mut Txn) -> Result<u64, Abort> {
        self.settle(txn);
        // SAFETY: `Tx` passes references that outlive the attempt, and an attempt is running
        // whenever a `Tx` exists. The orec guards the slot beside it.
        unsafe { txn.read(&raw const self.orec, &raw const self.slot) }
    }

    /// Shows the value to `look`. `self` outlives the attempt of `txn`.
    #[inline(always)]
    pub(crate) fn look<R>(&self, txn: &mut Txn, look: impl FnOnce(&T) -> R) -> Result<R, Abort> {
        if is_inline::<T>() {
            return self.read_word(txn).map(|word| look(&decode(word)));
        }
        let guard = epoch::pin();
        let word = self.read_word(txn)?;
        // SAFETY: the read barrier gave a word that was in the slot, unowned or owned by this
        // attempt, while `guard` was held; boxes leave the slot before they are retired, so this
        // one is freed after the pin at the earliest, and nobody changes a box in place.
        let result = look(unsafe { &*pointer::<T>(word) });
        drop(guard);
        Ok(result)
    }

    /// Owns the variable. `self` outlives the attempt of `txn`.
    #[inline(always)]
    fn claim(&self, txn: &mut Txn) -> Result<(), Abort> {
        self.prefetch_write();
        self.settle(txn);
        // SAFETY: as in `read_word`; variables are made outside of attempts, so none is born in one.
        unsafe { txn.claim_first(&raw const self.orec) }
    }

    /// Owns the variable and replaces its word by what `change` makes of it; gives the other thing
    /// that `change` gives.
    #[inline(always)]
    fn change_word<R>(
        &self,
        txn: &mut Txn,
        replaced: &mut Vec<Replaced>,
        change: impl FnOnce(u64) -> (u64, R),
    ) -> Result<R, Abort> {
        if !is_inline::<T>() {
            txn.keep_books();
        }
        self.claim(txn)?;
        let change = |old| {
            let (new, result) = change(old);
            if !is_inline::<T>() {
                replaced.push(Replaced { old, new, free: free::<T> });
            }
            (new, result)
        };
        // SAFETY: as in `read_word`, and the claim succeeded. A box is initialized; variables are
        // made outside of attempts, so none is born in this one.
        Ok(unsafe { txn.write_owned(&raw const self.orec, &raw const self.slot, change) })
    }

    /// Replaces the value. `self` outlives the attempt of `txn`.
    #[inline(always)]
    pub(crate) fn store(
        &self,
        txn: &mut Txn,
        replaced: &mut Vec<Replaced>,
        value: T,
    ) -> Result<(), Abort> {
        self.change_word(txn, replaced, |_| (encode(value), ()))
    }

    /// Replaces the value by a copy of it that `change` has changed. `self` outlives the attempt.
    #[inline(always)]
    pub(crate) fn modify<R>(
        &self,
        txn: &mut Txn,
        replaced: &mut Vec<Replaced>,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<R, Abort>
    where
        T: Clone,
    {
        self.change_word(txn, replaced, |old| {
            let mut value = if is_inline::<T>() {
                decode(old)
            } else {
                // SAFETY: the slot holds a box from `encode::<T>`; the attempt owns the variable, so
                // nobody else replaces and retires it.
                unsafe { &*pointer::<T>(old) }.clone()
            };
            let result = change(&mut value);
            (encode(value), result)
        })
    }
}

// The promise of the doc comment, and of the README's table.
#[cfg(not(taipan_shuttle))]
const _: () = assert!(size_of::<TVar<String>>() == 32);

impl<T: 'static> Drop for TVar<T> {
    fn drop(&mut self) {
        if !is_inline::<T>() {
            // Relaxed: `&mut` orders this after all attempts that used the variable.
            let word = self.slot.load(Ordering::Relaxed);
            // SAFETY: no attempt knows the variable any more, so the box in its slot has no user.
            unsafe { free::<T>(word) };
        }
    }
}

impl<T: Default + 'static> Default for TVar<T> {
    fn default() -> Self {
        TVar::new(T::default())
    }
}

impl<T: 'static> From<T> for TVar<T> {
    fn from(value: T) -> Self {
        TVar::new(value)
    }
}

impl<T: 'static> fmt::Debug for TVar<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TVar").finish_non_exhaustive()
    }
}
