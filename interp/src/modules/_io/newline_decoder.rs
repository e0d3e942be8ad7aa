//! `IncrementalNewlineDecoder`: line ends of text that comes in pieces.
//!
//! Conflicts: one header each; every piece changes it.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, TypeDef, Value,
    protocol::{self, convert},
    raise,
    types::{bytes, str as string},
};

use super::{
    base::{self, NEW, call, get, row},
    newlines::{hold_back, kinds_of, note_kinds, str_of, to_lf},
};

const INNER: usize = 2;
const TRANSLATE: usize = 3;
/// A carriage return that may be half of a line end.
const HELD: usize = 4;
/// The kinds of line ends met.
const KINDS: usize = 5;

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let translate = protocol::truth(cx, args.get(2))?;
    cx.claim(o)?;
    cx.write(o, INNER, args.get(1));
    cx.write(o, TRANSLATE, translate.into());
    cx.write(o, HELD, Value::FALSE);
    cx.write(o, KINDS, Value::small(0));
    Ok(Value::NONE)
}

fn decode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let last = protocol::truth(cx, args.get(2))?;
    let inner = cx.read(o, INNER)?;
    let text = if inner.is_none() {
        args.get(1)
    } else {
        call(cx, inner, "decode", &[args.get(1), last.into()])?
    };
    let Some(s) = string::exact(text) else {
        let got = cx.type_name(text);
        return raise!(cx, TypeError, "decoder should return a string result, not '{got}'");
    };
    let mut data = string::bytes_of(s).to_vec();
    let was_held = cx.read(o, HELD)? == Value::TRUE;
    let is_held = hold_back(&mut data, was_held, last);
    if is_held != was_held {
        cx.set(o, HELD, is_held.into())?;
    }
    note_kinds(cx, o, KINDS, &data)?;
    if cx.read(o, TRANSLATE)? == Value::TRUE {
        data = to_lf(&data).into_owned();
    }
    str_of(cx, &data)
}

fn reset(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.set(o, HELD, Value::FALSE)?;
    cx.set(o, KINDS, Value::small(0))?;
    let inner = cx.read(o, INNER)?;
    if inner.is_none() { Ok(Value::NONE) } else { call(cx, inner, "reset", &[]) }
}

/// The inner decoder's state, with one more bit for the carriage return held back.
fn get_state(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let inner = cx.read(o, INNER)?;
    let (buffer, flag) = if inner.is_none() {
        (bytes::new(cx, b"")?, 0)
    } else {
        let state = call(cx, inner, "getstate", &[])?;
        pair(cx, state)?
    };
    let held = i64::from(cx.read(o, HELD)? == Value::TRUE);
    cx.new_tuple(&[buffer, Value::small(flag << 1 | held)])
}

fn pair(cx: &mut Cx, state: Value) -> Completion<(Value, i64)> {
    match base::state_arg(state) {
        Some([buffer, flag]) => Ok((buffer, convert::index_i64(cx, flag)?)),
        _ => raise!(cx, TypeError, "state argument must be a tuple"),
    }
}

fn set_state(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (buffer, flag) = pair(cx, args.get(1))?;
    cx.set(o, HELD, Value::bool(flag & 1 != 0))?;
    let inner = cx.read(o, INNER)?;
    if inner.is_none() {
        return Ok(Value::NONE);
    }
    let state = cx.new_tuple(&[buffer, Value::small(flag >> 1)])?;
    call(cx, inner, "setstate", &[state])
}

/// `_io.IncrementalNewlineDecoder`.
pub static NEWLINE_DECODER: TypeDef = TypeDef {
    name: "IncrementalNewlineDecoder",
    module: "_io",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[NEW],
    methods: &[
        row("__init__", "(self, decoder, translate, errors='strict')", init),
        row("decode", "(self, input, final=False)", decode),
        row("reset", "(self, /)", reset),
        row("getstate", "(self, /)", get_state),
        row("setstate", "(self, state, /)", set_state),
    ],
    getset: &[get("newlines", |cx, v| kinds_of(cx, v, KINDS))],
    doc: "Codec used when reading a file in universal newlines mode.",
    ..TypeDef::BASE
};
