//! The Python methods of `list`.

use crate::{
    class::flag,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::Args,
    protocol::{self, CompareOp, RootVec},
    raise,
    types::{
        Body, T, TypeDef, list, sequence, slice,
        support::{self, rows},
    },
    value::Value,
};

/// `list`.
pub static LIST: TypeDef = TypeDef {
    id: Some(T::list),
    name: "list",
    body: Body::Words(Kind::List, 4),
    subclassable: true,
    methods: METHODS,
    class_methods: rows! {
        "__class_getitem__" "(type, item, /)" support::class_getitem, "See PEP 585";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new, "Create and return a new object.";
    },
    flags: flag::SEQUENCE,
    doc: "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\nThe argument must be an iterable if specified.",
    ..TypeDef::BASE
};

const METHODS: &[crate::native::NativeDef] = rows! {
    "__init__" "(self, /, *args, **kwargs)" init, "Initialize self.";
    "__repr__" "(self, /)" repr, "Return repr(self).";
    "__len__" "(self, /)" length, "Return len(self).";
    "__getitem__" "(self, index, /)" get_item, "Return self[index].";
    "__setitem__" "(self, key, value, /)" set_item, "Set self[key] to value.";
    "__delitem__" "(self, key, /)" del_item, "Delete self[key].";
    "__contains__" "(self, key, /)" contains, "Return bool(key in self).";
    "__iter__" "(self, /)" |cx, a| list::iter::new(cx, a.this_obj()), "Implement iter(self).";
    "__reversed__" "(self, /)" |cx, a| list::iter::new_reversed(cx, a.this_obj()),
        "Return a reverse iterator over the list.";
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
    "__sizeof__" "(self, /)" sizeof, "Return the size of the list in memory, in bytes.";
    "append" "(self, object, /)" append, "Append object to the end of the list.";
    "extend" "(self, iterable, /)" extend, "Extend list by appending elements from the iterable.";
    "insert" "(self, index, object, /)" insert, "Insert object before index.";
    "pop" "(self, index=-1, /)" pop,
        "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range.";
    "remove" "(self, value, /)" remove,
        "Remove first occurrence of value.\n\nRaises ValueError if the value is not present.";
    "clear" "(self, /)" clear, "Remove all items from list.";
    "copy" "(self, /)" copy, "Return a shallow copy of the list.";
    "index" "(self, value, start=0, stop=9223372036854775807, /)" index,
        "Return first index of value.\n\nRaises ValueError if the value is not present.";
    "count" "(self, value, /)" count, "Return number of occurrences of value.";
    "reverse" "(self, /)" reverse, "Reverse *IN PLACE*.";
    "sort" "(self, /, *, key=None, reverse=False)" sort,
        "Sort the list in ascending order and return None.\n\nThe sort is in-place (i.e. the list itself is modified) and stable (i.e. the\norder of two equal elements is maintained).\n\nIf a key function is given, apply it once to each list item and sort them,\nascending or descending, according to their function values.\n\nThe reverse flag can be set to sort in descending order.";
};

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = support::class_for_new(cx, args, T::list)?;
    let list = cx.new_instance(class)?;
    list.init(list::LEN, Value::small(0));
    Ok(list.into())
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = args.this_obj();
    if support::same_special(cx, list.class(), T::list, Special::New) {
        support::check_args(cx, "list", args.rest(1), args.get(2), 1)?;
    } else {
        support::at_most(cx, "list", args.rest(1), 1)?;
    }
    if list::len(cx, list)? > 0 {
        list::replace_all(cx, list, RootVec::new())?;
    }
    if let Some(&items) = args.rest(1).first() {
        list::extend(cx, list, items)?;
    }
    Ok(Value::NONE)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = args.this_obj();
    support::guarded_repr(cx, list, "[...]", |cx| {
        sequence::repr(cx, "[", "]", |cx, i| list::get(cx, list, i as i64))
    })
}

fn length(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(list::len(cx, args.this_obj())? as i64))
}

fn get_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = args.this_obj();
    if let Some(s) = support::as_slice(cx, args.get(1)) {
        return get_slice(cx, list, s);
    }
    let i = support::item_index(cx, "list", args.get(1))?;
    match list::get(cx, list, i)?.bound() {
        Some(v) => Ok(v),
        None => raise!(cx, IndexError, "list index out of range"),
    }
}

fn get_slice(cx: &mut Cx, list: Obj, s: Obj) -> Completion<Value> {
    let parts = slice::unpack(cx, s)?;
    Ok(list::slice(cx, list, parts)?.into())
}

fn set_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = args.this_obj();
    if let Some(s) = support::as_slice(cx, args.get(1)) {
        set_slice(cx, list, s, args.get(2))?;
        return Ok(Value::NONE);
    }
    let i = support::item_index(cx, "list", args.get(1))?;
    if list::set(cx, list, i, args.get(2))? {
        return Ok(Value::NONE);
    }
    raise!(cx, IndexError, "list assignment index out of range")
}

fn set_slice(cx: &mut Cx, list: Obj, s: Obj, v: Value) -> Completion<()> {
    let parts = slice::unpack(cx, s)?;
    let items = match protocol::collect(cx, v) {
        Ok(items) => items,
        Err(escape) => {
            let iterable = protocol::find_special(cx, v, crate::names::Special::Iter).is_some();
            if escape.exception().is_some() && !iterable {
                return raise!(cx, TypeError, "must assign iterable to extended slice");
            }
            return Err(escape);
        }
    };
    cx.claim(list)?;
    let b = slice::fit(cx, parts, list::raw_len(list))?;
    if b.step == 1 {
        let start = b.start as usize;
        return list::splice(cx, list, start, start + b.len, items.as_slice());
    }
    if items.len() != b.len {
        let (got, wanted) = (items.len(), b.len);
        return raise!(
            cx,
            ValueError,
            "attempt to assign sequence of size {got} to extended slice of size {wanted}"
        );
    }
    for (i, &v) in items.as_slice().iter().enumerate() {
        list::set(cx, list, b.at(i) as i64, v)?;
    }
    Ok(())
}

fn del_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = args.this_obj();
    if let Some(s) = support::as_slice(cx, args.get(1)) {
        del_slice(cx, list, s)?;
        return Ok(Value::NONE);
    }
    let i = support::item_index(cx, "list", args.get(1))?;
    if take_at(cx, list, i)?.is_bound() {
        return Ok(Value::NONE);
    }
    raise!(cx, IndexError, "list assignment index out of range")
}

fn del_slice(cx: &mut Cx, list: Obj, s: Obj) -> Completion<()> {
    let parts = slice::unpack(cx, s)?;
    cx.claim(list)?;
    let b = slice::fit(cx, parts, list::raw_len(list))?;
    if b.len == 0 {
        return Ok(());
    }
    let first = b.at(0).min(b.at(b.len - 1));
    if b.step.abs() == 1 || b.len == 1 {
        return list::splice(cx, list, first, first + b.len, &[]);
    }
    let step = b.step.unsigned_abs() as usize;
    let gone =
        |i: usize| i >= first && (i - first).is_multiple_of(step) && (i - first) / step < b.len;
    let all = list::snapshot(cx, list)?;
    let kept = cx.new_buf(all.len() - b.len)?;
    let rest = all.as_slice().iter().enumerate().filter(|(i, _)| !gone(*i));
    for (n, (_, &v)) in rest.enumerate() {
        kept.init_item(n, v);
    }
    list::replace_all(cx, list, RootVec::from_buf(kept, all.len() - b.len))
}

/// Removes and gives item `i`, counted from the end if negative; `UNBOUND` outside.
fn take_at(cx: &mut Cx, list: Obj, i: i64) -> Completion<Value> {
    cx.claim(list)?;
    let v = list::raw_item(list, i);
    if v.is_unbound() {
        return Ok(v);
    }
    let len = list::raw_len(list);
    let i = if i < 0 { i + len as i64 } else { i } as usize;
    if i + 1 == len {
        return list::pop(cx, list);
    }
    list::splice(cx, list, i, i + 1, &[])?;
    Ok(v)
}

fn find(cx: &mut Cx, list: Obj, v: Value, start: usize, stop: usize) -> Completion<Option<usize>> {
    sequence::find(cx, v, start, stop, |cx, i| list::get(cx, list, i as i64))
}

fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(find(cx, args.this_obj(), args.get(1), 0, usize::MAX)?.is_some().into())
}

fn index(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = args.this_obj();
    let len = list::len(cx, list)?;
    let (start, stop) = support::search_range(cx, args.get(2), args.get(3), len)?;
    match find(cx, list, args.get(1), start, stop)? {
        Some(i) => Ok(Value::small(i as i64)),
        None => {
            let text = protocol::convert::repr_text(cx, args.get(1))?;
            raise!(cx, ValueError, "{text} is not in list")
        }
    }
}

fn count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = args.this_obj();
    let (mut n, mut from) = (0, 0);
    while let Some(i) = find(cx, list, args.get(1), from, usize::MAX)? {
        n += 1;
        from = i + 1;
    }
    Ok(Value::small(n))
}

fn remove(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = args.this_obj();
    match find(cx, list, args.get(1), 0, usize::MAX)? {
        Some(i) => {
            list::splice(cx, list, i, i + 1, &[])?;
            Ok(Value::NONE)
        }
        None => raise!(cx, ValueError, "list.remove(x): x not in list"),
    }
}

fn add(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(other) = list::exact_kind(args.get(1)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let (a, b) = (list::snapshot(cx, args.this_obj())?, list::snapshot(cx, other)?);
    let n = a.len() + b.len();
    let buf = cx.new_buf(n)?;
    for (i, &v) in a.as_slice().iter().chain(b.as_slice()).enumerate() {
        buf.init_item(i, v);
    }
    Ok(list::from_vec(cx, RootVec::from_buf(buf, n))?.into())
}

fn iadd(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    list::extend(cx, args.this_obj(), args.get(1))?;
    Ok(args.this())
}

fn repeated(cx: &mut Cx, list: Obj, n: usize) -> Completion<RootVec> {
    let items = list::snapshot(cx, list)?;
    let Some(total) = items.len().checked_mul(n) else { return Err(cx.out_of_memory()) };
    if total == 0 {
        return Ok(RootVec::new());
    }
    let buf = cx.new_buf(total)?;
    for (i, &v) in items.as_slice().iter().cycle().take(total).enumerate() {
        buf.init(2 + i, v);
    }
    Ok(RootVec::from_buf(buf, total))
}

fn mul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(n) = support::repeat_count(cx, args.get(1))? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let items = repeated(cx, args.this_obj(), n)?;
    Ok(list::from_vec(cx, items)?.into())
}

fn imul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(n) = support::repeat_count(cx, args.get(1))? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let items = repeated(cx, args.this_obj(), n)?;
    list::replace_all(cx, args.this_obj(), items)?;
    Ok(args.this())
}

fn compare(cx: &mut Cx, op: CompareOp, args: Args<'_>) -> Completion<Value> {
    let Some(other) = list::exact_kind(args.get(1)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let sides = [args.this_obj(), other];
    if matches!(op, CompareOp::Eq | CompareOp::Ne)
        && list::len(cx, sides[0])? != list::len(cx, sides[1])?
    {
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    sequence::compare(cx, op, |cx, side, i| list::get(cx, sides[side], i as i64))
}

fn sizeof(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = args.this_obj();
    let words = cx.bracket(list, || list.raw(list::BUF).obj().map_or(0, |b| b.len() + 2))?;
    Ok(Value::small((words + 4) as i64 * 8))
}

fn append(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    list::push(cx, args.this_obj(), args.get(1))?;
    Ok(Value::NONE)
}

fn extend(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    list::extend(cx, args.this_obj(), args.get(1))?;
    Ok(Value::NONE)
}

fn insert(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let i = protocol::index_i64(cx, args.get(1))?;
    let list = args.this_obj();
    cx.claim(list)?;
    let len = list::raw_len(list) as i64;
    let i = if i < 0 { i.saturating_add(len).max(0) } else { i.min(len) };
    list::insert(cx, list, i as usize, args.get(2))?;
    Ok(Value::NONE)
}

fn pop(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = args.this_obj();
    let i = protocol::index_i64(cx, args.get(1))?;
    if let Some(v) = take_at(cx, list, i)?.bound() {
        return Ok(v);
    }
    if list::len(cx, list)? == 0 {
        return raise!(cx, IndexError, "pop from empty list");
    }
    raise!(cx, IndexError, "pop index out of range")
}

fn clear(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    list::replace_all(cx, args.this_obj(), RootVec::new())?;
    Ok(Value::NONE)
}

fn copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = list::snapshot(cx, args.this_obj())?;
    Ok(list::from_vec(cx, items)?.into())
}

fn reverse(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    list::reverse(cx, args.this_obj())?;
    Ok(Value::NONE)
}

fn sort(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let reverse = protocol::truth(cx, args.get(2))?;
    list::sort(cx, args.this_obj(), args.not_none(1), reverse)?;
    Ok(Value::NONE)
}
