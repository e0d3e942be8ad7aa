//! `_pickle`: the picklers of `pickle` in Rust.
//!
//! One call of `dump` or `load` keeps its state on the native stack; what outlives it, settings and memo, lies in slots of
//! the pickler.
//!
//! Reading order: `opcodes.rs`, `output.rs`, `memo.rs`, `pickler/`, `unpickler/`, `proxy.rs`; beside them `buffer.rs`,
//! `tables.rs` and `errors.rs`.

mod buffer;
mod errors;
mod memo;
mod opcodes;
mod output;
mod pickler;
mod proxy;
mod tables;
mod unpickler;

use taipan_objects::{
    Args, Completion, Cx, Kind, Obj, Value,
    native::NativeFn,
    protocol::attr,
    rows,
    types::{native_fn, str as string},
};

use super::ModuleDef;

/// `_pickle`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_pickle",
    doc: "Optimized C implementation for the Python pickle module.",
    functions: rows! {
        "dump" "(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)" pickler::dump_to,
            "Write a pickled representation of obj to the open file object file.\n\nThis is equivalent to ``Pickler(file, protocol).dump(obj)``, but may\nbe more efficient.";
        "dumps" "(obj, protocol=None, *, fix_imports=True, buffer_callback=None)" pickler::dumps,
            "Return the pickled representation of the object as a bytes object.";
        "load" "(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())" unpickler::load_from,
            "Read and return an object from the pickle data stored in a file.\n\nThis is equivalent to ``Unpickler(file).load()``, but may be more\nefficient.";
        "loads" "(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())" unpickler::loads,
            "Read and return an object from the given pickle data.";
    },
    types: &[&buffer::PICKLE_BUFFER, &pickler::PICKLER, &unpickler::UNPICKLER],
    exec: errors::make,
};

/// `__getattribute__` of classes with a method `hook` that instances can replace, in `slot`.
fn get_attribute(cx: &mut Cx, args: Args<'_>, hook: &str, slot: usize) -> Completion<Value> {
    let name = attr::name_arg(cx, args.get(1))?;
    if string::text(name) == Some(hook)
        && let Some(v) = cx.read(args.this_obj(), slot)?.bound()
    {
        return Ok(v);
    }
    attr::plain_get(cx, args.this(), name)
}

/// `__setattr__` of such classes, and `__delattr__`, which gives no value.
fn set_attribute(cx: &mut Cx, args: Args<'_>, hook: &str, slot: usize) -> Completion<Value> {
    let name = attr::name_arg(cx, args.get(1))?;
    let v = args.get(2);
    if string::text(name) == Some(hook) {
        cx.set(args.this_obj(), slot, v)?;
        return Ok(Value::NONE);
    }
    let class = cx.class_of(args.this());
    attr::generic_set(cx, args.this(), class, name, v)?;
    Ok(Value::NONE)
}

/// Whether `f` is the native method `run` of `owner` itself.
fn is_own(f: Value, owner: Obj, run: NativeFn) -> bool {
    f.obj().is_some_and(|o| {
        o.kind() == Kind::Native
            && o.raw(native_fn::slot::SELF) == owner.into()
            && std::ptr::fn_addr_eq(native_fn::def(o).run, run)
    })
}
