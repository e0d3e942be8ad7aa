//! `_functools`: `partial`, `reduce`, `cmp_to_key` and the wrapper behind `lru_cache`.

mod lru;
pub mod partial;

use taipan_objects::{
    Body, Completion, Cx, GetSetDef, Kind, NativeDef, Special, T, TypeDef, Value, class,
    native::Args,
    protocol::{self, CompareOp},
    raise, rows,
};

use super::ModuleDef;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_functools",
    doc: "Tools that operate on functions.",
    functions: FUNCTIONS,
    types: &[&partial::PARTIAL, &partial::PLACEHOLDER_TYPE, &lru::LRU_CACHE],
    exec: |cx, module| {
        let placeholder = partial::placeholder(cx)?;
        super::set(cx, module, "Placeholder", placeholder)
    },
};

const FUNCTIONS: &[NativeDef] = rows! {
    "reduce" "(function, iterable, /, initial=<functools._initial_missing>)" reduce,
        "Apply a function of two arguments cumulatively to the items of an iterable, from left to right.\n\nThis effectively reduces the iterable to a single value.  If initial is present,\nit is placed before the items of the iterable in the calculation, and serves as\na default when the iterable is empty.\n\nFor example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5])\ncalculates ((((1 + 2) + 3) + 4) + 5).";
    "cmp_to_key" "(mycmp)" cmp_to_key,
        "Convert a cmp= function into a key= function.\n\n  mycmp\n    Function that compares two objects.";
};

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (f, iterable) = (args.get(0), args.get(1));
    let special = |s| class::special(cx.class_of(iterable), s).is_bound();
    if !special(Special::Iter) && !special(Special::GetItem) {
        return raise!(cx, TypeError, "reduce() arg 2 must support iteration");
    }
    let it = protocol::iter(cx, iterable)?;
    let mut result = args.get(2);
    while let Some(v) = protocol::next(cx, it)? {
        result = if result.is_unbound() { v } else { protocol::call(cx, f, &[result, v])? };
    }
    if result.is_unbound() {
        return raise!(cx, TypeError, "reduce() of empty iterable with no initial value");
    }
    Ok(result)
}

const CMP: usize = 2;
const OBJECT: usize = 3;

/// What `cmp_to_key` returns, and what that returns: a comparison function and, in the latter, a value.
static KEY_WRAPPER: TypeDef = TypeDef {
    name: "KeyWrapper",
    module: "functools",
    body: Body::Words(Kind::Record, 4),
    methods: rows! {
        "__call__" "(self, /, obj)" wrap, "Call self as a function.";
        "__eq__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Eq, a), "Return self==value.";
        "__ne__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ne, a), "Return self!=value.";
        "__lt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Lt, a), "Return self<value.";
        "__le__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Le, a), "Return self<=value.";
        "__gt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Gt, a), "Return self>value.";
        "__ge__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ge, a), "Return self>=value.";
    },
    getset: &[GetSetDef {
        name: "obj",
        get: |cx, v| match v.obj() {
            Some(o) => Ok(cx.read(o, OBJECT)?.bound().unwrap_or(Value::NONE)),
            None => Ok(Value::NONE),
        },
        set: Some(|cx, v, x| match v.obj() {
            Some(o) => cx.set(o, OBJECT, x),
            None => Ok(()),
        }),
        doc: "Value wrapped by a key function.",
    }],
    ..TypeDef::BASE
};

fn new_wrapper(cx: &mut Cx, cmp: Value, v: Value) -> Completion<Value> {
    let class = cx.type_for(&KEY_WRAPPER)?;
    let o = cx.new_instance(class)?;
    o.init(CMP, cmp);
    o.init(OBJECT, v);
    Ok(o.into())
}

fn cmp_to_key(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    new_wrapper(cx, args.get(0), Value::UNBOUND)
}

fn wrap(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    new_wrapper(cx, args.this_obj().raw(CMP), args.get(1))
}

fn compare(cx: &mut Cx, op: CompareOp, args: Args<'_>) -> Completion<Value> {
    let this = args.this_obj();
    let Some(other) = args.get(1).obj().filter(|o| o.class() == this.class()) else {
        return raise!(cx, TypeError, "other argument must be K instance");
    };
    let (x, y) = (cx.read(this, OBJECT)?, cx.read(other, OBJECT)?);
    if x.is_unbound() || y.is_unbound() {
        return raise!(cx, AttributeError, "object");
    }
    let r = protocol::call(cx, this.raw(CMP), &[x, y])?;
    protocol::compare(cx, op, r, Value::small(0))
}

/// Whether `v` can be called.
fn is_callable(cx: &Cx, v: Value) -> bool {
    v.obj().is_some_and(|o| matches!(o.kind(), Kind::Function | Kind::Native))
        || v.obj().is_some_and(|o| o.class() == cx.class(T::method))
        || class::special(cx.class_of(v), Special::Call).is_bound()
}
