//! Allocation: a bump range per size class and thread, refilled from the blocks of the shared heap.
//!
//! - Holds: the cells of a range are all zero until they are handed out.
//! - Holds: only the owning thread touches its ranges; the collector empties them with the world stopped.

use std::sync::Arc;

use super::{
    Heap,
    header::Obj,
    space::{CLASS_OF, CLASS_WORDS, N_CLASSES, SMALL_WORDS_MAX},
};

/// The heap has reached its limit; becomes `MemoryError`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory;

/// Zeroed cells to hand out, the last ones taken from `block`; `end` is 0 in one that never had any.
#[derive(Clone, Copy, Default)]
pub(crate) struct Range {
    cursor: usize,
    pub(super) end: usize,
    block: usize,
}

/// One thread's allocation state.
pub struct LocalHeap {
    ranges: [Range; N_CLASSES],
    /// Bytes handed out that the heap has not been told of yet.
    debt: usize,
    heap: Arc<Heap>,
}

/// A thread tells the shared heap of what it has handed out in steps of so many bytes, since that is a write to a word that
/// all threads share.
const DEBT_STEP: usize = 16 << 10;

impl LocalHeap {
    /// An empty set of ranges over `heap`.
    pub fn new(heap: Arc<Heap>) -> Self {
        Self { ranges: [Range::default(); N_CLASSES], debt: 0, heap }
    }

    /// The shared heap.
    pub fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    /// Allocates `words` zeroed words with `meta` in word 0.
    ///
    /// # Errors
    /// [`OutOfMemory`] at the heap's limit.
    pub fn alloc(&mut self, meta: u64, words: usize) -> Result<Obj, OutOfMemory> {
        match self.quick_alloc(meta, words) {
            Some(o) => Ok(o),
            None => self.alloc_slow(meta, words),
        }
    }

    /// As [`LocalHeap::alloc`], from the range at hand only.
    #[inline(always)]
    pub fn quick_alloc(&mut self, meta: u64, words: usize) -> Option<Obj> {
        if words <= SMALL_WORDS_MAX {
            let class = CLASS_OF[words.div_ceil(2)] as usize;
            let range = &mut self.ranges[class];
            let cell = CLASS_WORDS[class] as usize * 8;
            let address = range.cursor;
            if address < range.end {
                range.cursor = address + cell;
                return Some(initialise(address, meta));
            }
        }
        None
    }

    /// As [`LocalHeap::alloc`], from a new range or as a large object.
    ///
    /// # Errors
    /// [`OutOfMemory`] at the heap's limit.
    #[cold]
    #[inline(never)]
    pub fn alloc_slow(&mut self, meta: u64, words: usize) -> Result<Obj, OutOfMemory> {
        if words > SMALL_WORDS_MAX {
            let address = self.heap.large(words)?;
            Obj::from_word(address as u64)
                .word(0)
                .store(meta, std::sync::atomic::Ordering::Relaxed);
            return Ok(Obj::from_word(address as u64));
        }
        let class = CLASS_OF[words.div_ceil(2)] as usize;
        self.refill(class)?;
        let cell = CLASS_WORDS[class] as usize * 8;
        let range = &mut self.ranges[class];
        let address = range.cursor;
        range.cursor += cell;
        Ok(initialise(address, meta))
    }

    fn refill(&mut self, class: usize) -> Result<(), OutOfMemory> {
        let mut range = self.ranges[class];
        let mut fresh = false;
        loop {
            if range.end != 0
                && let Some((cursor, end)) = self.heap.next_run(range.block, range.end)
            {
                if !fresh {
                    zero(cursor, end);
                }
                self.ranges[class] = Range { cursor, end, block: range.block };
                self.charge(end - cursor);
                return Ok(());
            }
            if let Some(left) = self.heap.take_left_over(class) {
                if left.cursor < left.end {
                    self.ranges[class] = left;
                    return Ok(());
                }
                (range, fresh) = (left, false);
                continue;
            }
            let (block, is_fresh) = self.heap.take_block(class)?;
            fresh = is_fresh;
            range = Range { cursor: 0, end: self.heap.block_start(block), block };
        }
    }

    fn charge(&mut self, bytes: usize) {
        self.debt += bytes;
        if self.debt >= DEBT_STEP {
            self.heap.charge(std::mem::take(&mut self.debt));
        }
    }

    /// Gives what is left of the ranges to the next thread that needs some: a short-lived thread uses little of them.
    /// The world must not be stopped meanwhile.
    pub fn retire(&mut self) {
        self.heap.leave_over(&self.ranges);
        self.heap.charge(self.debt);
        self.flush();
    }

    /// Gives up all ranges; the collector calls this with the world stopped.
    pub fn flush(&mut self) {
        self.ranges = [Range::default(); N_CLASSES];
        self.debt = 0;
    }
}

#[inline(always)]
fn initialise(address: usize, meta: u64) -> Obj {
    let obj = Obj::from_word(address as u64);
    obj.word(0).store(meta, std::sync::atomic::Ordering::Relaxed);
    obj
}

/// Zeroes a run of free cells. In one go, because that is cheaper than cell by cell and brings them into the cache.
pub(super) fn zero(from: usize, to: usize) {
    // SAFETY: the cells of the run were free and now belong to this thread's range, so nobody else reads or writes them.
    unsafe { std::ptr::write_bytes(from as *mut u8, 0, to - from) }
}
