//! `dict`: insertion-ordered hash table.
//!
//! Layout: see `table/`. `mod.rs` holds what the rest of the runtime uses; `methods.rs` the Python methods, `views.rs` and
//! `iter.rs` what `keys()` and friends return, `namespace.rs` dicts that serve as module namespaces, `split.rs` big shared ones.
//!
//! Conflicts: one header per dict. Any write conflicts with any read or write of the same dict by another thread, whatever
//! the key; reads conflict with nothing. In a namespace each name that code refers to has a cell of its own: rebinding such a
//! name conflicts only with uses of that name. A dict of [`SPLIT_FROM`] entries or more over which threads keep fighting is
//! split: values that are replaced from then on lie in cells likewise.

pub mod iter;
mod methods;
pub mod namespace;
mod split;
pub mod views;

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    protocol::{self, RootVec},
    raise,
    table::{self, Hit, Step, Table, slot},
    types::T,
    value::Value,
};

pub use self::{
    methods::{DICT, subscript},
    namespace::{make_namespace, namespace_cell},
    split::{SPLIT_FROM, split},
};

/// An empty dict.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub fn new(cx: &mut Cx) -> Completion<Obj> {
    let d = cx.new_object(T::dict)?;
    table::init_empty(d);
    Ok(d)
}

/// An empty dict with room for `n` entries.
///
/// # Errors
/// `MemoryError`.
pub fn with_capacity(cx: &mut Cx, n: usize) -> Completion<Obj> {
    let d = new(cx)?;
    if n > 0 {
        let fresh = Table::<3>::with_room(cx, n)?;
        d.init(slot::TABLE, fresh.0.into());
    }
    Ok(d)
}

/// Whether `v` is a dict (or an instance of a subclass).
#[inline(always)]
pub fn exact_kind(v: Value) -> Option<Obj> {
    v.obj().filter(|o| o.kind() == Kind::Dict)
}

/// Whether `v` is a dict whose class is `dict` itself.
#[inline(always)]
pub fn plain(cx: &Cx, v: Value) -> Option<Obj> {
    v.obj().filter(|o| o.class() == cx.class(T::dict))
}

/// Number of entries.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn len(cx: &mut Cx, d: Obj) -> Completion<usize> {
    table::len(cx, d)
}

/// `d[key]`, or `UNBOUND`; without `__missing__`.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
#[inline(always)]
pub fn get_item(cx: &mut Cx, d: Obj, key: Value) -> Completion<Value> {
    if let Some(h) = table::quick_hash(cx, key) {
        // Only a guess, outside of a bracket.
        if !cx.is_solo() && d.raw(slot::CELLED).is_bound() {
            return split::get(cx, d, key, h);
        }
        let v = cx.bracket(d, || quick_get(d, key, h))?;
        if v != Value::TOMBSTONE {
            return Ok(v);
        }
    }
    get_slow(cx, d, key)
}

/// In a bracket: the value, `UNBOUND`, or `TOMBSTONE` when more than loads is needed to tell.
#[inline(always)]
fn quick_get(d: Obj, key: Value, h: Value) -> Value {
    let Some(buf) = d.raw(slot::TABLE).obj() else {
        return if d.raw(slot::CELLED).is_unbound() { Value::UNBOUND } else { Value::TOMBSTONE };
    };
    stored(Table(buf), key, h)
}

/// In a bracket: what the table stores for the key, `UNBOUND`, or `TOMBSTONE` when more than loads is needed to tell.
#[inline(always)]
fn stored(table: Table<3>, key: Value, h: Value) -> Value {
    match table.quick(key, h) {
        Step::Hit(at, _) => table.value(at),
        Step::Miss => Value::UNBOUND,
        Step::Ask(..) => Value::TOMBSTONE,
    }
}

#[inline(never)]
fn get_slow(cx: &mut Cx, d: Obj, key: Value) -> Completion<Value> {
    let h = table::key_hash(cx, key)?;
    get_hashed(cx, d, key, h)
}

/// `d[key]` for a key whose hash is known, or `UNBOUND`.
///
/// # Errors
/// Whatever `__eq__` raises.
pub fn get_hashed(cx: &mut Cx, d: Obj, key: Value, h: Value) -> Completion<Value> {
    match table::find::<3>(cx, d, key, h)? {
        Some(hit) => namespace::see(cx, d, hit.value),
        None => Ok(Value::UNBOUND),
    }
}

/// `d[name]` for an interned name, or `UNBOUND`. Runs no Python code unless the dict has keys with an `__eq__` of their own.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn get_item_name(cx: &mut Cx, d: Obj, name: Value) -> Completion<Value> {
    get_item(cx, d, name)
}

/// Whether the dict has the key.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
#[inline]
pub fn contains(cx: &mut Cx, d: Obj, key: Value) -> Completion<bool> {
    Ok(get_item(cx, d, key)?.is_bound())
}

/// `d[key] = value`.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
#[inline(always)]
pub fn set_item(cx: &mut Cx, d: Obj, key: Value, value: Value) -> Completion<()> {
    if let Some(h) = table::quick_hash(cx, key)
        && let Some(buf) = table_to_write(cx, d)?
        && let Step::Hit(at, _) = Table::<3>(buf).quick(key, h)
    {
        cx.write_word(d, buf.word(at + 2), value.bits());
        return Ok(());
    }
    set_slow(cx, d, key, value)
}

/// Claims a dict that is no namespace and gives its buffer.
#[inline(always)]
fn table_to_write(cx: &mut Cx, d: Obj) -> Completion<Option<Obj>> {
    if d.raw(slot::CELLED).is_bound() {
        return Ok(None);
    }
    cx.claim(d)?;
    Ok(d.raw(slot::TABLE).obj())
}

#[inline(never)]
fn set_slow(cx: &mut Cx, d: Obj, key: Value, value: Value) -> Completion<()> {
    let h = table::key_hash(cx, key)?;
    if d.raw(slot::CELLED).is_bound() && split::replace(cx, d, key, h, value)? {
        return Ok(());
    }
    set_hashed(cx, d, key, h, value)
}

/// `d[key] = value` for a key whose hash is known.
///
/// # Errors
/// Whatever `__eq__` raises.
pub fn set_hashed(cx: &mut Cx, d: Obj, key: Value, h: Value, value: Value) -> Completion<()> {
    if namespace::has_cells(cx, d)? {
        return namespace::set(cx, d, key, h, value);
    }
    cx.claim(d)?;
    match table::find::<3>(cx, d, key, h)? {
        Some(hit) => cx.write_word(d, hit.table.0.word(hit.at + 2), value.bits()),
        None => {
            table::insert::<3>(cx, d, key, h, value)?;
        }
    }
    Ok(())
}

/// `del d[key]`; says whether it was there.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
pub fn del_item(cx: &mut Cx, d: Obj, key: Value) -> Completion<bool> {
    Ok(take(cx, d, key)?.is_bound())
}

/// Removes the entry of `key` and gives its value; `UNBOUND` if there is none.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
pub fn take(cx: &mut Cx, d: Obj, key: Value) -> Completion<Value> {
    let h = table::key_hash(cx, key)?;
    cx.claim(d)?;
    match table::find::<3>(cx, d, key, h)? {
        Some(hit) => remove(cx, d, &hit),
        None => Ok(Value::UNBOUND),
    }
}

/// Removes a found entry of the claimed dict; gives its value.
fn remove(cx: &mut Cx, d: Obj, hit: &Hit<3>) -> Completion<Value> {
    let cell = namespace::cell_of(d, hit.value);
    if let Some(cell) = cell
        && !split::is(d)
    {
        return namespace::hide(cx, d, cell);
    }
    table::remove(cx, d, hit);
    match cell {
        Some(cell) => cx.read(cell, namespace::CELL_VALUE),
        None => Ok(hit.value),
    }
}

/// Removes all entries.
///
/// # Errors
/// The attempt's abort.
pub fn clear(cx: &mut Cx, d: Obj) -> Completion<()> {
    cx.claim(d)?;
    if namespace::is(d) {
        return namespace::clear(cx, d);
    }
    table::clear::<3>(cx, d);
    Ok(())
}

/// An entry met while walking a dict: its position, key and value.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Position: ask for `n + 1` to go on, for `n` to go back.
    pub n: usize,
    /// Key.
    pub key: Value,
    /// Hash.
    pub hash: Value,
    /// Value.
    pub value: Value,
}

/// The first entry at position `from` or later.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn next_entry(cx: &mut Cx, d: Obj, mut from: usize) -> Completion<Option<Entry>> {
    loop {
        let found = cx.bracket(d, || table::next::<3>(d, from))?;
        let Some(e) = found else { return Ok(None) };
        let value = namespace::see(cx, d, e.value)?;
        if value.is_bound() {
            return Ok(Some(Entry { n: e.n, key: e.key, hash: e.hash, value }));
        }
        from = e.n + 1;
    }
}

/// The last entry before position `before`.
///
/// # Errors
/// The attempt's abort.
pub fn previous_entry(cx: &mut Cx, d: Obj, mut before: usize) -> Completion<Option<Entry>> {
    loop {
        let found = cx.bracket(d, || table::previous::<3>(d, before))?;
        let Some(e) = found else { return Ok(None) };
        let value = namespace::see(cx, d, e.value)?;
        if value.is_bound() {
            return Ok(Some(Entry { n: e.n, key: e.key, hash: e.hash, value }));
        }
        before = e.n;
    }
}

/// A copy of all entries: key, hash, value for each.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn snapshot(cx: &mut Cx, d: Obj) -> Completion<RootVec> {
    if !namespace::has_cells(cx, d)? {
        return table::snapshot::<3>(cx, d);
    }
    let mut all = RootVec::new();
    let mut from = 0;
    while let Some(e) = next_entry(cx, d, from)? {
        from = e.n + 1;
        for v in [e.key, e.hash, e.value] {
            all.push(cx, v)?;
        }
    }
    Ok(all)
}

fn pick(cx: &mut Cx, d: Obj, which: &[usize]) -> Completion<RootVec> {
    let all = snapshot(cx, d)?;
    let n = all.len() / 3;
    let buf = cx.new_buf((n * which.len()).max(1))?;
    for (i, e) in all.as_slice().chunks_exact(3).enumerate() {
        for (k, &w) in which.iter().enumerate() {
            buf.init_item(i * which.len() + k, e[w]);
        }
    }
    Ok(RootVec::from_buf(buf, n * which.len()))
}

/// All entries: key, value, key, value, ...
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn items(cx: &mut Cx, d: Obj) -> Completion<RootVec> {
    pick(cx, d, &[0, 2])
}

/// All keys.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn keys(cx: &mut Cx, d: Obj) -> Completion<RootVec> {
    pick(cx, d, &[0])
}

/// All values.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn values(cx: &mut Cx, d: Obj) -> Completion<RootVec> {
    pick(cx, d, &[2])
}

/// A new plain dict with the same entries.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn copy(cx: &mut Cx, d: Obj) -> Completion<Obj> {
    let fresh = new(cx)?;
    merge(cx, fresh, d)?;
    Ok(fresh)
}

/// `d.setdefault(key, default)`.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
pub fn set_default(cx: &mut Cx, d: Obj, key: Value, default: Value) -> Completion<Value> {
    let h = table::key_hash(cx, key)?;
    let found = get_hashed(cx, d, key, h)?;
    if found.is_bound() {
        return Ok(found);
    }
    set_hashed(cx, d, key, h, default)?;
    Ok(default)
}

/// Copies the entries of the dict `from` into `d`; existing keys are overwritten.
///
/// # Errors
/// Whatever the keys' `__eq__` raise.
pub fn merge(cx: &mut Cx, d: Obj, from: Obj) -> Completion<()> {
    if d == from || len(cx, from)? == 0 {
        return Ok(());
    }
    cx.claim(d)?;
    let empty = table::counts(d) == (0, 0) && d.raw(slot::CELLED).is_unbound();
    if empty && table::clone_table::<3>(cx, d, from)? {
        return Ok(());
    }
    let entries = snapshot(cx, from)?;
    if empty {
        return table::fill_from::<3>(cx, d, entries.as_slice());
    }
    if d.raw(slot::CELLED).is_unbound() {
        table::reserve::<3>(cx, d, entries.len() / 3)?;
    }
    for e in entries.as_slice().chunks_exact(3) {
        set_hashed(cx, d, e[0], e[1], e[2])?;
    }
    Ok(())
}

/// `d.update(other)`: a mapping (anything with `keys`) or an iterable of pairs.
///
/// # Errors
/// Whatever the other side raises; `TypeError` and `ValueError` for elements that are no pairs.
pub fn update(cx: &mut Cx, d: Obj, other: Value) -> Completion<()> {
    if let Some(o) = exact_kind(other) {
        let iter = class::special(o.class(), Special::Iter);
        if iter == class::special(cx.class(T::dict), Special::Iter) {
            return merge(cx, d, o);
        }
    }
    let keys = cx.name(N::keys);
    match protocol::get_attr_opt(cx, other, keys)? {
        Some(keys) => update_from_mapping(cx, d, other, keys),
        None => update_from_pairs(cx, d, other),
    }
}

fn update_from_mapping(cx: &mut Cx, d: Obj, other: Value, keys: Value) -> Completion<()> {
    let keys = protocol::call(cx, keys, &[])?;
    protocol::for_each(cx, keys, |cx, key| {
        let v = protocol::get_item(cx, other, key)?;
        set_item(cx, d, key, v)
    })
}

/// Adds the pairs of an iterable.
///
/// # Errors
/// As [`update`].
pub fn update_from_pairs(cx: &mut Cx, d: Obj, pairs: Value) -> Completion<()> {
    let mut i = 0;
    protocol::for_each(cx, pairs, |cx, pair| {
        let (key, v) = pair_of(cx, pair, i)?;
        i += 1;
        set_item(cx, d, key, v)
    })
}

fn pair_of(cx: &mut Cx, pair: Value, i: usize) -> Completion<(Value, Value)> {
    if let Some(&[key, v]) = pair.obj().filter(|o| o.kind() == Kind::Tuple).map(Obj::items) {
        return Ok((key, v));
    }
    let parts = match protocol::collect(cx, pair) {
        Ok(parts) => parts,
        Err(escape) => {
            let is_type_error = escape
                .exception()
                .is_some_and(|e| class::is_subclass(e.class(), cx.class(T::TypeError)));
            if is_type_error && protocol::call::find_special(cx, pair, Special::Iter).is_none() {
                return raise!(
                    cx,
                    TypeError,
                    "cannot convert dictionary update sequence element #{i} to a sequence"
                );
            }
            return Err(escape);
        }
    };
    match parts.as_slice() {
        &[key, v] => Ok((key, v)),
        other => {
            let n = other.len();
            raise!(
                cx,
                ValueError,
                "dictionary update sequence element #{i} has length {n}; 2 is required"
            )
        }
    }
}

/// Removes and gives the last entry.
///
/// # Errors
/// The attempt's abort.
pub fn pop_last(cx: &mut Cx, d: Obj) -> Completion<Option<(Value, Value)>> {
    cx.claim(d)?;
    if !namespace::is(d) {
        let Some(e) = table::take_last::<3>(cx, d) else { return Ok(None) };
        return Ok(Some((e.key, namespace::see(cx, d, e.value)?)));
    }
    let used = table::counts(d).0;
    let Some(e) = previous_entry(cx, d, used)? else { return Ok(None) };
    take(cx, d, e.key)?;
    Ok(Some((e.key, e.value)))
}

/// Removes and gives the first entry.
///
/// # Errors
/// The attempt's abort.
pub fn pop_first(cx: &mut Cx, d: Obj) -> Completion<Option<(Value, Value)>> {
    cx.claim(d)?;
    if !namespace::is(d) {
        let Some(e) = table::take_first::<3>(cx, d) else { return Ok(None) };
        return Ok(Some((e.key, namespace::see(cx, d, e.value)?)));
    }
    let Some(e) = next_entry(cx, d, 0)? else { return Ok(None) };
    take(cx, d, e.key)?;
    Ok(Some((e.key, e.value)))
}

/// Moves the entry of `key` behind all others, or in front of them; says whether it was there.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
pub fn move_to_end(cx: &mut Cx, d: Obj, key: Value, last: bool) -> Completion<bool> {
    let h = table::key_hash(cx, key)?;
    cx.claim(d)?;
    let Some(hit) = table::find::<3>(cx, d, key, h)? else { return Ok(false) };
    if namespace::is(d) {
        // The order of names in a namespace is the order in which they were bound.
        return Ok(true);
    }
    let key = hit.table.key(hit.at);
    let value = remove(cx, d, &hit)?;
    if last {
        set_hashed(cx, d, key, h, value)?;
        return Ok(true);
    }
    let rest = snapshot(cx, d)?;
    let mut all = RootVec::new();
    for &v in [key, h, value].iter().chain(rest.as_slice()) {
        all.push(cx, v)?;
    }
    table::fill_from::<3>(cx, d, all.as_slice())?;
    Ok(true)
}

/// `a == b` for two dicts (order does not matter).
///
/// # Errors
/// Whatever the `__eq__` of keys and values raise.
pub fn equal(cx: &mut Cx, a: Obj, b: Obj) -> Completion<bool> {
    if len(cx, a)? != len(cx, b)? {
        return Ok(false);
    }
    cx.enter_native(" in comparison")?;
    let result = equal_entries(cx, a, b);
    cx.leave_native();
    result
}

fn equal_entries(cx: &mut Cx, a: Obj, b: Obj) -> Completion<bool> {
    let entries = snapshot(cx, a)?;
    for e in entries.as_slice().chunks_exact(3) {
        let other = get_hashed(cx, b, e[0], e[1])?;
        if other.is_unbound() || !protocol::identical_or_equal(cx, e[2], other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The escape with a `KeyError` for `key`.
#[cold]
pub fn key_error(cx: &mut Cx, key: Value) -> crate::exc::Escape {
    crate::exc::raise_value(cx, T::KeyError, key)
}

#[cfg(test)]
mod split_tests;
#[cfg(test)]
mod tests;
