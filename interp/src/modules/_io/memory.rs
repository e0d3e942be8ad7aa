//! `BytesIO`: a binary file in memory.
//!
//! Conflicts: one header; any two operations on one object conflict if one of them writes or moves the position.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, T, TypeDef, Value,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes, text_args::check_size},
};

use super::{
    base::{self, CLOSED, get, new_in_memory, row, size_arg},
    rope::Rope,
};

const DATA: Rope = Rope::at(3);
const POS: usize = 6;

fn open_obj(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj() {
        Some(o) if cx.read(o, CLOSED)? == Value::FALSE => Ok(o),
        _ => raise!(cx, ValueError, "I/O operation on closed file."),
    }
}

/// The contents as one `bytes`, joined if need be.
fn contents(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let chunks = DATA.chunks(cx, o)?;
    if let [one] = chunks.as_slice() {
        return Ok(*one);
    }
    let mut all = Vec::new();
    for chunk in &chunks {
        all.extend_from_slice(bytes::exact(*chunk).map_or(&[][..], |b| b.raw_bytes()));
    }
    let joined = bytes::new(cx, &all)?;
    if !chunks.is_empty() {
        DATA.replace(cx, o, Some((joined, all.len())))?;
    }
    Ok(joined)
}

fn data(cx: &mut Cx, o: Obj) -> Completion<&'static [u8]> {
    let all = contents(cx, o)?;
    Ok(bytes::exact(all).map_or(&[][..], |b| b.raw_bytes()))
}

fn position(cx: &mut Cx, o: Obj) -> Completion<usize> {
    Ok(cx.read(o, POS)?.small_int().unwrap_or(0) as usize)
}

fn set_position(cx: &mut Cx, o: Obj, pos: usize) -> Completion<()> {
    cx.set(o, POS, Value::small(pos as i64))
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.set(o, CLOSED, Value::FALSE)?;
    DATA.replace(cx, o, None)?;
    if let Some(v) = args.not_none(1) {
        let initial = buffer::expect_bytes(cx, v)?.into_owned();
        let chunk = bytes::new(cx, &initial)?;
        DATA.replace(cx, o, Some((chunk, initial.len())))?;
    }
    set_position(cx, o, 0)?;
    Ok(Value::NONE)
}

fn take(cx: &mut Cx, o: Obj, n: Option<usize>) -> Completion<&'static [u8]> {
    let (all, pos) = (data(cx, o)?, position(cx, o)?);
    let start = pos.min(all.len());
    let end = n.map_or(all.len(), |n| start.saturating_add(n).min(all.len()));
    if end > start {
        set_position(cx, o, end)?;
    }
    Ok(&all[start..end])
}

fn read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let n = size_arg(cx, args.opt(1))?;
    let part = take(cx, o, n)?;
    bytes::new(cx, part)
}

fn readline(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let limit = size_arg(cx, args.opt(1))?;
    let line = line(cx, o, limit)?;
    bytes::new(cx, line)
}

fn line(cx: &mut Cx, o: Obj, limit: Option<usize>) -> Completion<&'static [u8]> {
    let (all, pos) = (data(cx, o)?, position(cx, o)?);
    let rest = &all[pos.min(all.len())..];
    let n = memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1);
    take(cx, o, Some(limit.map_or(n, |l| l.min(n))))
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let line = line(cx, o, None)?;
    if line.is_empty() { Ok(Value::UNBOUND) } else { bytes::new(cx, line) }
}

fn readinto(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let n = base::room_in(cx, args.get(1), "readinto() argument")?;
    let part = take(cx, o, Some(n))?;
    let part = bytes::new(cx, part)?;
    base::store_into(cx, args.get(1), part)
}

fn write(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let new = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let (total, pos) = (DATA.total(cx, o)?, position(cx, o)?);
    if new.is_empty() {
        return Ok(Value::small(0));
    }
    if pos == total {
        let chunk = bytes::new(cx, &new)?;
        DATA.push(cx, o, chunk, new.len())?;
    } else {
        let mut all = data(cx, o)?.to_vec();
        if all.len() < pos + new.len() {
            all.resize(check_size(cx, pos.checked_add(new.len()))?, 0);
        }
        all[pos..pos + new.len()].copy_from_slice(&new);
        let joined = bytes::new(cx, &all)?;
        DATA.replace(cx, o, Some((joined, all.len())))?;
    }
    set_position(cx, o, pos + new.len())?;
    Ok(Value::small(new.len() as i64))
}

fn seek(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let (offset, whence) =
        (convert::index_i64(cx, args.get(1))?, convert::index_i64(cx, args.get(2))?);
    let from = match whence {
        0 if offset < 0 => return raise!(cx, ValueError, "negative seek value {offset}"),
        0 => 0,
        1 => position(cx, o)? as i64,
        2 => DATA.total(cx, o)? as i64,
        _ => return raise!(cx, ValueError, "invalid whence ({whence}, should be 0, 1 or 2)"),
    };
    let pos = from.saturating_add(offset).max(0);
    set_position(cx, o, pos as usize)?;
    cx.new_int(pos)
}

fn truncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let size = match args.not_none(1) {
        Some(v) => convert::index_i64(cx, v)?,
        None => position(cx, o)? as i64,
    };
    let Ok(n) = usize::try_from(size) else {
        return raise!(cx, ValueError, "negative size value {size}");
    };
    let all = data(cx, o)?;
    if n < all.len() {
        let cut = bytes::new(cx, &all[..n])?;
        DATA.replace(cx, o, Some((cut, n)))?;
    }
    Ok(Value::small(size))
}

fn getvalue(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    contents(cx, o)
}

fn getbuffer(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let all = contents(cx, o)?;
    let class = cx.class(T::memoryview).into();
    protocol::call(cx, class, &[all])
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.set(o, CLOSED, Value::TRUE)?;
    DATA.replace(cx, o, None)?;
    Ok(Value::NONE)
}

fn yes(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    open_obj(cx, args.this())?;
    Ok(Value::TRUE)
}

fn getstate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let (all, pos) = (contents(cx, o)?, cx.read(o, POS)?);
    let names = base::names_of(cx, args.this())?;
    cx.new_tuple(&[all, pos, names])
}

fn setstate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let Some([all, pos, names]) = base::state_arg::<3>(args.get(1)) else {
        let (class, got) = (cx.type_name(args.this()), cx.type_name(args.get(1)));
        return raise!(cx, TypeError, "{class}.__setstate__ argument should be 3-tuple, got {got}");
    };
    let all = buffer::expect_bytes(cx, all)?.into_owned();
    let pos = base::position_arg(cx, pos, "second")?;
    let all_bytes = bytes::new(cx, &all)?;
    cx.set(o, CLOSED, Value::FALSE)?;
    DATA.replace(cx, o, Some((all_bytes, all.len())))?;
    cx.set(o, POS, pos)?;
    base::set_names(cx, args.this(), names, "third")?;
    Ok(Value::NONE)
}

/// `_io.BytesIO`.
pub static BYTES_IO: TypeDef = TypeDef {
    name: "BytesIO",
    module: "_io",
    body: Body::WithDict(Kind::Record, 7),
    subclassable: true,
    static_methods: &[row("__new__", "(type, /, *args, **kwargs)", new_in_memory)],
    methods: &[
        row("__init__", "(self, initial_bytes=<empty>)", init),
        row("read", "(self, size=-1, /)", read),
        row("read1", "(self, size=-1, /)", read),
        row("readline", "(self, size=-1, /)", readline),
        row("__next__", "(self, /)", next),
        row("readinto", "(self, buffer, /)", readinto),
        row("write", "(self, b, /)", write),
        row("seek", "(self, pos, whence=0, /)", seek),
        row("tell", "(self, /)", |cx, args| {
            let o = open_obj(cx, args.this())?;
            cx.read(o, POS)
        }),
        row("truncate", "(self, size=None, /)", truncate),
        row("getvalue", "(self, /)", getvalue),
        row("getbuffer", "(self, /)", getbuffer),
        row("__getstate__", "(self, /)", getstate),
        row("__setstate__", "(self, state, /)", setstate),
        row("close", "(self, /)", close),
        row("flush", "(self, /)", |cx, args| open_obj(cx, args.this()).map(|_| Value::NONE)),
        row("isatty", "(self, /)", |cx, args| open_obj(cx, args.this()).map(|_| Value::FALSE)),
        row("readable", "(self, /)", yes),
        row("writable", "(self, /)", yes),
        row("seekable", "(self, /)", yes),
    ],
    getset: &[get("closed", |cx, v| match v.obj() {
        Some(o) => Ok((cx.read(o, CLOSED)? != Value::FALSE).into()),
        None => Ok(Value::FALSE),
    })],
    doc: "Buffered I/O implementation using an in-memory bytes buffer.",
    ..TypeDef::BASE
};
