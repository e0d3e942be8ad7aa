//! `PickleBuffer`: buffers that are pickled out of band.
//!
//! Conflicts: a buffer is written when it is made and when it is released, so its users conflict with
//! whoever releases it, and otherwise over the memory that it shows.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, TypeDef, Value, class, protocol, raise, rows,
    types::{buffer, memoryview},
};

/// The view of the wrapped object's memory, or `None` after `release`.
const VIEW: usize = 2;

pub(super) static PICKLE_BUFFER: TypeDef = TypeDef {
    name: "PickleBuffer",
    module: "pickle",
    body: Body::Words(Kind::Record, 3),
    methods: rows! {
        "__buffer__" "(self, flags, /)" |cx, a| { let view = view(cx, a.this_obj())?; memoryview::over(cx, view) },
            "Return a buffer object that exposes the underlying memory of the object.";
        "raw" "(self, /)" raw,
            "Return a memoryview of the raw memory underlying this buffer.\n\nWill raise BufferError is the buffer isn't contiguous.";
        "release" "(self, /)" release, "Release the underlying buffer exposed by the PickleBuffer object.";
    },
    static_methods: rows! {
        "__new__" "(type, object, /)" new, "Create and return a new object.  See help(type) for accurate signature.";
    },
    flags: class::flag::WEAKREFS,
    doc: "Wrapper for potentially out-of-band buffers",
    ..TypeDef::BASE
};

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if !buffer::is_bytes_like(cx, args.get(1)) {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "a bytes-like object is required, not '{name}'");
    }
    let view = memoryview::over(cx, args.get(1))?;
    let class = args.this_obj();
    let o = cx.new_instance(class)?;
    o.init(VIEW, view);
    Ok(o.into())
}

/// The view of the memory.
pub(super) fn view(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let view = cx.read(o, VIEW)?;
    if view.is_none() {
        return raise!(cx, ValueError, "operation forbidden on released PickleBuffer object");
    }
    Ok(view)
}

/// Whether the attribute `name` of `view` is true.
pub(super) fn has(cx: &mut Cx, view: Value, name: &str) -> Completion<bool> {
    let name = cx.intern(name)?;
    let value = protocol::get_attr(cx, view, name)?;
    protocol::truth(cx, value)
}

fn raw(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    raw_view(cx, args.this_obj())
}

/// A view of the memory as plain bytes in their own order.
pub(super) fn raw_view(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let view = view(cx, o)?;
    if !has(cx, view, "contiguous")? {
        return raise!(cx, BufferError, "cannot extract raw buffer from non-contiguous buffer");
    }
    let bytes = memoryview::over(cx, view)?;
    if !has(cx, bytes, "nbytes")? {
        return Ok(bytes);
    }
    let (cast, format) = (cx.intern("cast")?, cx.intern("B")?);
    protocol::call::call_method(cx, bytes, cast, &[format])
}

fn release(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    cx.set(args.this_obj(), VIEW, Value::NONE)?;
    Ok(Value::NONE)
}
