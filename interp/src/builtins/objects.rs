//! Builtin functions about objects of any kind: attributes, classes, their texts.

use taipan_objects::{
    Completion, Cx, Value, class,
    exc::raise_message,
    names::{N, Special},
    native::{Args, NativeDef},
    protocol::{self, attr::name_arg},
    raise,
    types::{T, str as string, str_ops},
};

use super::{row, scope};
use crate::{import::builtin_import, vm::exec::build};

fn ascii(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    str_ops::ascii(cx, args.get(0))
}

fn callable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(class::special(cx.class_of(args.get(0)), Special::Call).is_bound()))
}

fn delattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(1))?;
    protocol::del_attr(cx, args.get(0), name)?;
    Ok(Value::NONE)
}

fn getattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(1))?;
    match args.opt(2) {
        None => protocol::get_attr(cx, args.get(0), name),
        Some(default) => Ok(protocol::get_attr_opt(cx, args.get(0), name)?.unwrap_or(default)),
    }
}

fn hasattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(1))?;
    Ok(Value::bool(protocol::get_attr_opt(cx, args.get(0), name)?.is_some()))
}

fn setattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(1))?;
    protocol::set_attr(cx, args.get(0), name, args.get(2))?;
    Ok(Value::NONE)
}

fn format(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let spec = args.opt(1).unwrap_or_else(|| cx.name(N::empty));
    if string::wtf8(spec).is_none() {
        let got = cx.type_name(spec);
        return raise!(cx, TypeError, "format() argument 2 must be str, not {got}");
    }
    build::format(cx, args.get(0), spec)
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let h = protocol::hash(cx, args.get(0))?;
    cx.new_int(h)
}

/// `id(v)`.
pub fn id(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let bits = args.get(0).bits();
    cx.new_int((bits & 0x7FFF_FFFF_FFFF_FFFF) as i64)
}

fn isinstance(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(protocol::is_instance(cx, args.get(0), args.get(1))?))
}

fn issubclass(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(protocol::is_subclass_of(cx, args.get(0), args.get(1))?))
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    protocol::repr(cx, args.get(0))
}

fn vars(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args.opt(0) {
        None => scope::locals(cx, args),
        Some(v) => {
            let name = cx.name(N::dict);
            match protocol::get_attr_opt(cx, v, name)? {
                Some(d) => Ok(d),
                None => raise!(cx, TypeError, "vars() argument must have __dict__ attribute"),
            }
        }
    }
}

fn dir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = cx.class(T::list);
    let names = match args.opt(0) {
        None => {
            let locals = scope::locals(cx, args)?;
            let keys = cx.intern("keys")?;
            let keys = protocol::call_method(cx, locals, keys, &[])?;
            protocol::call(cx, list.into(), &[keys])?
        }
        Some(v) => match protocol::call_special(cx, v, Special::Dir, &[])? {
            Some(names) => protocol::call(cx, list.into(), &[names])?,
            None => return Err(raise_message(cx, T::TypeError, "object does not provide __dir__")),
        },
    };
    let sort = cx.name(N::sort);
    protocol::call_method(cx, names, sort, &[])?;
    Ok(names)
}

/// The functions of this file.
pub const FUNCTIONS: &[NativeDef] = &[
    row("ascii", "(obj, /)", ascii, "Return an ASCII-only representation of an object."),
    row(
        "callable",
        "(obj, /)",
        callable,
        "Return whether the object is callable (i.e., some kind of function).\n\nNote that classes are callable, as are instances of classes with a\n__call__() method.",
    ),
    row(
        "delattr",
        "(obj, name, /)",
        delattr,
        "Deletes the named attribute from the given object.\n\ndelattr(x, 'y') is equivalent to ``del x.y``",
    ),
    row(
        "getattr",
        "(object, name, default=<unset>, /)",
        getattr,
        "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object; getattr(x, 'y') is equivalent to x.y.\nWhen a default argument is given, it is returned when the attribute doesn't\nexist; without it, an exception is raised in that case.",
    ),
    row(
        "hasattr",
        "(obj, name, /)",
        hasattr,
        "Return whether the object has an attribute with the given name.\n\nThis is done by calling getattr(obj, name) and catching AttributeError.",
    ),
    row(
        "setattr",
        "(obj, name, value, /)",
        setattr,
        "Sets the named attribute on the given object to the specified value.\n\nsetattr(x, 'y', v) is equivalent to ``x.y = v``",
    ),
    row(
        "format",
        "(value, format_spec='', /)",
        format,
        "Return type(value).__format__(value, format_spec)",
    ),
    row(
        "hash",
        "(obj, /)",
        hash,
        "Return the hash value for the given object.\n\nTwo objects that compare equal must also have the same hash value, but the\nreverse is not necessarily true.",
    ),
    row(
        "id",
        "(obj, /)",
        id,
        "Return the identity of an object.\n\nThis is guaranteed to be unique among simultaneously existing objects.\n(CPython uses the object's memory address.)",
    ),
    row(
        "isinstance",
        "(obj, class_or_tuple, /)",
        isinstance,
        "Return whether an object is an instance of a class or of a subclass thereof.\n\nA tuple, as in ``isinstance(x, (A, B, ...))``, may be given as the target to\ncheck against. This is equivalent to ``isinstance(x, A) or isinstance(x, B)\nor ...`` etc.",
    ),
    row(
        "issubclass",
        "(cls, class_or_tuple, /)",
        issubclass,
        "Return whether 'cls' is derived from another class or is the same class.\n\nA tuple, as in ``issubclass(x, (A, B, ...))``, may be given as the target to\ncheck against. This is equivalent to ``issubclass(x, A) or issubclass(x, B)\nor ...``.",
    ),
    row(
        "repr",
        "(obj, /)",
        repr,
        "Return the canonical string representation of the object.\n\nFor many object types, including most builtins, eval() will return\nthe object back.",
    ),
    row(
        "vars",
        "(object=<unset>, /)",
        vars,
        "vars([object]) -> dictionary\n\nWithout arguments, equivalent to locals().\nWith an argument, equivalent to object.__dict__.",
    ),
    row(
        "dir",
        "(object=<unset>, /)",
        dir,
        "dir([object]) -> list of strings\n\nIf called without an argument, return the names in the current scope.\nElse, return an alphabetized list of names comprising (some of) the attributes\nof the given object, and of attributes reachable from it.",
    ),
    row(
        "__import__",
        "(name, globals=None, locals=None, fromlist=<unset>, level=0)",
        builtin_import,
        "Import a module.\n\nBecause this function is meant for use by the Python\ninterpreter and not for general use, it is better to use\nimportlib.import_module() to programmatically import a module.",
    ),
];
