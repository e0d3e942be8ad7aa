//! Position, size and end of a buffered file.

use taipan_objects::{Args, Completion, Cx, Value, protocol::convert, raise};

use super::{
    PENDING, RAW, TURN, is_closed, open_obj, raw,
    read::{ahead, set_ahead},
    write::flush_pending,
};
use crate::modules::_io::{
    base::{self, call},
    turn::in_turn,
};

/// The position that a method of the raw stream gave.
fn position(cx: &mut Cx, v: Value) -> Completion<i64> {
    let at = convert::index_i64(cx, v)?;
    if at < 0 {
        return raise!(cx, OSError, "Raw stream returned invalid position {at}");
    }
    Ok(at)
}

pub(super) fn tell(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "tell")?;
    in_turn(cx, o, TURN, |cx| {
        let raw = raw(cx, o)?;
        let at = call(cx, raw, "tell", &[])?;
        let at = position(cx, at)?;
        let (ahead, pending) = (ahead(cx, o)?.len(), PENDING.total(cx, o)?);
        // A device may have no positions.
        cx.new_int((at - ahead as i64).max(0) + pending as i64)
    })
}

pub(super) fn seek(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "seek")?;
    let whence = convert::index_i64(cx, args.get(2))?;
    if !(0..=2).contains(&whence) {
        return raise!(cx, ValueError, "whence value {whence} unsupported");
    }
    let mut offset = convert::index_i64(cx, args.get(1))?;
    flush_pending(cx, o)?;
    in_turn(cx, o, TURN, |cx| {
        if whence == 1 {
            offset -= ahead(cx, o)?.len() as i64;
        }
        set_ahead(cx, o, b"")?;
        let raw = raw(cx, o)?;
        let offset = cx.new_int(offset)?;
        let at = call(cx, raw, "seek", &[offset, Value::small(whence)])?;
        position(cx, at)?;
        Ok(at)
    })
}

pub(super) fn truncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "truncate")?;
    flush_pending(cx, o)?;
    let size = match args.not_none(1) {
        Some(v) => v,
        None => tell(cx, Args(&[args.this()]))?,
    };
    let raw = raw(cx, o)?;
    call(cx, raw, "truncate", &[size])
}

pub(super) fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let raw = raw(cx, o)?;
    if is_closed(cx, raw)? {
        return Ok(Value::NONE);
    }
    let flushed = call(cx, args.this(), "flush", &[]);
    base::close_after(cx, flushed, raw)
}

pub(super) fn detach(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let raw = raw(cx, o)?;
    call(cx, args.this(), "flush", &[])?;
    cx.set(o, RAW, Value::NONE)?;
    Ok(raw)
}
