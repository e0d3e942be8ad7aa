//! Descriptors: binding, `getset`, slot members, bound methods; what `wrappers.rs` shows of the others.
//!
//! All are immutable to the STM (`property.setter` returns a new one), but for the `__dict__` of `staticmethod`, `classmethod`
//! and `property`, which is an ordinary attribute store.

use crate::{
    class,
    cx::Cx,
    exc::{self, Completion},
    heap::{Kind, Obj},
    names::Special,
    native::GetSetDef,
    protocol, raise,
    types::{T, native_fn, str as string},
    value::Value,
};

/// Slots of getset and member descriptors (immutable, from word 1).
pub mod slot {
    /// Foreign pointer to the `GetSetDef`; for members the word number as a small int.
    pub const DEF: usize = 1;
    /// `__name__`.
    pub const NAME: usize = 2;
    /// `__objclass__`.
    pub const OWNER: usize = 3;
    /// Number of words.
    pub const WORDS: usize = 4;
}

/// Slots of bound methods (immutable, from word 1).
pub mod method_slot {
    /// `__func__`.
    pub const FUNC: usize = 1;
    /// `__self__`.
    pub const SELF: usize = 2;
    /// Number of words.
    pub const WORDS: usize = 3;
}

/// Slots of `staticmethod`, `classmethod` (the callable) and `property` (getter, setter, deleter, doc, name).
pub mod wrapped_slot {
    /// The wrapped callable, or the getter.
    pub const FUNC: usize = 2;
    /// Setter.
    pub const SET: usize = 3;
    /// Deleter.
    pub const DEL: usize = 4;
    /// `__doc__` of a property.
    pub const DOC: usize = 5;
    /// `__name__` of a property.
    pub const NAME: usize = 6;
    /// True if a property's `__doc__` is its getter's.
    pub const DOC_OF_GETTER: usize = 7;
    /// Words before the overflow word.
    pub const WORDS: u16 = 8;
}

/// A computed attribute.
///
/// # Errors
/// `MemoryError`.
pub fn new_getset(
    cx: &mut Cx,
    owner: Obj,
    def: &'static GetSetDef,
    name: Value,
) -> Completion<Value> {
    new_computed(cx, T::getset_descriptor, owner, def, name)
}

/// As [`new_getset`], as an object of the class `t`: a `getset_descriptor` or a `member_descriptor`.
///
/// # Errors
/// `MemoryError`.
pub fn new_computed(
    cx: &mut Cx,
    t: T,
    owner: Obj,
    def: &'static GetSetDef,
    name: Value,
) -> Completion<Value> {
    let o = cx.new_object(t)?;
    o.init(slot::DEF, Value::foreign(std::ptr::from_ref(def) as usize));
    o.init(slot::NAME, name);
    o.init(slot::OWNER, owner.into());
    Ok(o.into())
}

/// A member descriptor for word `word` of the instances of `owner` (`__slots__`).
///
/// # Errors
/// `MemoryError`.
pub fn new_member(cx: &mut Cx, owner: Obj, word: usize, name: Value) -> Completion<Value> {
    let o = cx.new_object(T::member_descriptor)?;
    o.init(slot::DEF, Value::small(word as i64));
    o.init(slot::NAME, name);
    o.init(slot::OWNER, owner.into());
    Ok(o.into())
}

/// `staticmethod(f)`.
///
/// # Errors
/// `MemoryError`.
pub fn new_staticmethod(cx: &mut Cx, f: Value) -> Completion<Value> {
    let o = cx.new_object(T::staticmethod)?;
    o.init(wrapped_slot::FUNC, f);
    Ok(o.into())
}

/// A bound method.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub fn new_method(cx: &mut Cx, func: Value, this: Value) -> Completion<Value> {
    let o = cx.new_object(T::method)?;
    o.init(method_slot::FUNC, func);
    o.init(method_slot::SELF, this);
    Ok(o.into())
}

/// Function and receiver of a bound method.
#[inline(always)]
pub fn method_parts(o: Obj) -> (Value, Value) {
    (o.raw(method_slot::FUNC), o.raw(method_slot::SELF))
}

/// Whether the attribute, found on a class, is written instead of the instance's own.
#[inline]
pub fn is_data(cx: &Cx, attribute: Value) -> bool {
    let Some(o) = attribute.obj() else { return false };
    if matches!(o.kind(), Kind::Function | Kind::Native) {
        return false;
    }
    let class = o.class();
    class::special(class, Special::Set).is_bound()
        || class::special(class, Special::Delete).is_bound()
        || is_computed(cx, o)
}

/// Whether the attribute, found on a class, is read instead of the instance's own.
#[inline]
pub fn precedes(cx: &Cx, attribute: Value) -> bool {
    let gets = |o: Obj| class::special(o.class(), Special::Get).is_bound();
    is_data(cx, attribute) && attribute.obj().is_some_and(gets)
}

/// Whether this is a `getset_descriptor` or a `member_descriptor`.
pub fn is_computed(cx: &Cx, o: Obj) -> bool {
    let class = o.class();
    class == cx.class(T::getset_descriptor) || class == cx.class(T::member_descriptor)
}

/// Whether an attribute of a class gives itself when it is read through an instance that does not hide it.
pub fn binds_to_nothing(cx: &Cx, o: Obj) -> bool {
    let class = o.class();
    o.kind() != Kind::Native
        && class::special(class, Special::Get).is_unbound()
        && class != cx.class(T::staticmethod)
        && class != cx.class(T::classmethod)
        && class != cx.class(T::property)
}

/// Whether a value among a class's attributes is read as it is, through the class and through instances.
pub fn is_plain(cx: &Cx, v: Value) -> bool {
    let Some(o) = v.obj() else { return true };
    !matches!(o.kind(), Kind::Function | Kind::Cell) && binds_to_nothing(cx, o) && !is_data(cx, v)
}

/// What `attribute`, found on `class`, gives when read through `this`.
///
/// # Errors
/// Whatever getters raise.
pub fn bind(cx: &mut Cx, attribute: Value, this: Value, class: Obj) -> Completion<Value> {
    let Some(o) = attribute.obj() else { return Ok(attribute) };
    match o.kind() {
        Kind::Function => return new_method(cx, attribute, this),
        Kind::Native => return bind_native(cx, o, this, class),
        Kind::Cell => return cx.read(o, class::VARIABLE),
        _ => {}
    }
    let kind = o.class();
    if kind == cx.class(T::getset_descriptor) || kind == cx.class(T::member_descriptor) {
        return get_computed(cx, o, this);
    }
    if kind == cx.class(T::property) {
        return get_property(cx, o, this);
    }
    if kind == cx.class(T::staticmethod) {
        return cx.read(o, wrapped_slot::FUNC);
    }
    if kind == cx.class(T::classmethod) {
        let f = cx.read(o, wrapped_slot::FUNC)?;
        return bind_class_method(cx, f, class);
    }
    match class::special(kind, Special::Get).bound() {
        Some(get) => protocol::call::call_unbound(cx, get, attribute, &[this, class.into()], &[]),
        None => Ok(attribute),
    }
}

/// What `attribute`, found on `class` or a base, gives when read from the class itself.
///
/// # Errors
/// Whatever `__get__` raises.
pub fn bind_to_class(cx: &mut Cx, attribute: Value, class: Obj) -> Completion<Value> {
    let Some(o) = attribute.obj() else { return Ok(attribute) };
    let kind = o.class();
    match o.kind() {
        Kind::Function => return Ok(attribute),
        Kind::Native if kind == cx.class(T::classmethod_descriptor) => {
            return native_fn::bind(cx, o, class.into());
        }
        Kind::Native => return Ok(attribute),
        Kind::Cell => return cx.read(o, class::VARIABLE),
        _ => {}
    }
    if kind == cx.class(T::staticmethod) {
        return cx.read(o, wrapped_slot::FUNC);
    }
    if kind == cx.class(T::classmethod) {
        let f = cx.read(o, wrapped_slot::FUNC)?;
        return bind_class_method(cx, f, class);
    }
    if [T::getset_descriptor, T::member_descriptor, T::property]
        .iter()
        .any(|&t| kind == cx.class(t))
    {
        return Ok(attribute);
    }
    match class::special(kind, Special::Get).bound() {
        Some(get) => {
            protocol::call::call_unbound(cx, get, attribute, &[Value::NONE, class.into()], &[])
        }
        None => Ok(attribute),
    }
}

pub(super) fn bind_class_method(cx: &mut Cx, f: Value, class: Obj) -> Completion<Value> {
    match f.obj() {
        Some(o) if o.kind() == Kind::Native => native_fn::bind(cx, o, class.into()),
        _ => new_method(cx, f, class.into()),
    }
}

fn bind_native(cx: &mut Cx, native: Obj, this: Value, class: Obj) -> Completion<Value> {
    if native.class() == cx.class(T::classmethod_descriptor) {
        return native_fn::bind(cx, native, class.into());
    }
    if native_fn::is_method_descriptor(cx, native) {
        return native_fn::bind(cx, native, this);
    }
    Ok(native.into())
}

fn get_computed(cx: &mut Cx, descriptor: Obj, this: Value) -> Completion<Value> {
    check_owner(cx, descriptor, this)?;
    let def = descriptor.raw(slot::DEF);
    if let Some(word) = def.small_int() {
        let Some(o) = this.obj() else { return Ok(Value::UNBOUND) };
        let immutable = !o.kind().has_orec();
        let v = if immutable { o.raw(word as usize) } else { cx.read(o, word as usize)? };
        if v.is_bound() {
            return Ok(v);
        }
        if is_builtin_field(descriptor) {
            return Ok(Value::NONE);
        }
        return Err(protocol::attr::missing(cx, this, descriptor.raw(slot::NAME)));
    }
    (crate::heap::getset_at(def.foreign_address()).get)(cx, this)
}

/// Whether the member is a field of a builtin class (`OSError.filename`), which reads as None when nothing is in it,
/// and no `__slots__` entry.
fn is_builtin_field(descriptor: Obj) -> bool {
    let owner = descriptor.raw(slot::OWNER).obj();
    owner.is_some_and(|class| !class::has_flag(class, class::flag::HEAP))
}

fn check_owner(cx: &mut Cx, descriptor: Obj, this: Value) -> Completion<()> {
    let Some(owner) = descriptor.raw(slot::OWNER).obj() else { return Ok(()) };
    let class = cx.class_of(this);
    if class::is_subclass(class, owner) {
        return Ok(());
    }
    let name = string::text(descriptor.raw(slot::NAME)).unwrap_or("?");
    not_an_instance(cx, name, owner, class)
}

/// That the descriptor `name` of `owner` is asked about an object of `class`.
pub(super) fn not_an_instance<R>(cx: &mut Cx, name: &str, owner: Obj, class: Obj) -> Completion<R> {
    let (owner, got) = (class::name(owner), class::name(class));
    raise!(
        cx,
        TypeError,
        "descriptor '{name}' for '{owner}' objects doesn't apply to a '{got}' object"
    )
}

pub(super) fn get_property(cx: &mut Cx, property: Obj, this: Value) -> Completion<Value> {
    let getter = cx.read(property, wrapped_slot::FUNC)?;
    if getter.is_unbound() || getter.is_none() {
        return property_error(cx, property, this, "getter");
    }
    protocol::call(cx, getter, &[this])
}

#[cold]
fn property_error<X>(cx: &mut Cx, property: Obj, this: Value, what: &str) -> Completion<X> {
    let owner = string::text(cx.class_of(this).raw(class::slot::QUALNAME)).unwrap_or("?");
    let name = cx.read(property, wrapped_slot::NAME)?;
    match string::text(name) {
        Some(name) => {
            raise!(cx, AttributeError, "property '{name}' of '{owner}' object has no {what}")
        }
        None => raise!(cx, AttributeError, "property of '{owner}' object has no {what}"),
    }
}

/// Lets the attribute found on a class handle the assignment (or, with `UNBOUND`, the deletion); says whether it did.
///
/// # Errors
/// Whatever setters raise.
pub fn set(cx: &mut Cx, attribute: Value, this: Value, value: Value) -> Completion<bool> {
    let Some(o) = attribute.obj() else { return Ok(false) };
    if matches!(o.kind(), Kind::Function | Kind::Native) {
        return Ok(false);
    }
    let kind = o.class();
    if kind == cx.class(T::getset_descriptor) || kind == cx.class(T::member_descriptor) {
        return set_computed(cx, o, this, value).map(|()| true);
    }
    if kind == cx.class(T::property) {
        return set_property(cx, o, this, value).map(|()| true);
    }
    let (s, args): (_, &[Value]) =
        if value.is_bound() { (Special::Set, &[this, value]) } else { (Special::Delete, &[this]) };
    match class::special(kind, s).bound() {
        Some(f) => {
            protocol::call::call_unbound(cx, f, attribute, args, &[])?;
            Ok(true)
        }
        None => {
            if class::special(kind, Special::Set).is_bound()
                || class::special(kind, Special::Delete).is_bound()
            {
                let what = s.text();
                return raise!(cx, AttributeError, "{what}");
            }
            Ok(false)
        }
    }
}

fn set_computed(cx: &mut Cx, descriptor: Obj, this: Value, value: Value) -> Completion<()> {
    check_owner(cx, descriptor, this)?;
    let def = descriptor.raw(slot::DEF);
    if let Some(word) = def.small_int() {
        let Some(o) = this.obj() else { return Ok(()) };
        let owner = descriptor.raw(slot::OWNER).obj();
        if !o.kind().has_orec() || owner == Some(cx.class(T::BaseExceptionGroup)) {
            return raise!(cx, AttributeError, "readonly attribute");
        }
        cx.claim(o)?;
        if value.is_unbound() && o.raw(word as usize).is_unbound() && !is_builtin_field(descriptor)
        {
            return Err(exc::raise_value(cx, T::AttributeError, descriptor.raw(slot::NAME)));
        }
        cx.write(o, word as usize, value);
        return Ok(());
    }
    if let Some(set) = crate::heap::getset_at(def.foreign_address()).set {
        return set(cx, this, value);
    }
    let name = string::text(descriptor.raw(slot::NAME)).unwrap_or("?");
    let owner = cx.type_name(this);
    raise!(cx, AttributeError, "attribute '{name}' of '{owner}' objects is not writable")
}

pub(super) fn set_property(
    cx: &mut Cx,
    property: Obj,
    this: Value,
    value: Value,
) -> Completion<()> {
    let (word, what) = if value.is_bound() {
        (wrapped_slot::SET, "setter")
    } else {
        (wrapped_slot::DEL, "deleter")
    };
    let f = cx.read(property, word)?;
    if f.is_unbound() || f.is_none() {
        return property_error(cx, property, this, what);
    }
    let args: &[Value] = if value.is_bound() { &[this, value] } else { &[this] };
    protocol::call(cx, f, args)?;
    Ok(())
}
