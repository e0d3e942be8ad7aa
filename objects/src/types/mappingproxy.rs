//! `mappingproxy` over a class's own attributes.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::Obj,
    name_map,
    types::{T, class_names, dict},
    value::Value,
};

/// Slot of the mapping shown.
pub const MAPPING: usize = 1;

/// `cls.__dict__`: a read-only view; today a snapshot of the class's attributes.
///
/// # Errors
/// `MemoryError`.
pub fn of_class(cx: &mut Cx, class: Obj) -> Completion<Value> {
    let d = dict::new(cx)?;
    if let Some(map) = class_names(class) {
        let entries: Vec<(Value, Value)> = name_map::entries(map).collect();
        for (name, v) in entries {
            dict::set_item(cx, d, name, v)?;
        }
    }
    new(cx, d.into())
}

/// A read-only view of any mapping.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, mapping: Value) -> Completion<Value> {
    let o = cx.new_object(T::mappingproxy)?;
    o.init(MAPPING, mapping);
    Ok(o.into())
}
