//! Reading: what was read ahead is given out first.

use taipan_objects::{
    Args, Completion, Cx, Obj, T, Value,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes},
};

use super::{AHEAD, TURN, USED, open_obj, raw, size, write::flush_pending};
use crate::modules::_io::{
    base::{self, call, size_arg},
    fileio,
    turn::in_turn,
};

/// What was read ahead and not given out yet.
pub(super) fn ahead(cx: &mut Cx, o: Obj) -> Completion<&'static [u8]> {
    let (data, used) = cx.bracket(o, || (o.raw(AHEAD), o.raw(USED).small_int().unwrap_or(0)))?;
    Ok(bytes::exact(data).map_or(&[][..], |b| b.raw_bytes().get(used as usize..).unwrap_or(&[])))
}

pub(super) fn set_ahead(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<()> {
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

pub(super) fn read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

pub(super) fn read1(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

pub(super) fn peek(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "peek")?;
    if ahead(cx, o)?.is_empty() {
        fill(cx, o, 0)?;
    }
    let have = ahead(cx, o)?;
    bytes::new(cx, have)
}

pub(super) fn readline(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

pub(super) fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "readline")?;
    let line = line(cx, o, None)?;
    if line.is_empty() { Ok(Value::UNBOUND) } else { bytes::new(cx, &line) }
}

pub(super) fn readinto(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

pub(super) fn readinto1(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "readinto")?;
    let n = base::room_in(cx, args.get(1), "readinto1() argument")?;
    let data = read_once(cx, o, n)?;
    let data = bytes::new(cx, &data)?;
    base::store_into(cx, args.get(1), data)
}
