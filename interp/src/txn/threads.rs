//! The Python threads of a world: how many there are, whether they need transactions, and how one starts.

use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;
use taipan_objects::{Completion, Cx, Kind, Value, heap::Marker, protocol};
use taipan_stm::Stats;

use crate::{
    report, run,
    txn::{driver, io},
    vm::state::vm_ref,
};

/// Identifier of the main thread.
pub const MAIN_IDENT: i64 = 1;

/// Book-keeping of Python threads.
#[derive(Debug, Default)]
pub struct Threads {
    /// Python threads other than the main one that have not ended.
    running: AtomicUsize,
    /// Those of them that are no daemons.
    joinable: AtomicUsize,
    idents: AtomicI64,
    stack: AtomicUsize,
    /// What threads that are starting will call: not on any register stack yet.
    starting: Mutex<Vec<(i64, Vec<Value>)>>,
    totals: Mutex<Stats>,
    /// The operating system's numbers of running threads other than the main one.
    natives: Mutex<Vec<(i64, i32)>>,
    /// Dicts that were split.
    pub splits: AtomicU64,
}

impl Threads {
    /// Number of threads besides the main one.
    pub fn others(&self) -> usize {
        // Acquire: pairs with the Release in `start`; whoever sees the last other thread gone sees what it wrote.
        self.running.load(Ordering::Acquire)
    }

    /// Number of threads that the end of the program waits for.
    pub fn joinable(&self) -> usize {
        // Acquire: pairs with the Release in `note_joinable`; whoever sees the last one gone sees what it wrote.
        self.joinable.load(Ordering::Acquire)
    }

    /// Notes that a thread that the end of the program waits for is to start, or has ended.
    pub fn note_joinable(&self, starts: bool) {
        if starts {
            self.joinable.fetch_add(1, Ordering::Relaxed);
        } else {
            self.joinable.fetch_sub(1, Ordering::Release);
        }
    }

    /// A fresh identifier.
    pub fn next_ident(&self) -> i64 {
        // Relaxed: only uniqueness matters.
        self.idents.fetch_add(1, Ordering::Relaxed) + MAIN_IDENT + 1
    }

    /// The size of new threads' native stacks; 0 is the default. Sets it if a size is given.
    pub fn stack_size(&self, new: Option<usize>) -> usize {
        match new {
            Some(n) => self.stack.swap(n, Ordering::Relaxed),
            None => self.stack.load(Ordering::Relaxed),
        }
    }

    /// Marks what starting threads will call.
    pub fn trace(&self, marker: &mut Marker<'_>) {
        for (_, values) in self.starting.lock().iter() {
            values.iter().for_each(|&v| marker.value(v));
        }
    }

    /// The operating system's number of a thread that runs.
    pub fn native_id(&self, ident: i64) -> Option<i32> {
        if ident == MAIN_IDENT {
            return Some(crate::os::ids()[0] as i32);
        }
        self.natives.lock().iter().find(|(i, _)| *i == ident).map(|(_, native)| *native)
    }

    /// Counters of threads that ended, for `-X stm-stats`.
    pub fn totals(&self) -> &Mutex<Stats> {
        &self.totals
    }
}

const DEFAULT_STACK: usize = 8 << 20;

/// Starts a thread that calls `f`. `false` when the system refuses.
///
/// # Errors
/// The attempt's abort, before anything has happened; `RuntimeError` in a build without transactions.
pub fn start(
    cx: &mut Cx,
    ident: i64,
    f: Value,
    args: &[Value],
    kwargs: Value,
    done: Box<dyn FnOnce() + Send>,
) -> Completion<bool> {
    driver::leave_solo(cx, "can't start new thread")?;
    let shared = vm_ref(cx).shared;
    let world = cx.world;
    let mut values = vec![f, kwargs];
    values.extend_from_slice(args);
    shared.threads.starting.lock().push((ident, values));
    let stack = match shared.threads.stack_size(None) {
        0 => DEFAULT_STACK,
        n => n.max(1 << 20),
    };
    shared.threads.running.fetch_add(1, Ordering::AcqRel);
    let mut started = false;
    let mut done = Some(done);
    let (recursion_limit, warm) = (cx.recursion_limit, stack);
    driver::blocking(cx, &mut || {
        let Some(done) = done.take() else { return };
        let body = move || {
            shared.threads.natives.lock().push((ident, crate::os::thread_id()));
            run_thread(world, shared, ident, recursion_limit, warm);
            shared.threads.natives.lock().retain(|(i, _)| *i != ident);
            done();
            shared.threads.running.fetch_sub(1, Ordering::Release);
        };
        started = std::thread::Builder::new().stack_size(stack).spawn(body).is_ok();
    })?;
    if !started {
        shared.threads.running.fetch_sub(1, Ordering::Release);
        shared.threads.starting.lock().retain(|(i, _)| *i != ident);
    }
    Ok(started)
}

fn run_thread(
    world: &'static taipan_objects::World,
    shared: &'static crate::vm::shared::Shared,
    ident: i64,
    recursion_limit: u32,
    stack: usize,
) {
    let Ok(mut cx) = world.attach() else { return };
    run::attach(&mut cx, shared);
    cx.native_floor = cx.native_base.saturating_sub(stack - 256 * 1024);
    cx.recursion_limit = recursion_limit;
    cx.set_solo(false);
    crate::vm::state::vm(&mut cx).driver.ident = ident;
    let values = {
        let starting = shared.threads.starting.lock();
        starting.iter().find(|(i, _)| *i == ident).map(|(_, v)| v.clone()).unwrap_or_default()
    };
    if let [f, kwargs, args @ ..] = values.as_slice() {
        let result = call(&mut cx, *f, args, *kwargs);
        shared.threads.starting.lock().retain(|(i, _)| *i != ident);
        if let Err(escape) = result {
            let _ = driver::with_attempt(&mut cx, |cx| {
                report::thread(cx, escape);
                Ok(())
            });
        }
    }
    io::flush(&mut cx);
    driver::add_stats(&mut cx);
    run::detach(&mut cx);
    world.detach(cx);
}

/// Python functions run attempts of their own; anything else runs in one that cannot abort.
fn call(cx: &mut Cx, f: Value, args: &[Value], kwargs: Value) -> Completion<Value> {
    let is_python = f.obj().is_some_and(|o| {
        o.kind() == Kind::Function
            || o.kind() == Kind::Frozen
                && o.class() == cx.class(taipan_objects::T::method)
                && taipan_objects::types::descr::method_parts(o)
                    .0
                    .obj()
                    .is_some_and(|g| g.kind() == Kind::Function)
    });
    if is_python && kwargs.is_none() {
        return protocol::call(cx, f, args);
    }
    driver::with_attempt(cx, |cx| protocol::call::call_star(cx, f, args, kwargs))
}
