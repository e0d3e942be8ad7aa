//! The compiled unit: instructions, constants, tables and the facts a code object shows.

use std::sync::Arc;

use rustpython_wtf8::Wtf8Buf;

use crate::code::ops::Instr;

/// A constant as plain data; the machine makes the object when it loads the unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `...`
    Ellipsis,
    /// An int of 64 bits.
    Int(i64),
    /// A larger int, as decimal digits with an optional `-`, or `0x` digits likewise.
    BigInt(String),
    /// A float; compare constants by bits, not by `==`.
    Float(f64),
    /// A complex number: real and imaginary part.
    Complex(f64, f64),
    /// A string, which may hold lone surrogates.
    Str(Wtf8Buf),
    /// A bytes object.
    Bytes(Vec<u8>),
    /// A tuple.
    Tuple(Vec<Const>),
    /// A frozenset (from `x in {1, 2}`), items in source order.
    FrozenSet(Vec<Const>),
    /// The code of a function, class body, lambda, generator expression.
    Code(Arc<CodeUnit>),
}

/// Where a variable lives in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In this register.
    Register(u8),
    /// In this slot of the array made by `MakeWide`.
    Wide(u32),
}

/// A local variable, cell or free variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its (mangled) name.
    pub name: Arc<str>,
    /// Where to find it.
    pub place: Place,
    /// Does the place hold a cell?
    pub is_cell: bool,
}

/// A variable that exists only while some instructions run: that of an inlined comprehension. `locals()`, `eval`
/// and frame objects see it there, before a variable of the frame with the same name.
#[derive(Clone, Debug, PartialEq)]
pub struct Hidden {
    /// The variable.
    pub variable: Variable,
    /// First instruction of its life.
    pub start: u32,
    /// First instruction behind it.
    pub end: u32,
}

/// A line that begins before an instruction without having one of its own: `try:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineMark {
    /// The instruction.
    pub at: u32,
    /// The line.
    pub line: u32,
}

/// An inline cache. Named ones belong to the attribute or variable `name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Index of the name in `consts`, or [`Site::NAMELESS`].
    pub name: u32,
}

impl Site {
    /// The name of call sites.
    pub const NAMELESS: u32 = u32::MAX;
}

/// A stretch of instructions guarded by a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExceptionEntry {
    /// First guarded instruction.
    pub start: u32,
    /// First instruction behind the guarded ones.
    pub end: u32,
    /// The handler's first instruction.
    pub handler: u32,
    /// The register that receives the exception.
    pub exc: u8,
}

/// The source range of one instruction. Lines count from 1, columns are UTF-8 bytes from 0.
/// All zero means that the instruction has no position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Line of the first byte.
    pub line: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column of the first byte.
    pub col: u32,
    /// Column behind the last byte.
    pub end_col: u32,
}

/// `co_flags`, with CPython's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeFlags(pub u32);

impl CodeFlags {
    /// Locals are registers (functions), not a namespace.
    pub const OPTIMIZED: CodeFlags = CodeFlags(0x1);
    /// A new local namespace is made for each call.
    pub const NEWLOCALS: CodeFlags = CodeFlags(0x2);
    /// Takes `*args`.
    pub const VARARGS: CodeFlags = CodeFlags(0x4);
    /// Takes `**kwargs`.
    pub const VARKEYWORDS: CodeFlags = CodeFlags(0x8);
    /// Defined inside a function.
    pub const NESTED: CodeFlags = CodeFlags(0x10);
    /// A generator function.
    pub const GENERATOR: CodeFlags = CodeFlags(0x20);
    /// A coroutine function.
    pub const COROUTINE: CodeFlags = CodeFlags(0x80);
    /// A generator made awaitable by `types.coroutine`.
    pub const ITERABLE_COROUTINE: CodeFlags = CodeFlags(0x100);
    /// An async generator function.
    pub const ASYNC_GENERATOR: CodeFlags = CodeFlags(0x200);
    /// Compiled under `from __future__ import annotations`.
    pub const FUTURE_ANNOTATIONS: CodeFlags = CodeFlags(0x100_0000);
    /// The first constant is the docstring.
    pub const HAS_DOCSTRING: CodeFlags = CodeFlags(0x400_0000);
    /// A function defined in a class body.
    pub const METHOD: CodeFlags = CodeFlags(0x800_0000);
    /// Ours: the namespace of the locals comes in `r0` (modules, `exec`, class bodies). Not shown in `co_flags`.
    pub const NAMESPACE: CodeFlags = CodeFlags(0x8000_0000);

    /// Are all bits of `other` set?
    pub const fn contains(self, other: CodeFlags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Sets the bits of `other`.
    pub fn insert(&mut self, other: CodeFlags) {
        self.0 |= other.0;
    }

    /// What `co_flags` shows.
    pub const fn visible(self) -> u32 {
        self.0 & !CodeFlags::NAMESPACE.0
    }
}

/// A compiled module, function, class body, lambda, generator expression or annotation scope.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeUnit {
    /// `co_name`.
    pub name: Arc<str>,
    /// `co_qualname`.
    pub qualname: Arc<str>,
    /// `co_filename`.
    pub filename: Arc<str>,
    /// `co_firstlineno`.
    pub first_line: u32,
    /// `co_flags` and our own bits.
    pub flags: CodeFlags,
    /// `co_argcount`: positional parameters, positional-only ones included.
    pub n_args: u32,
    /// `co_posonlyargcount`.
    pub n_posonly: u32,
    /// `co_kwonlyargcount`.
    pub n_kwonly: u32,
    /// Registers that the call fills: all parameters with `*args` and `**kwargs` (1 for namespace code).
    pub n_params: u32,
    /// Registers `n_params .. n_locals` start UNBOUND.
    pub n_locals: u32,
    /// Size of the window. Callees' windows may begin inside it and reach beyond.
    pub n_regs: u32,
    /// Slots of the array of wide locals, 0 if there is none.
    pub n_wide: u32,
    /// The instructions.
    pub instrs: Box<[Instr]>,
    /// One position per instruction.
    pub positions: Box<[Position]>,
    /// Lines without an instruction, in order.
    pub marks: Box<[LineMark]>,
    /// Handlers, innermost first.
    pub exceptions: Box<[ExceptionEntry]>,
    /// Constants and names. A function's docstring is the first one if `HAS_DOCSTRING` is set.
    pub consts: Box<[Const]>,
    /// Inline caches.
    pub sites: Box<[Site]>,
    /// `co_varnames`: parameters in register order, then the other locals. Cells among them are marked.
    pub varnames: Box<[Variable]>,
    /// `co_cellvars`.
    pub cellvars: Box<[Variable]>,
    /// `co_freevars`, in the order of the closure tuple.
    pub freevars: Box<[Variable]>,
    /// Variables of inlined comprehensions, outer ones first.
    pub hidden: Box<[Hidden]>,
    /// Global and attribute names in order of first use: `co_names`.
    pub names: Box<[Arc<str>]>,
}

impl CodeUnit {
    /// A unit with nothing in it, to be filled.
    pub fn empty() -> Self {
        let none: Arc<str> = Arc::from("");
        CodeUnit {
            name: none.clone(),
            qualname: none.clone(),
            filename: none,
            first_line: 1,
            flags: CodeFlags::default(),
            n_args: 0,
            n_posonly: 0,
            n_kwonly: 0,
            n_params: 0,
            n_locals: 0,
            n_regs: 0,
            n_wide: 0,
            instrs: Box::default(),
            positions: Box::default(),
            exceptions: Box::default(),
            consts: Box::default(),
            sites: Box::default(),
            varnames: Box::default(),
            cellvars: Box::default(),
            freevars: Box::default(),
            hidden: Box::default(),
            marks: Box::default(),
            names: Box::default(),
        }
    }

    /// The line of the instruction `at`, or of the last one before it that has a line; 0 if none has.
    pub fn line_before(&self, at: usize) -> u32 {
        self.positions.iter().take(at + 1).rev().find(|p| p.line != 0).map_or(0, |p| p.line)
    }

    /// The string constant `index`, if that is what it is.
    pub fn name_at(&self, index: usize) -> Option<&rustpython_wtf8::Wtf8> {
        match self.consts.get(index)? {
            Const::Str(name) => Some(name),
            _ => None,
        }
    }
}
