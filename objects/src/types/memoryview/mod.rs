//! `memoryview`: a window on the bytes of a `bytes` or `bytearray`, with format, shape and stride.
//!
//! A view names its exporter, an offset, a number of items and a stride; it holds no address, so a bytearray may be
//! resized under it (bytes that went away cannot be read: `IndexError`). All but `RELEASED` and `HASH` is fixed when made.
//!
//! Conflicts: those of the exporter.

mod items;
mod shape;

use std::borrow::Cow;

use self::{
    items::{delitem, getitem, setitem, value_at},
    shape::{cast, strides, tolist},
};
use super::bytes_methods::hex_text;
use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    text::struct_fmt::{self, Layout},
    types::{Body, T, TypeDef, buffer, bytearray, bytes, str as string},
    value::Value,
};

const EXPORTER: usize = 2;
const START: usize = 3;
const LEN: usize = 4;
const ITEM: usize = 5;
const STRIDE: usize = 6;
const FORMAT: usize = 7;
const READONLY: usize = 8;
/// A tuple for views that are not one-dimensional; those are contiguous.
const SHAPE: usize = 9;
const RELEASED: usize = 10;
/// What `obj` shows.
const OWNER: usize = 11;
const HASH: usize = 12;
/// The view that a `__buffer__` method has given, to be handed back to `__release_buffer__`.
const LENT: usize = 13;
const WORDS: u16 = 14;

/// A view's fields.
#[derive(Clone, Copy)]
struct View {
    exporter: Obj,
    start: i64,
    len: usize,
    item: usize,
    stride: i64,
    format: Value,
    readonly: bool,
    shape: Option<Obj>,
    owner: Value,
}

impl View {
    fn letter(&self) -> &'static str {
        string::text(self.format).unwrap_or("B")
    }

    fn layout(&self, cx: &mut Cx) -> Completion<Layout> {
        match struct_fmt::parse(self.letter().as_bytes()) {
            Ok(layout) if layout.items.len() == 1 => Ok(layout),
            _ => {
                let format = self.letter();
                raise!(cx, NotImplementedError, "memoryview: format {format} not supported")
            }
        }
    }

    fn n_dims(&self) -> usize {
        self.shape.map_or(1, |s| s.len())
    }

    fn is_contiguous(&self) -> bool {
        self.stride == self.item as i64 || self.len <= 1
    }

    fn offset(&self, i: usize) -> usize {
        (self.start + self.stride * i as i64).max(0) as usize
    }

    fn item_bytes(&self, cx: &mut Cx, i: usize) -> Completion<Vec<u8>> {
        let at = self.offset(i);
        let data = match self.exporter.kind() {
            Kind::Bytes => {
                let all = self.exporter.raw_bytes();
                all.get(at..at + self.item).unwrap_or_default().to_vec()
            }
            _ => bytearray::part(cx, self.exporter, at, self.item)?,
        };
        if data.len() == self.item {
            Ok(data)
        } else {
            raise!(cx, IndexError, "index out of bounds on dimension 1")
        }
    }

    /// All items' bytes in order.
    fn gather(&self, cx: &mut Cx) -> Completion<Cow<'static, [u8]>> {
        let all = match self.exporter.kind() {
            Kind::Bytes => Cow::Borrowed(self.exporter.raw_bytes()),
            _ => bytearray::contents(cx, self.exporter)?,
        };
        let start = self.start.max(0) as usize;
        if self.is_contiguous() {
            let end = (start + self.len * self.item).min(all.len());
            let range = start.min(end)..end;
            return Ok(match all {
                Cow::Borrowed(b) => Cow::Borrowed(&b[range]),
                Cow::Owned(v) => Cow::Owned(v[range].to_vec()),
            });
        }
        let mut out = Vec::with_capacity(self.len * self.item);
        for i in 0..self.len {
            let at = self.offset(i);
            out.extend_from_slice(all.get(at..at + self.item).unwrap_or_default());
        }
        Ok(Cow::Owned(out))
    }
}

fn make(cx: &mut Cx, view: &View) -> Completion<Value> {
    let o = cx.new_object(T::memoryview)?;
    o.init(EXPORTER, view.exporter.into());
    o.init(START, Value::small(view.start));
    o.init(LEN, Value::small(view.len as i64));
    o.init(ITEM, Value::small(view.item as i64));
    o.init(STRIDE, Value::small(view.stride));
    o.init(FORMAT, view.format);
    o.init(READONLY, view.readonly.into());
    o.init(SHAPE, view.shape.map_or(Value::UNBOUND, Value::from));
    o.init(OWNER, view.owner);
    Ok(o.into())
}

fn view(cx: &mut Cx, v: Value) -> Completion<View> {
    let o = match v.obj().filter(|o| o.class() == cx.class(T::memoryview)) {
        Some(o) => o,
        None => return raise!(cx, TypeError, "memoryview expected"),
    };
    if cx.read(o, RELEASED)?.is_bound() {
        return raise!(cx, ValueError, "operation forbidden on released memoryview object");
    }
    let number = |slot: usize| o.raw(slot).small_int().unwrap_or(0);
    let Some(exporter) = o.raw(EXPORTER).obj() else {
        return raise!(cx, ValueError, "operation forbidden on released memoryview object");
    };
    Ok(View {
        exporter,
        start: number(START),
        len: number(LEN).max(0) as usize,
        item: number(ITEM).max(1) as usize,
        stride: number(STRIDE),
        format: o.raw(FORMAT),
        readonly: o.raw(READONLY) == Value::TRUE,
        shape: o.raw(SHAPE).obj(),
        owner: o.raw(OWNER),
    })
}

/// A view of all bytes of `v`: a `bytes`, `bytearray`, `memoryview`, or object with `__buffer__`.
///
/// # Errors
/// `TypeError` when `v` exports no buffer.
pub fn over(cx: &mut Cx, v: Value) -> Completion<Value> {
    if cx.class_of(v) == cx.class(T::memoryview) {
        let copy = view(cx, v)?;
        return make(cx, &copy);
    }
    let fixed = bytes::exact(v);
    let exporter = fixed.or_else(|| v.obj().filter(|o| o.kind() == Kind::ByteArray));
    let Some(exporter) = exporter else {
        if let Some(inner) = buffer::view_of(cx, v)? {
            let mut copy = view(cx, inner)?;
            let method = protocol::find_special(cx, v, Special::Buffer).and_then(Value::obj);
            // Builtin ones say themselves whose memory it is.
            if method.is_none_or(|f| f.kind() != Kind::Native) {
                copy.owner = v;
            }
            let made = make(cx, &copy)?;
            if let Some(o) = made.obj() {
                o.init(LENT, inner);
            }
            return Ok(made);
        }
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "memoryview: a bytes-like object is required, not '{name}'");
    };
    let len = match fixed {
        Some(b) => b.len(),
        None => bytearray::len(cx, exporter)?,
    };
    let format = cx.intern("B")?;
    let readonly = fixed.is_some();
    make(
        cx,
        &View {
            exporter,
            start: 0,
            len,
            item: 1,
            stride: 1,
            format,
            readonly,
            shape: None,
            owner: v,
        },
    )
}

/// A view of `n_items` items of `format` over the bytearray `exporter`, shown as the buffer of `owner`.
///
/// # Errors
/// `MemoryError`.
pub fn over_items(
    cx: &mut Cx,
    exporter: Obj,
    owner: Value,
    format: &str,
    item: usize,
    n_items: usize,
) -> Completion<Value> {
    let format = cx.intern(format)?;
    let stride = item as i64;
    let readonly = exporter.kind() == Kind::Bytes;
    make(
        cx,
        &View {
            exporter,
            start: 0,
            len: n_items,
            item,
            stride,
            format,
            readonly,
            shape: None,
            owner,
        },
    )
}

/// The exporter of a view, the offset of its first byte and its number of bytes, if it is contiguous and can be written:
/// for `readinto`.
///
/// # Errors
/// `ValueError` for a released view.
pub fn window(cx: &mut Cx, v: Value) -> Completion<Option<(Obj, usize, usize)>> {
    let m = view(cx, v)?;
    Ok((m.is_contiguous() && !m.readonly)
        .then(|| (m.exporter, m.start.max(0) as usize, m.len * m.item)))
}

/// The bytes of a view in C order.
///
/// # Errors
/// `ValueError` for a released view.
pub fn contents(cx: &mut Cx, v: Value) -> Completion<Cow<'static, [u8]>> {
    let m = view(cx, v)?;
    m.gather(cx)
}

fn new_(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    over(cx, args.get(1))
}

fn from_flags(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    over(cx, args.get(1))
}

fn len(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = view(cx, args.this())?;
    match m.shape {
        None => Ok(Value::small(m.len as i64)),
        Some(s) => match s.item(0) {
            Some(n) => Ok(n),
            None => raise!(cx, TypeError, "0-dim memory has no length"),
        },
    }
}

fn tobytes(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if let Some(order) = args.not_none(1)
        && !matches!(string::text(order), Some("C" | "F" | "A"))
    {
        return raise!(cx, ValueError, "order must be 'C', 'F' or 'A'");
    }
    let data = contents(cx, args.this())?;
    bytes::new(cx, &data)
}

fn hex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = contents(cx, args.this())?;
    let out = hex_text(cx, &data, args.opt(1), args.get(2))?;
    string::new_ascii(cx, &out)
}

fn toreadonly(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut m = view(cx, args.this())?;
    m.readonly = true;
    make(cx, &m)
}

fn release(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = args.this_obj();
    if cx.read(this, RELEASED)?.is_bound() {
        return Ok(Value::NONE);
    }
    cx.set(this, RELEASED, Value::TRUE)?;
    if let Some(lent) = this.raw(LENT).bound() {
        buffer::give_back(cx, this.raw(OWNER), lent)?;
    }
    Ok(Value::NONE)
}

fn enter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    view(cx, args.this())?;
    Ok(args.this())
}

fn is_released(cx: &mut Cx, v: Value) -> Completion<bool> {
    match v.obj().filter(|o| o.class() == cx.class(T::memoryview)) {
        Some(o) => Ok(cx.read(o, RELEASED)?.is_bound()),
        None => Ok(false),
    }
}

fn equal(cx: &mut Cx, args: Args<'_>) -> Completion<bool> {
    if args.get(0) == args.get(1) {
        return Ok(true);
    }
    if is_released(cx, args.get(0))? || is_released(cx, args.get(1))? {
        return Ok(false);
    }
    let a = view(cx, args.get(0))?;
    let other = over(cx, args.get(1))?;
    let b = view(cx, other)?;
    if a.len != b.len
        || a.n_dims() != b.n_dims()
        || a.shape.map(Obj::items) != b.shape.map(Obj::items)
    {
        return Ok(false);
    }
    let plain = |v: &View| v.letter().trim_start_matches('@').to_owned();
    if plain(&a) == plain(&b) && !matches!(plain(&a).as_str(), "f" | "d" | "e") {
        return Ok(a.gather(cx)? == b.gather(cx)?);
    }
    for i in 0..a.len {
        let (x, y) = (value_at(cx, &a, i)?, value_at(cx, &b, i)?);
        if !protocol::equal(cx, x, y)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn eq(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if !buffer::is_bytes_like(cx, args.get(1)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    equal(cx, args).map(Value::from)
}

fn ne(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if !buffer::is_bytes_like(cx, args.get(1)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok((!equal(cx, args)?).into())
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    // Once known, it is told after the release, too.
    if let Some(known) = cx.read(args.this_obj(), HASH)?.bound() {
        return Ok(known);
    }
    let m = view(cx, args.this())?;
    if !m.readonly {
        return raise!(cx, ValueError, "cannot hash writable memoryview object");
    }
    if !matches!(m.letter().trim_start_matches('@'), "B" | "b" | "c") {
        return raise!(
            cx,
            ValueError,
            "memoryview: hashing is restricted to formats 'B', 'b' or 'c'"
        );
    }
    let data = m.gather(cx)?;
    let h = string::hash_bytes(cx, &data);
    let h = cx.new_int(h)?;
    cx.set(args.this_obj(), HASH, h)?;
    Ok(h)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let released = cx.read(args.this_obj(), RELEASED)?.is_bound();
    let (word, at) = (if released { "released memory" } else { "memory" }, args.this().bits());
    cx.new_str(&format!("<{word} at {at:#x}>"))
}

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    view(cx, args.this())?;
    super::seq_iter::of_memory(cx, args.this())
}

fn count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = view(cx, args.this())?;
    let mut n = 0;
    for i in 0..m.len {
        let v = value_at(cx, &m, i)?;
        n += i64::from(protocol::identical_or_equal(cx, v, args.get(1))?);
    }
    Ok(Value::small(n))
}

fn index(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = view(cx, args.this())?;
    let bounds = super::text_args::range(cx, args.opt(2), args.opt(3), m.len)?;
    let (from, to) = bounds.unwrap_or((0, 0));
    for i in from..to {
        let v = value_at(cx, &m, i)?;
        if protocol::identical_or_equal(cx, v, args.get(1))? {
            return Ok(Value::small(i as i64));
        }
    }
    raise!(cx, ValueError, "memoryview.index(x): x not found")
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

macro_rules! field {
    ($name:literal, $doc:literal, |$cx:ident, $m:ident| $get:expr) => {
        GetSetDef {
            name: $name,
            get: |$cx, this| {
                let $m = view($cx, this)?;
                $get
            },
            set: None,
            doc: $doc,
        }
    };
}

/// `memoryview`.
pub static MEMORYVIEW: TypeDef = TypeDef {
    id: Some(T::memoryview),
    name: "memoryview",
    body: Body::Words(Kind::Record, WORDS),
    methods: &[
        row!(
            "__buffer__",
            "(self, flags, /)",
            |cx, args| over(cx, args.this()),
            "Return a buffer object that exposes the underlying memory of the object."
        ),
        row!("__delitem__", "(self, key, /)", delitem, "Delete self[key]."),
        row!("__enter__", "(self, /)", enter, ""),
        row!("__eq__", "(self, value, /)", eq, "Return self==value."),
        row!("__exit__", "(self, /, *args)", release, ""),
        row!("__getitem__", "(self, key, /)", getitem, "Return self[key]."),
        row!("__hash__", "(self, /)", hash, "Return hash(self)."),
        row!("__iter__", "(self, /)", iter, "Implement iter(self)."),
        row!("__len__", "(self, /)", len, "Return len(self)."),
        row!("__ne__", "(self, value, /)", ne, "Return self!=value."),
        row!("__repr__", "(self, /)", repr, "Return repr(self)."),
        row!("__setitem__", "(self, key, value, /)", setitem, "Set self[key] to value."),
        row!(
            "cast",
            "(self, format, shape=<unset>)",
            cast,
            "Cast a memoryview to a new format or shape."
        ),
        row!("count", "(self, value, /)", count, "Count the number of occurrences of a value."),
        row!(
            "hex",
            "(self, sep=<unset>, bytes_per_sep=1)",
            hex,
            "Return the data in the buffer as a str of hexadecimal numbers."
        ),
        row!(
            "index",
            "(self, value, start=0, stop=<unset>, /)",
            index,
            "Return the index of the first occurrence of a value.\n\nRaises ValueError if the value is not present."
        ),
        row!(
            "release",
            "(self, /)",
            release,
            "Release the underlying buffer exposed by the memoryview object."
        ),
        row!(
            "tobytes",
            "(self, order='C')",
            tobytes,
            "Return the data in the buffer as a byte string."
        ),
        row!("tolist", "(self, /)", tolist, "Return the data in the buffer as a list of elements."),
        row!("toreadonly", "(self, /)", toreadonly, "Return a readonly version of the memoryview."),
    ],
    class_methods: &[row!(
        "_from_flags",
        "(type, object, flags)",
        from_flags,
        "Create a new memoryview object which references the given object."
    )],
    static_methods: &[row!(
        "__new__",
        "(type, object)",
        new_,
        "Create and return a new object.  See help(type) for accurate signature."
    )],
    getset: &[
        field!("obj", "The underlying object of the memoryview.", |_cx, m| Ok(m.owner)),
        field!(
            "nbytes",
            "The amount of space in bytes that the array would use in a contiguous representation.",
            |_cx, m| Ok(Value::small((m.len * m.item) as i64))
        ),
        field!("readonly", "A bool indicating whether the memory is read only.", |_cx, m| Ok(m
            .readonly
            .into())),
        field!("itemsize", "The size in bytes of each element of the memoryview.", |_cx, m| Ok(
            Value::small(m.item as i64)
        )),
        field!(
            "format",
            "A string containing the format (in struct module style) for each element in the view.",
            |_cx, m| Ok(m.format)
        ),
        field!(
            "ndim",
            "An integer indicating how many dimensions of a multi-dimensional array the memory represents.",
            |_cx, m| Ok(Value::small(m.n_dims() as i64))
        ),
        field!(
            "shape",
            "A tuple of ndim integers giving the shape of the memory as an N-dimensional array.",
            |cx, m| match m.shape {
                Some(s) => Ok(s.into()),
                None => cx.new_tuple(&[Value::small(m.len as i64)]),
            }
        ),
        field!(
            "strides",
            "A tuple of ndim integers giving the size in bytes to access each element for each dimension of the array.",
            |cx, m| strides(cx, &m)
        ),
        field!(
            "suboffsets",
            "A tuple of integers used internally for PIL-style arrays.",
            |cx, _m| cx.new_tuple(&[])
        ),
        field!(
            "c_contiguous",
            "A bool indicating whether the memory is C contiguous.",
            |_cx, m| Ok(m.is_contiguous().into())
        ),
        field!(
            "f_contiguous",
            "A bool indicating whether the memory is Fortran contiguous.",
            |_cx, m| Ok((m.is_contiguous() && m.n_dims() <= 1).into())
        ),
        field!("contiguous", "A bool indicating whether the memory is contiguous.", |_cx, m| Ok(m
            .is_contiguous()
            .into())),
    ],
    doc: "Create a new memoryview object which references the given object.",
    flags: crate::class::flag::SEQUENCE,
    ..TypeDef::BASE
};
