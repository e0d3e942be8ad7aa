//! `_csv`: reading and writing of comma separated values.
//!
//! Reading order: `dialect.rs`, `reader.rs`, `writer.rs`; this file has the table of dialects.

mod dialect;
mod reader;
mod writer;

use taipan_objects::{
    Args, Completion, Cx, Effect, Escape, NativeDef, Obj, T, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{dict, str as string},
};

use super::{ModuleDef, namespace, set, set_exception, set_ints};
use crate::vm::exec::containers::new_list;

const DIALECTS: &str = "_dialects";
const LIMIT: &str = "_field_limit";
const LIMIT_DEFAULT: i64 = 131_072;

/// Names and values of the kinds of quoting.
const QUOTING: &[(&str, i64)] = &[
    ("QUOTE_MINIMAL", 0),
    ("QUOTE_ALL", 1),
    ("QUOTE_NONNUMERIC", 2),
    ("QUOTE_NONE", 3),
    ("QUOTE_STRINGS", 4),
    ("QUOTE_NOTNULL", 5),
];

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

fn own(cx: &mut Cx, name: &str) -> Completion<Value> {
    let module = cx.world.import_module(cx, "_csv")?;
    let name = cx.intern(name)?;
    match module.obj().and_then(namespace) {
        Some(d) => dict::get_item_name(cx, d, name),
        None => Ok(Value::UNBOUND),
    }
}

/// Raises `_csv.Error`.
fn fail<R>(cx: &mut Cx, message: &str) -> Completion<R> {
    let class = own(cx, "Error")?;
    let text = cx.new_str(message)?;
    match protocol::call(cx, class, &[text])?.obj() {
        Some(e) => Err(Escape::raise(e)),
        None => raise!(cx, ValueError, "{message}"),
    }
}

fn table(cx: &mut Cx) -> Completion<Obj> {
    match own(cx, DIALECTS)?.obj() {
        Some(d) => Ok(d),
        None => raise!(cx, SystemError, "_csv has lost its dialects"),
    }
}

fn field_limit(cx: &mut Cx) -> Completion<usize> {
    Ok(own(cx, LIMIT)?.small_int().unwrap_or(LIMIT_DEFAULT).max(0) as usize)
}

fn get_dialect(cx: &mut Cx, name: Value) -> Completion<Value> {
    let table = table(cx)?;
    match dict::get_item(cx, table, name)?.bound() {
        Some(d) => Ok(d),
        None => fail(cx, "unknown dialect"),
    }
}

fn register_dialect(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if string::wtf8(args.get(0)).is_none() {
        return raise!(cx, TypeError, "dialect name must be a string");
    }
    let d = dialect::from_call(cx, args.opt(1), args.get(2))?;
    let table = table(cx)?;
    dict::set_item(cx, table, args.get(0), d)?;
    Ok(Value::NONE)
}

fn unregister_dialect(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let table = table(cx)?;
    if dict::get_item(cx, table, args.get(0))?.is_unbound() {
        return fail(cx, "unknown dialect");
    }
    dict::del_item(cx, table, args.get(0))?;
    Ok(Value::NONE)
}

fn list_dialects(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let table = table(cx)?;
    let names = protocol::collect(cx, table.into())?;
    new_list(cx, names.as_slice())
}

fn field_size_limit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let old = field_limit(cx)?;
    if let Some(v) = args.opt(0) {
        if convert::as_int(v).is_none() {
            return raise!(cx, TypeError, "limit must be an integer");
        }
        let new = convert::index_i64(cx, v)?;
        let new = cx.new_int(new)?;
        let module = cx.world.import_module(cx, "_csv")?;
        if let Some(module) = module.obj() {
            set(cx, module, LIMIT, new)?;
        }
    }
    Ok(Value::small(old as i64))
}

fn exec(cx: &mut Cx, module: Obj) -> Completion<()> {
    set_ints(cx, module, QUOTING)?;
    set_ints(cx, module, &[(LIMIT, LIMIT_DEFAULT)])?;
    let table = dict::new(cx)?;
    set(cx, module, DIALECTS, table.into())?;
    set_exception(cx, module, ("_csv", "Error"), &[cx.class(T::Exception).into()])?;
    for (name, def) in [("Reader", &reader::READER), ("Writer", &writer::WRITER)] {
        let class = cx.type_for(def)?;
        set(cx, module, name, class.into())?;
    }
    Ok(())
}

/// `_csv`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "_csv",
    doc: "CSV parsing and writing.\n",
    functions: &[
        row(
            "reader",
            "(iterable, /, dialect=<unset>, **kwargs)",
            Effect::Transactional,
            reader::new,
        ),
        row(
            "writer",
            "(fileobj, /, dialect=<unset>, **kwargs)",
            Effect::Transactional,
            writer::new,
        ),
        row(
            "register_dialect",
            "(name, /, dialect=<unset>, **kwargs)",
            Effect::Transactional,
            register_dialect,
        ),
        row("unregister_dialect", "(name)", Effect::Transactional, unregister_dialect),
        row("get_dialect", "(name)", Effect::Transactional, |cx, args| {
            get_dialect(cx, args.get(0))
        }),
        row("list_dialects", "()", Effect::Transactional, list_dialects),
        row("field_size_limit", "(new_limit=<unset>)", Effect::Transactional, field_size_limit),
    ],
    types: &[&dialect::DIALECT],
    exec,
};
