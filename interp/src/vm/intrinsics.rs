//! Natives that the machine does itself when Python code calls them, so that Python code below them runs without Rust
//! recursion: `next(g)`, `g.send(v)`, `g.__next__()`, `exec`, `eval`.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::NativeFn,
    types::{T, native_fn},
    value::Value,
};

use crate::{
    builtins,
    vm::{call::Site, exec::generators, generator, state::vm},
};

#[inline(always)]
fn is(o: Obj, f: NativeFn) -> bool {
    native_fn::def(o).run as usize == f as usize
}

/// Whether [`call`] may do this native.
#[inline(always)]
pub fn is_intrinsic(o: Obj) -> bool {
    is(o, generator::send) || is(o, generator::next) || is(o, builtins::next)
}

/// Does the call if it is one of the machine's own; `None` if it is not.
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
    if !kwnames.is_empty() {
        return Ok(None);
    }
    let bound = o.raw(native_fn::slot::SELF);
    let first = if bound.is_bound() { bound } else { this };
    let (receiver, rest) = match (first.bound(), args) {
        (Some(v), rest) => (v, rest),
        (None, [v, rest @ ..]) => (*v, rest),
        _ => return Ok(None),
    };
    let Some(g) = receiver.obj().filter(|g| g.kind() == Kind::Generator) else { return Ok(None) };
    let is_async = g.class() == cx.class(T::async_generator);
    let sent = match rest {
        [] if is(o, generator::next) || is(o, builtins::next) => Value::NONE,
        [v] if is(o, generator::send) => *v,
        _ => return Ok(None),
    };
    if is_async || (is(o, builtins::next) && g.class() != cx.class(T::generator)) {
        return Ok(None);
    }
    vm(cx).pushed = crate::vm::frame::Regs::NULL;
    if generators::resume(cx, site, g, sent)? {
        return Ok(Some(true));
    }
    Err(taipan_objects::types::exception::stop_iteration(cx, Value::NONE))
}
