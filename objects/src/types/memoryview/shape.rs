//! Formats and shapes of views: `cast`, and what depends on more than one dimension.

use super::{View, make, view};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::Obj,
    native::Args,
    protocol::{self, RootVec},
    raise,
    text::struct_fmt,
    types::{T, str as string, struct_value, text_args::new_list},
    value::Value,
};

pub(super) fn cast(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = view(cx, args.this())?;
    let Some(format) = string::text(args.get(1)) else {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "memoryview: format argument must be a string, not {name}");
    };
    let letter = format.strip_prefix('@').unwrap_or(format);
    let layout = struct_fmt::parse(letter.as_bytes())
        .ok()
        .filter(|l| letter.len() == 1 && l.items.len() == 1 && !matches!(letter, "s" | "p" | "x"));
    let Some(layout) = layout else {
        return raise!(
            cx,
            ValueError,
            "memoryview: destination format must be a native single character format prefixed with an optional '@'"
        );
    };
    if !m.is_contiguous() {
        return raise!(cx, TypeError, "memoryview: casts are restricted to C-contiguous views");
    }
    let is_byte = |f: &str| matches!(f.trim_start_matches('@'), "B" | "b" | "c");
    if !is_byte(m.letter()) && !is_byte(format) {
        return raise!(cx, TypeError, "memoryview: cannot cast between two non-byte formats");
    }
    let (item, total) = (layout.size, m.len * m.item);
    if !total.is_multiple_of(item) {
        return raise!(cx, TypeError, "memoryview: length is not a multiple of itemsize");
    }
    let shape = match args.opt(2) {
        None => None,
        Some(v) => Some(cast_shape(cx, v, item, total)?),
    };
    let shape = shape.filter(|s| s.len() != 1);
    make(
        cx,
        &View { len: total / item, item, stride: item as i64, format: args.get(1), shape, ..m },
    )
}

fn cast_shape(cx: &mut Cx, v: Value, item: usize, total: usize) -> Completion<Obj> {
    let is_sequence = cx.is_a(v, T::list) || cx.is_a(v, T::tuple);
    if !is_sequence {
        return raise!(cx, TypeError, "shape must be a list or a tuple");
    }
    let items = protocol::collect(cx, v)?;
    let mut product = item;
    for &n in items.as_slice() {
        let size = match n.small_int() {
            Some(n) if n > 0 => n as usize,
            Some(_) => {
                return raise!(
                    cx,
                    ValueError,
                    "memoryview.cast(): elements of shape must be integers > 0"
                );
            }
            None => {
                return raise!(
                    cx,
                    TypeError,
                    "memoryview.cast(): elements of shape must be integers"
                );
            }
        };
        product = product.saturating_mul(size);
    }
    if product != total {
        return raise!(cx, TypeError, "memoryview: product(shape) * itemsize != buffer size");
    }
    let t = cx.new_tuple(items.as_slice())?;
    match t.obj() {
        Some(t) => Ok(t),
        None => Err(cx.out_of_memory()),
    }
}

pub(super) fn tolist(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = view(cx, args.this())?;
    let layout = m.layout(cx)?;
    let data = m.gather(cx)?;
    let mut all = RootVec::new();
    for chunk in data.chunks_exact(m.item) {
        let v = struct_value::unpack(cx, &layout.items[0], chunk, layout.big)?;
        all.push(cx, v)?;
    }
    let Some(shape) = m.shape else { return new_list(cx, all) };
    if shape.is_empty() {
        return Ok(all.get(0));
    }
    // Groups the flat items from the last dimension outwards.
    for &n in shape.items()[1..].iter().rev() {
        let n = n.small_int().unwrap_or(1).max(1) as usize;
        let mut grouped = RootVec::new();
        for chunk in all.as_slice().chunks(n) {
            let row = RootVec::from_slice(cx, chunk)?;
            let row = new_list(cx, row)?;
            grouped.push(cx, row)?;
        }
        all = grouped;
    }
    new_list(cx, all)
}

/// Strides of a C-contiguous view, or the one stride.
pub(super) fn strides(cx: &mut Cx, m: &View) -> Completion<Value> {
    let Some(shape) = m.shape else { return cx.new_tuple(&[Value::small(m.stride)]) };
    let mut step = m.item as i64;
    let mut out = Vec::new();
    for n in shape.items().iter().rev() {
        out.push(Value::small(step));
        step *= n.small_int().unwrap_or(1);
    }
    out.reverse();
    cx.new_tuple(&out)
}
