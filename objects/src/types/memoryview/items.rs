//! Items and slices of views.

use super::{View, make, over, view};
use crate::{
    cx::Cx,
    exc::Completion,
    native::Args,
    protocol, raise,
    types::{
        T, buffer, bytearray,
        struct_value::{self, Misfit},
        text_args::{item_index, slice_indices, tuple_items},
    },
    value::Value,
};

pub(super) fn value_at(cx: &mut Cx, m: &View, i: usize) -> Completion<Value> {
    let layout = m.layout(cx)?;
    let data = m.item_bytes(cx, i)?;
    struct_value::unpack(cx, &layout.items[0], &data, layout.big)
}

/// The item number that an index or tuple of indices names; `None` for a slice.
fn place(cx: &mut Cx, m: &View, key: Value) -> Completion<Option<usize>> {
    if cx.class_of(key) == cx.class(T::slice) {
        return Ok(None);
    }
    if let Some(keys) = key.obj().and_then(tuple_items) {
        if !keys.is_empty() && keys.iter().all(|&key| cx.class_of(key) == cx.class(T::slice)) {
            return raise!(cx, NotImplementedError, "multi-dimensional slicing is not implemented");
        }
        return tuple_place(cx, m, keys).map(Some);
    }
    if !protocol::convert::is_index(cx, key) {
        return raise!(cx, TypeError, "memoryview: invalid slice key");
    }
    match m.n_dims() {
        0 => return raise!(cx, TypeError, "invalid indexing of 0-dim memory"),
        1 => {}
        _ => {
            return raise!(
                cx,
                NotImplementedError,
                "multi-dimensional sub-views are not implemented"
            );
        }
    }
    let i = protocol::index_i64(cx, key)?;
    match item_index(i, m.len) {
        Some(i) => Ok(Some(i)),
        None => raise!(cx, IndexError, "index out of bounds on dimension 1"),
    }
}

fn tuple_place(cx: &mut Cx, m: &View, keys: &[Value]) -> Completion<usize> {
    let n = m.n_dims();
    if keys.len() > n {
        let given = keys.len();
        return raise!(cx, TypeError, "cannot index {n}-dimension view with {given}-element tuple");
    }
    if keys.len() < n {
        return raise!(cx, NotImplementedError, "sub-views are not implemented");
    }
    if keys.iter().any(|&key| cx.class_of(key) == cx.class(T::slice)) {
        return raise!(cx, TypeError, "memoryview: invalid slice key");
    }
    let mut at = 0;
    for (d, &key) in keys.iter().enumerate() {
        let size =
            m.shape.map_or(m.len, |s| s.item(d).and_then(Value::small_int).unwrap_or(0) as usize);
        let i = protocol::index_i64(cx, key)?;
        let dim = d + 1;
        let Some(i) = item_index(i, size) else {
            return raise!(cx, IndexError, "index out of bounds on dimension {dim}");
        };
        at = at * size + i;
    }
    Ok(at)
}

fn sliced(cx: &mut Cx, m: &View, key: Value) -> Completion<View> {
    if m.n_dims() != 1 {
        return raise!(cx, NotImplementedError, "multi-dimensional slicing is not implemented");
    }
    let (start, step, len) = slice_indices(cx, key, m.len)?;
    let mut part = *m;
    part.start = m.start + m.stride * start as i64;
    part.stride = m.stride * step as i64;
    part.len = len;
    Ok(part)
}

pub(super) fn getitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = view(cx, args.this())?;
    match place(cx, &m, args.get(1))? {
        Some(i) => value_at(cx, &m, i),
        None => {
            let part = sliced(cx, &m, args.get(1))?;
            make(cx, &part)
        }
    }
}

pub(super) fn setitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (m, v) = (view(cx, args.this())?, args.get(2));
    if m.readonly {
        return raise!(cx, TypeError, "cannot modify read-only memory");
    }
    let Some(i) = place(cx, &m, args.get(1))? else {
        assign_slice(cx, &m, args.get(1), v)?;
        return Ok(Value::NONE);
    };
    let layout = m.layout(cx)?;
    let mut out = vec![0; m.item];
    let format = m.letter();
    match struct_value::pack(cx, &layout.items[0], &layout, v, &mut out) {
        Ok(()) => {}
        Err(Misfit::Message(_)) => {
            return raise!(cx, ValueError, "memoryview: invalid value for format '{format}'");
        }
        Err(Misfit::Type(_)) => {
            return raise!(cx, TypeError, "memoryview: invalid type for format '{format}'");
        }
        Err(Misfit::Escape(e)) => return Err(e),
    }
    bytearray::write_at(cx, m.exporter, m.offset(i), &out)?;
    Ok(Value::NONE)
}

fn assign_slice(cx: &mut Cx, m: &View, key: Value, v: Value) -> Completion<()> {
    let part = sliced(cx, m, key)?;
    if !buffer::is_bytes_like(cx, v) {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "a bytes-like object is required, not '{name}'");
    }
    let source = over(cx, v)?;
    let source = view(cx, source)?;
    let plain = |format: &'static str| format.trim_start_matches('@');
    if plain(source.letter()) != plain(part.letter())
        || source.len != part.len
        || source.n_dims() != 1
    {
        return raise!(
            cx,
            ValueError,
            "memoryview assignment: lvalue and rvalue have different structures"
        );
    }
    let data = source.gather(cx)?;
    if part.is_contiguous() {
        return bytearray::write_at(cx, part.exporter, part.offset(0), &data);
    }
    for (i, chunk) in data.chunks(part.item).enumerate() {
        bytearray::write_at(cx, part.exporter, part.offset(i), chunk)?;
    }
    Ok(())
}

pub(super) fn delitem(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    raise!(cx, TypeError, "cannot delete memory")
}
