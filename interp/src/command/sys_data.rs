//! The attributes of `sys` that say what the command line, the build and the machine are like.

use std::{ffi::OsString, path::Path};

use taipan_objects::{
    Completion, Cx, Obj, Value,
    protocol::RootVec,
    types::{dict, list},
};

use crate::{
    cli::{Config, PYTHON_VERSION, Program, version_text},
    modules::{self, structseq::SeqDef},
    stdlib,
};

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

const COPYRIGHT: &str = "Copyright (c) the Taipan authors.\nThe standard library: Copyright (c) 2001 \
                         Python Software Foundation. All Rights Reserved.";

fn text(cx: &mut Cx, text: &str) -> Completion<Value> {
    cx.new_str(text)
}

fn os_text(cx: &mut Cx, text: &OsString) -> Completion<Value> {
    cx.new_str(&text.to_string_lossy())
}

fn texts(cx: &mut Cx, all: &[String]) -> Completion<RootVec> {
    let mut items = RootVec::new();
    for one in all {
        let one = cx.new_str(one)?;
        items.push(cx, one)?;
    }
    Ok(items)
}

/// Sets what every program finds in `sys`, from the build and the machine.
///
/// # Errors
/// `MemoryError`.
pub fn fill_constants(cx: &mut Cx, sys: Obj) -> Completion<()> {
    let version_info = version_info(cx)?;
    modules::set(cx, sys, "version_info", version_info)?;
    let pairs = [
        ("version", version_text()),
        ("platform", "linux".to_owned()),
        ("byteorder", if cfg!(target_endian = "little") { "little" } else { "big" }.to_owned()),
        ("float_repr_style", "short".to_owned()),
        ("copyright", COPYRIGHT.to_owned()),
        ("platlibdir", "lib".to_owned()),
        ("abiflags", String::new()),
    ];
    for (name, value) in pairs {
        let value = cx.new_str(&value)?;
        modules::set(cx, sys, name, value)?;
    }
    let numbers = [("hexversion", 0x030E_00F0), ("maxunicode", 0x10_FFFF), ("api_version", 1013)];
    modules::set_ints(cx, sys, &numbers)?;
    let maxsize = cx.new_int(i64::MAX)?;
    modules::set(cx, sys, "maxsize", maxsize)?;
    numbers_info(cx, sys)?;
    let name = cx.new_str("pthread")?;
    let lock = cx.new_str("stm")?;
    let thread_info = THREAD_INFO.make(cx, &[name, lock, Value::NONE])?;
    modules::set(cx, sys, "thread_info", thread_info)?;
    module_names(cx, sys)?;
    implementation(cx, sys, version_info)
}

fn version_info(cx: &mut Cx) -> Completion<Value> {
    let mut numbers = PYTHON_VERSION.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || Value::small(numbers.next().unwrap_or(0));
    let (major, minor, micro) = (next(), next(), next());
    let level = cx.intern("final")?;
    VERSION_INFO.make(cx, &[major, minor, micro, level, Value::small(0)])
}

fn numbers_info(cx: &mut Cx, sys: Obj) -> Completion<()> {
    let small = |n: i32| Value::small(i64::from(n));
    let float_info = FLOAT_INFO.make(
        cx,
        &[
            Value::float(f64::MAX),
            small(f64::MAX_EXP),
            small(f64::MAX_10_EXP),
            Value::float(f64::MIN_POSITIVE),
            small(f64::MIN_EXP),
            small(f64::MIN_10_EXP),
            Value::small(i64::from(f64::DIGITS)),
            Value::small(i64::from(f64::MANTISSA_DIGITS)),
            Value::float(f64::EPSILON),
            small(2),
            small(1),
        ],
    )?;
    modules::set(cx, sys, "float_info", float_info)?;
    let int_info = INT_INFO.make(cx, &[small(30), small(4), small(4300), small(640)])?;
    modules::set(cx, sys, "int_info", int_info)?;
    let modulus = cx.new_int((1 << 61) - 1)?;
    let algorithm = cx.new_str("siphash13")?;
    let values = [
        small(64),
        modulus,
        small(314_159),
        small(0),
        small(1_000_003),
        algorithm,
        small(64),
        small(128),
        small(0),
    ];
    let hash_info = HASH_INFO.make(cx, &values)?;
    modules::set(cx, sys, "hash_info", hash_info)
}

fn module_names(cx: &mut Cx, sys: Obj) -> Completion<()> {
    let mut native: Vec<String> =
        modules::MODULES.iter().map(|module| module.name.to_owned()).collect();
    native.extend(["builtins".to_owned(), "sys".to_owned()]);
    native.sort();
    let names = texts(cx, &native)?;
    let names = cx.new_tuple(names.as_slice())?;
    modules::set(cx, sys, "builtin_module_names", names)?;
    let mut all: Vec<String> = stdlib::list_dir("")
        .iter()
        .filter_map(|name| name.strip_suffix('/').or_else(|| name.strip_suffix(".py")))
        .map(str::to_owned)
        .collect();
    all.extend(native);
    let names = texts(cx, &all)?;
    let names = cx.new_tuple(names.as_slice())?;
    let frozenset = cx.class(taipan_objects::T::frozenset);
    let names = taipan_objects::protocol::call(cx, frozenset.into(), &[names])?;
    modules::set(cx, sys, "stdlib_module_names", names)
}

fn implementation(cx: &mut Cx, sys: Obj, version_info: Value) -> Completion<()> {
    // A module object serves as the namespace that `sys.implementation` is.
    let namespace = modules::new_module(cx, "taipan", Value::NONE)?;
    let name = cx.new_str("taipan")?;
    let cache_tag = cx.new_str("taipan-314")?;
    let hexversion = cx.new_int(0x030E_00F0)?;
    let multiarch = cx.new_str(&format!("{}-linux-gnu", std::env::consts::ARCH))?;
    let entries = [
        ("name", name),
        ("cache_tag", cache_tag),
        ("version", version_info),
        ("hexversion", hexversion),
        ("_multiarch", multiarch),
        ("supports_isolated_interpreters", Value::FALSE),
    ];
    for (name, value) in entries {
        modules::set(cx, namespace, name, value)?;
    }
    modules::set(cx, sys, "implementation", namespace.into())
}

/// Sets what the command line and the environment say.
///
/// # Errors
/// `MemoryError`.
pub fn fill_config(cx: &mut Cx, sys: Obj, config: &Config) -> Completion<()> {
    let flag = |on: bool| Value::small(i64::from(on));
    let level = |n: u8| Value::small(i64::from(n));
    let digits = config.int_max_str_digits.unwrap_or(4300);
    let random = config.hash_seed != crate::cli::HashSeed::Fixed(0);
    let flags = FLAGS.make(
        cx,
        &[
            level(config.debug),
            flag(config.inspect),
            flag(config.interactive),
            level(config.optimize),
            flag(config.dont_write_bytecode),
            flag(config.no_user_site),
            flag(config.no_site),
            flag(config.ignore_environment),
            level(config.verbose),
            level(config.bytes_warning),
            flag(config.quiet),
            flag(random),
            flag(config.isolated),
            Value::bool(config.dev_mode),
            flag(config.utf8_mode),
            flag(config.warn_default_encoding),
            Value::bool(config.safe_path),
            Value::small(i64::from(digits)),
            flag(false),
            flag(true),
            flag(true),
        ],
    )?;
    modules::set(cx, sys, "flags", flags)?;
    modules::set(cx, sys, "dont_write_bytecode", Value::bool(config.dont_write_bytecode))?;
    let prefix = match &config.pycache_prefix {
        Some(prefix) => text(cx, prefix)?,
        None => Value::NONE,
    };
    modules::set(cx, sys, "pycache_prefix", prefix)?;
    let warnings = texts(cx, &config.warn_options)?;
    let warnings = list::from_vec(cx, warnings)?;
    modules::set(cx, sys, "warnoptions", warnings.into())?;
    let options = dict::new(cx)?;
    for (name, value) in &config.x_options {
        let name = cx.intern(name)?;
        let value = match value {
            Some(value) => text(cx, value)?,
            None => Value::TRUE,
        };
        dict::set_item(cx, options, name, value)?;
    }
    modules::set(cx, sys, "_xoptions", options.into())?;
    set_argv(cx, sys, config)?;
    set_paths(cx, sys, config)
}

fn set_argv(cx: &mut Cx, sys: Obj, config: &Config) -> Completion<()> {
    let first = match &config.program {
        Some(Program::Command(_)) => "-c".into(),
        Some(Program::Module(_)) => "-m".into(),
        Some(Program::File(path)) => path.clone(),
        Some(Program::Stdin { dash: true }) => "-".into(),
        _ => OsString::new(),
    };
    let mut items = RootVec::new();
    for arg in std::iter::once(&first).chain(&config.args) {
        let arg = os_text(cx, arg)?;
        items.push(cx, arg)?;
    }
    let argv = list::from_vec(cx, items)?;
    modules::set(cx, sys, "argv", argv.into())?;
    let mut items = RootVec::new();
    for arg in std::env::args_os() {
        let arg = os_text(cx, &arg)?;
        items.push(cx, arg)?;
    }
    let argv = list::from_vec(cx, items)?;
    modules::set(cx, sys, "orig_argv", argv.into())
}

fn set_paths(cx: &mut Cx, sys: Obj, config: &Config) -> Completion<()> {
    let exe = std::env::current_exe().unwrap_or_default();
    let root = stdlib::root_for(&exe);
    let prefix = root.ancestors().nth(2).unwrap_or(Path::new("/")).to_path_buf();
    let executable = text(cx, &exe.to_string_lossy())?;
    modules::set(cx, sys, "executable", executable)?;
    modules::set(cx, sys, "_base_executable", executable)?;
    for name in ["prefix", "exec_prefix", "base_prefix", "base_exec_prefix"] {
        let prefix = text(cx, &prefix.to_string_lossy())?;
        modules::set(cx, sys, name, prefix)?;
    }
    let stdlib_dir = text(cx, &root.to_string_lossy())?;
    modules::set(cx, sys, "_stdlib_dir", stdlib_dir)?;
    let mut path = Vec::new();
    if !config.safe_path {
        path.extend(first_folder(config));
    }
    if let Some(folders) = &config.python_path {
        path.extend(std::env::split_paths(folders).map(|it| it.to_string_lossy().into_owned()));
    }
    path.push(root.to_string_lossy().into_owned());
    let path = texts(cx, &path)?;
    let path = list::from_vec(cx, path)?;
    modules::set(cx, sys, "path", path.into())
}

/// `sys.path[0]`: the program's folder, or where it was started.
fn first_folder(config: &Config) -> Option<String> {
    match &config.program {
        Some(Program::File(path)) => {
            let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.into());
            let folder = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
            folder.map(|it| it.to_string_lossy().into_owned())
        }
        Some(Program::Module(_)) => {
            std::env::current_dir().ok().map(|it| it.to_string_lossy().into_owned())
        }
        _ => Some(String::new()),
    }
}
