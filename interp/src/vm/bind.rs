//! Binding the arguments of a call to a Python function's parameters, with CPython's error texts.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::Obj,
    raise,
    types::{dict, str as string},
    value::Value,
};

use crate::{
    code::CodeFlags,
    vm::{call::Values, frame::Regs, function, loaded::LoadedCode},
};

/// Puts `args` (the last `kwnames.len()` of them keyword values) into the parameters' registers of a frame to be.
///
/// # Errors
/// `TypeError` when they do not fit.
pub fn arguments(
    cx: &mut Cx,
    f: Obj,
    code: &LoadedCode,
    regs: Regs,
    args: &[Value],
    kwnames: &[Value],
) -> Completion<()> {
    let (positional, keywords) = args.split_at(args.len().saturating_sub(kwnames.len()));
    if code.plain_args as usize == positional.len() && keywords.is_empty() {
        for (r, &v) in positional.iter().enumerate() {
            regs.set_word(r, v);
        }
        return Ok(());
    }
    let n_args = code.unit.n_args as usize;
    let n_named = n_args + code.unit.n_kwonly as usize;
    // A copy: `args` may lie where the registers are.
    let mut bound: Values = Values::from_elem(Value::UNBOUND, n_named);
    let n = positional.len().min(n_args);
    bound[..n].copy_from_slice(&positional[..n]);
    let mut star = Value::UNBOUND;
    if code.has(CodeFlags::VARARGS) {
        star = cx.new_tuple(&positional[n..])?;
    } else if code.has(CodeFlags::NAMESPACE) {
        let globals = f.raw(function::slot::GLOBALS);
        regs.set_word(0, positional.first().copied().unwrap_or(globals));
        return Ok(());
    } else if positional.len() > n_args {
        return too_many(cx, f, code, positional.len(), kwnames);
    }
    let map = if code.has(CodeFlags::VARKEYWORDS) { Some(dict::new(cx)?) } else { None };
    for (&name, &value) in kwnames.iter().zip(keywords) {
        keyword(cx, f, code, &mut bound, map, name, value, kwnames)?;
    }
    defaults(cx, f, code, &mut bound)?;
    for (r, &v) in bound.iter().enumerate() {
        regs.set_word(r, v);
    }
    let mut next = n_named;
    if star.is_bound() {
        regs.set_word(next, star);
        next += 1;
    }
    if let Some(map) = map {
        regs.set_word(next, map.into());
    }
    Ok(())
}

fn keyword(
    cx: &mut Cx,
    f: Obj,
    code: &LoadedCode,
    bound: &mut [Value],
    map: Option<Obj>,
    name: Value,
    value: Value,
    kwnames: &[Value],
) -> Completion<()> {
    let n_posonly = code.unit.n_posonly as usize;
    let same =
        |p: &Value| *p == name || string::text(*p).is_some_and(|t| string::text(name) == Some(t));
    match code.param_names[..bound.len()].iter().position(same) {
        Some(r) if r >= n_posonly => {
            if bound[r].is_bound() {
                let (function, name) = (qualname(f), string::text(name).unwrap_or("?"));
                return raise!(
                    cx,
                    TypeError,
                    "{function}() got multiple values for argument '{name}'"
                );
            }
            bound[r] = value;
            Ok(())
        }
        found => match map {
            Some(map) => dict::set_item(cx, map, name, value),
            None if found.is_some() => posonly_by_name(cx, f, code, kwnames),
            None => unexpected(cx, f, code, name),
        },
    }
}

/// The `__qualname__` shown in error texts.
pub fn qualname(f: Obj) -> &'static str {
    string::text(f.raw(function::slot::QUALNAME)).unwrap_or("?")
}

#[cold]
fn posonly_by_name(cx: &mut Cx, f: Obj, code: &LoadedCode, kwnames: &[Value]) -> Completion<()> {
    let posonly = &code.param_names[..code.unit.n_posonly as usize];
    let names: Vec<&str> =
        posonly.iter().filter(|p| kwnames.contains(p)).filter_map(|p| string::text(*p)).collect();
    let (function, names) = (qualname(f), names.join(", "));
    raise!(
        cx,
        TypeError,
        "{function}() got some positional-only arguments passed as keyword arguments: '{names}'"
    )
}

#[cold]
fn unexpected(cx: &mut Cx, f: Obj, code: &LoadedCode, name: Value) -> Completion<()> {
    let (function, name) = (qualname(f), string::text(name).unwrap_or("?"));
    let first = code.unit.n_posonly as usize;
    let last = (code.unit.n_args + code.unit.n_kwonly) as usize;
    let candidates: Vec<&str> =
        code.param_names[first..last].iter().filter_map(|p| string::text(*p)).collect();
    match crate::traceback::closest(name, &candidates) {
        Some(best) => raise!(
            cx,
            TypeError,
            "{function}() got an unexpected keyword argument '{name}'. Did you mean '{best}'?"
        ),
        None => raise!(cx, TypeError, "{function}() got an unexpected keyword argument '{name}'"),
    }
}

fn defaults(cx: &mut Cx, f: Obj, code: &LoadedCode, bound: &mut [Value]) -> Completion<()> {
    let n_args = code.unit.n_args as usize;
    if bound[..n_args].iter().any(|v| v.is_unbound()) {
        let given = f.raw(function::slot::DEFAULTS).obj().map_or(&[][..], Obj::items);
        let first = n_args.saturating_sub(given.len());
        for r in first..n_args {
            if bound[r].is_unbound() {
                bound[r] = given[given.len() - (n_args - r)];
            }
        }
        if bound[..n_args].iter().any(|v| v.is_unbound()) {
            return missing(cx, f, code, bound, 0..n_args, "positional");
        }
    }
    let mut incomplete = false;
    for (r, slot) in bound.iter_mut().enumerate().skip(n_args) {
        if slot.is_bound() {
            continue;
        }
        if let Some(map) = f.raw(function::slot::KWDEFAULTS).obj() {
            *slot = dict::get_item_name(cx, map, code.param_names[r])?;
        }
        incomplete |= slot.is_unbound();
    }
    if incomplete {
        return missing(cx, f, code, bound, n_args..bound.len(), "keyword-only");
    }
    Ok(())
}

#[cold]
fn missing(
    cx: &mut Cx,
    f: Obj,
    code: &LoadedCode,
    bound: &[Value],
    range: std::ops::Range<usize>,
    kind: &str,
) -> Completion<()> {
    let unbound = range.filter(|&r| bound[r].is_unbound());
    let names: Vec<String> = unbound
        .map(|r| format!("'{}'", string::text(code.param_names[r]).unwrap_or("?")))
        .collect();
    let list = match names.as_slice() {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [many @ .., last] => format!("{}, and {last}", many.join(", ")),
        [] => String::new(),
    };
    let (function, n, s) = (qualname(f), names.len(), if names.len() == 1 { "" } else { "s" });
    raise!(cx, TypeError, "{function}() missing {n} required {kind} argument{s}: {list}")
}

#[cold]
fn too_many(
    cx: &mut Cx,
    f: Obj,
    code: &LoadedCode,
    given: usize,
    kwnames: &[Value],
) -> Completion<()> {
    let n_args = code.unit.n_args as usize;
    let n_defaults = f.raw(function::slot::DEFAULTS).obj().map_or(0, Obj::len);
    let kwonly = &code.param_names[n_args..n_args + code.unit.n_kwonly as usize];
    let n_kwonly_given = kwnames.iter().filter(|k| kwonly.contains(k)).count();
    let function = qualname(f);
    let s = |n: usize| if n == 1 { "" } else { "s" };
    let takes = if n_defaults > 0 {
        format!("from {} to {n_args} positional arguments", n_args.saturating_sub(n_defaults))
    } else {
        format!("{n_args} positional argument{}", s(n_args))
    };
    if n_kwonly_given > 0 {
        return raise!(
            cx,
            TypeError,
            "{function}() takes {takes} but {given} positional argument{} (and {n_kwonly_given} keyword-only argument{}) were given",
            s(given),
            s(n_kwonly_given)
        );
    }
    let were = if given == 1 { "was" } else { "were" };
    raise!(cx, TypeError, "{function}() takes {takes} but {given} {were} given")
}
