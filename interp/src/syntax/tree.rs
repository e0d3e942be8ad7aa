//! Syntax trees in the shapes of the `ast` module, as plain data.
//!
//! The parser's tree differs from Python's in places (decorated functions start at the decorator, `elif` is a
//! clause, string parts are apart); this file has the differences. Columns are UTF-8 bytes from 0.

mod expr;
mod parts;
mod stmt;

use ruff_text_size::{Ranged, TextRange};
use rustpython_wtf8::Wtf8Buf;

use super::{parse::Tree, source::Source};

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Name of its class in `ast`.
    pub class: &'static str,
    /// Fields in the class's order, but for those that are absent.
    pub fields: Vec<(&'static str, Item)>,
    /// Position, for nodes that have one.
    pub place: Option<Place>,
}

/// Lines from 1, columns in bytes from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// First line.
    pub lineno: u32,
    /// First column.
    pub col_offset: u32,
    /// Last line.
    pub end_lineno: u32,
    /// Column after the last.
    pub end_col_offset: u32,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// `...`.
    Ellipsis,
    /// A small int.
    Int(i64),
    /// A larger int, as digits that `int(text, 0)` reads.
    BigInt(String),
    /// A float.
    Float(f64),
    /// An imaginary number.
    Imaginary(f64),
    /// A string.
    Str(Wtf8Buf),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A node.
    Node(Box<Node>),
    /// A list.
    List(Vec<Item>),
}

impl From<Node> for Item {
    fn from(node: Node) -> Self {
        Self::Node(Box::new(node))
    }
}

fn text(text: &str) -> Item {
    Item::Str(Wtf8Buf::from_string(text.to_owned()))
}

/// The tree of a parsed text.
#[must_use]
pub fn build(source: &Source, tree: &Tree) -> Node {
    let builder = Builder { source };
    let plain = |class, fields| Node { class, fields, place: None };
    match tree {
        Tree::Module(module) => plain(
            "Module",
            vec![("body", builder.body(&module.body)), ("type_ignores", Item::List(Vec::new()))],
        ),
        Tree::Interactive(module) => {
            plain("Interactive", vec![("body", builder.body(&module.body))])
        }
        Tree::Expression(module) => plain("Expression", vec![("body", builder.expr(&module.body))]),
        Tree::FunctionType(args, returns) => plain(
            "FunctionType",
            vec![("argtypes", builder.exprs(args)), ("returns", builder.expr(returns))],
        ),
    }
}

#[derive(Clone, Copy)]
struct Builder<'a> {
    source: &'a Source,
}

impl Builder<'_> {
    fn place(self, range: TextRange) -> Place {
        let (lineno, col_offset) = self.source.line_col(usize::from(range.start()));
        let (end_lineno, end_col_offset) = self.source.line_col(usize::from(range.end()));
        Place { lineno, col_offset, end_lineno, end_col_offset }
    }

    fn node(self, class: &'static str, at: impl Ranged, fields: Vec<(&'static str, Item)>) -> Item {
        Item::from(Node { class, fields, place: Some(self.place(at.range())) })
    }

    /// A node without fields or position, such as `Load`.
    fn mark(self, class: &'static str) -> Item {
        Item::from(Node { class, fields: Vec::new(), place: None })
    }
}

#[cfg(test)]
mod tests;
