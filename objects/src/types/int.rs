//! `int`: layout of integers beyond 51 bits.
//!
//! Words: 1 number of 64-bit limbs, with bit 62 set for negative numbers; magnitude from word 2, least significant first.
//! Immutable: no conflicts. Arithmetic is in `int_ops.rs`, the class in `int_type.rs`.

use std::sync::atomic::Ordering;

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    num::{big::BigInt, limbs},
    types::T,
    value::Value,
};

const NEGATIVE: u64 = 1 << 62;
/// Word of the lowest limb.
const FIRST: usize = 2;

/// An `int` from sign and magnitude (no leading zero limbs needed); small ones come out inline.
///
/// # Errors
/// `MemoryError`.
pub fn from_limbs(cx: &mut Cx, negative: bool, limbs: &[u64]) -> Completion<Value> {
    let n = limbs.iter().rposition(|&l| l != 0).map_or(0, |i| i + 1);
    if n <= 1 {
        let magnitude = limbs.first().copied().unwrap_or(0);
        if magnitude <= Value::INT_MAX as u64 {
            let i = magnitude as i64;
            return Ok(Value::small(if negative { -i } else { i }));
        }
        if negative && magnitude == Value::INT_MIN.unsigned_abs() {
            return Ok(Value::small(Value::INT_MIN));
        }
    }
    let o = alloc(cx, n)?;
    o.init_limbs(FIRST, n).copy_from_slice(&limbs[..n]);
    seal(o, negative, n);
    Ok(o.into())
}

fn alloc(cx: &mut Cx, n: usize) -> Completion<Obj> {
    let meta =
        class::root_shape(cx.class(T::int)).meta() & !(0xFF << 48) | (Kind::Int as u64) << 48;
    cx.alloc_sized(meta, n, FIRST)
}

fn seal(o: Obj, negative: bool, n: usize) {
    // Relaxed: nobody else sees the object yet.
    o.word(1).store(n as u64 | if negative { NEGATIVE } else { 0 }, Ordering::Relaxed);
}

/// An `int` of a sign and at most `n` limbs, which `fill` writes.
///
/// # Errors
/// `MemoryError`.
pub fn from_filled(
    cx: &mut Cx,
    negative: bool,
    n: usize,
    fill: impl FnOnce(&mut [u64]),
) -> Completion<Value> {
    let o = alloc(cx, n)?;
    let limbs = o.init_limbs(FIRST, n);
    fill(limbs);
    let limbs = limbs::trim(limbs);
    if limbs.len() <= 1 {
        // May be inline; the object is garbage then.
        return from_limbs(cx, negative, limbs);
    }
    seal(o, negative, limbs.len());
    Ok(o.into())
}

/// A heap `int` from an `i64` that does not fit inline.
///
/// # Errors
/// `MemoryError`.
#[cold]
pub fn new_big_i64(cx: &mut Cx, i: i64) -> Completion<Value> {
    from_limbs(cx, i < 0, &[i.unsigned_abs()])
}

/// The value of a `Kind::Int` object of one limb.
#[inline]
pub fn one_limb(o: Obj) -> Option<i128> {
    if o.kind() != Kind::Int {
        return None;
    }
    match limbs(o) {
        (negative, &[limb]) => Some(if negative { -i128::from(limb) } else { i128::from(limb) }),
        _ => None,
    }
}

/// Sign and limbs of a `Kind::Int` object, without leading zeros.
#[inline]
pub fn limbs(o: Obj) -> (bool, &'static [u64]) {
    // Relaxed: immutable since before anyone else saw it.
    let head = o.word(1).load(Ordering::Relaxed);
    (head & NEGATIVE != 0, o.limbs(FIRST, (head & 0xFFFF_FFFF) as usize))
}

/// The value of a `Kind::Int` object. Up to 128 bits nothing is allocated.
pub fn to_big(o: Obj) -> BigInt {
    let (negative, limbs) = limbs(o);
    BigInt::from_sign_limbs(negative, limbs)
}
