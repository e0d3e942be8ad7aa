//! Functions of `sys`.

use std::sync::atomic::Ordering;

use taipan_objects::{
    Args, Completion, Cx, Effect, Escape, Kind, N, NativeDef, T, Value,
    exc::raise_value,
    native::NativeFn,
    protocol, raise,
    types::{dict, exception, str as string},
};

use crate::{
    audit,
    builtins::machine,
    report,
    vm::{coroutine_origin, frame_object, function, state::vm_ref, tracing},
};

const fn row(name: &'static str, sig: &'static str, run: NativeFn, doc: &'static str) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

fn none(_: &mut Cx, _: Args<'_>) -> Completion<Value> {
    Ok(Value::NONE)
}

fn exit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let status = args.opt(0).unwrap_or(Value::NONE);
    let class = cx.class(T::SystemExit);
    let given: &[Value] = if status.is_none() { &[] } else { &[status] };
    let made = match status.obj() {
        // `sys.exit((1, 2))` passes the items on.
        Some(t) if t.kind() == Kind::Tuple => protocol::call(cx, class.into(), t.items())?,
        _ => protocol::call(cx, class.into(), given)?,
    };
    match made.obj().filter(|e| e.kind() == Kind::Exception) {
        Some(e) => Err(Escape::raise(e)),
        None => Err(raise_value(cx, T::SystemExit, status)),
    }
}

fn set_recursion_limit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = protocol::index_i64(cx, args.get(0))?;
    if n < 1 {
        return raise!(cx, ValueError, "recursion limit must be greater or equal than 1");
    }
    if n <= i64::from(cx.depth) {
        let depth = cx.depth;
        return raise!(
            cx,
            RecursionError,
            "cannot set the recursion limit to {n} at the recursion depth {depth}: the limit is too low"
        );
    }
    // Not undone by an abort.
    crate::txn::driver::irrevocable(cx)?;
    cx.recursion_limit = n.min(i64::from(i32::MAX)) as u32;
    Ok(Value::NONE)
}

fn exc_info(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    match cx.handled.obj() {
        Some(e) => {
            let tb = cx.read(e, exception::slot::TRACEBACK)?.bound().unwrap_or(Value::NONE);
            cx.new_tuple(&[e.class().into(), e.into(), tb])
        }
        None => cx.new_tuple(&[Value::NONE, Value::NONE, Value::NONE]),
    }
}

fn current_exception(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    Ok(cx.handled.bound().unwrap_or(Value::NONE))
}

fn depth_arg(cx: &mut Cx, args: Args<'_>) -> Completion<usize> {
    match args.opt(0) {
        Some(v) => Ok(protocol::index_i64(cx, v)?.max(0) as usize),
        None => Ok(0),
    }
}

fn get_frame(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let depth = depth_arg(cx, args)?;
    match frame_object::walk(cx, depth) {
        Some((regs, pc)) => {
            let frame = frame_object::of(cx, regs, pc)?.into();
            audit::event(cx, "sys._getframe", &[frame])?;
            Ok(frame)
        }
        None => raise!(cx, ValueError, "call stack is not deep enough"),
    }
}

fn frame_module_name(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let depth = depth_arg(cx, args)?;
    audit::event(cx, "sys._getframemodulename", &[Value::small(depth as i64)])?;
    let Some((regs, _)) = frame_object::walk(cx, depth) else { return Ok(Value::NONE) };
    let Some(globals) = function::globals(regs).obj() else { return Ok(Value::NONE) };
    let name = cx.name(N::name);
    Ok(dict::get_item_name(cx, globals, name)?.bound().unwrap_or(Value::NONE))
}

fn current_frames(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    audit::event(cx, "sys._current_frames", &[])?;
    let d = dict::new(cx)?;
    if let Some((regs, pc)) = frame_object::walk(cx, 0) {
        let frame = frame_object::of(cx, regs, pc)?;
        let ident = crate::modules::_thread::ident(cx);
        dict::set_item(cx, d, ident, frame.into())?;
    }
    Ok(d.into())
}

fn current_exceptions(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    audit::event(cx, "sys._current_exceptions", &[])?;
    let d = dict::new(cx)?;
    let ident = crate::modules::_thread::ident(cx);
    let handled = cx.handled.bound().unwrap_or(Value::NONE);
    dict::set_item(cx, d, ident, handled)?;
    Ok(d.into())
}

fn intern(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args.get(0).obj() {
        Some(o) if o.class() == cx.class(T::str) => string::interned(cx, args.get(0)),
        _ if string::wtf8(args.get(0)).is_some() => {
            let got = cx.type_name(args.get(0));
            raise!(cx, TypeError, "can't intern {got}")
        }
        _ => {
            let got = cx.type_name(args.get(0));
            raise!(cx, TypeError, "intern() argument must be str, not {got}")
        }
    }
}

fn is_interned(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(
        args.get(0).obj().is_some_and(|o| o.kind() == Kind::Str && string::is_interned(o)),
    ))
}

fn size_of(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = cx.name(N::sizeof);
    if let Some(f) = protocol::get_attr_opt(cx, args.get(0), name)? {
        return protocol::call(cx, f, &[]);
    }
    match args.opt(1) {
        Some(default) => Ok(default),
        None => Ok(Value::small(16)),
    }
}

fn text(cx: &mut Cx, text: &str) -> Completion<Value> {
    cx.intern(text)
}

fn display_hook(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(0);
    if v.is_none() {
        return Ok(Value::NONE);
    }
    let builtins = vm_ref(cx).shared.builtins();
    let underscore = cx.name(N::underscore);
    dict::set_item(cx, builtins, underscore, Value::NONE)?;
    let text = protocol::repr(cx, v)?;
    let print = cx.intern("print")?;
    let print = dict::get_item_name(cx, builtins, print)?;
    protocol::call(cx, print, &[text])?;
    dict::set_item(cx, builtins, underscore, v)?;
    Ok(Value::NONE)
}

fn except_hook(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if let Some(e) = args.get(1).obj().filter(|e| e.kind() == Kind::Exception) {
        let tb = args.get(2);
        if tb.is_bound() && !tb.is_none() {
            cx.set(e, exception::slot::TRACEBACK, tb)?;
        }
        report::show(cx, e)?;
    } else {
        let got = cx.type_name(args.get(1));
        let text = "print_exception(): Exception expected for value";
        report::to_stderr(cx, &format!("TypeError: {text}, {got} found\n"))?;
    }
    Ok(Value::NONE)
}

fn unraisable_hook(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let get = |cx: &mut Cx, name: &str| -> Completion<Value> {
        let name = cx.intern(name)?;
        Ok(protocol::get_attr_opt(cx, args.get(0), name)?.unwrap_or(Value::NONE))
    };
    let message = get(cx, "err_msg")?;
    let object = get(cx, "object")?;
    let value = get(cx, "exc_value")?;
    let message = string::text(message).map(str::to_owned);
    let mut out = String::new();
    if !object.is_none() {
        let shown = protocol::convert::repr_text(cx, object)
            .unwrap_or_else(|_| "<object repr() failed>".to_owned());
        let message = message.as_deref().unwrap_or("Exception ignored in");
        out.push_str(&format!("{message}: {shown}\n"));
    } else if let Some(message) = message {
        out.push_str(&format!("{message}:\n"));
    }
    if let Some(e) = value.obj().filter(|e| e.kind() == Kind::Exception) {
        out.push_str(&report::text(cx, e)?);
    }
    report::to_stderr(cx, &out)?;
    Ok(Value::NONE)
}

/// Calls what `$PYTHONBREAKPOINT` names, or the debugger.
fn breakpoint_hook(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let ignored = vm_ref(cx).shared.options.ignore_environment;
    let named = std::env::var("PYTHONBREAKPOINT").ok().filter(|_| !ignored).unwrap_or_default();
    let path = if named.is_empty() { "pdb.set_trace" } else { named.as_str() };
    if path == "0" {
        return Ok(Value::NONE);
    }
    let (module, name) = path.rsplit_once('.').unwrap_or(("builtins", path));
    let found = cx.world.import_module(cx, module).and_then(|module| {
        let name = cx.intern(name)?;
        protocol::get_attr(cx, module, name)
    });
    match found {
        Ok(f) => protocol::call::call_star(cx, f, args.rest(0), args.get(1)),
        Err(escape) if escape.is_abort() => Err(escape),
        Err(_) => {
            let text = format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{path}\"");
            protocol::warn(cx, T::RuntimeWarning, &text).map(|()| Value::NONE)
        }
    }
}

fn set_digits(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = protocol::index_i64(cx, args.get(0))?;
    if n != 0 && n < 640 {
        return raise!(cx, ValueError, "maxdigits must be 0 or larger than 640");
    }
    crate::txn::driver::irrevocable(cx)?;
    cx.world.set_int_max_str_digits(n.max(0) as usize);
    Ok(Value::NONE)
}

fn set_interval(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = protocol::binary(cx, protocol::BinaryOp::Mul, args.get(0), Value::float(1.0))?;
    if f.float_value().is_none_or(|f| f <= 0.0) {
        return raise!(cx, ValueError, "switch interval must be strictly positive");
    }
    crate::txn::driver::irrevocable(cx)?;
    let bits = f.float_value().unwrap_or_default().to_bits();
    // Relaxed: as in the getter.
    vm_ref(cx).shared.switch_interval.store(bits, Ordering::Relaxed);
    Ok(Value::NONE)
}

/// Slots of `Cx::thread_slots` that hold the hooks of async generators.
const FIRST_ITER: usize = 14;
const FINALIZER: usize = 15;

fn set_asyncgen_hooks(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if let Some(f) = args.opt(0) {
        cx.set_thread_slot(FIRST_ITER, if f.is_none() { Value::UNBOUND } else { f });
    }
    if let Some(f) = args.opt(1) {
        cx.set_thread_slot(FINALIZER, if f.is_none() { Value::UNBOUND } else { f });
    }
    Ok(Value::NONE)
}

static ASYNCGEN_HOOKS: crate::modules::structseq::SeqDef =
    crate::modules::structseq::SeqDef::new("sys", "asyncgen_hooks", &["firstiter", "finalizer"], 2);

fn get_asyncgen_hooks(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let first = cx.thread_slot(FIRST_ITER).bound().unwrap_or(Value::NONE);
    let last = cx.thread_slot(FINALIZER).bound().unwrap_or(Value::NONE);
    ASYNCGEN_HOOKS.make(cx, &[first, last])
}

fn call_tracing(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let values = protocol::collect(cx, args.get(1))?;
    tracing::with_events(cx, |cx| protocol::call(cx, args.get(0), values.as_slice()))
}

fn set_trace(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    audit::event(cx, "sys.settrace", &[])?;
    tracing::set(cx, tracing::slot::TRACE, args.get(0));
    Ok(Value::NONE)
}

fn set_profile(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    audit::event(cx, "sys.setprofile", &[])?;
    tracing::set(cx, tracing::slot::PROFILE, args.get(0));
    Ok(Value::NONE)
}

fn trace_all(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    tracing::set_everywhere(cx, tracing::slot::TRACE, args.get(0))?;
    Ok(Value::NONE)
}

fn profile_all(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    tracing::set_everywhere(cx, tracing::slot::PROFILE, args.get(0))?;
    Ok(Value::NONE)
}

/// The table.
pub(super) const FUNCTIONS: &[NativeDef] = &[
    row(
        "exit",
        "(status=None, /)",
        exit,
        "Exit the interpreter by raising SystemExit(status).\n\nIf the status is omitted or None, it defaults to zero (i.e., success).\nIf the status is an integer, it will be used as the system exit status.\nIf it is another kind of object, it will be printed and the system\nexit status will be one (i.e., failure).",
    ),
    row(
        "getrecursionlimit",
        "()",
        |cx, _| Ok(Value::small(i64::from(cx.recursion_limit))),
        "Return the current value of the recursion limit.",
    ),
    row(
        "setrecursionlimit",
        "(limit, /)",
        set_recursion_limit,
        "Set the maximum depth of the Python interpreter stack to n.",
    ),
    row(
        "exc_info",
        "()",
        exc_info,
        "Return current exception information: (type, value, traceback).",
    ),
    row("exception", "()", current_exception, "Return the current exception."),
    row("_getframe", "(depth=0, /)", get_frame, "Return a frame object from the call stack."),
    row(
        "_getframemodulename",
        "(depth=0)",
        frame_module_name,
        "Return the name of the module for a calling frame.",
    ),
    row(
        "_current_frames",
        "()",
        current_frames,
        "Return a dict mapping each thread's thread id to its current stack frame.",
    ),
    row(
        "_current_exceptions",
        "()",
        current_exceptions,
        "Return a dict mapping each thread's identifier to its current raised exception.",
    ),
    row(
        "getrefcount",
        "(object, /)",
        |_, _| Ok(Value::small(2)),
        "Return the reference count of object.",
    ),
    row("getsizeof", "(object, default=<unset>)", size_of, "Return the size of object in bytes."),
    row("intern", "(string, /)", intern, "``Intern'' the given string."),
    row(
        "_is_interned",
        "(string, /)",
        is_interned,
        "Return True if the given string is \"interned\".",
    ),
    row(
        "is_finalizing",
        "()",
        // Relaxed: the thread that ends the program asks, or one that is about to be ended.
        |cx, _| Ok(vm_ref(cx).shared.ending.load(Ordering::Relaxed).into()),
        "Return True if Python is exiting.",
    ),
    row(
        "getdefaultencoding",
        "()",
        |cx, _| text(cx, "utf-8"),
        "Return the current default encoding used by the Unicode implementation.",
    ),
    row(
        "getfilesystemencoding",
        "()",
        |cx, _| text(cx, "utf-8"),
        "Return the encoding used to convert Unicode filenames to OS filenames.",
    ),
    row(
        "getfilesystemencodeerrors",
        "()",
        |cx, _| text(cx, "surrogateescape"),
        "Return the error mode used for Unicode to OS filename conversion.",
    ),
    row(
        "displayhook",
        "(object, /)",
        display_hook,
        "Print an object to sys.stdout and also save it in builtins._",
    ),
    row(
        "excepthook",
        "(exctype, value, traceback, /)",
        except_hook,
        "Handle an exception by displaying it with a traceback on sys.stderr.",
    ),
    row("unraisablehook", "(unraisable, /)", unraisable_hook, "Handle an unraisable exception."),
    row(
        "breakpointhook",
        "(*args, **kws)",
        breakpoint_hook,
        "This hook function is called by built-in breakpoint().",
    ),
    machine(row(
        "settrace",
        "(function, /)",
        set_trace,
        "Set the global debug tracing function.\n\nIt will be called on each function call.  See the debugger chapter\nin the library manual.",
    )),
    row(
        "gettrace",
        "()",
        |cx, _| Ok(cx.thread_slot(tracing::slot::TRACE).bound().unwrap_or(Value::NONE)),
        "Return the global debug tracing function set with sys.settrace.\n\nSee the debugger chapter in the library manual.",
    ),
    machine(row(
        "setprofile",
        "(function, /)",
        set_profile,
        "Set the profiling function.\n\nIt will be called on each function call and return.  See the profiler\nchapter in the library manual.",
    )),
    row(
        "getprofile",
        "()",
        |cx, _| Ok(cx.thread_slot(tracing::slot::PROFILE).bound().unwrap_or(Value::NONE)),
        "Return the profiling function set with sys.setprofile.\n\nSee the profiler chapter in the library manual.",
    ),
    machine(row(
        "_settraceallthreads",
        "(arg, /)",
        trace_all,
        "Set the global debug tracing function in all running threads belonging to the current interpreter.\n\nIt will be called on each function call. See the debugger chapter\nin the library manual.",
    )),
    machine(row(
        "_setprofileallthreads",
        "(arg, /)",
        profile_all,
        "Set the profiling function in all running threads belonging to the current interpreter.\n\nIt will be called on each function call and return.  See the profiler\nchapter in the library manual.",
    )),
    row(
        "getswitchinterval",
        "()",
        // Relaxed: a number that nothing depends on.
        |cx, _| {
            let bits = vm_ref(cx).shared.switch_interval.load(Ordering::Relaxed);
            Ok(Value::float(f64::from_bits(bits)))
        },
        "Return the current thread switch interval.",
    ),
    row(
        "setswitchinterval",
        "(interval, /)",
        set_interval,
        "Set the ideal thread switching delay inside the Python interpreter.",
    ),
    row(
        "_is_gil_enabled",
        "()",
        |_, _| Ok(Value::FALSE),
        "Return True if the GIL is currently enabled.",
    ),
    row(
        "audit",
        "(event, /, *args)",
        |cx, args| audit::audit(cx, args.get(0), args.rest(1)).map(|()| Value::NONE),
        "Passes the event to any hooks that are attached.",
    ),
    row(
        "addaudithook",
        "(hook)",
        |cx, args| audit::add(cx, args.get(0)).map(|()| Value::NONE),
        "Adds a new audit hook callback.",
    ),
    row(
        "call_tracing",
        "(func, args, /)",
        call_tracing,
        "Call func(*args), while tracing is enabled.",
    ),
    row(
        "set_int_max_str_digits",
        "(maxdigits)",
        set_digits,
        "Set the maximum string digits limit for non-binary int<->str conversions.",
    ),
    row(
        "get_int_max_str_digits",
        "()",
        |cx, _| Ok(Value::small(cx.world.int_max_str_digits() as i64)),
        "Return the maximum string digits limit for non-binary int<->str conversions.",
    ),
    row(
        "set_asyncgen_hooks",
        "(firstiter=<unset>, finalizer=<unset>)",
        set_asyncgen_hooks,
        "Set a finalizer for async generators objects.",
    ),
    row(
        "get_asyncgen_hooks",
        "()",
        get_asyncgen_hooks,
        "Return the installed asynchronous generators hooks.",
    ),
    row(
        "set_coroutine_origin_tracking_depth",
        "(depth)",
        coroutine_origin::set_depth,
        "Enable or disable origin tracking for coroutine objects in this thread.",
    ),
    row(
        "get_coroutine_origin_tracking_depth",
        "()",
        |cx, _| Ok(Value::small(coroutine_origin::depth(cx))),
        "Check status of origin tracking for coroutine objects in this thread.",
    ),
    row(
        "getallocatedblocks",
        "()",
        |cx, _| Ok(Value::small((cx.world.heap.bytes_used() / 32) as i64)),
        "Return the number of memory blocks currently allocated.",
    ),
    row("getunicodeinternedsize", "(*, _only_immortal=False)", |_, _| Ok(Value::small(0)), ""),
    row("_clear_type_cache", "()", none, "Clear the internal type lookup cache."),
    row(
        "_clear_type_descriptors",
        "(type, /)",
        none,
        "Private function for clearing certain descriptors from a type's dictionary",
    ),
    row("_clear_internal_caches", "()", none, "Clear all internal performance-related caches."),
    row("is_stack_trampoline_active", "()", |_, _| Ok(Value::FALSE), ""),
    row(
        "_get_cpu_count_config",
        "()",
        |cx, _| Ok(Value::small(vm_ref(cx).shared.options.cpu_count.map_or(-1, i64::from))),
        "Private function for getting PyConfig.cpu_count",
    ),
];
