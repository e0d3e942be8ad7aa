//! The wrapper behind `functools.lru_cache` and `cache`.
//!
//! Slots: statistics (Rust memory), function, cache dict, `maxsize`, `typed`, the class of `cache_info()`.
//!
//! Conflicts: a hit in an unbounded cache only reads the dict; a hit in a bounded one moves the entry, which is a write; a
//! miss writes. The statistics are counted outside of transactions, so that hits do not conflict; an abort takes back what
//! its attempt counted.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use taipan_objects::{
    Body, Completion, Cx, Kind, N, NativeDef, Obj, T, TypeDef, Value,
    heap::{NativeData, native_data},
    native::Args,
    protocol::{self, RootVec},
    raise, rows, table,
    types::{descr, dict, support},
};

const FUNC: usize = 3;
const CACHE: usize = 4;
const MAXSIZE: usize = 5;
const TYPED: usize = 6;
const INFO: usize = 7;

/// Which counter.
const HITS: usize = 0;
const MISSES: usize = 1;

#[derive(Debug, Default)]
struct Statistics(Arc<[AtomicU64; 2]>);

impl NativeData for Statistics {}

/// `_lru_cache_wrapper`.
pub(super) static LRU_CACHE: TypeDef = TypeDef {
    name: "_lru_cache_wrapper",
    module: "functools",
    body: Body::WithDict(Kind::Record, 8),
    subclassable: true,
    methods: METHODS,
    static_methods: rows! {
        "__new__" "(type, user_function, maxsize, typed, cache_info_type)" new, "Create and return a new object.";
    },
    flags: taipan_objects::class::flag::WEAKREFS,
    doc: "Create a cached callable that wraps another function.",
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = rows! {
    "__call__" "(self, /, *args, **kwargs)" call, "Call self as a function.";
    "__get__" "(self, instance, owner=None, /)" get, "Return an attribute of instance, which is of type owner.";
    "cache_info" "(self, /)" cache_info, "Report cache statistics";
    "cache_clear" "(self, /)" cache_clear, "Clear the cache and cache statistics";
    "__copy__" "(self, /)" support::itself, "";
    "__deepcopy__" "(self, memo, /)" support::itself, "";
    "__reduce__" "(self, /)" reduce, "";
};

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj().filter(|o| o.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "_lru_cache_wrapper.__new__(X): X is not a type object");
    };
    if !super::is_callable(cx, args.get(1)) {
        return raise!(cx, TypeError, "the first argument must be callable");
    }
    let maxsize = match args.get(2) {
        v if v.is_none() => v,
        v if protocol::convert::as_int(v).is_some() => {
            Value::small(protocol::index_i64(cx, v)?.clamp(0, Value::INT_MAX))
        }
        _ => return raise!(cx, TypeError, "maxsize should be integer or None"),
    };
    let typed = protocol::truth(cx, args.get(3))?;
    let cache = dict::new(cx)?;
    let o = cx.new_native(class, Statistics::default())?;
    o.init(FUNC, args.get(1));
    o.init(CACHE, cache.into());
    o.init(MAXSIZE, maxsize);
    o.init(TYPED, typed.into());
    o.init(INFO, args.get(4));
    Ok(o.into())
}

// Relaxed: counters that order nothing.

fn count(cx: &mut Cx, o: Obj, which: usize) {
    let Some(Statistics(counters)) = native_data::<Statistics>(o) else { return };
    // Relaxed, here and below: counts order nothing.
    counters[which].fetch_add(1, Ordering::Relaxed);
    if !cx.is_solo() {
        let counters = counters.clone();
        cx.tx.on_abort(move || {
            counters[which].fetch_sub(1, Ordering::Relaxed);
        });
    }
}

/// The key of a call: a lone `int` or `str` as it is, else a flat tuple.
fn make_key(cx: &mut Cx, args: &[Value], kwargs: Value, typed: bool) -> Completion<Value> {
    let items = match kwargs.obj() {
        Some(d) if dict::len(cx, d)? > 0 => Some(dict::items(cx, d)?),
        _ => None,
    };
    if !typed
        && items.is_none()
        && let &[one] = args
    {
        let class = cx.class_of(one);
        if class == cx.class(T::int) || class == cx.class(T::str) {
            return Ok(one);
        }
    }
    let mut key = RootVec::from_slice(cx, args)?;
    let named = items.as_ref().map_or(&[][..], RootVec::as_slice);
    if !named.is_empty() {
        // Tells where the keyword arguments begin; no caller has reason to pass this object.
        let mark = cx.type_for(&LRU_CACHE)?;
        key.push(cx, mark.into())?;
        for &v in named {
            key.push(cx, v)?;
        }
    }
    if typed {
        for &v in args.iter().chain(named.iter().skip(1).step_by(2)) {
            let class = cx.class_of(v);
            key.push(cx, class.into())?;
        }
    }
    cx.new_tuple(key.as_slice())
}

fn call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (func, maxsize) = (o.raw(FUNC), o.raw(MAXSIZE));
    let run = |cx: &mut Cx| protocol::call::call_star(cx, func, args.rest(1), args.get(2));
    let cache = o.raw(CACHE).obj().filter(|_| maxsize != Value::small(0));
    let Some(cache) = cache else {
        count(cx, o, MISSES);
        return run(cx);
    };
    let key = make_key(cx, args.rest(1), args.get(2), o.raw(TYPED) == Value::TRUE)?;
    let h = match table::quick_hash(cx, key) {
        Some(h) => h,
        None => table::hash_word(protocol::hash(cx, key)?),
    };
    if let Some(found) = dict::get_hashed(cx, cache, key, h)?.bound() {
        count(cx, o, HITS);
        if maxsize.is_small() {
            dict::move_to_end(cx, cache, key, true)?;
        }
        return Ok(found);
    }
    count(cx, o, MISSES);
    let result = run(cx)?;
    if let Some(max) = maxsize.small_int() {
        // The call itself may have entered the same key.
        if dict::get_hashed(cx, cache, key, h)?.is_bound() {
            return Ok(result);
        }
        while dict::len(cx, cache)? as i64 >= max {
            dict::pop_first(cx, cache)?;
        }
    }
    dict::set_hashed(cx, cache, key, h, result)?;
    Ok(result)
}

fn get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.get(1).is_none() {
        return Ok(args.this());
    }
    descr::new_method(cx, args.this(), args.get(1))
}

fn cache_info(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let len = match o.raw(CACHE).obj() {
        Some(d) => dict::len(cx, d)?,
        None => 0,
    };
    let read = |which: usize| {
        let n = native_data::<Statistics>(o).map_or(0, |s| s.0[which].load(Ordering::Relaxed));
        Value::small(n as i64)
    };
    let (hits, misses) = (read(HITS), read(MISSES));
    protocol::call(cx, o.raw(INFO), &[hits, misses, o.raw(MAXSIZE), Value::small(len as i64)])
}

fn cache_clear(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    if let Some(d) = o.raw(CACHE).obj() {
        dict::clear(cx, d)?;
    }
    // An abort could not bring the counts back.
    crate::txn::driver::irrevocable(cx)?;
    if let Some(Statistics(counters)) = native_data::<Statistics>(o) {
        counters.iter().for_each(|n| n.store(0, Ordering::Relaxed));
    }
    Ok(Value::NONE)
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = cx.name(N::qualname);
    protocol::get_attr(cx, args.this(), name)
}
