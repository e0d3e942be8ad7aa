//! Runs every program of `tests/py` under the built `taipan` and compares what it prints.
//!
//! A test is `NAME.py` with `NAME.out` beside it: the standard output that CPython gives (see
//! `regen.py`). `NAME.err`, where present, is the standard error; `NAME.in` is fed to the program.
//! Each program runs in three modes: plain, with transactions of one bytecode, and with
//! transactions aborted at random; all three must print the same.
//!
//! Directives are comments at the head of a program:
//! - `# exit: N` is the exit status (0 unless given); `# args: ...` and `# flags: ...` are passed
//!   after and before the file's name.
//! - `# requires: taipan` or `# requires: 3.14` says that the oracle cannot run it.
//! - `# modes: plain` keeps it out of the other modes.
//!
//! A last line `# known-failing: reason` says that a program fails today: it must, and without a
//! crash; once it passes the line has to go (`known_failing.py` keeps these lines).
//!
//! Environment: `TAIPAN_SHAKE_SEED` (default 1) and `TAIPAN_TEST_TIMEOUT` in seconds (default 120).

use std::{
    env, fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use libtest_mimic::{Arguments, Completion, Failed, Trial, run};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/py");
    let mut cases: Vec<Case> = match fs::read_dir(&folder) {
        Ok(entries) => entries.flatten().filter_map(|entry| Case::read(&entry.path())).collect(),
        Err(error) => {
            eprintln!("cannot list {}: {error}", folder.display());
            return ExitCode::FAILURE;
        }
    };
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    let trials = cases.into_iter().map(Case::into_trial).collect();
    run(&arguments, trials).exit_code()
}

/// One program and what is expected of it.
struct Case {
    name: String,
    path: PathBuf,
    exit: i32,
    flags: Vec<String>,
    args: Vec<String>,
    modes: Vec<Mode>,
    known_failing: Option<String>,
}

/// How the interpreter is started.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Plain,
    Window,
    Shake,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Mode::Plain => "plain",
            Mode::Window => "window",
            Mode::Shake => "shake",
        }
    }

    fn flags(self) -> Vec<String> {
        let options: &[String] = match self {
            Mode::Plain => &[],
            Mode::Window => &["stm=on".into(), "stm-window=1".into()],
            Mode::Shake => {
                let seed = env::var("TAIPAN_SHAKE_SEED").unwrap_or_else(|_| "1".into());
                &["stm=on".into(), format!("stm-shake={seed}")]
            }
        };
        options.iter().flat_map(|option| ["-X".to_owned(), option.clone()]).collect()
    }
}

impl Case {
    fn read(path: &Path) -> Option<Case> {
        if path.extension()? != "py" {
            return None;
        }
        let source = String::from_utf8_lossy(&fs::read(path).ok()?).into_owned();
        let mut case = Case {
            name: path.file_stem()?.to_str()?.to_owned(),
            path: path.to_owned(),
            exit: 0,
            flags: Vec::new(),
            args: Vec::new(),
            modes: vec![Mode::Plain, Mode::Window, Mode::Shake],
            known_failing: None,
        };
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for line in source.lines().take_while(|line| line.starts_with('#')) {
            let Some((key, value)) = line.trim_start_matches('#').trim().split_once(':') else {
                continue;
            };
            let value = value.trim();
            match key {
                "exit" => case.exit = value.parse().ok()?,
                "args" => case.args = words(value),
                "flags" => case.flags = words(value),
                "modes" if value == "plain" => case.modes.truncate(1),
                _ => {}
            }
        }
        case.known_failing = source
            .lines()
            .find_map(|line| line.strip_prefix("# known-failing:"))
            .map(|reason| reason.trim().to_owned());
        Some(case)
    }

    fn into_trial(self) -> Trial {
        let name = self.name.clone();
        match self.known_failing.clone() {
            None => Trial::test(name, move || self.check_all()),
            Some(reason) => Trial::ignorable_test(name, move || match self.check(Mode::Plain) {
                Ok(()) => Err(Failed::from("passes: drop its known-failing line")),
                Err(Failure::Crash(message)) => Err(message.into()),
                Err(Failure::Differs(_)) => Ok(Completion::ignored_with(reason)),
            }),
        }
    }

    fn check_all(&self) -> Result<(), Failed> {
        for &mode in &self.modes {
            match self.check(mode) {
                Ok(()) => {}
                Err(Failure::Crash(text) | Failure::Differs(text)) => return Err(text.into()),
            }
        }
        Ok(())
    }

    /// Runs the program once and compares all that it gave.
    fn check(&self, mode: Mode) -> Result<(), Failure> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut flags = mode.flags();
        flags.extend(self.flags.iter().cloned());
        let mut command = Command::new(env!("CARGO_BIN_EXE_taipan"));
        command.args(&flags).arg(format!("{}.py", self.name)).args(&self.args);
        for (key, _) in env::vars().filter(|(key, _)| key.starts_with("PYTHON")) {
            command.env_remove(key);
        }
        command.current_dir(folder).env("NO_COLOR", "1");
        let input = fs::read(self.path.with_extension("in")).ok();
        let outcome = Outcome::of(command, input)
            .map_err(|message| Failure::Crash(format!("[{}] {message}", mode.name())))?;
        let stdout = relative(&outcome.stdout, folder);
        let stderr = relative(&outcome.stderr, folder);
        let report = |what: &str| {
            format!(
                "[{}] {what}\ncommand: taipan {} {}.py {}\n--- stderr\n{}",
                mode.name(),
                flags.join(" "),
                self.name,
                self.args.join(" "),
                tail(&stderr),
            )
        };
        if stderr.contains("panicked at") {
            return Err(Failure::Crash(report("the interpreter panicked")));
        }
        let Some(code) = outcome.status.code() else {
            return Err(Failure::Crash(report(&format!("ended by {}", outcome.status))));
        };
        if let Some(difference) = self.differs("out", &stdout) {
            return Err(Failure::Differs(report(&difference)));
        }
        if self.path.with_extension("err").exists()
            && let Some(difference) = self.differs("err", &stderr)
        {
            return Err(Failure::Differs(report(&difference)));
        }
        if code != self.exit {
            let text = format!("exit status {code}, expected {}", self.exit);
            return Err(Failure::Differs(report(&text)));
        }
        Ok(())
    }

    /// The first line in which `got` is not what the expectation file says.
    fn differs(&self, extension: &str, got: &str) -> Option<String> {
        let path = self.path.with_extension(extension);
        let want = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => return Some(format!("no expectation {}: {error}", path.display())),
        };
        if want == got {
            return None;
        }
        let (mut wanted, mut given) = (want.lines(), got.lines());
        let mut number = 0;
        loop {
            number += 1;
            let (want, got) = (wanted.next(), given.next());
            if want != got {
                let show = |line: Option<&str>| line.unwrap_or("(the end)").to_owned();
                return Some(format!(
                    ".{extension} differs in line {number}\n want: {}\n  got: {}",
                    show(want),
                    show(got)
                ));
            }
            if want.is_none() {
                return Some(format!(".{extension} differs in its last line's end"));
            }
        }
    }
}

/// Why a run is not what was expected.
enum Failure {
    /// Killed, out of time, or a panic: never acceptable.
    Crash(String),
    /// It ran and gave something else.
    Differs(String),
}

/// What one process gave.
struct Outcome {
    status: ExitStatus,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Outcome {
    fn of(mut command: Command, input: Option<Vec<u8>>) -> Result<Outcome, String> {
        let limit = env::var("TAIPAN_TEST_TIMEOUT").ok().and_then(|text| text.parse().ok());
        let limit = Duration::from_secs(limit.unwrap_or(120));
        command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("cannot start: {error}"))?;
        if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
            // A program that does not read its input closes the pipe early.
            thread::spawn(move || drop(pipe.write_all(&input)));
        }
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        let status = wait(&mut child, limit)?;
        let bytes = |reader: thread::JoinHandle<Vec<u8>>| reader.join().unwrap_or_default();
        Ok(Outcome { status, stdout: bytes(stdout), stderr: bytes(stderr) })
    }
}

fn drain<R: Read + Send + 'static>(pipe: Option<R>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What came before an error is still worth comparing.
            drop(pipe.read_to_end(&mut bytes));
        }
        bytes
    })
}

fn wait(child: &mut Child, limit: Duration) -> Result<ExitStatus, String> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if start.elapsed() > limit => {
                drop(child.kill());
                drop(child.wait());
                return Err(format!("still running after {} s", limit.as_secs()));
            }
            Ok(None) => thread::sleep(pause),
            Err(error) => return Err(format!("cannot wait: {error}")),
        }
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

/// Text in which paths below `folder` are relative, as in the expectation files.
fn relative(bytes: &[u8], folder: &Path) -> String {
    String::from_utf8_lossy(bytes).replace(&format!("{}/", folder.display()), "")
}

/// The last lines of a long text.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
