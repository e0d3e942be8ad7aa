//! `_weakref`: weak references and proxies. The collector clears them (`objects/gc.rs` has the layout).
//!
//! Conflicts: reading a reference reads its target slot; only the collector writes it, with the world stopped.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Obj, T, TypeDef, Value, class,
    gc::{WEAK_CALLBACK, WEAK_TARGET},
    native::NativeFn,
    protocol::{self, CompareOp, RootVec},
    raise,
    types::list,
};

use super::{
    _weakref_proxy::{CALLABLE_PROXY, PROXY, proxy},
    ModuleDef,
};

const HASH: usize = 5;

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

/// `weakref.ReferenceType`.
pub static REF: TypeDef = TypeDef {
    name: "ReferenceType",
    module: "weakref",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[row("__new__", "(type, object, callback=None, /, *args)", new)],
    methods: &[
        row("__init__", "(self, object, callback=None, /)", |_, _| Ok(Value::NONE)),
        row("__call__", "(self, /)", |cx, args| {
            Ok(target(cx, args.this_obj())?.map_or(Value::NONE, Value::from))
        }),
        row("__eq__", "(self, value, /)", eq),
        row("__hash__", "(self, /)", hash),
        row("__repr__", "(self, /)", repr),
    ],
    class_methods: &[row("__class_getitem__", "(type, item, /)", |cx, args| {
        taipan_objects::types::type_::generic_alias(cx, args.get(0), args.get(1))
    })],
    getset: &[taipan_objects::GetSetDef {
        name: "__callback__",
        get: |cx, v| match v.obj() {
            Some(o) => Ok(cx.read(o, WEAK_CALLBACK)?.bound().unwrap_or(Value::NONE)),
            None => Ok(Value::NONE),
        },
        set: None,
        doc: "",
    }],
    ..TypeDef::BASE
};

/// What a reference refers to, if it still lives.
///
/// # Errors
/// The attempt's abort.
pub fn target(cx: &mut Cx, r: Obj) -> Completion<Option<Obj>> {
    let word = cx.read(r, WEAK_TARGET)?;
    Ok(Value::from_bits(word.foreign_address() as u64).obj())
}

fn referable(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let class = cx.class_of(v);
    let union = cx.type_for(&taipan_objects::types::union::UNION)?;
    let allowed = class::has_flag(class, class::flag::WEAKREFS)
        || v.obj().is_some_and(|o| {
            matches!(
                o.kind(),
                Kind::Function
                    | Kind::Type
                    | Kind::Generator
                    | Kind::Set
                    | Kind::FrozenSet
                    | Kind::Module
                    | Kind::Native
            ) || o.class() == cx.class(T::method)
                || (o.kind() == Kind::Record && !class::has_flag(class, class::flag::HEAP))
                || o.kind() == Kind::Code
                || class == union
        });
    match v.obj().filter(|_| allowed) {
        Some(o) => Ok(o),
        None => {
            let name = class::name(class);
            raise!(cx, TypeError, "cannot create weak reference to '{name}' object")
        }
    }
}

/// A weak reference object of class `class`.
///
/// # Errors
/// `TypeError` when the object cannot be referred to weakly.
pub fn make(cx: &mut Cx, class: Obj, v: Value, callback: Value) -> Completion<Obj> {
    let o = referable(cx, v)?;
    let r = cx.new_instance(class)?;
    r.init(WEAK_TARGET, Value::foreign(o.to_word() as usize));
    r.init(WEAK_CALLBACK, if callback.is_none() { Value::UNBOUND } else { callback });
    cx.note_weak_ref(r);
    Ok(r)
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args.get(0).obj().filter(|c| c.kind() == Kind::Type) {
        Some(class) => Ok(make(cx, class, args.get(1), args.get(2))?.into()),
        None => raise!(cx, TypeError, "__new__(X): X is not a type object"),
    }
}

fn eq(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if !super::is_a(cx, args.get(1), &REF)? {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let Some(other) = args.get(1).obj() else { return Ok(Value::NOT_IMPLEMENTED) };
    match (target(cx, args.this_obj())?, target(cx, other)?) {
        (Some(a), Some(b)) => protocol::compare(cx, CompareOp::Eq, a.into(), b.into()),
        _ => Ok((args.get(0) == args.get(1)).into()),
    }
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let known = cx.read(o, HASH)?;
    if known.is_bound() {
        return Ok(known);
    }
    let Some(referent) = target(cx, o)? else {
        return raise!(cx, TypeError, "weak object has gone away");
    };
    let h = protocol::hash(cx, referent.into())?;
    let h = cx.new_int(h)?;
    cx.set(o, HASH, h)?;
    Ok(h)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let at = args.this().bits();
    match target(cx, args.this_obj())? {
        Some(o) => {
            let (name, to) = (class::name(o.class()), o.to_word());
            cx.new_str(&format!("<weakref at {at:#x}; to '{name}' at {to:#x}>"))
        }
        None => cx.new_str(&format!("<weakref at {at:#x}; dead>")),
    }
}

fn refs_of(cx: &mut Cx, v: Value) -> Completion<RootVec> {
    let mut found = RootVec::new();
    for r in cx.world.weak_refs_to(v) {
        found.push(cx, r.into())?;
    }
    Ok(found)
}

fn get_count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(refs_of(cx, args.get(0))?.len() as i64))
}

fn get_refs(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let found = refs_of(cx, args.get(0))?;
    Ok(list::from_vec(cx, found)?.into())
}

fn remove_dead(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (Some(d), key) = (args.get(0).obj(), args.get(1)) else { return Ok(Value::NONE) };
    if d.kind() != Kind::Dict {
        return raise!(cx, TypeError, "_remove_dead_weakref() argument 1 must be dict");
    }
    let v = taipan_objects::types::dict::get_item(cx, d, key)?;
    if v.is_bound()
        && super::is_a(cx, v, &REF)?
        && let Some(r) = v.obj()
        && target(cx, r)?.is_none()
    {
        taipan_objects::types::dict::del_item(cx, d, key)?;
    }
    Ok(Value::NONE)
}

/// Calls the callback of a reference whose target died.
///
/// # Errors
/// Whatever it raises.
pub fn run_callback(cx: &mut Cx, r: Obj) -> Completion<()> {
    let callback = cx.read(r, WEAK_CALLBACK)?;
    if callback.is_bound() {
        protocol::call(cx, callback, &[r.into()])?;
    }
    Ok(())
}

/// `_weakref`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "_weakref",
    doc: "Weak-reference support module.",
    functions: &[
        row("proxy", "(object, callback=None, /)", proxy),
        row("getweakrefcount", "(object, /)", get_count),
        row("getweakrefs", "(object, /)", get_refs),
        row("_remove_dead_weakref", "(dct, key, /)", remove_dead),
    ],
    types: &[&REF, &PROXY, &CALLABLE_PROXY],
    exec: |cx, module| {
        let class = cx.type_for(&REF)?;
        super::set(cx, module, "ref", class.into())
    },
};
