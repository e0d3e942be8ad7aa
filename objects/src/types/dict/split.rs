//! Big dicts over which threads have fought: a cell for each value that is written again.
//!
//! A split dict keeps its buffer in `slot::CELLED` like a namespace, with [`SPLIT`](slot::SPLIT) in `slot::TABLE`. An entry
//! whose value is replaced while transactions are on gets a cell; from then on the value is read and written under the
//! cell's header. Unlike in a namespace, an entry goes with its cell when its key is deleted: nothing caches the cells.
//!
//! - Holds: whoever reaches a cell has read the dict's header in the same attempt, so an attempt that writes the cell of an
//!   entry deleted meanwhile does not commit; the cell never serves another entry.
//! - Holds: the cells of a split dict are bound.
//! - Conflicts: two keys that are both there do not conflict once each was replaced after the split. Adding and deleting keys
//!   conflicts with every use of the dict.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::Obj,
    table::{self, Table, slot},
    value::Value,
};

use super::namespace::{self, CELL_VALUE};

/// Default of [`Settings::split_from`](crate::Settings::split_from): threads that share a smaller dict would meet at the same
/// keys all the same.
pub const SPLIT_FROM: usize = 64;

/// Splits a plain dict, unless it is small; says whether it did.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn split(cx: &mut Cx, d: Obj) -> Completion<bool> {
    cx.claim(d)?;
    let (used, dead) = table::counts(d);
    if d.raw(slot::CELLED).is_bound() || used - dead < cx.world.settings.split_from {
        return Ok(false);
    }
    namespace::move_to_cells(cx, d, slot::SPLIT)?;
    Ok(true)
}

/// Whether a claimed dict is split.
#[inline(always)]
pub(super) fn is(d: Obj) -> bool {
    d.raw(slot::TABLE) == slot::SPLIT
}

/// What a split dict or a namespace stores for the key, in a bracket: `TOMBSTONE` when more than loads is needed to tell.
#[inline(always)]
fn stored(d: Obj, key: Value, h: Value) -> Value {
    match d.raw(slot::CELLED).obj() {
        Some(buf) => super::stored(Table(buf), key, h),
        None => Value::TOMBSTONE,
    }
}

/// `d[key]` of a dict that seemed to have cells, for a key whose hash runs no code.
#[inline(never)]
pub(super) fn get(cx: &mut Cx, d: Obj, key: Value, h: Value) -> Completion<Value> {
    let v = cx.bracket(d, || stored(d, key, h))?;
    if v == Value::TOMBSTONE {
        return super::get_hashed(cx, d, key, h);
    }
    match namespace::as_cell(v) {
        Some(cell) => cx.read(cell, CELL_VALUE),
        None => Ok(v),
    }
}

/// Replaces the value in the key's cell; false when nothing was done and the general path must decide.
#[inline(never)]
pub(super) fn replace(cx: &mut Cx, d: Obj, key: Value, h: Value, v: Value) -> Completion<bool> {
    let old = cx.bracket(d, || stored(d, key, h))?;
    let Some(cell) = namespace::as_cell(old) else { return Ok(false) };
    cx.claim(cell)?;
    // Unbound: a hidden name of a namespace.
    if cell.raw(CELL_VALUE).is_unbound() {
        return Ok(false);
    }
    cx.write(cell, CELL_VALUE, v);
    Ok(true)
}
