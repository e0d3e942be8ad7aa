//! Subscripts, slices and `in`.

use taipan_objects::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    protocol,
    types::{T, dict, list, set, str_ops},
    value::Value,
};

use crate::{
    code::Instr,
    vm::{
        call::{self, Site},
        frame::Regs,
        state::vm_ref,
    },
};

use super::containers;

/// An item by the fast paths; `UNBOUND` sends the loop to [`load`].
#[inline(always)]
pub fn quick_get<const TX: bool>(cx: &mut Cx, v: Value, key: Value) -> Value {
    let Some(o) = v.obj() else { return Value::UNBOUND };
    let meta = o.meta();
    if meta == vm_ref(cx).list_meta {
        if key.is_small() {
            return list::try_get::<TX>(cx, o, key.as_small());
        }
    } else if meta == vm_ref(cx).dict_meta {
        // An abort shows as unbound; the slow path meets it again.
        return quick_entry(cx, o, key);
    } else if o.kind() == Kind::Tuple && key.is_small() {
        let i = key.as_small();
        if i >= 0 {
            return o.item(i as usize).unwrap_or_default();
        }
    }
    Value::UNBOUND
}

#[inline(never)]
fn quick_entry(cx: &mut Cx, d: Obj, key: Value) -> Value {
    let simple = match key.obj() {
        None => true,
        Some(k) => k.kind() == Kind::Str,
    };
    if simple { dict::get_item(cx, d, key).unwrap_or_default() } else { Value::UNBOUND }
}

/// Stores an item by the fast paths; `false` sends the loop to [`store`].
#[inline(always)]
pub fn quick_set<const TX: bool>(cx: &mut Cx, v: Value, key: Value, new: Value) -> bool {
    let Some(o) = v.obj() else { return false };
    o.meta() == vm_ref(cx).list_meta
        && key.is_small()
        && list::try_set::<TX>(cx, o, key.as_small(), new)
}

/// `LoadItem`, off the fast path.
#[inline(never)]
pub fn load(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<bool> {
    get(cx, regs, i.a, regs.get(i.b), regs.get(i.c))
}

/// `LoadItemI`, off the fast path.
#[inline(never)]
pub fn load_int(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<bool> {
    get(cx, regs, i.a, regs.get(i.b), Value::small(i64::from(i.imm)))
}

fn get(cx: &mut Cx, regs: Regs, dst: u8, v: Value, key: Value) -> Completion<bool> {
    if let Some(o) = v.obj()
        && o.kind() == Kind::Instance
    {
        let f = class::special(o.class(), Special::GetItem);
        if f.obj().is_some_and(|f| f.kind() == Kind::Function) {
            return call::invoke(cx, Site::above(regs, dst), f, v, &[key], &[]);
        }
    }
    let found = protocol::get_item(cx, v, key)?;
    regs.set(dst, found);
    Ok(false)
}

/// `v[key] = new`.
#[inline(never)]
pub fn store(cx: &mut Cx, v: Value, key: Value, new: Value) -> Completion<()> {
    if let Some(o) = v.obj()
        && o.meta() == vm_ref(cx).dict_meta
    {
        return dict::set_item(cx, o, key, new);
    }
    protocol::set_item(cx, v, key, new)
}

/// `del v[key]`.
pub fn delete(cx: &mut Cx, v: Value, key: Value) -> Completion<()> {
    protocol::del_item(cx, v, key)
}

/// A bound of a slice as a number, if it runs no code to get it.
#[inline(always)]
fn quick_bound(v: Value) -> Option<Option<i64>> {
    if v.is_none() {
        return Some(None);
    }
    v.small_int().map(Some)
}

fn bounds(cx: &mut Cx, regs: Regs, at: u8) -> Completion<Value> {
    containers::new_slice(cx, &[regs.get(at), regs.get(at + 1), Value::NONE])
}

/// `LoadSlice`.
pub fn load_slice(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    if let Some(o) = regs.get(i.b).obj()
        && let (Some(start), Some(stop)) =
            (quick_bound(regs.get(i.c)), quick_bound(regs.get(i.c + 1)))
    {
        let quick = if o.meta() == vm_ref(cx).list_meta {
            list::slice(cx, o, [start, stop, None])?.into()
        } else if o.kind() == Kind::Str {
            str_ops::slice_of(cx, o, start, stop)?
        } else {
            Value::UNBOUND
        };
        if quick.is_bound() {
            regs.set(i.a, quick);
            return Ok(());
        }
    }
    let slice = bounds(cx, regs, i.c)?;
    let v = protocol::get_item(cx, regs.get(i.b), slice)?;
    regs.set(i.a, v);
    Ok(())
}

/// `StoreSlice`.
pub fn store_slice(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    if let Some(o) = regs.get(i.a).obj()
        && o.meta() == vm_ref(cx).list_meta
        && let (Some(start), Some(stop)) =
            (quick_bound(regs.get(i.b)), quick_bound(regs.get(i.b + 1)))
        && let Some(items) = regs.get(i.c).obj()
        && (items.meta() == vm_ref(cx).list_meta || items.kind() == Kind::Tuple)
    {
        return list::set_slice(cx, o, start, stop, items.into());
    }
    let slice = bounds(cx, regs, i.b)?;
    protocol::set_item(cx, regs.get(i.a), slice, regs.get(i.c))
}

/// `item in container`.
pub fn contains(cx: &mut Cx, container: Value, item: Value) -> Completion<bool> {
    let Some(o) = container.obj() else { return protocol::contains(cx, container, item) };
    match o.kind() {
        Kind::Tuple => {
            for &x in o.items() {
                if x == item || protocol::identical_or_equal(cx, x, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Kind::FrozenSet => set::has(cx, o, item),
        Kind::Set if o.class() == cx.class(T::set) => set::has(cx, o, item),
        Kind::Dict if o.meta() == vm_ref(cx).dict_meta => dict::contains(cx, o, item),
        _ => protocol::contains(cx, container, item),
    }
}
