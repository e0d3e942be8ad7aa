//! Priorities, processors, advice and locks on files, files in memory, waiting for children, configuration values.

use std::ffi::{CString, OsStr};

use super::{OsResult, c_string, check, last};

/// The scheduling priority of a process, a group or a user.
///
/// # Errors
/// The operating system's.
pub fn priority(which: i32, who: i32) -> OsResult<i32> {
    // SAFETY: clears and reads this thread's error number; the call takes numbers.
    let found = unsafe {
        *libc::__errno_location() = 0;
        libc::getpriority(which as _, who as u32)
    };
    if found == -1 && last() != 0 { Err(last()) } else { Ok(found) }
}

/// Sets a scheduling priority.
///
/// # Errors
/// The operating system's.
pub fn set_priority(which: i32, who: i32, priority: i32) -> OsResult<()> {
    // SAFETY: passes numbers.
    check(unsafe { libc::setpriority(which as _, who as u32, priority) }.into()).map(drop)
}

/// The greatest or least priority of a scheduling policy.
///
/// # Errors
/// The operating system's.
pub fn policy_limit(policy: i32, greatest: bool) -> OsResult<i32> {
    // SAFETY: passes numbers.
    let found = unsafe {
        if greatest {
            libc::sched_get_priority_max(policy)
        } else {
            libc::sched_get_priority_min(policy)
        }
    };
    Ok(check(found.into())? as i32)
}

/// Says which processors a process may run on.
///
/// # Errors
/// The operating system's.
pub fn set_affinity(pid: i32, cpus: &[usize]) -> OsResult<()> {
    // SAFETY: all-zero is an empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    for &cpu in cpus.iter().filter(|&&cpu| cpu < libc::CPU_SETSIZE as usize) {
        // SAFETY: `set` is a live local; the number is within its size.
        unsafe { libc::CPU_SET(cpu, &mut set) };
    }
    // SAFETY: `set` is a live local of the size passed.
    let result = unsafe { libc::sched_setaffinity(pid, size_of::<libc::cpu_set_t>(), &set) };
    check(result.into()).map(drop)
}

/// Locks, unlocks or tests a part of a file from its position on.
///
/// # Errors
/// The operating system's.
pub fn lock_part(fd: i32, command: i32, len: i64) -> OsResult<()> {
    // SAFETY: passes numbers.
    check(unsafe { libc::lockf(fd, command, len) }.into()).map(drop)
}

fn as_result(errno: i32) -> OsResult<()> {
    if errno == 0 { Ok(()) } else { Err(errno) }
}

/// Makes sure that a part of a file has room on the disk.
///
/// # Errors
/// The operating system's.
pub fn allocate(fd: i32, offset: i64, len: i64) -> OsResult<()> {
    // SAFETY: passes numbers.
    as_result(unsafe { libc::posix_fallocate(fd, offset, len) })
}

/// Says how a part of a file will be used.
///
/// # Errors
/// The operating system's.
pub fn advise(fd: i32, offset: i64, len: i64, advice: i32) -> OsResult<()> {
    // SAFETY: passes numbers.
    as_result(unsafe { libc::posix_fadvise(fd, offset, len, advice) })
}

/// Copies from file to file inside the system; offsets of `None` are the files' positions.
///
/// # Errors
/// The operating system's.
pub fn copy_range(from: (i32, Option<i64>), to: (i32, Option<i64>), n: usize) -> OsResult<usize> {
    let (mut from_at, mut to_at) = (from.1, to.1);
    let pointer =
        |at: &mut Option<i64>| at.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
    let (from_at, to_at) = (pointer(&mut from_at), pointer(&mut to_at));
    // SAFETY: the offsets are null or live locals.
    let done = unsafe { libc::copy_file_range(from.0, from_at, to.0, to_at, n, 0) };
    Ok(check(done as i64)? as usize)
}

/// A file in memory only.
///
/// # Errors
/// The operating system's.
pub fn memory_file(name: &OsStr, flags: u32) -> OsResult<i32> {
    let name: CString = c_string(name)?;
    // SAFETY: `name` is NUL-terminated and live during the call.
    Ok(check(unsafe { libc::memfd_create(name.as_ptr(), flags) }.into())? as i32)
}

/// A descriptor that stands for a process.
///
/// # Errors
/// The operating system's.
pub fn open_process(pid: i32, flags: u32) -> OsResult<i32> {
    // SAFETY: passes numbers.
    Ok(check(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, flags) })? as i32)
}

/// What is known of a child that changed its state: its number, its user, the signal, status and code.
pub type ChildState = [i64; 5];

/// Waits for a child to change its state; `None` when none has and waiting was not asked for.
///
/// # Errors
/// The operating system's.
pub fn wait_id(kind: i32, id: i32, options: i32) -> OsResult<Option<ChildState>> {
    // SAFETY: all-zero is a valid `siginfo_t`.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    // SAFETY: `info` is a live local.
    check(unsafe { libc::waitid(kind as _, id as u32, &raw mut info, options) }.into())?;
    // SAFETY: `waitid` fills in the variant for children, or leaves zeros.
    let (pid, uid, status) = unsafe { (info.si_pid(), info.si_uid(), info.si_status()) };
    let state = [pid.into(), uid.into(), info.si_signo.into(), status.into(), info.si_code.into()];
    Ok((pid != 0).then_some(state))
}

/// A limit of the file system for a path or an open file; `None`: no limit.
///
/// # Errors
/// The operating system's.
pub fn path_limit(path: Option<&OsStr>, fd: i32, name: i32) -> OsResult<i64> {
    let path = path.map(c_string).transpose()?;
    // SAFETY: clears this thread's error number; the path is NUL-terminated and live.
    let found = unsafe {
        *libc::__errno_location() = 0;
        match &path {
            Some(path) => libc::pathconf(path.as_ptr(), name),
            None => libc::fpathconf(fd, name),
        }
    };
    if found == -1 && last() != 0 { Err(last()) } else { Ok(found) }
}

/// A configuration text; `None` when it has no value.
///
/// # Errors
/// `EINVAL`.
pub fn system_text(name: i32) -> OsResult<Option<Vec<u8>>> {
    let mut text = vec![0_u8; 1024];
    // SAFETY: clears this thread's error number; the buffer has the length passed.
    let n = unsafe {
        *libc::__errno_location() = 0;
        libc::confstr(name, text.as_mut_ptr().cast(), text.len())
    };
    if n == 0 {
        return if last() != 0 { Err(last()) } else { Ok(None) };
    }
    text.truncate(n.saturating_sub(1).min(1023));
    Ok(Some(text))
}

/// Tells the system that the pages of this program's code and constants which are mapped are not needed for now. They stay
/// in its cache and are mapped again when they are used: most of what starting takes is never used again.
pub fn unmap_idle_code() {
    /// Unmaps the read-only parts of the first object, which is the program itself.
    unsafe extern "C" fn look(
        info: *mut libc::dl_phdr_info,
        _size: usize,
        _data: *mut libc::c_void,
    ) -> i32 {
        // SAFETY: the loader passes a valid description with as many headers as it says.
        let (base, headers) = unsafe {
            let info = &*info;
            (info.dlpi_addr, std::slice::from_raw_parts(info.dlpi_phdr, info.dlpi_phnum.into()))
        };
        for part in headers {
            if part.p_type != libc::PT_LOAD || part.p_flags & libc::PF_W != 0 {
                continue;
            }
            let page = 4096;
            let start = (base + part.p_vaddr).next_multiple_of(page);
            let end = (base + part.p_vaddr + part.p_filesz) / page * page;
            if start < end {
                // SAFETY: whole pages of a part of the file that is mapped read-only and was never written, so they
                // come back from the file as they were. A failure changes nothing.
                unsafe {
                    libc::madvise(
                        start as *mut libc::c_void,
                        (end - start) as usize,
                        libc::MADV_DONTNEED,
                    );
                }
            }
        }
        // Only the first.
        1
    }
    // SAFETY: `look` only reads what it is shown.
    unsafe { libc::dl_iterate_phdr(Some(look), std::ptr::null_mut()) };
}
