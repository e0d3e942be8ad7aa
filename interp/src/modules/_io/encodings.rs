//! Encodings of text streams: which need a decoder, which begin with a byte order mark.

use taipan_objects::{
    Completion, Cx, Value,
    protocol::{self, convert},
    raise,
    types::{codec, str as string},
};

use super::base::call;

/// The incremental decoder that an encoding needs, unbound for simple ones.
pub(super) fn decoder_for(cx: &mut Cx, encoding: Value, errors: Value) -> Completion<Value> {
    match string::text(encoding).and_then(codec::known) {
        Some(codec::Known::Utf8 | codec::Known::Latin1 | codec::Known::Ascii) => Ok(Value::UNBOUND),
        _ => incremental_decoder(cx, encoding, errors),
    }
}

/// What an encoding that begins with a byte order mark is called further on; `None` for others.
pub(super) fn without_mark(encoding: &str) -> Option<&'static str> {
    let is_little = cfg!(target_endian = "little");
    match encoding.to_ascii_lowercase().replace('_', "-").as_str() {
        "utf-16" | "utf16" | "u16" => Some(if is_little { "utf-16-le" } else { "utf-16-be" }),
        "utf-32" | "utf32" | "u32" => Some(if is_little { "utf-32-le" } else { "utf-32-be" }),
        "utf-8-sig" => Some("utf-8"),
        _ => None,
    }
}

fn incremental_decoder(cx: &mut Cx, encoding: Value, errors: Value) -> Completion<Value> {
    let codecs = cx.world.import_module(cx, "codecs")?;
    let found = call(cx, codecs, "lookup", &[encoding])?;
    let is_text = cx.intern("_is_text_encoding")?;
    if let Some(is_text) = protocol::get_attr_opt(cx, found, is_text)?
        && !protocol::truth(cx, is_text)?
    {
        let name = convert::str_text(cx, encoding)?;
        return raise!(
            cx,
            LookupError,
            "'{name}' is not a text encoding; use codecs.open() to handle arbitrary codecs"
        );
    }
    let factory = call(cx, codecs, "getincrementaldecoder", &[encoding])?;
    protocol::call(cx, factory, &[errors])
}

/// Number of bytes at the end of `data` that begin an unfinished UTF-8 sequence.
pub(super) fn unfinished(data: &[u8]) -> usize {
    for back in 1..=data.len().min(3) {
        let b = data[data.len() - back];
        if b & 0xC0 != 0x80 {
            let need = match b {
                0xC0..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF7 => 4,
                _ => 1,
            };
            return if need > back { back } else { 0 };
        }
    }
    0
}
