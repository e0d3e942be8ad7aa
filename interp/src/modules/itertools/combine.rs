//! `product`, `permutations`, `combinations`, `combinations_with_replacement`.
//!
//! Slots: `POOL` what is chosen from, `INDICES` a buffer of positions,
//! `CYCLES` for permutations, `STATE` fresh, running or over.

use smallvec::SmallVec;
use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, TypeDef, Value,
    protocol::{self, collect, index_i64},
    raise,
};

use super::{ITER, instance, new_row, next_row};

const POOL: usize = 2;
const INDICES: usize = 3;
const CYCLES: usize = 4;
const SIZE: usize = 5;
const STATE: usize = 6;

const RUNNING: Value = Value::TRUE;
const OVER: Value = Value::FALSE;

type Positions = SmallVec<[usize; 16]>;

macro_rules! combinatoric_types {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $sig:literal, $new:expr, $next:ident, $text:literal;)*) => { $(
        $(#[$doc])*
        pub(super) static $id: TypeDef = TypeDef {
            name: $name,
            module: "itertools",
            body: Body::Words(Kind::Record, 7),
            subclassable: true,
            static_methods: &[new_row($sig, $new)],
            methods: &[ITER, next_row($next)],
            doc: $text,
            ..TypeDef::BASE
        };
    )* };
}
combinatoric_types! {
    /// `product(*iterables, repeat=1)`
    PRODUCT = "product", "(type, /, *iterables, repeat=1)", product_new, product_next, "Cartesian product of input iterables.  Equivalent to nested for-loops.\n\nFor example, product(A, B) returns the same as:  ((x,y) for x in A for y in B).\nThe leftmost iterators are in the outermost for-loop, so the output tuples\ncycle in a manner similar to an odometer (with the rightmost element changing\non every iteration).\n\nTo compute the product of an iterable with itself, specify the number\nof repetitions with the optional repeat keyword argument. For example,\nproduct(A, repeat=4) means the same as product(A, A, A, A).\n\nproduct('ab', range(3)) --> ('a',0) ('a',1) ('a',2) ('b',0) ('b',1) ('b',2)\nproduct((0,1), (0,1), (0,1)) --> (0,0,0) (0,0,1) (0,1,0) (0,1,1) (1,0,0) ...";
    /// `permutations(iterable, r=None)`
    PERMUTATIONS = "permutations", "(type, /, iterable, r=None)", permutations_new, permutations_next, "Return successive r-length permutations of elements in the iterable.\n\npermutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)";
    /// `combinations(iterable, r)`
    COMBINATIONS = "combinations", "(type, /, iterable, r)", |cx, args| combinations_new(cx, args, false), combinations_next, "Return successive r-length combinations of elements in the iterable.\n\ncombinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)";
    /// `combinations_with_replacement(iterable, r)`
    COMBINATIONS_WITH_REPLACEMENT = "combinations_with_replacement", "(type, /, iterable, r)", |cx, args| combinations_new(cx, args, true), replacement_next, "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.\n\ncombinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')";
}

/// Stores fresh positions in a slot of an object nobody else can see yet.
fn init_positions(
    cx: &mut Cx,
    o: Obj,
    slot: usize,
    positions: impl ExactSizeIterator<Item = usize>,
) -> Completion<()> {
    let buf = cx.new_buf(positions.len())?;
    for (i, position) in positions.enumerate() {
        buf.init_item(i, Value::small(position as i64));
    }
    o.init(slot, buf.into());
    Ok(())
}

/// The positions in a slot of the claimed object.
fn positions(o: Obj, slot: usize) -> Positions {
    let Some(buf) = o.raw(slot).obj() else { return Positions::new() };
    let at = |i| buf.item(i).and_then(Value::small_int).and_then(|i| usize::try_from(i).ok());
    (0..buf.len()).map(|i| at(i).unwrap_or(0)).collect()
}

/// Writes back positions from `first` on into a slot of the claimed object.
fn write_positions(cx: &mut Cx, o: Obj, slot: usize, all: &Positions, first: usize) {
    let Some(buf) = o.raw(slot).obj() else { return };
    for (i, &position) in all.iter().enumerate().skip(first) {
        cx.write_item(o, buf, i, Value::small(position as i64));
    }
}

fn pool_items(o: Obj) -> &'static [Value] {
    o.raw(POOL).obj().map_or(&[], Obj::items)
}

fn pick(cx: &mut Cx, pool: &[Value], chosen: &[usize]) -> Completion<Value> {
    let row: SmallVec<[Value; 16]> =
        chosen.iter().map(|&i| pool.get(i).copied().unwrap_or_default()).collect();
    cx.new_tuple(&row)
}

/// Marks the end.
fn end(cx: &mut Cx, o: Obj) -> Completion<Value> {
    cx.write(o, STATE, OVER);
    Ok(Value::UNBOUND)
}

fn too_large<R>(cx: &mut Cx) -> Completion<R> {
    raise!(cx, OverflowError, "repeat argument too large")
}

fn product_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let repeat = index_i64(cx, args.get(2))?;
    let Ok(repeat) = usize::try_from(repeat) else {
        return raise!(cx, ValueError, "repeat argument cannot be negative");
    };
    let sources = args.rest(1);
    let n = match sources.len().checked_mul(repeat) {
        Some(n) if n < 1 << 32 => n,
        _ => return too_large(cx),
    };
    let mut pools = protocol::RootVec::new();
    if repeat > 0 {
        for &source in sources {
            let items = collect(cx, source)?;
            let pool = cx.new_tuple(items.as_slice())?;
            pools.push(cx, pool)?;
        }
    }
    for i in pools.len()..n {
        let again = pools.get(i - sources.len());
        pools.push(cx, again)?;
    }
    let pools = cx.new_tuple(pools.as_slice())?;
    let o = instance(cx, args, &PRODUCT)?;
    o.init(POOL, pools);
    init_positions(cx, o, INDICES, (0..n).map(|_| 0))?;
    Ok(o.into())
}

fn product_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.claim(o)?;
    let pools = pool_items(o);
    let pool = |i: usize| pools.get(i).and_then(|p| p.obj()).map_or(&[][..], Obj::items);
    let mut at = positions(o, INDICES);
    match o.raw(STATE) {
        OVER => return Ok(Value::UNBOUND),
        RUNNING => {
            // Like an odometer: the last position that can still move.
            let Some(turn) = (0..at.len()).rev().find(|&i| at[i] + 1 < pool(i).len()) else {
                return end(cx, o);
            };
            at[turn] += 1;
            at[turn + 1..].fill(0);
            write_positions(cx, o, INDICES, &at, turn);
        }
        _ => {
            if (0..at.len()).any(|i| pool(i).is_empty()) {
                return end(cx, o);
            }
            cx.write(o, STATE, RUNNING);
        }
    }
    let row: SmallVec<[Value; 16]> =
        at.iter().enumerate().map(|(i, &j)| pool(i).get(j).copied().unwrap_or_default()).collect();
    cx.new_tuple(&row)
}

fn pool_of(cx: &mut Cx, iterable: Value) -> Completion<(Value, usize)> {
    let items = collect(cx, iterable)?;
    Ok((cx.new_tuple(items.as_slice())?, items.len()))
}

fn size_argument(cx: &mut Cx, r: Value) -> Completion<usize> {
    let r = index_i64(cx, r)?;
    match usize::try_from(r) {
        Ok(r) if r < 1 << 32 => Ok(r),
        Ok(_) => Err(cx.out_of_memory()),
        Err(_) => raise!(cx, ValueError, "r must be non-negative"),
    }
}

fn permutations_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (pool, n) = pool_of(cx, args.get(1))?;
    let r = match args.not_none(2) {
        None => n,
        Some(r) if protocol::convert::as_int(r).is_none() => {
            return raise!(cx, TypeError, "Expected int as r");
        }
        Some(r) => size_argument(cx, r)?,
    };
    let o = instance(cx, args, &PERMUTATIONS)?;
    o.init(POOL, pool);
    o.init(SIZE, Value::small(r as i64));
    if r > n {
        o.init(STATE, OVER);
        return Ok(o.into());
    }
    init_positions(cx, o, INDICES, 0..n)?;
    init_positions(cx, o, CYCLES, (n - r + 1..n + 1).rev())?;
    Ok(o.into())
}

fn permutations_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.claim(o)?;
    let pool = pool_items(o);
    let r = usize::try_from(super::small(o, SIZE)).unwrap_or(0);
    let mut at = positions(o, INDICES);
    match o.raw(STATE) {
        OVER => return Ok(Value::UNBOUND),
        RUNNING => {
            let mut cycles = positions(o, CYCLES);
            if !advance_permutation(&mut at, &mut cycles) {
                return end(cx, o);
            }
            write_positions(cx, o, INDICES, &at, 0);
            write_positions(cx, o, CYCLES, &cycles, 0);
        }
        _ => cx.write(o, STATE, RUNNING),
    }
    pick(cx, pool, at.get(..r).unwrap_or(&[]))
}

/// The next permutation in lexicographic order of positions; false after the last. `cycles[i]`
/// counts how many values position `i` still takes.
fn advance_permutation(at: &mut Positions, cycles: &mut Positions) -> bool {
    let n = at.len();
    for i in (0..cycles.len()).rev() {
        cycles[i] -= 1;
        if cycles[i] > 0 {
            let j = n - cycles[i];
            at.swap(i, j);
            return true;
        }
        at[i..].rotate_left(1);
        cycles[i] = n - i;
    }
    false
}

fn combinations_new(cx: &mut Cx, args: Args<'_>, replace: bool) -> Completion<Value> {
    let (pool, n) = pool_of(cx, args.get(1))?;
    let r = size_argument(cx, args.get(2))?;
    let def = if replace { &COMBINATIONS_WITH_REPLACEMENT } else { &COMBINATIONS };
    let o = instance(cx, args, def)?;
    o.init(POOL, pool);
    let none = if replace { n == 0 && r > 0 } else { r > n };
    if none {
        o.init(STATE, OVER);
        return Ok(o.into());
    }
    init_positions(cx, o, INDICES, (0..r).map(|i| if replace { 0 } else { i }))?;
    Ok(o.into())
}

fn combinations_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    choose_next(cx, args, false)
}

fn replacement_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    choose_next(cx, args, true)
}

fn choose_next(cx: &mut Cx, args: Args<'_>, replace: bool) -> Completion<Value> {
    let o = args.this_obj();
    cx.claim(o)?;
    let pool = pool_items(o);
    let mut at = positions(o, INDICES);
    match o.raw(STATE) {
        OVER => return Ok(Value::UNBOUND),
        RUNNING => {
            let (n, r) = (pool.len(), at.len());
            let last = |i: usize| if replace { n - 1 } else { n - r + i };
            let Some(turn) = (0..r).rev().find(|&i| at[i] != last(i)) else {
                return end(cx, o);
            };
            at[turn] += 1;
            for i in turn + 1..r {
                at[i] = if replace { at[turn] } else { at[i - 1] + 1 };
            }
            write_positions(cx, o, INDICES, &at, turn);
        }
        _ => cx.write(o, STATE, RUNNING),
    }
    pick(cx, pool, &at)
}
