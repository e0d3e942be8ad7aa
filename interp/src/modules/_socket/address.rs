//! Addresses: tuples, paths and packed bytes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use taipan_objects::{
    Args, Completion, Cx, Kind, Value,
    protocol::convert,
    raise,
    types::{buffer, bytes, str as string},
};

use super::{resolve, resolver_text};
use crate::{
    modules::posix::{decode, encode, files::int_arg},
    os::Address,
};

/// The host of an address as text.
pub(super) fn host_text(address: &Address) -> String {
    match address {
        Address::V4(ip, _) => ip.to_string(),
        Address::V6(ip, ..) => ip.to_string(),
        _ => String::new(),
    }
}

/// An address as Python sees it.
pub(super) fn write(cx: &mut Cx, address: &Address) -> Completion<Value> {
    match address {
        Address::None => Ok(Value::NONE),
        Address::Other(family) => {
            let data = bytes::new(cx, &[])?;
            cx.new_tuple(&[Value::small((*family).into()), data])
        }
        Address::V4(ip, port) => {
            let host = cx.new_str(&ip.to_string())?;
            cx.new_tuple(&[host, Value::small((*port).into())])
        }
        Address::V6(ip, port, flow, scope) => {
            let host = cx.new_str(&ip.to_string())?;
            cx.new_tuple(&[
                host,
                Value::small((*port).into()),
                Value::small((*flow).into()),
                Value::small((*scope).into()),
            ])
        }
        Address::Unix(path) if path.first() == Some(&0) => bytes::new(cx, path),
        Address::Unix(path) => decode(cx, path),
    }
}

/// An address argument of `caller`. Host names are resolved.
pub(super) fn read(cx: &mut Cx, family: i32, v: Value, caller: &str) -> Completion<Address> {
    match family {
        libc::AF_UNIX => {
            if let Some(text) = string::wtf8(v) {
                return Ok(Address::Unix(encode(text.as_bytes())));
            }
            Ok(Address::Unix(buffer::expect_bytes(cx, v)?.into_owned()))
        }
        libc::AF_INET | libc::AF_INET6 => internet(cx, family, v, caller),
        _ => raise!(cx, OSError, "{caller}(): bad family"),
    }
}

fn internet(cx: &mut Cx, family: i32, v: Value, caller: &str) -> Completion<Address> {
    let is_v6 = family == libc::AF_INET6;
    let name = if is_v6 { "AF_INET6" } else { "AF_INET" };
    let Some(parts) = v.obj().filter(|o| o.kind() == Kind::Tuple) else {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "{caller}(): {name} address must be tuple, not {got}");
    };
    let items = parts.items();
    let fits = if is_v6 { (2..=4).contains(&items.len()) } else { items.len() == 2 };
    if !fits {
        let pair = if is_v6 { "(host, port[, flowinfo[, scopeid]])" } else { "pair (host, port)" };
        let what = if is_v6 { "a tuple" } else { "a" };
        return raise!(cx, TypeError, "{name} address must be {what} {pair}");
    }
    let port = convert::index_i64(cx, items[1])?;
    let Ok(port) = u16::try_from(port) else {
        return raise!(cx, OverflowError, "{caller}(): port must be 0-65535.");
    };
    let ip = host(cx, family, items[0])?;
    let mut more = [0; 2];
    for (slot, &v) in more.iter_mut().zip(&items[2..]) {
        *slot = convert::index_i64(cx, v)? as u32;
    }
    if more[0] > 0xF_FFFF {
        return raise!(cx, OverflowError, "{caller}(): flowinfo must be 0-1048575.");
    }
    Ok(match ip {
        IpAddr::V4(ip) => Address::V4(ip, port),
        IpAddr::V6(ip) => Address::V6(ip, port, more[0], more[1]),
    })
}

fn host(cx: &mut Cx, family: i32, v: Value) -> Completion<IpAddr> {
    let is_v6 = family == libc::AF_INET6;
    let Some(text) = resolver_text(cx, v, "host")? else {
        return raise!(cx, TypeError, "str, bytes or bytearray expected, not NoneType");
    };
    let shown = text.to_string_lossy();
    match shown.as_ref() {
        "" if is_v6 => return Ok(Ipv6Addr::UNSPECIFIED.into()),
        "" => return Ok(Ipv4Addr::UNSPECIFIED.into()),
        "<broadcast>" if !is_v6 => return Ok(Ipv4Addr::BROADCAST.into()),
        _ => {}
    }
    if let Ok(ip) = shown.parse::<IpAddr>()
        && ip.is_ipv6() == is_v6
    {
        return Ok(ip);
    }
    let all = resolve(cx, Some(&text), None, [family, 0, 0, 0])?;
    let found = all.iter().find_map(|info| match &info.address {
        Address::V4(ip, _) => Some(IpAddr::V4(*ip)),
        Address::V6(ip, ..) => Some(IpAddr::V6(*ip)),
        _ => None,
    });
    match found {
        Some(ip) => Ok(ip),
        None => raise!(cx, OSError, "wildcard resolved to multiple address"),
    }
}

/// The numbers of the C library's loose notation: `1.2.3.4`, `1.2.772`, `0x7f.1`, `16909060`.
fn loose_v4(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<&str> = text.split('.').collect();
    let mut numbers = Vec::new();
    for part in &parts {
        let n = match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None if part.len() > 1 && part.starts_with('0') => u32::from_str_radix(&part[1..], 8),
            None => part.parse(),
        };
        numbers.push(n.ok()?);
    }
    let (last, first) = numbers.split_last()?;
    if first.len() > 3 || first.iter().any(|n| *n > 255) {
        return None;
    }
    let n_bits = 8 * (4 - first.len() as u32);
    if n_bits < 32 && *last >> n_bits != 0 {
        return None;
    }
    let head = first.iter().enumerate().map(|(i, n)| n << (24 - 8 * i)).sum::<u32>();
    Some(Ipv4Addr::from(head | last))
}

pub(super) fn inet_aton(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let text = convert::expect_str(cx, args.get(0), "inet_aton() argument 1")?;
    match loose_v4(text) {
        Some(ip) => bytes::new(cx, &ip.octets()),
        None => raise!(cx, OSError, "illegal IP address string passed to inet_aton"),
    }
}

pub(super) fn inet_ntoa(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(0))?;
    match <[u8; 4]>::try_from(&*data) {
        Ok(octets) => cx.new_str(&Ipv4Addr::from(octets).to_string()),
        Err(_) => raise!(cx, OSError, "packed IP wrong length"),
    }
}

pub(super) fn inet_pton(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let family = int_arg(cx, args.get(0))?;
    let text = convert::expect_str(cx, args.get(1), "inet_pton() argument 2")?;
    let packed = match family {
        libc::AF_INET => text.parse::<Ipv4Addr>().ok().map(|ip| ip.octets().to_vec()),
        libc::AF_INET6 => text.parse::<Ipv6Addr>().ok().map(|ip| ip.octets().to_vec()),
        _ => return raise!(cx, OSError, "unknown address family"),
    };
    match packed {
        Some(packed) => bytes::new(cx, &packed),
        None => raise!(cx, OSError, "illegal IP address string passed to inet_pton"),
    }
}

pub(super) fn inet_ntop(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let family = int_arg(cx, args.get(0))?;
    let data = buffer::expect_bytes(cx, args.get(1))?;
    let text = match family {
        libc::AF_INET => <[u8; 4]>::try_from(&*data).ok().map(|b| Ipv4Addr::from(b).to_string()),
        libc::AF_INET6 => <[u8; 16]>::try_from(&*data).ok().map(|b| Ipv6Addr::from(b).to_string()),
        _ => return raise!(cx, ValueError, "unknown address family {family}"),
    };
    match text {
        Some(text) => cx.new_str(&text),
        None => raise!(cx, ValueError, "invalid length of packed IP address string"),
    }
}
