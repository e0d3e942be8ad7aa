//! `_thread._local`: an object with attributes of its own in each thread.
//!
//! Each thread keeps a dict from the object's address to a pair of the object (so that the address stays its own) and the
//! thread's attributes; so threads never conflict.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Obj, Special, TypeDef, Value, class,
    native::NativeFn,
    protocol::{self, attr},
    raise,
    types::{T, descr, dict, str as string},
};

/// Slot of `Cx::thread_slots` with the thread's dict.
const THREAD_SLOT: usize = 13;
const ARGS: usize = 3;
const KWARGS: usize = 4;

const fn row(name: &'static str, sig: &'static str, run: NativeFn, doc: &'static str) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj().filter(|c| c.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "not a type");
    };
    let own_init = class::special(class, Special::Init);
    let plain = own_init == class::special(cx.class(T::object), Special::Init);
    let kwargs = args.get(2);
    let n_kwargs = match kwargs.obj() {
        Some(d) => dict::len(cx, d)?,
        None => 0,
    };
    if plain && (!args.rest(1).is_empty() || n_kwargs > 0) {
        return raise!(cx, TypeError, "Initialization arguments are not supported");
    }
    let o = cx.new_instance(class)?;
    o.init(ARGS, args.get(1));
    o.init(KWARGS, kwargs);
    // The creating thread's `__init__` is called by the class call itself.
    enter(cx, o)?;
    Ok(o.into())
}

fn table(cx: &mut Cx) -> Completion<Obj> {
    if let Some(d) = cx.thread_slot(THREAD_SLOT).obj() {
        return Ok(d);
    }
    let d = dict::new(cx)?;
    cx.set_thread_slot(THREAD_SLOT, d.into());
    Ok(d)
}

fn key(o: Obj) -> Value {
    Value::small((o.to_word() >> 3) as i64)
}

fn enter(cx: &mut Cx, o: Obj) -> Completion<Obj> {
    let table = table(cx)?;
    let own = dict::new(cx)?;
    let pair = cx.new_tuple(&[o.into(), own.into()])?;
    dict::set_item(cx, table, key(o), pair)?;
    Ok(own)
}

/// The running thread's attributes of `o`.
fn own(cx: &mut Cx, o: Obj) -> Completion<Obj> {
    let table = table(cx)?;
    let found = dict::get_item(cx, table, key(o))?;
    if let Some(own) = found.obj().and_then(|p| p.item(1)).and_then(Value::obj) {
        return Ok(own);
    }
    let own = enter(cx, o)?;
    let init = class::special(o.class(), Special::Init);
    if init != class::special(cx.class(T::object), Special::Init) {
        let args = o.raw(ARGS).obj().map_or(&[][..], Obj::items);
        let class = o.class();
        let bound = descr::bind(cx, init, o.into(), class)?;
        protocol::call::call_star(cx, bound, args, o.raw(KWARGS))?;
    }
    Ok(own)
}

fn getattribute(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let name = string::interned(cx, args.get(1))?;
    let own = own(cx, o)?;
    if string::text(name) == Some("__dict__") {
        return Ok(own.into());
    }
    let class = o.class();
    let on_class = cx.lookup(class, name);
    if on_class.is_bound() && descr::precedes(cx, on_class) {
        return descr::bind(cx, on_class, args.this(), class);
    }
    let v = dict::get_item_name(cx, own, name)?;
    if v.is_bound() {
        return Ok(v);
    }
    if on_class.is_bound() {
        return descr::bind(cx, on_class, args.this(), class);
    }
    Err(attr::missing(cx, args.this(), name))
}

fn store(cx: &mut Cx, args: Args<'_>, v: Value) -> Completion<Value> {
    let o = args.this_obj();
    let name = string::interned(cx, args.get(1))?;
    if string::text(name) == Some("__dict__") {
        let class = class::name(o.class());
        return raise!(cx, AttributeError, "'{class}' object attribute '__dict__' is read-only");
    }
    let on_class = cx.lookup(o.class(), name);
    if on_class.is_bound() && descr::set(cx, on_class, args.this(), v)? {
        return Ok(Value::NONE);
    }
    let own = own(cx, o)?;
    if v.is_bound() {
        dict::set_item(cx, own, name, v)?;
    } else if !dict::del_item(cx, own, name)? {
        return Err(attr::missing(cx, args.this(), name));
    }
    Ok(Value::NONE)
}

/// `_thread._local`.
pub(super) static LOCAL: TypeDef = TypeDef {
    name: "_local",
    module: "_thread",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[row(
        "__new__",
        "(cls, /, *args, **kwargs)",
        new,
        "Create and return a new object.",
    )],
    methods: &[
        row("__getattribute__", "(self, name, /)", getattribute, "Return getattr(self, name)."),
        row(
            "__setattr__",
            "(self, name, value, /)",
            |cx, args| store(cx, args, args.get(2)),
            "Implement setattr(self, name, value).",
        ),
        row(
            "__delattr__",
            "(self, name, /)",
            |cx, args| store(cx, args, Value::UNBOUND),
            "Implement delattr(self, name).",
        ),
    ],
    doc: "Thread-local data",
    ..TypeDef::BASE
};
