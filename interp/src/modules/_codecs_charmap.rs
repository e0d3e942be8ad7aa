//! The charmap functions of `_codecs`: one byte per character by a mapping.

use std::{borrow::Cow, collections::HashMap};

use taipan_objects::{
    Args, Completion, Cx, T, Value, class, protocol, raise,
    text::{
        codecs::{Fault, OnDecode, single},
        cp,
    },
    types::{buffer, bytes, codec, codec::Handler, dict, str as string, text_args},
};

use super::_codecs::{encoded, errors, finish};

/// A mapping from the characters of a 256-character decoding table back to their bytes.
pub(super) fn build(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = match string::exact(args.get(0)) {
        Some(o) => o,
        None => {
            let name = cx.type_name(args.get(0));
            return raise!(cx, TypeError, "charmap_build() argument must be str, not {name}");
        }
    };
    let d = dict::new(cx)?;
    for (i, c) in cp::iter(string::bytes_of(o)).take(256).enumerate() {
        if c != 0xFFFE {
            dict::set_item(cx, d, Value::small(c.into()), Value::small(i as i64))?;
        }
    }
    Ok(d.into())
}

/// Item `key` of a mapping, `None` where it raises `LookupError`.
fn item(cx: &mut Cx, mapping: Value, key: u32) -> Completion<Value> {
    match protocol::get_item(cx, mapping, Value::small(key.into())) {
        Ok(v) => Ok(v),
        Err(escape) => {
            let lookup = cx.class(T::LookupError);
            match escape.exception() {
                Some(e) if class::is_subclass(e.class(), lookup) => Ok(Value::NONE),
                _ => Err(escape),
            }
        }
    }
}

fn encoded_item(cx: &mut Cx, mapping: Value, c: u32) -> Completion<Option<Vec<u8>>> {
    let v = item(cx, mapping, c)?;
    if v.is_none() {
        return Ok(None);
    }
    if let Some(b) = bytes::exact(v) {
        return Ok(Some(b.raw_bytes().to_vec()));
    }
    if protocol::convert::as_int(v).is_some() {
        return match protocol::convert::as_i64(v).and_then(|i| u8::try_from(i).ok()) {
            Some(b) => Ok(Some(vec![b])),
            None => raise!(cx, TypeError, "character mapping must be in range(256)"),
        };
    }
    let name = cx.type_name(v);
    raise!(cx, TypeError, "character mapping must return integer, bytes or None, not {name}")
}

pub(super) fn encode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = text_args::str_arg(cx, args.get(0), "charmap_encode", 1)?;
    let (text, mapping) = (string::bytes_of(o), args.get(2));
    let handling = errors(cx, args.get(1), "charmap_encode")?;
    if mapping.is_none() {
        let on = &mut Handler::new(cx, handling, o.into());
        let out = single::encode_latin1(text, on)?;
        return encoded(cx, &out, string::n_chars(o));
    }
    let mut known: HashMap<u32, Option<Vec<u8>>> = HashMap::new();
    for c in cp::iter(text) {
        if let std::collections::hash_map::Entry::Vacant(slot) = known.entry(c) {
            slot.insert(encoded_item(cx, mapping, c)?);
        }
    }
    if known.values().any(Option::is_none) {
        // Replacements are made of these.
        let mut others: Vec<u32> = (0..256).collect();
        if cx.is_a(mapping, T::dict) {
            let keys = protocol::collect(cx, mapping)?;
            let keys = keys.as_slice().iter().filter_map(|&v| protocol::convert::as_i64(v));
            others.extend(keys.filter_map(|c| u32::try_from(c).ok()));
        }
        for c in others {
            if let std::collections::hash_map::Entry::Vacant(slot) = known.entry(c) {
                slot.insert(encoded_item(cx, mapping, c)?);
            }
        }
    }
    let on = &mut Handler::new(cx, handling, o.into());
    let reason = "character maps to <undefined>";
    let out = single::encode_map(text, "charmap", reason, on, |c, out| match known.get(&c) {
        Some(Some(b)) => {
            out.extend_from_slice(b);
            true
        }
        _ => false,
    })?;
    encoded(cx, &out, string::n_chars(o))
}

pub(super) fn decode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let input = buffer::expect_bytes(cx, args.get(0))?.into_owned();
    let (mapping, handling) = (args.get(2), errors(cx, args.get(1), "charmap_decode")?);
    if mapping.is_none() {
        return finish(cx, &single::decode_latin1(&input), input.len());
    }
    let object = codec::shown(cx, args.get(0), &input)?;
    if let Some(table) = string::exact(mapping) {
        let table: Vec<u32> = cp::iter(string::bytes_of(table)).collect();
        let on = &mut Handler::new(cx, handling, object);
        let text = single::decode_table(&input, &table, on)?;
        return finish(cx, &text, input.len());
    }
    let consumed = input.len();
    let mut input: Cow<'_, [u8]> = Cow::Owned(input);
    let mut on = Handler::new(cx, handling, object);
    let mut out = Vec::with_capacity(input.len());
    let mut at = 0;
    while at < input.len() {
        if decoded_item(on.cx, mapping, input[at], &mut out)? {
            at += 1;
            continue;
        }
        let reason = "character maps to <undefined>";
        let fault = Fault { encoding: "charmap", start: at, end: at + 1, reason };
        at = on.on_decode(&mut input, fault, &mut out)?;
    }
    finish(cx, &out, consumed)
}

/// Appends what byte `b` maps to; false if nothing.
fn decoded_item(cx: &mut Cx, mapping: Value, b: u8, out: &mut Vec<u8>) -> Completion<bool> {
    let v = item(cx, mapping, b.into())?;
    if v.is_none() {
        return Ok(false);
    }
    if let Some(s) = string::exact(v) {
        let s = string::bytes_of(s);
        if s == "\u{FFFE}".as_bytes() {
            return Ok(false);
        }
        out.extend_from_slice(s);
        return Ok(true);
    }
    if protocol::convert::as_int(v).is_some() {
        return match protocol::convert::as_i64(v).and_then(|i| u32::try_from(i).ok()) {
            Some(0xFFFE) => Ok(false),
            Some(c) if c < 0x11_0000 => {
                cp::push(out, c);
                Ok(true)
            }
            _ => raise!(cx, TypeError, "character mapping must be in range(0x110000)"),
        };
    }
    raise!(cx, TypeError, "character mapping must return integer, None or str")
}
