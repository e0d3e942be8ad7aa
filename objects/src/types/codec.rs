//! Encoding and decoding by name: built-in codecs directly, others through the registry of `codecs`.
//!
//! The registry is three containers that live as long as the world: the list of search functions, the dict of codecs
//! found so far, the dict of error handlers. Conflicts: with whoever registers a codec or handler at the same time.

use std::borrow::Cow;

use super::text_args::new_text;
use crate::{
    cx::Cx,
    exc::{Completion, Escape},
    heap::{Kind, Obj},
    protocol, raise,
    text::{
        codecs::{
            Errors, Fault, OnDecode, OnEncode, Replacement, handlers, single, utf_wide,
            utf_wide::Order, utf8,
        },
        cp,
    },
    types::{T, bytes, dict, str as string},
    value::Value,
};

/// An encoding that needs no registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// UTF-8.
    Utf8,
    /// Latin-1.
    Latin1,
    /// ASCII.
    Ascii,
    /// UTF-16 in some byte order.
    Utf16(Order),
    /// UTF-32 in some byte order.
    Utf32(Order),
}

/// The built-in encoding called `name`.
pub fn known(name: &str) -> Option<Known> {
    if name == "utf-8" {
        return Some(Known::Utf8);
    }
    if name.len() > 12 {
        return None;
    }
    let name = name.to_ascii_lowercase().replace('_', "-");
    Some(match name.as_str() {
        "utf-8" | "utf8" => Known::Utf8,
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" => Known::Latin1,
        "ascii" | "us-ascii" => Known::Ascii,
        "utf-16" | "utf16" => Known::Utf16(Order::Native),
        "utf-16-le" => Known::Utf16(Order::Little),
        "utf-16-be" => Known::Utf16(Order::Big),
        "utf-32" | "utf32" => Known::Utf32(Order::Native),
        "utf-32-le" => Known::Utf32(Order::Little),
        "utf-32-be" => Known::Utf32(Order::Big),
        _ => return None,
    })
}

/// An error handler in use: built in, or looked up when first needed. `object` is what the exception shows.
pub struct Handler<'a> {
    /// The context.
    pub cx: &'a mut Cx,
    errors: Option<Errors>,
    name: Value,
    object: Value,
}

impl<'a> Handler<'a> {
    /// The handler called `errors` (unbound or `None` for strict) for faults in `object`.
    pub fn new(cx: &'a mut Cx, errors: Value, object: Value) -> Self {
        let known = match string::text(errors) {
            None => Some(Errors::Strict),
            Some(name) => Errors::from_name(name),
        };
        Self { cx, errors: known, name: errors, object }
    }

    fn exception(&mut self, class: T, fault: &Fault) -> Completion<Value> {
        let cx = &mut *self.cx;
        let (encoding, reason) = (cx.new_str(fault.encoding)?, cx.new_str(fault.reason)?);
        let (start, end) = (cx.new_int(fault.start as i64)?, cx.new_int(fault.end as i64)?);
        let class = cx.class(class);
        protocol::call(cx, class.into(), &[encoding, self.object, start, end, reason])
    }

    fn raised(&mut self, class: T, fault: &Fault) -> Escape {
        match self.exception(class, fault) {
            Ok(e) => e.obj().map_or(Escape::ABORT, Escape::raise),
            Err(escape) => escape,
        }
    }

    /// Asks the registered handler: the exception it was shown, replacement and position.
    fn ask(&mut self, class: T, fault: &Fault, what: &str) -> Completion<(Value, Value, i64)> {
        let e = self.exception(class, fault)?;
        let handler = lookup_error(self.cx, self.name)?;
        let r = protocol::call(self.cx, handler, &[e])?;
        let cx = &mut *self.cx;
        let items = r.obj().and_then(super::text_args::tuple_items).unwrap_or(&[]);
        let [replacement, position] = *items else { return bad_answer(cx, what) };
        let text = string::exact(replacement).is_some()
            || (what.starts_with("en") && bytes::exact(replacement).is_some());
        if !text || protocol::convert::as_int(position).is_none() {
            return bad_answer(cx, what);
        }
        let i = protocol::index_i64(cx, position)?;
        Ok((e, replacement, i))
    }

    /// Goes on in the bytes that the exception shows now: a handler may replace them.
    fn take_object(&mut self, e: Value, input: &mut Cow<'_, [u8]>) -> Completion<()> {
        let cx = &mut *self.cx;
        let name = cx.intern("object")?;
        let object = protocol::get_attr(cx, e, name)?;
        let Some(data) = bytes::exact(object) else {
            return raise!(cx, TypeError, "UnicodeError 'object' attribute must be a bytes");
        };
        if object != self.object {
            *input = Cow::Owned(data.raw_bytes().to_vec());
            self.object = object;
        }
        Ok(())
    }
}

/// Where a handler's position, counted from the end if negative, is in `len` units.
fn place(cx: &mut Cx, i: i64, len: usize) -> Completion<usize> {
    let at = if i < 0 { i + len as i64 } else { i };
    match usize::try_from(at) {
        Ok(at) if at <= len => Ok(at),
        _ => raise!(cx, IndexError, "position {at} from error handler out of bounds"),
    }
}

fn bad_answer<R>(cx: &mut Cx, what: &str) -> Completion<R> {
    let pair = if what.starts_with("en") { "(str/bytes, int)" } else { "(str, int)" };
    raise!(cx, TypeError, "{what} error handler must return {pair} tuple")
}

impl OnDecode for Handler<'_> {
    type Error = Escape;

    fn on_decode(
        &mut self,
        input: &mut Cow<'_, [u8]>,
        fault: Fault,
        out: &mut Vec<u8>,
    ) -> Completion<usize> {
        match self.errors {
            Some(errors @ (Errors::XmlCharRefReplace | Errors::NameReplace)) => {
                let _ = errors;
                raise!(
                    self.cx,
                    TypeError,
                    "don't know how to handle UnicodeDecodeError in error callback"
                )
            }
            Some(errors) => match handlers::decode(errors, input, &fault, out) {
                Some(at) => Ok(at),
                None => Err(self.raised(T::UnicodeDecodeError, &fault)),
            },
            None => {
                let (e, text, i) = self.ask(T::UnicodeDecodeError, &fault, "decoding")?;
                self.take_object(e, input)?;
                let at = place(self.cx, i, input.len())?;
                out.extend_from_slice(string::exact(text).map_or(&b""[..], string::bytes_of));
                Ok(at)
            }
        }
    }
}

impl OnEncode for Handler<'_> {
    type Error = Escape;

    fn on_encode(&mut self, text: &[u8], fault: Fault) -> Completion<(Replacement, usize)> {
        match self.errors {
            Some(errors) => match handlers::encode(errors, text, &fault) {
                Some(answer) => Ok(answer),
                None => Err(self.raised(T::UnicodeEncodeError, &fault)),
            },
            None => {
                let (_, v, i) = self.ask(T::UnicodeEncodeError, &fault, "encoding")?;
                let at = place(self.cx, i, cp::count(text))?;
                let replacement = match (string::exact(v), bytes::exact(v)) {
                    (Some(s), _) => Replacement::Text(string::bytes_of(s).to_vec()),
                    (_, Some(b)) => Replacement::Bytes(b.raw_bytes().to_vec()),
                    _ => Replacement::Text(Vec::new()),
                };
                Ok((replacement, at))
            }
        }
    }

    fn refuse(&mut self, _text: &[u8], fault: Fault) -> Escape {
        self.raised(T::UnicodeEncodeError, &fault)
    }
}

/// Decodes `input` (the content of `object`) by encoding and error handler names, defaults `utf-8` and `strict`.
///
/// # Errors
/// `UnicodeDecodeError`, `LookupError`, and whatever registered codecs raise.
pub fn decode(
    cx: &mut Cx,
    object: Value,
    input: &[u8],
    encoding: Option<Value>,
    errors: Option<Value>,
) -> Completion<Value> {
    let name = encoding.map_or(Some("utf-8"), string::text);
    let errors = errors.unwrap_or_default();
    let Some(known) = name.and_then(known) else {
        return decode_by_registry(cx, object, input, encoding.unwrap_or_default(), errors);
    };
    if input.is_ascii() && matches!(known, Known::Utf8 | Known::Latin1 | Known::Ascii) {
        return string::new_ascii(cx, input);
    }
    let object = shown(cx, object, input)?;
    let handler = &mut Handler::new(cx, errors, object);
    let text = match known {
        Known::Utf8 => utf8::decode(input, true, handler)?.0,
        Known::Latin1 => single::decode_latin1(input),
        Known::Ascii => single::decode_ascii(input, handler)?,
        Known::Utf16(order) => utf_wide::decode16(input, order, true, handler)?.text,
        Known::Utf32(order) => utf_wide::decode32(input, order, true, handler)?.text,
    };
    new_text(cx, &text)
}

/// What a `UnicodeDecodeError` shows as its object: bytes.
///
/// # Errors
/// `MemoryError`.
pub fn shown(cx: &mut Cx, object: Value, input: &[u8]) -> Completion<Value> {
    match object.obj() {
        Some(o) if o.kind() == Kind::Bytes => Ok(object),
        _ => bytes::new(cx, input),
    }
}

/// Encodes the `Kind::Str` object `o` to bytes.
///
/// # Errors
/// `UnicodeEncodeError`, `LookupError`, and whatever registered codecs raise.
pub fn encode(
    cx: &mut Cx,
    o: Obj,
    encoding: Option<Value>,
    errors: Option<Value>,
) -> Completion<Value> {
    let name = encoding.map_or(Some("utf-8"), string::text);
    let errors = errors.unwrap_or_default();
    let text = string::bytes_of(o);
    let Some(known) = name.and_then(known) else {
        return encode_by_registry(cx, o, encoding.unwrap_or_default(), errors);
    };
    if string::is_ascii(o) && matches!(known, Known::Utf8 | Known::Latin1 | Known::Ascii) {
        return bytes::new(cx, text);
    }
    if known == Known::Utf8 && !cp::has_surrogate(text) {
        return bytes::new(cx, text);
    }
    let handler = &mut Handler::new(cx, errors, o.into());
    let out = match known {
        Known::Utf8 => utf8::encode(text, handler)?,
        Known::Latin1 => single::encode_latin1(text, handler)?,
        Known::Ascii => single::encode_ascii(text, handler)?,
        Known::Utf16(order) => utf_wide::encode16(text, order, handler)?,
        Known::Utf32(order) => utf_wide::encode32(text, order, handler)?,
    };
    bytes::new(cx, &out)
}

fn decode_by_registry(
    cx: &mut Cx,
    object: Value,
    input: &[u8],
    encoding: Value,
    errors: Value,
) -> Completion<Value> {
    let codec = text_codec(cx, encoding, "decode")?;
    let data = shown(cx, object, input)?;
    let r = run_codec(cx, codec, 1, data, encoding, errors)?;
    if string::exact(r).is_some() {
        return Ok(r);
    }
    let (name, got) = (protocol::convert::str_text(cx, encoding)?, cx.type_name(r));
    raise!(
        cx,
        TypeError,
        "'{name}' decoder returned '{got}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
    )
}

fn encode_by_registry(cx: &mut Cx, o: Obj, encoding: Value, errors: Value) -> Completion<Value> {
    let codec = text_codec(cx, encoding, "encode")?;
    let r = run_codec(cx, codec, 0, o.into(), encoding, errors)?;
    if bytes::exact(r).is_some() {
        return Ok(r);
    }
    if cx.is_a(r, T::bytearray) {
        let class = cx.class(T::bytes);
        return protocol::call(cx, class.into(), &[r]);
    }
    let (name, got) = (protocol::convert::str_text(cx, encoding)?, cx.type_name(r));
    raise!(
        cx,
        TypeError,
        "'{name}' encoder returned '{got}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
    )
}

/// Calls item `which` of the codec tuple of `encoding` and gives the first item of its result.
///
/// # Errors
/// Whatever the codec raises, with a note; `TypeError` if it does not return a pair.
pub fn run_codec(
    cx: &mut Cx,
    codec: Value,
    which: usize,
    data: Value,
    encoding: Value,
    errors: Value,
) -> Completion<Value> {
    match run_item(cx, codec, which, data, errors) {
        Err(escape) => Err(noted(cx, escape, which, encoding)),
        done => done,
    }
}

/// Notes on an exception which codec has failed.
pub fn noted(cx: &mut Cx, escape: Escape, which: usize, encoding: Value) -> Escape {
    let Some(e) = escape.exception() else { return escape };
    let doing = if which == 0 { "encoding" } else { "decoding" };
    let name = string::text(encoding).unwrap_or("?");
    let added = cx.new_str(&format!("{doing} with '{name}' codec failed")).and_then(|note| {
        let add = cx.intern("add_note")?;
        protocol::call_method(cx, e.into(), add, &[note])
    });
    match added {
        Err(other) if other.is_abort() => other,
        _ => escape,
    }
}

fn run_item(
    cx: &mut Cx,
    codec: Value,
    which: usize,
    data: Value,
    errors: Value,
) -> Completion<Value> {
    let f = protocol::get_item(cx, codec, Value::small(which as i64))?;
    let r = if errors.is_bound() {
        protocol::call(cx, f, &[data, errors])?
    } else {
        protocol::call(cx, f, &[data])?
    };
    match r.obj().and_then(super::text_args::tuple_items) {
        Some(&[v, _]) => Ok(v),
        _ => match which {
            0 => raise!(cx, TypeError, "encoder must return a tuple (object, integer)"),
            _ => raise!(cx, TypeError, "decoder must return a tuple (object,integer)"),
        },
    }
}

/// The codec `encoding`, which must be one between text and bytes.
fn text_codec(cx: &mut Cx, encoding: Value, verb: &str) -> Completion<Value> {
    let codec = lookup(cx, encoding)?;
    let name = cx.intern("_is_text_encoding")?;
    if let Some(flag) = protocol::get_attr_opt(cx, codec, name)?
        && !protocol::truth(cx, flag)?
    {
        let name = protocol::convert::str_text(cx, encoding)?;
        return raise!(
            cx,
            LookupError,
            "'{name}' is not a text encoding; use codecs.{verb}() to handle arbitrary codecs"
        );
    }
    Ok(codec)
}

const SEARCH: usize = 0;
const FOUND: usize = 1;
const HANDLERS: usize = 2;

/// Makes the containers of the registry; while the world is made.
pub(crate) fn init(cx: &mut Cx) -> Completion<()> {
    let buf = cx.new_buf(3)?;
    let search = super::text_args::new_list(cx, protocol::RootVec::new())?;
    let (found, handlers) = (dict::new(cx)?, dict::new(cx)?);
    buf.init_item(SEARCH, search);
    buf.init_item(FOUND, found.into());
    buf.init_item(HANDLERS, handlers.into());
    cx.world.set_codec_registry(buf);
    Ok(())
}

fn part(cx: &mut Cx, i: usize) -> Completion<Value> {
    Ok(cx.world.codec_registry().and_then(|r| r.item(i)).unwrap_or_default())
}

fn part_dict(cx: &mut Cx, i: usize) -> Completion<Obj> {
    match part(cx, i)?.obj() {
        Some(d) => Ok(d),
        None => Err(cx.out_of_memory()),
    }
}

/// Adds a search function (`codecs.register`).
///
/// # Errors
/// `TypeError` if it cannot be called.
pub fn register(cx: &mut Cx, f: Value) -> Completion<()> {
    if protocol::find_special(cx, f, crate::names::Special::Call).is_none() && !is_function(f) {
        return raise!(cx, TypeError, "argument must be callable");
    }
    let (list, append) = (part(cx, SEARCH)?, cx.name(crate::names::N::append));
    protocol::call_method(cx, list, append, &[f])?;
    Ok(())
}

fn is_function(f: Value) -> bool {
    f.obj().is_some_and(|o| matches!(o.kind(), Kind::Function | Kind::Native | Kind::Type))
}

/// Removes a search function and forgets the codecs found (`codecs.unregister`).
///
/// # Errors
/// The attempt's abort.
pub fn unregister(cx: &mut Cx, f: Value) -> Completion<()> {
    let list = part(cx, SEARCH)?;
    let items = protocol::collect(cx, list)?;
    for (i, &item) in items.as_slice().iter().enumerate() {
        if item == f {
            protocol::del_item(cx, list, Value::small(i as i64))?;
            let found = part(cx, FOUND)?;
            let clear = cx.intern("clear")?;
            protocol::call_method(cx, found, clear, &[])?;
            break;
        }
    }
    Ok(())
}

/// The codec tuple of an encoding (`codecs.lookup`).
///
/// # Errors
/// `LookupError` if no search function knows it.
pub fn lookup(cx: &mut Cx, encoding: Value) -> Completion<Value> {
    let Some(name) = string::text(encoding) else {
        if let Some(o) = string::exact(encoding) {
            // Lone surrogates: no name has any.
            encode(cx, o, None, None)?;
        }
        return raise!(cx, LookupError, "unknown encoding: {}", "?");
    };
    if name.contains('\0') {
        return raise!(cx, ValueError, "embedded null character");
    }
    let normal = name.to_ascii_lowercase().replace(' ', "-");
    let key = cx.new_str(&normal)?;
    let found = part_dict(cx, FOUND)?;
    if let Some(codec) = dict::get_item(cx, found, key)?.bound() {
        return Ok(codec);
    }
    let mut search = part(cx, SEARCH)?;
    if protocol::length(cx, search)? == 0 {
        cx.world.import_module(cx, "encodings")?;
        search = part(cx, SEARCH)?;
    }
    let functions = protocol::collect(cx, search)?;
    for &f in functions.as_slice() {
        let codec = protocol::call(cx, f, &[key])?;
        if codec.is_none() {
            continue;
        }
        if codec.obj().and_then(super::text_args::tuple_items).is_none_or(|t| t.len() != 4) {
            return raise!(cx, TypeError, "codec search functions must return 4-tuples");
        }
        dict::set_item(cx, found, key, codec)?;
        return Ok(codec);
    }
    raise!(cx, LookupError, "unknown encoding: {name}")
}

/// Registers an error handler (`codecs.register_error`).
///
/// # Errors
/// `TypeError` if it cannot be called.
pub fn register_error(cx: &mut Cx, name: Value, handler: Value) -> Completion<()> {
    if protocol::find_special(cx, handler, crate::names::Special::Call).is_none()
        && !is_function(handler)
    {
        return raise!(cx, TypeError, "handler must be callable");
    }
    let handlers = part_dict(cx, HANDLERS)?;
    dict::set_item(cx, handlers, name, handler)
}

/// Forgets an error handler; whether there was one.
///
/// # Errors
/// The attempt's abort.
pub fn unregister_error(cx: &mut Cx, name: Value) -> Completion<bool> {
    let handlers = part_dict(cx, HANDLERS)?;
    dict::del_item(cx, handlers, name)
}

/// The error handler registered as `name` (`codecs.lookup_error`); the built-in ones are registered by `_codecs`.
///
/// # Errors
/// `LookupError`.
pub fn lookup_error(cx: &mut Cx, name: Value) -> Completion<Value> {
    let handlers = part_dict(cx, HANDLERS)?;
    if let Some(handler) = dict::get_item(cx, handlers, name)?.bound() {
        return Ok(handler);
    }
    if protocol::length(cx, handlers.into())? == 0 {
        cx.world.import_module(cx, "_codecs")?;
        if let Some(handler) = dict::get_item(cx, handlers, name)?.bound() {
            return Ok(handler);
        }
    }
    let name = protocol::convert::str_text(cx, name)?;
    raise!(cx, LookupError, "unknown error handler name '{name}'")
}
