//! Calls that the loop does not do itself: any callable, keywords, stars, classes, natives; leaving frames.
//!
//! Handlers return `true` when they opened a frame (`Vm::pushed`), `false` when the result is in its register.

use smallvec::SmallVec;
use taipan_objects::{
    class,
    cx::Cx,
    exc::{Completion, Escape},
    heap::{Kind, Obj},
    names::Special,
    native::{Args, Effect},
    protocol, raise,
    types::{T, descr, exception, native_fn, type_},
    value::Value,
};

use crate::{
    code::Instr,
    modules::_contextvars,
    txn::driver,
    vm::{
        bind,
        cache::Cache,
        exec::build,
        frame::{Book, FRAME_WORDS, Regs, flag},
        frame_object, function, intrinsics,
        loaded::LoadedCode,
        state::vm,
        tracing,
    },
};

/// Values passed along, usually few.
pub type Values = SmallVec<[Value; 10]>;

/// Where a call's frame goes and what happens to its result.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// The calling frame.
    pub caller: Regs,
    /// First word above the caller's base that is free for the call.
    pub window: usize,
    /// Register that receives the result.
    pub dst: u8,
    /// Flags of the frame.
    pub flags: u64,
}

impl Site {
    /// A call without a window of its own, such as a property's getter: its frame goes above the caller's registers.
    pub fn above(caller: Regs, dst: u8) -> Self {
        Self { caller, window: caller.code().n_regs as usize, dst, flags: 0 }
    }

    /// As [`Site::above`], dropping the result.
    pub fn discard(caller: Regs) -> Self {
        Self { flags: flag::DISCARD, ..Self::above(caller, 0) }
    }

    fn store(self, v: Value) {
        if self.flags & flag::DISCARD == 0 {
            self.caller.set(self.dst, v);
        }
    }
}

/// `RecursionError`, with room to handle it.
#[cold]
pub fn too_deep(cx: &mut Cx) -> Escape {
    taipan_objects::exc::raise_message(cx, T::RecursionError, "maximum recursion depth exceeded")
}

/// `Call`.
#[inline(never)]
pub fn call(cx: &mut Cx, regs: Regs, i: &Instr, cache: &mut Cache) -> Completion<bool> {
    if let Some(class) = regs.get(i.b).obj()
        && class.kind() == Kind::Type
    {
        if !class::has_flag(class, class::flag::HEAP) && type_::has_plain_call(cx, class) {
            let args = regs.words(i.b as usize + 4, i.c as usize);
            let made = type_::call_class(cx, class, args, &[])?;
            regs.set(i.a, made);
            return Ok(false);
        }
        if let Some(done) = class_call(cx, regs, i, class, cache)? {
            return Ok(done);
        }
    }
    let site = Site { caller: regs, window: i.b as usize, dst: i.a, flags: 0 };
    invoke(cx, site, regs.get(i.b), Value::UNBOUND, regs.window(i.b + 4, i.c as usize), &[])
}

fn kwnames(regs: Regs, k: i32) -> &'static [Value] {
    regs.code().constant(k).obj().map_or(&[], Obj::items)
}

/// `CallKw`.
pub fn call_kw(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<bool> {
    let site = Site { caller: regs, window: i.b as usize, dst: i.a, flags: 0 };
    let args = regs.words(i.b as usize + 4, i.c as usize);
    invoke(cx, site, regs.get(i.b), Value::UNBOUND, args, kwnames(regs, i.imm))
}

/// `CallMethod`, off the fast path.
#[inline(never)]
pub fn call_method(cx: &mut Cx, regs: Regs, i: &Instr, _cache: &mut Cache) -> Completion<bool> {
    let site = Site { caller: regs, window: i.b as usize, dst: i.a, flags: 0 };
    let args = regs.words(i.b as usize + 5, i.c as usize);
    invoke(cx, site, regs.get(i.b), regs.get(i.b + 4), args, &[])
}

/// `CallMethodKw`.
pub fn call_method_kw(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<bool> {
    let site = Site { caller: regs, window: i.b as usize, dst: i.a, flags: 0 };
    let args = regs.words(i.b as usize + 5, i.c as usize);
    invoke(cx, site, regs.get(i.b), regs.get(i.b + 4), args, kwnames(regs, i.imm))
}

/// `CallEx`.
pub fn call_ex(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<bool> {
    let site = Site { caller: regs, window: i.b as usize, dst: i.a, flags: 0 };
    let f = regs.get(i.b);
    let star = regs.word(i.b as usize + 4);
    let (args, names) = star_values(cx, f, star, regs.word(i.b as usize + 5))?;
    invoke(cx, site, f, Value::UNBOUND, &args, &names)
}

/// The values of `f(*star, **map)`: positional ones, then one per name.
///
/// # Errors
/// `TypeError` when they cannot be spread.
pub fn star_values(cx: &mut Cx, f: Value, star: Value, map: Value) -> Completion<(Values, Values)> {
    let mut args = Values::new();
    match star.obj().filter(|o| o.class() == cx.class(T::tuple)) {
        Some(tuple) => args.extend_from_slice(tuple.items()),
        None => {
            if !build::is_iterable(cx, star) {
                let what = build::callable_text(cx, f);
                let got = cx.type_name(star);
                return raise!(
                    cx,
                    TypeError,
                    "{what} argument after * must be an iterable, not {got}"
                );
            }
            let items = protocol::collect(cx, star)?;
            args.extend_from_slice(items.as_slice());
        }
    }
    let mut names = Values::new();
    if let Some(map) = map.obj() {
        let items = taipan_objects::types::dict::items(cx, map)?;
        for pair in items.as_slice().chunks_exact(2) {
            if taipan_objects::types::str::wtf8(pair[0]).is_none() {
                return raise!(cx, TypeError, "keywords must be strings");
            }
            let name = taipan_objects::types::str::interned(cx, pair[0])?;
            names.push(name);
            args.push(pair[1]);
        }
    }
    Ok((args, names))
}

/// Calls `f` with `this` (unless unbound) and `args`, of which the last `kwnames.len()` are keyword values.
///
/// # Errors
/// `TypeError` for what cannot be called so, and whatever natives raise.
pub fn invoke(
    cx: &mut Cx,
    site: Site,
    f: Value,
    this: Value,
    args: &[Value],
    kwnames: &[Value],
) -> Completion<bool> {
    let Some(o) = f.obj() else { return not_callable(cx, f) };
    match o.kind() {
        Kind::Function => {
            let all = prepended(this, args);
            open(cx, site, o, &all, kwnames, Value::UNBOUND)?;
            Ok(true)
        }
        Kind::Native => {
            if intrinsics::is_intrinsic(o)
                && let Some(opened) = intrinsics::call(cx, site, o, this, args, kwnames)?
            {
                return Ok(opened);
            }
            let traced = vm(cx).tracing.mode != 0;
            let v = if this.is_bound() {
                let all = prepended(this, args);
                native(cx, o, &all, kwnames)?
            } else {
                native(cx, o, args, kwnames)?
            };
            site.store(v);
            Ok(!traced && tracing::starts_here(cx, site))
        }
        Kind::Frozen if o.class() == cx.class(T::method) => {
            let (func, receiver) = descr::method_parts(o);
            let all = prepended(this, args);
            invoke(cx, site, func, receiver, &all, kwnames)
        }
        Kind::Type => {
            let all = prepended(this, args);
            call_class(cx, site, o, &all, kwnames)
        }
        _ => {
            let all = prepended(this, args);
            let special = class::special(o.class(), Special::Call);
            match special.obj() {
                Some(g) if g.kind() == Kind::Function => {
                    invoke(cx, site, special, f, &all, kwnames)
                }
                Some(g) if intrinsics::is_intrinsic(g) => {
                    invoke(cx, site, special, f, &all, kwnames)
                }
                _ => {
                    let v = protocol::call_kw(cx, f, &all, kwnames)?;
                    site.store(v);
                    Ok(false)
                }
            }
        }
    }
}

/// The arguments of a call, `this` first unless unbound.
pub fn prepended(this: Value, args: &[Value]) -> Values {
    let mut all = Values::with_capacity(args.len() + 1);
    if this.is_bound() {
        all.push(this);
    }
    all.extend_from_slice(args);
    all
}

#[cold]
fn not_callable(cx: &mut Cx, f: Value) -> Completion<bool> {
    let name = cx.type_name(f);
    raise!(cx, TypeError, "'{name}' object is not callable")
}

/// Calls a native function; the end of an iterator becomes `StopIteration`.
///
/// # Errors
/// Whatever the native raises.
pub fn native(cx: &mut Cx, o: Obj, args: &[Value], kwnames: &[Value]) -> Completion<Value> {
    let v = protocol::call::call_native(cx, o, args, kwnames)?;
    if v.is_unbound() {
        return Err(exception::stop_iteration(cx, Value::NONE));
    }
    Ok(v)
}

/// Whether a native may run right in the loop: it neither blocks nor cuts the attempt, nor enters frames.
#[inline(always)]
fn is_direct(o: Obj) -> bool {
    matches!(native_fn::def(o).effect, Effect::Transactional | Effect::Deferred)
}

#[inline(always)]
fn run_direct(cx: &mut Cx, o: Obj, args: &[Value]) -> Completion<Value> {
    let v = (native_fn::def(o).run)(cx, Args(args))?;
    if v.is_unbound() {
        return Err(exception::stop_iteration(cx, Value::NONE));
    }
    Ok(v)
}

/// Calls a method descriptor that was found on the receiver's class, if nothing has to be bound; `UNBOUND` if it must.
#[inline(always)]
pub fn native_method(cx: &mut Cx, o: Obj, args: &[Value]) -> Completion<Value> {
    let sig = native_fn::signature(o);
    let owner = o.raw(native_fn::slot::OWNER);
    if owner != Value::from(cx.class_of(args[0])) && !inherits(cx, args[0], owner)
        || o.raw(native_fn::slot::SELF).is_bound()
        || !is_direct(o)
    {
        return Ok(Value::UNBOUND);
    }
    if sig.simple && args.len() == sig.n_positional {
        return run_direct(cx, o, args);
    }
    run_filled(cx, o, args[0], &args[1..])
}

/// A direct native with the defaults of what was left out; `UNBOUND` if that does not do. Not part of the loop, on whose
/// stack frame values would stay for the collector to see.
#[inline(never)]
fn run_filled(cx: &mut Cx, o: Obj, this: Value, args: &[Value]) -> Completion<Value> {
    let sig = native_fn::signature(o);
    match native_fn::filled(sig, this, args) {
        Some(all) => run_direct(cx, o, &all[..sig.n_positional]),
        None => Ok(Value::UNBOUND),
    }
}

/// Whether `v` is an instance of a class derived from the builtin class `owner`.
#[inline(never)]
fn inherits(cx: &Cx, v: Value, owner: Value) -> bool {
    match owner.obj() {
        Some(owner) if owner.kind() == Kind::Type => class::is_subclass(cx.class_of(v), owner),
        _ => false,
    }
}

/// `Call` of a native function or bound native method, if its arguments need no binding; `UNBOUND` if they do.
#[inline(always)]
pub fn native_function(cx: &mut Cx, o: Obj, regs: Regs, i: &Instr) -> Completion<Value> {
    let sig = native_fn::signature(o);
    if !is_direct(o) {
        return Ok(Value::UNBOUND);
    }
    let this = o.raw(native_fn::slot::SELF);
    let args = regs.words(i.b as usize + 4, i.c as usize);
    if this.is_unbound() && sig.simple && args.len() == sig.n_positional {
        return run_direct(cx, o, args);
    }
    run_filled(cx, o, this, args)
}

/// What [`Cache::what`] says of an entry made by [`class_call`].
const CLASS: u64 = 8;

/// `Call` of an ordinary class whose `__init__` is a Python function with plain parameters: makes the instance and opens
/// the frame. `None`: the general way has to do it.
#[inline]
fn class_call(
    cx: &mut Cx,
    regs: Regs,
    i: &Instr,
    class: Obj,
    cache: &mut Cache,
) -> Completion<Option<bool>> {
    let epoch = cx.world.type_epoch();
    if cache.key != class.to_word() || cache.epoch != epoch || cache.what != CLASS {
        let Some(init) = plain_init(cx, class) else { return Ok(None) };
        *cache =
            Cache { key: class.to_word(), epoch, what: CLASS, value: init.into(), ..Cache::EMPTY };
    }
    let Some(init) = cache.value.obj() else { return Ok(None) };
    let code = function::code(init);
    let n = i.c as usize;
    if code.plain_args as usize != n + 1 {
        return Ok(None);
    }
    let site = Site { caller: regs, window: i.b as usize, dst: i.a, flags: flag::INIT };
    let frame = room(cx, site, code)?;
    let made = cx.new_instance(class)?;
    // Upwards, so from the last one on.
    for k in (0..n).rev() {
        frame.set_word(1 + k, regs.word(i.b as usize + 4 + k));
    }
    frame.set_word(0, made.into());
    enter(cx, site, init, code, frame, made.into());
    Ok(Some(true))
}

/// The `__init__` of a class whose instances are made by nothing else.
fn plain_init(cx: &mut Cx, class: Obj) -> Option<Obj> {
    let object_new = class::special(cx.class(T::object), Special::New);
    let plain = type_::has_plain_call(cx, class)
        && class::has_flag(class, class::flag::HEAP)
        && class::special(class, Special::New) == object_new
        && class::root_shape(class).kind() == Kind::Instance
        && !class::has_flag(class, class::flag::ABSTRACT);
    let init = class::special(class, Special::Init).obj().filter(|o| o.kind() == Kind::Function);
    init.filter(|_| plain)
}

/// Calls a class: `__new__`, then `__init__`, the latter in a frame of this loop if it is a Python function.
fn call_class(
    cx: &mut Cx,
    site: Site,
    class: Obj,
    args: &[Value],
    kwnames: &[Value],
) -> Completion<bool> {
    let type_ = cx.class(T::type_);
    let meta = class.class();
    let plain = class::special(meta, Special::Call) == class::special(type_, Special::Call);
    if !plain || class == type_ {
        if let Some(f) = class::special(meta, Special::Call).obj()
            && f.kind() == Kind::Function
        {
            let all = prepended(class.into(), args);
            open(cx, site, f, &all, kwnames, Value::UNBOUND)?;
            return Ok(true);
        }
        let v = protocol::call_kw(cx, class.into(), args, kwnames)?;
        site.store(v);
        return Ok(false);
    }
    let init = class::special(class, Special::Init);
    let Some(init) = init.obj().filter(|o| o.kind() == Kind::Function) else {
        let v = protocol::call_kw(cx, class.into(), args, kwnames)?;
        site.store(v);
        return Ok(false);
    };
    let made = make_instance(cx, class, args, kwnames)?;
    if !class::is_subclass(cx.class_of(made), class) {
        site.store(made);
        return Ok(false);
    }
    let init = if cx.class_of(made) == class {
        init
    } else {
        match class::special(cx.class_of(made), Special::Init)
            .obj()
            .filter(|o| o.kind() == Kind::Function)
        {
            Some(init) => init,
            None => {
                let f = class::special(cx.class_of(made), Special::Init);
                protocol::call::call_unbound(cx, f, made, args, kwnames)?;
                site.store(made);
                return Ok(false);
            }
        }
    };
    let all = prepended(made, args);
    open(cx, Site { flags: site.flags | flag::INIT, ..site }, init, &all, kwnames, made)?;
    Ok(true)
}

fn make_instance(cx: &mut Cx, class: Obj, args: &[Value], kwnames: &[Value]) -> Completion<Value> {
    let new = class::special(class, Special::New);
    let object_new = class::special(cx.class(T::object), Special::New);
    if new == object_new
        && class::root_shape(class).kind() == Kind::Instance
        && !class::has_flag(class, class::flag::ABSTRACT)
    {
        return cx.new_instance(class).map(Value::from);
    }
    let f = descr::bind_to_class(cx, new, class)?;
    if new == object_new {
        return protocol::call(cx, f, &[class.into()]);
    }
    let all = prepended(class.into(), args);
    protocol::call_kw(cx, f, &all, kwnames)
}

/// Opens a frame of the Python function `f` with these arguments.
///
/// # Errors
/// `TypeError` when the arguments do not fit, `RecursionError`.
pub fn open(
    cx: &mut Cx,
    site: Site,
    f: Obj,
    args: &[Value],
    kwnames: &[Value],
    extra: Value,
) -> Completion<()> {
    let code = function::code(f);
    let regs = room(cx, site, code)?;
    bind::arguments(cx, f, code, regs, args, kwnames)?;
    enter(cx, site, f, code, regs, extra);
    Ok(())
}

/// Completes a frame whose parameters are in place.
#[inline(always)]
fn enter(cx: &mut Cx, site: Site, f: Obj, code: &LoadedCode, regs: Regs, extra: Value) {
    cx.depth += 1;
    for r in code.n_params..code.n_locals {
        regs.set_word(r as usize, Value::UNBOUND);
    }
    let pc = vm(cx).pc;
    regs.open(f.into(), code, pc, Book::new(site.flags, site.dst, regs.distance_from(site.caller)));
    regs.set_extra(extra);
    vm(cx).pushed = regs;
    vm(cx).pushed_pc = code.instrs;
}

/// Checks the limits for one more frame of `code` and gives its base.
///
/// # Errors
/// `RecursionError`.
pub fn room(cx: &mut Cx, site: Site, code: &LoadedCode) -> Completion<Regs> {
    let regs = Regs::at(site.caller.above(site.window + FRAME_WORDS));
    let words = code.n_regs.max(code.n_params) as usize + FRAME_WORDS;
    if cx.depth >= cx.recursion_limit || regs.above(words) >= cx.stack.limit {
        return Err(too_deep(cx));
    }
    Ok(regs)
}

/// As [`room`]; `None` instead of the error.
#[inline(always)]
pub fn quick_room(cx: &Cx, site: Site, code: &LoadedCode) -> Option<Regs> {
    let regs = Regs::at(site.caller.above(site.window + FRAME_WORDS));
    let words = code.n_regs.max(code.n_params) as usize + FRAME_WORDS;
    (cx.depth < cx.recursion_limit && regs.above(words) < cx.stack.limit).then_some(regs)
}

/// Where to go on: the frame and the instruction; `None` when the loop is left.
pub type Onward = Option<(Regs, *const Instr)>;

/// Leaves a frame with flags, with the value `v`.
///
/// # Errors
/// `TypeError` when `__init__` returned something; the caller's frame is then in `Vm::base`.
pub fn leave(cx: &mut Cx, regs: Regs, v: Value) -> Completion<Onward> {
    let book = regs.book();
    if book.has(flag::OBJECT) {
        frame_object::detach(cx, regs);
    }
    let caller = regs.caller();
    let at = regs.return_pc();
    cx.depth -= 1;
    vm(cx).base = caller;
    if book.has(flag::ENTRY) {
        return Ok(None);
    }
    driver::note_return(cx, caller);
    vm(cx).pc = at;
    if book.has(flag::CONTEXT) {
        _contextvars::leave(cx, regs.extra())?;
    }
    let mut result = if book.has(flag::NONE) { Value::NONE } else { v };
    if book.has(flag::INIT) {
        if !v.is_none() {
            let got = cx.type_name(v);
            return raise!(cx, TypeError, "__init__() should return None, not '{got}'");
        }
        result = regs.extra();
    }
    if !book.has(flag::DISCARD) {
        caller.set(book.dst(), result);
    }
    Ok(Some((caller, at)))
}
