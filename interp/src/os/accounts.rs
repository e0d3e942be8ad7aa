//! Users and groups: the databases, and those of the process.

use std::ffi::CStr;

use super::{OsResult, check};

/// One line of the user database: name, password, numbers of user and group, full name, home, shell.
#[derive(Clone, Debug)]
pub struct User {
    /// In the order of the file, without the numbers.
    pub texts: [String; 5],
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

fn c_text(p: *const libc::c_char) -> String {
    if p.is_null() {
        return String::new();
    }
    // SAFETY: the databases give NUL-terminated strings inside of the buffer passed, which is still live.
    unsafe { CStr::from_ptr(p) }.to_string_lossy().into_owned()
}

/// Looks a user up by name or number.
///
/// # Errors
/// The operating system's.
pub fn user(name: Option<&CStr>, uid: u32) -> OsResult<Option<User>> {
    let mut buffer = vec![0 as libc::c_char; 16_384];
    // SAFETY: all-zero is a valid `passwd` (numbers and null pointers).
    let mut entry: libc::passwd = unsafe { std::mem::zeroed() };
    let mut found = std::ptr::null_mut();
    // SAFETY: entry, buffer and result are live; the buffer has the length passed.
    let errno = unsafe {
        let (at, n) = (buffer.as_mut_ptr(), buffer.len());
        match name {
            Some(name) => libc::getpwnam_r(name.as_ptr(), &raw mut entry, at, n, &raw mut found),
            None => libc::getpwuid_r(uid, &raw mut entry, at, n, &raw mut found),
        }
    };
    if found.is_null() {
        return if errno == 0 { Ok(None) } else { Err(errno) };
    }
    let parts = [entry.pw_name, entry.pw_passwd, entry.pw_gecos, entry.pw_dir, entry.pw_shell];
    Ok(Some(User { texts: parts.map(|p| c_text(p)), uid: entry.pw_uid, gid: entry.pw_gid }))
}

/// All lines of the user database.
pub fn users() -> Vec<User> {
    // The file is the only database that can be listed without state of the whole process.
    let text = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let parts: Vec<&str> = line.split(':').collect();
            let [name, password, uid, gid, full, home, shell] = parts[..] else { return None };
            Some(User {
                texts: [name, password, full, home, shell].map(str::to_owned),
                uid: uid.parse().ok()?,
                gid: gid.parse().ok()?,
            })
        })
        .collect()
}

/// A group: name, password, number, members.
pub type Group = (String, String, u32, Vec<String>);

/// Looks a group up by name or number.
///
/// # Errors
/// The operating system's.
pub fn group(name: Option<&CStr>, gid: u32) -> OsResult<Option<Group>> {
    let mut buffer = vec![0 as libc::c_char; 65_536];
    // SAFETY: all-zero is a valid `group` (numbers and null pointers).
    let mut entry: libc::group = unsafe { std::mem::zeroed() };
    let mut found = std::ptr::null_mut();
    // SAFETY: entry, buffer and result are live; the buffer has the length passed.
    let errno = unsafe {
        let (at, n) = (buffer.as_mut_ptr(), buffer.len());
        match name {
            Some(name) => libc::getgrnam_r(name.as_ptr(), &raw mut entry, at, n, &raw mut found),
            None => libc::getgrgid_r(gid, &raw mut entry, at, n, &raw mut found),
        }
    };
    if found.is_null() {
        return if errno == 0 { Ok(None) } else { Err(errno) };
    }
    let mut members = Vec::new();
    let mut at = entry.gr_mem;
    while !at.is_null() {
        // SAFETY: the list of members ends with null and lies in the live buffer.
        let member = unsafe { *at };
        if member.is_null() {
            break;
        }
        members.push(c_text(member));
        // SAFETY: not yet at the null that ends the list.
        at = unsafe { at.add(1) };
    }
    Ok(Some((c_text(entry.gr_name), c_text(entry.gr_passwd), entry.gr_gid, members)))
}

/// All lines of the group database.
pub fn all_groups() -> Vec<Group> {
    let text = std::fs::read_to_string("/etc/group").unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let parts: Vec<&str> = line.split(':').collect();
            let [name, password, gid, members] = parts[..] else { return None };
            let members = members.split(',').filter(|m| !m.is_empty()).map(str::to_owned);
            Some((name.to_owned(), password.to_owned(), gid.parse().ok()?, members.collect()))
        })
        .collect()
}

/// Further groups of the process.
///
/// # Errors
/// The operating system's.
pub fn groups() -> OsResult<Vec<u32>> {
    let mut all = vec![0; 65_536];
    // SAFETY: the list is live and has the length passed.
    let n = check(unsafe { libc::getgroups(all.len() as i32, all.as_mut_ptr()) }.into())?;
    all.truncate(n as usize);
    Ok(all)
}

/// Makes `ids` the further groups of the process.
///
/// # Errors
/// The operating system's.
pub fn set_groups(ids: &[u32]) -> OsResult<()> {
    // SAFETY: the list is live and has the length passed.
    check(unsafe { libc::setgroups(ids.len(), ids.as_ptr()) }.into()).map(drop)
}

/// Makes the groups of user `name`, and `group`, those of the process.
///
/// # Errors
/// The operating system's.
pub fn init_groups(name: &CStr, group: u32) -> OsResult<()> {
    // SAFETY: `name` is NUL-terminated and live during the call.
    check(unsafe { libc::initgroups(name.as_ptr(), group) }.into()).map(drop)
}

/// The groups that user `name` belongs to, and `group`.
///
/// # Errors
/// The operating system's.
pub fn groups_of(name: &CStr, group: u32) -> OsResult<Vec<u32>> {
    let mut n: i32 = 64;
    loop {
        let mut ids = vec![0_u32; n as usize];
        let room = n;
        // SAFETY: `name` is NUL-terminated; the list has room for `n` entries.
        let found =
            unsafe { libc::getgrouplist(name.as_ptr(), group, ids.as_mut_ptr(), &raw mut n) };
        if found >= 0 {
            ids.truncate(n.max(0) as usize);
            return Ok(ids);
        }
        if n <= room {
            n = room.saturating_mul(2);
        }
    }
}

/// Real, effective and saved user (or group).
///
/// # Errors
/// The operating system's.
pub fn three_ids(user: bool) -> OsResult<[u32; 3]> {
    let [mut a, mut b, mut c] = [0; 3];
    // SAFETY: fills in three live locals.
    let result = unsafe {
        if user {
            libc::getresuid(&raw mut a, &raw mut b, &raw mut c)
        } else {
            libc::getresgid(&raw mut a, &raw mut b, &raw mut c)
        }
    };
    check(result.into())?;
    Ok([a, b, c])
}

/// Sets real, effective and saved user (or group); `u32::MAX` leaves one as it is.
///
/// # Errors
/// The operating system's.
pub fn set_three_ids(user: bool, [a, b, c]: [u32; 3]) -> OsResult<()> {
    // SAFETY: passes numbers.
    let result = unsafe { if user { libc::setresuid(a, b, c) } else { libc::setresgid(a, b, c) } };
    check(result.into()).map(drop)
}
