//! `isinstance` and `issubclass`, also for objects that only look like classes.
//!
//! What has a tuple as its `__bases__` is an abstract class: a subclass of what those lead to.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    raise,
    types::T,
    value::Value,
};

use super::{call::call_special, get_attr_opt, truth};

/// `isinstance(v, class_or_tuple)`.
///
/// # Errors
/// `TypeError` for a second argument that is no class, and whatever `__instancecheck__` raises.
pub fn is_instance(cx: &mut Cx, v: Value, class: Value) -> Completion<bool> {
    if Value::from(cx.class_of(v)) == class {
        return Ok(true);
    }
    if let Some(classes) = tuple_items(class) {
        return any_of(cx, classes, " in __instancecheck__", |cx, c| is_instance(cx, v, c));
    }
    if let Some(o) = class.obj()
        && o.kind() == Kind::Type
        && o.class() == cx.class(T::type_)
    {
        return instance_of_class(cx, v, o);
    }
    if let Some(r) = call_special(cx, class, Special::InstanceCheck, &[v])? {
        return truth(cx, r);
    }
    default_instance_check(cx, v, class)
}

fn tuple_items(v: Value) -> Option<&'static [Value]> {
    v.obj().filter(|o| o.kind() == Kind::Tuple).map(Obj::items)
}

/// Whether `holds` for one of the classes; counts a level of recursion.
fn any_of(
    cx: &mut Cx,
    classes: &[Value],
    doing: &str,
    mut holds: impl FnMut(&mut Cx, Value) -> Completion<bool>,
) -> Completion<bool> {
    cx.nested(doing, |cx| classes.iter().try_fold(false, |found, &c| Ok(found || holds(cx, c)?)))
}

fn instance_of_class(cx: &mut Cx, v: Value, class: Obj) -> Completion<bool> {
    if class::is_subclass(cx.class_of(v), class) {
        return Ok(true);
    }
    // Proxies lie about their class through `__class__`.
    let name = cx.name(N::class);
    match get_attr_opt(cx, v, name)?.and_then(Value::obj) {
        Some(c) if c.kind() == Kind::Type => Ok(class::is_subclass(c, class)),
        _ => Ok(false),
    }
}

/// `type.__instancecheck__`.
///
/// # Errors
/// `TypeError` when `class` is no class.
pub fn default_instance_check(cx: &mut Cx, v: Value, class: Value) -> Completion<bool> {
    match class.obj() {
        Some(o) if o.kind() == Kind::Type => instance_of_class(cx, v, o),
        _ => {
            let text = "isinstance() arg 2 must be a type, a tuple of types, or a union";
            check_class(cx, class, text)?;
            match get_attr_opt(cx, v, cx.name(N::class))? {
                Some(c) => is_abstract_subclass(cx, c, class),
                None => Ok(false),
            }
        }
    }
}

/// `issubclass(class, class_or_tuple)`.
///
/// # Errors
/// `TypeError` for arguments that are no classes, and whatever `__subclasscheck__` raises.
pub fn is_subclass_of(cx: &mut Cx, class: Value, base: Value) -> Completion<bool> {
    if let Some(classes) = tuple_items(base) {
        return any_of(cx, classes, " in __subclasscheck__", |cx, c| is_subclass_of(cx, class, c));
    }
    if let Some(r) = call_special(cx, base, Special::SubclassCheck, &[class])? {
        return truth(cx, r);
    }
    default_subclass_check(cx, class, base)
}

/// `type.__subclasscheck__`.
///
/// # Errors
/// `TypeError` when an argument is no class.
pub fn default_subclass_check(cx: &mut Cx, class: Value, base: Value) -> Completion<bool> {
    let as_class = |v: Value| v.obj().filter(|o| o.kind() == Kind::Type);
    if let (Some(c), Some(b)) = (as_class(class), as_class(base)) {
        return Ok(class::is_subclass(c, b));
    }
    check_class(cx, class, "issubclass() arg 1 must be a class")?;
    check_class(cx, base, "issubclass() arg 2 must be a class, a tuple of classes, or a union")?;
    is_abstract_subclass(cx, class, base)
}

/// The `__bases__` of `class`, if it has any and they are a tuple.
fn abstract_bases(cx: &mut Cx, class: Value) -> Completion<Option<&'static [Value]>> {
    let name = cx.name(N::bases);
    Ok(get_attr_opt(cx, class, name)?.and_then(tuple_items))
}

/// Raises a `TypeError` with `text` for what neither is a class nor looks like one.
fn check_class(cx: &mut Cx, class: Value, text: &str) -> Completion<()> {
    match abstract_bases(cx, class)? {
        Some(_) => Ok(()),
        None => raise!(cx, TypeError, "{text}"),
    }
}

/// Do the `__bases__` of `class` lead to `base`?
fn is_abstract_subclass(cx: &mut Cx, mut class: Value, base: Value) -> Completion<bool> {
    loop {
        if class == base {
            return Ok(true);
        }
        match abstract_bases(cx, class)? {
            None | Some([]) => return Ok(false),
            Some(&[only]) => class = only,
            Some(bases) => {
                return any_of(cx, bases, " in __issubclass__", |cx, c| {
                    is_abstract_subclass(cx, c, base)
                });
            }
        }
    }
}
