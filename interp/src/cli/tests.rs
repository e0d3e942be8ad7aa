//! Option grammar, environment and errors.

use std::ffi::OsString;

use super::{
    CheckHashPycs, Colors, Config, HashSeed, Program, Request, StmMode, UsageError, dedent, parse,
};

fn with_env(args: &[&str], env: &[(&str, &str)]) -> Result<Request, UsageError> {
    let var = |name: &str| {
        env.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
    };
    parse("taipan", args.iter().map(OsString::from), &var)
}

fn config(args: &[&str]) -> Config {
    config_env(args, &[])
}

fn config_env(args: &[&str], env: &[(&str, &str)]) -> Config {
    match with_env(args, env) {
        Ok(Request::Run(config)) => *config,
        other => panic!("{args:?} gave {other:?}"),
    }
}

fn error(args: &[&str]) -> UsageError {
    with_env(args, &[]).unwrap_err()
}

fn args_of(config: &Config) -> Vec<&str> {
    config.args.iter().filter_map(|arg| arg.to_str()).collect()
}

#[test]
fn a_program_ends_the_options() {
    let it = config(&["-u", "app.py", "-v", "--x"]);
    assert_eq!(it.program, Some(Program::File("app.py".into())));
    assert_eq!(args_of(&it), ["-v", "--x"]);
    assert!(it.unbuffered && it.verbose == 0);

    let it = config(&["-c", "print()", "-q", "a"]);
    assert_eq!(it.program, Some(Program::Command("print()".into())));
    assert_eq!(args_of(&it), ["-q", "a"]);

    let it = config(&["-mjson.tool", "-h"]);
    assert_eq!(it.program, Some(Program::Module("json.tool".into())));
    assert_eq!(args_of(&it), ["-h"]);

    let it = config(&["-", "a"]);
    assert_eq!(it.program, Some(Program::Stdin { dash: true }));
    assert_eq!(config(&[]).program, Some(Program::Stdin { dash: false }));
    assert_eq!(config(&["--", "-x.py"]).program, Some(Program::File("-x.py".into())));
}

#[test]
fn letters_combine() {
    let it = config(&["-OOuBqcpass"]);
    assert_eq!(it.optimize, 2);
    assert!(it.unbuffered && it.dont_write_bytecode && it.quiet);
    assert_eq!(it.program, Some(Program::Command("pass".into())));

    let it = config(&["-Ix", "-vv", "-bb", "f"]);
    assert!(it.isolated && it.ignore_environment && it.no_user_site && it.safe_path);
    assert!(it.skip_first_line);
    assert_eq!((it.verbose, it.bytes_warning), (2, 2));
    assert_eq!(it.warn_options, ["error::BytesWarning"]);
}

#[test]
fn x_options_are_kept_and_understood() {
    let it = config(&[
        "-Xfoo",
        "-X",
        "bar=1=2",
        "-Xstm=solo",
        "-Xstm-window=20",
        "-X",
        "max-memory=64M",
        "f",
    ]);
    let names: Vec<_> =
        it.x_options.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
    assert_eq!(names.first(), Some(&("foo", None)));
    assert_eq!(names.get(1), Some(&("bar", Some("1=2"))));
    assert_eq!(it.stm.mode, StmMode::Solo);
    if taipan_objects::TRANSACTIONS {
        assert_eq!(config(&["-Xstm=on", "f"]).stm.mode, StmMode::On);
    } else {
        assert!(error(&["-Xstm=on", "f"]).text.contains("this build has no transactions"));
    }
    assert_eq!(it.stm.window, Some(20));
    assert_eq!(it.stm.max_memory, Some(64 << 20));
    let it = config(&["-Xstm-shake=7", "-Xgc-stress", "-Xdis", "-Xstm-stats", "-Xstm-report", "f"]);
    assert_eq!(it.stm.shake, Some(7));
    assert!(it.stm.gc_stress && it.stm.dis && it.stm.stats && it.stm.report);
    assert_eq!(config(&["-Xgc-markers=2", "f"]).stm.gc_markers, 2);
    assert!(error(&["-Xgc-markers=3", "f"]).text.starts_with("-X gc-markers: invalid value '3'"));
    assert!(error(&["-Xstm-window=0", "f"]).text.starts_with("-X stm-window: invalid value '0'"));
}

#[test]
fn usage_errors_read_as_cpythons() {
    let tail = "usage: taipan [option] ... [-c cmd | -m mod | file | -] [arg] ...\n\
                Try `python -h' for more information.\n";
    let same = |args: &[&str], first: &str| {
        assert_eq!(error(args), UsageError { text: format!("{first}\n{tail}"), code: 2 });
    };
    same(&["-z"], "Unknown option: -z");
    same(&["-Oz"], "Unknown option: -z");
    same(&["--foo"], "unknown option --foo");
    same(&["-c"], "Argument expected for the -c option");
    same(&["-W"], "Argument expected for the -W option");
    same(&["--check-hash-based-pycs"], "Argument expected for the --check-hash-based-pycs options");
    same(
        &["--check-hash-based-pycs", "x"],
        "--check-hash-based-pycs must be one of 'default', 'always', or 'never'",
    );
}

#[test]
fn the_environment_counts_unless_ignored() {
    let env = [
        ("PYTHONPATH", "/a:/b"),
        ("PYTHONOPTIMIZE", "2"),
        ("PYTHONUNBUFFERED", "yes"),
        ("PYTHONINSPECT", "0"),
        ("PYTHONWARNINGS", "error,ignore::X"),
        ("PYTHONHASHSEED", "42"),
        ("PYTHONSAFEPATH", "1"),
    ];
    let it = config_env(&["-O", "-Wonce", "f"], &env);
    assert_eq!(it.python_path, Some("/a:/b".into()));
    assert_eq!(it.optimize, 2);
    assert!(it.unbuffered && !it.inspect && it.safe_path);
    assert_eq!(it.warn_options, ["error", "ignore::X", "once"]);
    assert_eq!(it.hash_seed, HashSeed::Fixed(42));
    for flag in ["-E", "-I"] {
        let it = config_env(&[flag, "f"], &env);
        assert_eq!((it.python_path, it.optimize, it.hash_seed), (None, 0, HashSeed::Random));
    }
    let bad = with_env(&["f"], &[("PYTHONHASHSEED", "abc")]).unwrap_err();
    assert_eq!(bad.code, 1);
    assert!(bad.text.contains("PYTHONHASHSEED must be \"random\" or an integer in range"));
}

#[test]
fn colors_follow_the_conventions() {
    assert_eq!(config(&["f"]).colors, Colors::Auto);
    assert_eq!(config_env(&["f"], &[("NO_COLOR", "1")]).colors, Colors::Off);
    assert_eq!(config_env(&["f"], &[("PYTHON_COLORS", "1"), ("NO_COLOR", "1")]).colors, Colors::On);
    assert_eq!(config_env(&["-E", "f"], &[("PYTHON_COLORS", "1")]).colors, Colors::Auto);
}

#[test]
fn help_and_version_print() {
    assert_eq!(with_env(&["-V"], &[]), Ok(Request::Print("Python 3.14.0\n".into())));
    assert!(matches!(with_env(&["-VV"], &[]), Ok(Request::Print(text)) if text.contains("Taipan")));
    assert!(
        matches!(with_env(&["-h"], &[]), Ok(Request::Print(text)) if text.starts_with("usage: taipan"))
    );
    assert!(
        matches!(with_env(&["--help-all"], &[]), Ok(Request::Print(text)) if text.contains("stm-window"))
    );
    let it = config(&["--check-hash-based-pycs", "never", "f"]);
    assert_eq!(it.check_hash_pycs, CheckHashPycs::Never);
}

#[test]
fn command_text_is_dedented() {
    assert_eq!(dedent("\n    if x:\n        y\n    z\n"), "\nif x:\n    y\nz\n");
    assert_eq!(dedent("x\n  y"), "x\n  y");
    assert_eq!(dedent("  x\n \n  y"), "x\n\ny");
}
