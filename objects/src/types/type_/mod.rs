//! `type`: its methods, and what a class is asked as an object.
//!
//! `make.rs` makes classes, `layout.rs` decides what their instances hold, `call.rs` calls them, `change.rs` changes them,
//! `bases.rs` gives them other bases, `assign.rs` gives objects other classes, `getset.rs` has the computed attributes.

pub(crate) mod assign;
mod bases;
mod call;
mod change;
pub(crate) mod getset;
mod layout;
mod make;

use self::{
    call::call,
    change::{delattr, setattr},
    make::new,
};
use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    name_map,
    names::N,
    native::{Args, NativeDef},
    protocol, raise, rows,
    types::{T, descr, dict, mro, str as string, union},
    value::Value,
};

pub use self::{
    call::{call_class, has_plain_call, instantiate},
    change::{mutate, set_attribute},
    make::make,
};

#[inline]
pub(super) fn class_arg(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.kind() == Kind::Type) {
        Some(class) => Ok(class),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "expected a type object, got '{name}'")
        }
    }
}

/// `type.__getattribute__` without `__getattr__`.
///
/// # Errors
/// Whatever descriptors raise.
pub fn get(cx: &mut Cx, class: Obj, meta: Obj, name: Value) -> Completion<Option<Value>> {
    let on_meta = cx.lookup(meta, name);
    if on_meta.is_bound() && descr::precedes(cx, on_meta) {
        return descr::bind(cx, on_meta, class.into(), meta).map(Some);
    }
    let own = cx.lookup(class, name);
    if own.is_bound() {
        return descr::bind_to_class(cx, own, class).map(Some);
    }
    if on_meta.is_bound() {
        return descr::bind(cx, on_meta, class.into(), meta).map(Some);
    }
    Ok(None)
}

fn getattribute(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let name = string::interned(cx, args.get(1))?;
    match get(cx, class, class.class(), name)? {
        Some(v) => Ok(v),
        None => Err(protocol::attr::missing(cx, args.this(), name)),
    }
}

/// `module.qualname` of a class as `repr` shows it (`builtins.` left out).
///
/// # Errors
/// Whatever reading `__module__` raises.
pub fn qualified_name(cx: &mut Cx, class: Obj) -> Completion<String> {
    let name = cx.name(N::module);
    let module = cx.lookup(class, name);
    let qualname =
        string::wtf8(class.raw(class::slot::QUALNAME)).map(|t| t.to_string()).unwrap_or_default();
    match string::text(module) {
        None if !class::has_flag(class, flag::HEAP) => Ok(class::full_name(class).to_owned()),
        Some("builtins") | None => Ok(qualname),
        Some(module) => Ok(format!("{module}.{qualname}")),
    }
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let name = qualified_name(cx, class)?;
    cx.new_str(&format!("<class '{name}'>"))
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = args.rest(1).len();
    if n != 1 && n != 3 {
        return raise!(cx, TypeError, "type.__init__() takes 1 or 3 arguments");
    }
    Ok(Value::NONE)
}

fn prepare(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    Ok(dict::new(cx)?.into())
}

fn mro_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let bases: Vec<Obj> = class
        .raw(class::slot::BASES)
        .obj()
        .map_or(&[][..], Obj::items)
        .iter()
        .filter_map(|b| b.obj())
        .collect();
    let mut order = vec![Value::from(class)];
    order.extend(mro::linearize(cx, &bases)?);
    let tuple = cx.new_tuple(&order)?;
    protocol::call(cx, cx.class(T::list).into(), &[tuple])
}

fn subclasses(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let all: Vec<Value> = class::subclasses(cx, class).into_iter().map(Value::from).collect();
    let tuple = cx.new_tuple(&all)?;
    protocol::call(cx, cx.class(T::list).into(), &[tuple])
}

fn instance_check(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(protocol::class_check::default_instance_check(cx, args.get(1), args.this())?.into())
}

fn subclass_check(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(protocol::class_check::default_subclass_check(cx, args.get(1), args.this())?.into())
}

/// Adds the names of all attributes of `class` and its bases as keys of `names`.
///
/// # Errors
/// The attempt's abort.
pub fn merge_names(cx: &mut Cx, names: Obj, class: Obj) -> Completion<()> {
    for c in class::mro(class) {
        let Some(map) = c.obj().and_then(|c| c.raw(class::slot::NAMES).obj()) else { continue };
        let keys: Vec<Value> = name_map::entries(map).map(|(name, _)| name).collect();
        for key in keys {
            dict::set_item(cx, names, key, Value::NONE)?;
        }
    }
    Ok(())
}

fn dir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let names = dict::new(cx)?;
    merge_names(cx, names, class)?;
    protocol::call(cx, cx.class(T::list).into(), &[names.into()])
}

/// `type[X]`, `list[int]`: a `types.GenericAlias`.
///
/// # Errors
/// Whatever making it raises.
pub fn generic_alias(cx: &mut Cx, origin: Value, item: Value) -> Completion<Value> {
    super::generic_alias::new(cx, origin, item)
}

pub(crate) const STATIC_METHODS: &[NativeDef] = rows! {
    "__new__" "(type, /, *args, **kwargs)" new, "Create and return a new object.";
};

pub(crate) const CLASS_METHODS: &[NativeDef] = rows! {
    "__prepare__" "(type, /, *args, **kwargs)" prepare, "Create the namespace for the class statement";
};

pub(crate) const METHODS: &[NativeDef] = rows! {
    "__init__" "(self, /, *args, **kwargs)" init, "Initialize self.";
    "__call__" "(self, /, *args, **kwargs)" call, "Call self as a function.";
    "__repr__" "(self, /)" repr, "Return repr(self).";
    "__getattribute__" "(self, name, /)" getattribute, "Return getattr(self, name).";
    "__setattr__" "(self, name, value, /)" setattr, "Implement setattr(self, name, value).";
    "__delattr__" "(self, name, /)" delattr, "Implement delattr(self, name).";
    "__instancecheck__" "(self, instance, /)" instance_check, "Check if an object is an instance.";
    "__subclasscheck__" "(self, subclass, /)" subclass_check, "Check if a class is a subclass.";
    "__subclasses__" "(self, /)" subclasses, "Return a list of immediate subclasses.";
    "__dir__" "(self, /)" dir, "Specialized __dir__ implementation for types.";
    "__or__" "(self, value, /)" union::or_method, "Return self|value.";
    "__ror__" "(self, value, /)" union::ror_method, "Return value|self.";
    "mro" "(self, /)" mro_method, "Return a type's method resolution order.";
};
