//! `array`: sequences of machine numbers. The items lie in a private `bytearray`, which brings
//! barriers, growth and the buffer protocol.
//!
//! Conflicts: those of the bytearray: any two operations of which one writes.

mod items;
mod methods;
mod reconstruct;

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, T, TypeDef, Value,
    protocol::{self, RootVec},
    raise,
    text::cp,
    types::{buffer, bytearray, list, number::class_argument, str as string, support},
};

use self::items::{ItemType, Store, TYPES, type_number};
use super::{ModuleDef, rows::row, set};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "array",
    doc: "This module defines an object type which can efficiently represent\nan array of basic values: characters, integers, floating-point\nnumbers.  Arrays are sequence types and behave very much like lists,\nexcept that the type of objects stored in them is constrained.\n",
    functions: &[reconstruct::FUNCTION],
    types: &[&ARRAY],
    exec: |cx, module| {
        let class = cx.type_for(&ARRAY)?;
        set(cx, module, "ArrayType", class.into())?;
        let codes: String = TYPES.iter().map(|t| t.code).collect();
        let codes = cx.new_str(&codes)?;
        set(cx, module, "typecodes", codes)?;
        let abc = cx.world.import_module(cx, "_collections_abc")?;
        let (base, register) = (cx.intern("MutableSequence")?, cx.intern("register")?);
        let base = protocol::get_attr(cx, abc, base)?;
        protocol::call_method(cx, base, register, &[class.into()]).map(drop)
    },
};

/// The `bytearray` with the items.
const BYTES: usize = 2;
/// Number of the item type.
const TYPE: usize = 3;

pub(super) static ARRAY: TypeDef = TypeDef {
    name: "array",
    module: "array",
    body: Body::Words(Kind::Record, 4),
    subclassable: true,
    static_methods: &[row!(
        "__new__",
        "(type, /, *args, **kwargs)",
        new,
        "Create and return a new object.  See help(type) for accurate signature."
    )],
    class_methods: &[row!(
        "__class_getitem__",
        "(type, object, /)",
        support::class_getitem,
        "See PEP 585"
    )],
    methods: methods::METHODS,
    getset: methods::GETSET,
    flags: taipan_objects::class::flag::SEQUENCE,
    doc: "array(typecode [, initializer]) -> array\n\nReturn a new array whose items are restricted by typecode, and\ninitialized from the optional initializer value, which must be a list,\nstring or iterable over elements of the appropriate type.",
    ..TypeDef::BASE
};

static ITERATOR: TypeDef = TypeDef {
    name: "arrayiterator",
    module: "array",
    body: Body::Words(Kind::Record, 4),
    methods: &[
        row!("__iter__", "(self, /)", support::itself, "Implement iter(self)."),
        row!("__next__", "(self, /)", iter_next, "Implement next(self)."),
        row!("__reduce__", "(self, /)", iter_reduce, "Return state information for pickling."),
        row!(
            "__setstate__",
            "(self, state, /)",
            iter_set_state,
            "Set state information for unpickling."
        ),
    ],
    ..TypeDef::BASE
};

/// What an array is made of.
#[derive(Clone, Copy, Debug)]
struct Array {
    bytes: Obj,
    kind: usize,
}

impl Array {
    /// The parts of an array object; both are fixed for its life.
    fn of(o: Obj) -> Option<Self> {
        let kind = usize::try_from(o.raw(TYPE).small_int()?).ok()?;
        Some(Self { bytes: o.raw(BYTES).obj()?, kind })
    }

    fn this(cx: &mut Cx, args: Args<'_>) -> Completion<Self> {
        match Self::of(args.this_obj()) {
            Some(array) => Ok(array),
            None => raise!(cx, SystemError, "array without storage"),
        }
    }

    /// `v` if it is an array.
    fn from_value(cx: &mut Cx, v: Value) -> Completion<Option<Self>> {
        let class = cx.type_for(&ARRAY)?;
        let found = v.obj().filter(|o| taipan_objects::class::is_subclass(o.class(), class));
        Ok(found.and_then(Self::of))
    }

    fn item_type(self) -> &'static ItemType {
        TYPES.get(self.kind).unwrap_or(&TYPES[0])
    }

    fn size(self) -> usize {
        self.item_type().size
    }

    fn len(self, cx: &mut Cx) -> Completion<usize> {
        Ok(bytearray::len(cx, self.bytes)? / self.size())
    }

    /// Item `i`, or `None` beyond the end.
    fn get(self, cx: &mut Cx, i: usize) -> Completion<Option<Value>> {
        let size = self.size();
        let bytes = bytearray::part(cx, self.bytes, i.saturating_mul(size), size)?;
        match bytes.len() == size {
            true => self.item_type().unpack(cx, &bytes).map(Some),
            false => Ok(None),
        }
    }

    fn set(self, cx: &mut Cx, i: usize, v: Value) -> Completion<()> {
        let item = self.item_type().pack(cx, v)?;
        bytearray::write_at(cx, self.bytes, i * self.size(), &item[..self.size()])
    }

    fn push(self, cx: &mut Cx, v: Value) -> Completion<()> {
        let item = self.item_type().pack(cx, v)?;
        bytearray::push_bytes(cx, self.bytes, &item[..self.size()])
    }

    fn contents(self, cx: &mut Cx) -> Completion<Vec<u8>> {
        Ok(bytearray::contents(cx, self.bytes)?.into_owned())
    }

    /// All items as values.
    fn values(self, cx: &mut Cx) -> Completion<RootVec> {
        let bytes = self.contents(cx)?;
        let mut all = RootVec::new();
        for chunk in bytes.chunks_exact(self.size()) {
            let v = self.item_type().unpack(cx, chunk)?;
            all.push(cx, v)?;
        }
        Ok(all)
    }
}

/// An array of class `class`.
fn make(cx: &mut Cx, class: Obj, kind: usize, bytes: &[u8]) -> Completion<Obj> {
    let storage = bytearray::new(cx, bytes)?;
    let o = cx.new_instance(class)?;
    o.init(BYTES, storage);
    o.init(TYPE, Value::small(kind as i64));
    Ok(o)
}

/// An array of exactly this class, like `like`.
fn make_like(cx: &mut Cx, like: Array, bytes: &[u8]) -> Completion<Value> {
    let class = cx.type_for(&ARRAY)?;
    make(cx, class, like.kind, bytes).map(Value::from)
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let base = cx.type_for(&ARRAY)?;
    let class = class_argument(cx, args.get(0), base)?;
    let keywords = match args.get(2).obj() {
        Some(d) => taipan_objects::types::dict::len(cx, d)? > 0,
        None => false,
    };
    if keywords && class == base {
        return raise!(cx, TypeError, "array.array() takes no keyword arguments");
    }
    let (code, initial) = match *args.rest(1) {
        [] => return raise!(cx, TypeError, "array() takes at least 1 argument (0 given)"),
        [code] => (code, None),
        [code, initial] => (code, Some(initial)),
        ref all => {
            let n = all.len();
            return raise!(cx, TypeError, "array() takes at most 2 arguments ({n} given)");
        }
    };
    let kind = kind_of(cx, code)?;
    let o = make(cx, class, kind, &[])?;
    if let (Some(array), Some(initial)) = (Array::of(o), initial) {
        fill(cx, array, initial)?;
    }
    Ok(o.into())
}

fn kind_of(cx: &mut Cx, code: Value) -> Completion<usize> {
    let Some(s) = string::exact(code).filter(|s| string::n_chars(*s) == 1) else {
        let name = cx.type_name(code);
        return raise!(cx, TypeError, "array() argument 1 must be a unicode character, not {name}");
    };
    let c = char::from_u32(cp::decode(string::bytes_of(s), 0).0).unwrap_or('\0');
    match type_number(c) {
        Some(kind) => Ok(kind),
        None => {
            raise!(cx, ValueError, "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)")
        }
    }
}

fn fill(cx: &mut Cx, array: Array, initial: Value) -> Completion<()> {
    let code = array.item_type().code;
    let is_char = array.item_type().store == Store::Char;
    if let Some(s) = string::exact(initial) {
        if !is_char {
            return raise!(
                cx,
                TypeError,
                "cannot use a str to initialize an array with typecode '{code}'"
            );
        }
        return push_text(cx, array, s);
    }
    if let Some(other) = Array::from_value(cx, initial)? {
        let other_char = other.item_type().store == Store::Char;
        if other_char && !is_char {
            let other = other.item_type().code;
            return raise!(
                cx,
                TypeError,
                "cannot use a unicode array to initialize an array with typecode '{code}' ({other})"
            );
        }
        if other.kind == array.kind {
            let bytes = other.contents(cx)?;
            return bytearray::push_bytes(cx, array.bytes, &bytes);
        }
    } else if cx.is_a(initial, T::bytes) || cx.is_a(initial, T::bytearray) {
        return push_buffer(cx, array, initial);
    }
    protocol::for_each(cx, initial, |cx, v| array.push(cx, v))
}

fn push_text(cx: &mut Cx, array: Array, s: Obj) -> Completion<()> {
    let bytes: Vec<u8> = cp::iter(string::bytes_of(s)).flat_map(u32::to_ne_bytes).collect();
    bytearray::push_bytes(cx, array.bytes, &bytes)
}

fn push_buffer(cx: &mut Cx, array: Array, v: Value) -> Completion<()> {
    let bytes = buffer::expect_bytes(cx, v)?;
    if bytes.len() % array.size() != 0 {
        return raise!(cx, ValueError, "bytes length not a multiple of item size");
    }
    bytearray::push_bytes(cx, array.bytes, &bytes)
}

const ITER_ARRAY: usize = 2;
const ITER_INDEX: usize = 3;

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = cx.type_for(&ITERATOR)?;
    let it = cx.new_instance(class)?;
    it.init(ITER_ARRAY, args.this());
    it.init(ITER_INDEX, Value::small(0));
    Ok(it.into())
}

fn iter_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let (array, i) = cx.bracket(it, || (it.raw(ITER_ARRAY), it.raw(ITER_INDEX)))?;
    let Some(array) = array.obj().and_then(Array::of) else { return Ok(Value::UNBOUND) };
    let i = i.small_int().unwrap_or(0);
    match array.get(cx, usize::try_from(i).unwrap_or(usize::MAX))? {
        Some(v) => {
            cx.set(it, ITER_INDEX, Value::small(i + 1))?;
            Ok(v)
        }
        None => {
            cx.set(it, ITER_ARRAY, Value::UNBOUND)?;
            Ok(Value::UNBOUND)
        }
    }
}

fn iter_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let (array, i) = cx.bracket(it, || (it.raw(ITER_ARRAY), it.raw(ITER_INDEX)))?;
    let iter = support::builtin(cx, "iter")?;
    if array.is_unbound() {
        let empty = cx.world.empty_tuple();
        let parts = cx.new_tuple(&[empty])?;
        return cx.new_tuple(&[iter, parts]);
    }
    let parts = cx.new_tuple(&[array])?;
    cx.new_tuple(&[iter, parts, i])
}

fn iter_set_state(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let i = protocol::index_i64(cx, args.get(1))?;
    let array = cx.read(it, ITER_ARRAY)?;
    if let Some(array) = array.obj().and_then(Array::of) {
        let len = array.len(cx)? as i64;
        cx.set(it, ITER_INDEX, Value::small(i.clamp(0, len)))?;
    }
    Ok(Value::NONE)
}

/// The items as a list object.
fn to_list(cx: &mut Cx, array: Array) -> Completion<Value> {
    let values = array.values(cx)?;
    list::from_vec(cx, values).map(Value::from)
}
