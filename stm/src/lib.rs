//! taipan-stm.
