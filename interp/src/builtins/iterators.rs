//! What `anext(it, default)` returns; the other builtin iterators are classes of their own in `objects`.
//!
//! Slots: the awaitable of `__anext__`, the default, the iterator that is awaited. Conflicts: one header, written by the first
//! step.

use taipan_objects::{
    Completion, Cx, Kind, Obj, Special, Value, class,
    native::{Args, Effect, NativeDef, NativeFn},
    protocol, raise,
    types::{Body, T, TypeDef, exception},
};

const A: usize = 3;
const B: usize = 4;
const C: usize = 5;

const fn row(name: &'static str, sig: &'static str, run: NativeFn, doc: &'static str) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

fn itself(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(args.this())
}

const ITER: NativeDef = row("__iter__", "(self, /)", itself, "Implement iter(self).");

static ANEXT_AWAITABLE: TypeDef = TypeDef {
    name: "anext_awaitable",
    body: Body::Words(Kind::Record, 6),
    methods: &[
        ITER,
        row("__await__", "(self, /)", itself, "Return an iterator to be used in await expression."),
        row(
            "__next__",
            "(self, /)",
            |cx, args| anext_step(cx, args, Value::NONE),
            "Implement next(self).",
        ),
        row("send", "(self, value, /)", |cx, args| anext_step(cx, args, args.get(1)), "send(v)"),
        row(
            "throw",
            "(self, typ, val=<unset>, tb=<unset>, /)",
            |cx, args| anext_pass(cx, args, "throw"),
            "throw(value) -> raise exception in the wrapped iterator.",
        ),
        row(
            "close",
            "(self, /)",
            |cx, args| anext_pass(cx, args, "close"),
            "close() -> raise GeneratorExit inside the wrapped iterator.",
        ),
    ],
    ..TypeDef::BASE
};

/// What `anext(it, default)` gives.
///
/// # Errors
/// `MemoryError`.
pub fn anext_awaitable(cx: &mut Cx, step: Value, default: Value) -> Completion<Value> {
    let class = cx.type_for(&ANEXT_AWAITABLE)?;
    let o = cx.new_instance(class)?;
    o.init(A, step);
    o.init(B, default);
    Ok(o.into())
}

/// The iterator that is awaited.
fn awaited(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let it = cx.read(o, C)?;
    if it.is_bound() {
        return Ok(it);
    }
    let step = cx.read(o, A)?;
    let Some(it) = crate::vm::exec::generators::await_iter(cx, step)? else {
        let name = cx.type_name(step);
        return raise!(cx, TypeError, "'{name}' object can't be awaited");
    };
    cx.set(o, C, it)?;
    Ok(it)
}

fn anext_step(cx: &mut Cx, args: Args<'_>, sent: Value) -> Completion<Value> {
    let o = args.this_obj();
    let it = awaited(cx, o)?;
    let next = class::special(cx.class_of(it), Special::Next);
    let result = if sent.is_none() && next.is_bound() {
        match protocol::call::call_unbound(cx, next, it, &[], &[]) {
            Ok(v) if v.is_unbound() => Err(exception::stop_iteration(cx, Value::NONE)),
            other => other,
        }
    } else {
        // A coroutine has no `__next__`.
        let name = cx.name(taipan_objects::N::send);
        protocol::call_method(cx, it, name, &[sent])
    };
    or_default(cx, o, result)
}

/// `throw` and `close` of the iterator that is awaited.
fn anext_pass(cx: &mut Cx, args: Args<'_>, method: &str) -> Completion<Value> {
    let o = args.this_obj();
    let it = awaited(cx, o)?;
    let name = cx.intern(method)?;
    let given: Vec<Value> = (1..4).map_while(|i| args.opt(i)).collect();
    let result = protocol::call_method(cx, it, name, &given);
    or_default(cx, o, result)
}

/// The end of the asynchronous iterator gives the default.
fn or_default(cx: &mut Cx, o: Obj, result: Completion<Value>) -> Completion<Value> {
    match result {
        Err(escape)
            if escape.exception().is_some_and(|e| {
                class::is_subclass(e.class(), cx.class(T::StopAsyncIteration))
            }) =>
        {
            let default = cx.read(o, B)?;
            Err(exception::stop_iteration(cx, default))
        }
        other => other,
    }
}
