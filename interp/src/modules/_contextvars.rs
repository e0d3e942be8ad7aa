//! `_contextvars`: context variables, contexts, tokens.
//!
//! A context holds a dict from variables to values; each thread has a current one in `Cx::thread_slots`.
//!
//! Conflicts: contexts are private to the thread that runs in them, so `get` and `set` conflict with nothing unless a program
//! inspects another thread's context.

use taipan_objects::{
    Body, Completion, Cx, GetSetDef, Kind, Obj, TypeDef, Value, class,
    native::Args,
    protocol, raise, rows,
    types::{
        dict, str as string,
        support::{self, Text},
    },
};

use super::ModuleDef;

/// Which of the thread's slots holds the current context.
const THREAD_SLOT: usize = 8;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_contextvars",
    doc: "Context Variables",
    functions: rows! {
        "copy_context" "()" copy_context, "Return a shallow copy of the current context.";
    },
    types: &[&CONTEXT, &CONTEXT_VAR, &TOKEN],
    exec: |cx, _| {
        let v = missing(cx)?;
        let (class, name) = (cx.type_for(&TOKEN)?, cx.intern("MISSING")?);
        class::define(cx, class, name, v)
    },
};

mod context {
    pub(super) const VARS: usize = 2;
    pub(super) const PREVIOUS: usize = 3;
    pub(super) const ENTERED: usize = 4;
}

mod var {
    pub(super) const NAME: usize = 1;
    pub(super) const DEFAULT: usize = 2;
}

mod token {
    pub(super) const CONTEXT: usize = 2;
    pub(super) const VAR: usize = 3;
    pub(super) const OLD: usize = 4;
    pub(super) const USED: usize = 5;
}

// ---- Context --------------------------------------------------------------------------------

static CONTEXT: TypeDef = TypeDef {
    name: "Context",
    module: "_contextvars",
    body: Body::Words(Kind::Record, 5),
    methods: rows! {
        "run" "(self, callable, /, *args, **kwargs)" run, "" => Machine;
        "copy" "(self, /)" |cx, a| copy_of(cx, a.this_obj()), "Return a shallow copy of the context object.";
        "get" "(self, key, default=None, /)" context_get,
            "Return the value for `key` if `key` has the value in the context object.\n\nIf `key` does not exist, return `default`. If `default` is not given,\nreturn None.";
        "keys" "(self, /)" |cx, a| view(cx, a, "keys"), "Return a list of all variables in the context object.";
        "values" "(self, /)" |cx, a| view(cx, a, "values"), "Return a list of all variables' values in the context object.";
        "items" "(self, /)" |cx, a| view(cx, a, "items"),
            "Return all variables and their values in the context object.\n\nThe result is returned as a list of 2-tuples (variable, value).";
        "__getitem__" "(self, key, /)" context_item, "Return self[key].";
        "__contains__" "(self, key, /)" context_contains, "Return bool(key in self).";
        "__iter__" "(self, /)" |cx, a| { let d = vars(cx, a.this_obj())?; protocol::iter(cx, d.into()) }, "Implement iter(self).";
        "__len__" "(self, /)" |cx, a| { let d = vars(cx, a.this_obj())?; Ok(Value::small(dict::len(cx, d)? as i64)) }, "Return len(self).";
        "__eq__" "(self, value, /)" |cx, a| Ok(same(cx, a)?.map_or(Value::NOT_IMPLEMENTED, Value::bool)), "Return self==value.";
        "__ne__" "(self, value, /)" |cx, a| Ok(same(cx, a)?.map_or(Value::NOT_IMPLEMENTED, |e| Value::bool(!e))), "Return self!=value.";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" context_new, "Create and return a new object.";
    },
    flags: class::flag::WEAKREFS | class::flag::MAPPING,
    ..TypeDef::BASE
};

fn new_context(cx: &mut Cx, vars: Obj) -> Completion<Obj> {
    let class = cx.type_for(&CONTEXT)?;
    let o = cx.new_instance(class)?;
    o.init(context::VARS, vars.into());
    o.init(context::ENTERED, Value::FALSE);
    Ok(o)
}

fn context_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let given = match args.get(2).obj() {
        Some(d) => dict::len(cx, d)?,
        None => 0,
    };
    if !args.rest(1).is_empty() || given > 0 {
        return raise!(cx, TypeError, "Context() does not accept any arguments");
    }
    let d = dict::new(cx)?;
    Ok(new_context(cx, d)?.into())
}

/// The thread's current context, made on first use.
fn current(cx: &mut Cx) -> Completion<Obj> {
    if let Some(o) = cx.thread_slot(THREAD_SLOT).obj() {
        return Ok(o);
    }
    let d = dict::new(cx)?;
    let o = new_context(cx, d)?;
    cx.set_thread_slot(THREAD_SLOT, o.into());
    Ok(o)
}

fn vars(cx: &mut Cx, o: Obj) -> Completion<Obj> {
    match cx.read(o, context::VARS)?.obj() {
        Some(d) => Ok(d),
        None => raise!(cx, SystemError, "context without variables"),
    }
}

fn copy_of(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let d = vars(cx, o)?;
    let copy = dict::copy(cx, d)?;
    Ok(new_context(cx, copy)?.into())
}

fn copy_context(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    let o = current(cx)?;
    copy_of(cx, o)
}

/// `Context.run`, called by native code.
pub fn run(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let previous = enter(cx, args.this_obj())?;
    let result = protocol::call::call_star(cx, args.get(1), args.rest(2), args.get(3));
    if result.is_err_and(|escape| escape.is_abort()) {
        return result;
    }
    leave(cx, previous)?;
    result
}

/// Whether `v` is a context.
///
/// # Errors
/// `MemoryError` when the class cannot be made.
pub fn is_context(cx: &mut Cx, v: Value) -> Completion<bool> {
    Ok(cx.class_of(v) == cx.type_for(&CONTEXT)?)
}

/// Makes the context `o` the thread's current one and gives the one before.
///
/// # Errors
/// `RuntimeError` when it is entered already; the attempt's abort.
pub fn enter(cx: &mut Cx, o: Obj) -> Completion<Value> {
    cx.claim(o)?;
    if o.raw(context::ENTERED) == Value::TRUE {
        let text = protocol::convert::repr_text(cx, o.into())?;
        return raise!(cx, RuntimeError, "cannot enter context: {text} is already entered");
    }
    cx.write(o, context::ENTERED, Value::TRUE);
    let previous = cx.thread_slot(THREAD_SLOT);
    cx.write(o, context::PREVIOUS, previous);
    cx.set_thread_slot(THREAD_SLOT, o.into());
    Ok(previous)
}

/// Leaves the current context for the one before it.
///
/// # Errors
/// The attempt's abort.
pub fn leave(cx: &mut Cx, previous: Value) -> Completion<()> {
    let entered = cx.thread_slot(THREAD_SLOT);
    cx.set_thread_slot(THREAD_SLOT, previous);
    let Some(o) = entered.obj() else { return Ok(()) };
    cx.claim(o)?;
    cx.write(o, context::ENTERED, Value::FALSE);
    cx.write(o, context::PREVIOUS, Value::UNBOUND);
    Ok(())
}

fn check_key(cx: &mut Cx, key: Value) -> Completion<()> {
    let class = cx.type_for(&CONTEXT_VAR)?;
    if cx.class_of(key) == class {
        return Ok(());
    }
    let text = protocol::convert::repr_text(cx, key)?;
    raise!(cx, TypeError, "a ContextVar key was expected, got {text}")
}

fn context_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    check_key(cx, args.get(1))?;
    let d = vars(cx, args.this_obj())?;
    Ok(dict::get_item(cx, d, args.get(1))?.bound().unwrap_or(args.get(2)))
}

fn context_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    check_key(cx, args.get(1))?;
    let d = vars(cx, args.this_obj())?;
    match dict::get_item(cx, d, args.get(1))?.bound() {
        Some(v) => Ok(v),
        None => Err(dict::key_error(cx, args.get(1))),
    }
}

fn context_contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    check_key(cx, args.get(1))?;
    let d = vars(cx, args.this_obj())?;
    Ok(dict::contains(cx, d, args.get(1))?.into())
}

fn view(cx: &mut Cx, args: Args<'_>, which: &str) -> Completion<Value> {
    let d = vars(cx, args.this_obj())?;
    let name = cx.intern(which)?;
    protocol::call_method(cx, d.into(), name, &[])
}

fn same(cx: &mut Cx, args: Args<'_>) -> Completion<Option<bool>> {
    let this = args.this_obj();
    let Some(other) = args.get(1).obj().filter(|o| o.class() == this.class()) else {
        return Ok(None);
    };
    let (a, b) = (vars(cx, this)?, vars(cx, other)?);
    dict::equal(cx, a, b).map(Some)
}

// ---- ContextVar -----------------------------------------------------------------------------

static CONTEXT_VAR: TypeDef = TypeDef {
    name: "ContextVar",
    module: "_contextvars",
    body: Body::Words(Kind::Frozen, 3),
    methods: rows! {
        "get" "(self, default=<unrepresentable>, /)" var_get,
            "Return a value for the context variable for the current context.\n\nIf there is no value for the variable in the current context, the method will:\n * return the value of the default argument of the method, if provided; or\n * return the default value for the context variable, if it was created\n   with one; or\n * raise a LookupError.";
        "set" "(self, value, /)" var_set,
            "Call to set a new value for the context variable in the current context.\n\nThe required *value* argument is the new value for the context variable.\n\nReturns a Token object that can be used to restore the variable to its previous\nvalue via the `ContextVar.reset()` method.";
        "reset" "(self, token, /)" |cx, a| reset(cx, a.this_obj(), a.get(1)),
            "Reset the context variable.\n\nThe variable is reset to the value it had before the `ContextVar.set()` that\ncreated the token was used.";
        "__repr__" "(self, /)" var_repr, "Return repr(self).";
    },
    class_methods: rows! {
        "__class_getitem__" "(type, item, /)" support::class_getitem, "See PEP 585";
    },
    static_methods: rows! {
        "__new__" "(type, name, /, *, default=<unset>)" var_new, "Create and return a new object.";
    },
    getset: &[GetSetDef {
        name: "name",
        get: |_, v| Ok(v.obj().map_or(Value::NONE, |o| o.raw(var::NAME))),
        set: None,
        doc: "",
    }],
    ..TypeDef::BASE
};

fn var_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if string::exact(args.get(1)).is_none() {
        return raise!(cx, TypeError, "context variable name must be a str");
    }
    let class = cx.type_for(&CONTEXT_VAR)?;
    let o = cx.new_instance(class)?;
    o.init(var::NAME, args.get(1));
    o.init(var::DEFAULT, args.get(2));
    Ok(o.into())
}

fn var_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = args.this_obj();
    if let Some(o) = cx.thread_slot(THREAD_SLOT).obj() {
        let d = vars(cx, o)?;
        if let Some(v) = dict::get_item(cx, d, args.this())?.bound() {
            return Ok(v);
        }
    }
    match args.opt(1).or(this.raw(var::DEFAULT).bound()) {
        Some(v) => Ok(v),
        None => {
            Err(taipan_objects::exc::raise_value(cx, taipan_objects::T::LookupError, args.this()))
        }
    }
}

fn var_set(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = current(cx)?;
    let d = vars(cx, o)?;
    let old = dict::get_item(cx, d, args.this())?;
    dict::set_item(cx, d, args.this(), args.get(1))?;
    let class = cx.type_for(&TOKEN)?;
    let t = cx.new_instance(class)?;
    t.init(token::CONTEXT, o.into());
    t.init(token::VAR, args.this());
    t.init(token::OLD, old);
    t.init(token::USED, Value::FALSE);
    Ok(t.into())
}

fn reset(cx: &mut Cx, this: Obj, v: Value) -> Completion<Value> {
    let class = cx.type_for(&TOKEN)?;
    let Some(t) = v.obj().filter(|t| t.class() == class) else {
        let text = protocol::convert::repr_text(cx, v)?;
        return raise!(cx, TypeError, "expected an instance of Token, got {text}");
    };
    if cx.read(t, token::USED)? == Value::TRUE {
        let text = protocol::convert::repr_text(cx, v)?;
        return raise!(cx, RuntimeError, "{text} has already been used once");
    }
    if t.raw(token::VAR) != Value::from(this) {
        let text = protocol::convert::repr_text(cx, v)?;
        return raise!(cx, ValueError, "{text} was created by a different ContextVar");
    }
    let o = current(cx)?;
    if t.raw(token::CONTEXT) != Value::from(o) {
        let text = protocol::convert::repr_text(cx, v)?;
        return raise!(cx, ValueError, "{text} was created in a different Context");
    }
    cx.set(t, token::USED, Value::TRUE)?;
    let d = vars(cx, o)?;
    match t.raw(token::OLD).bound() {
        Some(old) => dict::set_item(cx, d, this.into(), old)?,
        None => {
            dict::del_item(cx, d, this.into())?;
        }
    }
    Ok(Value::NONE)
}

fn var_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = args.this_obj();
    let mut text = Text::new("<ContextVar name=");
    text.push_repr(cx, this.raw(var::NAME))?;
    if let Some(default) = this.raw(var::DEFAULT).bound() {
        text.push(" default=");
        text.push_repr(cx, default)?;
    }
    text.push(&format!(" at {:#x}>", this.to_word()));
    text.finish(cx)
}

// ---- Token ----------------------------------------------------------------------------------

static TOKEN: TypeDef = TypeDef {
    name: "Token",
    module: "_contextvars",
    body: Body::Words(Kind::Record, 6),
    methods: rows! {
        "__repr__" "(self, /)" token_repr, "Return repr(self).";
        "__enter__" "(self, /)" support::itself, "Enter into Token context manager.";
        "__exit__" "(self, type, value, traceback, /)" token_exit,
            "Exit from Token context manager, restore the linked ContextVar.";
    },
    class_methods: rows! {
        "__class_getitem__" "(type, item, /)" support::class_getitem, "See PEP 585";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" token_new, "Create and return a new object.";
    },
    getset: &[
        GetSetDef {
            name: "var",
            get: |_, v| Ok(v.obj().map_or(Value::NONE, |o| o.raw(token::VAR))),
            set: None,
            doc: "",
        },
        GetSetDef { name: "old_value", get: old_value, set: None, doc: "" },
    ],
    ..TypeDef::BASE
};

static MISSING: TypeDef = TypeDef {
    name: "Token.MISSING",
    module: "_contextvars",
    body: Body::Words(Kind::Frozen, 2),
    methods: rows! {
        "__repr__" "(self, /)" |cx, _| cx.new_str("<Token.MISSING>"), "Return repr(self).";
    },
    ..TypeDef::BASE
};

/// `Token.MISSING`, an attribute of its class.
fn missing(cx: &mut Cx) -> Completion<Value> {
    let class = cx.type_for(&MISSING)?;
    let name = cx.intern("_instance")?;
    if let Some(v) = class::own(class, name).bound() {
        return Ok(v);
    }
    let made = cx.new_instance(class)?;
    class::define(cx, class, name, made.into())?;
    Ok(made.into())
}

fn old_value(cx: &mut Cx, v: Value) -> Completion<Value> {
    match v.obj().and_then(|o| o.raw(token::OLD).bound()) {
        Some(old) => Ok(old),
        None => missing(cx),
    }
}

fn token_new(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    raise!(cx, RuntimeError, "Tokens can only be created by ContextVars")
}

fn token_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let t = args.this_obj();
    let mut text = Text::new("<Token");
    if cx.read(t, token::USED)? == Value::TRUE {
        text.push(" used");
    }
    text.push(" var=");
    text.push_repr(cx, t.raw(token::VAR))?;
    text.push(&format!(" at {:#x}>", t.to_word()));
    text.finish(cx)
}

fn token_exit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args.this_obj().raw(token::VAR).obj() {
        Some(var) => reset(cx, var, args.this()),
        None => Ok(Value::NONE),
    }
}
