//! `_codecs`: the registry of codecs and the built-in ones as functions.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, T, Value, protocol, raise,
    text::codecs::{
        Errors, Fault, Replacement, escape, handlers, single, utf_wide,
        utf_wide::{Decoded, Order},
        utf7, utf8,
    },
    types::{buffer, bytes, codec, codec::Handler, str as string, text_args},
};

use super::{_codecs_charmap as charmap, ModuleDef};

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// A decoder row: `|cx, input, handler, last| -> (text, consumed)`.
macro_rules! decoder {
    ($name:literal, $sig:literal, |$input:ident, $on:ident, $last:ident| $body:expr) => {
        decoder!($name, $sig, buffer::expect_bytes, |$input, $on, $last| $body)
    };
    ($name:literal, $sig:literal, $of:path, |$input:ident, $on:ident, $last:ident| $body:expr) => {
        row!(
            $name,
            $sig,
            |cx, args| {
                let $input = $of(cx, args.get(0))?;
                let $last = protocol::truth(cx, args.get(2))?;
                let object = codec::shown(cx, args.get(0), &$input)?;
                let handling = errors(cx, args.get(1), $name)?;
                let $on = &mut Handler::new(cx, handling, object);
                let (text, consumed) = $body;
                finish(cx, &text, consumed)
            },
            ""
        )
    };
}

/// An encoder row: `|text, handler| -> bytes`.
macro_rules! encoder {
    ($name:literal, |$text:ident, $on:ident| $body:expr) => {
        row!(
            $name,
            "(str, errors=None, /)",
            |cx, args| {
                let o = text_args::str_arg(cx, args.get(0), $name, 1)?;
                let $text = string::bytes_of(o);
                let handling = errors(cx, args.get(1), $name)?;
                let $on = &mut Handler::new(cx, handling, o.into());
                let out = $body;
                encoded(cx, &out, string::n_chars(o))
            },
            ""
        )
    };
}

/// `_codecs`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_codecs",
    functions: &[
        row!(
            "register",
            "(search_function, /)",
            register,
            "Register a codec search function.\n\nSearch functions are expected to take one argument, the encoding name in\nall lower case letters, and either return None, or a tuple of functions\n(encoder, decoder, stream_reader, stream_writer) (or a CodecInfo object)."
        ),
        row!(
            "unregister",
            "(search_function, /)",
            unregister,
            "Unregister a codec search function and clear the registry's cache.\n\nIf the search function is not registered, do nothing."
        ),
        row!(
            "lookup",
            "(encoding, /)",
            lookup,
            "Looks up a codec tuple in the Python codec registry and returns a CodecInfo object."
        ),
        row!(
            "encode",
            "(obj, encoding='utf-8', errors='strict')",
            encode,
            "Encodes obj using the codec registered for encoding.\n\nThe default encoding is 'utf-8'.  errors may be given to set a\ndifferent error handling scheme.  Default is 'strict' meaning that encoding\nerrors raise a ValueError.  Other possible values are 'ignore', 'replace'\nand 'backslashreplace' as well as any other name registered with\ncodecs.register_error that can handle ValueErrors."
        ),
        row!(
            "decode",
            "(obj, encoding='utf-8', errors='strict')",
            decode,
            "Decodes obj using the codec registered for encoding.\n\nDefault encoding is 'utf-8'.  errors may be given to set a\ndifferent error handling scheme.  Default is 'strict' meaning that encoding\nerrors raise a ValueError.  Other possible values are 'ignore', 'replace'\nand 'backslashreplace' as well as any other name registered with\ncodecs.register_error that can handle ValueErrors."
        ),
        row!(
            "register_error",
            "(errors, handler, /)",
            register_error,
            "Register the specified error handler under the name errors.\n\nhandler must be a callable object, that\nwill be called with an exception instance containing\ninformation about the location of the encoding/decoding\nerror and must return a (replacement, new position) tuple."
        ),
        row!(
            "_unregister_error",
            "(errors, /)",
            unregister_error,
            "Un-register the specified error handler for the error handling `errors'."
        ),
        row!(
            "lookup_error",
            "(name, /)",
            lookup_error,
            "lookup_error(errors) -> handler\n\nReturn the error handler for the specified error handling name or raise a\nLookupError, if no handler exists under this name."
        ),
        row!("escape_encode", "(data, errors=None, /)", escape_encode, ""),
        row!("escape_decode", "(data, errors=None, /)", escape_decode, ""),
        row!("readbuffer_encode", "(data, errors=None, /)", readbuffer_encode, ""),
        row!("charmap_build", "(map, /)", charmap::build, ""),
        row!("charmap_encode", "(str, errors=None, mapping=None, /)", charmap::encode, ""),
        row!("charmap_decode", "(data, errors=None, mapping=None, /)", charmap::decode, ""),
        row!(
            "utf_16_ex_decode",
            "(data, errors=None, byteorder=0, final=False, /)",
            utf_16_ex_decode,
            ""
        ),
        row!(
            "utf_32_ex_decode",
            "(data, errors=None, byteorder=0, final=False, /)",
            utf_32_ex_decode,
            ""
        ),
        decoder!("utf_8_decode", "(data, errors=None, final=False, /)", |input, on, last| {
            utf8::decode(&input, last, on)?
        }),
        decoder!("utf_7_decode", "(data, errors=None, final=False, /)", |input, on, last| {
            utf7::decode(&input, last, on)?
        }),
        decoder!("utf_16_decode", "(data, errors=None, final=False, /)", |input, on, last| pair(
            utf_wide::decode16(&input, Order::Native, last, on)?
        )),
        decoder!(
            "utf_16_le_decode",
            "(data, errors=None, final=False, /)",
            |input, on, last| pair(utf_wide::decode16(&input, Order::Little, last, on)?)
        ),
        decoder!(
            "utf_16_be_decode",
            "(data, errors=None, final=False, /)",
            |input, on, last| pair(utf_wide::decode16(&input, Order::Big, last, on)?)
        ),
        decoder!("utf_32_decode", "(data, errors=None, final=False, /)", |input, on, last| pair(
            utf_wide::decode32(&input, Order::Native, last, on)?
        )),
        decoder!(
            "utf_32_le_decode",
            "(data, errors=None, final=False, /)",
            |input, on, last| pair(utf_wide::decode32(&input, Order::Little, last, on)?)
        ),
        decoder!(
            "utf_32_be_decode",
            "(data, errors=None, final=False, /)",
            |input, on, last| pair(utf_wide::decode32(&input, Order::Big, last, on)?)
        ),
        decoder!(
            "unicode_escape_decode",
            "(data, errors=None, final=True, /)",
            buffer_or_text,
            |input, on, last| {
                let r = escape::decode(&input, last, on)?;
                (r.out, r.consumed)
            }
        ),
        decoder!(
            "raw_unicode_escape_decode",
            "(data, errors=None, final=True, /)",
            buffer_or_text,
            |input, on, last| {
                let r = escape::decode_raw(&input, last, on)?;
                (r.out, r.consumed)
            }
        ),
        decoder!("latin_1_decode", "(data, errors=None, final=True, /)", |input, _on, _last| (
            single::decode_latin1(&input),
            input.len()
        )),
        decoder!("ascii_decode", "(data, errors=None, final=True, /)", |input, on, _last| (
            single::decode_ascii(&input, on)?,
            input.len()
        )),
        encoder!("utf_8_encode", |text, on| utf8::encode(text, on)?),
        encoder!("utf_7_encode", |text, _on| utf7::encode(text)),
        row!("utf_16_encode", "(str, errors=None, byteorder=0, /)", utf_16_encode, ""),
        encoder!("utf_16_le_encode", |text, on| utf_wide::encode16(text, Order::Little, on)?),
        encoder!("utf_16_be_encode", |text, on| utf_wide::encode16(text, Order::Big, on)?),
        row!("utf_32_encode", "(str, errors=None, byteorder=0, /)", utf_32_encode, ""),
        encoder!("utf_32_le_encode", |text, on| utf_wide::encode32(text, Order::Little, on)?),
        encoder!("utf_32_be_encode", |text, on| utf_wide::encode32(text, Order::Big, on)?),
        encoder!("unicode_escape_encode", |text, _on| escape::encode(text)),
        encoder!("raw_unicode_escape_encode", |text, _on| escape::encode_raw(text)),
        encoder!("latin_1_encode", |text, on| single::encode_latin1(text, on)?),
        encoder!("ascii_encode", |text, on| single::encode_ascii(text, on)?),
    ],
    exec: |cx, _module| {
        for (name, def) in HANDLERS {
            let owner = cx.intern("_codecs")?;
            let f = cx.new_native_fn(T::builtin_function_or_method, def, owner)?;
            let name = cx.intern(name)?;
            codec::register_error(cx, name, f)?;
        }
        Ok(())
    },
    ..ModuleDef::BASE
};

/// The argument `errors` of `function`: unbound, which means strict, if it is not given or `None`.
pub(super) fn errors(cx: &mut Cx, v: Value, function: &str) -> Completion<Value> {
    match string::exact(v) {
        Some(o) => Ok(o.into()),
        None if v.is_none() || v.is_unbound() => Ok(Value::UNBOUND),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "{function}() argument 2 must be str or None, not {name}")
        }
    }
}

/// The data argument of a decoder: bytes-like, or text taken as UTF-8.
fn buffer_or_text(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    if let Some(o) = string::exact(v) {
        return Ok(string::bytes_of(o).to_vec());
    }
    Ok(buffer::expect_bytes(cx, v)?.into_owned())
}

/// `(text, consumed)`.
pub(super) fn finish(cx: &mut Cx, text: &[u8], consumed: usize) -> Completion<Value> {
    let text = text_args::new_text(cx, text)?;
    cx.new_tuple(&[text, Value::small(consumed as i64)])
}

/// `(bytes, length)`.
pub(super) fn encoded(cx: &mut Cx, out: &[u8], n: usize) -> Completion<Value> {
    let out = bytes::new(cx, out)?;
    cx.new_tuple(&[out, Value::small(n as i64)])
}

fn pair(d: Decoded) -> (Vec<u8>, usize) {
    (d.text, d.consumed)
}

fn register(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    codec::register(cx, args.get(0)).map(|()| Value::NONE)
}

fn unregister(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    codec::unregister(cx, args.get(0)).map(|()| Value::NONE)
}

fn encoding_name(cx: &mut Cx, v: Value, function: &str, argument: &str) -> Completion<Value> {
    match string::exact(v) {
        Some(_) => Ok(v),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "{function}() argument {argument} must be str, not {name}")
        }
    }
}

fn lookup(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = match string::exact(args.get(0)) {
        Some(_) => args.get(0),
        None => {
            let name = cx.type_name(args.get(0));
            return raise!(cx, TypeError, "lookup() argument must be str, not {name}");
        }
    };
    codec::lookup(cx, name)
}

fn encode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = encoding_name(cx, args.get(1), "encode", "'encoding'")?;
    if let Some(o) = args.get(0).obj().and_then(|_| string::exact(args.get(0)))
        && string::text(name).and_then(codec::known).is_some()
    {
        return codec::encode(cx, o, Some(name), Some(args.get(2)))
            .map_err(|escape| codec::noted(cx, escape, 0, name));
    }
    let found = codec::lookup(cx, name)?;
    codec::run_codec(cx, found, 0, args.get(0), name, args.get(2))
}

fn decode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = encoding_name(cx, args.get(1), "decode", "'encoding'")?;
    let found = codec::lookup(cx, name)?;
    codec::run_codec(cx, found, 1, args.get(0), name, args.get(2))
}

fn register_error(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = encoding_name(cx, args.get(0), "register_error", "1")?;
    codec::register_error(cx, name, args.get(1)).map(|()| Value::NONE)
}

fn unregister_error(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = encoding_name(cx, args.get(0), "_unregister_error", "1")?;
    if string::text(name).and_then(Errors::from_name).is_some() {
        let shown = protocol::convert::str_text(cx, name)?;
        return raise!(cx, ValueError, "cannot un-register built-in error handler '{shown}'");
    }
    codec::unregister_error(cx, name).map(Value::from)
}

fn lookup_error(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = encoding_name(cx, args.get(0), "lookup_error", "")?;
    codec::lookup_error(cx, name)
}

fn escape_encode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(b) = bytes::exact(args.get(0)) else {
        let name = cx.type_name(args.get(0));
        return raise!(cx, TypeError, "escape_encode() argument 1 must be bytes, not {name}");
    };
    encoded(cx, &escape::bytes_escape(b.raw_bytes()), b.len())
}

fn escape_decode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let input = buffer_or_text(cx, args.get(0))?;
    let errors = string::text(args.get(1)).unwrap_or("strict");
    match escape::bytes_unescape(&input, errors) {
        Ok(r) => encoded(cx, &r.out, input.len()),
        Err(e) => Err(text_args::fail(cx, &e)),
    }
}

fn readbuffer_encode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let input = buffer_or_text(cx, args.get(0))?;
    encoded(cx, &input, input.len())
}

fn order(cx: &mut Cx, v: Value) -> Completion<Order> {
    Ok(match protocol::index_i64(cx, v)? {
        0 => Order::Native,
        n if n < 0 => Order::Little,
        _ => Order::Big,
    })
}

type WideDecoder = fn(&[u8], Order, bool, &mut Handler<'_>) -> Completion<Decoded>;

fn wide_ex(cx: &mut Cx, args: Args<'_>, name: &str, decode: WideDecoder) -> Completion<Value> {
    let input = buffer::expect_bytes(cx, args.get(0))?.into_owned();
    let (order, last) = (order(cx, args.get(2))?, protocol::truth(cx, args.get(3))?);
    let object = codec::shown(cx, args.get(0), &input)?;
    let handling = errors(cx, args.get(1), name)?;
    let on = &mut Handler::new(cx, handling, object);
    let r = decode(&input, order, last, on)?;
    let text = text_args::new_text(cx, &r.text)?;
    let seen = match r.order {
        Order::Native => 0,
        Order::Little => -1,
        Order::Big => 1,
    };
    cx.new_tuple(&[text, Value::small(r.consumed as i64), Value::small(seen)])
}

fn utf_16_ex_decode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    wide_ex(cx, args, "utf_16_ex_decode", |i, o, l, on| utf_wide::decode16(i, o, l, on))
}

fn utf_32_ex_decode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    wide_ex(cx, args, "utf_32_ex_decode", |i, o, l, on| utf_wide::decode32(i, o, l, on))
}

fn utf_16_encode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, order) =
        (text_args::str_arg(cx, args.get(0), "utf_16_encode", 1)?, order(cx, args.get(2))?);
    let handling = errors(cx, args.get(1), "utf_16_encode")?;
    let on = &mut Handler::new(cx, handling, o.into());
    let out = utf_wide::encode16(string::bytes_of(o), order, on)?;
    encoded(cx, &out, string::n_chars(o))
}

fn utf_32_encode(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, order) =
        (text_args::str_arg(cx, args.get(0), "utf_32_encode", 1)?, order(cx, args.get(2))?);
    let handling = errors(cx, args.get(1), "utf_32_encode")?;
    let on = &mut Handler::new(cx, handling, o.into());
    let out = utf_wide::encode32(string::bytes_of(o), order, on)?;
    encoded(cx, &out, string::n_chars(o))
}

macro_rules! handler {
    ($name:literal, $def:literal, $errors:ident) => {
        ($name, &const { row!($def, "(exc, /)", |cx, args| handle(cx, args.get(0), Errors::$errors), "") })
    };
}

/// The built-in error handlers as functions.
const HANDLERS: &[(&str, &NativeDef)] = &[
    handler!("strict", "strict_errors", Strict),
    handler!("ignore", "ignore_errors", Ignore),
    handler!("replace", "replace_errors", Replace),
    handler!("xmlcharrefreplace", "xmlcharrefreplace_errors", XmlCharRefReplace),
    handler!("backslashreplace", "backslashreplace_errors", BackslashReplace),
    handler!("namereplace", "namereplace_errors", NameReplace),
    handler!("surrogatepass", "surrogatepass", SurrogatePass),
    handler!("surrogateescape", "surrogateescape", SurrogateEscape),
];

/// What a built-in handler does with an exception: `(replacement, position)`, or raises it.
fn handle(cx: &mut Cx, e: Value, errors: Errors) -> Completion<Value> {
    let Some(exception) = e.obj().filter(|_| cx.is_a(e, T::UnicodeError)) else {
        if errors == Errors::Strict && cx.is_a(e, T::BaseException) {
            return Err(e
                .obj()
                .map_or(taipan_objects::Escape::ABORT, taipan_objects::Escape::raise));
        }
        if errors == Errors::Strict {
            return raise!(cx, TypeError, "codec must pass exception instance");
        }
        let name = cx.type_name(e);
        return raise!(cx, TypeError, "don't know how to handle {name} in error callback");
    };
    if errors == Errors::Strict {
        return Err(taipan_objects::Escape::raise(exception));
    }
    let kinds = [T::UnicodeEncodeError, T::UnicodeDecodeError, T::UnicodeTranslateError];
    if !kinds.into_iter().any(|kind| cx.is_a(e, kind)) {
        let name = cx.type_name(e);
        return raise!(cx, TypeError, "don't know how to handle {name} in error callback");
    }
    let field = |cx: &mut Cx, name: &str| {
        let name = cx.intern(name)?;
        protocol::get_attr(cx, e, name)
    };
    let start = field(cx, "start")?;
    let end = field(cx, "end")?;
    let object = field(cx, "object")?;
    let (start, end) = (protocol::index_i64(cx, start)?, protocol::index_i64(cx, end)?);
    let range = (start.max(0) as usize, end.max(0) as usize);
    let refuse = || Err(taipan_objects::Escape::raise(exception));
    let name = cx.type_name(e);
    if cx.is_a(e, T::UnicodeDecodeError) {
        if matches!(errors, Errors::XmlCharRefReplace | Errors::NameReplace) {
            return raise!(cx, TypeError, "don't know how to handle {name} in error callback");
        }
        let encoding = field(cx, "encoding")?;
        let data = buffer::expect_bytes(cx, object)?;
        let fault = Fault {
            encoding: known_name(string::text(encoding)),
            start: range.0,
            end: range.1,
            reason: "",
        };
        let mut out = Vec::new();
        return match handlers::decode(errors, &data, &fault, &mut out) {
            Some(at) => finish(cx, &out, at),
            None => refuse(),
        };
    }
    let Some(text) = string::exact(object) else { return refuse() };
    if cx.is_a(e, T::UnicodeTranslateError) {
        let n = range.1.saturating_sub(range.0);
        return match errors {
            Errors::Ignore => finish(cx, b"", range.1),
            Errors::Replace => finish(cx, "\u{FFFD}".repeat(n).as_bytes(), range.1),
            Errors::BackslashReplace => {
                let fault = Fault { encoding: "", start: range.0, end: range.1, reason: "" };
                match handlers::encode(errors, string::bytes_of(text), &fault) {
                    Some((Replacement::Text(t), at)) => finish(cx, &t, at),
                    _ => refuse(),
                }
            }
            _ => raise!(cx, TypeError, "don't know how to handle {name} in error callback"),
        };
    }
    let encoding = field(cx, "encoding")?;
    let fault = Fault {
        encoding: known_name(string::text(encoding)),
        start: range.0,
        end: range.1,
        reason: "",
    };
    match handlers::encode(errors, string::bytes_of(text), &fault) {
        Some((Replacement::Text(t), at)) => finish(cx, &t, at),
        Some((Replacement::Bytes(b), at)) => encoded(cx, &b, at),
        None => refuse(),
    }
}

/// The encoding name among those that matter to `surrogatepass`.
fn known_name(name: Option<&str>) -> &'static str {
    let name = name.unwrap_or("").to_ascii_lowercase().replace(['-', '_'], "");
    match name.as_str() {
        "utf8" | "cp65001" => "utf-8",
        "utf16" => "utf-16",
        "utf16le" => "utf-16-le",
        "utf16be" => "utf-16-be",
        "utf32" => "utf-32",
        "utf32le" => "utf-32-le",
        "utf32be" => "utf-32-be",
        _ => "",
    }
}
