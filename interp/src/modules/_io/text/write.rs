//! Writing: text is encoded and collected, or put off until the attempt commits.

use taipan_objects::{
    Args, Completion, Cx, Obj, Value, raise,
    types::{bytes, codec, str as string},
};

use super::{
    BUFFER, CHUNK, DECODER, ENCODING, ERRORS, LINE, NEWLINE, PENDING, STARTED, TEXT_IO_WRAPPER,
    THROUGH, WRITABLE, buffer_of, flags, open_obj, read::drop_decoded, set_flag,
};
use crate::modules::_io::{
    base::{self, call, call_truth},
    buffered,
    encodings::without_mark,
    newlines::{Newline, str_of},
};

pub(super) fn write(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let Some(s) = string::exact(args.get(1)) else {
        let got = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "write() argument must be str, not {got}");
    };
    let bits = flags(cx, o)?;
    if bits & WRITABLE == 0 {
        let buffer = buffer_of(cx, o)?;
        if !call_truth(cx, buffer, "writable")? {
            return base::unsupported(cx, "not writable");
        }
        set_flag(cx, o, WRITABLE, true)?;
    }
    let newline = Newline::from_number(cx.read(o, NEWLINE)?.small_int().unwrap_or(0));
    let translated = newline.on_write(string::bytes_of(s));
    let data = encode(cx, o, s, &translated, bits & STARTED == 0)?;
    if bits & STARTED == 0 && !data.is_empty() {
        set_flag(cx, o, STARTED, true)?;
    }
    drop_decoded(cx, o)?;
    if !cx.is_solo() && put_off(cx, o, &data)? {
        return Ok(Value::small(string::n_chars(s) as i64));
    }
    let chunk = bytes::new(cx, &data)?;
    PENDING.push(cx, o, chunk, data.len())?;
    let line_end = bits & LINE != 0 && memchr::memchr2(b'\n', b'\r', string::bytes_of(s)).is_some();
    if bits & THROUGH != 0 || line_end || PENDING.total(cx, o)? > CHUNK {
        write_pending(cx, o)?;
    }
    if line_end {
        let buffer = buffer_of(cx, o)?;
        call(cx, buffer, "flush", &[])?;
    }
    Ok(Value::small(string::n_chars(s) as i64))
}

/// Encodes text, at the start of the stream or further on.
pub(super) fn encode(
    cx: &mut Cx,
    o: Obj,
    s: Obj,
    translated: &[u8],
    at_start: bool,
) -> Completion<Vec<u8>> {
    if translated.is_ascii() && cx.read(o, DECODER)?.is_unbound() {
        return Ok(translated.to_vec());
    }
    let same = translated.len() == s.len();
    let text = if same { s.into() } else { str_of(cx, translated)? };
    let (mut encoding, errors) = (cx.read(o, ENCODING)?, cx.read(o, ERRORS)?);
    if !at_start && let Some(name) = string::text(encoding).and_then(without_mark) {
        encoding = cx.intern(name)?;
    }
    let Some(text) = string::exact(text) else { return Ok(Vec::new()) };
    let encoded = codec::encode(cx, text, Some(encoding), Some(errors))?;
    Ok(bytes::exact(encoded).map(|b| b.raw_bytes().to_vec()).unwrap_or_default())
}

/// Writes out what a standard stream holds back, so that a block which is undone later cannot bring it back.
///
/// # Errors
/// The attempt's abort, `OSError`.
pub fn settle(cx: &mut Cx, stream: Value) -> Completion<()> {
    let class = cx.type_for(&TEXT_IO_WRAPPER)?;
    let Some(o) = stream.obj().filter(|o| o.class() == class) else { return Ok(()) };
    let buffer = cx.read(o, BUFFER)?;
    if buffer.is_unbound() || buffered::standard_descriptor(cx, buffer)?.is_none() {
        return Ok(());
    }
    write_pending(cx, o)?;
    match buffered::plain_writer(cx, buffer) {
        Some(writer) => buffered::flush_pending(cx, writer),
        None => Ok(()),
    }
}

/// Puts output for a standard stream off until commit, behind whatever is still pending; says whether it did.
fn put_off(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<bool> {
    let buffer = buffer_of(cx, o)?;
    let Some(fd) = buffered::standard_descriptor(cx, buffer)? else { return Ok(false) };
    write_pending(cx, o)?;
    if let Some(writer) = buffered::plain_writer(cx, buffer) {
        buffered::flush_pending(cx, writer)?;
    }
    cx.defer_output(fd, data);
    Ok(true)
}

pub(super) fn write_pending(cx: &mut Cx, o: Obj) -> Completion<()> {
    if PENDING.total(cx, o)? == 0 {
        return Ok(());
    }
    let all = PENDING.joined(cx, o)?;
    PENDING.replace(cx, o, None)?;
    let buffer = buffer_of(cx, o)?;
    if let Some(writer) = buffered::plain_writer(cx, buffer) {
        return buffered::write_bytes(cx, writer, &all);
    }
    let data = bytes::new(cx, &all)?;
    call(cx, buffer, "write", &[data]).map(drop)
}

pub(super) fn flush(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    write_pending(cx, o)?;
    let buffer = buffer_of(cx, o)?;
    call(cx, buffer, "flush", &[])
}
