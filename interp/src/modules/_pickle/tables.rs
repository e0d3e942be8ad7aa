//! The tables of `copyreg` and `_compat_pickle`.

use taipan_objects::{
    Completion, Cx, Obj, Value, protocol, raise,
    types::{dict, str as string, tuple},
};

/// The dict `name` of a module.
pub(super) fn find(cx: &mut Cx, module: &str, name: &str) -> Completion<Obj> {
    let found = cx.world.import_module(cx, module)?;
    let key = cx.intern(name)?;
    let table = protocol::get_attr(cx, found, key)?;
    match dict::plain(cx, table) {
        Some(d) => Ok(d),
        None => {
            let got = cx.type_name(table);
            raise!(cx, RuntimeError, "{module}.{name} should be a dict, not {got}")
        }
    }
}

/// Module and name of a global after a change between Python 2 and 3; `prefix` says in which direction.
pub(super) fn renamed(
    cx: &mut Cx,
    prefix: &str,
    module: Value,
    name: Value,
) -> Completion<(Value, Value)> {
    let names = format!("{prefix}NAME_MAPPING");
    let table = find(cx, "_compat_pickle", &names)?;
    let key = cx.new_tuple(&[module, name])?;
    if let Some(pair) = dict::get_item(cx, table, key)?.bound() {
        return pair_of(cx, &names, pair);
    }
    let modules = format!("{prefix}IMPORT_MAPPING");
    let table = find(cx, "_compat_pickle", &modules)?;
    match dict::get_item(cx, table, module)?.bound() {
        None => Ok((module, name)),
        Some(new) if string::exact(new).is_some() => Ok((new, name)),
        Some(other) => {
            let got = cx.type_name(other);
            let what = format!("_compat_pickle.{modules} values should be strings");
            raise!(cx, RuntimeError, "{what}, not {got}")
        }
    }
}

fn pair_of(cx: &mut Cx, table: &str, pair: Value) -> Completion<(Value, Value)> {
    let what = format!("_compat_pickle.{table} values should be");
    match tuple::items_of(pair) {
        Some(&[module, name]) => {
            if string::exact(module).is_some() && string::exact(name).is_some() {
                return Ok((module, name));
            }
            let (a, b) = (cx.type_name(module), cx.type_name(name));
            raise!(cx, RuntimeError, "{what} pairs of str, not ({a}, {b})")
        }
        _ => {
            let got = cx.type_name(pair);
            raise!(cx, RuntimeError, "{what} 2-tuples, not {got}")
        }
    }
}
