//! From syntax tree to bytecode.
//!
//! Reading order: `scope` (where names live), `unit` (one code unit under construction: instructions, labels,
//! registers, guards), `assemble` (the unit made final), then by construct: `names`, `expr`, `operators`,
//! `call`, `strings`, `stmt`, `flow`, `try_stmt`, `with_stmt`, `pattern`, `function`, `class`, `comprehension`,
//! `annotations`, `type_params`; `fold` (constants) and `unparse` (text of annotations).
//!
//! - Holds: no panic on any tree the parser gives. What cannot be compiled is a [`CompileError`].
//! - Holds: registers are handed out as a stack; a value that must outlive a call lies below its window.

mod annotations;
mod assemble;
mod call;
mod class;
mod comprehension;
mod expr;
mod flow;
mod fold;
mod function;
mod names;
mod operators;
mod pattern;
mod scope;
mod stmt;
mod strings;
mod try_stmt;
mod type_params;
mod unit;
mod unparse;
mod with_stmt;

use std::sync::Arc;

use ruff_python_ast::{Expr, Mod, Stmt};
use ruff_text_size::TextRange;

use crate::code::{CodeFlags, CodeUnit, Op};
use scope::{Name, Root, Table};
use unit::{Unit, UnitKind};

/// Free stack below which recursion continues on a new piece of stack.
pub(crate) const RED_ZONE: usize = 128 * 1024;
/// Size of such a piece.
pub(crate) const STACK_CHUNK: usize = 1024 * 1024;

/// What is being compiled: the `mode` argument of `compile()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Statements.
    #[default]
    Exec,
    /// One expression, whose value the code returns.
    Eval,
    /// Interactive statements: values of expression statements go to `sys.displayhook`.
    Single,
}

/// Everything besides the source that changes the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `-O` drops asserts and makes `__debug__` false; `-OO` (2) also drops docstrings.
    pub optimize: u8,
    /// `from __future__ import annotations` is in force already (the `flags` argument of `compile()`).
    pub future_annotations: bool,
    /// `PyCF_ALLOW_TOP_LEVEL_AWAIT`: a module with `await` in it becomes a coroutine.
    pub top_level_await: bool,
}

/// Which exception a [`CompileError`] becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `SyntaxError`.
    Syntax,
    /// `RecursionError`: the program is nested too deeply to be compiled.
    Recursion,
    /// `OverflowError` and the like: more parts than the code format can count.
    Memory,
}

/// Why a tree could not be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CompileError {
    /// Which exception to raise.
    pub kind: ErrorKind,
    /// Its message, in CPython's words.
    pub message: String,
    /// Where in the source.
    pub range: TextRange,
}

impl CompileError {
    /// A `SyntaxError`.
    pub fn syntax(message: impl Into<String>, range: TextRange) -> Self {
        CompileError { kind: ErrorKind::Syntax, message: message.into(), range }
    }

    fn too_complex(range: TextRange) -> Self {
        let message = "maximum recursion depth exceeded during compilation".to_owned();
        CompileError { kind: ErrorKind::Recursion, message, range }
    }
}

type Result<T> = std::result::Result<T, CompileError>;
type Done = Result<()>;

/// A register number.
type Reg = u8;

/// Compiles a whole source.
///
/// - `source` is the text the tree's ranges refer to.
///
/// # Errors
/// A [`CompileError`] with the first problem that only the compiler can see.
pub fn compile_module(
    ast: &Mod,
    source: &str,
    filename: &str,
    mode: Mode,
    options: Options,
) -> Result<CodeUnit> {
    match ast {
        Mod::Module(module) => compile_body(&module.body, source, filename, mode, options),
        Mod::Expression(body) => compile_expression(&body.body, source, filename, options),
    }
}

/// Compiles statements: [`Mode::Exec`] or [`Mode::Single`].
///
/// # Errors
/// As [`compile_module`].
pub fn compile_body(
    body: &[Stmt],
    source: &str,
    filename: &str,
    mode: Mode,
    mut options: Options,
) -> Result<CodeUnit> {
    options.future_annotations |= imports_future_annotations(body);
    let table = scope::build(Root::Body(body), options.future_annotations)?;
    let mut compiler = Compiler::new(table, source, filename, mode, options);
    compiler.module(body)
}

/// Compiles one expression: [`Mode::Eval`].
///
/// # Errors
/// As [`compile_module`].
pub fn compile_expression(
    body: &Expr,
    source: &str,
    filename: &str,
    options: Options,
) -> Result<CodeUnit> {
    let table = scope::build(Root::Expr(body), options.future_annotations)?;
    let mut compiler = Compiler::new(table, source, filename, Mode::Eval, options);
    compiler.eval_expression(body)
}

/// The state of one compilation.
struct Compiler<'a> {
    table: Table,
    source: &'a str,
    line_starts: Vec<u32>,
    filename: Arc<str>,
    mode: Mode,
    options: Options,
    /// The unit under construction.
    u: Unit<'a>,
    /// The units around it, outermost first.
    outer: Vec<Unit<'a>>,
    /// Most locals a unit may keep in registers.
    n_locals_max: usize,
}

impl<'a> Compiler<'a> {
    fn new(table: Table, source: &'a str, filename: &str, mode: Mode, options: Options) -> Self {
        let name: Name = Arc::from("<module>");
        Compiler {
            table,
            source,
            line_starts: line_starts(source),
            filename: Arc::from(filename),
            mode,
            options,
            u: Unit::new(0, UnitKind::Module, name.clone(), name),
            outer: Vec::new(),
            n_locals_max: unit::LOCALS_MAX,
        }
    }

    fn module(&mut self, body: &'a [Stmt]) -> Result<CodeUnit> {
        self.enter_namespace()?;
        self.u.first_line = 1;
        let awaits = self.table.scopes[0].is_coroutine && self.options.top_level_await;
        if awaits {
            self.u.flags.insert(if self.table.scopes[0].is_generator {
                CodeFlags::ASYNC_GENERATOR
            } else {
                CodeFlags::COROUTINE
            });
            self.op(Op::StartGen, 0, 0, 0, 0);
        }
        self.module_annotations(body)?;
        let (doc, rest) = match self.docstring(body) {
            Some(doc) if self.mode == Mode::Exec => (Some(doc), &body[1..]),
            _ => (None, body),
        };
        if let (Some(doc), true) = (doc, self.options.optimize < 2) {
            self.u.at = body.first().map_or(self.u.at, ruff_text_size::Ranged::range);
            let mark = self.u.top;
            let value = self.temp()?;
            self.load_const(value, doc);
            self.store_name("__doc__", value)?;
            self.u.top = mark;
        }
        self.body(rest)?;
        self.return_none(awaits)?;
        self.assemble()
    }

    fn eval_expression(&mut self, body: &'a Expr) -> Result<CodeUnit> {
        self.enter_namespace()?;
        self.u.first_line = 1;
        let awaits = self.table.scopes[0].is_coroutine && self.options.top_level_await;
        if awaits {
            self.u.flags.insert(CodeFlags::COROUTINE);
            self.op(Op::StartGen, 0, 0, 0, 0);
        }
        let value = self.expr(body)?;
        self.op(if awaits { Op::GenReturn } else { Op::Return }, value, 0, 0, 0);
        self.assemble()
    }
}

/// Does the body begin with `from __future__ import annotations`?
fn imports_future_annotations(body: &[Stmt]) -> bool {
    for stmt in body {
        match stmt {
            Stmt::ImportFrom(import)
                if import.level == 0
                    && import.module.as_deref().is_some_and(|module| module == "__future__") =>
            {
                if import.names.iter().any(|alias| alias.name.as_str() == "annotations") {
                    return true;
                }
            }
            Stmt::Expr(doc) if doc.value.is_string_literal_expr() => {}
            _ => return false,
        }
    }
    false
}

/// Byte offsets of line starts; `\n`, `\r` and `\r\n` end lines.
fn line_starts(source: &str) -> Vec<u32> {
    let bytes = source.as_bytes();
    let mut starts = vec![0];
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
        }
    }
    starts
}

#[cfg(test)]
mod tests;
