//! `TextIOWrapper`: text over a buffered binary stream.
//!
//! Conflicts: one header. Reading keeps the decoded text that was not given out yet; writing collects encoded chunks. In a
//! transaction, text for standard output goes straight to the attempt's put-off output, so printing threads do not conflict.

use taipan_objects::{
    Args, Body, Completion, Cx, GetSetDef, Kind, Obj, TypeDef, Value,
    protocol::{self, convert},
    raise,
    types::{bytes, codec, str as string},
};

use super::{
    base::{self, attr, call, call_truth, get, row, size_arg},
    buffered,
    encodings::{decoder_for, unfinished, without_mark},
    newlines::{self, Newline, hold_back, kinds_of, n_chars, note_kinds, offset_of, str_of, to_lf},
    rope::Rope,
};

const BUFFER: usize = 3;
const ENCODING: usize = 4;
const ERRORS: usize = 5;
const NEWLINE: usize = 6;
/// Bits: line buffering 1, write through 2, at the end of input 4, detached 8, not at the start of output 16, known to be
/// writable 32, has been read 64, holds a carriage return back 128.
const FLAGS: usize = 7;
const PENDING: Rope = Rope::at(8);
/// Decoded text and how many of its bytes were given out.
const DECODED: usize = 11;
const USED: usize = 12;
/// Bytes that do not decode yet.
const TAIL: usize = 13;
/// Incremental decoder for encodings that are not built in, or unbound.
const DECODER: usize = 14;
/// What [`DECODED`] was before its line ends were translated, or unbound where that is the same.
const ORIGINAL: usize = 15;
const WORDS: u16 = 16;

const LINE: i64 = 1;
const THROUGH: i64 = 2;
const EOF: i64 = 4;
const DETACHED: i64 = 8;
const STARTED: i64 = 16;
const WRITABLE: i64 = 32;
const WAS_READ: i64 = 64;
const HELD: i64 = 128;

const CHUNK: usize = 8192;

fn flags(cx: &mut Cx, o: Obj) -> Completion<i64> {
    Ok(cx.read(o, FLAGS)?.small_int().unwrap_or(0))
}

fn set_flag(cx: &mut Cx, o: Obj, bit: i64, on: bool) -> Completion<()> {
    let bits = flags(cx, o)?;
    cx.set(o, FLAGS, Value::small(if on { bits | bit } else { bits & !bit }))
}

fn buffer_of(cx: &mut Cx, o: Obj) -> Completion<Value> {
    if flags(cx, o)? & DETACHED != 0 {
        return raise!(cx, ValueError, "underlying buffer has been detached");
    }
    match cx.read(o, BUFFER)?.bound() {
        Some(buffer) => Ok(buffer),
        None => raise!(cx, ValueError, "I/O operation on uninitialized object"),
    }
}

fn open_obj(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let Some(o) = v.obj() else { return raise!(cx, ValueError, "not a stream") };
    let buffer = buffer_of(cx, o)?;
    let closed = attr(cx, buffer, "closed")?;
    if protocol::truth(cx, closed)? {
        return raise!(cx, ValueError, "I/O operation on closed file.");
    }
    Ok(o)
}

fn text_arg(cx: &mut Cx, v: Option<Value>, default: &str, what: &str) -> Completion<Value> {
    match v.filter(|v| !v.is_none()) {
        None => cx.new_str(default),
        Some(v) if string::exact(v).is_some() => Ok(v),
        Some(v) => {
            let got = cx.type_name(v);
            raise!(
                cx,
                TypeError,
                "TextIOWrapper() argument '{what}' must be str or None, not {got}"
            )
        }
    }
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, buffer) = (args.this_obj(), args.get(1));
    if args.opt(2).is_none_or(Value::is_none) {
        super::warn_default_encoding(cx, Value::small(1))?;
    }
    let mut encoding = text_arg(cx, args.opt(2), "utf-8", "encoding")?;
    if string::text(encoding) == Some("locale") {
        encoding = cx.new_str("utf-8")?;
    }
    let errors = text_arg(cx, args.opt(3), "strict", "errors")?;
    let newline = Newline::from_arg(cx, args.opt(4))?;
    let mut bits = 0;
    if args.opt(5).is_some() && protocol::truth(cx, args.get(5))? {
        bits |= LINE;
    }
    if args.opt(6).is_some() && protocol::truth(cx, args.get(6))? {
        bits |= THROUGH;
    }
    let decoder = decoder_for(cx, encoding, errors)?;
    let empty = bytes::new(cx, b"")?;
    let nothing = cx.new_str("")?;
    cx.claim(o)?;
    let values = [
        (BUFFER, buffer),
        (ENCODING, encoding),
        (ERRORS, errors),
        (NEWLINE, Value::small(newline.number())),
        (FLAGS, Value::small(bits)),
        (DECODED, nothing),
        (USED, Value::small(0)),
        (TAIL, empty),
        (DECODER, decoder),
    ];
    for (slot, v) in values {
        cx.write(o, slot, v);
    }
    PENDING.replace(cx, o, None)?;
    note_start(cx, o)?;
    Ok(Value::NONE)
}

/// Notes whether what is written next stands at the start of the stream, for encodings with a byte order mark.
fn note_start(cx: &mut Cx, o: Obj) -> Completion<()> {
    let encoding = cx.read(o, ENCODING)?;
    if string::text(encoding).and_then(without_mark).is_none() {
        return Ok(());
    }
    let buffer = buffer_of(cx, o)?;
    if call_truth(cx, buffer, "writable")? && call_truth(cx, buffer, "seekable")? {
        let at = call(cx, buffer, "tell", &[])?;
        let at = convert::index_i64(cx, at)?;
        set_flag(cx, o, STARTED, at != 0)?;
    }
    Ok(())
}

// ---- writing -------------------------------------------------------------------------------------

fn write(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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
fn encode(cx: &mut Cx, o: Obj, s: Obj, translated: &[u8], at_start: bool) -> Completion<Vec<u8>> {
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

fn write_pending(cx: &mut Cx, o: Obj) -> Completion<()> {
    if PENDING.total(cx, o)? == 0 {
        return Ok(());
    }
    let mut all = Vec::new();
    for chunk in PENDING.chunks(cx, o)? {
        all.extend_from_slice(bytes::exact(chunk).map_or(&[][..], |b| b.raw_bytes()));
    }
    PENDING.replace(cx, o, None)?;
    let buffer = buffer_of(cx, o)?;
    if let Some(writer) = buffered::plain_writer(cx, buffer) {
        return buffered::write_bytes(cx, writer, &all);
    }
    let data = bytes::new(cx, &all)?;
    call(cx, buffer, "write", &[data]).map(drop)
}

fn flush(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    write_pending(cx, o)?;
    let buffer = buffer_of(cx, o)?;
    call(cx, buffer, "flush", &[])
}

// ---- reading -------------------------------------------------------------------------------------

fn decoded(cx: &mut Cx, o: Obj) -> Completion<&'static [u8]> {
    let (text, used) = cx.bracket(o, || (o.raw(DECODED), o.raw(USED).small_int().unwrap_or(0)))?;
    Ok(string::exact(text)
        .map_or(&[][..], |s| string::bytes_of(s).get(used as usize..).unwrap_or(&[])))
}

fn set_decoded(cx: &mut Cx, o: Obj, text: &[u8]) -> Completion<()> {
    let text = str_of(cx, text)?;
    cx.claim(o)?;
    cx.write(o, DECODED, text);
    cx.write(o, USED, Value::small(0));
    cx.write(o, ORIGINAL, Value::UNBOUND);
    Ok(())
}

/// What was decoded and not given out yet, as it was before line ends were translated; `None` if it is the same.
fn original_rest(cx: &mut Cx, o: Obj) -> Completion<Option<&'static [u8]>> {
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

/// Before writing to a stream that was read: back to where the reader is.
fn drop_decoded(cx: &mut Cx, o: Obj) -> Completion<()> {
    if decoded(cx, o)?.is_empty() {
        return Ok(());
    }
    let at = tell_number(cx, o)?;
    let at = cx.new_int(at)?;
    set_decoded(cx, o, b"")?;
    let empty = bytes::new(cx, b"")?;
    cx.set(o, TAIL, empty)?;
    set_flag(cx, o, HELD, false)?;
    let buffer = buffer_of(cx, o)?;
    call(cx, buffer, "seek", &[at]).map(drop)
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
    let Some(new) = bytes::exact(chunk) else {
        let got = cx.type_name(chunk);
        return raise!(
            cx,
            TypeError,
            "underlying read1() should have returned a bytes-like object, not '{got}'"
        );
    };
    let end = new.is_empty();
    set_flag(cx, o, WAS_READ, true)?;
    let (text, original) = decode(cx, o, new.raw_bytes(), end)?;
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

fn read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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
    let rest = bytes::exact(rest).map_or(&[][..], |b| b.raw_bytes());
    let mut all = decoded(cx, o)?.to_vec();
    all.extend(decode(cx, o, rest, true)?.0);
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

fn readline(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = readable(cx, args.this())?;
    let limit = size_arg(cx, args.opt(1))?;
    line(cx, o, limit)
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = readable(cx, args.this())?;
    let line = line(cx, o, None)?;
    Ok(if line.obj().is_some_and(Obj::is_empty) { Value::UNBOUND } else { line })
}

// ---- position and life -----------------------------------------------------------------------------

/// Position of the reader in the binary stream: what was decoded but not given out is encoded again to be subtracted.
fn tell_number(cx: &mut Cx, o: Obj) -> Completion<i64> {
    let buffer = buffer_of(cx, o)?;
    let at = call(cx, buffer, "tell", &[])?;
    let at = convert::index_i64(cx, at)?;
    let mut rest = match original_rest(cx, o)? {
        Some(rest) => rest.to_vec(),
        None => decoded(cx, o)?.to_vec(),
    };
    if flags(cx, o)? & HELD != 0 {
        rest.push(b'\r');
    }
    let ahead = if rest.is_empty() {
        0
    } else {
        let text = str_of(cx, &rest)?;
        match string::exact(text) {
            Some(s) => encode(cx, o, s, &rest, false)?.len(),
            None => 0,
        }
    };
    let tail = cx.read(o, TAIL)?;
    let mut tail = bytes::exact(tail).map_or(0, |b| b.raw_bytes().len());
    let decoder = cx.read(o, DECODER)?;
    if decoder.is_bound() {
        // Bytes of a character that is not complete yet.
        let state = call(cx, decoder, "getstate", &[])?;
        let input = protocol::get_item(cx, state, Value::small(0))?;
        tail += protocol::length(cx, input)?;
    }
    Ok(at - ahead as i64 - tail as i64)
}

fn tell(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    write_pending(cx, o)?;
    let at = tell_number(cx, o)?;
    cx.new_int(at)
}

fn seek(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let whence = convert::index_i64(cx, args.get(2))?;
    let offset = convert::index_i64(cx, args.get(1))?;
    match whence {
        0 if offset < 0 => return raise!(cx, ValueError, "negative seek position {offset}"),
        1 if offset != 0 => return base::unsupported(cx, "can't do nonzero cur-relative seeks"),
        2 if offset != 0 => return base::unsupported(cx, "can't do nonzero end-relative seeks"),
        0..=2 => {}
        _ => return raise!(cx, ValueError, "invalid whence ({whence}, should be 0, 1 or 2)"),
    }
    if whence == 1 {
        return tell(cx, Args(&[args.this()]));
    }
    write_pending(cx, o)?;
    set_decoded(cx, o, b"")?;
    let empty = bytes::new(cx, b"")?;
    cx.set(o, TAIL, empty)?;
    set_flag(cx, o, EOF | HELD, false)?;
    let buffer = buffer_of(cx, o)?;
    let at = call(cx, buffer, "seek", &[Value::small(offset), Value::small(whence)])?;
    let is_start = convert::index_i64(cx, at)? == 0;
    set_flag(cx, o, STARTED, !is_start)?;
    restart_decoder(cx, o, is_start)?;
    Ok(at)
}

/// The decoder goes on elsewhere: further on there is no byte order mark, so the order that it found stays.
fn restart_decoder(cx: &mut Cx, o: Obj, is_start: bool) -> Completion<()> {
    const UNDECIDED: i64 = 2;
    const NATIVE: i64 = 0;
    let decoder = cx.read(o, DECODER)?;
    if decoder.is_unbound() {
        return Ok(());
    }
    let encoding = cx.read(o, ENCODING)?;
    let further = string::text(encoding).and_then(without_mark);
    if is_start
        || !further.is_some_and(|name| name.starts_with("utf-16") || name.starts_with("utf-32"))
    {
        return call(cx, decoder, "reset", &[]).map(drop);
    }
    let state = call(cx, decoder, "getstate", &[])?;
    let mut order = protocol::get_item(cx, state, Value::small(1))?;
    if order.small_int() == Some(UNDECIDED) {
        order = Value::small(NATIVE);
    }
    let empty = bytes::new(cx, b"")?;
    let state = cx.new_tuple(&[empty, order])?;
    call(cx, decoder, "setstate", &[state]).map(drop)
}

fn truncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    write_pending(cx, o)?;
    let buffer = buffer_of(cx, o)?;
    call(cx, buffer, "flush", &[])?;
    let size = match args.not_none(1) {
        Some(v) => v,
        None => tell(cx, Args(&[args.this()]))?,
    };
    call(cx, buffer, "truncate", &[size])
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let buffer = buffer_of(cx, o)?;
    let closed = attr(cx, buffer, "closed")?;
    if protocol::truth(cx, closed)? {
        return Ok(Value::NONE);
    }
    let flushed = call(cx, args.this(), "flush", &[]);
    base::close_after(cx, flushed, buffer)
}

fn detach(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let buffer = buffer_of(cx, o)?;
    call(cx, args.this(), "flush", &[])?;
    set_flag(cx, o, DETACHED, true)?;
    Ok(buffer)
}

/// A setting of `reconfigure`: a string, or none.
fn setting(cx: &mut Cx, v: Option<Value>, what: &str) -> Completion<Option<Value>> {
    match v.filter(|v| !v.is_none()) {
        Some(v) if string::exact(v).is_none() => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "reconfigure() argument '{what}' must be str or None, not {got}")
        }
        found => Ok(found),
    }
}

fn reconfigure(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this())?;
    let mut encoding = setting(cx, args.opt(1), "encoding")?;
    let mut errors = setting(cx, args.opt(2), "errors")?;
    let changes = encoding.is_some() || errors.is_some() || args.opt(3).is_some();
    if changes && flags(cx, o)? & WAS_READ != 0 {
        return base::unsupported(
            cx,
            "It is not possible to set the encoding or newline of stream after the first read",
        );
    }
    write_pending(cx, o)?;
    let buffer = buffer_of(cx, o)?;
    call(cx, buffer, "flush", &[])?;
    if encoding.is_some() || errors.is_some() {
        if errors.is_none() {
            errors = Some(cx.new_str("strict")?);
        }
        if encoding.and_then(string::text) == Some("locale") {
            encoding = Some(cx.new_str("utf-8")?);
        }
        let encoding = match encoding {
            Some(encoding) => encoding,
            None => cx.read(o, ENCODING)?,
        };
        let errors = errors.unwrap_or_default();
        let decoder = decoder_for(cx, encoding, errors)?;
        cx.claim(o)?;
        cx.write(o, ENCODING, encoding);
        cx.write(o, ERRORS, errors);
        cx.write(o, DECODER, decoder);
        note_start(cx, o)?;
    }
    if args.opt(3).is_some() {
        let newline = Newline::from_arg(cx, args.opt(3))?;
        cx.set(o, NEWLINE, Value::small(newline.number()))?;
    }
    for (i, bit) in [(4, LINE), (5, THROUGH)] {
        if let Some(v) = args.not_none(i) {
            let on = protocol::truth(cx, v)?;
            set_flag(cx, o, bit, on)?;
        }
    }
    Ok(Value::NONE)
}

fn pass(cx: &mut Cx, args: Args<'_>, name: &str) -> Completion<Value> {
    let buffer = buffer_of(cx, args.this_obj())?;
    call(cx, buffer, name, &[])
}

fn slot_of(cx: &mut Cx, v: Value, slot: usize) -> Completion<Value> {
    match v.obj() {
        Some(o) => Ok(cx.read(o, slot)?.bound().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

fn flag_of(cx: &mut Cx, v: Value, bit: i64) -> Completion<Value> {
    match v.obj() {
        Some(o) => Ok((flags(cx, o)? & bit != 0).into()),
        None => Ok(Value::FALSE),
    }
}

fn of_buffer(cx: &mut Cx, v: Value, name: &str) -> Completion<Value> {
    match v.obj() {
        Some(o) => {
            let buffer = buffer_of(cx, o)?;
            attr(cx, buffer, name)
        }
        None => Ok(Value::NONE),
    }
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut text = format!("<{}", cx.type_name(args.this()));
    for name in ["name", "mode"] {
        if let Some(v) = base::name_of(cx, args.this(), name)? {
            text += &format!(" {name}={}", convert::repr_text(cx, v)?);
        }
    }
    let encoding = slot_of(cx, args.this(), ENCODING)?;
    let encoding = convert::repr_text(cx, encoding)?;
    cx.new_str(&format!("{text} encoding={encoding}>"))
}

/// `_io.TextIOWrapper`.
pub static TEXT_IO_WRAPPER: TypeDef = TypeDef {
    name: "TextIOWrapper",
    module: "_io",
    body: Body::WithDict(Kind::Record, WORDS),
    subclassable: true,
    methods: &[
        row(
            "__init__",
            "(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)",
            init,
        ),
        row("write", "(self, text, /)", write),
        row("read", "(self, size=-1, /)", read),
        row("readline", "(self, size=-1, /)", readline),
        row("__next__", "(self, /)", next),
        row("flush", "(self, /)", flush),
        row("tell", "(self, /)", tell),
        row("seek", "(self, cookie, whence=0, /)", seek),
        row("truncate", "(self, pos=None, /)", truncate),
        row("close", "(self, /)", close),
        row("detach", "(self, /)", detach),
        row(
            "reconfigure",
            "(self, *, encoding=None, errors=None, newline=<unset>, line_buffering=None, write_through=None)",
            reconfigure,
        ),
        row("fileno", "(self, /)", |cx, args| pass(cx, args, "fileno")),
        row("isatty", "(self, /)", |cx, args| pass(cx, args, "isatty")),
        row("readable", "(self, /)", |cx, args| pass(cx, args, "readable")),
        row("writable", "(self, /)", |cx, args| pass(cx, args, "writable")),
        row("seekable", "(self, /)", |cx, args| pass(cx, args, "seekable")),
        row("__repr__", "(self, /)", repr),
        base::NO_STATE,
        row("_dealloc_warn", "(self, source, /)", |cx, args| {
            let buffer = buffer_of(cx, args.this_obj())?;
            base::warn_if_open(cx, buffer, args.get(1)).map(|()| Value::NONE)
        }),
    ],
    getset: &[
        get("encoding", |cx, v| slot_of(cx, v, ENCODING)),
        get("errors", |cx, v| slot_of(cx, v, ERRORS)),
        get("line_buffering", |cx, v| flag_of(cx, v, LINE)),
        get("write_through", |cx, v| flag_of(cx, v, THROUGH)),
        get("newlines", |cx, v| kinds_of(cx, v, NEWLINE)),
        get("closed", |cx, v| of_buffer(cx, v, "closed")),
        get("name", |cx, v| of_buffer(cx, v, "name")),
        get("buffer", |cx, v| match v.obj() {
            Some(o) => buffer_of(cx, o),
            None => Ok(Value::NONE),
        }),
        GetSetDef {
            name: "_CHUNK_SIZE",
            get: |_, _| Ok(Value::small(CHUNK as i64)),
            set: Some(|_, _, _| Ok(())),
            doc: "",
        },
    ],
    doc: "Character and line based layer over a BufferedIOBase object, buffer.",
    ..TypeDef::BASE
};
