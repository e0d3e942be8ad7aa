//! The `taipan` command: from arguments to an exit status.
//!
//! Exit statuses are CPython's: 0; 1 for an uncaught exception; 2 for a usage error or a program that
//! cannot be opened; what `sys.exit` says; 120 if standard output cannot be flushed; death by SIGINT for an
//! uncaught `KeyboardInterrupt`.

mod repl;
mod sys_data;

use std::{
    ffi::{OsStr, OsString},
    io::{Read, Write},
    path::Path,
};

use taipan_objects::{
    Completion, Cx, Escape, Obj, Settings, T, Value, class, protocol,
    types::{dict, exc_fields},
};

use crate::{
    cli::{self, Config, HashSeed, Program, Request, StmMode},
    modules, os,
    report::Reporter,
    run::{self, CompileMode},
    txn::{io, options::Options},
    vm::state::vm_ref,
};

const SIGINT: i32 = 2;

/// Runs the command with the process's arguments, the command's name first.
#[must_use]
pub fn main(args: Vec<OsString>) -> i32 {
    let mut args = args.into_iter();
    let name = args.next().unwrap_or_else(|| "taipan".into());
    let config = match cli::parse(&name.to_string_lossy(), args, &|name| std::env::var_os(name)) {
        Ok(Request::Run(config)) => config,
        Ok(Request::Print(text)) => {
            return i32::from(std::io::stdout().write_all(text.as_bytes()).is_err());
        }
        Err(error) => {
            complain(&error.text);
            return i32::from(error.code);
        }
    };
    let cx = match run::start(settings(&config), options(&config)) {
        Ok(cx) => cx,
        Err(text) => {
            complain(&text);
            return 1;
        }
    };
    Session { cx, config: *config, reporter: Reporter::default() }.run()
}

fn complain(text: &str) {
    // Nobody is left to tell if standard error is gone.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn settings(config: &Config) -> Settings {
    let hash_key = match config.hash_seed {
        HashSeed::Fixed(0) => (0, 0),
        HashSeed::Fixed(seed) => {
            let seed = u64::from(seed);
            (seed.wrapping_mul(0x9E37_79B9_7F4A_7C15), seed.wrapping_mul(0xC2B2_AE3D_27D4_EB4F))
        }
        HashSeed::Random => {
            let mut bytes = [0; 16];
            // Without a source of randomness hashes are merely predictable.
            let _ = os::random(&mut bytes);
            let (a, b) = bytes.split_at(8);
            let word =
                |part: &[u8]| part.iter().fold(0, |word, &byte| (word << 8) | u64::from(byte));
            (word(a), word(b))
        }
    };
    let max_memory = config.stm.max_memory.and_then(|bytes| usize::try_from(bytes).ok());
    Settings { hash_key, max_memory: max_memory.unwrap_or(0), ..Settings::default() }
}

fn options(config: &Config) -> Options {
    Options {
        always: config.stm.mode == StmMode::On,
        window: config.stm.window,
        shake: config.stm.shake,
        stats: config.stm.stats,
        gc_stress: config.stm.gc_stress,
    }
}

/// A running command.
struct Session {
    cx: Box<Cx>,
    config: Config,
    reporter: Reporter,
}

/// What running a program came to: an exit status, or the escape it left with.
type Outcome = Result<i32, Escape>;

impl Session {
    fn run(mut self) -> i32 {
        let main = match self.prepare() {
            Ok(main) => main,
            Err(escape) => return self.status_of(escape),
        };
        let program = self.config.program.clone().unwrap_or(Program::Stdin { dash: false });
        let outcome = self.program(main, program);
        let mut status = match outcome {
            Ok(status) => status,
            Err(escape) => self.status_of(escape),
        };
        if self.config.inspect && !self.is_interactive() {
            status = repl::run(&mut self, main);
        }
        self.finish(status)
    }

    fn prepare(&mut self) -> Completion<Obj> {
        let cx = &mut *self.cx;
        let sys = cx.world.import_module(cx, "sys")?;
        if let Some(sys) = sys.obj() {
            sys_data::fill_constants(cx, sys)?;
            sys_data::fill_config(cx, sys, &self.config)?;
        }
        run::make_main(cx)
    }

    fn is_interactive(&self) -> bool {
        let from_stdin = matches!(self.config.program, None | Some(Program::Stdin { .. }));
        from_stdin && (self.config.interactive || os::is_tty(0))
    }

    fn program(&mut self, main: Obj, program: Program) -> Outcome {
        match program {
            Program::Command(text) => {
                self.reporter.add_text("<string>", &text);
                self.source(main, text.as_bytes(), "<string>", true)
            }
            Program::Module(name) => self.module(&name, true),
            Program::File(path) => self.file(main, &path),
            Program::Stdin { .. } if self.is_interactive() => Ok(repl::run(self, main)),
            Program::Stdin { .. } => {
                let mut bytes = Vec::new();
                // What could be read is run, as CPython does.
                let _ = std::io::stdin().read_to_end(&mut bytes);
                self.source(main, &bytes, "<stdin>", false)
            }
        }
    }

    fn source(&mut self, main: Obj, bytes: &[u8], filename: &str, is_text: bool) -> Outcome {
        let cx = &mut *self.cx;
        let code = run::compile_source(cx, bytes, filename, CompileMode::Exec, 0, is_text)?;
        run::run_main(cx, code, main)?;
        Ok(0)
    }

    fn file(&mut self, main: Obj, path: &OsStr) -> Outcome {
        let file = Path::new(path);
        if file.is_dir() {
            let inner = file.join("__main__.py");
            if inner.is_file() {
                return self.file(main, inner.as_os_str());
            }
            let (name, path) = (&self.config.program_name, path.to_string_lossy());
            complain(&format!("{name}: can't find '__main__' module in '{path}'\n"));
            return Ok(1);
        }
        let mut bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.cannot_open(file, &error);
                return Ok(2);
            }
        };
        if bytes.starts_with(b"PK\x03\x04") {
            return self.module("__main__", false);
        }
        if self.config.skip_first_line {
            let first = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
            bytes.drain(..first);
        }
        let filename = path.to_string_lossy();
        let cx = &mut *self.cx;
        let name = cx.new_str(&filename)?;
        modules::set(cx, main, "__file__", name)?;
        self.source(main, &bytes, &filename, false)
    }

    fn cannot_open(&self, file: &Path, error: &std::io::Error) {
        let shown = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
        let code = error.raw_os_error().unwrap_or(0);
        let reason = error.to_string();
        let reason = reason.split(" (os error").next().unwrap_or_default();
        let name = &self.config.program_name;
        let shown = shown.display();
        complain(&format!("{name}: can't open file '{shown}': [Errno {code}] {reason}\n"));
    }

    /// `-m`, and archives with a `__main__` module.
    fn module(&mut self, name: &str, alter_argv: bool) -> Outcome {
        let cx = &mut *self.cx;
        let runpy = cx.world.import_module(cx, "runpy")?;
        let runner = cx.intern("_run_module_as_main")?;
        let name = cx.new_str(name)?;
        protocol::call_method(cx, runpy, runner, &[name, Value::bool(alter_argv)])?;
        Ok(0)
    }

    /// Says what went wrong; the exit status for it.
    fn status_of(&mut self, escape: Escape) -> i32 {
        let Some(exc) = escape.exception() else { return 1 };
        let cx = &mut *self.cx;
        io::flush(cx);
        if class::is_subclass(exc.class(), cx.class(T::SystemExit)) {
            let code = exc.raw(exc_fields::word(T::SystemExit, "code"));
            return self.exit_status(code);
        }
        let text = self.reporter.text(&mut self.cx, exc);
        let cx = &mut *self.cx;
        io::write(cx, io::Stream::Err, text.as_bytes());
        io::flush(cx);
        if class::is_subclass(exc.class(), cx.class(T::KeyboardInterrupt)) {
            self.finish(130);
            os::die_of(SIGINT);
        }
        1
    }

    fn exit_status(&mut self, code: Value) -> i32 {
        if code.is_unbound() || code.is_none() {
            return 0;
        }
        let cx = &mut *self.cx;
        if let Some(number) = code.small_int() {
            return (number & 0xFF) as i32;
        }
        if code.is_bool() {
            return i32::from(code == Value::TRUE);
        }
        let text = protocol::convert::str_text(cx, code).unwrap_or_default();
        io::write(cx, io::Stream::Err, format!("{text}\n").as_bytes());
        io::flush(cx);
        1
    }

    /// Waits for threads, calls exit functions, flushes.
    fn finish(&mut self, status: i32) -> i32 {
        for (module, function) in [("threading", "_shutdown"), ("atexit", "_run_exitfuncs")] {
            if let Err(escape) = self.call_if_imported(module, function) {
                self.status_of(escape);
            }
        }
        let flushed = self.flush_stdout();
        io::flush(&mut self.cx);
        match flushed {
            Ok(()) => status,
            Err(_) if status == 0 => 120,
            Err(_) => status,
        }
    }

    fn call_if_imported(&mut self, module: &str, function: &str) -> Completion<()> {
        let cx = &mut *self.cx;
        let key = cx.intern(module)?;
        let table = vm_ref(cx).shared.modules();
        let Some(module) = dict::get_item_name(cx, table, key)?.bound() else { return Ok(()) };
        let function = cx.intern(function)?;
        match protocol::get_attr_opt(cx, module, function)? {
            Some(function) => protocol::call(cx, function, &[]).map(drop),
            None => Ok(()),
        }
    }

    fn flush_stdout(&mut self) -> Completion<()> {
        let cx = &mut *self.cx;
        let sys = vm_ref(cx).shared.sys();
        let flush = cx.intern("flush")?;
        for name in ["stdout", "stderr"] {
            let key = cx.intern(name)?;
            let Some(stream) = dict::get_item_name(cx, sys, key)?.bound() else { continue };
            if let Some(flush) = protocol::get_attr_opt(cx, stream, flush)? {
                protocol::call(cx, flush, &[])?;
            }
        }
        Ok(())
    }
}
