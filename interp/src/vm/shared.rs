//! [`Shared`]: what the machines of all threads of one world have in common.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use parking_lot::Mutex;
use taipan_objects::{heap::Obj, value::Value};

use crate::{
    txn::{conflicts::Conflicts, io::Output, options::Options},
    vm::{
        loaded::CodeIds,
        tracing::{Everywhere, monitor::Monitor},
    },
};

/// One per world; leaked, like the world.
#[derive(Debug)]
pub struct Shared {
    /// Numbers of code units.
    pub code_ids: Arc<CodeIds>,
    /// Settings from the command line.
    pub options: Options,
    /// Standard output and error.
    pub output: Output,
    /// Texts of `-c` and of interactive input, by file name, for tracebacks.
    pub sources: Mutex<std::collections::HashMap<String, String>>,
    /// The interpreter is being prepared: `site` runs.
    pub starting: AtomicBool,
    /// The program is over, and what it leaves is being finalized.
    pub ending: AtomicBool,
    /// Threads that run Python code now, and everything about them.
    pub threads: crate::txn::threads::Threads,
    /// With `-X stm-report`: what threads have lost to each other.
    pub conflicts: Option<Arc<Conflicts>>,
    /// Trace and profile functions set for all threads.
    pub trace_everywhere: Everywhere,
    /// Audit hooks.
    pub audit: crate::audit::Hooks,
    /// The tools of `sys.monitoring`.
    pub monitor: Monitor,
    /// `sys.getswitchinterval()`, as bits; nothing depends on it.
    pub switch_interval: AtomicU64,
    builtins: AtomicU64,
    sys: AtomicU64,
    modules: AtomicU64,
}

impl Shared {
    /// With nothing in it yet.
    pub fn new(options: Options) -> Self {
        let conflicts = options.report.then(Arc::default);
        Self {
            conflicts,
            trace_everywhere: Everywhere::default(),
            audit: crate::audit::Hooks::default(),
            monitor: Monitor::default(),
            code_ids: Arc::default(),
            options,
            output: Output::default(),
            sources: Mutex::default(),
            starting: AtomicBool::new(false),
            ending: AtomicBool::new(false),
            threads: crate::txn::threads::Threads::default(),
            switch_interval: AtomicU64::new(0.005_f64.to_bits()),
            builtins: AtomicU64::new(0),
            sys: AtomicU64::new(0),
            modules: AtomicU64::new(0),
        }
    }

    // Relaxed in the accessors below: stored before any second thread starts, which orders it.

    /// The dict of the module `builtins`.
    ///
    /// # Panics
    /// Before the interpreter is set up.
    pub fn builtins(&self) -> Obj {
        dict(&self.builtins)
    }

    /// The dict of the module `sys`.
    ///
    /// # Panics
    /// Before the interpreter is set up.
    pub fn sys(&self) -> Obj {
        dict(&self.sys)
    }

    /// `sys.modules` as the interpreter made it.
    ///
    /// # Panics
    /// Before the interpreter is set up.
    pub fn modules(&self) -> Obj {
        dict(&self.modules)
    }

    /// Sets the three dicts.
    pub fn set_dicts(&self, builtins: Obj, sys: Obj, modules: Obj) {
        self.builtins.store(builtins.to_word(), Ordering::Relaxed);
        self.sys.store(sys.to_word(), Ordering::Relaxed);
        self.modules.store(modules.to_word(), Ordering::Relaxed);
    }
}

fn dict(word: &AtomicU64) -> Obj {
    let v = Value::from_bits(word.load(Ordering::Relaxed));
    v.obj().expect("the interpreter is set up before Python code runs")
}
