//! Settings from environment variables and `-X` options.
//!
//! An environment variable never lowers what the command line set; an `-X` option wins over the
//! variable of the same meaning.

use std::ffi::OsString;

use super::{Colors, Config, HashSeed, StmMode, UsageError};

type Var<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// Applies the `PYTHON*` variables; the result is `PYTHONWARNINGS`, split.
pub(super) fn apply(config: &mut Config, var: Var<'_>) -> Result<Vec<String>, UsageError> {
    let text = |name: &str| {
        let value = var(name)?;
        (!value.is_empty()).then(|| value.to_string_lossy().into_owned())
    };
    // A number counts as itself, any other text as 1.
    let level = |name: &str| text(name).map_or(0, |value| value.trim().parse::<u8>().unwrap_or(1));
    config.optimize = config.optimize.max(level("PYTHONOPTIMIZE"));
    config.verbose = config.verbose.max(level("PYTHONVERBOSE"));
    config.debug = config.debug.max(level("PYTHONDEBUG"));
    config.dont_write_bytecode |= level("PYTHONDONTWRITEBYTECODE") > 0;
    config.inspect |= level("PYTHONINSPECT") > 0;
    config.unbuffered |= level("PYTHONUNBUFFERED") > 0;
    config.no_user_site |= level("PYTHONNOUSERSITE") > 0;
    config.safe_path |= text("PYTHONSAFEPATH").is_some();
    config.dev_mode |= text("PYTHONDEVMODE").is_some();
    config.no_debug_ranges |= text("PYTHONNODEBUGRANGES").is_some();
    config.warn_default_encoding |= text("PYTHONWARNDEFAULTENCODING").is_some();
    config.python_path = var("PYTHONPATH").filter(|value| !value.is_empty());
    config.python_home = var("PYTHONHOME").filter(|value| !value.is_empty());
    config.startup = var("PYTHONSTARTUP").filter(|value| !value.is_empty());
    config.io_encoding = text("PYTHONIOENCODING");
    config.pycache_prefix = text("PYTHONPYCACHEPREFIX");
    if let Some(value) = text("PYTHONUTF8") {
        config.utf8_mode = switch(&value).ok_or_else(|| {
            UsageError::fatal(
                "preconfig_init_utf8_mode",
                "invalid PYTHONUTF8 environment variable value",
            )
        })?;
    }
    if let Some(value) = text("PYTHONINTMAXSTRDIGITS") {
        config.int_max_str_digits = Some(int_digits(&value, "PYTHONINTMAXSTRDIGITS")?);
    }
    if let Some(value) = text("PYTHON_CPU_COUNT") {
        config.cpu_count = cpu_count(&value, "PYTHON_CPU_COUNT")?;
    }
    if let Some(value) = text("PYTHONHASHSEED") {
        config.hash_seed = hash_seed(&value)?;
    }
    Ok(text("PYTHONWARNINGS")
        .map_or_else(Vec::new, |value| value.split(',').map(str::to_owned).collect()))
}

/// Gives the `-X` options that the interpreter knows their effect.
pub(super) fn apply_x_options(config: &mut Config) -> Result<(), UsageError> {
    for (name, value) in config.x_options.clone() {
        let value = value.as_deref();
        let invalid = |hint: &str| {
            let shown = value.unwrap_or_default();
            let message = format!("-X {name}: invalid value '{shown}'; {hint}");
            UsageError::option(&config.program_name, message)
        };
        match name.as_str() {
            "dev" => config.dev_mode = true,
            "utf8" => {
                config.utf8_mode = switch(value.unwrap_or("1")).ok_or_else(|| {
                    UsageError::fatal("preconfig_init_utf8_mode", "invalid -X utf8 option value")
                })?;
            }
            "warn_default_encoding" => config.warn_default_encoding = true,
            "no_debug_ranges" => config.no_debug_ranges = true,
            "int_max_str_digits" => {
                config.int_max_str_digits =
                    Some(int_digits(value.unwrap_or_default(), "-X int_max_str_digits")?);
            }
            "cpu_count" => config.cpu_count = cpu_count(value.unwrap_or_default(), "-X cpu_count")?,
            "pycache_prefix" => config.pycache_prefix = value.map(str::to_owned),
            "stm" => {
                config.stm.mode = match value {
                    Some("solo" | "off") => StmMode::Solo,
                    Some("on") if !taipan_objects::TRANSACTIONS => {
                        return Err(invalid("this build has no transactions"));
                    }
                    Some("on") => StmMode::On,
                    Some("auto") | None => StmMode::Auto,
                    Some(_) => return Err(invalid("expected 'auto', 'solo', 'on' or 'off'")),
                };
            }
            "stm-stats" => config.stm.stats = true,
            "stm-report" => config.stm.report = true,
            "gc-stress" => config.stm.gc_stress = true,
            "gc-markers" => {
                config.stm.gc_markers = match value {
                    Some("1") => 1,
                    Some("2") => 2,
                    _ => return Err(invalid("expected 1 or 2")),
                };
            }
            "dis" => config.stm.dis = true,
            "stm-window" => {
                let window = value.and_then(|text| text.parse().ok()).filter(|&n: &u32| n > 0);
                config.stm.window =
                    Some(window.ok_or_else(|| invalid("expected a number of bytecodes above 0"))?);
            }
            "stm-shake" => {
                let seed = value.map_or(Some(1), |text| text.parse().ok());
                config.stm.shake = Some(seed.ok_or_else(|| invalid("expected a number as seed"))?);
            }
            "max-memory" => {
                let bytes = value.and_then(byte_count);
                config.stm.max_memory = Some(
                    bytes.ok_or_else(|| invalid("expected bytes, or a number with K, M or G"))?,
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// `PYTHON_COLORS` (unless ignored), then the conventions shared with other programs.
pub(super) fn apply_colors(config: &mut Config, var: Var<'_>) {
    let is_set = |name: &str| var(name).is_some_and(|value| !value.is_empty());
    let python = if config.ignore_environment { None } else { var("PYTHON_COLORS") };
    config.colors = match python.as_ref().and_then(|value| value.to_str()) {
        Some("0") => Colors::Off,
        Some("1") => Colors::On,
        _ if is_set("NO_COLOR") => Colors::Off,
        _ if is_set("FORCE_COLOR") => Colors::On,
        _ if var("TERM").is_some_and(|term| term == "dumb") => Colors::Off,
        _ => Colors::Auto,
    };
}

fn switch(value: &str) -> Option<bool> {
    match value {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

fn int_digits(value: &str, what: &str) -> Result<u32, UsageError> {
    let digits = value.parse().ok().filter(|&n: &u32| n == 0 || n >= 640);
    digits.ok_or_else(|| {
        let message = format!("{what}: invalid limit; must be >= 640 or 0 for unlimited.");
        UsageError::fatal("config_init_int_max_str_digits", message)
    })
}

fn cpu_count(value: &str, what: &str) -> Result<Option<u32>, UsageError> {
    if value == "default" {
        return Ok(None);
    }
    value.parse().ok().filter(|&n: &u32| n > 0).map(Some).ok_or_else(|| {
        let message =
            format!("{what}: n is missing or an invalid number, n must be greater than 0");
        UsageError::fatal("config_init_cpu_count", message)
    })
}

fn hash_seed(value: &str) -> Result<HashSeed, UsageError> {
    if value == "random" {
        return Ok(HashSeed::Random);
    }
    value.parse().map(HashSeed::Fixed).map_err(|_| {
        let message = "PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]";
        UsageError::fatal("config_init_hash_seed", message)
    })
}

fn byte_count(value: &str) -> Option<u64> {
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match value.get(digits.len()..)?.to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}
