//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`, `BufferedRWPair`.
//!
//! Conflicts: one header per object: reading moves the position, writing appends to the pending chunks. One class serves all
//! three buffered files: it reads ahead into one `bytes` and collects what is to be written.

use taipan_objects::{
    Args, Body, Completion, Cx, Escape, Kind, NativeDef, Obj, T, TypeDef, Value, class,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes},
};

use super::{
    base::{self, CLOSED, attr, call, call_truth, get, row, size_arg},
    fileio,
    rope::Rope,
    turn::in_turn,
};

/// Default size of buffers, in bytes.
pub const BUFFER_SIZE: usize = 8192;

const RAW: usize = 3;
/// Read-ahead: a `bytes` and how much of it was given out.
const AHEAD: usize = 4;
const USED: usize = 5;
const PENDING: Rope = Rope::at(6);
const SIZE: usize = 9;
/// The thread that is calling the raw stream; see `turn.rs`.
const TURN: usize = 10;
const WORDS: u16 = 11;

fn raw(cx: &mut Cx, o: Obj) -> Completion<Value> {
    match cx.read(o, RAW)?.bound() {
        Some(raw) if !raw.is_none() => Ok(raw),
        _ if cx.read(o, SIZE)?.is_bound() => raise!(cx, ValueError, "raw stream has been detached"),
        _ => raise!(cx, ValueError, "I/O operation on uninitialized object"),
    }
}

fn open_obj(cx: &mut Cx, v: Value, what: &str) -> Completion<Obj> {
    let Some(o) = v.obj() else { return raise!(cx, ValueError, "not a stream") };
    let raw = raw(cx, o)?;
    if is_closed(cx, raw)? {
        return raise!(cx, ValueError, "{what} of closed file");
    }
    Ok(o)
}

fn is_closed(cx: &mut Cx, raw: Value) -> Completion<bool> {
    if fileio::is_exact(cx, raw)
        && let Some(o) = raw.obj()
    {
        return Ok(cx.read(o, CLOSED)? != Value::FALSE);
    }
    let closed = attr(cx, raw, "closed")?;
    protocol::truth(cx, closed)
}

fn init(cx: &mut Cx, args: Args<'_>, need: &[(&str, &str)]) -> Completion<Value> {
    let (o, raw) = (args.this_obj(), args.get(1));
    for (method, what) in need {
        if !call_truth(cx, raw, method)? {
            return base::unsupported(cx, what);
        }
    }
    let size = convert::index_i64(cx, args.get(2))?;
    if size <= 0 {
        return raise!(cx, ValueError, "buffer size must be strictly positive");
    }
    let empty = bytes::new(cx, b"")?;
    cx.claim(o)?;
    cx.write(o, RAW, raw);
    cx.write(o, AHEAD, empty);
    cx.write(o, USED, Value::small(0));
    cx.write(o, SIZE, Value::small(size));
    PENDING.replace(cx, o, None)?;
    Ok(Value::NONE)
}

// ---- reading -------------------------------------------------------------------------------------

/// What was read ahead and not given out yet.
fn ahead(cx: &mut Cx, o: Obj) -> Completion<&'static [u8]> {
    let (data, used) = cx.bracket(o, || (o.raw(AHEAD), o.raw(USED).small_int().unwrap_or(0)))?;
    Ok(bytes::exact(data).map_or(&[][..], |b| b.raw_bytes().get(used as usize..).unwrap_or(&[])))
}

fn set_ahead(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<()> {
    let data = bytes::new(cx, data)?;
    cx.claim(o)?;
    cx.write(o, AHEAD, data);
    cx.write(o, USED, Value::small(0));
    Ok(())
}

fn consume(cx: &mut Cx, o: Obj, n: usize) -> Completion<()> {
    cx.claim(o)?;
    let used = o.raw(USED).small_int().unwrap_or(0);
    cx.write(o, USED, Value::small(used + n as i64));
    Ok(())
}

/// One read of the raw stream; `None` when it has nothing now, empty at the end.
fn raw_read(cx: &mut Cx, o: Obj, n: usize) -> Completion<Option<Vec<u8>>> {
    let raw = raw(cx, o)?;
    if fileio::is_exact(cx, raw)
        && let Some(file) = raw.obj()
    {
        return fileio::read_some(cx, file, n);
    }
    let class = cx.class(T::bytearray).into();
    let space = protocol::call(cx, class, &[Value::small(n as i64)])?;
    let got = call(cx, raw, "readinto", &[space])?;
    if got.is_none() {
        return Ok(None);
    }
    let got = convert::index_i64(cx, got)?;
    if got < 0 || got as usize > n {
        return raise!(
            cx,
            OSError,
            "raw readinto() returned invalid length {got} (should have been between 0 and {n})"
        );
    }
    let data = buffer::expect_bytes(cx, space)?;
    Ok(Some(data[..got as usize].to_vec()))
}

fn size(cx: &mut Cx, o: Obj) -> Completion<usize> {
    Ok(cx.read(o, SIZE)?.small_int().unwrap_or(BUFFER_SIZE as i64) as usize)
}

/// Reads exactly `n` bytes, or all, or less at the end.
fn read_exact(cx: &mut Cx, o: Obj, n: Option<usize>) -> Completion<Option<Vec<u8>>> {
    flush_pending(cx, o)?;
    match take_ahead(cx, o, n)? {
        Some(part) => Ok(Some(part)),
        None => in_turn(cx, o, TURN, |cx| read_more(cx, o, n)),
    }
}

/// The next `n` bytes, if they are there already.
fn take_ahead(cx: &mut Cx, o: Obj, n: Option<usize>) -> Completion<Option<Vec<u8>>> {
    let have = ahead(cx, o)?;
    let Some(part) = n.and_then(|n| have.get(..n)) else { return Ok(None) };
    consume(cx, o, part.len())?;
    Ok(Some(part.to_vec()))
}

fn read_more(cx: &mut Cx, o: Obj, n: Option<usize>) -> Completion<Option<Vec<u8>>> {
    if let Some(part) = take_ahead(cx, o, n)? {
        return Ok(Some(part));
    }
    let mut all = ahead(cx, o)?.to_vec();
    set_ahead(cx, o, b"")?;
    let chunk = size(cx, o)?;
    while n.is_none_or(|n| all.len() < n) {
        let want = n.map_or(chunk.max(all.len()).min(1 << 24), |n| (n - all.len()).max(chunk));
        match raw_read(cx, o, want)? {
            None if all.is_empty() => return Ok(None),
            Some(data) if !data.is_empty() => all.extend_from_slice(&data),
            _ => break,
        }
    }
    if let Some(n) = n
        && all.len() > n
    {
        let rest = all.split_off(n);
        set_ahead(cx, o, &rest)?;
    }
    Ok(Some(all))
}

fn read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "read")?;
    if let Some(v) = args.not_none(1)
        && convert::index_i64(cx, v)? < -1
    {
        return raise!(cx, ValueError, "read length must be non-negative or -1");
    }
    let n = size_arg(cx, args.opt(1))?;
    match read_exact(cx, o, n)? {
        Some(data) => bytes::new(cx, &data),
        None => Ok(Value::NONE),
    }
}

fn read1(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "read")?;
    let n = match size_arg(cx, args.opt(1))? {
        Some(n) => n,
        None => size(cx, o)?,
    };
    let part = read_once(cx, o, n)?;
    bytes::new(cx, &part)
}

/// Up to `n` bytes with one read of the raw stream at most, and none if some are there already.
fn read_once(cx: &mut Cx, o: Obj, n: usize) -> Completion<Vec<u8>> {
    if ahead(cx, o)?.is_empty() && n > 0 {
        let size = size(cx, o)?;
        if n > size {
            flush_pending(cx, o)?;
            return in_turn(cx, o, TURN, |cx| {
                if ahead(cx, o)?.is_empty() {
                    return Ok(raw_read(cx, o, n)?.unwrap_or_default());
                }
                given_out(cx, o, n)
            });
        }
        fill(cx, o, 0)?;
    }
    given_out(cx, o, n)
}

fn given_out(cx: &mut Cx, o: Obj, n: usize) -> Completion<Vec<u8>> {
    let have = ahead(cx, o)?;
    let part = &have[..n.min(have.len())];
    consume(cx, o, part.len())?;
    Ok(part.to_vec())
}

/// Reads ahead once, unless more than `known` bytes are there; the number of bytes that came.
fn fill(cx: &mut Cx, o: Obj, known: usize) -> Completion<usize> {
    flush_pending(cx, o)?;
    in_turn(cx, o, TURN, |cx| {
        let mut data = ahead(cx, o)?.to_vec();
        if data.len() > known {
            return Ok(data.len() - known);
        }
        let chunk = size(cx, o)?;
        let new = raw_read(cx, o, chunk)?.unwrap_or_default();
        data.extend_from_slice(&new);
        set_ahead(cx, o, &data)?;
        Ok(new.len())
    })
}

fn peek(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "peek")?;
    if ahead(cx, o)?.is_empty() {
        fill(cx, o, 0)?;
    }
    let have = ahead(cx, o)?;
    bytes::new(cx, have)
}

fn readline(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "readline")?;
    let limit = size_arg(cx, args.opt(1))?;
    let line = line(cx, o, limit)?;
    bytes::new(cx, &line)
}

fn line(cx: &mut Cx, o: Obj, limit: Option<usize>) -> Completion<Vec<u8>> {
    loop {
        let have = ahead(cx, o)?;
        let end = memchr::memchr(b'\n', have).map(|i| i + 1);
        let reached = limit.filter(|&n| have.len() >= n);
        if end.is_some() || reached.is_some() || fill(cx, o, have.len())? == 0 {
            let have = ahead(cx, o)?;
            let n = end.unwrap_or(have.len()).min(limit.unwrap_or(usize::MAX));
            let line = have[..n].to_vec();
            consume(cx, o, n)?;
            return Ok(line);
        }
    }
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "readline")?;
    let line = line(cx, o, None)?;
    if line.is_empty() { Ok(Value::UNBOUND) } else { bytes::new(cx, &line) }
}

fn readinto(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "readinto")?;
    let n = base::room_in(cx, args.get(1), "readinto() argument")?;
    match read_exact(cx, o, Some(n))? {
        Some(data) => {
            let data = bytes::new(cx, &data)?;
            base::store_into(cx, args.get(1), data)
        }
        None => Ok(Value::NONE),
    }
}

fn readinto1(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "readinto")?;
    let n = base::room_in(cx, args.get(1), "readinto1() argument")?;
    let data = read_once(cx, o, n)?;
    let data = bytes::new(cx, &data)?;
    base::store_into(cx, args.get(1), data)
}

// ---- writing -------------------------------------------------------------------------------------

/// Hands everything pending to the raw stream. What that does not take stays pending.
///
/// # Errors
/// Whatever writing raises; `BlockingIOError` when the stream takes no more now.
pub fn flush_pending(cx: &mut Cx, o: Obj) -> Completion<()> {
    if PENDING.total(cx, o)? == 0 && cx.read(o, TURN)?.is_unbound() {
        return Ok(());
    }
    in_turn(cx, o, TURN, |cx| {
        let mut all = pending(cx, o)?;
        if all.is_empty() {
            return Ok(());
        }
        PENDING.replace(cx, o, None)?;
        let (n, result) = write_through(cx, o, &all)?;
        if n < all.len() {
            all.drain(..n);
            // Others may have added to it meanwhile.
            all.extend(pending(cx, o)?);
            let len = all.len();
            let chunk = bytes::new(cx, &all)?;
            PENDING.replace(cx, o, Some((chunk, len)))?;
        }
        match result {
            Ok(()) if n < all.len() => would_block(cx, 0),
            other => other,
        }
    })
}

fn pending(cx: &mut Cx, o: Obj) -> Completion<Vec<u8>> {
    let mut all = Vec::new();
    for chunk in PENDING.chunks(cx, o)? {
        all.extend_from_slice(bytes::exact(chunk).map_or(&[][..], |b| b.raw_bytes()));
    }
    Ok(all)
}

fn would_block<R>(cx: &mut Cx, written: usize) -> Completion<R> {
    let class = cx.class(T::BlockingIOError);
    let text = cx.new_str("write could not complete without blocking")?;
    let (errno, written) = (Value::small(libc::EAGAIN.into()), Value::small(written as i64));
    let e = protocol::call(cx, class.into(), &[errno, text, written])?;
    Err(e.obj().map_or(Escape::ABORT, Escape::raise))
}

/// Writes to the raw stream until it takes no more: how much it took, and what it raised.
fn write_through(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<(usize, Completion<()>)> {
    let mut done = 0;
    while done < data.len() {
        match write_part(cx, o, &data[done..]) {
            Ok(Some(n)) => done += n,
            Ok(None) => break,
            Err(escape) if escape.is_abort() => return Err(escape),
            Err(escape) => return Ok((done, Err(escape))),
        }
    }
    Ok((done, Ok(())))
}

/// One write of the raw stream; `None` when it would have to wait.
fn write_part(cx: &mut Cx, o: Obj, rest: &[u8]) -> Completion<Option<usize>> {
    let raw = raw(cx, o)?;
    if fileio::is_exact(cx, raw)
        && let Some(file) = raw.obj()
    {
        return fileio::write_some(cx, file, rest);
    }
    let chunk = bytes::new(cx, rest)?;
    let n = call(cx, raw, "write", &[chunk])?;
    if n.is_none() {
        return Ok(None);
    }
    let n = convert::index_i64(cx, n)?;
    if n < 0 || n as usize > rest.len() {
        let max = rest.len();
        return raise!(
            cx,
            OSError,
            "raw write() returned invalid length {n} (should have been between 0 and {max})"
        );
    }
    Ok(Some(n as usize))
}

/// Appends to the pending output; passes it on when the buffer is full.
///
/// # Errors
/// Whatever writing raises; `BlockingIOError` when neither the stream nor the buffer takes all.
pub fn write_bytes(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<()> {
    drop_ahead(cx, o)?;
    let limit = size(cx, o)?;
    if PENDING.total(cx, o)? + data.len() <= limit {
        return keep_for_later(cx, o, data);
    }
    if let Err(escape) = flush_pending(cx, o) {
        let blocks = cx.class(T::BlockingIOError);
        if !escape.exception().is_some_and(|e| class::is_subclass(e.class(), blocks)) {
            return Err(escape);
        }
        return keep_some(cx, o, data, 0);
    }
    if data.len() < limit {
        return keep_for_later(cx, o, data);
    }
    in_turn(cx, o, TURN, |cx| {
        let (n, result) = write_through(cx, o, data)?;
        result?;
        keep_some(cx, o, &data[n..], n)
    })
}

fn keep_for_later(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<()> {
    if !data.is_empty() {
        let chunk = bytes::new(cx, data)?;
        PENDING.push(cx, o, chunk, data.len())?;
    }
    Ok(())
}

/// Keeps as much as the buffer has room for of what follows on `written` bytes.
fn keep_some(cx: &mut Cx, o: Obj, data: &[u8], written: usize) -> Completion<()> {
    let room = size(cx, o)?.saturating_sub(PENDING.total(cx, o)?).min(data.len());
    keep_for_later(cx, o, &data[..room])?;
    if room < data.len() { would_block(cx, written + room) } else { Ok(()) }
}

/// Before writing to a file that was read ahead: back to where the reader is.
fn drop_ahead(cx: &mut Cx, o: Obj) -> Completion<()> {
    let n = ahead(cx, o)?.len();
    if n > 0 {
        let raw = raw(cx, o)?;
        call(cx, raw, "seek", &[Value::small(-(n as i64)), Value::small(1)])?;
        set_ahead(cx, o, b"")?;
    }
    Ok(())
}

fn write(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if taipan_objects::types::str::exact(args.get(1)).is_some() {
        return raise!(cx, TypeError, "a bytes-like object is required, not 'str'");
    }
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let o = open_obj(cx, args.this(), "write")?;
    write_bytes(cx, o, &data)?;
    Ok(Value::small(data.len() as i64))
}

fn flush(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "flush")?;
    flush_pending(cx, o)?;
    let raw = raw(cx, o)?;
    if !fileio::is_exact(cx, raw) {
        call(cx, raw, "flush", &[])?;
    }
    Ok(Value::NONE)
}

// ---- position and life -----------------------------------------------------------------------------

/// The position that a method of the raw stream gave.
fn position(cx: &mut Cx, v: Value) -> Completion<i64> {
    let at = convert::index_i64(cx, v)?;
    if at < 0 {
        return raise!(cx, OSError, "Raw stream returned invalid position {at}");
    }
    Ok(at)
}

fn tell(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "tell")?;
    in_turn(cx, o, TURN, |cx| {
        let raw = raw(cx, o)?;
        let at = call(cx, raw, "tell", &[])?;
        let at = position(cx, at)?;
        let (ahead, pending) = (ahead(cx, o)?.len(), PENDING.total(cx, o)?);
        // A device may have no positions.
        cx.new_int((at - ahead as i64).max(0) + pending as i64)
    })
}

fn seek(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "seek")?;
    let whence = convert::index_i64(cx, args.get(2))?;
    if !(0..=2).contains(&whence) {
        return raise!(cx, ValueError, "whence value {whence} unsupported");
    }
    let mut offset = convert::index_i64(cx, args.get(1))?;
    flush_pending(cx, o)?;
    in_turn(cx, o, TURN, |cx| {
        if whence == 1 {
            offset -= ahead(cx, o)?.len() as i64;
        }
        set_ahead(cx, o, b"")?;
        let raw = raw(cx, o)?;
        let offset = cx.new_int(offset)?;
        let at = call(cx, raw, "seek", &[offset, Value::small(whence)])?;
        position(cx, at)?;
        Ok(at)
    })
}

fn truncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "truncate")?;
    flush_pending(cx, o)?;
    let size = match args.not_none(1) {
        Some(v) => v,
        None => tell(cx, Args(&[args.this()]))?,
    };
    let raw = raw(cx, o)?;
    call(cx, raw, "truncate", &[size])
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let raw = raw(cx, o)?;
    if is_closed(cx, raw)? {
        return Ok(Value::NONE);
    }
    let flushed = call(cx, args.this(), "flush", &[]);
    base::close_after(cx, flushed, raw)
}

fn detach(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let raw = raw(cx, o)?;
    call(cx, args.this(), "flush", &[])?;
    cx.set(o, RAW, Value::NONE)?;
    Ok(raw)
}

fn pass(cx: &mut Cx, args: Args<'_>, name: &str) -> Completion<Value> {
    let raw = raw(cx, args.this_obj())?;
    call(cx, raw, name, args.rest(1))
}

fn pass_attr(cx: &mut Cx, v: Value, name: &str) -> Completion<Value> {
    match v.obj() {
        Some(o) => {
            let raw = raw(cx, o)?;
            attr(cx, raw, name)
        }
        None => Ok(Value::NONE),
    }
}

const SHARED: [NativeDef; 13] = [
    row("tell", "(self, /)", tell),
    row("seek", "(self, target, whence=0, /)", seek),
    row("truncate", "(self, pos=None, /)", truncate),
    row("flush", "(self, /)", flush),
    row("close", "(self, /)", close),
    row("detach", "(self, /)", detach),
    row("fileno", "(self, /)", |cx, args| pass(cx, args, "fileno")),
    row("isatty", "(self, /)", |cx, args| pass(cx, args, "isatty")),
    row("seekable", "(self, /)", |cx, args| pass(cx, args, "seekable")),
    row("readable", "(self, /)", |cx, args| pass(cx, args, "readable")),
    row("writable", "(self, /)", |cx, args| pass(cx, args, "writable")),
    base::NO_STATE,
    row("_dealloc_warn", "(self, source, /)", |cx, args| {
        let raw = raw(cx, args.this_obj())?;
        base::warn_if_open(cx, raw, args.get(1)).map(|()| Value::NONE)
    }),
];

const GETSET: [taipan_objects::GetSetDef; 4] = [
    get("closed", |cx, v| pass_attr(cx, v, "closed")),
    get("name", |cx, v| pass_attr(cx, v, "name")),
    get("mode", |cx, v| pass_attr(cx, v, "mode")),
    get("raw", |cx, v| match v.obj() {
        Some(o) => raw(cx, o),
        None => Ok(Value::NONE),
    }),
];

const READING: [NativeDef; 7] = [
    row("read", "(self, size=-1, /)", read),
    row("read1", "(self, size=-1, /)", read1),
    row("peek", "(self, size=0, /)", peek),
    row("readline", "(self, size=-1, /)", readline),
    row("readinto", "(self, buffer, /)", readinto),
    row("readinto1", "(self, buffer, /)", readinto1),
    row("__next__", "(self, /)", next),
];

const NOT_READABLE: (&str, &str) = ("readable", "File or stream is not readable.");
const NOT_WRITABLE: (&str, &str) = ("writable", "File or stream is not writable.");
const NOT_SEEKABLE: (&str, &str) = ("seekable", "File or stream is not seekable.");

const INIT_SIG: &str = "(self, raw, buffer_size=8192)";

const fn join<const N: usize, const M: usize, const R: usize>(
    a: [NativeDef; N],
    b: [NativeDef; M],
    extra: [NativeDef; 3],
) -> [NativeDef; R] {
    let mut out = [const { row("", "()", |_, _| Ok(Value::NONE)) }; R];
    let mut i = 0;
    while i < R {
        let from = if i < N {
            &a[i]
        } else if i < N + M {
            &b[i - N]
        } else {
            &extra[i - N - M]
        };
        out[i] = row(from.name, from.sig, from.run);
        i += 1;
    }
    out
}

/// `_io.BufferedReader`.
pub static BUFFERED_READER: TypeDef = TypeDef {
    name: "BufferedReader",
    module: "_io",
    body: Body::WithDict(Kind::Record, WORDS),
    subclassable: true,
    methods: &const {
        join::<13, 7, 23>(
            SHARED,
            READING,
            [
                row("__init__", INIT_SIG, |cx, args| init(cx, args, &[NOT_READABLE])),
                row("__repr__", "(self, /)", base::named_repr),
                row("__sizeof__", "(self, /)", |_, _| Ok(Value::small(BUFFER_SIZE as i64))),
            ],
        )
    },
    getset: &GETSET,
    doc: "Create a new buffered reader using the given readable raw IO object.",
    ..TypeDef::BASE
};

/// `_io.BufferedWriter`.
pub static BUFFERED_WRITER: TypeDef = TypeDef {
    name: "BufferedWriter",
    module: "_io",
    body: Body::WithDict(Kind::Record, WORDS),
    subclassable: true,
    methods: &const {
        join::<13, 0, 16>(
            SHARED,
            [],
            [
                row("__init__", INIT_SIG, |cx, args| init(cx, args, &[NOT_WRITABLE])),
                row("__repr__", "(self, /)", base::named_repr),
                row("write", "(self, buffer, /)", write),
            ],
        )
    },
    getset: &GETSET,
    doc: "A buffer for a writeable sequential RawIO object.",
    ..TypeDef::BASE
};

/// `_io.BufferedRandom`.
pub static BUFFERED_RANDOM: TypeDef = TypeDef {
    name: "BufferedRandom",
    module: "_io",
    body: Body::WithDict(Kind::Record, WORDS),
    subclassable: true,
    methods: &const {
        join::<13, 7, 23>(
            SHARED,
            READING,
            [
                row("__init__", INIT_SIG, |cx, args| {
                    init(cx, args, &[NOT_SEEKABLE, NOT_READABLE, NOT_WRITABLE])
                }),
                row("__repr__", "(self, /)", base::named_repr),
                row("write", "(self, buffer, /)", write),
            ],
        )
    },
    getset: &GETSET,
    doc: "A buffered interface to random access streams.",
    ..TypeDef::BASE
};

// ---- BufferedRWPair ------------------------------------------------------------------------------

const READER: usize = 3;
const WRITER: usize = 4;

fn half(cx: &mut Cx, args: Args<'_>, slot: usize, name: &str) -> Completion<Value> {
    let half = cx.read(args.this_obj(), slot)?;
    call(cx, half, name, args.rest(1))
}

fn pair_init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let module = cx.world.import_module(cx, "_io")?;
    for (i, name, slot) in [(1, "BufferedReader", READER), (2, "BufferedWriter", WRITER)] {
        let class = attr(cx, module, name)?;
        let made = protocol::call(cx, class, &[args.get(i), args.get(3)])?;
        cx.set(args.this_obj(), slot, made)?;
    }
    Ok(Value::NONE)
}

fn pair_close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let written = half(cx, Args(&[args.this()]), WRITER, "close");
    let reader = cx.read(args.this_obj(), READER)?;
    base::close_after(cx, written, reader)
}

fn pair_isatty(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let writer = half(cx, args, WRITER, "isatty")?;
    if protocol::truth(cx, writer)? { Ok(writer) } else { half(cx, args, READER, "isatty") }
}

/// `_io.BufferedRWPair`.
pub static BUFFERED_RW_PAIR: TypeDef = TypeDef {
    name: "BufferedRWPair",
    module: "_io",
    body: Body::WithDict(Kind::Record, 5),
    subclassable: true,
    methods: &[
        row("__init__", "(self, reader, writer, buffer_size=8192, /)", pair_init),
        row("read", "(self, *args)", |cx, args| half(cx, args, READER, "read")),
        row("read1", "(self, *args)", |cx, args| half(cx, args, READER, "read1")),
        row("peek", "(self, *args)", |cx, args| half(cx, args, READER, "peek")),
        row("readinto", "(self, *args)", |cx, args| half(cx, args, READER, "readinto")),
        row("readable", "(self, *args)", |cx, args| half(cx, args, READER, "readable")),
        row("write", "(self, *args)", |cx, args| half(cx, args, WRITER, "write")),
        row("flush", "(self, *args)", |cx, args| half(cx, args, WRITER, "flush")),
        row("writable", "(self, *args)", |cx, args| half(cx, args, WRITER, "writable")),
        row("readinto1", "(self, *args)", |cx, args| half(cx, args, READER, "readinto1")),
        row("isatty", "(self, *args)", pair_isatty),
        row("close", "(self, /)", pair_close),
    ],
    getset: &[get("closed", |cx, v| match v.obj() {
        Some(o) => {
            let writer = cx.read(o, WRITER)?;
            attr(cx, writer, "closed")
        }
        None => Ok(Value::FALSE),
    })],
    doc: "A buffered reader and writer object together.",
    ..TypeDef::BASE
};

/// `v` if it is a `BufferedWriter` itself (no subclass), so that its methods need not be looked up.
pub fn plain_writer(cx: &Cx, v: Value) -> Option<Obj> {
    let exact = cx.world.made_type(&BUFFERED_WRITER).is_some_and(|class| cx.class_of(v) == class);
    v.obj().filter(|_| exact)
}

/// The descriptor (1 or 2) when `v` is a plain `BufferedWriter` over standard output or error with nothing pending.
///
/// # Errors
/// `ValueError` when it is closed.
pub fn standard_descriptor(cx: &mut Cx, v: Value) -> Completion<Option<i32>> {
    let Some(o) = plain_writer(cx, v) else { return Ok(None) };
    let raw = raw(cx, o)?;
    let Some(file) = raw.obj().filter(|_| fileio::is_exact(cx, raw)) else { return Ok(None) };
    let fd = fileio::fd(cx, file)?;
    Ok((fd == 1 || fd == 2).then_some(fd))
}
