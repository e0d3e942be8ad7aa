//! `_IOBase` and the abstract classes below it, and what all streams share.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, GetSetDef, Kind, NativeDef, Obj, T, TypeDef, Value, class,
    native::NativeFn,
    protocol::{self, RootVec, convert},
    raise,
    types::{buffer, bytearray, bytes, exception, list, memoryview},
};

/// Slot that every stream has: `True` once closed.
pub const CLOSED: usize = 2;

/// A row of a method table.
pub const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

/// A read-only computed attribute.
pub const fn get(name: &'static str, get: fn(&mut Cx, Value) -> Completion<Value>) -> GetSetDef {
    GetSetDef { name, get, set: None, doc: "" }
}

/// Calls a method by name.
///
/// # Errors
/// Whatever it raises.
pub fn call(cx: &mut Cx, v: Value, name: &str, args: &[Value]) -> Completion<Value> {
    let name = cx.intern(name)?;
    protocol::call_method(cx, v, name, args)
}

/// Calls a method by name for its truth value.
///
/// # Errors
/// Whatever it raises.
pub fn call_truth(cx: &mut Cx, v: Value, name: &str) -> Completion<bool> {
    let r = call(cx, v, name, &[])?;
    protocol::truth(cx, r)
}

/// Reads an attribute by name.
///
/// # Errors
/// Whatever it raises.
pub fn attr(cx: &mut Cx, v: Value, name: &str) -> Completion<Value> {
    let name = cx.intern(name)?;
    protocol::get_attr(cx, v, name)
}

/// The `io.UnsupportedOperation` class.
///
/// # Errors
/// Whatever importing `_io` raises.
pub fn unsupported<R>(cx: &mut Cx, what: &str) -> Completion<R> {
    let module = cx.world.import_module(cx, "_io")?;
    let class = attr(cx, module, "UnsupportedOperation")?;
    let text = cx.new_str(what)?;
    let e = protocol::call(cx, class, &[text])?;
    match e.obj() {
        Some(e) => Err(taipan_objects::Escape::raise(e)),
        None => raise!(cx, ValueError, "{what}"),
    }
}

/// `ValueError` if the stream says that it is closed.
///
/// # Errors
/// `ValueError`.
pub fn check_open(cx: &mut Cx, v: Value) -> Completion<()> {
    let closed = attr(cx, v, "closed")?;
    if protocol::truth(cx, closed)? {
        return raise!(cx, ValueError, "I/O operation on closed file.");
    }
    Ok(())
}

/// A size argument: `None`, missing and negative numbers mean "all".
///
/// # Errors
/// `TypeError`.
pub fn size_arg(cx: &mut Cx, v: Option<Value>) -> Completion<Option<usize>> {
    match v.filter(|v| !v.is_none()) {
        None => Ok(None),
        Some(v) if !convert::is_index(cx, v) => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "argument should be integer or None, not '{got}'")
        }
        Some(v) => Ok(usize::try_from(convert::index_i64(cx, v)?).ok()),
    }
}

fn get_closed(cx: &mut Cx, v: Value) -> Completion<Value> {
    // Python subclasses of the abstract classes keep it as an attribute of their own.
    let name = cx.intern("__IOBase_closed")?;
    let own = protocol::attr::own_attribute(cx, v, name)?;
    Ok((own == Value::TRUE).into())
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = args.this();
    let closed = attr(cx, this, "closed")?;
    if !protocol::truth(cx, closed)? {
        let flushed = call(cx, this, "flush", &[]);
        let name = cx.intern("__IOBase_closed")?;
        if let Some(o) = this.obj().filter(|o| o.shape().overflow().is_some()) {
            protocol::attr::set_own(cx, o, name, Value::TRUE)?;
        }
        flushed?;
    }
    Ok(Value::NONE)
}

fn flush(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    check_open(cx, args.this())?;
    Ok(Value::NONE)
}

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    check_open(cx, args.this())?;
    Ok(args.this())
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let line = call(cx, args.this(), "readline", &[])?;
    Ok(if protocol::truth(cx, line)? { line } else { Value::UNBOUND })
}

fn enter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    check_open(cx, args.this())?;
    Ok(args.this())
}

fn exit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    call(cx, args.this(), "close", &[])?;
    Ok(Value::NONE)
}

fn readline(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let limit = size_arg(cx, args.opt(1))?;
    let mut line = Vec::new();
    while limit.is_none_or(|n| line.len() < n) {
        let b = call(cx, args.this(), "read", &[Value::small(1)])?;
        let Some(o) = bytes::exact(b) else {
            let got = cx.type_name(b);
            return raise!(cx, OSError, "read() should have returned a bytes object, not '{got}'");
        };
        if o.is_empty() {
            break;
        }
        line.extend_from_slice(o.raw_bytes());
        if line.ends_with(b"\n") {
            break;
        }
    }
    bytes::new(cx, &line)
}

fn readlines(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let hint = size_arg(cx, args.opt(1))?.filter(|&n| n > 0);
    let mut lines = RootVec::new();
    let mut total = 0;
    let it = protocol::iter(cx, args.this())?;
    while let Some(line) = protocol::next(cx, it)? {
        total += protocol::length(cx, line)?;
        lines.push(cx, line)?;
        if hint.is_some_and(|n| total >= n) {
            break;
        }
    }
    Ok(list::from_vec(cx, lines)?.into())
}

fn writelines(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    check_open(cx, args.this())?;
    let this = args.this();
    protocol::for_each(cx, args.get(1), |cx, line| call(cx, this, "write", &[line]).map(drop))?;
    Ok(Value::NONE)
}

fn check(cx: &mut Cx, args: Args<'_>, name: &str, what: &str) -> Completion<Value> {
    if call_truth(cx, args.this(), name)? { Ok(Value::TRUE) } else { unsupported(cx, what) }
}

/// `__new__` of what `__init__` fills.
pub(super) const NEW: NativeDef =
    row("__new__", "(type, /, *args, **kwargs)", |cx, args| match args.get(0).obj() {
        Some(class) if class.kind() == Kind::Type => Ok(cx.new_instance(class)?.into()),
        _ => raise!(cx, TypeError, "__new__(X): X is not a type object"),
    });

/// `_io._IOBase`.
pub static IO_BASE: TypeDef = TypeDef {
    name: "_IOBase",
    module: "_io",
    body: Body::WithDict(Kind::Record, 3),
    subclassable: true,
    static_methods: &[NEW],
    methods: &[
        row("__del__", "(self, /)", finalize),
        row("close", "(self, /)", close),
        row("flush", "(self, /)", flush),
        row("seek", "(self, offset, whence=0, /)", |cx, _| unsupported(cx, "seek")),
        row("tell", "(self, /)", |cx, args| {
            call(cx, args.this(), "seek", &[Value::small(0), Value::small(1)])
        }),
        row("truncate", "(self, size=None, /)", |cx, _| unsupported(cx, "truncate")),
        row("fileno", "(self, /)", |cx, _| unsupported(cx, "fileno")),
        row("isatty", "(self, /)", |cx, args| {
            check_open(cx, args.this())?;
            Ok(Value::FALSE)
        }),
        row("readable", "(self, /)", |_, _| Ok(Value::FALSE)),
        row("writable", "(self, /)", |_, _| Ok(Value::FALSE)),
        row("seekable", "(self, /)", |_, _| Ok(Value::FALSE)),
        row("_checkClosed", "(self, /)", |cx, args| {
            check_open(cx, args.this())?;
            Ok(Value::NONE)
        }),
        row("_checkReadable", "(self, /)", |cx, a| {
            check(cx, a, "readable", "File or stream is not readable.")
        }),
        row("_checkWritable", "(self, /)", |cx, a| {
            check(cx, a, "writable", "File or stream is not writable.")
        }),
        row("_checkSeekable", "(self, /)", |cx, a| {
            check(cx, a, "seekable", "File or stream is not seekable.")
        }),
        row("__iter__", "(self, /)", iter),
        row("__next__", "(self, /)", next),
        row("__enter__", "(self, /)", enter),
        row("__exit__", "(self, /, *args)", exit),
        row("readline", "(self, size=-1, /)", readline),
        row("readlines", "(self, hint=-1, /)", readlines),
        row("writelines", "(self, lines, /)", writelines),
    ],
    getset: &[get("closed", get_closed)],
    doc: "The abstract base class for all I/O classes.",
    ..TypeDef::BASE
};

fn raw_read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(n) = size_arg(cx, args.opt(1))? else { return call(cx, args.this(), "readall", &[]) };
    let class = cx.class(T::bytearray).into();
    let buffer = protocol::call(cx, class, &[Value::small(n as i64)])?;
    let got = call(cx, args.this(), "readinto", &[buffer])?;
    if got.is_none() {
        return Ok(got);
    }
    let got = convert::index_i64(cx, got)?.max(0) as usize;
    let data = buffer::expect_bytes(cx, buffer)?;
    bytes::new(cx, &data[..got.min(data.len())])
}

fn raw_readall(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut all = Vec::new();
    loop {
        let chunk = call(cx, args.this(), "read", &[Value::small(131_072)])?;
        if chunk.is_none() && all.is_empty() {
            return Ok(chunk);
        }
        let Some(o) = bytes::exact(chunk).filter(|o| !o.is_empty()) else {
            return bytes::new(cx, &all);
        };
        all.extend_from_slice(o.raw_bytes());
    }
}

/// `__new__` of streams in memory, which nothing has to close.
pub(super) fn new_in_memory(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args.get(0).obj() {
        Some(class) if class::has_flag(class, class::flag::HEAP) => {
            Ok(cx.new_instance(class)?.into())
        }
        Some(class) => Ok(cx.new_unfinalized(class)?.into()),
        None => raise!(cx, TypeError, "__new__(X): X is not a type object"),
    }
}

/// Closes what the program has left open, so that buffered output is not lost. As in CPython, failures are.
fn finalize(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = args.this();
    let is_closed = attr(cx, this, "closed").and_then(|v| protocol::truth(cx, v));
    let result = match is_closed {
        Ok(false) => {
            warn_if_open(cx, this, this)?;
            call(cx, this, "close", &[]).map(drop)
        }
        other => other.map(drop),
    };
    match result {
        Err(escape) if escape.is_abort() => Err(escape),
        _ => Ok(Value::NONE),
    }
}

/// Lets the stream `of` warn that `source`, of which it is a part or all, was left open. Not all kinds do.
///
/// # Errors
/// The attempt's abort.
pub fn warn_if_open(cx: &mut Cx, of: Value, source: Value) -> Completion<()> {
    let name = cx.intern("_dealloc_warn")?;
    let warned = match protocol::get_attr_opt(cx, of, name) {
        Ok(Some(f)) => protocol::call(cx, f, &[source]).map(drop),
        Ok(None) => Ok(()),
        Err(escape) => Err(escape),
    };
    match warned {
        Err(escape) if escape.is_abort() => Err(escape),
        _ => Ok(()),
    }
}

/// `_io._RawIOBase`.
pub static RAW_IO_BASE: TypeDef = TypeDef {
    name: "_RawIOBase",
    module: "_io",
    subclassable: true,
    methods: &[
        row("read", "(self, size=-1, /)", raw_read),
        row("readall", "(self, /)", raw_readall),
    ],
    doc: "Base class for raw binary I/O.",
    ..TypeDef::BASE
};

fn readinto(cx: &mut Cx, args: Args<'_>, method: &str) -> Completion<Value> {
    let what = if method == "read" { "readinto() argument" } else { "readinto1() argument" };
    let n = room_in(cx, args.get(1), what)?;
    let data = call(cx, args.this(), method, &[Value::small(n as i64)])?;
    if !cx.is_a(data, T::bytes) {
        return raise!(cx, TypeError, "{method}() should return bytes");
    }
    if protocol::length(cx, data)? > n {
        let got = protocol::length(cx, data)?;
        return raise!(
            cx,
            ValueError,
            "{method}() returned too much data: {n} bytes requested, {got} returned"
        );
    }
    store_into(cx, args.get(1), data)
}

/// Where the bytes of a buffer that can be written lie: in which object, from where on, how many.
fn window_of(cx: &mut Cx, target: Value) -> Completion<Option<(Obj, usize, usize)>> {
    if !buffer::is_bytes_like(cx, target) {
        return Ok(None);
    }
    let view = memoryview::over(cx, target)?;
    Ok(memoryview::window(cx, view)?.filter(|(o, ..)| o.kind() == Kind::ByteArray))
}

/// Bytes that the writable buffer `target`, which is `what`, has room for.
///
/// # Errors
/// `TypeError` when it cannot be written.
pub fn room_in(cx: &mut Cx, target: Value, what: &str) -> Completion<usize> {
    match window_of(cx, target)? {
        Some((_, _, len)) => Ok(len),
        None => {
            let got = cx.type_name(target);
            raise!(cx, TypeError, "{what} must be read-write bytes-like object, not {got}")
        }
    }
}

/// Copies `data` to the start of the writable buffer `target`; its length.
///
/// # Errors
/// `TypeError` for targets that cannot be written.
pub fn store_into(cx: &mut Cx, target: Value, data: Value) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, data)?;
    match window_of(cx, target)? {
        Some((exporter, from, len)) => {
            let n = data.len().min(len);
            bytearray::write_at(cx, exporter, from, &data[..n])?;
            Ok(Value::small(n as i64))
        }
        None => {
            let got = cx.type_name(target);
            raise!(cx, TypeError, "read-write bytes-like object expected, not {got}")
        }
    }
}

/// `_io._BufferedIOBase`.
pub static BUFFERED_IO_BASE: TypeDef = TypeDef {
    name: "_BufferedIOBase",
    module: "_io",
    subclassable: true,
    methods: &[
        row("read", "(self, size=-1, /)", |cx, _| unsupported(cx, "read")),
        row("read1", "(self, size=-1, /)", |cx, _| unsupported(cx, "read1")),
        row("write", "(self, b, /)", |cx, _| unsupported(cx, "write")),
        row("detach", "(self, /)", |cx, _| unsupported(cx, "detach")),
        row("readinto", "(self, buffer, /)", |cx, args| readinto(cx, args, "read")),
        row("readinto1", "(self, buffer, /)", |cx, args| readinto(cx, args, "read1")),
    ],
    doc: "Base class for buffered IO objects.",
    ..TypeDef::BASE
};

/// `_io._TextIOBase`.
pub static TEXT_IO_BASE: TypeDef = TypeDef {
    name: "_TextIOBase",
    module: "_io",
    subclassable: true,
    methods: &[
        row("read", "(self, size=-1, /)", |cx, _| unsupported(cx, "read")),
        row("readline", "(self, size=-1, /)", |cx, _| unsupported(cx, "readline")),
        row("write", "(self, s, /)", |cx, _| unsupported(cx, "write")),
        row("detach", "(self, /)", |cx, _| unsupported(cx, "detach")),
    ],
    getset: &[
        get("encoding", |_, _| Ok(Value::NONE)),
        get("newlines", |_, _| Ok(Value::NONE)),
        get("errors", |_, _| Ok(Value::NONE)),
    ],
    doc: "Base class for text I/O.",
    ..TypeDef::BASE
};

/// The class made for `def`, with `base` (a class of this module) instead of `def.base`.
///
/// # Errors
/// `MemoryError`.
pub fn class_with_base(
    cx: &mut Cx,
    def: &'static TypeDef,
    base: &'static TypeDef,
) -> Completion<taipan_objects::Obj> {
    if let Some(class) = cx.world.made_type(def) {
        return Ok(class);
    }
    let base = cx.type_for(base)?;
    taipan_objects::class::make_type_under(cx, def, base)
}

/// `repr` of a stream with a name: its class, and the name if there is one.
///
/// # Errors
/// Whatever `repr` of the name raises.
pub fn named_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = args.this();
    let class = cx.type_name(this);
    match name_of(cx, this, "name")? {
        Some(name) => {
            let name = convert::repr_text(cx, name)?;
            cx.new_str(&format!("<{class} name={name}>"))
        }
        None => cx.new_str(&format!("<{class}>")),
    }
}

/// An attribute for a `repr`: none when there is none, or the stream was detached.
///
/// # Errors
/// What reading it raises beyond that.
pub fn name_of(cx: &mut Cx, this: Value, name: &str) -> Completion<Option<Value>> {
    let key = cx.intern(name)?;
    match protocol::get_attr_opt(cx, this, key) {
        Err(escape) => {
            let detached = cx.class(T::ValueError);
            match escape.exception() {
                Some(e) if class::is_subclass(e.class(), detached) => Ok(None),
                _ => Err(escape),
            }
        }
        found => found,
    }
}

/// Closes `under` after what lies over it was flushed: an exception of the latter becomes the context of one of the former.
///
/// # Errors
/// That of `close`, or else that of flushing.
pub fn close_after(cx: &mut Cx, flushed: Completion<Value>, under: Value) -> Completion<Value> {
    if let Err(escape) = &flushed
        && escape.is_abort()
    {
        return flushed;
    }
    let closed = call(cx, under, "close", &[]);
    if let (Err(first), Err(second)) = (&flushed, &closed)
        && let (Some(first), Some(second)) = (first.exception(), second.exception())
        && first != second
    {
        cx.set(second, exception::slot::CONTEXT, first.into())?;
    }
    closed?;
    flushed?;
    Ok(Value::NONE)
}

/// The state of an object in memory: a tuple of `N` items.
pub fn state_arg<const N: usize>(v: Value) -> Option<[Value; N]> {
    let tuple = v.obj().filter(|t| t.kind() == Kind::Tuple)?;
    tuple.items().try_into().ok()
}

/// A position in such a state.
///
/// # Errors
/// `TypeError`, `ValueError`.
pub fn position_arg(cx: &mut Cx, v: Value, which: &str) -> Completion<Value> {
    if convert::as_int(v).is_none() {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "{which} item of state must be an integer, not {got}");
    }
    if convert::index_i64(cx, v)? < 0 {
        return raise!(cx, ValueError, "position value cannot be negative");
    }
    Ok(v)
}

/// A copy of an instance's own attributes, `None` if it has none.
///
/// # Errors
/// `MemoryError`.
pub fn names_of(cx: &mut Cx, this: Value) -> Completion<Value> {
    let names = attr(cx, this, "__dict__")?;
    if protocol::length(cx, names)? == 0 {
        return Ok(Value::NONE);
    }
    call(cx, names, "copy", &[])
}

/// Gives an instance the attributes of a state.
///
/// # Errors
/// `TypeError`.
pub fn set_names(cx: &mut Cx, this: Value, names: Value, which: &str) -> Completion<()> {
    if names.is_none() {
        return Ok(());
    }
    if !cx.is_a(names, T::dict) {
        let got = cx.type_name(names);
        return raise!(cx, TypeError, "{which} item of state should be a dict, got a {got}");
    }
    let own = attr(cx, this, "__dict__")?;
    call(cx, own, "update", &[names]).map(drop)
}

/// Open files have no state that could be put elsewhere.
pub const NO_STATE: NativeDef = row("__reduce_ex__", "(self, protocol, /)", |cx, args| {
    let name = cx.short_type_name(args.this());
    raise!(cx, TypeError, "cannot pickle '{name}' instances")
});
