//! Reading into and writing from several buffers. One plain read or write does it, so all bytes belong together.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Value,
    native::NativeFn,
    protocol::{self, convert},
    types::{buffer, bytes},
};

use super::files::{blocking, int_arg};
use crate::{
    modules::_io::base::{room_in, store_into},
    os::{self, OsResult},
};

/// Bytes read at once, at most.
const MOST: usize = 1 << 30;

/// Distributes what `read` gives over the buffers; the number of bytes.
fn scatter(
    cx: &mut Cx,
    buffers: Value,
    what: &str,
    mut read: impl FnMut(&mut [u8]) -> OsResult<usize>,
) -> Completion<Value> {
    let buffers = protocol::collect(cx, buffers)?;
    let mut sizes = Vec::new();
    for &v in buffers.as_slice() {
        sizes.push(room_in(cx, v, what)?);
    }
    let mut data = vec![0; sizes.iter().sum::<usize>().min(MOST)];
    let n = blocking(cx, Value::UNBOUND, || read(&mut data))?;
    let mut rest = &data[..n];
    for (&v, size) in buffers.as_slice().iter().zip(sizes) {
        let (part, more) = rest.split_at(size.min(rest.len()));
        let part = bytes::new(cx, part)?;
        store_into(cx, v, part)?;
        rest = more;
    }
    Ok(Value::small(n as i64))
}

/// Gives `write` the bytes of all buffers; the number of bytes that it took.
fn gather(
    cx: &mut Cx,
    buffers: Value,
    mut write: impl FnMut(&[u8]) -> OsResult<usize>,
) -> Completion<Value> {
    let mut data = Vec::new();
    for &v in protocol::collect(cx, buffers)?.as_slice() {
        data.extend_from_slice(&buffer::expect_bytes(cx, v)?);
    }
    let n = blocking(cx, Value::UNBOUND, || write(&data))?;
    Ok(Value::small(n as i64))
}

fn readv(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    scatter(cx, args.get(1), "readv() argument 2", |data| os::read(fd, data))
}

fn preadv(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let at = convert::index_i64(cx, args.get(2))?;
    scatter(cx, args.get(1), "preadv() argument 2", |data| os::pread(fd, data, at))
}

fn writev(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    gather(cx, args.get(1), |data| os::write(fd, data))
}

fn pwritev(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let at = convert::index_i64(cx, args.get(2))?;
    gather(cx, args.get(1), |data| os::pwrite(fd, data, at))
}

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Blocking, run, doc: "" }
}

/// The functions of this file.
pub(super) const FUNCTIONS: &[NativeDef] = &[
    row("readv", "(fd, buffers, /)", readv),
    row("preadv", "(fd, buffers, offset, flags=0, /)", preadv),
    row("writev", "(fd, buffers, /)", writev),
    row("pwritev", "(fd, buffers, offset, flags=0, /)", pwritev),
];
