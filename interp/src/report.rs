//! Uncaught exceptions as text on standard error, and the exit status they mean.

use std::collections::HashMap;

use taipan_objects::{
    Completion, Cx, Escape, Kind, N, Obj, T, Value, class, protocol,
    types::{dict, exception, str as string},
};

use crate::{
    audit,
    cli::Colors,
    modules::structseq::SeqDef,
    stdlib,
    traceback::{self as text_of, Exc, Excs, Frame, SyntaxPlace},
    txn::io::{self, Stream},
    vm::{frame_object, loaded, shared::Shared, state::vm_ref, traceback},
};

/// Collects exceptions and those they are chained to.
struct Collector {
    excs: Excs,
    seen: HashMap<u64, usize>,
    files: HashMap<String, Option<Vec<String>>>,
}

/// The traceback of an exception, as CPython prints it.
///
/// # Errors
/// The attempt's abort.
pub fn text(cx: &mut Cx, e: Obj) -> Completion<String> {
    let mut c = Collector {
        excs: Excs::default(),
        seen: HashMap::new(),
        files: known_texts(vm_ref(cx).shared),
    };
    let root = c.add(cx, e)?;
    Ok(text_of::render(&c.excs, root, true))
}

impl Collector {
    fn add(&mut self, cx: &mut Cx, e: Obj) -> Completion<usize> {
        if let Some(&i) = self.seen.get(&e.to_word()) {
            return Ok(i);
        }
        let i = self.excs.all.len();
        self.seen.insert(e.to_word(), i);
        self.excs.all.push(Exc::default());
        let mut exc = Exc { type_name: type_name(cx, e)?, ..Exc::default() };
        exc.message = match protocol::convert::str_text(cx, e.into()) {
            Ok(text) => text,
            Err(escape) if escape.is_abort() => return Err(escape),
            Err(_) => "<exception str() failed>".to_owned(),
        };
        exc.message = crate::hints::with_hint(cx, e, exc.message);
        exc.frames = self.frames(cx, e)?;
        exc.suppress_context = cx.read(e, exception::slot::SUPPRESS)? == Value::TRUE;
        exc.notes = notes(cx, e)?;
        if class::is_subclass(e.class(), cx.class(T::SyntaxError)) {
            exc.syntax = Some(syntax_place(cx, e)?);
        }
        if let Some(cause) = cx.read(e, exception::slot::CAUSE)?.obj() {
            exc.cause = Some(self.add(cx, cause)?);
        }
        if let Some(context) = cx.read(e, exception::slot::CONTEXT)?.obj() {
            exc.context = Some(self.add(cx, context)?);
        }
        if class::is_subclass(e.class(), cx.class(T::BaseExceptionGroup)) {
            let name = cx.intern("exceptions")?;
            let items = protocol::get_attr(cx, e.into(), name)?;
            let items = protocol::collect(cx, items)?;
            let mut members = Vec::new();
            for item in items.as_slice() {
                if let Some(member) = item.obj().filter(|m| m.kind() == Kind::Exception) {
                    members.push(self.add(cx, member)?);
                }
            }
            exc.members = Some(members);
        }
        self.excs.all[i] = exc;
        Ok(i)
    }

    fn frames(&mut self, cx: &mut Cx, e: Obj) -> Completion<Vec<Frame>> {
        let mut frames = Vec::new();
        let mut entry = cx.read(e, exception::slot::TRACEBACK)?.obj();
        while let Some(tb) = entry {
            let at = tb.raw(traceback::slot::AT).as_small() as usize;
            let line = tb.raw(traceback::slot::LINE).as_small() as u32;
            let frame = tb.raw(traceback::slot::FRAME).obj();
            if let Some(code) =
                frame.and_then(|f| f.raw(frame_object::slot::CODE).obj()).and_then(loaded::of)
            {
                let has_columns = !vm_ref(cx).shared.options.no_debug_ranges;
                let p = code.unit.positions.get(at).copied().filter(|_| has_columns);
                let p = p.unwrap_or_default();
                let filename = code.unit.filename.to_string();
                let last = if p.end_line >= line { p.end_line } else { line };
                let lines = self.lines(&filename, line, last);
                let known = p.line != 0;
                frames.push(Frame {
                    filename,
                    lineno: (line != 0).then_some(line),
                    end_lineno: known.then_some(last),
                    col: known.then_some(p.col),
                    end_col: known.then_some(p.end_col),
                    name: code.unit.name.to_string(),
                    lines,
                });
            }
            entry = cx.read(tb, traceback::slot::NEXT)?.obj();
        }
        if let Some(limit) = traceback_limit(cx)? {
            frames.drain(..frames.len().saturating_sub(limit));
        }
        Ok(frames)
    }

    fn lines(&mut self, filename: &str, first: u32, last: u32) -> Vec<String> {
        let file = self.files.entry(filename.to_owned()).or_insert_with(|| read_lines(filename));
        let Some(all) = file else { return Vec::new() };
        let range = (first.max(1) as usize - 1)..(last as usize).min(all.len());
        all.get(range).map(<[String]>::to_vec).unwrap_or_default()
    }
}

/// `sys.tracebacklimit`: how many of the last entries of a traceback are shown.
fn traceback_limit(cx: &mut Cx) -> Completion<Option<usize>> {
    let sys = vm_ref(cx).shared.sys();
    let name = cx.intern("tracebacklimit")?;
    let limit = dict::get_item_name(cx, sys, name)?;
    Ok(limit.small_int().map(|n| usize::try_from(n).unwrap_or(0)))
}

/// Texts that no file holds, by name: `-c` and interactive input.
pub(crate) fn known_texts(shared: &Shared) -> HashMap<String, Option<Vec<String>>> {
    let sources = shared.sources.lock();
    let lines = |text: &String| Some(text.lines().map(str::to_owned).collect());
    sources.iter().map(|(name, text)| (name.clone(), lines(text))).collect()
}

/// The lines of a source file, perhaps of the library's.
pub(crate) fn read_lines(filename: &str) -> Option<Vec<String>> {
    let bytes = match std::fs::read(filename) {
        Ok(bytes) => bytes,
        Err(_) => {
            let path = std::path::Path::new(filename).strip_prefix(stdlib::root()).ok()?;
            stdlib::read(path.to_str()?)?.into_owned()
        }
    };
    Some(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())
}

fn type_name(cx: &mut Cx, e: Obj) -> Completion<String> {
    let class = e.class();
    let qualname = string::text(class.raw(class::slot::QUALNAME)).unwrap_or("?").to_owned();
    let name = cx.name(N::module);
    let module = cx.lookup(class, name);
    Ok(match string::text(module) {
        Some("builtins" | "__main__") => qualname,
        None if module.is_unbound() => qualname,
        Some(module) => format!("{module}.{qualname}"),
        None => format!("<unknown>.{qualname}"),
    })
}

fn notes(cx: &mut Cx, e: Obj) -> Completion<Vec<String>> {
    let name = cx.name(N::notes);
    let Some(list) = protocol::get_attr_opt(cx, e.into(), name)? else { return Ok(Vec::new()) };
    let mut notes = Vec::new();
    if let Ok(items) = protocol::collect(cx, list) {
        for &note in items.as_slice() {
            notes.push(protocol::convert::str_text(cx, note)?);
        }
    }
    Ok(notes)
}

fn syntax_place(cx: &mut Cx, e: Obj) -> Completion<SyntaxPlace> {
    let mut get = |name: &str| -> Completion<Value> {
        let name = cx.intern(name)?;
        Ok(protocol::get_attr_opt(cx, e.into(), name)?.unwrap_or(Value::NONE))
    };
    let text = |v: Value| string::wtf8(v).map(|t| t.to_string_lossy().into_owned());
    Ok(SyntaxPlace {
        msg: text(get("msg")?),
        filename: text(get("filename")?),
        lineno: get("lineno")?.small_int(),
        end_lineno: get("end_lineno")?.small_int(),
        offset: get("offset")?.small_int(),
        end_offset: get("end_offset")?.small_int(),
        text: text(get("text")?),
    })
}

/// Prints the traceback of an exception. Colored ones are the library's work.
///
/// # Errors
/// The attempt's abort.
pub fn show(cx: &mut Cx, e: Obj) -> Completion<()> {
    if is_colored(cx) {
        match show_colored(cx, e) {
            Err(escape) if !escape.is_abort() => {}
            result => return result,
        }
    }
    let text = text(cx, e)?;
    to_stderr(cx, &text)
}

fn is_colored(cx: &Cx) -> bool {
    match vm_ref(cx).shared.options.colors {
        Colors::On => true,
        Colors::Off => false,
        Colors::Auto => crate::os::is_tty(2),
    }
}

fn show_colored(cx: &mut Cx, e: Obj) -> Completion<()> {
    let library = cx.world.import_module(cx, "traceback")?;
    let name = cx.intern("_print_exception_bltin")?;
    protocol::call_method(cx, library, name, &[e.into()]).map(drop)
}

/// Writes to `sys.stderr`, or to the descriptor when there is none.
///
/// # Errors
/// The attempt's abort.
pub fn to_stderr(cx: &mut Cx, text: &str) -> Completion<()> {
    let sys = vm_ref(cx).shared.sys();
    let name = cx.name(N::stderr);
    let file = dict::get_item_name(cx, sys, name)?;
    if file.is_bound() && !file.is_none() {
        let write = cx.name(N::write);
        let v = cx.new_str(text)?;
        match protocol::call_method(cx, file, write, &[v]) {
            Ok(_) => {
                let flush = cx.name(N::flush);
                if let Err(escape) = protocol::call_method(cx, file, flush, &[])
                    && escape.is_abort()
                {
                    return Err(escape);
                }
                return Ok(());
            }
            Err(escape) if escape.is_abort() => return Err(escape),
            Err(_) => {}
        }
    }
    io::write(cx, Stream::Err, text.as_bytes());
    Ok(())
}

/// Prints an uncaught exception by `sys.excepthook` and gives the exit status.
///
/// # Errors
/// The attempt's abort.
pub fn uncaught(cx: &mut Cx, escape: Escape) -> Completion<i32> {
    let Some(e) = escape.exception() else { return Err(escape) };
    if class::is_subclass(e.class(), cx.class(T::SystemExit)) {
        return Ok(exit_status(cx, e));
    }
    if let Err(failure) = hook(cx, e) {
        let Some(second) = failure.exception() else { return Err(failure) };
        if class::is_subclass(second.class(), cx.class(T::SystemExit)) {
            return Ok(exit_status(cx, second));
        }
        let (hook, original) = (text(cx, second)?, text(cx, e)?);
        let both = format!("Error in sys.excepthook:\n{hook}\nOriginal exception was:\n{original}");
        to_stderr(cx, &both)?;
    }
    Ok(if class::is_subclass(e.class(), cx.class(T::KeyboardInterrupt)) { 130 } else { 1 })
}

fn hook(cx: &mut Cx, e: Obj) -> Completion<()> {
    let sys = vm_ref(cx).shared.sys();
    let name = cx.name(N::excepthook);
    let hook = dict::get_item_name(cx, sys, name)?;
    if hook.is_unbound() {
        return show(cx, e);
    }
    let tb = cx.read(e, exception::slot::TRACEBACK)?.bound().unwrap_or(Value::NONE);
    audit::event(cx, "sys.excepthook", &[hook, e.class().into(), e.into(), tb])?;
    protocol::call(cx, hook, &[e.class().into(), e.into(), tb])?;
    Ok(())
}

fn exit_status(cx: &mut Cx, e: Obj) -> i32 {
    let code = cx.read(e, exception::slot::FIELDS).unwrap_or_default();
    if code.is_unbound() || code.is_none() {
        return 0;
    }
    if let Some(v) = protocol::convert::as_int(code) {
        return match protocol::convert::as_i64(v) {
            Some(n) => (n & 0xFF) as i32,
            None => -1,
        };
    }
    let text = protocol::convert::str_text(cx, code).unwrap_or_default();
    let _ = to_stderr(cx, &format!("{text}\n"));
    1
}

/// Prints an exception that left a thread started by `start_new_thread`.
pub fn thread(cx: &mut Cx, escape: Escape) {
    let Some(e) = escape.exception() else { return };
    if class::is_subclass(e.class(), cx.class(T::SystemExit)) {
        return;
    }
    if let Ok(text) = text(cx, e) {
        let _ = to_stderr(cx, &format!("Exception ignored in thread started by:\n{text}"));
    }
}

static UNRAISABLE: SeqDef = SeqDef::new(
    "sys",
    "UnraisableHookArgs",
    &["exc_type", "exc_value", "exc_traceback", "err_msg", "object"],
    5,
);

/// Hands an exception that nobody can handle to `sys.unraisablehook`; `place` says where it is ignored.
pub fn ignored(cx: &mut Cx, escape: Escape, place: &str) {
    let Some(e) = escape.exception() else { return };
    let Err(failure) = unraisable(cx, e, place) else { return };
    // The hook has failed: its exception is shown, the other one is lost, as in CPython.
    let Some(second) = failure.exception() else { return };
    if let Ok(text) = text(cx, second) {
        let _ = to_stderr(cx, &format!("Exception ignored in sys.unraisablehook:\n{text}"));
    }
}

fn unraisable(cx: &mut Cx, e: Obj, place: &str) -> Completion<()> {
    let message = format!("Exception ignored {place}");
    let sys = vm_ref(cx).shared.sys();
    let name = cx.intern("unraisablehook")?;
    let hook = dict::get_item_name(cx, sys, name)?;
    if hook.is_unbound() || hook.is_none() {
        let text = text(cx, e)?;
        return to_stderr(cx, &format!("{message}:\n{text}"));
    }
    let tb = cx.read(e, exception::slot::TRACEBACK)?.bound().unwrap_or(Value::NONE);
    let message = cx.new_str(&message)?;
    let args = UNRAISABLE.make(cx, &[e.class().into(), e.into(), tb, message, Value::NONE])?;
    audit::event(cx, "sys.unraisablehook", &[hook, args])?;
    protocol::call(cx, hook, &[args]).map(drop)
}
