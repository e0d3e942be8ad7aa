//! Frames on the register stack: header words, register access, growth.
//!
//! A frame is a window of registers; `r0` is its base. Words below the base:
//!
//! | word | holds |
//! |---|---|
//! | -1 | bookkeeping: flags, destination in the caller, distance to the caller's base |
//! | -2 | the running [`LoadedCode`] |
//! | -3 | where the caller goes on |
//! | -4 | the called function |
//! | -5 | frames with a flag only: the new instance, the generator, or the outer context |
//! | -6 | generator frames only: the exception that its resumer handles |
//!
//! - Holds: register numbers come from verified code, so `get` and `set` stay inside the window, and windows stay
//!   inside the reservation because `call.rs` checks the limit before it makes one.
//! - Holds: header words that are no values are addresses of Rust memory or odd, so the collector's conservative scan
//!   passes over them.

use taipan_objects::{heap::Obj, value::Value};

use crate::{code::Instr, vm::loaded::LoadedCode};

/// Words below `r0` that a frame may use.
pub const FRAME_WORDS: usize = 6;

/// The base of a frame: where its `r0` is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(transparent)]
pub struct Regs(*mut u64);

/// Flags of a frame.
pub mod flag {
    /// Its return leaves the dispatch loop that entered it.
    pub const ENTRY: u64 = 2;
    /// `__init__` of a class call: the result is the instance in word -5.
    pub const INIT: u64 = 4;
    /// A running generator, coroutine or async generator, in word -5.
    pub const GEN: u64 = 8;
    /// A frame object describes this frame.
    pub const OBJECT: u64 = 16;
    /// Resumed by a `for` loop: goes on at the loop's head or behind it.
    pub const FOR: u64 = 32;
    /// Resumed by `Delegate`: what it yields its resumer yields.
    pub const DELEGATE: u64 = 64;
    /// The result is not stored.
    pub const DISCARD: u64 = 128;
    /// The result is `None`, whatever it returns: `exec`.
    pub const NONE: u64 = 256;
    /// Called by `Context.run`: leaving it makes the context in word -5 the current one again.
    pub const CONTEXT: u64 = 512;
    /// A generator's frame that handles an exception of its own, which may be the one that its resumer handles, too.
    pub const HANDLES: u64 = 1024;
    /// All flags.
    pub const ALL: u64 = 0xFFFE;
}

/// The bookkeeping word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Book(u64);

impl Book {
    /// From its parts; `distance` in words.
    #[inline(always)]
    pub fn new(flags: u64, dst: u8, distance: usize) -> Self {
        Self(1 | flags | (dst as u64) << 16 | (distance as u64) << 24)
    }

    /// The flags.
    #[inline(always)]
    pub fn flags(self) -> u64 {
        self.0 & flag::ALL
    }

    /// Whether a flag is set.
    #[inline(always)]
    pub fn has(self, flag: u64) -> bool {
        self.0 & flag != 0
    }

    /// Register of the caller that receives the result.
    #[inline(always)]
    pub fn dst(self) -> u8 {
        (self.0 >> 16) as u8
    }

    /// Words between the caller's base and this one.
    #[inline(always)]
    pub fn distance(self) -> usize {
        (self.0 >> 24) as usize
    }
}

impl Regs {
    /// The frame whose base is at `address`.
    #[inline(always)]
    pub fn at(address: *mut u64) -> Self {
        Self(address)
    }

    /// No frame.
    pub const NULL: Self = Self(std::ptr::null_mut());

    /// Whether this is no frame.
    #[inline(always)]
    pub fn is_null(self) -> bool {
        self.0.is_null()
    }

    /// The address of `r0`.
    #[inline(always)]
    pub fn address(self) -> *mut u64 {
        self.0
    }

    /// The word `n` words above `r0`, as an address.
    #[inline(always)]
    pub fn above(self, n: usize) -> *mut u64 {
        self.0.wrapping_add(n)
    }

    /// Register `i`.
    #[inline(always)]
    pub fn get(self, i: u8) -> Value {
        // SAFETY: verified code names registers of the window only; the window is mapped.
        Value::from_bits(unsafe { *self.0.add(i as usize) })
    }

    /// Sets register `i`.
    #[inline(always)]
    pub fn set(self, i: u8, v: Value) {
        // SAFETY: as in `get`; only this thread writes its registers.
        unsafe { *self.0.add(i as usize) = v.bits() }
    }

    /// Word `i` above `r0`, which may lie beyond what a byte can name.
    #[inline(always)]
    pub fn word(self, i: usize) -> Value {
        // SAFETY: callers stay within the frame or the slack above it.
        Value::from_bits(unsafe { *self.0.add(i) })
    }

    /// Sets word `i` above `r0`.
    #[inline(always)]
    pub fn set_word(self, i: usize, v: Value) {
        // SAFETY: as in `word`.
        unsafe { *self.0.add(i) = v.bits() }
    }

    /// The `n` registers from `first` on; they stay the same memory while the frame lives.
    #[inline(always)]
    pub fn window(self, first: u8, n: usize) -> &'static [Value] {
        self.words(first as usize, n)
    }

    /// The `n` words from word `first` on.
    #[inline(always)]
    pub fn words(self, first: usize, n: usize) -> &'static [Value] {
        // SAFETY: the window is mapped for as long as the thread's context lives; `Value` is one word; callers do not
        // write these registers while they use the slice.
        unsafe { std::slice::from_raw_parts(self.0.add(first).cast::<Value>(), n) }
    }

    #[inline(always)]
    fn header(self, below: usize) -> u64 {
        // SAFETY: every frame has `FRAME_WORDS` mapped words below it.
        unsafe { *self.0.sub(below) }
    }

    #[inline(always)]
    fn set_header(self, below: usize, word: u64) {
        // SAFETY: as in `header`.
        unsafe { *self.0.sub(below) = word }
    }

    /// The called function.
    #[inline(always)]
    pub fn func(self) -> Obj {
        // Every frame has one; see `open`.
        Value::from_bits(self.header(4)).obj().expect("frames have functions")
    }

    /// The function without the check that there is one.
    #[inline(always)]
    pub fn func_value(self) -> Value {
        Value::from_bits(self.header(4))
    }

    /// The code that runs in this frame.
    #[inline(always)]
    pub fn code(self) -> &'static LoadedCode {
        // SAFETY: `open` stores the address of loaded code, which its code object owns; the function in word -4 keeps
        // that alive.
        unsafe { &*(self.header(2) as *const LoadedCode) }
    }

    /// Where the caller goes on.
    #[inline(always)]
    pub fn return_pc(self) -> *const Instr {
        self.header(3) as *const Instr
    }

    /// The bookkeeping word.
    #[inline(always)]
    pub fn book(self) -> Book {
        Book(self.header(1))
    }

    /// Adds flags.
    pub fn add_flags(self, flags: u64) {
        self.set_header(1, self.header(1) | flags);
    }

    /// Removes flags.
    pub fn clear_flags(self, flags: u64) {
        self.set_header(1, self.header(1) & !flags);
    }

    /// The caller's frame (for entry frames: the frame that ran when native code called back).
    #[inline(always)]
    pub fn caller(self) -> Self {
        Self(self.0.wrapping_sub(self.book().distance()))
    }

    /// Fills the header of a new frame. `caller` may be the frame itself for the first frame of a thread.
    #[inline(always)]
    pub fn open(self, func: Value, code: &LoadedCode, return_pc: *const Instr, book: Book) {
        self.set_header(4, func.bits());
        self.set_header(3, return_pc as u64);
        self.set_header(2, std::ptr::from_ref(code) as u64);
        self.set_header(1, book.0);
    }

    /// The instance (INIT), generator (GEN) or outer context (CONTEXT) of the frame.
    #[inline(always)]
    pub fn extra(self) -> Value {
        Value::from_bits(self.header(5))
    }

    /// Sets word -5.
    #[inline(always)]
    pub fn set_extra(self, v: Value) {
        self.set_header(5, v.bits());
    }

    /// The resumer's handled exception (GEN).
    #[inline(always)]
    pub fn outer_handled(self) -> Value {
        Value::from_bits(self.header(6))
    }

    /// Sets word -6.
    #[inline(always)]
    pub fn set_outer_handled(self, v: Value) {
        self.set_header(6, v.bits());
    }

    /// Words from `self` down to `other`.
    #[inline(always)]
    pub fn distance_from(self, other: Self) -> usize {
        (self.0 as usize).wrapping_sub(other.0 as usize) / 8
    }
}
