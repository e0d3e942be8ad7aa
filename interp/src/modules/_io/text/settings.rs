//! What a stream is made with, and `reconfigure`.

use taipan_objects::{
    Args, Completion, Cx, Obj, Value,
    protocol::{self, convert},
    raise,
    types::{bytes, str as string},
};

use super::{
    BUFFER, DECODED, DECODER, ENCODING, ERRORS, FLAGS, LINE, NEWLINE, PENDING, STARTED, TAIL,
    THROUGH, USED, WAS_READ, buffer_of, flags, open_obj, set_flag, write::write_pending,
};
use crate::modules::_io::{
    base::{self, call, call_truth},
    encodings::{decoder_for, without_mark},
    newlines::Newline,
    warn_default_encoding,
};

fn text_arg(cx: &mut Cx, v: Option<Value>, default: &str, what: &str) -> Completion<Value> {
    match v.filter(|v| !v.is_none()) {
        None => cx.new_str(default),
        Some(v) if string::exact(v).is_some() => Ok(v),
        Some(v) => {
            let got = cx.type_name(v);
            raise!(
                cx,
                TypeError,
                "TextIOWrapper() argument '{what}' must be str or None, not {got}"
            )
        }
    }
}

pub(super) fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, buffer) = (args.this_obj(), args.get(1));
    if args.opt(2).is_none_or(Value::is_none) {
        warn_default_encoding(cx, Value::small(1))?;
    }
    let mut encoding = text_arg(cx, args.opt(2), "utf-8", "encoding")?;
    if string::text(encoding) == Some("locale") {
        encoding = cx.new_str("utf-8")?;
    }
    let errors = text_arg(cx, args.opt(3), "strict", "errors")?;
    let newline = Newline::from_arg(cx, args.opt(4))?;
    let mut bits = 0;
    if args.opt(5).is_some() && protocol::truth(cx, args.get(5))? {
        bits |= LINE;
    }
    if args.opt(6).is_some() && protocol::truth(cx, args.get(6))? {
        bits |= THROUGH;
    }
    let decoder = decoder_for(cx, encoding, errors)?;
    let empty = bytes::new(cx, b"")?;
    let nothing = cx.new_str("")?;
    cx.claim(o)?;
    let values = [
        (BUFFER, buffer),
        (ENCODING, encoding),
        (ERRORS, errors),
        (NEWLINE, Value::small(newline.number())),
        (FLAGS, Value::small(bits)),
        (DECODED, nothing),
        (USED, Value::small(0)),
        (TAIL, empty),
        (DECODER, decoder),
    ];
    for (slot, v) in values {
        cx.write(o, slot, v);
    }
    PENDING.replace(cx, o, None)?;
    note_start(cx, o)?;
    Ok(Value::NONE)
}

/// Notes whether what is written next stands at the start of the stream, for encodings with a byte order mark.
fn note_start(cx: &mut Cx, o: Obj) -> Completion<()> {
    let encoding = cx.read(o, ENCODING)?;
    if string::text(encoding).and_then(without_mark).is_none() {
        return Ok(());
    }
    let buffer = buffer_of(cx, o)?;
    if call_truth(cx, buffer, "writable")? && call_truth(cx, buffer, "seekable")? {
        let at = call(cx, buffer, "tell", &[])?;
        let at = convert::index_i64(cx, at)?;
        set_flag(cx, o, STARTED, at != 0)?;
    }
    Ok(())
}

/// A setting of `reconfigure`: a string, or none.
fn setting(cx: &mut Cx, v: Option<Value>, what: &str) -> Completion<Option<Value>> {
    match v.filter(|v| !v.is_none()) {
        Some(v) if string::exact(v).is_none() => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "reconfigure() argument '{what}' must be str or None, not {got}")
        }
        found => Ok(found),
    }
}

pub(super) fn reconfigure(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let mut encoding = setting(cx, args.opt(1), "encoding")?;
    let mut errors = setting(cx, args.opt(2), "errors")?;
    let changes = encoding.is_some() || errors.is_some() || args.opt(3).is_some();
    if changes && flags(cx, o)? & WAS_READ != 0 {
        return base::unsupported(
            cx,
            "It is not possible to set the encoding or newline of stream after the first read",
        );
    }
    write_pending(cx, o)?;
    let buffer = buffer_of(cx, o)?;
    call(cx, buffer, "flush", &[])?;
    if encoding.is_some() || errors.is_some() {
        if errors.is_none() {
            errors = Some(cx.new_str("strict")?);
        }
        if encoding.and_then(string::text) == Some("locale") {
            encoding = Some(cx.new_str("utf-8")?);
        }
        let encoding = match encoding {
            Some(encoding) => encoding,
            None => cx.read(o, ENCODING)?,
        };
        let errors = errors.unwrap_or_default();
        let decoder = decoder_for(cx, encoding, errors)?;
        cx.claim(o)?;
        cx.write(o, ENCODING, encoding);
        cx.write(o, ERRORS, errors);
        cx.write(o, DECODER, decoder);
        note_start(cx, o)?;
    }
    if args.opt(3).is_some() {
        let newline = Newline::from_arg(cx, args.opt(3))?;
        cx.set(o, NEWLINE, Value::small(newline.number()))?;
    }
    for (i, bit) in [(4, LINE), (5, THROUGH)] {
        if let Some(v) = args.not_none(i) {
            let on = protocol::truth(cx, v)?;
            set_flag(cx, o, bit, on)?;
        }
    }
    Ok(Value::NONE)
}
