//! Frame objects: made when somebody looks (a traceback, `sys._getframe`), detached from their registers when the frame ends.
//!
//! While its frame runs, an object made for introspection is listed in `Vm::frame_objects` and reads the registers; when the
//! frame is left it takes a copy. Frame objects belong to the thread that made them while they are live.
//!
//! `position.rs`: which instruction and line a frame is at. `variables.rs`: its variables, read and set from outside.
//! `attributes.rs`: what Python code sees.

mod attributes;
mod position;
mod variables;

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::N,
    types::{T, dict},
    value::Value,
};

use crate::{
    code::Instr,
    vm::{
        exec::generators::{slot as gen_slot, state},
        frame::{Regs, flag},
        function,
        loaded::{self, LoadedCode},
        state::{vm, vm_ref},
    },
};

pub use self::{
    attributes::FRAME,
    position::{line, position},
    variables::{extra_locals, is_local, locals, make_extra_locals, set_local, super_arguments},
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
    frames(cx).nth(depth)
}

/// The frames of this thread, the running one first, each with where it goes on.
fn frames(cx: &Cx) -> impl Iterator<Item = (Regs, *const Instr)> {
    let vm = vm_ref(cx);
    let running = (!vm.base.is_null()).then_some((vm.base, vm.pc));
    std::iter::successors(running, |&(regs, _)| {
        let caller = regs.caller();
        (caller != regs && !caller.is_null()).then(|| (caller, regs.return_pc()))
    })
}

/// The registers of the frame, if it runs.
fn live(cx: &Cx, o: Obj) -> Option<Regs> {
    let word = o.raw(slot::LIVE);
    if word.is_bound() {
        return Some(Regs::at(word.foreign_address() as *mut u64));
    }
    let g = kept_by(cx, o).filter(|g| g.raw(gen_slot::STATE).as_small() == state::RUNNING)?;
    let is_its = |regs: &Regs| regs.book().has(flag::GEN) && regs.extra() == Value::from(g);
    frames(cx).map(|(regs, _)| regs).find(is_its)
}

/// The suspended generator whose frame this is, and its registers.
fn suspended(cx: &Cx, o: Obj) -> Option<(Obj, Obj)> {
    let g = kept_by(cx, o).filter(|g| g.raw(gen_slot::STATE).as_small() <= state::SUSPENDED)?;
    Some((g, g.raw(gen_slot::REGS).obj()?))
}

fn code_of(o: Obj) -> Option<&'static LoadedCode> {
    loaded::of(o.raw(slot::CODE).obj()?)
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
