//! The iterator over the characters of a `str`.
//!
//! Conflicts: one header; two threads that advance the same iterator conflict, so no character is given twice or skipped.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, Effect, NativeDef},
    protocol,
    text::cp,
    types::{Body, TypeDef, str as string},
    value::Value,
};

const TEXT: usize = 2;
/// Byte offset of the next character.
const OFFSET: usize = 3;
/// Index of the next character.
const INDEX: usize = 4;

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `str_iterator`.
pub static STR_ITERATOR: TypeDef = TypeDef {
    name: "str_iterator",
    body: Body::Words(Kind::Record, 5),
    methods: METHODS,
    ..TypeDef::BASE
};

/// `str_ascii_iterator`: the same for ASCII text.
pub static STR_ASCII_ITERATOR: TypeDef = TypeDef { name: "str_ascii_iterator", ..STR_ITERATOR };

const METHODS: &[NativeDef] = &[
    row!("__iter__", "(self, /)", |_, args| Ok(args.this()), "Implement iter(self)."),
    row!("__next__", "(self, /)", |cx, args| next(cx, args.this_obj()), "Implement next(self)."),
    row!(
        "__length_hint__",
        "(self, /)",
        length_hint,
        "Private method returning an estimate of len(list(it))."
    ),
    row!("__reduce__", "(self, /)", reduce, "Return state information for pickling."),
    row!("__setstate__", "(self, state, /)", setstate, "Set state information for unpickling."),
];

/// An iterator over the characters of `text`.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, text: Obj) -> Completion<Value> {
    let class =
        cx.type_for(if string::is_ascii(text) { &STR_ASCII_ITERATOR } else { &STR_ITERATOR })?;
    let o = cx.new_instance(class)?;
    o.init(TEXT, text.into());
    o.init(OFFSET, Value::small(0));
    o.init(INDEX, Value::small(0));
    Ok(o.into())
}

/// The next character of a `str_iterator`, or `UNBOUND` at the end.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
#[inline]
pub fn next(cx: &mut Cx, it: Obj) -> Completion<Value> {
    let Some(text) = cx.read(it, TEXT)?.obj() else { return Ok(Value::UNBOUND) };
    let at = cx.read(it, OFFSET)?.as_small() as usize;
    let s = string::bytes_of(text);
    let Some(&lead) = s.get(at) else {
        cx.set(it, TEXT, Value::UNBOUND)?;
        return Ok(Value::UNBOUND);
    };
    let i = cx.read(it, INDEX)?.as_small();
    let (c, w) = if lead < 128 { (u32::from(lead), 1) } else { cp::decode(s, at) };
    cx.claim(it)?;
    cx.write(it, OFFSET, Value::small((at + w) as i64));
    cx.write(it, INDEX, Value::small(i + 1));
    if c < 256 {
        string::latin_char(cx, c as u8)
    } else {
        string::new_str_bytes(cx, &s[at..at + w], 1)
    }
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let Some(text) = cx.read(it, TEXT)?.obj() else { return Ok(Value::small(0)) };
    let i = cx.read(it, INDEX)?.as_small();
    Ok(Value::small(string::n_chars(text) as i64 - i))
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let f = super::text_args::builtin_iter(cx)?;
    match cx.read(it, TEXT)?.bound() {
        Some(text) => {
            let (i, args) = (cx.read(it, INDEX)?, cx.new_tuple(&[text])?);
            cx.new_tuple(&[f, args, i])
        }
        None => {
            let empty = cx.new_str("")?;
            let args = cx.new_tuple(&[empty])?;
            cx.new_tuple(&[f, args])
        }
    }
}

fn setstate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let i = protocol::index_i64(cx, args.get(1))?;
    if let Some(text) = cx.read(it, TEXT)?.obj() {
        let i = usize::try_from(i).unwrap_or(0).min(string::n_chars(text));
        cx.claim(it)?;
        cx.write(it, INDEX, Value::small(i as i64));
        cx.write(it, OFFSET, Value::small(string::byte_offset(text, i) as i64));
    }
    Ok(Value::NONE)
}
