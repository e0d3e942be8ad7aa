//! Constructors and texts of the exception classes with fields of their own.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::{Args, Effect, NativeDef},
    protocol, raise,
    types::{
        T, dict,
        exception::{FIELDS, slot},
        str as string,
    },
    value::Value,
};

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: "" }
    };
}

/// Extra methods of the exception class `t`.
pub(crate) fn methods(t: T) -> &'static [NativeDef] {
    match t {
        T::StopIteration => &[row!("__init__", "(self, /, *args)", stop_iteration_init)],
        T::SystemExit => &[row!("__init__", "(self, /, *args)", system_exit_init)],
        T::KeyError => &[row!("__str__", "(self, /)", key_error_str)],
        T::NameError => &[row!("__init__", "(self, /, *args, name=None)", name_error_init)],
        T::AttributeError => &[
            row!("__init__", "(self, /, *args, name=None, obj=None)", attribute_error_init),
            row!("__reduce__", "(self, /)", attribute_error_reduce),
            row!("__getstate__", "(self, /)", attribute_error_state),
        ],
        T::ImportError => &[
            row!(
                "__init__",
                "(self, /, *args, name=None, path=None, name_from=None)",
                import_error_init
            ),
            row!("__str__", "(self, /)", import_error_str),
            row!("__reduce__", "(self, /)", import_error_reduce),
        ],
        T::OSError => &[
            row!("__init__", "(self, /, *args, **kwargs)", os_error_init),
            row!("__str__", "(self, /)", os_error_str),
            row!("__reduce__", "(self, /)", os_error_reduce),
        ],
        T::SyntaxError => &[
            row!("__init__", "(self, /, *args)", syntax_error_init),
            row!("__str__", "(self, /)", syntax_error_str),
        ],
        T::UnicodeDecodeError => &[
            row!("__init__", "(self, /, *args)", unicode_decode_init),
            row!("__str__", "(self, /)", unicode_decode_str),
        ],
        T::UnicodeEncodeError => &[
            row!("__init__", "(self, /, *args)", unicode_encode_init),
            row!("__str__", "(self, /)", unicode_encode_str),
        ],
        T::UnicodeTranslateError => &[
            row!("__init__", "(self, /, *args)", unicode_translate_init),
            row!("__str__", "(self, /)", unicode_translate_str),
        ],
        _ => &[],
    }
}

/// Extra static methods of the exception class `t`.
pub(crate) fn static_methods(t: T) -> &'static [NativeDef] {
    match t {
        T::OSError => &[row!("__new__", "(type, /, *args, **kwargs)", os_error_new)],
        _ => &[],
    }
}

/// Word of a field.
pub fn word(class: T, name: &str) -> usize {
    FIELDS.iter().find(|f| f.class == class && f.name == name).map_or(slot::FIELDS, |f| f.word)
}

fn put(cx: &mut Cx, o: Obj, i: usize, v: Value) -> Completion<()> {
    cx.set(o, slot::FIELDS + i, v.bound().unwrap_or(Value::NONE))
}

fn get(cx: &mut Cx, o: Obj, i: usize) -> Completion<Value> {
    Ok(cx.read(o, slot::FIELDS + i)?.bound().unwrap_or(Value::NONE))
}

fn text_of(cx: &mut Cx, v: Value) -> Completion<String> {
    protocol::convert::str_text(cx, v)
}

fn stop_iteration_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.set(o, slot::ARGS, args.get(1))?;
    put(cx, o, 0, args.rest(1).first().copied().unwrap_or_default())?;
    Ok(Value::NONE)
}

fn system_exit_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.set(o, slot::ARGS, args.get(1))?;
    let code = match args.rest(1) {
        [] => Value::NONE,
        [one] => *one,
        _ => args.get(1),
    };
    put(cx, o, 0, code)?;
    Ok(Value::NONE)
}

fn key_error_str(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let own = super::exception::args_of(cx, args.this_obj())?;
    match own {
        [one] => protocol::repr(cx, *one),
        [] => cx.new_str(""),
        _ => {
            let all = cx.read(args.this_obj(), slot::ARGS)?;
            protocol::repr(cx, all)
        }
    }
}

fn name_error_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.set(o, slot::ARGS, args.get(1))?;
    put(cx, o, 0, args.get(2))?;
    Ok(Value::NONE)
}

fn attribute_error_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.set(o, slot::ARGS, args.get(1))?;
    put(cx, o, 0, args.get(2))?;
    put(cx, o, 1, args.get(3))?;
    Ok(Value::NONE)
}

/// `(class, args)` or `(class, args, state)`: `BaseException.__reduce__`.
pub(crate) fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let own = cx.read(o, slot::ARGS)?;
    if let Some(d) = protocol::attr::materialize_dict(cx, o)?
        && dict::len(cx, d)? > 0
    {
        return cx.new_tuple(&[o.class().into(), own, d.into()]);
    }
    cx.new_tuple(&[o.class().into(), own])
}

fn attribute_error_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let state = attribute_error_state(cx, args)?;
    let o = args.this_obj();
    let own = cx.read(o, slot::ARGS)?;
    cx.new_tuple(&[o.class().into(), own, state])
}

/// The attributes, the name and the arguments; not the object, which need not be one that can be pickled.
/// A copy of the instance's own attributes, with those of the named fields that are not `None`.
fn state_with(cx: &mut Cx, o: Obj, fields: &[(&str, usize)]) -> Completion<Obj> {
    let state = dict::new(cx)?;
    if let Some(own) = protocol::attr::materialize_dict(cx, o)? {
        dict::merge(cx, state, own)?;
    }
    for &(name, field) in fields {
        let v = get(cx, o, field)?;
        if !v.is_none() {
            let name = cx.intern(name)?;
            dict::set_item(cx, state, name, v)?;
        }
    }
    Ok(state)
}

fn attribute_error_state(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let state = state_with(cx, o, &[("name", 0)])?;
    let (key, own) = (cx.intern("args")?, cx.read(o, slot::ARGS)?);
    dict::set_item(cx, state, key, own)?;
    Ok(state.into())
}

fn import_error_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.set(o, slot::ARGS, args.get(1))?;
    let msg = if let [one] = args.rest(1) { *one } else { Value::NONE };
    for (i, v) in [msg, args.get(2), args.get(3), args.get(4)].into_iter().enumerate() {
        put(cx, o, i, v)?;
    }
    Ok(Value::NONE)
}

fn import_error_str(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let msg = get(cx, args.this_obj(), 0)?;
    if string::exact(msg).is_some() {
        return Ok(msg);
    }
    base_str(cx, args.this_obj())
}

/// As [`reduce`], with the fields that have been given in the state.
fn import_error_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let state = state_with(cx, o, &[("name", 1), ("path", 2), ("name_from", 3)])?;
    let own = cx.read(o, slot::ARGS)?;
    if dict::len(cx, state)? == 0 {
        return cx.new_tuple(&[o.class().into(), own]);
    }
    cx.new_tuple(&[o.class().into(), own, state.into()])
}

fn base_str(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let f = class::special(cx.class(T::BaseException), Special::Str);
    protocol::call(cx, f, &[o.into()])
}

/// The class that `OSError(errno, ...)` really makes.
pub fn os_error_class(errno: i64) -> T {
    match errno as i32 {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => T::BlockingIOError,
        libc::ECHILD => T::ChildProcessError,
        libc::EPIPE | libc::ESHUTDOWN => T::BrokenPipeError,
        libc::ECONNABORTED => T::ConnectionAbortedError,
        libc::ECONNREFUSED => T::ConnectionRefusedError,
        libc::ECONNRESET => T::ConnectionResetError,
        libc::EEXIST => T::FileExistsError,
        libc::ENOENT => T::FileNotFoundError,
        libc::EINTR => T::InterruptedError,
        libc::EISDIR => T::IsADirectoryError,
        libc::ENOTDIR => T::NotADirectoryError,
        libc::EACCES | libc::EPERM => T::PermissionError,
        libc::ESRCH => T::ProcessLookupError,
        libc::ETIMEDOUT => T::TimeoutError,
        _ => T::OSError,
    }
}

/// The escape with the right subclass of `OSError` for an operating system error.
#[cold]
pub fn os_error(cx: &mut Cx, errno: i32, filename: Value) -> crate::exc::Escape {
    match os_error_value(cx, errno, filename) {
        Ok(o) => crate::exc::Escape::raise(o),
        Err(escape) => escape,
    }
}

fn os_error_value(cx: &mut Cx, errno: i32, filename: Value) -> Completion<Obj> {
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let message = cx.new_str(text)?;
    let class = cx.class(os_error_class(errno.into()));
    let o = super::exception::new_exception(cx, class, &[Value::small(errno.into()), message])?;
    o.init(slot::FIELDS, Value::small(errno.into()));
    o.init(slot::FIELDS + 1, message);
    if filename.is_bound() {
        o.init(slot::FIELDS + 2, filename);
    }
    Ok(o)
}

fn os_error_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(mut class) = args.get(0).obj().filter(|o| o.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "OSError.__new__(X): X is not a type object");
    };
    let given = args.rest(1);
    if class == cx.class(T::OSError)
        && (2..=5).contains(&given.len())
        && let Some(errno) = given[0].small_int()
    {
        class = cx.class(os_error_class(errno));
    }
    let o = cx.new_instance(class)?;
    if is_filled_by_init(cx, class) {
        o.init(slot::ARGS, cx.world.empty_tuple());
        return Ok(o.into());
    }
    no_keywords(cx, args)?;
    o.init(slot::ARGS, args.get(1));
    os_error_fill(cx, o, given)?;
    Ok(o.into())
}

/// Whether a subclass has an `__init__` of its own, which calls that of `OSError` with arguments of its choice, and leaves
/// `__new__` alone.
fn is_filled_by_init(cx: &Cx, class: Obj) -> bool {
    let base = cx.class(T::OSError);
    let same = |s| class::special(class, s) == class::special(base, s);
    same(Special::New) && !same(Special::Init)
}

fn no_keywords(cx: &mut Cx, args: Args<'_>) -> Completion<()> {
    match args.get(2).obj() {
        Some(d) if dict::len(cx, d)? > 0 => {
            let name = match args.get(0).obj() {
                Some(class) if class.kind() == Kind::Type => class::name(class),
                _ => cx.short_type_name(args.get(0)),
            };
            raise!(cx, TypeError, "{name}() takes no keyword arguments")
        }
        _ => Ok(()),
    }
}

fn os_error_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    if is_filled_by_init(cx, o.class()) {
        no_keywords(cx, args)?;
        cx.set(o, slot::ARGS, args.get(1))?;
        os_error_fill(cx, o, args.rest(1))?;
    }
    Ok(Value::NONE)
}

fn os_error_fill(cx: &mut Cx, o: Obj, given: &[Value]) -> Completion<()> {
    if !(2..=5).contains(&given.len()) {
        return Ok(());
    }
    put(cx, o, 0, given[0])?;
    put(cx, o, 1, given[1])?;
    if given.len() >= 3 {
        let blocked = class::is_subclass(o.class(), cx.class(T::BlockingIOError));
        if blocked && given[2].small_int().is_some() {
            // The number of characters written, no file name.
            return put(cx, o, WRITTEN, given[2]);
        }
        put(cx, o, 2, given[2])?;
        let args = cx.new_tuple(&given[..2])?;
        cx.set(o, slot::ARGS, args)?;
    }
    if given.len() == 5 {
        put(cx, o, 3, given[4])?;
    }
    Ok(())
}

/// Field of a `BlockingIOError`: `characters_written`.
const WRITTEN: usize = 4;

pub(crate) const WRITTEN_GETSET: crate::native::GetSetDef = crate::native::GetSetDef {
    name: "characters_written",
    get: |cx, v| {
        let written = match v.obj() {
            Some(o) => cx.read(o, slot::FIELDS + WRITTEN)?,
            None => Value::UNBOUND,
        };
        match written.bound() {
            Some(n) => Ok(n),
            None => raise!(cx, AttributeError, "characters_written"),
        }
    },
    set: Some(|cx, v, n| {
        if n.is_bound() {
            protocol::index_i64(cx, n)?;
        } else if let Some(o) = v.obj()
            && cx.read(o, slot::FIELDS + WRITTEN)?.is_unbound()
        {
            return raise!(cx, AttributeError, "characters_written");
        }
        match v.obj() {
            Some(o) => cx.set(o, slot::FIELDS + WRITTEN, n),
            None => Ok(()),
        }
    }),
    doc: "",
};

fn os_error_str(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let errno = get(cx, o, 0)?;
    let strerror = get(cx, o, 1)?;
    let (filename, filename2) = (get(cx, o, 2)?, get(cx, o, 3)?);
    if errno.is_none() && strerror.is_none() && filename.is_none() {
        return base_str(cx, o);
    }
    let head = format!("[Errno {}] {}", text_of(cx, errno)?, text_of(cx, strerror)?);
    if filename.is_none() {
        return cx.new_str(&head);
    }
    let name = protocol::convert::repr_text(cx, filename)?;
    if filename2.is_none() {
        return cx.new_str(&format!("{head}: {name}"));
    }
    let second = protocol::convert::repr_text(cx, filename2)?;
    cx.new_str(&format!("{head}: {name} -> {second}"))
}

fn os_error_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let own = super::exception::args_of(cx, o)?;
    let filename = get(cx, o, 2)?;
    let all = if own.len() == 2 && !filename.is_none() {
        let second = get(cx, o, 3)?;
        if second.is_none() {
            cx.new_tuple(&[own[0], own[1], filename])?
        } else {
            cx.new_tuple(&[own[0], own[1], filename, Value::NONE, second])?
        }
    } else {
        cx.read(o, slot::ARGS)?
    };
    cx.new_tuple(&[o.class().into(), all])
}

fn syntax_error_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.set(o, slot::ARGS, args.get(1))?;
    let given = args.rest(1);
    if let Some(&msg) = given.first() {
        put(cx, o, 0, msg)?;
    }
    if given.len() == 2 {
        let details = protocol::collect(cx, given[1])?;
        if !matches!(details.len(), 4 | 6) {
            let kind = if details.len() < 4 { "at least 4" } else { "at most 6" };
            let got = details.len();
            return raise!(cx, TypeError, "function takes {kind} arguments ({got} given)");
        }
        for i in 0..details.len() {
            put(cx, o, i + 1, details.get(i))?;
        }
    }
    Ok(Value::NONE)
}

fn syntax_error_str(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let msg = get(cx, o, 0)?;
    let (filename, lineno) = (get(cx, o, 1)?, get(cx, o, 2)?);
    let msg = text_of(cx, msg)?;
    let file = string::text(filename).map(|f| f.rsplit('/').next().unwrap_or(f).to_owned());
    let text = match (file, lineno.small_int()) {
        (Some(file), Some(line)) => format!("{msg} ({file}, line {line})"),
        (Some(file), None) => format!("{msg} ({file})"),
        (None, Some(line)) => format!("{msg} (line {line})"),
        (None, None) => msg,
    };
    cx.new_str(&text)
}

fn unicode_decode_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    unicode_fill(cx, args, "sbiis")
}

fn unicode_encode_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    unicode_fill(cx, args, "ssiis")
}

fn unicode_translate_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    unicode_fill(cx, args, "siis")
}

/// Fills the fields, the last ones first, with arguments of these kinds: text, bytes, index.
fn unicode_fill(cx: &mut Cx, args: Args<'_>, kinds: &str) -> Completion<Value> {
    let (o, given) = (args.this_obj(), args.rest(1));
    let (n, got) = (kinds.len(), given.len());
    if got != n {
        return raise!(cx, TypeError, "function takes exactly {n} arguments ({got} given)");
    }
    for (i, (kind, &v)) in kinds.bytes().zip(given).enumerate() {
        let is_text = string::exact(v).is_some();
        let name = cx.type_name(v);
        match kind {
            b's' if !is_text => {
                return raise!(cx, TypeError, "argument {} must be str, not {name}", i + 1);
            }
            b'b' if !super::buffer::is_bytes_like(cx, v) => {
                return raise!(cx, TypeError, "a bytes-like object is required, not '{name}'");
            }
            b'i' => {
                protocol::index_i64(cx, v)?;
            }
            _ => {}
        }
    }
    cx.set(o, slot::ARGS, args.get(1))?;
    for (i, (kind, &v)) in kinds.bytes().zip(given).enumerate() {
        let is_bytes = super::bytes::exact(v).is_some();
        let v = if kind == b'b' && !is_bytes {
            protocol::call(cx, cx.class(T::bytes).into(), &[v])?
        } else {
            v
        };
        put(cx, o, i + 5 - n, v)?;
    }
    Ok(Value::NONE)
}

struct Span {
    encoding: String,
    object: Value,
    start: i64,
    end: i64,
    reason: String,
}

fn span(cx: &mut Cx, o: Obj) -> Completion<Span> {
    let (encoding, object) = (get(cx, o, 0)?, get(cx, o, 1)?);
    let (start, end) =
        (get(cx, o, 2)?.small_int().unwrap_or(0), get(cx, o, 3)?.small_int().unwrap_or(0));
    let reason = get(cx, o, 4)?;
    Ok(Span { encoding: text_of(cx, encoding)?, object, start, end, reason: text_of(cx, reason)? })
}

fn unicode_decode_str(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = span(cx, args.this_obj())?;
    let Span { encoding, object, start, end, reason } = s;
    let byte = object
        .obj()
        .filter(|o| o.kind() == Kind::Bytes)
        .and_then(|o| o.raw_bytes().get(start as usize));
    let text = match byte {
        Some(byte) if end == start + 1 => {
            format!(
                "'{encoding}' codec can't decode byte {byte:#04x} in position {start}: {reason}"
            )
        }
        _ => format!(
            "'{encoding}' codec can't decode bytes in position {start}-{}: {reason}",
            end - 1
        ),
    };
    cx.new_str(&text)
}

fn char_at(object: Value, i: i64) -> Option<u32> {
    let text = string::wtf8(object)?;
    text.code_points().nth(usize::try_from(i).ok()?).map(|c| c.to_u32())
}

fn escaped(c: u32) -> String {
    match c {
        0..=0xFF => format!("\\x{c:02x}"),
        0x100..=0xFFFF => format!("\\u{c:04x}"),
        _ => format!("\\U{c:08x}"),
    }
}

fn unicode_encode_str(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = span(cx, args.this_obj())?;
    let Span { encoding, object, start, end, reason } = s;
    let text = match char_at(object, start) {
        Some(c) if end == start + 1 => {
            format!(
                "'{encoding}' codec can't encode character '{}' in position {start}: {reason}",
                escaped(c)
            )
        }
        _ => format!(
            "'{encoding}' codec can't encode characters in position {start}-{}: {reason}",
            end - 1
        ),
    };
    cx.new_str(&text)
}

fn unicode_translate_str(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let s = span(cx, args.this_obj())?;
    let Span { object, start, end, reason, .. } = s;
    let text = match char_at(object, start) {
        Some(c) if end == start + 1 => {
            format!("can't translate character '{}' in position {start}: {reason}", escaped(c))
        }
        _ => format!("can't translate characters in position {start}-{}: {reason}", end - 1),
    };
    cx.new_str(&text)
}
