//! `bytearray`: layout, mutation, and what is its own (methods shared with `bytes` are in `bytes_methods.rs`).
//!
//! Slots: the `Raw` buffer with spare room, the number of bytes in use, and where they begin in it: what leaves the front
//! moves only that. A change of some bytes logs the words it touches; growth beyond the buffer swaps it and leaves the old
//! one intact.
//!
//! Conflicts: one header: any two operations of which one writes conflict.

use std::{borrow::Cow, sync::atomic::Ordering};

use super::{
    bytes::{byte, from_arguments, index},
    bytes_methods::{self as methods, bytes_or_ints, parse_hex},
    str_ops::fill_repeated,
    text_args::{check_size, defers_to, repeat_count, slice_indices},
};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::{Args, Effect, NativeDef},
    protocol, raise,
    text::shape,
    types::{Body, T, TypeDef, buffer, bytes, str as string},
    value::Value,
};

const BUF: usize = 2;
const LEN: usize = 3;
/// Unbound means 0.
const START: usize = 4;
const WORDS: u16 = 5;

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `bytearray`.
pub static BYTEARRAY: TypeDef = TypeDef {
    id: Some(T::bytearray),
    name: "bytearray",
    body: Body::Words(Kind::ByteArray, WORDS),
    subclassable: true,
    methods: METHODS,
    more_methods: methods::SHARED,
    class_methods: &[row!(
        "fromhex",
        "(type, string, /)",
        fromhex,
        "Create a bytearray object from a string of hexadecimal numbers.\n\nSpaces between two numbers are accepted."
    )],
    static_methods: &[
        row!(
            "__new__",
            "(type, /, *args, **kwargs)",
            new_,
            "Create and return a new object.  See help(type) for accurate signature."
        ),
        row!(
            "maketrans",
            "(frm, to, /)",
            methods::maketrans,
            "Return a translation table usable for the bytes or bytearray translate method."
        ),
    ],
    doc: "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\nbytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\nbytearray(int) -> bytes array of size given by the parameter initialized with null bytes\nbytearray() -> empty bytes array\n\nConstruct a mutable bytearray object from:\n  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified encoding\n  - a bytes or a buffer object\n  - any object implementing the buffer API.\n  - an integer",
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = &[
    row!(
        "__init__",
        "(self, /, source=<unset>, encoding=<unset>, errors=<unset>)",
        init,
        "Initialize self.  See help(type(self)) for accurate signature."
    ),
    row!("__add__", "(self, value, /)", add, "Return self+value."),
    row!(
        "__alloc__",
        "(self, /)",
        alloc,
        "B.__alloc__() -> int\n\nReturn the number of bytes actually allocated."
    ),
    row!(
        "__buffer__",
        "(self, flags, /)",
        |cx, args| super::memoryview::over(cx, args.this()),
        "Return a buffer object that exposes the underlying memory of the object."
    ),
    row!("__delitem__", "(self, key, /)", delitem, "Delete self[key]."),
    row!("__getitem__", "(self, key, /)", getitem, "Return self[key]."),
    row!("__iadd__", "(self, value, /)", iadd, "Implement self+=value."),
    row!("__imul__", "(self, value, /)", imul, "Implement self*=value."),
    row!("__mul__", "(self, value, /)", mul, "Return self*value."),
    row!("__rmul__", "(self, value, /)", mul, "Return value*self."),
    row!("__reduce__", "(self, /)", reduce, "Return state information for pickling."),
    row!(
        "__reduce_ex__",
        "(self, proto=0, /)",
        reduce_ex,
        "Return state information for pickling."
    ),
    row!("__setitem__", "(self, key, value, /)", setitem, "Set self[key] to value."),
    row!(
        "__sizeof__",
        "(self, /)",
        sizeof,
        "Returns the size of the bytearray object in memory, in bytes."
    ),
    row!(
        "append",
        "(self, item, /)",
        append,
        "Append a single item to the end of the bytearray.\n\n  item\n    The item to be appended."
    ),
    row!("clear", "(self, /)", clear, "Remove all items from the bytearray."),
    row!("copy", "(self, /)", copy, "Return a copy of B."),
    row!(
        "extend",
        "(self, iterable_of_ints, /)",
        extend,
        "Append all the items from the iterator or sequence to the bytearray.\n\n  iterable_of_ints\n    The iterable of items to append."
    ),
    row!(
        "insert",
        "(self, index, item, /)",
        insert,
        "Insert a single item into the bytearray before the given index."
    ),
    row!(
        "pop",
        "(self, index=-1, /)",
        pop,
        "Remove and return a single item from B.\n\n  index\n    The index from where to remove the item.\n    -1 (the default value) means remove the last item.\n\nIf no index argument is given, will pop the last item."
    ),
    row!(
        "remove",
        "(self, value, /)",
        remove,
        "Remove the first occurrence of a value in the bytearray."
    ),
    row!(
        "resize",
        "(self, size, /)",
        resize,
        "Resize the internal buffer of bytearray to len.\n\n  size\n    New size to resize to.."
    ),
    row!("reverse", "(self, /)", reverse, "Reverse the order of the values in B in place."),
];

/// A `bytearray` of these bytes.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, data: &[u8]) -> Completion<Value> {
    let o = cx.new_object(T::bytearray)?;
    let buf = raw_of(cx, data, data.len())?;
    o.init(BUF, buf.into());
    o.init(LEN, Value::small(data.len() as i64));
    Ok(o.into())
}

fn raw_of(cx: &mut Cx, data: &[u8], capacity: usize) -> Completion<Obj> {
    let buf = cx.new_raw(capacity.max(data.len()))?;
    buf.init_bytes(2)[..data.len()].copy_from_slice(data);
    Ok(buf)
}

/// Where the bytes lie. In a bracket or claimed.
#[derive(Clone, Copy)]
struct Place {
    buf: Option<Obj>,
    start: usize,
    len: usize,
}

impl Place {
    #[inline(always)]
    fn of(o: Obj) -> Self {
        let number = |slot| o.raw(slot).small_int().unwrap_or(0).max(0) as usize;
        Self { buf: o.raw(BUF).obj(), start: number(START), len: number(LEN) }
    }

    /// The buffer, if `len` bytes have room in it.
    fn with_room_for(self, len: usize) -> Option<Obj> {
        self.buf.filter(|buf| self.start + len <= buf.len())
    }

    /// Copies at most `n` bytes from offset `from`.
    fn copy_out(self, from: usize, n: usize) -> Vec<u8> {
        let Some(buf) = self.buf else { return Vec::new() };
        let from = from.min(self.len);
        let n = n.min(self.len - from);
        let end = (self.start + from + n).min(buf.len());
        let from = (self.start + from).min(end);
        let mut out = Vec::with_capacity(end - from + 16);
        for w in from / 8..end.div_ceil(8) {
            // Relaxed: the bracket around the copy orders it.
            out.extend_from_slice(&buf.word(2 + w).load(Ordering::Relaxed).to_ne_bytes());
        }
        out.drain(..from % 8);
        out.truncate(end - from);
        out
    }
}

/// Number of bytes.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn len(cx: &mut Cx, o: Obj) -> Completion<usize> {
    let v = cx.read(o, LEN)?;
    Ok(v.small_int().unwrap_or(0).max(0) as usize)
}

/// A copy of the bytes.
///
/// # Errors
/// The attempt's abort.
pub fn contents(cx: &mut Cx, o: Obj) -> Completion<Cow<'static, [u8]>> {
    Ok(Cow::Owned(part(cx, o, 0, usize::MAX)?))
}

/// A copy of at most `n` bytes from offset `from`.
///
/// # Errors
/// The attempt's abort.
pub fn part(cx: &mut Cx, o: Obj, from: usize, n: usize) -> Completion<Vec<u8>> {
    cx.bracket(o, || Place::of(o).copy_out(from, n))
}

/// Byte `i`, or `None` beyond the end.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn byte_at(cx: &mut Cx, o: Obj, i: usize) -> Completion<Option<u8>> {
    cx.bracket(o, || {
        let place = Place::of(o);
        let buf = place.with_room_for(i + 1).filter(|_| i < place.len)?;
        let i = place.start + i;
        Some(buf.word(2 + i / 8).load(Ordering::Relaxed).to_ne_bytes()[i % 8])
    })
}

/// Overwrites bytes of the buffer of the claimed bytearray, from offset `at` of the buffer.
fn put(cx: &mut Cx, o: Obj, buf: Obj, at: usize, data: &[u8]) {
    let mut i = 0;
    while i < data.len() {
        let (w, first) = ((at + i) / 8, (at + i) % 8);
        let n = (8 - first).min(data.len() - i);
        let word = buf.word(2 + w);
        let mut bytes = word.load(Ordering::Relaxed).to_ne_bytes();
        bytes[first..first + n].copy_from_slice(&data[i..i + n]);
        cx.write_word(o, word, u64::from_ne_bytes(bytes));
        i += n;
    }
}

/// Overwrites bytes in place; ignored beyond the end.
///
/// # Errors
/// The attempt's abort.
pub fn write_at(cx: &mut Cx, o: Obj, at: usize, data: &[u8]) -> Completion<()> {
    cx.claim(o)?;
    let place = Place::of(o);
    let fits = place.len.saturating_sub(at).min(data.len());
    if let Some(buf) = place.with_room_for(at + fits) {
        put(cx, o, buf, place.start + at, &data[..fits]);
    }
    Ok(())
}

/// Appends bytes.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn push_bytes(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<()> {
    cx.claim(o)?;
    let place = Place::of(o);
    let total = place.len + data.len();
    let Some(buf) = place.with_room_for(total) else {
        let mut all = place.copy_out(0, place.len);
        all.extend_from_slice(data);
        return refill(cx, o, &all, total + total / 8 + 16);
    };
    put(cx, o, buf, place.start + place.len, data);
    cx.write(o, LEN, Value::small(total as i64));
    Ok(())
}

/// Replaces bytes `from..to` (within the length) by `data`.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn splice(cx: &mut Cx, o: Obj, from: usize, to: usize, data: &[u8]) -> Completion<()> {
    cx.claim(o)?;
    let place = Place::of(o);
    let n = place.len;
    let (from, to) = (from.min(n), to.clamp(from.min(n), n));
    if from == n {
        return push_bytes(cx, o, data);
    }
    if to - from == data.len() {
        return write_at(cx, o, from, data);
    }
    let len = n - (to - from) + data.len();
    // A buffer that is hardly used any more is given back.
    if let Some(buf) = place.with_room_for(len).filter(|buf| len >= buf.len() / 2) {
        if from == 0 && data.len() < to {
            let start = place.start + to - data.len();
            put(cx, o, buf, start, data);
            cx.write(o, START, Value::small(start as i64));
            cx.write(o, LEN, Value::small(len as i64));
            return Ok(());
        }
        // Without transactions no word needs to be kept.
        if cx.is_solo() {
            let tail = place.copy_out(to, n - to);
            put(cx, o, buf, place.start + from, data);
            put(cx, o, buf, place.start + from + data.len(), &tail);
            cx.write(o, LEN, Value::small(len as i64));
            return Ok(());
        }
    }
    let mut all = place.copy_out(0, n);
    all.splice(from..to, data.iter().copied());
    set_contents(cx, o, &all)
}

/// Replaces everything.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn set_contents(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<()> {
    cx.claim(o)?;
    refill(cx, o, data, data.len())
}

/// Gives the claimed bytearray a new buffer of `capacity` bytes.
fn refill(cx: &mut Cx, o: Obj, data: &[u8], capacity: usize) -> Completion<()> {
    let buf = raw_of(cx, data, capacity)?;
    cx.write(o, BUF, buf.into());
    cx.write(o, START, Value::small(0));
    cx.write(o, LEN, Value::small(data.len() as i64));
    Ok(())
}

fn new_(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj().filter(|c| c.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "bytearray.__new__(X): X is not a type object");
    };
    let o = cx.new_instance(class)?;
    o.init(LEN, Value::small(0));
    Ok(o.into())
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = from_arguments(cx, args, "bytearray")?;
    set_contents(cx, args.this_obj(), &data)?;
    Ok(Value::NONE)
}

fn fromhex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = parse_hex(cx, args.get(1))?;
    let b = new(cx, &data)?;
    if args.get(0).obj() == Some(cx.class(T::bytearray)) {
        Ok(b)
    } else {
        protocol::call(cx, args.get(0), &[b])
    }
}

fn operand(cx: &mut Cx, v: Value) -> Completion<Option<Cow<'static, [u8]>>> {
    if let Some(b) = buffer::bytes_like(cx, v)? {
        return Ok(Some(b));
    }
    if defers_to(cx, v, Special::RAdd) {
        return Ok(None);
    }
    let name = cx.type_name(v);
    raise!(cx, TypeError, "can't concat {name} to bytearray")
}

fn add(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(b) = operand(cx, args.get(1))? else { return Ok(Value::NOT_IMPLEMENTED) };
    let mut all = contents(cx, args.this_obj())?.into_owned();
    all.extend_from_slice(&b);
    new(cx, &all)
}

fn iadd(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(b) = operand(cx, args.get(1))? else { return Ok(Value::NOT_IMPLEMENTED) };
    push_bytes(cx, args.this_obj(), &b)?;
    Ok(args.this())
}

fn repeated(cx: &mut Cx, args: Args<'_>) -> Completion<Option<Vec<u8>>> {
    let Some(n) = repeat_count(cx, args.get(1))? else { return Ok(None) };
    let unit = contents(cx, args.this_obj())?;
    let size = check_size(cx, unit.len().checked_mul(n))?;
    let mut out = vec![0; size];
    fill_repeated(&mut out, &unit);
    Ok(Some(out))
}

fn mul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match repeated(cx, args)? {
        Some(out) => new(cx, &out),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn imul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(out) = repeated(cx, args)? else { return Ok(Value::NOT_IMPLEMENTED) };
    set_contents(cx, args.this_obj(), &out)?;
    Ok(args.this())
}

const INDICES: &str = "bytearray indices must be integers or slices";

fn out_of_range<R>(cx: &mut Cx) -> Completion<R> {
    raise!(cx, IndexError, "bytearray index out of range")
}

fn getitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

fn setitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

fn delitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

fn append(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let b = byte(cx, args.get(1), "byte")?;
    push_bytes(cx, args.this_obj(), &[b])?;
    Ok(Value::NONE)
}

fn extend(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(1);
    if string::exact(v).is_some() {
        return raise!(cx, TypeError, "expected iterable of integers; got: 'str'");
    }
    let iterable = buffer::is_bytes_like(cx, v)
        || protocol::find_special(cx, v, Special::Iter).is_some()
        || protocol::find_special(cx, v, Special::GetItem).is_some();
    if !iterable {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "can't extend bytearray with {name}");
    }
    let data = bytes_or_ints(cx, v)?;
    push_bytes(cx, args.this_obj(), &data)?;
    Ok(Value::NONE)
}

fn insert(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let i = protocol::index_i64(cx, args.get(1))?;
    let b = byte(cx, args.get(2), "byte")?;
    let n = len(cx, o)? as i64;
    let at = if i < 0 { (i + n).max(0) } else { i.min(n) } as usize;
    splice(cx, o, at, at, &[b])?;
    Ok(Value::NONE)
}

fn pop(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let i = protocol::index_i64(cx, args.get(1))?;
    let n = len(cx, o)?;
    if n == 0 {
        return raise!(cx, IndexError, "pop from empty bytearray");
    }
    let Some(at) = super::text_args::item_index(i, n) else {
        return raise!(cx, IndexError, "pop index out of range");
    };
    let b = byte_at(cx, o, at)?.unwrap_or(0);
    if at + 1 == n {
        cx.set(o, LEN, Value::small(n as i64 - 1))?;
    } else {
        splice(cx, o, at, at + 1, b"")?;
    }
    Ok(Value::small(b.into()))
}

fn remove(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let b = byte(cx, args.get(1), "byte")?;
    match memchr::memchr(b, &contents(cx, o)?) {
        Some(i) => {
            splice(cx, o, i, i + 1, b"")?;
            Ok(Value::NONE)
        }
        None => raise!(cx, ValueError, "value not found in bytearray"),
    }
}

fn reverse(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut data = contents(cx, args.this_obj())?.into_owned();
    data.reverse();
    set_contents(cx, args.this_obj(), &data)?;
    Ok(Value::NONE)
}

fn clear(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    set_contents(cx, args.this_obj(), b"")?;
    Ok(Value::NONE)
}

fn copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = contents(cx, args.this_obj())?;
    new(cx, &data)
}

fn resize(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = protocol::index_i64(cx, args.get(1))?;
    let Ok(n) = usize::try_from(n) else {
        return raise!(cx, ValueError, "bytearray.resize(): new size must be >= 0, got {n}");
    };
    let n = check_size(cx, Some(n))?;
    let mut data = contents(cx, args.this_obj())?.into_owned();
    data.resize(n, 0);
    set_contents(cx, args.this_obj(), &data)?;
    Ok(Value::NONE)
}

fn alloc(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = len(cx, args.this_obj())?;
    Ok(Value::small(if n == 0 { 0 } else { n as i64 + 1 }))
}

fn sizeof(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = len(cx, args.this_obj())?;
    Ok(Value::small(56 + n as i64 + 1))
}

fn state(cx: &mut Cx, args: Args<'_>, old: bool) -> Completion<Value> {
    let o = args.this_obj();
    let data = contents(cx, o)?;
    let dict = match protocol::attr::materialize_dict(cx, o)? {
        Some(d) => d.into(),
        None => Value::NONE,
    };
    let inner = if old {
        let text = crate::text::codecs::single::decode_latin1(&data);
        let (text, name) = (super::text_args::new_text(cx, &text)?, cx.new_str("latin-1")?);
        cx.new_tuple(&[text, name])?
    } else {
        let b = bytes::new(cx, &data)?;
        cx.new_tuple(&[b])?
    };
    let class = cx.class_of(args.this());
    cx.new_tuple(&[class.into(), inner, dict])
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    state(cx, args, true)
}

fn reduce_ex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let proto = protocol::index_i64(cx, args.get(1))?;
    state(cx, args, proto < 3)
}
