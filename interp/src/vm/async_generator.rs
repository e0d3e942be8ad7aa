//! `async_generator` and the awaitables of its steps.
//!
//! A step (`asend`, `athrow`, `aclose`) is an object that drives the generator until its own `yield` ends the step with
//! `StopIteration(value)`; values that come from awaited things are passed on.
//!
//! Slots begin at word 3, since the collector may take word 2 of a record for a pointer to Rust memory.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Escape, GetSetDef, Kind, NativeDef, Obj, T, TypeDef, Value,
    class, exc::raise_empty, gc::GENERATOR_WORDS, native::NativeFn, protocol, raise,
    types::exception,
};

use super::{
    enter::{self, Input, Step},
    exec::generators::{code_of, slot, state},
    generator::{self, NAME, QUALNAME, this},
};

const GEN: usize = 3;
const VALUE: usize = 4;
const STEP: usize = 5;
const MODE: usize = 6;

/// Not started.
const INIT: i64 = 0;
/// Started.
const ITER: i64 = 1;
/// Over.
const CLOSED: i64 = 2;

const SEND: i64 = 0;
const THROW: i64 = 1;
const CLOSE: i64 = 2;

const fn row(name: &'static str, sig: &'static str, run: NativeFn, doc: &'static str) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

fn itself(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(args.this())
}

fn step(cx: &mut Cx, o: Obj, value: Value, mode: i64) -> Completion<Value> {
    let class = cx.type_for(if mode == SEND { &ASEND } else { &ATHROW })?;
    let s = cx.new_instance(class)?;
    begin_with(cx, s, o, value, mode)
}

fn begin_with(cx: &mut Cx, s: Obj, o: Obj, value: Value, mode: i64) -> Completion<Value> {
    call_first_hook(cx, o)?;
    s.init(GEN, o.into());
    s.init(VALUE, value);
    s.init(STEP, Value::small(INIT));
    s.init(MODE, Value::small(mode));
    Ok(s.into())
}

/// `sys.set_asyncgen_hooks(firstiter=...)` hears of the generator before its first step.
fn call_first_hook(cx: &mut Cx, o: Obj) -> Completion<()> {
    if cx.read(o, slot::ORIGIN)?.is_bound() {
        return Ok(());
    }
    // Whoever finalizes the generator is fixed now.
    let finalizer = cx.thread_slot(15).bound().unwrap_or(Value::TRUE);
    cx.set(o, slot::ORIGIN, finalizer)?;
    let hook = cx.thread_slot(14);
    if hook.is_bound() {
        protocol::call(cx, hook, &[o.into()])?;
    }
    Ok(())
}

fn anext(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    // What `async for` makes is awaited at once: nobody is to be warned.
    let class = cx.type_for(&ASEND)?;
    let s = cx.new_unfinalized(class)?;
    begin_with(cx, s, o, Value::NONE, SEND)
}

fn asend(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    step(cx, o, args.get(1), SEND)
}

fn athrow(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    let e = generator::thrown(cx, args, "athrow")?;
    step(cx, o, e.into(), THROW)
}

fn aclose(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    step(cx, o, Value::NONE, CLOSE)
}

fn parts(cx: &mut Cx, v: Value) -> Completion<(Obj, Obj, i64, i64)> {
    let Some(s) = v.obj() else { return raise!(cx, TypeError, "async generator step expected") };
    let g = cx.read(s, GEN)?;
    let g = this(cx, g)?;
    Ok((s, g, cx.read(s, STEP)?.as_small(), cx.read(s, MODE)?.as_small()))
}

fn begin(cx: &mut Cx, s: Obj, g: Obj, mode: i64) -> Completion<()> {
    if cx.read(g, slot::ASYNC)? == Value::TRUE {
        let what = match mode {
            SEND => "anext",
            THROW => "athrow",
            _ => "aclose",
        };
        cx.set(s, STEP, Value::small(CLOSED))?;
        return raise!(cx, RuntimeError, "{what}(): asynchronous generator is already running");
    }
    cx.set(g, slot::ASYNC, Value::TRUE)?;
    cx.set(s, STEP, Value::small(ITER))
}

/// Ends the step: other steps may begin.
fn end(cx: &mut Cx, s: Obj, g: Obj) -> Completion<()> {
    cx.set(g, slot::ASYNC, Value::FALSE)?;
    cx.set(s, STEP, Value::small(CLOSED))
}

fn reused(cx: &mut Cx, mode: i64) -> Completion<Value> {
    let what = if mode == SEND { "__anext__()/asend()" } else { "aclose()/athrow()" };
    raise!(cx, RuntimeError, "cannot reuse already awaited {what}")
}

fn send(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, g, st, mode) = parts(cx, args.this())?;
    let mut sent = args.opt(1).unwrap_or(Value::NONE);
    if st == CLOSED {
        return reused(cx, mode);
    }
    let result = if st == INIT {
        if mode != SEND && cx.read(g, slot::STATE)?.as_small() == state::CLOSED {
            cx.set(s, STEP, Value::small(CLOSED))?;
            return Err(if mode == CLOSE {
                exception::stop_iteration(cx, Value::NONE)
            } else {
                raise_empty(cx, T::StopAsyncIteration)
            });
        }
        begin(cx, s, g, mode)?;
        let value = cx.read(s, VALUE)?;
        match mode {
            SEND => {
                if sent.is_none() {
                    sent = value;
                }
                enter::drive(cx, g, Input::Send(sent))
            }
            THROW => match value.obj() {
                Some(e) => generator::throw_into(cx, g, e),
                None => return raise!(cx, TypeError, "exception expected"),
            },
            _ => {
                let class = cx.class(T::GeneratorExit);
                let e = cx.new_exception(class, &[])?;
                generator::throw_into(cx, g, e)
            }
        }
    } else {
        enter::drive(cx, g, Input::Send(sent))
    };
    finish(cx, s, g, mode, result)
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    send(cx, Args(&[args.this(), Value::NONE]))
}

fn throw(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, g, st, mode) = parts(cx, args.this())?;
    if st == CLOSED {
        return reused(cx, mode);
    }
    let e = generator::thrown(cx, args, "throw")?;
    if st == INIT {
        begin(cx, s, g, mode)?;
    }
    let result = generator::throw_into(cx, g, e);
    finish(cx, s, g, mode, result)
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, g, st, _) = parts(cx, args.this())?;
    if st == ITER {
        let class = cx.class(T::GeneratorExit);
        let e = cx.new_exception(class, &[])?;
        let result = generator::throw_into(cx, g, e);
        end(cx, s, g)?;
        return match result {
            Ok(Step::Yielded(..)) => raise!(cx, RuntimeError, "coroutine ignored GeneratorExit"),
            Ok(Step::Returned(_)) => Ok(Value::NONE),
            Err(escape) if escape.is_abort() => Err(escape),
            Err(_) => Ok(Value::NONE),
        };
    }
    cx.set(s, STEP, Value::small(CLOSED))?;
    Ok(Value::NONE)
}

/// Warns of a step that was never awaited.
fn finalize(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (s, g, st, mode) = parts(cx, args.this())?;
    if st == INIT {
        cx.set(s, STEP, Value::small(CLOSED))?;
        let method = match mode {
            SEND => "asend",
            THROW => "athrow",
            _ => "aclose",
        };
        let name = cx.read(g, slot::QUALNAME)?;
        let name = protocol::convert::repr_text(cx, name)?;
        let text = format!("coroutine method '{method}' of {name} was never awaited");
        protocol::warn(cx, T::RuntimeWarning, &text)?;
    }
    Ok(Value::NONE)
}

/// What a step of the generator means for the awaitable.
fn finish(cx: &mut Cx, s: Obj, g: Obj, mode: i64, result: Completion<Step>) -> Completion<Value> {
    match result {
        Ok(Step::Yielded(v, false)) => Ok(v),
        Ok(Step::Yielded(v, true)) => {
            end(cx, s, g)?;
            if mode == CLOSE {
                return raise!(cx, RuntimeError, "async generator ignored GeneratorExit");
            }
            Err(exception::stop_iteration(cx, v))
        }
        Ok(Step::Returned(_)) => {
            end(cx, s, g)?;
            Err(if mode == CLOSE {
                exception::stop_iteration(cx, Value::NONE)
            } else {
                raise_empty(cx, T::StopAsyncIteration)
            })
        }
        Err(escape) => Err(failed(cx, s, g, mode, escape)?),
    }
}

fn failed(cx: &mut Cx, s: Obj, g: Obj, mode: i64, escape: Escape) -> Completion<Escape> {
    let Some(e) = escape.exception() else { return Err(escape) };
    end(cx, s, g)?;
    let is = |t: T| class::is_subclass(e.class(), cx.class(t));
    if mode == CLOSE && (is(T::StopAsyncIteration) || is(T::GeneratorExit)) {
        return Ok(exception::stop_iteration(cx, Value::NONE));
    }
    Ok(escape)
}

const STEP_METHODS: &[NativeDef] = &[
    row("__iter__", "(self, /)", itself, "Implement iter(self)."),
    row("__await__", "(self, /)", itself, "Return an iterator to be used in await expression."),
    row("__next__", "(self, /)", next, "Implement next(self)."),
    row("send", "(self, value, /)", send, "send(value) -> send 'value' into generator."),
    row(
        "throw",
        "(self, typ, val=<unset>, tb=<unset>, /)",
        throw,
        "throw(value) -> raise exception in generator.",
    ),
    row("close", "(self, /)", close, "close() -> raise GeneratorExit inside generator."),
    row("__del__", "(self, /)", finalize, ""),
];

static ASEND: TypeDef = TypeDef {
    name: "async_generator_asend",
    body: Body::Words(Kind::Record, 8),
    methods: STEP_METHODS,
    ..TypeDef::BASE
};

static ATHROW: TypeDef = TypeDef {
    name: "async_generator_athrow",
    body: Body::Words(Kind::Record, 8),
    methods: STEP_METHODS,
    ..TypeDef::BASE
};

/// `async_generator`.
pub static ASYNC_GENERATOR: TypeDef = TypeDef {
    id: Some(T::async_generator),
    name: "async_generator",
    body: Body::Words(Kind::Generator, GENERATOR_WORDS),
    methods: &[
        row(
            "__aiter__",
            "(self, /)",
            itself,
            "Return an awaitable, that resolves in asynchronous iterator.",
        ),
        row("__anext__", "(self, /)", anext, "Return a value or raise StopAsyncIteration."),
        row("asend", "(self, value, /)", asend, "asend(v) -> send 'v' in generator."),
        row(
            "athrow",
            "(self, typ, val=<unset>, tb=<unset>, /)",
            athrow,
            "athrow(value) -> raise exception in generator.",
        ),
        row("aclose", "(self, /)", aclose, "aclose() -> raise GeneratorExit inside generator."),
        row("__repr__", "(self, /)", generator::repr, "Return repr(self)."),
        row("__del__", "(self, /)", generator::finalize, ""),
    ],
    class_methods: &[generator::CLASS_GETITEM],
    getset: &[
        NAME,
        QUALNAME,
        GetSetDef { name: "ag_await", get: generator::awaits, set: None, doc: "" },
        GetSetDef {
            name: "ag_running",
            get: |cx, v| {
                let o = this(cx, v)?;
                Ok(Value::bool(cx.read(o, slot::ASYNC)? == Value::TRUE))
            },
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "ag_suspended",
            get: |cx, v| {
                let o = this(cx, v)?;
                Ok(Value::bool(cx.read(o, slot::STATE)?.as_small() == state::SUSPENDED))
            },
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "ag_frame",
            get: |cx, v| {
                let o = this(cx, v)?;
                if cx.read(o, slot::STATE)?.as_small() == state::CLOSED {
                    return Ok(Value::NONE);
                }
                super::frame_object::of_generator(cx, o).map(Value::from)
            },
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "ag_code",
            get: |cx, v| {
                let o = this(cx, v)?;
                Ok(code_of(o).map_or(Value::NONE, |c| c.object()))
            },
            set: None,
            doc: "",
        },
    ],
    doc: "",
    ..TypeDef::BASE
};
