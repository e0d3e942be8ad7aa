//! `marshal`: plain values as bytes, in CPython's format; code objects in Taipan's own (`code/serial.rs`).
//!
//! `write.rs` and `read.rs` are the two directions.

mod read;
mod write;

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Value,
    native::NativeFn,
    protocol::{self, convert},
    types::{buffer, bytes},
};

use crate::audit;
use crate::modules::{self, ModuleDef};

/// Version of the format.
const VERSION: i64 = 5;

/// Deepest nesting of values.
const DEPTH_MAX: u32 = 2000;

/// Type codes.
mod code {
    pub(super) const NULL: u8 = b'0';
    pub(super) const NONE: u8 = b'N';
    pub(super) const FALSE: u8 = b'F';
    pub(super) const TRUE: u8 = b'T';
    pub(super) const STOP: u8 = b'S';
    pub(super) const ELLIPSIS: u8 = b'.';
    pub(super) const INT: u8 = b'i';
    pub(super) const INT64: u8 = b'I';
    pub(super) const LONG: u8 = b'l';
    pub(super) const FLOAT: u8 = b'f';
    pub(super) const BINARY_FLOAT: u8 = b'g';
    pub(super) const COMPLEX: u8 = b'x';
    pub(super) const BINARY_COMPLEX: u8 = b'y';
    pub(super) const BYTES: u8 = b's';
    pub(super) const INTERNED: u8 = b't';
    pub(super) const UNICODE: u8 = b'u';
    pub(super) const ASCII: u8 = b'a';
    pub(super) const ASCII_INTERNED: u8 = b'A';
    pub(super) const SHORT_ASCII: u8 = b'z';
    pub(super) const SHORT_ASCII_INTERNED: u8 = b'Z';
    pub(super) const TUPLE: u8 = b'(';
    pub(super) const SMALL_TUPLE: u8 = b')';
    pub(super) const LIST: u8 = b'[';
    pub(super) const DICT: u8 = b'{';
    pub(super) const SET: u8 = b'<';
    pub(super) const FROZENSET: u8 = b'>';
    pub(super) const SLICE: u8 = b':';
    pub(super) const CODE: u8 = b'c';
    pub(super) const REF: u8 = b'r';
    /// Set in the code of a value that is referred to later.
    pub(super) const FLAG_REF: u8 = 0x80;
}

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

fn version(cx: &mut Cx, v: Option<Value>) -> Completion<i64> {
    match v {
        Some(v) => convert::index_i64(cx, v),
        None => Ok(VERSION),
    }
}

fn allow(cx: &mut Cx, v: Option<Value>) -> Completion<bool> {
    match v {
        Some(v) => protocol::truth(cx, v),
        None => Ok(true),
    }
}

fn dumps(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let version = version(cx, args.opt(1))?;
    let allow_code = allow(cx, args.opt(2))?;
    audit::event(cx, "marshal.dumps", &[args.get(0), Value::small(version)])?;
    let data = write::dump(cx, args.get(0), version, allow_code)?;
    bytes::new(cx, &data)
}

fn dump(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let version = version(cx, args.opt(2))?;
    let allow_code = allow(cx, args.opt(3))?;
    audit::event(cx, "marshal.dumps", &[args.get(0), Value::small(version)])?;
    let data = write::dump(cx, args.get(0), version, allow_code)?;
    let data = bytes::new(cx, &data)?;
    let write = cx.intern("write")?;
    protocol::call_method(cx, args.get(1), write, &[data])
}

fn loads(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(0))?.into_owned();
    audit::event(cx, "marshal.loads", &[args.get(0)])?;
    let allow_code = allow(cx, args.opt(1))?;
    read::load(cx, read::Input::Bytes(data, 0), allow_code)
}

fn load(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let allow_code = allow(cx, args.opt(1))?;
    audit::event(cx, "marshal.load", &[])?;
    read::load(cx, read::Input::File(args.get(0)), allow_code)
}

/// The module `marshal`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "marshal",
    doc: "This module contains functions that can read and write Python values in\na binary format.",
    functions: &[
        row("dump", "(value, file, version=5, /, *, allow_code=True)", dump),
        row("dumps", "(value, version=5, /, *, allow_code=True)", dumps),
        row("load", "(file, /, *, allow_code=True)", load),
        row("loads", "(bytes, /, *, allow_code=True)", loads),
    ],
    exec: |cx, module| modules::set(cx, module, "version", Value::small(VERSION)),
    ..ModuleDef::BASE
};
