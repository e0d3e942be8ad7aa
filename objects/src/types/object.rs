//! `object`: the base of everything.

use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol::{
        self,
        attr::{name_arg, plain_get},
    },
    raise,
    types::{T, dict},
    value::Value,
};

/// `__dict__` of instances that have one.
pub(crate) const DICT_GETSET: GetSetDef = GetSetDef {
    name: "__dict__",
    get: get_dict,
    set: Some(set_dict),
    doc: "dictionary for instance variables",
};

fn get_dict(cx: &mut Cx, this: Value) -> Completion<Value> {
    if let Some(o) = this.obj()
        && let Some(d) = protocol::attr::materialize_dict(cx, o)?
    {
        return Ok(d.into());
    }
    let name = cx.type_name(this);
    raise!(cx, AttributeError, "'{name}' object has no attribute '__dict__'")
}

fn set_dict(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    let Some(o) = this.obj() else { return Ok(()) };
    if v.is_unbound() {
        if !class::has_flag(o.class(), flag::HEAP) {
            return raise!(cx, TypeError, "cannot delete __dict__");
        }
        let empty = dict::new(cx)?;
        protocol::attr::materialize_dict(cx, o)?;
        return protocol::attr::replace_dict(cx, o, empty);
    }
    let Some(d) = v.obj().filter(|d| d.kind() == Kind::Dict) else {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "__dict__ must be set to a dictionary, not a '{name}'");
    };
    protocol::attr::materialize_dict(cx, o)?;
    protocol::attr::replace_dict(cx, o, d)
}

/// Whether a class's `__new__` or `__init__` is `object`'s own.
fn is_objects(cx: &Cx, class: Obj, s: Special) -> bool {
    class::special(class, s) == class::special(cx.class(T::object), s)
}

fn has_arguments(cx: &mut Cx, args: Args<'_>) -> Completion<bool> {
    if !args.rest(1).is_empty() {
        return Ok(true);
    }
    match args.get(2).obj() {
        Some(d) => Ok(dict::len(cx, d)? > 0),
        None => Ok(false),
    }
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj().filter(|o| o.kind() == Kind::Type) else {
        let name = cx.type_name(args.get(0));
        return raise!(cx, TypeError, "object.__new__(X): X is not a type object ({name})");
    };
    if has_arguments(cx, args)? {
        let name = class::name(class);
        if !is_objects(cx, class, Special::New) {
            return raise!(
                cx,
                TypeError,
                "object.__new__() takes exactly one argument (the type to instantiate)"
            );
        }
        if is_objects(cx, class, Special::Init) {
            return raise!(cx, TypeError, "{name}() takes no arguments");
        }
    }
    if class::has_flag(class, flag::ABSTRACT) {
        return abstract_error(cx, class);
    }
    let kind = class::root_shape(class).kind();
    if kind != Kind::Instance || class::has_flag(class, flag::PAYLOAD) {
        let name = class::name(class);
        let base = class::name(solid_base(class));
        return raise!(cx, TypeError, "object.__new__({name}) is not safe, use {base}.__new__()");
    }
    Ok(cx.new_instance(class)?.into())
}

/// The builtin class whose layout `class` extends.
pub fn solid_base(class: Obj) -> Obj {
    let mut c = class;
    while class::has_flag(c, flag::HEAP) {
        match c.raw(class::slot::BASE).obj() {
            Some(base) => c = base,
            None => break,
        }
    }
    c
}

fn abstract_error(cx: &mut Cx, class: Obj) -> Completion<Value> {
    let name = class::name(class);
    let key = cx.name(N::abstractmethods);
    let set = cx.lookup(class, key);
    let mut names: Vec<String> = Vec::new();
    protocol::for_each(cx, set, |cx, v| {
        names.push(protocol::convert::str_text(cx, v)?);
        Ok(())
    })?;
    names.sort();
    let methods = if names.len() == 1 { "method" } else { "methods" };
    let list = names.iter().map(|n| format!("'{n}'")).collect::<Vec<_>>().join(", ");
    raise!(
        cx,
        TypeError,
        "Can't instantiate abstract class {name} without an implementation for abstract {methods} {list}"
    )
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if has_arguments(cx, args)? {
        let class = cx.class_of(args.this());
        if !is_objects(cx, class, Special::Init) {
            return raise!(
                cx,
                TypeError,
                "object.__init__() takes exactly one argument (the instance to initialize)"
            );
        }
        if is_objects(cx, class, Special::New) {
            let name = class::name(class);
            return raise!(
                cx,
                TypeError,
                "{name}.__init__() takes exactly one argument (the instance to initialize)"
            );
        }
    }
    Ok(Value::NONE)
}

/// `<module.Class object at 0x...>`.
///
/// # Errors
/// Whatever looking up `__module__` raises.
pub fn default_repr(cx: &mut Cx, v: Value) -> Completion<Value> {
    let name = super::type_::qualified_name(cx, cx.class_of(v))?;
    cx.new_str(&format!("<{name} object at {:#x}>", v.bits()))
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    default_repr(cx, args.this())
}

fn str_(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    // Whoever asked for the text checks it.
    protocol::call_special(cx, args.this(), Special::Repr, &[]).map(Option::unwrap_or_default)
}

fn format(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let spec = protocol::convert::expect_str(cx, args.get(1), "__format__() argument")?;
    if !spec.is_empty() {
        let name = cx.type_name(args.this());
        return raise!(cx, TypeError, "unsupported format string passed to {name}.__format__");
    }
    protocol::str_of(cx, args.this())
}

fn eq(_cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(if args.get(0) == args.get(1) { Value::TRUE } else { Value::NOT_IMPLEMENTED })
}

fn ne(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let r = protocol::call_special(cx, args.this(), Special::Eq, &[args.get(1)])?;
    match r {
        Some(r) if r != Value::NOT_IMPLEMENTED => Ok((!protocol::truth(cx, r)?).into()),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn unordered(_cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    Ok(Value::NOT_IMPLEMENTED)
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    cx.new_int(protocol::compare::identity_hash(args.this()))
}

fn getattribute(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(1))?;
    plain_get(cx, args.this(), name)
}

/// Attributes of classes are changed by `type`'s methods alone.
fn no_class(cx: &mut Cx, v: Value, method: &str) -> Completion<()> {
    if v.obj().is_some_and(|o| o.kind() == Kind::Type) {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "can't apply this {method} to {name} object");
    }
    Ok(())
}

fn setattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(1))?;
    no_class(cx, args.this(), "__setattr__")?;
    let class = cx.class_of(args.this());
    protocol::attr::generic_set(cx, args.this(), class, name, args.get(2))?;
    Ok(Value::NONE)
}

fn delattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(1))?;
    no_class(cx, args.this(), "__delattr__")?;
    let class = cx.class_of(args.this());
    protocol::attr::generic_set(cx, args.this(), class, name, Value::UNBOUND)?;
    Ok(Value::NONE)
}

fn init_subclass(_cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    Ok(Value::NONE)
}

fn subclasshook(_cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    Ok(Value::NOT_IMPLEMENTED)
}

fn dir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let names = dict::new(cx)?;
    let class = cx.class_of(args.this());
    super::type_::merge_names(cx, names, class)?;
    if let Some(o) = args.this().obj()
        && let Some(d) = protocol::attr::materialize_dict(cx, o)?
    {
        for pair in dict::items(cx, d)?.as_slice().chunks_exact(2) {
            dict::set_item(cx, names, pair[0], Value::NONE)?;
        }
    }
    protocol::call(cx, cx.class(T::list).into(), &[names.into()])
}

fn sizeof(_cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let words = args.this().obj().map_or(0, |o| o.shape().words());
    Ok(Value::small(words as i64 * 8))
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    reduce_through(cx, args.this(), Value::small(0))
}

fn reduce_ex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = cx.class_of(args.this());
    let name = cx.name(N::reduce);
    let own = cx.lookup(class, name);
    if own != class::own(cx.class(T::object), name) {
        return protocol::call_method(cx, args.this(), name, &[]);
    }
    reduce_through(cx, args.this(), args.get(1))
}

/// `copyreg.__reduce_ex__` for old protocols, `copyreg.__newobj__` with `__getstate__` for new ones.
fn reduce_through(cx: &mut Cx, this: Value, protocol_number: Value) -> Completion<Value> {
    let import = cx.world.import_module(cx, "copyreg")?;
    if protocol_number.small_int().unwrap_or(0) < 2 {
        let name = cx.intern("_reduce_ex")?;
        let f = protocol::get_attr(cx, import, name)?;
        return protocol::call(cx, f, &[this, protocol_number]);
    }
    let class = cx.class_of(this);
    let (mut args, mut kwargs) = (cx.world.empty_tuple(), None);
    let ex = cx.name(N::getnewargs_ex);
    let plain = cx.name(N::getnewargs);
    // On the class: instances may answer to any name.
    let (ex, plain) = (cx.lookup(class, ex), cx.lookup(class, plain));
    if ex.is_bound() {
        let pair = protocol::call::call_unbound(cx, ex, this, &[], &[])?;
        let items = super::tuple::items_of(pair).unwrap_or_default();
        let &[given, named] = items else {
            let got = cx.type_name(pair);
            let n = items.len();
            return if cx.is_a(pair, T::tuple) {
                let what = "__getnewargs_ex__ should return a tuple of length 2";
                raise!(cx, ValueError, "{what}, not {n}")
            } else {
                raise!(cx, TypeError, "__getnewargs_ex__ should return a tuple, not '{got}'")
            };
        };
        args = given;
        kwargs = Some(named);
        if !cx.is_a(given, T::tuple) || !cx.is_a(named, T::dict) {
            let (at, want, got) = if cx.is_a(given, T::tuple) {
                ("second", "dict", named)
            } else {
                ("first", "tuple", given)
            };
            let got = cx.type_name(got);
            return raise!(
                cx,
                TypeError,
                "{at} item of the tuple returned by __getnewargs_ex__ must be a {want}, not '{got}'"
            );
        }
    } else if plain.is_bound() {
        args = protocol::call::call_unbound(cx, plain, this, &[], &[])?;
        if !cx.is_a(args, T::tuple) {
            let got = cx.type_name(args);
            return raise!(cx, TypeError, "__getnewargs__ should return a tuple, not '{got}'");
        }
    }
    let has_args = ex.is_bound() || plain.is_bound();
    if let Some(d) = kwargs.and_then(dict::exact_kind)
        && dict::len(cx, d)? == 0
    {
        kwargs = None;
    }
    let getstate = cx.name(N::getstate);
    let default = cx.lookup(class, getstate) == class::own(cx.class(T::object), getstate);
    let needs_state = default && !has_args && !cx.is_a(this, T::list) && !cx.is_a(this, T::dict);
    if needs_state && hides_state(class) {
        let name = class::full_name(class);
        return raise!(cx, TypeError, "cannot pickle '{name}' object");
    }
    let state = protocol::call_method(cx, this, getstate, &[])?;
    let (function, args) = match kwargs {
        Some(kwargs) => {
            let name = cx.intern("__newobj_ex__")?;
            let args = cx.new_tuple(&[class.into(), args, kwargs])?;
            (protocol::get_attr(cx, import, name)?, args)
        }
        None => {
            let name = cx.intern("__newobj__")?;
            let mut all = protocol::RootVec::from_slice(cx, &[class.into()])?;
            for &v in super::tuple::items_of(args).unwrap_or_default() {
                all.push(cx, v)?;
            }
            (protocol::get_attr(cx, import, name)?, cx.new_tuple(all.as_slice())?)
        }
    };
    let mut items = Value::NONE;
    let mut pairs = Value::NONE;
    if cx.is_a(this, T::list) {
        items = protocol::iter(cx, this)?;
    }
    if cx.is_a(this, T::dict) {
        let name = cx.name(N::items);
        let view = protocol::call_method(cx, this, name, &[])?;
        pairs = protocol::iter(cx, view)?;
    }
    cx.new_tuple(&[function, args, state, items, pairs])
}

/// Whether instances hold more than attributes, so that a new one with the same attributes would not be a copy.
fn hides_state(class: Obj) -> bool {
    let mut bases = class::mro(class).iter().filter_map(|c| c.obj());
    let native = bases.find(|c| !class::has_flag(*c, flag::HEAP));
    native.is_some_and(|c| class::root_shape(c).layout().kind != Kind::Instance)
}

fn getstate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = args.this();
    let mut state = Value::NONE;
    if let Some(o) = this.obj()
        && let Some(d) = protocol::attr::materialize_dict(cx, o)?
        && dict::len(cx, d)? > 0
    {
        state = d.into();
    }
    let slots = slot_values(cx, this)?;
    if let Some(slots) = slots {
        state = cx.new_tuple(&[state, slots])?;
    }
    Ok(state)
}

fn slot_values(cx: &mut Cx, this: Value) -> Completion<Option<Value>> {
    let mut found = None;
    for c in class::mro(cx.class_of(this)) {
        let Some(c) = c.obj().filter(|c| class::has_flag(*c, flag::HEAP)) else { continue };
        let Some(map) = c.raw(class::slot::NAMES).obj() else { continue };
        for (name, v) in crate::name_map::entries(map) {
            if v.obj().is_some_and(|d| d.class() == cx.class(T::member_descriptor))
                && let Some(value) = protocol::get_attr_opt(cx, this, name)?
            {
                let d = match found {
                    Some(d) => d,
                    None => *found.insert(dict::new(cx)?),
                };
                dict::set_item(cx, d, name, value)?;
            }
        }
    }
    Ok(found.map(Value::from))
}

fn get_class(cx: &mut Cx, this: Value) -> Completion<Value> {
    Ok(cx.class_of(this).into())
}

fn set_class(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    if v.is_unbound() {
        return raise!(cx, TypeError, "can't delete __class__ attribute");
    }
    let Some(new) = v.obj().filter(|o| o.kind() == Kind::Type) else {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "__class__ must be set to a class, not '{name}' object");
    };
    super::type_::assign::set_class(cx, this, new)
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

pub(crate) const STATIC_METHODS: &[NativeDef] = &[row!(
    "__new__",
    "(type, /, *args, **kwargs)",
    new,
    "Create and return a new object.  See help(type) for accurate signature."
)];

pub(crate) const CLASS_METHODS: &[NativeDef] = &[
    row!(
        "__init_subclass__",
        "(type, /)",
        init_subclass,
        "This method is called when a class is subclassed."
    ),
    row!(
        "__subclasshook__",
        "(type, /, *args)",
        subclasshook,
        "Abstract classes can override this to customize issubclass()."
    ),
];

pub(crate) const METHODS: &[NativeDef] = &[
    row!(
        "__init__",
        "(self, /, *args, **kwargs)",
        init,
        "Initialize self.  See help(type(self)) for accurate signature."
    ),
    row!("__repr__", "(self, /)", repr, "Return repr(self)."),
    row!("__str__", "(self, /)", str_, "Return str(self)."),
    row!("__format__", "(self, format_spec, /)", format, "Default object formatter."),
    row!("__eq__", "(self, value, /)", eq, "Return self==value."),
    row!("__ne__", "(self, value, /)", ne, "Return self!=value."),
    row!("__lt__", "(self, value, /)", unordered, "Return self<value."),
    row!("__le__", "(self, value, /)", unordered, "Return self<=value."),
    row!("__gt__", "(self, value, /)", unordered, "Return self>value."),
    row!("__ge__", "(self, value, /)", unordered, "Return self>=value."),
    row!("__hash__", "(self, /)", hash, "Return hash(self)."),
    row!("__getattribute__", "(self, name, /)", getattribute, "Return getattr(self, name)."),
    row!("__setattr__", "(self, name, value, /)", setattr, "Implement setattr(self, name, value)."),
    row!("__delattr__", "(self, name, /)", delattr, "Implement delattr(self, name)."),
    row!("__dir__", "(self, /)", dir, "Default dir() implementation."),
    row!("__sizeof__", "(self, /)", sizeof, "Size of object in memory, in bytes."),
    row!("__reduce__", "(self, /)", reduce, "Helper for pickle."),
    row!("__reduce_ex__", "(self, protocol, /)", reduce_ex, "Helper for pickle."),
    row!("__getstate__", "(self, /)", getstate, "Helper for pickle."),
];

pub(crate) const GETSET: &[GetSetDef] = &[GetSetDef {
    name: "__class__",
    get: get_class,
    set: Some(set_class),
    doc: "the object's class",
}];
