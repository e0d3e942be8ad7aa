//! Modules: an object whose `__dict__` is a real dict from the start, which is its code's globals.
//!
//! Conflicts: those of its dict.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::N,
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol::{self, attr},
    raise,
    types::{Body, T, TypeDef, dict, str as string},
    value::Value,
};

/// A module with `__name__`, `__doc__`, `__package__`, `__loader__` and `__spec__` set, the latter to `None`.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, name: Value, doc: Value) -> Completion<Obj> {
    let o = cx.new_object(T::module)?;
    initialize(cx, o, name, doc)?;
    Ok(o)
}

fn initialize(cx: &mut Cx, o: Obj, name: Value, doc: Value) -> Completion<()> {
    let d = match dict_of(cx, o)? {
        Some(d) => d,
        None => {
            let d = dict::new(cx)?;
            attr::replace_dict(cx, o, d)?;
            d
        }
    };
    let fields = [
        (N::name, name),
        (N::doc, doc),
        (N::package, Value::NONE),
        (N::loader, Value::NONE),
        (N::spec, Value::NONE),
    ];
    for (n, v) in fields {
        let n = cx.name(n);
        dict::set_item(cx, d, n, v)?;
    }
    Ok(())
}

/// The dict of a module.
///
/// # Errors
/// The attempt's abort.
pub fn dict_of(cx: &mut Cx, o: Obj) -> Completion<Option<Obj>> {
    attr::materialize_dict(cx, o)
}

fn this(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.kind() == Kind::Module) {
        Some(o) => Ok(o),
        None => raise!(cx, TypeError, "module expected"),
    }
}

fn module_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj() else {
        return raise!(cx, TypeError, "module.__new__(): not a type");
    };
    let o = cx.new_instance(class)?;
    let d = dict::new(cx)?;
    attr::replace_dict(cx, o, d)?;
    Ok(o.into())
}

fn module_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    if string::wtf8(args.get(1)).is_none() {
        let got = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "module() argument 'name' must be str, not {got}");
    }
    initialize(cx, o, args.get(1), args.get(2))?;
    Ok(Value::NONE)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    let Some(d) = dict_of(cx, o)? else { return cx.new_str("<module>") };
    let importlib = crate::import::bootstrap(cx)?;
    let name = cx.intern("_module_repr")?;
    if let Some(f) = protocol::get_attr_opt(cx, importlib, name)? {
        return protocol::call(cx, f, &[args.this()]);
    }
    let get = |cx: &mut Cx, n: N| -> Completion<Value> {
        let n = cx.name(n);
        dict::get_item_name(cx, d, n)
    };
    let name = get(cx, N::name)?;
    let name =
        if name.is_bound() { protocol::convert::repr_text(cx, name)? } else { "'?'".to_owned() };
    let file = get(cx, N::file)?;
    let text = if file.is_bound() && !file.is_none() {
        let file = protocol::convert::repr_text(cx, file)?;
        format!("<module {name} from {file}>")
    } else {
        format!("<module {name} (built-in)>")
    };
    cx.new_str(&text)
}

/// What is asked when the module has no such attribute: its own `__getattr__`.
fn getattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    let name = args.get(1);
    let Some(d) = dict_of(cx, o)? else { return Err(attr::missing(cx, args.this(), name)) };
    if let Some(v) = crate::import::late_attribute(cx, o, name)? {
        return Ok(v);
    }
    let hook = cx.special_name(taipan_objects::names::Special::GetAttr);
    let hook = dict::get_item_name(cx, d, hook)?;
    if hook.is_bound() {
        return protocol::call(cx, hook, &[name]);
    }
    Err(missing(cx, o, d, name)?)
}

fn missing(cx: &mut Cx, o: Obj, d: Obj, name: Value) -> Completion<taipan_objects::exc::Escape> {
    let text = string::text(name).unwrap_or("?").to_owned();
    let n = cx.name(N::name);
    let module = dict::get_item_name(cx, d, n)?;
    let module = string::text(module).unwrap_or("?").to_owned();
    let n = cx.name(N::spec);
    let spec = dict::get_item_name(cx, d, n)?;
    let mut message = format!("module '{module}' has no attribute '{text}'");
    if spec.is_bound() && !spec.is_none() {
        let initializing = cx.intern("_initializing")?;
        if let Some(v) = protocol::get_attr_opt(cx, spec, initializing)?
            && protocol::truth(cx, v)?
        {
            message = format!(
                "partially initialized module '{module}' has no attribute '{text}' (most likely due to a circular import)"
            );
        }
    }
    Ok(taipan_objects::types::exception::attribute_error(cx, &message, o.into(), name))
}

fn dir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    let Some(d) = dict_of(cx, o)? else { return super::exec::containers::new_list(cx, &[]) };
    let hook = cx.special_name(taipan_objects::names::Special::Dir);
    let hook = dict::get_item_name(cx, d, hook)?;
    if hook.is_bound() {
        return protocol::call(cx, hook, &[]);
    }
    let items = dict::items(cx, d)?;
    let keys: Vec<Value> = items.as_slice().iter().copied().step_by(2).collect();
    super::exec::containers::new_list(cx, &keys)
}

fn get_dict(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    Ok(dict_of(cx, o)?.map_or(Value::NONE, Value::from))
}

fn get_annotations(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    let Some(d) = dict_of(cx, o)? else { return Ok(Value::NONE) };
    let name = cx.name(N::annotations);
    let found = dict::get_item_name(cx, d, name)?;
    if found.is_bound() {
        return Ok(found);
    }
    let annotate = cx.name(N::annotate);
    let annotate = dict::get_item_name(cx, d, annotate)?;
    let made = if annotate.is_bound() && !annotate.is_none() {
        protocol::call(cx, annotate, &[Value::small(1)])?
    } else {
        dict::new(cx)?.into()
    };
    dict::set_item(cx, d, name, made)?;
    Ok(made)
}

fn set_annotations(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let o = this(cx, v)?;
    let Some(d) = dict_of(cx, o)? else { return Ok(()) };
    let name = cx.name(N::annotations);
    if new.is_bound() {
        return dict::set_item(cx, d, name, new);
    }
    dict::del_item(cx, d, name)?;
    Ok(())
}

fn get_annotate(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    let Some(d) = dict_of(cx, o)? else { return Ok(Value::NONE) };
    let name = cx.name(N::annotate);
    Ok(dict::get_item_name(cx, d, name)?.bound().unwrap_or(Value::NONE))
}

fn set_annotate(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let o = this(cx, v)?;
    let Some(d) = dict_of(cx, o)? else { return Ok(()) };
    let name = cx.name(N::annotate);
    dict::set_item(cx, d, name, new)
}

const fn row(
    name: &'static str,
    sig: &'static str,
    run: taipan_objects::native::NativeFn,
    doc: &'static str,
) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

/// `module`.
pub static MODULE: TypeDef = TypeDef {
    id: Some(T::module),
    name: "module",
    body: Body::WithDict(Kind::Module, 3),
    subclassable: true,
    static_methods: &[row(
        "__new__",
        "(cls, /, *args, **kwargs)",
        module_new,
        "Create a module object.",
    )],
    methods: &[
        row("__init__", "(self, name, doc=None)", module_init, "Create a module object."),
        row("__repr__", "(self, /)", repr, "Return repr(self)."),
        row("__getattr__", "(self, name, /)", getattr, ""),
        row("__dir__", "(self, /)", dir, "__dir__() -> list\nspecialized dir() implementation"),
    ],
    getset: &[
        GetSetDef { name: "__dict__", get: get_dict, set: None, doc: "" },
        GetSetDef {
            name: "__annotations__",
            get: get_annotations,
            set: Some(set_annotations),
            doc: "",
        },
        GetSetDef { name: "__annotate__", get: get_annotate, set: Some(set_annotate), doc: "" },
    ],
    doc: "Create a module object.",
    ..TypeDef::BASE
};
