//! Descriptors: binding, `getset`, slot members, `staticmethod`, `classmethod`, `property`, bound methods.
//!
//! All are immutable to the STM (`property.setter` returns a new one), but for the `__dict__` of `staticmethod`, `classmethod`
//! and `property`, which is an ordinary attribute store.

use crate::{
    class,
    cx::Cx,
    exc::{self, Completion},
    heap::{Kind, Obj},
    names::{N, Special},
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    types::{Body, T, TypeDef, native_fn, str as string},
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

fn bind_class_method(cx: &mut Cx, f: Value, class: Obj) -> Completion<Value> {
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
    let (owner, got) = (class::name(owner), class::name(class));
    raise!(
        cx,
        TypeError,
        "descriptor '{name}' for '{owner}' objects doesn't apply to a '{got}' object"
    )
}

fn get_property(cx: &mut Cx, property: Obj, this: Value) -> Completion<Value> {
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

fn set_property(cx: &mut Cx, property: Obj, this: Value, value: Value) -> Completion<()> {
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

// ---- staticmethod, classmethod, property as Python sees them ------------------------------------

fn wrap_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj().filter(|o| o.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "__new__(X): X is not a type object");
    };
    Ok(cx.new_instance(class)?.into())
}

fn wrap_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, f) = (args.this_obj(), args.get(1));
    cx.set(o, wrapped_slot::FUNC, f)?;
    copy_metadata(cx, o, f)?;
    Ok(Value::NONE)
}

/// `functools.wraps` in small: what `staticmethod` and `classmethod` copy from the function.
fn copy_metadata(cx: &mut Cx, o: Obj, f: Value) -> Completion<()> {
    for n in [N::module, N::name, N::qualname, N::doc] {
        let name = cx.name(n);
        if let Some(v) = protocol::get_attr_opt(cx, f, name)? {
            protocol::attr::set_own(cx, o, name, v)?;
        }
    }
    let wrapped = cx.name(N::wrapped);
    protocol::attr::set_own(cx, o, wrapped, f)
}

fn wrapped_func(cx: &mut Cx, this: Value) -> Completion<Value> {
    match this.obj() {
        Some(o) => Ok(cx.read(o, wrapped_slot::FUNC)?.bound().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

fn is_abstract(cx: &mut Cx, this: Value) -> Completion<Value> {
    let f = wrapped_func(cx, this)?;
    let name = cx.name(N::isabstractmethod);
    match protocol::get_attr_opt(cx, f, name)? {
        Some(v) => Ok(protocol::truth(cx, v)?.into()),
        None => Ok(Value::FALSE),
    }
}

fn static_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    wrapped_func(cx, args.this())
}

fn static_call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = wrapped_func(cx, args.this())?;
    protocol::call::call_star(cx, f, args.rest(1), args.get(2))
}

fn class_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = wrapped_func(cx, args.this())?;
    let class = match args.not_none(2).and_then(Value::obj) {
        Some(class) => class,
        None => cx.class_of(args.get(1)),
    };
    bind_class_method(cx, f, class)
}

fn wrapper_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = wrapped_func(cx, args.this())?;
    let (name, inner) = (cx.type_name(args.this()), protocol::convert::repr_text(cx, f)?);
    cx.new_str(&format!("<{name}({inner})>"))
}

const WRAP_NEW: NativeDef = NativeDef {
    name: "__new__",
    sig: "(type, /, *args, **kwargs)",
    effect: Effect::Transactional,
    run: wrap_new,
    doc: "Create and return a new object.  See help(type) for accurate signature.",
};

/// An attribute of the wrapped function, kept among the wrapper's own once it was asked for.
fn wrapped_attribute(cx: &mut Cx, this: Value, which: N) -> Completion<Value> {
    let name = cx.name(which);
    let own = protocol::attr::own_attribute(cx, this, name)?;
    if own.is_bound() {
        return Ok(own);
    }
    let f = wrapped_func(cx, this)?;
    let v = protocol::get_attr(cx, f, name)?;
    if let Some(o) = this.obj() {
        protocol::attr::set_own(cx, o, name, v)?;
    }
    Ok(v)
}

fn set_wrapped_attribute(cx: &mut Cx, this: Value, which: N, v: Value) -> Completion<()> {
    let name = cx.name(which);
    match this.obj() {
        Some(o) => protocol::attr::set_own(cx, o, name, v),
        None => Ok(()),
    }
}

const FUNC_GETSET: [GetSetDef; 5] = [
    GetSetDef {
        name: "__annotations__",
        get: |cx, v| wrapped_attribute(cx, v, N::annotations),
        set: Some(|cx, v, new| set_wrapped_attribute(cx, v, N::annotations, new)),
        doc: "",
    },
    GetSetDef {
        name: "__annotate__",
        get: |cx, v| wrapped_attribute(cx, v, N::annotate),
        set: Some(|cx, v, new| set_wrapped_attribute(cx, v, N::annotate, new)),
        doc: "",
    },
    GetSetDef { name: "__func__", get: wrapped_func, set: None, doc: "" },
    GetSetDef { name: "__isabstractmethod__", get: is_abstract, set: None, doc: "" },
    super::object::DICT_GETSET,
];

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `staticmethod`.
pub static STATICMETHOD: TypeDef = TypeDef {
    id: Some(T::staticmethod),
    name: "staticmethod",
    body: Body::WithDict(Kind::Record, wrapped_slot::WORDS),
    subclassable: true,
    static_methods: &[WRAP_NEW],
    methods: &[
        row!("__init__", "(self, function, /)", wrap_init, "Initialize self."),
        row!(
            "__get__",
            "(self, instance, owner=None, /)",
            static_get,
            "Return an attribute of instance, which is of type owner."
        ),
        row!("__call__", "(self, /, *args, **kwargs)", static_call, "Call self as a function."),
        row!("__repr__", "(self, /)", wrapper_repr, "Return repr(self)."),
    ],
    getset: &FUNC_GETSET,
    doc: "staticmethod(function) -> method\n\nConvert a function to be a static method.",
    ..TypeDef::BASE
};

/// `classmethod`.
pub static CLASSMETHOD: TypeDef = TypeDef {
    id: Some(T::classmethod),
    name: "classmethod",
    body: Body::WithDict(Kind::Record, wrapped_slot::WORDS),
    subclassable: true,
    static_methods: &[WRAP_NEW],
    methods: &[
        row!("__init__", "(self, function, /)", wrap_init, "Initialize self."),
        row!(
            "__get__",
            "(self, instance, owner=None, /)",
            class_get,
            "Return an attribute of instance, which is of type owner."
        ),
        row!("__repr__", "(self, /)", wrapper_repr, "Return repr(self)."),
    ],
    getset: &FUNC_GETSET,
    doc: "classmethod(function) -> method\n\nConvert a function to be a class method.",
    ..TypeDef::BASE
};

fn property_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.claim(o)?;
    for (i, word) in
        [wrapped_slot::FUNC, wrapped_slot::SET, wrapped_slot::DEL].into_iter().enumerate()
    {
        cx.write(o, word, args.get(i + 1));
    }
    let name = cx.name(N::doc);
    let mut doc = args.not_none(4);
    let mut of_getter = false;
    if let (None, Some(getter)) = (doc, args.not_none(1)) {
        doc = protocol::get_attr_opt(cx, getter, name)?.filter(|doc| !doc.is_none());
        of_getter = doc.is_some();
    }
    cx.claim(o)?;
    cx.write(o, wrapped_slot::NAME, Value::UNBOUND);
    cx.write(o, wrapped_slot::DOC_OF_GETTER, of_getter.into());
    if o.class() == cx.class(T::property) {
        cx.write(o, wrapped_slot::DOC, doc.unwrap_or_default());
        return Ok(Value::NONE);
    }
    // The text of a subclass hides the one here, so it goes among the instance's own attributes.
    match protocol::set_attr(cx, o.into(), name, doc.unwrap_or(Value::NONE)) {
        Err(escape)
            if !of_getter
                && escape.exception().is_some_and(|e| cx.is_a(e.into(), T::AttributeError)) =>
        {
            Ok(Value::NONE)
        }
        done => done.map(|_| Value::NONE),
    }
}

fn property_with(cx: &mut Cx, args: Args<'_>, word: usize) -> Completion<Value> {
    let o = args.this_obj();
    let mut parts = [Value::NONE; 4];
    for (i, part) in parts.iter_mut().enumerate() {
        *part = cx.read(o, wrapped_slot::FUNC + i)?.bound().unwrap_or(Value::NONE);
    }
    if !args.get(1).is_none() {
        parts[word - wrapped_slot::FUNC] = args.get(1);
    }
    if cx.read(o, wrapped_slot::DOC_OF_GETTER)? == Value::TRUE && !parts[0].is_none() {
        // The text of the getter that is there now.
        parts[3] = Value::NONE;
    }
    let made = protocol::call(cx, o.class().into(), &parts)?;
    if let Some(new) = made.obj().filter(|_| cx.is_a(made, T::property)) {
        let name = cx.read(o, wrapped_slot::NAME)?;
        cx.set(new, wrapped_slot::NAME, name)?;
    }
    Ok(made)
}

fn property_getter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    property_with(cx, args, wrapped_slot::FUNC)
}

fn property_setter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    property_with(cx, args, wrapped_slot::SET)
}

fn property_deleter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    property_with(cx, args, wrapped_slot::DEL)
}

fn property_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.get(1).is_none() {
        return Ok(args.this());
    }
    get_property(cx, args.this_obj(), args.get(1))
}

fn property_set(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    set_property(cx, args.this_obj(), args.get(1), args.get(2))?;
    Ok(Value::NONE)
}

fn property_delete(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    set_property(cx, args.this_obj(), args.get(1), Value::UNBOUND)?;
    Ok(Value::NONE)
}

fn property_set_name(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    cx.set(args.this_obj(), wrapped_slot::NAME, args.get(2))?;
    Ok(Value::NONE)
}

fn read_part(cx: &mut Cx, this: Value, word: usize) -> Completion<Value> {
    match this.obj() {
        Some(o) => Ok(cx.read(o, word)?.bound().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

const PROPERTY_GETSET: [GetSetDef; 6] = [
    GetSetDef { name: "fget", get: wrapped_func, set: None, doc: "" },
    GetSetDef {
        name: "fset",
        get: |cx, v| read_part(cx, v, wrapped_slot::SET),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "fdel",
        get: |cx, v| read_part(cx, v, wrapped_slot::DEL),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "__doc__",
        get: |cx, v| read_part(cx, v, wrapped_slot::DOC),
        set: Some(|cx, v, doc| match v.obj() {
            Some(o) => cx.set(o, wrapped_slot::DOC, doc),
            None => Ok(()),
        }),
        doc: "",
    },
    GetSetDef {
        name: "__name__",
        get: property_name,
        set: Some(|cx, v, name| match v.obj() {
            Some(o) => cx.set(o, wrapped_slot::NAME, name),
            None => Ok(()),
        }),
        doc: "",
    },
    GetSetDef { name: "__isabstractmethod__", get: property_is_abstract, set: None, doc: "" },
];

/// Its own name, else the getter's.
fn property_name(cx: &mut Cx, this: Value) -> Completion<Value> {
    if let Some(o) = this.obj()
        && let Some(own) = cx.read(o, wrapped_slot::NAME)?.bound()
    {
        return Ok(own);
    }
    let getter = read_part(cx, this, wrapped_slot::FUNC)?;
    let name = cx.name(N::name);
    match protocol::get_attr_opt(cx, getter, name)? {
        Some(v) if !getter.is_none() => Ok(v),
        _ => Err(protocol::attr::missing(cx, this, name)),
    }
}

fn property_is_abstract(cx: &mut Cx, this: Value) -> Completion<Value> {
    for word in [wrapped_slot::FUNC, wrapped_slot::SET, wrapped_slot::DEL] {
        let f = read_part(cx, this, word)?;
        let name = cx.name(N::isabstractmethod);
        if let Some(v) = protocol::get_attr_opt(cx, f, name)?
            && protocol::truth(cx, v)?
        {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

/// `property`.
pub static PROPERTY: TypeDef = TypeDef {
    id: Some(T::property),
    name: "property",
    body: Body::Words(Kind::Record, wrapped_slot::WORDS),
    subclassable: true,
    static_methods: &[WRAP_NEW],
    methods: &[
        row!(
            "__init__",
            "(self, fget=None, fset=None, fdel=None, doc=None)",
            property_init,
            "Initialize self."
        ),
        row!(
            "__get__",
            "(self, instance, owner=None, /)",
            property_get,
            "Return an attribute of instance, which is of type owner."
        ),
        row!(
            "__set__",
            "(self, instance, value, /)",
            property_set,
            "Set an attribute of instance to value."
        ),
        row!(
            "__delete__",
            "(self, instance, /)",
            property_delete,
            "Delete an attribute of instance."
        ),
        row!(
            "__set_name__",
            "(self, owner, name, /)",
            property_set_name,
            "Method to set name of a property."
        ),
        row!(
            "getter",
            "(self, fget, /)",
            property_getter,
            "Descriptor to obtain a copy of the property with a different getter."
        ),
        row!(
            "setter",
            "(self, fset, /)",
            property_setter,
            "Descriptor to obtain a copy of the property with a different setter."
        ),
        row!(
            "deleter",
            "(self, fdel, /)",
            property_deleter,
            "Descriptor to obtain a copy of the property with a different deleter."
        ),
    ],
    getset: &PROPERTY_GETSET,
    doc: "Property attribute.",
    ..TypeDef::BASE
};
