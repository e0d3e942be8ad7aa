//! Native modules: the registry and how a module object is made from its declaration.
//!
//! A module is a row of [`MODULES`]; nothing of it exists before it is imported.

use taipan_objects::{
    Completion, Cx, Kind, N, NativeDef, Obj, T, TypeDef, Value, class, protocol,
    types::{MODULE_DICT, dict},
};

pub mod _abc;
pub mod _ast;
pub mod _codecs;
mod _codecs_charmap;
pub mod _collections;
pub mod _contextvars;
pub mod _csv;
pub mod _functools;
pub mod _imp;
pub mod _io;
pub mod _json;
pub mod _lsprof;
pub mod _opcode;
pub mod _pickle;
pub mod _posixsubprocess;
pub mod _remote_debugging;
pub mod _signal;
pub mod _socket;
pub mod _sre;
pub mod _string;
pub mod _struct;
pub mod _thread;
pub mod _tokenize;
pub mod _typing;
pub mod _warnings;
pub mod _weakref;
mod _weakref_proxy;
pub mod accounts;
pub mod array;
pub mod atexit;
pub mod binascii;
pub mod bisect;
pub mod build_vars;
pub mod cmath;
pub mod errno;
pub mod faulthandler;
pub mod fcntl;
pub mod gc;
pub mod hashes;
pub mod heapq;
pub mod itertools;
pub mod marshal;
pub mod math;
mod math_ints;
mod math_sums;
pub mod operator;
mod operator_getters;
pub mod posix;
pub mod random;
mod rows;
pub mod select;
pub mod simple_namespace;
pub mod structseq;
pub mod sys;
pub mod time;
pub mod transaction;
pub mod unclosed;
pub mod unicodedata;
pub mod zlib;

/// Declaration of a native module.
#[derive(Debug)]
pub struct ModuleDef {
    /// Full name.
    pub name: &'static str,
    /// `__doc__`.
    pub doc: &'static str,
    /// Functions.
    pub functions: &'static [NativeDef],
    /// Classes, entered under their names.
    pub types: &'static [&'static TypeDef],
    /// Fills in everything else (constants, instances).
    pub exec: fn(&mut Cx, Obj) -> Completion<()>,
}

impl ModuleDef {
    /// All defaults: derive with `..ModuleDef::BASE`.
    pub const BASE: Self =
        Self { name: "", doc: "", functions: &[], types: &[], exec: |_, _| Ok(()) };
}

/// All native modules, sorted by name.
pub const MODULES: &[&ModuleDef] = &[
    &_abc::MODULE,
    &_ast::MODULE,
    &_codecs::MODULE,
    &_collections::MODULE,
    &_contextvars::MODULE,
    &_pickle::MODULE,
    &_functools::MODULE,
    &_io::MODULE,
    &_json::MODULE,
    &_opcode::MODULE,
    &_sre::MODULE,
    &_signal::MODULE,
    &_typing::MODULE,
    &_warnings::MODULE,
    &_weakref::MODULE,
    &atexit::MODULE,
    &gc::MODULE,
    &_string::MODULE,
    &_thread::MODULE,
    &_imp::MODULE,
    &marshal::MODULE,
    &transaction::MODULE,
    &_struct::MODULE,
    &_tokenize::MODULE,
    &binascii::MODULE,
    &errno::MODULE,
    &posix::MODULE,
    &time::MODULE,
    &unicodedata::MODULE,
    &itertools::MODULE,
    &math::MODULE,
    &operator::MODULE,
    &random::MODULE,
    &array::MODULE,
    &heapq::MODULE,
    &_lsprof::MODULE,
    &bisect::MODULE,
    &cmath::MODULE,
    &_posixsubprocess::MODULE,
    &_remote_debugging::MODULE,
    &faulthandler::MODULE,
    &_socket::MODULE,
    &accounts::GRP,
    &accounts::PWD,
    &accounts::RESOURCE,
    &fcntl::MODULE,
    &select::MODULE,
    &hashes::BLAKE2_MODULE,
    &hashes::HASHLIB_MODULE,
    &hashes::MD5_MODULE,
    &hashes::SHA1_MODULE,
    &hashes::SHA2_MODULE,
    &hashes::SHA3_MODULE,
    &zlib::MODULE,
    &build_vars::MODULE,
    &_csv::MODULE,
];

/// The declaration of the native module `name`.
pub fn find(name: &str) -> Option<&'static ModuleDef> {
    MODULES.iter().copied().find(|m| m.name == name)
}

/// A module object without attributes but `__name__`, `__doc__`, `__package__`. The import machinery, once it is there,
/// adds `__loader__` and `__spec__`.
///
/// # Errors
/// `MemoryError`.
pub fn new_module(cx: &mut Cx, name: &str, doc: Value) -> Completion<Obj> {
    let module = cx.new_object(T::module)?;
    let d = dict::new(cx)?;
    module.init(MODULE_DICT, d.into());
    let text = cx.intern(name)?;
    let entries = [(N::name, text), (N::doc, doc), (N::package, Value::NONE)];
    for (n, v) in entries {
        let key = cx.name(n);
        dict::set_item(cx, d, key, v)?;
    }
    Ok(module)
}

/// Makes the module that `def` declares.
///
/// # Errors
/// Whatever its `exec` raises.
pub fn make(cx: &mut Cx, def: &'static ModuleDef) -> Completion<Obj> {
    let doc = if def.doc.is_empty() { Value::NONE } else { cx.new_str(def.doc)? };
    let module = new_module(cx, def.name, doc)?;
    let package = cx.intern("")?;
    set(cx, module, "__package__", package)?;
    let owner = cx.intern(def.name)?;
    for row in def.functions {
        let f = cx.new_native_fn(T::builtin_function_or_method, row, owner)?;
        set(cx, module, row.name, f)?;
    }
    for class in def.types {
        let object = cx.type_for(class)?;
        set(cx, module, class.name, object.into())?;
    }
    (def.exec)(cx, module)?;
    Ok(module)
}

/// The namespace of a module object.
pub fn namespace(module: Obj) -> Option<Obj> {
    module.raw(MODULE_DICT).obj().filter(|d| d.kind() == Kind::Dict)
}

/// Sets an attribute of a module.
///
/// # Errors
/// `MemoryError`, the attempt's abort.
pub fn set(cx: &mut Cx, module: Obj, name: &str, v: Value) -> Completion<()> {
    let name = cx.intern(name)?;
    match namespace(module) {
        Some(d) => dict::set_item(cx, d, name, v),
        None => Ok(()),
    }
}

/// An exception class with the `__module__` and the name given.
///
/// # Errors
/// `MemoryError`, the attempt's abort.
pub fn exception_class(
    cx: &mut Cx,
    (module, name): (&str, &str),
    bases: &[Value],
) -> Completion<Value> {
    let names = dict::new(cx)?;
    let (key, module) = (cx.name(N::module), cx.intern(module)?);
    dict::set_item(cx, names, key, module)?;
    let (name, bases) = (cx.intern(name)?, cx.new_tuple(bases)?);
    protocol::call(cx, cx.class(T::type_).into(), &[name, bases, names.into()])
}

/// Makes an [`exception_class`], and sets it as the attribute of `module` with its name.
///
/// # Errors
/// As there.
pub fn set_exception(
    cx: &mut Cx,
    module: Obj,
    path: (&str, &str),
    bases: &[Value],
) -> Completion<Value> {
    let class = exception_class(cx, path, bases)?;
    set(cx, module, path.1, class)?;
    Ok(class)
}

/// Sets integer constants of a module.
///
/// # Errors
/// As [`set`].
pub fn set_ints(cx: &mut Cx, module: Obj, constants: &[(&str, i64)]) -> Completion<()> {
    for &(name, i) in constants {
        let v = cx.new_int(i)?;
        set(cx, module, name, v)?;
    }
    Ok(())
}

/// Whether `v` is an instance of the class that `def` declares (or of a subclass).
///
/// # Errors
/// `MemoryError`.
pub fn is_a(cx: &mut Cx, v: Value, def: &'static TypeDef) -> Completion<bool> {
    let class = cx.type_for(def)?;
    Ok(class::is_subclass(cx.class_of(v), class))
}
