//! One run of one program: CPU seconds, wall seconds and peak memory of that process alone.
//!
//! The kernel reports a child's resources to its parent as a sum over all children. So each run
//! gets a parent of its own: this executable, started again with [`CHILD_COMMAND`], which runs the
//! program as its only child and prints what the kernel says about it.

use std::{
    env, fs,
    path::Path,
    process::{Command, ExitCode, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::{
        resource::{UsageWho, getrusage},
        signal::{self, Signal},
        time::TimeValLike,
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};
use serde::{Deserialize, Serialize};

use crate::program::Program;

/// The first argument that makes a command of this package the parent of one run.
pub const CHILD_COMMAND: &str = "measure-one-child";

/// What one run cost.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Cost {
    /// User and system CPU seconds.
    pub cpu_s: f64,
    /// Seconds from start to exit.
    pub wall_s: f64,
    /// Peak resident memory in KiB.
    pub peak_kib: i64,
}

/// One run: its cost, and what the program printed.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it cost.
    pub cost: Cost,
    /// Its standard output.
    pub stdout: Vec<u8>,
}

/// How an interpreter is started.
#[derive(Clone, Debug)]
pub struct Interpreter {
    /// The name in tables.
    pub name: String,
    /// The executable.
    pub path: String,
    /// Arguments before the program's file.
    pub flags: Vec<String>,
}

impl Interpreter {
    /// Runs `program` once under this interpreter.
    ///
    /// # Errors
    /// What went wrong, with the end of the program's standard error: it did not start, did not
    /// exit with status 0, or was still running after `limit_s` seconds.
    pub fn run(&self, program: &Program, limit_s: u64) -> Result<Run, String> {
        let mut command = self.flags.clone();
        command.push(program.path.display().to_string());
        command.extend(program.args.iter().cloned());
        self.run_args(&command, &program.env, limit_s)
    }

    /// Runs the interpreter once with `args` after its own name.
    ///
    /// # Errors
    /// As [`Interpreter::run`].
    pub fn run_args(
        &self,
        args: &[String],
        env: &[(String, String)],
        limit_s: u64,
    ) -> Result<Run, String> {
        let this = env::current_exe().map_err(|error| error.to_string())?;
        let out = env::temp_dir().join(format!("taipan-bench-{}.out", std::process::id()));
        let err = out.with_extension("err");
        let mut command = Command::new(this);
        command.arg(CHILD_COMMAND).arg(limit_s.to_string()).args([&out, &err]);
        command.arg(&self.path).args(args);
        for (key, _) in env::vars().filter(|(key, _)| key.starts_with("PYTHON")) {
            command.env_remove(key);
        }
        command.envs(env.iter().cloned());
        let done = command.output().map_err(|error| error.to_string())?;
        let stdout = fs::read(&out).unwrap_or_default();
        let stderr = String::from_utf8_lossy(&fs::read(&err).unwrap_or_default()).into_owned();
        drop((fs::remove_file(&out), fs::remove_file(&err)));
        let text = String::from_utf8_lossy(&done.stdout);
        match serde_json::from_str::<Cost>(&text) {
            Ok(cost) => Ok(Run { cost, stdout }),
            Err(_) => {
                let last = stderr.lines().last().unwrap_or_default();
                Err(format!("{} {last}", text.trim()))
            }
        }
    }
}

/// The parent's side: runs `args` = limit, stdout file, stderr file, command...; prints the cost
/// as JSON, or a line that says what went wrong.
pub fn child_main(args: &[String]) -> ExitCode {
    match one_child(args) {
        Ok(cost) => println!("{}", serde_json::to_string(&cost).unwrap_or_default()),
        Err(message) => println!("{message}"),
    }
    ExitCode::SUCCESS
}

fn one_child(args: &[String]) -> Result<Cost, String> {
    let [limit, out, err, program, rest @ ..] = args else {
        return Err("too few arguments".into());
    };
    let limit = Duration::from_secs(limit.parse().map_err(|_| "bad limit")?);
    let file = |path: &str| fs::File::create(Path::new(path)).map_err(|error| error.to_string());
    let mut command = Command::new(program);
    command.args(rest).stdin(Stdio::null()).stdout(file(out)?).stderr(file(err)?);
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| format!("cannot start {program}: {error}"))?;
    // Both threads sleep until something happens: a look every so often would take time from a
    // program that has a thread for each core.
    let pid = Pid::from_raw(child.id().try_into().map_err(|_| "bad process id")?);
    let (ended, end) = mpsc::channel::<()>();
    let watchdog = thread::spawn(move || {
        let late = end.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
        late && signal::kill(pid, Signal::SIGKILL).is_ok()
    });
    waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)
        .map_err(|error| error.to_string())?;
    let wall_s = start.elapsed().as_secs_f64();
    drop(ended);
    let late = watchdog.join().unwrap_or(false);
    // Only now: until then the watchdog's process id is the child's.
    let status = child.wait().map_err(|error| error.to_string())?;
    if late {
        return Err(format!("still running after {} s;", limit.as_secs()));
    }
    if !status.success() {
        return Err(format!("{status};"));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let cpu_us = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Cost { cpu_s: cpu_us as f64 / 1e6, wall_s, peak_kib: usage.max_rss() })
}
