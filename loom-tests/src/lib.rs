//! taipan-loom-tests.
