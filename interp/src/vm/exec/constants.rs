//! Constants that are objects of builtin classes.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    protocol,
    types::{T, set},
    value::Value,
};

use super::containers;

/// An int beyond 64 bits from decimal or `0x` digits.
///
/// # Errors
/// `MemoryError`.
pub fn big_int(cx: &mut Cx, digits: &str) -> Completion<Value> {
    let (negative, rest) = match digits.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, digits),
    };
    let limbs = match rest.strip_prefix("0x") {
        Some(hex) => limbs_of(hex, 16),
        None => limbs_of(rest, 10),
    };
    taipan_objects::types::int::from_limbs(cx, negative, &limbs)
}

fn limbs_of(digits: &str, radix: u32) -> Vec<u64> {
    let mut limbs: Vec<u64> = Vec::new();
    for d in digits.chars().filter_map(|c| c.to_digit(radix)) {
        let mut carry = u128::from(d);
        for limb in &mut limbs {
            let sum = u128::from(*limb) * u128::from(radix) + carry;
            *limb = sum as u64;
            carry = sum >> 64;
        }
        if carry != 0 {
            limbs.push(carry as u64);
        }
    }
    limbs
}

/// A complex number.
///
/// # Errors
/// `MemoryError`.
pub fn complex(cx: &mut Cx, re: f64, im: f64) -> Completion<Value> {
    let class = cx.class(T::complex);
    protocol::call(cx, class.into(), &[Value::float(re), Value::float(im)])
}

/// A bytes object.
///
/// # Errors
/// `MemoryError`.
pub fn bytes(cx: &mut Cx, bytes: &[u8]) -> Completion<Value> {
    let meta = taipan_objects::class::root_shape(cx.class(T::bytes)).meta();
    let o = cx.alloc_sized(meta, bytes.len().div_ceil(8), 2)?;
    o.word(1).store(bytes.len() as u64, std::sync::atomic::Ordering::Relaxed);
    o.init_bytes(2).copy_from_slice(bytes);
    Ok(o.into())
}

/// A frozenset.
///
/// # Errors
/// Whatever hashing raises.
pub fn frozen_set(cx: &mut Cx, items: &[Value]) -> Completion<Value> {
    let made = containers::new_set(cx, items)?;
    match made.obj() {
        Some(s) => set::freeze(cx, s).map(Value::from),
        None => Ok(made),
    }
}
