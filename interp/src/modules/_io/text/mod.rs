//! `TextIOWrapper`: text over a buffered binary stream.
//!
//! Conflicts: one header. Reading keeps the decoded text that was not given out yet; writing collects encoded chunks. In a
//! transaction, text for standard output goes straight to the attempt's put-off output, so printing threads do not conflict.
//!
//! `mod.rs` holds the slots and the table of methods, `settings.rs` what the stream was made with and how that changes,
//! `read.rs` reading, `write.rs` writing, `position.rs` moving about and closing.

mod position;
mod read;
mod settings;
mod write;

use taipan_objects::{
    Args, Body, Completion, Cx, GetSetDef, Kind, Obj, TypeDef, Value,
    protocol::{self, convert},
    raise,
};

use self::{
    position::{close, detach, seek, tell, truncate},
    read::{next, read, readline},
    settings::{init, reconfigure},
    write::{flush, write},
};
use super::{
    base::{self, attr, call, get, row},
    newlines::kinds_of,
    rope::Rope,
};

pub use self::write::settle;

const BUFFER: usize = 3;
const ENCODING: usize = 4;
const ERRORS: usize = 5;
const NEWLINE: usize = 6;
/// Bits: line buffering 1, write through 2, at the end of input 4, detached 8, not at the start of output 16, known to be
/// writable 32, has been read 64, holds a carriage return back 128.
const FLAGS: usize = 7;
const PENDING: Rope = Rope::at(8);
/// Decoded text and how many of its bytes were given out.
const DECODED: usize = 11;
const USED: usize = 12;
/// Bytes that do not decode yet.
const TAIL: usize = 13;
/// Incremental decoder for encodings that are not built in, or unbound.
const DECODER: usize = 14;
/// What [`DECODED`] was before its line ends were translated, or unbound where that is the same.
const ORIGINAL: usize = 15;
const WORDS: u16 = 16;

const LINE: i64 = 1;
const THROUGH: i64 = 2;
const EOF: i64 = 4;
const DETACHED: i64 = 8;
const STARTED: i64 = 16;
const WRITABLE: i64 = 32;
const WAS_READ: i64 = 64;
const HELD: i64 = 128;

const CHUNK: usize = 8192;

fn flags(cx: &mut Cx, o: Obj) -> Completion<i64> {
    Ok(cx.read(o, FLAGS)?.small_int().unwrap_or(0))
}

fn set_flag(cx: &mut Cx, o: Obj, bit: i64, on: bool) -> Completion<()> {
    let bits = flags(cx, o)?;
    cx.set(o, FLAGS, Value::small(if on { bits | bit } else { bits & !bit }))
}

fn buffer_of(cx: &mut Cx, o: Obj) -> Completion<Value> {
    if flags(cx, o)? & DETACHED != 0 {
        return raise!(cx, ValueError, "underlying buffer has been detached");
    }
    match cx.read(o, BUFFER)?.bound() {
        Some(buffer) => Ok(buffer),
        None => raise!(cx, ValueError, "I/O operation on uninitialized object"),
    }
}

fn open_obj(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let Some(o) = v.obj() else { return raise!(cx, ValueError, "not a stream") };
    let buffer = buffer_of(cx, o)?;
    let closed = attr(cx, buffer, "closed")?;
    if protocol::truth(cx, closed)? {
        return raise!(cx, ValueError, "I/O operation on closed file.");
    }
    Ok(o)
}

fn pass(cx: &mut Cx, args: Args<'_>, name: &str) -> Completion<Value> {
    let buffer = buffer_of(cx, args.this_obj())?;
    call(cx, buffer, name, &[])
}

fn slot_of(cx: &mut Cx, v: Value, slot: usize) -> Completion<Value> {
    match v.obj() {
        Some(o) => Ok(cx.read(o, slot)?.bound().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

fn flag_of(cx: &mut Cx, v: Value, bit: i64) -> Completion<Value> {
    match v.obj() {
        Some(o) => Ok((flags(cx, o)? & bit != 0).into()),
        None => Ok(Value::FALSE),
    }
}

fn of_buffer(cx: &mut Cx, v: Value, name: &str) -> Completion<Value> {
    match v.obj() {
        Some(o) => {
            let buffer = buffer_of(cx, o)?;
            attr(cx, buffer, name)
        }
        None => Ok(Value::NONE),
    }
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut text = format!("<{}", cx.type_name(args.this()));
    for name in ["name", "mode"] {
        if let Some(v) = base::name_of(cx, args.this(), name)? {
            text += &format!(" {name}={}", convert::repr_text(cx, v)?);
        }
    }
    let encoding = slot_of(cx, args.this(), ENCODING)?;
    let encoding = convert::repr_text(cx, encoding)?;
    cx.new_str(&format!("{text} encoding={encoding}>"))
}

/// `_io.TextIOWrapper`.
pub static TEXT_IO_WRAPPER: TypeDef = TypeDef {
    name: "TextIOWrapper",
    module: "_io",
    body: Body::WithDict(Kind::Record, WORDS),
    subclassable: true,
    methods: &[
        row(
            "__init__",
            "(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)",
            init,
        ),
        row("write", "(self, text, /)", write),
        row("read", "(self, size=-1, /)", read),
        row("readline", "(self, size=-1, /)", readline),
        row("__next__", "(self, /)", next),
        row("flush", "(self, /)", flush),
        row("tell", "(self, /)", tell),
        row("seek", "(self, cookie, whence=0, /)", seek),
        row("truncate", "(self, pos=None, /)", truncate),
        row("close", "(self, /)", close),
        row("detach", "(self, /)", detach),
        row(
            "reconfigure",
            "(self, *, encoding=None, errors=None, newline=<unset>, line_buffering=None, write_through=None)",
            reconfigure,
        ),
        row("fileno", "(self, /)", |cx, args| pass(cx, args, "fileno")),
        row("isatty", "(self, /)", |cx, args| pass(cx, args, "isatty")),
        row("readable", "(self, /)", |cx, args| pass(cx, args, "readable")),
        row("writable", "(self, /)", |cx, args| pass(cx, args, "writable")),
        row("seekable", "(self, /)", |cx, args| pass(cx, args, "seekable")),
        row("__repr__", "(self, /)", repr),
        base::NO_STATE,
        row("_dealloc_warn", "(self, source, /)", |cx, args| {
            let buffer = buffer_of(cx, args.this_obj())?;
            base::warn_if_open(cx, buffer, args.get(1)).map(|()| Value::NONE)
        }),
    ],
    getset: &[
        get("encoding", |cx, v| slot_of(cx, v, ENCODING)),
        get("errors", |cx, v| slot_of(cx, v, ERRORS)),
        get("line_buffering", |cx, v| flag_of(cx, v, LINE)),
        get("write_through", |cx, v| flag_of(cx, v, THROUGH)),
        get("newlines", |cx, v| kinds_of(cx, v, NEWLINE)),
        get("closed", |cx, v| of_buffer(cx, v, "closed")),
        get("name", |cx, v| of_buffer(cx, v, "name")),
        get("buffer", |cx, v| match v.obj() {
            Some(o) => buffer_of(cx, o),
            None => Ok(Value::NONE),
        }),
        GetSetDef {
            name: "_CHUNK_SIZE",
            get: |_, _| Ok(Value::small(CHUNK as i64)),
            set: Some(|_, _, _| Ok(())),
            doc: "",
        },
    ],
    doc: "Character and line based layer over a BufferedIOBase object, buffer.",
    ..TypeDef::BASE
};
