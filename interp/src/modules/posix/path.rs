//! Paths as the operating system's functions take them: `str`, `bytes`, `os.PathLike`, or a descriptor.

use std::{ffi::OsString, os::unix::ffi::OsStrExt as _};

use taipan_objects::{
    Completion, Cx, Kind, Special, T, Value,
    protocol::{self, convert},
    raise,
    types::{bytes, str as string},
};

use crate::os::os_string;

/// A path argument.
#[derive(Debug)]
pub struct Path {
    /// The object given (after `__fspath__`), for error messages and results.
    pub given: Value,
    /// Its bytes; empty for descriptors.
    pub os: OsString,
    /// The descriptor, where one is accepted.
    pub fd: Option<i32>,
    /// Whether results are to be `bytes`.
    pub is_bytes: bool,
}

/// Bytes of a path string: UTF-8 with surrogate escapes undone.
pub fn encode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut i = 0;
    while i < text.len() {
        // U+DC80..U+DCFF in WTF-8 is ED B2 80..ED B3 BF.
        if text[i] == 0xED && i + 2 < text.len() && matches!(text[i + 1], 0xB2 | 0xB3) {
            out.push(((text[i + 1] & 1) << 6) | (text[i + 2] & 0x3F) | 0x80);
            i += 3;
        } else {
            out.push(text[i]);
            i += 1;
        }
    }
    out
}

/// A path's bytes as `str`: invalid UTF-8 becomes surrogate escapes.
///
/// # Errors
/// `MemoryError`.
pub fn decode(cx: &mut Cx, bytes: &[u8]) -> Completion<Value> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut n_chars = 0;
    for chunk in bytes.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        n_chars += chunk.valid().chars().count();
        for &b in chunk.invalid() {
            out.extend_from_slice(&[0xED, 0xB2 | (b >> 6 & 1), 0x80 | (b & 0x3F)]);
            n_chars += 1;
        }
    }
    string::new_str_bytes(cx, &out, n_chars)
}

/// A path result of the same type as the argument.
///
/// # Errors
/// `MemoryError`.
pub fn like(cx: &mut Cx, is_bytes: bool, raw: &[u8]) -> Completion<Value> {
    if is_bytes { bytes::new(cx, raw) } else { decode(cx, raw) }
}

/// Converts a path argument of `function`.
///
/// # Errors
/// `TypeError` for anything else, `ValueError` for embedded null bytes.
pub fn path_arg(cx: &mut Cx, v: Value, function: &str, allow_fd: bool) -> Completion<Path> {
    path_arg_named(cx, v, function, "path", allow_fd)
}

/// As [`path_arg`], for a parameter of another name.
///
/// # Errors
/// As [`path_arg`].
pub fn path_arg_named(
    cx: &mut Cx,
    v: Value,
    function: &str,
    name: &str,
    allow_fd: bool,
) -> Completion<Path> {
    let path = any_path(cx, v, function, name, allow_fd)?;
    if path.os.as_bytes().contains(&0) {
        return raise!(cx, ValueError, "{function}: embedded null character in {name}");
    }
    Ok(path)
}

/// As [`path_arg`], with null characters allowed: for functions that only look at the text.
///
/// # Errors
/// `TypeError` for anything else.
pub fn any_path(
    cx: &mut Cx,
    v: Value,
    function: &str,
    name: &str,
    allow_fd: bool,
) -> Completion<Path> {
    let mut v = v;
    if allow_fd && protocol::find_special(cx, v, Special::Index).is_some() {
        let fd = fd_number(cx, v)?;
        return Ok(Path { given: v, os: OsString::new(), fd: Some(fd), is_bytes: false });
    }
    let is_path = |v: Value| string::exact(v).is_some() || bytes::exact(v).is_some();
    if !is_path(v) {
        match protocol::call_special(cx, v, Special::FsPath, &[])? {
            Some(p) if is_path(p) => v = p,
            Some(p) => {
                let (class, got) = (cx.type_name(v), cx.type_name(p));
                return raise!(
                    cx,
                    TypeError,
                    "expected {class}.__fspath__() to return str or bytes, not {got}"
                );
            }
            None => {
                let what = match function {
                    "listdir" | "scandir" => "string, bytes, os.PathLike, integer or None",
                    _ if allow_fd => "string, bytes, os.PathLike or integer",
                    _ => "string, bytes or os.PathLike",
                };
                let got = cx.type_name(v);
                return raise!(cx, TypeError, "{function}: {name} should be {what}, not {got}");
            }
        }
    }
    let (raw, is_bytes) = match string::exact(v) {
        Some(o) => (encode(string::bytes_of(o)), false),
        None => (
            bytes::exact(v)
                .filter(|o| o.kind() == Kind::Bytes)
                .map(|o| o.raw_bytes().to_vec())
                .unwrap_or_default(),
            true,
        ),
    };
    Ok(Path { given: v, os: os_string(raw), fd: None, is_bytes })
}

/// Warns about a descriptor that is `True` or `False`.
///
/// # Errors
/// The warning, where warnings are errors.
pub fn warn_if_bool(cx: &mut Cx, fd: Value) -> Completion<()> {
    if !fd.is_bool() {
        return Ok(());
    }
    protocol::warn(cx, T::RuntimeWarning, "bool is used as a file descriptor")
}

fn fd_number(cx: &mut Cx, v: Value) -> Completion<i32> {
    warn_if_bool(cx, v)?;
    let n = convert::index_big(cx, v)?;
    match i32::try_from(n) {
        Ok(fd) => Ok(fd),
        Err(_) if n > 0 => raise!(cx, OverflowError, "fd is greater than maximum"),
        Err(_) => raise!(cx, OverflowError, "fd is less than minimum"),
    }
}

/// A `dir_fd` argument.
///
/// # Errors
/// `TypeError`, `OverflowError`.
pub fn dir_arg(cx: &mut Cx, v: Value) -> Completion<Option<i32>> {
    if v.is_unbound() || v.is_none() {
        return Ok(None);
    }
    if protocol::find_special(cx, v, Special::Index).is_none() {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "argument should be integer or None, not {got}");
    }
    fd_number(cx, v).map(Some)
}

/// A descriptor needs no directory.
///
/// # Errors
/// `ValueError` if both are given.
pub(super) fn check_not_both(
    cx: &mut Cx,
    path: &Path,
    dir: Option<i32>,
    what: &str,
) -> Completion<()> {
    if path.fd.is_some() && dir.is_some() {
        return raise!(cx, ValueError, "{what}: can't specify dir_fd without matching path");
    }
    Ok(())
}

/// A descriptor is no link that could be followed or not.
///
/// # Errors
/// `ValueError` if it is not to be followed.
pub(super) fn check_follows(cx: &mut Cx, path: &Path, follow: bool, what: &str) -> Completion<()> {
    if path.fd.is_some() && !follow {
        return raise!(cx, ValueError, "{what}: cannot use fd and follow_symlinks together");
    }
    Ok(())
}
