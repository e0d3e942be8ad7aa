//! Methods of `array`.

use taipan_objects::{
    Args, Completion, Cx, GetSetDef, Kind, N, NativeDef, Obj, Value,
    protocol::{self, CompareOp, convert::is_index, index_big, index_i64},
    raise,
    types::{bytearray, memoryview, number::new_bytes, sequence, slice, str as string, support},
};

use super::{Array, Store, iter, make_like, push_buffer, push_text, reconstruct, to_list};
use crate::modules::rows::row;

macro_rules! comparison {
    ($name:literal, $op:ident) => {
        row!($name, "(self, value, /)", |cx, args| compare(cx, args, CompareOp::$op), "")
    };
}

pub(super) const GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "typecode",
        get: |cx, v| {
            let code = v.obj().and_then(Array::of).map_or('b', |a| a.item_type().code);
            cx.new_str(&code.to_string())
        },
        set: None,
        doc: "the typecode character used to create the array",
    },
    GetSetDef {
        name: "itemsize",
        get: |_, v| Ok(Value::small(v.obj().and_then(Array::of).map_or(0, |a| a.size() as i64))),
        set: None,
        doc: "the size, in bytes, of one array item",
    },
];

pub(super) const METHODS: &[NativeDef] = &[
    row!(
        "__len__",
        "(self, /)",
        |cx, args| {
            let n = Array::this(cx, args)?.len(cx)?;
            cx.new_int(n as i64)
        },
        "Return len(self)."
    ),
    row!("__getitem__", "(self, key, /)", get_item, "Return self[key]."),
    row!("__setitem__", "(self, key, value, /)", set_item, "Set self[key] to value."),
    row!("__delitem__", "(self, key, /)", del_item, "Delete self[key]."),
    row!(
        "__contains__",
        "(self, key, /)",
        |cx, args| find(cx, args, 0, i64::MAX).map(|i| Value::bool(i.is_some())),
        "Return bool(key in self)."
    ),
    row!("__iter__", "(self, /)", iter, "Implement iter(self)."),
    row!("__add__", "(self, value, /)", add, "Return self+value."),
    row!("__iadd__", "(self, value, /)", iadd, "Implement self+=value."),
    row!("__mul__", "(self, value, /)", mul, "Return self*value."),
    row!("__rmul__", "(self, value, /)", mul, "Return value*self."),
    row!("__imul__", "(self, value, /)", imul, "Implement self*=value."),
    comparison!("__lt__", Lt),
    comparison!("__le__", Le),
    comparison!("__eq__", Eq),
    comparison!("__ne__", Ne),
    comparison!("__gt__", Gt),
    comparison!("__ge__", Ge),
    row!("__repr__", "(self, /)", repr, "Return repr(self)."),
    row!(
        "__buffer__",
        "(self, flags, /)",
        view,
        "Return a buffer object that exposes the underlying memory of the object."
    ),
    row!("__copy__", "(self, /)", copy, "Return a copy of the array."),
    row!("__deepcopy__", "(self, unused, /)", copy, "Return a copy of the array."),
    row!(
        "__reduce_ex__",
        "(self, value, /)",
        reconstruct::reduce,
        "Return state information for pickling."
    ),
    row!(
        "append",
        "(self, v, /)",
        |cx, args| Array::this(cx, args)?.push(cx, args.get(1)).map(|()| Value::NONE),
        "Append new value v to the end of the array."
    ),
    row!(
        "buffer_info",
        "(self, /)",
        buffer_info,
        "Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.\n\nThe length should be multiplied by the itemsize attribute to calculate\nthe buffer length in bytes."
    ),
    row!(
        "byteswap",
        "(self, /)",
        byteswap,
        "Byteswap all items of the array.\n\nIf the items in the array are not 1, 2, 4, or 8 bytes in size, RuntimeError is\nraised."
    ),
    row!("clear", "(self, /)", clear, "Remove all items from the array."),
    row!("count", "(self, v, /)", count, "Return number of occurrences of v in the array."),
    row!("extend", "(self, bb, /)", extend, "Append items to the end of the array."),
    row!(
        "frombytes",
        "(self, buffer, /)",
        |cx, args| {
            let a = Array::this(cx, args)?;
            push_buffer(cx, a, args.get(1)).map(|()| Value::NONE)
        },
        "Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method."
    ),
    row!(
        "fromfile",
        "(self, f, n, /)",
        from_file,
        "Read n objects from the file object f and append them to the end of the array."
    ),
    row!("fromlist", "(self, list, /)", from_list, "Append items to array from list."),
    row!(
        "fromunicode",
        "(self, ustr, /)",
        from_unicode,
        "Extends this array with data from the unicode string ustr.\n\nThe array must be a unicode type array; otherwise a ValueError is raised.\nUse array.frombytes(ustr.encode(...)) to append Unicode data to an array of\nsome other type."
    ),
    row!(
        "index",
        "(self, v, start=0, stop=9223372036854775807, /)",
        index,
        "Return index of first occurrence of v in the array.\n\nRaise ValueError if the value is not present."
    ),
    row!(
        "insert",
        "(self, i, v, /)",
        insert,
        "Insert a new item v into the array before position i."
    ),
    row!(
        "pop",
        "(self, i=-1, /)",
        pop,
        "Return the i-th element and delete it from the array.\n\ni defaults to -1."
    ),
    row!("remove", "(self, v, /)", remove, "Remove the first occurrence of v in the array."),
    row!("reverse", "(self, /)", reverse, "Reverse the order of the items in the array."),
    row!(
        "tobytes",
        "(self, /)",
        to_bytes,
        "Convert the array to an array of machine values and return the bytes representation."
    ),
    row!(
        "tofile",
        "(self, f, /)",
        to_file,
        "Write all items (as machine values) to the file object f."
    ),
    row!(
        "tolist",
        "(self, /)",
        |cx, args| {
            let a = Array::this(cx, args)?;
            to_list(cx, a)
        },
        "Convert array to an ordinary list with the same items."
    ),
    row!(
        "tounicode",
        "(self, /)",
        to_unicode,
        "Extends this array with data from the unicode string ustr.\n\nConvert the array to a unicode string.  The array must be a unicode type array;\notherwise a ValueError is raised.  Use array.tobytes().decode() to obtain a\nunicode string from an array of some other type."
    ),
];

fn as_slice(cx: &Cx, v: Value) -> Option<Obj> {
    support::as_slice(cx, v)
}

/// The index `v` within `len` items; counts from the end if negative.
fn position(cx: &mut Cx, v: Value, len: usize, beyond: &str) -> Completion<usize> {
    if !is_index(cx, v) {
        return raise!(cx, TypeError, "array indices must be integers");
    }
    let i = index_i64(cx, v)?;
    let i = if i < 0 { i.saturating_add(len as i64) } else { i };
    match usize::try_from(i) {
        Ok(i) if i < len => Ok(i),
        _ => raise!(cx, IndexError, "{beyond}"),
    }
}

fn get_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    if let Some(s) = as_slice(cx, args.get(1)) {
        let len = array.len(cx)?;
        let bounds = slice::bounds(cx, s, len)?;
        let (bytes, size) = (array.contents(cx)?, array.size());
        let chosen: Vec<u8> = bounds
            .indices()
            .filter_map(|i| bytes.get(i * size..(i + 1) * size))
            .flatten()
            .copied()
            .collect();
        return make_like(cx, array, &chosen);
    }
    let len = array.len(cx)?;
    let i = position(cx, args.get(1), len, "array index out of range")?;
    Ok(array.get(cx, i)?.unwrap_or_default())
}

fn set_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    if let Some(s) = as_slice(cx, args.get(1)) {
        let other = args.get(2);
        let Some(source) = Array::from_value(cx, other)? else {
            let name = cx.type_name(other);
            return raise!(cx, TypeError, "can only assign array (not \"{name}\") to array slice");
        };
        if source.kind != array.kind {
            return raise!(cx, TypeError, "bad argument type for built-in operation");
        }
        let items = source.contents(cx)?;
        return assign_slice(cx, array, s, &items);
    }
    let len = array.len(cx)?;
    let i = position(cx, args.get(1), len, "array assignment index out of range")?;
    array.set(cx, i, args.get(2))?;
    Ok(Value::NONE)
}

fn assign_slice(cx: &mut Cx, array: Array, s: Obj, items: &[u8]) -> Completion<Value> {
    let (len, size) = (array.len(cx)?, array.size());
    let bounds = slice::bounds(cx, s, len)?;
    let n = items.len() / size;
    if bounds.step == 1 {
        let from = bounds.start.max(0) as usize;
        let to = from + bounds.len;
        bytearray::splice(cx, array.bytes, from * size, to * size, items)?;
        return Ok(Value::NONE);
    }
    if n != bounds.len {
        let wanted = bounds.len;
        return raise!(
            cx,
            ValueError,
            "attempt to assign array of size {n} to extended slice of size {wanted}"
        );
    }
    for (i, item) in bounds.indices().zip(items.chunks_exact(size)) {
        bytearray::write_at(cx, array.bytes, i * size, item)?;
    }
    Ok(Value::NONE)
}

fn del_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let (len, size) = (array.len(cx)?, array.size());
    let Some(s) = as_slice(cx, args.get(1)) else {
        let i = position(cx, args.get(1), len, "array assignment index out of range")?;
        bytearray::splice(cx, array.bytes, i * size, (i + 1) * size, &[])?;
        return Ok(Value::NONE);
    };
    let bounds = slice::bounds(cx, s, len)?;
    let mut gone: Vec<usize> = bounds.indices().collect();
    gone.sort_unstable();
    let bytes = array.contents(cx)?;
    let kept = bytes.chunks_exact(size).enumerate().filter(|(i, _)| gone.binary_search(i).is_err());
    let kept: Vec<u8> = kept.flat_map(|(_, item)| item).copied().collect();
    bytearray::set_contents(cx, array.bytes, &kept)?;
    Ok(Value::NONE)
}

/// The position of the first item from `start` to `stop` equal to the argument.
fn find(cx: &mut Cx, args: Args<'_>, start: i64, stop: i64) -> Completion<Option<usize>> {
    let array = Array::this(cx, args)?;
    let len = array.len(cx)? as i64;
    let clamp = |i: i64| if i < 0 { i.saturating_add(len).max(0) } else { i };
    let mut i = usize::try_from(clamp(start)).unwrap_or(usize::MAX);
    let stop = usize::try_from(clamp(stop)).unwrap_or(0);
    while i < stop {
        let Some(v) = array.get(cx, i)? else { break };
        if protocol::equal(cx, v, args.get(1))? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

fn index(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let start = index_big(cx, args.get(2))?;
    // The default does not fit an inline integer, so the table cannot supply it.
    let stop = args.opt(3).map_or(Ok(i64::MAX), |stop| index_big(cx, stop))?;
    match find(cx, args, start, stop)? {
        Some(i) => cx.new_int(i as i64),
        None => raise!(cx, ValueError, "array.index(x): x not in array"),
    }
}

fn remove(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    match find(cx, args, 0, i64::MAX)? {
        Some(i) => {
            let size = array.size();
            bytearray::splice(cx, array.bytes, i * size, (i + 1) * size, &[])?;
            Ok(Value::NONE)
        }
        None => raise!(cx, ValueError, "array.remove(x): x not in array"),
    }
}

fn count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let values = Array::this(cx, args)?.values(cx)?;
    let mut n = 0;
    for &v in values.as_slice() {
        n += i64::from(protocol::equal(cx, v, args.get(1))?);
    }
    cx.new_int(n)
}

fn add(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let Some(other) = Array::from_value(cx, args.get(1))? else {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "can only append array (not \"{name}\") to array");
    };
    if other.kind != array.kind {
        return raise!(cx, TypeError, "bad argument type for built-in operation");
    }
    let mut bytes = array.contents(cx)?;
    bytes.extend(other.contents(cx)?);
    make_like(cx, array, &bytes)
}

fn iadd(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    if Array::from_value(cx, args.get(1))?.is_none() {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "can only extend with array (not \"{name}\")");
    }
    extend_by(cx, array, args.get(1))?;
    Ok(args.this())
}

fn extend(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    extend_by(cx, array, args.get(1))?;
    Ok(Value::NONE)
}

fn extend_by(cx: &mut Cx, array: Array, v: Value) -> Completion<()> {
    match Array::from_value(cx, v)? {
        Some(other) if other.kind != array.kind => {
            raise!(cx, TypeError, "can only extend with array of same kind")
        }
        Some(other) => {
            let bytes = other.contents(cx)?;
            bytearray::push_bytes(cx, array.bytes, &bytes)
        }
        None => protocol::for_each(cx, v, |cx, v| array.push(cx, v)),
    }
}

fn repeated(cx: &mut Cx, args: Args<'_>) -> Completion<Option<Vec<u8>>> {
    let Some(n) = support::repeat_count(cx, args.get(1))? else { return Ok(None) };
    let bytes = Array::this(cx, args)?.contents(cx)?;
    match bytes.len().checked_mul(n) {
        Some(total) if total < 1 << 40 => Ok(Some(bytes.repeat(n))),
        _ => Err(cx.out_of_memory()),
    }
}

fn mul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    match repeated(cx, args)? {
        Some(bytes) => make_like(cx, array, &bytes),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn imul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    match repeated(cx, args)? {
        Some(bytes) => {
            bytearray::set_contents(cx, array.bytes, &bytes)?;
            Ok(args.this())
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn compare(cx: &mut Cx, args: Args<'_>, op: CompareOp) -> Completion<Value> {
    let a = Array::this(cx, args)?;
    let Some(b) = Array::from_value(cx, args.get(1))? else { return Ok(Value::NOT_IMPLEMENTED) };
    if a.item_type().store == Store::Float && b.item_type().store == Store::Float {
        return compare_floats(cx, a, b, op);
    }
    sequence::compare(cx, op, |cx, side, i| {
        let array = if side == 0 { a } else { b };
        Ok(array.get(cx, i)?.unwrap_or_default())
    })
}

/// By the numbers alone: what is not a number differs from itself.
fn compare_floats(cx: &mut Cx, a: Array, b: Array, op: CompareOp) -> Completion<Value> {
    for i in 0.. {
        match (a.get(cx, i)?, b.get(cx, i)?) {
            (Some(x), Some(y)) if x.float_value() == y.float_value() => {}
            (Some(x), Some(y)) => return protocol::compare(cx, op, x, y),
            (x, y) => return Ok(op.holds(x.is_some().cmp(&y.is_some())).into()),
        }
    }
    Ok(Value::FALSE)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let name = cx.short_type_name(args.this());
    let code = array.item_type().code;
    if array.len(cx)? == 0 {
        return cx.new_str(&format!("{name}('{code}')"));
    }
    let items = match array.item_type().store {
        Store::Char => to_text(cx, array)?,
        _ => to_list(cx, array)?,
    };
    let mut text = support::Text::new(&format!("{name}('{code}', "));
    text.push_repr(cx, items)?;
    text.push(")");
    text.finish(cx)
}

fn view(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let n = array.len(cx)?;
    memoryview::over_items(cx, array.bytes, args.this(), array.item_type().format, array.size(), n)
}

fn copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let bytes = array.contents(cx)?;
    make_like(cx, array, &bytes)
}

fn buffer_info(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let n = array.len(cx)?;
    let address = cx.new_int(array.bytes.to_word() as i64)?;
    cx.new_tuple(&[address, Value::small(n as i64)])
}

fn byteswap(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let mut bytes = array.contents(cx)?;
    bytes.chunks_exact_mut(array.size()).for_each(<[u8]>::reverse);
    bytearray::set_contents(cx, array.bytes, &bytes)?;
    Ok(Value::NONE)
}

fn clear(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    bytearray::set_contents(cx, array.bytes, &[])?;
    Ok(Value::NONE)
}

fn from_file(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let n = index_i64(cx, args.get(2))?;
    let Ok(n) = usize::try_from(n) else {
        return raise!(cx, ValueError, "negative count");
    };
    let Some(wanted) = n.checked_mul(array.size()).filter(|w| *w < 1 << 40) else {
        return Err(cx.out_of_memory());
    };
    let read = cx.name(N::read);
    let data = protocol::call_method(cx, args.get(1), read, &[Value::small(wanted as i64)])?;
    let Some(bytes) = data.obj().filter(|o| o.kind() == Kind::Bytes).map(Obj::raw_bytes) else {
        return raise!(cx, TypeError, "read() didn't return bytes");
    };
    push_buffer(cx, array, data)?;
    if bytes.len() < wanted {
        return raise!(cx, EOFError, "read() didn't return enough bytes");
    }
    Ok(Value::NONE)
}

fn to_file(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let bytes = Array::this(cx, args)?.contents(cx)?;
    for block in bytes.chunks(64 * 1024) {
        let block = new_bytes(cx, block)?;
        let write = cx.name(N::write);
        protocol::call_method(cx, args.get(1), write, &[block])?;
    }
    Ok(Value::NONE)
}

fn from_list(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    if args.get(1).obj().is_none_or(|o| o.kind() != Kind::List) {
        return raise!(cx, TypeError, "arg must be list");
    }
    let old = bytearray::len(cx, array.bytes)?;
    let items = protocol::collect(cx, args.get(1))?;
    let pushed = items.as_slice().iter().try_for_each(|&v| array.push(cx, v));
    if let Err(escape) = pushed {
        // All or nothing; an abort undoes more than this anyway.
        if !escape.is_abort() {
            let now = bytearray::len(cx, array.bytes)?;
            bytearray::splice(cx, array.bytes, old, now, &[])?;
        }
        return Err(escape);
    }
    Ok(Value::NONE)
}

fn from_unicode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let Some(s) = string::exact(args.get(1)) else {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "fromunicode() argument must be str, not {name}");
    };
    if array.item_type().store != Store::Char {
        return raise!(
            cx,
            ValueError,
            "fromunicode() may only be called on unicode type arrays ('u' or 'w')"
        );
    }
    push_text(cx, array, s)?;
    Ok(Value::NONE)
}

fn to_text(cx: &mut Cx, array: Array) -> Completion<Value> {
    let mut text = support::Text::new("");
    for &v in array.values(cx)?.as_slice() {
        text.push_str(v);
    }
    text.finish(cx)
}

fn to_unicode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    if array.item_type().store != Store::Char {
        return raise!(
            cx,
            ValueError,
            "tounicode() may only be called on unicode type arrays ('u' or 'w')"
        );
    }
    to_text(cx, array)
}

fn insert(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let i = index_i64(cx, args.get(1))?;
    let item = array.item_type().pack(cx, args.get(2))?;
    let len = array.len(cx)? as i64;
    let i = if i < 0 { i.saturating_add(len).max(0) } else { i.min(len) };
    let at = usize::try_from(i).unwrap_or(0) * array.size();
    bytearray::splice(cx, array.bytes, at, at, &item[..array.size()])?;
    Ok(Value::NONE)
}

fn pop(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let i = index_i64(cx, args.get(1))?;
    let (len, size) = (array.len(cx)?, array.size());
    if len == 0 {
        return raise!(cx, IndexError, "pop from empty array");
    }
    let i = if i < 0 { i.saturating_add(len as i64) } else { i };
    let Some(i) = usize::try_from(i).ok().filter(|i| *i < len) else {
        return raise!(cx, IndexError, "pop index out of range");
    };
    let v = array.get(cx, i)?.unwrap_or_default();
    bytearray::splice(cx, array.bytes, i * size, (i + 1) * size, &[])?;
    Ok(v)
}

fn reverse(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let array = Array::this(cx, args)?;
    let bytes = array.contents(cx)?;
    let turned: Vec<u8> = bytes.chunks_exact(array.size()).rev().flatten().copied().collect();
    bytearray::set_contents(cx, array.bytes, &turned)?;
    Ok(Value::NONE)
}

fn to_bytes(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let bytes = Array::this(cx, args)?.contents(cx)?;
    new_bytes(cx, &bytes)
}
