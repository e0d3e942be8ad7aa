//! Users, groups and priorities, children, locks and advice on files, running programs beside this one.

use std::ffi::CString;

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Obj, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::exc_fields::os_error,
};

use super::{
    files::{blocking, int_arg, nothing, number},
    path::{path_arg, path_arg_named},
    paths::id_arg,
};
use crate::{
    modules::{_posixsubprocess, accounts::usage, set, set_ints, structseq::SeqDef},
    os::{self, Plain, Spawn},
    vm::exec::containers::new_list,
};

fn failed<R>(cx: &mut Cx, errno: i32) -> Completion<R> {
    Err(os_error(cx, errno, Value::UNBOUND))
}

// ---- users and groups ----------------------------------------------------------------------------

fn three(cx: &mut Cx, user: bool) -> Completion<Value> {
    match os::three_ids(user) {
        Ok(ids) => cx.new_tuple(&ids.map(|id| Value::small(id.into()))),
        Err(errno) => failed(cx, errno),
    }
}

fn set_ids(cx: &mut Cx, args: Args<'_>, user: bool, n: usize) -> Completion<Value> {
    let names = if user { ["ruid", "euid", "suid"] } else { ["rgid", "egid", "sgid"] };
    let mut ids = [u32::MAX; 3];
    for (i, id) in ids.iter_mut().enumerate().take(n) {
        *id = id_arg(cx, args.get(i), names[i])?;
    }
    nothing(cx, os::set_three_ids(user, ids))
}

fn name_arg(cx: &mut Cx, v: Value, what: &str) -> Completion<CString> {
    let name = convert::expect_str(cx, v, what)?;
    match CString::new(name) {
        Ok(name) => Ok(name),
        Err(_) => raise!(cx, ValueError, "embedded null byte"),
    }
}

fn group_ids(cx: &mut Cx, v: Value) -> Completion<Vec<u32>> {
    let mut ids = Vec::new();
    for &v in protocol::collect(cx, v)?.as_slice() {
        ids.push(id_arg(cx, v, "gid")?);
    }
    Ok(ids)
}

fn setgroups(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let ids = group_ids(cx, args.get(0))?;
    nothing(cx, os::set_groups(&ids))
}

fn initgroups(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(0), "initgroups() argument 1")?;
    let group = id_arg(cx, args.get(1), "gid")?;
    nothing(cx, os::init_groups(&name, group))
}

fn getgrouplist(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(0), "getgrouplist() argument 1")?;
    let group = id_arg(cx, args.get(1), "gid")?;
    match os::groups_of(&name, group) {
        Ok(ids) => {
            let ids: Vec<Value> = ids.into_iter().map(|id| Value::small(id.into())).collect();
            new_list(cx, &ids)
        }
        Err(errno) => failed(cx, errno),
    }
}

// ---- priorities ----------------------------------------------------------------------------------

fn getpriority(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (which, who) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    number(cx, os::priority(which, who))
}

fn setpriority(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (which, who) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    let priority = int_arg(cx, args.get(2))?;
    nothing(cx, os::set_priority(which, who, priority))
}

fn sched_setaffinity(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let pid = int_arg(cx, args.get(0))?;
    let mut cpus = Vec::new();
    for &v in protocol::collect(cx, args.get(1))?.as_slice() {
        match usize::try_from(int_arg(cx, v)?) {
            Ok(cpu) => cpus.push(cpu),
            Err(_) => return raise!(cx, ValueError, "negative CPU number"),
        }
    }
    nothing(cx, os::set_affinity(pid, &cpus))
}

// ---- children ------------------------------------------------------------------------------------

static WAITID_RESULT: SeqDef = SeqDef::new(
    "os",
    "waitid_result",
    &["si_pid", "si_uid", "si_signo", "si_status", "si_code"],
    5,
);

fn waitid(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (kind, id) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    let options = int_arg(cx, args.get(2))?;
    match blocking(cx, Value::UNBOUND, || os::wait_id(kind, id, options))? {
        Some(state) => WAITID_RESULT.make(cx, &state.map(Value::small)),
        None => Ok(Value::NONE),
    }
}

fn wait_with_usage(cx: &mut Cx, pid: i32, options: i32) -> Completion<Value> {
    let (pid, status, used) = blocking(cx, Value::UNBOUND, || os::wait_usage(pid, options))?;
    let used = usage(cx, used)?;
    cx.new_tuple(&[Value::small(pid.into()), Value::small(status.into()), used])
}

const WAIT: i32 = 0;

/// `spawnv` and its kin: starts a program, and waits for it if `mode` is `P_WAIT`.
fn spawn(cx: &mut Cx, args: Args<'_>, env: Option<Value>, search: bool) -> Completion<Value> {
    let mode = int_arg(cx, args.get(0))?;
    let path = path_arg(cx, args.get(1), "spawnv", false)?;
    let list = _posixsubprocess::c_texts(cx, args.get(2))?;
    if list.first().is_none_or(|first| first.is_empty()) {
        return raise!(cx, ValueError, "spawnv() arg 2 first element cannot be empty");
    }
    let env = match env {
        Some(v) => Some(_posixsubprocess::environment(cx, v)?),
        None => None,
    };
    let what = Spawn {
        executables: _posixsubprocess::candidates(&path.os, search),
        args: list,
        env,
        cwd: None,
        close_fds: false,
        keep: Vec::new(),
        child_ends: [-1; 3],
        parent_ends: [-1; 3],
        error_pipe: (-1, -1),
        restore_signals: false,
        new_session: false,
        group: -1,
        gid: None,
        uid: None,
        groups: None,
        umask: -1,
    };
    let pid = match os::spawn(&what) {
        Ok(pid) => pid,
        Err(errno) => return failed(cx, errno),
    };
    if mode != WAIT {
        return Ok(Value::small(pid.into()));
    }
    let (_, status) = blocking(cx, Value::UNBOUND, || os::wait_pid(pid, 0))?;
    super::process::exit_code_of(cx, status)
}

fn pidfd_open(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (pid, flags) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    number(cx, os::open_process(pid, flags as u32))
}

// ---- files ---------------------------------------------------------------------------------------

fn lockf(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (fd, command) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    let len = convert::index_i64(cx, args.get(2))?;
    blocking(cx, Value::UNBOUND, || os::lock_part(fd, command, len))?;
    Ok(Value::NONE)
}

fn posix_fallocate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let (at, len) = (convert::index_i64(cx, args.get(1))?, convert::index_i64(cx, args.get(2))?);
    blocking(cx, Value::UNBOUND, || os::allocate(fd, at, len))?;
    Ok(Value::NONE)
}

fn posix_fadvise(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let (at, len) = (convert::index_i64(cx, args.get(1))?, convert::index_i64(cx, args.get(2))?);
    let advice = int_arg(cx, args.get(3))?;
    blocking(cx, Value::UNBOUND, || os::advise(fd, at, len, advice))?;
    Ok(Value::NONE)
}

fn offset_arg(cx: &mut Cx, v: Option<Value>) -> Completion<Option<i64>> {
    match v {
        Some(v) => convert::index_i64(cx, v).map(Some),
        None => Ok(None),
    }
}

fn copy_file_range(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (from, to) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
    let Ok(n) = usize::try_from(convert::index_i64(cx, args.get(2))?) else {
        return raise!(cx, ValueError, "negative value for 'count' not allowed");
    };
    let from_at = offset_arg(cx, args.not_none(3))?;
    let to_at = offset_arg(cx, args.not_none(4))?;
    let n = blocking(cx, Value::UNBOUND, || os::copy_range((from, from_at), (to, to_at), n))?;
    Ok(Value::small(n as i64))
}

fn memfd_create(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = path_arg_named(cx, args.get(0), "memfd_create", "name", false)?;
    let flags = convert::index_i64(cx, args.get(1))? as u32;
    number(cx, os::memory_file(&name.os, flags))
}

fn eventfd_read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let mut value = [0_u8; 8];
    blocking(cx, Value::UNBOUND, || os::read(fd, &mut value))?;
    cx.new_int(u64::from_ne_bytes(value) as i64)
}

fn eventfd_write(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = int_arg(cx, args.get(0))?;
    let value = convert::index_i64(cx, args.get(1))? as u64;
    blocking(cx, Value::UNBOUND, || os::write(fd, &value.to_ne_bytes()))?;
    Ok(Value::NONE)
}

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

use Effect::{Blocking, Irrevocable, Transactional};

/// The functions of this file.
pub(super) const FUNCTIONS: &[NativeDef] = &[
    row("getresuid", "()", Transactional, |cx, _| three(cx, true)),
    row("getresgid", "()", Transactional, |cx, _| three(cx, false)),
    row("setresuid", "(ruid, euid, suid, /)", Irrevocable, |cx, a| set_ids(cx, a, true, 3)),
    row("setresgid", "(rgid, egid, sgid, /)", Irrevocable, |cx, a| set_ids(cx, a, false, 3)),
    row("setreuid", "(ruid, euid, /)", Irrevocable, |cx, a| set_ids(cx, a, true, 2)),
    row("setregid", "(rgid, egid, /)", Irrevocable, |cx, a| set_ids(cx, a, false, 2)),
    row("setgroups", "(groups, /)", Irrevocable, setgroups),
    row("initgroups", "(username, gid, /)", Irrevocable, initgroups),
    row("getgrouplist", "(user, group, /)", Transactional, getgrouplist),
    row("getpriority", "(which, who)", Transactional, getpriority),
    row("setpriority", "(which, who, priority)", Irrevocable, setpriority),
    row("sched_setaffinity", "(pid, mask, /)", Irrevocable, sched_setaffinity),
    row("sched_get_priority_max", "(policy)", Transactional, |cx, args| {
        let policy = int_arg(cx, args.get(0))?;
        number(cx, os::policy_limit(policy, true))
    }),
    row("sched_get_priority_min", "(policy)", Transactional, |cx, args| {
        let policy = int_arg(cx, args.get(0))?;
        number(cx, os::policy_limit(policy, false))
    }),
    row("waitid", "(idtype, id, options, /)", Blocking, waitid),
    row("wait3", "(options)", Blocking, |cx, args| {
        let options = int_arg(cx, args.get(0))?;
        wait_with_usage(cx, -1, options)
    }),
    row("wait4", "(pid, options)", Blocking, |cx, args| {
        let (pid, options) = (int_arg(cx, args.get(0))?, int_arg(cx, args.get(1))?);
        wait_with_usage(cx, pid, options)
    }),
    row("spawnv", "(mode, path, argv, /)", Irrevocable, |cx, a| spawn(cx, a, None, false)),
    row("spawnve", "(mode, path, argv, env, /)", Irrevocable, |cx, a| {
        spawn(cx, a, Some(a.get(3)), false)
    }),
    row("spawnvp", "(mode, file, args, /)", Irrevocable, |cx, a| spawn(cx, a, None, true)),
    row("spawnvpe", "(mode, file, args, env, /)", Irrevocable, |cx, a| {
        spawn(cx, a, Some(a.get(3)), true)
    }),
    row("pidfd_open", "(pid, flags=0)", Irrevocable, pidfd_open),
    row("sync", "()", Blocking, |cx, _| {
        blocking(cx, Value::UNBOUND, || os::plain(Plain::SyncAll, 0, 0, 0))?;
        Ok(Value::NONE)
    }),
    row("lockf", "(fd, command, length, /)", Blocking, lockf),
    row("posix_fallocate", "(fd, offset, length, /)", Blocking, posix_fallocate),
    row("posix_fadvise", "(fd, offset, length, advice, /)", Blocking, posix_fadvise),
    row(
        "copy_file_range",
        "(src, dst, count, offset_src=None, offset_dst=None)",
        Blocking,
        copy_file_range,
    ),
    row("memfd_create", "(name, flags=1)", Irrevocable, memfd_create),
    row("eventfd_read", "(fd)", Blocking, eventfd_read),
    row("eventfd_write", "(fd, value)", Blocking, eventfd_write),
];

const INTS: &[(&str, i64)] = &[
    ("P_WAIT", WAIT as i64),
    ("P_NOWAIT", 1),
    ("P_NOWAITO", 1),
    ("MFD_CLOEXEC", libc::MFD_CLOEXEC as i64),
    ("MFD_ALLOW_SEALING", libc::MFD_ALLOW_SEALING as i64),
    ("POSIX_FADV_NORMAL", libc::POSIX_FADV_NORMAL as i64),
    ("POSIX_FADV_SEQUENTIAL", libc::POSIX_FADV_SEQUENTIAL as i64),
    ("POSIX_FADV_RANDOM", libc::POSIX_FADV_RANDOM as i64),
    ("POSIX_FADV_NOREUSE", libc::POSIX_FADV_NOREUSE as i64),
    ("POSIX_FADV_WILLNEED", libc::POSIX_FADV_WILLNEED as i64),
    ("POSIX_FADV_DONTNEED", libc::POSIX_FADV_DONTNEED as i64),
    ("PIDFD_NONBLOCK", libc::O_NONBLOCK as i64),
];

/// Enters constants and classes.
///
/// # Errors
/// `MemoryError`.
pub(super) fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    set_ints(cx, module, INTS)?;
    let class = WAITID_RESULT.class(cx)?;
    set(cx, module, "waitid_result", class.into())
}
