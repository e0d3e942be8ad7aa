//! taipan-objects.

pub mod num;
pub mod text;
