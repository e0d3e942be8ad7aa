//! `sys`: what the interpreter knows of itself.

use taipan_objects::{Completion, Cx, Obj, Value};

use crate::modules::{self, ModuleDef};

/// The module `sys`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "sys",
    doc: "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.",
    exec: fill,
    ..ModuleDef::BASE
};

fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    // Until the streams exist; see `builtins/output.rs`.
    modules::set(cx, module, "stdout", Value::ELLIPSIS)
}
