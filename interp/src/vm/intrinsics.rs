//! Natives that call Python code back and that the machine does itself when Python code calls them ([`Effect::Machine`]),
//! so that the code below runs without Rust recursion and attempts may end in it: `next(g)`, `g.send(v)`, `g.__next__()`,
//! `exec`, `eval`, `Context.run`, calls of partial objects.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, Effect, NativeFn},
    types::{T, descr, native_fn},
    value::Value,
};

use crate::{
    builtins::{self, scope},
    modules::{_contextvars, _functools::partial},
    vm::{
        call::{self, Site, Values},
        exec::generators,
        frame::{Regs, flag},
        generator,
        state::vm,
    },
};

/// Whether [`call()`] may do this native.
#[inline(always)]
pub fn is_intrinsic(o: Obj) -> bool {
    o.kind() == Kind::Native && native_fn::def(o).effect == Effect::Machine
}

/// Does the call if the machine can: `Some(true)` when a frame was opened, `None` when the native must do it.
///
/// # Errors
/// What the native would raise.
pub fn call(
    cx: &mut Cx,
    site: Site,
    o: Obj,
    this: Value,
    args: &[Value],
    kwnames: &[Value],
) -> Completion<Option<bool>> {
    let def = native_fn::def(o);
    let is = |f: NativeFn| def.run as usize == f as usize;
    let bound = o.raw(native_fn::slot::SELF);
    let first = if bound.is_bound() { bound } else { this };
    let all = call::prepended(first, args);
    if is(_contextvars::run) {
        return run_in_context(cx, site, &all, kwnames);
    }
    if is(partial::call) {
        return call_partial(cx, site, &all, kwnames);
    }
    if !kwnames.is_empty() {
        return Ok(None);
    }
    if is(scope::exec) || is(scope::eval) {
        return run_code(cx, site, &all, is(scope::exec));
    }
    let takes_generator = is(builtins::next) || is(generator::send) || is(generator::next);
    if !takes_generator {
        return Ok(None);
    }
    let sent = match &all[..] {
        [_] => Value::NONE,
        [_, v] if is(generator::send) => *v,
        _ => return Ok(None),
    };
    resume(cx, site, all[0], sent, is(builtins::next))
}

fn resume(
    cx: &mut Cx,
    site: Site,
    receiver: Value,
    sent: Value,
    plain_only: bool,
) -> Completion<Option<bool>> {
    let Some(g) = receiver.obj().filter(|g| g.kind() == Kind::Generator) else { return Ok(None) };
    let generator = g.class() == cx.class(T::generator);
    if g.class() == cx.class(T::async_generator) || (plain_only && !generator) {
        return Ok(None);
    }
    vm(cx).pushed = Regs::NULL;
    if generators::resume(cx, site, g, sent)? {
        return Ok(Some(true));
    }
    Err(taipan_objects::types::exception::stop_iteration(cx, Value::NONE))
}

fn run_code(cx: &mut Cx, site: Site, args: &[Value], is_exec: bool) -> Completion<Option<bool>> {
    if args.is_empty() || args.len() > 3 {
        return Ok(None);
    }
    let mut given = [Value::NONE; 4];
    given[..args.len()].copy_from_slice(args);
    let (f, locals) = if is_exec {
        scope::prepare_exec(cx, Args(&given))?
    } else {
        scope::prepare_eval(cx, Args(&given[..3]))?
    };
    let flags = if is_exec { site.flags | flag::NONE } else { site.flags };
    let args = scope::arguments(f, &locals);
    call::open(cx, Site { flags, ..site }, f, args, &[], Value::UNBOUND)?;
    Ok(Some(true))
}

/// `context.run(f, ...)` for a Python function or method `f`.
fn run_in_context(
    cx: &mut Cx,
    site: Site,
    args: &[Value],
    kwnames: &[Value],
) -> Completion<Option<bool>> {
    let [context, f, rest @ ..] = args else { return Ok(None) };
    let (f, receiver) = match f.obj() {
        Some(o) if o.kind() == Kind::Frozen && o.class() == cx.class(T::method) => {
            descr::method_parts(o)
        }
        _ => (*f, Value::UNBOUND),
    };
    let Some(function) = f.obj().filter(|o| o.kind() == Kind::Function) else { return Ok(None) };
    if args.len() < 2 + kwnames.len() || !_contextvars::is_context(cx, *context)? {
        return Ok(None);
    }
    let Some(entered) = context.obj() else { return Ok(None) };
    let all = call::prepended(receiver, rest);
    let flags = site.flags | flag::CONTEXT;
    let previous = _contextvars::enter(cx, entered)?;
    let opened = call::open(cx, Site { flags, ..site }, function, &all, kwnames, previous);
    if let Err(escape) = opened {
        if !escape.is_abort() {
            _contextvars::leave(cx, previous)?;
        }
        return Err(escape);
    }
    Ok(Some(true))
}

/// A call of a partial object whose own and given keyword arguments need no merging.
fn call_partial(
    cx: &mut Cx,
    site: Site,
    args: &[Value],
    kwnames: &[Value],
) -> Completion<Option<bool>> {
    let Some((this, given)) = args.split_first() else { return Ok(None) };
    let class = cx.type_for(&partial::PARTIAL)?;
    let Some(o) = this.obj().filter(|o| taipan_objects::class::is_subclass(o.class(), class))
    else {
        return Ok(None);
    };
    let (positional, keywords) = given.split_at(given.len() - kwnames.len().min(given.len()));
    let parts = partial::spread(cx, o, positional)?;
    let own = match parts.keywords {
        Some(d) => taipan_objects::types::dict::len(cx, d)?,
        None => 0,
    };
    let mut all: Values = parts.args.as_slice().into();
    if own == 0 {
        all.extend_from_slice(keywords);
        return call::invoke(cx, site, parts.func, Value::UNBOUND, &all, kwnames).map(Some);
    }
    if !kwnames.is_empty() {
        return Ok(None);
    }
    let own = parts.keywords.map_or(Value::UNBOUND, Value::from);
    let empty = cx.new_tuple(&[])?;
    let (values, names) = call::star_values(cx, parts.func, empty, own)?;
    all.extend_from_slice(&values);
    call::invoke(cx, site, parts.func, Value::UNBOUND, &all, &names).map(Some)
}
