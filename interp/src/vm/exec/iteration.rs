//! `for` loops and unpacking.

use taipan_objects::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::Args,
    protocol::{self, RootVec},
    raise,
    types::{T, list, native_fn, range, range_iter, tuple},
    value::Value,
};

use crate::{
    code::Instr,
    vm::{
        call::{self, Site},
        exec::{containers, generators},
        frame::{Regs, flag},
        state::vm,
        tracing,
    },
};

/// `GetIter`.
pub fn get_iter(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<bool> {
    let v = regs.get(i.b);
    if let Some(o) = v.obj() {
        if o.kind() == Kind::Generator && o.class() == cx.class(T::generator) {
            regs.set(i.a, v);
            return Ok(false);
        }
        let quick = match o.kind() {
            Kind::List if o.meta() == vm(cx).list_meta => list::iter::new(cx, o)?,
            Kind::Tuple => tuple::new_iter(cx, o)?,
            Kind::Frozen if o.class() == cx.class(T::range) => range::new_iter(cx, o)?,
            _ => Value::UNBOUND,
        };
        if quick.is_bound() {
            regs.set(i.a, quick);
            return Ok(false);
        }
        if o.kind() == Kind::Instance {
            let f = class::special(o.class(), Special::Iter);
            // Generator methods: the frame makes its generator and returns it.
            if let Some(g) = f.obj()
                && g.kind() == Kind::Function
                && crate::vm::function::code(g).has(crate::code::CodeFlags::GENERATOR)
            {
                return call::invoke(cx, Site::above(regs, i.a), f, v, &[], &[]);
            }
        }
    }
    let it = protocol::iter(cx, v)?;
    regs.set(i.a, it);
    Ok(false)
}

/// The next item of a `list_iterator`. Not part of the loop, on whose stack frame the list would stay for the collector to see.
#[inline(never)]
pub fn next_of_list<const TX: bool>(cx: &mut Cx, it: Obj) -> Completion<Value> {
    list::iter::next::<TX>(cx, it)
}

/// The next value of a `range_iterator` in a transaction; as [`next_of_list`].
#[inline(never)]
pub fn next_of_range(cx: &mut Cx, it: Obj) -> Completion<Value> {
    range_iter::advance(cx, it)
}

/// The next item of a `tuple_iterator`; as [`next_of_list`].
#[inline(never)]
pub fn next_of_tuple<const TX: bool>(cx: &mut Cx, it: Obj) -> Completion<Value> {
    tuple::iter_next::<TX>(cx, it)
}

/// The next item for `ForIter`; `UNBOUND` at the end, or when a generator's frame was opened (`Vm::pushed`).
#[inline]
pub fn next_item<const TX: bool>(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<Value> {
    let it = regs.get(i.b);
    let Some(o) = it.obj() else { return not_iterator(cx, it) };
    vm(cx).pushed = Regs::NULL;
    if o.kind() == Kind::Generator {
        return next_of_generator(cx, regs, i, o);
    }
    let f = class::special(o.class(), Special::Next);
    if let Some(g) = f.obj()
        && g.kind() == Kind::Native
    {
        let def = native_fn::def(g);
        cx.native_depth += 1;
        let result = (def.run)(cx, Args(&[it]));
        cx.native_depth -= 1;
        let item = match result {
            Ok(v) => v,
            Err(escape) => end_or(cx, escape)?,
        };
        // Frames that the native opened and left are not the caller's to enter.
        vm(cx).pushed = Regs::NULL;
        return Ok(item);
    }
    if f.is_unbound() {
        return not_iterator(cx, it);
    }
    let item = match vm(cx).tracing.mode {
        0 => protocol::next(cx, it)?.unwrap_or_default(),
        _ => traced_next(cx, regs, f, it)?,
    };
    vm(cx).pushed = Regs::NULL;
    Ok(item)
}

/// The next item of an iterator whose end is told as the exception that it is.
#[cold]
fn traced_next(cx: &mut Cx, regs: Regs, f: Value, it: Value) -> Completion<Value> {
    let escape = match protocol::call::call_unbound(cx, f, it, &[], &[]) {
        Ok(v) => return Ok(v),
        Err(escape) => escape,
    };
    if let Some(e) = escape.exception()
        && class::is_subclass(e.class(), cx.class(T::StopIteration))
    {
        let pc = vm(cx).pc;
        tracing::raised(cx, regs, pc, e, true)?;
    }
    end_or(cx, escape)
}

#[cold]
fn end_or(cx: &mut Cx, escape: taipan_objects::exc::Escape) -> Completion<Value> {
    match escape.exception() {
        Some(e) if class::is_subclass(e.class(), cx.class(T::StopIteration)) => Ok(Value::UNBOUND),
        _ => Err(escape),
    }
}

#[cold]
fn not_iterator(cx: &mut Cx, it: Value) -> Completion<Value> {
    let name = cx.type_name(it);
    raise!(cx, TypeError, "'{name}' object is not an iterator")
}

fn next_of_generator(cx: &mut Cx, regs: Regs, i: &Instr, o: Obj) -> Completion<Value> {
    if o.class() != cx.class(T::generator) {
        return not_iterator(cx, o.into());
    }
    let site = Site { flags: flag::FOR, ..Site::above(regs, i.a) };
    generators::resume(cx, site, o, Value::NONE)?;
    Ok(Value::UNBOUND)
}

/// The items of `v` for unpacking at least `n` (and one more, to see that there are too many).
fn items_of(cx: &mut Cx, v: Value, max: Option<usize>) -> Completion<RootVec> {
    let class = cx.class_of(v);
    if class == cx.class(T::tuple) || class == cx.class(T::list) {
        return protocol::collect(cx, v);
    }
    let iterable = class::special(class, Special::Iter).bound().is_some_and(|f| !f.is_none())
        || class::special(class, Special::GetItem).is_bound();
    if !iterable {
        let name = class::name(class);
        return raise!(cx, TypeError, "cannot unpack non-iterable {name} object");
    }
    let it = protocol::iter(cx, v)?;
    let mut all = RootVec::new();
    while max.is_none_or(|max| all.len() <= max) {
        match protocol::next(cx, it)? {
            Some(item) => all.push(cx, item)?,
            None => break,
        }
    }
    Ok(all)
}

fn exactly(cx: &mut Cx, v: Value, n: usize) -> Completion<RootVec> {
    let all = items_of(cx, v, Some(n))?;
    let got = all.len();
    if got < n {
        return raise!(cx, ValueError, "not enough values to unpack (expected {n}, got {got})");
    }
    if got > n {
        // Only what knows its length tells how many there were.
        let len = match v.obj() {
            Some(o) if matches!(o.kind(), Kind::List | Kind::Tuple | Kind::Dict) => {
                Some(protocol::length(cx, v)?)
            }
            _ => None,
        };
        if let Some(len) = len.filter(|&len| len > n) {
            return raise!(cx, ValueError, "too many values to unpack (expected {n}, got {len})");
        }
        return raise!(cx, ValueError, "too many values to unpack (expected {n})");
    }
    Ok(all)
}

/// `Unpack`.
pub fn unpack(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = regs.get(i.b);
    let n = i.imm as usize;
    if let Some(o) = v.obj()
        && o.kind() == Kind::Tuple
        && o.len() == n
    {
        for (k, &item) in o.items().iter().enumerate() {
            regs.set(i.a + k as u8, item);
        }
        return Ok(());
    }
    if let Some(o) = v.obj()
        && o.meta() == vm(cx).list_meta
        && list::len(cx, o)? == n
    {
        for k in 0..n {
            let item = list::get(cx, o, k as i64)?;
            regs.set(i.a + k as u8, item);
        }
        return Ok(());
    }
    let all = exactly(cx, v, n)?;
    for (k, &item) in all.as_slice().iter().enumerate() {
        regs.set(i.a + k as u8, item);
    }
    Ok(())
}

/// `UnpackTuple`.
pub fn unpack_tuple(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let all = exactly(cx, regs.get(i.b), i.imm as usize)?;
    let tuple = cx.new_tuple(all.as_slice())?;
    regs.set(i.a, tuple);
    Ok(())
}

fn starred(cx: &mut Cx, v: Value, before: usize, after: usize) -> Completion<RootVec> {
    let all = items_of(cx, v, None)?;
    let (least, got) = (before + after, all.len());
    if got < least {
        return raise!(
            cx,
            ValueError,
            "not enough values to unpack (expected at least {least}, got {got})"
        );
    }
    let middle = containers::new_list(cx, &all.as_slice()[before..got - after])?;
    let mut results = RootVec::from_slice(cx, &all.as_slice()[..before])?;
    results.push(cx, middle)?;
    for &item in &all.as_slice()[got - after..] {
        results.push(cx, item)?;
    }
    Ok(results)
}

/// `UnpackStar`.
pub fn unpack_star(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let results = starred(cx, regs.get(i.b), i.c as usize, i.imm as usize)?;
    for (k, &item) in results.as_slice().iter().enumerate() {
        regs.set(i.a + k as u8, item);
    }
    Ok(())
}

/// `UnpackStarTuple`.
pub fn unpack_star_tuple(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let results = starred(cx, regs.get(i.b), i.c as usize, i.imm as usize)?;
    let tuple = cx.new_tuple(results.as_slice())?;
    regs.set(i.a, tuple);
    Ok(())
}
