//! `tuple`.
use crate::{cx::Cx, exc::Completion, value::Value};

/// Python's hash of a tuple of these items.
///
/// # Errors
/// Whatever the items' `__hash__` raise.
pub fn hash_items(cx: &mut Cx, items: &[Value]) -> Completion<i64> {
    const P1: u64 = 11_400_714_785_074_694_791;
    const P2: u64 = 14_029_467_366_897_019_727;
    const P5: u64 = 2_870_177_450_012_600_261;
    let mut acc = P5;
    for &item in items {
        let lane = crate::protocol::hash(cx, item)?;
        acc = acc.wrapping_add((lane as u64).wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1);
    }
    acc = acc.wrapping_add(items.len() as u64 ^ (P5 ^ 3_527_539));
    Ok(if acc == u64::MAX { 1_546_275_796 } else { acc as i64 })
}
