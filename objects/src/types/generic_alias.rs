//! `types.GenericAlias`: `list[int]`. Never written after its creation; instances of subclasses may have attributes of
//! their own.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol::{self, RootVec, convert},
    raise,
    types::{Body, T, TypeDef, str as string, union},
    value::Value,
};

/// Slots of generic aliases.
pub mod slot {
    /// `__origin__`.
    pub const ORIGIN: usize = 3;
    /// `__args__`, a tuple.
    pub const ARGS: usize = 4;
    /// `__parameters__`, a tuple.
    pub const PARAMETERS: usize = 5;
    /// `__unpacked__`: `*tuple[int]`.
    pub const STARRED: usize = 6;
    /// Number of words.
    pub const WORDS: u16 = 7;
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: "" }
    };
}

/// `origin[item]`; `item` is a tuple of arguments or a single one.
///
/// # Errors
/// Whatever reading `__parameters__` of the arguments raises.
pub fn new(cx: &mut Cx, origin: Value, item: Value) -> Completion<Value> {
    let is_tuple = item.obj().is_some_and(|o| o.class() == cx.class(T::tuple));
    let args = if is_tuple { item } else { cx.new_tuple(&[item])? };
    let class = cx.type_for(&GENERIC_ALIAS)?;
    with(cx, class, origin, args, false)
}

fn with(cx: &mut Cx, class: Obj, origin: Value, args: Value, starred: bool) -> Completion<Value> {
    let parameters = parameters(cx, args)?;
    let o = cx.new_instance(class)?;
    o.init(slot::ORIGIN, origin);
    o.init(slot::ARGS, args);
    o.init(slot::PARAMETERS, parameters);
    o.init(slot::STARRED, starred.into());
    Ok(o.into())
}

fn items(v: Value) -> &'static [Value] {
    v.obj().filter(|t| t.kind() == Kind::Tuple).map_or(&[], Obj::items)
}

/// The type parameters that occur in a tuple of type arguments, in order, once each.
///
/// # Errors
/// Whatever attribute access raises.
pub fn parameters(cx: &mut Cx, args: Value) -> Completion<Value> {
    let mut found = RootVec::new();
    let (subst, params) = (cx.intern("__typing_subst__")?, cx.intern("__parameters__")?);
    for &arg in items(args) {
        if arg.obj().is_some_and(|o| o.kind() == Kind::Type) {
            continue;
        }
        if protocol::get_attr_opt(cx, arg, subst)?.is_some() {
            add_once(cx, &mut found, arg)?;
        } else if let Some(inner) = protocol::get_attr_opt(cx, arg, params)? {
            for &p in items(inner) {
                add_once(cx, &mut found, p)?;
            }
        } else if let Some(list) =
            arg.obj().filter(|o| o.kind() == Kind::Tuple || o.kind() == Kind::List)
        {
            let inner = protocol::collect(cx, list.into())?;
            let inner = cx.new_tuple(inner.as_slice())?;
            let nested = parameters(cx, inner)?;
            for &p in items(nested) {
                add_once(cx, &mut found, p)?;
            }
        }
    }
    cx.new_tuple(found.as_slice())
}

fn add_once(cx: &mut Cx, found: &mut RootVec, v: Value) -> Completion<()> {
    if found.as_slice().contains(&v) { Ok(()) } else { found.push(cx, v) }
}

/// The arguments `args` with `params` replaced by `item` (a tuple or a single argument).
///
/// # Errors
/// `TypeError` for a wrong number of arguments.
pub fn substitute(
    cx: &mut Cx,
    this: Value,
    args: Value,
    params: Value,
    item: Value,
) -> Completion<Value> {
    let params = items(params);
    if params.is_empty() {
        let shown = convert::repr_text(cx, this)?;
        return raise!(cx, TypeError, "{shown} is not a generic class");
    }
    let mut item = unpacked(cx, item)?;
    let prepare = cx.intern("__typing_prepare_subst__")?;
    for &p in params {
        if let Some(f) = protocol::get_attr_opt(cx, p, prepare)?
            && !f.is_none()
        {
            let prepared = protocol::call(cx, f, &[this, item])?;
            item = protocol::call(cx, cx.class(T::tuple).into(), &[prepared])?;
        }
    }
    let given = items(item);
    if given.len() != params.len() {
        let shown = convert::repr_text(cx, this)?;
        let many = if given.len() > params.len() { "many" } else { "few" };
        let (actual, expected) = (given.len(), params.len());
        return raise!(
            cx,
            TypeError,
            "Too {many} arguments for {shown}; actual {actual}, expected {expected}"
        );
    }
    substituted(cx, items(args), params, given)
}

/// The arguments of `alias[item]` as a tuple, with those of `*tuple[...]` in its place.
fn unpacked(cx: &mut Cx, item: Value) -> Completion<Value> {
    let is_tuple = item.obj().is_some_and(|o| o.class() == cx.class(T::tuple));
    let given = if is_tuple { items(item) } else { &[item] };
    let name = cx.intern("__typing_unpacked_tuple_args__")?;
    let mut all = RootVec::new();
    for &arg in given {
        let inner = match arg.obj() {
            Some(o) if o.kind() == Kind::Type => None,
            _ => protocol::get_attr_opt(cx, arg, name)?,
        };
        match inner.and_then(Value::obj).filter(|t| t.kind() == Kind::Tuple).map(Obj::items) {
            Some(inner) if inner.last() != Some(&Value::ELLIPSIS) => {
                for &v in inner {
                    all.push(cx, v)?;
                }
            }
            _ => all.push(cx, arg)?,
        }
    }
    cx.new_tuple(all.as_slice())
}

fn substituted(
    cx: &mut Cx,
    args: &[Value],
    params: &[Value],
    given: &[Value],
) -> Completion<Value> {
    let mut out = RootVec::new();
    for &arg in args {
        substitute_one(cx, arg, params, given, &mut out)?;
    }
    cx.new_tuple(out.as_slice())
}

fn substitute_one(
    cx: &mut Cx,
    arg: Value,
    params: &[Value],
    given: &[Value],
    out: &mut RootVec,
) -> Completion<()> {
    if arg.obj().is_some_and(|o| o.kind() == Kind::Type) {
        return out.push(cx, arg);
    }
    if let Some(list) = arg.obj().filter(|o| matches!(o.kind(), Kind::Tuple | Kind::List)) {
        let inner: RootVec = protocol::collect(cx, arg)?;
        let new = substituted(cx, inner.as_slice(), params, given)?;
        let new = if list.kind() == Kind::List {
            protocol::call(cx, cx.class(T::list).into(), &[new])?
        } else {
            new
        };
        return out.push(cx, new);
    }
    let unpack = cx.intern("__typing_is_unpacked_typevartuple__")?;
    let unpacked = match protocol::get_attr_opt(cx, arg, unpack)? {
        Some(v) => protocol::truth(cx, v)?,
        None => false,
    };
    let (subst, parameters) = (cx.intern("__typing_subst__")?, cx.intern("__parameters__")?);
    let new = if let Some(f) = protocol::get_attr_opt(cx, arg, subst)? {
        match params.iter().position(|&p| p == arg) {
            Some(i) => protocol::call(cx, f, &[given[i]])?,
            None => arg,
        }
    } else {
        match protocol::get_attr_opt(cx, arg, parameters)?.map(items) {
            Some(inner) if !inner.is_empty() => {
                let mut values = RootVec::new();
                for p in inner {
                    let i = params.iter().position(|q| q == p);
                    let v = i.map_or(*p, |i| given[i]);
                    // Only a `TypeVarTuple` stands for several.
                    let is_many = v.obj().is_some_and(|o| o.kind() == Kind::Tuple)
                        && protocol::find_special(cx, *p, Special::Iter).is_some();
                    if is_many {
                        for &x in items(v) {
                            values.push(cx, x)?;
                        }
                    } else {
                        values.push(cx, v)?;
                    }
                }
                let values = cx.new_tuple(values.as_slice())?;
                protocol::get_item(cx, arg, values)?
            }
            _ => arg,
        }
    };
    if unpacked && new.obj().is_some_and(|o| o.kind() == Kind::Tuple) {
        for &v in items(new) {
            out.push(cx, v)?;
        }
        return Ok(());
    }
    out.push(cx, new)
}

fn construct(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let base = cx.type_for(&GENERIC_ALIAS)?;
    let class = super::number::class_argument(cx, args.get(0), base)?;
    let item = args.get(2);
    let is_tuple = item.obj().is_some_and(|o| o.class() == cx.class(T::tuple));
    let items = if is_tuple { item } else { cx.new_tuple(&[item])? };
    with(cx, class, args.get(1), items, false)
}

fn raw(args: Args<'_>, i: usize) -> Value {
    args.this_obj().raw(i)
}

/// How `repr` shows a type argument.
///
/// # Errors
/// Whatever `repr` raises.
pub fn type_text(cx: &mut Cx, v: Value) -> Completion<String> {
    if v == Value::ELLIPSIS {
        return Ok("...".to_owned());
    }
    if v == Value::from(cx.class(T::NoneType)) {
        return Ok("None".to_owned());
    }
    match v.obj() {
        Some(class) if class.kind() == Kind::Type => super::type_::qualified_name(cx, class),
        Some(list) if list.kind() == Kind::List => {
            let inner = protocol::collect(cx, v)?;
            let mut parts = Vec::new();
            for &x in inner.as_slice() {
                parts.push(type_text(cx, x)?);
            }
            Ok(format!("[{}]", parts.join(", ")))
        }
        _ => match name_text(cx, v)? {
            Some(name) => Ok(name),
            None => convert::repr_text(cx, v),
        },
    }
}

/// The qualified name of functions and the like.
fn name_text(cx: &mut Cx, v: Value) -> Completion<Option<String>> {
    let mut is_alias = true;
    for name in ["__origin__", "__args__"] {
        let name = cx.intern(name)?;
        is_alias = is_alias && protocol::attr::get_attr_opt(cx, v, name)?.is_some();
    }
    if is_alias {
        return Ok(None);
    }
    let (qualname, module) = (cx.name(N::qualname), cx.name(N::module));
    let Some(qualname) = protocol::attr::get_attr_opt(cx, v, qualname)? else { return Ok(None) };
    match protocol::attr::get_attr_opt(cx, v, module)? {
        Some(module) if !module.is_none() => {
            let (module, name) = (convert::str_text(cx, module)?, convert::str_text(cx, qualname)?);
            Ok(Some(if module == "builtins" { name } else { format!("{module}.{name}") }))
        }
        _ => Ok(None),
    }
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let origin = type_text(cx, raw(args, slot::ORIGIN))?;
    let given = items(raw(args, slot::ARGS));
    let mut parts = Vec::new();
    for &v in given {
        parts.push(type_text(cx, v)?);
    }
    let inner = if given.is_empty() { "()".to_owned() } else { parts.join(", ") };
    let star = if raw(args, slot::STARRED) == Value::TRUE { "*" } else { "" };
    cx.new_str(&format!("{star}{origin}[{inner}]"))
}

fn is_alias(cx: &mut Cx, v: Value) -> Completion<Option<Obj>> {
    let class = cx.type_for(&GENERIC_ALIAS)?;
    Ok(v.obj().filter(|o| crate::class::is_subclass(o.class(), class)))
}

fn eq(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(other) = is_alias(cx, args.get(1))? else { return Ok(Value::NOT_IMPLEMENTED) };
    let this = args.this_obj();
    let same = this.raw(slot::STARRED) == other.raw(slot::STARRED)
        && protocol::equal(cx, this.raw(slot::ORIGIN), other.raw(slot::ORIGIN))?
        && protocol::equal(cx, this.raw(slot::ARGS), other.raw(slot::ARGS))?;
    Ok(same.into())
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let h =
        protocol::hash(cx, raw(args, slot::ORIGIN))? ^ protocol::hash(cx, raw(args, slot::ARGS))?;
    cx.new_int(if h == -1 { -2 } else { h })
}

fn call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let made = protocol::call::call_star(cx, raw(args, slot::ORIGIN), args.rest(1), args.get(2))?;
    let name = cx.name(N::orig_class);
    match protocol::set_attr(cx, made, name, args.this()) {
        Ok(()) => {}
        Err(escape) if escape.is_abort() => return Err(escape),
        // Objects that take no attributes go without.
        Err(_) => {}
    }
    Ok(made)
}

/// Attributes that are the alias's own; all others are its origin's.
const OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__parameters__",
    "__unpacked__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
];

/// Attributes that an alias has not, whatever its origin has.
const NEITHER: &[&str] = &["__bases__", "__copy__", "__deepcopy__"];

fn getattribute(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = string::interned(cx, args.get(1))?;
    let text = string::text(name).unwrap_or("");
    if !OWN.contains(&text) && !NEITHER.contains(&text) {
        return protocol::get_attr(cx, raw(args, slot::ORIGIN), name);
    }
    protocol::attr::plain_get(cx, args.this(), name)
}

fn dir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = super::support::builtin(cx, "dir")?;
    let names = protocol::call(cx, f, &[raw(args, slot::ORIGIN)])?;
    let mut all: RootVec = protocol::collect(cx, names)?;
    for name in OWN {
        let name = cx.intern(name)?;
        if !all.as_slice().contains(&name) {
            all.push(cx, name)?;
        }
    }
    Ok(super::list::from_vec(cx, all)?.into())
}

fn getitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let new = substitute(
        cx,
        args.this(),
        raw(args, slot::ARGS),
        raw(args, slot::PARAMETERS),
        args.get(1),
    )?;
    with(
        cx,
        args.this_obj().class(),
        raw(args, slot::ORIGIN),
        new,
        raw(args, slot::STARRED) == Value::TRUE,
    )
}

fn mro_entries(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    cx.new_tuple(&[raw(args, slot::ORIGIN)])
}

fn no_instances(cx: &mut Cx, what: &str) -> Completion<Value> {
    raise!(cx, TypeError, "{what} argument 2 cannot be a parameterized generic")
}

/// Slot of an alias's iterator: the alias, until it has given it.
const ITERATED: usize = 3;

/// `iter(alias)`, for `*tuple[int, ...]`: gives the alias once, unpacked.
static ITERATOR: TypeDef = TypeDef {
    name: "generic_alias_iterator",
    body: Body::Words(Kind::Record, 4),
    methods: &[
        row!("__iter__", "(self, /)", super::support::itself),
        row!("__next__", "(self, /)", iter_next),
        row!("__reduce__", "(self, /)", iter_reduce),
    ],
    ..TypeDef::BASE
};

fn iterator_over(cx: &mut Cx, alias: Value) -> Completion<Value> {
    let class = cx.type_for(&ITERATOR)?;
    let it = cx.new_instance(class)?;
    it.init(ITERATED, alias);
    Ok(it.into())
}

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    iterator_over(cx, args.this())
}

fn iter_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let Some(alias) = cx.read(it, ITERATED)?.obj() else { return Ok(Value::UNBOUND) };
    cx.set(it, ITERATED, Value::UNBOUND)?;
    with(cx, alias.class(), alias.raw(slot::ORIGIN), alias.raw(slot::ARGS), true)
}

fn iter_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let left = cx.read(args.this_obj(), ITERATED)?.bound();
    let iterated = left.unwrap_or_else(|| cx.world.empty_tuple());
    let iter = super::support::builtin(cx, "iter")?;
    let parts = cx.new_tuple(&[iterated])?;
    cx.new_tuple(&[iter, parts])
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = args.this_obj().class();
    if raw(args, slot::STARRED) == Value::TRUE {
        // `next(iter(alias))`
        let plain = with(cx, class, raw(args, slot::ORIGIN), raw(args, slot::ARGS), false)?;
        let it = iterator_over(cx, plain)?;
        let next = super::support::builtin(cx, "next")?;
        let parts = cx.new_tuple(&[it])?;
        return cx.new_tuple(&[next, parts]);
    }
    let parts = cx.new_tuple(&[raw(args, slot::ORIGIN), raw(args, slot::ARGS)])?;
    cx.new_tuple(&[class.into(), parts])
}

fn part(_cx: &mut Cx, v: Value, i: usize) -> Completion<Value> {
    Ok(v.obj().map_or(Value::NONE, |o| o.raw(i)))
}

fn unpacked_args(cx: &mut Cx, v: Value) -> Completion<Value> {
    let tuple = Value::from(cx.class(T::tuple));
    Ok(match v.obj() {
        Some(o) if o.raw(slot::STARRED) == Value::TRUE && o.raw(slot::ORIGIN) == tuple => {
            o.raw(slot::ARGS)
        }
        _ => Value::NONE,
    })
}

/// `types.GenericAlias`.
pub static GENERIC_ALIAS: TypeDef = TypeDef {
    name: "GenericAlias",
    module: "types",
    body: Body::Words(Kind::Record, slot::WORDS),
    subclassable: true,
    static_methods: &[row!("__new__", "(type, origin, args, /)", construct)],
    methods: &[
        row!("__repr__", "(self, /)", repr),
        row!("__eq__", "(self, value, /)", eq),
        row!("__hash__", "(self, /)", hash),
        row!("__call__", "(self, /, *args, **kwargs)", call),
        row!("__getattribute__", "(self, name, /)", getattribute),
        row!("__getitem__", "(self, key, /)", getitem),
        row!("__mro_entries__", "(self, bases, /)", mro_entries),
        row!("__instancecheck__", "(self, instance, /)", |cx, _| no_instances(cx, "isinstance()")),
        row!("__subclasscheck__", "(self, subclass, /)", |cx, _| no_instances(cx, "issubclass()")),
        row!("__iter__", "(self, /)", iter),
        row!("__dir__", "(self, /)", dir),
        row!("__reduce__", "(self, /)", reduce),
        row!("__or__", "(self, value, /)", union::or_method),
        row!("__ror__", "(self, value, /)", union::ror_method),
    ],
    getset: &[
        GetSetDef {
            name: "__origin__",
            get: |cx, v| part(cx, v, slot::ORIGIN),
            set: None,
            doc: "",
        },
        GetSetDef { name: "__args__", get: |cx, v| part(cx, v, slot::ARGS), set: None, doc: "" },
        GetSetDef {
            name: "__parameters__",
            get: |cx, v| part(cx, v, slot::PARAMETERS),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "__unpacked__",
            get: |cx, v| part(cx, v, slot::STARRED),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "__typing_unpacked_tuple_args__",
            get: unpacked_args,
            set: None,
            doc: "",
        },
    ],
    doc: "Represent a PEP 585 generic type",
    flags: crate::class::flag::WEAKREFS,
    ..TypeDef::BASE
};

/// `__class_getitem__` of a generic builtin class.
pub const CLASS_GETITEM: NativeDef =
    row!("__class_getitem__", "(type, item, /)", |cx, args| new(cx, args.get(0), args.get(1)));
