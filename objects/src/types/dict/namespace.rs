//! Dicts as namespaces of modules: one cell per name that code refers to.
//!
//! A namespace keeps its buffer in `slot::CELLED` instead of `slot::TABLE`, so that ordinary dicts pay nothing. A value that
//! is a `Kind::Cell` object is such a cell and holds the value proper (a cell that a program stores is wrapped in one). An
//! entry whose cell is unbound is hidden: it counts as deleted, but keeps the cell for a later binding of the name.
//!
//! - Holds: a cell never leaves its entry, so code may cache it forever. Whoever turns a cell from unbound to bound or back
//!   must go through [`super::set_item`] and [`super::del_item`]; rebinding a bound cell needs only the cell.
//! - Conflicts: rebinding a name through its cell conflicts with uses of that name only; adding or deleting a name conflicts
//!   with all look-ups that go through the dict.

use super::split;
use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    table::{self, Table, slot},
    types::T,
    value::Value,
};

/// Slot of a cell's value.
pub const CELL_VALUE: usize = 2;

/// Whether the dict is a namespace or split, so that its values may lie in cells.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub(super) fn has_cells(cx: &mut Cx, d: Obj) -> Completion<bool> {
    Ok(cx.read(d, slot::CELLED)?.is_bound())
}

/// Whether a claimed dict is a namespace.
#[inline]
pub(super) fn is(d: Obj) -> bool {
    d.raw(slot::CELLED).is_bound() && !split::is(d)
}

/// The cell that a value in a namespace, or among a class's attributes, is.
#[inline(always)]
pub fn as_cell(v: Value) -> Option<Obj> {
    v.obj().filter(|o| o.kind() == Kind::Cell)
}

/// The cell that a stored value is, in a dict that was read or claimed before.
pub(super) fn cell_of(d: Obj, stored: Value) -> Option<Obj> {
    as_cell(stored).filter(|_| d.raw(slot::CELLED).is_bound())
}

/// The value that a stored value stands for; `UNBOUND` when hidden.
#[inline]
pub(super) fn see(cx: &mut Cx, d: Obj, stored: Value) -> Completion<Value> {
    match as_cell(stored) {
        Some(cell) if has_cells(cx, d)? => cx.read(cell, CELL_VALUE),
        _ => Ok(stored),
    }
}

/// A cell that holds `v`.
///
/// # Errors
/// `MemoryError`.
pub fn new_cell(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let cell = cx.new_object(T::cell)?;
    cell.init(CELL_VALUE, v);
    Ok(cell)
}

/// How `v` is stored: as it is, unless it could be mistaken for a cell of the namespace or class.
///
/// # Errors
/// `MemoryError`.
pub fn stored(cx: &mut Cx, v: Value) -> Completion<Value> {
    match as_cell(v) {
        Some(_) => Ok(new_cell(cx, v)?.into()),
        None => Ok(v),
    }
}

/// Makes the dict a namespace.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn make_namespace(cx: &mut Cx, d: Obj) -> Completion<()> {
    if has_cells(cx, d)? && cx.read(d, slot::TABLE)?.is_unbound() {
        return Ok(());
    }
    cx.claim(d)?;
    if split::is(d) {
        cx.write(d, slot::TABLE, Value::UNBOUND);
        return Ok(());
    }
    move_to_cells(cx, d, Value::UNBOUND)
}

/// Moves the buffer of the claimed plain dict to where values may be cells; `mark` says what it becomes.
pub(super) fn move_to_cells(cx: &mut Cx, d: Obj, mark: Value) -> Completion<()> {
    let table = match table::table_of::<3>(d) {
        Some(table) => table,
        None => Table::<3>::with_room(cx, 1)?,
    };
    for n in 0..table::counts(d).0 {
        let word = table.entry(n) + 2;
        let v = stored(cx, table.0.raw(word))?;
        cx.write_word(d, table.0.word(word), v.bits());
    }
    cx.write(d, slot::CELLED, table.0.into());
    cx.write(d, slot::TABLE, mark);
    Ok(())
}

/// The cell of the interned name `name`, whose slot [`CELL_VALUE`] holds the value or is unbound. Makes the dict a
/// namespace. With `create`, a name that is not there gets a hidden entry, so that the cell serves when it is bound later.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn namespace_cell(cx: &mut Cx, d: Obj, name: Value, create: bool) -> Completion<Option<Obj>> {
    let h = table::key_hash(cx, name)?;
    let found = table::find::<3>(cx, d, name, h)?;
    if found.is_none() && !create {
        return Ok(None);
    }
    if has_cells(cx, d)?
        && cx.read(d, slot::TABLE)?.is_unbound()
        && let Some(cell) = found.and_then(|hit| as_cell(hit.value))
    {
        return Ok(Some(cell));
    }
    make_namespace(cx, d)?;
    cx.claim(d)?;
    if let Some(hit) = table::find::<3>(cx, d, name, h)? {
        let cell = match as_cell(hit.value) {
            Some(cell) => cell,
            None => {
                let cell = new_cell(cx, hit.value)?;
                cx.write_word(d, hit.table.0.word(hit.at + 2), Value::from(cell).bits());
                cell
            }
        };
        return Ok(Some(cell));
    }
    let cell = new_cell(cx, Value::UNBOUND)?;
    table::insert::<3>(cx, d, name, h, cell.into())?;
    count_dead(cx, d, 1);
    Ok(Some(cell))
}

fn count_dead(cx: &mut Cx, d: Obj, by: i64) {
    let (_, dead) = table::counts(d);
    cx.write(d, slot::DEAD, Value::small(dead as i64 + by));
}

/// `d[key] = v` where values may be cells.
pub(super) fn set(cx: &mut Cx, d: Obj, key: Value, h: Value, v: Value) -> Completion<()> {
    let Some(hit) = table::find::<3>(cx, d, key, h)? else {
        cx.claim(d)?;
        let v = stored(cx, v)?;
        table::insert::<3>(cx, d, key, h, v)?;
        return Ok(());
    };
    let Some(cell) = as_cell(hit.value) else {
        cx.claim(d)?;
        let own_cell = split::is(d) && !cx.is_solo();
        let v = if own_cell { new_cell(cx, v)?.into() } else { stored(cx, v)? };
        cx.write_word(d, hit.table.0.word(hit.at + 2), v.bits());
        return Ok(());
    };
    if cx.read(cell, CELL_VALUE)?.is_bound() {
        return cx.set(cell, CELL_VALUE, v);
    }
    // The name comes back: its entry moves to the end, with the same cell.
    cx.claim(d)?;
    table::remove(cx, d, &hit);
    count_dead(cx, d, -1);
    table::insert::<3>(cx, d, key, h, cell.into())?;
    cx.set(cell, CELL_VALUE, v)
}

/// Deletes the name of a cell in a claimed namespace; gives the old value, unbound if it was hidden already.
pub(super) fn hide(cx: &mut Cx, d: Obj, cell: Obj) -> Completion<Value> {
    let old = cx.read(cell, CELL_VALUE)?;
    if old.is_bound() {
        cx.set(cell, CELL_VALUE, Value::UNBOUND)?;
        count_dead(cx, d, 1);
    }
    Ok(old)
}

/// Removes all names of a claimed namespace; cells stay.
pub(super) fn clear(cx: &mut Cx, d: Obj) -> Completion<()> {
    let mut from = 0;
    while let Some(e) = table::next::<3>(d, from) {
        from = e.n + 1;
        match as_cell(e.value) {
            Some(cell) => {
                hide(cx, d, cell)?;
            }
            None => {
                if let Some(hit) = table::index_of(&e) {
                    table::remove(cx, d, &hit);
                }
            }
        }
    }
    Ok(())
}
