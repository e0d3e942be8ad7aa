//! `typing.Union`: `int | str`. Immutable.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol::{self, RootVec},
    raise,
    types::{Body, T, TypeDef, generic_alias},
    value::Value,
};

/// Slots of unions.
pub mod slot {
    /// `__args__`, a tuple without duplicates.
    pub const ARGS: usize = 1;
    /// `__parameters__`, a tuple.
    pub const PARAMETERS: usize = 2;
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: "" }
    };
}

fn union_args(cx: &mut Cx, v: Value) -> Completion<Option<&'static [Value]>> {
    let class = cx.type_for(&UNION)?;
    Ok(v.obj().filter(|o| o.class() == class).and_then(|o| o.raw(slot::ARGS).obj()).map(Obj::items))
}

fn add(cx: &mut Cx, all: &mut RootVec, v: Value) -> Completion<()> {
    if let Some(inner) = union_args(cx, v)? {
        for &x in inner {
            add(cx, all, x)?;
        }
        return Ok(());
    }
    let v = if v.is_none() { cx.class(T::NoneType).into() } else { v };
    for &x in all.as_slice() {
        if protocol::identical_or_equal(cx, x, v)? {
            return Ok(());
        }
    }
    all.push(cx, v)
}

/// The union of these types; a single one is itself.
///
/// # Errors
/// Whatever comparing them raises.
pub fn make(cx: &mut Cx, types: &[Value]) -> Completion<Value> {
    let mut all = RootVec::new();
    for &v in types {
        add(cx, &mut all, v)?;
    }
    if let [one] = all.as_slice() {
        return Ok(*one);
    }
    let args = cx.new_tuple(all.as_slice())?;
    let parameters = generic_alias::parameters(cx, args)?;
    let class = cx.type_for(&UNION)?;
    let o = cx.new_instance(class)?;
    o.init(slot::ARGS, args);
    o.init(slot::PARAMETERS, parameters);
    Ok(o.into())
}

/// Whether `v` may stand beside `|` in a union.
fn unionable(cx: &mut Cx, v: Value) -> Completion<bool> {
    if v.is_none() || v.obj().is_some_and(|o| o.kind() == Kind::Type) {
        return Ok(true);
    }
    let alias = cx.type_for(&generic_alias::GENERIC_ALIAS)?;
    if v.obj().is_some_and(|o| crate::class::is_subclass(o.class(), alias))
        || union_args(cx, v)?.is_some()
    {
        return Ok(true);
    }
    // Type parameters and aliases of the `typing` module's own.
    Ok(matches!(cx.type_name(v), "TypeVar" | "ParamSpec" | "TypeVarTuple" | "TypeAliasType"))
}

fn or(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    if unionable(cx, a)? && unionable(cx, b)? {
        make(cx, &[a, b])
    } else {
        Ok(Value::NOT_IMPLEMENTED)
    }
}

/// `__or__` of classes, generic aliases, unions and type parameters.
///
/// # Errors
/// As [`make`].
pub fn or_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    or(cx, args.get(0), args.get(1))
}

/// `__ror__` of the same.
///
/// # Errors
/// As [`make`].
pub fn ror_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    or(cx, args.get(1), args.get(0))
}

fn args_of(args: Args<'_>) -> &'static [Value] {
    args.this_obj().raw(slot::ARGS).obj().map_or(&[], Obj::items)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut parts = Vec::new();
    for &v in args_of(args) {
        parts.push(generic_alias::type_text(cx, v)?);
    }
    cx.new_str(&parts.join(" | "))
}

fn eq(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(theirs) = union_args(cx, args.get(1))? else { return Ok(Value::NOT_IMPLEMENTED) };
    let ours = args_of(args);
    if ours.len() != theirs.len() {
        return Ok(Value::FALSE);
    }
    for &a in ours {
        let mut found = false;
        for &b in theirs {
            found = found || protocol::identical_or_equal(cx, a, b)?;
        }
        if !found {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut h = 0_i64;
    for &v in args_of(args) {
        // Independent of order, like equality.
        h = h.wrapping_add(protocol::hash(cx, v)?.wrapping_mul(0x9E37_79B9));
    }
    cx.new_int(if h == -1 { -2 } else { h })
}

fn instance_check(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    for &class in args_of(args) {
        if protocol::is_instance(cx, args.get(1), class)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn subclass_check(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    for &class in args_of(args) {
        if protocol::is_subclass_of(cx, args.get(1), class)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn getitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let new = generic_alias::substitute(
        cx,
        args.this(),
        o.raw(slot::ARGS),
        o.raw(slot::PARAMETERS),
        args.get(1),
    )?;
    let types = new.obj().map_or(&[][..], Obj::items);
    make(cx, types)
}

fn class_getitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let item = args.get(1);
    let types = match item.obj() {
        Some(t) if t.class() == cx.class(T::tuple) => t.items(),
        _ => &[item][..],
    };
    if types.is_empty() {
        return raise!(cx, TypeError, "Cannot take a Union of no types.");
    }
    let typing = cx.world.import_module(cx, "typing")?;
    let (name, message) =
        (cx.intern("_type_check")?, cx.new_str("Union[arg, ...]: each arg must be a type.")?);
    let check = protocol::get_attr(cx, typing, name)?;
    let mut all = RootVec::new();
    for &v in types {
        let v = protocol::call(cx, check, &[v, message])?;
        all.push(cx, v)?;
    }
    make(cx, all.as_slice())
}

fn part(_cx: &mut Cx, v: Value, i: usize) -> Completion<Value> {
    Ok(v.obj().map_or(Value::NONE, |o| o.raw(i)))
}

fn origin(cx: &mut Cx, _v: Value) -> Completion<Value> {
    Ok(cx.type_for(&UNION)?.into())
}

/// `typing.Union`, also `types.UnionType`.
pub static UNION: TypeDef = TypeDef {
    name: "Union",
    module: "typing",
    body: Body::Words(Kind::Frozen, 3),
    methods: &[
        row!("__repr__", "(self, /)", repr),
        row!("__eq__", "(self, value, /)", eq),
        row!("__hash__", "(self, /)", hash),
        row!("__or__", "(self, value, /)", or_method),
        row!("__ror__", "(self, value, /)", ror_method),
        row!("__getitem__", "(self, key, /)", getitem),
        row!("__instancecheck__", "(self, instance, /)", instance_check),
        row!("__subclasscheck__", "(self, subclass, /)", subclass_check),
        row!("__mro_entries__", "(self, bases, /)", |cx, args| {
            let shown = protocol::convert::repr_text(cx, args.this())?;
            raise!(cx, TypeError, "Cannot subclass {shown}")
        }),
    ],
    class_methods: &[row!("__class_getitem__", "(type, item, /)", class_getitem)],
    getset: &[
        GetSetDef { name: "__args__", get: |cx, v| part(cx, v, slot::ARGS), set: None, doc: "" },
        GetSetDef {
            name: "__parameters__",
            get: |cx, v| part(cx, v, slot::PARAMETERS),
            set: None,
            doc: "",
        },
        GetSetDef { name: "__origin__", get: origin, set: None, doc: "" },
        GetSetDef { name: "__name__", get: |cx, _| cx.new_str("Union"), set: None, doc: "" },
        GetSetDef { name: "__qualname__", get: |cx, _| cx.new_str("Union"), set: None, doc: "" },
    ],
    doc: "Represent a union type",
    ..TypeDef::BASE
};
