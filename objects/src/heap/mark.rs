//! Marking: from the roots to everything that can be reached, by one thread or by two.
//!
//! A collection begins with one [`Marker`]. When that has traced so much that help pays, it puts a part of its work list into
//! a [`WorkPool`] for the helper thread (`helper.rs`), and both work until the pool says that all is done.
//!
//! Why two may mark at once:
//! - The world is stopped: nobody writes a word of an object, and tracing only reads. What the program wrote happened before
//!   it stopped, and the stop before the pool was made, so the helper, which comes to its work through the pool's mutex, sees
//!   it. Rust data is traced through `&self` and is `Sync`.
//! - Each marker writes the mark bits of its own table, so that no bit is lost and no read-modify-write is needed (with one,
//!   an object would cost twice as much). It reads the other's table, too, so as not to trace what the other has traced.
//!   If it misses a bit that the other is just setting, both trace the object: twice the work for that one and no harm, since
//!   a mark is never taken back. Each marker traces an object at most once, so the round ends.
//! - When the round is over the first marker moves the helper's bits to the first table. The pool's mutex orders the helper's
//!   last write before that, as it waits for work after it.
//!
//! Hence `Relaxed` for all marks: the race that remains is the harmless one.

use std::{
    any::Any,
    sync::{Arc, atomic::Ordering},
};

use taipan_stm::WorkPool;

use super::{
    Heap,
    header::{Kind, Obj},
    space::{HELPER, MarkTable, Space, TENURED},
};
use crate::value::Value;

/// Slot of the foreign pointer in objects that own Rust memory.
pub(crate) const NATIVE_SLOT: usize = 2;

/// Rust data owned by an object; dropped after the object died.
pub trait NativeData: Any + Send + Sync {
    /// Marks the values it holds. May run on any thread, with the world stopped: it must not wait for one of the program's.
    fn trace(&self, marker: &mut Marker<'_>) {
        let _ = marker;
    }
}

/// Work list of a running collection.
pub struct Marker<'h> {
    heap: &'h Arc<Heap>,
    space: &'h Space,
    /// Where this marker notes what it has reached.
    own: MarkTable<'h>,
    /// Where the other marker does; `own` again while there is none.
    other: MarkTable<'h>,
    stack: Vec<Obj>,
}

/// Most objects that are given away at once.
const CHUNK_MOST: usize = 1 << 14;
/// How much longer a marker works by itself at most, compared with `Pace::between`.
const BACK_OFF_MOST: usize = 16;

impl<'h> Marker<'h> {
    pub(super) fn new(heap: &'h Arc<Heap>) -> Self {
        let own = heap.space.marks(0);
        Self { heap, space: &heap.space, own, other: own, stack: Vec::with_capacity(1024) }
    }

    /// Takes part in a round as the second marker, if it is not over yet.
    pub(super) fn help(heap: &'h Arc<Heap>, pool: &WorkPool<Obj>) {
        if pool.join() {
            let (own, other) = (heap.space.marks(HELPER), heap.space.marks(0));
            Self { heap, space: &heap.space, own, other, stack: Vec::new() }.share(pool);
        }
    }

    /// A marker that only lists, once each, what the objects given to [`Marker::trace`] refer to and what has no tenure.
    pub(super) fn noting(heap: &'h Arc<Heap>) -> Self {
        let (own, other) = (heap.space.marks(HELPER), heap.space.marks(TENURED));
        Self { heap, space: &heap.space, own, other, stack: Vec::new() }
    }

    /// What was reached and not traced.
    pub(super) fn into_list(self) -> Vec<Obj> {
        self.stack
    }

    /// Marks a value and, in time, all it reaches.
    #[inline(always)]
    pub fn value(&mut self, v: Value) {
        if let Some(o) = v.obj() {
            self.object(o);
        }
    }

    /// Marks an object and, in time, all it reaches.
    #[inline(always)]
    pub fn object(&mut self, o: Obj) {
        let Some((block, granule)) = self.space.locate(o.to_word()) else { return };
        let word = self.own.bits(block).word(granule);
        let bit = 1 << (granule % 64);
        // Relaxed: see the head of this file.
        let marks = word.load(Ordering::Relaxed);
        let others = self.other.bits(block).word(granule).load(Ordering::Relaxed);
        if (marks | others) & bit == 0 {
            word.store(marks | bit, Ordering::Relaxed);
            self.stack.push(o);
        }
    }

    /// Treats a word from a stack or a log as a pointer if it is the address of, or into, an object.
    pub fn word(&mut self, word: u64) {
        if word & 0xFFFF_0000_0000_0000 == 0
            && let Some(o) = self.space.find(word)
        {
            self.object(o);
        }
    }

    /// Scans the words from `low` up to `high` conservatively (both addresses, `low` inclusive).
    ///
    /// # Safety
    /// The range must be readable memory that no running thread writes.
    pub unsafe fn range(&mut self, low: usize, high: usize) {
        let mut address = low.next_multiple_of(8);
        while address + 8 <= high {
            // SAFETY: the caller vouches for the range; a volatile read of a stopped thread's stack word.
            let word = unsafe { std::ptr::read_volatile(address as *const u64) };
            self.word(word);
            address += 8;
        }
    }

    /// Whether the collection has reached `o`.
    pub fn is_marked(&self, o: Obj) -> bool {
        match self.space.locate(o.to_word()) {
            Some((block, granule)) => self.own.bits(block).is_set(granule),
            None => true,
        }
    }

    /// Traces until nothing is left to trace.
    pub fn drain(&mut self) {
        let pace = self.heap.helper.pace();
        let mut empty = self.trace_some(pace.alone);
        while !empty {
            if self.stack.len() >= pace.least
                && let Some(round) = self.heap.helper.begin(self.heap)
            {
                self.other = self.space.marks(HELPER);
                self.share(round.pool());
                self.other = self.own;
                self.heap.unite_marks();
                return;
            }
            empty = self.trace_some(pace.between);
        }
    }

    /// Traces what is on the list and what others give, until the round is over.
    fn share(&mut self, pool: &WorkPool<Obj>) {
        let pace = self.heap.helper.pace();
        let mut between = pace.between;
        loop {
            while !self.trace_some(between) {
                if !pool.is_wanted() {
                    between = pace.between;
                } else if self.stack.len() >= pace.least {
                    pool.put(self.chunk());
                    // Asked again soon, it gave too little: the next time it has collected more, and wakes nobody until then.
                    between = (between * 2).min(pace.between * BACK_OFF_MOST);
                }
            }
            match pool.take() {
                Some(mut chunk) => self.stack.append(&mut chunk),
                None => return,
            }
        }
    }

    /// Work to give away: of a short stack the older half, from which more is reached as a rule than from the newer.
    fn chunk(&mut self) -> Vec<Obj> {
        let len = self.stack.len();
        if len <= 2 * CHUNK_MOST {
            self.stack.drain(..len / 2).collect()
        } else {
            self.stack.split_off(len - CHUNK_MOST)
        }
    }

    /// Traces up to `n` objects; whether nothing is left then.
    fn trace_some(&mut self, n: usize) -> bool {
        for _ in 0..n {
            match self.stack.pop() {
                Some(o) => self.trace(o),
                None => return true,
            }
        }
        self.stack.is_empty()
    }

    pub(super) fn trace(&mut self, o: Obj) {
        self.object(o.class());
        let kind = o.kind();
        if kind.is_raw() {
            if let Some(data) = o.shared_data() {
                self.object(data);
            }
            return;
        }
        let Some((block, _)) = self.space.locate(o.to_word()) else { return };
        let end = match kind {
            Kind::Buf => 2 + o.len(),
            // Tuples with hidden fields (`struct_time`) keep them behind their items.
            _ => self.space.cell_words(block),
        };
        let first = if kind.has_orec() { 2 } else { 1 };
        for i in first..end {
            self.value(o.raw(i));
        }
        if let Some(native) = native_of(o) {
            native.trace(self);
        }
    }
}

/// The Rust data of an object made by `Cx::new_native`.
pub(crate) fn native_of(o: Obj) -> Option<&'static dyn NativeData> {
    if !matches!(o.kind(), Kind::Code | Kind::Record) {
        return None;
    }
    let v = o.raw(NATIVE_SLOT);
    if v.bits() & 7 != 1 || v.is_small() || v.is_float() {
        return None;
    }
    let pointer = v.foreign_address() as *const Box<dyn NativeData>;
    // SAFETY: only `Cx::new_native` stores foreign words in this slot of these kinds; the box is freed only by
    // `drop_dead_natives` after the object died.
    Some(unsafe { &**pointer })
}
