//! Starting the interpreter, compiling sources, running programs, reporting what they raise, ending.

use std::{ffi::OsString, sync::Arc};

use taipan_objects::{
    Completion, Cx, Escape, Kind, N, Obj, Settings, T, TypeDef, Upcalls, Value, World, class,
    exc::raise_message,
    heap::Marker,
    protocol,
    types::{dict, exception},
};

use crate::{
    builtins,
    code::{CodeFlags, CodeUnit},
    compile,
    modules::{self},
    syntax::{self, diag::SyntaxDiag},
    txn::{
        driver::{self, Driver},
        io,
        options::Options,
    },
    vm::{
        code_object,
        frame::Regs,
        frame_object, function, generator, loaded, module,
        shared::Shared,
        state::{Vm, vm, vm_ref},
        traceback,
    },
};

/// The `mode` of `compile()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompileMode {
    /// Statements.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement.
    Single,
}

/// Classes of the machine: their layouts exist already, their methods are here.
const CLASSES: &[(T, &TypeDef)] = &[
    (T::function, &function::FUNCTION),
    (T::cell, &function::CELL),
    (T::module, &module::MODULE),
    (T::code, &code_object::CODE),
    (T::frame, &frame_object::FRAME),
    (T::traceback, &traceback::TRACEBACK),
    (T::generator, &generator::GENERATOR),
    (T::coroutine, &generator::COROUTINE),
];

/// Makes a world with an interpreter in it.
///
/// # Errors
/// A text for the user when memory cannot be had.
pub fn start(settings: Settings, options: Options) -> Result<Box<Cx>, String> {
    let mut cx = World::create(settings).map_err(|e| e.to_string())?;
    let shared: &'static Shared = Box::leak(Box::new(Shared::new(options)));
    cx.world.set_upcalls(Upcalls {
        call_function: crate::vm::enter::call_function,
        safepoint: driver::safepoint,
        irrevocable: driver::irrevocable,
        blocking: driver::blocking,
        import: crate::import::import_module,
        trace_thread,
    });
    attach(&mut cx, shared);
    match set_up(&mut cx) {
        Ok(()) => Ok(cx),
        Err(escape) => Err(report_text(&mut cx, escape)),
    }
}

/// Gives a thread's context its machine.
pub fn attach(cx: &mut Cx, shared: &'static Shared) {
    let shape = class::root_shape(cx.class(T::function));
    let shake = shared.options.shake.map(|seed| seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let machine = Box::new(Vm {
        budget: 0,
        pc: std::ptr::null(),
        base: Regs::NULL,
        tables: crate::vm::cache::Tables::default(),
        pushed: Regs::NULL,
        pushed_pc: std::ptr::null(),
        low_water: Regs::NULL,
        function_meta: shape.meta(),
        driver: Driver::new(shake),
        shared,
        frame_objects: Vec::new(),
        current_exception: Value::UNBOUND,
    });
    cx.vm = Box::into_raw(machine).cast();
    let stack = native_stack_bytes();
    cx.native_floor = cx.native_base.saturating_sub(stack.saturating_sub(256 * 1024));
}

/// Size of the running thread's native stack.
fn native_stack_bytes() -> usize {
    crate::os::stack_bytes()
}

fn trace_thread(cx: &Cx, marker: &mut Marker<'_>) {
    if cx.vm.is_null() {
        return;
    }
    let machine = vm_ref(cx);
    machine.driver.checkpoint.trace(marker);
    for &(_, o) in &machine.frame_objects {
        marker.object(o);
    }
    marker.value(machine.current_exception);
    let shared = machine.shared;
    marker.object(shared.builtins());
    marker.object(shared.sys());
    marker.object(shared.modules());
    crate::vm::state::flush_caches(cx);
}

fn set_up(cx: &mut Cx) -> Completion<()> {
    for &(t, def) in CLASSES {
        let class = cx.class(t);
        class::fill(cx, class, def)?;
        class::refresh(cx, class);
    }
    let modules_dict = dict::new(cx)?;
    let builtins = modules::make(cx, &builtins::MODULE)?;
    let sys = modules::make(cx, &modules::sys::MODULE)?;
    let (Some(builtins_dict), Some(sys_dict)) =
        (modules::namespace(builtins), modules::namespace(sys))
    else {
        return Err(raise_message(cx, T::SystemError, "modules without namespaces"));
    };
    vm(cx).shared.set_dicts(builtins_dict, sys_dict, modules_dict);
    for (name, m) in [("builtins", builtins), ("sys", sys)] {
        let name = cx.intern(name)?;
        dict::set_item(cx, modules_dict, name, m.into())?;
    }
    modules::set(cx, sys, "modules", modules_dict.into())?;
    if vm_ref(cx).shared.options.always {
        // Transactions from the first instruction on.
        cx.set_solo(false);
    }
    Ok(())
}

/// Handlers of signals and finalizers that wait to be called.
///
/// # Errors
/// What a signal handler raises.
pub fn pending_calls(cx: &mut Cx) -> Completion<()> {
    let pending = cx.world.take_pending();
    for v in pending {
        let _ = v;
    }
    Ok(())
}

// ---- compiling ------------------------------------------------------------------------------

fn syntax_error(cx: &mut Cx, diag: &SyntaxDiag, filename: &str) -> Escape {
    let t = match diag.kind {
        syntax::diag::DiagKind::Syntax => T::SyntaxError,
        syntax::diag::DiagKind::Indentation => T::IndentationError,
        syntax::diag::DiagKind::Tab => T::TabError,
        syntax::diag::DiagKind::Incomplete => T::IncompleteInputError,
    };
    match make_syntax_error(cx, t, diag, filename) {
        Ok(v) => match v.obj() {
            Some(e) if e.kind() == Kind::Exception => Escape::raise(e),
            _ => raise_message(cx, t, &diag.message),
        },
        Err(escape) => escape,
    }
}

fn make_syntax_error(cx: &mut Cx, t: T, diag: &SyntaxDiag, filename: &str) -> Completion<Value> {
    let message = cx.new_str(&diag.message)?;
    let class = cx.class(t);
    let Some(place) = &diag.place else { return protocol::call(cx, class.into(), &[message]) };
    let filename = cx.new_str(filename)?;
    let text = match &place.text {
        Some(text) => cx.new_str(text)?,
        None => Value::NONE,
    };
    let details = cx.new_tuple(&[
        filename,
        Value::small(i64::from(place.lineno)),
        Value::small(i64::from(place.offset)),
        text,
        Value::small(i64::from(place.end_lineno)),
        Value::small(i64::from(place.end_offset)),
    ])?;
    protocol::call(cx, class.into(), &[message, details])
}

/// Compiles a source to a code object. `flags` are those of `compile()`; `is_text` says that the bytes are UTF-8 already.
///
/// # Errors
/// `SyntaxError` and the like.
pub fn compile_source(
    cx: &mut Cx,
    source: &[u8],
    filename: &str,
    mode: CompileMode,
    flags: u32,
    is_text: bool,
) -> Completion<Obj> {
    match compile_unit(source, filename, mode, flags, is_text) {
        Ok(unit) => {
            let ids = vm_ref(cx).shared.code_ids.clone();
            loaded::load(cx, &ids, &Arc::new(unit))
        }
        Err(Failure::Syntax(diag)) => Err(syntax_error(cx, &diag, filename)),
        Err(Failure::Recursion(message)) => Err(raise_message(cx, T::RecursionError, &message)),
        Err(Failure::Memory(message)) => Err(raise_message(cx, T::OverflowError, &message)),
        Err(Failure::Internal(message)) => Err(raise_message(cx, T::SystemError, &message)),
    }
}

enum Failure {
    Syntax(SyntaxDiag),
    Recursion(String),
    Memory(String),
    Internal(String),
}

fn compile_unit(
    bytes: &[u8],
    filename: &str,
    mode: CompileMode,
    flags: u32,
    is_text: bool,
) -> Result<CodeUnit, Failure> {
    use syntax::parse::{Mode, ParseFlags, Tree};
    let source = if is_text {
        match std::str::from_utf8(bytes) {
            Ok(text) => syntax::source::Source::from_text(text),
            Err(_) => syntax::source::Source::from_bytes(bytes),
        }
    } else {
        syntax::source::Source::from_file(bytes, std::path::Path::new(filename))
    };
    let source = source.map_err(Failure::Syntax)?;
    let parse_mode = match mode {
        CompileMode::Exec => Mode::Exec,
        CompileMode::Eval => Mode::Eval,
        CompileMode::Single => Mode::Single,
    };
    let parse_flags =
        ParseFlags { allow_incomplete: flags & 0x4000 != 0, dont_imply_dedent: flags & 0x200 != 0 };
    let module = syntax::parse::parse(source, parse_mode, parse_flags).map_err(Failure::Syntax)?;
    let options = compile::Options {
        optimize: 0,
        future_annotations: flags & CodeFlags::FUTURE_ANNOTATIONS.0 != 0,
        top_level_await: flags & 0x2000 != 0,
    };
    let text = module.source.text();
    let result = match &module.tree {
        Tree::Module(m) => {
            compile::compile_body(&m.body, text, filename, compile::Mode::Exec, options)
        }
        Tree::Interactive(m) => {
            compile::compile_body(&m.body, text, filename, compile::Mode::Single, options)
        }
        Tree::Expression(m) => compile::compile_expression(&m.body, text, filename, options),
        Tree::FunctionType(..) => return Err(Failure::Internal("not code".to_owned())),
    };
    let unit = result.map_err(|e| match e.kind {
        compile::ErrorKind::Syntax => {
            Failure::Syntax(SyntaxDiag::at(&module.source, e.range, e.message))
        }
        compile::ErrorKind::Recursion => Failure::Recursion(e.message),
        compile::ErrorKind::Memory => Failure::Memory(e.message),
    })?;
    crate::code::verify::verify(&unit).map_err(|e| Failure::Internal(e.to_string()))?;
    Ok(unit)
}

// ---- programs -------------------------------------------------------------------------------

/// Makes the module `__main__` and enters it.
///
/// # Errors
/// `MemoryError`.
pub fn make_main(cx: &mut Cx) -> Completion<Obj> {
    let main = modules::new_module(cx, "__main__", Value::NONE)?;
    let name = cx.intern("__main__")?;
    let modules_dict = vm_ref(cx).shared.modules();
    dict::set_item(cx, modules_dict, name, main.into())?;
    let builtins = cx.intern("builtins")?;
    let builtins = dict::get_item_name(cx, modules_dict, builtins)?;
    modules::set(cx, main, "__builtins__", builtins)?;
    Ok(main)
}

/// Runs a code object as the program.
///
/// # Errors
/// Whatever it raises.
pub fn run_main(cx: &mut Cx, code: Obj, main: Obj) -> Completion<Value> {
    let Some(globals) = modules::namespace(main) else {
        return Err(raise_message(cx, T::SystemError, "__main__ has no namespace"));
    };
    let f = function::new(cx, code, globals.into())?;
    crate::vm::enter::call_function(cx, f, &[globals.into()], &[])
}

/// Prints an uncaught exception and gives the exit status.
pub fn report(cx: &mut Cx, escape: Escape) -> i32 {
    io::flush(cx);
    let text = report_text(cx, escape);
    io::write(cx, io::Stream::Err, text.as_bytes());
    io::flush(cx);
    1
}

/// A traceback as text, in the simplest form.
fn report_text(cx: &mut Cx, escape: Escape) -> String {
    let Some(e) = escape.exception() else { return "the attempt was aborted\n".to_owned() };
    let mut out = String::new();
    let mut entry = e.raw(exception::slot::TRACEBACK).obj();
    if entry.is_some() {
        out.push_str("Traceback (most recent call last):\n");
    }
    while let Some(tb) = entry {
        let line = tb.raw(traceback::slot::LINE).as_small();
        let frame = tb.raw(traceback::slot::FRAME).obj();
        let code = frame.and_then(|f| f.raw(frame_object::slot::CODE).obj()).and_then(loaded::of);
        if let Some(code) = code {
            out.push_str(&format!(
                "  File \"{}\", line {line}, in {}\n",
                code.unit.filename, code.unit.name
            ));
        }
        entry = tb.raw(traceback::slot::NEXT).obj();
    }
    let name = class::name(e.class());
    let text = protocol::convert::str_text(cx, e.into()).unwrap_or_default();
    if text.is_empty() {
        out.push_str(&format!("{name}\n"))
    } else {
        out.push_str(&format!("{name}: {text}\n"))
    }
    out
}

/// The command: parses arguments, runs, gives the exit status.
pub fn command(args: Vec<OsString>) -> i32 {
    let text: Vec<String> = args.iter().map(|a| a.to_string_lossy().into_owned()).collect();
    let mut cx = match start(Settings::default(), Options::default()) {
        Ok(cx) => cx,
        Err(text) => {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
            return 1;
        }
    };
    let (source, filename) = match text.get(1).map(String::as_str) {
        Some("-c") => {
            (text.get(2).cloned().unwrap_or_default().into_bytes(), "<string>".to_owned())
        }
        Some(path) => match std::fs::read(path) {
            Ok(bytes) => (bytes, path.to_owned()),
            Err(_) => return 2,
        },
        None => return 0,
    };
    let result = (|| {
        let code = compile_source(&mut cx, &source, &filename, CompileMode::Exec, 0, false)?;
        let main = make_main(&mut cx)?;
        run_main(&mut cx, code, main)
    })();
    let status = match result {
        Ok(_) => 0,
        Err(escape) => report(&mut cx, escape),
    };
    io::flush(&mut cx);
    let _ = N::main;
    status
}
