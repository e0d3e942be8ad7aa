//! Arithmetic on exact `int` values (inline or `Kind::Int`): what the VM and `int`'s methods call.
//!
//! Each function answers from the inline words when both operands are small and the result is;
//! only then is it inlined. The rest is cold and goes through [`BigInt`].

use std::{
    cmp::Ordering,
    ops::{Add, Sub},
};

use crate::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    num::{
        NumError, NumResult,
        big::{BigInt, floor_div_i64, floor_mod_i64, mod_pow_i64},
        limbs,
    },
    protocol::{BinaryOp, CompareOp},
    types::{
        int::from_filled,
        number::{OrRaise, big_of, new_big, new_i128, new_u64},
    },
    value::Value,
};

type BigOp = fn(&BigInt, &BigInt) -> NumResult<BigInt>;

#[cold]
#[inline(never)]
fn slow(cx: &mut Cx, a: Value, b: Value, op: BigOp) -> Completion<Value> {
    let result = op(&big_of(a), &big_of(b)).or_raise(cx)?;
    new_big(cx, &result)
}

#[cold]
fn division_by_zero<R>(cx: &mut Cx) -> Completion<R> {
    Err(NumError::zero_division("division by zero")).or_raise(cx)
}

#[inline(always)]
fn smalls(a: Value, b: Value) -> Option<(i64, i64)> {
    (a.is_small() && b.is_small()).then(|| (a.as_small(), b.as_small()))
}

/// An `int` of at most one limb: sums and products of these need no big integers.
#[inline(always)]
fn wide(v: Value) -> Option<i128> {
    match v.obj() {
        None => v.small_int().map(i128::from),
        Some(o) => super::int::one_limb(o),
    }
}

macro_rules! checked {
    ($($(#[$doc:meta])* $name:ident = $small:ident, $big:ident, $negate:literal;)*) => { $(
        $(#[$doc])*
        ///
        /// # Errors
        /// `MemoryError`
        #[inline]
        pub fn $name(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
            if a.is_small() && b.is_small() && let Some(v) = a.$small(b) {
                return Ok(v);
            }
            if let (Some(x), Some(y)) = (wide(a), wide(b)) {
                return new_i128(cx, x.$big(y));
            }
            sum(cx, a, b, $negate)
        }
    )* };
}
checked! {
    /// `a + b`
    add = small_add, add, false;
    /// `a - b`
    sub = small_sub, sub, true;
}

/// Sign and limbs of an exact `int`; those of a small one in `room`.
#[inline]
fn parts(v: Value, room: &mut [u64; 1]) -> (bool, &[u64]) {
    if let Some(o) = v.obj().filter(|o| o.kind() == Kind::Int) {
        return super::int::limbs(o);
    }
    let small = v.small_int().unwrap_or(0);
    *room = [small.unsigned_abs()];
    (small < 0, limbs::trim(room))
}

/// `a + b` or `a - b` of which at least one is large.
#[cold]
#[inline(never)]
fn sum(cx: &mut Cx, a: Value, b: Value, negate: bool) -> Completion<Value> {
    let (mut room_a, mut room_b) = ([0], [0]);
    let ((a_negative, a), (b_negative, b)) = (parts(a, &mut room_a), parts(b, &mut room_b));
    let b_negative = b_negative != negate;
    let is_less = limbs::cmp(a, b).is_lt();
    let (long, short) = if is_less { (b, a) } else { (a, b) };
    let negative = if is_less { b_negative } else { a_negative };
    if a_negative == b_negative {
        return from_filled(cx, negative, long.len() + 1, |out| limbs::add(out, long, short));
    }
    from_filled(cx, negative, long.len(), |out| limbs::sub(out, long, short))
}

/// `a * b` of which at least one is large.
#[cold]
#[inline(never)]
fn product(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    let (mut room_a, mut room_b) = ([0], [0]);
    let ((a_negative, x), (b_negative, y)) = (parts(a, &mut room_a), parts(b, &mut room_b));
    if x.len().min(y.len()) > limbs::MUL_MOST {
        return slow(cx, a, b, |a, b| Ok(a.mul(b)));
    }
    let negative = a_negative != b_negative;
    from_filled(cx, negative, x.len() + y.len(), |out| limbs::mul(out, x, y))
}

/// `a // b` for large numbers of one sign, when their first bits tell.
#[inline]
fn quick_quotient(a: Value, b: Value) -> Option<u64> {
    let (mut room_a, mut room_b) = ([0], [0]);
    let ((a_negative, a), (b_negative, b)) = (parts(a, &mut room_a), parts(b, &mut room_b));
    if a_negative == b_negative { limbs::quick_div(a, b) } else { None }
}

/// `a * b`
///
/// # Errors
/// `MemoryError`
#[inline]
pub fn mul(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    if let Some((x, y)) = smalls(a, b) {
        return match a.small_mul(b) {
            Some(v) => Ok(v),
            None => wide_mul(cx, x, y),
        };
    }
    if let (Some(x), Some(y)) = (wide(a), wide(b))
        && let Some(product) = x.checked_mul(y)
    {
        return new_i128(cx, product);
    }
    product(cx, a, b)
}

#[cold]
fn wide_mul(cx: &mut Cx, x: i64, y: i64) -> Completion<Value> {
    new_i128(cx, i128::from(x) * i128::from(y))
}

macro_rules! bitwise {
    ($($(#[$doc:meta])* $name:ident = $op:tt;)*) => { $(
        $(#[$doc])*
        ///
        /// # Errors
        /// `MemoryError`
        #[inline]
        pub fn $name(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
            if let Some((x, y)) = smalls(a, b) {
                return Ok(Value::small(x $op y));
            }
            if let (Some(x), Some(y)) = (wide(a), wide(b)) {
                return new_i128(cx, x $op y);
            }
            slow(cx, a, b, |a, b| Ok(a.$name(b)))
        }
    )* };
}
bitwise! {
    /// `a & b`
    and = &;
    /// `a | b`
    or = |;
    /// `a ^ b`
    xor = ^;
}

/// `a // b`
///
/// # Errors
/// `ZeroDivisionError`, `MemoryError`
#[inline]
pub fn floor_div(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    if let Some((x, y)) = smalls(a, b) {
        return match floor_div_i64(x, y) {
            Some(quotient) => cx.new_int(quotient),
            None => division_by_zero(cx),
        };
    }
    if let (Some(x), Some(y)) = (wide(a), wide(b))
        && y > 0
    {
        return new_i128(cx, x.div_euclid(y));
    }
    match quick_quotient(a, b) {
        Some(quotient) => new_u64(cx, quotient),
        None => slow(cx, a, b, BigInt::floor_div),
    }
}

/// `a % b`
///
/// # Errors
/// `ZeroDivisionError`, `MemoryError`
#[inline]
pub fn modulo(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    if let Some((x, y)) = smalls(a, b) {
        if y == 0 {
            return division_by_zero(cx);
        }
        return Ok(Value::small(floor_mod_i64(x, y)));
    }
    if let (Some(x), Some(y)) = (wide(a), wide(b))
        && y > 0
    {
        return new_i128(cx, x.rem_euclid(y));
    }
    slow(cx, a, b, BigInt::modulo)
}

/// `divmod(a, b)` as a tuple.
///
/// # Errors
/// `ZeroDivisionError`, `MemoryError`
pub fn div_mod(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    if smalls(a, b).is_some() {
        let quotient = floor_div(cx, a, b)?;
        let rest = modulo(cx, a, b)?;
        return cx.new_tuple(&[quotient, rest]);
    }
    let (quotient, rest) = big_of(a).div_mod(&big_of(b)).or_raise(cx)?;
    let quotient = new_big(cx, &quotient)?;
    let rest = new_big(cx, &rest)?;
    cx.new_tuple(&[quotient, rest])
}

/// `a / b` as a float.
///
/// # Errors
/// `ZeroDivisionError`, `OverflowError`
#[inline]
pub fn true_div(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    if let Some((x, y)) = smalls(a, b) {
        if y == 0 {
            return division_by_zero(cx);
        }
        // Both are exact as floats, so one rounding happens.
        return Ok(Value::float(x as f64 / y as f64));
    }
    big_of(a).true_div(&big_of(b)).or_raise(cx).map(Value::float)
}

/// `a << b`
///
/// # Errors
/// `ValueError` for a negative count, `MemoryError`
#[inline]
pub fn shl(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    if let Some((x, y)) = smalls(a, b)
        && (0..64).contains(&y)
    {
        let wide = i128::from(x) << y;
        return match i64::try_from(wide) {
            Ok(narrow) => cx.new_int(narrow),
            Err(_) => new_i128(cx, wide),
        };
    }
    slow(cx, a, b, BigInt::shl)
}

/// `a >> b`
///
/// # Errors
/// `ValueError` for a negative count, `MemoryError`
#[inline]
pub fn shr(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    if let Some((x, y)) = smalls(a, b)
        && y >= 0
    {
        return Ok(Value::small(x >> y.min(63)));
    }
    if let (Some(x), Some(y)) = (wide(a), b.small_int())
        && y >= 0
    {
        return new_i128(cx, x >> y.min(127));
    }
    slow(cx, a, b, BigInt::shr)
}

/// `a ** b`: an int, or a float for a negative exponent.
///
/// # Errors
/// `ZeroDivisionError` for zero to a negative power, `MemoryError`, `OverflowError`
pub fn pow(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    if let Some((x, y)) = smalls(a, b)
        && let Ok(exp) = u32::try_from(y)
        && let Some(power) = x.checked_pow(exp)
    {
        return cx.new_int(power);
    }
    if compare(b, Value::small(0)).is_lt() {
        let (x, y) = (super::number::int_to_f64(cx, a)?, super::number::int_to_f64(cx, b)?);
        return match crate::num::float::pow(x, y).or_raise(cx)? {
            crate::num::float::Power::Float(f) => Ok(Value::float(f)),
            crate::num::float::Power::NeedsComplex => Ok(Value::float(f64::NAN)),
        };
    }
    slow(cx, a, b, BigInt::pow)
}

/// `pow(a, b, modulus)`
///
/// # Errors
/// `ValueError` for a zero modulus or a missing inverse.
pub fn mod_pow(cx: &mut Cx, a: Value, b: Value, modulus: Value) -> Completion<Value> {
    if let (Some((x, y)), Some(m)) = (smalls(a, b), modulus.small_int())
        && let (Ok(exp), Ok(m)) = (u64::try_from(y), u32::try_from(m))
        && m > 0
    {
        return Ok(Value::small(mod_pow_i64(x, exp, m)));
    }
    let result = big_of(a).mod_pow(&big_of(b), &big_of(modulus)).or_raise(cx)?;
    new_big(cx, &result)
}

/// `-a`
///
/// # Errors
/// `MemoryError`
#[inline]
pub fn neg(cx: &mut Cx, a: Value) -> Completion<Value> {
    match a.small_int() {
        Some(x) => cx.new_int(-x),
        None => new_big(cx, &big_of(a).neg()),
    }
}

/// `abs(a)`
///
/// # Errors
/// `MemoryError`
pub fn abs(cx: &mut Cx, a: Value) -> Completion<Value> {
    match a.small_int() {
        Some(x) => cx.new_int(x.abs()),
        None => new_big(cx, &big_of(a).abs()),
    }
}

/// `~a`
///
/// # Errors
/// `MemoryError`
#[inline]
pub fn invert(cx: &mut Cx, a: Value) -> Completion<Value> {
    match a.small_int() {
        Some(x) => Ok(Value::small(!x)),
        None => new_big(cx, &big_of(a).invert()),
    }
}

/// The order of two exact `int` values.
#[inline]
pub fn compare(a: Value, b: Value) -> Ordering {
    match smalls(a, b) {
        Some((x, y)) => x.cmp(&y),
        None => match (wide(a), wide(b)) {
            (Some(x), Some(y)) => x.cmp(&y),
            _ => compare_large(a, b),
        },
    }
}

#[cold]
#[inline(never)]
fn compare_large(a: Value, b: Value) -> Ordering {
    let (mut room_a, mut room_b) = ([0], [0]);
    match (parts(a, &mut room_a), parts(b, &mut room_b)) {
        ((false, _), (true, _)) => Ordering::Greater,
        ((true, _), (false, _)) => Ordering::Less,
        ((false, a), (false, b)) => limbs::cmp(a, b),
        ((true, a), (true, b)) => limbs::cmp(b, a),
    }
}

/// `a OP b`
#[inline]
pub fn compares(op: CompareOp, a: Value, b: Value) -> bool {
    op.holds(compare(a, b))
}

#[inline(always)]
fn is_exact(v: Value) -> bool {
    v.is_small() || v.obj().is_some_and(|o| o.kind() == Kind::Int)
}

/// Whether both are exact `int` values, so that the functions of this file apply.
#[inline(always)]
pub fn are_exact(a: Value, b: Value) -> bool {
    is_exact(a) && is_exact(b)
}

/// `a OP b` for two exact `int` values; `None` for `@`, which they do not have.
///
/// # Errors
/// As the function for the operator.
pub fn binary(cx: &mut Cx, op: BinaryOp, a: Value, b: Value) -> Option<Completion<Value>> {
    let run = match op {
        BinaryOp::Add => add,
        BinaryOp::Sub => sub,
        BinaryOp::Mul => mul,
        BinaryOp::TrueDiv => true_div,
        BinaryOp::FloorDiv => floor_div,
        BinaryOp::Mod => modulo,
        BinaryOp::DivMod => div_mod,
        BinaryOp::Pow => pow,
        BinaryOp::LShift => shl,
        BinaryOp::RShift => shr,
        BinaryOp::And => and,
        BinaryOp::Xor => xor,
        BinaryOp::Or => or,
        BinaryOp::MatMul => return None,
    };
    Some(run(cx, a, b))
}

/// Whether it is zero.
#[inline]
pub fn is_zero(a: Value) -> bool {
    // A heap int is beyond 51 bits, so never zero.
    a == Value::small(0)
}
