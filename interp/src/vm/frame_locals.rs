//! `FrameLocalsProxy`: the variables of a function's frame as a mapping that writes through (PEP 667).
//!
//! Reading looks at the frame anew each time; names that are no variables live in a dict of the frame object's. Conflicts:
//! as the frame's, which belongs to one thread while it runs.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::Args,
    protocol::{self, CompareOp},
    raise,
    types::{
        Body, T, TypeDef, dict,
        support::{self, rows},
    },
    value::Value,
};

use crate::vm::frame_object;

/// Slot of the frame object.
const FRAME: usize = 2;

/// The mapping of the frame's variables.
///
/// # Errors
/// `MemoryError`.
pub fn of(cx: &mut Cx, frame: Obj) -> Completion<Value> {
    let class = cx.type_for(&PROXY)?;
    let o = cx.new_instance(class)?;
    o.init(FRAME, frame.into());
    Ok(o.into())
}

fn frame(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let class = cx.type_for(&PROXY)?;
    match v.obj().filter(|o| o.class() == class).and_then(|o| o.raw(FRAME).obj()) {
        Some(frame) => Ok(frame),
        None => raise!(cx, TypeError, "frame locals proxy expected"),
    }
}

/// What the mapping holds now.
fn snapshot(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let frame = frame(cx, v)?;
    let all = frame_object::locals(cx, frame)?;
    match all.obj() {
        Some(all) => Ok(all),
        None => dict::new(cx),
    }
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.rest(1).len() != 1 {
        let n = args.rest(1).len();
        return raise!(cx, TypeError, "FrameLocalsProxy expected 1 argument, got {n}");
    }
    let given = args.rest(1)[0];
    match given.obj().filter(|o| o.class() == cx.class(T::frame)) {
        Some(frame) => of(cx, frame),
        None => {
            let got = cx.type_name(given);
            raise!(cx, TypeError, "expect frame, not {got}")
        }
    }
}

fn get_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let all = snapshot(cx, args.this())?;
    match dict::get_item(cx, all, args.get(1))?.bound() {
        Some(v) => Ok(v),
        None => {
            let name = protocol::convert::repr_text(cx, args.get(1))?;
            raise!(cx, KeyError, "local variable '{name}' is not defined")
        }
    }
}

fn store(cx: &mut Cx, this: Value, key: Value, v: Value) -> Completion<()> {
    let frame = frame(cx, this)?;
    if frame_object::set_local(cx, frame, key, v)? {
        return Ok(());
    }
    let extra = frame_object::make_extra_locals(cx, frame)?;
    dict::set_item(cx, extra, key, v)
}

fn set_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    store(cx, args.this(), args.get(1), args.get(2))?;
    Ok(Value::NONE)
}

fn remove(cx: &mut Cx, this: Value, key: Value, default: Option<Value>) -> Completion<Value> {
    let frame = frame(cx, this)?;
    if frame_object::is_local(frame, key) {
        return raise!(cx, ValueError, "cannot remove local variables from FrameLocalsProxy");
    }
    let found = match frame_object::extra_locals(cx, frame)? {
        Some(extra) => dict::take(cx, extra, key)?,
        None => Value::UNBOUND,
    };
    match found.bound().or(default) {
        Some(v) => Ok(v),
        None => Err(dict::key_error(cx, key)),
    }
}

fn del_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    remove(cx, args.this(), args.get(1), None).map(|_| Value::NONE)
}

fn pop(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    remove(cx, args.this(), args.get(1), args.opt(2))
}

fn set_default(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let all = snapshot(cx, args.this())?;
    if let Some(v) = dict::get_item(cx, all, args.get(1))?.bound() {
        return Ok(v);
    }
    store(cx, args.this(), args.get(1), args.get(2))?;
    Ok(args.get(2))
}

/// A dict of what `v` maps, if it is a mapping of some kind.
fn given(cx: &mut Cx, v: Value) -> Completion<Option<Obj>> {
    if dict::exact_kind(v).is_none() && frame(cx, v).is_err() {
        return Ok(None);
    }
    let made = dict::new(cx)?;
    dict::update(cx, made, v)?;
    Ok(Some(made))
}

fn store_all(cx: &mut Cx, this: Value, from: Obj) -> Completion<()> {
    let items = dict::items(cx, from)?;
    for pair in items.as_slice().chunks_exact(2) {
        store(cx, this, pair[0], pair[1])?;
    }
    Ok(())
}

fn update(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match given(cx, args.get(1))? {
        Some(from) => store_all(cx, args.this(), from).map(|()| Value::NONE),
        None => raise!(cx, TypeError, "update() argument must be dict or another FrameLocalsProxy"),
    }
}

fn or_in_place(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(from) = given(cx, args.get(1))? else { return Ok(Value::NOT_IMPLEMENTED) };
    store_all(cx, args.this(), from)?;
    Ok(args.this())
}

fn union(cx: &mut Cx, left: Value, right: Value) -> Completion<Value> {
    let (Some(left), Some(right)) = (given(cx, left)?, given(cx, right)?) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    dict::merge(cx, left, right)?;
    Ok(left.into())
}

fn equal(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let own = frame(cx, args.this())?;
    let other = args.get(1);
    if let Ok(frame) = frame(cx, other) {
        return Ok(Value::bool(frame == own));
    }
    if dict::exact_kind(other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let all = snapshot(cx, args.this())?;
    protocol::compare(cx, CompareOp::Eq, all.into(), other)
}

/// Passes the call on to a dict of what the mapping holds.
fn by_dict(cx: &mut Cx, args: Args<'_>, name: &str) -> Completion<Value> {
    let all = snapshot(cx, args.this())?;
    let name = cx.intern(name)?;
    protocol::call_method(cx, all.into(), name, &args.0[1..])
}

/// The items of a dict's view as a list: it does not change with the frame.
fn listed(cx: &mut Cx, args: Args<'_>, name: &str) -> Completion<Value> {
    let view = by_dict(cx, args, name)?;
    let items = protocol::collect(cx, view)?;
    crate::vm::exec::containers::new_list(cx, items.as_slice())
}

fn get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let all = snapshot(cx, args.this())?;
    Ok(dict::get_item(cx, all, args.get(1))?.bound().unwrap_or(args.get(2)))
}

fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let all = snapshot(cx, args.this())?;
    dict::contains(cx, all, args.get(1)).map(Value::bool)
}

fn len(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let all = snapshot(cx, args.this())?;
    Ok(Value::small(dict::len(cx, all)? as i64))
}

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let keys = listed(cx, args, "keys")?;
    protocol::iter(cx, keys)
}

fn reversed(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    listed(cx, args, "__reversed__")
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = args.this_obj();
    let text = support::guarded_repr(cx, this, "{...}", |cx| {
        let all = snapshot(cx, this.into())?;
        protocol::repr(cx, all.into())
    })?;
    Ok(text)
}

fn copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    snapshot(cx, args.this()).map(Value::from)
}

/// `FrameLocalsProxy`.
pub static PROXY: TypeDef = TypeDef {
    name: "FrameLocalsProxy",
    body: Body::Words(Kind::Record, 3),
    methods: rows! {
        "__getitem__" "(self, key, /)" get_item, "Return self[key].";
        "__setitem__" "(self, key, value, /)" set_item, "Set self[key] to value.";
        "__delitem__" "(self, key, /)" del_item, "Delete self[key].";
        "__contains__" "(self, key, /)" contains, "Return bool(key in self).";
        "__len__" "(self, /)" len, "Return len(self).";
        "__iter__" "(self, /)" iter, "Implement iter(self).";
        "__reversed__" "(self, /)" reversed, "Return a reverse iterator over the keys.";
        "__repr__" "(self, /)" repr, "Return repr(self).";
        "__eq__" "(self, value, /)" equal, "Return self==value.";
        "__or__" "(self, value, /)" |cx, args| union(cx, args.this(), args.get(1)), "Return self|value.";
        "__ror__" "(self, value, /)" |cx, args| union(cx, args.get(1), args.this()), "Return value|self.";
        "__ior__" "(self, value, /)" or_in_place, "Return self|=value.";
        "get" "(self, key, default=None, /)" get, "Return the value for key if key is in the mapping, else default.";
        "keys" "(self, /)" |cx, args| listed(cx, args, "keys"), "Return the names.";
        "values" "(self, /)" |cx, args| listed(cx, args, "values"), "Return the values.";
        "items" "(self, /)" |cx, args| listed(cx, args, "items"), "Return names and values.";
        "copy" "(self, /)" copy, "Return a dict with the same items.";
        "update" "(self, other, /)" update, "Set variables.";
        "setdefault" "(self, key, default=None, /)" set_default, "Set a variable if it is not bound.";
        "pop" "(self, key, default=<unset>, /)" pop, "Remove a name that is no variable.";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new, "Create and return a new object.";
    },
    doc: "",
    ..TypeDef::BASE
};
