//! `b[i]` and `b[i:j]` of a bytearray: reading, assignment, deletion.

use super::{byte_at, contents, len, new, part, set_contents, splice, write_at};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::Obj,
    names::Special,
    native::Args,
    protocol, raise,
    text::shape,
    types::{
        T, buffer,
        bytes::{byte, index},
        bytes_methods::bytes_or_ints,
        str as string,
        text_args::slice_indices,
    },
    value::Value,
};

const INDICES: &str = "bytearray indices must be integers or slices";

fn out_of_range<R>(cx: &mut Cx) -> Completion<R> {
    raise!(cx, IndexError, "bytearray index out of range")
}

pub(super) fn getitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, key) = (args.this_obj(), args.get(1));
    if cx.class_of(key) == cx.class(T::slice) {
        let len = len(cx, o)?;
        let (start, step, n) = slice_indices(cx, key, len)?;
        if step == 1 {
            let data = part(cx, o, start, n)?;
            return new(cx, &data);
        }
        let data = contents(cx, o)?;
        return new(cx, &shape::bytes_stride(&data, start, step, n));
    }
    let n = len(cx, o)?;
    let at = index(cx, key, n, INDICES)?;
    match at {
        Some(i) => match byte_at(cx, o, i)? {
            Some(b) => Ok(Value::small(b.into())),
            None => out_of_range(cx),
        },
        None => out_of_range(cx),
    }
}

pub(super) fn setitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, key, v) = (args.this_obj(), args.get(1), args.get(2));
    if cx.class_of(key) == cx.class(T::slice) {
        set_slice(cx, o, key, v)?;
        return Ok(Value::NONE);
    }
    let n = len(cx, o)?;
    let Some(i) = index(cx, key, n, INDICES)? else { return out_of_range(cx) };
    let b = byte(cx, v, "byte")?;
    write_at(cx, o, i, &[b])?;
    Ok(Value::NONE)
}

fn set_slice(cx: &mut Cx, o: Obj, key: Value, v: Value) -> Completion<()> {
    let bad = protocol::convert::as_int(v).is_some()
        || string::exact(v).is_some()
        || (buffer::bytes_like(cx, v)?.is_none()
            && protocol::find_special(cx, v, Special::Iter).is_none());
    if bad {
        return raise!(
            cx,
            TypeError,
            "can assign only bytes, buffers, or iterables of ints in range(0, 256)"
        );
    }
    let data = bytes_or_ints(cx, v)?;
    let n = len(cx, o)?;
    let (start, step, count) = slice_indices(cx, key, n)?;
    if step == 1 {
        return splice(cx, o, start, start + count, &data);
    }
    if data.is_empty() {
        return delete_slice(cx, o, start, step, count);
    }
    if data.len() != count {
        let size = data.len();
        return raise!(
            cx,
            ValueError,
            "attempt to assign bytes of size {size} to extended slice of size {count}"
        );
    }
    for (i, &b) in data.iter().enumerate() {
        write_at(cx, o, start.wrapping_add_signed(step.wrapping_mul(i as isize)), &[b])?;
    }
    Ok(())
}

fn delete_slice(cx: &mut Cx, o: Obj, start: usize, step: isize, count: usize) -> Completion<()> {
    if step == 1 {
        return splice(cx, o, start, start + count, b"");
    }
    let data = contents(cx, o)?;
    let last = start.wrapping_add_signed(step.wrapping_mul(count.saturating_sub(1) as isize));
    let (low, high) = (start.min(last), start.max(last));
    let gone = |i: usize| {
        count > 0 && (low..=high).contains(&i) && (i - low).is_multiple_of(step.unsigned_abs())
    };
    let kept: Vec<u8> =
        data.iter().enumerate().filter(|(i, _)| !gone(*i)).map(|(_, &b)| b).collect();
    set_contents(cx, o, &kept)
}

pub(super) fn delitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, key) = (args.this_obj(), args.get(1));
    let n = len(cx, o)?;
    if cx.class_of(key) == cx.class(T::slice) {
        let (start, step, count) = slice_indices(cx, key, n)?;
        delete_slice(cx, o, start, step, count)?;
        return Ok(Value::NONE);
    }
    match index(cx, key, n, INDICES)? {
        Some(i) => {
            splice(cx, o, i, i + 1, b"")?;
            Ok(Value::NONE)
        }
        None => out_of_range(cx),
    }
}
