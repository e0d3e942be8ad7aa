//! `list`.
use crate::{cx::Cx, exc::Completion, heap::Obj, protocol::RootVec, types::T, value::Value};

const BUF: usize = 2;
const LEN: usize = 3;

/// A list that takes over the values of `items`.
///
/// # Errors
/// `MemoryError`.
pub fn from_vec(cx: &mut Cx, items: RootVec) -> Completion<Obj> {
    let list = cx.new_object(T::list)?;
    let (buf, len) = items.into_buf();
    list.init(BUF, buf.map_or(Value::UNBOUND, Value::from));
    list.init(LEN, Value::small(len as i64));
    Ok(list)
}
