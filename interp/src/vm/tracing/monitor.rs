//! The tools of `sys.monitoring`: which events they want, what is called, and where they want no more.
//!
//! One state for the world. Whoever changes it is irrevocable, so nothing here is undone; threads look at polls whether
//! there is anything to tell.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU32, Ordering},
};

use parking_lot::Mutex;
use smallvec::SmallVec;
use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Marker, Obj},
    protocol, raise,
    types::dict,
    value::Value,
};

use crate::vm::{
    code_object,
    loaded::LoadedCode,
    state::vm_ref,
    tracing::{mode, without_events},
};

/// The events, as `sys.monitoring.events` numbers them.
pub mod event {
    /// A function begins.
    pub const PY_START: u32 = 1;
    /// A generator goes on.
    pub const PY_RESUME: u32 = 1 << 1;
    /// A function returns.
    pub const PY_RETURN: u32 = 1 << 2;
    /// A generator yields.
    pub const PY_YIELD: u32 = 1 << 3;
    /// Something is called.
    pub const CALL: u32 = 1 << 4;
    /// A line begins.
    pub const LINE: u32 = 1 << 5;
    /// An instruction begins.
    pub const INSTRUCTION: u32 = 1 << 6;
    /// An unconditional jump.
    pub const JUMP: u32 = 1 << 7;
    /// A conditional one, to the body of a loop or past a test that holds.
    pub const BRANCH_LEFT: u32 = 1 << 8;
    /// The other way.
    pub const BRANCH_RIGHT: u32 = 1 << 9;
    /// Both.
    pub const SIDES: u32 = BRANCH_LEFT | BRANCH_RIGHT;
    /// What a generator delegates to ends.
    pub const STOP_ITERATION: u32 = 1 << 10;
    /// Events of places, which can be turned off for a place and set for a code object.
    pub const LOCAL: u32 = (1 << 11) - 1;
    /// An exception comes to a frame.
    pub const RAISE: u32 = 1 << 11;
    /// A handler takes it.
    pub const EXCEPTION_HANDLED: u32 = 1 << 12;
    /// It leaves the frame.
    pub const PY_UNWIND: u32 = 1 << 13;
    /// It is thrown into a generator.
    pub const PY_THROW: u32 = 1 << 14;
    /// It is raised again.
    pub const RERAISE: u32 = 1 << 15;
    /// A native call returns.
    pub const C_RETURN: u32 = 1 << 16;
    /// A native call raises.
    pub const C_RAISE: u32 = 1 << 17;
    /// Both sides under the old name.
    pub const BRANCH: u32 = 1 << 18;
    /// How many there are.
    pub const COUNT: usize = 19;
    /// Every event.
    pub const ALL: u32 = (1 << COUNT) - 1;
}

/// Number of tools.
pub const TOOLS: usize = 6;

/// Events by tool.
type PerTool = [u32; TOOLS];

#[derive(Debug, Default)]
struct Tool {
    name: Value,
    events: u32,
    callbacks: [Value; event::COUNT],
}

/// What tools want of one code object.
#[derive(Debug)]
struct Local {
    code: Value,
    events: PerTool,
    disabled: HashMap<usize, PerTool>,
}

#[derive(Debug, Default)]
struct State {
    tools: [Tool; TOOLS],
    codes: HashMap<u64, Local>,
}

/// The tools of a world.
#[derive(Debug, Default)]
pub struct Monitor {
    /// Events that some tool wants somewhere.
    wanted: AtomicU32,
    state: Mutex<State>,
}

impl Monitor {
    /// Whether some tool wants something.
    #[inline]
    pub fn is_active(&self) -> bool {
        self.wants(event::ALL)
    }

    /// Whether some tool wants one of these events somewhere.
    #[inline]
    pub fn wants(&self, events: u32) -> bool {
        // Relaxed: only whether to look into the state, which has a lock.
        self.wanted.load(Ordering::Relaxed) & events != 0
    }

    /// Marks callbacks, names and code objects.
    pub fn trace(&self, marker: &mut Marker<'_>) {
        let state = self.state.lock();
        for tool in &state.tools {
            marker.value(tool.name);
            tool.callbacks.iter().for_each(|&f| marker.value(f));
        }
        state.codes.values().for_each(|local| marker.value(local.code));
    }

    fn change<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.state.lock();
        let result = f(&mut state);
        let of_tools = state.tools.iter().fold(0, |all, tool| all | tool.events);
        let locals = state.codes.values().flat_map(|local| local.events);
        self.wanted.store(locals.fold(of_tools, |all, events| all | events), Ordering::Relaxed);
        result
    }

    /// The name of a tool, unbound if it is free.
    pub fn name(&self, tool: usize) -> Value {
        self.state.lock().tools[tool].name
    }

    /// Names a tool.
    pub fn set_name(&self, tool: usize, name: Value) {
        self.state.lock().tools[tool].name = name;
    }

    /// Forgets what a tool wants, and its callbacks.
    pub fn clear(&self, tool: usize) {
        self.change(|state| {
            let name = state.tools[tool].name;
            state.tools[tool] = Tool { name, ..Tool::default() };
            for local in state.codes.values_mut() {
                local.events[tool] = 0;
                local.disabled.values_mut().for_each(|events| events[tool] = 0);
            }
        });
    }

    /// Sets a callback and gives the one it replaces.
    pub fn set_callback(&self, tool: usize, event: usize, f: Value) -> Value {
        std::mem::replace(&mut self.state.lock().tools[tool].callbacks[event], f)
    }

    /// The events that a tool wants everywhere.
    pub fn events(&self, tool: usize) -> u32 {
        self.state.lock().tools[tool].events
    }

    /// Sets them.
    pub fn set_events(&self, tool: usize, events: u32) {
        self.change(|state| state.tools[tool].events = events);
    }

    /// The events that a tool wants of a code object besides.
    pub fn local_events(&self, tool: usize, code: Obj) -> u32 {
        let state = self.state.lock();
        state.codes.get(&code.to_word()).map_or(0, |local| local.events[tool])
    }

    /// Sets them.
    pub fn set_local_events(&self, tool: usize, code: Obj, events: u32) {
        self.change(|state| state.local(code.into()).events[tool] = events);
    }

    /// What was turned off for places is told again.
    pub fn restart(&self) {
        self.state.lock().codes.values_mut().for_each(|local| local.disabled.clear());
    }

    fn disable(&self, tool: usize, event: u32, code: Value, at: usize) {
        let mut state = self.state.lock();
        state.local(code).disabled.entry(at).or_default()[tool] |= event;
    }
}

impl State {
    fn local(&mut self, code: Value) -> &mut Local {
        let fresh = || Local { code, events: PerTool::default(), disabled: HashMap::new() };
        self.codes.entry(code.bits()).or_insert_with(fresh)
    }

    /// The tools that want this event of this place, with what to call.
    fn listeners(&self, event: u32, code: Value, at: usize) -> SmallVec<[(usize, Value); 2]> {
        let local = self.codes.get(&code.bits());
        let disabled = local.and_then(|local| local.disabled.get(&at));
        let listens = |tool: usize| {
            let wanted = self.tools[tool].events | local.map_or(0, |local| local.events[tool]);
            let off = disabled.map_or(0, |events| events[tool]);
            let f = self.tools[tool].callbacks[event.trailing_zeros() as usize];
            (wanted & !off & event != 0 && f.is_bound()).then_some((tool, f))
        };
        (0..TOOLS).rev().filter_map(listens).collect()
    }
}

/// An attribute of `sys.monitoring`.
fn attribute(cx: &mut Cx, name: &str) -> Completion<Value> {
    let sys = vm_ref(cx).shared.sys();
    let module = cx.intern("monitoring")?;
    let module = dict::get_item_name(cx, sys, module)?;
    let name = cx.intern(name)?;
    protocol::get_attr(cx, module, name)
}

/// `sys.monitoring.MISSING`.
///
/// # Errors
/// The attempt's abort.
pub fn missing(cx: &mut Cx) -> Completion<Value> {
    attribute(cx, "MISSING")
}

/// Tells tools of an event at an instruction; what it is about comes after the code object and the offset.
///
/// # Errors
/// What they raise.
pub fn tell(
    cx: &mut Cx,
    event: u32,
    code: &'static LoadedCode,
    at: usize,
    about: &[Value],
) -> Completion<()> {
    let offset = if event == event::PY_START { 0 } else { code_object::offset(at) };
    let offset = Value::small(offset);
    tell_of(cx, event, code, at, offset, about)
}

/// Tells tools that a line begins: `marked` one that has no instruction, or that of an instruction.
///
/// # Errors
/// What they raise.
pub fn tell_line(
    cx: &mut Cx,
    code: &'static LoadedCode,
    at: usize,
    line: u32,
    marked: bool,
) -> Completion<()> {
    // The two are turned off apart from each other.
    let place = if marked { at | MARKED } else { at };
    tell_of(cx, event::LINE, code, place, Value::small(i64::from(line)), &[])
}

/// Tells the place of a line without an instruction from that of the next instruction.
const MARKED: usize = 1 << 40;

fn tell_of(
    cx: &mut Cx,
    event: u32,
    code: &'static LoadedCode,
    at: usize,
    place: Value,
    about: &[Value],
) -> Completion<()> {
    let monitor = &vm_ref(cx).shared.monitor;
    if vm_ref(cx).tracing.mode & mode::MONITOR == 0 || !monitor.wants(event) {
        return Ok(());
    }
    let object = code.object();
    let listeners = monitor.state.lock().listeners(event, object, at);
    for (tool, f) in listeners {
        let mut args: SmallVec<[Value; 4]> = SmallVec::from_slice(&[object, place]);
        args.extend_from_slice(about);
        let answer = without_events(cx, |cx| protocol::call(cx, f, &args))?;
        if answer == attribute(cx, "DISABLE")? {
            disable(cx, tool, event, object, at)?;
        }
    }
    Ok(())
}

/// A tool wants no more of this event here.
fn disable(cx: &mut Cx, tool: usize, event: u32, code: Value, at: usize) -> Completion<()> {
    // An attempt that is repeated must tell of it again.
    crate::txn::driver::irrevocable(cx)?;
    let monitor = &vm_ref(cx).shared.monitor;
    // Native calls return and raise where they were made.
    let (event, callback) = match event {
        event::C_RETURN | event::C_RAISE => (event::CALL | event, event),
        _ => (event, event),
    };
    if event & event::LOCAL == 0 {
        let number = callback.trailing_zeros() as usize;
        monitor.set_callback(tool, number, Value::UNBOUND);
        let name = NAMES[number];
        return raise!(cx, ValueError, "Cannot disable {name} events. Callback removed.");
    }
    let ancillary = if event & event::CALL != 0 { event::C_RETURN | event::C_RAISE } else { 0 };
    monitor.disable(tool, event | ancillary, code, at);
    Ok(())
}

/// The events' names, by number.
pub const NAMES: [&str; event::COUNT] = [
    "PY_START",
    "PY_RESUME",
    "PY_RETURN",
    "PY_YIELD",
    "CALL",
    "LINE",
    "INSTRUCTION",
    "JUMP",
    "BRANCH_LEFT",
    "BRANCH_RIGHT",
    "STOP_ITERATION",
    "RAISE",
    "EXCEPTION_HANDLED",
    "PY_UNWIND",
    "PY_THROW",
    "RERAISE",
    "C_RETURN",
    "C_RAISE",
    "BRANCH",
];
