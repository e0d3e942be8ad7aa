//! `dict`: provisional association list behind the final interface.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::Obj,
    protocol::{RootVec, identical_or_equal},
    types::T,
    value::Value,
};

const BUF: usize = 2;
const LEN: usize = 3;

/// An empty dict.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx) -> Completion<Obj> {
    let d = cx.new_object(T::dict)?;
    d.init(LEN, Value::small(0));
    Ok(d)
}

fn snapshot(cx: &mut Cx, d: Obj) -> Completion<(Option<Obj>, usize)> {
    cx.bracket(d, || (d.raw(BUF).obj(), d.raw(LEN).as_small() as usize))
}

/// Number of entries.
///
/// # Errors
/// The attempt's abort.
pub fn len(cx: &mut Cx, d: Obj) -> Completion<usize> {
    Ok(snapshot(cx, d)?.1)
}

fn find(cx: &mut Cx, d: Obj, key: Value) -> Completion<Option<usize>> {
    let (buf, len) = snapshot(cx, d)?;
    let Some(buf) = buf else { return Ok(None) };
    for i in 0..len {
        let k = cx.read_item(d, buf, i * 2)?;
        if identical_or_equal(cx, k, key)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

/// `d[key]`, or `UNBOUND`.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
pub fn get_item(cx: &mut Cx, d: Obj, key: Value) -> Completion<Value> {
    match (find(cx, d, key)?, snapshot(cx, d)?.0) {
        (Some(i), Some(buf)) => cx.read_item(d, buf, i * 2 + 1),
        _ => Ok(Value::UNBOUND),
    }
}

/// `d[name]` for an interned name, or `UNBOUND`. Runs no Python code.
///
/// # Errors
/// The attempt's abort.
pub fn get_item_name(cx: &mut Cx, d: Obj, name: Value) -> Completion<Value> {
    get_item(cx, d, name)
}

/// `d[key] = value`.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
pub fn set_item(cx: &mut Cx, d: Obj, key: Value, value: Value) -> Completion<()> {
    let found = find(cx, d, key)?;
    cx.claim(d)?;
    let len = d.raw(LEN).as_small() as usize;
    let i = found.unwrap_or(len);
    let mut buf = d.raw(BUF).obj();
    if buf.is_none_or(|b| i * 2 + 2 > b.len()) {
        let grown = cx.new_buf((len * 4).max(8))?;
        for k in 0..len * 2 {
            grown.init_item(k, buf.and_then(|b| b.item(k)).unwrap_or_default());
        }
        cx.write(d, BUF, grown.into());
        buf = Some(grown);
    }
    if let Some(b) = buf {
        cx.write_item(d, b, i * 2, key);
        cx.write_item(d, b, i * 2 + 1, value);
    }
    if i == len {
        cx.write(d, LEN, Value::small(len as i64 + 1));
    }
    Ok(())
}

/// `del d[key]`; says whether it was there.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
pub fn del_item(cx: &mut Cx, d: Obj, key: Value) -> Completion<bool> {
    let Some(i) = find(cx, d, key)? else { return Ok(false) };
    cx.claim(d)?;
    let len = d.raw(LEN).as_small() as usize;
    if let Some(b) = d.raw(BUF).obj() {
        for k in i * 2..len * 2 - 2 {
            let next = b.item(k + 2).unwrap_or_default();
            cx.write_item(d, b, k, next);
        }
    }
    cx.write(d, LEN, Value::small(len as i64 - 1));
    Ok(true)
}

/// All entries: key, value, key, value, ...
///
/// # Errors
/// The attempt's abort.
pub fn items(cx: &mut Cx, d: Obj) -> Completion<RootVec> {
    let (buf, len) = snapshot(cx, d)?;
    let mut all = RootVec::new();
    if let Some(buf) = buf {
        for i in 0..len * 2 {
            let v = cx.read_item(d, buf, i)?;
            all.push(cx, v)?;
        }
    }
    Ok(all)
}
