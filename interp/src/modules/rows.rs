//! Shorthand for the tables of native modules.

/// A row of a table of natives that may run in any attempt.
macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:expr) => {
        ::taipan_objects::NativeDef {
            name: $name,
            sig: $sig,
            effect: ::taipan_objects::Effect::Transactional,
            run: $run,
            doc: $doc,
        }
    };
}
pub(super) use row;
