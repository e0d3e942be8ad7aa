//! `staticmethod`, `classmethod` and `property` as Python sees them; `descr.rs` binds them.

use super::descr::{bind_class_method, get_property, set_property, wrapped_slot};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::N,
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    types::{Body, T, TypeDef},
    value::Value,
};

fn wrap_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj().filter(|o| o.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "__new__(X): X is not a type object");
    };
    Ok(cx.new_instance(class)?.into())
}

fn wrap_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, f) = (args.this_obj(), args.get(1));
    cx.set(o, wrapped_slot::FUNC, f)?;
    copy_metadata(cx, o, f)?;
    Ok(Value::NONE)
}

/// `functools.wraps` in small: what `staticmethod` and `classmethod` copy from the function.
fn copy_metadata(cx: &mut Cx, o: Obj, f: Value) -> Completion<()> {
    for n in [N::module, N::name, N::qualname, N::doc] {
        let name = cx.name(n);
        if let Some(v) = protocol::get_attr_opt(cx, f, name)? {
            protocol::attr::set_own(cx, o, name, v)?;
        }
    }
    Ok(())
}

fn wrapped_func(cx: &mut Cx, this: Value) -> Completion<Value> {
    match this.obj() {
        Some(o) => Ok(cx.read(o, wrapped_slot::FUNC)?.bound().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

fn is_abstract(cx: &mut Cx, this: Value) -> Completion<Value> {
    let f = wrapped_func(cx, this)?;
    let name = cx.name(N::isabstractmethod);
    match protocol::get_attr_opt(cx, f, name)? {
        Some(v) => Ok(protocol::truth(cx, v)?.into()),
        None => Ok(Value::FALSE),
    }
}

fn static_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    wrapped_func(cx, args.this())
}

fn static_call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = wrapped_func(cx, args.this())?;
    protocol::call::call_star(cx, f, args.rest(1), args.get(2))
}

fn class_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = wrapped_func(cx, args.this())?;
    let class = match args.not_none(2).and_then(Value::obj) {
        Some(class) => class,
        None => cx.class_of(args.get(1)),
    };
    bind_class_method(cx, f, class)
}

fn wrapper_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = wrapped_func(cx, args.this())?;
    let (name, inner) = (cx.type_name(args.this()), protocol::convert::repr_text(cx, f)?);
    cx.new_str(&format!("<{name}({inner})>"))
}

const WRAP_NEW: NativeDef = NativeDef {
    name: "__new__",
    sig: "(type, /, *args, **kwargs)",
    effect: Effect::Transactional,
    run: wrap_new,
    doc: "Create and return a new object.  See help(type) for accurate signature.",
};

/// An attribute of the wrapped function, kept among the wrapper's own once it was asked for.
fn wrapped_attribute(cx: &mut Cx, this: Value, which: N) -> Completion<Value> {
    let name = cx.name(which);
    let own = protocol::attr::own_attribute(cx, this, name)?;
    if own.is_bound() {
        return Ok(own);
    }
    let f = wrapped_func(cx, this)?;
    let v = protocol::get_attr(cx, f, name)?;
    if let Some(o) = this.obj() {
        protocol::attr::set_own(cx, o, name, v)?;
    }
    Ok(v)
}

fn set_wrapped_attribute(cx: &mut Cx, this: Value, which: N, v: Value) -> Completion<()> {
    let name = cx.name(which);
    match this.obj() {
        Some(o) => protocol::attr::set_own(cx, o, name, v),
        None => Ok(()),
    }
}

const FUNC_GETSET: [GetSetDef; 5] = [
    GetSetDef { name: "__wrapped__", get: wrapped_func, set: None, doc: "" },
    GetSetDef {
        name: "__annotations__",
        get: |cx, v| wrapped_attribute(cx, v, N::annotations),
        set: Some(|cx, v, new| set_wrapped_attribute(cx, v, N::annotations, new)),
        doc: "",
    },
    GetSetDef {
        name: "__annotate__",
        get: |cx, v| wrapped_attribute(cx, v, N::annotate),
        set: Some(|cx, v, new| set_wrapped_attribute(cx, v, N::annotate, new)),
        doc: "",
    },
    GetSetDef { name: "__func__", get: wrapped_func, set: None, doc: "" },
    GetSetDef { name: "__isabstractmethod__", get: is_abstract, set: None, doc: "" },
];

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `staticmethod`.
pub static STATICMETHOD: TypeDef = TypeDef {
    id: Some(T::staticmethod),
    name: "staticmethod",
    body: Body::WithDict(Kind::Record, wrapped_slot::WORDS),
    subclassable: true,
    static_methods: &[WRAP_NEW],
    methods: &[
        row!("__init__", "(self, function, /)", wrap_init, "Initialize self."),
        row!(
            "__get__",
            "(self, instance, owner=None, /)",
            static_get,
            "Return an attribute of instance, which is of type owner."
        ),
        row!("__call__", "(self, /, *args, **kwargs)", static_call, "Call self as a function."),
        row!("__repr__", "(self, /)", wrapper_repr, "Return repr(self)."),
    ],
    getset: &FUNC_GETSET,
    doc: "staticmethod(function) -> method\n\nConvert a function to be a static method.",
    ..TypeDef::BASE
};

/// `classmethod`.
pub static CLASSMETHOD: TypeDef = TypeDef {
    id: Some(T::classmethod),
    name: "classmethod",
    body: Body::WithDict(Kind::Record, wrapped_slot::WORDS),
    subclassable: true,
    static_methods: &[WRAP_NEW],
    methods: &[
        row!("__init__", "(self, function, /)", wrap_init, "Initialize self."),
        row!(
            "__get__",
            "(self, instance, owner=None, /)",
            class_get,
            "Return an attribute of instance, which is of type owner."
        ),
        row!("__repr__", "(self, /)", wrapper_repr, "Return repr(self)."),
    ],
    getset: &FUNC_GETSET,
    doc: "classmethod(function) -> method\n\nConvert a function to be a class method.",
    ..TypeDef::BASE
};

fn property_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.claim(o)?;
    for (i, word) in
        [wrapped_slot::FUNC, wrapped_slot::SET, wrapped_slot::DEL].into_iter().enumerate()
    {
        cx.write(o, word, args.get(i + 1));
    }
    let name = cx.name(N::doc);
    let mut doc = args.not_none(4);
    let mut of_getter = false;
    if let (None, Some(getter)) = (doc, args.not_none(1)) {
        doc = protocol::get_attr_opt(cx, getter, name)?.filter(|doc| !doc.is_none());
        of_getter = doc.is_some();
    }
    cx.claim(o)?;
    cx.write(o, wrapped_slot::NAME, Value::UNBOUND);
    cx.write(o, wrapped_slot::DOC_OF_GETTER, of_getter.into());
    if o.class() == cx.class(T::property) {
        cx.write(o, wrapped_slot::DOC, doc.unwrap_or_default());
        return Ok(Value::NONE);
    }
    // The text of a subclass hides the one here, so it goes among the instance's own attributes.
    match protocol::set_attr(cx, o.into(), name, doc.unwrap_or(Value::NONE)) {
        Err(escape)
            if !of_getter
                && escape.exception().is_some_and(|e| cx.is_a(e.into(), T::AttributeError)) =>
        {
            Ok(Value::NONE)
        }
        done => done.map(|_| Value::NONE),
    }
}

fn property_with(cx: &mut Cx, args: Args<'_>, word: usize) -> Completion<Value> {
    let o = args.this_obj();
    let mut parts = [Value::NONE; 4];
    for (i, part) in parts.iter_mut().enumerate() {
        *part = cx.read(o, wrapped_slot::FUNC + i)?.bound().unwrap_or(Value::NONE);
    }
    if !args.get(1).is_none() {
        parts[word - wrapped_slot::FUNC] = args.get(1);
    }
    if cx.read(o, wrapped_slot::DOC_OF_GETTER)? == Value::TRUE && !parts[0].is_none() {
        // The text of the getter that is there now.
        parts[3] = Value::NONE;
    }
    let made = protocol::call(cx, o.class().into(), &parts)?;
    if let Some(new) = made.obj().filter(|_| cx.is_a(made, T::property)) {
        let name = cx.read(o, wrapped_slot::NAME)?;
        cx.set(new, wrapped_slot::NAME, name)?;
    }
    Ok(made)
}

fn property_getter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    property_with(cx, args, wrapped_slot::FUNC)
}

fn property_setter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    property_with(cx, args, wrapped_slot::SET)
}

fn property_deleter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    property_with(cx, args, wrapped_slot::DEL)
}

fn property_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.get(1).is_none() {
        return Ok(args.this());
    }
    get_property(cx, args.this_obj(), args.get(1))
}

fn property_set(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    set_property(cx, args.this_obj(), args.get(1), args.get(2))?;
    Ok(Value::NONE)
}

fn property_delete(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    set_property(cx, args.this_obj(), args.get(1), Value::UNBOUND)?;
    Ok(Value::NONE)
}

fn property_set_name(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    cx.set(args.this_obj(), wrapped_slot::NAME, args.get(2))?;
    Ok(Value::NONE)
}

fn read_part(cx: &mut Cx, this: Value, word: usize) -> Completion<Value> {
    match this.obj() {
        Some(o) => Ok(cx.read(o, word)?.bound().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

const PROPERTY_GETSET: [GetSetDef; 6] = [
    GetSetDef { name: "fget", get: wrapped_func, set: None, doc: "" },
    GetSetDef {
        name: "fset",
        get: |cx, v| read_part(cx, v, wrapped_slot::SET),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "fdel",
        get: |cx, v| read_part(cx, v, wrapped_slot::DEL),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "__doc__",
        get: |cx, v| read_part(cx, v, wrapped_slot::DOC),
        set: Some(|cx, v, doc| match v.obj() {
            Some(o) => cx.set(o, wrapped_slot::DOC, doc),
            None => Ok(()),
        }),
        doc: "",
    },
    GetSetDef {
        name: "__name__",
        get: property_name,
        set: Some(|cx, v, name| match v.obj() {
            Some(o) => cx.set(o, wrapped_slot::NAME, name),
            None => Ok(()),
        }),
        doc: "",
    },
    GetSetDef { name: "__isabstractmethod__", get: property_is_abstract, set: None, doc: "" },
];

/// Its own name, else the getter's.
fn property_name(cx: &mut Cx, this: Value) -> Completion<Value> {
    if let Some(o) = this.obj()
        && let Some(own) = cx.read(o, wrapped_slot::NAME)?.bound()
    {
        return Ok(own);
    }
    let getter = read_part(cx, this, wrapped_slot::FUNC)?;
    let name = cx.name(N::name);
    match protocol::get_attr_opt(cx, getter, name)? {
        Some(v) if !getter.is_none() => Ok(v),
        _ => Err(protocol::attr::missing(cx, this, name)),
    }
}

fn property_is_abstract(cx: &mut Cx, this: Value) -> Completion<Value> {
    for word in [wrapped_slot::FUNC, wrapped_slot::SET, wrapped_slot::DEL] {
        let f = read_part(cx, this, word)?;
        let name = cx.name(N::isabstractmethod);
        if let Some(v) = protocol::get_attr_opt(cx, f, name)?
            && protocol::truth(cx, v)?
        {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

/// `property`.
pub static PROPERTY: TypeDef = TypeDef {
    id: Some(T::property),
    name: "property",
    body: Body::Words(Kind::Record, wrapped_slot::WORDS),
    subclassable: true,
    static_methods: &[WRAP_NEW],
    methods: &[
        row!(
            "__init__",
            "(self, fget=None, fset=None, fdel=None, doc=None)",
            property_init,
            "Initialize self."
        ),
        row!(
            "__get__",
            "(self, instance, owner=None, /)",
            property_get,
            "Return an attribute of instance, which is of type owner."
        ),
        row!(
            "__set__",
            "(self, instance, value, /)",
            property_set,
            "Set an attribute of instance to value."
        ),
        row!(
            "__delete__",
            "(self, instance, /)",
            property_delete,
            "Delete an attribute of instance."
        ),
        row!(
            "__set_name__",
            "(self, owner, name, /)",
            property_set_name,
            "Method to set name of a property."
        ),
        row!(
            "getter",
            "(self, fget, /)",
            property_getter,
            "Descriptor to obtain a copy of the property with a different getter."
        ),
        row!(
            "setter",
            "(self, fset, /)",
            property_setter,
            "Descriptor to obtain a copy of the property with a different setter."
        ),
        row!(
            "deleter",
            "(self, fdel, /)",
            property_deleter,
            "Descriptor to obtain a copy of the property with a different deleter."
        ),
    ],
    getset: &PROPERTY_GETSET,
    doc: "Property attribute.",
    ..TypeDef::BASE
};
