//! Sorting: stable, with errors and modifications during the sort handled as in CPython.
//!
//! What is permuted are 32-bit positions, so no value needs rooting while comparisons run Python code. Keys that are all
//! inline ints, all floats (no NaN), all strings, or tuples of such in matching columns are compared without calls; everything
//! else goes through `__lt__` with a merge sort of our own, because the standard library's may panic when an order is
//! inconsistent.

use std::cmp::Ordering;

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    protocol::{self, CompareOp, RootVec},
    raise,
    types::{list, str as string},
    value::Value,
};

/// Sorts the list in place.
///
/// # Errors
/// Whatever `key` or the comparisons raise (the list then holds the same items in some order); `ValueError` when they
/// change the list.
pub fn sort(cx: &mut Cx, target: Obj, key: Option<Value>, reverse: bool) -> Completion<()> {
    cx.claim(target)?;
    let items = list::snapshot(cx, target)?;
    if items.is_empty() {
        return Ok(());
    }
    // While comparisons run, the list looks empty.
    list::replace_all(cx, target, RootVec::new())?;
    let mut order: Vec<u32> = (0..items.len() as u32).collect();
    let result = sort_positions(cx, &items, key, reverse, &mut order);
    if let Err(escape) = result
        && escape.is_abort()
    {
        return Err(escape);
    }
    let modified = target.raw(list::BUF).is_bound() || list::raw_len(target) != 0;
    let sorted = cx.new_buf(items.len())?;
    for (i, &from) in order.iter().enumerate() {
        sorted.init(2 + i, items.get(from as usize));
    }
    list::replace_all(cx, target, RootVec::from_buf(sorted, items.len()))?;
    result?;
    if modified {
        return raise!(cx, ValueError, "list modified during sort");
    }
    Ok(())
}

fn sort_positions(
    cx: &mut Cx,
    items: &RootVec,
    key: Option<Value>,
    reverse: bool,
    order: &mut [u32],
) -> Completion<()> {
    let mut keys = RootVec::new();
    if let Some(f) = key {
        for &item in items.as_slice() {
            let k = protocol::call(cx, f, &[item])?;
            keys.push(cx, k)?;
        }
    }
    let keys = if key.is_some() { &keys } else { items };
    // Reversing before and after keeps equal items in their order.
    if reverse {
        order.reverse();
    }
    let values = keys.as_slice();
    let result = if values.iter().all(|v| v.is_small()) {
        let mut pairs: Vec<(i64, u32)> =
            order.iter().map(|&i| (values[i as usize].as_small(), i)).collect();
        pairs.sort_by_key(|p| p.0);
        order.iter_mut().zip(&pairs).for_each(|(to, p)| *to = p.1);
        Ok(())
    } else if pure_keys(values) {
        order.sort_by(|&a, &b| pure_order(values[a as usize], values[b as usize]));
        Ok(())
    } else {
        merge_sort(order, &mut |a, b| less(cx, keys.get(a as usize), keys.get(b as usize)))
    };
    if reverse {
        order.reverse();
    }
    result
}

#[inline]
fn less(cx: &mut Cx, a: Value, b: Value) -> Completion<bool> {
    if let (Some(x), Some(y)) = (a.small_int(), b.small_int()) {
        return Ok(x < y);
    }
    let r = protocol::compare(cx, CompareOp::Lt, a, b)?;
    protocol::truth(cx, r)
}

/// What a column of keys consists of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Number,
    Text,
}

fn column_of(v: Value) -> Option<Column> {
    if v.is_small() || v.is_bool() || v.float_value().is_some_and(|f| !f.is_nan()) {
        return Some(Column::Number);
    }
    v.obj().filter(|o| o.kind() == Kind::Str).map(|_| Column::Text)
}

/// Whether all keys can be put in order without running code.
fn pure_keys(keys: &[Value]) -> bool {
    let Some(&first) = keys.first() else { return true };
    if let Some(tuple) = as_tuple(first) {
        let Some(columns) = tuple.iter().map(|&v| column_of(v)).collect::<Option<Vec<_>>>() else {
            return false;
        };
        return keys.iter().all(|&k| {
            as_tuple(k).is_some_and(|t| {
                t.len() == columns.len()
                    && t.iter().zip(&columns).all(|(&v, &c)| column_of(v) == Some(c))
            })
        });
    }
    let column = column_of(first);
    column.is_some() && keys.iter().all(|&k| column_of(k) == column)
}

fn as_tuple(v: Value) -> Option<&'static [Value]> {
    v.obj().filter(|o| o.kind() == Kind::Tuple).map(Obj::items)
}

#[inline]
fn pure_order(a: Value, b: Value) -> Ordering {
    if let (Some(x), Some(y)) = (a.small_int(), b.small_int()) {
        return x.cmp(&y);
    }
    if let (Some(x), Some(y)) = (a.obj(), b.obj()) {
        if x.kind() == Kind::Str && y.kind() == Kind::Str {
            // The order of WTF-8 bytes is that of code points.
            return string::bytes_of(x).cmp(string::bytes_of(y));
        }
        if let (Some(s), Some(t)) = (as_tuple(a), as_tuple(b)) {
            let pairs = s.iter().zip(t).map(|(&x, &y)| pure_order(x, y));
            return pairs.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal);
        }
    }
    number(a).partial_cmp(&number(b)).unwrap_or(Ordering::Equal)
}

fn number(v: Value) -> f64 {
    match v {
        Value::TRUE => 1.0,
        v if v.is_small() => v.as_small() as f64,
        v => v.float_value().unwrap_or(0.0),
    }
}

/// Shorter runs are extended by binary insertion.
const RUN_MIN: usize = 24;

/// Stable natural merge sort of positions; `less` may fail, which ends the sort with some permutation in place.
fn merge_sort(
    order: &mut [u32],
    less: &mut impl FnMut(u32, u32) -> Completion<bool>,
) -> Completion<()> {
    let n = order.len();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut scratch: Vec<u32> = Vec::with_capacity(n / 2);
    let mut start = 0;
    while start < n {
        let mut end = start + count_run(&mut order[start..], less)?;
        let forced = (start + RUN_MIN).min(n);
        if end < forced {
            insertion_sort(&mut order[start..forced], end - start, less)?;
            end = forced;
        }
        runs.push((start, end));
        start = end;
        collapse(order, &mut runs, &mut scratch, less, false)?;
    }
    collapse(order, &mut runs, &mut scratch, less, true)
}

/// Length of the run at the start, which is strictly descending or ascending; a descending one is reversed.
fn count_run(
    part: &mut [u32],
    less: &mut impl FnMut(u32, u32) -> Completion<bool>,
) -> Completion<usize> {
    if part.len() < 2 {
        return Ok(part.len());
    }
    let mut end = 2;
    if less(part[1], part[0])? {
        while end < part.len() && less(part[end], part[end - 1])? {
            end += 1;
        }
        part[..end].reverse();
    } else {
        while end < part.len() && !less(part[end], part[end - 1])? {
            end += 1;
        }
    }
    Ok(end)
}

/// Sorts `part`, whose first `sorted` positions are in order already.
fn insertion_sort(
    part: &mut [u32],
    sorted: usize,
    less: &mut impl FnMut(u32, u32) -> Completion<bool>,
) -> Completion<()> {
    for i in sorted.max(1)..part.len() {
        let pivot = part[i];
        let (mut low, mut high) = (0, i);
        while low < high {
            let middle = (low + high) / 2;
            if less(pivot, part[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        part[low..=i].rotate_right(1);
    }
    Ok(())
}

/// Merges neighboring runs until their lengths decrease geometrically, or all of them.
fn collapse(
    order: &mut [u32],
    runs: &mut Vec<(usize, usize)>,
    scratch: &mut Vec<u32>,
    less: &mut impl FnMut(u32, u32) -> Completion<bool>,
    all: bool,
) -> Completion<()> {
    let len = |run: &(usize, usize)| run.1 - run.0;
    while runs.len() > 1 {
        let n = runs.len();
        let uneven = n >= 3 && len(&runs[n - 3]) <= len(&runs[n - 2]) + len(&runs[n - 1])
            || n >= 4 && len(&runs[n - 4]) <= len(&runs[n - 3]) + len(&runs[n - 2]);
        let at = if (uneven || all && n >= 3) && len(&runs[n - 3]) < len(&runs[n - 1]) {
            n - 3
        } else if uneven || all || len(&runs[n - 2]) <= len(&runs[n - 1]) {
            n - 2
        } else {
            break;
        };
        let (left, right) = (runs[at], runs[at + 1]);
        runs[at] = (left.0, right.1);
        runs.remove(at + 1);
        merge(&mut order[left.0..right.1], left.1 - left.0, scratch, less)?;
    }
    Ok(())
}

/// Merges the sorted halves `part[..middle]` and `part[middle..]`.
fn merge(
    part: &mut [u32],
    middle: usize,
    scratch: &mut Vec<u32>,
    less: &mut impl FnMut(u32, u32) -> Completion<bool>,
) -> Completion<()> {
    // What is in place already at either end needs no merging.
    let skip = upper_bound(&part[..middle], part[middle], less)?;
    let part = &mut part[skip..];
    let middle = middle - skip;
    if middle == 0 {
        return Ok(());
    }
    scratch.clear();
    scratch.extend_from_slice(&part[..middle]);
    let (mut a, mut b, mut out) = (0, middle, 0);
    let mut result = Ok(());
    while a < scratch.len() && b < part.len() {
        match less(part[b], scratch[a]) {
            Ok(true) => {
                part[out] = part[b];
                b += 1;
            }
            Ok(false) => {
                part[out] = scratch[a];
                a += 1;
            }
            Err(escape) => {
                result = Err(escape);
                break;
            }
        }
        out += 1;
    }
    // The gap is exactly as large as what is left in the scratch space.
    part[out..out + scratch.len() - a].copy_from_slice(&scratch[a..]);
    result
}

/// Number of leading positions of the sorted `part` that are not greater than `pivot`.
fn upper_bound(
    part: &[u32],
    pivot: u32,
    less: &mut impl FnMut(u32, u32) -> Completion<bool>,
) -> Completion<usize> {
    let (mut low, mut high) = (0, part.len());
    while low < high {
        let middle = (low + high) / 2;
        if less(pivot, part[middle])? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::merge_sort;

    #[test]
    fn sorts_stably_whatever_the_input_looks_like() {
        let mut seed = 1_u64;
        let mut random = |n: u64| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for round in 0..200 {
            let n = random(700) as usize;
            let keys: Vec<u64> = (0..n as u64)
                .map(|i| match round % 4 {
                    0 => random(10),
                    1 => i / 3,
                    2 => 1000 - i / 2,
                    _ => {
                        if i % 50 == 0 {
                            random(1000)
                        } else {
                            i
                        }
                    }
                })
                .collect();
            let mut order: Vec<u32> = (0..n as u32).collect();
            merge_sort(&mut order, &mut |a, b| Ok(keys[a as usize] < keys[b as usize]))
                .expect("no errors");
            let mut expected: Vec<u32> = (0..n as u32).collect();
            expected.sort_by_key(|&i| keys[i as usize]);
            assert_eq!(order, expected);
        }
    }

    #[test]
    fn an_inconsistent_order_or_an_error_leaves_a_permutation() {
        for fail_after in [1, 10, 100, 400, usize::MAX] {
            let mut order: Vec<u32> = (0..300).collect();
            let mut calls = 0;
            let result = merge_sort(&mut order, &mut |a, b| {
                calls += 1;
                if calls > fail_after {
                    return Err(crate::exc::Escape::ABORT);
                }
                Ok((a.wrapping_mul(7919) ^ b.wrapping_mul(104_729)) & 4 == 0)
            });
            assert_eq!(result.is_err(), fail_after < calls);
            order.sort_unstable();
            assert!(order.iter().copied().eq(0..300));
        }
    }
}
