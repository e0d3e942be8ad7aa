//! `BufferedRWPair`: two streams, one to read from, one to write to.

use taipan_objects::{Args, Body, Completion, Cx, Kind, TypeDef, Value, protocol};

use crate::modules::_io::base::{self, attr, call, get, row};

const READER: usize = 3;
const WRITER: usize = 4;

fn half(cx: &mut Cx, args: Args<'_>, slot: usize, name: &str) -> Completion<Value> {
    let half = cx.read(args.this_obj(), slot)?;
    call(cx, half, name, args.rest(1))
}

fn pair_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let module = cx.world.import_module(cx, "_io")?;
    for (i, name, slot) in [(1, "BufferedReader", READER), (2, "BufferedWriter", WRITER)] {
        let class = attr(cx, module, name)?;
        let made = protocol::call(cx, class, &[args.get(i), args.get(3)])?;
        cx.set(args.this_obj(), slot, made)?;
    }
    Ok(Value::NONE)
}

fn pair_close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let written = half(cx, Args(&[args.this()]), WRITER, "close");
    let reader = cx.read(args.this_obj(), READER)?;
    base::close_after(cx, written, reader)
}

fn pair_isatty(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let writer = half(cx, args, WRITER, "isatty")?;
    if protocol::truth(cx, writer)? { Ok(writer) } else { half(cx, args, READER, "isatty") }
}

/// `_io.BufferedRWPair`.
pub(in crate::modules::_io) static BUFFERED_RW_PAIR: TypeDef = TypeDef {
    name: "BufferedRWPair",
    module: "_io",
    body: Body::WithDict(Kind::Record, 5),
    subclassable: true,
    methods: &[
        row("__init__", "(self, reader, writer, buffer_size=8192, /)", pair_init),
        row("read", "(self, *args)", |cx, args| half(cx, args, READER, "read")),
        row("read1", "(self, *args)", |cx, args| half(cx, args, READER, "read1")),
        row("peek", "(self, *args)", |cx, args| half(cx, args, READER, "peek")),
        row("readinto", "(self, *args)", |cx, args| half(cx, args, READER, "readinto")),
        row("readable", "(self, *args)", |cx, args| half(cx, args, READER, "readable")),
        row("write", "(self, *args)", |cx, args| half(cx, args, WRITER, "write")),
        row("flush", "(self, *args)", |cx, args| half(cx, args, WRITER, "flush")),
        row("writable", "(self, *args)", |cx, args| half(cx, args, WRITER, "writable")),
        row("readinto1", "(self, *args)", |cx, args| half(cx, args, READER, "readinto1")),
        row("isatty", "(self, *args)", pair_isatty),
        row("close", "(self, /)", pair_close),
    ],
    getset: &[get("closed", |cx, v| match v.obj() {
        Some(o) => {
            let writer = cx.read(o, WRITER)?;
            attr(cx, writer, "closed")
        }
        None => Ok(Value::FALSE),
    })],
    doc: "A buffered reader and writer object together.",
    ..TypeDef::BASE
};
