//! What `anext(it, default)` returns; the other builtin iterators are classes of their own in `objects`.
//!
//! Slots: the awaitable of `__anext__`, the default, the iterator that is awaited. Conflicts: one header, written by the first
//! step.

use taipan_objects::{
    Completion, Cx, Kind, Special, Value, class,
    native::{Args, Effect, NativeDef, NativeFn},
    protocol, raise,
    types::{Body, T, TypeDef},
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

fn anext_step(cx: &mut Cx, args: Args<'_>, sent: Value) -> Completion<Value> {
    let o = args.this_obj();
    let mut it = cx.read(o, C)?;
    if it.is_unbound() {
        let step = cx.read(o, A)?;
        it = match crate::vm::exec::generators::await_iter(cx, step)? {
            Some(it) => it,
            None => {
                let name = cx.type_name(step);
                return raise!(cx, TypeError, "object {name} can't be used in 'await' expression");
            }
        };
        cx.set(o, C, it)?;
    }
    let result = if sent.is_none() {
        match protocol::call_special(cx, it, Special::Next, &[]) {
            Ok(Some(v)) if v.is_unbound() => {
                return Err(taipan_objects::types::exception::stop_iteration(cx, Value::NONE));
            }
            Ok(v) => Ok(v.unwrap_or(Value::NONE)),
            Err(escape) => Err(escape),
        }
    } else {
        let name = cx.name(taipan_objects::N::send);
        protocol::call_method(cx, it, name, &[sent])
    };
    match result {
        Err(escape)
            if escape.exception().is_some_and(|e| {
                class::is_subclass(e.class(), cx.class(T::StopAsyncIteration))
            }) =>
        {
            let default = cx.read(o, B)?;
            Err(taipan_objects::types::exception::stop_iteration(cx, default))
        }
        other => other,
    }
}
