//! The Python methods of `set` and `frozenset`.

use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    native::{Args, NativeDef},
    protocol::{self, CompareOp},
    raise,
    types::{
        Body, T, TypeDef, dict, list,
        set::{self, operators, slots},
        support::{self, Text, rows},
    },
    value::Value,
};

/// `set`.
pub static SET: TypeDef = TypeDef {
    id: Some(T::set),
    name: "set",
    body: Body::Words(Kind::Set, 5),
    subclassable: true,
    methods: SET_METHODS,
    class_methods: CLASS_METHODS,
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new, "Create and return a new object.";
    },
    flags: flag::WEAKREFS,
    doc: "Build an unordered collection of unique elements.",
    ..TypeDef::BASE
};

/// `frozenset`.
pub static FROZENSET: TypeDef = TypeDef {
    id: Some(T::frozenset),
    name: "frozenset",
    body: Body::Words(Kind::FrozenSet, 6),
    subclassable: true,
    methods: FROZENSET_METHODS,
    class_methods: CLASS_METHODS,
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new_frozen, "Create and return a new object.";
    },
    flags: flag::WEAKREFS,
    doc: "Build an immutable unordered collection of unique elements.",
    ..TypeDef::BASE
};

const CLASS_METHODS: &[NativeDef] = rows! {
    "__class_getitem__" "(type, item, /)" support::class_getitem, "See PEP 585";
};

/// The rows of both classes, then further ones.
macro_rules! common_and {
    ($($rest:tt)*) => {
        rows! {
            "__repr__" "(self, /)" repr, "Return repr(self).";
            "__len__" "(self, /)" length, "Return len(self).";
            "__contains__" "(self, object, /)" contains, "x.__contains__(y) <==> y in x.";
            "__iter__" "(self, /)" |cx, a| set::iter::new(cx, this(a)), "Implement iter(self).";
            "__eq__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Eq, a), "Return self==value.";
            "__ne__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ne, a), "Return self!=value.";
            "__lt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Lt, a), "Return self<value.";
            "__le__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Le, a), "Return self<=value.";
            "__gt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Gt, a), "Return self>value.";
            "__ge__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ge, a), "Return self>=value.";
            "__or__" "(self, value, /)" |cx, a| binary(cx, a.get(0), a.get(1), union_of), "Return self|value.";
            "__ror__" "(self, value, /)" |cx, a| binary(cx, a.get(1), a.get(0), union_of), "Return value|self.";
            "__and__" "(self, value, /)" |cx, a| binary(cx, a.get(0), a.get(1), intersection_of), "Return self&value.";
            "__rand__" "(self, value, /)" |cx, a| binary(cx, a.get(1), a.get(0), intersection_of), "Return value&self.";
            "__sub__" "(self, value, /)" |cx, a| binary(cx, a.get(0), a.get(1), difference_of), "Return self-value.";
            "__rsub__" "(self, value, /)" |cx, a| binary(cx, a.get(1), a.get(0), difference_of), "Return value-self.";
            "__xor__" "(self, value, /)" |cx, a| binary(cx, a.get(0), a.get(1), symmetric_of), "Return self^value.";
            "__rxor__" "(self, value, /)" |cx, a| binary(cx, a.get(1), a.get(0), symmetric_of), "Return value^self.";
            "__reduce__" "(self, /)" reduce, "Return state information for pickling.";
            "__sizeof__" "(self, /)" sizeof, "S.__sizeof__() -> size of S in memory, in bytes.";
            "union" "(self, /, *others)" |cx, a| fold(cx, a, union_of),
                "Return a new set with elements from the set and all others.";
            "intersection" "(self, /, *others)" |cx, a| fold(cx, a, intersection_of),
                "Return a new set with elements common to the set and all others.";
            "difference" "(self, /, *others)" |cx, a| fold(cx, a, difference_of),
                "Return a new set with elements in the set that are not in the others.";
            "symmetric_difference" "(self, other, /)" symmetric_difference,
                "Return a new set with elements in either the set or other but not both.";
            "issubset" "(self, other, /)" is_subset, "Report whether another set contains this set.";
            "issuperset" "(self, other, /)" is_superset, "Report whether this set contains another set.";
            "isdisjoint" "(self, other, /)" is_disjoint, "Return True if two sets have a null intersection.";
            $($rest)*
        }
    };
}

const FROZENSET_METHODS: &[NativeDef] = common_and! {
    "__hash__" "(self, /)" hash, "Return hash(self).";
    "copy" "(self, /)" copy_frozen, "Return a shallow copy of a set.";
};

const SET_METHODS: &[NativeDef] = common_and! {
    "__init__" "(self, /, *args, **kwargs)" init, "Initialize self.";
    "__ior__" "(self, value, /)" |cx, a| in_place(cx, a, set::update), "Return self|=value.";
    "__iand__" "(self, value, /)" |cx, a| in_place(cx, a, intersect), "Return self&=value.";
    "__isub__" "(self, value, /)" |cx, a| in_place(cx, a, operators::subtract), "Return self-=value.";
    "__ixor__" "(self, value, /)" |cx, a| in_place(cx, a, operators::toggle), "Return self^=value.";
    "add" "(self, object, /)" add, "Add an element to a set.\n\nThis has no effect if the element is already present.";
    "discard" "(self, object, /)" discard,
        "Remove an element from a set if it is a member.\n\nUnlike set.remove(), the discard() method does not raise\nan exception when an element is missing from the set.";
    "remove" "(self, object, /)" remove,
        "Remove an element from a set; it must be a member.\n\nIf the element is not a member, raise a KeyError.";
    "pop" "(self, /)" pop, "Remove and return an arbitrary set element.\n\nRaises KeyError if the set is empty.";
    "clear" "(self, /)" clear, "Remove all elements from this set.";
    "copy" "(self, /)" copy, "Return a shallow copy of a set.";
    "update" "(self, /, *others)" |cx, a| each(cx, a, set::update),
        "Update the set, adding elements from all others.";
    "intersection_update" "(self, /, *others)" intersection_update,
        "Update the set, keeping only elements found in it and all others.";
    "difference_update" "(self, /, *others)" |cx, a| each(cx, a, operators::subtract),
        "Update the set, removing elements found in others.";
    "symmetric_difference_update" "(self, other, /)" symmetric_difference_update,
        "Update the set, keeping only elements found in either set, but not in both.";
};

/// The set object of the receiver.
fn this(args: Args<'_>) -> Obj {
    set::exact(args.this()).unwrap_or_else(|| args.this_obj())
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = support::class_for_new(cx, args, T::set)?;
    let s = cx.new_instance(class)?;
    slots::init_empty(s);
    Ok(s.into())
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = args.this_obj();
    support::check_args(cx, "set", args.rest(1), args.get(2), 1)?;
    cx.claim(s)?;
    slots::clear::<2>(cx, s);
    if let Some(&v) = args.rest(1).first() {
        set::update(cx, s, v)?;
    }
    Ok(Value::NONE)
}

fn new_frozen(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = support::class_for_new(cx, args, T::frozenset)?;
    let plain = class == cx.class(T::frozenset);
    if support::same_special(cx, class, T::frozenset, Special::Init) {
        support::check_args(cx, "frozenset", args.rest(1), args.get(2), 1)?;
    } else {
        support::at_most(cx, "frozenset", args.rest(1), 1)?;
    }
    let frozen = match args.rest(1).first() {
        Some(v) if v.obj().is_some_and(|o| o.kind() == Kind::FrozenSet) => *v,
        Some(&v) => {
            let made = set::from_iterable(cx, v)?;
            set::freeze(cx, made)?.into()
        }
        None => {
            let empty = set::new(cx)?;
            set::freeze(cx, empty)?.into()
        }
    };
    if plain {
        return Ok(frozen);
    }
    let o = cx.new_instance(class)?;
    o.init(class::PAYLOAD, frozen);
    Ok(o.into())
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = cx.type_name(args.this());
    let plain = args.this_obj().class() == cx.class(T::set);
    let s = this(args);
    if set::len(cx, s)? == 0 {
        return cx.new_str(&format!("{name}()"));
    }
    support::guarded_repr(cx, args.this_obj(), &format!("{name}(...)"), |cx| {
        let mut text = Text::default();
        if !plain {
            text.push(name);
            text.push("(");
        }
        text.push("{");
        let items = set::items(cx, s)?;
        for (i, &item) in items.as_slice().iter().enumerate() {
            if i > 0 {
                text.push(", ");
            }
            text.push_repr(cx, item)?;
        }
        text.push(if plain { "}" } else { "})" });
        text.finish(cx)
    })
}

fn length(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(set::len(cx, this(args))? as i64))
}

fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    set::has(cx, this(args), args.get(1)).map(Value::from)
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let h = set::hash_frozen(cx, this(args))?;
    cx.new_int(h)
}

fn compare(cx: &mut Cx, op: CompareOp, args: Args<'_>) -> Completion<Value> {
    match set::exact(args.get(1)) {
        Some(other) => Ok(operators::compare(cx, op, this(args), other)?.into()),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

type Algebra = fn(&mut Cx, Obj, Value) -> Completion<Obj>;

fn union_of(cx: &mut Cx, a: Obj, other: Value) -> Completion<Obj> {
    let result = set::copy(cx, a)?;
    set::update(cx, result, other)?;
    Ok(result)
}

fn intersection_of(cx: &mut Cx, a: Obj, other: Value) -> Completion<Obj> {
    operators::intersection(cx, a, other)
}

fn difference_of(cx: &mut Cx, a: Obj, other: Value) -> Completion<Obj> {
    operators::difference(cx, a, other)
}

fn symmetric_of(cx: &mut Cx, a: Obj, other: Value) -> Completion<Obj> {
    // As in CPython, the other side's items come first.
    let result = set::from_iterable(cx, other)?;
    operators::toggle(cx, result, a.into())?;
    Ok(result)
}

fn binary(cx: &mut Cx, a: Value, b: Value, f: Algebra) -> Completion<Value> {
    let (Some(a), Some(b)) = (set::exact(a), set::exact(b)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let made = f(cx, a, b.into())?;
    operators::same_class(cx, a, made)
}

/// A new set of the receiver's builtin class after `f` with each argument in turn.
fn fold(cx: &mut Cx, args: Args<'_>, f: Algebra) -> Completion<Value> {
    let s = this(args);
    let mut made = set::copy(cx, s)?;
    for &other in args.rest(1) {
        made = f(cx, made, other)?;
    }
    operators::same_class(cx, s, made)
}

fn symmetric_difference(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let made = symmetric_of(cx, this(args), args.get(1))?;
    operators::same_class(cx, this(args), made)
}

type Change = fn(&mut Cx, Obj, Value) -> Completion<()>;

fn in_place(cx: &mut Cx, args: Args<'_>, f: Change) -> Completion<Value> {
    let Some(other) = set::exact(args.get(1)) else { return Ok(Value::NOT_IMPLEMENTED) };
    f(cx, args.this_obj(), other.into())?;
    Ok(args.this())
}

fn each(cx: &mut Cx, args: Args<'_>, f: Change) -> Completion<Value> {
    for &other in args.rest(1) {
        f(cx, args.this_obj(), other)?;
    }
    Ok(Value::NONE)
}

fn intersect(cx: &mut Cx, s: Obj, other: Value) -> Completion<()> {
    let made = operators::intersection(cx, s, other)?;
    set::take_over(cx, s, made)
}

fn intersection_update(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut made = set::copy(cx, args.this_obj())?;
    for &other in args.rest(1) {
        made = operators::intersection(cx, made, other)?;
    }
    set::take_over(cx, args.this_obj(), made)?;
    Ok(Value::NONE)
}

fn symmetric_difference_update(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    operators::toggle(cx, args.this_obj(), args.get(1))?;
    Ok(Value::NONE)
}

fn as_set(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match set::exact(v) {
        Some(s) => Ok(s),
        None => set::from_iterable(cx, v),
    }
}

fn is_subset(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let other = as_set(cx, args.get(1))?;
    Ok(operators::is_subset(cx, this(args), other)?.into())
}

fn is_superset(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let other = as_set(cx, args.get(1))?;
    Ok(operators::is_subset(cx, other, this(args))?.into())
}

fn is_disjoint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(operators::is_disjoint(cx, this(args), args.get(1))?.into())
}

fn add(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    set::add(cx, args.this_obj(), args.get(1))?;
    Ok(Value::NONE)
}

fn take(cx: &mut Cx, args: Args<'_>) -> Completion<bool> {
    let h = set::lookup_hash(cx, args.get(1))?;
    set::discard_hashed(cx, args.this_obj(), args.get(1), h)
}

fn discard(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    take(cx, args)?;
    Ok(Value::NONE)
}

fn remove(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if take(cx, args)? {
        return Ok(Value::NONE);
    }
    Err(dict::key_error(cx, args.get(1)))
}

fn pop(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = args.this_obj();
    cx.claim(s)?;
    match slots::pop(cx, s) {
        Some(v) => Ok(v),
        None => raise!(cx, KeyError, "pop from an empty set"),
    }
}

fn clear(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = args.this_obj();
    cx.claim(s)?;
    slots::clear::<2>(cx, s);
    Ok(Value::NONE)
}

fn copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(set::copy(cx, args.this_obj())?.into())
}

fn copy_frozen(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = this(args);
    if args.this_obj() == s {
        return Ok(s.into());
    }
    let made = set::copy(cx, s)?;
    operators::same_class(cx, s, made)
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = set::items(cx, this(args))?;
    let items = list::from_vec(cx, items)?;
    let class = cx.class_of(args.this());
    let arguments = cx.new_tuple(&[items.into()])?;
    let getstate = cx.name(N::getstate);
    let state = protocol::call_method(cx, args.this(), getstate, &[])?;
    cx.new_tuple(&[class.into(), arguments, state])
}

fn sizeof(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = this(args);
    let words = slots::look(cx, s, || slots::n_words(s))?;
    Ok(Value::small((words + 6) as i64 * 8))
}
