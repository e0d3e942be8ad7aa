//! The barriers: the only way to the state of shared mutable objects.
//!
//! With transactions off (solo mode) each call is a plain load or store behind one predictable branch. With them on:
//!
//! - [`Cx::read`] one slot under its object's header; [`Cx::bracket`] any number of raw loads under one header: the closure
//!   may see a torn state, so it must only load words (never follow user code, never index without a bounds check) and is
//!   run again when the header changed; its result is consistent once `bracket` returns it.
//! - [`Cx::claim`] owns an object for writing; afterwards raw loads of it are stable until the attempt ends, and
//!   [`Cx::write`] logs the old word and stores the new one. An object born in this attempt needs no log.
//! - The forms with `_in` are for callers that know the mode: `TX` says whether transactions are on.
//! - Buffers (`Buf`, `Raw`) have no header: they belong to the object whose slot holds them and are guarded by its header.

use std::sync::atomic::AtomicU64;

use crate::{cx::Cx, exc::Completion, heap::Obj, value::Value};

impl Cx {
    /// Slot `slot` of `o`, consistent with everything this attempt has read.
    ///
    /// # Errors
    /// The attempt's abort.
    #[inline(always)]
    pub fn read(&mut self, o: Obj, slot: usize) -> Completion<Value> {
        self.read_word(o, o.word(slot)).map(Value::from_bits)
    }

    /// Item `i` of the buffer `buf` that belongs to `owner`; `UNBOUND` beyond its end.
    ///
    /// # Errors
    /// The attempt's abort.
    #[inline(always)]
    pub fn read_item(&mut self, owner: Obj, buf: Obj, i: usize) -> Completion<Value> {
        if i >= buf.len() {
            return Ok(Value::UNBOUND);
        }
        self.read_word(owner, buf.word(2 + i)).map(Value::from_bits)
    }

    #[inline(always)]
    fn read_word(&mut self, owner: Obj, word: &'static AtomicU64) -> Completion<u64> {
        if self.is_solo() {
            // Relaxed: no other thread runs.
            return Ok(word.load(std::sync::atomic::Ordering::Relaxed));
        }
        self.read_logged(owner, word)
    }

    #[inline(always)]
    fn read_logged(&mut self, owner: Obj, word: &'static AtomicU64) -> Completion<u64> {
        // SAFETY: both addresses lie in the heap; the collector treats the log as roots, so they stay valid.
        let read = unsafe { self.tx.read(owner.orec(), word) };
        read.map_err(|abort| self.aborted(abort))
    }

    /// Runs `f` until the header of `owner` is unchanged around it, and returns its result.
    ///
    /// # Errors
    /// The attempt's abort.
    #[inline(always)]
    pub fn bracket<R>(&mut self, owner: Obj, mut f: impl FnMut() -> R) -> Completion<R> {
        if self.is_solo() { Ok(f()) } else { self.bracket_logged(owner, f) }
    }

    #[inline(always)]
    fn bracket_logged<R>(&mut self, owner: Obj, mut f: impl FnMut() -> R) -> Completion<R> {
        loop {
            // SAFETY: as in `read_logged`.
            let token = unsafe { self.tx.open_read(owner.orec()) };
            let token = token.map_err(|abort| self.aborted(abort))?;
            let result = f();
            // SAFETY: as in `read_logged`.
            let closed = unsafe { self.tx.close_read(owner.orec(), token) };
            if closed.map_err(|abort| self.aborted(abort))? {
                return Ok(result);
            }
        }
    }

    /// Owns `o` for writing until the attempt ends.
    ///
    /// # Errors
    /// The attempt's abort.
    #[inline(always)]
    pub fn claim(&mut self, o: Obj) -> Completion<()> {
        if self.is_solo() { Ok(()) } else { self.claim_logged(o) }
    }

    #[inline(always)]
    fn claim_logged(&mut self, o: Obj) -> Completion<()> {
        // SAFETY: as in `read_logged`.
        let claimed = unsafe { self.tx.claim(o.orec()) };
        if std::ptr::eq(o.orec(), self.read_mostly) {
            self.end_soon();
        }
        claimed.map_err(|abort| self.aborted(abort))
    }

    #[cold]
    #[inline(never)]
    fn end_soon(&mut self) {
        (self.hurry)(self);
    }

    /// Stores into slot `slot` of the claimed object `o`.
    #[inline(always)]
    pub fn write(&mut self, o: Obj, slot: usize, v: Value) {
        self.write_word(o, o.word(slot), v.bits());
    }

    /// Stores item `i` of the buffer `buf` that belongs to the claimed object `owner`; out of range is ignored.
    #[inline(always)]
    pub fn write_item(&mut self, owner: Obj, buf: Obj, i: usize, v: Value) {
        debug_assert!(i < buf.len());
        if i < buf.len() {
            self.write_word(owner, buf.word(2 + i), v.bits());
        }
    }

    /// Stores a raw word that belongs to the claimed object `owner` (bytes of a `Raw` buffer, a meta word).
    #[inline(always)]
    pub fn write_word(&mut self, owner: Obj, word: &'static AtomicU64, new: u64) {
        if self.is_solo() {
            // Relaxed: no other thread runs.
            word.store(new, std::sync::atomic::Ordering::Relaxed);
        } else {
            self.write_logged(owner, word, new);
        }
    }

    #[inline(always)]
    fn write_logged(&mut self, owner: Obj, word: &'static AtomicU64, new: u64) {
        // SAFETY: the caller has claimed `owner`; addresses as in `read_logged`.
        unsafe { self.tx.write(owner.orec(), word, new) };
    }

    /// Turns items `from` to `to` of the buffer `buf`, which belongs to the claimed object `owner`, round by `left` places
    /// towards the first; out of range is ignored. With transactions on: the undo log gets one word, not one for each item.
    pub fn rotate_items(&mut self, owner: Obj, buf: Obj, from: usize, to: usize, left: usize) {
        debug_assert!(!self.is_solo() && from <= to && to <= buf.len());
        if from >= to || to > buf.len() {
            return;
        }
        let words = buf.words(2 + from, 2 + to);
        // SAFETY: the caller has claimed `owner`; addresses as in `read_logged`.
        unsafe { self.tx.rotate(owner.orec(), words, left) };
    }

    /// [`Cx::read`] for callers that know the mode.
    ///
    /// # Errors
    /// The attempt's abort.
    #[inline(always)]
    pub fn read_in<const TX: bool>(&mut self, o: Obj, slot: usize) -> Completion<Value> {
        debug_assert_ne!(TX, self.is_solo());
        if TX { self.read_logged(o, o.word(slot)).map(Value::from_bits) } else { Ok(o.raw(slot)) }
    }

    /// [`Cx::bracket`] for callers that know the mode.
    ///
    /// # Errors
    /// The attempt's abort.
    #[inline(always)]
    pub fn bracket_in<const TX: bool, R>(
        &mut self,
        owner: Obj,
        mut f: impl FnMut() -> R,
    ) -> Completion<R> {
        debug_assert_ne!(TX, self.is_solo());
        if TX { self.bracket_logged(owner, f) } else { Ok(f()) }
    }

    /// [`Cx::claim`] for callers that know the mode.
    ///
    /// # Errors
    /// The attempt's abort.
    #[inline(always)]
    pub fn claim_in<const TX: bool>(&mut self, o: Obj) -> Completion<()> {
        debug_assert_ne!(TX, self.is_solo());
        if TX { self.claim_logged(o) } else { Ok(()) }
    }

    /// [`Cx::write`] for callers that know the mode.
    #[inline(always)]
    pub fn write_in<const TX: bool>(&mut self, o: Obj, slot: usize, v: Value) {
        self.write_word_in::<TX>(o, o.word(slot), v.bits());
    }

    /// [`Cx::write_word`] for callers that know the mode.
    #[inline(always)]
    pub fn write_word_in<const TX: bool>(
        &mut self,
        owner: Obj,
        word: &'static AtomicU64,
        new: u64,
    ) {
        debug_assert_ne!(TX, self.is_solo());
        if TX {
            self.write_logged(owner, word, new);
        } else {
            // Relaxed: no other thread runs.
            word.store(new, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// Claims `o` and stores into its slot `slot`.
    ///
    /// # Errors
    /// The attempt's abort.
    #[inline(always)]
    pub fn set(&mut self, o: Obj, slot: usize, v: Value) -> Completion<()> {
        self.claim(o)?;
        self.write(o, slot, v);
        Ok(())
    }
}
