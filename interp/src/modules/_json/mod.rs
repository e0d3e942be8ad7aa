//! `_json`: the scanner and the encoder of `json` in Rust.

mod encoder;
mod scanner;

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Value, protocol, raise,
    text::json,
    types::{str as string, text_args},
};

use super::{ModuleDef, set};

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `_json`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_json",
    doc: "json speedups\n",
    functions: &[
        row!(
            "encode_basestring",
            "(string, /)",
            |cx, args| quote(cx, args, false),
            "encode_basestring(string) -> string\n\nReturn a JSON representation of a Python string"
        ),
        row!(
            "encode_basestring_ascii",
            "(string, /)",
            |cx, args| quote(cx, args, true),
            "encode_basestring_ascii(string) -> string\n\nReturn an ASCII-only JSON representation of a Python string"
        ),
        row!(
            "scanstring",
            "(string, end, strict=True, /)",
            scanner::scanstring,
            "scanstring(string, end, strict=True) -> (string, end)\n\nScan the string s for a JSON string. End is the index of the\ncharacter in s after the quote that started the JSON string.\nUnescapes all valid JSON string escape sequences and raises ValueError\non attempt to decode an invalid string. If strict is False then literal\ncontrol characters are allowed in the string.\n\nReturns a tuple of the decoded string and the index of the character in s\nafter the end quote."
        ),
    ],
    exec: |cx, module| {
        let scanner = cx.type_for(&scanner::SCANNER)?;
        set(cx, module, "make_scanner", scanner.into())?;
        let encoder = cx.type_for(&encoder::ENCODER_DEF)?;
        set(cx, module, "make_encoder", encoder.into())
    },
    ..ModuleDef::BASE
};

fn quote(cx: &mut Cx, args: Args<'_>, ascii: bool) -> Completion<Value> {
    let Some(o) = string::exact(args.get(0)) else {
        let name = cx.type_name(args.get(0));
        return raise!(cx, TypeError, "first argument must be a string, not {name}");
    };
    let mut out = Vec::new();
    json::quote(string::bytes_of(o), ascii, &mut out);
    if ascii { string::new_ascii(cx, &out) } else { text_args::new_text(cx, &out) }
}

/// Attribute `name` of `v`.
fn attribute(cx: &mut Cx, v: Value, name: &str) -> Completion<Value> {
    let name = cx.intern(name)?;
    protocol::get_attr(cx, v, name)
}
