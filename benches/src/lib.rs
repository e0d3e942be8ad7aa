//! taipan-benches.
