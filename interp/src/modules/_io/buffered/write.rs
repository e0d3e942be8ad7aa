//! Writing: small pieces are collected, and passed on when the buffer is full or flushed.

use taipan_objects::{
    Args, Completion, Cx, Escape, Obj, T, Value, class,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes, str as string},
};

use super::{
    PENDING, TURN, open_obj, raw,
    read::{ahead, set_ahead},
    size,
};
use crate::modules::_io::{base::call, fileio, turn::in_turn};

/// Hands everything pending to the raw stream. What that does not take stays pending.
///
/// # Errors
/// Whatever writing raises; `BlockingIOError` when the stream takes no more now.
pub fn flush_pending(cx: &mut Cx, o: Obj) -> Completion<()> {
    if PENDING.total(cx, o)? == 0 && cx.read(o, TURN)?.is_unbound() {
        return Ok(());
    }
    in_turn(cx, o, TURN, |cx| {
        let mut all = PENDING.joined(cx, o)?;
        if all.is_empty() {
            return Ok(());
        }
        PENDING.replace(cx, o, None)?;
        let (n, result) = write_through(cx, o, &all)?;
        if n < all.len() {
            all.drain(..n);
            // Others may have added to it meanwhile.
            all.extend(PENDING.joined(cx, o)?);
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

pub(super) fn write(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if string::exact(args.get(1)).is_some() {
        return raise!(cx, TypeError, "a bytes-like object is required, not 'str'");
    }
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let o = open_obj(cx, args.this(), "write")?;
    write_bytes(cx, o, &data)?;
    Ok(Value::small(data.len() as i64))
}

pub(super) fn flush(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = open_obj(cx, args.this(), "flush")?;
    flush_pending(cx, o)?;
    let raw = raw(cx, o)?;
    if !fileio::is_exact(cx, raw) {
        call(cx, raw, "flush", &[])?;
    }
    Ok(Value::NONE)
}
