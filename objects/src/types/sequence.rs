//! What `list` and `tuple` share: comparison, search, `repr`.

use crate::{
    cx::Cx,
    exc::Completion,
    protocol::{self, CompareOp},
    types::support::Text,
    value::Value,
};

/// Compares two sequences item by item; `item(cx, side, i)` gives an item or `UNBOUND` beyond the end.
///
/// # Errors
/// Whatever the items' comparisons raise.
pub fn compare(
    cx: &mut Cx,
    op: CompareOp,
    mut item: impl FnMut(&mut Cx, usize, usize) -> Completion<Value>,
) -> Completion<Value> {
    cx.enter_native(" in comparison")?;
    let result = compare_items(cx, op, &mut item);
    cx.leave_native();
    result
}

fn compare_items(
    cx: &mut Cx,
    op: CompareOp,
    item: &mut impl FnMut(&mut Cx, usize, usize) -> Completion<Value>,
) -> Completion<Value> {
    for i in 0.. {
        let a = item(cx, 0, i)?;
        let b = item(cx, 1, i)?;
        match (a.is_bound(), b.is_bound()) {
            (true, true) if protocol::identical_or_equal(cx, a, b)? => {}
            (true, true) => {
                return match op {
                    CompareOp::Eq => Ok(Value::FALSE),
                    CompareOp::Ne => Ok(Value::TRUE),
                    _ => protocol::compare(cx, op, a, b),
                };
            }
            (more_a, more_b) => return Ok(op.holds(more_a.cmp(&more_b)).into()),
        }
    }
    Ok(Value::FALSE)
}

/// The items' `repr`s, separated by commas, between `open` and `close`.
///
/// # Errors
/// Whatever the items' `__repr__` raise.
pub fn repr(
    cx: &mut Cx,
    open: &str,
    close: &str,
    mut item: impl FnMut(&mut Cx, usize) -> Completion<Value>,
) -> Completion<Value> {
    let mut text = Text::new(open);
    for i in 0.. {
        let v = item(cx, i)?;
        if v.is_unbound() {
            if i == 1 && open == "(" {
                text.push(",");
            }
            break;
        }
        if i > 0 {
            text.push(", ");
        }
        text.push_repr(cx, v)?;
    }
    text.push(close);
    text.finish(cx)
}

/// Index of the first item equal to `v` from `start` up to `stop`.
///
/// # Errors
/// Whatever the items' `__eq__` raise.
pub fn find(
    cx: &mut Cx,
    v: Value,
    start: usize,
    stop: usize,
    mut item: impl FnMut(&mut Cx, usize) -> Completion<Value>,
) -> Completion<Option<usize>> {
    for i in start..stop {
        let x = item(cx, i)?;
        if x.is_unbound() {
            break;
        }
        if protocol::identical_or_equal(cx, x, v)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}
