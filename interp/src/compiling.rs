//! From the text of a program to a code object, and the errors on the way.

use std::sync::Arc;

use taipan_objects::{Completion, Cx, Escape, Kind, Obj, T, Value, exc::raise_message, protocol};

use crate::{
    code::{CodeFlags, CodeUnit},
    compile,
    syntax::{
        self,
        diag::{DiagKind, SyntaxDiag},
        parse::{Mode, Module, ParseFlags, SyntaxWarn, Tree},
        source::Source,
    },
    vm::{loaded, state::vm_ref},
};

/// `PyCF_ALLOW_INCOMPLETE_INPUT`.
const ALLOW_INCOMPLETE: u32 = 0x4000;
/// `PyCF_DONT_IMPLY_DEDENT`.
const DONT_IMPLY_DEDENT: u32 = 0x200;
/// `PyCF_ALLOW_TOP_LEVEL_AWAIT`.
const TOP_LEVEL_AWAIT: u32 = 0x2000;

/// The `mode` of `compile()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompileMode {
    /// Statements.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement.
    Single,
    /// The type comment of a function; only ever a tree.
    FuncType,
}

/// What is compiled, and how.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// Name for tracebacks.
    pub filename: &'a str,
    /// What the text is.
    pub mode: CompileMode,
    /// Those of `compile()`.
    pub flags: u32,
    /// Level of `-O`; `None` for the command line's.
    pub optimize: Option<u8>,
    /// The bytes are UTF-8 already, whatever they say of their encoding.
    pub is_text: bool,
    /// There is no text: the program came as a tree.
    pub is_tree: bool,
}

impl<'a> Job<'a> {
    /// A file's bytes, with all defaults.
    #[must_use]
    pub fn new(filename: &'a str, mode: CompileMode) -> Self {
        Self { filename, mode, flags: 0, optimize: None, is_text: false, is_tree: false }
    }
}

/// Compiles a source to a code object.
///
/// # Errors
/// `SyntaxError` and the like.
pub fn code(cx: &mut Cx, source: &[u8], job: &Job<'_>) -> Completion<Obj> {
    let module = tree(cx, source, job)?;
    code_of_tree(cx, &module, job)
}

/// The tree of a source.
///
/// # Errors
/// `SyntaxError` and the like.
pub fn tree(cx: &mut Cx, source: &[u8], job: &Job<'_>) -> Completion<Module> {
    match parse(source, job) {
        Ok(module) => {
            for warning in &module.warnings {
                warn(cx, &module, warning, job.filename)?;
            }
            Ok(module)
        }
        Err(failure) => Err(failure.raise(cx, job.filename)),
    }
}

/// Hands a `SyntaxWarning` to `warnings`. Where those are errors it becomes a `SyntaxError`.
fn warn(cx: &mut Cx, module: &Module, warning: &SyntaxWarn, filename: &str) -> Completion<()> {
    let warnings = cx.world.import_module(cx, "warnings")?;
    let f = cx.intern("warn_explicit")?;
    let (line, _) = module.source.line_col(warning.at);
    let (message, file) = (cx.new_str(&warning.message)?, cx.new_str(filename)?);
    let class = cx.class(T::SyntaxWarning);
    let args = [message, class.into(), file, Value::small(line.into())];
    let Err(escape) = protocol::call_method(cx, warnings, f, &args) else { return Ok(()) };
    let is_the_warning = escape
        .exception()
        .is_some_and(|e| taipan_objects::class::is_subclass(e.class(), cx.class(T::SyntaxWarning)));
    if !is_the_warning {
        return Err(escape);
    }
    let at = ruff_text_size::TextSize::new(warning.at as u32);
    let range = ruff_text_size::TextRange::empty(at);
    let diag = SyntaxDiag::at(&module.source, range, warning.message.clone());
    Err(syntax_error(cx, &diag, filename))
}

/// Compiles a tree to a code object.
///
/// # Errors
/// `SyntaxError` and the like.
pub fn code_of_tree(cx: &mut Cx, module: &Module, job: &Job<'_>) -> Completion<Obj> {
    let result = translate(module, job, level(cx, job)).map_err(|failure| match failure {
        Failure::Syntax(diag) if job.is_tree => Failure::Syntax(without_text(diag)),
        other => other,
    });
    loaded_code(cx, result, job.filename)
}

/// Compiles a source to a unit, without loading it.
///
/// # Errors
/// `SyntaxError` and the like.
pub fn unit(cx: &mut Cx, source: &[u8], job: &Job<'_>) -> Completion<CodeUnit> {
    let module = tree(cx, source, job)?;
    translate(&module, job, level(cx, job)).map_err(|failure| failure.raise(cx, job.filename))
}

fn level(cx: &Cx, job: &Job<'_>) -> u8 {
    job.optimize.unwrap_or(vm_ref(cx).shared.options.optimize)
}

fn loaded_code(cx: &mut Cx, unit: Result<CodeUnit, Failure>, filename: &str) -> Completion<Obj> {
    match unit {
        Ok(unit) => {
            let ids = vm_ref(cx).shared.code_ids.clone();
            loaded::load(cx, &ids, &Arc::new(unit))
        }
        Err(failure) => Err(failure.raise(cx, filename)),
    }
}

/// An error in a tree has a place, but no line to show.
fn without_text(mut diag: SyntaxDiag) -> SyntaxDiag {
    if let Some(place) = &mut diag.place {
        place.text = None;
    }
    diag
}

enum Failure {
    Syntax(SyntaxDiag),
    Recursion(String),
    Memory(String),
    Internal(String),
}

impl Failure {
    fn raise(self, cx: &mut Cx, filename: &str) -> Escape {
        match self {
            Self::Syntax(diag) => syntax_error(cx, &diag, filename),
            Self::Recursion(message) => raise_message(cx, T::RecursionError, &message),
            Self::Memory(message) => raise_message(cx, T::OverflowError, &message),
            Self::Internal(message) => raise_message(cx, T::SystemError, &message),
        }
    }
}

fn syntax_error(cx: &mut Cx, diag: &SyntaxDiag, filename: &str) -> Escape {
    let t = match diag.kind {
        DiagKind::Syntax => T::SyntaxError,
        DiagKind::Indentation => T::IndentationError,
        DiagKind::Tab => T::TabError,
        DiagKind::Incomplete => T::IncompleteInputError,
    };
    match make_syntax_error(cx, t, diag, filename) {
        Ok(v) => match v.obj() {
            Some(e) if e.kind() == Kind::Exception => Escape::raise(e),
            _ => raise_message(cx, t, &diag.message),
        },
        Err(escape) => escape,
    }
}

fn make_syntax_error(cx: &mut Cx, t: T, diag: &SyntaxDiag, filename: &str) -> Completion<Value> {
    let message = cx.new_str(&diag.message)?;
    let class = cx.class(t);
    let Some(place) = &diag.place else { return protocol::call(cx, class.into(), &[message]) };
    let filename = cx.new_str(filename)?;
    let text = match &place.text {
        Some(text) => cx.new_str(text)?,
        None => Value::NONE,
    };
    let details = cx.new_tuple(&[
        filename,
        Value::small(i64::from(place.lineno)),
        Value::small(i64::from(place.offset)),
        text,
        Value::small(i64::from(place.end_lineno)),
        Value::small(i64::from(place.end_offset)),
    ])?;
    protocol::call(cx, class.into(), &[message, details])
}

fn parse(bytes: &[u8], job: &Job<'_>) -> Result<Module, Failure> {
    let source = if job.is_text {
        match std::str::from_utf8(bytes) {
            Ok(text) => Source::from_text(text),
            Err(_) => Source::from_bytes(bytes),
        }
    } else {
        Source::from_file(bytes, std::path::Path::new(job.filename))
    };
    let mode = match job.mode {
        CompileMode::Exec => Mode::Exec,
        CompileMode::Eval => Mode::Eval,
        CompileMode::Single => Mode::Single,
        CompileMode::FuncType => Mode::FuncType,
    };
    let flags = ParseFlags {
        allow_incomplete: job.flags & ALLOW_INCOMPLETE != 0,
        dont_imply_dedent: job.flags & DONT_IMPLY_DEDENT != 0,
    };
    let source = source.map_err(Failure::Syntax)?;
    syntax::parse::parse(source, mode, flags).map_err(Failure::Syntax)
}

fn translate(module: &Module, job: &Job<'_>, optimize: u8) -> Result<CodeUnit, Failure> {
    let options = compile::Options {
        optimize,
        future_annotations: job.flags & CodeFlags::FUTURE_ANNOTATIONS.0 != 0,
        top_level_await: job.flags & TOP_LEVEL_AWAIT != 0,
    };
    let (text, filename) = (module.source.text(), job.filename);
    let result = match &module.tree {
        Tree::Module(m) => {
            compile::compile_body(&m.body, text, filename, compile::Mode::Exec, options)
        }
        Tree::Interactive(m) => {
            compile::compile_body(&m.body, text, filename, compile::Mode::Single, options)
        }
        Tree::Expression(m) => compile::compile_expression(&m.body, text, filename, options),
        Tree::FunctionType(..) => return Err(Failure::Internal("not code".to_owned())),
    };
    let unit = result.map_err(|e| match e.kind {
        compile::ErrorKind::Syntax => {
            Failure::Syntax(SyntaxDiag::at(&module.source, e.range, e.message))
        }
        compile::ErrorKind::Recursion => Failure::Recursion(e.message),
        compile::ErrorKind::Memory => Failure::Memory(e.message),
    })?;
    crate::code::verify::verify(&unit).map_err(|e| Failure::Internal(e.to_string()))?;
    Ok(unit)
}
