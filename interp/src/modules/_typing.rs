//! `_typing`: type parameters, lazily evaluated aliases, `Generic`, `Union`. What needs more than identity is left to `typing`.
//!
//! Conflicts: values evaluated lazily are stored in the object, which conflicts with other threads evaluating the same one.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, GetSetDef, Kind, N, NativeDef, Obj, TypeDef, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{generic_alias, str as string, union},
};

use super::{ModuleDef, set};

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

const fn get(name: &'static str, get: fn(&mut Cx, Value) -> Completion<Value>) -> GetSetDef {
    GetSetDef { name, get, set: None, doc: "" }
}

/// Slots of type parameters; `PARAM_WORDS` words, then the `__dict__`.
mod slot {
    pub(super) const NAME: usize = 2;
    /// Value, or unbound while only the function is known.
    pub(super) const BOUND: usize = 3;
    pub(super) const BOUND_FN: usize = 4;
    pub(super) const CONSTRAINTS: usize = 5;
    pub(super) const CONSTRAINTS_FN: usize = 6;
    pub(super) const DEFAULT: usize = 7;
    pub(super) const DEFAULT_FN: usize = 8;
    /// Bits: covariant 1, contravariant 2, infer 4.
    pub(super) const VARIANCE: usize = 9;
    pub(super) const WORDS: u16 = 10;
}

fn typing_call(cx: &mut Cx, name: &str, args: &[Value]) -> Completion<Value> {
    let typing = cx.world.import_module(cx, "typing")?;
    let name = cx.intern(name)?;
    let f = protocol::get_attr(cx, typing, name)?;
    protocol::call(cx, f, args)
}

fn class_arg(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.kind() == Kind::Type) {
        Some(class) => Ok(class),
        None => raise!(cx, TypeError, "__new__(X): X is not a type object"),
    }
}

fn no_default(cx: &mut Cx) -> Completion<Value> {
    let module = cx.world.import_module(cx, "_typing")?;
    let name = cx.intern("NoDefault")?;
    protocol::get_attr(cx, module, name)
}

/// The value in `slot`, evaluated by the function in `f_slot` on first use.
fn lazy(cx: &mut Cx, v: Value, slot: usize, f_slot: usize, missing: Value) -> Completion<Value> {
    let Some(o) = v.obj() else { return Ok(missing) };
    if let Some(known) = cx.read(o, slot)?.bound() {
        return Ok(known);
    }
    let Some(f) = cx.read(o, f_slot)?.bound().filter(|f| !f.is_none()) else { return Ok(missing) };
    let value = protocol::call(cx, f, &[Value::small(1)])?;
    cx.set(o, slot, value)?;
    Ok(value)
}

/// The evaluating function in `slot`, or one that returns the value already known.
fn evaluator(cx: &mut Cx, v: Value, f_slot: usize) -> Completion<Value> {
    match v.obj() {
        Some(o) => Ok(cx.read(o, f_slot)?.bound().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

fn flags(cx: &mut Cx, args: Args<'_>, first: usize) -> Completion<i64> {
    let mut bits = 0;
    for i in 0..3 {
        if args.opt(first + i).is_some() && protocol::truth(cx, args.get(first + i))? {
            bits |= 1 << i;
        }
    }
    if bits & 3 == 3 {
        return raise!(cx, ValueError, "Bivariant types are not supported.");
    }
    if bits & 4 != 0 && bits & 3 != 0 {
        return raise!(cx, ValueError, "Variance cannot be specified with infer_variance.");
    }
    Ok(bits)
}

fn set_caller_module(cx: &mut Cx, o: Obj) -> Completion<()> {
    let sys = cx.world.import_module(cx, "sys")?;
    let name = cx.intern("_getframemodulename")?;
    if let Some(f) = protocol::get_attr_opt(cx, sys, name)? {
        let module = protocol::call(cx, f, &[Value::small(0)])?;
        let key = cx.name(N::module);
        protocol::attr::set_own(cx, o, key, module)?;
    }
    Ok(())
}

fn name_arg(cx: &mut Cx, v: Value, what: &str) -> Completion<Value> {
    if string::exact(v).is_some() {
        return Ok(v);
    }
    let got = cx.type_name(v);
    raise!(cx, TypeError, "{what}() argument 'name' must be str, not {got}")
}

fn typevar_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.get(0))?;
    let name = name_arg(cx, args.get(1), "typevar")?;
    let constraints = args.get(2);
    let variance = flags(cx, args, 5)?;
    let n = args.rest(2).len();
    if n == 1 {
        return raise!(cx, TypeError, "A single constraint is not allowed");
    }
    let mut bound = args.get(3);
    if n > 0 && !bound.is_none() && bound.is_bound() {
        return raise!(cx, TypeError, "Constraints cannot be combined with bound=...");
    }
    if bound.is_bound() && !bound.is_none() {
        let message = cx.new_str("Bound must be a type.")?;
        bound = typing_call(cx, "_type_check", &[bound, message])?;
    }
    let o = cx.new_instance(class)?;
    o.init(slot::NAME, name);
    o.init(slot::VARIANCE, Value::small(variance));
    let lazy_bound = args.get(8);
    o.init(
        slot::BOUND,
        if lazy_bound.is_bound() { Value::UNBOUND } else { bound.bound().unwrap_or(Value::NONE) },
    );
    o.init(slot::BOUND_FN, lazy_bound);
    let lazy_constraints = args.get(9);
    o.init(
        slot::CONSTRAINTS,
        if lazy_constraints.is_bound() { Value::UNBOUND } else { constraints },
    );
    o.init(slot::CONSTRAINTS_FN, lazy_constraints);
    o.init(slot::DEFAULT, args.get(4));
    set_caller_module(cx, o)?;
    Ok(o.into())
}

fn param_new(cx: &mut Cx, args: Args<'_>, what: &str) -> Completion<Value> {
    let class = class_arg(cx, args.get(0))?;
    let name = name_arg(cx, args.get(1), what)?;
    let (bound, variance) =
        if what == "paramspec" { (args.get(3), flags(cx, args, 4)?) } else { (Value::NONE, 0) };
    let o = cx.new_instance(class)?;
    o.init(slot::NAME, name);
    o.init(slot::BOUND, bound.bound().unwrap_or(Value::NONE));
    o.init(slot::DEFAULT, args.get(2));
    o.init(slot::VARIANCE, Value::small(variance));
    set_caller_module(cx, o)?;
    Ok(o.into())
}

fn name(cx: &mut Cx, v: Value) -> Completion<Value> {
    match v.obj() {
        Some(o) => cx.read(o, slot::NAME),
        None => Ok(Value::NONE),
    }
}

fn variance(cx: &mut Cx, v: Value, bit: i64) -> Completion<Value> {
    match v.obj() {
        Some(o) => Ok((cx.read(o, slot::VARIANCE)?.as_small() & bit != 0).into()),
        None => Ok(Value::FALSE),
    }
}

fn bound(cx: &mut Cx, v: Value) -> Completion<Value> {
    lazy(cx, v, slot::BOUND, slot::BOUND_FN, Value::NONE)
}

fn constraints(cx: &mut Cx, v: Value) -> Completion<Value> {
    let empty = cx.world.empty_tuple();
    lazy(cx, v, slot::CONSTRAINTS, slot::CONSTRAINTS_FN, empty)
}

fn default(cx: &mut Cx, v: Value) -> Completion<Value> {
    let missing = no_default(cx)?;
    lazy(cx, v, slot::DEFAULT, slot::DEFAULT_FN, missing)
}

fn has_default(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let missing = no_default(cx)?;
    let o = args.this_obj();
    let lazy = cx.read(o, slot::DEFAULT_FN)?;
    let known = cx.read(o, slot::DEFAULT)?;
    Ok((lazy.is_bound() || (known.is_bound() && known != missing)).into())
}

fn param_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let name = name(cx, args.this())?;
    let text = convert::str_text(cx, name)?;
    let sign = match cx.read(o, slot::VARIANCE)?.as_small() {
        bits if bits & 4 != 0 => "",
        1 => "+",
        2 => "-",
        _ => "~",
    };
    cx.new_str(&format!("{sign}{text}"))
}

fn no_subclass(cx: &mut Cx, what: &str) -> Completion<Value> {
    raise!(cx, TypeError, "Cannot subclass an instance of {what}")
}

/// Substitution without arguments given: the default, when there is one.
fn typevar_prepare(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (this, alias, given) = (args.this(), args.get(1), args.get(2));
    let key = cx.intern("__parameters__")?;
    let params = protocol::get_attr(cx, alias, key)?;
    let params = protocol::collect(cx, params)?;
    let n = protocol::length(cx, given)?;
    let index = params.as_slice().iter().position(|&p| p == this).unwrap_or(0);
    if index < n {
        return Ok(given);
    }
    let missing = no_default(cx)?;
    let value = default(cx, this)?;
    if index == n && value != missing {
        let one = cx.new_tuple(&[value])?;
        return protocol::binary(cx, protocol::BinaryOp::Add, given, one);
    }
    // `typing` counts them and complains.
    Ok(given)
}

const fn param(
    name: &'static str,
    statics: &'static [NativeDef],
    methods: &'static [NativeDef],
    getset: &'static [GetSetDef],
) -> TypeDef {
    TypeDef {
        name,
        module: "typing",
        body: Body::WithDict(Kind::Record, slot::WORDS),
        static_methods: statics,
        methods,
        getset,
        ..TypeDef::BASE
    }
}

/// `typing.TypeVar`.
pub static TYPE_VAR: TypeDef = param(
    "TypeVar",
    &[row(
        "__new__",
        "(type, name, *constraints, bound=None, default=<none>, covariant=False, contravariant=False, \
         infer_variance=False, _evaluate_bound=<none>, _evaluate_constraints=<none>)",
        typevar_new,
    )],
    &[
        row("__repr__", "(self, /)", param_repr),
        row("__or__", "(self, value, /)", |cx, args| union::make(cx, &[args.get(0), args.get(1)])),
        row("__ror__", "(self, value, /)", |cx, args| union::make(cx, &[args.get(1), args.get(0)])),
        row("__mro_entries__", "(self, bases, /)", |cx, _| no_subclass(cx, "TypeVar")),
        row("__typing_subst__", "(self, arg, /)", |cx, args| {
            typing_call(cx, "_typevar_subst", &[args.get(0), args.get(1)])
        }),
        row("__typing_prepare_subst__", "(self, alias, args, /)", typevar_prepare),
        row("has_default", "(self, /)", has_default),
        row("__reduce__", "(self, /)", |cx, args| name(cx, args.this())),
    ],
    &[
        get("__name__", name),
        get("__bound__", bound),
        get("__constraints__", constraints),
        get("__default__", default),
        get("evaluate_bound", |cx, v| evaluator(cx, v, slot::BOUND_FN)),
        get("evaluate_constraints", |cx, v| evaluator(cx, v, slot::CONSTRAINTS_FN)),
        get("evaluate_default", |cx, v| evaluator(cx, v, slot::DEFAULT_FN)),
        get("__covariant__", |cx, v| variance(cx, v, 1)),
        get("__contravariant__", |cx, v| variance(cx, v, 2)),
        get("__infer_variance__", |cx, v| variance(cx, v, 4)),
    ],
);

/// `typing.ParamSpec`.
pub static PARAM_SPEC: TypeDef = param(
    "ParamSpec",
    &[row(
        "__new__",
        "(type, name, *, default=<none>, bound=None, covariant=False, contravariant=False, infer_variance=False)",
        |cx, args| param_new(cx, args, "paramspec"),
    )],
    &[
        row("__repr__", "(self, /)", param_repr),
        row("__or__", "(self, value, /)", |cx, args| union::make(cx, &[args.get(0), args.get(1)])),
        row("__ror__", "(self, value, /)", |cx, args| union::make(cx, &[args.get(1), args.get(0)])),
        row("__mro_entries__", "(self, bases, /)", |cx, _| no_subclass(cx, "ParamSpec")),
        row("__typing_subst__", "(self, arg, /)", |cx, args| {
            typing_call(cx, "_paramspec_subst", &[args.get(0), args.get(1)])
        }),
        row("__typing_prepare_subst__", "(self, alias, args, /)", |cx, args| {
            typing_call(cx, "_paramspec_prepare_subst", &[args.get(0), args.get(1), args.get(2)])
        }),
        row("has_default", "(self, /)", has_default),
        row("__reduce__", "(self, /)", |cx, args| name(cx, args.this())),
    ],
    &[
        get("__name__", name),
        get("__bound__", bound),
        get("__default__", default),
        get("evaluate_default", |cx, v| evaluator(cx, v, slot::DEFAULT_FN)),
        get("args", |cx, v| origin_new(cx, &PARAM_SPEC_ARGS, v)),
        get("kwargs", |cx, v| origin_new(cx, &PARAM_SPEC_KWARGS, v)),
        get("__covariant__", |cx, v| variance(cx, v, 1)),
        get("__contravariant__", |cx, v| variance(cx, v, 2)),
        get("__infer_variance__", |cx, v| variance(cx, v, 4)),
    ],
);

/// `typing.TypeVarTuple`.
pub static TYPE_VAR_TUPLE: TypeDef = param(
    "TypeVarTuple",
    &[row("__new__", "(type, name, *, default=<none>)", |cx, args| {
        param_new(cx, args, "typevartuple")
    })],
    &[
        row("__repr__", "(self, /)", |cx, args| name(cx, args.this())),
        row("__iter__", "(self, /)", |cx, args| {
            let typing = cx.world.import_module(cx, "typing")?;
            let key = cx.intern("Unpack")?;
            let unpack = protocol::get_attr(cx, typing, key)?;
            let item = protocol::get_item(cx, unpack, args.this())?;
            let one = cx.new_tuple(&[item])?;
            protocol::iter(cx, one)
        }),
        row("__mro_entries__", "(self, bases, /)", |cx, _| no_subclass(cx, "TypeVarTuple")),
        row("__typing_subst__", "(self, arg, /)", |cx, _| {
            raise!(cx, TypeError, "Substitution of bare TypeVarTuple is not supported")
        }),
        row("__typing_prepare_subst__", "(self, alias, args, /)", |cx, args| {
            typing_call(cx, "_typevartuple_prepare_subst", &[args.get(0), args.get(1), args.get(2)])
        }),
        row("has_default", "(self, /)", has_default),
        row("__reduce__", "(self, /)", |cx, args| name(cx, args.this())),
    ],
    &[
        get("__name__", name),
        get("__default__", default),
        get("evaluate_default", |cx, v| evaluator(cx, v, slot::DEFAULT_FN)),
    ],
);

// ---- P.args, P.kwargs ----------------------------------------------------------------------------

fn origin_new(cx: &mut Cx, def: &'static TypeDef, origin: Value) -> Completion<Value> {
    let class = cx.type_for(def)?;
    let o = cx.new_instance(class)?;
    o.init(2, origin);
    Ok(o.into())
}

fn origin(cx: &mut Cx, v: Value) -> Completion<Value> {
    match v.obj() {
        Some(o) => cx.read(o, 2),
        None => Ok(Value::NONE),
    }
}

fn origin_repr(cx: &mut Cx, args: Args<'_>, what: &str) -> Completion<Value> {
    let origin = origin(cx, args.this())?;
    let text = convert::repr_text(cx, origin)?;
    cx.new_str(&format!("{}.{what}", text.trim_start_matches('~')))
}

fn origin_eq(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if cx.class_of(args.get(0)) != cx.class_of(args.get(1)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (origin(cx, args.get(0))?, origin(cx, args.get(1))?);
    Ok(protocol::identical_or_equal(cx, a, b)?.into())
}

macro_rules! origin_class {
    ($id:ident, $name:literal, $what:literal) => {
        #[doc = $name]
        pub static $id: TypeDef = TypeDef {
            name: $name,
            module: "typing",
            body: Body::Words(Kind::Record, 3),
            static_methods: &[row("__new__", "(type, origin, /)", |cx, args| {
                origin_new(cx, &$id, args.get(1))
            })],
            methods: &[
                row("__repr__", "(self, /)", |cx, args| origin_repr(cx, args, $what)),
                row("__eq__", "(self, value, /)", origin_eq),
                row("__mro_entries__", "(self, bases, /)", |cx, _| no_subclass(cx, $name)),
            ],
            getset: &[get("__origin__", origin)],
            ..TypeDef::BASE
        };
    };
}

origin_class!(PARAM_SPEC_ARGS, "ParamSpecArgs", "args");
origin_class!(PARAM_SPEC_KWARGS, "ParamSpecKwargs", "kwargs");

// ---- TypeAliasType -------------------------------------------------------------------------------

/// Slots of type aliases.
mod alias {
    pub(super) const NAME: usize = 2;
    pub(super) const PARAMS: usize = 3;
    pub(super) const VALUE: usize = 4;
    pub(super) const VALUE_FN: usize = 5;
    pub(super) const MODULE: usize = 6;
}

fn new_alias(
    cx: &mut Cx,
    name: Value,
    params: Value,
    value: Value,
    f: Value,
    module: Value,
) -> Completion<Value> {
    let class = cx.type_for(&TYPE_ALIAS)?;
    let o = cx.new_instance(class)?;
    let params =
        if params.is_unbound() || params.is_none() { cx.world.empty_tuple() } else { params };
    for (i, v) in [name, params, value, f, module].into_iter().enumerate() {
        o.init(alias::NAME + i, v);
    }
    Ok(o.into())
}

fn alias_part(cx: &mut Cx, v: Value, slot: usize) -> Completion<Value> {
    match v.obj() {
        Some(o) => Ok(cx.read(o, slot)?.bound().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

/// `typing.TypeAliasType`.
pub static TYPE_ALIAS: TypeDef = TypeDef {
    name: "TypeAliasType",
    module: "typing",
    body: Body::Words(Kind::Record, 7),
    static_methods: &[row("__new__", "(type, name, value, *, type_params=<empty>)", |cx, args| {
        let sys = cx.world.import_module(cx, "sys")?;
        let key = cx.intern("_getframemodulename")?;
        let module = match protocol::get_attr_opt(cx, sys, key)? {
            Some(f) => protocol::call(cx, f, &[Value::small(0)])?,
            None => Value::NONE,
        };
        new_alias(cx, args.get(1), args.get(3), args.get(2), Value::UNBOUND, module)
    })],
    methods: &[
        row("__repr__", "(self, /)", |cx, args| alias_part(cx, args.this(), alias::NAME)),
        row("__or__", "(self, value, /)", |cx, args| union::make(cx, &[args.get(0), args.get(1)])),
        row("__ror__", "(self, value, /)", |cx, args| union::make(cx, &[args.get(1), args.get(0)])),
        row("__getitem__", "(self, key, /)", |cx, args| {
            let params = alias_part(cx, args.this(), alias::PARAMS)?;
            if params.obj().is_none_or(Obj::is_empty) {
                return raise!(cx, TypeError, "Only generic type aliases are subscriptable");
            }
            generic_alias::new(cx, args.get(0), args.get(1))
        }),
        row("__iter__", "(self, /)", |cx, args| {
            let typing = cx.world.import_module(cx, "typing")?;
            let key = cx.intern("Unpack")?;
            let unpack = protocol::get_attr(cx, typing, key)?;
            let item = protocol::get_item(cx, unpack, args.this())?;
            let one = cx.new_tuple(&[item])?;
            protocol::iter(cx, one)
        }),
        row("__reduce__", "(self, /)", |cx, args| alias_part(cx, args.this(), alias::NAME)),
    ],
    getset: &[
        get("__name__", |cx, v| alias_part(cx, v, alias::NAME)),
        get("__type_params__", |cx, v| alias_part(cx, v, alias::PARAMS)),
        get("__parameters__", |cx, v| alias_part(cx, v, alias::PARAMS)),
        get("__module__", |cx, v| alias_part(cx, v, alias::MODULE)),
        get("__value__", |cx, v| lazy(cx, v, alias::VALUE, alias::VALUE_FN, Value::NONE)),
        get("evaluate_value", |cx, v| evaluator(cx, v, alias::VALUE_FN)),
    ],
    ..TypeDef::BASE
};

// ---- Generic, NoDefault --------------------------------------------------------------------------

fn with_kwargs(cx: &mut Cx, function: &str, args: Args<'_>) -> Completion<Value> {
    let typing = cx.world.import_module(cx, "typing")?;
    let name = cx.intern(function)?;
    let f = protocol::get_attr(cx, typing, name)?;
    let mut all = vec![args.get(0)];
    all.extend_from_slice(args.rest(1));
    protocol::call::call_star(cx, f, &all, args.get(2))
}

/// `typing.Generic`.
pub static GENERIC: TypeDef = TypeDef {
    name: "Generic",
    module: "typing",
    subclassable: true,
    class_methods: &[
        row("__class_getitem__", "(type, /, *args, **kwargs)", |cx, args| {
            with_kwargs(cx, "_generic_class_getitem", args)
        }),
        row("__init_subclass__", "(type, /, *args, **kwargs)", |cx, args| {
            with_kwargs(cx, "_generic_init_subclass", args)
        }),
    ],
    doc: "Abstract base class for generic types",
    ..TypeDef::BASE
};

static NO_DEFAULT: TypeDef = TypeDef {
    name: "NoDefaultType",
    module: "typing",
    body: Body::Words(Kind::Frozen, 2),
    methods: &[
        row("__repr__", "(self, /)", |cx, _| cx.new_str("typing.NoDefault")),
        row("__reduce__", "(self, /)", |cx, _| cx.new_str("NoDefault")),
    ],
    ..TypeDef::BASE
};

fn set_default(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if let Some(o) = args.get(0).obj() {
        cx.set(o, slot::DEFAULT_FN, args.get(1))?;
    }
    Ok(args.get(0))
}

/// `Generic[T, *Ts]` for the parameters of a generic class statement.
fn subscript_generic(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut all = protocol::RootVec::new();
    let params = args.get(0).obj().map_or(&[][..], Obj::items);
    let class = cx.type_for(&TYPE_VAR_TUPLE)?;
    for &p in params {
        if cx.class_of(p) == class {
            let starred = protocol::collect(cx, p)?;
            all.push(cx, starred.get(0))?;
        } else {
            all.push(cx, p)?;
        }
    }
    let all = cx.new_tuple(all.as_slice())?;
    let generic = cx.type_for(&GENERIC)?;
    typing_call(cx, "_GenericAlias", &[generic.into(), all])
}

/// `_typing`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "_typing",
    doc: "Primitives and accelerators for the typing module.",
    functions: &[
        row("_idfunc", "(x, /)", |_, args| Ok(args.get(0))),
        row("_set_default", "(param, function, /)", set_default),
        row("_subscript_generic", "(params, /)", subscript_generic),
        row("_type_alias", "(name, params, function, module, /)", |cx, args| {
            new_alias(cx, args.get(0), args.get(1), Value::UNBOUND, args.get(2), args.get(3))
        }),
    ],
    types: &[
        &TYPE_VAR,
        &PARAM_SPEC,
        &TYPE_VAR_TUPLE,
        &PARAM_SPEC_ARGS,
        &PARAM_SPEC_KWARGS,
        &TYPE_ALIAS,
        &GENERIC,
        &union::UNION,
    ],
    exec: |cx, module| {
        let class = cx.type_for(&NO_DEFAULT)?;
        let o = cx.new_instance(class)?;
        set(cx, module, "NoDefault", o.into())
    },
};
