//! The methods that `bytearray` has for itself: construction, operators, changes in place, pickling.

use std::borrow::Cow;

use super::{
    LEN, WORDS, byte_at, contents,
    items::{delitem, getitem, setitem},
    len, new, push_bytes, set_contents, splice,
};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    names::Special,
    native::{Args, NativeDef},
    protocol, raise, rows,
    text::codecs::single,
    types::{
        Body, T, TypeDef, buffer,
        bytes::{self, byte, from_arguments},
        bytes_methods::{SHARED, bytes_or_ints, maketrans, parse_hex},
        memoryview, str as string,
        str_ops::fill_repeated,
        text_args::{check_size, defers_to, item_index, new_text, repeat_count},
    },
    value::Value,
};

/// `bytearray`.
pub static BYTEARRAY: TypeDef = TypeDef {
    id: Some(T::bytearray),
    name: "bytearray",
    body: Body::Words(Kind::ByteArray, WORDS),
    subclassable: true,
    methods: METHODS,
    more_methods: SHARED,
    class_methods: rows! {
        "fromhex" "(type, string, /)" fromhex,
            "Create a bytearray object from a string of hexadecimal numbers.\n\nSpaces between two numbers are accepted.";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new_,
            "Create and return a new object.  See help(type) for accurate signature.";
        "maketrans" "(frm, to, /)" maketrans,
            "Return a translation table usable for the bytes or bytearray translate method.";
    },
    doc: "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\nbytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\nbytearray(int) -> bytes array of size given by the parameter initialized with null bytes\nbytearray() -> empty bytes array\n\nConstruct a mutable bytearray object from:\n  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified encoding\n  - a bytes or a buffer object\n  - any object implementing the buffer API.\n  - an integer",
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = rows! {
    "__init__" "(self, /, source=<unset>, encoding=<unset>, errors=<unset>)" init,
        "Initialize self.  See help(type(self)) for accurate signature.";
    "__add__" "(self, value, /)" add, "Return self+value.";
    "__alloc__" "(self, /)" alloc,
        "B.__alloc__() -> int\n\nReturn the number of bytes actually allocated.";
    "__buffer__" "(self, flags, /)" |cx, args| memoryview::over(cx, args.this()),
        "Return a buffer object that exposes the underlying memory of the object.";
    "__delitem__" "(self, key, /)" delitem, "Delete self[key].";
    "__getitem__" "(self, key, /)" getitem, "Return self[key].";
    "__iadd__" "(self, value, /)" iadd, "Implement self+=value.";
    "__imul__" "(self, value, /)" imul, "Implement self*=value.";
    "__mul__" "(self, value, /)" mul, "Return self*value.";
    "__rmul__" "(self, value, /)" mul, "Return value*self.";
    "__reduce__" "(self, /)" reduce, "Return state information for pickling.";
    "__reduce_ex__" "(self, proto=0, /)" reduce_ex, "Return state information for pickling.";
    "__setitem__" "(self, key, value, /)" setitem, "Set self[key] to value.";
    "__sizeof__" "(self, /)" sizeof,
        "Returns the size of the bytearray object in memory, in bytes.";
    "append" "(self, item, /)" append,
        "Append a single item to the end of the bytearray.\n\n  item\n    The item to be appended.";
    "clear" "(self, /)" clear, "Remove all items from the bytearray.";
    "copy" "(self, /)" copy, "Return a copy of B.";
    "extend" "(self, iterable_of_ints, /)" extend,
        "Append all the items from the iterator or sequence to the bytearray.\n\n  iterable_of_ints\n    The iterable of items to append.";
    "insert" "(self, index, item, /)" insert,
        "Insert a single item into the bytearray before the given index.";
    "pop" "(self, index=-1, /)" pop,
        "Remove and return a single item from B.\n\n  index\n    The index from where to remove the item.\n    -1 (the default value) means remove the last item.\n\nIf no index argument is given, will pop the last item.";
    "remove" "(self, value, /)" remove, "Remove the first occurrence of a value in the bytearray.";
    "resize" "(self, size, /)" resize,
        "Resize the internal buffer of bytearray to len.\n\n  size\n    New size to resize to..";
    "reverse" "(self, /)" reverse, "Reverse the order of the values in B in place.";
};

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
    let Some(at) = item_index(i, n) else {
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
        let text = single::decode_latin1(&data);
        let (text, name) = (new_text(cx, &text)?, cx.new_str("latin-1")?);
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
