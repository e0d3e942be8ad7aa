//! `transaction`: blocks that run as one transaction.
//!
//! `with atomic:` turns off the driver's cuts until the block ends. An exception that leaves the block undoes what the block did
//! by a savepoint, and goes on; `atomic(on_error="keep")` keeps the effects. Output is an effect like others: what a
//! block that is undone has printed does not appear.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Obj, Special, TypeDef, Value, class,
    native::NativeFn,
    protocol, raise,
    types::{descr, str as string},
};

use crate::{
    modules::{self, ModuleDef},
    txn::atomic,
};

const KEEP: usize = 3;
const FUNC: usize = 4;

const fn row(name: &'static str, sig: &'static str, run: NativeFn, doc: &'static str) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

fn make(cx: &mut Cx, keep: bool, func: Value) -> Completion<Value> {
    let class = cx.type_for(&ATOMIC)?;
    let o = cx.new_instance(class)?;
    o.init(KEEP, Value::bool(keep));
    o.init(FUNC, func);
    Ok(o.into())
}

/// `atomic(f)`, `atomic(on_error="keep")`; on a decorated function: calls it in a block of its own.
fn call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let func = o.raw(FUNC);
    if func.is_bound() {
        return run_block(cx, o, func, args.rest(1), args.get(2));
    }
    let mut keep = o.raw(KEEP) == Value::TRUE;
    if let Some(kwargs) = args.get(2).obj() {
        let key = cx.intern("on_error")?;
        let v = taipan_objects::types::dict::get_item_name(cx, kwargs, key)?;
        if v.is_bound() {
            keep = match string::text(v) {
                Some("keep") => true,
                Some("undo") => false,
                _ => return raise!(cx, ValueError, "on_error must be 'undo' or 'keep'"),
            };
        }
    }
    match args.rest(1) {
        [] => make(cx, keep, Value::UNBOUND),
        [f] => make(cx, keep, *f),
        _ => raise!(cx, TypeError, "atomic() takes at most 1 positional argument"),
    }
}

fn run_block(cx: &mut Cx, o: Obj, func: Value, args: &[Value], kwargs: Value) -> Completion<Value> {
    atomic::enter(cx)?;
    let result = protocol::call::call_star(cx, func, args, kwargs);
    leave(
        cx,
        o,
        result.as_ref().is_err_and(|e| !e.is_abort()),
        result.as_ref().is_err_and(|e| e.is_abort()),
    )?;
    result
}

fn leave(cx: &mut Cx, o: Obj, failed: bool, aborted: bool) -> Completion<()> {
    if aborted {
        return Ok(());
    }
    let undo = failed && o.raw(KEEP) != Value::TRUE;
    atomic::leave(cx, undo);
    Ok(())
}

fn enter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    atomic::enter(cx)?;
    Ok(args.this())
}

fn exit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    leave(cx, args.this_obj(), !args.get(1).is_none(), false)?;
    Ok(Value::FALSE)
}

fn get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.get(1).is_none() || args.this_obj().raw(FUNC).is_unbound() {
        return Ok(args.this());
    }
    descr::new_method(cx, args.this(), args.get(1))
}

fn retry(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    atomic::retry(cx)?;
    Ok(Value::NONE)
}

fn or_else(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.rest(0).is_empty() {
        return raise!(cx, TypeError, "or_else() takes at least 1 argument (0 given)");
    }
    for &f in args.rest(0) {
        if !class::special(cx.class_of(f), Special::Call).is_bound() {
            let got = cx.type_name(f);
            return raise!(cx, TypeError, "or_else() arguments must be callable, not '{got}'");
        }
    }
    atomic::or_else(cx, args.rest(0))
}

static ATOMIC: TypeDef = TypeDef {
    name: "atomic",
    module: "transaction",
    body: Body::Words(Kind::Record, 6),
    methods: &[
        row("__call__", "(self, /, *args, **kwargs)", call, "Call self as a function."),
        row("__enter__", "(self, /)", enter, "Begin the block."),
        row("__exit__", "(self, exc_type, exc_value, exc_tb, /)", exit, "End the block."),
        row("__get__", "(self, instance, owner=None, /)", get, "Bind a decorated function."),
    ],
    doc: "A block of code that runs as one transaction.",
    ..TypeDef::BASE
};

/// The module `transaction`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "transaction",
    doc: "Blocks of code that run as one transaction.",
    functions: &[
        row(
            "retry",
            "()",
            retry,
            "Undo the block and run it again once something it has read has changed.",
        ),
        row(
            "or_else",
            "(*alternatives)",
            or_else,
            "Call the alternatives in turn until one does not retry(), and return what it returns.\n\n\
             What an alternative that retries has done is undone. If all do, the block is undone, and\n\
             runs again once something that any of them has read has changed. Outside of a block\n\
             the call is a block of its own.",
        ),
    ],
    exec: |cx, module| {
        let v = make(cx, false, Value::UNBOUND)?;
        modules::set(cx, module, "atomic", v)?;
        Ok(())
    },
    ..ModuleDef::BASE
};
