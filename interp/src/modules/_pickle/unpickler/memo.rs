//! The memo of unpicklers: values by their numbers.
//!
//! - Holds: the owner is claimed before its memo is read or written.

use taipan_objects::{Completion, Cx, Obj, Value, protocol::RootVec, types::dict};

/// A buffer, unbound at first.
const DENSE: usize = 2;
/// How many numbers have a value.
pub(in super::super) const LEN: usize = 3;
/// A dict for numbers far beyond all others, which only a made-up pickle has; unbound at first.
const FAR: usize = 4;

/// Numbers up to which the buffer may have holes.
const HOLES: usize = 1 << 12;

fn dense(o: Obj, n: usize) -> Option<Value> {
    o.raw(DENSE).obj().and_then(|buf| buf.item(n)).and_then(Value::bound)
}

/// The value with number `n`.
#[inline]
pub(super) fn get(cx: &mut Cx, o: Obj, n: usize) -> Completion<Option<Value>> {
    match dense(o, n) {
        Some(v) => Ok(Some(v)),
        None => far(cx, o, n),
    }
}

#[cold]
fn far(cx: &mut Cx, o: Obj, n: usize) -> Completion<Option<Value>> {
    let (Some(table), Ok(key)) = (o.raw(FAR).obj(), i64::try_from(n)) else { return Ok(None) };
    let key = cx.new_int(key)?;
    dict::get_item(cx, table, key).map(Value::bound)
}

fn len(o: Obj) -> usize {
    o.raw(LEN).small_int().unwrap_or(0) as usize
}

/// Gives `v` the number `n`.
pub(in super::super) fn put(cx: &mut Cx, o: Obj, n: usize, v: Value) -> Completion<()> {
    cx.claim(o)?;
    let len = len(o);
    let is_new = match o.raw(FAR).obj() {
        None => dense(o, n).is_none(),
        Some(_) => get(cx, o, n)?.is_none(),
    };
    if is_new {
        cx.write(o, LEN, Value::small(len as i64 + 1));
    }
    if n >= HOLES && n / 4 > len {
        return put_far(cx, o, n, v);
    }
    let buf = match o.raw(DENSE).obj() {
        Some(buf) if n < buf.len() => buf,
        old => {
            let grown = cx.new_buf(((n + 1) * 2).max(32))?;
            for (i, &v) in old.map_or(&[][..], Obj::items).iter().enumerate() {
                grown.init_item(i, v);
            }
            cx.write(o, DENSE, grown.into());
            grown
        }
    };
    cx.write_item(o, buf, n, v);
    Ok(())
}

fn put_far(cx: &mut Cx, o: Obj, n: usize, v: Value) -> Completion<()> {
    if dense(o, n).is_some()
        && let Some(buf) = o.raw(DENSE).obj()
    {
        cx.write_item(o, buf, n, v);
        return Ok(());
    }
    let table = match o.raw(FAR).obj() {
        Some(table) => table,
        None => {
            let table = dict::new(cx)?;
            cx.write(o, FAR, table.into());
            table
        }
    };
    let key = cx.new_int(n as i64)?;
    dict::set_item(cx, table, key, v)
}

/// Gives `v` the next number.
#[inline]
pub(super) fn push(cx: &mut Cx, o: Obj, v: Value) -> Completion<()> {
    put(cx, o, len(o), v)
}

/// Forgets everything.
pub(in super::super) fn clear(cx: &mut Cx, o: Obj) -> Completion<()> {
    cx.claim(o)?;
    cx.write(o, DENSE, Value::UNBOUND);
    cx.write(o, FAR, Value::UNBOUND);
    cx.write(o, LEN, Value::small(0));
    Ok(())
}

/// A copy: number, value, number, value, ...
pub(in super::super) fn pairs(cx: &mut Cx, o: Obj) -> Completion<RootVec> {
    cx.claim(o)?;
    let mut all = RootVec::new();
    for (n, v) in o.raw(DENSE).obj().map_or(&[][..], Obj::items).iter().enumerate() {
        if v.is_bound() {
            all.push(cx, Value::small(n as i64))?;
            all.push(cx, *v)?;
        }
    }
    if let Some(table) = o.raw(FAR).obj() {
        for &v in dict::items(cx, table)?.as_slice() {
            all.push(cx, v)?;
        }
    }
    Ok(all)
}
