//! `-X` settings of the transaction driver.

/// What the command line says about transactions.
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
    /// `-O`: level of the compiler's optimization.
    pub optimize: u8,
    /// Compiled modules of the library from earlier runs.
    pub cache: crate::code_cache::CodeCache,
}
