//! Calling anything callable.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::Effect,
    raise,
    types::{T, descr, exception, native_fn, type_},
    value::Value,
};

/// Calls `f` with positional arguments.
///
/// # Errors
/// `TypeError` when `f` is not callable, and whatever the call raises.
#[inline]
pub fn call(cx: &mut Cx, f: Value, args: &[Value]) -> Completion<Value> {
    call_kw(cx, f, args, &[])
}

/// Calls `f` with positional values followed by one value per name in `kwnames` (interned strings).
///
/// # Errors
/// `TypeError` when `f` is not callable, and whatever the call raises.
pub fn call_kw(cx: &mut Cx, f: Value, args: &[Value], kwnames: &[Value]) -> Completion<Value> {
    if let Some(o) = f.obj() {
        match o.kind() {
            Kind::Native => return call_native(cx, o, args, kwnames),
            Kind::Function => return (cx.world.upcalls().call_function)(cx, o, args, kwnames),
            Kind::Frozen if o.class() == cx.class(T::method) => {
                let (func, this) = descr::method_parts(o);
                return call_with_self(cx, func, this, args, kwnames);
            }
            Kind::Type if type_::has_plain_call(cx, o) => {
                return type_::call_class(cx, o, args, kwnames);
            }
            _ => {}
        }
    }
    let class = cx.class_of(f);
    let special = class::special(class, Special::Call);
    if special.is_unbound() {
        let name = class::full_name(class);
        return raise!(cx, TypeError, "'{name}' object is not callable");
    }
    call_unbound(cx, special, f, args, kwnames)
}

/// Calls `f(this, *args, ...)`.
///
/// # Errors
/// As [`call_kw`].
pub fn call_with_self(
    cx: &mut Cx,
    f: Value,
    this: Value,
    args: &[Value],
    kwnames: &[Value],
) -> Completion<Value> {
    let mut all: smallvec::SmallVec<[Value; 8]> = smallvec::SmallVec::with_capacity(args.len() + 1);
    all.push(this);
    all.extend_from_slice(args);
    call_kw(cx, f, &all, kwnames)
}

/// Calls a native: honors its declared effect, then binds and runs.
///
/// # Errors
/// As [`call_kw`].
#[inline]
pub fn call_native(
    cx: &mut Cx,
    native: Obj,
    args: &[Value],
    kwnames: &[Value],
) -> Completion<Value> {
    if !cx.is_solo() && native_fn::def(native).effect == Effect::Irrevocable {
        (cx.world.upcalls().irrevocable)(cx)?;
    }
    // Natives may call each other without end: `C.__repr__ = C.__str__`.
    if cx.native_stack_is_low() {
        return raise!(cx, RecursionError, "maximum recursion depth exceeded");
    }
    let bound = native.raw(native_fn::slot::SELF).is_bound();
    if !bound && native.class() != cx.class(T::builtin_function_or_method) {
        check_receiver(cx, native, args, kwnames)?;
    }
    cx.native_depth += 1;
    let result = native_fn::call(cx, native, args, kwnames);
    cx.native_depth -= 1;
    match result {
        // How natives say that an iterator has ended.
        Ok(v) if v.is_unbound() => Err(exception::stop_iteration(cx, Value::NONE)),
        result => result,
    }
}

/// An unbound method of a builtin class demands an instance of that class.
fn check_receiver(cx: &mut Cx, native: Obj, args: &[Value], kwnames: &[Value]) -> Completion<()> {
    let Some(owner) = native.raw(native_fn::slot::OWNER).obj() else { return Ok(()) };
    if owner.kind() != Kind::Type {
        return Ok(());
    }
    let name = native_fn::def(native).name;
    if args.len() == kwnames.len() {
        let owner = class::full_name(owner);
        return raise!(cx, TypeError, "unbound method {owner}.{name}() needs an argument");
    }
    let class = cx.class_of(args[0]);
    if class::is_subclass(class, owner) || native.class() == cx.class(T::classmethod_descriptor) {
        return Ok(());
    }
    let (owner, got) = (class::full_name(owner), class::full_name(class));
    if native.class() == cx.class(T::wrapper_descriptor) {
        return raise!(
            cx,
            TypeError,
            "descriptor '{name}' requires a '{owner}' object but received a '{got}'"
        );
    }
    raise!(
        cx,
        TypeError,
        "descriptor '{name}' for '{owner}' objects doesn't apply to a '{got}' object"
    )
}

/// Calls what a class look-up gave (`special`, unbound) on the receiver `this`.
///
/// # Errors
/// As [`call_kw`].
pub fn call_unbound(
    cx: &mut Cx,
    special: Value,
    this: Value,
    args: &[Value],
    kwnames: &[Value],
) -> Completion<Value> {
    if let Some(o) = special.obj() {
        if o.kind() == Kind::Native
            && kwnames.is_empty()
            && let Some(result) = native_fn::call_method_of(cx, o, this, args)
        {
            return match result {
                // How natives say that an iterator has ended.
                Ok(v) if v.is_unbound() => Err(exception::stop_iteration(cx, Value::NONE)),
                result => result,
            };
        }
        if o.kind() == Kind::Function || native_fn::is_method_descriptor(cx, o) {
            return call_with_self(cx, special, this, args, kwnames);
        }
    }
    // What is called may be an instance of the same class, again and again.
    cx.nested(" while calling a Python object", |cx| {
        let class = cx.class_of(this);
        let bound = descr::bind(cx, special, this, class)?;
        call_kw(cx, bound, args, kwnames)
    })
}

/// The special method `s` of the value's class, unbound, if it has one that is not `None`.
#[inline(always)]
pub fn find_special(cx: &Cx, v: Value, s: Special) -> Option<Value> {
    class::special(cx.class_of(v), s).bound()
}

/// Calls the special method `s` of `this`; `None` if its class has none.
///
/// # Errors
/// Whatever the method raises.
#[inline]
pub fn call_special(
    cx: &mut Cx,
    this: Value,
    s: Special,
    args: &[Value],
) -> Completion<Option<Value>> {
    match find_special(cx, this, s) {
        Some(f) => call_unbound(cx, f, this, args, &[]).map(Some),
        None => Ok(None),
    }
}

/// Calls the method with the interned name `name`.
///
/// # Errors
/// `AttributeError`, and whatever the method raises.
pub fn call_method(cx: &mut Cx, this: Value, name: Value, args: &[Value]) -> Completion<Value> {
    let class = cx.class_of(this);
    if class::has_flag(class, class::flag::PLAIN_GETATTR)
        && let Some(f) = cx.lookup(class, name).bound()
        && let Some(o) = f.obj()
        && (o.kind() == Kind::Function || native_fn::is_method_descriptor(cx, o))
        && super::attr::own_attribute(cx, this, name)?.is_unbound()
    {
        return call_with_self(cx, f, this, args, &[]);
    }
    let f = super::get_attr(cx, this, name)?;
    call(cx, f, args)
}

/// Calls `f(*args, **kwargs)`, where `kwargs` is a dict with string keys or unbound.
///
/// # Errors
/// As [`call_kw`].
pub fn call_star(cx: &mut Cx, f: Value, args: &[Value], kwargs: Value) -> Completion<Value> {
    let Some(d) = kwargs.obj() else { return call_kw(cx, f, args, &[]) };
    let items = crate::types::dict::items(cx, d)?;
    if items.is_empty() {
        return call_kw(cx, f, args, &[]);
    }
    let mut all: smallvec::SmallVec<[Value; 8]> = smallvec::SmallVec::from_slice(args);
    let mut names: smallvec::SmallVec<[Value; 8]> = smallvec::SmallVec::new();
    for pair in items.as_slice().chunks_exact(2) {
        names.push(crate::types::str::interned(cx, pair[0])?);
        all.push(pair[1]);
    }
    call_kw(cx, f, &all, &names)
}
