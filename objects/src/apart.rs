//! A value in cache lines of its own.

use std::ops::Deref;

/// Keeps a value that threads write away from what others read, and from other such values: a cache line that is written
/// has to be fetched from the writer's core. Two lines, since processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Apart<T>(pub(crate) T);

impl<T> Deref for Apart<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
