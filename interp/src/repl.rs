//! The interactive loop: prompts, multi-line input, history, completion.
//!
//! On a terminal lines are edited by `rustyline`; otherwise they are read plainly, with prompts on standard
//! error. Each input is compiled as one interactive statement under a file name of its own, so that
//! tracebacks can show its lines.

mod words;

use std::{
    io::{BufRead, Write},
    path::PathBuf,
};

use rustyline::{Editor, error::ReadlineError, history::DefaultHistory};
use taipan_objects::{Completion, Cx, Escape, Obj, T, Value, class, protocol, types::dict};

use self::words::Words;
use crate::{
    cli::{Config, Program, version_text},
    compiling::{self, CompileMode, Job},
    modules, os, report,
    txn::{driver, io},
    vm::{function, state::vm_ref},
};

/// `PyCF_ALLOW_INCOMPLETE_INPUT | PyCF_DONT_IMPLY_DEDENT`.
const INTERACTIVE: u32 = 0x4000 | 0x200;

/// Where lines come from.
enum Lines {
    Terminal(Box<Editor<Words, DefaultHistory>>, Option<PathBuf>),
    Plain,
}

/// What reading a line gave.
enum Line {
    Text(String),
    Interrupt,
    End,
}

impl Lines {
    fn open() -> Self {
        let listing =
            rustyline::Config::builder().completion_type(rustyline::CompletionType::List).build();
        match Editor::with_config(listing) {
            Ok(mut editor) if os::is_tty(0) => {
                let history = history_file();
                if let Some(history) = &history {
                    // A first session has no history yet.
                    let _ = editor.load_history(history);
                }
                Self::Terminal(Box::new(editor), history)
            }
            _ => Self::Plain,
        }
    }

    /// Sets what the next line can be completed with.
    fn set_words(&mut self, cx: &mut Cx, main: Obj) {
        if let (Self::Terminal(editor, _), Some(globals)) = (self, modules::namespace(main)) {
            // Without words there is just no completion.
            editor.set_helper(driver::with_attempt(cx, |cx| Words::of(cx, globals)).ok());
        }
    }

    fn read(&mut self, prompt: &str) -> Line {
        match self {
            Self::Terminal(editor, _) => match editor.readline(prompt) {
                Ok(line) => {
                    if !line.trim().is_empty() {
                        // A line that cannot be remembered is still run.
                        let _ = editor.add_history_entry(line.as_str());
                    }
                    Line::Text(line)
                }
                Err(ReadlineError::Interrupted) => Line::Interrupt,
                Err(_) => Line::End,
            },
            Self::Plain => {
                let mut err = std::io::stderr();
                let _ = err.write_all(prompt.as_bytes()).and_then(|()| err.flush());
                let mut line = String::new();
                match std::io::stdin().lock().read_line(&mut line) {
                    Ok(n_bytes) if n_bytes > 0 => {
                        Line::Text(line.trim_end_matches('\n').to_owned())
                    }
                    _ => Line::End,
                }
            }
        }
    }

    fn close(self) {
        if let Self::Terminal(mut editor, Some(history)) = self {
            // Losing the history must not fail the session.
            let _ = editor.save_history(&history);
        }
    }
}

fn history_file() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("PYTHON_HISTORY").or_else(|| Some(set("HOME")?.join(".taipan_history")))
}

/// Reads and runs statements until the end of input or `SystemExit`; the exit status.
pub fn run(cx: &mut Cx, main: Obj, config: &Config) -> i32 {
    let is_all = matches!(config.program, None | Some(Program::Stdin { .. }));
    if !config.quiet && is_all {
        say(&format!(
            "Python {} on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n",
            version_text()
        ));
    }
    if let Err(escape) = start_up(cx, main, config)
        && let Some(status) = complain(cx, escape)
    {
        return status;
    }
    let mut lines = Lines::open();
    let mut n_inputs = 0;
    let status = loop {
        lines.set_words(cx, main);
        match input(cx, &mut lines, n_inputs) {
            Input::End => {
                say("\n");
                break 0;
            }
            Input::Nothing => {}
            Input::Failed(escape) => {
                if let Some(status) = complain(cx, escape) {
                    break status;
                }
            }
            Input::Code(code) => {
                n_inputs += 1;
                if let Err(escape) = execute(cx, code, main)
                    && let Some(status) = complain(cx, escape)
                {
                    break status;
                }
            }
        }
    };
    lines.close();
    status
}

/// Writes to standard error; there is no one to tell if that fails.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Runs the file that `PYTHONSTARTUP` names.
fn start_up(cx: &mut Cx, main: Obj, config: &Config) -> Completion<()> {
    let Some(path) = &config.startup else { return Ok(()) };
    match std::fs::read(path) {
        Ok(bytes) => {
            let name = path.to_string_lossy();
            let code = driver::with_attempt(cx, |cx| {
                compiling::code(cx, &bytes, &Job::new(&name, CompileMode::Exec))
            })?;
            execute(cx, code, main)
        }
        Err(error) => {
            let path = path.to_string_lossy();
            say(&format!("Could not open PYTHONSTARTUP\n{error}: '{path}'\n"));
            Ok(())
        }
    }
}

fn execute(cx: &mut Cx, code: Obj, main: Obj) -> Completion<()> {
    let Some(globals) = modules::namespace(main) else { return Ok(()) };
    let f = driver::with_attempt(cx, |cx| function::new(cx, code, globals.into()))?;
    let result = protocol::call(cx, f.into(), &[globals.into()]).map(drop);
    flush_streams(cx);
    result
}

/// Whoever types sees the output of a statement before the next prompt. What cannot be written is lost.
fn flush_streams(cx: &mut Cx) {
    for name in ["stderr", "stdout"] {
        let _ = driver::with_attempt(cx, |cx| {
            let sys = vm_ref(cx).shared.sys();
            let key = cx.intern(name)?;
            let stream = dict::get_item_name(cx, sys, key)?;
            let flush = cx.name(taipan_objects::N::flush);
            if stream.is_bound() && !stream.is_none() {
                protocol::call_method(cx, stream, flush, &[])?;
            }
            Ok(())
        });
    }
    io::flush(cx);
}

/// Prints an exception; the status if it ends the session.
fn complain(cx: &mut Cx, escape: Escape) -> Option<i32> {
    let exc = escape.exception()?;
    let ends = class::is_subclass(exc.class(), cx.class(T::SystemExit));
    let status = driver::with_attempt(cx, |cx| report::uncaught(cx, escape)).unwrap_or(1);
    io::flush(cx);
    ends.then_some(status)
}

/// One statement typed in.
enum Input {
    Code(Obj),
    Failed(Escape),
    Nothing,
    End,
}

fn input(cx: &mut Cx, lines: &mut Lines, n_inputs: usize) -> Input {
    let filename = format!("<stdin>-{n_inputs}");
    let mut text = String::new();
    loop {
        let prompt = prompt(cx, if text.is_empty() { "ps1" } else { "ps2" });
        let mut line = Line::End;
        // Other threads run on, and may collect, while a line is typed.
        taipan_objects::gc::blocking(cx, || line = lines.read(&prompt));
        match line {
            Line::End if text.is_empty() => return Input::End,
            Line::End => {}
            Line::Interrupt => {
                say("\nKeyboardInterrupt\n");
                return Input::Nothing;
            }
            Line::Text(line) => {
                if text.is_empty() && (line.trim().is_empty() || line.trim_start().starts_with('#'))
                {
                    return Input::Nothing;
                }
                text.push_str(&line);
            }
        }
        vm_ref(cx).shared.sources.lock().insert(filename.clone(), text.clone());
        if let Ok(code) = compile(cx, &text, &filename, INTERACTIVE) {
            return Input::Code(code);
        }
        // Wrong or unfinished as it stands; with one more newline it may be the start of something right.
        text.push('\n');
        match compile(cx, &text, &filename, INTERACTIVE) {
            Err(other) if !is_incomplete(cx, other) => {
                return match compile(cx, text.trim_end_matches('\n'), &filename, 0) {
                    Ok(code) => Input::Code(code),
                    Err(escape) => Input::Failed(escape),
                };
            }
            _ => {}
        }
    }
}

fn compile(cx: &mut Cx, text: &str, filename: &str, flags: u32) -> Completion<Obj> {
    driver::with_attempt(cx, |cx| {
        let job = Job { flags, is_text: true, ..Job::new(filename, CompileMode::Single) };
        compiling::code(cx, text.as_bytes(), &job)
    })
}

fn is_incomplete(cx: &Cx, escape: Escape) -> bool {
    let class = cx.class(T::IncompleteInputError);
    escape.exception().is_some_and(|exc| class::is_subclass(exc.class(), class))
}

/// `sys.ps1` or `sys.ps2`, which programs may set.
fn prompt(cx: &mut Cx, name: &str) -> String {
    let default = if name == "ps1" { ">>> " } else { "... " };
    let sys = vm_ref(cx).shared.sys();
    let set = cx.intern(name).and_then(|key| dict::get_item_name(cx, sys, key));
    match set.ok().and_then(Value::bound) {
        Some(value) => {
            protocol::convert::str_text(cx, value).unwrap_or_else(|_| default.to_owned())
        }
        None => default.to_owned(),
    }
}
