//! Hidden shapes: the class of an object and where its attributes lie.
//!
//! A shape is immutable but for its transitions, and lives as long as the process: two objects of one class that got
//! the same attributes in the same order share it, so one compare of the meta word tells an inline cache everything.
//!
//! - Attribute `i` lies inline at word `first + i` while `i < inline`, else at item `i - inline` of the overflow buffer.
//! - A shape in dict mode has no attributes of its own: the word `overflow` holds a real `dict`.

use hashbrown::HashMap;
use parking_lot::Mutex;

use crate::{
    heap::{Kind, Obj, meta_of},
    value::Value,
};

/// Attribute layout shared by all objects of one class with the same attributes.
pub struct Shape {
    class: Obj,
    kind: Kind,
    /// Word of the overflow buffer or `__dict__`; 0 when instances have no attributes of their own.
    overflow: u16,
    first: u16,
    inline: u16,
    dict_mode: bool,
    names: Vec<Value>,
    index: HashMap<u64, u32>,
    transitions: Mutex<HashMap<u64, &'static Shape>>,
}

/// Where an attribute of an object lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A word of the object itself.
    Inline(usize),
    /// An item of the overflow buffer.
    Overflow(usize),
}

/// What a class's root shape is made from.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Kind of the instances.
    pub kind: Kind,
    /// Word of the overflow buffer, 0 for none.
    pub overflow: u16,
    /// Word of the first inline attribute; also the number of words before the inline attributes.
    pub first: u16,
    /// Number of inline attributes.
    pub inline: u16,
}

impl Shape {
    /// The root shape of a class with the given layout. Leaked: shapes are immortal.
    pub fn root(class: Obj, layout: Layout) -> &'static Self {
        // A module's attributes are its namespace, a dict from the start.
        Self::leak(class, layout, Vec::new(), layout.kind == Kind::Module)
    }

    fn leak(class: Obj, layout: Layout, names: Vec<Value>, dict_mode: bool) -> &'static Self {
        let index = names.iter().enumerate().map(|(i, n)| (n.bits(), i as u32)).collect();
        Box::leak(Box::new(Self {
            class,
            kind: layout.kind,
            overflow: layout.overflow,
            first: layout.first,
            inline: layout.inline,
            dict_mode,
            names,
            index,
            transitions: Mutex::default(),
        }))
    }

    /// The class.
    #[inline(always)]
    pub fn class(&self) -> Obj {
        self.class
    }

    /// The layout this shape's root was made from.
    pub fn layout(&self) -> Layout {
        Layout { kind: self.kind, overflow: self.overflow, first: self.first, inline: self.inline }
    }

    /// Kind of the objects.
    #[inline(always)]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The meta word of an object of this shape.
    #[inline(always)]
    pub fn meta(&'static self) -> u64 {
        meta_of(self, self.kind)
    }

    /// Words of a fresh object.
    #[inline(always)]
    pub fn words(&self) -> usize {
        self.first as usize + self.inline as usize
    }

    /// Word of the overflow buffer or dict; `None` when instances have no attributes of their own.
    #[inline(always)]
    pub fn overflow(&self) -> Option<usize> {
        if self.overflow == 0 { None } else { Some(self.overflow as usize) }
    }

    /// Whether attributes are kept in a real dict.
    #[inline(always)]
    pub fn is_dict_mode(&self) -> bool {
        self.dict_mode
    }

    /// Names of the attributes, in the order in which they were added.
    pub fn names(&self) -> &[Value] {
        &self.names
    }

    /// Where attribute number `i` lies.
    #[inline(always)]
    pub fn place(&self, i: usize) -> Place {
        if i < self.inline as usize {
            Place::Inline(self.first as usize + i)
        } else {
            Place::Overflow(i - self.inline as usize)
        }
    }

    /// Where the attribute with the interned name `name` lies.
    pub fn find(&self, name: Value) -> Option<Place> {
        let i = if self.names.len() <= 6 {
            self.names.iter().position(|&n| n == name)?
        } else {
            *self.index.get(&name.bits())? as usize
        };
        Some(self.place(i))
    }

    /// The shape after adding the interned name `name`.
    pub fn with(&'static self, name: Value) -> &'static Self {
        debug_assert!(self.find(name).is_none() && !self.dict_mode);
        let mut transitions = self.transitions.lock();
        transitions.entry(name.bits()).or_insert_with(|| {
            let mut names = self.names.clone();
            names.push(name);
            Self::leak(self.class(), self.layout(), names, false)
        })
    }

    /// The dict-mode shape of the same class and layout.
    pub fn dict_mode(&'static self) -> &'static Self {
        // Key 0 is no name's word.
        let mut transitions = self.transitions.lock();
        transitions
            .entry(0)
            .or_insert_with(|| Self::leak(self.class(), self.layout(), Vec::new(), true))
    }
}
