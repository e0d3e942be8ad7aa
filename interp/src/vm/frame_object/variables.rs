//! The variables of a frame, read and set from outside: in registers, cells, the wide array, or a copy of these.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    raise,
    types::{dict, str as string},
    value::Value,
};

use super::{code_of, live, of, position::position, slot, suspended, walk};
use crate::{
    code::{CodeFlags, Place, Variable},
    txn::driver,
    vm::function,
};

fn register(cx: &Cx, o: Obj, i: usize) -> Value {
    if let Some(regs) = live(cx, o) {
        return regs.word(i);
    }
    let copy = match suspended(cx, o) {
        Some((_, buf)) => Some(buf),
        None => o.raw(slot::REGS).obj(),
    };
    copy.and_then(|b| b.item(i)).unwrap_or_default()
}

/// The array of the variables that have no registers, and the register that holds it.
fn wide(cx: &Cx, o: Obj) -> Option<(usize, Obj)> {
    let n = code_of(o).map_or(0, |c| c.n_locals as usize);
    let mut held = (0..n).filter_map(|r| Some((r, register(cx, o, r).obj()?)));
    held.find(|(_, w)| w.kind() == Kind::Buf)
}

/// The variable's value or its cell.
fn content(cx: &Cx, o: Obj, variable: &Variable) -> Value {
    match variable.place {
        Place::Register(r) => register(cx, o, r as usize),
        Place::Wide(i) => wide(cx, o).and_then(|(_, w)| w.item(i as usize)).unwrap_or_default(),
    }
}

fn variable(cx: &mut Cx, o: Obj, variable: &Variable) -> Completion<Value> {
    let v = content(cx, o, variable);
    match v.obj() {
        Some(cell) if variable.is_cell && cell.kind() == Kind::Cell => {
            cx.read(cell, function::CELL_CONTENT)
        }
        _ => Ok(v),
    }
}

/// What `super()` without arguments means in the running method: its `__class__` and its first argument.
///
/// # Errors
/// `RuntimeError` outside methods.
pub fn super_arguments(cx: &mut Cx) -> Completion<(Value, Value)> {
    let Some((regs, pc)) = walk(cx, 0) else {
        return raise!(cx, RuntimeError, "super(): no current frame");
    };
    let unit = regs.code().unit.clone();
    let (Some(first), true) = (unit.varnames.first(), unit.n_args > 0) else {
        return raise!(cx, RuntimeError, "super(): no arguments");
    };
    let frame = of(cx, regs, pc)?;
    let this = variable(cx, frame, first)?;
    if this.is_unbound() {
        return raise!(cx, RuntimeError, "super(): arg[0] deleted");
    }
    let Some(cell) = unit.freevars.iter().find(|v| &*v.name == "__class__") else {
        return raise!(cx, RuntimeError, "super(): __class__ cell not found");
    };
    let class = variable(cx, frame, cell)?;
    if class.is_unbound() {
        return raise!(cx, RuntimeError, "super(): empty __class__ cell");
    }
    if class.obj().is_none_or(|c| c.kind() != Kind::Type) {
        let got = cx.type_name(class);
        return raise!(cx, RuntimeError, "super(): __class__ is not a type ({got})");
    }
    Ok((class, this))
}

/// The frame's locals: its namespace, or a new dict of its variables.
///
/// # Errors
/// The attempt's abort.
pub fn locals(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let Some(code) = code_of(o) else { return Ok(dict::new(cx)?.into()) };
    if code.has(CodeFlags::NAMESPACE) {
        let ns = register(cx, o, 0).bound().unwrap_or(Value::NONE);
        let at = position(cx, o) as u32;
        if !code.unit.hidden.iter().any(|h| (h.start..h.end).contains(&at)) {
            return Ok(ns);
        }
        let d = dict::new(cx)?;
        dict::update(cx, d, ns)?;
        hidden(cx, o, d)?;
        return Ok(d.into());
    }
    let d = dict::new(cx)?;
    let unit = code.unit.clone();
    for v in unit.varnames.iter().chain(unit.cellvars.iter()).chain(unit.freevars.iter()) {
        let value = variable(cx, o, v)?;
        if value.is_bound() {
            let name = cx.intern(&v.name)?;
            dict::set_item(cx, d, name, value)?;
        }
    }
    hidden(cx, o, d)?;
    if let Some(extra) = extra_locals(cx, o)? {
        dict::merge(cx, d, extra)?;
    }
    Ok(d.into())
}

/// Adds the variables of the comprehensions that the frame is in.
fn hidden(cx: &mut Cx, o: Obj, d: Obj) -> Completion<()> {
    let Some(code) = code_of(o) else { return Ok(()) };
    let at = position(cx, o) as u32;
    let unit = code.unit.clone();
    for h in unit.hidden.iter().filter(|h| (h.start..h.end).contains(&at)) {
        let value = variable(cx, o, &h.variable)?;
        if value.is_bound() {
            let name = cx.intern(&h.variable.name)?;
            dict::set_item(cx, d, name, value)?;
        }
    }
    Ok(())
}

/// The dict of names that are no variables of the frame.
///
/// # Errors
/// The attempt's abort.
pub fn extra_locals(cx: &mut Cx, o: Obj) -> Completion<Option<Obj>> {
    Ok(cx.read(o, slot::EXTRA)?.obj())
}

/// As [`extra_locals`]; makes one if there is none.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn make_extra_locals(cx: &mut Cx, o: Obj) -> Completion<Obj> {
    if let Some(d) = extra_locals(cx, o)? {
        return Ok(d);
    }
    let d = dict::new(cx)?;
    cx.set(o, slot::EXTRA, d.into())?;
    Ok(d)
}

fn find_local(o: Obj, name: Value) -> Option<Variable> {
    let name = string::text(name)?;
    let unit = &code_of(o)?.unit;
    let all = unit.varnames.iter().chain(&unit.cellvars).chain(&unit.freevars);
    all.rev().find(|v| &*v.name == name).cloned()
}

/// Whether the frame has a variable of this name.
pub fn is_local(o: Obj, name: Value) -> bool {
    find_local(o, name).is_some()
}

/// Sets a variable of the frame; `false` if it has none of this name.
///
/// # Errors
/// The attempt's abort.
pub fn set_local(cx: &mut Cx, o: Obj, name: Value, v: Value) -> Completion<bool> {
    let Some(found) = find_local(o, name) else { return Ok(false) };
    if let Some(cell) = content(cx, o, &found).obj()
        && found.is_cell
        && cell.kind() == Kind::Cell
    {
        cx.set(cell, function::CELL_CONTENT, v)?;
        return Ok(true);
    }
    match (found.place, wide(cx, o)) {
        (Place::Register(r), _) => set_register(cx, o, r as usize, v)?,
        (Place::Wide(i), Some((r, old))) => {
            let copy = cx.new_buf(old.len())?;
            for k in 0..old.len() {
                copy.init_item(k, old.item(k).unwrap_or_default());
            }
            copy.init_item(i as usize, v);
            set_register(cx, o, r, copy.into())?;
        }
        (Place::Wide(_), None) => return Ok(false),
    }
    Ok(true)
}

fn set_register(cx: &mut Cx, o: Obj, r: usize, v: Value) -> Completion<()> {
    let Some(regs) = live(cx, o) else { return set_detached(cx, o, r, v) };
    if !(cx.stack.base..cx.stack.limit).contains(&regs.address()) {
        return raise!(cx, RuntimeError, "the frame runs in another thread");
    }
    driver::save_before_write(cx, regs);
    regs.set_word(r, v);
    Ok(())
}

/// Sets a register of a frame that does not run.
fn set_detached(cx: &mut Cx, o: Obj, at: usize, v: Value) -> Completion<()> {
    if let Some((g, buf)) = suspended(cx, o) {
        cx.claim(g)?;
        cx.write_item(g, buf, at, v);
    } else if let Some(copy) = cx.read(o, slot::REGS)?.obj() {
        cx.claim(o)?;
        cx.write_item(o, copy, at, v);
    }
    Ok(())
}
