//! `int`: the class and its methods. Layout in `int.rs`, arithmetic in `int_ops.rs`, the
//! constructor in `int_new.rs`. Immutable: no conflicts.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    native::{Args, Effect, GetSetDef, NativeDef},
    num::{
        big::{BigInt, ByteOrder},
        hash::hash_big,
    },
    protocol::{
        CompareOp, collect,
        convert::{as_i64, as_int, expect_str},
        index_int,
    },
    raise,
    text::{
        TextError,
        format_num::{IntSource, format_int},
        quick,
    },
    types::{
        Body, T, TypeDef,
        int_new::{bytes_like, new},
        int_ops as ops,
        number::{
            OrRaise, big_of, instance_of, int_to_f64, new_ascii, new_big, new_bytes, new_text,
        },
        str as string,
    },
    value::Value,
};

type Binary = fn(&mut Cx, Value, Value) -> Completion<Value>;

/// The receiver as an exact value.
#[inline]
fn this(args: Args<'_>) -> Value {
    as_int(args.this()).unwrap_or(Value::small(0))
}

fn binary(cx: &mut Cx, a: Value, b: Value, op: Binary) -> Completion<Value> {
    match (as_int(a), as_int(b)) {
        (Some(a), Some(b)) => op(cx, a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn compare(args: Args<'_>, op: CompareOp) -> Completion<Value> {
    Ok(match (as_int(args.get(0)), as_int(args.get(1))) {
        (Some(a), Some(b)) => Value::bool(ops::compares(op, a, b)),
        _ => Value::NOT_IMPLEMENTED,
    })
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

macro_rules! forward {
    ($name:literal, $op:path, $doc:literal) => {
        row!($name, "(self, value, /)", |cx, args| binary(cx, args.get(0), args.get(1), $op), $doc)
    };
}

macro_rules! reflected {
    ($name:literal, $op:path, $doc:literal) => {
        row!($name, "(self, value, /)", |cx, args| binary(cx, args.get(1), args.get(0), $op), $doc)
    };
}

macro_rules! comparison {
    ($name:literal, $op:ident, $doc:literal) => {
        row!($name, "(self, value, /)", |_, args| compare(args, CompareOp::$op), $doc)
    };
}

/// The class.
pub static INT: TypeDef = TypeDef {
    id: Some(T::int),
    name: "int",
    body: Body::Words(Kind::Int, 2),
    subclassable: true,
    methods: METHODS,
    class_methods: CLASS_METHODS,
    static_methods: STATIC_METHODS,
    getset: GETSET,
    doc: "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no arguments\nare given.  If x is a number, return x.__int__().  For floating-point\nnumbers, this truncates towards zero.\n\nIf x is not a number or if base is given, then x must be a string,\nbytes, or bytearray instance representing an integer literal in the\ngiven base.  The literal can be preceded by '+' or '-' and be surrounded\nby whitespace.  The base defaults to 10.  Valid bases are 0 and 2-36.\nBase 0 means to interpret the base from the string as an integer literal.\n>>> int('0b100', base=0)\n4",
    ..TypeDef::BASE
};

const STATIC_METHODS: &[NativeDef] = &[row!(
    "__new__",
    "(type, x=<0>, /, base=<10>)",
    new,
    "Create and return a new object.  See help(type) for accurate signature."
)];

const CLASS_METHODS: &[NativeDef] = &[row!(
    "from_bytes",
    "(type, /, bytes, byteorder='big', *, signed=False)",
    from_bytes,
    "Return the integer represented by the given array of bytes."
)];

const METHODS: &[NativeDef] = &[
    forward!("__add__", ops::add, "Return self+value."),
    reflected!("__radd__", ops::add, "Return value+self."),
    forward!("__sub__", ops::sub, "Return self-value."),
    reflected!("__rsub__", ops::sub, "Return value-self."),
    forward!("__mul__", ops::mul, "Return self*value."),
    reflected!("__rmul__", ops::mul, "Return value*self."),
    forward!("__truediv__", ops::true_div, "Return self/value."),
    reflected!("__rtruediv__", ops::true_div, "Return value/self."),
    forward!("__floordiv__", ops::floor_div, "Return self//value."),
    reflected!("__rfloordiv__", ops::floor_div, "Return value//self."),
    forward!("__mod__", ops::modulo, "Return self%value."),
    reflected!("__rmod__", ops::modulo, "Return value%self."),
    forward!("__divmod__", ops::div_mod, "Return divmod(self, value)."),
    reflected!("__rdivmod__", ops::div_mod, "Return divmod(value, self)."),
    forward!("__lshift__", ops::shl, "Return self<<value."),
    reflected!("__rlshift__", ops::shl, "Return value<<self."),
    forward!("__rshift__", ops::shr, "Return self>>value."),
    reflected!("__rrshift__", ops::shr, "Return value>>self."),
    forward!("__and__", ops::and, "Return self&value."),
    reflected!("__rand__", ops::and, "Return value&self."),
    forward!("__xor__", ops::xor, "Return self^value."),
    reflected!("__rxor__", ops::xor, "Return value^self."),
    forward!("__or__", ops::or, "Return self|value."),
    reflected!("__ror__", ops::or, "Return value|self."),
    row!("__pow__", "(self, value, mod=None, /)", pow, "Return pow(self, value, mod)."),
    row!("__rpow__", "(self, value, mod=None, /)", rpow, "Return pow(value, self, mod)."),
    comparison!("__lt__", Lt, "Return self<value."),
    comparison!("__le__", Le, "Return self<=value."),
    comparison!("__eq__", Eq, "Return self==value."),
    comparison!("__ne__", Ne, "Return self!=value."),
    comparison!("__gt__", Gt, "Return self>value."),
    comparison!("__ge__", Ge, "Return self>=value."),
    row!("__neg__", "(self, /)", |cx, args| ops::neg(cx, this(args)), "-self"),
    row!("__pos__", "(self, /)", |_, args| Ok(this(args)), "+self"),
    row!("__abs__", "(self, /)", |cx, args| ops::abs(cx, this(args)), "abs(self)"),
    row!("__invert__", "(self, /)", |cx, args| ops::invert(cx, this(args)), "~self"),
    row!(
        "__bool__",
        "(self, /)",
        |_, args| Ok(Value::bool(!ops::is_zero(this(args)))),
        "True if self else False"
    ),
    row!("__int__", "(self, /)", |_, args| Ok(this(args)), "int(self)"),
    row!(
        "__index__",
        "(self, /)",
        |_, args| Ok(this(args)),
        "Return self converted to an integer, if self is suitable for use as an index into a list."
    ),
    row!(
        "__float__",
        "(self, /)",
        |cx, args| int_to_f64(cx, this(args)).map(Value::float),
        "float(self)"
    ),
    row!("__hash__", "(self, /)", hash, "Return hash(self)."),
    row!("__repr__", "(self, /)", repr, "Return repr(self)."),
    row!(
        "__format__",
        "(self, format_spec, /)",
        format,
        "Convert to a string according to format_spec."
    ),
    row!(
        "__trunc__",
        "(self, /)",
        |_, args| Ok(this(args)),
        "Truncating an Integral returns itself."
    ),
    row!(
        "__floor__",
        "(self, /)",
        |_, args| Ok(this(args)),
        "Flooring an Integral returns itself."
    ),
    row!(
        "__ceil__",
        "(self, /)",
        |_, args| Ok(this(args)),
        "Ceiling of an Integral returns itself."
    ),
    row!(
        "__round__",
        "(self, ndigits=None, /)",
        round,
        "Rounding an Integral returns itself.\n\nRounding with an ndigits argument also returns an integer."
    ),
    row!("__getnewargs__", "(self, /)", |cx, args| cx.new_tuple(&[this(args)]), ""),
    row!("__sizeof__", "(self, /)", size_of, "Returns size in memory, in bytes."),
    row!(
        "conjugate",
        "(self, /)",
        |_, args| Ok(this(args)),
        "Returns self, the complex conjugate of any int."
    ),
    row!(
        "bit_length",
        "(self, /)",
        bit_length,
        "Number of bits necessary to represent self in binary.\n\n>>> bin(37)\n'0b100101'\n>>> (37).bit_length()\n6"
    ),
    row!(
        "bit_count",
        "(self, /)",
        bit_count,
        "Number of ones in the binary representation of the absolute value of self.\n\nAlso known as the population count.\n\n>>> bin(13)\n'0b1101'\n>>> (13).bit_count()\n3"
    ),
    row!(
        "as_integer_ratio",
        "(self, /)",
        |cx, args| cx.new_tuple(&[this(args), Value::small(1)]),
        "Return a pair of integers, whose ratio is equal to the original int.\n\nThe ratio is in lowest terms and has a positive denominator."
    ),
    row!(
        "is_integer",
        "(self, /)",
        |_, _| Ok(Value::TRUE),
        "Returns True. Exists for duck type compatibility with float.is_integer."
    ),
    row!(
        "to_bytes",
        "(self, /, length=1, byteorder='big', *, signed=False)",
        to_bytes,
        "Return an array of bytes representing an integer."
    ),
];

const GETSET: &[GetSetDef] = &[
    GetSetDef { name: "real", get: exact, set: None, doc: "the real part of a complex number" },
    GetSetDef {
        name: "imag",
        get: |_, _| Ok(Value::small(0)),
        set: None,
        doc: "the imaginary part of a complex number",
    },
    GetSetDef {
        name: "numerator",
        get: exact,
        set: None,
        doc: "the numerator of a rational number in lowest terms",
    },
    GetSetDef {
        name: "denominator",
        get: |_, _| Ok(Value::small(1)),
        set: None,
        doc: "the denominator of a rational number in lowest terms",
    },
];

fn exact(_cx: &mut Cx, v: Value) -> Completion<Value> {
    Ok(as_int(v).unwrap_or(v))
}

fn pow(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    power(cx, args.get(0), args.get(1), args.not_none(2))
}

fn rpow(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    power(cx, args.get(1), args.get(0), args.not_none(2))
}

fn power(cx: &mut Cx, a: Value, b: Value, modulus: Option<Value>) -> Completion<Value> {
    let (Some(a), Some(b)) = (as_int(a), as_int(b)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(modulus) = modulus else { return ops::pow(cx, a, b) };
    match as_int(modulus) {
        Some(modulus) => ops::mod_pow(cx, a, b, modulus),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = this(args);
    match v.small_int() {
        Some(-1) => Ok(Value::small(-2)),
        Some(_) => Ok(v),
        None => cx.new_int(hash_big(&big_of(v))),
    }
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if let Some(i) = this(args).small_int() {
        let mut text = quick::Digits::new();
        if i < 0 {
            text.push(b'-');
        }
        quick::push_decimal(&mut text, i.unsigned_abs(), 1);
        return string::new_ascii(cx, &text);
    }
    let text = decimal(cx, this(args))?;
    new_ascii(cx, &text)
}

/// Decimal text of an exact `int` value, under the world's digit limit.
///
/// # Errors
/// `ValueError` past the limit.
pub fn decimal(cx: &mut Cx, v: Value) -> Completion<String> {
    let v = as_int(v).unwrap_or(v);
    match v.small_int() {
        Some(i) => Ok(i.to_string()),
        None => big_of(v).to_decimal(cx.world.int_max_str_digits()).or_raise(cx),
    }
}

/// A big integer for the formatter, with the digit limit in force.
#[derive(Debug)]
pub struct Digits<'a> {
    /// The integer.
    pub value: &'a BigInt,
    /// The digit limit; 0 for none.
    pub max_digits: usize,
}

impl IntSource for Digits<'_> {
    fn magnitude(&self, radix: u32) -> Result<String, TextError> {
        let magnitude = self.value.abs();
        match radix {
            10 => {
                magnitude.to_decimal(self.max_digits).map_err(|error| TextError::value(error.text))
            }
            _ => Ok(magnitude.to_radix(radix)),
        }
    }

    fn is_negative(&self) -> bool {
        self.value.is_negative()
    }

    fn code_point(&self) -> Option<u32> {
        self.value.to_i64().and_then(|i| i.code_point())
    }

    fn to_float(&self) -> Option<f64> {
        self.value.to_f64_checked()
    }
}

fn format(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let spec = args.get(1);
    let Some(spec_text) = string::exact(spec).map(string::bytes_of) else {
        expect_str(cx, spec, "__format__() argument")?;
        return Ok(Value::UNBOUND);
    };
    if spec_text.is_empty() {
        return crate::protocol::str_of(cx, args.this());
    }
    if let Some(i) = args.this().small_int()
        && let Some(text) = quick::format_int(i, spec_text)
    {
        return string::new_ascii(cx, &text);
    }
    let type_name = cx.short_type_name(args.this());
    let v = this(args);
    let text = match v.small_int() {
        Some(i) => format_int(&i, spec_text, type_name),
        None => {
            let source = Digits { value: &big_of(v), max_digits: cx.world.int_max_str_digits() };
            format_int(&source, spec_text, type_name)
        }
    };
    let text = text.or_raise(cx)?;
    new_text(cx, &text)
}

fn round(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = this(args);
    let Some(ndigits) = args.not_none(1) else { return Ok(v) };
    let ndigits = index_int(cx, ndigits)?;
    if !ops::compare(ndigits, Value::small(0)).is_lt() {
        return Ok(v);
    }
    let rounded = big_of(v).round_digits(&big_of(ndigits)).or_raise(cx)?;
    new_big(cx, &rounded)
}

fn size_of(_cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let bits = big_of(this(args)).bit_length().max(1);
    // As CPython counts: a header and 30-bit digits.
    Ok(Value::small(24 + bits.div_ceil(30) as i64 * 4))
}

fn bit_length(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match this(args).small_int() {
        Some(i) => Ok(Value::small(i64::from(64 - i.unsigned_abs().leading_zeros()))),
        None => cx.new_int(big_of(this(args)).bit_length() as i64),
    }
}

fn bit_count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match this(args).small_int() {
        Some(i) => Ok(Value::small(i64::from(i.unsigned_abs().count_ones()))),
        None => cx.new_int(big_of(this(args)).bit_count() as i64),
    }
}

fn byte_order(cx: &mut Cx, v: Value, function: &str) -> Completion<ByteOrder> {
    let Some(name) = string::text(v) else {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "{function}() argument 'byteorder' must be str, not {name}");
    };
    ByteOrder::parse(name).or_raise(cx)
}

fn to_bytes(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let length = index_int(cx, args.get(1))?;
    let order = byte_order(cx, args.get(2), "to_bytes")?;
    let signed = crate::protocol::truth(cx, args.get(3))?;
    let Some(length) = as_i64(length) else {
        return raise!(cx, OverflowError, "Python int too large to convert to C ssize_t");
    };
    let Ok(length) = usize::try_from(length) else {
        return raise!(cx, ValueError, "length argument must be non-negative");
    };
    let bytes = big_of(this(args)).to_bytes(length, order, signed).or_raise(cx)?;
    new_bytes(cx, &bytes)
}

fn from_bytes(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let order = byte_order(cx, args.get(2), "from_bytes")?;
    let signed = crate::protocol::truth(cx, args.get(3))?;
    let bytes = bytes_or_ints(cx, args.get(1))?;
    let v = new_big(cx, &BigInt::from_bytes(&bytes, order, signed))?;
    let class = args.get(0);
    if class == Value::from(cx.class(T::int)) {
        return Ok(v);
    }
    // A subclass may have a constructor of its own.
    crate::protocol::call(cx, class, &[v])
}

/// What `bytes(x)` accepts, except a length.
fn bytes_or_ints(cx: &mut Cx, x: Value) -> Completion<Vec<u8>> {
    if string::exact(x).is_some() {
        return raise!(cx, TypeError, "cannot convert 'str' object to bytes");
    }
    if as_int(x).is_some() {
        return raise!(cx, TypeError, "cannot convert 'int' object to bytes");
    }
    let is_list = x.obj().is_some_and(|o| matches!(o.kind(), Kind::List | Kind::Tuple));
    if !is_list {
        return bytes_like(cx, x).map(<[u8]>::to_vec);
    }
    let items = collect(cx, x)?;
    let mut bytes = Vec::with_capacity(items.len());
    for &item in items.as_slice() {
        let i = index_int(cx, item)?;
        match as_i64(i).and_then(|i| u8::try_from(i).ok()) {
            Some(byte) => bytes.push(byte),
            None => return raise!(cx, ValueError, "bytes must be in range(0, 256)"),
        }
    }
    Ok(bytes)
}

/// `bool`: its own methods; the rest comes from `int`.
pub static BOOL: TypeDef = TypeDef {
    id: Some(T::bool),
    name: "bool",
    base: T::int,
    methods: BOOL_METHODS,
    static_methods: BOOL_STATIC_METHODS,
    doc: "Returns True when the argument is true, False otherwise.\n\nThe builtins True and False are the only two instances of the class bool.\nThe class bool is a subclass of the class int, and cannot be subclassed.",
    ..TypeDef::BASE
};

const BOOL_STATIC_METHODS: &[NativeDef] = &[row!(
    "__new__",
    "(type, object=False, /)",
    bool_new,
    "Create and return a new object.  See help(type) for accurate signature."
)];

const BOOL_METHODS: &[NativeDef] = &[
    row!("__repr__", "(self, /)", bool_repr, "Return repr(self)."),
    row!(
        "__and__",
        "(self, value, /)",
        |cx, args| logical(cx, args, |a, b| a & b, ops::and),
        "Return self&value."
    ),
    row!(
        "__rand__",
        "(self, value, /)",
        |cx, args| logical(cx, args, |a, b| a & b, ops::and),
        "Return value&self."
    ),
    row!(
        "__or__",
        "(self, value, /)",
        |cx, args| logical(cx, args, |a, b| a | b, ops::or),
        "Return self|value."
    ),
    row!(
        "__ror__",
        "(self, value, /)",
        |cx, args| logical(cx, args, |a, b| a | b, ops::or),
        "Return value|self."
    ),
    row!(
        "__xor__",
        "(self, value, /)",
        |cx, args| logical(cx, args, |a, b| a ^ b, ops::xor),
        "Return self^value."
    ),
    row!(
        "__rxor__",
        "(self, value, /)",
        |cx, args| logical(cx, args, |a, b| a ^ b, ops::xor),
        "Return value^self."
    ),
];

fn bool_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = crate::protocol::truth(cx, args.get(1))?;
    instance_of(cx, args.get(0), T::bool, Value::bool(v))
}

fn bool_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    new_ascii(cx, if args.this() == Value::TRUE { "True" } else { "False" })
}

/// Two bools make a bool; a bool and an int make an int. The operators are symmetric.
fn logical(
    cx: &mut Cx,
    args: Args<'_>,
    on_bools: fn(bool, bool) -> bool,
    on_ints: Binary,
) -> Completion<Value> {
    let (a, b) = (args.get(0), args.get(1));
    if a.is_bool() && b.is_bool() {
        return Ok(Value::bool(on_bools(a == Value::TRUE, b == Value::TRUE)));
    }
    binary(cx, a, b, on_ints)
}
