//! `select`: waiting for several descriptors at once.
//!
//! Conflicts: a poll object has one header for its table of descriptors; an epoll object changes only when closed.

use std::time::{Duration, Instant};

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, GetSetDef, Kind, NativeDef, Obj, T, TypeDef, Value,
    native::NativeFn,
    protocol::{self, RootVec, convert},
    raise,
    types::{dict, exc_fields::os_error},
};

use super::{ModuleDef, fcntl::fd_arg, posix::files::int_arg, set, set_ints};
use crate::{
    os::{self, OsResult, Plain},
    vm::exec::containers::new_list,
};

/// A time-out in seconds as an end; `None` waits for ever.
fn end_of(cx: &mut Cx, v: Option<Value>, unit: f64, what: &str) -> Completion<Option<Instant>> {
    let Some(v) = v else { return Ok(None) };
    let t = match v.float_value() {
        Some(f) => f,
        None if convert::as_int(v).is_some() => convert::index_i64(cx, v)? as f64,
        None => return raise!(cx, TypeError, "{what} must be a number or None"),
    } * unit;
    if t < 0.0 {
        return Ok(None);
    }
    let length = Duration::try_from_secs_f64(t).ok();
    match length.and_then(|length| Instant::now().checked_add(length)) {
        Some(end) => Ok(Some(end)),
        None => raise!(cx, OverflowError, "{what} is too large"),
    }
}

fn left_ms(end: Option<Instant>) -> i32 {
    let Some(end) = end else { return -1 };
    let left = end.saturating_duration_since(Instant::now());
    i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX)
}

/// Waits outside of transactions; signal handlers run in between, and then the rest of the time is waited.
fn wait<R>(
    cx: &mut Cx,
    end: Option<Instant>,
    mut call: impl FnMut(i32) -> OsResult<R>,
) -> Completion<R> {
    loop {
        let mut result = Err(libc::EINTR);
        let run = cx.world.upcalls().blocking;
        run(cx, &mut || result = call(left_ms(end)))?;
        match result {
            Err(libc::EINTR) => (cx.world.upcalls().safepoint)(cx)?,
            Err(errno) => return Err(os_error(cx, errno, Value::UNBOUND)),
            Ok(r) => return Ok(r),
        }
    }
}

const READ: i16 = libc::POLLIN | libc::POLLHUP | libc::POLLERR;
const WRITE: i16 = libc::POLLOUT | libc::POLLERR;
const EXCEPT: i16 = libc::POLLPRI;

fn select(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let wanted = [libc::POLLIN, libc::POLLOUT, libc::POLLPRI];
    let happened = [READ, WRITE, EXCEPT];
    let end = end_of(cx, args.not_none(3), 1.0, "timeout")?;
    if let Some(v) = args.not_none(3)
        && end.is_none()
        && v.float_value().map_or(convert::as_i64(v).unwrap_or(0) as f64, |f| f) < 0.0
    {
        return raise!(cx, ValueError, "timeout must be non-negative");
    }
    let mut lists = Vec::new();
    let mut polled: Vec<libc::pollfd> = Vec::new();
    for (i, &events) in wanted.iter().enumerate() {
        let items = match protocol::collect(cx, args.get(i)) {
            Ok(items) => items,
            Err(escape) if escape.is_abort() => return Err(escape),
            Err(_) => return raise!(cx, TypeError, "arguments 1-3 must be sequences"),
        };
        let mut fds = Vec::new();
        for &item in items.as_slice() {
            let fd = fd_arg(cx, item)?;
            if fd >= 1024 {
                return raise!(cx, ValueError, "filedescriptor out of range in select()");
            }
            fds.push(fd);
            match polled.iter_mut().find(|p| p.fd == fd) {
                Some(p) => p.events |= events,
                None => polled.push(libc::pollfd { fd, events, revents: 0 }),
            }
        }
        lists.push((items, fds));
    }
    wait(cx, end, |ms| os::poll(&mut polled, ms))?;
    if polled.iter().any(|p| p.revents & libc::POLLNVAL != 0) {
        return Err(os_error(cx, libc::EBADF, Value::UNBOUND));
    }
    let mut results = RootVec::new();
    for ((items, fds), bits) in lists.iter().zip(happened) {
        let mut ready = RootVec::new();
        for (&item, &fd) in items.as_slice().iter().zip(fds) {
            if polled.iter().any(|p| p.fd == fd && p.revents & bits != 0) {
                ready.push(cx, item)?;
            }
        }
        let list = new_list(cx, ready.as_slice())?;
        results.push(cx, list)?;
    }
    cx.new_tuple(results.as_slice())
}

// ---- poll -----------------------------------------------------------------------------------

/// The table of a poll object: events by descriptor.
const TABLE: usize = 2;

static POLL: TypeDef = TypeDef {
    name: "poll",
    module: "select",
    body: Body::Words(Kind::Record, 3),
    methods: &[
        row("register", "(self, fd, eventmask=7, /)", Effect::Transactional, register),
        row("modify", "(self, fd, eventmask, /)", Effect::Transactional, modify),
        row("unregister", "(self, fd, /)", Effect::Transactional, unregister),
        row("poll", "(self, timeout=None, /)", Effect::Blocking, poll),
    ],
    ..TypeDef::BASE
};

fn new_poll(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let class = cx.type_for(&POLL)?;
    let o = cx.new_instance(class)?;
    let table = dict::new(cx)?;
    o.init(TABLE, table.into());
    Ok(o.into())
}

fn table(cx: &mut Cx, o: Obj) -> Completion<Obj> {
    match cx.read(o, TABLE)?.obj() {
        Some(d) => Ok(d),
        None => raise!(cx, ValueError, "poll object without a table"),
    }
}

fn mask(cx: &mut Cx, v: Value) -> Completion<Value> {
    let n = convert::index_big(cx, v)?;
    match u16::try_from(n) {
        Ok(n) => Ok(Value::small(n.into())),
        Err(_) if n < 0 => raise!(cx, ValueError, "value must be positive"),
        Err(_) => raise!(cx, OverflowError, "Python int too large for C unsigned short"),
    }
}

fn register(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (fd, events) = (fd_arg(cx, args.get(1))?, mask(cx, args.get(2))?);
    let table = table(cx, args.this_obj())?;
    dict::set_item(cx, table, Value::small(fd.into()), events)?;
    Ok(Value::NONE)
}

fn modify(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (fd, events) = (fd_arg(cx, args.get(1))?, mask(cx, args.get(2))?);
    let table = table(cx, args.this_obj())?;
    let key = Value::small(fd.into());
    if dict::get_item(cx, table, key)?.is_unbound() {
        return Err(os_error(cx, libc::ENOENT, Value::UNBOUND));
    }
    dict::set_item(cx, table, key, events)?;
    Ok(Value::NONE)
}

fn unregister(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = fd_arg(cx, args.get(1))?;
    let table = table(cx, args.this_obj())?;
    protocol::del_item(cx, table.into(), Value::small(fd.into()))?;
    Ok(Value::NONE)
}

fn poll(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let end = end_of(cx, args.not_none(1), 1e-3, "timeout")?;
    let table = table(cx, args.this_obj())?;
    let items = dict::items(cx, table)?;
    let mut polled = Vec::new();
    for pair in items.as_slice().chunks_exact(2) {
        let fd = pair[0].small_int().unwrap_or(-1) as i32;
        polled.push(libc::pollfd {
            fd,
            events: pair[1].small_int().unwrap_or(0) as i16,
            revents: 0,
        });
    }
    wait(cx, end, |ms| os::poll(&mut polled, ms))?;
    let mut ready = RootVec::new();
    for p in polled.iter().filter(|p| p.revents != 0) {
        let events = Value::small((p.revents as u16).into());
        let pair = cx.new_tuple(&[Value::small(p.fd.into()), events])?;
        ready.push(cx, pair)?;
    }
    new_list(cx, ready.as_slice())
}

// ---- epoll ----------------------------------------------------------------------------------

const FD: usize = 2;

static EPOLL: TypeDef = TypeDef {
    name: "epoll",
    module: "select",
    body: Body::Words(Kind::Record, 3),
    static_methods: &[row(
        "__new__",
        "(cls, sizehint=-1, flags=0)",
        Effect::Irrevocable,
        new_epoll,
    )],
    class_methods: &[row("fromfd", "(cls, fd, /)", Effect::Transactional, from_fd)],
    methods: &[
        row("register", "(self, fd, eventmask=7)", Effect::Irrevocable, |cx, args| {
            control(cx, args, libc::EPOLL_CTL_ADD)
        }),
        row("modify", "(self, fd, eventmask)", Effect::Irrevocable, |cx, args| {
            control(cx, args, libc::EPOLL_CTL_MOD)
        }),
        row("unregister", "(self, fd)", Effect::Irrevocable, |cx, args| {
            control(cx, args, libc::EPOLL_CTL_DEL)
        }),
        row("poll", "(self, timeout=None, maxevents=-1)", Effect::Blocking, epoll_poll),
        row("close", "(self, /)", Effect::Irrevocable, close),
        row("fileno", "(self, /)", Effect::Transactional, |cx, args| {
            Ok(Value::small(epoll_fd(cx, args.this_obj())?.into()))
        }),
        row("__enter__", "(self, /)", Effect::Transactional, |cx, args| {
            epoll_fd(cx, args.this_obj())?;
            Ok(args.this())
        }),
        row("__exit__", "(self, /, *args)", Effect::Irrevocable, close),
        row("__del__", "(self, /)", Effect::Irrevocable, close),
    ],
    getset: &[GetSetDef {
        name: "closed",
        get: |cx, v| match v.obj() {
            Some(o) => Ok((cx.read(o, FD)? == Value::small(-1)).into()),
            None => Ok(Value::TRUE),
        },
        set: None,
        doc: "True if the epoll handler is closed",
    }],
    doc: "Returns an epolling object.",
    ..TypeDef::BASE
};

fn make_epoll(cx: &mut Cx, class: Value, fd: i32) -> Completion<Value> {
    let class = match class.obj() {
        Some(class) => class,
        None => cx.type_for(&EPOLL)?,
    };
    let o = cx.new_instance(class)?;
    o.init(FD, Value::small(fd.into()));
    Ok(o.into())
}

fn new_epoll(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (hint, flags) = (int_arg(cx, args.get(1))?, int_arg(cx, args.get(2))?);
    if hint != -1 && hint <= 0 {
        return raise!(cx, ValueError, "sizehint must be positive or -1");
    }
    if flags != 0 && flags != libc::EPOLL_CLOEXEC {
        return raise!(cx, OSError, "invalid flags");
    }
    match os::plain(Plain::EpollCreate, 0, 0, 0) {
        Ok(fd) => make_epoll(cx, args.get(0), fd),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn from_fd(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(1))?;
    make_epoll(cx, args.get(0), fd)
}

fn epoll_fd(cx: &mut Cx, o: Obj) -> Completion<i32> {
    match cx.read(o, FD)?.small_int() {
        Some(fd) if fd >= 0 => Ok(fd as i32),
        _ => raise!(cx, ValueError, "I/O operation on closed epoll object"),
    }
}

fn control(cx: &mut Cx, args: Args<'_>, operation: i32) -> Completion<Value> {
    let set = epoll_fd(cx, args.this_obj())?;
    let fd = fd_arg(cx, args.get(1))?;
    let events = match args.opt(2) {
        Some(v) => convert::index_i64(cx, v)? as u32,
        None => 0,
    };
    match os::epoll_control(set, operation, fd, events) {
        Ok(()) => Ok(Value::NONE),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn epoll_poll(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let set = epoll_fd(cx, args.this_obj())?;
    let end = end_of(cx, args.not_none(1), 1.0, "timeout")?;
    let most = convert::index_i64(cx, args.get(2))?;
    let most = match most {
        -1 => 1023,
        n if n < 1 => {
            return raise!(cx, ValueError, "maxevents must be greater than 0, got {n}");
        }
        n => n.min(1 << 16) as usize,
    };
    let found = wait(cx, end, |ms| os::epoll_wait(set, most, ms))?;
    let mut ready = RootVec::new();
    for (fd, events) in found {
        let pair = cx.new_tuple(&[Value::small(fd.into()), Value::small(events.into())])?;
        ready.push(cx, pair)?;
    }
    new_list(cx, ready.as_slice())
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let fd = cx.read(o, FD)?.small_int().unwrap_or(-1);
    cx.set(o, FD, Value::small(-1))?;
    if fd >= 0
        && let Err(errno) = os::close(fd as i32)
    {
        return Err(os_error(cx, errno, Value::UNBOUND));
    }
    Ok(Value::NONE)
}

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

const INTS: &[(&str, i64)] = &[
    ("POLLIN", libc::POLLIN as i64),
    ("POLLPRI", libc::POLLPRI as i64),
    ("POLLOUT", libc::POLLOUT as i64),
    ("POLLERR", libc::POLLERR as i64),
    ("POLLHUP", libc::POLLHUP as i64),
    ("POLLNVAL", libc::POLLNVAL as i64),
    ("POLLRDNORM", libc::POLLRDNORM as i64),
    ("POLLRDBAND", libc::POLLRDBAND as i64),
    ("POLLWRNORM", libc::POLLWRNORM as i64),
    ("POLLWRBAND", libc::POLLWRBAND as i64),
    ("POLLMSG", 0x400),
    ("POLLRDHUP", libc::POLLRDHUP as i64),
    ("EPOLLIN", libc::EPOLLIN as i64),
    ("EPOLLOUT", libc::EPOLLOUT as i64),
    ("EPOLLPRI", libc::EPOLLPRI as i64),
    ("EPOLLERR", libc::EPOLLERR as i64),
    ("EPOLLHUP", libc::EPOLLHUP as i64),
    ("EPOLLRDHUP", libc::EPOLLRDHUP as i64),
    ("EPOLLET", libc::EPOLLET as u32 as i64),
    ("EPOLLONESHOT", libc::EPOLLONESHOT as i64),
    ("EPOLLEXCLUSIVE", libc::EPOLLEXCLUSIVE as i64),
    ("EPOLLWAKEUP", libc::EPOLLWAKEUP as i64),
    ("EPOLLRDNORM", libc::EPOLLRDNORM as i64),
    ("EPOLLRDBAND", libc::EPOLLRDBAND as i64),
    ("EPOLLWRNORM", libc::EPOLLWRNORM as i64),
    ("EPOLLWRBAND", libc::EPOLLWRBAND as i64),
    ("EPOLLMSG", libc::EPOLLMSG as i64),
    ("EPOLL_CLOEXEC", libc::EPOLL_CLOEXEC as i64),
    ("PIPE_BUF", libc::PIPE_BUF as i64),
];

/// `select`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "select",
    doc: "This module supports asynchronous I/O on multiple file descriptors.",
    functions: &[
        row("select", "(rlist, wlist, xlist, timeout=None, /)", Effect::Blocking, select),
        row("poll", "()", Effect::Transactional, new_poll),
    ],
    types: &[&EPOLL],
    exec: |cx, module| {
        set_ints(cx, module, INTS)?;
        let error = cx.class(T::OSError);
        set(cx, module, "error", error.into())
    },
};
