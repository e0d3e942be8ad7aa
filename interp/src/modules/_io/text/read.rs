//! Reading: chunks are decoded, their line ends translated, and given out piece by piece.

use std::borrow::Cow;

use taipan_objects::{
    Args, Completion, Cx, Obj, Value, protocol, raise,
    types::{buffer, bytes, codec, str as string},
};

use super::{
    CHUNK, DECODED, DECODER, ENCODING, ERRORS, HELD, NEWLINE, ORIGINAL, TAIL, USED, WAS_READ,
    buffer_of, flags, open_obj, set_flag, write::write_pending,
};
use crate::modules::_io::{
    base::{self, call, call_truth, size_arg},
    encodings::unfinished,
    newlines::{self, Newline, hold_back, n_chars, note_kinds, offset_of, str_of, to_lf},
};

pub(super) fn decoded(cx: &mut Cx, o: Obj) -> Completion<&'static [u8]> {
    let (text, used) = cx.bracket(o, || (o.raw(DECODED), o.raw(USED).small_int().unwrap_or(0)))?;
    Ok(string::exact(text)
        .map_or(&[][..], |s| string::bytes_of(s).get(used as usize..).unwrap_or(&[])))
}

pub(super) fn set_decoded(cx: &mut Cx, o: Obj, text: &[u8]) -> Completion<()> {
    let text = str_of(cx, text)?;
    cx.claim(o)?;
    cx.write(o, DECODED, text);
    cx.write(o, USED, Value::small(0));
    cx.write(o, ORIGINAL, Value::UNBOUND);
    Ok(())
}

/// What was decoded and not given out yet, as it was before line ends were translated; `None` if it is the same.
pub(super) fn original_rest(cx: &mut Cx, o: Obj) -> Completion<Option<&'static [u8]>> {
    let (original, used) =
        cx.bracket(o, || (o.raw(ORIGINAL), o.raw(USED).small_int().unwrap_or(0)))?;
    let Some(original) = string::exact(original).map(string::bytes_of) else { return Ok(None) };
    Ok(original.get(newlines::offset_before(original, used as usize)..))
}

/// Adds text, with what it was before its line ends were translated.
fn add_decoded(cx: &mut Cx, o: Obj, text: &[u8], original: Option<&[u8]>) -> Completion<()> {
    let mut all = decoded(cx, o)?.to_vec();
    let before = original_rest(cx, o)?;
    let original = (before.is_some() || original.is_some())
        .then(|| [before.unwrap_or(&all), original.unwrap_or(text)].concat());
    all.extend_from_slice(text);
    set_decoded(cx, o, &all)?;
    if let Some(original) = original {
        let original = str_of(cx, &original)?;
        cx.set(o, ORIGINAL, original)?;
    }
    Ok(())
}

fn consume(cx: &mut Cx, o: Obj, n: usize) -> Completion<()> {
    cx.claim(o)?;
    let used = o.raw(USED).small_int().unwrap_or(0);
    cx.write(o, USED, Value::small(used + n as i64));
    Ok(())
}

/// Before writing to a stream that was read: what was read ahead is given up, since the buffer stands behind it. A stream
/// without positions, such as a socket's, keeps it: what is written goes another way.
pub(super) fn drop_decoded(cx: &mut Cx, o: Obj) -> Completion<()> {
    if decoded(cx, o)?.is_empty() {
        return Ok(());
    }
    let buffer = buffer_of(cx, o)?;
    if !call_truth(cx, buffer, "seekable")? {
        return Ok(());
    }
    set_decoded(cx, o, b"")?;
    let empty = bytes::new(cx, b"")?;
    cx.set(o, TAIL, empty)?;
    set_flag(cx, o, HELD, false)
}

/// Reads and decodes one chunk; false at the end of input.
fn read_chunk(cx: &mut Cx, o: Obj, hint: usize) -> Completion<bool> {
    let buffer = buffer_of(cx, o)?;
    let n = Value::small(hint.max(CHUNK) as i64);
    let read1 = cx.intern("read1")?;
    let chunk = match protocol::get_attr_opt(cx, buffer, read1)? {
        Some(f) => protocol::call(cx, f, &[n])?,
        None => call(cx, buffer, "read", &[n])?,
    };
    let Some(new) = buffer::bytes_like(cx, chunk)? else {
        let got = cx.type_name(chunk);
        return raise!(
            cx,
            TypeError,
            "underlying read1() should have returned a bytes-like object, not '{got}'"
        );
    };
    let end = new.is_empty();
    set_flag(cx, o, WAS_READ, true)?;
    let (text, original) = decode(cx, o, &new, end)?;
    if !text.is_empty() {
        add_decoded(cx, o, &text, original.as_deref())?;
    }
    Ok(!end)
}

/// Text as it is given out, and what it was before line ends were translated if that is something else.
type Decoded = (Vec<u8>, Option<Vec<u8>>);

fn decode(cx: &mut Cx, o: Obj, new: &[u8], end: bool) -> Completion<Decoded> {
    let tail = cx.read(o, TAIL)?;
    let mut data = bytes::exact(tail).map(|b| b.raw_bytes().to_vec()).unwrap_or_default();
    data.extend_from_slice(new);
    let newline = Newline::from_number(cx.read(o, NEWLINE)?.small_int().unwrap_or(0));
    let decoder = cx.read(o, DECODER)?;
    let mut keep = 0;
    let mut text = if decoder.is_bound() {
        let input = bytes::new(cx, &data)?;
        let text = call(cx, decoder, "decode", &[input, end.into()])?;
        let Some(text) = string::exact(text) else {
            let got = cx.type_name(text);
            return raise!(cx, TypeError, "decoder should return a string result, not '{got}'");
        };
        let mut text = string::bytes_of(text).to_vec();
        if newline.is_universal() {
            let was_held = flags(cx, o)? & HELD != 0;
            let is_held = hold_back(&mut text, was_held, end);
            if is_held != was_held {
                set_flag(cx, o, HELD, is_held)?;
            }
        }
        text
    } else {
        let (encoding, errors) = (cx.read(o, ENCODING)?, cx.read(o, ERRORS)?);
        if !end {
            let is_utf8 = string::text(encoding).and_then(codec::known) == Some(codec::Known::Utf8);
            keep = if is_utf8 { unfinished(&data) } else { 0 };
            // A final carriage return may be half of a line end.
            if keep == 0 && data.ends_with(b"\r") && newline.is_universal() {
                keep = 1;
            }
        }
        let whole = &data[..data.len() - keep];
        let input = bytes::new(cx, whole)?;
        let text = codec::decode(cx, input, whole, Some(encoding), Some(errors))?;
        string::exact(text).map(|s| string::bytes_of(s).to_vec()).unwrap_or_default()
    };
    let rest = bytes::new(cx, &data[data.len() - keep..])?;
    cx.set(o, TAIL, rest)?;
    if newline.is_universal() {
        note_kinds(cx, o, NEWLINE, &text)?;
    }
    if newline == Newline::Universal && memchr::memchr(b'\r', &text).is_some() {
        let translated = to_lf(&text).into_owned();
        return Ok((translated, Some(std::mem::take(&mut text))));
    }
    Ok((text, None))
}

pub(super) fn read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = readable(cx, args.this())?;
    let Some(n) = size_arg(cx, args.opt(1))? else { return read_all(cx, o) };
    while n_chars(decoded(cx, o)?) < n {
        if !read_chunk(cx, o, n)? {
            break;
        }
    }
    let have = decoded(cx, o)?;
    let end = offset_of(have, n);
    let part = str_of(cx, &have[..end])?;
    consume(cx, o, end)?;
    Ok(part)
}

fn read_all(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let buffer = buffer_of(cx, o)?;
    let rest = call(cx, buffer, "read", &[])?;
    set_flag(cx, o, WAS_READ, true)?;
    let rest = match buffer::bytes_like(cx, rest)? {
        Some(rest) => rest,
        None if rest.is_none() => Cow::default(),
        None => {
            let got = cx.type_name(rest);
            return raise!(
                cx,
                TypeError,
                "underlying read() should have returned a bytes-like object, not '{got}'"
            );
        }
    };
    let mut all = decoded(cx, o)?.to_vec();
    all.extend(decode(cx, o, &rest, true)?.0);
    set_decoded(cx, o, b"")?;
    str_of(cx, &all)
}

fn readable(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let o = open_obj(cx, v)?;
    write_pending(cx, o)?;
    let buffer = buffer_of(cx, o)?;
    if decoded(cx, o)?.is_empty() && !call_truth(cx, buffer, "readable")? {
        return base::unsupported(cx, "not readable");
    }
    Ok(o)
}

fn line(cx: &mut Cx, o: Obj, limit: Option<usize>) -> Completion<Value> {
    let newline = Newline::from_number(cx.read(o, NEWLINE)?.small_int().unwrap_or(0));
    let mut more = true;
    loop {
        let have = decoded(cx, o)?;
        let mut end = newline.line_len(have);
        let limited = limit.map(|n| offset_of(have, n)).filter(|&n| n < have.len());
        if end.is_none() && limited.is_none() && more {
            more = read_chunk(cx, o, CHUNK)?;
            continue;
        }
        if let Some(n) = limited {
            end = Some(end.map_or(n, |e| e.min(n)));
        }
        let end = end.unwrap_or(have.len());
        let part = str_of(cx, &have[..end])?;
        consume(cx, o, end)?;
        return Ok(part);
    }
}

pub(super) fn readline(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = readable(cx, args.this())?;
    let limit = size_arg(cx, args.opt(1))?;
    line(cx, o, limit)
}

pub(super) fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = readable(cx, args.this())?;
    let line = line(cx, o, None)?;
    Ok(if line.obj().is_some_and(Obj::is_empty) { Value::UNBOUND } else { line })
}
