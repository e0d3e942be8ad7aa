//! `stat_result` and the calls that give one; directory listing.
//!
//! All of this only reads, so it is transactional: an attempt that is run again asks again.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, GetSetDef, Kind, NativeDef, T, TypeDef, Value,
    protocol::{self, RootVec, convert},
    raise,
    types::{exc_fields::os_error, int, list},
};

use super::path::{Path, check_follows, check_not_both, dir_arg, like, path_arg};
use crate::{modules::structseq::SeqDef, os};

/// `os.stat_result`.
pub static STAT_RESULT: SeqDef = SeqDef::new(
    "os",
    "stat_result",
    &[
        "st_mode",
        "st_ino",
        "st_dev",
        "st_nlink",
        "st_uid",
        "st_gid",
        "st_size",
        "_st_atime",
        "_st_mtime",
        "_st_ctime",
        "st_atime",
        "st_mtime",
        "st_ctime",
        "st_atime_ns",
        "st_mtime_ns",
        "st_ctime_ns",
        "st_blksize",
        "st_blocks",
        "st_rdev",
    ],
    10,
);

/// A time in nanoseconds, which need not fit into a word.
fn nanoseconds(cx: &mut Cx, s: i64, ns: i64) -> Completion<Value> {
    let all = i128::from(s) * 1_000_000_000 + i128::from(ns);
    match i64::try_from(all) {
        Ok(all) => cx.new_int(all),
        Err(_) => {
            let size = all.unsigned_abs();
            int::from_limbs(cx, all < 0, &[size as u64, (size >> 64) as u64])
        }
    }
}

/// A `stat_result` of what the system gave.
///
/// # Errors
/// `MemoryError`.
pub fn stat_result(cx: &mut Cx, st: &libc::stat) -> Completion<Value> {
    let times = [
        (st.st_atime, st.st_atime_nsec),
        (st.st_mtime, st.st_mtime_nsec),
        (st.st_ctime, st.st_ctime_nsec),
    ];
    let head = [
        i64::from(st.st_mode),
        st.st_ino as i64,
        st.st_dev as i64,
        st.st_nlink as i64,
        st.st_uid.into(),
        st.st_gid.into(),
        st.st_size,
    ];
    let mut values = RootVec::new();
    for i in head.into_iter().chain(times.iter().map(|t| t.0)) {
        let v = cx.new_int(i)?;
        values.push(cx, v)?;
    }
    for (s, ns) in times {
        values.push(cx, Value::float(s as f64 + 1e-9 * ns as f64))?;
    }
    for (s, ns) in times {
        let v = nanoseconds(cx, s, ns)?;
        values.push(cx, v)?;
    }
    for i in [st.st_blksize, st.st_blocks, st.st_rdev as i64] {
        let v = cx.new_int(i)?;
        values.push(cx, v)?;
    }
    STAT_RESULT.make(cx, values.as_slice())
}

fn stat_path(cx: &mut Cx, path: &Path, dir: Option<i32>, follow: bool) -> Completion<Value> {
    let result = match path.fd {
        Some(fd) => os::stat(None, fd, None, true),
        None => os::stat(Some(&path.os), 0, dir, follow),
    };
    match result {
        Ok(st) => stat_result(cx, &st),
        Err(errno) => Err(os_error(cx, errno, path.given)),
    }
}

fn stat(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "stat", true)?;
    let dir = dir_arg(cx, args.get(1))?;
    let follow = protocol::truth(cx, args.get(2))?;
    check_not_both(cx, &path, dir, "stat")?;
    check_follows(cx, &path, follow, "stat")?;
    stat_path(cx, &path, dir, follow)
}

fn lstat(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "lstat", false)?;
    let dir = dir_arg(cx, args.get(1))?;
    stat_path(cx, &path, dir, false)
}

fn fstat(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = convert::index_i64(cx, args.get(0))? as i32;
    match os::stat(None, fd, None, true) {
        Ok(st) => stat_result(cx, &st),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn access(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = path_arg(cx, args.get(0), "access", false)?;
    let mode = convert::index_i64(cx, args.get(1))? as i32;
    let dir = dir_arg(cx, args.get(2))?;
    let mut flags = 0;
    if protocol::truth(cx, args.get(3))? {
        flags |= libc::AT_EACCESS;
    }
    if !protocol::truth(cx, args.get(4))? {
        flags |= libc::AT_SYMLINK_NOFOLLOW;
    }
    Ok(os::access(&path.os, mode, dir, flags).is_ok().into())
}

fn error_of(cx: &mut Cx, e: &std::io::Error, path: Value) -> taipan_objects::Escape {
    os_error(cx, e.raw_os_error().unwrap_or(libc::EIO), path)
}

/// The path argument of `listdir` and `scandir`: `None` means the current directory, a number an open one.
fn directory_arg(cx: &mut Cx, v: Value, function: &str) -> Completion<Path> {
    if v.is_unbound() || v.is_none() {
        let dot = cx.new_str(".")?;
        return path_arg(cx, dot, function, false);
    }
    path_arg(cx, v, function, true)
}

/// What is in a directory.
fn entries_of(cx: &mut Cx, path: &Path) -> Completion<std::fs::ReadDir> {
    let found = match path.fd {
        // Opened anew, so that the position of the given descriptor does not matter.
        Some(fd) if os::stat(None, fd, None, true).is_ok() => {
            std::fs::read_dir(format!("/proc/self/fd/{fd}"))
        }
        Some(_) => return Err(os_error(cx, libc::EBADF, path.given)),
        None => std::fs::read_dir(&path.os),
    };
    match found {
        Ok(entries) => Ok(entries),
        Err(e) => Err(error_of(cx, &e, path.given)),
    }
}

fn listdir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let path = directory_arg(cx, args.get(0), "listdir")?;
    let entries = entries_of(cx, &path)?;
    let mut names = RootVec::new();
    for entry in entries {
        match entry {
            Ok(entry) => {
                let name = like(cx, path.is_bytes, entry.file_name().as_bytes())?;
                names.push(cx, name)?;
            }
            Err(e) => return Err(error_of(cx, &e, path.given)),
        }
    }
    Ok(list::from_vec(cx, names)?.into())
}

// ---- scandir -------------------------------------------------------------------------------------

mod entry_slot {
    pub(super) const NAME: usize = 2;
    pub(super) const PATH: usize = 3;
    /// Inode and type as small ints.
    pub(super) const INODE: usize = 4;
    pub(super) const TYPE: usize = 5;
    /// Cached `stat` results: following links, not following.
    pub(super) const STAT: usize = 6;
    pub(super) const LSTAT: usize = 7;
    /// Descriptor of the directory, if that was given.
    pub(super) const DIR: usize = 8;
}

mod scan_slot {
    pub(super) const ENTRIES: usize = 2;
    pub(super) const NEXT: usize = 3;
}

/// What `NEXT` is once there was no next entry.
const END: i64 = i64::MAX >> 16;

/// `os.DirEntry`.
pub static DIR_ENTRY: TypeDef = TypeDef {
    name: "DirEntry",
    module: "posix",
    body: Body::Words(Kind::Record, 9),
    class_methods: &[row("__class_getitem__", "(cls, object, /)", |cx, args| {
        taipan_objects::types::type_::generic_alias(cx, args.get(0), args.get(1))
    })],
    methods: &[
        row("is_dir", "(self, /, *, follow_symlinks=True)", |cx, args| {
            is_type(cx, args, libc::S_IFDIR)
        }),
        row("is_file", "(self, /, *, follow_symlinks=True)", |cx, args| {
            is_type(cx, args, libc::S_IFREG)
        }),
        row("is_symlink", "(self, /)", |_, args| {
            let kind = args.this_obj().raw(entry_slot::TYPE).as_small();
            Ok((kind == i64::from(libc::S_IFLNK)).into())
        }),
        row("is_junction", "(self, /)", |_, _| Ok(Value::FALSE)),
        row("stat", "(self, /, *, follow_symlinks=True)", entry_stat),
        row("inode", "(self, /)", |_, args| Ok(args.this_obj().raw(entry_slot::INODE))),
        row("__fspath__", "(self, /)", |_, args| Ok(args.this_obj().raw(entry_slot::PATH))),
        row("__repr__", "(self, /)", |cx, args| {
            let name = convert::repr_text(cx, args.this_obj().raw(entry_slot::NAME))?;
            cx.new_str(&format!("<DirEntry {name}>"))
        }),
    ],
    getset: &[
        GetSetDef {
            name: "name",
            get: |cx, v| entry_part(cx, v, entry_slot::NAME),
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "path",
            get: |cx, v| entry_part(cx, v, entry_slot::PATH),
            set: None,
            doc: "",
        },
    ],
    ..TypeDef::BASE
};

static SCANDIR: TypeDef = TypeDef {
    name: "ScandirIterator",
    module: "posix",
    body: Body::Words(Kind::Record, 4),
    methods: &[
        row("__iter__", "(self, /)", |_, args| Ok(args.this())),
        row("__next__", "(self, /)", scan_next),
        row("__enter__", "(self, /)", |_, args| Ok(args.this())),
        row("__exit__", "(self, /, *args)", scan_close),
        row("close", "(self, /, *args)", scan_close),
        row("__del__", "(self, /)", scan_finalize),
    ],
    ..TypeDef::BASE
};

fn entry_part(_cx: &mut Cx, v: Value, slot: usize) -> Completion<Value> {
    Ok(v.obj().map_or(Value::NONE, |o| o.raw(slot)))
}

fn entry_stat(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let follow = protocol::truth(cx, args.get(1))?;
    let slot = if follow { entry_slot::STAT } else { entry_slot::LSTAT };
    let cached = cx.read(o, slot)?;
    if cached.is_bound() {
        return Ok(cached);
    }
    let path = path_arg(cx, o.raw(entry_slot::PATH), "stat", false)?;
    let dir = dir_arg(cx, o.raw(entry_slot::DIR))?;
    let st = stat_path(cx, &path, dir, follow)?;
    cx.set(o, slot, st)?;
    Ok(st)
}

fn is_type(cx: &mut Cx, args: Args<'_>, wanted: u32) -> Completion<Value> {
    let o = args.this_obj();
    let follow = protocol::truth(cx, args.get(1))?;
    let kind = o.raw(entry_slot::TYPE).as_small();
    if kind != i64::from(libc::S_IFLNK) || !follow {
        return Ok((kind == i64::from(wanted)).into());
    }
    let path = path_arg(cx, o.raw(entry_slot::PATH), "stat", false)?;
    let dir = dir_arg(cx, o.raw(entry_slot::DIR))?;
    match os::stat(Some(&path.os), 0, dir, true) {
        Ok(st) => Ok((st.st_mode & libc::S_IFMT == wanted).into()),
        Err(libc::ENOENT) => Ok(Value::FALSE),
        Err(errno) => Err(os_error(cx, errno, path.given)),
    }
}

fn scandir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    use std::os::unix::fs::{DirEntryExt as _, FileTypeExt as _};
    let path = directory_arg(cx, args.get(0), "scandir")?;
    let found = entries_of(cx, &path)?;
    let class = cx.type_for(&DIR_ENTRY)?;
    let mut entries = RootVec::new();
    for entry in found {
        let entry = match entry {
            Ok(entry) => entry,
            Err(e) => return Err(error_of(cx, &e, path.given)),
        };
        let o = cx.new_instance(class)?;
        let name = like(cx, path.is_bytes, entry.file_name().as_bytes())?;
        let full = like(cx, path.is_bytes, &joined(&path.os, &entry.file_name()))?;
        let inode = cx.new_int(entry.ino() as i64)?;
        let kind = entry.file_type().map_or(0, |t| {
            if t.is_dir() {
                libc::S_IFDIR
            } else if t.is_symlink() {
                libc::S_IFLNK
            } else if t.is_file() {
                libc::S_IFREG
            } else if t.is_fifo() {
                libc::S_IFIFO
            } else {
                libc::S_IFSOCK
            }
        });
        let parts = [name, full, inode, Value::small(kind.into())];
        for (i, v) in parts.into_iter().enumerate() {
            o.init(entry_slot::NAME + i, v);
        }
        if let Some(fd) = path.fd {
            o.init(entry_slot::PATH, name);
            o.init(entry_slot::DIR, Value::small(fd.into()));
        }
        entries.push(cx, o.into())?;
    }
    let all = cx.new_tuple(entries.as_slice())?;
    let class = cx.type_for(&SCANDIR)?;
    let it = cx.new_instance(class)?;
    it.init(scan_slot::ENTRIES, all);
    it.init(scan_slot::NEXT, Value::small(0));
    Ok(it.into())
}

fn joined(dir: &OsStr, name: &OsStr) -> Vec<u8> {
    let mut path = dir.as_bytes().to_vec();
    if !path.ends_with(b"/") {
        path.push(b'/');
    }
    path.extend_from_slice(name.as_bytes());
    path
}

fn scan_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.claim(o)?;
    let i = o.raw(scan_slot::NEXT).as_small();
    let entry = o.raw(scan_slot::ENTRIES).obj().and_then(|t| t.item(i as usize));
    if let Some(entry) = entry {
        cx.write(o, scan_slot::NEXT, Value::small(i + 1));
        return Ok(entry);
    }
    cx.write(o, scan_slot::NEXT, Value::small(END));
    Ok(Value::UNBOUND)
}

/// A scan that dies before its end warns.
fn scan_finalize(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let n = cx.read(o, scan_slot::ENTRIES)?.obj().map_or(0, |t| t.items().len());
    if n > 0 && cx.read(o, scan_slot::NEXT)?.as_small() < END {
        crate::modules::unclosed::warn(cx, args.this(), "scandir iterator")?;
    }
    Ok(Value::NONE)
}

fn scan_close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let empty = cx.world.empty_tuple();
    cx.set(args.this_obj(), scan_slot::ENTRIES, empty)?;
    Ok(Value::NONE)
}

const fn row(
    name: &'static str,
    sig: &'static str,
    run: taipan_objects::native::NativeFn,
) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

fn fspath(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(0);
    if cx.is_a(v, T::str) || cx.is_a(v, T::bytes) {
        return Ok(v);
    }
    match protocol::call_special(cx, v, taipan_objects::Special::FsPath, &[])? {
        Some(p) if cx.is_a(p, T::str) || cx.is_a(p, T::bytes) => Ok(p),
        Some(p) => {
            let (class, got) = (cx.type_name(v), cx.type_name(p));
            raise!(cx, TypeError, "expected {class}.__fspath__() to return str or bytes, not {got}")
        }
        None => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "expected str, bytes or os.PathLike object, not {got}")
        }
    }
}

fn getcwd(cx: &mut Cx, is_bytes: bool) -> Completion<Value> {
    match std::env::current_dir() {
        Ok(dir) => like(cx, is_bytes, dir.as_os_str().as_bytes()),
        Err(e) => Err(error_of(cx, &e, Value::UNBOUND)),
    }
}

/// Functions of `posix` that only look.
pub const FUNCTIONS: &[NativeDef] = &[
    row("stat", "(path, *, dir_fd=None, follow_symlinks=True)", stat),
    row("lstat", "(path, *, dir_fd=None)", lstat),
    row("fstat", "(fd)", fstat),
    row(
        "access",
        "(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)",
        access,
    ),
    row("listdir", "(path=None)", audited!("os.listdir"[0], listdir)),
    row("scandir", "(path=None)", audited!("os.scandir"[0], scandir)),
    row("fspath", "(path)", fspath),
    row("getcwd", "()", |cx, _| getcwd(cx, false)),
    row("getcwdb", "()", |cx, _| getcwd(cx, true)),
];
