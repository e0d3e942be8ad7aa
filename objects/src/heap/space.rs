//! The address range of a heap: 32 KiB blocks of one size class each, and runs of blocks for large objects.
//!
//! One reservation per heap makes "is this word a pointer to a live object?" a subtraction and a table look-up, which
//! the conservative scan of native stacks needs. Memory is committed by the kernel on first touch.
//!
//! - Holds: a block has one state and one cell size; mark bits have the granularity of 16 bytes.
//! - Not here: who allocates (`local.rs`), who marks (`mark.rs`).

use std::{
    marker::PhantomData,
    ptr,
    sync::atomic::{AtomicU64, Ordering},
};

use super::header::Obj;

pub(crate) const BLOCK_BYTES: usize = 32 * 1024;
pub(crate) const BLOCK_WORDS: usize = BLOCK_BYTES / 8;
const MARK_WORDS: usize = BLOCK_BYTES / 16 / 64;

/// Cell sizes in words. Larger objects get whole blocks.
pub(crate) const CLASS_WORDS: [u16; 28] = [
    2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128, 160, 224, 292, 408,
    512, 816, 1024, 1364, 2048,
];
pub(crate) const N_CLASSES: usize = CLASS_WORDS.len();
pub(crate) const SMALL_WORDS_MAX: usize = 2048;

/// Size class by number of words (rounded up to even, halved).
pub(crate) static CLASS_OF: [u8; SMALL_WORDS_MAX / 2 + 1] = class_table();

const fn class_table() -> [u8; SMALL_WORDS_MAX / 2 + 1] {
    let mut table = [0; SMALL_WORDS_MAX / 2 + 1];
    let mut class = 0;
    let mut half = 0;
    while half < table.len() {
        if half * 2 > CLASS_WORDS[class] as usize {
            class += 1;
        }
        table[half] = class as u8;
        half += 1;
    }
    table
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub(crate) enum BlockState {
    Free = 0,
    Small = 1,
    LargeHead = 2,
    LargeRest = 3,
}

/// The mark bits of a block, one for each 16 bytes.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct MarkBits([AtomicU64; MARK_WORDS]);

impl MarkBits {
    // Relaxed throughout: marks are written with the world stopped, which orders them, and by one thread in each table; the
    // other marker may read them while they change, see `mark.rs`.

    #[inline(always)]
    pub(crate) fn word(&self, granule: usize) -> &AtomicU64 {
        &self.0[granule / 64]
    }

    pub(crate) fn is_set(&self, granule: usize) -> bool {
        self.word(granule).load(Ordering::Relaxed) >> (granule % 64) & 1 == 1
    }

    pub(crate) fn clear(&self) {
        for word in &self.0 {
            word.store(0, Ordering::Relaxed);
        }
    }

    /// Moves the bits of `other` here.
    pub(crate) fn take_from(&self, other: &Self) {
        for (to, from) in self.0.iter().zip(&other.0) {
            let bits = from.load(Ordering::Relaxed);
            // Pages of the second table that nothing was written to stay the kernel's page of zeros.
            if bits != 0 {
                to.store(to.load(Ordering::Relaxed) | bits, Ordering::Relaxed);
                from.store(0, Ordering::Relaxed);
            }
        }
    }

    pub(crate) fn copy_from(&self, other: &Self) {
        for (to, from) in self.0.iter().zip(&other.0) {
            to.store(from.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// Keeps the bits that `other` has, too.
    pub(crate) fn intersect(&self, other: &Self) {
        for (to, from) in self.0.iter().zip(&other.0) {
            to.store(to.load(Ordering::Relaxed) & from.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    pub(crate) fn set(&self, granule: usize) {
        let word = self.word(granule);
        word.store(word.load(Ordering::Relaxed) | 1 << (granule % 64), Ordering::Relaxed);
    }

    pub(crate) fn unset(&self, granule: usize) {
        let word = self.word(granule);
        word.store(word.load(Ordering::Relaxed) & !(1 << (granule % 64)), Ordering::Relaxed);
    }

    /// Calls `f` with the granules of all bits; it may unset the one it is called with.
    pub(crate) fn for_each(&self, mut f: impl FnMut(usize)) {
        for (i, word) in self.0.iter().enumerate() {
            let mut bits = word.load(Ordering::Relaxed);
            while bits != 0 {
                f(i * 64 + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
        }
    }

    pub(crate) fn any(&self) -> bool {
        self.0.iter().any(|w| w.load(Ordering::Relaxed) != 0)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|w| w.load(Ordering::Relaxed).count_ones() as usize).sum()
    }
}

/// One [`MarkBits`] for each block of a space that lives for `'s`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarkTable<'s> {
    start: *const MarkBits,
    n_blocks: usize,
    space: PhantomData<&'s Space>,
}

impl<'s> MarkTable<'s> {
    #[inline(always)]
    pub(crate) fn bits(self, block: usize) -> &'s MarkBits {
        debug_assert!(block < self.n_blocks);
        // SAFETY: the table has `n_blocks` entries, all-zero is a valid entry, it lives as long as the space.
        unsafe { &*self.start.add(block) }
    }
}

/// What the heap knows of a block, kept outside of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockInfo<'s> {
    /// `BlockState` in the low byte; above it cell words (small), words (large head) or distance to the head.
    state: &'s AtomicU64,
    marks: MarkTable<'s>,
    block: usize,
}

impl<'s> BlockInfo<'s> {
    // Relaxed throughout: block states change under the heap's lock or with the world stopped, and both order them.
    pub(crate) fn state(self) -> BlockState {
        match self.state.load(Ordering::Relaxed) & 0xFF {
            1 => BlockState::Small,
            2 => BlockState::LargeHead,
            3 => BlockState::LargeRest,
            _ => BlockState::Free,
        }
    }

    pub(crate) fn number(self) -> usize {
        (self.state.load(Ordering::Relaxed) >> 8) as usize
    }

    pub(crate) fn set(self, state: BlockState, number: usize) {
        self.state.store(state as u64 | (number as u64) << 8, Ordering::Relaxed);
    }

    /// The marks of the last collection.
    #[inline(always)]
    pub(crate) fn marks(self) -> &'s MarkBits {
        self.marks.bits(self.block)
    }
}

/// Tables of marks.
const N_TABLES: usize = 3;
/// The table of the second marker of a running collection.
pub(super) const HELPER: usize = 1;
/// The table of what has tenure (`tenure.rs`).
pub(super) const TENURED: usize = 2;

/// The reservation: blocks, then their states, then the tables of marks.
pub(crate) struct Space {
    base: usize,
    n_blocks: usize,
    states: *const AtomicU64,
    marks: [*const MarkBits; N_TABLES],
    mapping: (usize, usize),
}

// SAFETY: `Space` only hands out addresses and atomics; its memory lives until it is dropped.
unsafe impl Send for Space {}
// SAFETY: as above.
unsafe impl Sync for Space {}

impl Space {
    /// Reserves address space for `n_blocks` blocks.
    ///
    /// # Errors
    /// The operating system's error when it refuses the reservation.
    pub(crate) fn reserve(n_blocks: usize) -> std::io::Result<Self> {
        let table = (n_blocks * size_of::<u64>()).next_multiple_of(align_of::<MarkBits>());
        let marks = n_blocks * size_of::<MarkBits>();
        let bytes = (n_blocks + 1) * BLOCK_BYTES + table + N_TABLES * marks;
        let start = map(bytes)?;
        let base = start.next_multiple_of(BLOCK_BYTES);
        let states = base + n_blocks * BLOCK_BYTES;
        let first = states + table;
        Ok(Self {
            base,
            n_blocks,
            states: states as *const AtomicU64,
            marks: [0, 1, 2].map(|table| (first + table * marks) as *const MarkBits),
            mapping: (start, bytes),
        })
    }

    pub(crate) fn n_blocks(&self) -> usize {
        self.n_blocks
    }

    pub(crate) fn block_address(&self, block: usize) -> usize {
        self.base + block * BLOCK_BYTES
    }

    #[inline(always)]
    pub(crate) fn info(&self, block: usize) -> BlockInfo<'_> {
        debug_assert!(block < self.n_blocks);
        // SAFETY: the table has `n_blocks` entries, all-zero is a valid entry, it lives as long as `self`.
        let state = unsafe { &*self.states.add(block) };
        BlockInfo { state, marks: self.marks(0), block }
    }

    /// Table 0 has the marks of the last collection; a second marker has table [`HELPER`] while it runs.
    #[inline(always)]
    pub(crate) fn marks(&self, table: usize) -> MarkTable<'_> {
        MarkTable { start: self.marks[table], n_blocks: self.n_blocks, space: PhantomData }
    }

    /// Block and granule of an address inside the reservation.
    #[inline(always)]
    pub(crate) fn locate(&self, address: u64) -> Option<(usize, usize)> {
        let offset = (address as usize).wrapping_sub(self.base);
        let block = offset / BLOCK_BYTES;
        if block < self.n_blocks { Some((block, offset % BLOCK_BYTES / 16)) } else { None }
    }

    /// The live-or-dead allocated object that contains `address`, if any (interior addresses count).
    pub(crate) fn find(&self, address: u64) -> Option<Obj> {
        let (block, _) = self.locate(address)?;
        let info = self.info(block);
        let start = match info.state() {
            BlockState::Free => return None,
            BlockState::Small => {
                let cell = info.number() * 8;
                let offset = address as usize - self.block_address(block);
                let index = offset / cell;
                if (index + 1) * cell > BLOCK_BYTES {
                    return None;
                }
                self.block_address(block) + index * cell
            }
            BlockState::LargeHead => self.block_address(block),
            BlockState::LargeRest => self.block_address(block - info.number()),
        };
        let obj = Obj::from_word(start as u64);
        (obj.meta() != 0).then_some(obj)
    }

    /// Words in the cell that holds the object starting at `address`.
    #[inline(always)]
    pub(crate) fn cell_words(&self, block: usize) -> usize {
        self.info(block).number()
    }

    /// Tells the kernel that the pages of these blocks are not needed any more.
    pub(crate) fn release(&self, block: usize, n: usize) {
        // SAFETY: the range lies inside our private anonymous mapping and holds no live object.
        unsafe {
            libc::madvise(
                self.block_address(block) as *mut libc::c_void,
                n * BLOCK_BYTES,
                libc::MADV_DONTNEED,
            );
        }
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        let (start, bytes) = self.mapping;
        // SAFETY: mapped by `reserve`; nothing refers to it once the heap is gone.
        unsafe { libc::munmap(start as *mut libc::c_void, bytes) };
    }
}

fn map(bytes: usize) -> std::io::Result<usize> {
    // SAFETY: a fresh private anonymous mapping at an address of the kernel's choice.
    let address = unsafe {
        libc::mmap(
            ptr::null_mut(),
            bytes,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    if address == libc::MAP_FAILED {
        Err(std::io::Error::last_os_error())
    } else {
        Ok(address as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::{CLASS_OF, CLASS_WORDS, SMALL_WORDS_MAX};

    #[test]
    fn every_small_size_fits_its_class_and_no_smaller_one() {
        for words in 1..=SMALL_WORDS_MAX {
            let class = CLASS_OF[words.div_ceil(2)] as usize;
            assert!(CLASS_WORDS[class] as usize >= words);
            assert!(class == 0 || (CLASS_WORDS[class - 1] as usize) < words);
        }
    }
}
