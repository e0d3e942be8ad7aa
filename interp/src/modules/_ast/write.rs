//! Trees of the parser as objects of the `ast` classes.

use std::collections::HashMap;

use taipan_objects::{
    Completion, Cx, Obj, Value,
    protocol::{self, RootVec},
    types::{bytes, list, str as string},
};

use super::{class_named, spec};
use crate::syntax::{
    parse::Module,
    tree::{self, Item, Node, Place},
};

/// The tree of a parsed text as objects.
///
/// # Errors
/// `RecursionError`, `MemoryError`.
pub fn write(cx: &mut Cx, module: &Module) -> Completion<Value> {
    let node = tree::build(&module.source, &module.tree);
    Writer { classes: HashMap::new(), marks: HashMap::new() }.node(cx, &node)
}

struct Writer {
    classes: HashMap<&'static str, Obj>,
    /// Nodes without fields are shared, as in CPython.
    marks: HashMap<&'static str, Value>,
}

impl Writer {
    fn class(&mut self, cx: &mut Cx, name: &'static str) -> Completion<Obj> {
        if let Some(&class) = self.classes.get(name) {
            return Ok(class);
        }
        let class = class_named(cx, name)?;
        let Some(class) = class.obj() else {
            return taipan_objects::raise!(cx, SystemError, "_ast.{name} is not a class");
        };
        self.classes.insert(name, class);
        Ok(class)
    }

    fn node(&mut self, cx: &mut Cx, node: &Node) -> Completion<Value> {
        if let Some(&mark) = self.marks.get(node.class) {
            return Ok(mark);
        }
        cx.enter_native(" during ast construction")?;
        let made = self.new_node(cx, node);
        cx.leave_native();
        made
    }

    fn new_node(&mut self, cx: &mut Cx, node: &Node) -> Completion<Value> {
        let class = self.class(cx, node.class)?;
        let made: Value = cx.new_instance(class)?.into();
        for field in spec::find(node.class).into_iter().flat_map(|class| class.fields()) {
            let item = node.fields.iter().find(|(name, _)| *name == field.name);
            let value = match item {
                Some((_, item)) => self.item(cx, item)?,
                None if field.many == spec::Many::List => {
                    list::from_vec(cx, RootVec::new())?.into()
                }
                None => Value::NONE,
            };
            set(cx, made, field.name, value)?;
        }
        if let Some(place) = node.place {
            set_place(cx, made, place)?;
        } else if node.fields.is_empty() {
            // Singletons are kept alive by the class.
            let key = cx.intern("_mark")?;
            let kept = taipan_objects::class::own(class, key);
            if kept.is_bound() {
                self.marks.insert(node.class, kept);
                return Ok(kept);
            }
            taipan_objects::class::define(cx, class, key, made)?;
            self.marks.insert(node.class, made);
        }
        Ok(made)
    }

    fn item(&mut self, cx: &mut Cx, item: &Item) -> Completion<Value> {
        Ok(match item {
            Item::None => Value::NONE,
            Item::Bool(b) => Value::bool(*b),
            Item::Ellipsis => Value::ELLIPSIS,
            Item::Int(i) => cx.new_int(*i)?,
            Item::BigInt(text) => {
                let text = cx.new_str(text)?;
                let int = cx.class(taipan_objects::T::int).into();
                protocol::call(cx, int, &[text, Value::small(0)])?
            }
            Item::Float(f) => Value::float(*f),
            Item::Imaginary(f) => {
                let complex = cx.class(taipan_objects::T::complex).into();
                protocol::call(cx, complex, &[Value::float(0.0), Value::float(*f)])?
            }
            Item::Str(text) => match text.as_str() {
                Ok(text) if text.len() <= 64 => cx.intern(text)?,
                _ => string::new_str_bytes(cx, text.as_bytes(), text.code_points().count())?,
            },
            Item::Bytes(data) => bytes::new(cx, data)?,
            Item::Node(node) => self.node(cx, node)?,
            Item::List(items) => {
                let mut all = RootVec::new();
                for item in items {
                    let v = self.item(cx, item)?;
                    all.push(cx, v)?;
                }
                list::from_vec(cx, all)?.into()
            }
        })
    }
}

fn set(cx: &mut Cx, node: Value, name: &str, value: Value) -> Completion<()> {
    let name = cx.intern(name)?;
    match node.obj() {
        Some(o) => protocol::attr::set_own(cx, o, name, value),
        None => Ok(()),
    }
}

fn set_place(cx: &mut Cx, node: Value, place: Place) -> Completion<()> {
    set(cx, node, "lineno", Value::small(place.lineno.into()))?;
    set(cx, node, "col_offset", Value::small(place.col_offset.into()))?;
    set(cx, node, "end_lineno", Value::small(place.end_lineno.into()))?;
    set(cx, node, "end_col_offset", Value::small(place.end_col_offset.into()))
}
