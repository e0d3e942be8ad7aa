//! Calling a class: `__new__`, then `__init__` if an instance came out.

use super::class_arg;
use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::Obj,
    names::Special,
    native::Args,
    protocol, raise,
    types::{T, construct, descr, dict, str as string},
    value::Value,
};

/// Calling a class: `__new__`, then `__init__` if an instance came out.
pub(super) fn call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    instantiate(cx, class, args.rest(1), args.get(2))
}

/// Whether calling the class means `type.__call__`.
#[inline]
pub fn has_plain_call(cx: &Cx, class: Obj) -> bool {
    let (meta, type_) = (class.class(), cx.class(T::type_));
    meta == type_ || class::special(meta, Special::Call) == class::special(type_, Special::Call)
}

/// `class(*args, **kwargs)` by `type.__call__`'s rules.
///
/// # Errors
/// Whatever `__new__` and `__init__` raise.
pub fn instantiate(cx: &mut Cx, class: Obj, args: &[Value], kwargs: Value) -> Completion<Value> {
    let Some(d) = kwargs.obj() else { return call_class(cx, class, args, &[]) };
    let (mut all, mut names) = (smallvec::SmallVec::from_slice(args), Values::new());
    for pair in dict::items(cx, d)?.as_slice().chunks_exact(2) {
        names.push(string::interned(cx, pair[0])?);
        all.push(pair[1]);
    }
    let all: Values = all;
    call_class(cx, class, &all, &names)
}

type Values = smallvec::SmallVec<[Value; 8]>;

/// As [`instantiate`], with one trailing value per name in `kwnames`.
///
/// # Errors
/// Whatever `__new__` and `__init__` raise.
pub fn call_class(cx: &mut Cx, class: Obj, args: &[Value], kwnames: &[Value]) -> Completion<Value> {
    if class == cx.class(T::type_) && args.len() == 1 && kwnames.is_empty() {
        return Ok(cx.class_of(args[0]).into());
    }
    if class == cx.class(T::type_) && args.len() - kwnames.len() != 3 {
        return raise!(cx, TypeError, "type() takes 1 or 3 arguments");
    }
    if kwnames.is_empty() && !class::has_flag(class, class::flag::HEAP) {
        let made = construct::builtin(cx, class, args)?;
        if made.is_bound() {
            return Ok(made);
        }
    }
    let new = class::special(class, Special::New);
    if new.is_unbound() {
        let name = class::name(class);
        return raise!(cx, TypeError, "cannot create '{name}' instances");
    }
    let new = descr::bind_to_class(cx, new, class)?;
    let mut all = Values::with_capacity(args.len() + 1);
    all.push(class.into());
    all.extend_from_slice(args);
    let made = protocol::call::call_kw(cx, new, &all, kwnames)?;
    if !class::is_subclass(cx.class_of(made), class) {
        return Ok(made);
    }
    let init = class::special(cx.class_of(made), Special::Init);
    if init.is_bound() && init != class::special(cx.class(T::object), Special::Init) {
        let result = protocol::call::call_unbound(cx, init, made, args, kwnames)?;
        if !result.is_none() {
            let name = cx.type_name(result);
            return raise!(cx, TypeError, "__init__() should return None, not '{name}'");
        }
    }
    Ok(made)
}
