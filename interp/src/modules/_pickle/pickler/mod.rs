//! `Pickler`: settings and memo, kept between calls of `dump`.
//!
//! Reading order: `save.rs` (which object is written how), `atoms.rs`, `containers.rs`, `reduce.rs` (what objects say of
//! themselves), `instances.rs` (what they would say), `globals.rs` (by name), `bytes.rs`.

mod atoms;
mod bytes;
mod containers;
mod globals;
mod instances;
mod reduce;
mod save;

use taipan_objects::{
    Args, Body, Completion, Cx, GetSetDef, Kind, Obj, TypeDef, Value,
    protocol::{self, attr, convert},
    raise, rows,
    types::number,
};

pub(super) use self::globals::{follow, import, path_of};
use self::save::Save;
use super::{errors, memo, opcodes::HIGHEST_PROTOCOL, output::Output, proxy};

/// The file's `write`; unbound before `__init__`.
const WRITE: usize = 5;
const PROTO: usize = 6;
const BIN: usize = 7;
const FAST: usize = 8;
const FIX_IMPORTS: usize = 9;
const DISPATCH: usize = 10;
const CALLBACK: usize = 11;
/// What was assigned to `persistent_id` of the instance.
const PERSISTENT: usize = 12;

pub(super) static PICKLER: TypeDef = TypeDef {
    name: "Pickler",
    module: "_pickle",
    body: Body::Words(Kind::Record, 13),
    subclassable: true,
    methods: rows! {
        "__init__" "(self, file, protocol=None, fix_imports=True, buffer_callback=None)" init,
            "Initialize self.  See help(type(self)) for accurate signature.";
        "__getattribute__" "(self, name, /)" |cx, a| super::get_attribute(cx, a, "persistent_id", PERSISTENT),
            "Return getattr(self, name).";
        "__setattr__" "(self, name, value, /)" |cx, a| super::set_attribute(cx, a, "persistent_id", PERSISTENT),
            "Implement setattr(self, name, value).";
        "__delattr__" "(self, name, /)" |cx, a| super::set_attribute(cx, a, "persistent_id", PERSISTENT),
            "Implement delattr(self, name).";
        "persistent_id" "(self, obj, /)" no_persistent_id, "";
        "dump" "(self, obj, /)" dump, "Write a pickled representation of the given object to the open file.";
        "clear_memo" "(self, /)" |cx, a| memo::clear(cx, a.this_obj()).map(|()| Value::NONE),
            "Clears the pickler's \"memo\".\n\nThe memo is the data structure that remembers which objects the\npickler has already seen, so that shared or recursive objects are\npickled by reference and not by value.  This method is useful when\nre-using picklers.";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" |cx, a| new(cx, a.this_obj()).map(Value::from),
            "Create and return a new object.  See help(type) for accurate signature.";
    },
    getset: &[GetSetDef {
        name: "memo",
        get: proxy::pickler_memo,
        set: Some(proxy::set_pickler_memo),
        doc: "",
    }],
    members: &[
        GetSetDef {
            name: "bin",
            get: |cx, v| number_in(cx, v, BIN),
            set: Some(|cx, this, v| set_number(cx, this, v, BIN)),
            doc: "",
        },
        GetSetDef {
            name: "fast",
            get: |cx, v| number_in(cx, v, FAST),
            set: Some(|cx, this, v| set_number(cx, this, v, FAST)),
            doc: "",
        },
        GetSetDef {
            name: "dispatch_table",
            get: dispatch_table,
            set: Some(set_dispatch_table),
            doc: "",
        },
    ],
    doc: "This takes a binary file for writing a pickle data stream.\n\nThe optional *protocol* argument tells the pickler to use the given\nprotocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default\nprotocol is 5. It was introduced in Python 3.8, and is incompatible\nwith previous versions.\n\nThe *file* argument must have a write() method that accepts a single\nbytes argument.\n\nIf *fix_imports* is True and protocol is less than 3, pickle will try\nto map the new Python 3 names to the old module names used in Python\n2, so that the pickle data stream is readable with Python 2.\n\nIf *buffer_callback* is None (the default), buffer views are\nserialized into *file* as part of the pickle stream. Otherwise it is\ncalled with each of them; if it returns a false value, the buffer is\nleft out of the stream.",
    ..TypeDef::BASE
};

fn new(cx: &mut Cx, class: Obj) -> Completion<Obj> {
    let o = cx.new_instance(class)?;
    for slot in [memo::NEXT, memo::FILLED, PROTO, BIN, FAST] {
        o.init(slot, Value::small(0));
    }
    o.init(FIX_IMPORTS, Value::FALSE);
    Ok(o)
}

fn number_in(cx: &mut Cx, v: Value, slot: usize) -> Completion<Value> {
    match v.obj() {
        Some(o) => cx.read(o, slot),
        None => Ok(Value::NONE),
    }
}

fn set_number(cx: &mut Cx, this: Value, v: Value, slot: usize) -> Completion<()> {
    if v.is_unbound() {
        return raise!(cx, TypeError, "can't delete numeric/char attribute");
    }
    let n = convert::index_i64(cx, v)?;
    match (this.obj(), i32::try_from(n)) {
        (Some(o), Ok(n)) => cx.set(o, slot, Value::small(n.into())),
        _ => raise!(cx, OverflowError, "Python int too large to convert to C int"),
    }
}

fn dispatch_table(cx: &mut Cx, this: Value) -> Completion<Value> {
    let table = number_in(cx, this, DISPATCH)?;
    if table.is_bound() {
        return Ok(table);
    }
    let name = cx.intern("dispatch_table")?;
    Err(attr::missing(cx, this, name))
}

fn set_dispatch_table(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    if v.is_unbound() {
        dispatch_table(cx, this)?;
    }
    match this.obj() {
        Some(o) => cx.set(o, DISPATCH, v),
        None => Ok(()),
    }
}

fn no_persistent_id(_: &mut Cx, _: Args<'_>) -> Completion<Value> {
    Ok(Value::NONE)
}

/// The number of the protocol that an argument asks for.
fn protocol_of(cx: &mut Cx, v: Option<Value>) -> Completion<u8> {
    let Some(v) = v else { return Ok(HIGHEST_PROTOCOL) };
    let n = protocol::index_int(cx, v)?;
    match convert::as_i64(n) {
        Some(n) if n < 0 => Ok(HIGHEST_PROTOCOL),
        Some(n) if n <= HIGHEST_PROTOCOL.into() => Ok(n as u8),
        Some(_) => raise!(cx, ValueError, "pickle protocol must be <= {HIGHEST_PROTOCOL}"),
        None if number::big_of(n).is_negative() => Ok(HIGHEST_PROTOCOL),
        None => raise!(cx, OverflowError, "Python int too large to convert to C long"),
    }
}

/// What `__init__`, `dump` and `dumps` take besides object and file.
struct Settings {
    proto: u8,
    fix_imports: bool,
    /// Unbound for none.
    callback: Value,
}

fn settings(
    cx: &mut Cx,
    protocol: Option<Value>,
    fix_imports: Value,
    callback: Option<Value>,
) -> Completion<Settings> {
    let fix_imports = protocol::truth(cx, fix_imports)?;
    let proto = protocol_of(cx, protocol)?;
    if callback.is_some() && proto < 5 {
        return raise!(cx, ValueError, "buffer_callback needs protocol >= 5");
    }
    Ok(Settings {
        proto,
        fix_imports: fix_imports && proto < 3,
        callback: callback.unwrap_or_default(),
    })
}

fn write_of(cx: &mut Cx, file: Value) -> Completion<Value> {
    let name = cx.intern("write")?;
    match protocol::get_attr_opt(cx, file, name)? {
        Some(write) => Ok(write),
        None => raise!(cx, TypeError, "file must have a 'write' attribute"),
    }
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    if cx.read(o, WRITE)?.is_bound() {
        memo::clear(cx, o)?;
        for slot in [WRITE, DISPATCH, CALLBACK, PERSISTENT] {
            cx.write(o, slot, Value::UNBOUND);
        }
    }
    let set = settings(cx, args.not_none(2), args.get(3), args.not_none(4))?;
    let write = write_of(cx, args.get(1))?;
    cx.claim(o)?;
    cx.write(o, PROTO, Value::small(set.proto.into()));
    cx.write(o, BIN, Value::small((set.proto > 0).into()));
    cx.write(o, FAST, Value::small(0));
    cx.write(o, FIX_IMPORTS, set.fix_imports.into());
    cx.write(o, CALLBACK, set.callback);
    cx.write(o, WRITE, write);
    if o.raw(DISPATCH).is_unbound() {
        let name = cx.intern("dispatch_table")?;
        let table = protocol::get_attr_opt(cx, o.into(), name)?;
        cx.set(o, DISPATCH, table.unwrap_or_default())?;
    }
    Ok(Value::NONE)
}

fn dump(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.claim(o)?;
    let write = o.raw(WRITE);
    if write.is_unbound() {
        let name = cx.type_name(args.this());
        let text = format!("Pickler.__init__() was not called by {name}.__init__()");
        return Err(errors::pickling(cx, &text));
    }
    let set = Settings {
        proto: o.raw(PROTO).small_int().unwrap_or(0) as u8,
        fix_imports: o.raw(FIX_IMPORTS) == Value::TRUE,
        callback: o.raw(CALLBACK),
    };
    let mut save = Save::new(cx, o, &set, Output::new(write))?;
    save.bin = o.raw(BIN) != Value::small(0);
    save.fast = o.raw(FAST) != Value::small(0);
    save.dispatch_table = o.raw(DISPATCH);
    save.persistent_id = persistent_id(cx, o)?;
    let name = cx.intern("reducer_override")?;
    save.reducer_override = protocol::get_attr_opt(cx, o.into(), name)?.unwrap_or_default();
    save.all(cx, args.get(1))?;
    save.out.flush(cx)?;
    Ok(Value::NONE)
}

/// The pickler's `persistent_id`, unless it is the one that does nothing.
fn persistent_id(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let name = cx.intern("persistent_id")?;
    let f = protocol::get_attr(cx, o.into(), name)?;
    let own = super::is_own(f, o, no_persistent_id);
    Ok(if own { Value::UNBOUND } else { f })
}

/// `_pickle.dump`.
pub(super) fn dump_to(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let set = settings(cx, args.not_none(2), args.get(3), args.not_none(4))?;
    let write = write_of(cx, args.get(1))?;
    let mut save = fresh(cx, &set, write)?;
    save.all(cx, args.get(0))?;
    save.out.flush(cx)?;
    Ok(Value::NONE)
}

/// `_pickle.dumps`.
pub(super) fn dumps(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let set = settings(cx, args.not_none(1), args.get(2), args.not_none(3))?;
    let mut save = fresh(cx, &set, Value::UNBOUND)?;
    save.all(cx, args.get(0))?;
    taipan_objects::types::bytes::new(cx, save.out.finish())
}

/// What writes one pickle with a pickler of its own.
fn fresh(cx: &mut Cx, set: &Settings, write: Value) -> Completion<Save> {
    let class = cx.type_for(&PICKLER)?;
    let o = new(cx, class)?;
    Save::new(cx, o, set, Output::new(write))
}
