//! `_posixsubprocess`: what `subprocess` starts children with.

use std::{
    ffi::{CString, OsStr},
    path::PathBuf,
};

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Value,
    protocol::{self, convert},
    raise,
    types::exc_fields::os_error,
};

use super::{
    ModuleDef,
    posix::{files::int_arg, path_arg},
};
use crate::os::{self, Spawn, os_string};

/// A string for the C library.
fn c_text(cx: &mut Cx, v: Value) -> Completion<CString> {
    let path = path_arg(cx, v, "fork_exec", false)?;
    match os::c_string(&path.os) {
        Ok(text) => Ok(text),
        Err(_) => raise!(cx, ValueError, "embedded null byte"),
    }
}

/// A sequence of strings for the C library.
///
/// # Errors
/// `TypeError`, `ValueError`.
pub fn c_texts(cx: &mut Cx, v: Value) -> Completion<Vec<CString>> {
    let items = protocol::collect(cx, v)?;
    let mut all = Vec::new();
    for &item in items.as_slice() {
        all.push(c_text(cx, item)?);
    }
    Ok(all)
}

fn id(cx: &mut Cx, v: Value) -> Completion<Option<u32>> {
    if v.is_none() { Ok(None) } else { Ok(Some(convert::index_i64(cx, v)? as u32)) }
}

fn fork_exec(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if !args.get(21).is_none() {
        return raise!(
            cx,
            RuntimeError,
            "preexec_fn is not supported: a copy of this process has none of its threads"
        );
    }
    let mut keep = Vec::new();
    for &fd in protocol::collect(cx, args.get(3))?.as_slice() {
        keep.push(int_arg(cx, fd)?);
    }
    if keep.windows(2).any(|pair| pair[0] >= pair[1]) || keep.first().is_some_and(|fd| *fd < 0) {
        return raise!(cx, ValueError, "bad value(s) in fds_to_keep");
    }
    let cwd = if args.get(4).is_none() { None } else { Some(c_text(cx, args.get(4))?) };
    let env = if args.get(5).is_none() { None } else { Some(c_texts(cx, args.get(5))?) };
    let mut ends = [-1; 8];
    for (i, end) in ends.iter_mut().enumerate() {
        *end = int_arg(cx, args.get(6 + i))?;
    }
    let groups = match args.not_none(18) {
        Some(v) => {
            let mut all = Vec::new();
            for &group in protocol::collect(cx, v)?.as_slice() {
                all.push(convert::index_i64(cx, group)? as u32);
            }
            Some(all)
        }
        None => None,
    };
    let what = Spawn {
        args: c_texts(cx, args.get(0))?,
        executables: c_texts(cx, args.get(1))?,
        close_fds: protocol::truth(cx, args.get(2))?,
        keep,
        cwd,
        env,
        child_ends: [ends[0], ends[3], ends[5]],
        parent_ends: [ends[1], ends[2], ends[4]],
        error_pipe: (ends[6], ends[7]),
        restore_signals: protocol::truth(cx, args.get(14))?,
        new_session: protocol::truth(cx, args.get(15))?,
        group: int_arg(cx, args.get(16))?,
        gid: id(cx, args.get(17))?,
        groups,
        uid: id(cx, args.get(19))?,
        umask: int_arg(cx, args.get(20))?,
    };
    match os::spawn(&what) {
        Ok(pid) => Ok(Value::small(pid.into())),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

/// Program, arguments and environment of the `exec` family.
///
/// # Errors
/// `TypeError`, `ValueError`; the system's when the program cannot be run.
pub fn exec(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "execv", false)?;
    let Ok(program) = os::c_string(&path.os) else {
        return raise!(cx, ValueError, "embedded null byte");
    };
    let list = c_texts(cx, args.get(1))?;
    let first = if args.opt(2).is_some() { "execve: argv" } else { "execv() arg 2" };
    if list.is_empty() {
        return raise!(cx, ValueError, "{first} must not be empty");
    }
    if list[0].is_empty() {
        return raise!(cx, ValueError, "{first} first element cannot be empty");
    }
    let env = match args.opt(2) {
        Some(v) => Some(environment(cx, v)?),
        None => None,
    };
    let errno = os::exec(&program, &list, env.as_deref());
    Err(os_error(cx, errno, path.given))
}

/// Paths to try for a program: the directories of `PATH`, if it is to be searched.
pub fn candidates(program: &OsStr, search: bool) -> Vec<CString> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/bin:/usr/bin".into());
    let tries: Vec<PathBuf> = if search && !program.as_encoded_bytes().contains(&b'/') {
        std::env::split_paths(&path).map(|dir| dir.join(program)).collect()
    } else {
        vec![program.into()]
    };
    tries.iter().filter_map(|path| os::c_string(path.as_os_str()).ok()).collect()
}

/// A mapping as `NAME=value` strings.
///
/// # Errors
/// `TypeError`, `ValueError`.
pub fn environment(cx: &mut Cx, v: Value) -> Completion<Vec<CString>> {
    use std::os::unix::ffi::OsStrExt as _;
    let items = cx.intern("items")?;
    let items = protocol::call_method(cx, v, items, &[])?;
    let mut all = Vec::new();
    for &pair in protocol::collect(cx, items)?.as_slice() {
        let pair = protocol::collect(cx, pair)?;
        let name = path_arg(cx, pair.get(0), "execve", false)?;
        let value = path_arg(cx, pair.get(1), "execve", false)?;
        if name.os.is_empty() || name.os.as_bytes().contains(&b'=') {
            return raise!(cx, ValueError, "illegal environment variable name");
        }
        let text = [name.os.as_bytes(), b"=", value.os.as_bytes()].concat();
        match os::c_string(&os_string(text)) {
            Ok(text) => all.push(text),
            Err(_) => return raise!(cx, ValueError, "embedded null byte"),
        }
    }
    Ok(all)
}

/// `_posixsubprocess`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "_posixsubprocess",
    doc: "A POSIX helper for the subprocess module.",
    functions: &[NativeDef {
        name: "fork_exec",
        sig: "(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, \
              errwrite, errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, \
              child_umask, preexec_fn, /)",
        effect: Effect::Irrevocable,
        run: fork_exec,
        doc: "Spawn a fresh new child process.",
    }],
    ..ModuleDef::BASE
};
