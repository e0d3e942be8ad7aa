//! `_socket`: the network.
//!
//! Reading order: this file (functions of the module), `object.rs` (sockets), `address.rs` (addresses), `constants.rs`.
//! System calls run outside of transactions.

mod address;
mod constants;
mod object;

use std::ffi::{CStr, CString};

use taipan_objects::{
    Args, Completion, Cx, Effect, Escape, NativeDef, Obj, T, Value,
    native::NativeFn,
    protocol::{self, RootVec, convert},
    raise,
    types::{buffer, bytes, dict, exc_fields::os_error, str as string},
};

use super::{
    ModuleDef, namespace,
    posix::{blocking, files::int_arg},
    set, set_exception, set_ints,
};
use crate::{
    os::{self, Address},
    vm::exec::containers::new_list,
};

/// Key of the module's namespace with the time-out of new sockets.
const DEFAULT_TIMEOUT: &str = "_default_timeout";

fn own_namespace(cx: &mut Cx) -> Completion<Option<Obj>> {
    let module = cx.world.import_module(cx, "_socket")?;
    Ok(module.obj().and_then(namespace))
}

/// The time-out of new sockets.
fn default_timeout(cx: &mut Cx) -> Completion<Value> {
    let name = cx.intern(DEFAULT_TIMEOUT)?;
    match own_namespace(cx)? {
        Some(d) => Ok(dict::get_item_name(cx, d, name)?.bound().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

fn set_default_timeout(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let timeout = object::timeout_arg(cx, args.get(0))?;
    let name = cx.intern(DEFAULT_TIMEOUT)?;
    if let Some(d) = own_namespace(cx)? {
        dict::set_item(cx, d, name, timeout)?;
    }
    Ok(Value::NONE)
}

/// Raises `gaierror`.
fn resolve_error(cx: &mut Cx, error: &os::ResolveError) -> Escape {
    let made = (|| {
        let name = cx.intern("gaierror")?;
        let class = match own_namespace(cx)? {
            Some(d) => dict::get_item_name(cx, d, name)?,
            None => Value::UNBOUND,
        };
        let text = cx.new_str(&error.1)?;
        protocol::call(cx, class, &[Value::small(error.0.into()), text])
    })();
    match made {
        Ok(v) => match v.obj() {
            Some(e) => Escape::raise(e),
            None => os_error(cx, libc::EIO, Value::UNBOUND),
        },
        Err(escape) => escape,
    }
}

/// Host and service for the resolver: `None`, text or bytes; services also as numbers.
fn resolver_text(cx: &mut Cx, v: Value, what: &str) -> Completion<Option<CString>> {
    if v.is_none() {
        return Ok(None);
    }
    let raw = if let Some(text) = string::text(v) {
        if text.is_ascii() {
            text.as_bytes().to_vec()
        } else {
            let (encode, idna) = (cx.intern("encode")?, cx.intern("idna")?);
            let v = protocol::call_method(cx, v, encode, &[idna])?;
            buffer::expect_bytes(cx, v)?.into_owned()
        }
    } else if let Some(b) = bytes::exact(v) {
        b.raw_bytes().to_vec()
    } else if what == "port" && convert::as_int(v).is_some() {
        convert::index_i64(cx, v)?.to_string().into_bytes()
    } else if what == "port" {
        return raise!(cx, OSError, "Int or String expected");
    } else {
        return raise!(cx, TypeError, "getaddrinfo() argument 1 must be string or None");
    };
    match CString::new(raw) {
        Ok(text) => Ok(Some(text)),
        Err(_) => raise!(cx, ValueError, "embedded null character"),
    }
}

/// Asks the resolver, outside of transactions.
fn resolve(
    cx: &mut Cx,
    host: Option<&CStr>,
    service: Option<&CStr>,
    hints: [i32; 4],
) -> Completion<Vec<os::Info>> {
    let mut result = Ok(Vec::new());
    let run = cx.world.upcalls().blocking;
    run(cx, &mut || result = os::addresses(host, service, hints))?;
    result.map_err(|error| resolve_error(cx, &error))
}

fn getaddrinfo(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let host = resolver_text(cx, args.get(0), "host")?;
    let service = resolver_text(cx, args.get(1), "port")?;
    let mut hints = [0; 4];
    for (i, hint) in hints.iter_mut().enumerate() {
        *hint = int_arg(cx, args.get(2 + i))?;
    }
    let all = resolve(cx, host.as_deref(), service.as_deref(), hints)?;
    let mut list = RootVec::new();
    for info in &all {
        let name = cx.new_str(&info.name)?;
        let place = address::write(cx, &info.address)?;
        let [family, kind, protocol] = info.kind.map(|n| Value::small(n.into()));
        let entry = cx.new_tuple(&[family, kind, protocol, name, place])?;
        list.push(cx, entry)?;
    }
    new_list(cx, list.as_slice())
}

fn getnameinfo(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let flags = int_arg(cx, args.get(1))?;
    let Some(parts) = args.get(0).obj().filter(|o| o.kind() == taipan_objects::Kind::Tuple) else {
        return raise!(cx, TypeError, "getnameinfo() argument 1 must be a tuple");
    };
    let host = parts.items().first().copied().unwrap_or(Value::NONE);
    let is_v6 = string::text(host).is_some_and(|host| host.contains(':'));
    let family = if is_v6 { libc::AF_INET6 } else { libc::AF_INET };
    let place = address::read(cx, family, args.get(0), "getnameinfo")?;
    let mut result = Ok((String::new(), String::new()));
    let run = cx.world.upcalls().blocking;
    run(cx, &mut || result = os::names_of(&place, flags))?;
    let (host, service) = result.map_err(|error| resolve_error(cx, &error))?;
    let (host, service) = (cx.new_str(&host)?, cx.new_str(&service)?);
    cx.new_tuple(&[host, service])
}

fn gethostname(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let [_, name, ..] = os::uname();
    cx.new_str(&name)
}

fn first_v4(cx: &mut Cx, host: Value) -> Completion<String> {
    let text = resolver_text(cx, host, "host")?;
    let all = resolve(cx, text.as_deref(), None, [libc::AF_INET, libc::SOCK_STREAM, 0, 0])?;
    Ok(all
        .iter()
        .find_map(|info| match &info.address {
            Address::V4(ip, _) => Some(ip.to_string()),
            _ => None,
        })
        .unwrap_or_default())
}

fn gethostbyname(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let text = first_v4(cx, args.get(0))?;
    cx.new_str(&text)
}

/// Name, other names (none: the resolver does not tell), addresses.
fn gethostbyname_ex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let text = resolver_text(cx, args.get(0), "host")?;
    let hints = [libc::AF_INET, libc::SOCK_STREAM, 0, libc::AI_CANONNAME];
    let all = resolve(cx, text.as_deref(), None, hints)?;
    let name = all.first().map_or(String::new(), |info| info.name.clone());
    let mut list = RootVec::new();
    for info in &all {
        if let Address::V4(ip, _) = &info.address {
            let v = cx.new_str(&ip.to_string())?;
            list.push(cx, v)?;
        }
    }
    let (name, none) = (cx.new_str(&name)?, new_list(cx, &[])?);
    let list = new_list(cx, list.as_slice())?;
    cx.new_tuple(&[name, none, list])
}

fn gethostbyaddr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let text = resolver_text(cx, args.get(0), "host")?;
    let all = resolve(cx, text.as_deref(), None, [0, libc::SOCK_STREAM, 0, 0])?;
    let Some(info) = all.first() else { return raise!(cx, OSError, "unknown host") };
    let mut result = Ok((String::new(), String::new()));
    let run = cx.world.upcalls().blocking;
    run(cx, &mut || result = os::names_of(&info.address, libc::NI_NAMEREQD))?;
    let (name, _) = result.map_err(|error| resolve_error(cx, &error))?;
    let shown = address::host_text(&info.address);
    let (name, none) = (cx.new_str(&name)?, new_list(cx, &[])?);
    let shown = cx.new_str(&shown)?;
    let list = new_list(cx, &[shown])?;
    cx.new_tuple(&[name, none, list])
}

fn getservbyname(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = resolver_text(cx, args.get(0), "service")?.unwrap_or_default();
    let protocol = match args.opt(1) {
        Some(v) => resolver_text(cx, v, "protocol")?,
        None => None,
    };
    match os::service_port(&name, protocol.as_deref()) {
        Some(port) => Ok(Value::small(port.into())),
        None => raise!(cx, OSError, "service/proto not found"),
    }
}

fn getservbyport(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Ok(port) = u16::try_from(int_arg(cx, args.get(0))?) else {
        return raise!(cx, OverflowError, "getservbyport: port must be 0-65535.");
    };
    let protocol = match args.opt(1) {
        Some(v) => resolver_text(cx, v, "protocol")?,
        None => None,
    };
    match os::service_name(port, protocol.as_deref()) {
        Some(name) => cx.new_str(&name),
        None => raise!(cx, OSError, "port/proto not found"),
    }
}

fn socketpair(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut n = [libc::AF_UNIX, libc::SOCK_STREAM, 0];
    for (i, slot) in n.iter_mut().enumerate() {
        if let Some(v) = args.not_none(i) {
            *slot = int_arg(cx, v)?;
        }
    }
    match os::socket_pair(n[0], n[1], n[2]) {
        Ok(fds) => {
            let a = object::make(cx, fds[0], n)?;
            let b = object::make(cx, fds[1], n)?;
            cx.new_tuple(&[a, b])
        }
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    match os::close(fd) {
        Ok(()) | Err(libc::ECONNRESET) => Ok(Value::NONE),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn dup(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    match os::dup(fd, None) {
        Ok(fd) => Ok(Value::small(fd.into())),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn swap16(cx: &mut Cx, args: Args<'_>, name: &str) -> Completion<Value> {
    let n = convert::index_i64(cx, args.get(0))?;
    match u16::try_from(n) {
        Ok(n) => Ok(Value::small(n.to_be().into())),
        Err(_) if n < 0 => {
            raise!(
                cx,
                OverflowError,
                "{name}: can't convert negative Python int to C 16-bit unsigned integer"
            )
        }
        Err(_) => {
            raise!(
                cx,
                OverflowError,
                "{name}: Python int too large to convert to C 16-bit unsigned integer"
            )
        }
    }
}

fn swap32(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = convert::index_i64(cx, args.get(0))?;
    match u32::try_from(n) {
        Ok(n) => Ok(Value::small(n.to_be().into())),
        Err(_) if n < 0 => {
            raise!(cx, OverflowError, "can't convert negative value to unsigned int")
        }
        Err(_) => raise!(cx, OverflowError, "int larger than 32 bits"),
    }
}

fn sethostname(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = resolver_text(cx, args.get(0), "host")?.unwrap_or_default();
    match os::set_host_name(&name) {
        Ok(()) => Ok(Value::NONE),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn if_nametoindex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = resolver_text(cx, args.get(0), "interface")?.unwrap_or_default();
    match os::interface(Some(&name), 0) {
        Some((index, _)) => Ok(Value::small(index.into())),
        None => raise!(cx, OSError, "no interface with this name"),
    }
}

fn if_indextoname(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let index = convert::index_big(cx, args.get(0))?;
    let Ok(index) = u32::try_from(index) else {
        return if index < 0 {
            raise!(cx, OverflowError, "can't convert negative value to unsigned int")
        } else {
            raise!(cx, OverflowError, "Python int too large to convert to C unsigned int")
        };
    };
    match os::interface(None, index) {
        Some((_, name)) => cx.new_str(&name),
        None => Err(os_error(cx, libc::ENXIO, Value::UNBOUND)),
    }
}

fn if_nameindex(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let mut list = RootVec::new();
    for entry in std::fs::read_dir("/sys/class/net").into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let found = CString::new(name).ok().and_then(|name| os::interface(Some(&name), 0));
        if let Some((index, name)) = found {
            let name = cx.new_str(&name)?;
            let pair = cx.new_tuple(&[Value::small(index.into()), name])?;
            list.push(cx, pair)?;
        }
    }
    new_list(cx, list.as_slice())
}

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

use Effect::{Blocking, Irrevocable, Transactional};

const FUNCTIONS: &[NativeDef] = &[
    row(
        "getaddrinfo",
        "(host, port, family=0, type=0, proto=0, flags=0)",
        Blocking,
        audited!("socket.getaddrinfo" [0, 1, 2, 3, 4], getaddrinfo),
    ),
    row(
        "getnameinfo",
        "(sockaddr, flags, /)",
        Blocking,
        audited!("socket.getnameinfo"[0], getnameinfo),
    ),
    row("gethostname", "()", Transactional, audited!("socket.gethostname" [], gethostname)),
    row("sethostname", "(name, /)", Irrevocable, audited!("socket.sethostname"[0], sethostname)),
    row("gethostbyname", "(host, /)", Blocking, audited!("socket.gethostbyname"[0], gethostbyname)),
    row(
        "gethostbyname_ex",
        "(host, /)",
        Blocking,
        audited!("socket.gethostbyname"[0], gethostbyname_ex),
    ),
    row(
        "gethostbyaddr",
        "(ip_address, /)",
        Blocking,
        audited!("socket.gethostbyaddr"[0], gethostbyaddr),
    ),
    row(
        "getservbyname",
        "(servicename, protocolname=<unset>, /)",
        Irrevocable,
        audited!("socket.getservbyname" [0, 1], getservbyname),
    ),
    row(
        "getservbyport",
        "(port, protocolname=<unset>, /)",
        Irrevocable,
        audited!("socket.getservbyport" [0, 1], getservbyport),
    ),
    row("socketpair", "(family=None, type=None, proto=None, /)", Irrevocable, socketpair),
    row("close", "(fd, /)", Irrevocable, close),
    row("dup", "(fd, /)", Irrevocable, dup),
    row("getdefaulttimeout", "()", Transactional, |cx, _| default_timeout(cx)),
    row("setdefaulttimeout", "(timeout, /)", Transactional, set_default_timeout),
    row("htons", "(integer, /)", Transactional, |cx, args| swap16(cx, args, "htons")),
    row("ntohs", "(integer, /)", Transactional, |cx, args| swap16(cx, args, "ntohs")),
    row("htonl", "(integer, /)", Transactional, swap32),
    row("ntohl", "(integer, /)", Transactional, swap32),
    row("inet_aton", "(ip_addr, /)", Transactional, address::inet_aton),
    row("inet_ntoa", "(packed_ip, /)", Transactional, address::inet_ntoa),
    row("inet_pton", "(address_family, ip_string, /)", Transactional, address::inet_pton),
    row("inet_ntop", "(address_family, packed_ip, /)", Transactional, address::inet_ntop),
    row("if_nametoindex", "(oname, /)", Transactional, if_nametoindex),
    row("if_indextoname", "(if_index, /)", Transactional, if_indextoname),
    row("if_nameindex", "()", Transactional, if_nameindex),
];

fn exec(cx: &mut Cx, module: Obj) -> Completion<()> {
    set_ints(cx, module, constants::INTS)?;
    for name in ["gaierror", "herror"] {
        set_exception(cx, module, ("socket", name), &[cx.class(T::OSError).into()])?;
    }
    let (error, timeout) = (cx.class(T::OSError), cx.class(T::TimeoutError));
    set(cx, module, "error", error.into())?;
    set(cx, module, "timeout", timeout.into())?;
    let class = cx.type_for(&object::SOCKET)?;
    set(cx, module, "SocketType", class.into())?;
    set(cx, module, "has_ipv6", Value::TRUE)
}

/// `_socket`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "_socket",
    doc: "Implementation module for socket operations.\n\nSee the socket module for documentation.",
    functions: FUNCTIONS,
    types: &[&object::SOCKET],
    exec,
};

/// Waits for a descriptor outside of transactions.
fn wait(cx: &mut Cx, fd: i32, events: i16, timeout_ms: i32) -> Completion<bool> {
    let mut list = [libc::pollfd { fd, events, revents: 0 }];
    let n = blocking(cx, Value::UNBOUND, || os::poll(&mut list, timeout_ms))?;
    Ok(n > 0)
}
