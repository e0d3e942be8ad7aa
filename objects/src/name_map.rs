//! Ordered map from interned names to values: a class's own attributes.
//!
//! A `Buf`: item 0 the number of entries used, item 1 the number of index slots (a power of two), then the index (entry
//! number + 1, or 0), then the entries (name, value). Insertion order is kept; a deleted entry's value is unbound.
//! Written only under the rules of `class.rs`, read without barriers.

use crate::{cx::Cx, exc::Completion, heap::Obj, value::Value};

const USED: usize = 0;
const N_INDEX: usize = 1;
const HEADER: usize = 2;

fn number(map: Obj, i: usize) -> usize {
    map.item(i).map_or(0, |v| v.as_small() as usize)
}

fn with_index(cx: &mut Cx, n_index: usize) -> Completion<Obj> {
    let map = cx.new_buf(HEADER + n_index + n_index / 2 * 2)?;
    map.init_item(USED, Value::small(0));
    map.init_item(N_INDEX, Value::small(n_index as i64));
    for i in 0..n_index {
        map.init_item(HEADER + i, Value::small(0));
    }
    Ok(map)
}

/// An empty map.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx) -> Completion<Obj> {
    with_index(cx, 16)
}

fn hash(name: Value) -> usize {
    (name.bits() >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15) as usize >> 16
}

/// Where the entry of `name` is, or the index slot it would take.
fn probe(map: Obj, name: Value) -> Result<usize, usize> {
    let n = number(map, N_INDEX);
    let mut i = hash(name) & (n - 1);
    loop {
        match number(map, HEADER + i) {
            0 => return Err(i),
            entry => {
                let at = HEADER + n + (entry - 1) * 2;
                if map.item(at) == Some(name) {
                    return Ok(at);
                }
            }
        }
        i = (i + 1) & (n - 1);
    }
}

/// The value of `name`; `UNBOUND` if it has none.
pub fn get(map: Obj, name: Value) -> Value {
    match probe(map, name) {
        Ok(at) => map.item(at + 1).unwrap_or_default(),
        Err(_) => Value::UNBOUND,
    }
}

/// Sets (or, with `UNBOUND`, deletes) the value of `name`; returns the map to use from now on.
///
/// # Errors
/// `MemoryError`.
pub fn set(cx: &mut Cx, map: Obj, name: Value, v: Value) -> Completion<Obj> {
    match probe(map, name) {
        Ok(at) => {
            map.init_item(at + 1, v);
            Ok(map)
        }
        Err(_) if v.is_unbound() => Ok(map),
        Err(i) => {
            let (used, n) = (number(map, USED), number(map, N_INDEX));
            if (used + 1) * 2 > n {
                let mut grown = with_index(cx, n * 2)?;
                for (name, value) in entries(map) {
                    grown = set(cx, grown, name, value)?;
                }
                return set(cx, grown, name, v);
            }
            let at = HEADER + n + used * 2;
            map.init_item(at, name);
            map.init_item(at + 1, v);
            map.init_item(HEADER + i, Value::small(used as i64 + 1));
            map.init_item(USED, Value::small(used as i64 + 1));
            Ok(map)
        }
    }
}

/// The bound entries, in insertion order.
pub fn entries(map: Obj) -> impl Iterator<Item = (Value, Value)> {
    let n = number(map, N_INDEX);
    (0..number(map, USED)).filter_map(move |entry| {
        let at = HEADER + n + entry * 2;
        let value = map.item(at + 1)?.bound()?;
        Some((map.item(at)?, value))
    })
}
