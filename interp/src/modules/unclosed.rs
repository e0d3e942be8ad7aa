//! `ResourceWarning`: the collector found something open that the program has let go.

use taipan_objects::{
    Completion, Cx, N, T, Value, class,
    protocol::{self, convert},
};

use crate::report;

/// Warns that `source`, which is a `kind` of thing, was left open; where warnings are errors, nobody can handle it.
///
/// # Errors
/// The attempt's abort.
pub fn warn(cx: &mut Cx, source: Value, kind: &str) -> Completion<()> {
    let Err(escape) = give_warning(cx, source, kind) else { return Ok(()) };
    let Some(e) = escape.exception() else { return Err(escape) };
    // As in CPython, other failures pass unnoticed: the thing may be half made.
    if class::is_subclass(e.class(), cx.class(T::Warning)) {
        let shown = convert::repr_text(cx, source).unwrap_or_default();
        report::ignored(cx, escape, &format!("while finalizing {kind} {shown}"));
    }
    Ok(())
}

fn give_warning(cx: &mut Cx, source: Value, kind: &str) -> Completion<()> {
    let shown = convert::repr_text(cx, source)?;
    let text = match kind {
        // The text shows already what it is.
        "socket" => format!("unclosed {shown}"),
        _ => format!("unclosed {kind} {shown}"),
    };
    let library = cx.world.import_module(cx, "warnings")?;
    let (text, category) = (cx.new_str(&text)?, cx.class(T::ResourceWarning).into());
    let name = cx.name(N::warn);
    let args = [text, category, Value::small(1), source];
    protocol::call_method(cx, library, name, &args).map(drop)
}
