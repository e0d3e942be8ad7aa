//! Starting the interpreter, compiling sources, running programs, reporting what they raise, ending.

use std::{ffi::OsString, sync::atomic::Ordering};

use taipan_objects::{
    Completion, Cx, Escape, Kind, Obj, Settings, T, TypeDef, Upcalls, Value, World, class,
    exc::raise_message,
    heap::{Marker, Marking},
    protocol::{self, RootVec},
    types::dict,
};

use crate::{
    builtins,
    cli::{self, Config, HashSeed, Program, Request},
    code::disasm,
    code_cache::CodeCache,
    compiling::{self, CompileMode, Job},
    configure::{configure, program_path, site, streams},
    modules::{self},
    shutdown,
    txn::{
        conflict_report,
        conflicts::Witness,
        driver::{self, Driver},
        io,
        options::Options,
    },
    vm::{
        async_generator, code_object,
        frame::Regs,
        frame_locals, frame_object, function, generator, module,
        shared::Shared,
        state::{Vm, vm, vm_ref},
        traceback,
        tracing::Tracing,
    },
};

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
    (T::async_generator, &async_generator::ASYNC_GENERATOR),
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
        take_token: driver::take_token,
        blocking: driver::blocking,
        import: crate::import::import_module,
        trace_thread,
        current_module: frame_object::current_module,
        super_arguments: frame_object::super_arguments,
        generator_needs_end: generator::needs_end,
        unmake_generator: generator::unmake,
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
        list_meta: class::root_shape(cx.class(T::list)).meta(),
        dict_meta: class::root_shape(cx.class(T::dict)).meta(),
        native_meta: class::root_shape(cx.class(T::builtin_function_or_method)).meta(),
        range_iter_meta: class::root_shape(cx.class(T::range_iterator)).meta(),
        list_iter_meta: class::root_shape(cx.class(T::list_iterator)).meta(),
        generator_meta: class::root_shape(cx.class(T::generator)).meta(),
        coroutine_meta: class::root_shape(cx.class(T::coroutine)).meta(),
        tuple_iter_meta: class::root_shape(cx.class(T::tuple_iterator)).meta(),
        driver: Driver::new(shake),
        shared,
        frame_objects: Vec::new(),
        tracing: Tracing::new(&shared.trace_everywhere),
        current_exception: Value::UNBOUND,
    });
    cx.vm = Box::into_raw(machine).cast();
    if let Some(conflicts) = &shared.conflicts {
        let witness = Witness::new(conflicts.clone(), cx.tx.slot_number());
        vm(cx).driver.witness = Some(Box::new(witness));
        crate::vm::state::watch_accesses(cx);
    }
    cx.hurry = |cx| vm(cx).budget = vm(cx).budget.min(0);
    // Values may lie in any frame of this thread, also in those of callers of this function.
    cx.native_base = crate::os::stack_top(cx.native_base);
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
    shared.threads.trace(marker);
    shared.trace_everywhere.trace(marker);
    shared.monitor.trace(marker);
    shared.audit.trace(marker);
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
    for (t, bit) in [
        (T::list, class::flag::SEQUENCE),
        (T::tuple, class::flag::SEQUENCE),
        (T::range, class::flag::SEQUENCE),
        (T::memoryview, class::flag::SEQUENCE),
        (T::dict, class::flag::MAPPING),
        (T::mappingproxy, class::flag::MAPPING),
    ] {
        let class = cx.class(t);
        class.init(class::slot::FLAGS, Value::small(class::flags(class) | bit));
    }
    let proxy = cx.type_for(&frame_locals::PROXY)?;
    proxy.init(class::slot::FLAGS, Value::small(class::flags(proxy) | class::flag::MAPPING));
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

/// Handlers of signals that arrived, in the main thread.
///
/// # Errors
/// What a handler raises; the attempt's abort, before any was called.
pub fn serve_signals(cx: &mut Cx) -> Completion<()> {
    if vm_ref(cx).driver.ident != crate::txn::threads::MAIN_IDENT || !crate::os::signals_arrived() {
        return Ok(());
    }
    if cx.is_solo() || cx.tx.is_active() {
        // A handler is called once per signal, so what it does must not be undone by an abort.
        driver::irrevocable(cx)?;
    }
    modules::_signal::run_handlers(cx)
}

/// Handlers of signals and finalizers that wait to be called.
///
/// # Errors
/// What a signal handler raises.
pub fn pending_calls(cx: &mut Cx) -> Completion<()> {
    serve_signals(cx)?;
    if cx.world.n_pending() > 0 {
        finalize(cx)?;
    }
    Ok(())
}

/// Calls finalizers and weak reference callbacks of objects that the collector found dead.
fn finalize(cx: &mut Cx) -> Completion<()> {
    // No attempt that calls them may be run again: they are called once.
    driver::irrevocable(cx)?;
    let mut pending = cx.world.take_pending();
    pending.sort_by_cached_key(|&v| modules::_io::closing_rank(cx, v));
    let pending = RootVec::from_slice(cx, &pending)?;
    for i in 0..pending.len() {
        let v = pending.get(i);
        let Some(o) = v.obj() else { continue };
        let del = class::special(o.class(), taipan_objects::Special::Del);
        let (doing, subject, result) = if del.is_bound() {
            let result = protocol::call::call_unbound(cx, del, v, &[], &[]);
            match o.kind() {
                Kind::Generator => ("closing generator", v, result),
                _ => ("calling deallocator", del, result),
            }
        } else {
            let callback = o.raw(taipan_objects::gc::WEAK_CALLBACK);
            ("calling weakref callback", callback, protocol::call(cx, callback, &[v]))
        };
        if let Err(escape) = result {
            if escape.is_abort() {
                return Err(escape);
            }
            let subject = protocol::convert::repr_text(cx, subject).unwrap_or_default();
            let unawaited = o.class() == cx.class(T::coroutine)
                && escape
                    .exception()
                    .is_some_and(|e| class::is_subclass(e.class(), cx.class(T::Warning)));
            let doing = if unawaited { "finalizing coroutine" } else { doing };
            crate::report::ignored(cx, escape, &format!("while {doing} {subject}"));
        }
    }
    Ok(())
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
    modules::set(cx, main, "__loader__", Value::NONE)?;
    modules::set(cx, main, "__spec__", Value::NONE)?;
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
    let f = driver::with_attempt(cx, |cx| function::new(cx, code, globals.into()))?;
    crate::vm::enter::call_function(cx, f, &[globals.into()], &[])
}

/// A traceback as text, in the simplest form: for failures before the interpreter is complete.
fn report_text(cx: &mut Cx, escape: Escape) -> String {
    let Some(e) = escape.exception() else { return "the attempt was aborted\n".to_owned() };
    match crate::report::text(cx, e) {
        Ok(text) => text,
        Err(_) => format!("{}\n", class::name(e.class())),
    }
}

/// Takes the machine of an ending thread apart.
pub fn detach(cx: &mut Cx) {
    crate::vm::state::free(cx);
}

/// Reads the whole of standard input.
fn read_stdin() -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes);
    bytes
}

/// The path of a program as `__file__` has it: absolute, but otherwise as given.
pub(crate) fn absolute(path: &std::ffi::OsStr) -> std::path::PathBuf {
    let given = std::path::Path::new(path);
    match std::env::current_dir() {
        // `join` would take a leading `.` out.
        Ok(here) if given.is_relative() => {
            let mut whole = here.into_os_string();
            whole.push("/");
            whole.push(given);
            whole.into()
        }
        _ => given.to_path_buf(),
    }
}

/// Whether a file ends as Zip archives do.
fn is_archive(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(65_557)..];
    memchr::memmem::find(tail, b"PK\x05\x06").is_some()
}

/// The text of a program and its name; `None` for a folder or archive, which `runpy` runs.
fn read_program(path: &std::ffi::OsStr) -> std::io::Result<Option<(Vec<u8>, String)>> {
    let file = absolute(path);
    if file.is_dir() {
        return Ok(None);
    }
    let bytes = std::fs::read(&file)?;
    if is_archive(&bytes) {
        return Ok(None);
    }
    Ok(Some((bytes, file.to_string_lossy().into_owned())))
}

/// Whether `sys.path` begins with the program itself: a folder or an archive.
pub(crate) fn is_importable(path: &std::path::Path) -> bool {
    path.is_dir() || std::fs::read(path).is_ok_and(|bytes| is_archive(&bytes))
}

/// Whether statements are typed in, rather than read from a file or a pipe.
fn reads_terminal(config: &Config) -> bool {
    let from_stdin = matches!(config.program, None | Some(Program::Stdin { .. }));
    from_stdin && (config.interactive || crate::os::is_tty(0))
}

fn program_source(config: &Config) -> Result<Option<(Vec<u8>, String)>, i32> {
    match &config.program {
        Some(Program::Command(text)) => {
            Ok(Some((text.clone().into_bytes(), "<string>".to_owned())))
        }
        Some(Program::File(path)) => match read_program(path) {
            Ok(Some((bytes, name))) if config.skip_first_line => {
                let end = memchr::memchr(b'\n', &bytes).unwrap_or(bytes.len());
                Ok(Some((bytes[end..].to_vec(), name)))
            }
            Ok(found) => Ok(found),
            Err(error) => {
                let path = absolute(path);
                let (name, path) = (&config.program_name, path.to_string_lossy());
                let errno = error.raw_os_error().unwrap_or(0);
                let text = crate::os::error_text(errno);
                let line = format!("{name}: can't open file '{path}': [Errno {errno}] {text}\n");
                let _ = std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes());
                Err(2)
            }
        },
        Some(Program::Module(_)) => Ok(None),
        Some(Program::Stdin { .. }) | None if reads_terminal(config) => Ok(None),
        Some(Program::Stdin { .. }) | None => Ok(Some((read_stdin(), "<stdin>".to_owned()))),
    }
}

fn run_program(cx: &mut Cx, config: &Config, source: Option<(Vec<u8>, String)>) -> Completion<()> {
    match source {
        Some((bytes, filename)) if config.stm.dis => {
            let listing = driver::with_attempt(cx, |cx| {
                let job =
                    Job { is_text: is_command(config), ..Job::new(&filename, CompileMode::Exec) };
                compiling::unit(cx, &bytes, &job).map(|unit| disasm::listing(&unit))
            })?;
            let _ = std::io::Write::write_all(&mut std::io::stdout(), listing.as_bytes());
        }
        Some((bytes, filename)) => {
            let (code, main) =
                driver::with_attempt(cx, |cx| prepare(cx, config, &bytes, filename))?;
            crate::os::unmap_idle_code();
            run_main(cx, code, main)?;
        }
        None => {
            let (name, alters_argv) = match &config.program {
                Some(Program::Module(name)) => (name.as_str(), true),
                // An archive on `sys.path[0]`.
                Some(Program::File(_)) => ("__main__", false),
                _ => return driver::with_attempt(cx, make_main).map(drop),
            };
            let (f, name) = driver::with_attempt(cx, |cx| {
                make_main(cx)?;
                let runpy = cx.world.import_module(cx, "runpy")?;
                let f = cx.intern("_run_module_as_main")?;
                Ok((protocol::get_attr(cx, runpy, f)?, cx.new_str(name)?))
            })?;
            crate::os::unmap_idle_code();
            protocol::call(cx, f, &[name, Value::bool(alters_argv)])?;
        }
    }
    Ok(())
}

fn is_command(config: &Config) -> bool {
    matches!(config.program, Some(Program::Command(_)))
}

/// The program's code and its module.
fn prepare(cx: &mut Cx, config: &Config, bytes: &[u8], filename: String) -> Completion<(Obj, Obj)> {
    let main = make_main(cx)?;
    let is_text = is_command(config);
    if is_text {
        let text = String::from_utf8_lossy(bytes).into_owned();
        vm_ref(cx).shared.sources.lock().insert(filename.clone(), text);
    }
    if !is_text && filename != "<stdin>" {
        let file = cx.new_str(&filename)?;
        modules::set(cx, main, "__file__", file)?;
        modules::set(cx, main, "__cached__", Value::NONE)?;
    }
    if !is_text && bytes.starts_with(&COMPILED) {
        return Ok((compiled(cx, bytes)?, main));
    }
    let job = Job { is_text, ..Job::new(&filename, CompileMode::Exec) };
    Ok((compiling::code(cx, bytes, &job)?, main))
}

/// What files of compiled code begin with.
const COMPILED: [u8; 4] = modules::_imp::MAGIC.to_le_bytes();

/// The code in such a file, behind its header.
fn compiled(cx: &mut Cx, file: &[u8]) -> Completion<Obj> {
    const HEADER: usize = 16;
    let marshal = cx.world.import_module(cx, "marshal")?;
    let loads = cx.intern("loads")?;
    let data = taipan_objects::types::bytes::new(cx, file.get(HEADER..).unwrap_or_default())?;
    let code = protocol::call_method(cx, marshal, loads, &[data])?;
    match code.obj().filter(|o| o.kind() == Kind::Code) {
        Some(code) => Ok(code),
        None => taipan_objects::raise!(cx, RuntimeError, "Bad code object in .pyc file"),
    }
}

fn print_stats(cx: &mut Cx) {
    driver::add_stats(cx);
    let totals = *vm_ref(cx).shared.threads.totals().lock();
    let mut text =
        format!("[stm] commits {}\n[stm] aborts {}", totals.commits, totals.aborts_total());
    for cause in taipan_stm::Abort::ALL {
        let n = totals.aborts_for(cause);
        if n > 0 {
            text.push_str(&format!(" {}={n}", cause.name()));
        }
    }
    let ms = totals.irrevocable_ns as f64 / 1e6;
    text.push_str(&format!(
        "\n[stm] wasted bytecodes {}\n[stm] irrevocable {ms:.3} ms in {} turns\n",
        totals.wasted_units, totals.tokens,
    ));
    // Relaxed: a counter.
    let splits = vm_ref(cx).shared.threads.splits.load(Ordering::Relaxed);
    if splits > 0 {
        text.push_str(&format!("[stm] dicts split {splits}\n"));
    }
    let heap = &cx.world.heap;
    let (all, longest) = heap.pauses();
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1e3;
    text.push_str(&format!(
        "[stm] collections {}, paused {:.3} ms, longest {:.3} ms, live {} KiB\n",
        heap.collections(),
        ms(all),
        ms(longest),
        heap.live_bytes() / 1024,
    ));
    let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
}

/// With `-X stm-shake`, one barrier in so many aborts, besides one poll in four.
const SHAKE_ONE_IN: u32 = 256;

/// The command: parses arguments, runs, gives the exit status.
pub fn command(args: Vec<OsString>) -> i32 {
    let name = args.first().map_or("taipan".to_owned(), |a| a.to_string_lossy().into_owned());
    let var = |name: &str| std::env::var_os(name);
    let config = match cli::parse(&name, args.into_iter().skip(1), &var) {
        Ok(Request::Run(config)) => config,
        Ok(Request::Print(text)) => {
            let _ = std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes());
            return 0;
        }
        Err(error) => {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), error.text.as_bytes());
            return error.code.into();
        }
    };
    let source = match program_source(&config) {
        Ok(source) => source,
        Err(status) => return status,
    };
    let hash_key = match config.hash_seed {
        HashSeed::Fixed(seed) => {
            (u64::from(seed), u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15))
        }
        HashSeed::Random => random_key(),
    };
    let max_memory = usize::try_from(config.stm.max_memory.unwrap_or(0)).unwrap_or(0);
    let shake_one_in = if config.stm.shake.is_some() { SHAKE_ONE_IN } else { 0 };
    let marking = Marking { markers: config.stm.gc_markers, eager: config.stm.gc_stress };
    let mut settings =
        Settings { max_memory, marking, hash_key, shake_one_in, ..Settings::default() };
    if config.stm.shake.is_some() {
        settings.split_from = 1;
    }
    let options = Options {
        always: config.stm.mode == cli::StmMode::On,
        window: config.stm.window,
        shake: config.stm.shake,
        stats: config.stm.stats,
        report: config.stm.report,
        cpu_count: config.cpu_count,
        no_debug_ranges: config.no_debug_ranges,
        warn_default_encoding: config.warn_default_encoding,
        ignore_environment: config.ignore_environment,
        colors: config.colors,
        gc_stress: config.stm.gc_stress,
        optimize: config.optimize.min(2),
        cache: CodeCache::open(&crate::stdlib::root(), &var, !config.dont_write_bytecode),
    };
    let stats = options.stats;
    let mut cx = match start(settings, options) {
        Ok(cx) => cx,
        Err(text) => {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
            return 1;
        }
    };
    // What would end the program is an OSError where it happens, as with SIGPIPE, which the Rust runtime ignores.
    let _ = crate::os::set_signal(libc::SIGXFSZ, crate::os::SignalAction::Ignore);
    // Without a handler of Python's, an interrupt becomes `KeyboardInterrupt`.
    let _ = crate::os::set_signal(libc::SIGINT, crate::os::SignalAction::Catch);
    let prepared = driver::with_attempt(&mut cx, |cx| {
        configure(cx, &config)?;
        streams(cx, &config)?;
        site(cx, &config)?;
        program_path(cx, &config)
    });
    let result = prepared.and_then(|()| run_program(&mut cx, &config, source));
    let mut status = match result {
        Ok(()) => 0,
        Err(escape) => {
            vm(&mut cx).driver.is_hosted = true;
            let done = driver::with_attempt(&mut cx, |cx| crate::report::uncaught(cx, escape));
            vm(&mut cx).driver.is_hosted = false;
            done.unwrap_or(1)
        }
    };
    if config.inspect || reads_terminal(&config) {
        status = interact(&mut cx, &config).unwrap_or(1);
    }
    let end = shutdown::finish(&mut cx);
    if status == 130 {
        io::flush(&mut cx);
        crate::os::die_of(2);
    }
    if end != 0 && status == 0 {
        status = end;
    }
    if stats {
        print_stats(&mut cx);
    }
    let shared = vm_ref(&cx).shared;
    if let Some(conflicts) = &shared.conflicts {
        let text = conflict_report::text(shared, conflicts);
        let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
    }
    status
}

/// The interactive loop in the program's namespace.
fn interact(cx: &mut Cx, config: &Config) -> Completion<i32> {
    let main = driver::with_attempt(cx, |cx| {
        let key = cx.intern("__main__")?;
        let table = vm_ref(cx).shared.modules();
        dict::get_item_name(cx, table, key)
    })?;
    Ok(main.obj().map_or(1, |main| crate::repl::run(cx, main, config)))
}

fn random_key() -> (u64, u64) {
    use std::hash::{BuildHasher, Hasher};
    let state = std::collections::hash_map::RandomState::new();
    let mut hasher = state.build_hasher();
    hasher.write_u64(1);
    let a = hasher.finish();
    hasher.write_u64(2);
    (a, hasher.finish())
}
