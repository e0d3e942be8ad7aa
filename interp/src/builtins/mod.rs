//! Builtin functions and the module `builtins`.
//!
//! Reading order: `objects.rs`, `numbers.rs`, `iteration.rs`, `scope.rs` (globals, eval, exec, compile), `class.rs`
//! (`__build_class__`), `output.rs` (print, input), `iterators.rs` (what `anext` returns).

use taipan_objects::{
    Completion, Cx, Obj, T, Value,
    native::{Effect, NativeDef, NativeFn},
};

use crate::modules::{self, ModuleDef};

pub mod class;
pub mod iteration;
pub mod iterators;
pub mod numbers;
pub mod objects;
pub mod output;
pub mod scope;

pub use iteration::next;

/// A row of a table of functions that touch only objects.
pub(crate) const fn row(
    name: &'static str,
    sig: &'static str,
    run: NativeFn,
    doc: &'static str,
) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

/// The same native, done by the machine when Python code calls it.
pub(crate) const fn machine(def: NativeDef) -> NativeDef {
    NativeDef { effect: Effect::Machine, ..def }
}

/// Classes of the module, under their names.
const CLASSES: &[(&str, T)] = &[
    ("object", T::object),
    ("type", T::type_),
    ("str", T::str),
    ("int", T::int),
    ("bool", T::bool),
    ("float", T::float),
    ("complex", T::complex),
    ("bytes", T::bytes),
    ("bytearray", T::bytearray),
    ("memoryview", T::memoryview),
    ("tuple", T::tuple),
    ("list", T::list),
    ("dict", T::dict),
    ("set", T::set),
    ("frozenset", T::frozenset),
    ("range", T::range),
    ("slice", T::slice),
    ("staticmethod", T::staticmethod),
    ("classmethod", T::classmethod),
    ("property", T::property),
    ("super", T::super_),
    ("enumerate", T::enumerate),
    ("zip", T::zip),
    ("map", T::map),
    ("filter", T::filter),
    ("reversed", T::reversed),
    ("BaseException", T::BaseException),
    ("ExceptionGroup", T::ExceptionGroup),
];

/// The module `builtins`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "builtins",
    doc: "Built-in functions, types, exceptions, and other objects.\n\nThis module provides direct access to all 'built-in'\nidentifiers of Python; for example, builtins.len is\nthe full name for the built-in function len().\n\nThis module is not usually accessed explicitly by most\napplications, but can be useful in modules that provide\nobjects with the same name as a builtin and need to\ndistinguish between the two.",
    exec: fill,
    ..ModuleDef::BASE
};

fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    let owner = cx.intern("builtins")?;
    let tables = [
        objects::FUNCTIONS,
        numbers::FUNCTIONS,
        iteration::FUNCTIONS,
        scope::FUNCTIONS,
        class::FUNCTIONS,
        output::FUNCTIONS,
    ];
    for table in tables {
        for def in table {
            let f = cx.new_native_fn(T::builtin_function_or_method, def, owner)?;
            modules::set(cx, module, def.name, f)?;
        }
    }
    for &(name, t) in CLASSES {
        let class = cx.class(t);
        modules::set(cx, module, name, class.into())?;
    }
    for &(t, name, _) in taipan_objects::types::exception::HIERARCHY {
        let class = cx.class(t);
        modules::set(cx, module, name, class.into())?;
    }
    let os_error = cx.class(T::OSError);
    let constants = [
        ("None", Value::NONE),
        ("True", Value::TRUE),
        ("False", Value::FALSE),
        ("Ellipsis", Value::ELLIPSIS),
        ("NotImplemented", Value::NOT_IMPLEMENTED),
        ("__debug__", Value::TRUE),
        ("EnvironmentError", os_error.into()),
        ("IOError", os_error.into()),
    ];
    for (name, v) in constants {
        modules::set(cx, module, name, v)?;
    }
    Ok(())
}
