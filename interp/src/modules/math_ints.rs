//! `math`: functions of integers. Pure: no conflicts.

use taipan_objects::{
    Args, Completion, Cx, Value,
    num::big::{BigInt, theory},
    protocol::index_int,
    types::number::{OrRaise, big_of, index_to_big, new_big, new_u64},
};

type Pair = fn(&BigInt, &BigInt) -> BigInt;

/// `math.gcd(*integers)`
pub(super) fn gcd(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let small = |a: i64, b: i64| Some(theory::gcd_u64(a.unsigned_abs(), b.unsigned_abs()));
    fold(cx, args, 0, small, BigInt::gcd)
}

/// `math.lcm(*integers)`
pub(super) fn lcm(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let small = |a: i64, b: i64| {
        let (a, b) = (a.unsigned_abs(), b.unsigned_abs());
        if a == 0 || b == 0 { Some(0) } else { (a / theory::gcd_u64(a, b)).checked_mul(b) }
    };
    fold(cx, args, 1, small, BigInt::lcm)
}

fn fold(
    cx: &mut Cx,
    args: Args<'_>,
    start: i64,
    small: fn(i64, i64) -> Option<u64>,
    big: Pair,
) -> Completion<Value> {
    let mut result = Value::small(start);
    for &v in args.rest(0) {
        let v = index_int(cx, v)?;
        let quick = result.small_int().zip(v.small_int()).and_then(|(a, b)| small(a, b));
        result = match quick {
            Some(n) => new_u64(cx, n)?,
            None => new_big(cx, &big(&big_of(result), &big_of(v)))?,
        };
    }
    Ok(result)
}

/// `math.factorial(n)`
pub(super) fn factorial(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = index_to_big(cx, args.get(0))?;
    let result = theory::factorial(&n).or_raise(cx)?;
    new_big(cx, &result)
}

/// `math.comb(n, k)`
pub(super) fn comb(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = index_to_big(cx, args.get(0))?;
    let k = index_to_big(cx, args.get(1))?;
    let result = theory::comb(&n, &k).or_raise(cx)?;
    new_big(cx, &result)
}

/// `math.perm(n, k=None)`
pub(super) fn perm(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(k) = args.not_none(1) else { return factorial(cx, args) };
    let n = index_to_big(cx, args.get(0))?;
    let k = index_to_big(cx, k)?;
    let result = theory::perm(&n, &k).or_raise(cx)?;
    new_big(cx, &result)
}

/// `math.isqrt(n)`
pub(super) fn isqrt(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = index_int(cx, args.get(0))?;
    if let Some(n) = n.small_int().and_then(|n| u64::try_from(n).ok()) {
        return new_u64(cx, theory::isqrt_u64(n));
    }
    let root = big_of(n).isqrt().or_raise(cx)?;
    new_big(cx, &root)
}
