//! What Python sees of natives, descriptors and bound methods: their classes. All immutable.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    types::{Body, T, TypeDef, descr, native_fn, str as string},
    value::Value,
};

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: "" }
    };
}

macro_rules! get {
    ($name:literal, $get:expr) => {
        GetSetDef { name: $name, get: $get, set: None, doc: "" }
    };
}

fn native(v: Value) -> Option<Obj> {
    v.obj().filter(|o| o.kind() == Kind::Native)
}

fn native_slot(v: Value, slot: usize) -> Value {
    native(v).and_then(|o| o.raw(slot).bound()).unwrap_or(Value::NONE)
}

fn owner_class(v: Value) -> Option<Obj> {
    native_slot(v, native_fn::slot::OWNER).obj().filter(|o| o.kind() == Kind::Type)
}

fn doc(cx: &mut Cx, v: Value) -> Completion<Value> {
    match native(v).map(native_fn::def) {
        Some(def) if !def.doc.is_empty() => cx.new_str(def.doc),
        _ => Ok(Value::NONE),
    }
}

fn text_signature(cx: &mut Cx, v: Value) -> Completion<Value> {
    let Some(def) = native(v).map(native_fn::def) else { return Ok(Value::NONE) };
    let sig = def.sig.replacen("(self", "($self", 1).replacen("(type", "($type", 1);
    cx.new_str(&sig)
}

fn qualname(cx: &mut Cx, v: Value) -> Completion<Value> {
    let name = string::text(native_slot(v, native_fn::slot::NAME)).unwrap_or("?");
    let this = native_slot(v, native_fn::slot::SELF);
    let owner = match this.obj() {
        Some(class) if class.kind() == Kind::Type => Some(class),
        Some(o) if o.kind() != Kind::Module => Some(o.class()),
        _ => owner_class(v),
    };
    match owner {
        Some(class) => {
            let owner = string::text(class.raw(class::slot::QUALNAME)).unwrap_or("?");
            cx.new_str(&format!("{owner}.{name}"))
        }
        None => Ok(native_slot(v, native_fn::slot::NAME)),
    }
}

fn module(_cx: &mut Cx, v: Value) -> Completion<Value> {
    let owner = native_slot(v, native_fn::slot::OWNER);
    Ok(if string::exact(owner).is_some() { owner } else { Value::NONE })
}

fn builtin_self(cx: &mut Cx, v: Value) -> Completion<Value> {
    let this = native_slot(v, native_fn::slot::SELF);
    if !this.is_none() {
        return Ok(this);
    }
    // A static method such as `object.__new__` belongs to its class.
    match owner_class(v) {
        Some(class) => Ok(class.into()),
        None => cx.world.import_module(cx, "builtins"),
    }
}

fn builtin_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name =
        string::text(native_slot(args.this(), native_fn::slot::NAME)).unwrap_or("?").to_owned();
    let this = native_slot(args.this(), native_fn::slot::SELF);
    let owner = if this.is_none() { owner_class(args.this()).map(Value::from) } else { Some(this) };
    match owner {
        Some(this) if this.obj().is_none_or(|o| o.kind() != Kind::Module) => {
            let (kind, at) = (cx.type_name(this), this.bits());
            cx.new_str(&format!("<built-in method {name} of {kind} object at {at:#x}>"))
        }
        _ => cx.new_str(&format!("<built-in function {name}>")),
    }
}

fn builtin_eq(_cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (Some(a), Some(b)) = (native(args.get(0)), native(args.get(1))) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let same = |i| a.raw(i) == b.raw(i);
    Ok((same(native_fn::slot::DEF) && same(native_fn::slot::SELF)).into())
}

fn builtin_hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let h = o.raw(native_fn::slot::DEF).bits() ^ o.raw(native_fn::slot::SELF).bits().rotate_left(7);
    cx.new_int(protocol::compare::identity_hash(Value::from_bits(h)) & i64::MAX)
}

fn builtin_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = native_slot(args.this(), native_fn::slot::NAME);
    let mut this = native_slot(args.this(), native_fn::slot::SELF);
    if this.is_none() {
        // A static method, or a function of a module.
        this = owner_class(args.this()).map_or(Value::NONE, Value::from);
    }
    if this.is_none() || this.obj().is_some_and(|o| o.kind() == Kind::Module) {
        return Ok(name);
    }
    let builtins = cx.world.import_module(cx, "builtins")?;
    let key = cx.intern("getattr")?;
    let getattr = protocol::get_attr(cx, builtins, key)?;
    let pair = cx.new_tuple(&[this, name])?;
    cx.new_tuple(&[getattr, pair])
}

fn native_call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    protocol::call::call_star(cx, args.this(), args.rest(1), args.get(2))
}

const NATIVE_GETSET: [GetSetDef; 5] = [
    get!("__name__", |_, v| Ok(native_slot(v, native_fn::slot::NAME))),
    get!("__qualname__", qualname),
    get!("__doc__", doc),
    get!("__text_signature__", text_signature),
    get!("__objclass__", |cx, v| match owner_class(v) {
        Some(class) => Ok(class.into()),
        None => {
            let name = cx.type_name(v);
            raise!(cx, AttributeError, "'{name}' object has no attribute '__objclass__'")
        }
    }),
];

const fn native_def(
    id: T,
    name: &'static str,
    methods: &'static [NativeDef],
    getset: &'static [GetSetDef],
) -> TypeDef {
    TypeDef {
        id: Some(id),
        name,
        body: Body::Words(Kind::Native, native_fn::slot::WORDS as u16),
        methods,
        getset,
        ..TypeDef::BASE
    }
}

/// `builtin_function_or_method`.
pub static BUILTIN_FUNCTION: TypeDef = native_def(
    T::builtin_function_or_method,
    "builtin_function_or_method",
    &[
        row!("__repr__", "(self, /)", builtin_repr),
        row!("__call__", "(self, /, *args, **kwargs)", native_call),
        row!("__eq__", "(self, value, /)", builtin_eq),
        row!("__hash__", "(self, /)", builtin_hash),
        row!("__reduce__", "(self, /)", builtin_reduce),
    ],
    &[
        get!("__name__", |_, v| Ok(native_slot(v, native_fn::slot::NAME))),
        get!("__qualname__", qualname),
        get!("__doc__", doc),
        get!("__text_signature__", text_signature),
        get!("__module__", module),
        get!("__self__", builtin_self),
    ],
);

fn wrapper_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name =
        string::text(native_slot(args.this(), native_fn::slot::NAME)).unwrap_or("?").to_owned();
    let this = native_slot(args.this(), native_fn::slot::SELF);
    let (kind, at) = (cx.type_name(this), this.bits());
    cx.new_str(&format!("<method-wrapper '{name}' of {kind} object at {at:#x}>"))
}

/// `method-wrapper`: a special method of a builtin class, bound.
pub static METHOD_WRAPPER: TypeDef = native_def(
    T::method_wrapper,
    "method-wrapper",
    &[
        row!("__repr__", "(self, /)", wrapper_repr),
        row!("__call__", "(self, /, *args, **kwargs)", native_call),
        row!("__eq__", "(self, value, /)", builtin_eq),
        row!("__hash__", "(self, /)", builtin_hash),
        row!("__reduce__", "(self, /)", builtin_reduce),
    ],
    &[
        get!("__name__", |_, v| Ok(native_slot(v, native_fn::slot::NAME))),
        get!("__qualname__", wrapper_qualname),
        get!("__doc__", doc),
        get!("__text_signature__", text_signature),
        get!("__self__", builtin_self),
        get!("__objclass__", |_, v| Ok(native_slot(v, native_fn::slot::OWNER))),
    ],
);

/// That of the slot wrapper: its class is where it was defined, not its receiver's.
fn wrapper_qualname(cx: &mut Cx, v: Value) -> Completion<Value> {
    let name = string::text(native_slot(v, native_fn::slot::NAME)).unwrap_or("?");
    let owner = owner_class(v).map_or("?", class::name);
    cx.new_str(&format!("{owner}.{name}"))
}

fn descriptor_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (this, owner) = (args.get(1), args.get(2));
    if this.is_none() && owner.is_none() {
        return raise!(cx, TypeError, "__get__(None, None) is invalid");
    }
    let class = owner.obj().filter(|o| o.kind() == Kind::Type).unwrap_or_else(|| cx.class_of(this));
    if this.is_none() && class != cx.class(T::NoneType) {
        return descr::bind_to_class(cx, args.this(), class);
    }
    if args.this_obj().class() != cx.class(T::classmethod_descriptor) {
        let got = cx.class_of(this);
        if let Some(owner) = owner_class(args.this())
            && !crate::class::is_subclass(got, owner)
        {
            let name = string::text(native_slot(args.this(), native_fn::slot::NAME)).unwrap_or("?");
            return descr::not_an_instance(cx, name, owner, got);
        }
    }
    descr::bind(cx, args.this(), this, class)
}

fn descriptor_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name =
        string::text(native_slot(args.this(), native_fn::slot::NAME)).unwrap_or("?").to_owned();
    let owner = owner_class(args.this()).map_or("?", class::full_name);
    let what = if args.this_obj().class() == cx.class(T::wrapper_descriptor) {
        "slot wrapper"
    } else {
        "method"
    };
    cx.new_str(&format!("<{what} '{name}' of '{owner}' objects>"))
}

fn descriptor_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let builtins = cx.world.import_module(cx, "builtins")?;
    let key = cx.intern("getattr")?;
    let getattr = protocol::get_attr(cx, builtins, key)?;
    let owner = owner_class(args.this()).map_or(Value::NONE, Value::from);
    let pair = cx.new_tuple(&[owner, native_slot(args.this(), native_fn::slot::NAME)])?;
    cx.new_tuple(&[getattr, pair])
}

const DESCRIPTOR_METHODS: &[NativeDef] = &[
    row!("__repr__", "(self, /)", descriptor_repr),
    row!("__call__", "(self, /, *args, **kwargs)", native_call),
    row!("__get__", "(self, instance, owner=None, /)", descriptor_get),
    row!("__reduce__", "(self, /)", descriptor_reduce),
];

/// `method_descriptor`.
pub static METHOD_DESCRIPTOR: TypeDef =
    native_def(T::method_descriptor, "method_descriptor", DESCRIPTOR_METHODS, &NATIVE_GETSET);

/// `wrapper_descriptor`.
pub static WRAPPER_DESCRIPTOR: TypeDef =
    native_def(T::wrapper_descriptor, "wrapper_descriptor", DESCRIPTOR_METHODS, &NATIVE_GETSET);

/// `classmethod_descriptor`.
pub static CLASSMETHOD_DESCRIPTOR: TypeDef = native_def(
    T::classmethod_descriptor,
    "classmethod_descriptor",
    DESCRIPTOR_METHODS,
    &NATIVE_GETSET,
);

fn computed_slot(v: Value, slot: usize) -> Value {
    v.obj().and_then(|o| o.raw(slot).bound()).unwrap_or(Value::NONE)
}

fn computed_doc(cx: &mut Cx, v: Value) -> Completion<Value> {
    let def = computed_slot(v, descr::slot::DEF);
    if def.is_small() {
        return Ok(Value::NONE);
    }
    let text = crate::heap::getset_at(def.foreign_address()).doc;
    if text.is_empty() { Ok(Value::NONE) } else { cx.new_str(text) }
}

fn computed_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.get(1).is_none() {
        return Ok(args.this());
    }
    let class = cx.class_of(args.get(1));
    descr::bind(cx, args.this(), args.get(1), class)
}

fn computed_set(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    descr::set(cx, args.this(), args.get(1), args.get(2))?;
    Ok(Value::NONE)
}

fn computed_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name =
        string::text(computed_slot(args.this(), descr::slot::NAME)).unwrap_or("?").to_owned();
    let owner = computed_slot(args.this(), descr::slot::OWNER).obj().map_or("?", class::full_name);
    let member = args.this_obj().class() == cx.class(T::member_descriptor);
    let what = if member { "member" } else { "attribute" };
    cx.new_str(&format!("<{what} '{name}' of '{owner}' objects>"))
}

fn computed_qualname(cx: &mut Cx, v: Value) -> Completion<Value> {
    let name = string::text(computed_slot(v, descr::slot::NAME)).unwrap_or("?").to_owned();
    let owner = computed_slot(v, descr::slot::OWNER).obj().map_or("?", class::name);
    cx.new_str(&format!("{owner}.{name}"))
}

const fn computed_def(id: T, name: &'static str) -> TypeDef {
    TypeDef {
        id: Some(id),
        name,
        body: Body::Words(Kind::Frozen, descr::slot::WORDS as u16),
        methods: &[
            row!("__get__", "(self, instance, owner=None, /)", computed_get),
            row!("__set__", "(self, instance, value, /)", computed_set),
            row!("__delete__", "(self, instance, /)", computed_set),
            row!("__repr__", "(self, /)", computed_repr),
        ],
        getset: &[
            get!("__name__", |_, v| Ok(computed_slot(v, descr::slot::NAME))),
            get!("__qualname__", computed_qualname),
            get!("__objclass__", |_, v| Ok(computed_slot(v, descr::slot::OWNER))),
            get!("__doc__", computed_doc),
        ],
        ..TypeDef::BASE
    }
}

/// `getset_descriptor`.
pub static GETSET_DESCRIPTOR: TypeDef = computed_def(T::getset_descriptor, "getset_descriptor");
/// `member_descriptor`.
pub static MEMBER_DESCRIPTOR: TypeDef = computed_def(T::member_descriptor, "member_descriptor");

fn method_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (func, this) = (args.get(1), args.get(2));
    if protocol::find_special(cx, func, Special::Call).is_none() {
        return raise!(cx, TypeError, "first argument must be callable");
    }
    if this.is_none() {
        return raise!(cx, TypeError, "instance must not be None");
    }
    descr::new_method(cx, func, this)
}

fn method_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (func, this) = descr::method_parts(args.this_obj());
    let mut name = None;
    for n in [N::qualname, N::name] {
        if name.is_none() {
            let key = cx.name(n);
            name = protocol::get_attr_opt(cx, func, key)?.filter(|v| string::exact(*v).is_some());
        }
    }
    let name = name.and_then(string::text).unwrap_or("?").to_owned();
    let this = protocol::convert::repr_text(cx, this)?;
    cx.new_str(&format!("<bound method {name} of {this}>"))
}

fn method_eq(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(other) = args.get(1).obj().filter(|o| o.class() == cx.class(T::method)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let (a, b) = (descr::method_parts(args.this_obj()), descr::method_parts(other));
    Ok((a.1 == b.1 && protocol::identical_or_equal(cx, a.0, b.0)?).into())
}

fn method_hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (func, this) = descr::method_parts(args.this_obj());
    let h = protocol::hash(cx, func)? ^ protocol::compare::identity_hash(this).rotate_left(5);
    cx.new_int(if h == -1 { -2 } else { h })
}

fn method_call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    protocol::call::call_star(cx, args.this(), args.rest(1), args.get(2))
}

/// Attributes of a bound method are those of its function.
fn method_getattribute(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = string::interned(cx, args.get(1))?;
    let class = cx.class(T::method);
    let on_class = cx.lookup(class, name);
    if on_class.is_bound() && name != cx.name(N::doc) && name != cx.name(N::module) {
        return descr::bind(cx, on_class, args.this(), class);
    }
    let (func, _) = descr::method_parts(args.this_obj());
    match protocol::get_attr_opt(cx, func, name)? {
        Some(v) => Ok(v),
        None => Err(protocol::attr::missing(cx, args.this(), name)),
    }
}

fn method_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (func, this) = descr::method_parts(args.this_obj());
    let builtins = cx.world.import_module(cx, "builtins")?;
    let key = cx.intern("getattr")?;
    let getattr = protocol::get_attr(cx, builtins, key)?;
    let name_key = cx.name(N::name);
    let name = protocol::get_attr(cx, func, name_key)?;
    let pair = cx.new_tuple(&[this, name])?;
    cx.new_tuple(&[getattr, pair])
}

/// `method`.
pub static METHOD: TypeDef = TypeDef {
    id: Some(T::method),
    name: "method",
    body: Body::Words(Kind::Frozen, descr::method_slot::WORDS as u16),
    static_methods: &[row!("__new__", "(type, function, instance, /)", method_new)],
    methods: &[
        row!("__repr__", "(self, /)", method_repr),
        row!("__eq__", "(self, value, /)", method_eq),
        row!("__hash__", "(self, /)", method_hash),
        row!("__call__", "(self, /, *args, **kwargs)", method_call),
        row!("__getattribute__", "(self, name, /)", method_getattribute),
        row!("__reduce__", "(self, /)", method_reduce),
        row!("__get__", "(self, instance, owner=None, /)", |_, args| Ok(args.this())),
    ],
    getset: &[
        get!("__func__", |_, v| Ok(v
            .obj()
            .map_or(Value::NONE, |o| o.raw(descr::method_slot::FUNC)))),
        get!("__self__", |_, v| Ok(v
            .obj()
            .map_or(Value::NONE, |o| o.raw(descr::method_slot::SELF)))),
    ],
    doc: "Create a bound instance method object.",
    ..TypeDef::BASE
};
