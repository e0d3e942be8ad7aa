//! `float`: inline in the value word, so there is no layout; the class and its methods.
//! Immutable: no conflicts.

use std::cmp::Ordering;

use crate::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    native::{Args, Effect, GetSetDef, NativeDef},
    num::{
        big::BigInt,
        complex::Complex,
        float::{self, Power, text as notation},
        hash::hash_f64,
    },
    protocol::{
        CompareOp,
        convert::{as_int, expect_str, repr_text},
        index_big,
    },
    raise,
    text::{format_num::format_float, quick},
    types::{
        Body, T, TypeDef, buffer,
        int_new::{bytes_like, float_to_int},
        number::{
            OrRaise, big_of, float_of, float_operand, instance_of, lossy, new_ascii, new_big,
            new_complex, new_text, through_methods,
        },
        str as string,
    },
    value::Value,
};

type Binary = fn(&mut Cx, f64, f64) -> Completion<Value>;

/// The receiver.
#[inline]
fn this(args: Args<'_>) -> f64 {
    float_of(args.this()).unwrap_or(0.0)
}

#[inline]
fn binary(cx: &mut Cx, a: Value, b: Value, op: Binary) -> Completion<Value> {
    match (float_operand(cx, a)?, float_operand(cx, b)?) {
        (Some(a), Some(b)) => op(cx, a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `a / b`
///
/// # Errors
/// `ZeroDivisionError`
#[inline]
pub fn true_div(cx: &mut Cx, a: f64, b: f64) -> Completion<Value> {
    float::true_div(a, b).or_raise(cx).map(Value::float)
}

/// `a // b`
///
/// # Errors
/// `ZeroDivisionError`
#[inline]
pub fn floor_div(cx: &mut Cx, a: f64, b: f64) -> Completion<Value> {
    float::floor_div(a, b).or_raise(cx).map(Value::float)
}

/// `a % b`
///
/// # Errors
/// `ZeroDivisionError`
#[inline]
pub fn modulo(cx: &mut Cx, a: f64, b: f64) -> Completion<Value> {
    float::modulo(a, b).or_raise(cx).map(Value::float)
}

fn div_mod(cx: &mut Cx, a: f64, b: f64) -> Completion<Value> {
    let (quotient, rest) = float::div_mod(a, b).or_raise(cx)?;
    cx.new_tuple(&[Value::float(quotient), Value::float(rest)])
}

/// `a ** b`: a float, or a complex number for a negative base with a fractional exponent.
///
/// # Errors
/// `ZeroDivisionError`, `OverflowError`
pub fn pow(cx: &mut Cx, a: f64, b: f64) -> Completion<Value> {
    match float::pow(a, b).or_raise(cx)? {
        Power::Float(f) => Ok(Value::float(f)),
        Power::NeedsComplex => {
            let power = Complex { re: a, im: 0.0 }.pow(Complex { re: b, im: 0.0 });
            let power = power.or_raise(cx)?;
            new_complex(cx, power)
        }
    }
}

/// The order of a float and an exact `int` value; `None` for NaN.
pub fn compare_int(a: f64, b: Value) -> Option<Ordering> {
    match b.small_int() {
        Some(i) => a.partial_cmp(&(i as f64)),
        None => big_of(b).cmp_f64(a).map(Ordering::reverse),
    }
}

/// Whether `a OP b` holds for an order that may not exist.
pub fn holds(op: CompareOp, order: Option<Ordering>) -> bool {
    order.map_or(op == CompareOp::Ne, |order| op.holds(order))
}

fn compare(args: Args<'_>, op: CompareOp) -> Completion<Value> {
    let a = this(args);
    let b = args.get(1);
    if let Some(b) = float_of(b) {
        return Ok(Value::bool(holds(op, a.partial_cmp(&b))));
    }
    Ok(match as_int(b) {
        Some(b) => Value::bool(holds(op, compare_int(a, b))),
        None => Value::NOT_IMPLEMENTED,
    })
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

macro_rules! forward {
    ($name:literal, $op:expr, $doc:literal) => {
        row!($name, "(self, value, /)", |cx, args| binary(cx, args.get(0), args.get(1), $op), $doc)
    };
}

macro_rules! reflected {
    ($name:literal, $op:expr, $doc:literal) => {
        row!($name, "(self, value, /)", |cx, args| binary(cx, args.get(1), args.get(0), $op), $doc)
    };
}

macro_rules! comparison {
    ($name:literal, $op:ident, $doc:literal) => {
        row!($name, "(self, value, /)", |_, args| compare(args, CompareOp::$op), $doc)
    };
}

macro_rules! to_int {
    ($name:literal, $round:ident, $doc:literal) => {
        row!($name, "(self, /)", |cx, args| float_to_int(cx, this(args).$round()), $doc)
    };
}

/// The class.
pub static FLOAT: TypeDef = TypeDef {
    id: Some(T::float),
    name: "float",
    body: Body::Words(Kind::Frozen, 2),
    subclassable: true,
    methods: METHODS,
    class_methods: CLASS_METHODS,
    static_methods: STATIC_METHODS,
    getset: GETSET,
    doc: "Convert a string or number to a floating-point number, if possible.",
    ..TypeDef::BASE
};

const STATIC_METHODS: &[NativeDef] = &[row!(
    "__new__",
    "(type, x=0, /)",
    new,
    "Create and return a new object.  See help(type) for accurate signature."
)];

const CLASS_METHODS: &[NativeDef] = &[
    row!(
        "fromhex",
        "(type, string, /)",
        from_hex,
        "Create a floating-point number from a hexadecimal string.\n\n>>> float.fromhex('0x1.ffffp10')\n2047.984375\n>>> float.fromhex('-0x1p-1074')\n-5e-324"
    ),
    row!(
        "from_number",
        "(type, number, /)",
        from_number,
        "Convert real number to a floating-point number."
    ),
    row!(
        "__getformat__",
        "(type, typestr, /)",
        get_format,
        "You probably don't want to use this function.\n\nIt exists mainly to be used in Python's test suite."
    ),
];

const METHODS: &[NativeDef] = &[
    forward!("__add__", |_, a, b| Ok(Value::float(a + b)), "Return self+value."),
    reflected!("__radd__", |_, a, b| Ok(Value::float(a + b)), "Return value+self."),
    forward!("__sub__", |_, a, b| Ok(Value::float(a - b)), "Return self-value."),
    reflected!("__rsub__", |_, a, b| Ok(Value::float(a - b)), "Return value-self."),
    forward!("__mul__", |_, a, b| Ok(Value::float(a * b)), "Return self*value."),
    reflected!("__rmul__", |_, a, b| Ok(Value::float(a * b)), "Return value*self."),
    forward!("__truediv__", true_div, "Return self/value."),
    reflected!("__rtruediv__", true_div, "Return value/self."),
    forward!("__floordiv__", floor_div, "Return self//value."),
    reflected!("__rfloordiv__", floor_div, "Return value//self."),
    forward!("__mod__", modulo, "Return self%value."),
    reflected!("__rmod__", modulo, "Return value%self."),
    forward!("__divmod__", div_mod, "Return divmod(self, value)."),
    reflected!("__rdivmod__", div_mod, "Return divmod(value, self)."),
    row!(
        "__pow__",
        "(self, value, mod=None, /)",
        |cx, args| power(cx, args.get(0), args.get(1), args),
        "Return pow(self, value, mod)."
    ),
    row!(
        "__rpow__",
        "(self, value, mod=None, /)",
        |cx, args| power(cx, args.get(1), args.get(0), args),
        "Return pow(value, self, mod)."
    ),
    comparison!("__lt__", Lt, "Return self<value."),
    comparison!("__le__", Le, "Return self<=value."),
    comparison!("__eq__", Eq, "Return self==value."),
    comparison!("__ne__", Ne, "Return self!=value."),
    comparison!("__gt__", Gt, "Return self>value."),
    comparison!("__ge__", Ge, "Return self>=value."),
    row!("__neg__", "(self, /)", |_, args| Ok(Value::float(-this(args))), "-self"),
    row!("__pos__", "(self, /)", |_, args| Ok(Value::float(this(args))), "+self"),
    row!("__abs__", "(self, /)", |_, args| Ok(Value::float(this(args).abs())), "abs(self)"),
    row!(
        "__bool__",
        "(self, /)",
        |_, args| Ok(Value::bool(this(args) != 0.0)),
        "True if self else False"
    ),
    to_int!("__int__", trunc, "int(self)"),
    row!("__float__", "(self, /)", |_, args| Ok(Value::float(this(args))), "float(self)"),
    row!(
        "__hash__",
        "(self, /)",
        |cx, args| cx.new_int(hash_f64(this(args))),
        "Return hash(self)."
    ),
    row!(
        "__repr__",
        "(self, /)",
        |cx, args| new_ascii(cx, &notation::repr(this(args))),
        "Return repr(self)."
    ),
    row!(
        "__format__",
        "(self, format_spec, /)",
        format,
        "Formats the float according to format_spec."
    ),
    to_int!("__trunc__", trunc, "Return the Integral closest to x between 0 and x."),
    to_int!("__floor__", floor, "Return the floor as an Integral."),
    to_int!("__ceil__", ceil, "Return the ceiling as an Integral."),
    row!(
        "__round__",
        "(self, ndigits=None, /)",
        round,
        "Return the Integral closest to x, rounding half toward even.\n\nWhen an argument is passed, work like built-in round(x, ndigits)."
    ),
    row!("__getnewargs__", "(self, /)", |cx, args| cx.new_tuple(&[Value::float(this(args))]), ""),
    row!(
        "conjugate",
        "(self, /)",
        |_, args| Ok(Value::float(this(args))),
        "Return self, the complex conjugate of any float."
    ),
    row!(
        "is_integer",
        "(self, /)",
        |_, args| Ok(Value::bool(float::is_integer(this(args)))),
        "Return True if the float is an integer."
    ),
    row!(
        "as_integer_ratio",
        "(self, /)",
        as_integer_ratio,
        "Return a pair of integers, whose ratio is exactly equal to the original float.\n\nThe ratio is in lowest terms and has a positive denominator.  Raise\nOverflowError on infinities and a ValueError on NaNs."
    ),
    row!(
        "hex",
        "(self, /)",
        |cx, args| new_ascii(cx, &notation::to_hex(this(args))),
        "Return a hexadecimal representation of a floating-point number.\n\n>>> (-0.1).hex()\n'-0x1.999999999999ap-4'\n>>> 3.14159.hex()\n'0x1.921f9f01b866ep+1'"
    ),
];

const GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "real",
        get: |_, v| Ok(float_of(v).map_or(v, Value::float)),
        set: None,
        doc: "the real part of a complex number",
    },
    GetSetDef {
        name: "imag",
        get: |_, _| Ok(Value::float(0.0)),
        set: None,
        doc: "the imaginary part of a complex number",
    },
];

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = to_float(cx, args.get(1))?;
    instance_of(cx, args.get(0), T::float, Value::float(f))
}

/// `float(x)`
///
/// # Errors
/// `TypeError`, `ValueError`, `OverflowError`, and whatever conversion methods raise.
pub fn to_float(cx: &mut Cx, x: Value) -> Completion<f64> {
    if x.is_float() {
        return Ok(x.as_float());
    }
    if let Some(s) = string::exact(x) {
        return parse(cx, x, string::bytes_of(s));
    }
    if let Some(i) = x.small_int() {
        return Ok(i as f64);
    }
    if let Some(f) = through_methods(cx, x)? {
        return Ok(f);
    }
    if buffer::is_bytes_like(cx, x) {
        let bytes = bytes_like(cx, x)?;
        return parse(cx, x, bytes);
    }
    let name = cx.type_name(x);
    raise!(cx, TypeError, "float() argument must be a string or a real number, not '{name}'")
}

fn parse(cx: &mut Cx, x: Value, text: &[u8]) -> Completion<f64> {
    match notation::parse_float(&lossy(text)) {
        Some(f) => Ok(f),
        None => {
            let repr = repr_text(cx, x)?;
            raise!(cx, ValueError, "could not convert string to float: {repr}")
        }
    }
}

/// A float made by a class method: through the constructor of a subclass.
fn construct(cx: &mut Cx, class: Value, f: f64) -> Completion<Value> {
    match class == Value::from(cx.class(T::float)) {
        true => Ok(Value::float(f)),
        false => crate::protocol::call(cx, class, &[Value::float(f)]),
    }
}

fn from_hex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(s) = string::exact(args.get(1)) else {
        return raise!(cx, TypeError, "bad argument type for built-in operation");
    };
    let f = notation::from_hex(&lossy(string::bytes_of(s))).or_raise(cx)?;
    construct(cx, args.get(0), f)
}

fn from_number(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = super::number::to_f64(cx, args.get(1))?;
    construct(cx, args.get(0), f)
}

fn get_format(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = expect_str(cx, args.get(1), "__getformat__() argument")?;
    if !matches!(name, "double" | "float") {
        return raise!(cx, ValueError, "__getformat__() argument 1 must be 'double' or 'float'");
    }
    let order = if cfg!(target_endian = "little") { "little" } else { "big" };
    new_ascii(cx, &format!("IEEE, {order}-endian"))
}

fn power(cx: &mut Cx, a: Value, b: Value, args: Args<'_>) -> Completion<Value> {
    if args.not_none(2).is_some() {
        return raise!(
            cx,
            TypeError,
            "pow() 3rd argument not allowed unless all arguments are integers"
        );
    }
    binary(cx, a, b, pow)
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
    if let Some(text) = quick::format_float(this(args), spec_text) {
        return string::new_ascii(cx, &text);
    }
    let type_name = cx.short_type_name(args.this());
    let text = format_float(this(args), spec_text, type_name).or_raise(cx)?;
    new_text(cx, &text)
}

fn round(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = this(args);
    match args.not_none(1) {
        None => float_to_int(cx, f.round_ties_even()),
        Some(ndigits) => {
            let ndigits = index_big(cx, ndigits)?;
            float::round_digits(f, ndigits).or_raise(cx).map(Value::float)
        }
    }
}

fn as_integer_ratio(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (numerator, denominator): (BigInt, BigInt) =
        float::as_integer_ratio(this(args)).or_raise(cx)?;
    let numerator = new_big(cx, &numerator)?;
    let denominator = new_big(cx, &denominator)?;
    cx.new_tuple(&[numerator, denominator])
}
