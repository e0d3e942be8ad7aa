//! What `memo` of picklers and unpicklers is: something that can be cleared, copied, and assigned to another one.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, T, TypeDef, Value,
    protocol::convert,
    raise, rows,
    types::{dict, tuple},
};

use super::{memo, unpickler::memo as loaded};

const OWNER: usize = 2;

macro_rules! proxy_type {
    ($id:ident, $name:literal, $clear:expr, $copy:expr) => {
        static $id: TypeDef = TypeDef {
            name: $name,
            module: "_pickle",
            body: Body::Words(Kind::Frozen, 3),
            methods: rows! {
                "clear" "(self, /)" |cx, a| $clear(cx, owner(a.this_obj())).map(|()| Value::NONE),
                    "Remove all items from memo.";
                "copy" "(self, /)" |cx, a| $copy(cx, owner(a.this_obj())), "Copy the memo to a new object.";
                "__reduce__" "(self, /)" |cx, a| { let d = $copy(cx, owner(a.this_obj()))?; reduce(cx, d) },
                    "Implement pickle support.";
            },
            ..TypeDef::BASE
        };
    };
}

proxy_type!(PICKLER, "PicklerMemoProxy", memo::clear, copy_pickler);
proxy_type!(UNPICKLER, "UnpicklerMemoProxy", loaded::clear, copy_unpickler);

fn owner(proxy: Obj) -> Obj {
    proxy.raw(OWNER).obj().unwrap_or(proxy)
}

fn proxy(cx: &mut Cx, def: &'static TypeDef, owner: Value) -> Completion<Value> {
    let class = cx.type_for(def)?;
    let o = cx.new_instance(class)?;
    o.init(OWNER, owner);
    Ok(o.into())
}

/// Whose memo `v` is, if it is one of the class that `def` declares.
fn owner_of(cx: &mut Cx, def: &'static TypeDef, v: Value) -> Completion<Option<Obj>> {
    let class = cx.type_for(def)?;
    Ok(v.obj().filter(|o| o.class() == class).map(owner))
}

fn reduce(cx: &mut Cx, copy: Value) -> Completion<Value> {
    let args = cx.new_tuple(&[copy])?;
    cx.new_tuple(&[cx.class(T::dict).into(), args])
}

/// `{id(object): (number, object), ...}`.
fn copy_pickler(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let all = dict::new(cx)?;
    for pair in memo::pairs(cx, o)?.as_slice().chunks_exact(2) {
        let id = crate::builtins::objects::id(cx, Args(&[pair[0]]))?;
        let entry = cx.new_tuple(&[pair[1], pair[0]])?;
        dict::set_item(cx, all, id, entry)?;
    }
    Ok(all.into())
}

/// `{number: object, ...}`.
fn copy_unpickler(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let all = dict::new(cx)?;
    for pair in loaded::pairs(cx, o)?.as_slice().chunks_exact(2) {
        dict::set_item(cx, all, pair[0], pair[1])?;
    }
    Ok(all.into())
}

pub(super) fn pickler_memo(cx: &mut Cx, this: Value) -> Completion<Value> {
    proxy(cx, &PICKLER, this)
}

pub(super) fn unpickler_memo(cx: &mut Cx, this: Value) -> Completion<Value> {
    proxy(cx, &UNPICKLER, this)
}

/// The items of the dict that is assigned to `memo`.
fn given(cx: &mut Cx, v: Value, instead: &str) -> Completion<&'static [Value]> {
    if v.is_unbound() {
        return raise!(cx, TypeError, "attribute deletion is not supported");
    }
    match dict::exact_kind(v) {
        Some(d) => Ok(dict::items(cx, d)?.as_slice()),
        None => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "'memo' attribute must be {instead} object or dict, not {got}")
        }
    }
}

pub(super) fn set_pickler_memo(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    let Some(o) = this.obj() else { return Ok(()) };
    if let Some(other) = owner_of(cx, &PICKLER, v)? {
        return memo::assign(cx, o, other);
    }
    let mut entries = Vec::new();
    for pair in given(cx, v, "a PicklerMemoProxy")?.chunks_exact(2) {
        let Some(&[n, object]) = tuple::items_of(pair[1]) else {
            return raise!(cx, TypeError, "'memo' values must be 2-item tuples");
        };
        let Some(n) = convert::as_i64(n) else {
            let got = cx.type_name(n);
            return raise!(cx, TypeError, "'{got}' object cannot be interpreted as an integer");
        };
        // The dict keeps the objects alive.
        entries.push((object, n.max(0) as usize));
    }
    memo::clear(cx, o)?;
    for (object, n) in entries {
        memo::insert(cx, o, object, n)?;
        memo::skip(cx, o)?;
    }
    Ok(())
}

pub(super) fn set_unpickler_memo(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    let Some(o) = this.obj() else { return Ok(()) };
    let pairs = match owner_of(cx, &UNPICKLER, v)? {
        Some(other) => loaded::pairs(cx, other)?.as_slice(),
        None => given(cx, v, "an UnpicklerMemoProxy")?,
    };
    for pair in pairs.chunks_exact(2) {
        match convert::as_i64(pair[0]) {
            Some(n) if n >= 0 => {}
            Some(_) => return raise!(cx, ValueError, "memo key must be positive integers."),
            None => return raise!(cx, TypeError, "memo key must be integers"),
        }
    }
    loaded::clear(cx, o)?;
    for pair in pairs.chunks_exact(2) {
        let n = convert::as_i64(pair[0]).unwrap_or(0) as usize;
        loaded::put(cx, o, n, pair[1])?;
    }
    Ok(())
}
