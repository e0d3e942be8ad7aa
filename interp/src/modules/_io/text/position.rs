//! Position, size and end of a text stream.

use taipan_objects::{
    Args, Completion, Cx, Obj, Value,
    protocol::{self, convert},
    raise,
    types::{bytes, str as string},
};

use super::{
    DECODER, DETACHED, ENCODING, EOF, HELD, STARTED, TAIL, buffer_of, flags, open_obj,
    read::{decoded, original_rest, set_decoded},
    set_flag,
    write::{encode, write_pending},
};
use crate::modules::_io::{
    base::{self, attr, call},
    encodings::without_mark,
    newlines::str_of,
};

/// Position of the reader in the binary stream: what was decoded but not given out is encoded again to be subtracted.
pub(super) fn tell_number(cx: &mut Cx, o: Obj) -> Completion<i64> {
    let buffer = buffer_of(cx, o)?;
    let at = call(cx, buffer, "tell", &[])?;
    let at = convert::index_i64(cx, at)?;
    let mut rest = match original_rest(cx, o)? {
        Some(rest) => rest.to_vec(),
        None => decoded(cx, o)?.to_vec(),
    };
    if flags(cx, o)? & HELD != 0 {
        rest.push(b'\r');
    }
    let ahead = if rest.is_empty() {
        0
    } else {
        let text = str_of(cx, &rest)?;
        match string::exact(text) {
            Some(s) => encode(cx, o, s, &rest, false)?.len(),
            None => 0,
        }
    };
    let tail = cx.read(o, TAIL)?;
    let mut tail = bytes::exact(tail).map_or(0, |b| b.raw_bytes().len());
    let decoder = cx.read(o, DECODER)?;
    if decoder.is_bound() {
        // Bytes of a character that is not complete yet.
        let state = call(cx, decoder, "getstate", &[])?;
        let input = protocol::get_item(cx, state, Value::small(0))?;
        tail += protocol::length(cx, input)?;
    }
    Ok(at - ahead as i64 - tail as i64)
}

pub(super) fn tell(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    write_pending(cx, o)?;
    let at = tell_number(cx, o)?;
    cx.new_int(at)
}

pub(super) fn seek(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let whence = convert::index_i64(cx, args.get(2))?;
    let offset = convert::index_i64(cx, args.get(1))?;
    match whence {
        0 if offset < 0 => return raise!(cx, ValueError, "negative seek position {offset}"),
        1 if offset != 0 => return base::unsupported(cx, "can't do nonzero cur-relative seeks"),
        2 if offset != 0 => return base::unsupported(cx, "can't do nonzero end-relative seeks"),
        0..=2 => {}
        _ => return raise!(cx, ValueError, "invalid whence ({whence}, should be 0, 1 or 2)"),
    }
    if whence == 1 {
        return tell(cx, Args(&[args.this()]));
    }
    write_pending(cx, o)?;
    set_decoded(cx, o, b"")?;
    let empty = bytes::new(cx, b"")?;
    cx.set(o, TAIL, empty)?;
    set_flag(cx, o, EOF | HELD, false)?;
    let buffer = buffer_of(cx, o)?;
    let at = call(cx, buffer, "seek", &[Value::small(offset), Value::small(whence)])?;
    let is_start = convert::index_i64(cx, at)? == 0;
    set_flag(cx, o, STARTED, !is_start)?;
    restart_decoder(cx, o, is_start)?;
    Ok(at)
}

/// The decoder goes on elsewhere: further on there is no byte order mark, so the order that it found stays.
fn restart_decoder(cx: &mut Cx, o: Obj, is_start: bool) -> Completion<()> {
    const UNDECIDED: i64 = 2;
    const NATIVE: i64 = 0;
    let decoder = cx.read(o, DECODER)?;
    if decoder.is_unbound() {
        return Ok(());
    }
    let encoding = cx.read(o, ENCODING)?;
    let further = string::text(encoding).and_then(without_mark);
    if is_start
        || !further.is_some_and(|name| name.starts_with("utf-16") || name.starts_with("utf-32"))
    {
        return call(cx, decoder, "reset", &[]).map(drop);
    }
    let state = call(cx, decoder, "getstate", &[])?;
    let mut order = protocol::get_item(cx, state, Value::small(1))?;
    if order.small_int() == Some(UNDECIDED) {
        order = Value::small(NATIVE);
    }
    let empty = bytes::new(cx, b"")?;
    let state = cx.new_tuple(&[empty, order])?;
    call(cx, decoder, "setstate", &[state]).map(drop)
}

pub(super) fn truncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    write_pending(cx, o)?;
    let buffer = buffer_of(cx, o)?;
    call(cx, buffer, "flush", &[])?;
    let size = match args.not_none(1) {
        Some(v) => v,
        None => tell(cx, Args(&[args.this()]))?,
    };
    call(cx, buffer, "truncate", &[size])
}

pub(super) fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let buffer = buffer_of(cx, o)?;
    let closed = attr(cx, buffer, "closed")?;
    if protocol::truth(cx, closed)? {
        return Ok(Value::NONE);
    }
    let flushed = call(cx, args.this(), "flush", &[]);
    base::close_after(cx, flushed, buffer)
}

pub(super) fn detach(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let buffer = buffer_of(cx, o)?;
    call(cx, args.this(), "flush", &[])?;
    set_flag(cx, o, DETACHED, true)?;
    Ok(buffer)
}
