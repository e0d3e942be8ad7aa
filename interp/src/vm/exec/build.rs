//! Displays, comprehensions' accumulators, formatted strings, template strings.

use taipan_objects::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    protocol, raise,
    types::{T, dict, list, str as string, str_ops, template},
    value::Value,
};

use crate::{
    code::{Instr, operand::conversion},
    vm::{bind, frame::Regs},
};

use super::containers;

/// Whether `iter(v)` can work.
pub fn is_iterable(cx: &Cx, v: Value) -> bool {
    let class = cx.class_of(v);
    class::special(class, Special::Iter).bound().is_some_and(|f| !f.is_none())
        || (class::special(class, Special::Iter).is_unbound()
            && class::special(class, Special::GetItem).is_bound())
}

/// How error texts about arguments name the callable: `f()`, or what it is.
pub fn callable_text(cx: &mut Cx, f: Value) -> String {
    if let Some(o) = f.obj()
        && o.kind() == Kind::Function
    {
        let module = function_module(cx, o);
        return format!("{module}{}()", bind::qualname(o));
    }
    let qualname = cx.name(N::qualname);
    let name = match protocol::get_attr_opt(cx, f, qualname) {
        Ok(Some(v)) => string::text(v).map(str::to_owned),
        _ => None,
    };
    let module = cx.name(N::module);
    let module = match protocol::get_attr_opt(cx, f, module) {
        Ok(Some(v)) => string::text(v).map(str::to_owned),
        _ => None,
    };
    match (name, module.as_deref()) {
        (Some(name), None | Some("builtins")) => format!("{name}()"),
        (Some(name), Some(module)) => format!("{module}.{name}()"),
        (None, _) => protocol::convert::repr_text(cx, f).unwrap_or_else(|_| "object".to_owned()),
    }
}

fn function_module(cx: &mut Cx, f: Obj) -> String {
    let Some(globals) = f.raw(crate::vm::function::slot::GLOBALS).obj() else {
        return String::new();
    };
    let name = cx.name(N::name);
    match dict::get_item_name(cx, globals, name) {
        Ok(v) => match string::text(v) {
            Some("builtins") | None => String::new(),
            Some(module) => format!("{module}."),
        },
        Err(_) => String::new(),
    }
}

/// `BuildTuple`.
pub fn tuple(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = cx.new_tuple(regs.window(i.b, i.imm as usize))?;
    regs.set(i.a, v);
    Ok(())
}

/// `BuildList`.
pub fn list(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = containers::new_list(cx, regs.window(i.b, i.imm as usize))?;
    regs.set(i.a, v);
    Ok(())
}

/// `BuildSet`.
pub fn set(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = containers::new_set(cx, regs.window(i.b, i.imm as usize))?;
    regs.set(i.a, v);
    Ok(())
}

/// `BuildMap`.
pub fn map(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let d = dict::new(cx)?;
    for pair in regs.window(i.b, i.imm as usize * 2).chunks_exact(2) {
        dict::set_item(cx, d, pair[0], pair[1])?;
    }
    regs.set(i.a, d.into());
    Ok(())
}

/// `BuildSlice`.
pub fn slice(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = containers::new_slice(cx, regs.window(i.b, 3))?;
    regs.set(i.a, v);
    Ok(())
}

/// `BuildString`.
pub fn string(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let parts = regs.window(i.b, i.imm as usize);
    let mut bytes = 0_usize;
    let mut chars = 0_usize;
    for part in parts {
        let Some(o) = string::exact(*part) else { return raise!(cx, TypeError, "string expected") };
        bytes += string::bytes_of(o).len();
        chars += string::n_chars(o);
    }
    let made = string::new_uninit(cx, bytes, chars)?;
    let mut rest = string::data_mut(made);
    for part in parts {
        if let Some(o) = string::exact(*part) {
            let text = string::bytes_of(o);
            let (place, behind) = rest.split_at_mut(text.len());
            place.copy_from_slice(text);
            rest = behind;
        }
    }
    let v = Value::from(made);
    regs.set(i.a, v);
    Ok(())
}

/// `ListAppend`.
#[inline]
pub fn list_append(cx: &mut Cx, list: Value, item: Value) -> Completion<()> {
    containers::push(cx, list, item)
}

/// `ListExtend`.
pub fn list_extend(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = regs.get(i.b);
    // An `__iter__` that is None says so itself.
    if !is_iterable(cx, v) && protocol::find_special(cx, v, Special::Iter).is_none() {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "Value after * must be an iterable, not {name}");
    }
    match regs.get(i.a).obj() {
        Some(list) => list::extend(cx, list, v),
        None => Ok(()),
    }
}

/// `ListToTuple`.
pub fn list_to_tuple(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let all = protocol::collect(cx, regs.get(i.b))?;
    let v = cx.new_tuple(all.as_slice())?;
    regs.set(i.a, v);
    Ok(())
}

/// `SetAdd`.
pub fn set_add(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    containers::add(cx, regs.get(i.a), regs.get(i.b))
}

/// `SetUpdate`.
pub fn set_update(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let set = regs.get(i.a);
    protocol::for_each(cx, regs.get(i.b), |cx, item| containers::add(cx, set, item))
}

/// `MapAdd`.
pub fn map_add(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    match regs.get(i.a).obj() {
        Some(d) => dict::set_item(cx, d, regs.get(i.b), regs.get(i.c)),
        None => Ok(()),
    }
}

/// The entries of any mapping: key, value, ...
fn entries(cx: &mut Cx, v: Value) -> Completion<Option<protocol::RootVec>> {
    // A subclass that does not change iteration is read as the dict it is.
    let plain = class::special(cx.class(T::dict), Special::Iter);
    if let Some(d) = dict::exact_kind(v)
        && class::special(d.class(), Special::Iter) == plain
    {
        return dict::items(cx, d).map(Some);
    }
    let keys = cx.name(N::keys);
    let Some(keys) = protocol::get_attr_opt(cx, v, keys)? else { return Ok(None) };
    let keys = protocol::call(cx, keys, &[])?;
    let mut all = protocol::RootVec::new();
    protocol::for_each(cx, keys, |cx, key| {
        let value = protocol::get_item(cx, v, key)?;
        all.push(cx, key)?;
        all.push(cx, value)
    })?;
    Ok(Some(all))
}

/// `DictUpdate`.
pub fn dict_update(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let (Some(d), v) = (regs.get(i.a).obj(), regs.get(i.b)) else { return Ok(()) };
    let Some(all) = entries(cx, v)? else {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "'{name}' object is not a mapping");
    };
    for pair in all.as_slice().chunks_exact(2) {
        dict::set_item(cx, d, pair[0], pair[1])?;
    }
    Ok(())
}

/// `DictMerge`.
pub fn dict_merge(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let (Some(d), v, f) = (regs.get(i.a).obj(), regs.get(i.b), regs.get(i.c)) else {
        return Ok(());
    };
    let Some(all) = entries(cx, v)? else {
        let (what, name) = (callable_text(cx, f), cx.type_name(v));
        return raise!(cx, TypeError, "{what} argument after ** must be a mapping, not {name}");
    };
    for pair in all.as_slice().chunks_exact(2) {
        if string::wtf8(pair[0]).is_none() {
            return raise!(cx, TypeError, "keywords must be strings");
        }
        if dict::get_item(cx, d, pair[0])?.is_bound() {
            let what = callable_text(cx, f);
            let key = protocol::convert::str_text(cx, pair[0])?;
            return raise!(
                cx,
                TypeError,
                "{what} got multiple values for keyword argument '{key}'"
            );
        }
        dict::set_item(cx, d, pair[0], pair[1])?;
    }
    Ok(())
}

fn converted(cx: &mut Cx, v: Value, conv: u8) -> Completion<Value> {
    match conv {
        conversion::STR => protocol::str_of(cx, v),
        conversion::REPR => protocol::repr(cx, v),
        conversion::ASCII => str_ops::ascii(cx, v),
        _ => Ok(v),
    }
}

/// `format(v, spec)` of any value.
///
/// # Errors
/// `TypeError` when `__format__` gives no string, and whatever it raises.
pub fn format(cx: &mut Cx, v: Value, spec: Value) -> Completion<Value> {
    match protocol::call_special(cx, v, Special::Format, &[spec])? {
        Some(text) if string::wtf8(text).is_some() => Ok(text),
        Some(other) => {
            let got = cx.type_name(other);
            raise!(cx, TypeError, "__format__ must return a str, not {got}")
        }
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "Type {name} doesn't define __format__")
        }
    }
}

/// `FormatSimple`.
pub fn format_simple(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = converted(cx, regs.get(i.b), i.c)?;
    let text = if v.obj().is_some_and(|o| o.kind() == Kind::Str) {
        v
    } else if v.is_small() {
        protocol::str_of(cx, v)?
    } else {
        let spec = cx.name(N::empty);
        format(cx, v, spec)?
    };
    regs.set(i.a, text);
    Ok(())
}

/// `FormatSpec`.
pub fn format_spec(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = converted(cx, regs.get(i.b), i.imm as u8)?;
    let text = format(cx, v, regs.get(i.c))?;
    regs.set(i.a, text);
    Ok(())
}

/// `Convert`.
pub fn convert(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = converted(cx, regs.get(i.b), i.c)?;
    regs.set(i.a, v);
    Ok(())
}

/// `BuildInterpolation`.
pub fn interpolation(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let conv = match i.c {
        conversion::STR => cx.intern("s")?,
        conversion::REPR => cx.intern("r")?,
        conversion::ASCII => cx.intern("a")?,
        _ => Value::NONE,
    };
    let parts = regs.window(i.b, 3);
    let spec = parts[2].bound().unwrap_or_else(|| cx.name(N::empty));
    let v = template::new_interpolation(cx, parts[0], parts[1], conv, spec)?;
    regs.set(i.a, v);
    Ok(())
}

/// `BuildTemplate`.
pub fn template(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = template::new_template(cx, regs.get(i.b), regs.get(i.c))?;
    regs.set(i.a, v);
    Ok(())
}
