//! `marshal`: present for the library's sake; code objects cannot be written, so nothing is cached by it.

use taipan_objects::{Args, Completion, Cx, Effect, NativeDef, Value, native::NativeFn, raise};

use crate::modules::{self, ModuleDef};

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

fn unsupported(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    raise!(cx, NotImplementedError, "marshal is not supported; use pickle")
}

/// The module `marshal`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "marshal",
    doc: "This module contains functions that can read and write Python values in\na binary format.",
    functions: &[
        row("dump", "(value, file, version=5, /, *, allow_code=True)", unsupported),
        row("dumps", "(value, version=5, /, *, allow_code=True)", unsupported),
        row("load", "(file, /, *, allow_code=True)", unsupported),
        row("loads", "(bytes, /, *, allow_code=True)", unsupported),
    ],
    exec: |cx, module| modules::set(cx, module, "version", Value::small(5)),
    ..ModuleDef::BASE
};
