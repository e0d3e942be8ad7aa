//! `_lsprof`: the profiler under `cProfile`. It is a profile function that keeps accounts.
//!
//! All it keeps are objects under the protocol, so an attempt that is repeated counts once. Calls under way are a chain of
//! tuples: account, start, time spent in calls made by it, the next one. Conflicts: those of one profiler used by several
//! threads; each thread usually has its own.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Obj, TypeDef, Value,
    native::NativeFn,
    protocol::{self, RootVec},
    raise,
    types::{dict, list, native_fn, number, str as string},
};

use super::{ModuleDef, set, structseq::SeqDef};
use crate::{
    report,
    txn::driver,
    vm::{
        frame_object,
        state::vm_ref,
        tracing::{self, slot as thread_slot},
    },
};

mod slot {
    pub(super) const TIMER: usize = 2;
    pub(super) const UNIT: usize = 3;
    pub(super) const SUBCALLS: usize = 4;
    pub(super) const BUILTINS: usize = 5;
    /// Accounts by the address of what was called.
    pub(super) const ACCOUNTS: usize = 6;
    pub(super) const STACK: usize = 7;
    pub(super) const IS_ON: usize = 8;
}

/// The number of profilers among the tools of `sys.monitoring`: other profilers see that one is active.
const TOOL: usize = 2;

/// Slots of an account.
mod account {
    pub(super) const CODE: usize = 2;
    pub(super) const CALLS: usize = 3;
    pub(super) const RECURSIVE: usize = 4;
    pub(super) const TOTAL: usize = 5;
    pub(super) const INLINE: usize = 6;
    /// Calls under way.
    pub(super) const LEVEL: usize = 7;
    /// Accounts of what it has called, or unbound.
    pub(super) const SUB: usize = 8;
}

static ENTRY: SeqDef = SeqDef::new(
    "_lsprof",
    "profiler_entry",
    &["code", "callcount", "reccallcount", "totaltime", "inlinetime", "calls"],
    6,
);
static SUBENTRY: SeqDef = SeqDef::new(
    "_lsprof",
    "profiler_subentry",
    &["code", "callcount", "reccallcount", "totaltime", "inlinetime"],
    5,
);
static ACCOUNT: TypeDef = TypeDef {
    name: "_account",
    module: "_lsprof",
    body: Body::Words(Kind::Record, 9),
    ..TypeDef::BASE
};

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

static PROFILER: TypeDef = TypeDef {
    name: "Profiler",
    module: "_lsprof",
    body: Body::Words(Kind::Record, 9),
    subclassable: true,
    static_methods: &[row(
        "__new__",
        "(type, /, *args, **kwargs)",
        Effect::Transactional,
        |cx, args| match args.get(0).obj().filter(|c| c.kind() == Kind::Type) {
            Some(class) => cx.new_instance(class).map(Value::from),
            None => raise!(cx, TypeError, "Profiler.__new__(X): X is not a type object"),
        },
    )],
    methods: &[
        row(
            "__init__",
            "(self, /, timer=None, timeunit=0.0, subcalls=True, builtins=True)",
            Effect::Transactional,
            init,
        ),
        row("enable", "(self, /, subcalls=True, builtins=True)", Effect::Machine, enable),
        row("disable", "(self, /)", Effect::Machine, disable),
        row("clear", "(self, /)", Effect::Transactional, clear),
        row("getstats", "(self, /)", Effect::Transactional, stats),
        row("_event", "(self, frame, event, arg, /)", Effect::Transactional, event),
    ],
    doc: "Build a profiler object using the specified timer function.",
    ..TypeDef::BASE
};

/// The module `_lsprof`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_lsprof",
    doc: "Fast profiler",
    types: &[&PROFILER],
    exec: |cx, module| {
        for def in [&ENTRY, &SUBENTRY] {
            let class = def.class(cx)?;
            set(cx, module, def.class.name, class.into())?;
        }
        Ok(())
    },
    ..ModuleDef::BASE
};

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let subcalls = protocol::truth(cx, args.get(3))?;
    let builtins = protocol::truth(cx, args.get(4))?;
    cx.claim(o)?;
    cx.write(o, slot::TIMER, args.get(1));
    cx.write(o, slot::UNIT, args.get(2));
    cx.write(o, slot::SUBCALLS, subcalls.into());
    cx.write(o, slot::BUILTINS, builtins.into());
    clear(cx, args)
}

fn clear(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let accounts = dict::new(cx)?;
    cx.set(args.this_obj(), slot::ACCOUNTS, accounts.into())?;
    cx.set(args.this_obj(), slot::STACK, Value::NONE)?;
    Ok(Value::NONE)
}

fn enable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let subcalls = protocol::truth(cx, args.get(1))?;
    let builtins = protocol::truth(cx, args.get(2))?;
    let monitor = &vm_ref(cx).shared.monitor;
    driver::irrevocable(cx)?;
    if cx.thread_slot(thread_slot::PROFILE).is_bound() || monitor.name(TOOL).is_bound() {
        return raise!(cx, ValueError, "Another profiling tool is already active");
    }
    cx.set(o, slot::SUBCALLS, subcalls.into())?;
    cx.set(o, slot::BUILTINS, builtins.into())?;
    let name = cx.intern("_event")?;
    let f = protocol::get_attr(cx, args.this(), name)?;
    let name = cx.intern("cProfile")?;
    monitor.set_name(TOOL, name);
    cx.set(o, slot::IS_ON, Value::TRUE)?;
    tracing::set(cx, thread_slot::PROFILE, f);
    Ok(Value::NONE)
}

fn disable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    if cx.read(o, slot::IS_ON)? != Value::TRUE {
        return Ok(Value::NONE);
    }
    driver::irrevocable(cx)?;
    vm_ref(cx).shared.monitor.set_name(TOOL, Value::UNBOUND);
    cx.set(o, slot::IS_ON, Value::FALSE)?;
    tracing::set(cx, thread_slot::PROFILE, Value::NONE);
    // What is under way ends here.
    while cx.read(o, slot::STACK)?.obj().is_some_and(|top| top.kind() == Kind::Tuple) {
        leave(cx, o)?;
    }
    Ok(Value::NONE)
}

/// The profile function.
fn event(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let native = cx.read(o, slot::BUILTINS)? == Value::TRUE;
    match string::text(args.get(2)) {
        Some("call") => {
            let code = args.get(1).obj().map_or(Value::NONE, |f| f.raw(frame_object::slot::CODE));
            enter(cx, o, code, Value::small(address(code)))?;
        }
        Some("c_call") if native => {
            let f = args.get(3);
            let key = f.obj().filter(|n| n.kind() == Kind::Native);
            let key = key.map_or(0, |n| std::ptr::from_ref(native_fn::def(n)) as i64);
            enter(cx, o, f, Value::small(key))?;
        }
        Some("return") => leave(cx, o)?,
        Some("c_return" | "c_exception") if native => leave(cx, o)?,
        _ => {}
    }
    Ok(Value::NONE)
}

fn address(v: Value) -> i64 {
    v.obj().map_or(0, |o| o.to_word() as i64)
}

/// Seconds, by the timer of the profiler if it has one.
fn now(cx: &mut Cx, o: Obj) -> Completion<f64> {
    let timer = cx.read(o, slot::TIMER)?;
    if timer.is_unbound() || timer.is_none() {
        return Ok(super::time::seconds_of(libc::CLOCK_MONOTONIC));
    }
    match read_timer(cx, o, timer) {
        Err(escape) if !escape.is_abort() => {
            // Profiled code must not see what a timer does wrong.
            let shown = protocol::convert::repr_text(cx, timer).unwrap_or_default();
            report::ignored(cx, escape, &format!("while calling _lsprof timer {shown}"));
            Ok(0.0)
        }
        reading => reading,
    }
}

fn read_timer(cx: &mut Cx, o: Obj, timer: Value) -> Completion<f64> {
    let reading = protocol::call(cx, timer, &[])?;
    let reading = number::to_f64(cx, reading)?;
    let unit = cx.read(o, slot::UNIT)?;
    let unit = number::to_f64(cx, unit)?;
    Ok(if unit > 0.0 { reading * unit } else { reading })
}

/// The account under `key`, opened if there is none.
fn account_of(cx: &mut Cx, accounts: Obj, key: Value, code: Value) -> Completion<Obj> {
    if let Some(found) = dict::get_item(cx, accounts, key)?.obj() {
        return Ok(found);
    }
    let class = cx.type_for(&ACCOUNT)?;
    let code = match code.obj().filter(|f| f.kind() == Kind::Native) {
        Some(native) => label(cx, native)?,
        None => code,
    };
    let made = cx.new_instance(class)?;
    made.init(account::CODE, code);
    for count in [account::CALLS, account::RECURSIVE, account::LEVEL] {
        made.init(count, Value::small(0));
    }
    for time in [account::TOTAL, account::INLINE] {
        made.init(time, Value::float(0.0));
    }
    dict::set_item(cx, accounts, key, made.into())?;
    Ok(made)
}

/// The text that stands for a native.
fn label(cx: &mut Cx, native: Obj) -> Completion<Value> {
    let name = native_fn::def(native).name;
    let this = native.raw(native_fn::slot::SELF);
    if this.is_bound() {
        let key = cx.intern(name)?;
        let found = cx.lookup(cx.class_of(this), key);
        if found.is_bound() {
            return protocol::repr(cx, found);
        }
    }
    let module = cx.intern("__module__")?;
    let module = protocol::get_attr_opt(cx, native.into(), module)?;
    match module.and_then(string::text) {
        Some(module) => cx.new_str(&format!("<built-in method {module}.{name}>")),
        None => cx.new_str(&format!("<built-in method {name}>")),
    }
}

fn add(cx: &mut Cx, o: Obj, word: usize, n: i64) -> Completion<i64> {
    let old = cx.read(o, word)?.small_int().unwrap_or(0);
    cx.set(o, word, Value::small(old + n))?;
    Ok(old)
}

fn add_time(cx: &mut Cx, o: Obj, word: usize, seconds: f64) -> Completion<()> {
    let old = cx.read(o, word)?.float_value().unwrap_or(0.0);
    cx.set(o, word, Value::float(old + seconds))
}

fn enter(cx: &mut Cx, o: Obj, code: Value, key: Value) -> Completion<()> {
    let Some(accounts) = cx.read(o, slot::ACCOUNTS)?.obj() else { return Ok(()) };
    let own = account_of(cx, accounts, key, code)?;
    add(cx, own, account::LEVEL, 1)?;
    let outer = cx.read(o, slot::STACK)?;
    let caller = outer.obj().filter(|top| top.kind() == Kind::Tuple).map(|top| top.items()[0]);
    let mut sub = Value::NONE;
    if let Some(caller) = caller.and_then(Value::obj)
        && cx.read(o, slot::SUBCALLS)? == Value::TRUE
    {
        let table = match cx.read(caller, account::SUB)?.obj() {
            Some(table) => table,
            None => {
                let table = dict::new(cx)?;
                cx.set(caller, account::SUB, table.into())?;
                table
            }
        };
        let code = own.raw(account::CODE);
        let found = account_of(cx, table, key, code)?;
        add(cx, found, account::LEVEL, 1)?;
        sub = found.into();
    }
    let start = Value::float(now(cx, o)?);
    let top = cx.new_tuple(&[own.into(), sub, start, Value::float(0.0), outer])?;
    cx.set(o, slot::STACK, top)
}

/// The innermost call under way is over.
fn leave(cx: &mut Cx, o: Obj) -> Completion<()> {
    let end = now(cx, o)?;
    let top = cx.read(o, slot::STACK)?;
    let Some(&[own, sub, start, inner, outer]) =
        top.obj().filter(|t| t.kind() == Kind::Tuple).map(Obj::items)
    else {
        return Ok(());
    };
    let total = end - start.float_value().unwrap_or(end);
    let inline = total - inner.float_value().unwrap_or(0.0);
    for closed in [own, sub].into_iter().filter_map(Value::obj) {
        add(cx, closed, account::CALLS, 1)?;
        if add(cx, closed, account::LEVEL, -1)? == 1 {
            add_time(cx, closed, account::TOTAL, total)?;
        } else {
            add(cx, closed, account::RECURSIVE, 1)?;
        }
        add_time(cx, closed, account::INLINE, inline)?;
    }
    let outer = match outer.obj().filter(|t| t.kind() == Kind::Tuple).map(Obj::items) {
        Some(&[own, sub, start, inner, next]) => {
            let inner = Value::float(inner.float_value().unwrap_or(0.0) + total);
            cx.new_tuple(&[own, sub, start, inner, next])?
        }
        _ => Value::NONE,
    };
    cx.set(o, slot::STACK, outer)
}

fn stats(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut all = RootVec::new();
    if let Some(accounts) = cx.read(args.this_obj(), slot::ACCOUNTS)?.obj() {
        for &v in dict::values(cx, accounts)?.as_slice() {
            let Some(o) = v.obj() else { continue };
            let mut fields = figures(cx, o)?.to_vec();
            fields.push(sub_stats(cx, o)?);
            if fields[1] != Value::small(0) {
                let entry = ENTRY.make(cx, &fields)?;
                all.push(cx, entry)?;
            }
        }
    }
    list::from_vec(cx, all).map(Value::from)
}

fn sub_stats(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let Some(table) = cx.read(o, account::SUB)?.obj() else { return Ok(Value::NONE) };
    let mut all = RootVec::new();
    for &v in dict::values(cx, table)?.as_slice() {
        let Some(sub) = v.obj() else { continue };
        let fields = figures(cx, sub)?;
        let entry = SUBENTRY.make(cx, &fields)?;
        all.push(cx, entry)?;
    }
    list::from_vec(cx, all).map(Value::from)
}

fn figures(cx: &mut Cx, o: Obj) -> Completion<[Value; 5]> {
    let words =
        [account::CODE, account::CALLS, account::RECURSIVE, account::TOTAL, account::INLINE];
    let mut found = [Value::NONE; 5];
    for (v, word) in found.iter_mut().zip(words) {
        *v = cx.read(o, word)?;
    }
    Ok(found)
}
