//! Operators and conversions of bytes: comparison, `in`, `len`, `%`, `repr`, `decode`.

use super::{Bytes, is_bytearray, make, this};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    native::Args,
    protocol::{self, CompareOp},
    raise,
    text::{repr as text_repr, search},
    types::{
        T, buffer, bytearray,
        bytes::{self, byte},
        codec, percent, str as string,
        text_args::new_text,
    },
    value::Value,
};

pub(super) fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, v) = (this(cx, args)?, args.get(1));
    let is_int = protocol::convert::is_index(cx, v);
    if is_int && buffer::bytes_like(cx, v)?.is_none() {
        let b = byte(cx, v, "byte")?;
        return Ok(memchr::memchr(b, &s).is_some().into());
    }
    let what = buffer::expect_bytes(cx, v)?;
    Ok(search::find(&s, &what).is_some().into())
}

pub(super) fn decode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    for (i, name) in [(1, "encoding"), (2, "errors")] {
        if let Some(v) = args.opt(i)
            && string::exact(v).is_none()
        {
            let got = cx.type_name(v);
            return raise!(cx, TypeError, "decode() argument '{name}' must be str, not {got}");
        }
    }
    let s = this(cx, args)?;
    let object = bytes::exact(args.this()).map_or(args.this(), Value::from);
    codec::decode(cx, object, &s, args.opt(1), args.opt(2))
}

pub(super) fn compared(cx: &mut Cx, args: Args<'_>, op: CompareOp) -> Completion<Value> {
    // `bytes` knows only itself; `bytearray` compares with every buffer.
    let other = match bytes::exact(args.get(1)) {
        Some(b) => Some(Bytes::Borrowed(b.raw_bytes())),
        None if is_bytearray(args) => buffer::bytes_like(cx, args.get(1))?,
        None => None,
    };
    let Some(b) = other else {
        if matches!(op, CompareOp::Eq | CompareOp::Ne) && cx.world.warns_bytes() {
            warn_of_comparison(cx, args)?;
        }
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let a = this(cx, args)?;
    Ok(match op {
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        _ => op.holds(a.cmp(&b)),
    }
    .into())
}

#[cold]
fn warn_of_comparison(cx: &mut Cx, args: Args<'_>) -> Completion<()> {
    let text = match (is_bytearray(args), args.get(1)) {
        (true, v) if cx.is_a(v, T::str) => "Comparison between bytearray and string",
        (false, v) if cx.is_a(v, T::str) => "Comparison between bytes and string",
        (false, v) if cx.is_a(v, T::int) => "Comparison between bytes and int",
        _ => return Ok(()),
    };
    protocol::warn(cx, T::BytesWarning, text)
}

pub(super) fn str_(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if cx.world.warns_bytes() {
        let kind = if is_bytearray(args) { "bytearray" } else { "bytes" };
        protocol::warn(cx, T::BytesWarning, &format!("str() on a {kind} instance"))?;
    }
    repr(cx, args)
}

pub(super) fn len(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = match args.this().obj() {
        Some(o) if o.kind() == Kind::ByteArray => bytearray::len(cx, o)?,
        _ => bytes::this(args).len(),
    };
    Ok(Value::small(n as i64))
}

pub(super) fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = this(cx, args)?;
    let mut out = text_repr::bytes(&s);
    if is_bytearray(args) {
        let name = cx.type_name(args.this());
        out = text_repr::bytearray(&s, name);
        return new_text(cx, &out);
    }
    string::new_ascii(cx, &out)
}

pub(super) fn modulo(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let format = this(cx, args)?;
    let out = percent::apply(cx, &format, args.get(1), false)?;
    make(cx, args, &out)
}

pub(super) fn rmodulo(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match buffer::bytes_or_bytearray(cx, args.get(1))? {
        None => Ok(Value::NOT_IMPLEMENTED),
        Some(format) => {
            let out = percent::apply(cx, &format, args.get(0), false)?;
            make(cx, args, &out)
        }
    }
}
