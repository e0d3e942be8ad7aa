//! `super`: attribute look-up that starts behind a class in another class's MRO.
//!
//! Conflicts: filled in once by `__init__`, then only read.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::N,
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    types::{Body, T, TypeDef, descr, str as string},
    value::Value,
};

/// Slots of `super` objects.
pub mod slot {
    /// `__thisclass__`.
    pub const CLASS: usize = 2;
    /// `__self__`.
    pub const SELF: usize = 3;
    /// `__self_class__`.
    pub const SELF_CLASS: usize = 4;
}

/// `super(class, this)`.
///
/// # Errors
/// `TypeError` when `this` is neither an instance nor a subclass of `class`.
pub fn new(cx: &mut Cx, class: Value, this: Value) -> Completion<Obj> {
    let o = cx.new_object(T::super_)?;
    fill(cx, o, class, this)?;
    Ok(o)
}

fn fill(cx: &mut Cx, o: Obj, class: Value, this: Value) -> Completion<()> {
    let Some(c) = class.obj().filter(|c| c.kind() == Kind::Type) else {
        let name = cx.type_name(class);
        return raise!(cx, TypeError, "super() argument 1 must be a type, not {name}");
    };
    cx.claim(o)?;
    cx.write(o, slot::CLASS, class);
    if this.is_bound() && !this.is_none() {
        let self_class = check(cx, c, this)?;
        cx.write(o, slot::SELF, this);
        cx.write(o, slot::SELF_CLASS, self_class.into());
    }
    Ok(())
}

/// The class in whose MRO the look-up happens.
///
/// # Errors
/// `TypeError` when `this` is neither an instance nor a subclass of `class`.
pub fn check(cx: &mut Cx, class: Obj, this: Value) -> Completion<Obj> {
    if let Some(o) = this.obj()
        && o.kind() == Kind::Type
        && class::is_subclass(o, class)
    {
        return Ok(o);
    }
    let own = cx.class_of(this);
    if class::is_subclass(own, class) {
        return Ok(own);
    }
    let name = cx.name(N::class);
    if let Some(c) = protocol::get_attr_opt(cx, this, name)?.and_then(Value::obj)
        && c.kind() == Kind::Type
        && class::is_subclass(c, class)
    {
        return Ok(c);
    }
    let (what, got) = match this.obj() {
        Some(o) if o.kind() == Kind::Type => ("type", class::name(o)),
        _ => ("instance of", class::name(own)),
    };
    let of = class::name(class);
    raise!(
        cx,
        TypeError,
        "super(type, obj): obj ({what} {got}) is not an instance or subtype of type ({of})."
    )
}

/// `super(class, this).name`; `None` if nothing behind `class` defines it.
///
/// # Errors
/// Whatever descriptors raise.
pub fn lookup(
    cx: &mut Cx,
    class: Obj,
    self_class: Obj,
    this: Value,
    name: Value,
) -> Completion<Option<Value>> {
    let found = find(class, self_class, name);
    if found.is_unbound() {
        return Ok(None);
    }
    let this_is_class = this == Value::from(self_class);
    if this_is_class {
        return descr::bind_to_class(cx, found, self_class).map(Some);
    }
    descr::bind(cx, found, this, self_class).map(Some)
}

/// First definition of `name` behind `class` in the MRO of `self_class`, unbound; `UNBOUND` if none.
pub fn find(class: Obj, self_class: Obj, name: Value) -> Value {
    let mro = class::mro(self_class);
    let after = mro.iter().position(|&c| c == Value::from(class)).map_or(mro.len(), |i| i + 1);
    mro[after..]
        .iter()
        .filter_map(|c| class::own(c.obj()?, name).bound())
        .next()
        .unwrap_or_default()
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.get(1).is_unbound() {
        let (class, this) = (cx.world.upcalls().super_arguments)(cx)?;
        fill(cx, args.this_obj(), class, this)?;
        return Ok(Value::NONE);
    }
    fill(cx, args.this_obj(), args.get(1), args.get(2))?;
    Ok(Value::NONE)
}

fn getattribute(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let name = string::interned(cx, args.get(1))?;
    let (class, this, self_class) =
        (o.raw(slot::CLASS), o.raw(slot::SELF), o.raw(slot::SELF_CLASS));
    if let (Some(c), Some(s)) = (class.obj(), self_class.obj())
        && name != cx.name(N::class)
        && let Some(v) = lookup(cx, c, s, this, name)?
    {
        return Ok(v);
    }
    let own = cx.class_of(args.this());
    if let Some(v) = protocol::attr::generic_get(cx, args.this(), own, name)? {
        return Ok(v);
    }
    let text = string::text(name).unwrap_or("?");
    raise!(cx, AttributeError, "'super' object has no attribute '{text}'")
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let class = o.raw(slot::CLASS).obj().map_or("NULL", class::name);
    match o.raw(slot::SELF_CLASS).obj().map(class::name) {
        Some(this) => cx.new_str(&format!("<super: <class '{class}'>, <{this} object>>")),
        None => cx.new_str(&format!("<super: <class '{class}'>, NULL>")),
    }
}

fn part(v: Value, slot: usize) -> Value {
    v.obj().and_then(|o| o.raw(slot).bound()).unwrap_or(Value::NONE)
}

fn get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, this) = (args.this_obj(), args.get(1));
    if this.is_none() || o.raw(slot::SELF).is_bound() {
        return Ok(args.this());
    }
    let class = o.class();
    if class != cx.class(T::super_) {
        return protocol::call(cx, class.into(), &[o.raw(slot::CLASS), this]);
    }
    Ok(new(cx, o.raw(slot::CLASS), this)?.into())
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: "" }
    };
}

/// `super`. Its form without arguments is resolved by the compiler and the VM.
pub static SUPER: TypeDef = TypeDef {
    id: Some(T::super_),
    name: "super",
    body: Body::Words(Kind::Record, 5),
    subclassable: true,
    static_methods: &[row!("__new__", "(type, /, *args, **kwargs)", |cx, args| {
        match args.get(0).obj().filter(|o| o.kind() == Kind::Type) {
            Some(class) => Ok(cx.new_instance(class)?.into()),
            None => raise!(cx, TypeError, "super.__new__(X): X is not a type object"),
        }
    })],
    methods: &[
        row!("__init__", "(self, type=<implicit>, object=None, /)", init),
        row!("__getattribute__", "(self, name, /)", getattribute),
        row!("__get__", "(self, instance, owner=None, /)", get),
        row!("__repr__", "(self, /)", repr),
    ],
    getset: &[
        GetSetDef {
            name: "__thisclass__",
            get: |_, v| Ok(part(v, slot::CLASS)),
            set: None,
            doc: "",
        },
        GetSetDef { name: "__self__", get: |_, v| Ok(part(v, slot::SELF)), set: None, doc: "" },
        GetSetDef {
            name: "__self_class__",
            get: |_, v| Ok(part(v, slot::SELF_CLASS)),
            set: None,
            doc: "",
        },
    ],
    doc: "super() -> same as super(__class__, <first argument>)",
    ..TypeDef::BASE
};
