//! The computed attributes of classes: names, bases, documentation, annotations.
//!
//! What a class keeps among its own names but must not inherit (`__doc__`, `__annotations__`) is read from there.

use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::Obj,
    names::N,
    native::GetSetDef,
    protocol, raise,
    types::{
        T, descr, dict, str as string,
        type_::{class_arg, mutate},
    },
    value::Value,
};

pub(crate) const GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "__name__",
        get: |cx, v| get_slot(cx, v, class::slot::NAME),
        set: Some(set_name),
        doc: "",
    },
    GetSetDef {
        name: "__qualname__",
        get: |cx, v| get_slot(cx, v, class::slot::QUALNAME),
        set: Some(set_qualname),
        doc: "",
    },
    GetSetDef {
        name: "__mro__",
        get: |cx, v| get_slot(cx, v, class::slot::MRO),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "__bases__",
        get: |cx, v| get_slot(cx, v, class::slot::BASES),
        set: Some(super::bases::set),
        doc: "",
    },
    GetSetDef {
        name: "__base__",
        get: |cx, v| get_slot(cx, v, class::slot::BASE),
        set: None,
        doc: "",
    },
    GetSetDef { name: "__basicsize__", get: get_basicsize, set: None, doc: "" },
    GetSetDef { name: "__itemsize__", get: get_itemsize, set: None, doc: "" },
    GetSetDef {
        name: "__dictoffset__",
        get: |cx, v| offset(cx, v, |class| class::root_shape(class).overflow().is_some()),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "__weakrefoffset__",
        get: |cx, v| offset(cx, v, |class| class::has_flag(class, flag::WEAKREFS)),
        set: None,
        doc: "",
    },
    GetSetDef { name: "__text_signature__", get: get_text_signature, set: None, doc: "" },
    GetSetDef { name: "__flags__", get: get_flags, set: None, doc: "" },
    GetSetDef { name: "__dict__", get: get_dict, set: None, doc: "" },
    GetSetDef {
        name: "__doc__",
        get: get_doc,
        set: Some(|cx, v, x| replace_own(cx, v, N::doc, x)),
        doc: "",
    },
    GetSetDef { name: "__module__", get: get_module, set: Some(set_module), doc: "" },
    GetSetDef { name: "__abstractmethods__", get: get_abstract, set: Some(set_abstract), doc: "" },
    GetSetDef {
        name: "__annotations__",
        get: get_annotations,
        set: Some(set_annotations),
        doc: "",
    },
    GetSetDef { name: "__annotate__", get: get_annotate, set: Some(set_annotate), doc: "" },
    GetSetDef {
        name: "__type_params__",
        get: get_type_params,
        set: Some(|cx, v, x| replace_own(cx, v, N::type_params, x)),
        doc: "",
    },
];

fn get_slot(cx: &mut Cx, this: Value, slot: usize) -> Completion<Value> {
    let class = class_arg(cx, this)?;
    Ok(class.raw(slot).bound().unwrap_or(Value::NONE))
}

fn set_name(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    set_text(cx, this, v, class::slot::NAME, "__name__")
}

fn set_qualname(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    set_text(cx, this, v, class::slot::QUALNAME, "__qualname__")
}

fn set_text(cx: &mut Cx, this: Value, v: Value, slot: usize, what: &str) -> Completion<()> {
    let class = class_arg(cx, this)?;
    let owner = class::name(class);
    if !class::has_flag(class, flag::HEAP) {
        return raise!(cx, TypeError, "cannot set '{what}' attribute of immutable type '{owner}'");
    }
    if v.is_unbound() {
        return undeletable(cx, class, what);
    }
    let Some(text) = string::exact(v) else {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "can only assign string to {owner}.{what}, not '{got}'");
    };
    mutate(cx, class, |_| {
        class.init(slot, text.into());
        Ok(())
    })
}

/// The error of deleting what a class always has, in the words that CPython uses for all classes.
fn undeletable<R>(cx: &mut Cx, class: Obj, what: &str) -> Completion<R> {
    let owner = class::name(class);
    raise!(cx, TypeError, "cannot delete '{what}' attribute of immutable type '{owner}'")
}

/// Reads an attribute that lives among the class's own names but must not be inherited.
fn own_or(cx: &mut Cx, this: Value, n: N, default: Value) -> Completion<Value> {
    let class = class_arg(cx, this)?;
    let own = class::own(class, cx.name(n)).bound();
    // What `type` has is for its instances.
    let is_own = |v: &Value| {
        class != cx.class(T::type_) || v.obj().is_none_or(|o| !descr::is_computed(cx, o))
    };
    Ok(own.filter(is_own).unwrap_or(default))
}

fn set_own(cx: &mut Cx, this: Value, n: N, v: Value) -> Completion<()> {
    let class = class_arg(cx, this)?;
    let name = cx.name(n);
    if !class::has_flag(class, flag::HEAP) {
        let (text, owner) = (string::text(name).unwrap_or("?"), class::name(class));
        return raise!(cx, TypeError, "cannot set '{text}' attribute of immutable type '{owner}'");
    }
    mutate(cx, class, |cx| class::define(cx, class, name, v))
}

/// As [`set_own`] for what a class always has.
fn replace_own(cx: &mut Cx, this: Value, n: N, v: Value) -> Completion<()> {
    let class = class_arg(cx, this)?;
    if v.is_unbound() && class::has_flag(class, flag::HEAP) {
        let name = cx.name(n);
        return undeletable(cx, class, string::text(name).unwrap_or("?"));
    }
    set_own(cx, this, n, v)
}

fn set_module(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    replace_own(cx, this, N::module, v)?;
    // The class is not where it was.
    let class = class_arg(cx, this)?;
    let line = cx.intern("__firstlineno__")?;
    if class::own(class, line).is_bound() {
        mutate(cx, class, |cx| class::define(cx, class, line, Value::UNBOUND))?;
    }
    Ok(())
}

fn get_abstract(cx: &mut Cx, this: Value) -> Completion<Value> {
    match own_or(cx, this, N::abstractmethods, Value::UNBOUND)?.bound() {
        Some(v) => Ok(v),
        None => raise!(cx, AttributeError, "__abstractmethods__"),
    }
}

fn set_abstract(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    let class = class_arg(cx, this)?;
    let name = cx.name(N::abstractmethods);
    if v.is_unbound() && class::own(class, name).is_unbound() {
        return raise!(cx, AttributeError, "__abstractmethods__");
    }
    let on = v.is_bound() && protocol::truth(cx, v)?;
    mutate(cx, class, |cx| {
        let bits = class::flags(class) & !flag::ABSTRACT | if on { flag::ABSTRACT } else { 0 };
        class.init(class::slot::FLAGS, Value::small(bits));
        class::define(cx, class, name, v)
    })
}

fn get_dict(cx: &mut Cx, this: Value) -> Completion<Value> {
    let class = class_arg(cx, this)?;
    crate::types::mappingproxy::of_class(cx, class)
}

fn get_doc(cx: &mut Cx, this: Value) -> Completion<Value> {
    let doc = own_or(cx, this, N::doc, Value::NONE)?;
    match doc.obj() {
        Some(_) => {
            let class = class_arg(cx, this)?;
            descr::bind_to_class(cx, doc, class)
        }
        None => Ok(doc),
    }
}

fn get_module(cx: &mut Cx, this: Value) -> Completion<Value> {
    let own = own_or(cx, this, N::module, Value::UNBOUND)?;
    // A descriptor is for the instances (of `function`).
    match own.bound().filter(|v| v.obj().is_none_or(|o| !descr::is_computed(cx, o))) {
        Some(v) => Ok(v),
        None => {
            let class = class_arg(cx, this)?;
            match class::full_name(class).rsplit_once('.') {
                Some((module, _)) => cx.intern(module),
                None => Ok(cx.name(N::mod_builtins)),
            }
        }
    }
}

/// Only `object` tells how it is called; other builtin classes tell it in their constructors.
fn get_text_signature(cx: &mut Cx, this: Value) -> Completion<Value> {
    let class = class_arg(cx, this)?;
    if class == cx.class(T::object) { cx.new_str("()") } else { Ok(Value::NONE) }
}

fn get_flags(cx: &mut Cx, this: Value) -> Completion<Value> {
    let class = class_arg(cx, this)?;
    let has = |bit| class::has_flag(class, bit);
    // Those of modules are made when the module is: CPython's word for it is "heap type".
    let of_module = class::full_name(class).contains('.');
    // Py_TPFLAGS_IMMUTABLETYPE, HEAPTYPE, BASETYPE, IS_ABSTRACT, SEQUENCE, MAPPING: what the library looks at.
    let bits = [
        (!has(flag::HEAP), 8),
        (has(flag::HEAP) || of_module, 9),
        (has(flag::BASETYPE), 10),
        (has(flag::ABSTRACT), 20),
        (has(flag::SEQUENCE), 5),
        (has(flag::MAPPING), 6),
    ];
    Ok(Value::small(bits.iter().filter(|(on, _)| *on).map(|(_, shift)| 1_i64 << shift).sum()))
}

/// Bytes of an instance; of each item of those that have items.
fn get_basicsize(cx: &mut Cx, this: Value) -> Completion<Value> {
    let class = class_arg(cx, this)?;
    let layout = class::root_shape(class).layout();
    Ok(Value::small(8 * i64::from(layout.first.max(2))))
}

fn get_itemsize(cx: &mut Cx, this: Value) -> Completion<Value> {
    let class = class_arg(cx, this)?;
    let sizes = [(T::int, 4), (T::bytes, 1), (T::tuple, 8), (T::type_, 40)];
    let size = sizes.iter().find(|(t, _)| class::is_subclass(class, cx.class(*t)));
    Ok(Value::small(size.map_or(0, |(_, size)| *size)))
}

/// Where instances keep their `__dict__` or their weak references; 0 if they have none.
fn offset(cx: &mut Cx, this: Value, has: impl FnOnce(Obj) -> bool) -> Completion<Value> {
    let class = class_arg(cx, this)?;
    Ok(Value::small(if has(class) { -1 } else { 0 }))
}

/// `__annotations__`: given, remembered, or computed by `__annotate__` once it is asked for.
fn get_annotations(cx: &mut Cx, this: Value) -> Completion<Value> {
    let class = class_arg(cx, this)?;
    if !class::has_flag(class, flag::HEAP) {
        let name = cx.name(N::annotations);
        return Err(protocol::attr::missing(cx, this, name));
    }
    for n in [N::annotations, N::annotations_cache] {
        if let Some(found) = own_or(cx, this, n, Value::UNBOUND)?.bound() {
            return descr::bind_to_class(cx, found, class);
        }
    }
    let annotate = get_annotate(cx, this)?;
    let made = if annotate.is_none() {
        dict::new(cx)?.into()
    } else {
        let made = protocol::call(cx, annotate, &[Value::small(1)])?;
        if !cx.is_a(made, T::dict) {
            let got = cx.type_name(made);
            return raise!(cx, TypeError, "__annotate__() must return a dict, not {got}");
        }
        made
    };
    let name = cx.name(N::annotations_cache);
    mutate(cx, class, |cx| class::define(cx, class, name, made))?;
    Ok(made)
}

fn set_annotations(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    let class = class_arg(cx, this)?;
    let cache = cx.name(N::annotations_cache);
    let given = class::own(class, cx.name(N::annotations)).is_bound();
    let target = if given || v.is_bound() { N::annotations } else { N::annotations_cache };
    if v.is_unbound() && !given && class::own(class, cache).is_unbound() {
        let name = cx.name(N::annotations);
        return Err(protocol::attr::missing(cx, this, name));
    }
    set_own(cx, this, target, v)?;
    if class::own(class, cache).is_bound() {
        set_own(cx, this, N::annotations_cache, Value::UNBOUND)?;
    }
    set_own(cx, this, N::annotate_func, Value::NONE)
}

fn get_annotate(cx: &mut Cx, this: Value) -> Completion<Value> {
    for n in [N::annotate_func, N::annotate] {
        if let Some(found) = own_or(cx, this, n, Value::UNBOUND)?.bound() {
            let class = class_arg(cx, this)?;
            return descr::bind_to_class(cx, found, class);
        }
    }
    Ok(Value::NONE)
}

fn set_annotate(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    if v.is_unbound() {
        return raise!(cx, TypeError, "cannot delete __annotate__ attribute");
    }
    if !v.is_none() && !class::special(cx.class_of(v), crate::names::Special::Call).is_bound() {
        return raise!(cx, TypeError, "__annotate__ must be callable or None");
    }
    set_own(cx, this, N::annotate_func, v)?;
    if !v.is_none() {
        for n in [N::annotations, N::annotations_cache] {
            if own_or(cx, this, n, Value::UNBOUND)?.is_bound() {
                set_own(cx, this, n, Value::UNBOUND)?;
            }
        }
    }
    Ok(())
}

fn get_type_params(cx: &mut Cx, this: Value) -> Completion<Value> {
    let none = cx.world.empty_tuple();
    own_or(cx, this, N::type_params, none)
}
