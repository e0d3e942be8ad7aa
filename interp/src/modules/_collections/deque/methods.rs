//! The methods of `deque`.

use taipan_objects::{
    Body, Completion, Cx, GetSetDef, Kind, NativeDef, Obj, TypeDef, Value,
    class::flag,
    native::Args,
    protocol::{self, CompareOp, RootVec},
    raise, rows,
    types::{
        list, sequence,
        support::{self, Text},
    },
};

use super::{
    BUF, HEAD, LEN, MAXLEN, changes, clear_slots, is_full, item, len, number, push_back,
    push_front, put_back, raw_item, remove_at, replace, snapshot, take,
};
use crate::modules::_collections::deque_iter;

/// `deque`.
pub(in crate::modules::_collections) static DEQUE: TypeDef = TypeDef {
    name: "deque",
    module: "collections",
    body: Body::Words(Kind::Record, 7),
    subclassable: true,
    methods: METHODS,
    class_methods: rows! {
        "__class_getitem__" "(type, item, /)" support::class_getitem, "See PEP 585";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new, "Create and return a new object.";
    },
    getset: &[GetSetDef {
        name: "maxlen",
        get: |cx, v| match v.obj() {
            Some(d) => cx.read(d, MAXLEN),
            None => Ok(Value::NONE),
        },
        set: None,
        doc: "maximum size of a deque or None if unbounded",
    }],
    flags: flag::SEQUENCE | flag::WEAKREFS,
    doc: "A list-like sequence optimized for data accesses near its endpoints.",
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = rows! {
    "__init__" "(self, iterable=<unset>, maxlen=None)" init, "Initialize self.  See help(type(self)) for accurate signature.";
    "__repr__" "(self, /)" repr, "Return repr(self).";
    "__len__" "(self, /)" |cx, a| Ok(Value::small(len(cx, a.this_obj())? as i64)), "Return len(self).";
    "__getitem__" "(self, key, /)" get_item, "Return self[key].";
    "__setitem__" "(self, key, value, /)" set_item, "Set self[key] to value.";
    "__delitem__" "(self, key, /)" del_item, "Delete self[key].";
    "__contains__" "(self, key, /)" contains, "Return bool(key in self).";
    "__iter__" "(self, /)" |cx, a| deque_iter::new(cx, a.this_obj(), false), "Implement iter(self).";
    "__reversed__" "(self, /)" |cx, a| deque_iter::new(cx, a.this_obj(), true), "Return a reverse iterator over the deque.";
    "__add__" "(self, value, /)" add, "Return self+value.";
    "__iadd__" "(self, value, /)" iadd, "Implement self+=value.";
    "__mul__" "(self, value, /)" mul, "Return self*value.";
    "__rmul__" "(self, value, /)" mul, "Return value*self.";
    "__imul__" "(self, value, /)" imul, "Implement self*=value.";
    "__eq__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Eq, a), "Return self==value.";
    "__ne__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ne, a), "Return self!=value.";
    "__lt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Lt, a), "Return self<value.";
    "__le__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Le, a), "Return self<=value.";
    "__gt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Gt, a), "Return self>value.";
    "__ge__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ge, a), "Return self>=value.";
    "__copy__" "(self, /)" copy, "Return a shallow copy of a deque.";
    "__reduce__" "(self, /)" reduce, "Return state information for pickling.";
    "__sizeof__" "(self, /)" sizeof, "Return the size of the deque in memory, in bytes.";
    "append" "(self, item, /)" |cx, a| none(push_back(cx, a.this_obj(), a.get(1))), "Add an element to the right side of the deque.";
    "appendleft" "(self, item, /)" |cx, a| none(push_front(cx, a.this_obj(), a.get(1))), "Add an element to the left side of the deque.";
    "extend" "(self, iterable, /)" |cx, a| none(extend(cx, a.this_obj(), a.get(1), false)),
        "Extend the right side of the deque with elements from the iterable.";
    "extendleft" "(self, iterable, /)" |cx, a| none(extend(cx, a.this_obj(), a.get(1), true)),
        "Extend the left side of the deque with elements from the iterable.";
    "pop" "(self, /)" pop, "Remove and return the rightmost element.";
    "popleft" "(self, /)" pop_left, "Remove and return the leftmost element.";
    "clear" "(self, /)" |cx, a| none(replace(cx, a.this_obj(), &RootVec::new())), "Remove all elements from the deque.";
    "copy" "(self, /)" copy, "Return a shallow copy of a deque.";
    "count" "(self, value, /)" count, "Return number of occurrences of value.";
    "index" "(self, value, start=0, stop=<unset>, /)" index,
        "Return first index of value.\n\nRaises ValueError if the value is not present.";
    "insert" "(self, index, value, /)" insert, "Insert value before index.";
    "remove" "(self, value, /)" remove, "Remove first occurrence of value.";
    "reverse" "(self, /)" reverse, "Reverse *IN PLACE*.";
    "rotate" "(self, n=1, /)" rotate, "Rotate the deque n steps to the right.  If n is negative, rotates left.";
};

fn none(done: Completion<()>) -> Completion<Value> {
    done.map(|()| Value::NONE)
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj().filter(|o| o.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "deque.__new__(X): X is not a type object");
    };
    let d = cx.new_instance(class)?;
    clear_slots(d);
    Ok(d.into())
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let maxlen = match args.not_none(2) {
        None => Value::NONE,
        Some(v) => {
            if protocol::convert::as_int(v).is_none() {
                return raise!(cx, TypeError, "an integer is required");
            }
            let n = protocol::index_i64(cx, v)?;
            if n < 0 {
                return raise!(cx, ValueError, "maxlen must be non-negative");
            }
            Value::small(n.min(Value::INT_MAX))
        }
    };
    cx.set(d, MAXLEN, maxlen)?;
    replace(cx, d, &RootVec::new())?;
    if let Some(items) = args.opt(1) {
        extend(cx, d, items, false)?;
    }
    Ok(Value::NONE)
}

fn pop(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    cx.claim(args.this_obj())?;
    match take(cx, args.this_obj(), false).bound() {
        Some(v) => Ok(v),
        None => raise!(cx, IndexError, "pop from an empty deque"),
    }
}

fn pop_left(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    cx.claim(args.this_obj())?;
    match take(cx, args.this_obj(), true).bound() {
        Some(v) => Ok(v),
        None => raise!(cx, IndexError, "pop from an empty deque"),
    }
}

fn extend(cx: &mut Cx, d: Obj, items: Value, left: bool) -> Completion<()> {
    let push = |cx: &mut Cx, v| if left { push_front(cx, d, v) } else { push_back(cx, d, v) };
    if items == Value::from(d) {
        let copy = snapshot(cx, d)?;
        return copy.as_slice().iter().try_for_each(|&v| push(cx, v));
    }
    protocol::for_each(cx, items, push)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    support::guarded_repr(cx, d, "[...]", |cx| {
        let items = snapshot(cx, d)?;
        let items = list::from_vec(cx, items)?;
        let mut text = Text::new(cx.short_type_name(d.into()));
        text.push("(");
        text.push_repr(cx, items.into())?;
        if let Some(max) = cx.read(d, MAXLEN)?.small_int() {
            text.push(&format!(", maxlen={max}"));
        }
        text.push(")");
        text.finish(cx)
    })
}

/// The index argument as a position, `None` outside.
fn position(cx: &mut Cx, d: Obj, v: Value) -> Completion<Option<usize>> {
    if !protocol::convert::is_index(cx, v) {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "sequence index must be integer, not '{name}'");
    }
    let i = protocol::index_i64(cx, v)?;
    let n = len(cx, d)? as i64;
    let i = if i < 0 { i.saturating_add(n) } else { i };
    Ok((0..n).contains(&i).then_some(i as usize))
}

fn out_of_range(cx: &mut Cx) -> Completion<Value> {
    raise!(cx, IndexError, "deque index out of range")
}

fn get_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match position(cx, args.this_obj(), args.get(1))? {
        Some(i) => item(cx, args.this_obj(), i),
        None => out_of_range(cx),
    }
}

fn set_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let Some(i) = position(cx, d, args.get(1))? else { return out_of_range(cx) };
    cx.claim(d)?;
    if let Some(buf) = d.raw(BUF).obj() {
        cx.write_item(d, buf, (number(d, HEAD) + i) % buf.len(), args.get(2));
    }
    Ok(Value::NONE)
}

fn del_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let Some(i) = position(cx, d, args.get(1))? else { return out_of_range(cx) };
    none(remove_at(cx, d, i))
}

/// Index of the first item equal to `v` in `start..stop`.
fn find(cx: &mut Cx, d: Obj, v: Value, start: usize, stop: usize) -> Completion<Option<usize>> {
    let before = changes(cx, d)?;
    let found = sequence::find(cx, v, start, stop, |cx, i| {
        if changes(cx, d)? != before {
            return raise!(cx, RuntimeError, "deque mutated during iteration");
        }
        item(cx, d, i)
    })?;
    if changes(cx, d)? != before {
        return raise!(cx, RuntimeError, "deque mutated during iteration");
    }
    Ok(found)
}

fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(find(cx, args.this_obj(), args.get(1), 0, usize::MAX)?.is_some().into())
}

fn count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (mut n, mut from) = (0, 0);
    while let Some(i) = find(cx, args.this_obj(), args.get(1), from, usize::MAX)? {
        n += 1;
        from = i + 1;
    }
    Ok(Value::small(n))
}

fn index(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let n = len(cx, d)?;
    let (start, stop) = support::search_range(cx, args.get(2), args.get(3), n)?;
    match find(cx, d, args.get(1), start, stop)? {
        Some(i) => Ok(Value::small(i as i64)),
        None => {
            let text = protocol::convert::repr_text(cx, args.get(1))?;
            raise!(cx, ValueError, "{text} is not in deque")
        }
    }
}

fn remove(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let before = changes(cx, d)?;
    let found = sequence::find(cx, args.get(1), 0, usize::MAX, |cx, i| {
        if changes(cx, d)? != before {
            return raise!(cx, IndexError, "deque mutated during remove().");
        }
        item(cx, d, i)
    })?;
    if changes(cx, d)? != before {
        return raise!(cx, IndexError, "deque mutated during remove().");
    }
    match found {
        Some(i) => none(remove_at(cx, d, i)),
        None => {
            let text = protocol::convert::repr_text(cx, args.get(1))?;
            raise!(cx, ValueError, "{text} is not in deque")
        }
    }
}

fn insert(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let i = protocol::index_i64(cx, args.get(1))?;
    cx.claim(d)?;
    if is_full(d) {
        return raise!(cx, IndexError, "deque already at its maximum size");
    }
    let n = number(d, LEN) as i64;
    let i = if i < 0 { i.saturating_add(n).max(0) } else { i.min(n) } as usize;
    if i == 0 {
        return none(push_front(cx, d, args.get(2)));
    }
    if i == n as usize {
        return none(push_back(cx, d, args.get(2)));
    }
    let mut all = RootVec::new();
    for k in 0..n as usize {
        if k == i {
            all.push(cx, args.get(2))?;
        }
        all.push(cx, raw_item(d, k))?;
    }
    none(replace(cx, d, &all))
}

fn reverse(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = snapshot(cx, args.this_obj())?;
    let mut all = RootVec::new();
    for &v in items.as_slice().iter().rev() {
        all.push(cx, v)?;
    }
    none(replace(cx, args.this_obj(), &all))
}

fn rotate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let by = protocol::index_i64(cx, args.get(1))?;
    cx.claim(d)?;
    let n = number(d, LEN);
    if n < 2 {
        return Ok(Value::NONE);
    }
    let by = by.rem_euclid(n as i64) as usize;
    if by <= n / 2 {
        for _ in 0..by {
            let v = take(cx, d, false);
            put_back(cx, d, v, true)?;
        }
    } else {
        for _ in 0..n - by {
            let v = take(cx, d, true);
            put_back(cx, d, v, false)?;
        }
    }
    Ok(Value::NONE)
}

/// A deque of the same class with these items.
fn like(cx: &mut Cx, d: Obj, items: &RootVec) -> Completion<Obj> {
    let maxlen = cx.read(d, MAXLEN)?;
    let base = cx.type_for(&DEQUE)?;
    if d.class() == base {
        let made = cx.new_instance(base)?;
        clear_slots(made);
        made.init(MAXLEN, maxlen);
        replace(cx, made, items)?;
        return Ok(made);
    }
    let items = list::from_slice(cx, items.as_slice())?;
    let mut args = vec![Value::from(items)];
    if !maxlen.is_none() {
        args.push(maxlen);
    }
    let made = protocol::call(cx, d.class().into(), &args)?;
    match made.obj().filter(|o| taipan_objects::class::is_subclass(o.class(), base)) {
        Some(made) => Ok(made),
        None => {
            let (name, got) = (cx.type_name(d.into()), cx.type_name(made));
            raise!(cx, TypeError, "{name}() must return a deque, not {got}")
        }
    }
}

pub(super) fn copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = snapshot(cx, args.this_obj())?;
    Ok(like(cx, args.this_obj(), &items)?.into())
}

fn other_deque(cx: &mut Cx, v: Value) -> Completion<Option<Obj>> {
    let base = cx.type_for(&DEQUE)?;
    Ok(v.obj().filter(|o| taipan_objects::class::is_subclass(o.class(), base)))
}

fn add(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(other) = other_deque(cx, args.get(1))? else {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "can only concatenate deque (not \"{name}\") to deque");
    };
    let items = snapshot(cx, args.this_obj())?;
    let made = like(cx, args.this_obj(), &items)?;
    extend(cx, made, other.into(), false)?;
    Ok(made.into())
}

fn iadd(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    extend(cx, args.this_obj(), args.get(1), false)?;
    Ok(args.this())
}

fn repeated(cx: &mut Cx, d: Obj, n: usize) -> Completion<RootVec> {
    let items = snapshot(cx, d)?;
    let mut all = RootVec::new();
    match items.len().checked_mul(n) {
        Some(total) if total < 1 << 40 => {
            for &v in items.as_slice().iter().cycle().take(total) {
                all.push(cx, v)?;
            }
            Ok(all)
        }
        _ => Err(cx.out_of_memory()),
    }
}

fn mul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(n) = support::repeat_count(cx, args.get(1))? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let all = repeated(cx, args.this_obj(), n)?;
    Ok(like(cx, args.this_obj(), &all)?.into())
}

fn imul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(n) = support::repeat_count(cx, args.get(1))? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let all = repeated(cx, args.this_obj(), n)?;
    replace(cx, args.this_obj(), &all)?;
    Ok(args.this())
}

fn compare(cx: &mut Cx, op: CompareOp, args: Args<'_>) -> Completion<Value> {
    let Some(other) = other_deque(cx, args.get(1))? else { return Ok(Value::NOT_IMPLEMENTED) };
    let sides = [args.this_obj(), other];
    if matches!(op, CompareOp::Eq | CompareOp::Ne) && len(cx, sides[0])? != len(cx, sides[1])? {
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    sequence::compare(cx, op, |cx, side, i| item(cx, sides[side], i))
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let getstate = cx.name(taipan_objects::N::getstate);
    let state = protocol::call_method(cx, d.into(), getstate, &[])?;
    let it = protocol::iter(cx, d.into())?;
    let maxlen = cx.read(d, MAXLEN)?;
    let arguments = if maxlen.is_none() {
        cx.world.empty_tuple()
    } else {
        let empty = cx.world.empty_tuple();
        cx.new_tuple(&[empty, maxlen])?
    };
    cx.new_tuple(&[d.class().into(), arguments, state, it])
}

fn sizeof(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let words = cx.bracket(d, || d.raw(BUF).obj().map_or(0, |b| b.len() + 2))?;
    Ok(Value::small((words + 7) as i64 * 8))
}
