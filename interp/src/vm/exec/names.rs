//! Locals in arrays, cells, globals and builtins, names in namespaces.

use taipan_objects::{
    cx::Cx,
    exc::{Completion, Escape},
    heap::{Kind, Obj},
    names::N,
    protocol, raise,
    types::{T, dict, exception, str as string},
    value::Value,
};

use crate::{
    code::Instr,
    vm::{
        cache::Cache,
        frame::Regs,
        function::{self, CELL_CONTENT},
        state::vm_ref,
    },
};

/// `UnboundLocalError` for the variable `name`.
#[cold]
pub fn unbound_local(cx: &mut Cx, name: Value) -> Escape {
    let text = string::text(name).unwrap_or("?");
    let message =
        format!("cannot access local variable '{text}' where it is not associated with a value");
    taipan_objects::exc::raise_message(cx, T::UnboundLocalError, &message)
}

/// Sets the `name` of a `NameError`.
fn with_name(escape: Escape, name: Value) -> Escape {
    if let Some(e) = escape.exception()
        && e.kind() == Kind::Exception
    {
        e.init(exception::slot::FIELDS, name);
    }
    escape
}

/// `NameError: name 'x' is not defined`.
#[cold]
pub fn not_defined(cx: &mut Cx, name: Value) -> Escape {
    let text = string::text(name).unwrap_or("?");
    let escape = taipan_objects::exc::raise_message(
        cx,
        T::NameError,
        &format!("name '{text}' is not defined"),
    );
    with_name(escape, name)
}

/// The error for an empty cell, as `LoadDeref` words it.
#[cold]
pub fn empty_cell(cx: &mut Cx, regs: Regs, i: &Instr) -> Escape {
    let name = regs.code().constant(i.imm);
    if i.c != 0 { unbound_local(cx, name) } else { free_variable(cx, name) }
}

fn free_variable(cx: &mut Cx, name: Value) -> Escape {
    let text = string::text(name).unwrap_or("?");
    let message = format!(
        "cannot access free variable '{text}' where it is not associated with a value in enclosing scope"
    );
    let escape = taipan_objects::exc::raise_message(cx, T::NameError, &message);
    with_name(escape, name)
}

/// `MakeWide`.
pub fn make_wide(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let n = regs.code().unit.n_wide as usize;
    let wide = cx.new_buf(n)?;
    for k in 0..(i.imm as usize).min(n) {
        wide.init_item(k, regs.word(k));
    }
    regs.set(i.a, wide.into());
    Ok(())
}

/// `LoadWide`. The array belongs to one frame; what is shared are the cells in it.
pub fn load_wide(_: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = regs.get(i.b).obj().and_then(|w| w.item(i.imm as usize)).unwrap_or_default();
    regs.set(i.a, v);
    Ok(())
}

/// `StoreWide`. In a transaction the array is copied first, so that a rollback finds the old one in its register.
pub fn store_wide(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let Some(wide) = regs.get(i.a).obj() else { return Ok(()) };
    if cx.is_solo() {
        wide.init_item(i.imm as usize, regs.get(i.b));
        return Ok(());
    }
    let copy = cx.new_buf(wide.len())?;
    for k in 0..wide.len() {
        copy.init_item(k, wide.item(k).unwrap_or_default());
    }
    copy.init_item(i.imm as usize, regs.get(i.b));
    regs.set(i.a, copy.into());
    Ok(())
}

/// `MakeCell`.
pub fn make_cell(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let cell = function::new_cell(cx, regs.get(i.a))?;
    regs.set(i.a, cell.into());
    Ok(())
}

fn closure(regs: Regs) -> &'static [Value] {
    regs.func_value()
        .obj()
        .and_then(|f| f.raw(function::slot::CLOSURE).obj())
        .map_or(&[], Obj::items)
}

/// `CopyFree`.
pub fn copy_free(regs: Regs, i: &Instr) {
    for (k, &cell) in closure(regs).iter().take(i.imm as usize).enumerate() {
        regs.set(i.a + k as u8, cell);
    }
}

/// `LoadFreeCell`.
pub fn load_free_cell(regs: Regs, i: &Instr) {
    regs.set(i.a, closure(regs).get(i.imm as usize).copied().unwrap_or_default());
}

/// `DelDeref`.
pub fn del_deref(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let Some(cell) = regs.get(i.a).obj() else { return Ok(()) };
    if cx.read(cell, CELL_CONTENT)?.is_unbound() {
        let name = regs.code().constant(i.imm);
        return Err(if i.b != 0 { unbound_local(cx, name) } else { free_variable(cx, name) });
    }
    cx.set(cell, CELL_CONTENT, Value::UNBOUND)
}

/// `LoadDictOrDeref`.
pub fn load_dict_or_deref(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let name = regs.code().constant(i.imm);
    let mut v = namespace_get(cx, regs.get(i.b), name)?;
    if v.is_unbound()
        && let Some(cell) = regs.get(i.c).obj()
    {
        v = cx.read(cell, CELL_CONTENT)?;
    }
    if v.is_unbound() {
        return Err(free_variable(cx, name));
    }
    regs.set(i.a, v);
    Ok(())
}

/// `ns[name]`, `UNBOUND` if it has no such key.
///
/// # Errors
/// Whatever the mapping raises, `KeyError` excepted.
pub fn namespace_get(cx: &mut Cx, ns: Value, name: Value) -> Completion<Value> {
    match ns.obj() {
        Some(d) if d.class() == cx.class(T::dict) => dict::get_item_name(cx, d, name),
        _ => match protocol::get_item(cx, ns, name) {
            Ok(v) => Ok(v),
            Err(escape) => match escape.exception() {
                Some(e) if taipan_objects::class::is_subclass(e.class(), cx.class(T::KeyError)) => {
                    Ok(Value::UNBOUND)
                }
                _ => Err(escape),
            },
        },
    }
}

// ---- globals --------------------------------------------------------------------------------

/// The builtins that go with these globals: a dict as a rule, but a program may put anything there.
///
/// # Errors
/// The attempt's abort.
pub fn builtins_of(cx: &mut Cx, globals: Value) -> Completion<Value> {
    if let Some(g) = globals.obj() {
        let name = cx.name(N::builtins);
        let found = dict::get_item_name(cx, g, name)?;
        if let Some(o) = found.obj()
            && o.kind() == Kind::Module
            && let Some(d) = super::super::module::dict_of(cx, o)?
        {
            return Ok(d.into());
        }
        if found.is_bound() {
            return Ok(found);
        }
    }
    Ok(vm_ref(cx).shared.builtins().into())
}

/// `name` in the builtins that go with these globals; `UNBOUND` if it is not there.
///
/// # Errors
/// Whatever the mapping raises, `KeyError` excepted.
pub fn builtin(cx: &mut Cx, globals: Value, name: Value) -> Completion<Value> {
    let builtins = builtins_of(cx, globals)?;
    namespace_get(cx, builtins, name)
}

/// A global through a cache whose key fits: the cell's content; `UNBOUND` sends the loop to [`load_global`].
#[inline(always)]
pub fn cached_global<const TX: bool>(cx: &mut Cx, cache: &Cache) -> Value {
    let Some(cell) = cache.value.obj() else { return Value::UNBOUND };
    let v = content::<TX>(cx, cell);
    if v.is_bound() {
        return v;
    }
    match cache.extra.obj() {
        Some(cell) => content::<TX>(cx, cell),
        None => Value::UNBOUND,
    }
}

#[inline(always)]
fn content<const TX: bool>(cx: &mut Cx, cell: Obj) -> Value {
    // An abort shows as unbound here; the slow path meets it again and passes it on.
    cx.read_in::<TX>(cell, CELL_CONTENT).unwrap_or_default()
}

/// `LoadGlobal`, and filling its cache.
#[inline(never)]
pub fn load_global(cx: &mut Cx, regs: Regs, i: &Instr, cache: &mut Cache) -> Completion<()> {
    let name = regs.code().site_name(i.imm);
    let globals = function::globals(regs);
    let v = lookup_global(cx, globals, name)?;
    regs.set(i.a, v);
    fill_global(cx, globals, name, cache)
}

fn fill_global(cx: &mut Cx, globals: Value, name: Value, cache: &mut Cache) -> Completion<()> {
    let Some(g) = globals.obj() else { return Ok(()) };
    if g.class() != cx.class(T::dict) {
        return Ok(());
    }
    let dict = cx.class(T::dict);
    let Some(builtins) = builtins_of(cx, globals)?.obj().filter(|b| b.class() == dict) else {
        return Ok(());
    };
    let own = dict::get_item_name(cx, g, name)?.is_bound();
    let Some(cell) = dict::namespace_cell(cx, g, name, true)? else { return Ok(()) };
    let second = dict::namespace_cell(cx, builtins, name, !own)?;
    note_cells(cx);
    *cache = Cache {
        key: globals.bits(),
        value: cell.into(),
        extra: second.map_or(Value::UNBOUND, Value::from),
        ..Cache::EMPTY
    };
    Ok(())
}

/// Cells that caches name from here on may be the running attempt's own.
pub(super) fn note_cells(cx: &mut Cx) {
    if !cx.is_solo() {
        crate::vm::state::vm(cx).tables.names_new_cells = true;
    }
}

/// Global, else builtin.
///
/// # Errors
/// `NameError`.
pub fn lookup_global(cx: &mut Cx, globals: Value, name: Value) -> Completion<Value> {
    if let Some(g) = globals.obj() {
        let v = if g.class() == cx.class(T::dict) {
            dict::get_item_name(cx, g, name)?
        } else {
            namespace_get(cx, globals, name)?
        };
        if v.is_bound() {
            return Ok(v);
        }
    }
    let v = builtin(cx, globals, name)?;
    if v.is_unbound() {
        return Err(not_defined(cx, name));
    }
    Ok(v)
}

fn globals_dict(cx: &mut Cx, regs: Regs) -> Completion<Obj> {
    match function::globals(regs).obj().filter(|d| d.kind() == Kind::Dict) {
        Some(d) => Ok(d),
        None => raise!(cx, SystemError, "no globals"),
    }
}

/// `StoreGlobal`.
pub fn store_global(cx: &mut Cx, regs: Regs, i: &Instr, cache: &mut Cache) -> Completion<()> {
    let globals = globals_dict(cx, regs)?;
    set_global(cx, globals, regs.code().site_name(i.imm), regs.get(i.a), cache)
}

/// Rebinds a bound name through its cell; everything else goes through the dict.
fn set_global(
    cx: &mut Cx,
    globals: Obj,
    name: Value,
    v: Value,
    cache: &mut Cache,
) -> Completion<()> {
    let is_cell = v.obj().is_some_and(|o| o.kind() == Kind::Cell);
    if cache.key == Value::from(globals).bits()
        && !is_cell
        && let Some(cell) = cache.value.obj()
        && cx.read(cell, CELL_CONTENT)?.is_bound()
    {
        return cx.set(cell, CELL_CONTENT, v);
    }
    dict::set_item(cx, globals, name, v)?;
    if globals.class() == cx.class(T::dict)
        && !is_cell
        && let Some(cell) = dict::namespace_cell(cx, globals, name, false)?
    {
        note_cells(cx);
        *cache = Cache { key: Value::from(globals).bits(), value: cell.into(), ..Cache::EMPTY };
    }
    Ok(())
}

/// `DelGlobal`.
pub fn del_global(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let globals = globals_dict(cx, regs)?;
    let name = regs.code().site_name(i.imm);
    if dict::del_item(cx, globals, name)? { Ok(()) } else { Err(not_defined(cx, name)) }
}

/// `LoadName`.
pub fn load_name(cx: &mut Cx, regs: Regs, i: &Instr, cache: &mut Cache) -> Completion<()> {
    let name = regs.code().site_name(i.imm);
    let globals = function::globals(regs);
    if regs.get(i.b) == globals {
        let v = if cache.key == globals.bits() {
            if cx.is_solo() {
                cached_global::<false>(cx, cache)
            } else {
                cached_global::<true>(cx, cache)
            }
        } else {
            Value::UNBOUND
        };
        if v.is_bound() {
            regs.set(i.a, v);
            return Ok(());
        }
        return load_global(cx, regs, i, cache);
    }
    let v = namespace_get(cx, regs.get(i.b), name)?;
    let v = if v.is_bound() { v } else { lookup_global(cx, function::globals(regs), name)? };
    regs.set(i.a, v);
    Ok(())
}

/// `StoreName`.
pub fn store_name(cx: &mut Cx, regs: Regs, i: &Instr, cache: &mut Cache) -> Completion<()> {
    let name = regs.code().site_name(i.imm);
    let ns = regs.get(i.a);
    if ns == function::globals(regs)
        && let Some(globals) = ns.obj().filter(|g| g.kind() == Kind::Dict)
    {
        return set_global(cx, globals, name, regs.get(i.b), cache);
    }
    match ns.obj() {
        Some(d) if d.class() == cx.class(T::dict) => dict::set_item(cx, d, name, regs.get(i.b)),
        _ => protocol::set_item(cx, ns, name, regs.get(i.b)),
    }
}

/// `DelName`.
pub fn del_name(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let name = regs.code().site_name(i.imm);
    let ns = regs.get(i.a);
    match ns.obj() {
        Some(d) if d.class() == cx.class(T::dict) => {
            if dict::del_item(cx, d, name)? {
                return Ok(());
            }
        }
        _ => match protocol::del_item(cx, ns, name) {
            Ok(()) => return Ok(()),
            Err(escape) => match escape.exception() {
                Some(e) if taipan_objects::class::is_subclass(e.class(), cx.class(T::KeyError)) => {
                }
                _ => return Err(escape),
            },
        },
    }
    Err(not_defined(cx, name))
}

/// `LoadBuildClass`.
pub fn load_build_class(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let name = cx.name(N::build_class);
    let v = builtin(cx, function::globals(regs), name)?;
    if v.is_unbound() {
        return raise!(cx, NameError, "__build_class__ not found");
    }
    regs.set(i.a, v);
    Ok(())
}

/// `SetupAnnotations`.
pub fn setup_annotations(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let ns = regs.get(i.a);
    let name = cx.name(N::annotations);
    if namespace_get(cx, ns, name)?.is_unbound() {
        let d = dict::new(cx)?;
        protocol::set_item(cx, ns, name, d.into())?;
    }
    Ok(())
}
