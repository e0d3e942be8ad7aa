//! The command line: CPython's option grammar as plain data.
//!
//! [`parse`] reads arguments and environment into a [`Config`] and does nothing else, so the rules can be
//! tested without a process. What it cannot accept is a [`UsageError`], printed with exit code 2.
//!
//! Reading order: this file (options), `env.rs` (environment variables), `help.rs` (texts).

mod env;
mod help;

use std::{ffi::OsString, fmt};

use self::help::{HELP, HELP_ENV, HELP_X, usage};

/// What a command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Run a program.
    Run(Box<Config>),
    /// Print this text to standard output and exit with 0.
    Print(String),
}

/// Where the program comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// `-c`: the text, common indentation removed.
    Command(String),
    /// `-m`: a module's name.
    Module(String),
    /// A file, a folder or an archive.
    File(OsString),
    /// Standard input; `dash` when it was named by `-`.
    Stdin {
        /// Whether the argument `-` was given.
        dash: bool,
    },
}

/// Whether and how transactions run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StmMode {
    /// Without transactions while one thread runs, with them otherwise.
    #[default]
    Auto,
    /// Never with transactions: a second thread is refused.
    Solo,
    /// Always with transactions.
    On,
}

/// Settings that exist in Taipan only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StmConfig {
    /// `-X stm=solo|on|off`.
    pub mode: StmMode,
    /// `-X stm-stats`: print counters at exit.
    pub stats: bool,
    /// `-X stm-report`: print where time was lost to conflicts.
    pub report: bool,
    /// `-X stm-window=N`: bytecodes per transaction, instead of the adaptive length.
    pub window: Option<u32>,
    /// `-X stm-shake=SEED`: force random aborts.
    pub shake: Option<u64>,
    /// `-X gc-stress`: collect at every safepoint.
    pub gc_stress: bool,
    /// `-X gc-markers=N`: threads that mark, 1 or 2; 0 when not given.
    pub gc_markers: usize,
    /// `-X dis`: print the program's bytecode instead of running it.
    pub dis: bool,
    /// `-X max-memory=N`: heap limit in bytes.
    pub max_memory: Option<u64>,
}

/// How strings are hashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashSeed {
    /// Differently in each process.
    #[default]
    Random,
    /// From this seed; 0 turns randomization off.
    Fixed(u32),
}

/// A parsed command line; the numbers are those of `sys.flags`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The command's own name, `sys.orig_argv[0]`.
    pub program_name: String,
    /// What to run.
    pub program: Option<Program>,
    /// What the program sees as `sys.argv[1:]`.
    pub args: Vec<OsString>,
    /// `-b`.
    pub bytes_warning: u8,
    /// `-B`.
    pub dont_write_bytecode: bool,
    /// `-d`.
    pub debug: u8,
    /// `-E`.
    pub ignore_environment: bool,
    /// `-i`: go on interactively after the program.
    pub inspect: bool,
    /// `-i` on the command line: interactive even if standard input is no terminal.
    pub interactive: bool,
    /// `-I`.
    pub isolated: bool,
    /// `-O`.
    pub optimize: u8,
    /// `-P`.
    pub safe_path: bool,
    /// `-q`.
    pub quiet: bool,
    /// `-s`.
    pub no_user_site: bool,
    /// `-S`.
    pub no_site: bool,
    /// `-u`.
    pub unbuffered: bool,
    /// `-v`.
    pub verbose: u8,
    /// `-x`.
    pub skip_first_line: bool,
    /// `-X dev`.
    pub dev_mode: bool,
    /// `-X utf8`.
    pub utf8_mode: bool,
    /// `-X warn_default_encoding`.
    pub warn_default_encoding: bool,
    /// `-X no_debug_ranges`: tracebacks without carets.
    pub no_debug_ranges: bool,
    /// `-X int_max_str_digits`; 0 is no limit.
    pub int_max_str_digits: Option<u32>,
    /// `-X cpu_count`.
    pub cpu_count: Option<u32>,
    /// `--check-hash-based-pycs`.
    pub check_hash_pycs: CheckHashPycs,
    /// `sys.warnoptions`.
    pub warn_options: Vec<String>,
    /// `sys._xoptions`, in order; a name without a value stands for True.
    pub x_options: Vec<(String, Option<String>)>,
    /// How strings are hashed.
    pub hash_seed: HashSeed,
    /// `PYTHONPATH`.
    pub python_path: Option<OsString>,
    /// `PYTHONHOME`.
    pub python_home: Option<OsString>,
    /// `PYTHONSTARTUP`.
    pub startup: Option<OsString>,
    /// `PYTHONIOENCODING`.
    pub io_encoding: Option<String>,
    /// `PYTHONPYCACHEPREFIX` or `-X pycache_prefix`.
    pub pycache_prefix: Option<String>,
    /// Whether output to a terminal may be colored.
    pub colors: Colors,
    /// Taipan's own settings.
    pub stm: StmConfig,
}

/// `--check-hash-based-pycs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CheckHashPycs {
    /// Check those that ask for it.
    #[default]
    Default,
    /// Check all.
    Always,
    /// Check none.
    Never,
}

/// What the environment says about colors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colors {
    /// On a terminal only.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// A command line or environment that cannot be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError {
    /// What to print to standard error, with its final newline.
    pub text: String,
    /// The exit code.
    pub code: u8,
}

impl UsageError {
    fn option(name: &str, message: impl fmt::Display) -> Self {
        let text = format!("{message}\n{}Try `python -h' for more information.\n", usage(name));
        Self { text, code: 2 }
    }

    fn fatal(place: &str, message: impl fmt::Display) -> Self {
        let text = format!(
            "Fatal Python error: {place}: {message}\nPython runtime state: preinitialized\n\n"
        );
        Self { text, code: 1 }
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for UsageError {}

/// The Python version that the language and the library follow.
pub const PYTHON_VERSION: &str = "3.14.0";

/// `sys.version`.
#[must_use]
pub fn version_text() -> String {
    format!(
        "{PYTHON_VERSION} (Taipan {}, {}) [Rust]",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH
    )
}

/// Reads the arguments after the command's name, and the environment through `var`.
///
/// # Errors
/// An unknown option, a missing argument, or a value out of range.
pub fn parse(
    name: &str,
    args: impl IntoIterator<Item = OsString>,
    var: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Request, UsageError> {
    let config = Config { program_name: name.to_owned(), ..Config::default() };
    let mut reader = Reader {
        config,
        rest: args.into_iter().collect::<Vec<_>>().into_iter(),
        warn_args: Vec::new(),
        n_version: 0,
        wants_help: None,
    };
    reader.options()?;
    if let Some(text) = reader.printed() {
        return Ok(Request::Print(text));
    }
    reader.finish(var).map(|config| Request::Run(Box::new(config)))
}

struct Reader {
    config: Config,
    rest: std::vec::IntoIter<OsString>,
    warn_args: Vec<String>,
    n_version: u32,
    wants_help: Option<String>,
}

impl Reader {
    /// Reads options up to the program, the program, and its arguments.
    fn options(&mut self) -> Result<(), UsageError> {
        while self.config.program.is_none() {
            let Some(arg) = self.rest.next() else { break };
            let text = arg.to_str().unwrap_or_default();
            match text {
                "-" => self.config.program = Some(Program::Stdin { dash: true }),
                "--" => {
                    self.config.program = self.rest.next().map(Program::File);
                    break;
                }
                _ if text.starts_with("--") => self.long(text)?,
                _ if text.starts_with('-') => self.short(text)?,
                _ => self.config.program = Some(Program::File(arg)),
            }
        }
        self.config.args = self.rest.by_ref().collect();
        Ok(())
    }

    fn error(&self, message: impl fmt::Display) -> UsageError {
        UsageError::option(&self.config.program_name, message)
    }

    fn long(&mut self, text: &str) -> Result<(), UsageError> {
        match text {
            "--help" => self.wants_help = Some(help_text(&self.config.program_name)),
            "--help-env" => self.wants_help = Some(HELP_ENV.to_owned()),
            "--help-xoptions" => self.wants_help = Some(HELP_X.to_owned()),
            "--help-all" => {
                let main = help_text(&self.config.program_name);
                self.wants_help = Some(format!("{main}\n{HELP_ENV}\n{HELP_X}"));
            }
            "--version" => self.n_version += 1,
            "--check-hash-based-pycs" => {
                let value = self.next_text("--check-hash-based-pycs", "options")?;
                self.config.check_hash_pycs = match value.as_str() {
                    "default" => CheckHashPycs::Default,
                    "always" => CheckHashPycs::Always,
                    "never" => CheckHashPycs::Never,
                    _ => {
                        let choices = "must be one of 'default', 'always', or 'never'";
                        return Err(self.error(format!("--check-hash-based-pycs {choices}")));
                    }
                };
            }
            other => return Err(self.error(format!("unknown option {other}"))),
        }
        Ok(())
    }

    /// A cluster such as `-OOu` or `-Xk=v`.
    fn short(&mut self, text: &str) -> Result<(), UsageError> {
        let mut letters = text.strip_prefix('-').unwrap_or(text).chars();
        while let Some(letter) = letters.next() {
            if matches!(letter, 'c' | 'm' | 'W' | 'X') {
                let attached = letters.as_str().to_owned();
                return self.with_argument(letter, attached);
            }
            self.flag(letter)?;
        }
        Ok(())
    }

    fn flag(&mut self, letter: char) -> Result<(), UsageError> {
        let config = &mut self.config;
        match letter {
            'b' => config.bytes_warning = config.bytes_warning.saturating_add(1),
            'B' => config.dont_write_bytecode = true,
            'd' => config.debug = config.debug.saturating_add(1),
            'E' => config.ignore_environment = true,
            'h' | '?' => self.wants_help = Some(help_text(&self.config.program_name)),
            'i' => (config.inspect, config.interactive) = (true, true),
            'I' => config.isolated = true,
            'O' => config.optimize = config.optimize.saturating_add(1),
            'P' => config.safe_path = true,
            'q' => config.quiet = true,
            'R' => {}
            's' => config.no_user_site = true,
            'S' => config.no_site = true,
            'u' => config.unbuffered = true,
            'v' => config.verbose = config.verbose.saturating_add(1),
            'V' => self.n_version += 1,
            'x' => config.skip_first_line = true,
            'J' => {
                let text = self.error("-J is reserved for Jython");
                return Err(text);
            }
            other => return Err(self.error(format!("Unknown option: -{other}"))),
        }
        Ok(())
    }

    fn with_argument(&mut self, letter: char, attached: String) -> Result<(), UsageError> {
        let value = match attached.is_empty() {
            true => self.next_text(&format!("-{letter}"), "option")?,
            false => attached,
        };
        match letter {
            'c' => self.config.program = Some(Program::Command(dedent(&value))),
            'm' => self.config.program = Some(Program::Module(value)),
            'W' => self.warn_args.push(value),
            _ => {
                let (name, setting) = match value.split_once('=') {
                    Some((name, setting)) => (name.to_owned(), Some(setting.to_owned())),
                    None => (value, None),
                };
                self.config.x_options.push((name, setting));
            }
        }
        Ok(())
    }

    fn next_text(&mut self, option: &str, noun: &str) -> Result<String, UsageError> {
        let Some(value) = self.rest.next() else {
            return Err(self.error(format!("Argument expected for the {option} {noun}")));
        };
        value.into_string().map_err(|_| UsageError {
            text: "Unable to decode the command from the command line:\n".to_owned(),
            code: 1,
        })
    }

    fn printed(&mut self) -> Option<String> {
        if let Some(help) = self.wants_help.take() {
            return Some(help);
        }
        match self.n_version {
            0 => None,
            1 => Some(format!("Python {PYTHON_VERSION}\n")),
            _ => Some(format!("Python {}\n", version_text())),
        }
    }

    fn finish(mut self, var: &dyn Fn(&str) -> Option<OsString>) -> Result<Config, UsageError> {
        let config = &mut self.config;
        if config.isolated {
            config.ignore_environment = true;
            config.no_user_site = true;
            config.safe_path = true;
        }
        if config.program.is_none() {
            config.program = Some(Program::Stdin { dash: false });
        }
        let env_warnings = match config.ignore_environment {
            true => Vec::new(),
            false => env::apply(config, var)?,
        };
        env::apply_x_options(config)?;
        env::apply_colors(config, var);
        let mut warnings = Vec::new();
        if config.dev_mode {
            warnings.push("default".to_owned());
        }
        warnings.extend(env_warnings);
        warnings.extend(self.warn_args);
        match config.bytes_warning {
            0 => {}
            1 => warnings.push("default::BytesWarning".to_owned()),
            _ => warnings.push("error::BytesWarning".to_owned()),
        }
        config.warn_options = warnings;
        Ok(self.config)
    }
}

fn help_text(name: &str) -> String {
    format!("{}{HELP}", usage(name))
}

/// Removes the whitespace that all lines with text have in common.
#[must_use]
pub fn dedent(text: &str) -> String {
    let indent_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut common: Option<&str> = None;
    for line in text.lines().filter(|line| !line.trim_matches([' ', '\t']).is_empty()) {
        let indent = line.get(..indent_of(line)).unwrap_or_default();
        common = Some(common.map_or(indent, |so_far| shared_prefix(so_far, indent)));
    }
    let common = common.unwrap_or_default();
    if common.is_empty() {
        return text.to_owned();
    }
    let strip = |line: &str| {
        line.strip_prefix(common).unwrap_or_else(|| line.trim_matches([' ', '\t'])).to_owned()
    };
    text.split('\n').map(strip).collect::<Vec<_>>().join("\n")
}

fn shared_prefix<'a>(a: &'a str, b: &str) -> &'a str {
    let len = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    a.get(..len).unwrap_or_default()
}

#[cfg(test)]
mod tests;
