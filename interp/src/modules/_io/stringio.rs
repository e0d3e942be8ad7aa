//! `StringIO`: a text file in memory.
//!
//! Conflicts: one header, as for `BytesIO`. Positions count code points.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, TypeDef, Value,
    protocol::convert,
    raise,
    types::{str as string, text_args::check_size},
};

use super::{
    base::{self, CLOSED, get, new_in_memory, row, size_arg},
    newlines::{Newline, kinds_of, n_chars, note_kinds, offset_of, str_of, to_lf},
    rope::Rope,
};

const DATA: Rope = Rope::at(3);
const POS: usize = 6;
const NEWLINE: usize = 7;

fn open_obj(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj() {
        Some(o) if cx.read(o, CLOSED)? == Value::FALSE => Ok(o),
        _ => raise!(cx, ValueError, "I/O operation on closed file"),
    }
}

fn contents(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let chunks = DATA.chunks(cx, o)?;
    if let [one] = chunks.as_slice() {
        return Ok(*one);
    }
    let mut all = Vec::new();
    for chunk in &chunks {
        all.extend_from_slice(string::exact(*chunk).map_or(&[][..], string::bytes_of));
    }
    let joined = str_of(cx, &all)?;
    if !chunks.is_empty() {
        DATA.replace(cx, o, Some((joined, n_chars(&all))))?;
    }
    Ok(joined)
}

fn text(cx: &mut Cx, o: Obj) -> Completion<&'static [u8]> {
    let all = contents(cx, o)?;
    Ok(string::exact(all).map_or(&[][..], string::bytes_of))
}

fn position(cx: &mut Cx, o: Obj) -> Completion<usize> {
    Ok(cx.read(o, POS)?.small_int().unwrap_or(0) as usize)
}

fn newline(cx: &mut Cx, o: Obj) -> Completion<Newline> {
    Ok(Newline::from_number(cx.read(o, NEWLINE)?.small_int().unwrap_or(0)))
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let newline = Newline::from_arg(cx, args.opt(2))?;
    cx.set(o, CLOSED, Value::FALSE)?;
    cx.set(o, NEWLINE, Value::small(newline.number()))?;
    cx.set(o, POS, Value::small(0))?;
    DATA.replace(cx, o, None)?;
    if let Some(v) = args.not_none(1) {
        if string::exact(v).is_none() {
            let got = cx.type_name(v);
            return raise!(cx, TypeError, "initial_value must be str or None, not {got}");
        }
        put(cx, o, v)?;
        cx.set(o, POS, Value::small(0))?;
    }
    Ok(Value::NONE)
}

/// Writes a string at the position; the number of its code points.
fn put(cx: &mut Cx, o: Obj, v: Value) -> Completion<usize> {
    let Some(s) = string::exact(v) else {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "string argument expected, got '{got}'");
    };
    let mode = newline(cx, o)?;
    let given = string::bytes_of(s);
    if mode.is_universal() {
        note_kinds(cx, o, NEWLINE, given)?;
    }
    let universal = if mode == Newline::Universal { to_lf(given) } else { given.into() };
    let new = mode.on_write(&universal);
    let (total, pos) = (DATA.total(cx, o)?, position(cx, o)?);
    let n = if new.len() == s.len() { string::n_chars(s) } else { n_chars(&new) };
    if n == 0 {
        return Ok(string::n_chars(s));
    }
    if pos == total {
        let chunk = if *new == *given { s.into() } else { str_of(cx, &new)? };
        DATA.push(cx, o, chunk, n)?;
    } else {
        let mut all = text(cx, o)?.to_vec();
        let len = check_size(cx, all.len().checked_add(pos.saturating_sub(total)))?;
        all.resize(len, 0);
        let (start, end) = (offset_of(&all, pos), offset_of(&all, pos + n));
        all.splice(start..end, new.iter().copied());
        let joined = str_of(cx, &all)?;
        DATA.replace(cx, o, Some((joined, n_chars(&all))))?;
    }
    cx.set(o, POS, Value::small((pos + n) as i64))?;
    Ok(string::n_chars(s))
}

/// The text from the position on, at most `n` code points of it; moves the position.
fn take(cx: &mut Cx, o: Obj, n: Option<usize>, line: bool) -> Completion<Value> {
    let all = text(cx, o)?;
    let pos = position(cx, o)?;
    let rest = &all[offset_of(all, pos)..];
    let mut end =
        if line { newline(cx, o)?.line_len(rest).unwrap_or(rest.len()) } else { rest.len() };
    if let Some(n) = n {
        end = end.min(offset_of(rest, n));
    }
    let part = str_of(cx, &rest[..end])?;
    if end > 0 {
        cx.set(o, POS, Value::small((pos + n_chars(&rest[..end])) as i64))?;
    }
    Ok(part)
}

fn read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let n = size_arg(cx, args.opt(1))?;
    take(cx, o, n, false)
}

fn readline(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let n = size_arg(cx, args.opt(1))?;
    take(cx, o, n, true)
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let line = take(cx, o, None, true)?;
    Ok(if line.obj().is_some_and(Obj::is_empty) { Value::UNBOUND } else { line })
}

fn write(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    Ok(Value::small(put(cx, o, args.get(1))? as i64))
}

fn seek(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let (offset, whence) =
        (convert::index_i64(cx, args.get(1))?, convert::index_i64(cx, args.get(2))?);
    let pos = match whence {
        0 if offset < 0 => return raise!(cx, ValueError, "Negative seek position {offset}"),
        0 => offset,
        1 | 2 if offset != 0 => return raise!(cx, OSError, "Can't do nonzero cur-relative seeks"),
        1 => position(cx, o)? as i64,
        2 => DATA.total(cx, o)? as i64,
        _ => return raise!(cx, ValueError, "Invalid whence ({whence}, should be 0, 1 or 2)"),
    };
    cx.set(o, POS, Value::small(pos))?;
    Ok(Value::small(pos))
}

fn truncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let size = match args.not_none(1) {
        Some(v) => convert::index_i64(cx, v)?,
        None => position(cx, o)? as i64,
    };
    let Ok(n) = usize::try_from(size) else {
        return raise!(cx, ValueError, "Negative size value {size}");
    };
    if n < DATA.total(cx, o)? {
        let all = text(cx, o)?;
        let cut = str_of(cx, &all[..offset_of(all, n)])?;
        DATA.replace(cx, o, Some((cut, n)))?;
    }
    Ok(Value::small(size))
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
    let newline = match newline(cx, o)?.text() {
        Some(text) => cx.new_str(text)?,
        None => Value::NONE,
    };
    let names = base::names_of(cx, args.this())?;
    cx.new_tuple(&[all, newline, pos, names])
}

fn setstate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let Some([all, newline, pos, names]) = base::state_arg::<4>(args.get(1)) else {
        let (class, got) = (cx.type_name(args.this()), cx.type_name(args.get(1)));
        return raise!(cx, TypeError, "{class}.__setstate__ argument should be 4-tuple, got {got}");
    };
    let Some(text) = string::exact(all) else {
        let got = cx.type_name(all);
        return raise!(cx, TypeError, "initial_value must be str or None, not {got}");
    };
    let newline = Newline::from_arg(cx, Some(newline))?;
    let pos = base::position_arg(cx, pos, "third")?;
    cx.set(o, CLOSED, Value::FALSE)?;
    cx.set(o, NEWLINE, Value::small(newline.number()))?;
    // As it is: it was translated when it was written.
    DATA.replace(cx, o, Some((all, string::n_chars(text))))?;
    cx.set(o, POS, pos)?;
    base::set_names(cx, args.this(), names, "fourth")?;
    Ok(Value::NONE)
}

/// `_io.StringIO`.
pub static STRING_IO: TypeDef = TypeDef {
    name: "StringIO",
    module: "_io",
    body: Body::WithDict(Kind::Record, 8),
    subclassable: true,
    static_methods: &[row("__new__", "(type, /, *args, **kwargs)", new_in_memory)],
    methods: &[
        row("__init__", "(self, initial_value='', newline='\n')", init),
        row("read", "(self, size=-1, /)", read),
        row("readline", "(self, size=-1, /)", readline),
        row("__next__", "(self, /)", next),
        row("write", "(self, s, /)", write),
        row("seek", "(self, pos, whence=0, /)", seek),
        row("tell", "(self, /)", |cx, args| {
            let o = open_obj(cx, args.this())?;
            cx.read(o, POS)
        }),
        row("truncate", "(self, pos=None, /)", truncate),
        row("getvalue", "(self, /)", |cx, args| {
            let o = open_obj(cx, args.this())?;
            contents(cx, o)
        }),
        row("close", "(self, /)", close),
        row("__getstate__", "(self, /)", getstate),
        row("__setstate__", "(self, state, /)", setstate),
        row("readable", "(self, /)", yes),
        row("writable", "(self, /)", yes),
        row("seekable", "(self, /)", yes),
    ],
    getset: &[
        get("closed", |cx, v| match v.obj() {
            Some(o) => Ok((cx.read(o, CLOSED)? != Value::FALSE).into()),
            None => Ok(Value::FALSE),
        }),
        get("line_buffering", |_, _| Ok(Value::FALSE)),
        get("newlines", |cx, v| kinds_of(cx, v, NEWLINE)),
    ],
    doc: "Text I/O implementation using an in-memory buffer.",
    ..TypeDef::BASE
};
