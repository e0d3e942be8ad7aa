//! `bytes`: layout, construction, and what is its own (methods shared with `bytearray` are in `bytes_methods/`).
//!
//! Words: 1 length in bytes, data from 2. Immutable, no conflicts.

use super::{
    bytes_methods as methods, codec,
    str_ops::{fill_repeated, wrap},
    text_args::{check_size, defers_to, item_index, repeat_count, slice_indices},
};
use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::{Args, Effect, NativeDef},
    protocol, raise,
    text::shape,
    types::{Body, T, TypeDef, buffer, str as string},
    value::Value,
};

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// A `bytes` object.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, data: &[u8]) -> Completion<Value> {
    let o = new_uninit(cx, data.len())?;
    o.init_bytes(2).copy_from_slice(data);
    Ok(o.into())
}

/// A `bytes` object of `len` zero bytes, to be filled through `init_bytes(2)` before anyone else sees it.
///
/// # Errors
/// `MemoryError`.
pub fn new_uninit(cx: &mut Cx, len: usize) -> Completion<Obj> {
    let meta = class::root_shape(cx.class(T::bytes)).meta();
    let o = cx.alloc_sized(meta, len.div_ceil(8), 2)?;
    o.word(1).store(len as u64, std::sync::atomic::Ordering::Relaxed);
    Ok(o)
}

/// The `Kind::Bytes` object of a `bytes` or an instance of a subclass.
#[inline]
pub fn exact(v: Value) -> Option<Obj> {
    let o = v.obj()?;
    if o.kind() == Kind::Bytes { Some(o) } else { string::payload_of(o, Kind::Bytes) }
}

pub(super) fn this(args: Args<'_>) -> Obj {
    exact(args.this()).unwrap_or_else(|| args.this_obj())
}

/// `bytes`.
pub static BYTES: TypeDef = TypeDef {
    id: Some(T::bytes),
    name: "bytes",
    body: Body::Words(Kind::Bytes, 2),
    subclassable: true,
    methods: METHODS,
    more_methods: methods::SHARED,
    class_methods: &[row!(
        "fromhex",
        "(type, string, /)",
        fromhex,
        "Create a bytes object from a string of hexadecimal numbers.\n\nSpaces between two numbers are accepted.\nExample: bytes.fromhex('B9 01EF') -> b'\\\\xb9\\\\x01\\xef'."
    )],
    static_methods: &[
        row!(
            "__new__",
            "(type, source=<unset>, encoding=<unset>, errors=<unset>)",
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
    doc: "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\nbytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\nbytes(int) -> bytes object of size given by the parameter initialized with null bytes\nbytes() -> empty bytes object\n\nConstruct an immutable array of bytes from:\n  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified encoding\n  - any object implementing the buffer API.\n  - an integer",
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = &[
    row!("__add__", "(self, value, /)", add, "Return self+value."),
    row!("__bytes__", "(self, /)", dunder_bytes, "Convert this value to exact type bytes."),
    row!(
        "__buffer__",
        "(self, flags, /)",
        |cx, args| super::memoryview::over(cx, args.this()),
        "Return a buffer object that exposes the underlying memory of the object."
    ),
    row!("__getitem__", "(self, key, /)", getitem, "Return self[key]."),
    row!("__getnewargs__", "(self, /)", getnewargs, ""),
    row!("__hash__", "(self, /)", hash, "Return hash(self)."),
    row!("__mul__", "(self, value, /)", mul, "Return self*value."),
    row!("__rmul__", "(self, value, /)", mul, "Return value*self."),
];

/// What `bytes()` and `bytearray()` make of their arguments.
///
/// # Errors
/// `TypeError`, `ValueError`, and whatever conversions raise.
pub(super) fn from_arguments(cx: &mut Cx, args: Args<'_>, what: &str) -> Completion<Vec<u8>> {
    let source = args.opt(1);
    let (encoding, errors) = (args.opt(2), args.opt(3));
    for (v, name) in [(encoding, "encoding"), (errors, "errors")] {
        if let Some(v) = v
            && string::exact(v).is_none()
        {
            let got = cx.type_name(v);
            return raise!(cx, TypeError, "{what}() argument '{name}' must be str, not {got}");
        }
    }
    let source_bytes = match source {
        Some(v) if what == "bytes" && encoding.is_none() && errors.is_none() => own_bytes(cx, v)?,
        _ => None,
    };
    if let Some(b) = source_bytes {
        return Ok(b);
    }
    if let Some(text) = source.and_then(string::exact) {
        if encoding.is_none() {
            return raise!(cx, TypeError, "string argument without an encoding");
        }
        let b = codec::encode(cx, text, encoding, errors)?;
        return Ok(exact(b).map(|o| o.raw_bytes().to_vec()).unwrap_or_default());
    }
    if encoding.is_some() {
        return raise!(cx, TypeError, "encoding without a string argument");
    }
    if errors.is_some() {
        return raise!(cx, TypeError, "errors without a string argument");
    }
    match source {
        None => Ok(Vec::new()),
        Some(v) => from_object(cx, v, what),
    }
}

/// What `__bytes__` of `v` gives, where there is one. Plain `bytes` and text go without being asked.
fn own_bytes(cx: &mut Cx, v: Value) -> Completion<Option<Vec<u8>>> {
    let class = cx.class_of(v);
    if class == cx.class(T::bytes) || class == cx.class(T::str) {
        return Ok(None);
    }
    let Some(r) = protocol::call_special(cx, v, Special::Bytes, &[])? else { return Ok(None) };
    match exact(r) {
        Some(b) => Ok(Some(b.raw_bytes().to_vec())),
        None => {
            let name = cx.type_name(r);
            raise!(cx, TypeError, "__bytes__ returned non-bytes (type {name})")
        }
    }
}

fn from_object(cx: &mut Cx, v: Value, what: &str) -> Completion<Vec<u8>> {
    if let Some(b) = buffer::bytes_or_bytearray(cx, v)? {
        return Ok(b.into_owned());
    }
    if protocol::convert::is_index(cx, v) {
        let i = protocol::index_int(cx, v)?;
        return match protocol::convert::as_i64(i) {
            None => raise!(cx, OverflowError, "cannot fit 'int' into an index-sized integer"),
            Some(n) if n < 0 => raise!(cx, ValueError, "negative count"),
            Some(n) => {
                let n = check_size(cx, Some(n as usize))?;
                Ok(vec![0; n])
            }
        };
    }
    if let Some(b) = buffer::bytes_like(cx, v)? {
        return Ok(b.into_owned());
    }
    let iterable = protocol::find_special(cx, v, Special::Iter).is_some()
        || protocol::find_special(cx, v, Special::GetItem).is_some();
    if !iterable {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "cannot convert '{name}' object to {what}");
    }
    let range = if what == "bytes" { "bytes" } else { "byte" };
    from_iterable(cx, v, range)
}

/// The bytes that an iterable of ints yields.
pub(super) fn from_iterable(cx: &mut Cx, v: Value, subject: &str) -> Completion<Vec<u8>> {
    let mut out = Vec::new();
    protocol::for_each(cx, v, |cx, item| {
        out.push(byte(cx, item, subject)?);
        Ok(())
    })?;
    Ok(out)
}

/// An int in `range(256)`.
///
/// # Errors
/// `TypeError`; `ValueError`: "{subject} must be in range(0, 256)".
pub(crate) fn byte(cx: &mut Cx, v: Value, subject: &str) -> Completion<u8> {
    let i = match v.small_int() {
        Some(i) => Some(i),
        None => {
            let i = protocol::index_int(cx, v)?;
            i.small_int()
        }
    };
    match i.and_then(|i| u8::try_from(i).ok()) {
        Some(b) => Ok(b),
        None => raise!(cx, ValueError, "{subject} must be in range(0, 256)"),
    }
}

fn new_(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = args.get(0);
    // An exact `bytes` argument is its own copy.
    if class.obj() == Some(cx.class(T::bytes))
        && args.opt(2).is_none()
        && args.opt(3).is_none()
        && args.get(1).obj().is_some_and(|o| o.kind() == Kind::Bytes)
    {
        return Ok(args.get(1));
    }
    let data = from_arguments(cx, args, "bytes")?;
    let b = new(cx, &data)?;
    wrap(cx, class, b, T::bytes, "bytes")
}

fn fromhex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = methods::parse_hex(cx, args.get(1))?;
    let b = new(cx, &data)?;
    if args.get(0).obj() == Some(cx.class(T::bytes)) {
        Ok(b)
    } else {
        protocol::call(cx, args.get(0), &[b])
    }
}

fn add(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let a = this(args);
    let Some(b) = buffer::bytes_like(cx, args.get(1))? else {
        if defers_to(cx, args.get(1), Special::RAdd) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "can't concat {name} to bytes");
    };
    let out = new_uninit(cx, a.len() + b.len())?;
    let (head, tail) = out.init_bytes(2).split_at_mut(a.len());
    head.copy_from_slice(a.raw_bytes());
    tail.copy_from_slice(&b);
    Ok(out.into())
}

fn mul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(args);
    let Some(n) = repeat_count(cx, args.get(1))? else { return Ok(Value::NOT_IMPLEMENTED) };
    if n == 1 {
        return Ok(o.into());
    }
    if o.len().checked_mul(n).is_none_or(|size| size > isize::MAX as usize) {
        return raise!(cx, OverflowError, "repeated bytes are too long");
    }
    let size = check_size(cx, o.len().checked_mul(n))?;
    let out = new_uninit(cx, size)?;
    fill_repeated(out.init_bytes(2), o.raw_bytes());
    Ok(out.into())
}

fn getitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, key) = (this(args), args.get(1));
    let data = o.raw_bytes();
    if cx.class_of(key) == cx.class(T::slice) {
        let (start, step, len) = slice_indices(cx, key, data.len())?;
        if len == data.len() && step == 1 {
            return Ok(o.into());
        }
        if step == 1 {
            return new(cx, &data[start..start + len]);
        }
        return new(cx, &shape::bytes_stride(data, start, step, len));
    }
    match index(cx, key, data.len(), "byte indices must be integers or slices")? {
        Some(i) => Ok(Value::small(data[i].into())),
        None => raise!(cx, IndexError, "index out of range"),
    }
}

/// An index into a sequence of `len` bytes; `None` if out of range.
pub(super) fn index(
    cx: &mut Cx,
    key: Value,
    len: usize,
    complaint: &str,
) -> Completion<Option<usize>> {
    if let Some(i) = key.small_int() {
        return Ok(item_index(i, len));
    }
    if !protocol::convert::is_index(cx, key) {
        let name = cx.type_name(key);
        return raise!(cx, TypeError, "{complaint}, not {name}");
    }
    let i = protocol::index_int(cx, key)?;
    match protocol::convert::as_i64(i) {
        Some(i) => Ok(item_index(i, len)),
        None => raise!(cx, IndexError, "cannot fit 'int' into an index-sized integer"),
    }
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = this(args).raw_bytes();
    let h = string::hash_bytes(cx, data);
    cx.new_int(h)
}

fn dunder_bytes(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(this(args).into())
}

fn getnewargs(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let copy = new(cx, this(args).raw_bytes())?;
    cx.new_tuple(&[copy])
}
