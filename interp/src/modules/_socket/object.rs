//! Socket objects.
//!
//! Conflicts: one header each; it changes when the socket is opened, closed or given a time-out.

use std::time::{Duration, Instant};

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, GetSetDef, Kind, NativeDef, Obj, T, TypeDef, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes, exc_fields::os_error},
};

use super::{address, default_timeout, wait};
use crate::{
    modules::{
        _io::base::{room_in, store_into},
        posix::{blocking, files::int_arg},
    },
    os::{self, OsResult, Plain},
};

const FD: usize = 2;
const FAMILY: usize = 3;
const TYPE: usize = 4;
const PROTO: usize = 5;
/// Seconds as a float, or `None`.
const TIMEOUT: usize = 6;

/// Bits of a socket's type that are not part of it.
const TYPE_FLAGS: i32 = libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;

/// A time-out: `None`, or seconds as a float.
pub(super) fn timeout_arg(cx: &mut Cx, v: Value) -> Completion<Value> {
    if v.is_none() {
        return Ok(v);
    }
    let seconds = match v.float_value() {
        Some(f) => f,
        None => convert::index_i64(cx, v)? as f64,
    };
    if seconds.is_nan() {
        return raise!(cx, ValueError, "Invalid value NaN (not a number)");
    }
    if seconds < 0.0 {
        return raise!(cx, ValueError, "Timeout value out of range");
    }
    Ok(Value::float(seconds))
}

/// A socket object around an open descriptor; `kind` is family, type, protocol.
pub(super) fn make(cx: &mut Cx, fd: i32, kind: [i32; 3]) -> Completion<Value> {
    let class = cx.type_for(&SOCKET)?;
    let o = cx.new_instance(class)?;
    fill(cx, o, fd, kind)?;
    Ok(o.into())
}

fn fill(cx: &mut Cx, o: Obj, fd: i32, kind: [i32; 3]) -> Completion<()> {
    let timeout = default_timeout(cx)?;
    if !timeout.is_none()
        && let Err(errno) = os::set_nonblocking(fd, true)
    {
        return Err(os_error(cx, errno, Value::UNBOUND));
    }
    let is_nonblocking = kind[1] & libc::SOCK_NONBLOCK != 0;
    cx.claim(o)?;
    cx.write(o, FD, Value::small(fd.into()));
    cx.write(o, FAMILY, Value::small(kind[0].into()));
    cx.write(o, TYPE, Value::small((kind[1] & !TYPE_FLAGS).into()));
    cx.write(o, PROTO, Value::small(kind[2].into()));
    cx.write(o, TIMEOUT, if is_nonblocking { Value::float(0.0) } else { timeout });
    Ok(())
}

fn option_int(fd: i32, option: i32) -> OsResult<i32> {
    let raw = os::option(fd, libc::SOL_SOCKET, option, 4)?;
    Ok(<[u8; 4]>::try_from(&*raw).map_or(0, i32::from_ne_bytes))
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let mut kind = [-1; 3];
    for (i, slot) in kind.iter_mut().enumerate() {
        *slot = int_arg(cx, args.get(1 + i))?;
    }
    let Some(fd) = args.not_none(4) else {
        for (slot, default) in kind.iter_mut().zip([libc::AF_INET, libc::SOCK_STREAM, 0]) {
            if *slot == -1 {
                *slot = default;
            }
        }
        return match os::plain(Plain::Socket, kind[0], kind[1], kind[2]) {
            Ok(fd) => fill(cx, o, fd, kind).map(|()| Value::NONE),
            Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
        };
    };
    if fd.is_float() {
        return raise!(cx, TypeError, "integer argument expected, got float");
    }
    let fd = int_arg(cx, fd)?;
    if fd < 0 {
        return raise!(cx, ValueError, "negative file descriptor");
    }
    let asked = [libc::SO_DOMAIN, libc::SO_TYPE, libc::SO_PROTOCOL];
    for (slot, option) in kind.iter_mut().zip(asked) {
        match option_int(fd, option) {
            Ok(n) if *slot == -1 => *slot = n,
            Ok(_) => {}
            Err(errno) => return Err(os_error(cx, errno, Value::UNBOUND)),
        }
    }
    fill(cx, o, fd, kind)?;
    Ok(Value::NONE)
}

fn slot(cx: &mut Cx, o: Obj, word: usize) -> Completion<i32> {
    let v = cx.read(o, word)?;
    Ok(if v.is_unbound() { -1 } else { v.small_int().unwrap_or(-1) as i32 })
}

fn fd_of(cx: &mut Cx, o: Obj) -> Completion<i32> {
    slot(cx, o, FD)
}

fn timeout_of(cx: &mut Cx, o: Obj) -> Completion<Option<f64>> {
    let v = cx.read(o, TIMEOUT)?;
    Ok(v.bound().and_then(Value::float_value))
}

/// Milliseconds until a moment, rounded up; `None` when it has passed.
fn left_ms(end: Option<Instant>) -> Option<i32> {
    let Some(end) = end else { return Some(-1) };
    let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
    Some(i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX))
}

/// Does `call`, waiting for `events` as long as the socket's time-out says.
fn transfer<R>(
    cx: &mut Cx,
    o: Obj,
    events: i16,
    mut call: impl FnMut(i32) -> OsResult<R>,
) -> Completion<R> {
    let fd = fd_of(cx, o)?;
    let timeout = timeout_of(cx, o)?.filter(|t| *t > 0.0);
    let Some(timeout) = timeout else { return blocking(cx, Value::UNBOUND, || call(fd)) };
    let end = end_of(timeout);
    loop {
        let Some(ms) = left_ms(end) else { return timed_out(cx) };
        if !wait(cx, fd, events, ms)? {
            return timed_out(cx);
        }
        let result = blocking(cx, Value::UNBOUND, || match call(fd) {
            Err(libc::EAGAIN) => Ok(None),
            other => other.map(Some),
        })?;
        if let Some(r) = result {
            return Ok(r);
        }
    }
}

fn end_of(timeout: f64) -> Option<Instant> {
    Duration::try_from_secs_f64(timeout).ok().and_then(|t| Instant::now().checked_add(t))
}

fn timed_out<R>(cx: &mut Cx) -> Completion<R> {
    raise!(cx, TimeoutError, "timed out")
}

fn done(cx: &mut Cx, result: OsResult<()>) -> Completion<Value> {
    match result {
        Ok(()) => Ok(Value::NONE),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn bind(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let family = slot(cx, o, FAMILY)?;
    let place = address::read(cx, family, args.get(1), "bind")?;
    let fd = fd_of(cx, o)?;
    done(cx, os::bind(fd, &place))
}

fn listen(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = fd_of(cx, args.this_obj())?;
    let backlog = int_arg(cx, args.get(1))?.max(0);
    done(cx, os::plain(Plain::Listen, fd, backlog, 0).map(drop))
}

fn accept(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (fd, from) = transfer(cx, args.this_obj(), libc::POLLIN, os::accept)?;
    let from = address::write(cx, &from)?;
    cx.new_tuple(&[Value::small(fd.into()), from])
}

/// Connects; the error number, 0 for none, when nothing else went wrong.
fn try_connect(cx: &mut Cx, args: Args<'_>, caller: &str) -> Completion<i32> {
    let o = args.this_obj();
    let family = slot(cx, o, FAMILY)?;
    let place = address::read(cx, family, args.get(1), caller)?;
    let (fd, timeout) = (fd_of(cx, o)?, timeout_of(cx, o)?);
    let mut result = Ok(());
    let run = cx.world.upcalls().blocking;
    run(cx, &mut || result = os::connect(fd, &place))?;
    let is_under_way = match result {
        Ok(()) => return Ok(0),
        Err(libc::EINTR) => {
            (cx.world.upcalls().safepoint)(cx)?;
            timeout != Some(0.0)
        }
        Err(libc::EINPROGRESS) => timeout.is_some_and(|t| t > 0.0),
        Err(_) => false,
    };
    if !is_under_way {
        return Ok(result.err().unwrap_or(0));
    }
    let ms = match timeout {
        Some(t) => left_ms(end_of(t)).unwrap_or(0),
        None => -1,
    };
    if !wait(cx, fd, libc::POLLOUT, ms)? {
        return timed_out(cx);
    }
    match option_int(fd, libc::SO_ERROR) {
        Ok(errno) | Err(errno) => Ok(errno),
    }
}

fn connect(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match try_connect(cx, args, "connect")? {
        0 | libc::EISCONN => Ok(Value::NONE),
        errno => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn connect_ex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match try_connect(cx, args, "connect_ex") {
        Ok(errno) => Ok(Value::small(errno.into())),
        Err(escape) => {
            let timeout = cx.class(T::TimeoutError);
            match escape.exception() {
                Some(e) if taipan_objects::class::is_subclass(e.class(), timeout) => {
                    Ok(Value::small(libc::EAGAIN.into()))
                }
                _ => Err(escape),
            }
        }
    }
}

fn size_arg(cx: &mut Cx, v: Value, what: &str) -> Completion<usize> {
    match usize::try_from(convert::index_i64(cx, v)?) {
        Ok(n) => Ok(n.min(1 << 30)),
        Err(_) => raise!(cx, ValueError, "negative buffersize in {what}"),
    }
}

fn receive(cx: &mut Cx, o: Obj, n: usize, flags: Value) -> Completion<(Vec<u8>, os::Address)> {
    let flags = int_arg(cx, flags)?;
    let mut data = vec![0; n];
    let (got, from) = transfer(cx, o, libc::POLLIN, |fd| os::receive(fd, &mut data, flags))?;
    data.truncate(got);
    Ok((data, from))
}

fn recv(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = size_arg(cx, args.get(1), "recv")?;
    let (data, _) = receive(cx, args.this_obj(), n, args.get(2))?;
    bytes::new(cx, &data)
}

fn recvfrom(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = size_arg(cx, args.get(1), "recvfrom")?;
    let (data, from) = receive(cx, args.this_obj(), n, args.get(2))?;
    let (data, from) = (bytes::new(cx, &data)?, address::write(cx, &from)?);
    cx.new_tuple(&[data, from])
}

fn into_size(cx: &mut Cx, args: Args<'_>, what: &str) -> Completion<usize> {
    let room = room_in(cx, args.get(1), &format!("{what}() argument 1"))?;
    let n = size_arg(cx, args.get(2), what)?;
    if n > room {
        return raise!(cx, ValueError, "buffer too small for requested bytes");
    }
    Ok(if n == 0 { room } else { n })
}

fn recv_into(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = into_size(cx, args, "recv_into")?;
    let (data, _) = receive(cx, args.this_obj(), n, args.get(3))?;
    let data = bytes::new(cx, &data)?;
    store_into(cx, args.get(1), data)
}

fn recvfrom_into(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = into_size(cx, args, "recvfrom_into")?;
    let (data, from) = receive(cx, args.this_obj(), n, args.get(3))?;
    let data = bytes::new(cx, &data)?;
    let n = store_into(cx, args.get(1), data)?;
    let from = address::write(cx, &from)?;
    cx.new_tuple(&[n, from])
}

fn send(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let flags = int_arg(cx, args.get(2))?;
    let n = transfer(cx, args.this_obj(), libc::POLLOUT, |fd| os::send(fd, &data, flags, None))?;
    Ok(Value::small(n as i64))
}

fn sendall(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let flags = int_arg(cx, args.get(2))?;
    let mut rest = &data[..];
    while !rest.is_empty() {
        let n = transfer(cx, args.this_obj(), libc::POLLOUT, |fd| os::send(fd, rest, flags, None))?;
        rest = &rest[n.min(rest.len())..];
    }
    Ok(Value::NONE)
}

fn sendto(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (flags, to) = match args.rest(2) {
        [to] => (Value::small(0), *to),
        [flags, to] => (*flags, *to),
        other => {
            let n = other.len() + 1;
            return raise!(cx, TypeError, "sendto() takes 2 or 3 arguments ({n} given)");
        }
    };
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let flags = int_arg(cx, flags)?;
    let family = slot(cx, o, FAMILY)?;
    let to = address::read(cx, family, to, "sendto")?;
    let n = transfer(cx, o, libc::POLLOUT, |fd| os::send(fd, &data, flags, Some(&to)))?;
    Ok(Value::small(n as i64))
}

fn sendmsg(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let mut data = Vec::new();
    for &v in protocol::collect(cx, args.get(1))?.as_slice() {
        data.extend_from_slice(&buffer::expect_bytes(cx, v)?);
    }
    if protocol::length(cx, args.get(2))? > 0 {
        return Err(os_error(cx, libc::EOPNOTSUPP, Value::UNBOUND));
    }
    let flags = int_arg(cx, args.get(3))?;
    let to = match args.not_none(4) {
        Some(v) => {
            let family = slot(cx, o, FAMILY)?;
            Some(address::read(cx, family, v, "sendmsg")?)
        }
        None => None,
    };
    let n = transfer(cx, o, libc::POLLOUT, |fd| os::send(fd, &data, flags, to.as_ref()))?;
    Ok(Value::small(n as i64))
}

fn setsockopt(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = fd_of(cx, args.this_obj())?;
    let (level, option) = (int_arg(cx, args.get(1))?, int_arg(cx, args.get(2))?);
    let value = args.get(3);
    if value.is_none() {
        let Some(len) = args.opt(4) else {
            return raise!(
                cx,
                TypeError,
                "setsockopt() requires 4 arguments when the third argument is None"
            );
        };
        let len = convert::index_i64(cx, len)? as u32;
        return done(cx, os::set_option(fd, level, option, None, len));
    }
    let raw = if convert::as_int(value).is_some() {
        int_arg(cx, value)?.to_ne_bytes().to_vec()
    } else {
        buffer::expect_bytes(cx, value)?.into_owned()
    };
    done(cx, os::set_option(fd, level, option, Some(&raw), 0))
}

fn getsockopt(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = fd_of(cx, args.this_obj())?;
    let (level, option) = (int_arg(cx, args.get(1))?, int_arg(cx, args.get(2))?);
    let most = int_arg(cx, args.get(3))?;
    if !(0..=1024).contains(&most) {
        return raise!(cx, OSError, "getsockopt buflen out of range");
    }
    match os::option(fd, level, option, if most == 0 { 4 } else { most as usize }) {
        Ok(raw) if most == 0 => {
            let n = <[u8; 4]>::try_from(&*raw).map_or(0, i32::from_ne_bytes);
            Ok(Value::small(n.into()))
        }
        Ok(raw) => bytes::new(cx, &raw),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn place(cx: &mut Cx, args: Args<'_>, peer: bool) -> Completion<Value> {
    let fd = fd_of(cx, args.this_obj())?;
    match os::socket_address(fd, peer) {
        Ok(place) => address::write(cx, &place),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn shutdown(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = fd_of(cx, args.this_obj())?;
    let how = int_arg(cx, args.get(1))?;
    done(cx, os::plain(Plain::Shutdown, fd, how, 0).map(drop))
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = take_fd(cx, args.this_obj())?;
    if fd < 0 {
        return Ok(Value::NONE);
    }
    match os::close(fd) {
        Ok(()) | Err(libc::ECONNRESET) => Ok(Value::NONE),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

/// A socket that dies open warns and is closed.
fn finalize(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if cx.read(args.this_obj(), FD)?.small_int().is_some_and(|fd| fd >= 0) {
        crate::modules::unclosed::warn(cx, args.this(), "socket")?;
    }
    close(cx, args)
}

fn take_fd(cx: &mut Cx, o: Obj) -> Completion<i32> {
    let fd = fd_of(cx, o)?;
    cx.set(o, FD, Value::small(-1))?;
    Ok(fd)
}

fn settimeout(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let timeout = timeout_arg(cx, args.get(1))?;
    set_timeout(cx, args.this_obj(), timeout)
}

fn set_timeout(cx: &mut Cx, o: Obj, timeout: Value) -> Completion<Value> {
    let fd = fd_of(cx, o)?;
    cx.set(o, TIMEOUT, timeout)?;
    done(cx, os::set_nonblocking(fd, !timeout.is_none()))
}

fn setblocking(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let on = protocol::truth(cx, args.get(1))?;
    set_timeout(cx, args.this_obj(), if on { Value::NONE } else { Value::float(0.0) })
}

fn gettimeout(cx: &mut Cx, o: Obj) -> Completion<Value> {
    Ok(timeout_of(cx, o)?.map_or(Value::NONE, Value::float))
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let mut n = [0; 4];
    for (slot_value, word) in n.iter_mut().zip([FD, FAMILY, TYPE, PROTO]) {
        *slot_value = slot(cx, o, word)?;
    }
    let [fd, family, kind, proto] = n;
    cx.new_str(&format!("<socket object, fd={fd}, family={family}, type={kind}, proto={proto}>"))
}

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

const fn get(name: &'static str, get: fn(&mut Cx, Value) -> Completion<Value>) -> GetSetDef {
    GetSetDef { name, get, set: None, doc: "" }
}

fn field(cx: &mut Cx, v: Value, word: usize) -> Completion<Value> {
    match v.obj() {
        Some(o) => Ok(Value::small(slot(cx, o, word)?.into())),
        None => Ok(Value::NONE),
    }
}

use Effect::{Blocking, Irrevocable, Transactional};

/// `_socket.socket`.
pub(super) static SOCKET: TypeDef = TypeDef {
    name: "socket",
    module: "_socket",
    body: Body::Words(Kind::Record, 7),
    subclassable: true,
    static_methods: &[row("__new__", "(type, /, *args, **kwargs)", Transactional, |cx, args| {
        match args.get(0).obj() {
            Some(class) => {
                let o = cx.new_instance(class)?;
                o.init(FD, Value::small(-1));
                Ok(o.into())
            }
            None => raise!(cx, TypeError, "socket.__new__(X): X is not a type object"),
        }
    })],
    methods: &[
        row(
            "__init__",
            "(self, family=-1, type=-1, proto=-1, fileno=None)",
            Irrevocable,
            audited!("socket.__new__" [0, 1, 2, 3], init),
        ),
        row("__del__", "(self, /)", Irrevocable, finalize),
        row("__repr__", "(self, /)", Transactional, repr),
        row("bind", "(self, address, /)", Irrevocable, audited!("socket.bind" [0, 1], bind)),
        row("listen", "(self, backlog=128, /)", Irrevocable, listen),
        row("_accept", "(self, /)", Blocking, accept),
        row("connect", "(self, address, /)", Blocking, audited!("socket.connect" [0, 1], connect)),
        row(
            "connect_ex",
            "(self, address, /)",
            Blocking,
            audited!("socket.connect" [0, 1], connect_ex),
        ),
        row("recv", "(self, bufsize, flags=0, /)", Blocking, recv),
        row("recvfrom", "(self, bufsize, flags=0, /)", Blocking, recvfrom),
        row("recv_into", "(self, buffer, nbytes=0, flags=0)", Blocking, recv_into),
        row("recvfrom_into", "(self, buffer, nbytes=0, flags=0)", Blocking, recvfrom_into),
        row("send", "(self, data, flags=0, /)", Blocking, send),
        row("sendall", "(self, data, flags=0, /)", Blocking, sendall),
        row("sendto", "(self, data, /, *args)", Blocking, sendto),
        row(
            "sendmsg",
            "(self, buffers, ancdata=(), flags=0, address=None, /)",
            Blocking,
            |cx, args| {
                let none = cx.new_tuple(&[])?;
                let ancillary = args.opt(2).unwrap_or(none);
                let flags = args.opt(3).unwrap_or(Value::small(0));
                sendmsg(cx, Args(&[args.get(0), args.get(1), ancillary, flags, args.get(4)]))
            },
        ),
        row(
            "setsockopt",
            "(self, level, option, value, optlen=<unset>, /)",
            Irrevocable,
            setsockopt,
        ),
        row("getsockopt", "(self, level, option, buflen=0, /)", Irrevocable, getsockopt),
        row("getsockname", "(self, /)", Irrevocable, |cx, args| place(cx, args, false)),
        row("getpeername", "(self, /)", Irrevocable, |cx, args| place(cx, args, true)),
        row("shutdown", "(self, flag, /)", Irrevocable, shutdown),
        row("close", "(self, /)", Irrevocable, close),
        row("detach", "(self, /)", Irrevocable, |cx, args| {
            Ok(Value::small(take_fd(cx, args.this_obj())?.into()))
        }),
        row("fileno", "(self, /)", Transactional, |cx, args| {
            Ok(Value::small(fd_of(cx, args.this_obj())?.into()))
        }),
        row("settimeout", "(self, timeout, /)", Irrevocable, settimeout),
        row("setblocking", "(self, flag, /)", Irrevocable, setblocking),
        row("gettimeout", "(self, /)", Transactional, |cx, args| gettimeout(cx, args.this_obj())),
        row("getblocking", "(self, /)", Transactional, |cx, args| {
            Ok((timeout_of(cx, args.this_obj())? != Some(0.0)).into())
        }),
    ],
    getset: &[
        get("family", |cx, v| field(cx, v, FAMILY)),
        get("type", |cx, v| field(cx, v, TYPE)),
        get("proto", |cx, v| field(cx, v, PROTO)),
        get("timeout", |cx, v| match v.obj() {
            Some(o) => gettimeout(cx, o),
            None => Ok(Value::NONE),
        }),
    ],
    doc: "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object",
    ..TypeDef::BASE
};
