//! `FileIO`: unbuffered binary files over descriptors.
//!
//! Conflicts: the object changes only when opened and closed. System calls run outside of transactions, except that writes
//! to standard output and error are put off until commit.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, T, TypeDef, Value,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes, exc_fields::os_error},
};

use super::base::{self, CLOSED, get, row, size_arg};
use crate::{
    audit,
    modules::posix::{blocking, path::warn_if_bool, path_arg},
    os, stdlib,
    txn::io,
};

const FD: usize = 3;
const FLAGS: usize = 4;
const NAME: usize = 5;

const READ: i64 = 1;
const WRITE: i64 = 2;
const APPEND: i64 = 4;
const CREATED: i64 = 8;
const CLOSEFD: i64 = 16;

struct Mode {
    flags: i64,
    open: i32,
}

fn parse_mode(cx: &mut Cx, text: &str) -> Completion<Mode> {
    let mut main = None;
    let mut plus = false;
    for c in text.chars() {
        match c {
            'x' | 'r' | 'w' | 'a' if main.is_none() => main = Some(c),
            'x' | 'r' | 'w' | 'a' => {
                return raise!(
                    cx,
                    ValueError,
                    "Must have exactly one of create/read/write/append mode and at most one plus"
                );
            }
            '+' if !plus => plus = true,
            'b' => {}
            _ => return raise!(cx, ValueError, "invalid mode: {text}"),
        }
    }
    let (mut flags, mut open) = match main {
        Some('r') => (READ, 0),
        Some('w') => (WRITE, libc::O_CREAT | libc::O_TRUNC),
        Some('a') => (WRITE | APPEND, libc::O_CREAT | libc::O_APPEND),
        Some(_) => (WRITE | CREATED, libc::O_CREAT | libc::O_EXCL),
        None => {
            return raise!(
                cx,
                ValueError,
                "Must have exactly one of create/read/write/append mode and at most one plus"
            );
        }
    };
    if plus {
        flags |= READ | WRITE;
    }
    open |= match (flags & READ != 0, flags & WRITE != 0) {
        (true, true) => libc::O_RDWR,
        (false, true) => libc::O_WRONLY,
        _ => libc::O_RDONLY,
    };
    Ok(Mode { flags, open })
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let text = convert::expect_str(cx, args.get(2), "FileIO() argument 'mode'")?;
    let mode = parse_mode(cx, text)?;
    let closefd = protocol::truth(cx, args.get(3))?;
    let mut flags = mode.flags | if closefd { CLOSEFD } else { 0 };
    let (file, opener) = (args.get(1), args.not_none(4));
    let bits = Value::small((mode.open | libc::O_CLOEXEC).into());
    audit::event(cx, "open", &[file, args.get(2), bits])?;
    let fd = if convert::as_int(file).is_some() {
        warn_if_bool(cx, file)?;
        let fd = convert::index_i64(cx, file)?;
        if fd < 0 {
            return raise!(cx, ValueError, "negative file descriptor");
        }
        fd as i32
    } else {
        if !closefd {
            return raise!(cx, ValueError, "Cannot use closefd=False with file name");
        }
        open_path(cx, file, mode.open, opener)?
    };
    check_not_directory(cx, fd, file)?;
    if mode.flags & APPEND != 0 {
        // Best effort: pipes cannot seek.
        let _ = os::seek(fd, 0, libc::SEEK_END);
    }
    if convert::as_int(file).is_some() {
        flags &= !CREATED;
    }
    cx.claim(o)?;
    cx.write(o, CLOSED, Value::FALSE);
    cx.write(o, FD, Value::small(fd.into()));
    cx.write(o, FLAGS, Value::small(flags));
    cx.write(o, NAME, file);
    Ok(Value::NONE)
}

fn open_path(cx: &mut Cx, file: Value, flags: i32, opener: Option<Value>) -> Completion<i32> {
    if let Some(opener) = opener {
        let fd =
            protocol::call(cx, opener, &[file, Value::small((flags | libc::O_CLOEXEC).into())])?;
        if convert::as_int(fd).is_none() {
            return raise!(cx, TypeError, "expected integer from opener");
        }
        let fd = convert::index_i64(cx, fd)?;
        if fd < 0 {
            return raise!(cx, ValueError, "opener returned {fd}");
        }
        return Ok(fd as i32);
    }
    let path = path_arg(cx, file, "open", false)?;
    blocking(cx, path.given, || match os::open(&path.os, flags, 0o666, None) {
        Err(libc::ENOENT) if flags == libc::O_RDONLY => library_file(&path.os),
        opened => opened,
    })
}

/// A file of the library, which is not on disk: tools open what `__file__` names.
fn library_file(path: &std::ffi::OsStr) -> os::OsResult<i32> {
    let below = std::path::Path::new(path).strip_prefix(stdlib::root());
    let content = below.ok().and_then(std::path::Path::to_str).and_then(stdlib::read);
    os::file_of(&content.ok_or(libc::ENOENT)?)
}

fn check_not_directory(cx: &mut Cx, fd: i32, file: Value) -> Completion<()> {
    match os::stat(None, fd, None, true) {
        Ok(st) if st.st_mode & libc::S_IFMT == libc::S_IFDIR => {
            Err(os_error(cx, libc::EISDIR, file))
        }
        Ok(_) => Ok(()),
        Err(errno) => Err(os_error(cx, errno, file)),
    }
}

/// The descriptor of an open `FileIO`.
///
/// # Errors
/// `ValueError` when it is closed.
pub fn fd(cx: &mut Cx, o: Obj) -> Completion<i32> {
    if cx.read(o, CLOSED)? != Value::FALSE {
        return raise!(cx, ValueError, "I/O operation on closed file");
    }
    Ok(cx.read(o, FD)?.small_int().unwrap_or(-1) as i32)
}

fn flags(cx: &mut Cx, o: Obj) -> Completion<i64> {
    Ok(cx.read(o, FLAGS)?.small_int().unwrap_or(0))
}

/// Whether `v` is a `FileIO` itself (no subclass), so that its methods need not be looked up.
pub fn is_exact(cx: &Cx, v: Value) -> bool {
    cx.world.made_type(&FILE_IO).is_some_and(|class| cx.class_of(v) == class)
}

/// Reads at most `n` bytes; `None` when a non-blocking descriptor has none.
///
/// # Errors
/// `OSError`, `UnsupportedOperation`.
pub fn read_some(cx: &mut Cx, o: Obj, n: usize) -> Completion<Option<Vec<u8>>> {
    let fd = fd(cx, o)?;
    if flags(cx, o)? & READ == 0 {
        return base::unsupported(cx, "File not open for reading");
    }
    let mut data = vec![0; n.min(1 << 30)];
    let mut none = false;
    let n = blocking(cx, Value::UNBOUND, || match os::read(fd, &mut data) {
        Err(libc::EAGAIN) => {
            none = true;
            Ok(0)
        }
        result => result,
    })?;
    data.truncate(n);
    Ok((!none).then_some(data))
}

/// Writes up to all of `data`; `None` when a non-blocking descriptor takes nothing now.
///
/// # Errors
/// `OSError`, `UnsupportedOperation`.
pub fn write_some(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<Option<usize>> {
    let fd = fd(cx, o)?;
    if flags(cx, o)? & WRITE == 0 {
        return base::unsupported(cx, "File not open for writing");
    }
    if (fd == 1 || fd == 2)
        && let Some(errno) = io::take_error(cx, fd)
    {
        // Output that was put off earlier could not be written.
        return Err(os_error(cx, errno, Value::UNBOUND));
    }
    if (fd == 1 || fd == 2) && !cx.is_solo() && !cx.tx.is_irrevocable() {
        cx.defer_output(fd, data);
        return Ok(Some(data.len()));
    }
    blocking(cx, Value::UNBOUND, || match os::write(fd, data) {
        Err(libc::EAGAIN) => Ok(None),
        other => other.map(Some),
    })
}

fn read(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(n) = size_arg(cx, args.opt(1))? else { return readall(cx, args) };
    match read_some(cx, args.this_obj(), n)? {
        Some(data) => bytes::new(cx, &data),
        None => Ok(Value::NONE),
    }
}

fn readall(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let mut all = Vec::new();
    let mut chunk = 65_536;
    loop {
        match read_some(cx, o, chunk)? {
            None if all.is_empty() => return Ok(Value::NONE),
            Some(data) if !data.is_empty() => all.extend_from_slice(&data),
            _ => return bytes::new(cx, &all),
        }
        chunk = all.len().clamp(65_536, 1 << 24);
    }
}

fn readinto(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = base::room_in(cx, args.get(1), "readinto() argument 1")?;
    match read_some(cx, args.this_obj(), n)? {
        Some(data) => {
            let data = bytes::new(cx, &data)?;
            base::store_into(cx, args.get(1), data)
        }
        None => Ok(Value::NONE),
    }
}

fn write(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let n = write_some(cx, args.this_obj(), &data)?;
    Ok(n.map_or(Value::NONE, |n| Value::small(n as i64)))
}

fn seek(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = fd(cx, args.this_obj())?;
    if args.get(1).is_float() {
        return raise!(cx, TypeError, "'float' object cannot be interpreted as an integer");
    }
    let (offset, whence) =
        (convert::index_i64(cx, args.get(1))?, convert::index_i64(cx, args.get(2))?);
    seek_to(cx, fd, offset, whence)
}

fn seek_to(cx: &mut Cx, fd: i32, offset: i64, whence: i64) -> Completion<Value> {
    if (offset, whence) != (0, libc::SEEK_CUR.into()) {
        // An attempt that is repeated must not move again.
        (cx.world.upcalls().irrevocable)(cx)?;
    }
    match os::seek(fd, offset, whence as i32) {
        Ok(at) => cx.new_int(at),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn tell(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = fd(cx, args.this_obj())?;
    seek_to(cx, fd, 0, libc::SEEK_CUR.into())
}

fn truncate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fd = fd(cx, args.this_obj())?;
    if flags(cx, args.this_obj())? & WRITE == 0 {
        return base::unsupported(cx, "File not open for writing");
    }
    let size = match args.not_none(1) {
        Some(v) => v,
        None => seek_to(cx, fd, 0, libc::SEEK_CUR.into())?,
    };
    let length = convert::index_i64(cx, size)?;
    (cx.world.upcalls().irrevocable)(cx)?;
    match os::truncate(fd, length) {
        Ok(()) => Ok(size),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn close(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    if cx.read(o, CLOSED)? != Value::FALSE {
        return Ok(Value::NONE);
    }
    let (fd, bits) = (fd(cx, o)?, flags(cx, o)?);
    cx.set(o, CLOSED, Value::TRUE)?;
    if bits & CLOSEFD != 0 {
        (cx.world.upcalls().irrevocable)(cx)?;
        if let Err(errno) = os::close(fd) {
            return Err(os_error(cx, errno, Value::UNBOUND));
        }
    }
    Ok(Value::NONE)
}

/// A file that dies open warns, unless it leaves its descriptor to somebody else.
fn warn_if_open(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    if cx.read(o, CLOSED)? == Value::FALSE && flags(cx, o)? & CLOSEFD != 0 {
        crate::modules::unclosed::warn(cx, args.get(1), "file")?;
    }
    Ok(Value::NONE)
}

fn mode_text(bits: i64) -> &'static str {
    match (bits & CREATED != 0, bits & APPEND != 0, bits & READ != 0, bits & WRITE != 0) {
        (true, _, true, _) => "xb+",
        (true, _, false, _) => "xb",
        (_, true, true, _) => "ab+",
        (_, true, false, _) => "ab",
        (_, _, true, true) => "rb+",
        (_, _, true, false) => "rb",
        _ => "wb",
    }
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let class = cx.type_name(args.this());
    if cx.read(o, CLOSED)? != Value::FALSE {
        return cx.new_str(&format!("<{class} [closed]>"));
    }
    let bits = flags(cx, o)?;
    let shown = match base::name_of(cx, args.this(), "name")? {
        Some(name) => format!("name={}", convert::repr_text(cx, name)?),
        None => format!("fd={}", fd(cx, o)?),
    };
    let closefd = if bits & CLOSEFD != 0 { "True" } else { "False" };
    cx.new_str(&format!("<{class} {shown} mode='{}' closefd={closefd}>", mode_text(bits)))
}

fn has(cx: &mut Cx, args: Args<'_>, bit: i64) -> Completion<Value> {
    let o = args.this_obj();
    fd(cx, o)?;
    Ok((flags(cx, o)? & bit != 0).into())
}

fn with(cx: &mut Cx, v: Value, f: fn(&mut Cx, Obj) -> Completion<Value>) -> Completion<Value> {
    match v.obj() {
        Some(o) => f(cx, o),
        None => Ok(Value::NONE),
    }
}

/// `_io.FileIO`.
pub static FILE_IO: TypeDef = TypeDef {
    name: "FileIO",
    module: "_io",
    base: T::object,
    body: Body::WithDict(Kind::Record, 6),
    subclassable: true,
    methods: &[
        row("__init__", "(self, file, mode='r', closefd=True, opener=None)", init),
        row("read", "(self, size=-1, /)", read),
        row("readall", "(self, /)", readall),
        row("readinto", "(self, buffer, /)", readinto),
        row("write", "(self, b, /)", write),
        row("seek", "(self, pos, whence=0, /)", seek),
        row("tell", "(self, /)", tell),
        row("truncate", "(self, size=None, /)", truncate),
        row("close", "(self, /)", close),
        row("fileno", "(self, /)", |cx, args| Ok(Value::small(fd(cx, args.this_obj())?.into()))),
        row("isatty", "(self, /)", |cx, args| Ok(os::is_tty(fd(cx, args.this_obj())?).into())),
        row("readable", "(self, /)", |cx, args| has(cx, args, READ)),
        row("writable", "(self, /)", |cx, args| has(cx, args, WRITE)),
        row("seekable", "(self, /)", |cx, args| {
            let fd = fd(cx, args.this_obj())?;
            Ok(os::seek(fd, 0, libc::SEEK_CUR).is_ok().into())
        }),
        row("__repr__", "(self, /)", repr),
        base::NO_STATE,
        row("_dealloc_warn", "(self, source, /)", warn_if_open),
    ],
    getset: &[
        get("closed", |cx, v| {
            with(cx, v, |cx, o| Ok((cx.read(o, CLOSED)? != Value::FALSE).into()))
        }),
        get("closefd", |cx, v| with(cx, v, |cx, o| Ok((flags(cx, o)? & CLOSEFD != 0).into()))),
        get("mode", |cx, v| {
            with(cx, v, |cx, o| {
                let bits = flags(cx, o)?;
                cx.new_str(mode_text(bits))
            })
        }),
        taipan_objects::GetSetDef {
            name: "name",
            get: |cx, v| {
                with(cx, v, |cx, o| match cx.read(o, NAME)?.bound() {
                    Some(name) => Ok(name),
                    None => raise!(cx, AttributeError, "'FileIO' object has no attribute 'name'"),
                })
            },
            set: Some(|cx, v, name| match v.obj() {
                Some(o) => cx.set(o, NAME, name),
                None => Ok(()),
            }),
            doc: "",
        },
        get("_blksize", |cx, v| {
            with(cx, v, |cx, o| {
                let fd = fd(cx, o)?;
                let size = os::stat(None, fd, None, true).map_or(0, |st| st.st_blksize);
                Ok(Value::small(if size > 1 { size } else { 8192 }))
            })
        }),
    ],
    doc: "Open a file.",
    ..TypeDef::BASE
};
