//! `_operator`: the operators as functions. The getter classes are in `operator_getters.rs`.
//! What conflicts is what the operands' methods touch.

use taipan_objects::{
    Args, Completion, Cx, NativeDef, Special, Value,
    protocol::{self, BinaryOp, CompareOp, UnaryOp, call_special, convert::as_int, find_special},
    raise,
    types::str as string,
};

use super::{ModuleDef, operator_getters as getters, rows::row};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_operator",
    doc: "Operator interface.\n\nThis module exports a set of functions implemented in C corresponding\nto the intrinsic operators of Python.  For example, operator.add(x, y)\nis equivalent to the expression x+y.",
    functions: FUNCTIONS,
    types: &[&getters::ATTRGETTER, &getters::ITEMGETTER, &getters::METHODCALLER],
    ..ModuleDef::BASE
};

macro_rules! binary {
    ($name:literal, $op:ident, $doc:literal) => {
        row!(
            $name,
            "(a, b, /)",
            |cx, args| protocol::binary(cx, BinaryOp::$op, args.get(0), args.get(1)),
            $doc
        )
    };
}

macro_rules! inplace {
    ($name:literal, $op:ident, $doc:literal) => {
        row!(
            $name,
            "(a, b, /)",
            |cx, args| protocol::inplace(cx, BinaryOp::$op, args.get(0), args.get(1)),
            $doc
        )
    };
}

macro_rules! comparison {
    ($name:literal, $op:ident, $doc:literal) => {
        row!(
            $name,
            "(a, b, /)",
            |cx, args| protocol::compare(cx, CompareOp::$op, args.get(0), args.get(1)),
            $doc
        )
    };
}

macro_rules! unary {
    ($name:literal, $op:ident, $doc:literal) => {
        row!($name, "(a, /)", |cx, args| protocol::unary(cx, UnaryOp::$op, args.get(0)), $doc)
    };
}

const FUNCTIONS: &[NativeDef] = &[
    row!(
        "truth",
        "(a, /)",
        |cx, args| protocol::truth(cx, args.get(0)).map(Value::bool),
        "Return True if a is true, False otherwise."
    ),
    row!(
        "not_",
        "(a, /)",
        |cx, args| protocol::truth(cx, args.get(0)).map(|t| Value::bool(!t)),
        "Same as not a."
    ),
    row!(
        "is_",
        "(a, b, /)",
        |_, args| Ok(Value::bool(args.get(0) == args.get(1))),
        "Same as a is b."
    ),
    row!(
        "is_not",
        "(a, b, /)",
        |_, args| Ok(Value::bool(args.get(0) != args.get(1))),
        "Same as a is not b."
    ),
    row!(
        "is_none",
        "(a, /)",
        |_, args| Ok(Value::bool(args.get(0).is_none())),
        "Same as a is None."
    ),
    row!(
        "is_not_none",
        "(a, /)",
        |_, args| Ok(Value::bool(!args.get(0).is_none())),
        "Same as a is not None."
    ),
    comparison!("lt", Lt, "Same as a < b."),
    comparison!("le", Le, "Same as a <= b."),
    comparison!("eq", Eq, "Same as a == b."),
    comparison!("ne", Ne, "Same as a != b."),
    comparison!("gt", Gt, "Same as a > b."),
    comparison!("ge", Ge, "Same as a >= b."),
    binary!("add", Add, "Same as a + b."),
    binary!("sub", Sub, "Same as a - b."),
    binary!("mul", Mul, "Same as a * b."),
    binary!("matmul", MatMul, "Same as a @ b."),
    binary!("truediv", TrueDiv, "Same as a / b."),
    binary!("floordiv", FloorDiv, "Same as a // b."),
    binary!("mod", Mod, "Same as a % b."),
    binary!("pow", Pow, "Same as a ** b."),
    binary!("lshift", LShift, "Same as a << b."),
    binary!("rshift", RShift, "Same as a >> b."),
    binary!("and_", And, "Same as a & b."),
    binary!("or_", Or, "Same as a | b."),
    binary!("xor", Xor, "Same as a ^ b."),
    inplace!("iadd", Add, "Same as a += b."),
    inplace!("isub", Sub, "Same as a -= b."),
    inplace!("imul", Mul, "Same as a *= b."),
    inplace!("imatmul", MatMul, "Same as a @= b."),
    inplace!("itruediv", TrueDiv, "Same as a /= b."),
    inplace!("ifloordiv", FloorDiv, "Same as a //= b."),
    inplace!("imod", Mod, "Same as a %= b."),
    inplace!("ipow", Pow, "Same as a **= b."),
    inplace!("ilshift", LShift, "Same as a <<= b."),
    inplace!("irshift", RShift, "Same as a >>= b."),
    inplace!("iand", And, "Same as a &= b."),
    inplace!("ior", Or, "Same as a |= b."),
    inplace!("ixor", Xor, "Same as a ^= b."),
    unary!("neg", Neg, "Same as -a."),
    unary!("pos", Pos, "Same as +a."),
    unary!("inv", Invert, "Same as ~a."),
    unary!("invert", Invert, "Same as ~a."),
    row!("abs", "(a, /)", abs, "Same as abs(a)."),
    row!(
        "index",
        "(a, /)",
        |cx, args| protocol::index_int(cx, args.get(0)),
        "Same as a.__index__()"
    ),
    row!(
        "concat",
        "(a, b, /)",
        |cx, args| concat(cx, args, protocol::binary),
        "Same as a + b, for a and b sequences."
    ),
    row!(
        "iconcat",
        "(a, b, /)",
        |cx, args| concat(cx, args, protocol::inplace),
        "Same as a += b, for a and b sequences."
    ),
    row!(
        "contains",
        "(a, b, /)",
        |cx, args| protocol::contains(cx, args.get(0), args.get(1)).map(Value::bool),
        "Same as b in a (note reversed operands)."
    ),
    row!(
        "countOf",
        "(a, b, /)",
        count_of,
        "Return the number of items in a which are, or which equal, b."
    ),
    row!("indexOf", "(a, b, /)", index_of, "Return the first index of b in a."),
    row!(
        "getitem",
        "(a, b, /)",
        |cx, args| protocol::get_item(cx, args.get(0), args.get(1)),
        "Same as a[b]."
    ),
    row!(
        "setitem",
        "(a, b, c, /)",
        |cx, args| protocol::set_item(cx, args.get(0), args.get(1), args.get(2))
            .map(|()| Value::NONE),
        "Same as a[b] = c."
    ),
    row!(
        "delitem",
        "(a, b, /)",
        |cx, args| protocol::del_item(cx, args.get(0), args.get(1)).map(|()| Value::NONE),
        "Same as del a[b]."
    ),
    row!(
        "length_hint",
        "(obj, default=0, /)",
        length_hint,
        "Return an estimate of the number of items in obj.\n\nThis is useful for presizing containers when building from an iterable.\n\nIf the object supports len(), the result will be exact.\nOtherwise, it may over- or under-estimate by an arbitrary amount."
    ),
    row!(
        "call",
        "(obj, /, *args, **kwargs)",
        |cx, args| protocol::call::call_star(cx, args.get(0), args.rest(1), args.get(2)),
        "Same as obj(*args, **kwargs)."
    ),
    row!(
        "_compare_digest",
        "(a, b, /)",
        compare_digest,
        "Return 'a == b'.\n\nThis function uses an approach designed to prevent\ntiming analysis, making it appropriate for cryptography.\n\na and b must both be of the same type: either str (ASCII only),\nor any bytes-like object.\n\nNote: If a and b are of different lengths, or if an error occurs,\na timing attack could theoretically reveal information about the\ntypes and lengths of a and b--but not their values."
    ),
];

fn abs(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match call_special(cx, args.get(0), Special::Abs, &[])? {
        Some(r) => Ok(r),
        None => {
            let name = cx.type_name(args.get(0));
            raise!(cx, TypeError, "bad operand type for abs(): '{name}'")
        }
    }
}

type Operator = fn(&mut Cx, BinaryOp, Value, Value) -> Completion<Value>;

fn concat(cx: &mut Cx, args: Args<'_>, add: Operator) -> Completion<Value> {
    let (a, b) = (args.get(0), args.get(1));
    if find_special(cx, a, Special::GetItem).is_none() {
        let name = cx.type_name(a);
        return raise!(cx, TypeError, "'{name}' object can't be concatenated");
    }
    add(cx, BinaryOp::Add, a, b)
}

fn count_of(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let wanted = args.get(1);
    let mut n = 0;
    protocol::for_each(cx, args.get(0), |cx, v| {
        n += i64::from(protocol::identical_or_equal(cx, v, wanted)?);
        Ok(())
    })?;
    cx.new_int(n)
}

fn index_of(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(0))?;
    let mut i = 0;
    while let Some(v) = protocol::next(cx, it)? {
        if protocol::identical_or_equal(cx, v, args.get(1))? {
            return cx.new_int(i);
        }
        i += 1;
    }
    raise!(cx, ValueError, "sequence.index(x): x not in sequence")
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (v, default) = (args.get(0), args.get(1));
    if as_int(default).is_none() {
        let name = cx.type_name(default);
        return raise!(cx, TypeError, "'{name}' object cannot be interpreted as an integer");
    }
    if find_special(cx, v, Special::Len).is_some() {
        let n = protocol::length(cx, v)?;
        return cx.new_int(n as i64);
    }
    let Some(hint) = call_special(cx, v, Special::LengthHint, &[])? else { return Ok(default) };
    if hint == Value::NOT_IMPLEMENTED {
        return Ok(default);
    }
    match as_int(hint) {
        Some(n) if n.small_int().is_none_or(|n| n >= 0) => Ok(n),
        Some(_) => raise!(cx, ValueError, "__length_hint__() should return >= 0"),
        None => {
            let name = cx.type_name(hint);
            raise!(cx, TypeError, "__length_hint__ must be an integer, not {name}")
        }
    }
}

fn compare_digest(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (a, b) = (args.get(0), args.get(1));
    let (a, b) = match (string::exact(a), string::exact(b)) {
        (Some(a), Some(b)) if string::is_ascii(a) && string::is_ascii(b) => {
            (string::bytes_of(a), string::bytes_of(b))
        }
        (Some(_), Some(_)) => {
            return raise!(
                cx,
                TypeError,
                "comparing strings with non-ASCII characters is not supported"
            );
        }
        (None, None) => {
            use taipan_objects::types::int_new::bytes_like;
            (bytes_like(cx, a)?, bytes_like(cx, b)?)
        }
        _ => {
            let (a, b) = (cx.type_name(a), cx.type_name(b));
            return raise!(
                cx,
                TypeError,
                "unsupported operand types(s) or combination of types: '{a}' and '{b}'"
            );
        }
    };
    // Every byte of the second is looked at, whatever the first differences are.
    let same_len = a.len() == b.len();
    let reference = if same_len { a } else { b };
    let differences = reference.iter().zip(b).fold(u8::from(!same_len), |d, (x, y)| d | (x ^ y));
    Ok(Value::bool(std::hint::black_box(differences) == 0))
}
