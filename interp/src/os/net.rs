//! Sockets and addresses.

use std::{
    ffi::{CStr, CString},
    net::{Ipv4Addr, Ipv6Addr},
};

use super::{OsResult, check};

/// Where a socket is or goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// No address, as the unnamed peer of a pair has.
    None,
    /// Internet, with port.
    V4(Ipv4Addr, u16),
    /// Internet, with port, flow information and scope.
    V6(Ipv6Addr, u16, u32, u32),
    /// A path, or with a NUL byte in front a name without file.
    Unix(Vec<u8>),
    /// Of a family that is not known here.
    Other(u16),
}

/// An address as the kernel takes it.
struct Raw {
    storage: libc::sockaddr_storage,
    len: libc::socklen_t,
}

impl Raw {
    fn empty() -> Self {
        // SAFETY: all-zero is a valid `sockaddr_storage` of no family.
        let storage = unsafe { std::mem::zeroed() };
        Self { storage, len: size_of::<libc::sockaddr_storage>() as libc::socklen_t }
    }

    fn ptr(&self) -> *const libc::sockaddr {
        (&raw const self.storage).cast()
    }

    fn ptr_mut(&mut self) -> *mut libc::sockaddr {
        (&raw mut self.storage).cast()
    }

    fn encode(address: &Address) -> OsResult<Self> {
        let mut raw = Self::empty();
        match address {
            Address::None | Address::Other(_) => raw.len = 2,
            Address::V4(ip, port) => {
                let it = libc::sockaddr_in {
                    sin_family: libc::AF_INET as u16,
                    sin_port: port.to_be(),
                    sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes(ip.octets()) },
                    sin_zero: [0; 8],
                };
                // SAFETY: the storage is larger and aligned for every kind of address.
                unsafe { (&raw mut raw.storage).cast::<libc::sockaddr_in>().write(it) };
                raw.len = size_of::<libc::sockaddr_in>() as libc::socklen_t;
            }
            Address::V6(ip, port, flow, scope) => {
                let it = libc::sockaddr_in6 {
                    sin6_family: libc::AF_INET6 as u16,
                    sin6_port: port.to_be(),
                    sin6_flowinfo: flow.to_be(),
                    sin6_addr: libc::in6_addr { s6_addr: ip.octets() },
                    sin6_scope_id: *scope,
                };
                // SAFETY: as above.
                unsafe { (&raw mut raw.storage).cast::<libc::sockaddr_in6>().write(it) };
                raw.len = size_of::<libc::sockaddr_in6>() as libc::socklen_t;
            }
            Address::Unix(path) => {
                // SAFETY: all-zero is a valid `sockaddr_un`.
                let mut it: libc::sockaddr_un = unsafe { std::mem::zeroed() };
                it.sun_family = libc::AF_UNIX as u16;
                let is_name = path.first() == Some(&0);
                if path.len() + usize::from(!is_name) > it.sun_path.len() {
                    return Err(libc::ENAMETOOLONG);
                }
                for (to, from) in it.sun_path.iter_mut().zip(path) {
                    *to = *from as libc::c_char;
                }
                // SAFETY: as above.
                unsafe { (&raw mut raw.storage).cast::<libc::sockaddr_un>().write(it) };
                raw.len = (2 + path.len() + usize::from(!is_name)) as libc::socklen_t;
            }
        }
        Ok(raw)
    }

    fn decode(&self) -> Address {
        match i32::from(self.storage.ss_family) {
            _ if self.len < 2 => Address::None,
            libc::AF_INET => {
                // SAFETY: the family says what the storage holds.
                let it = unsafe { (&raw const self.storage).cast::<libc::sockaddr_in>().read() };
                let ip = Ipv4Addr::from(it.sin_addr.s_addr.to_ne_bytes());
                Address::V4(ip, u16::from_be(it.sin_port))
            }
            libc::AF_INET6 => {
                // SAFETY: as above.
                let it = unsafe { (&raw const self.storage).cast::<libc::sockaddr_in6>().read() };
                let ip = Ipv6Addr::from(it.sin6_addr.s6_addr);
                let flow = u32::from_be(it.sin6_flowinfo);
                Address::V6(ip, u16::from_be(it.sin6_port), flow, it.sin6_scope_id)
            }
            libc::AF_UNIX => {
                // SAFETY: as above.
                let it = unsafe { (&raw const self.storage).cast::<libc::sockaddr_un>().read() };
                let n = (self.len as usize).saturating_sub(2).min(it.sun_path.len());
                let bytes: Vec<u8> = it.sun_path[..n].iter().map(|c| *c as u8).collect();
                if bytes.first().is_none_or(|b| *b == 0) {
                    return Address::Unix(bytes);
                }
                let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
                Address::Unix(bytes[..end].to_vec())
            }
            0 => Address::None,
            other => Address::Other(other as u16),
        }
    }
}

/// `bind`.
///
/// # Errors
/// The operating system's.
pub fn bind(fd: i32, address: &Address) -> OsResult<()> {
    let raw = Raw::encode(address)?;
    // SAFETY: the address is live and has the length passed.
    check(unsafe { libc::bind(fd, raw.ptr(), raw.len) }.into()).map(drop)
}

/// `connect`.
///
/// # Errors
/// The operating system's.
pub fn connect(fd: i32, address: &Address) -> OsResult<()> {
    let raw = Raw::encode(address)?;
    // SAFETY: the address is live and has the length passed.
    check(unsafe { libc::connect(fd, raw.ptr(), raw.len) }.into()).map(drop)
}

/// `accept`: the new descriptor, not inheritable, and where it comes from.
///
/// # Errors
/// The operating system's.
pub fn accept(fd: i32) -> OsResult<(i32, Address)> {
    let mut raw = Raw::empty();
    let (at, len) = (raw.ptr_mut(), &raw mut raw.len);
    // SAFETY: the address is live and has room for the length passed.
    let new = check(unsafe { libc::accept4(fd, at, len, libc::SOCK_CLOEXEC) }.into())?;
    Ok((new as i32, raw.decode()))
}

/// Where a socket is (`peer`: what it is connected to).
///
/// # Errors
/// The operating system's.
pub fn socket_address(fd: i32, peer: bool) -> OsResult<Address> {
    let mut raw = Raw::empty();
    let (at, len) = (raw.ptr_mut(), &raw mut raw.len);
    // SAFETY: the address is live and has room for the length passed.
    let done = unsafe {
        if peer { libc::getpeername(fd, at, len) } else { libc::getsockname(fd, at, len) }
    };
    check(done.into())?;
    Ok(raw.decode())
}

/// Two connected sockets, not inheritable.
///
/// # Errors
/// The operating system's.
pub fn socket_pair(family: i32, kind: i32, protocol: i32) -> OsResult<[i32; 2]> {
    let mut fds = [0; 2];
    let kind = kind | libc::SOCK_CLOEXEC;
    // SAFETY: `fds` has room for two descriptors.
    check(unsafe { libc::socketpair(family, kind, protocol, fds.as_mut_ptr()) }.into())?;
    Ok(fds)
}

/// Sends bytes, to an address if one is given.
///
/// # Errors
/// The operating system's.
pub fn send(fd: i32, data: &[u8], flags: i32, to: Option<&Address>) -> OsResult<usize> {
    let raw = to.map(Raw::encode).transpose()?;
    let (at, len) = raw.as_ref().map_or((std::ptr::null(), 0), |raw| (raw.ptr(), raw.len));
    let flags = flags | libc::MSG_NOSIGNAL;
    // SAFETY: data and address are live and have the lengths passed.
    let n = unsafe { libc::sendto(fd, data.as_ptr().cast(), data.len(), flags, at, len) };
    Ok(check(n as i64)? as usize)
}

/// Receives bytes and tells where they come from.
///
/// # Errors
/// The operating system's.
pub fn receive(fd: i32, buffer: &mut [u8], flags: i32) -> OsResult<(usize, Address)> {
    let mut raw = Raw::empty();
    let (at, len) = (raw.ptr_mut(), &raw mut raw.len);
    // SAFETY: buffer and address are live and have the lengths passed.
    let n = unsafe { libc::recvfrom(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags, at, len) };
    let n = check(n as i64)? as usize;
    Ok((n, raw.decode()))
}

/// Sets an option.
///
/// # Errors
/// The operating system's.
pub fn set_option(
    fd: i32,
    level: i32,
    option: i32,
    value: Option<&[u8]>,
    len: u32,
) -> OsResult<()> {
    let (at, len) = match value {
        Some(value) => (value.as_ptr().cast(), value.len() as libc::socklen_t),
        None => (std::ptr::null(), len),
    };
    // SAFETY: the value is live and has the length passed, or is null.
    check(unsafe { libc::setsockopt(fd, level, option, at, len) }.into()).map(drop)
}

/// Reads an option of at most `most` bytes.
///
/// # Errors
/// The operating system's.
pub fn option(fd: i32, level: i32, option: i32, most: usize) -> OsResult<Vec<u8>> {
    let mut value = vec![0_u8; most];
    let mut len = most as libc::socklen_t;
    // SAFETY: the buffer is live and has the length passed.
    let done =
        unsafe { libc::getsockopt(fd, level, option, value.as_mut_ptr().cast(), &raw mut len) };
    check(done.into())?;
    value.truncate(len as usize);
    Ok(value)
}

/// Makes a descriptor return at once instead of waiting, or wait again.
///
/// # Errors
/// The operating system's.
pub fn set_nonblocking(fd: i32, on: bool) -> OsResult<()> {
    // SAFETY: no memory is passed.
    let flags = check(unsafe { libc::fcntl(fd, libc::F_GETFL) }.into())? as i32;
    let flags = if on { flags | libc::O_NONBLOCK } else { flags & !libc::O_NONBLOCK };
    // SAFETY: no memory is passed.
    check(unsafe { libc::fcntl(fd, libc::F_SETFL, flags) }.into()).map(drop)
}

/// Whether a descriptor waits.
///
/// # Errors
/// The operating system's.
pub fn is_blocking(fd: i32) -> OsResult<bool> {
    // SAFETY: no memory is passed.
    let flags = check(unsafe { libc::fcntl(fd, libc::F_GETFL) }.into())? as i32;
    Ok(flags & libc::O_NONBLOCK == 0)
}

/// One answer of [`addresses`].
#[derive(Clone, Debug)]
pub struct Info {
    /// Family, type, protocol.
    pub kind: [i32; 3],
    /// The official name of the host, where asked for.
    pub name: String,
    /// The address.
    pub address: Address,
}

/// Number and text of an error of the resolver.
pub type ResolveError = (i32, String);

fn resolve_error(code: i32) -> ResolveError {
    // SAFETY: gives a static string.
    let text = unsafe { CStr::from_ptr(libc::gai_strerror(code)) };
    (code, text.to_string_lossy().into_owned())
}

/// `getaddrinfo`. `hints` are family, type, protocol and flags.
///
/// # Errors
/// The resolver's.
pub fn addresses(
    host: Option<&CStr>,
    service: Option<&CStr>,
    hints: [i32; 4],
) -> Result<Vec<Info>, ResolveError> {
    // SAFETY: all-zero is a valid `addrinfo` (numbers and null pointers).
    let mut wanted: libc::addrinfo = unsafe { std::mem::zeroed() };
    [wanted.ai_family, wanted.ai_socktype, wanted.ai_protocol, wanted.ai_flags] = hints;
    let of = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    let mut list = std::ptr::null_mut();
    // SAFETY: the strings are NUL-terminated or null; `list` is a live local.
    let code =
        unsafe { libc::getaddrinfo(of(host), of(service), &raw const wanted, &raw mut list) };
    if code != 0 {
        return Err(resolve_error(code));
    }
    let mut all = Vec::new();
    let mut at = list;
    while !at.is_null() {
        // SAFETY: an entry of the list that the call has made, which is freed below.
        let entry = unsafe { &*at };
        let mut raw = Raw::empty();
        let len = (entry.ai_addrlen as usize).min(size_of::<libc::sockaddr_storage>());
        let to = (&raw mut raw.storage).cast::<u8>();
        // SAFETY: the entry's address has that length, and the storage has room for it.
        unsafe { std::ptr::copy_nonoverlapping(entry.ai_addr.cast::<u8>(), to, len) };
        raw.len = len as libc::socklen_t;
        let name = if entry.ai_canonname.is_null() {
            String::new()
        } else {
            // SAFETY: NUL-terminated, in the live list.
            unsafe { CStr::from_ptr(entry.ai_canonname) }.to_string_lossy().into_owned()
        };
        let kind = [entry.ai_family, entry.ai_socktype, entry.ai_protocol];
        all.push(Info { kind, name, address: raw.decode() });
        at = entry.ai_next;
    }
    // SAFETY: the list came from `getaddrinfo` and is not used afterwards.
    unsafe { libc::freeaddrinfo(list) };
    Ok(all)
}

/// `getnameinfo`: host and service.
///
/// # Errors
/// The resolver's.
pub fn names_of(address: &Address, flags: i32) -> Result<(String, String), ResolveError> {
    let Ok(raw) = Raw::encode(address) else { return Err(resolve_error(libc::EAI_FAMILY)) };
    let (mut host, mut service) = ([0 as libc::c_char; 1025], [0 as libc::c_char; 32]);
    // SAFETY: all three buffers are live and have the lengths passed.
    let code = unsafe {
        libc::getnameinfo(
            raw.ptr(),
            raw.len,
            host.as_mut_ptr(),
            host.len() as libc::socklen_t,
            service.as_mut_ptr(),
            service.len() as libc::socklen_t,
            flags,
        )
    };
    if code != 0 {
        return Err(resolve_error(code));
    }
    let text = |buffer: &[libc::c_char]| {
        let bytes: Vec<u8> = buffer.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ok((text(&host), text(&service)))
}

/// The port of a service, in host order.
pub fn service_port(name: &CStr, protocol: Option<&CStr>) -> Option<u16> {
    let protocol = protocol.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: the strings are NUL-terminated or null; the result is read before the next call on this thread.
    unsafe {
        let entry = libc::getservbyname(name.as_ptr(), protocol);
        (!entry.is_null()).then(|| u16::from_be((*entry).s_port as u16))
    }
}

/// The service at a port.
pub fn service_name(port: u16, protocol: Option<&CStr>) -> Option<String> {
    let protocol = protocol.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: the string is NUL-terminated or null; the result is read before the next call on this thread.
    unsafe {
        let entry = libc::getservbyport(i32::from(port.to_be()), protocol);
        (!entry.is_null()).then(|| CStr::from_ptr((*entry).s_name).to_string_lossy().into_owned())
    }
}

/// Name of a network interface by its number, or the other way round.
pub fn interface(name: Option<&CStr>, index: u32) -> Option<(u32, String)> {
    if let Some(name) = name {
        // SAFETY: the name is NUL-terminated.
        let index = unsafe { libc::if_nametoindex(name.as_ptr()) };
        return (index != 0).then(|| (index, name.to_string_lossy().into_owned()));
    }
    let mut buffer = [0 as libc::c_char; libc::IF_NAMESIZE];
    // SAFETY: the buffer has the size that the call demands.
    let found = unsafe { libc::if_indextoname(index, buffer.as_mut_ptr()) };
    if found.is_null() {
        return None;
    }
    // SAFETY: the call has filled the buffer with a NUL-terminated name.
    let name = unsafe { CStr::from_ptr(buffer.as_ptr()) };
    Some((index, name.to_string_lossy().into_owned()))
}

/// Sets the host's name.
///
/// # Errors
/// The operating system's.
pub fn set_host_name(name: &CString) -> OsResult<()> {
    let bytes = name.as_bytes();
    // SAFETY: the name is live and has the length passed.
    check(unsafe { libc::sethostname(bytes.as_ptr().cast(), bytes.len()) }.into()).map(drop)
}
