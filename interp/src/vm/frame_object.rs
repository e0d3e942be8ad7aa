//! Frame objects: made when somebody looks (a traceback, `sys._getframe`), detached from their registers when the frame ends.
//!
//! While its frame runs, an object made for introspection is listed in `Vm::frame_objects` and reads the registers; when the
//! frame is left it takes a copy. Frame objects belong to the thread that made them while they are live.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::N,
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    types::{Body, T, TypeDef, dict, str as string},
    value::Value,
};

use crate::{
    code::{CodeFlags, Instr, Place, Variable},
    txn::driver,
    vm::{
        code_object,
        exec::generators::{slot as gen_slot, state},
        frame::{Regs, flag},
        frame_locals, function,
        loaded::{self, LoadedCode},
        state::{vm, vm_ref},
        tracing,
    },
};

/// Slots of frame objects.
pub mod slot {
    /// The function.
    pub const FUNC: usize = 2;
    /// The code object.
    pub const CODE: usize = 3;
    /// The caller's frame object, made on demand; `None` at the bottom; unbound: not looked for yet.
    pub const BACK: usize = 4;
    /// Number of the instruction, when detached or suspended.
    pub const AT: usize = 5;
    /// Copy of the registers, once detached.
    pub const REGS: usize = 6;
    /// Foreign address of the live registers, or unbound.
    pub const LIVE: usize = 7;
    /// `f_trace`.
    pub const TRACE: usize = 8;
    /// The generator it belongs to.
    pub const GENERATOR: usize = 9;
    /// Bits of `event`.
    pub const EVENTS: usize = 10;
    /// Dict of names that `f_locals` was given besides the variables, or unbound.
    pub const EXTRA: usize = 11;
    /// Number of words.
    pub const WORDS: u16 = 12;
}

/// What `f_trace_lines` and `f_trace_opcodes` say.
mod event {
    /// No `line` events.
    pub(super) const NO_LINES: i64 = 1;
    /// `opcode` events.
    pub(super) const OPCODES: i64 = 2;
}

/// Whether the frame's trace function wants to be called for `what`.
pub fn wants(o: Obj, what: &str) -> bool {
    let bits = o.raw(slot::EVENTS).small_int().unwrap_or(0);
    match what {
        "line" => bits & event::NO_LINES == 0,
        "opcode" => bits & event::OPCODES != 0,
        _ => true,
    }
}

/// The frame object of the frame `regs`, in which the instruction before `pc` runs.
///
/// # Errors
/// `MemoryError`.
pub fn of(cx: &mut Cx, regs: Regs, pc: *const Instr) -> Completion<Obj> {
    let code = regs.code();
    let at = Value::small(code.index_before(pc) as i64);
    if regs.book().has(flag::OBJECT)
        && let Some(&(_, o)) = vm(cx).frame_objects.iter().rev().find(|(r, _)| *r == regs)
    {
        o.init(slot::AT, at);
        return Ok(o);
    }
    let generator = if regs.book().has(flag::GEN) { regs.extra().obj() } else { None };
    let kept = generator.filter(|g| g.class() != cx.class(T::async_generator));
    let o = match kept {
        Some(g) => kept_frame(cx, g)?,
        None => {
            let o = cx.new_object(T::frame)?;
            o.init(slot::FUNC, regs.func_value());
            o.init(slot::CODE, code.object());
            o.init(slot::AT, at);
            o.init(slot::LIVE, Value::foreign(regs.address() as usize));
            o.init(slot::GENERATOR, generator.map_or(Value::UNBOUND, Value::from));
            o
        }
    };
    regs.add_flags(flag::OBJECT);
    vm(cx).frame_objects.push((regs, o));
    Ok(o)
}

/// The frame object of a generator or coroutine, the same for its whole life. It looks at the generator or at its registers,
/// and has a copy only once the generator is over.
fn kept_frame(cx: &mut Cx, g: Obj) -> Completion<Obj> {
    if let Some(o) = cx.read(g, gen_slot::FRAME)?.obj() {
        return Ok(o);
    }
    let o = frame_over(cx, g, 0)?;
    cx.set(g, gen_slot::FRAME, o.into())?;
    Ok(o)
}

/// A new frame object that shows the generator `g` at an instruction.
fn frame_over(cx: &mut Cx, g: Obj, at: i64) -> Completion<Obj> {
    let o = cx.new_object(T::frame)?;
    let func = cx.read(g, gen_slot::FUNC)?;
    o.init(slot::FUNC, func);
    if let Some(f) = func.obj() {
        o.init(slot::CODE, f.raw(function::slot::CODE));
    }
    o.init(slot::AT, Value::small(at));
    o.init(slot::GENERATOR, g.into());
    Ok(o)
}

/// The generator whose frame the object shows for its whole life.
fn kept_by(cx: &Cx, o: Obj) -> Option<Obj> {
    let g = o.raw(slot::GENERATOR).obj()?;
    (g.class() != cx.class(T::async_generator)).then_some(g)
}

/// Takes a copy of the registers into the frame's object, because the frame ends.
#[cold]
pub fn detach(cx: &mut Cx, regs: Regs) {
    regs.clear_flags(flag::OBJECT);
    let list = &mut vm(cx).frame_objects;
    let Some(i) = list.iter().rposition(|(r, _)| *r == regs) else { return };
    let (_, o) = list.remove(i);
    let code = regs.code();
    if let Some(g) = kept_by(cx, o) {
        // Only the end of the generator is the end of the frame; an abort takes it back.
        if g.raw(gen_slot::STATE).as_small() == state::CLOSED {
            let at = code.index_before(vm_ref(cx).pc) as i64;
            // What fails is an attempt that cannot commit any more, or memory that is short: the frame shows nothing.
            let _ = keep_registers(cx, o, regs, at);
        }
        return;
    }
    let back = back_of(cx, regs);
    if let Ok(back) = back
        && o.raw(slot::BACK).is_unbound()
    {
        o.init(slot::BACK, back);
    }
    if let Ok(copy) = copy_registers(cx, regs, code) {
        o.init(slot::REGS, copy.into());
    }
    o.init(slot::LIVE, Value::UNBOUND);
}

fn keep_registers(cx: &mut Cx, o: Obj, regs: Regs, at: i64) -> Completion<()> {
    let copy = copy_registers(cx, regs, regs.code())?;
    cx.set(o, slot::REGS, copy.into())?;
    cx.set(o, slot::AT, Value::small(at))
}

fn copy_registers(cx: &mut Cx, regs: Regs, code: &LoadedCode) -> Completion<Obj> {
    let n = code.n_locals as usize;
    let copy = cx.new_buf(n)?;
    for r in 0..n {
        copy.init_item(r, regs.word(r));
    }
    Ok(copy)
}

/// After an abort: the objects of the frames that run again show them again.
pub fn attach_again(cx: &Cx) {
    for &(regs, o) in &vm_ref(cx).frame_objects {
        if kept_by(cx, o).is_none() {
            o.init(slot::LIVE, Value::foreign(regs.address() as usize));
        }
    }
}

/// The caller's frame object if one is needed: only when the caller has one already, so that chains cost nothing.
fn back_of(cx: &mut Cx, regs: Regs) -> Completion<Value> {
    let caller = regs.caller();
    if caller == regs || caller.is_null() || !caller.book().has(flag::OBJECT) {
        return Ok(Value::UNBOUND);
    }
    let found = vm(cx).frame_objects.iter().rev().find(|(r, _)| *r == caller).map(|&(_, o)| o);
    Ok(found.map_or(Value::UNBOUND, Value::from))
}

/// The frame `depth` calls above the running one, and where it is.
pub fn walk(cx: &Cx, depth: usize) -> Option<(Regs, *const Instr)> {
    let vm = vm_ref(cx);
    let (mut regs, mut pc) = (vm.base, vm.pc);
    if regs.is_null() {
        return None;
    }
    for _ in 0..depth {
        let caller = regs.caller();
        if caller == regs {
            return None;
        }
        pc = regs.return_pc();
        regs = caller;
    }
    Some((regs, pc))
}

fn this(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.class() == cx.class(T::frame)) {
        Some(o) => Ok(o),
        None => raise!(cx, TypeError, "frame expected"),
    }
}

/// The registers of the frame, if it runs.
fn live(cx: &Cx, o: Obj) -> Option<Regs> {
    let word = o.raw(slot::LIVE);
    if word.is_bound() {
        return Some(Regs::at(word.foreign_address() as *mut u64));
    }
    let g = kept_by(cx, o).filter(|g| g.raw(gen_slot::STATE).as_small() == state::RUNNING)?;
    let mut regs = vm_ref(cx).base;
    while !regs.is_null() {
        if regs.book().has(flag::GEN) && regs.extra() == Value::from(g) {
            return Some(regs);
        }
        let caller = regs.caller();
        if caller == regs {
            return None;
        }
        regs = caller;
    }
    None
}

/// The suspended generator whose frame this is, and its registers.
fn suspended(cx: &Cx, o: Obj) -> Option<(Obj, Obj)> {
    let g = kept_by(cx, o).filter(|g| g.raw(gen_slot::STATE).as_small() <= state::SUSPENDED)?;
    Some((g, g.raw(gen_slot::REGS).obj()?))
}

fn code_of(o: Obj) -> Option<&'static LoadedCode> {
    loaded::of(o.raw(slot::CODE).obj()?)
}

/// Number of the instruction that the frame is at.
pub fn position(cx: &Cx, o: Obj) -> usize {
    let stored = match suspended(cx, o) {
        Some((g, _)) => (g.raw(gen_slot::AT).as_small() - 1).max(0) as usize,
        None => o.raw(slot::AT).as_small() as usize,
    };
    let (Some(regs), Some(code)) = (live(cx, o), code_of(o)) else { return stored };
    let vm = vm_ref(cx);
    let (mut r, mut pc) = (vm.base, vm.pc);
    loop {
        if r == regs {
            return code.index_before(pc);
        }
        let caller = r.caller();
        if caller == r || r.is_null() {
            return stored;
        }
        pc = r.return_pc();
        r = caller;
    }
}

/// The line that the frame is at.
pub fn line(cx: &Cx, o: Obj) -> u32 {
    let tracing = &vm_ref(cx).tracing;
    if let Some((frame, line)) = tracing.shown
        && live(cx, o) == Some(frame)
    {
        return line;
    }
    let Some(code) = code_of(o) else { return 0 };
    let at = position(cx, o);
    if is_unplaced(cx, o, code, at) {
        return tracing.last.line;
    }
    code.unit.line_before(at)
}

/// Whether the frame is traced and at an instruction without a line: that is the line of what ran before it.
fn is_unplaced(cx: &Cx, o: Obj, code: &LoadedCode, at: usize) -> bool {
    code.unit.positions.get(at).is_some_and(|p| p.line == 0)
        && live(cx, o) == Some(vm_ref(cx).tracing.last.regs)
}

/// `f_lasti`.
fn last_instruction(cx: &Cx, o: Obj) -> i64 {
    let Some(code) = code_of(o) else { return -1 };
    let tracing = &vm_ref(cx).tracing;
    let shown =
        tracing.shown.filter(|&(frame, _)| live(cx, o) == Some(frame)).map(|(_, line)| line);
    let at = position(cx, o);
    match shown {
        Some(_) if !tracing.is_at_line() => 0,
        Some(line) if code.unit.positions.get(at).is_none_or(|p| p.line != line) => {
            code_object::offset(at) - 1
        }
        Some(_) => code_object::offset(at),
        None if is_unplaced(cx, o, code, at) => tracing.last.offset,
        None => code_object::offset(at),
    }
}

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

/// `__name__` of the module whose code runs, or unbound.
///
/// # Errors
/// The attempt's abort.
pub fn current_module(cx: &mut Cx) -> Completion<Value> {
    let globals = match walk(cx, 0) {
        Some((regs, _)) => function::globals(regs),
        None => return Ok(Value::UNBOUND),
    };
    let name = cx.name(N::name);
    match globals.obj().filter(|g| g.kind() == Kind::Dict) {
        Some(globals) => dict::get_item_name(cx, globals, name),
        None => Ok(Value::UNBOUND),
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

fn get_locals(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    if code_of(o).is_none_or(|code| code.has(CodeFlags::NAMESPACE)) {
        return locals(cx, o);
    }
    frame_locals::of(cx, o)
}

fn set_event(cx: &mut Cx, v: Value, new: Value, bit: i64, wanted: bool) -> Completion<()> {
    let o = this(cx, v)?;
    if !new.is_bool() {
        return raise!(cx, TypeError, "attribute value type must be bool");
    }
    let bits = cx.read(o, slot::EVENTS)?.small_int().unwrap_or(0);
    let on = (new == Value::TRUE) == wanted;
    cx.set(o, slot::EVENTS, Value::small(if on { bits | bit } else { bits & !bit }))
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

fn get_back(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    let Some(regs) = live(cx, o) else {
        return Ok(o.raw(slot::BACK).bound().unwrap_or(Value::NONE));
    };
    let caller = regs.caller();
    if caller == regs || caller.is_null() {
        return Ok(Value::NONE);
    }
    of(cx, caller, regs.return_pc()).map(Value::from)
}

fn get_globals(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    Ok(o.raw(slot::FUNC).obj().map_or(Value::NONE, |f| f.raw(function::slot::GLOBALS)))
}

fn get_builtins(cx: &mut Cx, v: Value) -> Completion<Value> {
    let globals = get_globals(cx, v)?;
    super::exec::names::builtins_of(cx, globals).map(Value::from)
}

fn get_line(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    let line = line(cx, o);
    let begins = vm_ref(cx).tracing.shown.is_some_and(|(frame, _)| live(cx, o) == Some(frame));
    Ok(if line == 0 && !begins { Value::NONE } else { Value::small(i64::from(line)) })
}

fn set_line(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let o = this(cx, v)?;
    if new.is_unbound() {
        return raise!(cx, AttributeError, "cannot delete attribute");
    }
    if protocol::convert::as_int(new).is_none() {
        return raise!(cx, ValueError, "lineno must be an integer");
    }
    let line = protocol::index_i64(cx, new)?;
    let Some(code) = code_of(o) else {
        return raise!(cx, ValueError, "f_lineno can only be set by a trace function");
    };
    let is_traced = o.raw(slot::TRACE).is_bound();
    tracing::set_line(cx, live(cx, o), code, is_traced, line)
}

fn clear(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    if live(cx, o).is_some() {
        return raise!(cx, RuntimeError, "cannot clear an executing frame");
    }
    if let Some((g, _)) = suspended(cx, o) {
        if cx.read(g, gen_slot::STATE)?.as_small() == state::SUSPENDED {
            return raise!(cx, RuntimeError, "cannot clear a suspended frame");
        }
        // It will not begin any more.
        cx.set(g, gen_slot::STATE, Value::small(state::CLOSED))?;
        cx.set(g, gen_slot::REGS, Value::UNBOUND)?;
    }
    o.init(slot::REGS, Value::UNBOUND);
    Ok(Value::NONE)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    let line = line(cx, o);
    let (file, name) = code_of(o).map_or(("?", "?"), |c| (&*c.unit.filename, &*c.unit.name));
    cx.new_str(&format!("<frame at {:#x}, file '{file}', line {line}, code {name}>", o.to_word()))
}

const GETSET: [GetSetDef; 11] = [
    GetSetDef { name: "f_back", get: get_back, set: None, doc: "" },
    GetSetDef { name: "f_code", get: |cx, v| Ok(this(cx, v)?.raw(slot::CODE)), set: None, doc: "" },
    GetSetDef { name: "f_globals", get: get_globals, set: None, doc: "" },
    GetSetDef { name: "f_builtins", get: get_builtins, set: None, doc: "" },
    GetSetDef { name: "f_locals", get: get_locals, set: None, doc: "" },
    GetSetDef { name: "f_lineno", get: get_line, set: Some(set_line), doc: "" },
    GetSetDef {
        name: "f_lasti",
        get: |cx, v| {
            let o = this(cx, v)?;
            Ok(Value::small(last_instruction(cx, o)))
        },
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "f_trace",
        get: |cx, v| Ok(this(cx, v)?.raw(slot::TRACE).bound().unwrap_or(Value::NONE)),
        set: Some(|cx, v, new| {
            let o = this(cx, v)?;
            cx.set(o, slot::TRACE, if new.is_none() { Value::UNBOUND } else { new })
        }),
        doc: "",
    },
    GetSetDef {
        name: "f_generator",
        get: |cx, v| Ok(this(cx, v)?.raw(slot::GENERATOR).bound().unwrap_or(Value::NONE)),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "f_trace_lines",
        get: |cx, v| Ok(Value::bool(wants(this(cx, v)?, "line"))),
        set: Some(|cx, v, new| set_event(cx, v, new, event::NO_LINES, false)),
        doc: "",
    },
    GetSetDef {
        name: "f_trace_opcodes",
        get: |cx, v| Ok(Value::bool(wants(this(cx, v)?, "opcode"))),
        set: Some(|cx, v, new| set_event(cx, v, new, event::OPCODES, true)),
        doc: "",
    },
];

/// `frame`.
pub static FRAME: TypeDef = TypeDef {
    id: Some(T::frame),
    name: "frame",
    body: Body::Words(Kind::Record, slot::WORDS),
    methods: &[
        NativeDef {
            name: "clear",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: clear,
            doc: "Clear all references held by the frame.",
        },
        NativeDef {
            name: "__repr__",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: repr,
            doc: "Return repr(self).",
        },
    ],
    getset: &GETSET,
    doc: "",
    ..TypeDef::BASE
};

/// The frame object of a suspended generator; of an async generator's frame a copy.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn of_generator(cx: &mut Cx, g: Obj) -> Completion<Obj> {
    if g.class() != cx.class(T::async_generator) {
        return kept_frame(cx, g);
    }
    let at = cx.read(g, gen_slot::AT)?;
    let o = frame_over(cx, g, (at.as_small() - 1).max(0))?;
    if let Some(buf) = cx.read(g, gen_slot::REGS)?.obj() {
        let copy = cx.new_buf(buf.len())?;
        for i in 0..buf.len() {
            let v = cx.read_item(g, buf, i)?;
            copy.init_item(i, v);
        }
        o.init(slot::REGS, copy.into());
    }
    Ok(o)
}
