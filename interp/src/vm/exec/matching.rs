//! `match` statements.

use taipan_objects::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::N,
    protocol::{self, RootVec},
    raise,
    types::{T, dict, str as string},
    value::Value,
};

use crate::{code::Instr, vm::frame::Regs};

/// `GetLen`.
pub fn get_len(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let n = protocol::length(cx, regs.get(i.b))?;
    regs.set(i.a, cx.new_int(n as i64)?);
    Ok(())
}

/// `MatchSequence`.
pub fn is_sequence(cx: &mut Cx, regs: Regs, i: &Instr) {
    let class = cx.class_of(regs.get(i.b));
    regs.set(i.a, Value::bool(class::has_flag(class, flag::SEQUENCE)));
}

/// `MatchMapping`.
pub fn is_mapping(cx: &mut Cx, regs: Regs, i: &Instr) {
    let class = cx.class_of(regs.get(i.b));
    regs.set(i.a, Value::bool(class::has_flag(class, flag::MAPPING)));
}

/// `MatchKeys`.
pub fn keys(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let (subject, keys) = (regs.get(i.b), regs.get(i.c));
    let keys = keys.obj().map_or(&[][..], Obj::items);
    let v = key_values(cx, subject, keys)?;
    regs.set(i.a, v);
    Ok(())
}

fn key_values(cx: &mut Cx, subject: Value, keys: &[Value]) -> Completion<Value> {
    for (k, &key) in keys.iter().enumerate() {
        for &earlier in &keys[..k] {
            if protocol::identical_or_equal(cx, earlier, key)? {
                let text = protocol::convert::repr_text(cx, key)?;
                return raise!(cx, ValueError, "mapping pattern checks duplicate key ({text})");
            }
        }
    }
    let mut values = RootVec::new();
    let exact = subject.obj().filter(|d| d.class() == cx.class(T::dict));
    let get = match exact {
        Some(_) => Value::NONE,
        None => {
            let name = cx.name(N::get);
            protocol::get_attr(cx, subject, name)?
        }
    };
    let sentinel: Value = cx.new_object(T::object)?.into();
    for &key in keys {
        let v = match exact {
            Some(d) => dict::get_item(cx, d, key)?,
            None => protocol::call(cx, get, &[key, sentinel])?,
        };
        if v.is_unbound() || v == sentinel {
            return Ok(Value::NONE);
        }
        values.push(cx, v)?;
    }
    cx.new_tuple(values.as_slice())
}

/// Builtin classes whose single positional subpattern is the subject itself.
const SELF_MATCHING: [T; 11] = [
    T::bool,
    T::bytearray,
    T::bytes,
    T::dict,
    T::float,
    T::frozenset,
    T::int,
    T::list,
    T::set,
    T::str,
    T::tuple,
];

/// `MatchClass`.
pub fn class(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let parts = regs.window(i.b, 3);
    let (subject, class, names) = (parts[0], parts[1], parts[2]);
    let names = names.obj().map_or(&[][..], Obj::items);
    let v = class_values(cx, subject, class, names, i.imm as usize)?;
    regs.set(i.a, v);
    Ok(())
}

fn class_values(
    cx: &mut Cx,
    subject: Value,
    class: Value,
    names: &[Value],
    n: usize,
) -> Completion<Value> {
    let Some(c) = class.obj().filter(|c| c.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "called match pattern must be a class");
    };
    if !protocol::is_instance(cx, subject, class)? {
        return Ok(Value::NONE);
    }
    let mut values = RootVec::new();
    let mut seen: Vec<Value> = Vec::new();
    if n > 0 {
        let name = cx.name(N::match_args);
        let given = protocol::get_attr_opt(cx, class, name)?;
        let args: &[Value] = match given {
            Some(args) if cx.class_of(args) == cx.class(T::tuple) => {
                args.obj().map_or(&[][..], Obj::items)
            }
            Some(args) => {
                let (owner, got) = (class::name(c), cx.type_name(args));
                return raise!(cx, TypeError, "{owner}.__match_args__ must be a tuple (got {got})");
            }
            None => &[],
        };
        let matches_self =
            given.is_none() && SELF_MATCHING.iter().any(|&t| class::is_subclass(c, cx.class(t)));
        let allowed = if matches_self { 1 } else { args.len() };
        if n > allowed {
            let (owner, plural) = (class::name(c), if allowed == 1 { "" } else { "s" });
            return raise!(
                cx,
                TypeError,
                "{owner}() accepts {allowed} positional sub-pattern{plural} ({n} given)"
            );
        }
        if matches_self {
            values.push(cx, subject)?;
        } else {
            for &arg in &args[..n] {
                if string::text(arg).is_none() {
                    let got = cx.type_name(arg);
                    return raise!(
                        cx,
                        TypeError,
                        "__match_args__ elements must be strings (got {got})"
                    );
                }
                if !attribute(cx, subject, c, arg, &mut seen, &mut values)? {
                    return Ok(Value::NONE);
                }
            }
        }
    }
    for &name in names {
        if !attribute(cx, subject, c, name, &mut seen, &mut values)? {
            return Ok(Value::NONE);
        }
    }
    cx.new_tuple(values.as_slice())
}

fn attribute(
    cx: &mut Cx,
    subject: Value,
    class: Obj,
    name: Value,
    seen: &mut Vec<Value>,
    values: &mut RootVec,
) -> Completion<bool> {
    let name = string::interned(cx, name)?;
    if seen.contains(&name) {
        let (owner, text) = (class::name(class), string::text(name).unwrap_or("?"));
        return raise!(cx, TypeError, "{owner}() got multiple sub-patterns for attribute '{text}'");
    }
    seen.push(name);
    match protocol::get_attr_opt(cx, subject, name)? {
        Some(v) => {
            values.push(cx, v)?;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// `MatchRest`.
pub fn rest(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let keys = regs.get(i.c).obj().map_or(&[][..], Obj::items);
    let class = cx.class(T::dict);
    let copy = protocol::call(cx, class.into(), &[regs.get(i.b)])?;
    if let Some(d) = copy.obj() {
        for &key in keys {
            dict::del_item(cx, d, key)?;
        }
    }
    regs.set(i.a, copy);
    Ok(())
}
