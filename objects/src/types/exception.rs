//! `BaseException` and everything below it: layout, hierarchy, construction from Rust.
//!
//! Conflicts: an exception is one object with one header; raising one that another thread raises conflicts.

use crate::{
    class,
    cx::Cx,
    exc::{Completion, Escape},
    heap::{Kind, Obj},
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    types::{Body, T, TypeDef, dict, exc_fields, exc_group, str as string},
    value::Value,
};

/// Slots of exception objects.
pub mod slot {
    /// `args`.
    pub const ARGS: usize = 2;
    /// `__traceback__`, or unbound.
    pub const TRACEBACK: usize = 3;
    /// `__context__`, or unbound.
    pub const CONTEXT: usize = 4;
    /// `__cause__`, or unbound.
    pub const CAUSE: usize = 5;
    /// `__suppress_context__`: True or unbound.
    pub const SUPPRESS: usize = 6;
    /// Fields of special exception classes (`StopIteration.value`, `OSError.errno`, ...), see `FIELDS`.
    pub const FIELDS: usize = 7;
    /// Words before the overflow word; every class has room for all fields so that layouts stay compatible.
    pub const WORDS: u16 = 17;
}

/// A field of a special exception class: class, name, number.
pub struct Field {
    /// The class (its subclasses inherit the field).
    pub class: T,
    /// Attribute name.
    pub name: &'static str,
    /// Word of the object.
    pub word: usize,
}

const fn field(class: T, name: &'static str, i: usize) -> Field {
    Field { class, name, word: slot::FIELDS + i }
}

/// All fields of special exception classes.
pub const FIELDS: &[Field] = &[
    field(T::StopIteration, "value", 0),
    field(T::SystemExit, "code", 0),
    field(T::KeyError, "_unused", 9),
    field(T::NameError, "name", 0),
    field(T::AttributeError, "name", 0),
    field(T::AttributeError, "obj", 1),
    field(T::ImportError, "msg", 0),
    field(T::ImportError, "name", 1),
    field(T::ImportError, "path", 2),
    field(T::ImportError, "name_from", 3),
    field(T::OSError, "errno", 0),
    field(T::OSError, "strerror", 1),
    field(T::OSError, "filename", 2),
    field(T::OSError, "filename2", 3),
    field(T::SyntaxError, "msg", 0),
    field(T::SyntaxError, "filename", 1),
    field(T::SyntaxError, "lineno", 2),
    field(T::SyntaxError, "offset", 3),
    field(T::SyntaxError, "text", 4),
    field(T::SyntaxError, "end_lineno", 5),
    field(T::SyntaxError, "end_offset", 6),
    field(T::SyntaxError, "print_file_and_line", 7),
    field(T::UnicodeDecodeError, "encoding", 0),
    field(T::UnicodeDecodeError, "object", 1),
    field(T::UnicodeDecodeError, "start", 2),
    field(T::UnicodeDecodeError, "end", 3),
    field(T::UnicodeDecodeError, "reason", 4),
    field(T::UnicodeEncodeError, "encoding", 0),
    field(T::UnicodeEncodeError, "object", 1),
    field(T::UnicodeEncodeError, "start", 2),
    field(T::UnicodeEncodeError, "end", 3),
    field(T::UnicodeEncodeError, "reason", 4),
    field(T::UnicodeTranslateError, "object", 1),
    field(T::UnicodeTranslateError, "start", 2),
    field(T::UnicodeTranslateError, "end", 3),
    field(T::UnicodeTranslateError, "reason", 4),
    field(T::BaseExceptionGroup, "message", 0),
    field(T::BaseExceptionGroup, "exceptions", 1),
];

/// The hierarchy below `BaseException`: class and base, bases first.
pub const HIERARCHY: &[(T, &str, T)] = &[
    (T::Exception, "Exception", T::BaseException),
    (T::GeneratorExit, "GeneratorExit", T::BaseException),
    (T::KeyboardInterrupt, "KeyboardInterrupt", T::BaseException),
    (T::SystemExit, "SystemExit", T::BaseException),
    (T::BaseExceptionGroup, "BaseExceptionGroup", T::BaseException),
    (T::ArithmeticError, "ArithmeticError", T::Exception),
    (T::FloatingPointError, "FloatingPointError", T::ArithmeticError),
    (T::OverflowError, "OverflowError", T::ArithmeticError),
    (T::ZeroDivisionError, "ZeroDivisionError", T::ArithmeticError),
    (T::AssertionError, "AssertionError", T::Exception),
    (T::AttributeError, "AttributeError", T::Exception),
    (T::BufferError, "BufferError", T::Exception),
    (T::EOFError, "EOFError", T::Exception),
    (T::ImportError, "ImportError", T::Exception),
    (T::ModuleNotFoundError, "ModuleNotFoundError", T::ImportError),
    (T::LookupError, "LookupError", T::Exception),
    (T::IndexError, "IndexError", T::LookupError),
    (T::KeyError, "KeyError", T::LookupError),
    (T::MemoryError, "MemoryError", T::Exception),
    (T::NameError, "NameError", T::Exception),
    (T::UnboundLocalError, "UnboundLocalError", T::NameError),
    (T::OSError, "OSError", T::Exception),
    (T::BlockingIOError, "BlockingIOError", T::OSError),
    (T::ChildProcessError, "ChildProcessError", T::OSError),
    (T::ConnectionError, "ConnectionError", T::OSError),
    (T::BrokenPipeError, "BrokenPipeError", T::ConnectionError),
    (T::ConnectionAbortedError, "ConnectionAbortedError", T::ConnectionError),
    (T::ConnectionRefusedError, "ConnectionRefusedError", T::ConnectionError),
    (T::ConnectionResetError, "ConnectionResetError", T::ConnectionError),
    (T::FileExistsError, "FileExistsError", T::OSError),
    (T::FileNotFoundError, "FileNotFoundError", T::OSError),
    (T::InterruptedError, "InterruptedError", T::OSError),
    (T::IsADirectoryError, "IsADirectoryError", T::OSError),
    (T::NotADirectoryError, "NotADirectoryError", T::OSError),
    (T::PermissionError, "PermissionError", T::OSError),
    (T::ProcessLookupError, "ProcessLookupError", T::OSError),
    (T::TimeoutError, "TimeoutError", T::OSError),
    (T::ReferenceError, "ReferenceError", T::Exception),
    (T::RuntimeError, "RuntimeError", T::Exception),
    (T::NotImplementedError, "NotImplementedError", T::RuntimeError),
    (T::PythonFinalizationError, "PythonFinalizationError", T::RuntimeError),
    (T::RecursionError, "RecursionError", T::RuntimeError),
    (T::StopAsyncIteration, "StopAsyncIteration", T::Exception),
    (T::StopIteration, "StopIteration", T::Exception),
    (T::SyntaxError, "SyntaxError", T::Exception),
    (T::IndentationError, "IndentationError", T::SyntaxError),
    (T::TabError, "TabError", T::IndentationError),
    (T::IncompleteInputError, "_IncompleteInputError", T::SyntaxError),
    (T::SystemError, "SystemError", T::Exception),
    (T::TypeError, "TypeError", T::Exception),
    (T::ValueError, "ValueError", T::Exception),
    (T::UnicodeError, "UnicodeError", T::ValueError),
    (T::UnicodeDecodeError, "UnicodeDecodeError", T::UnicodeError),
    (T::UnicodeEncodeError, "UnicodeEncodeError", T::UnicodeError),
    (T::UnicodeTranslateError, "UnicodeTranslateError", T::UnicodeError),
    (T::Warning, "Warning", T::Exception),
    (T::BytesWarning, "BytesWarning", T::Warning),
    (T::DeprecationWarning, "DeprecationWarning", T::Warning),
    (T::EncodingWarning, "EncodingWarning", T::Warning),
    (T::FutureWarning, "FutureWarning", T::Warning),
    (T::ImportWarning, "ImportWarning", T::Warning),
    (T::PendingDeprecationWarning, "PendingDeprecationWarning", T::Warning),
    (T::ResourceWarning, "ResourceWarning", T::Warning),
    (T::RuntimeWarning, "RuntimeWarning", T::Warning),
    (T::SyntaxWarning, "SyntaxWarning", T::Warning),
    (T::UnicodeWarning, "UnicodeWarning", T::Warning),
    (T::UserWarning, "UserWarning", T::Warning),
];

/// An exception of `class` with these arguments, without running Python code.
///
/// # Errors
/// `MemoryError`.
pub fn new_exception(cx: &mut Cx, class: Obj, args: &[Value]) -> Completion<Obj> {
    let shape = class::root_shape(class);
    let o = cx.alloc(shape, shape.words())?;
    let args = cx.new_tuple(args)?;
    o.init(slot::ARGS, args);
    Ok(o)
}

/// `AttributeError(message)` with its `obj` and `name`.
pub fn attribute_error(cx: &mut Cx, message: &str, this: Value, name: Value) -> Escape {
    let escape = crate::exc::raise_message(cx, T::AttributeError, message);
    if let Some(e) = escape.exception().filter(|e| e.class() == cx.class(T::AttributeError)) {
        e.init(slot::FIELDS, name);
        e.init(slot::FIELDS + 1, this);
    }
    escape
}

/// `StopIteration(value)`, or `StopIteration()` for `None`.
pub fn stop_iteration(cx: &mut Cx, value: Value) -> Escape {
    let class = cx.class(T::StopIteration);
    let args: &[Value] = if value.is_none() { &[] } else { &[value] };
    match new_exception(cx, class, args) {
        Ok(e) => {
            e.init(slot::FIELDS, value);
            Escape::raise(e)
        }
        Err(escape) => escape,
    }
}

/// `KeyError(key)`.
pub fn key_error(cx: &mut Cx, key: Value) -> Escape {
    crate::exc::raise_value(cx, T::KeyError, key)
}

fn base_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj().filter(|o| o.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "BaseException.__new__(X): X is not a type object");
    };
    let o = cx.new_instance(class)?;
    o.init(slot::ARGS, args.get(1));
    Ok(o.into())
}

fn base_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    if let Some(kwargs) = args.get(2).obj()
        && dict::len(cx, kwargs)? > 0
    {
        let name = cx.type_name(args.this());
        return raise!(cx, TypeError, "{name}() takes no keyword arguments");
    }
    cx.set(o, slot::ARGS, args.get(1))?;
    Ok(Value::NONE)
}

/// The items of `args`.
///
/// # Errors
/// The attempt's abort.
pub fn args_of(cx: &mut Cx, e: Obj) -> Completion<&'static [Value]> {
    let args = cx.read(e, slot::ARGS)?;
    Ok(args.obj().filter(|t| t.kind() == Kind::Tuple).map_or(&[], Obj::items))
}

fn base_str(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args_of(cx, args.this_obj())? {
        [] => cx.new_str(""),
        [one] => protocol::str_of(cx, *one),
        _ => {
            let all = cx.read(args.this_obj(), slot::ARGS)?;
            protocol::str_of(cx, all)
        }
    }
}

fn base_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = cx.type_name(args.this());
    let inner = match args_of(cx, args.this_obj())? {
        [one] => format!("({})", protocol::convert::repr_text(cx, *one)?),
        _ => {
            let all = cx.read(args.this_obj(), slot::ARGS)?;
            protocol::convert::repr_text(cx, all)?
        }
    };
    cx.new_str(&format!("{name}{inner}"))
}

fn with_traceback(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    set_traceback(cx, args.this(), args.get(1))?;
    Ok(args.this())
}

fn add_note(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if string::exact(args.get(1)).is_none() {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "add_note() argument must be str, not {name}");
    }
    let name = cx.name(crate::names::N::notes);
    let notes = match protocol::get_attr_opt(cx, args.this(), name)? {
        Some(notes) => notes,
        None => {
            let notes = protocol::call(cx, cx.class(T::list).into(), &[])?;
            protocol::set_attr(cx, args.this(), name, notes)?;
            notes
        }
    };
    if !cx.is_a(notes, T::list) {
        return raise!(cx, TypeError, "Cannot add note: __notes__ is not a list");
    }
    let append = cx.name(crate::names::N::append);
    protocol::call_method(cx, notes, append, &[args.get(1)])
}

fn slot_or_none(cx: &mut Cx, this: Value, word: usize) -> Completion<Value> {
    match this.obj() {
        Some(o) => Ok(cx.read(o, word)?.bound().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

fn set_args(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    let Some(o) = this.obj() else { return Ok(()) };
    if v.is_unbound() {
        return raise!(cx, TypeError, "args may not be deleted");
    }
    let tuple = protocol::call(cx, cx.class(T::tuple).into(), &[v])?;
    cx.set(o, slot::ARGS, tuple)
}

fn set_traceback(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    let Some(o) = this.obj() else { return Ok(()) };
    if v.is_unbound() {
        return raise!(cx, TypeError, "__traceback__ may not be deleted");
    }
    if !v.is_none() && !cx.is_a(v, T::traceback) {
        return raise!(cx, TypeError, "__traceback__ must be a traceback or None");
    }
    cx.set(o, slot::TRACEBACK, v)
}

fn set_chained(cx: &mut Cx, this: Value, v: Value, word: usize, what: &str) -> Completion<()> {
    let Some(o) = this.obj() else { return Ok(()) };
    if v.is_unbound() {
        return raise!(cx, TypeError, "{what} may not be deleted");
    }
    if !v.is_none() && !cx.is_a(v, T::BaseException) {
        return raise!(
            cx,
            TypeError,
            "exception {} must be None or derive from BaseException",
            what.trim_matches('_')
        );
    }
    cx.set(o, word, v)
}

fn set_cause(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    set_chained(cx, this, v, slot::CAUSE, "__cause__")?;
    match this.obj() {
        Some(o) => cx.set(o, slot::SUPPRESS, Value::TRUE),
        None => Ok(()),
    }
}

fn get_suppress(cx: &mut Cx, this: Value) -> Completion<Value> {
    Ok((slot_or_none(cx, this, slot::SUPPRESS)? == Value::TRUE).into())
}

fn set_suppress(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    if v.is_unbound() {
        return raise!(cx, TypeError, "can't delete numeric/char attribute");
    }
    if !cx.is_a(v, T::bool) {
        return raise!(cx, TypeError, "attribute value type must be bool");
    }
    let on = protocol::truth(cx, v)?;
    match this.obj() {
        Some(o) => cx.set(o, slot::SUPPRESS, on.into()),
        None => Ok(()),
    }
}

fn setstate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if let Some(state) = args.not_none(1) {
        let Some(state) = state.obj().filter(|d| d.kind() == Kind::Dict) else {
            return raise!(cx, TypeError, "state is not a dictionary");
        };
        let items = dict::items(cx, state)?;
        for pair in items.as_slice().chunks_exact(2) {
            let name = string::interned(cx, pair[0])?;
            protocol::set_attr(cx, args.this(), name, pair[1])?;
        }
    }
    Ok(Value::NONE)
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `BaseException`.
pub static BASE_EXCEPTION: TypeDef = TypeDef {
    id: Some(T::BaseException),
    name: "BaseException",
    body: Body::WithDict(Kind::Exception, slot::WORDS),
    subclassable: true,
    static_methods: &[row!(
        "__new__",
        "(type, /, *args, **kwargs)",
        base_new,
        "Create and return a new object."
    )],
    methods: &[
        row!("__init__", "(self, /, *args, **kwargs)", base_init, "Initialize self."),
        row!("__str__", "(self, /)", base_str, "Return str(self)."),
        row!("__repr__", "(self, /)", base_repr, "Return repr(self)."),
        row!(
            "with_traceback",
            "(self, object, /)",
            with_traceback,
            "Set self.__traceback__ to tb and return self."
        ),
        row!("add_note", "(self, object, /)", add_note, "Add a note to the exception"),
        row!("__setstate__", "(self, object, /)", setstate, ""),
        row!("__reduce__", "(self, /)", exc_fields::reduce, ""),
    ],
    getset: &[
        GetSetDef {
            name: "args",
            get: |cx, v| slot_or_none(cx, v, slot::ARGS),
            set: Some(set_args),
            doc: "",
        },
        GetSetDef {
            name: "__traceback__",
            get: |cx, v| slot_or_none(cx, v, slot::TRACEBACK),
            set: Some(set_traceback),
            doc: "",
        },
        GetSetDef {
            name: "__context__",
            get: |cx, v| slot_or_none(cx, v, slot::CONTEXT),
            set: Some(|cx, v, x| set_chained(cx, v, x, slot::CONTEXT, "__context__")),
            doc: "exception context",
        },
        GetSetDef {
            name: "__cause__",
            get: |cx, v| slot_or_none(cx, v, slot::CAUSE),
            set: Some(set_cause),
            doc: "exception cause",
        },
        GetSetDef {
            name: "__suppress_context__",
            get: get_suppress,
            set: Some(set_suppress),
            doc: "",
        },
    ],
    doc: "Common base class for all exceptions.",
    ..TypeDef::BASE
};

/// The declaration of an exception class of the hierarchy.
pub(crate) fn def_of(t: T, name: &'static str, base: T) -> TypeDef {
    let group = t == T::BaseExceptionGroup;
    TypeDef {
        id: Some(t),
        name,
        base,
        subclassable: true,
        methods: if group { exc_group::METHODS } else { exc_fields::methods(t) },
        static_methods: if group {
            exc_group::STATIC_METHODS
        } else {
            exc_fields::static_methods(t)
        },
        class_methods: if group { exc_group::CLASS_METHODS } else { &[] },
        getset: if t == T::BlockingIOError { &[exc_fields::WRITTEN_GETSET] } else { &[] },
        ..TypeDef::BASE
    }
}
