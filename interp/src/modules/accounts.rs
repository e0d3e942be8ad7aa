//! `pwd` and `grp`: the databases of users and groups. `resource`: limits and what was used.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Obj, T, Value,
    exc::raise_message,
    native::NativeFn,
    protocol::{self, RootVec, convert},
    raise,
    types::exc_fields::os_error,
};

use super::{ModuleDef, posix::path_arg, set, set_ints, structseq::SeqDef};
use crate::{
    os::{self, Group, User},
    vm::exec::containers::new_list,
};

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

static STRUCT_PASSWD: SeqDef = SeqDef::new(
    "pwd",
    "struct_passwd",
    &["pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell"],
    7,
);

fn user_entry(cx: &mut Cx, user: &User) -> Completion<Value> {
    let mut all = RootVec::new();
    for text in &user.texts {
        let v = cx.new_str(text)?;
        all.push(cx, v)?;
    }
    let (uid, gid) = (Value::small(user.uid.into()), Value::small(user.gid.into()));
    let t = all.as_slice();
    STRUCT_PASSWD.make(cx, &[t[0], t[1], uid, gid, t[2], t[3], t[4]])
}

fn getpwuid(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let uid = convert::index_i64(cx, args.get(0))?;
    match u32::try_from(uid).ok().and_then(|uid| os::user(None, uid).ok().flatten()) {
        Some(user) => user_entry(cx, &user),
        None => raise!(cx, KeyError, "getpwuid(): uid not found: {uid}"),
    }
}

fn name_arg(cx: &mut Cx, v: Value, what: &str) -> Completion<std::ffi::CString> {
    if taipan_objects::types::str::wtf8(v).is_none() {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "{what}() argument must be str, not {got}");
    }
    let path = path_arg(cx, v, what, false)?;
    os::c_string(&path.os).map_err(|_| raise_message(cx, T::ValueError, "embedded null byte"))
}

fn getpwnam(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(0), "getpwnam")?;
    match os::user(Some(&name), 0) {
        Ok(Some(user)) => user_entry(cx, &user),
        _ => {
            let shown = convert::repr_text(cx, args.get(0))?;
            raise!(cx, KeyError, "getpwnam(): name not found: {shown}")
        }
    }
}

fn getpwall(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let mut all = RootVec::new();
    for user in os::users() {
        let v = user_entry(cx, &user)?;
        all.push(cx, v)?;
    }
    new_list(cx, all.as_slice())
}

/// `pwd`.
pub const PWD: ModuleDef = ModuleDef {
    name: "pwd",
    doc: "This module provides access to the Unix password database.",
    functions: &[
        row("getpwuid", "(uid, /)", Effect::Transactional, getpwuid),
        row("getpwnam", "(name, /)", Effect::Transactional, getpwnam),
        row("getpwall", "()", Effect::Transactional, getpwall),
    ],
    exec: |cx, module| {
        let class = STRUCT_PASSWD.class(cx)?;
        set(cx, module, "struct_passwd", class.into())
    },
    ..ModuleDef::BASE
};

static STRUCT_GROUP: SeqDef =
    SeqDef::new("grp", "struct_group", &["gr_name", "gr_passwd", "gr_gid", "gr_mem"], 4);

fn group_entry(cx: &mut Cx, group: &Group) -> Completion<Value> {
    let (name, password, gid, members) = group;
    let (name, password) = (cx.new_str(name)?, cx.new_str(password)?);
    let mut all = RootVec::new();
    for member in members {
        let v = cx.new_str(member)?;
        all.push(cx, v)?;
    }
    let members = new_list(cx, all.as_slice())?;
    STRUCT_GROUP.make(cx, &[name, password, Value::small((*gid).into()), members])
}

fn getgrgid(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let gid = convert::index_i64(cx, args.get(0))?;
    match u32::try_from(gid).ok().and_then(|gid| os::group(None, gid).ok().flatten()) {
        Some(group) => group_entry(cx, &group),
        None => raise!(cx, KeyError, "getgrgid(): gid not found: {gid}"),
    }
}

fn getgrnam(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = name_arg(cx, args.get(0), "getgrnam")?;
    match os::group(Some(&name), 0) {
        Ok(Some(group)) => group_entry(cx, &group),
        _ => {
            let shown = convert::repr_text(cx, args.get(0))?;
            raise!(cx, KeyError, "getgrnam(): name not found: {shown}")
        }
    }
}

fn getgrall(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let mut all = RootVec::new();
    for group in os::all_groups() {
        let v = group_entry(cx, &group)?;
        all.push(cx, v)?;
    }
    new_list(cx, all.as_slice())
}

/// `grp`.
pub const GRP: ModuleDef = ModuleDef {
    name: "grp",
    doc: "Access to the Unix group database.",
    functions: &[
        row("getgrgid", "(id)", Effect::Transactional, getgrgid),
        row("getgrnam", "(name)", Effect::Transactional, getgrnam),
        row("getgrall", "()", Effect::Transactional, getgrall),
    ],
    exec: |cx, module| {
        let class = STRUCT_GROUP.class(cx)?;
        set(cx, module, "struct_group", class.into())
    },
    ..ModuleDef::BASE
};

static STRUCT_RUSAGE: SeqDef = SeqDef::new(
    "resource",
    "struct_rusage",
    &[
        "ru_utime",
        "ru_stime",
        "ru_maxrss",
        "ru_ixrss",
        "ru_idrss",
        "ru_isrss",
        "ru_minflt",
        "ru_majflt",
        "ru_nswap",
        "ru_inblock",
        "ru_oublock",
        "ru_msgsnd",
        "ru_msgrcv",
        "ru_nsignals",
        "ru_nvcsw",
        "ru_nivcsw",
    ],
    16,
);

/// A resource's number.
fn which(cx: &mut Cx, v: Value) -> Completion<i32> {
    match i32::try_from(convert::index_i64(cx, v)?) {
        Ok(n) if (0..16).contains(&n) => Ok(n),
        _ => raise!(cx, ValueError, "invalid resource specified"),
    }
}

fn limits(cx: &mut Cx, pair: (u64, u64)) -> Completion<Value> {
    let soft = cx.new_int(pair.0 as i64)?;
    let hard = cx.new_int(pair.1 as i64)?;
    cx.new_tuple(&[soft, hard])
}

fn getrlimit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = which(cx, args.get(0))?;
    match os::resource_limit(n) {
        Ok(pair) => limits(cx, pair),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn setrlimit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = which(cx, args.get(0))?;
    let pair = protocol::collect(cx, args.get(1))?;
    if pair.len() != 2 {
        return raise!(cx, ValueError, "expected a tuple of 2 integers");
    }
    let soft = convert::index_i64(cx, pair.get(0))? as u64;
    let hard = convert::index_i64(cx, pair.get(1))? as u64;
    match os::set_resource_limit(n, soft, hard) {
        Ok(()) => Ok(Value::NONE),
        Err(libc::EINVAL) => raise!(cx, ValueError, "current limit exceeds maximum limit"),
        Err(libc::EPERM) => raise!(cx, ValueError, "not allowed to raise maximum limit"),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

/// A `struct_rusage`.
///
/// # Errors
/// `MemoryError`.
pub fn usage(cx: &mut Cx, (times, counters): os::Usage) -> Completion<Value> {
    let mut all: Vec<Value> = times.into_iter().map(Value::float).collect();
    all.extend(counters.into_iter().map(Value::small));
    STRUCT_RUSAGE.make(cx, &all)
}

fn getrusage(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let who = convert::index_i64(cx, args.get(0))? as i32;
    match os::resource_usage(who) {
        Ok(used) => usage(cx, used),
        Err(libc::EINVAL) => raise!(cx, ValueError, "invalid who parameter"),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

const LIMITS: &[(&str, i64)] = &[
    ("RLIMIT_CPU", libc::RLIMIT_CPU as i64),
    ("RLIMIT_FSIZE", libc::RLIMIT_FSIZE as i64),
    ("RLIMIT_DATA", libc::RLIMIT_DATA as i64),
    ("RLIMIT_STACK", libc::RLIMIT_STACK as i64),
    ("RLIMIT_CORE", libc::RLIMIT_CORE as i64),
    ("RLIMIT_RSS", libc::RLIMIT_RSS as i64),
    ("RLIMIT_NPROC", libc::RLIMIT_NPROC as i64),
    ("RLIMIT_NOFILE", libc::RLIMIT_NOFILE as i64),
    ("RLIMIT_OFILE", libc::RLIMIT_NOFILE as i64),
    ("RLIMIT_MEMLOCK", libc::RLIMIT_MEMLOCK as i64),
    ("RLIMIT_AS", libc::RLIMIT_AS as i64),
    ("RLIMIT_MSGQUEUE", libc::RLIMIT_MSGQUEUE as i64),
    ("RLIMIT_NICE", libc::RLIMIT_NICE as i64),
    ("RLIMIT_RTPRIO", libc::RLIMIT_RTPRIO as i64),
    ("RLIMIT_RTTIME", libc::RLIMIT_RTTIME as i64),
    ("RLIMIT_SIGPENDING", libc::RLIMIT_SIGPENDING as i64),
    ("RLIM_INFINITY", -1),
    ("RUSAGE_SELF", libc::RUSAGE_SELF as i64),
    ("RUSAGE_CHILDREN", libc::RUSAGE_CHILDREN as i64),
    ("RUSAGE_THREAD", libc::RUSAGE_THREAD as i64),
];

fn fill_resource(cx: &mut Cx, module: Obj) -> Completion<()> {
    set_ints(cx, module, LIMITS)?;
    let error = cx.class(T::OSError);
    set(cx, module, "error", error.into())?;
    let class = STRUCT_RUSAGE.class(cx)?;
    set(cx, module, "struct_rusage", class.into())
}

/// `resource`.
pub const RESOURCE: ModuleDef = ModuleDef {
    name: "resource",
    functions: &[
        row("getrlimit", "(resource, /)", Effect::Transactional, getrlimit),
        row("setrlimit", "(resource, limits, /)", Effect::Irrevocable, setrlimit),
        row("getrusage", "(who, /)", Effect::Transactional, getrusage),
        row("getpagesize", "()", Effect::Transactional, |cx, _| {
            cx.new_int(os::sysconf(libc::_SC_PAGESIZE).unwrap_or(4096))
        }),
    ],
    exec: fill_resource,
    ..ModuleDef::BASE
};
