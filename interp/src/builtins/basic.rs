//! Builtin functions about objects and numbers.

use taipan_objects::{
    Completion, Cx, Kind, Obj, Value, class,
    exc::raise_message,
    names::{N, Special},
    native::{Args, NativeDef},
    protocol::{self, BinaryOp, CompareOp},
    raise,
    types::{T, dict, exception, str as string},
};

use super::{machine, row};

fn attribute_name(cx: &mut Cx, v: Value) -> Completion<Value> {
    if string::wtf8(v).is_none() {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "attribute name must be string, not '{got}'");
    }
    string::interned(cx, v)
}

fn abs(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match protocol::call_special(cx, args.get(0), Special::Abs, &[])? {
        Some(v) => Ok(v),
        None => {
            let name = cx.type_name(args.get(0));
            raise!(cx, TypeError, "bad operand type for abs(): '{name}'")
        }
    }
}

fn all(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(0))?;
    while let Some(v) = protocol::next(cx, it)? {
        if !protocol::truth(cx, v)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn any(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(0))?;
    while let Some(v) = protocol::next(cx, it)? {
        if protocol::truth(cx, v)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn ascii(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let text = protocol::repr(cx, args.get(0))?;
    let Some(wtf8) = string::wtf8(text) else { return Ok(text) };
    let mut out = String::new();
    for c in wtf8.code_points() {
        match c.to_u32() {
            n if n < 0x80 => out.push(n as u8 as char),
            n if n < 0x100 => out.push_str(&format!("\\x{n:02x}")),
            n if n < 0x1_0000 => out.push_str(&format!("\\u{n:04x}")),
            n => out.push_str(&format!("\\U{n:08x}")),
        }
    }
    cx.new_str(&out)
}

fn in_base(cx: &mut Cx, v: Value, spec: &str) -> Completion<Value> {
    let int = protocol::index_int(cx, v)?;
    let spec = cx.new_str(spec)?;
    crate::vm::exec::build::format(cx, int, spec)
}

fn bin(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    in_base(cx, args.get(0), "#b")
}

fn oct(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    in_base(cx, args.get(0), "#o")
}

fn hex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    in_base(cx, args.get(0), "#x")
}

fn callable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(class::special(cx.class_of(args.get(0)), Special::Call).is_bound()))
}

fn chr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let i = protocol::index_big(cx, args.get(0))?;
    match u32::try_from(i).ok().and_then(rustpython_wtf8::CodePoint::from_u32) {
        Some(c) => {
            let mut text = rustpython_wtf8::Wtf8Buf::new();
            text.push(c);
            string::new_str_bytes(cx, text.as_bytes(), 1)
        }
        None => raise!(cx, ValueError, "chr() arg not in range(0x110000)"),
    }
}

fn ord(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(0);
    if let Some(text) = string::wtf8(v) {
        let mut points = text.code_points();
        if let (Some(c), None) = (points.next(), points.next()) {
            return Ok(Value::small(i64::from(c.to_u32())));
        }
        let n = text.code_points().count();
        return raise!(cx, TypeError, "ord() expected a character, but string of length {n} found");
    }
    if cx.is_a(v, T::bytes) || cx.is_a(v, T::bytearray) {
        let n = protocol::length(cx, v)?;
        if n == 1 {
            return protocol::get_item(cx, v, Value::small(0));
        }
        return raise!(cx, TypeError, "ord() expected a character, but string of length {n} found");
    }
    let got = cx.type_name(v);
    raise!(cx, TypeError, "ord() expected string of length 1, but {got} found")
}

fn delattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = attribute_name(cx, args.get(1))?;
    protocol::del_attr(cx, args.get(0), name)?;
    Ok(Value::NONE)
}

fn getattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = attribute_name(cx, args.get(1))?;
    match args.opt(2) {
        None => protocol::get_attr(cx, args.get(0), name),
        Some(default) => Ok(protocol::get_attr_opt(cx, args.get(0), name)?.unwrap_or(default)),
    }
}

fn hasattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = attribute_name(cx, args.get(1))?;
    Ok(Value::bool(protocol::get_attr_opt(cx, args.get(0), name)?.is_some()))
}

fn setattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = attribute_name(cx, args.get(1))?;
    protocol::set_attr(cx, args.get(0), name, args.get(2))?;
    Ok(Value::NONE)
}

fn divmod(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    protocol::binary(cx, BinaryOp::DivMod, args.get(0), args.get(1))
}

fn format(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let spec = args.opt(1).unwrap_or_else(|| cx.name(N::empty));
    if string::wtf8(spec).is_none() {
        let got = cx.type_name(spec);
        return raise!(cx, TypeError, "format() argument 2 must be str, not {got}");
    }
    crate::vm::exec::build::format(cx, args.get(0), spec)
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let h = protocol::hash(cx, args.get(0))?;
    cx.new_int(h)
}

/// `id(v)`.
pub fn id(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let bits = args.get(0).bits();
    cx.new_int((bits & 0x7FFF_FFFF_FFFF_FFFF) as i64)
}

fn isinstance(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(protocol::is_instance(cx, args.get(0), args.get(1))?))
}

fn issubclass(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(protocol::is_subclass_of(cx, args.get(0), args.get(1))?))
}

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args.opt(1) {
        None => protocol::iter(cx, args.get(0)),
        Some(sentinel) => {
            taipan_objects::types::builtin_iters::new_callable_iterator(cx, args.get(0), sentinel)
        }
    }
}

fn aiter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(0);
    match protocol::call_special(cx, v, Special::AIter, &[])? {
        Some(it) if class::special(cx.class_of(it), Special::ANext).is_bound() => Ok(it),
        Some(it) => {
            let name = cx.type_name(it);
            raise!(cx, TypeError, "aiter() returned not an async iterator of type '{name}'")
        }
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "'{name}' object is not an async iterable")
        }
    }
}

fn anext(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(0);
    let Some(step) = protocol::call_special(cx, v, Special::ANext, &[])? else {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "'{name}' object is not an async iterator");
    };
    match args.opt(1) {
        None => Ok(step),
        Some(default) => super::iterators::anext_awaitable(cx, step, default),
    }
}

fn len(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = protocol::length(cx, args.get(0))?;
    cx.new_int(n as i64)
}

fn extreme(cx: &mut Cx, args: Args<'_>, name: &str, op: CompareOp) -> Completion<Value> {
    let given = args.rest(0);
    let (key, default) = (args.not_none(1), args.opt(2));
    let items = match given {
        [] => return raise!(cx, TypeError, "{name} expected at least 1 argument, got 0"),
        [one] => protocol::iter(cx, *one)?,
        many => {
            if default.is_some() {
                return raise!(
                    cx,
                    TypeError,
                    "Cannot specify a default for {name}() with multiple positional arguments"
                );
            }
            let tuple = cx.new_tuple(many)?;
            protocol::iter(cx, tuple)?
        }
    };
    let mut best: Option<(Value, Value)> = None;
    while let Some(item) = protocol::next(cx, items)? {
        let k = match key {
            Some(key) => protocol::call(cx, key, &[item])?,
            None => item,
        };
        let better = match best {
            None => true,
            Some((_, least)) => {
                let v = protocol::compare(cx, op, k, least)?;
                protocol::truth(cx, v)?
            }
        };
        if better {
            best = Some((item, k));
        }
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(default),
        (None, None) => raise!(cx, ValueError, "{name}() iterable argument is empty"),
    }
}

fn max(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    extreme(cx, args, "max", CompareOp::Gt)
}

fn min(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    extreme(cx, args, "min", CompareOp::Lt)
}

/// `next(iterator[, default])`.
pub fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.get(0);
    let f = class::special(cx.class_of(it), Special::Next);
    if f.is_unbound() {
        let name = cx.type_name(it);
        return raise!(cx, TypeError, "'{name}' object is not an iterator");
    }
    if let Some(default) = args.opt(1) {
        return Ok(protocol::next(cx, it)?.unwrap_or(default));
    }
    match protocol::call::call_unbound(cx, f, it, &[], &[])? {
        v if v.is_unbound() => Err(exception::stop_iteration(cx, Value::NONE)),
        v => Ok(v),
    }
}

fn pow(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (base, exp) = (args.get(0), args.get(1));
    let Some(modulus) = args.not_none(2) else {
        return protocol::binary(cx, BinaryOp::Pow, base, exp);
    };
    match protocol::call_special(cx, base, Special::Pow, &[exp, modulus])? {
        Some(v) if v != Value::NOT_IMPLEMENTED => return Ok(v),
        _ => {}
    }
    match protocol::call_special(cx, exp, Special::RPow, &[base, modulus])? {
        Some(v) if v != Value::NOT_IMPLEMENTED => Ok(v),
        _ => {
            let (a, b, c) = (cx.type_name(base), cx.type_name(exp), cx.type_name(modulus));
            raise!(
                cx,
                TypeError,
                "unsupported operand type(s) for ** or pow(): '{a}', '{b}', '{c}'"
            )
        }
    }
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    protocol::repr(cx, args.get(0))
}

fn round(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let digits = args.not_none(1);
    let given: &[Value] = match &digits {
        Some(n) => std::slice::from_ref(n),
        None => &[],
    };
    match protocol::call_special(cx, args.get(0), Special::Round, given)? {
        Some(v) => Ok(v),
        None => {
            let name = cx.type_name(args.get(0));
            raise!(cx, TypeError, "type {name} doesn't define __round__ method")
        }
    }
}

fn sorted(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = cx.class(T::list);
    let list = protocol::call(cx, class.into(), &[args.get(0)])?;
    let sort = cx.name(N::sort);
    let f = protocol::get_attr(cx, list, sort)?;
    let names = [cx.name(N::key), cx.name(N::reverse)];
    protocol::call_kw(cx, f, &[args.get(1), args.get(2)], &names)?;
    Ok(list)
}

fn sum(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let start = args.opt(1).unwrap_or(Value::small(0));
    for (t, hint) in [
        (T::str, "strings [use ''.join(seq) instead]"),
        (T::bytes, "bytes [use b''.join(seq) instead]"),
        (T::bytearray, "bytearray [use b''.join(seq) instead]"),
    ] {
        if cx.is_a(start, t) {
            return raise!(cx, TypeError, "sum() can't sum {hint}");
        }
    }
    let it = protocol::iter(cx, args.get(0))?;
    let mut total = start;
    while let Some(v) = protocol::next(cx, it)? {
        if total.is_float() {
            return sum_floats(cx, it, total, v);
        }
        total = add(cx, total, v)?;
    }
    Ok(total)
}

fn add(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    match (a.is_small() && b.is_small()).then(|| a.small_add(b)).flatten() {
        Some(v) => Ok(v),
        None => protocol::binary(cx, BinaryOp::Add, a, b),
    }
}

/// Compensated summation (Neumaier), as CPython does since 3.12.
fn sum_floats(cx: &mut Cx, it: Value, total: Value, first: Value) -> Completion<Value> {
    let (mut sum, mut lost) = (total.as_float(), 0.0_f64);
    let mut item = Some(first);
    while let Some(v) = item {
        let x = if let Some(f) = v.float_value() {
            f
        } else if let Some(n) = v.small_int() {
            n as f64
        } else {
            let rounded = if lost.is_finite() { sum + lost } else { sum };
            let mut total = add(cx, Value::float(rounded), v)?;
            while let Some(v) = protocol::next(cx, it)? {
                total = add(cx, total, v)?;
            }
            return Ok(total);
        };
        let next = sum + x;
        lost += if sum.abs() >= x.abs() { (sum - next) + x } else { (x - next) + sum };
        sum = next;
        item = protocol::next(cx, it)?;
    }
    Ok(Value::float(if lost != 0.0 && lost.is_finite() { sum + lost } else { sum }))
}

fn vars(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args.opt(0) {
        None => super::scope::locals(cx, args),
        Some(v) => {
            let name = cx.name(N::dict);
            match protocol::get_attr_opt(cx, v, name)? {
                Some(d) => Ok(d),
                None => raise!(cx, TypeError, "vars() argument must have __dict__ attribute"),
            }
        }
    }
}

fn dir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = cx.class(T::list);
    let names = match args.opt(0) {
        None => {
            let locals = super::scope::locals(cx, args)?;
            let keys = cx.intern("keys")?;
            let keys = protocol::call_method(cx, locals, keys, &[])?;
            protocol::call(cx, list.into(), &[keys])?
        }
        Some(v) => match protocol::call_special(cx, v, Special::Dir, &[])? {
            Some(names) => protocol::call(cx, list.into(), &[names])?,
            None => return Err(raise_message(cx, T::TypeError, "object does not provide __dir__")),
        },
    };
    let sort = cx.name(N::sort);
    protocol::call_method(cx, names, sort, &[])?;
    Ok(names)
}

fn import(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    crate::import::builtin_import(cx, args)
}

/// The functions of this file.
pub const FUNCTIONS: &[NativeDef] = &[
    row("abs", "(x, /)", abs, "Return the absolute value of the argument."),
    row(
        "all",
        "(iterable, /)",
        all,
        "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True.",
    ),
    row(
        "any",
        "(iterable, /)",
        any,
        "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False.",
    ),
    row("ascii", "(obj, /)", ascii, "Return an ASCII-only representation of an object."),
    row(
        "bin",
        "(number, /)",
        bin,
        "Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'",
    ),
    row(
        "oct",
        "(number, /)",
        oct,
        "Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'",
    ),
    row(
        "hex",
        "(number, /)",
        hex,
        "Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'",
    ),
    row(
        "callable",
        "(obj, /)",
        callable,
        "Return whether the object is callable (i.e., some kind of function).\n\nNote that classes are callable, as are instances of classes with a\n__call__() method.",
    ),
    row(
        "chr",
        "(i, /)",
        chr,
        "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.",
    ),
    row(
        "ord",
        "(c, /)",
        ord,
        "Return the ordinal value of a character.\n\nIf the argument is a one-character string, return the Unicode code\npoint of that character.",
    ),
    row(
        "delattr",
        "(obj, name, /)",
        delattr,
        "Deletes the named attribute from the given object.\n\ndelattr(x, 'y') is equivalent to ``del x.y``",
    ),
    row(
        "getattr",
        "(object, name, default=<unset>, /)",
        getattr,
        "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object; getattr(x, 'y') is equivalent to x.y.\nWhen a default argument is given, it is returned when the attribute doesn't\nexist; without it, an exception is raised in that case.",
    ),
    row(
        "hasattr",
        "(obj, name, /)",
        hasattr,
        "Return whether the object has an attribute with the given name.\n\nThis is done by calling getattr(obj, name) and catching AttributeError.",
    ),
    row(
        "setattr",
        "(obj, name, value, /)",
        setattr,
        "Sets the named attribute on the given object to the specified value.\n\nsetattr(x, 'y', v) is equivalent to ``x.y = v``",
    ),
    row(
        "divmod",
        "(x, y, /)",
        divmod,
        "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.",
    ),
    row(
        "format",
        "(value, format_spec='', /)",
        format,
        "Return type(value).__format__(value, format_spec)",
    ),
    row(
        "hash",
        "(obj, /)",
        hash,
        "Return the hash value for the given object.\n\nTwo objects that compare equal must also have the same hash value, but the\nreverse is not necessarily true.",
    ),
    row(
        "id",
        "(obj, /)",
        id,
        "Return the identity of an object.\n\nThis is guaranteed to be unique among simultaneously existing objects.\n(CPython uses the object's memory address.)",
    ),
    row(
        "isinstance",
        "(obj, class_or_tuple, /)",
        isinstance,
        "Return whether an object is an instance of a class or of a subclass thereof.\n\nA tuple, as in ``isinstance(x, (A, B, ...))``, may be given as the target to\ncheck against. This is equivalent to ``isinstance(x, A) or isinstance(x, B)\nor ...`` etc.",
    ),
    row(
        "issubclass",
        "(cls, class_or_tuple, /)",
        issubclass,
        "Return whether 'cls' is derived from another class or is the same class.\n\nA tuple, as in ``issubclass(x, (A, B, ...))``, may be given as the target to\ncheck against. This is equivalent to ``issubclass(x, A) or issubclass(x, B)\nor ...``.",
    ),
    row(
        "iter",
        "(object, sentinel=<unset>, /)",
        iter,
        "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nGet an iterator from an object.\nIn the first form, the argument must supply its own iterator, or be a sequence.\nIn the second form, the callable is called until it returns the sentinel.",
    ),
    row(
        "aiter",
        "(async_iterable, /)",
        aiter,
        "Return an AsyncIterator for an AsyncIterable object.",
    ),
    row(
        "anext",
        "(aiterator, default=<unset>, /)",
        anext,
        "Return the next item from the async iterator.\n\nIf default is given and the async iterator is exhausted,\nit is returned instead of raising StopAsyncIteration.",
    ),
    row("len", "(obj, /)", len, "Return the number of items in a container."),
    row(
        "max",
        "(*args, key=None, default=<unset>)",
        max,
        "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a single iterable argument, return its biggest item. The\ndefault keyword-only argument specifies an object to return if\nthe provided iterable is empty.\nWith two or more positional arguments, return the largest argument.",
    ),
    row(
        "min",
        "(*args, key=None, default=<unset>)",
        min,
        "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a single iterable argument, return its smallest item. The\ndefault keyword-only argument specifies an object to return if\nthe provided iterable is empty.\nWith two or more positional arguments, return the smallest argument.",
    ),
    machine(row(
        "next",
        "(iterator, default=<unset>, /)",
        next,
        "next(iterator[, default])\n\nReturn the next item from the iterator. If default is given and the iterator\nis exhausted, it is returned instead of raising StopIteration.",
    )),
    row(
        "pow",
        "(base, exp, mod=None)",
        pow,
        "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.\n\nSome types, such as ints, are able to use a more efficient algorithm when\ninvoked using the three argument form.",
    ),
    row(
        "repr",
        "(obj, /)",
        repr,
        "Return the canonical string representation of the object.\n\nFor many object types, including most builtins, eval() will return\nthe object back.",
    ),
    row(
        "round",
        "(number, ndigits=None)",
        round,
        "Round a number to a given precision in decimal digits.\n\nThe return value is an integer if ndigits is omitted or None.  Otherwise\nthe return value has the same type as the number.  ndigits may be negative.",
    ),
    row(
        "sorted",
        "(iterable, /, *, key=None, reverse=False)",
        sorted,
        "Return a new list containing all items from the iterable in ascending order.\n\nA custom key function can be supplied to customize the sort order, and the\nreverse flag can be set to request the result in descending order.",
    ),
    row(
        "sum",
        "(iterable, /, start=0)",
        sum,
        "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\nWhen the iterable is empty, return the start value.\nThis function is intended specifically for use with numeric values and may\nreject non-numeric types.",
    ),
    row(
        "vars",
        "(object=<unset>, /)",
        vars,
        "vars([object]) -> dictionary\n\nWithout arguments, equivalent to locals().\nWith an argument, equivalent to object.__dict__.",
    ),
    row(
        "dir",
        "(object=<unset>, /)",
        dir,
        "dir([object]) -> list of strings\n\nIf called without an argument, return the names in the current scope.\nElse, return an alphabetized list of names comprising (some of) the attributes\nof the given object, and of attributes reachable from it.",
    ),
    row(
        "__import__",
        "(name, globals=None, locals=None, fromlist=<unset>, level=0)",
        import,
        "Import a module.\n\nBecause this function is meant for use by the Python\ninterpreter and not for general use, it is better to use\nimportlib.import_module() to programmatically import a module.",
    ),
];

/// Whether `v` is a dict (or an instance of a subclass).
pub fn as_dict(v: Value) -> Option<Obj> {
    v.obj().filter(|o| o.kind() == Kind::Dict)
}

/// `d[name]` for a well-known name.
pub fn dict_get(cx: &mut Cx, d: Obj, n: N) -> Completion<Value> {
    let name = cx.name(n);
    dict::get_item_name(cx, d, name)
}
