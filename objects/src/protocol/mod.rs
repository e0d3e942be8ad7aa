//! What can be done with any object: call it, read its attributes, compare, iterate, convert.
//!
//! Builtin classes answer through the same special methods as Python classes (their `METHODS` tables), so a subclass that
//! overrides one is always honored. The VM has faster paths of its own for exact builtin classes.

pub mod attr;
pub mod call;
pub mod class_check;
pub mod compare;
pub mod convert;
pub mod iter;
pub mod ops;

use crate::{Completion, Cx, N, T, value::Value};

pub use self::{
    attr::{del_attr, get_attr, get_attr_name, get_attr_opt, set_attr},
    call::{call, call_kw, call_method, call_special, find_special},
    class_check::{is_instance, is_subclass_of},
    compare::{CompareOp, compare, equal, hash, identical_or_equal},
    convert::{index_big, index_i64, index_int, length, repr, str_of, truth},
    iter::{RootVec, collect, for_each, iter, next},
    ops::{BinaryOp, UnaryOp, binary, contains, del_item, get_item, inplace, set_item, unary},
};

/// Issues a warning of `class`, as if by the Python code that runs.
///
/// # Errors
/// The warning, where warnings are errors.
pub fn warn(cx: &mut Cx, class: T, text: &str) -> Completion<()> {
    warn_at(cx, class, text, Value::small(1))
}

/// As [`warn`], as if by the code `level - 1` frames above.
///
/// # Errors
/// As [`warn`]; `TypeError` for a level that is no number.
pub fn warn_at(cx: &mut Cx, class: T, text: &str, level: Value) -> Completion<()> {
    let warnings = cx.world.import_module(cx, "warnings")?;
    let (message, name) = (cx.new_str(text)?, cx.name(N::warn));
    call_method(cx, warnings, name, &[message, cx.class(class).into(), level]).map(drop)
}
