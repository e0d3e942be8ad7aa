//! Attribute access: `object.__getattribute__`'s rules, instance attributes by shape, `__getattr__`.

use std::sync::atomic::Ordering;

use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    protocol::RootVec,
    raise,
    shape::{Place, Shape},
    types::{T, descr, dict, str as string, type_},
    value::Value,
};

/// `getattr(v, name)`; `name` is an interned string.
///
/// # Errors
/// `AttributeError`, and whatever descriptors raise.
#[inline]
pub fn get_attr(cx: &mut Cx, v: Value, name: Value) -> Completion<Value> {
    let class = cx.class_of(v);
    if class::has_flag(class, flag::PLAIN_GETATTR) {
        let hooked = class::special(class, Special::GetAttr).is_bound();
        return match generic_get(cx, v, class, name) {
            Ok(Some(found)) => Ok(found),
            Ok(None) if hooked => call_getattr_hook(cx, v, class, name),
            Ok(None) => Err(missing(cx, v, name)),
            // A property's own AttributeError also leads to the hook.
            Err(escape) if hooked && is_attribute_error(cx, escape) => {
                call_getattr_hook(cx, v, class, name)
            }
            Err(escape) => Err(escape),
        };
    }
    let f = class::special(class, Special::GetAttribute);
    match super::call::call_unbound(cx, f, v, &[name], &[]) {
        Err(escape)
            if class::special(class, Special::GetAttr).is_bound()
                && is_attribute_error(cx, escape) =>
        {
            call_getattr_hook(cx, v, class, name)
        }
        result => result,
    }
}

/// `getattr` with a well-known name.
///
/// # Errors
/// As [`get_attr`].
pub fn get_attr_name(cx: &mut Cx, v: Value, n: N) -> Completion<Value> {
    get_attr(cx, v, cx.name(n))
}

/// `getattr(v, name)`, or `None` where it would raise `AttributeError`.
///
/// # Errors
/// Whatever else descriptors raise.
pub fn get_attr_opt(cx: &mut Cx, v: Value, name: Value) -> Completion<Option<Value>> {
    let class = cx.class_of(v);
    if class::has_flag(class, flag::PLAIN_GETATTR)
        && class::special(class, Special::GetAttr).is_unbound()
    {
        return match generic_get(cx, v, class, name) {
            Err(escape) if is_attribute_error(cx, escape) => Ok(None),
            result => result,
        };
    }
    match get_attr(cx, v, name) {
        Ok(found) => Ok(Some(found)),
        Err(escape) if is_attribute_error(cx, escape) => Ok(None),
        Err(escape) => Err(escape),
    }
}

fn is_attribute_error(cx: &Cx, escape: crate::exc::Escape) -> bool {
    escape.exception().is_some_and(|e| class::is_subclass(e.class(), cx.class(T::AttributeError)))
}

fn call_getattr_hook(cx: &mut Cx, v: Value, class: Obj, name: Value) -> Completion<Value> {
    let hook = class::special(class, Special::GetAttr);
    super::call::call_unbound(cx, hook, v, &[name], &[])
}

/// The `AttributeError` for a missing attribute, with `name` and `obj` set.
#[cold]
pub fn missing(cx: &mut Cx, v: Value, name: Value) -> crate::exc::Escape {
    let text = string::text(name).unwrap_or("?").to_owned();
    let message = match v.obj() {
        Some(o) if o.kind() == Kind::Type => {
            format!("type object '{}' has no attribute '{text}'", class::full_name(o))
        }
        Some(o) if o.kind() == Kind::Module => match crate::types::module_name(cx, o) {
            Some(module) => format!("module '{module}' has no attribute '{text}'"),
            None => format!("module has no attribute '{text}'"),
        },
        _ => format!("'{}' object has no attribute '{text}'", class::full_name(cx.class_of(v))),
    };
    crate::types::exception::attribute_error(cx, &message, v, name)
}

/// An attribute's name as an argument, interned.
///
/// # Errors
/// `TypeError` if it is no string.
pub fn name_arg(cx: &mut Cx, v: Value) -> Completion<Value> {
    if string::exact(v).is_none() {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "attribute name must be string, not '{got}'");
    }
    string::interned(cx, v)
}

/// `object.__getattribute__(v, name)`.
///
/// # Errors
/// `AttributeError`, and whatever descriptors raise.
pub fn plain_get(cx: &mut Cx, v: Value, name: Value) -> Completion<Value> {
    let class = cx.class_of(v);
    match generic_get(cx, v, class, name)? {
        Some(found) => Ok(found),
        None => Err(missing(cx, v, name)),
    }
}

/// `object.__getattribute__` (or `type.__getattribute__`, `module.__getattribute__`) without `__getattr__`;
/// `None` when there is no such attribute.
///
/// # Errors
/// Whatever descriptors raise.
pub fn generic_get(cx: &mut Cx, v: Value, class: Obj, name: Value) -> Completion<Option<Value>> {
    if let Some(o) = v.obj()
        && o.kind() == Kind::Type
    {
        return type_::get(cx, o, class, name);
    }
    let on_class = cx.lookup(class, name);
    if on_class.is_bound() && descr::precedes(cx, on_class) {
        return descr::bind(cx, on_class, v, class).map(Some);
    }
    let own = own_attribute(cx, v, name)?;
    if own.is_bound() {
        return Ok(Some(own));
    }
    if on_class.is_bound() {
        return descr::bind(cx, on_class, v, class).map(Some);
    }
    Ok(None)
}

/// The attribute `name` of the object itself; `UNBOUND` if it has none. Never runs Python code.
///
/// # Errors
/// The attempt's abort.
pub fn own_attribute(cx: &mut Cx, v: Value, name: Value) -> Completion<Value> {
    let Some(o) = v.obj() else { return Ok(Value::UNBOUND) };
    if !o.kind().has_orec() {
        return Ok(Value::UNBOUND);
    }
    let (found, dict) = cx.bracket(o, || raw_own(o, name))?;
    match dict {
        Some(d) => dict::get_item_name(cx, d, name),
        None => Ok(found),
    }
}

/// In a bracket on `o`: the attribute, or the dict in which to look.
fn raw_own(o: Obj, name: Value) -> (Value, Option<Obj>) {
    let shape = o.shape();
    if shape.is_dict_mode() {
        return (Value::UNBOUND, shape.overflow().and_then(|w| o.raw(w).obj()));
    }
    let value = match shape.find(name) {
        Some(Place::Inline(word)) => o.raw(word),
        Some(Place::Overflow(i)) => shape
            .overflow()
            .and_then(|w| o.raw(w).obj())
            .and_then(|buf| buf.item(i))
            .unwrap_or_default(),
        None => Value::UNBOUND,
    };
    (value, None)
}

/// `setattr(v, name, value)`; `name` is an interned string.
///
/// # Errors
/// `AttributeError`, and whatever descriptors raise.
pub fn set_attr(cx: &mut Cx, v: Value, name: Value, value: Value) -> Completion<()> {
    let class = cx.class_of(v);
    let f = class::special(class, Special::SetAttr);
    if f == class::special(cx.class(T::object), Special::SetAttr) {
        return generic_set(cx, v, class, name, value);
    }
    super::call::call_unbound(cx, f, v, &[name, value], &[])?;
    Ok(())
}

/// `delattr(v, name)`; `name` is an interned string.
///
/// # Errors
/// `AttributeError`, and whatever descriptors raise.
pub fn del_attr(cx: &mut Cx, v: Value, name: Value) -> Completion<()> {
    let class = cx.class_of(v);
    let f = class::special(class, Special::DelAttr);
    if f == class::special(cx.class(T::object), Special::DelAttr) {
        return generic_set(cx, v, class, name, Value::UNBOUND);
    }
    super::call::call_unbound(cx, f, v, &[name], &[])?;
    Ok(())
}

/// `object.__setattr__`, or `object.__delattr__` when `value` is unbound.
///
/// # Errors
/// `AttributeError`, and whatever descriptors raise.
pub fn generic_set(cx: &mut Cx, v: Value, class: Obj, name: Value, value: Value) -> Completion<()> {
    let on_class = cx.lookup(class, name);
    if on_class.is_bound() && descr::set(cx, on_class, v, value)? {
        return Ok(());
    }
    if let Some(o) = v.obj()
        && o.kind().has_orec()
        && o.kind() != Kind::Type
        && o.shape().overflow().is_some_and(|_| true)
    {
        return set_own(cx, o, name, value);
    }
    let text = string::text(name).unwrap_or("?").to_owned();
    let owner = class::full_name(class);
    if on_class.is_bound() {
        return raise!(cx, AttributeError, "'{owner}' object attribute '{text}' is read-only");
    }
    if class::special(class, Special::SetAttr)
        != class::special(cx.class(T::object), Special::SetAttr)
    {
        return Err(missing(cx, v, name));
    }
    let message = format!(
        "'{owner}' object has no attribute '{text}' and no __dict__ for setting new attributes"
    );
    Err(crate::types::exception::attribute_error(cx, &message, v, name))
}

/// Sets or deletes (`UNBOUND`) an attribute of the object itself.
///
/// # Errors
/// `AttributeError` when deleting what is not there.
pub fn set_own(cx: &mut Cx, o: Obj, name: Value, value: Value) -> Completion<()> {
    cx.claim(o)?;
    let shape = o.shape();
    if shape.is_dict_mode() {
        return set_in_dict(cx, o, shape, name, value);
    }
    match shape.find(name) {
        Some(_) if value.is_unbound() => {
            materialize_dict(cx, o)?;
            set_in_dict(cx, o, o.shape(), name, value)
        }
        Some(place) => {
            write_place(cx, o, shape, place, value);
            Ok(())
        }
        None if value.is_unbound() => Err(missing(cx, o.into(), name)),
        None => add_attribute(cx, o, shape, name, value),
    }
}

fn set_in_dict(cx: &mut Cx, o: Obj, shape: &Shape, name: Value, value: Value) -> Completion<()> {
    let Some(d) = shape.overflow().and_then(|w| o.raw(w).obj()) else {
        return Err(missing(cx, o.into(), name));
    };
    if value.is_bound() {
        return dict::set_item(cx, d, name, value);
    }
    if dict::get_item_name(cx, d, name)?.is_unbound() {
        return Err(missing(cx, o.into(), name));
    }
    dict::del_item(cx, d, name).map(|_| ())
}

fn write_place(cx: &mut Cx, o: Obj, shape: &Shape, place: Place, value: Value) {
    match place {
        Place::Inline(word) => cx.write(o, word, value),
        Place::Overflow(i) => {
            if let Some(buf) = shape.overflow().and_then(|w| o.raw(w).obj()) {
                cx.write_item(o, buf, i, value);
            }
        }
    }
}

/// Most attributes kept by shape; objects with more switch to a dict.
const SHAPE_ATTRIBUTES_MAX: usize = 128;

fn add_attribute(
    cx: &mut Cx,
    o: Obj,
    shape: &'static Shape,
    name: Value,
    value: Value,
) -> Completion<()> {
    if shape.names().len() >= SHAPE_ATTRIBUTES_MAX {
        materialize_dict(cx, o)?;
        return set_in_dict(cx, o, o.shape(), name, value);
    }
    let next = shape.with(name);
    let place = next.place(shape.names().len());
    if let (Place::Overflow(i), Some(word)) = (place, next.overflow()) {
        reserve_overflow(cx, o, word, i)?;
    }
    write_place(cx, o, next, place, value);
    // Keeps the flags byte, changes the shape.
    let flags = o.word(0).load(Ordering::Relaxed) & (0xFF << 56);
    cx.write_word(o, o.word(0), next.meta() | flags);
    Ok(())
}

fn reserve_overflow(cx: &mut Cx, o: Obj, word: usize, i: usize) -> Completion<()> {
    let old = o.raw(word).obj();
    let len = old.map_or(0, Obj::len);
    if i < len {
        return Ok(());
    }
    let grown = cx.new_buf((len * 2).max(4))?;
    for k in 0..len {
        grown.init_item(k, old.and_then(|b| b.item(k)).unwrap_or_default());
    }
    cx.write(o, word, grown.into());
    Ok(())
}

/// The object's `__dict__` as a real dict, which from now on holds its attributes; `None` if it cannot have any.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn materialize_dict(cx: &mut Cx, o: Obj) -> Completion<Option<Obj>> {
    if !o.kind().has_orec() || o.kind() == Kind::Type {
        return Ok(None);
    }
    let dict_now = |o: Obj| {
        let shape = o.shape();
        if shape.is_dict_mode() { shape.overflow().and_then(|w| o.raw(w).obj()) } else { None }
    };
    if let Some(d) = cx.bracket(o, || dict_now(o))? {
        return Ok(Some(d));
    }
    cx.claim(o)?;
    let shape = o.shape();
    let Some(word) = shape.overflow() else { return Ok(None) };
    let d = dict::new(cx)?;
    for (i, &name) in shape.names().iter().enumerate() {
        let value = match shape.place(i) {
            Place::Inline(w) => o.raw(w),
            Place::Overflow(k) => o.raw(word).obj().and_then(|b| b.item(k)).unwrap_or_default(),
        };
        if value.is_bound() {
            dict::set_item(cx, d, name, value)?;
        }
    }
    replace_dict(cx, o, d)?;
    Ok(Some(d))
}

/// The attributes that an object holds itself.
#[derive(Debug)]
pub enum Own {
    /// It can have none.
    None,
    /// In a dict, which is its `__dict__`.
    Dict(Obj),
    /// In itself: a copy, name, value, name, value, ...
    Pairs(RootVec),
}

/// What [`materialize_dict`] would put into a dict, without making one.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn own_attributes(cx: &mut Cx, o: Obj) -> Completion<Own> {
    if !o.kind().has_orec() || o.kind() == Kind::Type {
        return Ok(Own::None);
    }
    loop {
        let shape = cx.bracket(o, || o.shape())?;
        let Some(word) = shape.overflow() else { return Ok(Own::None) };
        if shape.is_dict_mode() {
            return Ok(cx.read(o, word)?.obj().map_or(Own::None, Own::Dict));
        }
        let n = shape.names().len();
        let copy = cx.new_buf((2 * n).max(1))?;
        let filled = cx.bracket(o, || {
            if !std::ptr::eq(o.shape(), shape) {
                return None;
            }
            let mut filled = 0;
            for (i, &name) in shape.names().iter().enumerate() {
                let value = match shape.place(i) {
                    Place::Inline(w) => o.raw(w),
                    Place::Overflow(k) => {
                        o.raw(word).obj().and_then(|b| b.item(k)).unwrap_or_default()
                    }
                };
                if value.is_bound() {
                    copy.init_item(filled, name);
                    copy.init_item(filled + 1, value);
                    filled += 2;
                }
            }
            Some(filled)
        })?;
        if let Some(filled) = filled {
            return Ok(Own::Pairs(RootVec::from_buf(copy, filled)));
        }
    }
}

/// Makes `d` the object's `__dict__`.
///
/// # Errors
/// The attempt's abort.
pub fn replace_dict(cx: &mut Cx, o: Obj, d: Obj) -> Completion<()> {
    cx.claim(o)?;
    let shape = o.shape();
    let Some(word) = shape.overflow() else { return Ok(()) };
    for i in 0..shape.names().len() {
        if let Place::Inline(w) = shape.place(i) {
            cx.write(o, w, Value::UNBOUND);
        }
    }
    cx.write(o, word, d.into());
    let flags = o.word(0).load(Ordering::Relaxed) & (0xFF << 56);
    let next = class::root_shape(o.class()).dict_mode();
    cx.write_word(o, o.word(0), next.meta() | flags);
    Ok(())
}
