//! `types.SimpleNamespace`, which the library takes from `type(sys.implementation)`.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Value,
    native::NativeFn,
    protocol::{self, attr},
    raise,
    types::{TypeDef, dict, str as string},
};

const fn row(name: &'static str, sig: &'static str, run: NativeFn, doc: &'static str) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args.get(0).obj() {
        Some(class) => cx.new_instance(class).map(Value::from),
        None => raise!(cx, TypeError, "not a type"),
    }
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let given = args.rest(1);
    if given.len() > 1 {
        let n = given.len();
        return raise!(cx, TypeError, "types.SimpleNamespace expected at most 1 argument, got {n}");
    }
    let Some(own) = attr::materialize_dict(cx, args.this_obj())? else { return Ok(Value::NONE) };
    if let Some(&mapping) = given.first() {
        dict::update(cx, own, mapping)?;
    }
    if let Some(kwargs) = args.get(2).obj() {
        dict::merge(cx, own, kwargs)?;
    }
    Ok(Value::NONE)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let name = match cx.short_type_name(args.this()) {
        "SimpleNamespace" => "namespace",
        name => name,
    };
    if cx.repr_stack.contains(&o) {
        return cx.new_str(&format!("{name}(...)"));
    }
    cx.repr_stack.push(o);
    let result = parts(cx, args.this());
    cx.repr_stack.pop();
    let text = format!("{name}({})", result?.join(", "));
    cx.new_str(&text)
}

fn parts(cx: &mut Cx, v: Value) -> Completion<Vec<String>> {
    let mut parts = Vec::new();
    if let Some(o) = v.obj()
        && let Some(own) = attr::materialize_dict(cx, o)?
    {
        let items = dict::items(cx, own)?;
        for pair in items.as_slice().chunks_exact(2) {
            if let Some(key) = string::text(pair[0]) {
                let value = protocol::convert::repr_text(cx, pair[1])?;
                parts.push(format!("{key}={value}"));
            }
        }
    }
    Ok(parts)
}

fn equal(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = cx.type_for(&NAMESPACE)?;
    let (a, b) = (args.this(), args.get(1));
    if !taipan_objects::class::is_subclass(cx.class_of(b), class) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let mut dicts = [Value::NONE; 2];
    for (slot, v) in dicts.iter_mut().zip([a, b]) {
        if let Some(o) = v.obj() {
            *slot = attr::materialize_dict(cx, o)?.map_or(Value::NONE, Value::from);
        }
    }
    Ok(Value::bool(protocol::equal(cx, dicts[0], dicts[1])?))
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let own = attr::materialize_dict(cx, args.this_obj())?.map_or(Value::NONE, Value::from);
    let empty = cx.world.empty_tuple();
    cx.new_tuple(&[cx.class_of(args.this()).into(), empty, own])
}

fn replace(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let copy = protocol::call(cx, cx.class_of(args.this()).into(), &[])?;
    let own = attr::materialize_dict(cx, args.this_obj())?;
    if let (Some(from), Some(o)) = (own, copy.obj())
        && let Some(to) = attr::materialize_dict(cx, o)?
    {
        dict::merge(cx, to, from)?;
        if let Some(changes) = args.get(1).obj() {
            dict::merge(cx, to, changes)?;
        }
    }
    Ok(copy)
}

/// `types.SimpleNamespace`.
pub static NAMESPACE: TypeDef = TypeDef {
    name: "SimpleNamespace",
    module: "types",
    body: Body::WithDict(Kind::Record, 3),
    subclassable: true,
    static_methods: &[row(
        "__new__",
        "(cls, /, *args, **kwargs)",
        new,
        "Create and return a new object.",
    )],
    methods: &[
        row("__init__", "(self, /, *args, **kwargs)", init, "Initialize self."),
        row("__repr__", "(self, /)", repr, "Return repr(self)."),
        row("__eq__", "(self, value, /)", equal, "Return self==value."),
        row("__reduce__", "(self, /)", reduce, "Return state information for pickling"),
        row(
            "__replace__",
            "(self, /, **changes)",
            replace,
            "Return a copy of the namespace object with new values for the specified attributes.",
        ),
    ],
    doc: "A simple attribute-based namespace.",
    ..TypeDef::BASE
};

/// A namespace with these attributes.
///
/// # Errors
/// `MemoryError`.
pub fn make(cx: &mut Cx, attributes: &[(&str, Value)]) -> Completion<Value> {
    let class = cx.type_for(&NAMESPACE)?;
    let o = cx.new_instance(class)?;
    for &(name, v) in attributes {
        let name = cx.intern(name)?;
        attr::set_own(cx, o, name, v)?;
    }
    Ok(o.into())
}
