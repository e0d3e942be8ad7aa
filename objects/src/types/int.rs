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
    num::big::BigInt,
    types::T,
    value::Value,
};

const NEGATIVE: u64 = 1 << 62;

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
    let meta =
        class::root_shape(cx.class(T::int)).meta() & !(0xFF << 48) | (Kind::Int as u64) << 48;
    let o = cx.alloc_sized(meta, n, 2)?;
    o.word(1).store(n as u64 | if negative { NEGATIVE } else { 0 }, Ordering::Relaxed);
    for (i, &limb) in limbs[..n].iter().enumerate() {
        o.word(2 + i).store(limb, Ordering::Relaxed);
    }
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
    match sign_len(o) {
        (negative, 1) => {
            Some(if negative { -i128::from(limb(o, 0)) } else { i128::from(limb(o, 0)) })
        }
        _ => None,
    }
}

/// Sign and limbs of a `Kind::Int` object.
pub fn limbs(o: Obj) -> (bool, Vec<u64>) {
    let (negative, n) = sign_len(o);
    (negative, (0..n).map(|i| limb(o, i)).collect())
}

fn sign_len(o: Obj) -> (bool, usize) {
    let head = o.word(1).load(Ordering::Relaxed);
    (head & NEGATIVE != 0, (head & 0xFFFF_FFFF) as usize)
}

fn limb(o: Obj, i: usize) -> u64 {
    // Relaxed: immutable since before anyone else saw it.
    o.word(2 + i).load(Ordering::Relaxed)
}

/// The value of a `Kind::Int` object. Up to 128 bits nothing is allocated.
pub fn to_big(o: Obj) -> BigInt {
    let (negative, n) = sign_len(o);
    match n {
        1 => BigInt::from_sign_limbs(negative, &[limb(o, 0)]),
        2 => BigInt::from_sign_limbs(negative, &[limb(o, 0), limb(o, 1)]),
        _ => BigInt::from_sign_limbs(negative, &limbs(o).1),
    }
}
