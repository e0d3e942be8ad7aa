//! Named tuples of `sys`.

use taipan_objects::{Completion, Cx, Obj, Value};

use crate::modules::{self, structseq::SeqDef};

static VERSION_INFO: SeqDef =
    SeqDef::new("sys", "version_info", &["major", "minor", "micro", "releaselevel", "serial"], 5);
static FLOAT_INFO: SeqDef = SeqDef::new(
    "sys",
    "float_info",
    &[
        "max",
        "max_exp",
        "max_10_exp",
        "min",
        "min_exp",
        "min_10_exp",
        "dig",
        "mant_dig",
        "epsilon",
        "radix",
        "rounds",
    ],
    11,
);
static INT_INFO: SeqDef = SeqDef::new(
    "sys",
    "int_info",
    &["bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"],
    4,
);
static HASH_INFO: SeqDef = SeqDef::new(
    "sys",
    "hash_info",
    &["width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"],
    9,
);
static THREAD_INFO: SeqDef = SeqDef::new("sys", "thread_info", &["name", "lock", "version"], 3);
static FLAGS: SeqDef = SeqDef::new(
    "sys",
    "flags",
    &[
        "debug",
        "inspect",
        "interactive",
        "optimize",
        "dont_write_bytecode",
        "no_user_site",
        "no_site",
        "ignore_environment",
        "verbose",
        "bytes_warning",
        "quiet",
        "hash_randomization",
        "isolated",
        "dev_mode",
        "utf8_mode",
        "warn_default_encoding",
        "safe_path",
        "int_max_str_digits",
        "gil",
        "thread_inherit_context",
        "context_aware_warnings",
    ],
    18,
);

/// `sys.version_info`.
pub(super) fn version(cx: &mut Cx) -> Completion<Value> {
    let level = cx.intern("final")?;
    VERSION_INFO
        .make(cx, &[Value::small(3), Value::small(14), Value::small(0), level, Value::small(0)])
}

/// Taipan's own version.
pub(super) fn own_version(cx: &mut Cx) -> Completion<Value> {
    cx.new_str(env!("CARGO_PKG_VERSION"))
}

/// `sys.flags`, with the values in the order of its fields.
///
/// # Errors
/// `MemoryError`.
pub fn flags(cx: &mut Cx, values: &[Value]) -> Completion<Value> {
    FLAGS.make(cx, values)
}

pub(super) fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    let v = version(cx)?;
    modules::set(cx, module, "version_info", v)?;
    let v = FLOAT_INFO.make(
        cx,
        &[
            Value::float(f64::MAX),
            Value::small(1024),
            Value::small(308),
            Value::float(f64::MIN_POSITIVE),
            Value::small(-1021),
            Value::small(-307),
            Value::small(15),
            Value::small(53),
            Value::float(f64::EPSILON),
            Value::small(2),
            Value::small(1),
        ],
    )?;
    modules::set(cx, module, "float_info", v)?;
    let v = INT_INFO
        .make(cx, &[Value::small(30), Value::small(4), Value::small(4300), Value::small(640)])?;
    modules::set(cx, module, "int_info", v)?;
    let (algorithm, modulus) = (cx.intern("siphash13")?, cx.new_int((1 << 61) - 1)?);
    let v = HASH_INFO.make(
        cx,
        &[
            Value::small(64),
            modulus,
            Value::small(314_159),
            Value::small(0),
            Value::small(1_000_003),
            algorithm,
            Value::small(64),
            Value::small(128),
            Value::small(0),
        ],
    )?;
    modules::set(cx, module, "hash_info", v)?;
    let (name, lock) = (cx.intern("pthread")?, cx.intern("stm")?);
    let v = THREAD_INFO.make(cx, &[name, lock, Value::NONE])?;
    modules::set(cx, module, "thread_info", v)
}
