//! Settings of the command line that are looked up while a program runs.

use crate::cli::Colors;

/// The settings, one set for a world.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `-X stm=on`: transactions even with one thread.
    pub always: bool,
    /// `-X stm-window=N`: length of an attempt in bytecodes, fixed.
    pub window: Option<u32>,
    /// `-X stm-shake=SEED`: attempts aborted at random.
    pub shake: Option<u64>,
    /// `-X stm-stats`: counters at exit.
    pub stats: bool,
    /// `-X stm-report`: what was lost to which lines, at exit.
    pub report: bool,
    /// `-X gc-stress`: collect at every safepoint.
    pub gc_stress: bool,
    /// `-X cpu_count`: what programs are told.
    pub cpu_count: Option<u32>,
    /// `-X no_debug_ranges`: positions have no columns.
    pub no_debug_ranges: bool,
    /// `-X warn_default_encoding`.
    pub warn_default_encoding: bool,
    /// `-E`: programs that ask for variables of the interpreter find none.
    pub ignore_environment: bool,
    /// Whether tracebacks are colored.
    pub colors: Colors,
    /// `-O`: level of the compiler's optimization.
    pub optimize: u8,
    /// Compiled modules of the library from earlier runs.
    pub cache: crate::code_cache::CodeCache,
}
