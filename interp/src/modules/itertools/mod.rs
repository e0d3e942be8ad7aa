//! `itertools`: every class keeps its state in slots of one object with a header.
//!
//! Conflicts: threads that advance the same iterator conflict, so no item is given twice or
//! skipped; distinct iterators share nothing but what they iterate over.

mod chains;
mod combine;
mod filters;
mod groups;
mod infinite;

use taipan_objects::{
    Args, Completion, Cx, NativeDef, Obj, TypeDef, Value, native::NativeFn,
    types::number::class_argument,
};

use super::{ModuleDef, rows::row};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "itertools",
    doc: "Functional tools for creating and using iterators.\n\nInfinite iterators:\ncount(start=0, step=1) --> start, start+step, start+2*step, ...\ncycle(p) --> p0, p1, ... plast, p0, p1, ...\nrepeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times\n\nIterators terminating on the shortest input sequence:\naccumulate(p[, func]) --> p0, p0+p1, p0+p1+p2\nbatched(p, n) --> [p0, p1, ..., p_n-1], [p_n, p_n+1, ..., p_2n-1], ...\nchain(p, q, ...) --> p0, p1, ... plast, q0, q1, ...\nchain.from_iterable([p, q, ...]) --> p0, p1, ... plast, q0, q1, ...\ncompress(data, selectors) --> (d[0] if s[0]), (d[1] if s[1]), ...\ndropwhile(predicate, seq) --> seq[n], seq[n+1], starting when predicate fails\ngroupby(iterable[, keyfunc]) --> sub-iterators grouped by value of keyfunc(v)\nfilterfalse(predicate, seq) --> elements of seq where predicate(elem) is False\nislice(seq, [start,] stop [, step]) --> elements from\n       seq[start:stop:step]\npairwise(s) --> (s[0],s[1]), (s[1],s[2]), (s[2], s[3]), ...\nstarmap(fun, seq) --> fun(*seq[0]), fun(*seq[1]), ...\ntee(it, n=2) --> (it1, it2 , ... itn) splits one iterator into n\ntakewhile(predicate, seq) --> seq[0], seq[1], until predicate fails\nzip_longest(p, q, ...) --> (p[0], q[0]), (p[1], q[1]), ...\n\nCombinatoric generators:\nproduct(p, q, ... [repeat=1]) --> cartesian product\npermutations(p[, r])\ncombinations(p, r)\ncombinations_with_replacement(p, r)\n",
    functions: &[groups::TEE_FUNCTION],
    types: &[
        &infinite::COUNT,
        &infinite::CYCLE,
        &infinite::REPEAT,
        &chains::ACCUMULATE,
        &chains::BATCHED,
        &chains::CHAIN,
        &chains::ISLICE,
        &chains::PAIRWISE,
        &chains::STARMAP,
        &chains::ZIP_LONGEST,
        &filters::COMPRESS,
        &filters::DROPWHILE,
        &filters::FILTERFALSE,
        &filters::TAKEWHILE,
        &groups::GROUPBY,
        &groups::GROUPER,
        &groups::TEE,
        &combine::PRODUCT,
        &combine::PERMUTATIONS,
        &combine::COMBINATIONS,
        &combine::COMBINATIONS_WITH_REPLACEMENT,
    ],
    ..ModuleDef::BASE
};

/// `__iter__` of an iterator.
const ITER: NativeDef =
    row!("__iter__", "(self, /)", |_, args| Ok(args.this()), "Implement iter(self).");

/// `__next__`
const fn next_row(run: NativeFn) -> NativeDef {
    row!("__next__", "(self, /)", run, "Implement next(self).")
}

/// `__new__`; `sig` begins with the class.
const fn new_row(sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef {
        sig,
        ..row!(
            "__new__",
            "(type, /)",
            run,
            "Create and return a new object.  See help(type) for accurate signature."
        )
    }
}

/// A fresh instance of the class that `__new__` was called with.
fn instance(cx: &mut Cx, args: Args<'_>, def: &'static TypeDef) -> Completion<Obj> {
    let base = cx.type_for(def)?;
    let class = class_argument(cx, args.get(0), base)?;
    cx.new_instance(class)
}

/// The inline integer in a slot of a claimed or fresh object.
fn small(o: Obj, slot: usize) -> i64 {
    o.raw(slot).small_int().unwrap_or(0)
}

/// Appends to the buffer in slot `buf` of the claimed object, whose length is in slot `len`.
fn append(cx: &mut Cx, o: Obj, buf: usize, len: usize, v: Value) -> Completion<()> {
    let n = usize::try_from(small(o, len)).unwrap_or(0);
    let mut storage = o.raw(buf).obj();
    if storage.is_none_or(|b| n >= b.len()) {
        let grown = cx.new_buf((n * 2).max(8))?;
        for i in 0..n {
            grown.init_item(i, storage.and_then(|b| b.item(i)).unwrap_or_default());
        }
        cx.write(o, buf, grown.into());
        storage = Some(grown);
    }
    if let Some(b) = storage {
        cx.write_item(o, b, n, v);
    }
    cx.write(o, len, Value::small(n as i64 + 1));
    Ok(())
}
