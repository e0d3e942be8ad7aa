//! Child processes: fork and exec, with nothing but async-signal-safe calls in between.

use std::ffi::CString;

use super::{
    Errno, OsResult, SignalAction, check, close, exit_now, last, set_inheritable, set_signal,
    umask, write,
};

/// What a child process is made of. Descriptors are -1 where there is none.
#[derive(Debug)]
pub struct Spawn {
    /// Paths to try in order.
    pub executables: Vec<CString>,
    /// Its arguments.
    pub args: Vec<CString>,
    /// Its environment; `None` for this process's.
    pub env: Option<Vec<CString>>,
    /// Its working directory.
    pub cwd: Option<CString>,
    /// Close all descriptors but the standard ones and `keep`.
    pub close_fds: bool,
    /// Descriptors to keep, sorted; the one for errors is among them.
    pub keep: Vec<i32>,
    /// Ends of the pipes for standard input, output and error: the child's.
    pub child_ends: [i32; 3],
    /// The parent's.
    pub parent_ends: [i32; 3],
    /// Where a failure is written to, and the end that reads it.
    pub error_pipe: (i32, i32),
    /// Put signals that are ignored here back to their defaults.
    pub restore_signals: bool,
    /// Begin a session.
    pub new_session: bool,
    /// Process group to enter, -1 for none.
    pub group: i32,
    /// Group, user and further groups to become.
    pub gid: Option<u32>,
    /// See `gid`.
    pub uid: Option<u32>,
    /// See `gid`.
    pub groups: Option<Vec<u32>>,
    /// Mode mask, -1 for this process's.
    pub umask: i32,
}

/// Starts a child process and returns its number. What goes wrong in the child is written to the error pipe in the form
/// that `subprocess` reads.
///
/// # Errors
/// `fork`'s.
pub fn spawn(what: &Spawn) -> OsResult<i32> {
    // Everything that allocates comes before the fork: another thread may hold the allocator's lock at that moment.
    let null_ended = |all: &[CString]| -> Vec<*const libc::c_char> {
        all.iter().map(|s| s.as_ptr()).chain([std::ptr::null()]).collect()
    };
    let args = null_ended(&what.args);
    let env = what.env.as_deref().map(null_ended);
    // SAFETY: all-zero is a valid signal set, and the calls below fill it in.
    let mut all: libc::sigset_t = unsafe { std::mem::zeroed() };
    let mut old = all;
    // SAFETY: `all` is a live local.
    unsafe { libc::sigfillset(&raw mut all) };
    // No handler of ours shall run in the child.
    // SAFETY: both sets are live locals.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut old) };
    // SAFETY: the child calls nothing but async-signal-safe functions until it execs or exits.
    let pid = unsafe { libc::fork() };
    let failed = last();
    if pid == 0 {
        run_child(what, &args, env.as_deref(), &old);
    }
    // SAFETY: `old` was filled in above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const old, std::ptr::null_mut()) };
    if pid < 0 { Err(failed) } else { Ok(pid) }
}

/// The child's side of [`spawn`]. Allocates nothing and takes no lock.
fn run_child(
    what: &Spawn,
    args: &[*const libc::c_char],
    env: Option<&[*const libc::c_char]>,
    mask: &libc::sigset_t,
) -> ! {
    let (message, errno) = match prepare_child(what) {
        Err((message, errno)) => (message, errno),
        Ok(()) => {
            // SAFETY: `mask` is the set that the parent had.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask, std::ptr::null_mut()) };
            let mut errno = libc::ENOENT;
            for path in &what.executables {
                // SAFETY: paths, arguments and environment are NUL-terminated, the lists end with null.
                unsafe {
                    match env {
                        Some(env) => libc::execve(path.as_ptr(), args.as_ptr(), env.as_ptr()),
                        None => libc::execv(path.as_ptr(), args.as_ptr()),
                    };
                }
                let this = last();
                if this != libc::ENOENT && this != libc::ENOTDIR {
                    errno = this;
                    break;
                }
                errno = this;
            }
            (&b""[..], errno)
        }
    };
    let mut text = [0_u8; 64];
    let mut n = 0;
    let mut put = |bytes: &[u8]| {
        for &b in bytes {
            if n < text.len() {
                text[n] = b;
                n += 1;
            }
        }
    };
    put(b"OSError:");
    let mut started = false;
    for shift in (0..8).rev() {
        let digit = (errno >> (4 * shift)) & 15;
        started |= digit != 0;
        if started {
            put(&[b"0123456789abcdef"[digit as usize]]);
        }
    }
    put(b":");
    put(message);
    let _ = write(what.error_pipe.1, &text[..n]);
    exit_now(255)
}

/// Everything between fork and exec. The text tells the parent what failed.
fn prepare_child(what: &Spawn) -> Result<(), (&'static [u8], Errno)> {
    let failed = |errno| (&b"noexec"[..], errno);
    for &fd in &what.keep {
        if fd != what.error_pipe.1 {
            set_inheritable(fd, true).map_err(failed)?;
        }
    }
    for fd in what.parent_ends {
        if fd >= 0 {
            close(fd).map_err(failed)?;
        }
    }
    if what.error_pipe.0 >= 0 {
        close(what.error_pipe.0).map_err(failed)?;
    }
    redirect(what.child_ends).map_err(failed)?;
    if let Some(cwd) = &what.cwd {
        // SAFETY: `cwd` is NUL-terminated.
        check(unsafe { libc::chdir(cwd.as_ptr()) }.into())
            .map_err(|e| (&b"noexec:chdir"[..], e))?;
    }
    if what.umask >= 0 {
        umask(what.umask as u32);
    }
    if what.restore_signals {
        for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
            set_signal(signal, SignalAction::Default).map_err(failed)?;
        }
    }
    become_other(what).map_err(failed)?;
    if what.close_fds {
        close_others(&what.keep);
    }
    Ok(())
}

/// Makes the child's ends its standard streams.
fn redirect(ends: [i32; 3]) -> OsResult<()> {
    let mut ends = ends;
    // An end that sits where an earlier one is going to be put moves away first.
    for (at, end) in ends.iter_mut().enumerate().skip(1) {
        if *end >= 0 && (*end as usize) < at {
            // SAFETY: no memory is passed.
            *end = check(unsafe { libc::fcntl(*end, libc::F_DUPFD, 3) }.into())? as i32;
        }
    }
    for (to, end) in ends.into_iter().enumerate() {
        let to = to as i32;
        if end == to {
            set_inheritable(end, true)?;
        } else if end >= 0 {
            // SAFETY: no memory is passed.
            check(unsafe { libc::dup2(end, to) }.into())?;
        }
    }
    Ok(())
}

fn become_other(what: &Spawn) -> OsResult<()> {
    if what.new_session {
        // SAFETY: no memory is passed.
        check(unsafe { libc::setsid() }.into())?;
    }
    if what.group >= 0 {
        // SAFETY: no memory is passed.
        check(unsafe { libc::setpgid(0, what.group) }.into())?;
    }
    if let Some(groups) = &what.groups {
        // SAFETY: the list is live and has the length passed.
        check(unsafe { libc::setgroups(groups.len(), groups.as_ptr()) }.into())?;
    }
    if let Some(gid) = what.gid {
        // SAFETY: no memory is passed.
        check(unsafe { libc::setregid(gid, gid) }.into())?;
    }
    if let Some(uid) = what.uid {
        // SAFETY: no memory is passed.
        check(unsafe { libc::setreuid(uid, uid) }.into())?;
    }
    Ok(())
}

/// Closes all descriptors from 3 on but the sorted ones in `keep`.
fn close_others(keep: &[i32]) {
    let mut from = 3_u32;
    for fd in keep.iter().copied().filter(|fd| *fd >= 3).map(|fd| fd as u32).chain([u32::MAX]) {
        if fd > from {
            close_from_to(from, fd - 1);
        }
        from = fd.saturating_add(1);
    }
}

fn close_from_to(first: u32, last_fd: u32) {
    // SAFETY: closes numbers; no memory is passed.
    let done = unsafe { libc::syscall(libc::SYS_close_range, first, last_fd, 0) } == 0;
    if done {
        return;
    }
    // SAFETY: no memory is passed.
    let most = unsafe { libc::sysconf(libc::_SC_OPEN_MAX) }.clamp(256, 65_536) as u32;
    for fd in first..=last_fd.min(most) {
        let _ = close(fd as i32);
    }
}

/// Replaces the program of this process. Returns only when that failed.
pub fn exec(path: &CString, args: &[CString], env: Option<&[CString]>) -> Errno {
    let null_ended = |all: &[CString]| -> Vec<*const libc::c_char> {
        all.iter().map(|s| s.as_ptr()).chain([std::ptr::null()]).collect()
    };
    let args = null_ended(args);
    // SAFETY: path, arguments and environment are NUL-terminated, the lists end with null.
    unsafe {
        match env {
            Some(env) => libc::execve(path.as_ptr(), args.as_ptr(), null_ended(env).as_ptr()),
            None => libc::execv(path.as_ptr(), args.as_ptr()),
        };
    }
    last()
}
