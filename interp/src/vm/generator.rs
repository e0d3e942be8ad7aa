//! `generator` and `coroutine` as Python sees them; async generators are in `async_generator.rs`.

use taipan_objects::{
    class,
    cx::Cx,
    exc::{Completion, Escape},
    gc::GENERATOR_WORDS,
    heap::{Kind, Obj},
    names::N,
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    types::{Body, T, TypeDef, exception, str as string},
    value::Value,
};

use crate::code::{CodeFlags, ExceptionEntry};

use super::{
    enter::{self, Input, Passed, Step},
    exec::generators::{self, code_of, slot, state},
};

/// The generator-like object that `v` is.
pub fn this(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.kind() == Kind::Generator) {
        Some(o) => Ok(o),
        None => raise!(cx, TypeError, "generator expected"),
    }
}

/// The result of a step for Python: the value, or `StopIteration`.
fn outcome(cx: &mut Cx, step: Step) -> Completion<Value> {
    match step {
        Step::Yielded(v, _) => Ok(v),
        Step::Returned(v) => Err(exception::stop_iteration(cx, v)),
    }
}

/// `send`.
pub fn send(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    let step = enter::drive(cx, o, Input::Send(args.get(1)))?;
    outcome(cx, step)
}

/// `__next__`.
pub fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    match enter::drive(cx, o, Input::Send(Value::NONE))? {
        Step::Returned(v) if v.is_none() => Ok(Value::UNBOUND),
        step => outcome(cx, step),
    }
}

/// The exception that the arguments of `throw(type, value, traceback)` mean.
///
/// `method` is what the method is called.
///
/// # Errors
/// `TypeError` when it means none.
pub fn thrown(cx: &mut Cx, args: Args<'_>, method: &str) -> Completion<Obj> {
    let (kind, value, traceback) = (args.get(1), args.get(2), args.get(3));
    if value.is_bound() {
        let text = format!(
            "the (type, exc, tb) signature of {method}() is deprecated, use the single-arg signature instead."
        );
        protocol::warn(cx, T::DeprecationWarning, &text)?;
    }
    let value = if value.is_unbound() { Value::NONE } else { value };
    if traceback.is_bound() && !traceback.is_none() && !cx.is_a(traceback, T::traceback) {
        return raise!(cx, TypeError, "throw() third argument must be a traceback object");
    }
    let base = cx.class(T::BaseException);
    let e = match kind.obj() {
        Some(e) if e.kind() == Kind::Exception => {
            if !value.is_none() {
                return raise!(cx, TypeError, "instance exception may not have a separate value");
            }
            e
        }
        Some(c) if c.kind() == Kind::Type && class::is_subclass(c, base) => {
            match make_exception(cx, c, value) {
                Ok(e) => e,
                // What fails here is thrown instead.
                Err(escape) => escape.exception().ok_or(escape)?,
            }
        }
        _ => {
            let got = cx.type_name(kind);
            return raise!(
                cx,
                TypeError,
                "exceptions must be classes or instances deriving from BaseException, not {got}"
            );
        }
    };
    if traceback.is_bound() && !traceback.is_none() {
        cx.set(e, exception::slot::TRACEBACK, traceback)?;
    }
    Ok(e)
}

/// An exception of a class, made of a value.
fn make_exception(cx: &mut Cx, class: Obj, value: Value) -> Completion<Obj> {
    let is_instance = |e: Obj| e.kind() == Kind::Exception && class::is_subclass(e.class(), class);
    let made = match value.obj() {
        Some(e) if is_instance(e) => value,
        Some(t) if t.kind() == Kind::Tuple => protocol::call(cx, class.into(), t.items())?,
        _ if value.is_none() => protocol::call(cx, class.into(), &[])?,
        _ => protocol::call(cx, class.into(), &[value])?,
    };
    match made.obj().filter(|e| e.kind() == Kind::Exception) {
        Some(e) => Ok(e),
        None => {
            let class = protocol::convert::repr_text(cx, class.into())?;
            let got = cx.type_name(made);
            raise!(
                cx,
                TypeError,
                "calling {class} should have returned an instance of BaseException, not {got}"
            )
        }
    }
}

/// Throws `e` into the generator.
///
/// # Errors
/// What comes out of it.
pub fn throw_into(cx: &mut Cx, o: Obj, e: Obj) -> Completion<Step> {
    match cx.read(o, slot::STATE)?.as_small() {
        state::RUNNING => {
            let noun = generators::noun(cx, o);
            return raise!(cx, ValueError, "{noun} already executing");
        }
        state::CLOSED => {
            if o.class() == cx.class(T::coroutine) {
                return raise!(cx, RuntimeError, "cannot reuse already awaited coroutine");
            }
            return Err(Escape::raise(e));
        }
        state::CREATED => {
            cx.set(o, slot::STATE, Value::small(state::CLOSED))?;
            cx.set(o, slot::REGS, Value::UNBOUND)?;
            return Err(Escape::raise(e));
        }
        _ => {}
    }
    let awaits = cx.read(o, slot::AWAITS)?;
    if !awaits.is_bound() {
        return enter::drive(cx, o, Input::Throw(e));
    }
    if class::is_subclass(e.class(), cx.class(T::GeneratorExit)) {
        let e = close_inner(cx, o, awaits)?.unwrap_or(e);
        return enter::drive(cx, o, Input::Throw(e));
    }
    enter::drive_inner(cx, o, |cx| throw_to_inner(cx, awaits, e))
}

/// Closes what the generator delegates to; gives what that raised.
fn close_inner(cx: &mut Cx, o: Obj, inner: Value) -> Completion<Option<Obj>> {
    cx.set(o, slot::STATE, Value::small(state::RUNNING))?;
    // What the generator handles is the context of what happens below it.
    let handled = cx.read(o, slot::HANDLED)?.bound().unwrap_or(cx.handled);
    let outer = std::mem::replace(&mut cx.handled, handled);
    let result = close_iterator(cx, inner);
    cx.handled = outer;
    cx.set(o, slot::STATE, Value::small(state::SUSPENDED))?;
    match result {
        Ok(()) => Ok(None),
        Err(escape) => escape.exception().map(Some).ok_or(escape),
    }
}

/// PEP 380: the iterator that the generator delegates to gets the exception first.
fn throw_to_inner(cx: &mut Cx, inner: Value, e: Obj) -> Completion<Passed> {
    match throw_to_iterator(cx, inner, e) {
        Ok(Some(v)) => Ok(Passed::Yielded(v)),
        Ok(None) => Ok(Passed::Raise(e)),
        Err(escape) => match escape.exception() {
            None => Err(escape),
            Some(out)
                if class::is_subclass(out.class(), cx.class(T::StopIteration)) && out != e =>
            {
                let v = cx.read(out, exception::slot::FIELDS)?.bound().unwrap_or(Value::NONE);
                Ok(Passed::Ended(v))
            }
            Some(out) => Ok(Passed::Raise(out)),
        },
    }
}

fn throw_to_iterator(cx: &mut Cx, inner: Value, e: Obj) -> Completion<Option<Value>> {
    if let Some(g) = inner.obj().filter(|g| g.kind() == Kind::Generator) {
        let step = throw_into(cx, g, e)?;
        return outcome(cx, step).map(Some);
    }
    let name = cx.name(N::throw);
    match protocol::get_attr_opt(cx, inner, name)? {
        Some(f) => protocol::call(cx, f, &[e.into()]).map(Some),
        None => Ok(None),
    }
}

fn close_iterator(cx: &mut Cx, inner: Value) -> Completion<()> {
    if let Some(g) = inner.obj().filter(|g| g.kind() == Kind::Generator) {
        return close_generator(cx, g).map(|_| ());
    }
    let name = cx.name(N::close);
    if let Some(f) = protocol::get_attr_opt(cx, inner, name)? {
        protocol::call(cx, f, &[])?;
    }
    Ok(())
}

/// `throw`.
fn throw(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    let e = thrown(cx, args, "throw")?;
    let step = throw_into(cx, o, e)?;
    outcome(cx, step)
}

/// `close()`: the value that the generator returned, if it did.
///
/// # Errors
/// `RuntimeError` when it goes on yielding, and whatever it raises.
pub fn close_generator(cx: &mut Cx, o: Obj) -> Completion<Value> {
    match cx.read(o, slot::STATE)?.as_small() {
        state::CREATED => {
            cx.set(o, slot::STATE, Value::small(state::CLOSED))?;
            cx.set(o, slot::REGS, Value::UNBOUND)?;
            return Ok(Value::NONE);
        }
        state::CLOSED => return Ok(Value::NONE),
        _ => {}
    }
    let class = cx.class(T::GeneratorExit);
    let e = cx.new_exception(class, &[])?;
    match throw_into(cx, o, e) {
        Ok(Step::Yielded(..)) => {
            let noun = generators::noun(cx, o);
            raise!(cx, RuntimeError, "{noun} ignored GeneratorExit")
        }
        Ok(Step::Returned(v)) => Ok(v),
        Err(escape) => match escape.exception() {
            Some(out)
                if class::is_subclass(out.class(), cx.class(T::GeneratorExit))
                    || class::is_subclass(out.class(), cx.class(T::StopIteration)) =>
            {
                Ok(Value::NONE)
            }
            _ => Err(escape),
        },
    }
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    close_generator(cx, o)
}

fn itself(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(args.this())
}

/// `repr` of a generator-like object.
pub fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    let name = cx.read(o, slot::QUALNAME)?;
    let name = string::text(name).unwrap_or("?").to_owned();
    let kind = match generators::noun(cx, o) {
        "async generator" => "async_generator",
        noun => noun,
    };
    cx.new_str(&format!("<{kind} object {name} at {:#x}>", o.to_word()))
}

fn is_running(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    Ok(Value::bool(cx.read(o, slot::STATE)?.as_small() == state::RUNNING))
}

fn is_suspended(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    Ok(Value::bool(cx.read(o, slot::STATE)?.as_small() == state::SUSPENDED))
}

/// What a suspended generator delegates to; while it runs nobody can tell.
pub(super) fn awaits(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    if cx.read(o, slot::STATE)?.as_small() != state::SUSPENDED {
        return Ok(Value::NONE);
    }
    Ok(cx.read(o, slot::AWAITS)?.bound().unwrap_or(Value::NONE))
}

fn code(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    Ok(code_of(o).map_or(Value::NONE, |c| c.object()))
}

/// A frame object that shows where the suspended generator is; `None` once it is over.
fn frame(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    if cx.read(o, slot::STATE)?.as_small() == state::CLOSED {
        return Ok(Value::NONE);
    }
    super::frame_object::of_generator(cx, o).map(Value::from)
}

fn get_name(cx: &mut Cx, v: Value, word: usize) -> Completion<Value> {
    let o = this(cx, v)?;
    cx.read(o, word)
}

fn set_name(cx: &mut Cx, v: Value, word: usize, new: Value, what: &str) -> Completion<()> {
    let o = this(cx, v)?;
    if string::text(new).is_none() {
        return raise!(cx, TypeError, "{what} must be set to a string object");
    }
    cx.set(o, word, new)
}

const fn row(
    name: &'static str,
    sig: &'static str,
    run: taipan_objects::native::NativeFn,
    doc: &'static str,
) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

const SEND: NativeDef = NativeDef {
    effect: Effect::Machine,
    ..row(
        "send",
        "(self, value, /)",
        send,
        "send(value) -> send 'value' into generator,\nreturn next yielded value or raise StopIteration.",
    )
};
const SEND_TO_COROUTINE: NativeDef = NativeDef {
    doc: "send(arg) -> send 'arg' into coroutine,\nreturn next yielded value or raise StopIteration.",
    ..SEND
};
const THROW: NativeDef = row(
    "throw",
    "(self, typ, val=<unset>, tb=<unset>, /)",
    throw,
    "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded value or raise\nStopIteration.",
);
const CLOSE: NativeDef =
    row("close", "(self, /)", close, "close() -> raise GeneratorExit inside generator.");
/// `Generator[int, None, None]`.
pub(super) const CLASS_GETITEM: NativeDef = row(
    "__class_getitem__",
    "(cls, object, /)",
    |cx, args| taipan_objects::types::type_::generic_alias(cx, args.get(0), args.get(1)),
    "See PEP 585",
);
const REPR: NativeDef = row("__repr__", "(self, /)", repr, "Return repr(self).");

const fn get(name: &'static str, get: fn(&mut Cx, Value) -> Completion<Value>) -> GetSetDef {
    GetSetDef { name, get, set: None, doc: "" }
}

/// `__name__`.
pub const NAME: GetSetDef = GetSetDef {
    name: "__name__",
    get: |cx, v| get_name(cx, v, slot::NAME),
    set: Some(|cx, v, new| set_name(cx, v, slot::NAME, new, "__name__")),
    doc: "name of the generator",
};
/// `__qualname__`.
pub const QUALNAME: GetSetDef = GetSetDef {
    name: "__qualname__",
    get: |cx, v| get_name(cx, v, slot::QUALNAME),
    set: Some(|cx, v, new| set_name(cx, v, slot::QUALNAME, new, "__qualname__")),
    doc: "qualified name of the generator",
};

/// `generator`.
pub static GENERATOR: TypeDef = TypeDef {
    id: Some(T::generator),
    name: "generator",
    body: Body::Words(Kind::Generator, GENERATOR_WORDS),
    methods: &[
        row("__iter__", "(self, /)", itself, "Implement iter(self)."),
        NativeDef {
            effect: Effect::Machine,
            ..row("__next__", "(self, /)", next, "Implement next(self).")
        },
        SEND,
        THROW,
        CLOSE,
        REPR,
        row("__del__", "(self, /)", finalize, ""),
    ],
    class_methods: &[CLASS_GETITEM],
    getset: &[
        NAME,
        QUALNAME,
        get("gi_yieldfrom", awaits),
        get("gi_running", is_running),
        get("gi_frame", frame),
        get("gi_suspended", is_suspended),
        get("gi_code", code),
    ],
    doc: "",
    ..TypeDef::BASE
};

/// `coroutine`.
pub static COROUTINE: TypeDef = TypeDef {
    id: Some(T::coroutine),
    name: "coroutine",
    body: Body::Words(Kind::Generator, GENERATOR_WORDS),
    methods: &[
        row(
            "__await__",
            "(self, /)",
            await_wrapper,
            "Return an iterator to be used in await expression.",
        ),
        SEND_TO_COROUTINE,
        THROW,
        CLOSE,
        REPR,
        row("__del__", "(self, /)", finalize, ""),
    ],
    class_methods: &[CLASS_GETITEM],
    getset: &[
        NAME,
        QUALNAME,
        get("cr_await", awaits),
        get("cr_running", is_running),
        get("cr_frame", frame),
        get("cr_code", code),
        get("cr_suspended", is_suspended),
        get("cr_origin", |cx, v| Ok(get_name(cx, v, slot::ORIGIN)?.bound().unwrap_or(Value::NONE))),
    ],
    doc: "",
    ..TypeDef::BASE
};

/// Dropped generators are closed, so that their `finally` blocks run; a coroutine that never ran is reported.
pub(super) fn finalize(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    match cx.read(o, slot::STATE)?.as_small() {
        state::SUSPENDED => {
            let hook = cx.read(o, slot::ORIGIN)?;
            if o.class() == cx.class(T::async_generator) && hook.is_bound() && hook != Value::TRUE {
                return protocol::call(cx, hook, &[o.into()]);
            }
            close_generator(cx, o)?;
        }
        state::CREATED if o.class() == cx.class(T::coroutine) => {
            let warnings = cx.world.import_module(cx, "warnings")?;
            let name = cx.intern("_warn_unawaited_coroutine")?;
            protocol::call_method(cx, warnings, name, &[o.into()])?;
            close_generator(cx, o)?;
        }
        _ => {}
    }
    Ok(Value::NONE)
}

/// Whether the finalizer would do anything that a program can see.
pub fn needs_end(o: Obj) -> bool {
    let Some(code) = generators::code_of(o) else { return false };
    match o.raw(slot::STATE).as_small() {
        state::CREATED => code.has(CodeFlags::COROUTINE),
        state::SUSPENDED => {
            let at = o.raw(slot::AT).as_small() as u32;
            let guarded = |e: &ExceptionEntry| e.start <= at && at <= e.end;
            code.has(CodeFlags::ASYNC_GENERATOR) || code.unit.exceptions.iter().any(guarded)
        }
        _ => false,
    }
}

/// Makes a generator of an aborted attempt, which nobody can reach, one that is over.
pub fn unmake(o: Obj) {
    o.init(slot::STATE, Value::small(state::CLOSED));
}

/// `coroutine_wrapper`: what `coro.__await__()` gives.
static WRAPPER: TypeDef = TypeDef {
    name: "coroutine_wrapper",
    body: Body::Words(Kind::Record, 4),
    methods: &[
        row("__iter__", "(self, /)", itself, "Implement iter(self)."),
        row(
            "__next__",
            "(self, /)",
            |cx, args| {
                let inner = cx.read(args.this_obj(), WRAPPED)?;
                let o = this(cx, inner)?;
                let step = enter::drive(cx, o, Input::Send(Value::NONE))?;
                outcome(cx, step)
            },
            "Implement next(self).",
        ),
        row(
            "send",
            "(self, value, /)",
            |cx, args| {
                let inner = cx.read(args.this_obj(), WRAPPED)?;
                let o = this(cx, inner)?;
                let step = enter::drive(cx, o, Input::Send(args.get(1)))?;
                outcome(cx, step)
            },
            "send(arg) -> send 'arg' into coroutine.",
        ),
        row(
            "throw",
            "(self, typ, val=<unset>, tb=<unset>, /)",
            |cx, args| {
                let inner = cx.read(args.this_obj(), WRAPPED)?;
                let o = this(cx, inner)?;
                let e = thrown(cx, args, "throw")?;
                let step = throw_into(cx, o, e)?;
                outcome(cx, step)
            },
            "throw(value) -> raise exception in coroutine.",
        ),
        row(
            "close",
            "(self, /)",
            |cx, args| {
                let inner = cx.read(args.this_obj(), WRAPPED)?;
                let o = this(cx, inner)?;
                close_generator(cx, o)
            },
            "close() -> raise GeneratorExit inside coroutine.",
        ),
    ],
    ..TypeDef::BASE
};

/// Slot of the coroutine; slot 2 of a record must not hold it raw, see `heap::native_data`.
const WRAPPED: usize = 3;

fn await_wrapper(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = cx.type_for(&WRAPPER)?;
    let o = cx.new_instance(class)?;
    o.init(WRAPPED, args.this());
    Ok(o.into())
}
