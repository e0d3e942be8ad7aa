//! `time`: clocks, sleeping, broken-down time. Reading a clock is transactional: an attempt that is run again reads it again.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Obj, T, Value,
    protocol::{self, convert},
    raise,
    types::exc_fields::os_error,
};

use super::{ModuleDef, set, set_ints, structseq::SeqDef};
use crate::os::{self, BrokenTime};

static STRUCT_TIME: SeqDef = SeqDef::new(
    "time",
    "struct_time",
    &[
        "tm_year",
        "tm_mon",
        "tm_mday",
        "tm_hour",
        "tm_min",
        "tm_sec",
        "tm_wday",
        "tm_yday",
        "tm_isdst",
        "tm_zone",
        "tm_gmtoff",
    ],
    9,
);

static CLOCK_INFO: SeqDef = SeqDef::new(
    "time",
    "namespace",
    &["implementation", "monotonic", "adjustable", "resolution"],
    4,
);

pub(super) fn seconds_of(clock: i32) -> f64 {
    os::clock_ns(clock).unwrap_or(0) as f64 * 1e-9
}

fn ns_of(cx: &mut Cx, clock: i32) -> Completion<Value> {
    cx.new_int(os::clock_ns(clock).unwrap_or(0))
}

fn sleep(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let seconds = number(cx, args.get(0))?;
    if seconds.is_nan() {
        return raise!(cx, ValueError, "Invalid value NaN (not a number)");
    }
    if seconds < 0.0 {
        return raise!(cx, ValueError, "sleep length must be non-negative");
    }
    let end = seconds_of(libc::CLOCK_MONOTONIC) + seconds;
    loop {
        let left = end - seconds_of(libc::CLOCK_MONOTONIC);
        // In slices, so that signals are served in time.
        let slice =
            std::time::Duration::try_from_secs_f64(left.clamp(0.0, 0.05)).unwrap_or_default();
        let blocking = cx.world.upcalls().blocking;
        blocking(cx, &mut || std::thread::sleep(slice))?;
        (cx.world.upcalls().safepoint)(cx)?;
        if seconds_of(libc::CLOCK_MONOTONIC) >= end {
            return Ok(Value::NONE);
        }
    }
}

fn number(cx: &mut Cx, v: Value) -> Completion<f64> {
    if let Some(f) = v.float_value() {
        return Ok(f);
    }
    if let Some(i) = convert::as_i64(v) {
        return Ok(i as f64);
    }
    let class = cx.class(T::float).into();
    if convert::as_int(v).is_none()
        && protocol::find_special(cx, v, taipan_objects::Special::Float).is_none()
    {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "'{name}' object cannot be interpreted as an integer");
    }
    let f = protocol::call(cx, class, &[v])?;
    Ok(f.float_value().unwrap_or(0.0))
}

fn seconds_arg(cx: &mut Cx, args: Args<'_>) -> Completion<i64> {
    match args.not_none(0) {
        None => Ok(os::clock_ns(libc::CLOCK_REALTIME).unwrap_or(0).div_euclid(1_000_000_000)),
        Some(v) => {
            let f = number(cx, v)?;
            if f.is_nan() {
                return raise!(cx, ValueError, "Invalid value NaN (not a number)");
            }
            if f.abs() > 9.2e18 {
                return raise!(cx, OverflowError, "timestamp out of range for platform time_t");
            }
            Ok(f.floor() as i64)
        }
    }
}

fn struct_time(cx: &mut Cx, time: &BrokenTime) -> Completion<Value> {
    let zone = cx.intern(&time.zone)?;
    let mut values: Vec<Value> = time.fields.iter().map(|&i| Value::small(i)).collect();
    values.extend([zone, Value::small(time.gmtoff)]);
    STRUCT_TIME.make(cx, &values)
}

fn broken(cx: &mut Cx, args: Args<'_>, utc: bool) -> Completion<Value> {
    let seconds = seconds_arg(cx, args)?;
    match os::break_time(seconds, utc) {
        Ok(mut time) => {
            if utc {
                time.zone = "UTC".to_owned();
            }
            struct_time(cx, &time)
        }
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn fields_of(cx: &mut Cx, v: Value) -> Completion<[i64; 9]> {
    if !cx.is_a(v, T::tuple) {
        return raise!(cx, TypeError, "Tuple or struct_time argument required");
    }
    let items = protocol::collect(cx, v)?;
    if items.len() != 9 {
        return raise!(cx, TypeError, "time tuple must have exactly 9 items, not {}", items.len());
    }
    let mut fields = [0; 9];
    for (i, field) in fields.iter_mut().enumerate() {
        *field = convert::index_i64(cx, items.get(i))?;
    }
    Ok(fields)
}

fn mktime(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let fields = fields_of(cx, args.get(0))?;
    match os::make_time(&fields) {
        Ok(t) => Ok(Value::float(t as f64)),
        Err(_) => raise!(cx, OverflowError, "mktime argument out of range"),
    }
}

/// A local time as given, or now, with its fields checked.
fn time_arg(cx: &mut Cx, v: Value) -> Completion<BrokenTime> {
    let now = os::clock_ns(libc::CLOCK_REALTIME).unwrap_or(0).div_euclid(1_000_000_000);
    let mut time = os::break_time(now, false).unwrap_or(BrokenTime {
        fields: [0; 9],
        gmtoff: 0,
        zone: String::new(),
    });
    if v.is_unbound() || v.is_none() {
        return Ok(time);
    }
    time.fields = fields_of(cx, v)?;
    let f = &mut time.fields;
    f[1] = f[1].max(1);
    f[2] = f[2].max(1);
    f[7] = f[7].max(1);
    let limits = [
        (1, 12, "month"),
        (2, 31, "day of month"),
        (3, 23, "hour"),
        (4, 59, "minute"),
        (5, 61, "seconds"),
    ];
    for (i, max, what) in limits {
        if f[i] < 0 || f[i] > max {
            return raise!(cx, ValueError, "{what} out of range");
        }
    }
    f[6] = f[6].rem_euclid(7);
    if f[7] > 366 {
        return raise!(cx, ValueError, "day of year out of range");
    }
    Ok(time)
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn asctime_text(time: &BrokenTime) -> String {
    let f = &time.fields;
    let (day, month) =
        (DAYS[f[6].rem_euclid(7) as usize], MONTHS[(f[1] - 1).rem_euclid(12) as usize]);
    format!("{day} {month} {:>2} {:02}:{:02}:{:02} {}", f[2], f[3], f[4], f[5], f[0])
}

fn asctime(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let time = time_arg(cx, args.get(0))?;
    cx.new_str(&asctime_text(&time))
}

fn ctime(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let seconds = seconds_arg(cx, args)?;
    match os::break_time(seconds, false) {
        Ok(time) => cx.new_str(&asctime_text(&time)),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn strftime(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let format = convert::expect_str(cx, args.get(0), "strftime() argument 1")?;
    let time = time_arg(cx, args.get(1))?;
    match os::format_time(format, &time) {
        Ok(text) => cx.new_str(&text),
        Err(_) => raise!(cx, ValueError, "embedded null character"),
    }
}

fn strptime(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let module = cx.world.import_module(cx, "_strptime")?;
    let name = cx.intern("_strptime_time")?;
    let f = protocol::get_attr(cx, module, name)?;
    protocol::call(cx, f, args.rest(0))
}

fn clock_arg(cx: &mut Cx, args: Args<'_>) -> Completion<i32> {
    let i = convert::index_i64(cx, args.get(0))?;
    Ok(i32::try_from(i).unwrap_or(-1))
}

fn clock_gettime(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let clock = clock_arg(cx, args)?;
    match os::clock_ns(clock) {
        Ok(ns) => Ok(Value::float(ns as f64 * 1e-9)),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn clock_gettime_ns(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let clock = clock_arg(cx, args)?;
    match os::clock_ns(clock) {
        Ok(ns) => cx.new_int(ns),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn clock_getres(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let clock = clock_arg(cx, args)?;
    match os::clock_resolution(clock) {
        Ok(seconds) => Ok(Value::float(seconds)),
        Err(errno) => Err(os_error(cx, errno, Value::UNBOUND)),
    }
}

fn get_clock_info(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = convert::expect_str(cx, args.get(0), "get_clock_info() argument 1")?;
    let (clock, text, monotonic, adjustable) = match name {
        "time" => (libc::CLOCK_REALTIME, "CLOCK_REALTIME", false, true),
        "monotonic" | "perf_counter" => (libc::CLOCK_MONOTONIC, "CLOCK_MONOTONIC", true, false),
        "process_time" => (libc::CLOCK_PROCESS_CPUTIME_ID, "CLOCK_PROCESS_CPUTIME_ID", true, false),
        "thread_time" => (libc::CLOCK_THREAD_CPUTIME_ID, "CLOCK_THREAD_CPUTIME_ID", true, false),
        _ => return raise!(cx, ValueError, "unknown clock"),
    };
    let implementation = cx.new_str(&format!("clock_gettime({text})"))?;
    let resolution = Value::float(os::clock_resolution(clock).unwrap_or(1e-9));
    CLOCK_INFO.make(cx, &[implementation, monotonic.into(), adjustable.into(), resolution])
}

fn exec_zone(cx: &mut Cx, module: Obj) -> Completion<()> {
    os::tzset();
    let year = 365 * 86_400;
    let now = os::clock_ns(libc::CLOCK_REALTIME).unwrap_or(0) / 1_000_000_000 / year * year;
    let (january, july) = (os::break_time(now, false), os::break_time(now + year / 2, false));
    let (Ok(a), Ok(b)) = (january, july) else { return Ok(()) };
    let (standard, daylight) = if a.gmtoff <= b.gmtoff { (&a, &b) } else { (&b, &a) };
    let (s, d) = (cx.new_str(&standard.zone)?, cx.new_str(&daylight.zone)?);
    let names = cx.new_tuple(&[s, d])?;
    set(cx, module, "tzname", names)?;
    let has_dst = standard.gmtoff != daylight.gmtoff;
    set_ints(
        cx,
        module,
        &[
            ("timezone", -standard.gmtoff),
            ("altzone", -daylight.gmtoff),
            ("daylight", has_dst.into()),
        ],
    )
}

fn tzset(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    let module = cx.world.import_module(cx, "time")?;
    if let Some(module) = module.obj() {
        exec_zone(cx, module)?;
    }
    Ok(Value::NONE)
}

fn exec(cx: &mut Cx, module: Obj) -> Completion<()> {
    let class = STRUCT_TIME.class(cx)?;
    set(cx, module, "struct_time", class.into())?;
    set_ints(
        cx,
        module,
        &[
            ("CLOCK_REALTIME", libc::CLOCK_REALTIME.into()),
            ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC.into()),
            ("CLOCK_MONOTONIC_RAW", libc::CLOCK_MONOTONIC_RAW.into()),
            ("CLOCK_BOOTTIME", libc::CLOCK_BOOTTIME.into()),
            ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID.into()),
            ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID.into()),
            ("_STRUCT_TM_ITEMS", 11),
        ],
    )?;
    exec_zone(cx, module)
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `time`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "time",
    doc: "This module provides various functions to manipulate time values.",
    functions: &[
        row!(
            "time",
            "()",
            |_, _| Ok(Value::float(seconds_of(libc::CLOCK_REALTIME))),
            "time() -> floating-point number"
        ),
        row!("time_ns", "()", |cx, _| ns_of(cx, libc::CLOCK_REALTIME), "time_ns() -> int"),
        row!(
            "monotonic",
            "()",
            |_, _| Ok(Value::float(seconds_of(libc::CLOCK_MONOTONIC))),
            "monotonic() -> float"
        ),
        row!(
            "monotonic_ns",
            "()",
            |cx, _| ns_of(cx, libc::CLOCK_MONOTONIC),
            "monotonic_ns() -> int"
        ),
        row!(
            "perf_counter",
            "()",
            |_, _| Ok(Value::float(seconds_of(libc::CLOCK_MONOTONIC))),
            "perf_counter() -> float"
        ),
        row!(
            "perf_counter_ns",
            "()",
            |cx, _| ns_of(cx, libc::CLOCK_MONOTONIC),
            "perf_counter_ns() -> int"
        ),
        row!(
            "process_time",
            "()",
            |_, _| Ok(Value::float(seconds_of(libc::CLOCK_PROCESS_CPUTIME_ID))),
            "process_time() -> float"
        ),
        row!(
            "process_time_ns",
            "()",
            |cx, _| ns_of(cx, libc::CLOCK_PROCESS_CPUTIME_ID),
            "process_time_ns() -> int"
        ),
        row!(
            "thread_time",
            "()",
            |_, _| Ok(Value::float(seconds_of(libc::CLOCK_THREAD_CPUTIME_ID))),
            "thread_time() -> float"
        ),
        row!(
            "thread_time_ns",
            "()",
            |cx, _| ns_of(cx, libc::CLOCK_THREAD_CPUTIME_ID),
            "thread_time_ns() -> int"
        ),
        NativeDef {
            name: "sleep",
            sig: "(seconds, /)",
            effect: Effect::Blocking,
            run: audited!("time.sleep"[0], sleep),
            doc: "sleep(seconds)",
        },
        row!(
            "gmtime",
            "(seconds=None, /)",
            |cx, args| broken(cx, args, true),
            "gmtime([seconds]) -> struct_time"
        ),
        row!(
            "localtime",
            "(seconds=None, /)",
            |cx, args| broken(cx, args, false),
            "localtime([seconds]) -> struct_time"
        ),
        row!("mktime", "(tuple, /)", mktime, "mktime(tuple) -> floating-point number"),
        row!("asctime", "(tuple=None, /)", asctime, "asctime([tuple]) -> string"),
        row!("ctime", "(seconds=None, /)", ctime, "ctime(seconds) -> string"),
        row!(
            "strftime",
            "(format, tuple=None, /)",
            strftime,
            "strftime(format[, tuple]) -> string"
        ),
        row!("strptime", "(*args)", strptime, "strptime(string, format) -> struct_time"),
        row!("clock_gettime", "(clk_id, /)", clock_gettime, ""),
        row!("clock_gettime_ns", "(clk_id, /)", clock_gettime_ns, ""),
        row!("clock_getres", "(clk_id, /)", clock_getres, ""),
        row!("get_clock_info", "(name, /)", get_clock_info, ""),
        row!("tzset", "()", tzset, "tzset()"),
    ],
    exec,
    ..ModuleDef::BASE
};
