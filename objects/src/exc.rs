//! How running code leaves early: a raised exception or an aborted attempt.
//!
//! Both travel through `?` as one non-zero word, so `Completion<Value>` comes back in two machine registers.
//! Python code can neither see, catch nor delay an abort; only the VM and the driver look inside.

use std::num::NonZeroU64;

use crate::{cx::Cx, heap::Obj, types::T, value::Value};

/// Result of everything that can run Python code or touch shared objects.
pub type Completion<T> = Result<T, Escape>;

/// Why running code leaves: an exception, or the end of this attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escape(NonZeroU64);

const ABORT: NonZeroU64 = NonZeroU64::new(0x32).expect("not zero");

impl Escape {
    /// The attempt is over; the cause is kept in the running transaction.
    pub const ABORT: Self = Self(ABORT);

    /// Leaves with the exception object `exc`.
    pub fn raise(exc: Obj) -> Self {
        Self(NonZeroU64::new(exc.to_word()).unwrap_or(ABORT))
    }

    /// The exception object; `None` for an abort, which must be passed on untouched.
    pub fn exception(self) -> Option<Obj> {
        Value::from_bits(self.0.get()).obj()
    }

    /// Whether this is the end of the attempt.
    pub fn is_abort(self) -> bool {
        self.0 == ABORT
    }
}

/// Raises `$cx`'s well-known exception class `$class` with a formatted message: `raise!(cx, TypeError, "no {x}")`.
/// Evaluates to `Err(Escape)` of any type.
#[macro_export]
macro_rules! raise {
    ($cx:expr, $class:ident, $($message:tt)+) => {
        Err($crate::exc::raise_message($cx, $crate::types::T::$class, &format!($($message)+)))
    };
}

/// The escape for a new exception of the well-known class `class` with one string argument.
#[cold]
pub fn raise_message(cx: &mut Cx, class: T, message: &str) -> Escape {
    match cx.new_str(message) {
        Ok(text) => raise_value(cx, class, text),
        Err(escape) => escape,
    }
}

/// The escape for a new exception of the well-known class `class` with the single argument `arg`.
#[cold]
pub fn raise_value(cx: &mut Cx, class: T, arg: Value) -> Escape {
    let class = cx.class(class);
    match cx.new_exception(class, &[arg]) {
        Ok(exc) => Escape::raise(exc),
        Err(escape) => escape,
    }
}

/// The escape for a new exception of the well-known class `class` without arguments.
#[cold]
pub fn raise_empty(cx: &mut Cx, class: T) -> Escape {
    let class = cx.class(class);
    match cx.new_exception(class, &[]) {
        Ok(exc) => Escape::raise(exc),
        Err(escape) => escape,
    }
}
