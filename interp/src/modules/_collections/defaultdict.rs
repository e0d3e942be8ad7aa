//! `defaultdict`: a dict with a factory for missing values in its word after those of `dict`.
//!
//! Conflicts: those of `dict`; a look-up that makes the missing value is a write.

use taipan_objects::{
    Body, Completion, Cx, GetSetDef, Kind, NativeDef, Obj, Special, T, TypeDef, Value, class,
    native::Args,
    protocol, raise, rows, table,
    types::{
        dict,
        support::{self, Text},
    },
};

const FACTORY: usize = 6;

/// `defaultdict`.
pub(super) static DEFAULTDICT: TypeDef = TypeDef {
    name: "defaultdict",
    module: "collections",
    base: T::dict,
    body: Body::Words(Kind::Dict, 7),
    subclassable: true,
    methods: METHODS,
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new, "Create and return a new object.";
    },
    getset: &[GetSetDef {
        name: "default_factory",
        get: |cx, v| match v.obj() {
            Some(d) => Ok(factory(cx, d)?.unwrap_or(Value::NONE)),
            None => Ok(Value::NONE),
        },
        set: Some(|cx, v, f| match v.obj() {
            Some(d) => cx.set(d, FACTORY, f),
            None => Ok(()),
        }),
        doc: "Factory for default value called by __missing__().",
    }],
    doc: "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe default factory is called without arguments to produce\na new value when a key is not present, in __getitem__ only.\nA defaultdict compares equal to a dict with the same items.\nAll remaining arguments are treated the same as if they were\npassed to the dict constructor, including keyword arguments.",
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = rows! {
    "__init__" "(self, /, *args, **kwargs)" init, "Initialize self.  See help(type(self)) for accurate signature.";
    "__missing__" "(self, key, /)" missing,
        "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if self.default_factory is None: raise KeyError((key,))\n  self[key] = value = self.default_factory()\n  return value";
    "__repr__" "(self, /)" repr, "Return repr(self).";
    "__copy__" "(self, /)" copy, "D.copy() -> a shallow copy of D.";
    "copy" "(self, /)" copy, "D.copy() -> a shallow copy of D.";
    "__reduce__" "(self, /)" reduce, "Return state information for pickling.";
    "__or__" "(self, value, /)" or, "Return self|value.";
    "__ror__" "(self, value, /)" ror, "Return value|self.";
};

fn factory(cx: &mut Cx, d: Obj) -> Completion<Option<Value>> {
    Ok(cx.read(d, FACTORY)?.bound().filter(|f| !f.is_none()))
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = support::class_for_new(cx, args, T::dict)?;
    let d = cx.new_instance(class)?;
    table::init_empty(d);
    d.init(FACTORY, Value::NONE);
    Ok(d.into())
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let given = args.rest(1);
    let f = given.first().copied().unwrap_or(Value::NONE);
    if !f.is_none() && class::special(cx.class_of(f), Special::Call).is_unbound() {
        return raise!(cx, TypeError, "first argument must be callable or None");
    }
    support::at_most(cx, "dict", given.get(1..).unwrap_or(&[]), 1)?;
    cx.set(d, FACTORY, f)?;
    if let Some(&other) = given.get(1) {
        dict::update(cx, d, other)?;
    }
    if let Some(kwargs) = args.get(2).obj() {
        dict::merge(cx, d, kwargs)?;
    }
    Ok(Value::NONE)
}

fn missing(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let key = args.get(1);
    let Some(f) = factory(cx, d)? else { return Err(dict::key_error(cx, key)) };
    let v = protocol::call(cx, f, &[])?;
    if class::special(d.class(), Special::SetItem)
        == class::special(cx.class(T::dict), Special::SetItem)
    {
        dict::set_item(cx, d, key, v)?;
    } else {
        protocol::set_item(cx, d.into(), key, v)?;
    }
    Ok(v)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let f = factory(cx, d)?.unwrap_or(Value::NONE);
    let base = class::special(cx.class(T::dict), Special::Repr);
    let inner = protocol::call(cx, base, &[d.into()])?;
    let mut text = Text::new(cx.short_type_name(d.into()));
    text.push("(");
    let shown = match f.obj() {
        // A bound method of this very dict would show the dict again.
        Some(o) => support::guarded_repr(cx, o, "...", |cx| protocol::repr(cx, f))?,
        None => protocol::repr(cx, f)?,
    };
    text.push_str(shown);
    text.push(", ");
    text.push_str(inner);
    text.push(")");
    text.finish(cx)
}

fn copy_of(cx: &mut Cx, d: Obj) -> Completion<Value> {
    let f = factory(cx, d)?.unwrap_or(Value::NONE);
    protocol::call(cx, d.class().into(), &[f, d.into()])
}

fn copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    copy_of(cx, args.this_obj())
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let arguments = match factory(cx, d)? {
        Some(f) => cx.new_tuple(&[f])?,
        None => cx.world.empty_tuple(),
    };
    let name = cx.name(taipan_objects::N::items);
    let items = protocol::call_method(cx, d.into(), name, &[])?;
    let items = protocol::iter(cx, items)?;
    cx.new_tuple(&[d.class().into(), arguments, Value::NONE, Value::NONE, items])
}

fn or(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if dict::exact_kind(args.get(1)).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let made = copy_of(cx, args.this_obj())?;
    merged(cx, made, args.get(1))
}

fn ror(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if dict::exact_kind(args.get(1)).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let f = factory(cx, args.this_obj())?.unwrap_or(Value::NONE);
    let made = protocol::call(cx, args.this_obj().class().into(), &[f, args.get(1)])?;
    merged(cx, made, args.this())
}

fn merged(cx: &mut Cx, made: Value, other: Value) -> Completion<Value> {
    if let Some(d) = dict::exact_kind(made) {
        dict::update(cx, d, other)?;
    }
    Ok(made)
}
