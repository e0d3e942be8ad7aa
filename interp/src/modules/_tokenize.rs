//! `_tokenize`: the tokens of a text, for the `tokenize` module.
//!
//! The whole text is read and split when the first token is asked for; tokens found before an error
//! are given before it is raised.

use taipan_objects::{
    Args, Body, Completion, Cx, Escape, Kind, Obj, T, TypeDef, Value, class, protocol,
    protocol::{RootVec, convert},
    raise,
    types::str as string,
};

use super::{ModuleDef, rows::row};
use crate::syntax::{
    diag::DiagKind,
    lexer::rows::{Row, RowError, Rows},
};

const READLINE: usize = 2;
const ENCODING: usize = 3;
const EXTRA: usize = 4;
/// A tuple of finished tokens once the text has been read.
const TOKENS: usize = 5;
const INDEX: usize = 6;
/// The exception that ends the tokens, or `None`.
const ERROR: usize = 7;

/// `_tokenize.TokenizerIter`.
static TOKENIZER_ITER: TypeDef = TypeDef {
    name: "TokenizerIter",
    module: "_tokenize",
    body: Body::Words(Kind::Record, 8),
    static_methods: &[row!(
        "__new__",
        "(type, readline, /, *, encoding=None, extra_tokens)",
        new,
        "Create and return a new object."
    )],
    methods: &[
        row!("__iter__", "(self, /)", |_, args| Ok(args.this()), "Implement iter(self)."),
        row!("__next__", "(self, /)", next, "Implement next(self)."),
    ],
    ..TypeDef::BASE
};

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj().filter(|class| class.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "TokenizerIter.__new__(X): X is not a type object");
    };
    let extra = convert::truth(cx, args.get(3))?;
    let it = cx.new_instance(class)?;
    it.init(READLINE, args.get(1));
    it.init(ENCODING, args.opt(2).unwrap_or(Value::NONE));
    it.init(EXTRA, Value::bool(extra));
    it.init(TOKENS, Value::UNBOUND);
    it.init(INDEX, Value::small(0));
    it.init(ERROR, Value::NONE);
    Ok(it.into())
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let mut tokens = cx.read(it, TOKENS)?;
    if tokens.bound().is_none() {
        split(cx, it)?;
        tokens = cx.read(it, TOKENS)?;
    }
    let index = cx.read(it, INDEX)?.small_int().unwrap_or(0);
    let token = tokens.obj().and_then(|all| all.items().get(usize::try_from(index).ok()?).copied());
    if let Some(token) = token {
        cx.set(it, INDEX, Value::small(index + 1))?;
        return Ok(token);
    }
    match cx.read(it, ERROR)?.obj() {
        Some(error) if error.kind() == Kind::Exception => {
            cx.set(it, ERROR, Value::NONE)?;
            Err(Escape::raise(error))
        }
        _ => Ok(Value::UNBOUND),
    }
}

fn split(cx: &mut Cx, it: Obj) -> Completion<()> {
    let text = read_all(cx, it)?;
    let extra = cx.read(it, EXTRA)? == Value::TRUE;
    let mut rows = Rows::new(&text, extra);
    let mut tokens = RootVec::new();
    let mut error = Value::NONE;
    loop {
        match rows.next_row() {
            Ok(None) => break,
            Ok(Some(row)) => {
                let token = token(cx, &row)?;
                tokens.push(cx, token)?;
            }
            Err(failed) => {
                error = exception(cx, &text, &failed)?;
                break;
            }
        }
    }
    let tokens = cx.new_tuple(tokens.as_slice())?;
    cx.set(it, ERROR, error)?;
    cx.set(it, TOKENS, tokens)
}

/// Calls `readline` until it gives nothing or stops.
fn read_all(cx: &mut Cx, it: Obj) -> Completion<String> {
    let readline = cx.read(it, READLINE)?;
    let encoding = cx.read(it, ENCODING)?;
    let decode = cx.intern("decode")?;
    let mut text = String::new();
    loop {
        let mut line = match protocol::call(cx, readline, &[]) {
            Ok(line) => line,
            Err(escape) => match escape.exception() {
                Some(e) if class::is_subclass(e.class(), cx.class(T::StopIteration)) => {
                    return Ok(text);
                }
                _ => return Err(escape),
            },
        };
        if !encoding.is_none() {
            if line.obj().is_none_or(|line| line.kind() != Kind::Bytes) {
                return raise!(cx, TypeError, "readline() returned a non-bytes object");
            }
            line = protocol::call_method(cx, line, decode, &[encoding])?;
        }
        match string::wtf8(line) {
            None => return raise!(cx, TypeError, "readline() returned a non-string object"),
            Some(line) if line.is_empty() => return Ok(text),
            Some(line) => text.push_str(&line.to_string_lossy()),
        }
    }
}

fn pair(cx: &mut Cx, (line, col): (usize, usize)) -> Completion<Value> {
    cx.new_tuple(&[Value::small(line as i64), Value::small(col as i64)])
}

fn token(cx: &mut Cx, row: &Row) -> Completion<Value> {
    let string = cx.new_str(&row.string)?;
    let start = pair(cx, row.start)?;
    let end = pair(cx, row.end)?;
    let line = cx.new_str(&row.line)?;
    cx.new_tuple(&[Value::small(i64::from(row.kind)), string, start, end, line])
}

fn exception(cx: &mut Cx, text: &str, failed: &RowError) -> Completion<Value> {
    let class = match failed.error.kind {
        DiagKind::Syntax | DiagKind::Incomplete => T::SyntaxError,
        DiagKind::Indentation => T::IndentationError,
        DiagKind::Tab => T::TabError,
    };
    let message = cx.new_str(&failed.message)?;
    let filename = cx.new_str("<string>")?;
    let line = text.split('\n').nth(failed.lineno.saturating_sub(1)).unwrap_or_default();
    let line = cx.new_str(line)?;
    let lineno = Value::small(failed.lineno as i64);
    let offset = Value::small(failed.offset as i64);
    let details = cx.new_tuple(&[filename, lineno, offset, line, lineno, offset])?;
    let class = cx.class(class);
    protocol::call(cx, class.into(), &[message, details])
}

/// `_tokenize`.
pub static MODULE: ModuleDef =
    ModuleDef { name: "_tokenize", types: &[&TOKENIZER_ITER], ..ModuleDef::BASE };
