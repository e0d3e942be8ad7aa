//! Clocks, and time taken apart and put together by the C library.

use std::ffi::{CStr, CString};

use super::{OsResult, check};

/// Broken-down time: year, month (1-12), day, hour, minute, second, weekday (Monday 0), day of year (1..), DST flag,
/// offset from UTC in seconds, zone name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenTime {
    /// The nine fields of `struct_time`.
    pub fields: [i64; 9],
    /// Offset from UTC in seconds.
    pub gmtoff: i64,
    /// Name of the time zone.
    pub zone: String,
}

fn broken(tm: &libc::tm) -> BrokenTime {
    let zone = if tm.tm_zone.is_null() {
        String::new()
    } else {
        // SAFETY: the C library points `tm_zone` at a NUL-terminated string that lives as long as the process.
        unsafe { CStr::from_ptr(tm.tm_zone) }.to_string_lossy().into_owned()
    };
    let fields = [
        i64::from(tm.tm_year) + 1900,
        i64::from(tm.tm_mon) + 1,
        tm.tm_mday.into(),
        tm.tm_hour.into(),
        tm.tm_min.into(),
        tm.tm_sec.into(),
        i64::from((tm.tm_wday + 6) % 7),
        i64::from(tm.tm_yday) + 1,
        tm.tm_isdst.into(),
    ];
    BrokenTime { fields, gmtoff: tm.tm_gmtoff, zone }
}

fn zeroed_tm() -> libc::tm {
    // SAFETY: all-zero is a valid `tm` (numbers and a null pointer).
    unsafe { std::mem::zeroed() }
}

/// Seconds since the epoch as local time or UTC.
///
/// # Errors
/// `EOVERFLOW` when the year does not fit.
pub fn break_time(seconds: i64, utc: bool) -> OsResult<BrokenTime> {
    let mut tm = zeroed_tm();
    // SAFETY: both pointers are to live locals; the functions only fill `tm` in.
    let result = unsafe {
        if utc { libc::gmtime_r(&seconds, &mut tm) } else { libc::localtime_r(&seconds, &mut tm) }
    };
    if result.is_null() {
        return Err(libc::EOVERFLOW);
    }
    Ok(broken(&tm))
}

fn to_tm(fields: &[i64; 9]) -> libc::tm {
    let clamp = |i: i64| i.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
    let mut tm = zeroed_tm();
    tm.tm_year = clamp(fields[0].saturating_sub(1900));
    tm.tm_mon = clamp(fields[1] - 1);
    tm.tm_mday = clamp(fields[2]);
    tm.tm_hour = clamp(fields[3]);
    tm.tm_min = clamp(fields[4]);
    tm.tm_sec = clamp(fields[5]);
    tm.tm_wday = clamp((fields[6] + 1).rem_euclid(7));
    tm.tm_yday = clamp(fields[7] - 1);
    tm.tm_isdst = clamp(fields[8]);
    tm
}

/// Seconds since the epoch of a local time.
///
/// # Errors
/// `EOVERFLOW`.
pub fn make_time(fields: &[i64; 9]) -> OsResult<i64> {
    let mut tm = to_tm(fields);
    // A weekday that `mktime` must overwrite tells an error from the last second of 1969.
    tm.tm_wday = -1;
    // SAFETY: `tm` is a live local.
    let t = unsafe { libc::mktime(&mut tm) };
    if t == -1 && tm.tm_wday == -1 { Err(libc::EOVERFLOW) } else { Ok(t) }
}

/// `strftime` in the C library's way.
///
/// # Errors
/// `EINVAL` for a format with NUL bytes.
pub fn format_time(format: &str, time: &BrokenTime) -> OsResult<String> {
    let mut tm = to_tm(&time.fields);
    tm.tm_gmtoff = time.gmtoff;
    let zone = CString::new(time.zone.as_str()).map_err(|_| libc::EINVAL)?;
    tm.tm_zone = zone.as_ptr();
    let c_format = CString::new(format).map_err(|_| libc::EINVAL)?;
    let mut buffer = vec![0_u8; 256.max(format.len() * 16)];
    // SAFETY: the buffer has the length passed; format and `tm` are live.
    let n =
        unsafe { libc::strftime(buffer.as_mut_ptr().cast(), buffer.len(), c_format.as_ptr(), &tm) };
    buffer.truncate(n);
    Ok(String::from_utf8_lossy(&buffer).into_owned())
}

/// Reads a clock, in nanoseconds.
///
/// # Errors
/// `EINVAL` for an unknown clock.
pub fn clock_ns(clock: i32) -> OsResult<i64> {
    let mut ts = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `ts` is a live local.
    check(unsafe { libc::clock_gettime(clock, &mut ts) }.into())?;
    Ok(ts.tv_sec * 1_000_000_000 + ts.tv_nsec)
}

/// Resolution of a clock in seconds.
///
/// # Errors
/// `EINVAL` for an unknown clock.
pub fn clock_resolution(clock: i32) -> OsResult<f64> {
    let mut ts = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `ts` is a live local.
    check(unsafe { libc::clock_getres(clock, &mut ts) }.into())?;
    Ok(ts.tv_sec as f64 + ts.tv_nsec as f64 * 1e-9)
}

/// Re-reads the time zone from the environment.
pub fn tzset() {
    unsafe extern "C" {
        fn tzset();
    }
    // SAFETY: only rereads TZ; the C library guards its own state.
    unsafe { tzset() };
}
