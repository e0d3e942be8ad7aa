//! `complex`: layout (words 1 and 2 hold the bits of the parts), the class and its methods.
//! Immutable: no conflicts.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    names::Special,
    native::{Args, Effect, GetSetDef, NativeDef},
    num::{NumResult, complex::Complex, hash::hash_complex},
    protocol::{
        CompareOp, call_special,
        convert::{as_int, expect_str},
        find_special,
    },
    raise,
    text::format_num::format_complex,
    types::{
        Body, T, TypeDef,
        float_type::{compare_int, holds},
        number::{
            OrRaise, complex_of, float_of, float_operand, instance_of, lossy, new_ascii,
            new_complex, new_text, readonly, through_methods,
        },
        str as string,
    },
    value::Value,
};

/// An operand of complex arithmetic; reals stay reals, so that signs of zeros survive.
#[derive(Clone, Copy, Debug)]
enum Operand {
    Real(f64),
    Complex(Complex),
}

impl Operand {
    fn widen(self) -> Complex {
        match self {
            Self::Real(re) => Complex { re, im: 0.0 },
            Self::Complex(c) => c,
        }
    }
}

type Binary = fn(Operand, Operand) -> NumResult<Complex>;

fn this(args: Args<'_>) -> Complex {
    complex_of(args.this()).unwrap_or(Complex { re: 0.0, im: 0.0 })
}

fn operand(cx: &mut Cx, v: Value) -> Completion<Option<Operand>> {
    if let Some(c) = complex_of(v) {
        return Ok(Some(Operand::Complex(c)));
    }
    Ok(float_operand(cx, v)?.map(Operand::Real))
}

fn binary(cx: &mut Cx, a: Value, b: Value, op: Binary) -> Completion<Value> {
    match (operand(cx, a)?, operand(cx, b)?) {
        (Some(a), Some(b)) => {
            let result = op(a, b).or_raise(cx)?;
            new_complex(cx, result)
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn add(a: Operand, b: Operand) -> NumResult<Complex> {
    use Operand::{Complex as C, Real as R};
    Ok(match (a, b) {
        (C(a), R(b)) => a.add_real(b),
        (R(a), C(b)) => b.add_real(a),
        (a, b) => a.widen() + b.widen(),
    })
}

fn sub(a: Operand, b: Operand) -> NumResult<Complex> {
    use Operand::{Complex as C, Real as R};
    Ok(match (a, b) {
        (C(a), R(b)) => a.sub_real(b),
        (R(a), C(b)) => Complex::real_sub(a, b),
        (a, b) => a.widen() - b.widen(),
    })
}

fn mul(a: Operand, b: Operand) -> NumResult<Complex> {
    use Operand::{Complex as C, Real as R};
    Ok(match (a, b) {
        (C(a), R(b)) => a.mul_real(b),
        (R(a), C(b)) => b.mul_real(a),
        (a, b) => a.widen() * b.widen(),
    })
}

fn div(a: Operand, b: Operand) -> NumResult<Complex> {
    use Operand::{Complex as C, Real as R};
    match (a, b) {
        (C(a), R(b)) => a.div_real(b),
        (R(a), C(b)) => Complex::real_div(a, b),
        (a, b) => a.widen().quotient(b.widen()),
    }
}

fn pow(a: Operand, b: Operand) -> NumResult<Complex> {
    a.widen().pow(b.widen())
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

macro_rules! unordered {
    ($name:literal, $doc:literal) => {
        row!($name, "(self, value, /)", |_, _| Ok(Value::NOT_IMPLEMENTED), $doc)
    };
}

/// The class.
pub static COMPLEX: TypeDef = TypeDef {
    id: Some(T::complex),
    name: "complex",
    body: Body::Words(Kind::Complex, 3),
    subclassable: true,
    methods: METHODS,
    class_methods: CLASS_METHODS,
    static_methods: STATIC_METHODS,
    getset: GETSET,
    doc: "Create a complex number from a string or numbers.\n\nIf a string is given, parse it as a complex number.\nIf a single number is given, convert it to a complex number.\nIf the 'real' or 'imag' arguments are given, create a complex number\nwith the specified real and imaginary components.",
    ..TypeDef::BASE
};

const STATIC_METHODS: &[NativeDef] = &[row!(
    "__new__",
    "(type, /, real=<0>, imag=<0>)",
    new,
    "Create and return a new object.  See help(type) for accurate signature."
)];

const CLASS_METHODS: &[NativeDef] = &[row!(
    "from_number",
    "(type, number, /)",
    from_number,
    "Convert number to a complex floating-point number."
)];

const METHODS: &[NativeDef] = &[
    forward!("__add__", add, "Return self+value."),
    reflected!("__radd__", add, "Return value+self."),
    forward!("__sub__", sub, "Return self-value."),
    reflected!("__rsub__", sub, "Return value-self."),
    forward!("__mul__", mul, "Return self*value."),
    reflected!("__rmul__", mul, "Return value*self."),
    forward!("__truediv__", div, "Return self/value."),
    reflected!("__rtruediv__", div, "Return value/self."),
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
    row!(
        "__eq__",
        "(self, value, /)",
        |_, args| equals(args, CompareOp::Eq),
        "Return self==value."
    ),
    row!(
        "__ne__",
        "(self, value, /)",
        |_, args| equals(args, CompareOp::Ne),
        "Return self!=value."
    ),
    unordered!("__lt__", "Return self<value."),
    unordered!("__le__", "Return self<=value."),
    unordered!("__gt__", "Return self>value."),
    unordered!("__ge__", "Return self>=value."),
    row!("__neg__", "(self, /)", |cx, args| new_complex(cx, -this(args)), "-self"),
    row!("__pos__", "(self, /)", |cx, args| new_complex(cx, this(args)), "+self"),
    row!(
        "__abs__",
        "(self, /)",
        |cx, args| this(args).abs().or_raise(cx).map(Value::float),
        "abs(self)"
    ),
    row!(
        "__bool__",
        "(self, /)",
        |_, args| Ok(Value::bool(this(args).re != 0.0 || this(args).im != 0.0)),
        "True if self else False"
    ),
    row!(
        "__complex__",
        "(self, /)",
        |cx, args| new_complex(cx, this(args)),
        "Convert this value to exact type complex."
    ),
    row!(
        "__hash__",
        "(self, /)",
        |cx, args| cx.new_int(hash_complex(this(args).re, this(args).im)),
        "Return hash(self)."
    ),
    row!(
        "__repr__",
        "(self, /)",
        |cx, args| new_ascii(cx, &this(args).repr()),
        "Return repr(self)."
    ),
    row!(
        "__format__",
        "(self, format_spec, /)",
        format,
        "Convert to a string according to format_spec."
    ),
    row!("__getnewargs__", "(self, /)", new_args, ""),
    row!(
        "conjugate",
        "(self, /)",
        |cx, args| new_complex(cx, Complex { im: -this(args).im, ..this(args) }),
        "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j."
    ),
];

const GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "real",
        get: |_, v| Ok(Value::float(complex_of(v).map_or(0.0, |c| c.re))),
        set: Some(readonly),
        doc: "the real part of a complex number",
    },
    GetSetDef {
        name: "imag",
        get: |_, v| Ok(Value::float(complex_of(v).map_or(0.0, |c| c.im))),
        set: Some(readonly),
        doc: "the imaginary part of a complex number",
    },
];

fn new_args(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let c = this(args);
    cx.new_tuple(&[Value::float(c.re), Value::float(c.im)])
}

fn power(cx: &mut Cx, a: Value, b: Value, args: Args<'_>) -> Completion<Value> {
    if args.not_none(2).is_some() {
        return raise!(cx, ValueError, "complex modulo");
    }
    binary(cx, a, b, pow)
}

fn equals(args: Args<'_>, op: CompareOp) -> Completion<Value> {
    let a = this(args);
    let b = args.get(1);
    let equal = if let Some(b) = complex_of(b) {
        a == b
    } else if let Some(b) = float_of(b) {
        a.im == 0.0 && a.re == b
    } else if let Some(b) = as_int(b) {
        a.im == 0.0 && holds(CompareOp::Eq, compare_int(a.re, b))
    } else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
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
    let c = this(args);
    let text = format_complex(c.re, c.im, spec_text).or_raise(cx)?;
    new_text(cx, &text)
}

/// `v.__complex__()`, if it has it; complex numbers answer for themselves.
///
/// # Errors
/// `TypeError` for a result of another class, and whatever the method raises.
pub fn through_complex(cx: &mut Cx, v: Value) -> Completion<Option<Complex>> {
    let exact = v.obj().is_some_and(|o| o.kind() == Kind::Complex);
    if !exact && let Some(r) = call_special(cx, v, Special::Complex, &[])? {
        if let Some(c) = complex_of(r) {
            return Ok(Some(c));
        }
        let (name, got) = (cx.type_name(v), cx.type_name(r));
        return raise!(cx, TypeError, "{name}.__complex__() must return a complex, not {got}");
    }
    Ok(complex_of(v))
}

/// `v` as a complex number, as `cmath` and `from_number` take it: also a real number.
///
/// # Errors
/// `TypeError` ("must be real number, not str"), and whatever conversion methods raise.
pub fn to_complex(cx: &mut Cx, v: Value) -> Completion<Complex> {
    match through_complex(cx, v)? {
        Some(c) => Ok(c),
        None => super::number::to_f64(cx, v).map(|re| Complex { re, im: 0.0 }),
    }
}

fn from_number(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let c = to_complex(cx, args.get(1))?;
    let v = new_complex(cx, c)?;
    match args.get(0) == Value::from(cx.class(T::complex)) {
        true => Ok(v),
        false => crate::protocol::call(cx, args.get(0), &[v]),
    }
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let c = construct(cx, args)?;
    let v = new_complex(cx, c)?;
    instance_of(cx, args.get(0), T::complex, v)
}

fn construct(cx: &mut Cx, args: Args<'_>) -> Completion<Complex> {
    let (real, imag) = (args.opt(1), args.opt(2));
    let zero = Complex { re: 0.0, im: 0.0 };
    if imag.is_none() {
        let Some(v) = real else { return Ok(zero) };
        return single(cx, v);
    }
    let re = match real {
        None => Operand::Real(0.0),
        Some(v) => component(cx, v, "real")?,
    };
    let im = match imag {
        None => Operand::Real(0.0),
        Some(v) => component(cx, v, "imag")?,
    };
    Ok(combine(re, im))
}

/// `re + im * 1j`; reals add no zeros of their own.
fn combine(re: Operand, im: Operand) -> Complex {
    let (mut c, im) = (re.widen(), im);
    let across = c.im;
    c.im = im.widen().re;
    if let Operand::Complex(_) = re {
        c.im += across;
    }
    if let Operand::Complex(im) = im {
        c.re -= im.im;
    }
    c
}

fn single(cx: &mut Cx, v: Value) -> Completion<Complex> {
    if let Some(s) = string::exact(v) {
        return match Complex::parse(&lossy(string::bytes_of(s))) {
            Some(c) => Ok(c),
            None => raise!(cx, ValueError, "complex() arg is a malformed string"),
        };
    }
    if let Some(c) = through_complex(cx, v)? {
        return Ok(c);
    }
    match real_part(cx, v)? {
        Some(re) => Ok(Complex { re, im: 0.0 }),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "complex() argument must be a string or a number, not {name}")
        }
    }
}

fn real_part(cx: &mut Cx, v: Value) -> Completion<Option<f64>> {
    match float_operand(cx, v)? {
        Some(f) => Ok(Some(f)),
        None if find_special(cx, v, Special::Float).is_some()
            || find_special(cx, v, Special::Index).is_some() =>
        {
            through_methods(cx, v)
        }
        None => Ok(None),
    }
}

fn component(cx: &mut Cx, v: Value, name: &str) -> Completion<Operand> {
    if string::exact(v).is_none() {
        let found = match name {
            "real" => through_complex(cx, v)?,
            _ => complex_of(v),
        };
        if let Some(c) = found {
            return Ok(Operand::Complex(c));
        }
        if let Some(re) = real_part(cx, v)? {
            return Ok(Operand::Real(re));
        }
    }
    let got = cx.type_name(v);
    raise!(cx, TypeError, "complex() argument '{name}' must be a real number, not {got}")
}
