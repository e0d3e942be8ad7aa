//! `compress`, `dropwhile`, `filterfalse`, `takewhile`: slots `FUNC`, `IT`, `STATE`.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, NativeDef, TypeDef, Value,
    protocol::{self, compare::call_truth},
};

use super::{ITER, instance, new_row, next_row};

const FUNC: usize = 2;
const IT: usize = 3;
const STATE: usize = 4;

const fn predicate_type(
    name: &'static str,
    new: &'static [NativeDef],
    methods: &'static [NativeDef],
    doc: &'static str,
) -> TypeDef {
    TypeDef {
        name,
        module: "itertools",
        body: Body::Words(Kind::Record, 5),
        subclassable: true,
        static_methods: new,
        methods,
        doc,
        ..TypeDef::BASE
    }
}

const SIG: &str = "(type, predicate, iterable, /)";

macro_rules! predicate_types {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $sig:expr, $next:ident, $text:literal;)*) => { $(
        $(#[$doc])*
        pub(super) static $id: TypeDef = predicate_type(
            $name,
            &[new_row($sig, |cx, args| new(cx, args, &$id))],
            &[ITER, next_row($next)],
            $text,
        );
    )* };
}
predicate_types! {
    /// `dropwhile(predicate, iterable)`; `STATE` is bound once dropping is over.
    DROPWHILE = "dropwhile", SIG, dropwhile_next, "Drop items from the iterable while predicate(item) is true.\n\nAfterwards, return every element until the iterable is exhausted.";
    /// `takewhile(predicate, iterable)`; `STATE` is bound at the end.
    TAKEWHILE = "takewhile", SIG, takewhile_next, "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.";
    /// `filterfalse(function, iterable)`
    FILTERFALSE = "filterfalse", "(type, function, iterable, /)", filterfalse_next, "Return those items of iterable for which function(item) is false.\n\nIf function is None, return the items that are false.";
}

/// `compress(data, selectors)`: `FUNC` holds the iterator over the selectors.
pub(super) static COMPRESS: TypeDef = predicate_type(
    "compress",
    &[new_row("(type, /, data, selectors)", compress_new)],
    &[ITER, next_row(compress_next)],
    "Return data elements corresponding to true selector elements.\n\nForms a shorter iterator from selected data elements using the selectors to\nchoose the data elements.",
);

fn new(cx: &mut Cx, args: Args<'_>, def: &'static TypeDef) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(2))?;
    let o = instance(cx, args, def)?;
    o.init(FUNC, args.get(1));
    o.init(IT, it);
    Ok(o.into())
}

fn compress_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = protocol::iter(cx, args.get(1))?;
    let selectors = protocol::iter(cx, args.get(2))?;
    let o = instance(cx, args, &COMPRESS)?;
    o.init(FUNC, selectors);
    o.init(IT, data);
    Ok(o.into())
}

fn compress_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (selectors, data) = cx.bracket(o, || (o.raw(FUNC), o.raw(IT)))?;
    loop {
        let Some(v) = protocol::next(cx, data)? else { return Ok(Value::UNBOUND) };
        let Some(chosen) = protocol::next(cx, selectors)? else { return Ok(Value::UNBOUND) };
        if protocol::truth(cx, chosen)? {
            return Ok(v);
        }
    }
}

fn dropwhile_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (predicate, it) = cx.bracket(o, || (o.raw(FUNC), o.raw(IT)))?;
    loop {
        let Some(v) = protocol::next(cx, it)? else { return Ok(Value::UNBOUND) };
        if cx.read(o, STATE)?.is_bound() {
            return Ok(v);
        }
        if !call_truth(cx, predicate, &[v])? {
            cx.set(o, STATE, Value::TRUE)?;
            return Ok(v);
        }
    }
}

fn takewhile_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (predicate, it, over) = cx.bracket(o, || (o.raw(FUNC), o.raw(IT), o.raw(STATE)))?;
    if over.is_bound() {
        return Ok(Value::UNBOUND);
    }
    let Some(v) = protocol::next(cx, it)? else { return Ok(Value::UNBOUND) };
    if call_truth(cx, predicate, &[v])? {
        return Ok(v);
    }
    cx.set(o, STATE, Value::TRUE)?;
    Ok(Value::UNBOUND)
}

fn filterfalse_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (function, it) = cx.bracket(o, || (o.raw(FUNC), o.raw(IT)))?;
    let bool_class = Value::from(cx.class(taipan_objects::T::bool));
    loop {
        let Some(v) = protocol::next(cx, it)? else { return Ok(Value::UNBOUND) };
        let holds = match function.is_none() || function == bool_class {
            true => protocol::truth(cx, v)?,
            false => call_truth(cx, function, &[v])?,
        };
        if !holds {
            return Ok(v);
        }
    }
}
