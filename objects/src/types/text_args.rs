//! What the text types share: turning text errors into exceptions, reading arguments, slicing by code point.

use crate::{
    cx::Cx,
    exc::{Completion, Escape, raise_empty, raise_message},
    heap::{Kind, Obj},
    names::Special,
    protocol::{self, RootVec},
    raise,
    text::{ErrorKind, TextError, cp, search, shape},
    types::{T, str as string},
    value::Value,
};

/// The exception for an error of a text algorithm.
#[cold]
pub fn fail(cx: &mut Cx, e: &TextError) -> Escape {
    let class = match e.kind {
        ErrorKind::Value => T::ValueError,
        ErrorKind::Type => T::TypeError,
        ErrorKind::Overflow => T::OverflowError,
        ErrorKind::Index => T::IndexError,
        ErrorKind::Memory => T::MemoryError,
    };
    if e.message.is_empty() { raise_empty(cx, class) } else { raise_message(cx, class, &e.message) }
}

/// A `str` of these WTF-8 bytes; counts their code points.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub fn new_text(cx: &mut Cx, bytes: &[u8]) -> Completion<Value> {
    string::new_str_bytes(cx, bytes, cp::count(bytes))
}

/// A `str` of part of `whole`, which tells cheaply whether it is ASCII.
#[inline]
pub(crate) fn new_part(cx: &mut Cx, whole: Obj, part: &[u8]) -> Completion<Value> {
    if string::is_ascii(whole) {
        return string::new_ascii(cx, part);
    }
    new_text(cx, part)
}

/// The `Kind::Str` object of argument `v`, or the `TypeError` "{function}() argument {n} must be str, not {type}".
///
/// # Errors
/// As said.
pub fn str_arg(cx: &mut Cx, v: Value, function: &str, n: usize) -> Completion<Obj> {
    match string::exact(v) {
        Some(o) => Ok(o),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "{function}() argument {n} must be str, not {name}")
        }
    }
}

/// A code point or byte index as `sequence[i]` takes it: negative counts from the end; `None` if out of range.
pub(crate) fn item_index(i: i64, len: usize) -> Option<usize> {
    let len = i64::try_from(len).ok()?;
    let i = if i < 0 { i + len } else { i };
    (0..len).contains(&i).then_some(i as usize)
}

/// One bound of `find` and friends: `None` or missing gives `default`.
fn bound(cx: &mut Cx, v: Option<Value>, len: usize, default: usize) -> Completion<usize> {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(default) };
    if let Some(i) = v.small_int() {
        return Ok(clamp(i, len));
    }
    if !protocol::convert::is_index(cx, v) {
        return raise!(
            cx,
            TypeError,
            "slice indices must be integers or None or have an __index__ method"
        );
    }
    Ok(clamp(protocol::index_big(cx, v)?, len))
}

fn clamp(i: i64, len: usize) -> usize {
    let len_i = i64::try_from(len).unwrap_or(i64::MAX);
    if i < 0 {
        (i.saturating_add(len_i)).max(0) as usize
    } else {
        usize::try_from(i).unwrap_or(usize::MAX)
    }
}

/// The range that optional `start` and `end` arguments name in a sequence of `len` units; `None` when it lies past the
/// end or is reversed, in which not even the empty string is found.
pub(crate) fn range(
    cx: &mut Cx,
    start: Option<Value>,
    end: Option<Value>,
    len: usize,
) -> Completion<Option<(usize, usize)>> {
    let from = bound(cx, start, len, 0)?;
    let to = bound(cx, end, len, len)?.min(len);
    Ok((from <= to).then_some((from, to)))
}

/// A count argument such as `maxsplit`: negative means all.
pub(crate) fn max_count(cx: &mut Cx, v: Value) -> Completion<usize> {
    let n = match v.small_int() {
        Some(n) => n,
        None if v.is_unbound() => -1,
        None => protocol::index_i64(cx, v)?,
    };
    Ok(usize::try_from(n).unwrap_or(usize::MAX))
}

/// Whether `a + b`, `a * b` and the like should give the other operand's class a chance: it is a Python class that
/// defines the reflected method.
pub(crate) fn defers_to(cx: &Cx, other: Value, reflected: Special) -> bool {
    let class = cx.class_of(other);
    crate::class::has_flag(class, crate::class::flag::HEAP)
        && crate::class::special(class, reflected).is_bound()
}

/// The repetition count of `sequence * n`, `None` where `NotImplemented` is due.
///
/// # Errors
/// `TypeError` for what is no integer, `OverflowError` if it is too large.
pub(crate) fn repeat_count(cx: &mut Cx, n: Value) -> Completion<Option<usize>> {
    if let Some(i) = n.small_int() {
        return Ok(Some(i.max(0) as usize));
    }
    if !protocol::convert::is_index(cx, n) {
        return Ok(None);
    }
    let i = protocol::index_int(cx, n)?;
    match protocol::convert::as_i64(i) {
        Some(i) => Ok(Some(i.max(0) as usize)),
        None => raise!(cx, OverflowError, "cannot fit 'int' into an index-sized integer"),
    }
}

/// Refuses a result of `len` bytes that could never be allocated.
///
/// # Errors
/// `MemoryError`.
pub fn check_size(cx: &mut Cx, len: Option<usize>) -> Completion<usize> {
    match len {
        Some(n) if shape::allocatable(n) => Ok(n),
        _ => Err(cx.out_of_memory()),
    }
}

/// Refuses to replace `old` by `new` in `s` if the result could never be allocated.
///
/// # Errors
/// `MemoryError`.
pub(crate) fn check_replaced(
    cx: &mut Cx,
    s: &[u8],
    [old, new]: [&[u8]; 2],
    max: usize,
) -> Completion<()> {
    let most = (s.len() / old.len().max(1)).min(max);
    if most.saturating_mul(new.len()) >= 1 << 28 {
        let n = search::count(s, old).min(max);
        check_size(cx, new.len().checked_mul(n).and_then(|x| x.checked_add(s.len())))?;
    }
    Ok(())
}

/// The items of a tuple or of an instance of a subclass.
pub fn tuple_items(o: Obj) -> Option<&'static [Value]> {
    if o.kind() == Kind::Tuple {
        return Some(o.items());
    }
    string::payload_of(o, Kind::Tuple).map(Obj::items)
}

/// A list that takes over these values.
///
/// # Errors
/// `MemoryError`.
pub fn new_list(cx: &mut Cx, items: RootVec) -> Completion<Value> {
    crate::types::list::from_vec(cx, items).map(Value::from)
}

/// Turns the order of `items` around.
pub(crate) fn reverse(items: &mut RootVec) {
    let n = items.len();
    for i in 0..n / 2 {
        let (a, b) = (items.get(i), items.get(n - 1 - i));
        items.set(i, b);
        items.set(n - 1 - i, a);
    }
}

/// Start, step and number of the items that the slice object `key` selects from `len`.
///
/// # Errors
/// `TypeError`, `ValueError` for a step of zero.
pub fn slice_indices(cx: &mut Cx, key: Value, len: usize) -> Completion<(usize, isize, usize)> {
    let Some(o) = key.obj() else { return Ok((0, 1, 0)) };
    let b = crate::types::slice::bounds(cx, o, len)?;
    Ok((b.start.max(0) as usize, b.step as isize, b.len))
}

/// The builtin function `iter`, for pickling iterators.
///
/// # Errors
/// Whatever the import raises.
pub(crate) fn builtin_iter(cx: &mut Cx) -> Completion<Value> {
    let module = cx.world.import_module(cx, "builtins")?;
    let name = cx.intern("iter")?;
    protocol::get_attr(cx, module, name)
}
