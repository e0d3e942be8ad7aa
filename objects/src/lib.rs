//! taipan-objects.

pub mod text;
