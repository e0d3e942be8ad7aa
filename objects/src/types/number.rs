//! Between numbers as values and numbers as Rust has them; errors of `num` and `text` as exceptions.
//!
//! - Holds: what the `*_of` functions give is exact; the ones that may run Python code take `Cx`.

use std::{borrow::Cow, sync::atomic::Ordering};

use crate::{
    class,
    cx::Cx,
    exc::{Completion, Escape, raise_message},
    heap::{Kind, Obj},
    names::Special,
    num::{ErrKind, NumError, NumResult, big::BigInt, complex::Complex, float::ERANGE_TEXT},
    protocol::{
        call_special,
        convert::{as_int, subclass_returned},
    },
    raise,
    text::{ErrorKind, TextError},
    types::T,
    value::Value,
};

/// The digit limit that a world starts with.
pub const DEFAULT_MAX_STR_DIGITS: usize = crate::num::big::text::DEFAULT_MAX_STR_DIGITS;

/// Turns the errors of `num` and `text` into exceptions.
pub trait OrRaise<R> {
    /// The result, or the escape for the matching exception.
    ///
    /// # Errors
    /// The exception.
    fn or_raise(self, cx: &mut Cx) -> Completion<R>;
}

impl<R> OrRaise<R> for NumResult<R> {
    #[inline]
    fn or_raise(self, cx: &mut Cx) -> Completion<R> {
        self.map_err(|error| raise_num(cx, &error))
    }
}

impl<R> OrRaise<R> for Result<R, TextError> {
    #[inline]
    fn or_raise(self, cx: &mut Cx) -> Completion<R> {
        self.map_err(|error| {
            let class = match error.kind {
                ErrorKind::Value => T::ValueError,
                ErrorKind::Type => T::TypeError,
                ErrorKind::Overflow => T::OverflowError,
                ErrorKind::Index => T::IndexError,
                ErrorKind::Memory => return cx.out_of_memory(),
            };
            raise_message(cx, class, &error.message)
        })
    }
}

/// The escape for a failed computation.
#[cold]
pub fn raise_num(cx: &mut Cx, error: &NumError) -> Escape {
    let class = match error.kind {
        ErrKind::ZeroDivision => T::ZeroDivisionError,
        ErrKind::Overflow if error.text == ERANGE_TEXT => return range_errno(cx),
        ErrKind::Overflow => T::OverflowError,
        ErrKind::Value => T::ValueError,
        ErrKind::Type => T::TypeError,
        ErrKind::Memory => return cx.out_of_memory(),
    };
    raise_message(cx, class, &error.text)
}

/// `OverflowError(34, 'Numerical result out of range')`, as C's `errno` would have it.
fn range_errno(cx: &mut Cx) -> Escape {
    let class = cx.class(T::OverflowError);
    let made = cx.new_str(ERANGE_TEXT).and_then(|text| {
        let errno = Value::small(34);
        cx.new_exception(class, &[errno, text])
    });
    match made {
        Ok(exc) => Escape::raise(exc),
        Err(escape) => escape,
    }
}

// ---- integers -----------------------------------------------------------------------------

/// The integer that an exact `int` value (inline or `Kind::Int`) stands for; 0 for anything else.
pub fn big_of(v: Value) -> BigInt {
    if v.is_small() {
        return BigInt::from(v.as_small());
    }
    match v.obj().filter(|o| o.kind() == Kind::Int) {
        Some(o) => super::int::to_big(o),
        None => BigInt::zero(),
    }
}

/// An `int` of this value.
///
/// # Errors
/// `MemoryError`
pub fn new_big(cx: &mut Cx, n: &BigInt) -> Completion<Value> {
    let (negative, limbs) = n.sign_limbs();
    super::int::from_limbs(cx, negative, limbs)
}

/// An `int` of this value.
///
/// # Errors
/// `MemoryError`
pub fn new_u64(cx: &mut Cx, n: u64) -> Completion<Value> {
    match i64::try_from(n) {
        Ok(n) => cx.new_int(n),
        Err(_) => super::int::from_limbs(cx, false, &[n]),
    }
}

/// An `int` of this value.
///
/// # Errors
/// `MemoryError`
pub fn new_i128(cx: &mut Cx, n: i128) -> Completion<Value> {
    let magnitude = n.unsigned_abs();
    super::int::from_limbs(cx, n < 0, &[magnitude as u64, (magnitude >> 64) as u64])
}

/// `operator.index(v)` of any size.
///
/// # Errors
/// `TypeError` if `v` is no integer, and whatever `__index__` raises.
pub fn index_to_big(cx: &mut Cx, v: Value) -> Completion<BigInt> {
    Ok(big_of(crate::protocol::index_int(cx, v)?))
}

// ---- floats -------------------------------------------------------------------------------

/// The value of a float or an instance of a subclass.
#[inline]
pub fn float_of(v: Value) -> Option<f64> {
    if v.is_float() {
        return Some(v.as_float());
    }
    payload(v)?.float_value()
}

/// The builtin value inside an instance of a subclass of an immutable builtin class.
#[inline]
pub fn payload(v: Value) -> Option<Value> {
    let o = v.obj().filter(|o| o.kind() == Kind::Instance)?;
    class::has_flag(o.class(), class::flag::PAYLOAD).then(|| o.raw(class::PAYLOAD))
}

/// An exact `int` value as a float.
///
/// # Errors
/// `OverflowError` if it is too large.
pub fn int_to_f64(cx: &mut Cx, v: Value) -> Completion<f64> {
    match v.small_int() {
        Some(i) => Ok(i as f64),
        None => big_of(v).to_f64().or_raise(cx),
    }
}

/// The operand of a float operation: a float or an int; `None` for anything else.
///
/// # Errors
/// `OverflowError` for an int that is too large.
#[inline]
pub fn float_operand(cx: &mut Cx, v: Value) -> Completion<Option<f64>> {
    if let Some(f) = float_of(v) {
        return Ok(Some(f));
    }
    match as_int(v) {
        Some(i) => int_to_f64(cx, i).map(Some),
        None => Ok(None),
    }
}

/// `v` as a C double: a float, an int, or through `__float__` or `__index__`.
///
/// # Errors
/// `TypeError` ("must be real number, not str"), `OverflowError`, and whatever the methods raise.
#[inline]
pub fn to_f64(cx: &mut Cx, v: Value) -> Completion<f64> {
    if v.is_float() {
        return Ok(v.as_float());
    }
    match float_operand(cx, v)? {
        Some(f) => Ok(f),
        None => match through_methods(cx, v)? {
            Some(f) => Ok(f),
            None => {
                let name = cx.type_name(v);
                raise!(cx, TypeError, "must be real number, not {name}")
            }
        },
    }
}

/// `v.__float__()` or `float(v.__index__())`; `None` if it has neither.
///
/// # Errors
/// `TypeError` for results of the wrong class, and whatever the methods raise.
pub fn through_methods(cx: &mut Cx, v: Value) -> Completion<Option<f64>> {
    if let Some(r) = call_special(cx, v, Special::Float, &[])? {
        if let Some(f) = float_of(r) {
            if !r.is_float() {
                let method = format!("{}.__float__", cx.type_name(v));
                subclass_returned(cx, &method, r, T::float)?;
            }
            return Ok(Some(f));
        }
        let (name, got) = (cx.type_name(v), cx.type_name(r));
        return raise!(cx, TypeError, "{name}.__float__ returned non-float (type {got})");
    }
    if crate::protocol::find_special(cx, v, Special::Index).is_none() {
        return Ok(None);
    }
    let i = crate::protocol::index_int(cx, v)?;
    int_to_f64(cx, i).map(Some)
}

// ---- complex ------------------------------------------------------------------------------

/// The value of a complex number or an instance of a subclass.
pub fn complex_of(v: Value) -> Option<Complex> {
    let v = payload(v).unwrap_or(v);
    let o = v.obj().filter(|o| o.kind() == Kind::Complex)?;
    let part = |i| f64::from_bits(o.word(i).load(Ordering::Relaxed));
    Some(Complex { re: part(1), im: part(2) })
}

/// A `complex` object.
///
/// # Errors
/// `MemoryError`
pub fn new_complex(cx: &mut Cx, c: Complex) -> Completion<Value> {
    let o = cx.new_object(T::complex)?;
    // Relaxed: nobody else sees the object yet.
    o.word(1).store(c.re.to_bits(), Ordering::Relaxed);
    o.word(2).store(c.im.to_bits(), Ordering::Relaxed);
    Ok(o.into())
}

// ---- text, bytes, classes -----------------------------------------------------------------

/// A `str` of ASCII text.
///
/// # Errors
/// `MemoryError`
pub fn new_ascii(cx: &mut Cx, text: &str) -> Completion<Value> {
    super::str::new_str_bytes(cx, text.as_bytes(), text.len())
}

/// A `str` of these WTF-8 bytes.
///
/// # Errors
/// `MemoryError`
pub fn new_text(cx: &mut Cx, bytes: &[u8]) -> Completion<Value> {
    super::str::new_str_bytes(cx, bytes, crate::text::cp::count(bytes))
}

/// A `bytes` object.
///
/// # Errors
/// `MemoryError`
pub fn new_bytes(cx: &mut Cx, bytes: &[u8]) -> Completion<Value> {
    let meta = class::root_shape(cx.class(T::bytes)).meta();
    let o = cx.alloc_sized(meta, bytes.len().div_ceil(8), 2)?;
    // Relaxed: nobody else sees the object yet.
    o.word(1).store(bytes.len() as u64, Ordering::Relaxed);
    o.init_bytes(2).copy_from_slice(bytes);
    Ok(o.into())
}

/// WTF-8 text for number parsers, which refuse what is not ASCII anyway: lone surrogates become
/// replacement characters.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// `v` as an instance of `class`: itself if `class` is the builtin class `base`, else an
/// instance that carries it.
///
/// # Errors
/// `TypeError` if `class` is no subclass of `base`, `MemoryError`.
pub fn instance_of(cx: &mut Cx, class: Value, base: T, v: Value) -> Completion<Value> {
    let base_class = cx.class(base);
    if class == Value::from(base_class) {
        return Ok(v);
    }
    let class = class_argument(cx, class, base_class)?;
    if !class::has_flag(class, class::flag::HEAP) {
        let (base, class) = (class::name(base_class), class::name(class));
        return raise!(cx, TypeError, "{base}.__new__({class}) is not safe, use {class}.__new__()");
    }
    let o = cx.new_instance(class)?;
    o.init(class::PAYLOAD, v);
    Ok(o.into())
}

/// The first argument of `__new__`, checked.
///
/// # Errors
/// `TypeError`
pub fn class_argument(cx: &mut Cx, class: Value, base: Obj) -> Completion<Obj> {
    let base_name = class::name(base);
    let Some(class) = class.obj().filter(|o| o.kind() == Kind::Type) else {
        let name = cx.type_name(class);
        return raise!(cx, TypeError, "{base_name}.__new__(X): X is not a type object ({name})");
    };
    if !class::is_subclass(class, base) {
        let name = class::name(class);
        return raise!(
            cx,
            TypeError,
            "{base_name}.__new__({name}): {name} is not a subtype of {base_name}"
        );
    }
    Ok(class)
}

/// The setter of attributes that CPython keeps in read-only members.
///
/// # Errors
/// Always `AttributeError`.
pub fn readonly(cx: &mut Cx, _this: Value, _v: Value) -> Completion<()> {
    raise!(cx, AttributeError, "readonly attribute")
}
