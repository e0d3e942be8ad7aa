//! `_warnings`: `warn` for the parts of the library that must not import `warnings` early; everything else is left to the
//! Python implementation, which `warnings` falls back to because the other names are missing here.

use taipan_objects::{Args, Completion, Cx, Effect, NativeDef, Value, protocol};

use crate::modules::ModuleDef;

fn warn(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let module = cx.world.import_module(cx, "warnings")?;
    let name = cx.intern("warn")?;
    let f = protocol::get_attr(cx, module, name)?;
    protocol::call(cx, f, &args.0[..4])
}

/// The module `_warnings`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_warnings",
    doc: "_warnings provides basic warning filtering support.",
    functions: &[NativeDef {
        name: "warn",
        sig: "(message, category=None, stacklevel=1, source=None)",
        effect: Effect::Transactional,
        run: warn,
        doc: "Issue a warning, or maybe ignore it or raise an exception.",
    }],
    ..ModuleDef::BASE
};
