//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`, `BufferedRWPair`.
//!
//! Conflicts: one header per object: reading moves the position, writing appends to the pending chunks. One class serves all
//! three buffered files: it reads ahead into one `bytes` and collects what is to be written.
//!
//! `mod.rs` holds the slots and the tables of methods, `read.rs` reading, `write.rs` writing, `position.rs` moving about and
//! closing, `pair.rs` the pair.

mod pair;
mod position;
mod read;
mod write;

use taipan_objects::{
    Args, Body, Completion, Cx, GetSetDef, Kind, NativeDef, Obj, TypeDef, Value,
    protocol::{self, convert},
    raise,
    types::bytes,
};

use self::{
    position::{close, detach, seek, tell, truncate},
    read::{next, peek, read, read1, readinto, readinto1, readline},
    write::{flush, write},
};
use super::{
    base::{self, CLOSED, attr, call, call_truth, get, row},
    fileio,
    rope::Rope,
};

pub(super) use self::pair::BUFFERED_RW_PAIR;
pub use self::write::{flush_pending, write_bytes};

/// Default size of buffers, in bytes.
pub const BUFFER_SIZE: usize = 8192;

const RAW: usize = 3;
/// Read-ahead: a `bytes` and how much of it was given out.
const AHEAD: usize = 4;
const USED: usize = 5;
const PENDING: Rope = Rope::at(6);
const SIZE: usize = 9;
/// The thread that is calling the raw stream; see `turn.rs`.
const TURN: usize = 10;
const WORDS: u16 = 11;

fn raw(cx: &mut Cx, o: Obj) -> Completion<Value> {
    match cx.read(o, RAW)?.bound() {
        Some(raw) if !raw.is_none() => Ok(raw),
        _ if cx.read(o, SIZE)?.is_bound() => raise!(cx, ValueError, "raw stream has been detached"),
        _ => raise!(cx, ValueError, "I/O operation on uninitialized object"),
    }
}

fn open_obj(cx: &mut Cx, v: Value, what: &str) -> Completion<Obj> {
    let Some(o) = v.obj() else { return raise!(cx, ValueError, "not a stream") };
    let raw = raw(cx, o)?;
    if is_closed(cx, raw)? {
        return raise!(cx, ValueError, "{what} of closed file");
    }
    Ok(o)
}

fn is_closed(cx: &mut Cx, raw: Value) -> Completion<bool> {
    if fileio::is_exact(cx, raw)
        && let Some(o) = raw.obj()
    {
        return Ok(cx.read(o, CLOSED)? != Value::FALSE);
    }
    let closed = attr(cx, raw, "closed")?;
    protocol::truth(cx, closed)
}

fn init(cx: &mut Cx, args: Args<'_>, need: &[(&str, &str)]) -> Completion<Value> {
    let (o, raw) = (args.this_obj(), args.get(1));
    for (method, what) in need {
        if !call_truth(cx, raw, method)? {
            return base::unsupported(cx, what);
        }
    }
    let size = convert::index_i64(cx, args.get(2))?;
    if size <= 0 {
        return raise!(cx, ValueError, "buffer size must be strictly positive");
    }
    let empty = bytes::new(cx, b"")?;
    cx.claim(o)?;
    cx.write(o, RAW, raw);
    cx.write(o, AHEAD, empty);
    cx.write(o, USED, Value::small(0));
    cx.write(o, SIZE, Value::small(size));
    PENDING.replace(cx, o, None)?;
    Ok(Value::NONE)
}

fn size(cx: &mut Cx, o: Obj) -> Completion<usize> {
    Ok(cx.read(o, SIZE)?.small_int().unwrap_or(BUFFER_SIZE as i64) as usize)
}

fn pass(cx: &mut Cx, args: Args<'_>, name: &str) -> Completion<Value> {
    let raw = raw(cx, args.this_obj())?;
    call(cx, raw, name, args.rest(1))
}

fn pass_attr(cx: &mut Cx, v: Value, name: &str) -> Completion<Value> {
    match v.obj() {
        Some(o) => {
            let raw = raw(cx, o)?;
            attr(cx, raw, name)
        }
        None => Ok(Value::NONE),
    }
}

const SHARED: [NativeDef; 11] = [
    row("tell", "(self, /)", tell),
    row("seek", "(self, target, whence=0, /)", seek),
    row("truncate", "(self, pos=None, /)", truncate),
    row("flush", "(self, /)", flush),
    row("close", "(self, /)", close),
    row("detach", "(self, /)", detach),
    row("fileno", "(self, /)", |cx, args| pass(cx, args, "fileno")),
    row("isatty", "(self, /)", |cx, args| pass(cx, args, "isatty")),
    row("seekable", "(self, /)", |cx, args| pass(cx, args, "seekable")),
    base::NO_STATE,
    row("_dealloc_warn", "(self, source, /)", |cx, args| {
        let raw = raw(cx, args.this_obj())?;
        base::warn_if_open(cx, raw, args.get(1)).map(|()| Value::NONE)
    }),
];

const GETSET: [GetSetDef; 4] = [
    get("closed", |cx, v| pass_attr(cx, v, "closed")),
    get("name", |cx, v| pass_attr(cx, v, "name")),
    get("mode", |cx, v| pass_attr(cx, v, "mode")),
    get("raw", |cx, v| match v.obj() {
        Some(o) => raw(cx, o),
        None => Ok(Value::NONE),
    }),
];

const READABLE: NativeDef = row("readable", "(self, /)", |cx, args| pass(cx, args, "readable"));
const WRITABLE: NativeDef = row("writable", "(self, /)", |cx, args| pass(cx, args, "writable"));

const READING: [NativeDef; 8] = [
    READABLE,
    row("read", "(self, size=-1, /)", read),
    row("read1", "(self, size=-1, /)", read1),
    row("peek", "(self, size=0, /)", peek),
    row("readline", "(self, size=-1, /)", readline),
    row("readinto", "(self, buffer, /)", readinto),
    row("readinto1", "(self, buffer, /)", readinto1),
    row("__next__", "(self, /)", next),
];

const NOT_READABLE: (&str, &str) = ("readable", "File or stream is not readable.");
const NOT_WRITABLE: (&str, &str) = ("writable", "File or stream is not writable.");
const NOT_SEEKABLE: (&str, &str) = ("seekable", "File or stream is not seekable.");

const INIT_SIG: &str = "(self, raw, buffer_size=8192)";

const fn join<const N: usize, const M: usize, const E: usize, const R: usize>(
    a: [NativeDef; N],
    b: [NativeDef; M],
    extra: [NativeDef; E],
) -> [NativeDef; R] {
    let mut out = [const { row("", "()", |_, _| Ok(Value::NONE)) }; R];
    let mut i = 0;
    while i < R {
        let from = if i < N {
            &a[i]
        } else if i < N + M {
            &b[i - N]
        } else {
            &extra[i - N - M]
        };
        out[i] = row(from.name, from.sig, from.run);
        i += 1;
    }
    out
}

/// `_io.BufferedReader`.
pub static BUFFERED_READER: TypeDef = TypeDef {
    name: "BufferedReader",
    module: "_io",
    body: Body::WithDict(Kind::Record, WORDS),
    subclassable: true,
    methods: &const {
        join::<11, 8, 3, 22>(
            SHARED,
            READING,
            [
                row("__init__", INIT_SIG, |cx, args| init(cx, args, &[NOT_READABLE])),
                row("__repr__", "(self, /)", base::named_repr),
                row("__sizeof__", "(self, /)", |_, _| Ok(Value::small(BUFFER_SIZE as i64))),
            ],
        )
    },
    getset: &GETSET,
    doc: "Create a new buffered reader using the given readable raw IO object.",
    ..TypeDef::BASE
};

/// `_io.BufferedWriter`.
pub static BUFFERED_WRITER: TypeDef = TypeDef {
    name: "BufferedWriter",
    module: "_io",
    body: Body::WithDict(Kind::Record, WORDS),
    subclassable: true,
    methods: &const {
        join::<11, 0, 4, 15>(
            SHARED,
            [],
            [
                WRITABLE,
                row("__init__", INIT_SIG, |cx, args| init(cx, args, &[NOT_WRITABLE])),
                row("__repr__", "(self, /)", base::named_repr),
                row("write", "(self, buffer, /)", write),
            ],
        )
    },
    getset: &GETSET,
    doc: "A buffer for a writeable sequential RawIO object.",
    ..TypeDef::BASE
};

/// `_io.BufferedRandom`.
pub static BUFFERED_RANDOM: TypeDef = TypeDef {
    name: "BufferedRandom",
    module: "_io",
    body: Body::WithDict(Kind::Record, WORDS),
    subclassable: true,
    methods: &const {
        join::<11, 8, 4, 23>(
            SHARED,
            READING,
            [
                WRITABLE,
                row("__init__", INIT_SIG, |cx, args| {
                    init(cx, args, &[NOT_SEEKABLE, NOT_READABLE, NOT_WRITABLE])
                }),
                row("__repr__", "(self, /)", base::named_repr),
                row("write", "(self, buffer, /)", write),
            ],
        )
    },
    getset: &GETSET,
    doc: "A buffered interface to random access streams.",
    ..TypeDef::BASE
};

/// `v` if it is a `BufferedWriter` itself (no subclass), so that its methods need not be looked up.
pub fn plain_writer(cx: &Cx, v: Value) -> Option<Obj> {
    let exact = cx.world.made_type(&BUFFERED_WRITER).is_some_and(|class| cx.class_of(v) == class);
    v.obj().filter(|_| exact)
}

/// The descriptor (1 or 2) when `v` is a plain `BufferedWriter` over standard output or error with nothing pending.
///
/// # Errors
/// `ValueError` when it is closed.
pub fn standard_descriptor(cx: &mut Cx, v: Value) -> Completion<Option<i32>> {
    let Some(o) = plain_writer(cx, v) else { return Ok(None) };
    let raw = raw(cx, o)?;
    let Some(file) = raw.obj().filter(|_| fileio::is_exact(cx, raw)) else { return Ok(None) };
    let fd = fileio::fd(cx, file)?;
    Ok((fd == 1 || fd == 2).then_some(fd))
}
