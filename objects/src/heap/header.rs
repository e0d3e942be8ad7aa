//! Object headers: the `meta` word, the kinds, and [`Obj`], the handle to a heap object.
//!
//! Layout of every heap object, in 64-bit words:
//!
//! | word | mutable kinds | immutable kinds |
//! |---|---|---|
//! | 0 | `meta`: shape pointer (48 bits), kind (8), flags (8) | the same |
//! | 1 | ownership record | first payload word |
//! | 2.. | slots | payload |
//!
//! Holds: each word of a traced kind from its first slot on is a [`Value`] or a number below `2^32`; the payload of raw
//! kinds is never traced. An object never moves. `meta == 0` means a free cell.

use std::{
    ptr::NonNull,
    sync::atomic::{AtomicU64, Ordering},
};

use taipan_stm::Orec;

use crate::{shape::Shape, value::Value};

/// What an object is to the collector and to fast paths; the class says what it is to Python.
///
/// The order matters: raw kinds first, then kinds without an ownership record, then the mutable ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A free cell.
    Free = 0,
    /// Bytes owned by another object: word 1 is the length in bytes, data from word 2.
    Raw,
    /// `str`, exactly.
    Str,
    /// `bytes`, exactly.
    Bytes,
    /// `int` beyond 51 bits, exactly.
    Int,
    /// `complex`, exactly.
    Complex,
    /// Values owned by another object: word 1 is the number of values, values from word 2.
    Buf,
    /// `tuple`, exactly: word 1 is the length, items from word 2.
    Tuple,
    /// An immutable object of values only (range, slice, bound method, ...), slots from word 1.
    Frozen,
    /// `frozenset`, exactly; immutable, slots from word 1.
    FrozenSet,
    /// A function or method implemented in Rust; immutable, slots from word 1.
    Native,
    /// A code object; immutable.
    Code,
    /// An ordinary instance: word 2 holds the overflow (or `__dict__`), attributes from word 3.
    Instance,
    /// A class.
    Type,
    /// `list` and subclasses.
    List,
    /// `dict` and subclasses.
    Dict,
    /// `set` and subclasses.
    Set,
    /// A Python function.
    Function,
    /// A closure cell, or the cell of a name in a namespace.
    Cell,
    /// A generator, coroutine or async generator.
    Generator,
    /// `BaseException` and subclasses.
    Exception,
    /// A module.
    Module,
    /// `bytearray` and subclasses.
    ByteArray,
    /// Any other mutable object: slots from word 2; told apart by class.
    Record,
}

impl Kind {
    const ALL: [Self; 24] = [
        Self::Free,
        Self::Raw,
        Self::Str,
        Self::Bytes,
        Self::Int,
        Self::Complex,
        Self::Buf,
        Self::Tuple,
        Self::Frozen,
        Self::FrozenSet,
        Self::Native,
        Self::Code,
        Self::Instance,
        Self::Type,
        Self::List,
        Self::Dict,
        Self::Set,
        Self::Function,
        Self::Cell,
        Self::Generator,
        Self::Exception,
        Self::Module,
        Self::ByteArray,
        Self::Record,
    ];

    /// Whether the payload holds no values.
    #[inline(always)]
    pub const fn is_raw(self) -> bool {
        (self as u8) < Self::Buf as u8
    }

    /// Whether word 1 is an ownership record.
    #[inline(always)]
    pub const fn has_orec(self) -> bool {
        self as u8 >= Self::Instance as u8
    }
}

/// A meta word: what [`Obj::meta`] returns and inline caches compare.
#[inline(always)]
pub fn meta_of(shape: &'static Shape, kind: Kind) -> u64 {
    std::ptr::from_ref(shape) as u64 | (kind as u64) << 48
}

/// Flag of a string's meta word: its text lies in a buffer of bytes named by word 4, from that buffer's word 3 on.
pub const SHARED_DATA: u64 = 1 << 57;

/// Handle to a live heap object. Copied freely; keeps the object alive only while it is on a native
/// stack, in a register, or in another live object (the collector scans native stacks conservatively).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(transparent)]
pub struct Obj(NonNull<AtomicU64>);

// SAFETY: an `Obj` is an address in a heap that never moves objects; all words are atomics.
unsafe impl Send for Obj {}
// SAFETY: as above; what may be read when is decided by the barriers in `field.rs`.
unsafe impl Sync for Obj {}

impl Obj {
    #[inline(always)]
    pub(crate) fn from_word(word: u64) -> Self {
        debug_assert!(word != 0 && word & 7 == 0);
        // SAFETY: callers pass words of object values (`Value::is_obj`) or fresh cells: never 0.
        Self(unsafe { NonNull::new_unchecked(word as *mut AtomicU64) })
    }

    /// The object whose ownership record, word 1, has this address.
    pub(crate) fn of_orec(address: u64) -> Self {
        Self::from_word(address - 8)
    }

    /// The address as a word: what `id()` is made of.
    #[inline(always)]
    pub fn to_word(self) -> u64 {
        self.0.as_ptr() as u64
    }

    /// Word `i` of the object. `i` must be a word of the layout of this object's kind.
    #[inline(always)]
    pub fn word(self, i: usize) -> &'static AtomicU64 {
        // SAFETY: the object is live (see the type's doc) and layouts only name words that its
        // allocation included; the cell is never unmapped while its heap exists.
        unsafe { &*self.0.as_ptr().add(i) }
    }

    /// The meta word: shape, kind, flags.
    #[inline(always)]
    pub fn meta(self) -> u64 {
        // Relaxed: shapes are immortal and published before any object that names them.
        self.word(0).load(Ordering::Relaxed)
    }

    /// What the object is to the collector and to fast paths.
    #[inline(always)]
    pub fn kind(self) -> Kind {
        Kind::ALL[((self.meta() >> 48) & 31) as usize % Kind::ALL.len()]
    }

    /// The shape: class and attribute layout.
    #[inline(always)]
    pub fn shape(self) -> &'static Shape {
        let address = self.meta() & 0xFFFF_FFFF_FFFF;
        // SAFETY: every meta word is made by `meta_of` from a leaked shape.
        unsafe { &*(address as *const Shape) }
    }

    /// The class.
    #[inline(always)]
    pub fn class(self) -> Obj {
        self.shape().class()
    }

    /// The ownership record; only for kinds that have one.
    #[inline(always)]
    pub fn orec(self) -> &'static Orec {
        debug_assert!(self.kind().has_orec(), "{:?} has no ownership record", self.kind());
        // SAFETY: word 1 of a mutable kind is its ownership record (`Orec` is `repr(transparent)` over `AtomicU64`).
        unsafe { &*self.0.as_ptr().add(1).cast::<Orec>() }
    }

    /// Word `i` without any barrier: immutable objects, brackets (`field.rs`), or objects nobody else can see.
    #[inline(always)]
    pub fn raw(self, i: usize) -> Value {
        // Acquire: in a bracket, keeps this load before the re-check of the header.
        Value::from_bits(self.word(i).load(Ordering::Acquire))
    }

    /// Sets word `i` without any barrier: only while nobody else can see the object.
    #[inline(always)]
    pub fn init(self, i: usize, v: Value) {
        // Relaxed: the object becomes visible through a later release (commit, or thread start).
        self.word(i).store(v.bits(), Ordering::Relaxed);
    }

    /// Sets word `i` without any barrier: of an object whose old word the running attempt has logged, or in solo mode.
    #[inline(always)]
    pub fn overwrite(self, i: usize, v: Value) {
        // EDGE(slot), release side: as the write barrier's store, so that whoever sees the value sees the claim.
        self.word(i).store(v.bits(), Ordering::Release);
    }

    /// Number of values of a `Buf` or `Tuple`, or of bytes of a `Raw`, `Str` or `Bytes`.
    #[inline(always)]
    pub fn len(self) -> usize {
        debug_assert!(self.kind() < Kind::Frozen && self.kind() != Kind::Free);
        self.word(1).load(Ordering::Relaxed) as u32 as usize | self.len_high()
    }

    #[inline(always)]
    fn len_high(self) -> usize {
        (self.word(1).load(Ordering::Relaxed) as usize) & (0xFFFF << 32)
    }

    /// Whether [`Obj::len`] is 0.
    #[inline(always)]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Value `i` of a `Buf` or `Tuple` without barrier; `None` beyond the end.
    #[inline(always)]
    pub fn item(self, i: usize) -> Option<Value> {
        if i < self.len() { Some(self.raw(2 + i)) } else { None }
    }

    /// Sets value `i` of a `Buf` or `Tuple` that nobody else can see yet. Out of range is ignored in release.
    #[inline(always)]
    pub fn init_item(self, i: usize, v: Value) {
        debug_assert!(i < self.len());
        if i < self.len() {
            self.init(2 + i, v);
        }
    }

    /// The values of a `Tuple` (or of a `Buf` that nobody else can see).
    #[inline(always)]
    pub fn items(self) -> &'static [Value] {
        debug_assert!(matches!(self.kind(), Kind::Tuple | Kind::Buf));
        // SAFETY: `len` values follow word 1; `Value` is `repr(transparent)` over the word; tuples are never
        // written after they became visible. Liveness: see the type's doc (interior pointers count as well).
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().add(2).cast::<Value>(), self.len()) }
    }

    /// Words `from` to `to` of the object, which must be words of its layout.
    #[inline]
    pub fn words(self, from: usize, to: usize) -> &'static [AtomicU64] {
        debug_assert!(from <= to);
        // SAFETY: as for `word`.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().add(from), to.saturating_sub(from)) }
    }

    /// The bytes of a `Raw`, `Bytes` object: immutable from the moment others can see it.
    #[inline(always)]
    pub fn raw_bytes(self) -> &'static [u8] {
        debug_assert!(matches!(self.kind(), Kind::Raw | Kind::Bytes));
        self.bytes_from(2)
    }

    /// The `len` bytes that begin at word `first`; for layouts that keep their length in word 1.
    #[inline(always)]
    pub fn bytes_from(self, first: usize) -> &'static [u8] {
        debug_assert!(self.kind().is_raw());
        // SAFETY: raw kinds hold `len` bytes from their data word on, written before they became visible.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().add(first).cast::<u8>(), self.len()) }
    }

    /// For a string whose text lies in a buffer that it shares with others: that buffer (word 4), else `None`.
    #[inline(always)]
    pub fn shared_data(self) -> Option<Self> {
        if self.meta() & SHARED_DATA == 0 { None } else { self.raw(4).obj() }
    }

    /// The first `len` bytes from word `first` of a raw object. They must have been written before this object became
    /// visible; bytes behind them may still be written by [`Obj::claimed_bytes`].
    #[inline(always)]
    pub fn bytes_prefix(self, first: usize, len: usize) -> &'static [u8] {
        debug_assert!(self.kind().is_raw() && (first - 2) * 8 + len <= self.len());
        // SAFETY: `len` bytes from that word on belong to the object and are never written again (see above).
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().add(first).cast::<u8>(), len) }
    }

    /// Bytes `from..to`, counted from word `first`, of a raw object, to fill in. The caller alone owns that range: nobody
    /// has read it yet and nobody else will write it.
    #[inline(always)]
    pub fn claimed_bytes(self, first: usize, from: usize, to: usize) -> &'static mut [u8] {
        debug_assert!(self.kind().is_raw() && from <= to && (first - 2) * 8 + to <= self.len());
        // SAFETY: the range belongs to the object, and the caller has exclusive use of it.
        unsafe {
            std::slice::from_raw_parts_mut(
                self.0.as_ptr().add(first).cast::<u8>().add(from),
                to - from,
            )
        }
    }

    /// The `n` words that begin at word `first` of a raw object, as numbers; immutable from the moment others can see it.
    #[inline(always)]
    pub fn limbs(self, first: usize, n: usize) -> &'static [u64] {
        debug_assert!(self.kind() == Kind::Int);
        // SAFETY: callers name words that the object's allocation included, written before it became visible.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().add(first).cast::<u64>(), n) }
    }

    /// The same of an object that nobody else can see yet, to fill in.
    #[inline(always)]
    pub fn init_limbs(self, first: usize, n: usize) -> &'static mut [u64] {
        debug_assert!(self.kind() == Kind::Int);
        // SAFETY: the caller has just allocated the object with these words and no other reference to them exists.
        unsafe { std::slice::from_raw_parts_mut(self.0.as_ptr().add(first).cast::<u64>(), n) }
    }

    /// The bytes from word `first` of a raw object that nobody else can see yet, to fill in.
    #[inline(always)]
    pub fn init_bytes(self, first: usize) -> &'static mut [u8] {
        debug_assert!(self.kind().is_raw());
        // SAFETY: the caller has just allocated the object and no other reference to its bytes exists.
        unsafe {
            std::slice::from_raw_parts_mut(self.0.as_ptr().add(first).cast::<u8>(), self.len())
        }
    }
}
