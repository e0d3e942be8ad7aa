//! Runs programs under the `taipan` of this build, and under CPython where there is one.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

/// How programs are cut into transactions.
pub const MODES: &[&[&str]] = &[
    &["stm=on", "stm-window=1"],
    &["stm=on", "stm-window=20"],
    &["stm=on", "stm-window=2000"],
    &["stm=on", "stm-shake=1"],
    &["stm=on", "stm-shake=2"],
    &[],
];

/// The interpreter beside this test's executable, built first if need be.
///
/// # Panics
/// If it cannot be built.
pub fn taipan() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let test = env::current_exe().expect("a running test has a path");
        let folder = test.parent().and_then(Path::parent).expect("target/PROFILE/deps/TEST");
        let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "-p", "taipan", "--bin", "taipan"]);
        if folder.ends_with("release") {
            build.arg("--release");
        }
        let built = build.status().is_ok_and(|status| status.success());
        let path = folder.join(format!("taipan{}", env::consts::EXE_SUFFIX));
        assert!(built && path.exists(), "cannot build {}", path.display());
        path
    })
}

/// The output of `program` in the given mode.
///
/// # Errors
/// How it failed, with its standard error.
pub fn run(program: &str, mode: &[&str]) -> Result<String, String> {
    let mut command = Command::new(taipan());
    mode.iter().for_each(|option| {
        command.args(["-X", option]);
    });
    text_of(command, program).map_err(|error| format!("mode {mode:?}: {error}"))
}

/// The output of `program` under CPython (`TAIPAN_ORACLE`, or `python3`); `None` without one.
pub fn oracle(program: &str) -> Option<String> {
    let python = env::var("TAIPAN_ORACLE").unwrap_or_else(|_| "python3".into());
    text_of(Command::new(python), program).ok()
}

fn text_of(mut command: Command, program: &str) -> Result<String, String> {
    let name =
        format!("taipan-history-{}-{:?}.py", std::process::id(), std::thread::current().id());
    let file = env::temp_dir().join(name);
    fs::write(&file, program).map_err(|error| error.to_string())?;
    let output = command.arg(&file).output();
    let _ = fs::remove_file(&file);
    let Output { status, stdout, stderr } = output.map_err(|error| error.to_string())?;
    if status.success() {
        Ok(String::from_utf8_lossy(&stdout).into_owned())
    } else {
        Err(format!("{status}\n{}", String::from_utf8_lossy(&stderr)))
    }
}
